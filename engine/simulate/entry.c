/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering: what a person, household or couple is at the start, at birth, on arrival, or in a new
   household. One keyed uniform for each attribute, state and multiplier. */
#include "simulate/sim.h"

#include <string.h>

#include "chance/elementary.h"
#include "chance/round24.h"
#include "chance/uniform.h"
#include "simulate/spells.h"

/* ---- Levels ------------------------------------------------------------------------------------------ */

static const wp_entry_model *entry_of(const wp_variable_model *variable, wp_entry_way way)
{
    switch (way) {
    case WP_ENTER_BORN: return &variable->at_birth;
    case WP_ENTER_ARRIVED: return &variable->at_arrival;
    case WP_ENTER_NEW_HOUSEHOLD: return &variable->at_new_household;
    default: return &variable->at_start;
    }
}

static uint8_t draw_level(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_entry_model *entry,
                          uint32_t purpose)
{
    const wp_columns *columns = &sim->block.columns[kind];
    const uint32_t row = wp_axes_index(entry->n_axes, entry->axes, columns->x + i, columns->capacity);
    const double *cumulative = &entry->cumulative[(size_t)row * (size_t)entry->n_levels];
    const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), purpose, 0);
    int level = 0;
    while (level < entry->n_levels - 1 && u >= cumulative[level]) { level++; }
    if (entry->at_least_feature >= 0) {
        const int least = *wp_feature_at(columns, entry->at_least_feature, i);
        level = least > level ? least : level;
        level = level < entry->n_levels ? level : entry->n_levels - 1;
    }
    return (uint8_t)level;
}

static void start_level(wp_sim *sim, int variable, uint32_t i, wp_entry_way way, const uint8_t *given,
                        uint32_t before)
{
    const wp_variable_model *model = &sim->model->variables[variable];
    const wp_subject_kind kind = model->variable->of;
    const wp_entry_model *entry = entry_of(model, way);
    if (entry->kind == WP_ENTRY_FRESH) { entry = &model->at_start; }
    uint8_t level = 0;
    if (given != NULL && given[variable] != WP_LEVEL_DRAWN) {
        level = given[variable];
    } else if (entry->kind == WP_ENTRY_SHARES) {
        level = draw_level(sim, kind, i, entry, model->purpose);
    } else if (entry->kind == WP_ENTRY_SAME_AS_MOTHER && sim->block.persons[i].mother != WP_NOBODY) {
        level = wp_sim_level(sim, entry->item, sim->block.persons[i].mother);
    } else if (entry->kind == WP_ENTRY_AS_BEFORE && before != WP_NOBODY) {
        level = wp_sim_level(sim, variable, before);
    } else if (model->variable->kind != WP_STATUS) {
        wp_sim_fail(sim, WP_ERR_RUN,
                    "'%s' has no level for someone who enters here: say at_start, at_birth, at_arrival "
                    "or at_new_household",
                    model->variable->name);
    }
    wp_sim_set_feature(sim, kind, i, model->feature, level);
}

static wp_tick time_already(wp_sim *sim, const wp_variable_model *model, uint64_t id)
{
    if (model->time_at_start == WP_TIME_ZERO || model->time_table == NULL) { return 0; }
    const double u = wp_uniform(sim->key, id, model->purpose, 1);
    return (wp_tick)(model->time_scale * wp_quantile_table_at(model->time_table, u) * 0x1p32);
}

static void start_clock_of_level(wp_sim *sim, int variable, uint32_t i, wp_entry_way way)
{
    const wp_variable_model *model = &sim->model->variables[variable];
    const wp_subject_kind kind = model->variable->of;
    if (model->since < 0) { return; }
    const wp_tick already =
        way == WP_ENTER_FOUNDER ? time_already(sim, model, wp_sim_id(sim, kind, i)) : 0;
    wp_columns *columns = &sim->block.columns[kind];
    columns->since[(size_t)model->since * columns->capacity + i] = sim->now - already;
    const int time_in = sim->plan->kinds[kind].time_in[variable];
    if (time_in >= 0) { wp_sim_start_time(sim, kind, i, time_in, sim->now - already); }
}

