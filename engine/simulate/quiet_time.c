/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stocks at an epoch's start, and person-time that nothing changed in it, for everyone outcome by outcome: what an
   outcome reads is as it was at the start, but for age, which is one more after the birthday. */
#include "simulate/personal_worth.h"

/* The run's own tally, in its word. */
#define RUNS_BIT ((uint64_t)1 << (WP_LAST_TALLY % 64))

static int64_t ticks_of(double years)
{
    return (int64_t)(years * 0x1p32);
}

/* Evaluates the outcome's condition for everyone, now and a year of age later, where it has one. */
static void evaluate(wp_sim *sim, const wp_outcome_model *outcome, wp_subject_kind kind)
{
    const wp_columns *columns = &sim->block.columns[kind];
    if (!outcome->has_when) { return; }
    const wp_vector_job job = {.n = columns->n,
                               .capacity = columns->capacity,
                               .x = columns->x,
                               .real = columns->real,
                               .rate = &outcome->when,
                               .rate_before = sim->scratch_before,
                               .rate_after = sim->scratch_after,
                               .index = sim->scratch_index};
    sim->vector_pass(&job);
}

/* Finds who of those whose tally the exact pass has left meets the condition, and for how long. Returns how many. */
static uint32_t find_meetings(wp_sim *sim, const wp_outcome_model *outcome, wp_subject_kind kind, int tally)
{
    const wp_columns *columns = &sim->block.columns[kind];
    const uint64_t *tallied = columns->tallied + (size_t)(tally / 64) * columns->capacity;
    const uint64_t bit = (uint64_t)1 << (tally % 64);
    const double *first = columns->first, *second = columns->second;
    const double *before = sim->scratch_before, *after = sim->scratch_after;
    uint32_t n = 0;
    evaluate(sim, outcome, kind);
    for (uint32_t i = 0; i < columns->n; i++) {
        const int64_t young = ticks_of(outcome->has_when ? before[i] * first[i] : first[i]);
        const int64_t old = ticks_of(outcome->has_when ? after[i] * second[i] : second[i]);
        sim->meetings[n] = (wp_meeting){i, young, old};
        n += (tallied[i] & bit) == 0 && (young | old) != 0;
    }
    return n;
}

/* Adds what one subject has been counted to the cells of an outcome. */
static void add_to_cells(const wp_sim *sim, int o, const wp_columns *columns, const wp_meeting *meeting, int weight,
                         int64_t *row)
{
    const wp_cellsets *sets = &sim->plan->cellsets[o];
    const uint8_t *x = columns->x + meeting->i;
    for (int k = 0; k < sets->n; k++) {
        const wp_cellset *set = &sets->items[k];
        const uint32_t young = wp_cellset_at(set, x, columns->capacity);
        if (set->age_stride == 0 || meeting->after == 0) {
            wp_cellset_add(set, young, (meeting->before + meeting->after) * weight, row);
            continue;
        }
        const uint32_t old = *x < WP_MAX_AGE ? young + set->age_stride : young;
        wp_cellset_add(set, young, meeting->before * weight, row);
        wp_cellset_add(set, old, meeting->after * weight, row);
    }
}

static bool is_counted_now(const wp_sim *sim, const wp_outcome *outcome)
{
    return sim->year + 1 >= outcome->first_year && sim->year + 1 <= outcome->last_year;
}

static void count_meetings(wp_sim *sim, int o, wp_subject_kind kind, uint32_t n)
{
    const wp_outcome_model *outcome = &sim->model->outcomes[o];
    const wp_columns *columns = &sim->block.columns[kind];
    for (uint32_t k = 0; k < n; k++) {
        const wp_meeting *meeting = &sim->meetings[k];
        const int64_t number = meeting->before + meeting->after;
        const int weight = wp_sim_weight(sim, kind, meeting->i);
        const int64_t amount = number * weight;
        const uint32_t l = wp_sim_lineage_of(sim, kind, meeting->i);
        const int64_t batch = sim->block.lineages[l].batch;
        wp_counts *counts = wp_sim_counts_of(sim, l);
        if (weight != 0) {
            add_to_cells(sim, o, columns, meeting, weight, counts->cells + (int64_t)sim->year * counts->n_cells);
        }
        counts->batches[(batch * counts->n_years + sim->year) * counts->n_totals + o] += amount;
        if (sim->prices != NULL) {
            wp_prices_add(sim->prices, &sim->prices->outcomes[o], sim->year, amount,
                          sim->block.values + (size_t)l * (size_t)sim->block.n_values);
            wp_sim_add_worth(sim, &sim->prices->outcomes[o], kind, meeting->i, amount);
        }
        wp_sim_spend(sim, o, kind, meeting->i, amount);
        if (outcome->outcome->histogram) { wp_sim_add_to_histogram(sim, o, kind, meeting->i, number); }
    }
}

