/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting: events, person-time and stocks, into integers. */
#include "simulate/fork.h"
#include "simulate/personal_worth.h"

#include "base/alloc.h"

int wp_sim_weight(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_block *block = &sim->block;
    switch (kind) {
    case WP_PERSON: return block->persons[i].uncounted ? 0 : 2;
    case WP_HOUSEHOLD: return block->households[i].n_uncounted > 0 ? 1 : 2;
    default: {
        const wp_couple *couple = &block->couples[i];
        const bool companion =
            block->persons[couple->a].uncounted || block->persons[couple->b].uncounted;
        return companion ? 1 : 2;
    }
    }
}

/* ---- Counting ---------------------------------------------------------------------------------------------- */

/* Notes that an outcome that counts each subject once counts it; false if it has already. */
static bool first_time(const wp_sim *sim, const wp_outcome *outcome, int slot, wp_subject_kind kind,
                       uint32_t i)
{
    const wp_columns *columns = &sim->block.columns[kind];
    uint16_t *last = &columns->counted[(size_t)slot * columns->capacity + i];
    const uint16_t year = (uint16_t)(sim->year + 1);
    if (*last == year || (outcome->once_per == 2 && *last != 0)) { return false; }
    *last = year;
    return true;
}

static wp_int128 *values_of_lineage(wp_sim *sim)
{
    return sim->block.values + (size_t)sim->lineage * (size_t)sim->block.n_values;
}

/* Adds `number` times `weight` to every cell of outcome o that the subject is in now. */
static void count(wp_sim *sim, int o, wp_subject_kind kind, uint32_t i, int64_t number, int weight)
{
    const int64_t amount = number * weight;
    const wp_outcome_model *outcome = &sim->model->outcomes[o];
    const int year = sim->year + 1;
    if (year < outcome->outcome->first_year || year > outcome->outcome->last_year || amount == 0) {
        return;
    }
    const wp_columns *columns = &sim->block.columns[kind];
    if (outcome->has_when && wp_product_at(&outcome->when, columns, i) == 0.0) { return; }
    const int once = sim->plan->once_slot[o];
    if (once >= 0 && !first_time(sim, outcome->outcome, once, kind, i)) { return; }
    wp_counts *counts = sim->counts;
    int64_t *row = counts->cells + (int64_t)sim->year * counts->n_cells;
    const wp_cellsets *sets = &sim->plan->cellsets[o];
    for (int k = 0; k < sets->n; k++) {
        const wp_cellset *set = &sets->items[k];
        wp_cellset_add(set, wp_cellset_at(set, columns->x + i, columns->capacity), amount, row);
    }
    const uint32_t batch = sim->block.lineages[sim->lineage].batch;
    counts->batches[((int64_t)batch * counts->n_years + sim->year) * counts->n_totals + o] += amount;
    if (sim->prices != NULL) {
        wp_prices_add(sim->prices, &sim->prices->outcomes[o], sim->year, amount, values_of_lineage(sim));
        wp_sim_add_worth(sim, &sim->prices->outcomes[o], kind, i, amount);
    }
    wp_sim_spend(sim, o, kind, i, amount);
    if (outcome->outcome->histogram) { wp_sim_add_to_histogram(sim, o, kind, i, number); }
}

/* What is paid for a programme's offers, starts or time. */
static const wp_list *payments_for(const wp_prices *prices, int what, int intervention)
{
    const wp_list *const lists[WP_N_PROGRAMME_COUNTS] = {prices->offers, prices->starts, prices->time_in};
    return &lists[what][intervention];
}

void wp_sim_pay_programme(wp_sim *sim, int what, int intervention, int64_t amount)
{
    if (sim->prices == NULL) { return; }
    wp_prices_add(sim->prices, payments_for(sim->prices, what, intervention), sim->year, amount,
                  values_of_lineage(sim));
}

void wp_sim_count_programme(wp_sim *sim, int what, int intervention, uint32_t i, int64_t amount)
{
    if (sim->fork != NULL) {
        wp_fork_count_programme(sim, what, intervention, amount);
    } else {
        wp_counts_add_programme(sim->counts, what, intervention, sim->year,
                                sim->block.lineages[sim->lineage].batch, amount);
    }
    wp_sim_pay_programme(sim, what, intervention, amount);
    if (sim->prices != NULL) {
        const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
        wp_sim_add_worth(sim, payments_for(sim->prices, what, intervention), kind, i, amount);
    }
    wp_sim_spend_programme(sim, what, intervention, i, amount);
}