/* ---- Multipliers ----------------------------------------------------------------------------------------- */

static void draw_reals(wp_sim *sim, wp_subject_kind kind, uint32_t i, uint32_t before)
{
    const wp_kind *model = &sim->model->kinds[kind];
    wp_columns *columns = &sim->block.columns[kind];
    for (int r = 0; r < model->n_reals; r++) {
        const wp_real_model *real = &model->reals[r];
        float *cell = &columns->real[(size_t)r * columns->capacity + i];
        if (real->whose != WP_SELF) { continue; } /* copied when the household is known */
        if (before != WP_NOBODY && !real->fresh_at_new_household) {
            *cell = columns->real[(size_t)r * columns->capacity + before];
        } else if (real->table == NULL) {
            *cell = wp_round24(real->scale);
        } else {
            const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), real->purpose, 0);
            *cell = wp_round24(real->scale * wp_quantile_table_at(real->table, u));
        }
    }
}

static void copy_reals_of(wp_sim *sim, wp_subject_kind kind, uint32_t i, uint32_t household)
{
    const wp_kind *model = &sim->model->kinds[kind], *home = &sim->model->kinds[WP_HOUSEHOLD];
    wp_columns *columns = &sim->block.columns[kind];
    const wp_columns *from = &sim->block.columns[WP_HOUSEHOLD];
    bool copied = false;
    for (int r = 0; r < model->n_reals; r++) {
        if (model->reals[r].whose == WP_SELF) { continue; }
        int h = 0;
        while (home->reals[h].multiplier != model->reals[r].multiplier) { h++; }
        columns->real[(size_t)r * columns->capacity + i] =
            from->real[(size_t)h * from->capacity + household];
        copied = true;
    }
    if (copied) { /* any clock may read it */
        wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
        memset(&calendar->clocks, 0xff, sizeof calendar->clocks);
    }
}

void wp_sim_copy_reals(wp_sim *sim, uint32_t person)
{
    const wp_person *who = &sim->block.persons[person];
    copy_reals_of(sim, WP_PERSON, person, who->household);
    if (who->couple != WP_NOBODY) {
        copy_reals_of(sim, WP_COUPLE, who->couple, sim->block.couples[who->couple].household);
    }
}

/* ---- Features that start with the run's time, and timers by age --------------------------------------------- */

/* No event has happened yet; a couple's forming is known already. */
static void start_events(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_kind *model = &sim->model->kinds[kind];
    wp_columns *columns = &sim->block.columns[kind];
    for (int e = 0; e < sim->model->scenario->n_events && model->since_event != NULL; e++) {
        const int slot = model->since_event[e];
        if (slot < 0 || (kind == WP_COUPLE && e == WP_EVENT_COUPLE_FORMED)) { continue; }
        columns->since[(size_t)slot * columns->capacity + i] = WP_TICK_NEVER;
    }
    for (int c = 0; c < model->n_clocks; c++) { /* these begin when their `when` is first found true */
        const wp_smooth_hazard *smooth = &sim->model->processes[model->clocks[c]].smooth;
        if (smooth->clock_is_when) {
            columns->since[(size_t)smooth->since * columns->capacity + i] = WP_TICK_NEVER;
        }
    }
}

static void start_shared_features(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_kind *model = &sim->model->kinds[kind];
    start_events(sim, kind, i);
    for (int f = 0; f < model->n_features; f++) {
        const wp_feature *feature = &model->features[f];
        switch (feature->kind) {
        case WP_FEATURE_RUN_TIME:
            wp_sim_set_feature(sim, kind, i, f, wp_feature_class(feature, sim->now));
            break;
        case WP_FEATURE_TIME_SINCE:
            wp_sim_set_feature(sim, kind, i, f, (uint8_t)feature->none);
            break;
        default: break;
        }
    }
}

