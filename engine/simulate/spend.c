/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is spent on each person in each year. What falls on a household or a couple is shared equally by those
   of its members who are counted, at each moment: time is counted before anyone comes or goes. */
#include "simulate/sim.h"
#include "simulate/spend_bin.h"

static wp_int128 *spent_on(const wp_sim *sim, uint32_t person)
{
    return &sim->block.columns[WP_PERSON].spent[person];
}

/* Whole pence, the nearest. */
static int64_t pence_of(wp_int128 spent)
{
    const wp_int128 half = (wp_int128)1 << 63, one = (wp_int128)1 << 64;
    return (int64_t)((spent >= 0 ? spent + half : spent - half) / one);
}

/* Counts a person with what has been spent on them in this year, or (-1) takes that back. */
static void bill(const wp_sim *sim, wp_counts *counts, uint32_t person, int sign)
{
    if (sim->block.persons[person].uncounted) { return; }
    const int64_t pence = pence_of(*spent_on(sim, person));
    const int64_t at = (int64_t)sim->year * counts->n_spend_bins + wp_spend_bin(pence);
    counts->spend_people[at] += sign;
    counts->spend_pence[at] += sign * pence;
}

static void give(wp_sim *sim, uint32_t person, wp_int128 amount)
{
    if (sim->block.persons[person].alive) {
        *spent_on(sim, person) += amount;
        return;
    }
    bill(sim, sim->counts, person, -1); /* what hangs on a death comes after it: the person changes bins */
    *spent_on(sim, person) += amount;
    bill(sim, sim->counts, person, 1);
}

static void share(wp_sim *sim, uint32_t household, wp_int128 amount)
{
    const wp_household *home = &sim->block.households[household];
    const int n = home->n_members - home->n_uncounted;
    for (uint32_t p = home->first_member; p != WP_NOBODY && n > 0; p = sim->block.persons[p].next_member) {
        if (!sim->block.persons[p].uncounted) { give(sim, p, amount / n); }
    }
}

static void spend(wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_int128 amount)
{
    if (amount == 0) { return; }
    switch (kind) {
    case WP_PERSON: give(sim, i, amount); break;
    case WP_HOUSEHOLD: share(sim, i, amount); break;
    default: {
        const wp_couple *couple = &sim->block.couples[i];
        const bool a = !sim->block.persons[couple->a].uncounted;
        const bool b = !sim->block.persons[couple->b].uncounted;
        if (a) { give(sim, couple->a, b ? amount / 2 : amount); }
        if (b) { give(sim, couple->b, a ? amount / 2 : amount); }
    }
    }
}

void wp_sim_spend(wp_sim *sim, int outcome, wp_subject_kind kind, uint32_t i, int64_t amount)
{
    if (!sim->plan->keeps_spend || sim->prices == NULL) { return; }
    spend(sim, kind, i, sim->prices->spend_outcomes[outcome * sim->prices->n_years + sim->year] * amount);
}

void wp_sim_spend_programme(wp_sim *sim, int what, int intervention, uint32_t i, int64_t amount)
{
    if (!sim->plan->keeps_spend || sim->prices == NULL || what == WP_COUNT_OFFERS) { return; }
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    const wp_int128 *worth = what == WP_COUNT_STARTS ? sim->prices->spend_starts : sim->prices->spend_time_in;
    spend(sim, kind, i, worth[intervention * sim->prices->n_years + sim->year] * amount);
}

void wp_sim_bill_person(wp_sim *sim, uint32_t person)
{
    if (sim->plan->keeps_spend) { bill(sim, sim->counts, person, 1); }
}

/* Spend goes on over the epochs of one year. */
static bool ends_a_year(const wp_sim *sim)
{
    return sim->closing || sim->end % WP_TICKS_PER_YEAR == 0 || sim->end == sim->model->end;
}

void wp_sim_bill_lineage(wp_sim *sim)
{
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    if (!sim->plan->keeps_spend || !lineage->apart || !ends_a_year(sim)) { return; }
    for (uint32_t p = lineage->first[WP_PERSON]; p != WP_NOBODY; p = sim->block.persons[p].next_in_lineage) {
        if (!sim->block.persons[p].alive) { continue; }
        bill(sim, sim->counts, p, 1);
        *spent_on(sim, p) = 0;
    }
    lineage->billed = true;
}

void wp_sim_bill_all(wp_sim *sim)
{
    if (!sim->plan->keeps_spend || !ends_a_year(sim)) { return; }
    for (uint32_t p = 0; p < sim->block.columns[WP_PERSON].n; p++) {
        const wp_person *person = &sim->block.persons[p];
        if (!person->alive || sim->block.lineages[person->lineage].billed) { continue; }
        bill(sim, wp_sim_counts_of(sim, person->lineage), p, 1);
        *spent_on(sim, p) = 0;
    }
    for (uint32_t l = 0; l < sim->block.n_lineages; l++) { sim->block.lineages[l].billed = false; }
}