void wp_sim_count_touched(wp_sim *sim)
{
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    if (lineage->touched) { return; }
    lineage->touched = true;
    sim->counts->touched[sim->year]++;
}

static void remember(wp_sim *sim, wp_subject_kind kind, uint32_t i, int event)
{
    const wp_kind *model = &sim->model->kinds[kind];
    wp_columns *columns = &sim->block.columns[kind];
    const wp_list *recents = &sim->plan->event_recents[kind][event];
    for (int k = 0; k < recents->n; k++) {
        const int r = recents->items[k];
        wp_tick *latest = &columns->recent[(size_t)r * WP_MAX_RECENT * columns->capacity + i];
        for (int e = WP_MAX_RECENT - 1; e > 0; e--) {
            latest[(size_t)e * columns->capacity] = latest[(size_t)(e - 1) * columns->capacity];
        }
        latest[0] = sim->now;
        wp_sim_feature_timer(sim, kind, i, model->recents[r]);
    }
    const wp_list *since = &sim->plan->event_since[kind][event];
    if (model->since_event == NULL || model->since_event[event] < 0) { return; }
    wp_sim_settle_smooth(sim, kind, i);
    columns->since[(size_t)model->since_event[event] * columns->capacity + i] = sim->now;
    for (int k = 0; k < since->n; k++) {
        wp_sim_start_time(sim, kind, i, since->items[k], sim->now);
    }
}

static void raise(wp_sim *sim, wp_raised raised)
{
    if (!wp_array_reserve(&sim->raised, &sim->raised_capacity, sim->n_raised + 1, sizeof *sim->raised)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for the events of one instant");
        return;
    }
    sim->raised[sim->n_raised++] = raised;
}

void wp_sim_event(wp_sim *sim, wp_subject_kind kind, uint32_t i, int event)
{
    (void)wp_sim_calendar(sim, kind, i); /* as old as they are now */
    const wp_list *outcomes = &sim->plan->event_outcomes[event];
    const int weight = wp_sim_weight(sim, kind, i);
    for (int k = 0; k < outcomes->n; k++) { count(sim, outcomes->items[k], kind, i, 1, weight); }
    remember(sim, kind, i, event);
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    const uint64_t id = wp_sim_id(sim, kind, i);
    if (sim->model->scenario->events[event].intervention < 0) {
        lineage->hash += wp_mix64(sim->plan->event_hash[event] ^ wp_mix64(id ^ wp_mix64((uint64_t)sim->now)));
    }
    lineage->n_events++;
    if (lineage->traced && sim->trace != NULL && sim->status == WP_OK) {
        const wp_trace_row row = {lineage->id, id, sim->now, event, (int8_t)kind};
        wp_status status = wp_trace_add(sim->trace, row, &sim->err);
        if (status != WP_OK) { sim->status = status; }
    }
    if (sim->plan->event_hooks[event].n > 0) { raise(sim, (wp_raised){event, -1, -1, kind, i}); }
}

/* ---- Person-time --------------------------------------------------------------------------------------------- */

/* What the run itself counts of a subject's time, beside outcomes: enrolments, which are priced, indicators,
   and time lived. */
static void count_run_time(wp_sim *sim, wp_subject_kind kind, uint32_t i, int64_t ticks, int weight)
{
    if (kind == WP_PERSON) {
        if (sim->model->n_indicators > 0) { wp_sim_count_indicators(sim, i, ticks); }
        sim->counts->person_ticks += ticks * weight;
    }
    for (int v = 0; v < sim->model->n_interventions; v++) {
        const wp_intervention_model *iv = &sim->model->interventions[v];
        if ((sim->arm >> v & 1) && iv->intervention->of == kind && !iv->intervention->everyone &&
            wp_sim_level(sim, iv->status_variable, i) == WP_STATUS_IN) {
            wp_sim_count_programme(sim, WP_COUNT_TICKS_IN, v, i, ticks * weight);
        }
    }
}

