/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histograms: how many events, or how much time, each subject has had by the end of its life or of the run. */
#include "simulate/sim.h"

static int64_t *bin_of(wp_sim *sim, int o, int64_t number)
{
    const wp_outcome *outcome = sim->model->outcomes[o].outcome;
    int64_t bin = number;
    if (outcome->kind == WP_OUTCOME_TIME_IN) { /* a day is 4 / 1461 year */
        bin = outcome->in_days ? number * 1461 >> 34 : number >> 32;
    }
    bin = bin < WP_N_BINS ? bin : WP_N_BINS - 1;
    return &sim->counts->histograms[(int64_t)sim->plan->histogram_row[o] * WP_N_BINS + bin];
}

void wp_sim_add_to_histogram(wp_sim *sim, int o, wp_subject_kind kind, uint32_t i, int64_t number)
{
    const wp_subject_kind of = wp_histogram_kind(sim->model->outcomes[o].outcome);
    const uint32_t who = of == kind ? i : wp_sim_household_of(sim, kind, i);
    const wp_columns *columns = &sim->block.columns[of];
    int64_t *tally = &columns->tally[(size_t)sim->plan->tally_slot[o] * columns->capacity + who];
    if (*tally < 0) { return; }
    if (wp_sim_is_alive(sim, of, who)) {
        *tally += number;
    } else if (of == WP_PERSON) { /* what hangs on a death comes after it: the person changes bins */
        const int weight = wp_sim_weight(sim, of, who);
        *bin_of(sim, o, *tally) -= weight;
        *tally += number;
        *bin_of(sim, o, *tally) += weight;
    }
}

static int present_year(const wp_sim *sim)
{
    return (int)(sim->now / WP_TICKS_PER_YEAR) + 1;
}

void wp_sim_begin_tallies(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_list *outcomes = &sim->plan->kinds[kind].histograms;
    const wp_columns *columns = &sim->block.columns[kind];
    for (int h = 0; h < outcomes->n; h++) {
        const bool late = present_year(sim) > sim->model->outcomes[outcomes->items[h]].outcome->last_year;
        columns->tally[(size_t)h * columns->capacity + i] = late ? -1 : 0;
    }
}

void wp_sim_end_tallies(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_list *outcomes = &sim->plan->kinds[kind].histograms;
    const wp_columns *columns = &sim->block.columns[kind];
    for (int h = 0; h < outcomes->n; h++) {
        const int o = outcomes->items[h];
        int64_t *tally = &columns->tally[(size_t)h * columns->capacity + i];
        const bool early = present_year(sim) < sim->model->outcomes[o].outcome->first_year;
        if (*tally >= 0 && !early) { *bin_of(sim, o, *tally) += wp_sim_weight(sim, kind, i); }
        if (early) { *tally = -1; }
    }
}

void wp_sim_end_lineage_tallies(wp_sim *sim, uint32_t l)
{
    const wp_lineage *lineage = &sim->block.lineages[l];
    const wp_block *block = &sim->block;
    if (sim->plan->histograms.n == 0) { return; }
    sim->now = sim->model->end;
    for (uint32_t p = lineage->first[WP_PERSON]; p != WP_NOBODY; p = block->persons[p].next_in_lineage) {
        if (block->persons[p].alive) { wp_sim_end_tallies(sim, WP_PERSON, p); }
    }
    for (uint32_t h = lineage->first[WP_HOUSEHOLD]; h != WP_NOBODY;
         h = block->households[h].next_in_lineage) {
        if (block->households[h].alive) { wp_sim_end_tallies(sim, WP_HOUSEHOLD, h); }
    }
    for (uint32_t c = lineage->first[WP_COUPLE]; c != WP_NOBODY; c = block->couples[c].next_in_lineage) {
        if (block->couples[c].alive) { wp_sim_end_tallies(sim, WP_COUPLE, c); }
    }
}