void wp_sim_count_quiet_stock(wp_sim *sim, int o)
{
    const wp_outcome_model *outcome = &sim->model->outcomes[o];
    const wp_subject_kind kind = outcome->outcome->of;
    const uint32_t n_subjects = sim->block.columns[kind].n;
    if (!is_counted_now(sim, outcome->outcome) ||
        !wp_sim_reserve_scratch(sim, sim->block.columns[kind].capacity)) {
        return;
    }
    uint32_t n = 0;
    evaluate(sim, outcome, kind);
    for (uint32_t i = 0; i < n_subjects; i++) {
        const bool meets = !outcome->has_when || sim->scratch_before[i] != 0.0;
        sim->meetings[n] = (wp_meeting){i, 1, 0};
        n += meets && wp_sim_is_alive(sim, kind, i) &&
             !sim->block.lineages[wp_sim_lineage_of(sim, kind, i)].early;
    }
    count_meetings(sim, o, kind, n);
}

/* Enrolments are priced. */
static void count_quiet_programme(wp_sim *sim, int v, wp_subject_kind kind)
{
    const wp_columns *columns = &sim->block.columns[kind];
    const wp_intervention_model *iv = &sim->model->interventions[v];
    const uint64_t *tallied = columns->tallied + (size_t)(WP_LAST_TALLY / 64) * columns->capacity;
    wp_counts *const counts = sim->counts;
    const uint8_t *status = wp_feature_at(columns, sim->model->variables[iv->status_variable].feature, 0);
    for (uint32_t i = 0; i < columns->n; i++) {
        if (status[i] != WP_STATUS_IN || (tallied[i] & RUNS_BIT) != 0 || !wp_sim_is_alive(sim, kind, i)) {
            continue;
        }
        const int64_t ticks = ticks_of(columns->first[i]) + ticks_of(columns->second[i]);
        sim->lineage = wp_sim_lineage_of(sim, kind, i);
        sim->counts = wp_sim_counts_of(sim, sim->lineage);
        wp_sim_count_programme(sim, WP_COUNT_TICKS_IN, v, i, ticks * wp_sim_weight(sim, kind, i));
    }
    sim->counts = counts;
}

/* Lets everyone who lives be as old as they were at the epoch's start, or at its end. */
static void set_ages(wp_sim *sim, bool at_end)
{
    const wp_columns *columns = &sim->block.columns[WP_PERSON];
    for (uint32_t i = 0; i < columns->n; i++) {
        const wp_person *person = &sim->block.persons[i];
        if (columns->awake[i] == 0 || columns->second[i] == 0.0 || !person->alive) { continue; }
        const int64_t age = (person->birthday - person->birth) / WP_TICKS_PER_YEAR - (at_end ? 1 : 2);
        *wp_feature_at(columns, 0, i) = (uint8_t)(age < WP_MAX_AGE ? age : WP_MAX_AGE);
    }
}

/* Time lived, and what indicators are made of; those who slept grow older. */
static void grow_older(wp_sim *sim)
{
    const wp_columns *columns = &sim->block.columns[WP_PERSON];
    const uint64_t *tallied = columns->tallied + (size_t)(WP_LAST_TALLY / 64) * columns->capacity;
    for (uint32_t i = 0; i < columns->n; i++) {
        const wp_person *person = &sim->block.persons[i];
        if (!person->alive) { continue; }
        const bool counts = (tallied[i] & RUNS_BIT) == 0;
        const int64_t young = ticks_of(columns->first[i]), old = ticks_of(columns->second[i]);
        if (counts && !person->uncounted) {
            wp_sim_counts_of(sim, person->lineage)->person_ticks += 2 * (young + old);
        }
        if (sim->model->n_indicators > 0 && counts) { wp_sim_count_indicators(sim, i, young); }
        if (columns->awake[i] == 0) {
            if (person->birthday < sim->end) { wp_sim_grow_older(sim, i); }
        } else if (sim->model->n_indicators > 0 && counts && old > 0) {
            uint8_t *age =
                wp_feature_at(columns, 0, i); /* for set_ages, which comes after, it is that of the start */
            *age = (uint8_t)(*age < WP_MAX_AGE ? *age + 1 : *age);
        }
        if (sim->model->n_indicators > 0 && counts) { wp_sim_count_indicators(sim, i, old); }
    }
}

void wp_sim_count_quiet(wp_sim *sim, wp_subject_kind kind)
{
    const wp_list *outcomes = &sim->plan->kinds[kind].time_outcomes;
    if (!wp_sim_reserve_scratch(sim, sim->block.columns[kind].capacity)) { return; }
    if (kind == WP_PERSON) { set_ages(sim, false); }
    for (int k = 0; k < outcomes->n; k++) {
        const wp_outcome_model *outcome = &sim->model->outcomes[outcomes->items[k]];
        const int tally = k < WP_LAST_TALLY ? k : WP_LAST_TALLY - 1;
        if (!is_counted_now(sim, outcome->outcome)) { continue; }
        count_meetings(sim, outcomes->items[k], kind, find_meetings(sim, outcome, kind, tally));
    }
    for (int v = 0; v < sim->model->n_interventions; v++) {
        const wp_intervention *intervention = sim->model->interventions[v].intervention;
        if ((sim->arm >> v & 1) != 0 && intervention->of == kind && !intervention->everyone) {
            count_quiet_programme(sim, v, kind);
        }
    }
    if (kind == WP_PERSON) {
        grow_older(sim);
        set_ages(sim, true);
    }
}