static void start_age_timers(wp_sim *sim, uint32_t person)
{
    const wp_kind_plan *plan = &sim->plan->kinds[WP_PERSON];
    for (int t = 0; t < sim->model->kinds[WP_PERSON].n_timers; t++) {
        const wp_timer_plan *timer = &plan->timers[t];
        const wp_occasion *at = NULL;
        if (timer->role == WP_TIMER_SCHEDULE) { at = &sim->model->processes[timer->item].process->at; }
        if (timer->role == WP_TIMER_OFFER) {
            at = &sim->model->interventions[timer->item].intervention->offers[timer->second].at;
        }
        if (at == NULL || at->kind != WP_AT_AGE) { continue; }
        const wp_tick due = sim->block.persons[person].birth + (wp_tick)(at->age * 0x1p32 + 0.5);
        if (due >= sim->now) { wp_sim_set_timer(sim, WP_PERSON, person, t, due); }
    }
}

/* ---- Entering --------------------------------------------------------------------------------------------------- */

static void start_variables(wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_entry_way way,
                            const uint8_t *given, uint32_t before, wp_variable_kind which)
{
    const wp_list *order = &sim->plan->by_rank[kind];
    for (int k = 0; k < order->n && sim->status == WP_OK; k++) {
        const int v = order->items[k];
        const wp_variable_kind sort = sim->model->variables[v].variable->kind;
        if ((sort == WP_ATTRIBUTE) != (which == WP_ATTRIBUTE)) { continue; }
        wp_sim_refresh(sim);
        start_level(sim, v, i, way, given, before);
        start_clock_of_level(sim, v, i, way);
    }
}

void wp_sim_enter(wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_entry_way way, const uint8_t *given,
                  uint32_t before)
{
    draw_reals(sim, kind, i, before);
    start_shared_features(sim, kind, i);
    start_variables(sim, kind, i, way, given, before, WP_ATTRIBUTE);
    start_variables(sim, kind, i, way, given, before, WP_STATE);
}

void wp_sim_start_clocks(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    const wp_kind *model = &sim->model->kinds[kind];
    wp_columns *columns = &sim->block.columns[kind];
    const uint64_t id = wp_sim_id(sim, kind, i);
    wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
    for (int c = 0; c < model->n_clocks; c++) {
        const wp_process_model *process = &sim->model->processes[model->clocks[c]];
        const double threshold = wp_exponential(sim->key, id, process->purpose_clock, 0);
        columns->remaining[(size_t)c * columns->capacity + i] = threshold;
        sim->clocks[calendar->first_clock + (size_t)c].remaining = threshold;
    }
    memset(&calendar->clocks, 0xff, sizeof calendar->clocks);
    memset(&calendar->delays, 0xff, sizeof calendar->delays);
    if (kind == WP_PERSON) { start_age_timers(sim, i); }
    for (int v = 0; v < sim->model->n_interventions; v++) {
        if (sim->model->interventions[v].intervention->of == kind) {
            wp_sim_programme_for(sim, v, i);
        }
    }
}

void wp_sim_start_couple(wp_sim *sim, uint32_t couple)
{
    copy_reals_of(sim, WP_COUPLE, couple, sim->block.couples[couple].household);
    start_shared_features(sim, WP_COUPLE, couple);
    wp_sim_start_clocks(sim, WP_COUPLE, couple);
}

/* ---- Founders ----------------------------------------------------------------------------------------------------- */

/* Household attributes, persons' attributes from the oldest, then the states of both (language decision
   16). */