static void count_tally(wp_sim *sim, const wp_calendar *calendar, int tally, int64_t ticks)
{
    const wp_subject_kind kind = calendar->kind;
    const int weight = wp_sim_weight(sim, kind, calendar->index);
    if (tally == WP_LAST_TALLY) {
        count_run_time(sim, kind, calendar->index, ticks, weight);
        return;
    }
    const wp_list *outcomes = &sim->plan->kinds[kind].time_outcomes;
    const int end = tally == WP_LAST_TALLY - 1 ? outcomes->n : tally + 1;
    for (int k = tally; k < end; k++) {
        count(sim, outcomes->items[k], kind, calendar->index, ticks, weight);
    }
}

/* Counts tallies up to `tick`. */
static void count_up_to(wp_sim *sim, wp_calendar *calendar, wp_bits tallies, wp_tick tick)
{
    const size_t n = (size_t)sim->plan->max_tallies;
    wp_tick *counted = sim->counted + (size_t)(calendar - sim->calendars) * n;
    const bool alive = wp_sim_is_alive(sim, calendar->kind, calendar->index);
    for (int t; (t = wp_take_bit(&tallies)) >= 0;) {
        wp_tick *own = &counted[t == WP_LAST_TALLY ? (int)n - 1 : t];
        const wp_tick from = wp_has_bit(&calendar->apart, t) ? *own : calendar->counted_to;
        if (tick > from && alive) { count_tally(sim, calendar, t, tick - from); }
        *own = tick;
        wp_add_bit(&calendar->apart, t);
    }
}

void wp_sim_count_tallies(wp_sim *sim, wp_calendar *calendar, wp_bits tallies)
{
    count_up_to(sim, calendar, tallies, sim->now);
}

void wp_sim_count_time(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
    if (sim->now == calendar->counted_to && !wp_has_bits(&calendar->apart)) { return; }
    count_up_to(sim, calendar, sim->plan->kinds[kind].all_tallies, sim->now);
    calendar->counted_to = sim->now;
    calendar->apart = (wp_bits){{0, 0}};
}

void wp_sim_finish_time(wp_sim *sim, wp_calendar *calendar)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const uint32_t i = calendar->index;
    const bool whole_epoch = columns->first[i] + columns->second[i] > 0.0;
    const bool by_itself = sim->exact_only || sim->block.lineages[sim->lineage].apart;
    wp_bits tallies = sim->plan->kinds[calendar->kind].all_tallies;
    for (int w = 0; w < 2; w++) {
        if (whole_epoch && calendar->counted_to == sim->start && !by_itself) {
            tallies.word[w] = calendar->apart.word[w]; /* the others nothing has changed */
        }
        columns->tallied[(size_t)w * columns->capacity + i] = tallies.word[w];
    }
    count_up_to(sim, calendar, tallies, sim->end);
}

void wp_sim_catch_up_birthday(wp_sim *sim, wp_calendar *calendar, wp_tick birthday)
{
    const int age = *wp_feature_at(&sim->block.columns[WP_PERSON], 0, calendar->index) + 1;
    if (age <= WP_MAX_AGE) {
        count_up_to(sim, calendar, sim->plan->kinds[WP_PERSON].age_tallies[age], birthday);
    }
    wp_sim_grow_older(sim, calendar->index);
}

void wp_sim_count_stock(wp_sim *sim, int outcome, uint32_t i)
{
    const wp_subject_kind kind = sim->model->outcomes[outcome].outcome->of;
    count(sim, outcome, kind, i, 1, wp_sim_weight(sim, kind, i));
}

void wp_sim_entered(wp_sim *sim, wp_subject_kind kind, uint32_t i, int variable, int level)
{
    const wp_list *outcomes = &sim->plan->enter_outcomes[variable];
    for (int k = 0; k < outcomes->n; k++) {
        if (sim->model->outcomes[outcomes->items[k]].outcome->levels >> level & 1) {
            count(sim, outcomes->items[k], kind, i, 1, wp_sim_weight(sim, kind, i));
        }
    }
    if (sim->plan->enter_hooks[variable].n > 0) {
        raise(sim, (wp_raised){-1, variable, level, kind, i});
    }
}