static void enter_founders(wp_sim *sim, uint32_t h, const uint32_t *people,
                           const wp_founding_household *household, wp_entry_way way)
{
    uint8_t home[2 * WP_MAX_LEVELS + WP_MAX_INTERVENTIONS];
    memset(home, WP_LEVEL_DRAWN, sizeof home);
    int n_person_variables = 0;
    while (n_person_variables < sim->model->n_variables &&
           sim->model->variables[n_person_variables].variable->of == WP_PERSON) {
        n_person_variables++;
    }
    for (int v = n_person_variables; v < sim->model->n_variables; v++) {
        home[v] = household->levels[v - n_person_variables];
    }
    draw_reals(sim, WP_HOUSEHOLD, h, WP_NOBODY);
    start_shared_features(sim, WP_HOUSEHOLD, h);
    start_variables(sim, WP_HOUSEHOLD, h, way, home, WP_NOBODY, WP_ATTRIBUTE);
    for (int m = 0; m < household->n; m++) {
        draw_reals(sim, WP_PERSON, people[m], WP_NOBODY);
        wp_sim_copy_reals(sim, people[m]);
        start_shared_features(sim, WP_PERSON, people[m]);
    }
    static const wp_variable_kind stages[2] = {WP_ATTRIBUTE, WP_STATE};
    bool done[WP_MAX_FOUNDERS];
    for (int s = 0; s < 2; s++) {
        if (s == 1) { start_variables(sim, WP_HOUSEHOLD, h, way, home, WP_NOBODY, WP_STATE); }
        memset(done, 0, sizeof done);
        for (int k = 0; k < household->n; k++) {
            int eldest = -1;
            for (int m = 0; m < household->n; m++) {
                if (done[m]) { continue; }
                const wp_founder *who = &household->members[m];
                const wp_founder *best = eldest < 0 ? NULL : &household->members[eldest];
                if (best == NULL || who->birth < best->birth ||
                    (who->birth == best->birth && who->id < best->id)) {
                    eldest = m;
                }
            }
            done[eldest] = true;
            start_variables(sim, WP_PERSON, people[eldest], way, household->members[eldest].levels,
                            WP_NOBODY, stages[s]);
        }
    }
}

static void settle_household(wp_sim *sim, const wp_founding_household *household, wp_entry_way way)
{
    uint32_t people[WP_MAX_FOUNDERS];
    const uint32_t h = wp_sim_add_household(sim, household->id, household->institution);
    for (int m = 0; m < household->n && sim->status == WP_OK; m++) {
        people[m] = wp_sim_add_person(sim, household->members[m].id, h,
                                      sim->now + household->members[m].birth, false);
    }
    for (int m = 0; m < household->n && sim->status == WP_OK; m++) {
        const wp_founder *who = &household->members[m];
        if (who->mother >= 0) { sim->block.persons[people[m]].mother = people[who->mother]; }
        if (who->partner > m) { wp_sim_add_couple(sim, people[m], people[who->partner], sim->now); }
    }
    if (sim->status != WP_OK) { return; }
    enter_founders(sim, h, people, household, way);
    wp_sim_refresh(sim);
    if (way == WP_ENTER_FOUNDER) { wp_sim_begin_spells(sim); }
    if (sim->without_clocks) { return; }
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        if (sim->calendars[c].kind == WP_COUPLE) {
            wp_sim_start_couple(sim, sim->calendars[c].index);
        } else {
            wp_sim_start_clocks(sim, sim->calendars[c].kind, sim->calendars[c].index);
        }
    }
}

static void begin_lineage(wp_sim *sim, uint64_t id, int64_t number)
{
    uint32_t l = 0;
    if (sim->status != WP_OK) { return; }
    sim->status = wp_block_add_lineage(&sim->block, &l, &sim->err);
    if (sim->status != WP_OK) { return; }
    wp_lineage *lineage = &sim->block.lineages[l];
    lineage->id = id;
    lineage->number = number;
    lineage->entered = true;
    const wp_key shared = {{0, 0}};
    lineage->batch = (uint32_t)(wp_uniform(shared, id, sim->plan->purpose_batch, 0) * WP_N_BATCHES);
    sim->lineage = l;
    sim->n_calendars = 0;
    sim->stale = 0;
    sim->left_alone = false;
}

void wp_sim_found(wp_sim *sim, const wp_founding_household *household, int64_t number)
{
    sim->now = 0;
    begin_lineage(sim, household->id, number);
    if (sim->status != WP_OK) { return; }
    settle_household(sim, household, WP_ENTER_FOUNDER);
    if (!sim->without_clocks) { wp_sim_settle_instant(sim); }
}

/* ---- Arrivals -------------------------------------------------------------------------------------------------------- */

enum { MAX_TRIES = 100000 };

/* The household that arrives: a cohort's, or a fresh copy of the founding household that attempt number
   `attempt` gives; under ids of its own. */
static void arriving_household(const wp_sim *sim, const wp_lineage *lineage, uint32_t attempt,
                               wp_founding_household *household)
{
    const wp_arrival *arrival = &sim->model->scenario->arrivals[lineage->stream];
    if (arrival->like_founders) {
        const int64_t n = wp_population_households(sim->population);
        const double u = wp_uniform(sim->key, lineage->id, sim->plan->purpose_arrival_like, attempt);
        wp_population_household(sim->population, (int64_t)(u * (double)n), household);
    } else {
        wp_cohort_members(sim->model->scenario, &arrival->cohort, household);
    }
    household->id = lineage->id;
    for (int m = 0; m < household->n; m++) {
        household->members[m].id = wp_id_derive(lineage->id, sim->plan->purpose_arrival, (uint32_t)m);
    }
}

static void forget_attempt(wp_sim *sim, const uint32_t n_before[WP_N_KINDS])
{
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        wp_block_take_back(&sim->block, (wp_subject_kind)kind, n_before[kind]);
        lineage->first[kind] = WP_NOBODY;
    }
    lineage->n_alive = 0;
    sim->n_calendars = 0;
    sim->stale = 0;
}

void wp_sim_arrive(wp_sim *sim)
{
    const wp_lineage lineage = sim->block.lineages[sim->lineage];
    const wp_arrival *arrival = &sim->model->scenario->arrivals[lineage.stream];
    wp_founding_household household;
    uint32_t n_before[WP_N_KINDS];
    for (int kind = 0; kind < WP_N_KINDS; kind++) { n_before[kind] = sim->block.columns[kind].n; }
    for (uint32_t attempt = 0; sim->status == WP_OK; attempt++) {
        if (attempt == MAX_TRIES || (arrival->like_founders &&
                                     wp_population_households(sim->population) == 0)) {
            wp_sim_fail(sim, WP_ERR_RUN, "no founding household is like those who arrive by '%s'",
                        arrival->name);
            return;
        }
        arriving_household(sim, &lineage, attempt, &household);
        settle_household(sim, &household, WP_ENTER_ARRIVED);
        if (sim->status != WP_OK || !arrival->like_founders) { break; }
        const wp_product *like = &sim->model->arrival_founders[lineage.stream];
        const uint32_t home = sim->block.lineages[sim->lineage].first[WP_HOUSEHOLD];
        if (wp_product_at(like, &sim->block.columns[WP_HOUSEHOLD], home) != 0.0) { break; }
        forget_attempt(sim, n_before);
    }
    sim->block.lineages[sim->lineage].entered = true;
    const uint32_t n = sim->n_calendars;
    for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind == WP_PERSON) {
            wp_sim_event(sim, WP_PERSON, calendar.index, WP_EVENT_ARRIVED);
        }
    }
    wp_sim_cascade(sim);
    wp_sim_settle_instant(sim);
}

void wp_sim_expect(wp_sim *sim, int stream, int64_t number, wp_tick tick)
{
    const wp_arrival *arrival = &sim->model->scenario->arrivals[stream];
    const uint64_t id = wp_id_derive(wp_purpose("arrival", arrival->name), sim->plan->purpose_arrival,
                                     (uint32_t)number);
    begin_lineage(sim, id, number);
    if (sim->status != WP_OK) { return; }
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    lineage->stream = stream;
    lineage->enters = tick;
    lineage->entered = false;
}
