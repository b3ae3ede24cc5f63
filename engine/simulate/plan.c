/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Working out a plan from a model. */
#include "simulate/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/key.h"
#include "scenario/price.h"

/* ---- Lists -------------------------------------------------------------------------------------- */

/* Builds `n_lists` lists from `n` candidates: member(context, list, candidate) says who belongs. */
typedef bool member_fn(const wp_plan *plan, int kind, int list, int candidate);

static wp_status make_list(wp_plan *plan, wp_list *list, int n, member_fn *member, int kind, int key,
                           wp_error *err)
{
    wp_status status = WP_OK;
    int count = 0;
    for (int i = 0; i < n; i++) { count += member(plan, kind, key, i) ? 1 : 0; }
    int *items = wp_arena_alloc_array(&plan->arena, (size_t)count, sizeof *items);
    WP_TRY_ALLOC(items);
    list->n = 0;
    for (int i = 0; i < n; i++) {
        if (member(plan, kind, key, i)) { items[list->n++] = i; }
    }
    list->items = items;
out:
    return status;
}

static wp_status make_lists(wp_plan *plan, const wp_list **lists, int n_lists, int n, member_fn *member,
                            int kind, wp_error *err)
{
    wp_status status = WP_OK;
    wp_list *made = wp_arena_alloc_array(&plan->arena, (size_t)n_lists, sizeof *made);
    WP_TRY_ALLOC(made);
    for (int l = 0; l < n_lists; l++) { WP_TRY(make_list(plan, &made[l], n, member, kind, l, err)); }
    *lists = made;
out:
    return status;
}

static bool outcome_counts_event(const wp_plan *plan, int kind, int event, int o)
{
    (void)kind;
    const wp_outcome *outcome = plan->model->outcomes[o].outcome;
    if (outcome->kind != WP_OUTCOME_EVENTS) { return false; }
    for (int e = 0; e < outcome->n_events; e++) {
        if (outcome->events[e] == event) { return true; }
    }
    return false;
}

static bool outcome_counts_entry(const wp_plan *plan, int kind, int variable, int o)
{
    (void)kind;
    const wp_outcome *outcome = plan->model->outcomes[o].outcome;
    return outcome->kind == WP_OUTCOME_ENTERS && outcome->variable == variable;
}

static bool outcome_is_time(const wp_plan *plan, int kind, int unused, int o)
{
    (void)unused;
    const wp_outcome *outcome = plan->model->outcomes[o].outcome;
    return outcome->kind == WP_OUTCOME_TIME_IN && (int)outcome->of == kind;
}

wp_subject_kind wp_histogram_kind(const wp_outcome *outcome)
{
    return outcome->histogram_per_household ? WP_HOUSEHOLD : outcome->of;
}

static bool has_histogram(const wp_plan *plan, int unused, int unused_too, int o)
{
    (void)unused;
    (void)unused_too;
    return plan->model->outcomes[o].outcome->histogram;
}

static bool has_histogram_of(const wp_plan *plan, int kind, int unused, int o)
{
    (void)unused;
    const wp_outcome *outcome = plan->model->outcomes[o].outcome;
    return outcome->histogram && (int)wp_histogram_kind(outcome) == kind;
}

static bool hook_hears_event(const wp_plan *plan, int kind, int event, int h)
{
    (void)kind;
    return plan->model->hooks[h].event == event;
}

static bool hook_hears_entry(const wp_plan *plan, int kind, int variable, int h)
{
    (void)kind;
    return plan->model->hooks[h].event < 0 && plan->model->hooks[h].variable == variable;
}

static bool recent_hears_event(const wp_plan *plan, int kind, int event, int r)
{
    const wp_kind *k = &plan->model->kinds[kind];
    return k->features[k->recents[r]].source == event;
}

static bool since_hears_event(const wp_plan *plan, int kind, int event, int f)
{
    const wp_feature *feature = &plan->model->kinds[kind].features[f];
    return feature->kind == WP_FEATURE_TIME_SINCE && feature->source == event;
}

static bool is_run_time(const wp_plan *plan, int kind, int unused, int f)
{
    (void)unused;
    return plan->model->kinds[kind].features[f].kind == WP_FEATURE_RUN_TIME;
}

static bool is_copy(const wp_plan *plan, int kind, int unused, int f)
{
    (void)unused;
    return plan->model->kinds[kind].features[f].kind == WP_FEATURE_COPY;
}

static bool is_of_links(const wp_plan *plan, int kind, int unused, int f)
{
    (void)unused;
    switch (plan->model->kinds[kind].features[f].kind) {
    case WP_FEATURE_SIZE:
    case WP_FEATURE_HOUSEHOLD_KIND:
    case WP_FEATURE_CHILDREN_AT_HOME:
    case WP_FEATURE_HAS_PARTNER:
    case WP_FEATURE_PARENT_AT_HOME:
    case WP_FEATURE_CHILD_AT_HOME: return true;
    default: return false;
    }
}

static bool is_of_groups(const wp_plan *plan, int kind, int unused, int f)
{
    (void)unused;
    switch (plan->model->kinds[kind].features[f].kind) {
    case WP_FEATURE_NUMBER_OF:
    case WP_FEATURE_OLDEST_AGE:
    case WP_FEATURE_YOUNGER_AGE:
    case WP_FEATURE_INDICATOR: /* of the level of its `by` */ return true;
    default: return false;
    }
}

/* ---- Kinds --------------------------------------------------------------------------------------- */

static void claim(wp_timer_plan *timers, int slot, wp_timer_role role, int item, int second)
{
    if (slot >= 0) { timers[slot] = (wp_timer_plan){role, item, second}; }
}

static wp_status plan_timers(wp_plan *plan, int kind, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    const wp_kind *k = &model->kinds[kind];
    wp_timer_plan *timers = wp_arena_alloc_array(&plan->arena, (size_t)k->n_timers, sizeof *timers);
    WP_TRY_ALLOC(timers);
    for (int f = 0; f < k->n_features; f++) {
        claim(timers, k->features[f].timer, WP_TIMER_FEATURE, f, 0);
    }
    for (int d = 0; d < k->n_delays; d++) {
        claim(timers, model->processes[k->delays[d]].timer, WP_TIMER_DELAY, d, 0);
    }
    for (int p = 0; p < model->n_processes; p++) {
        const wp_process_model *process = &model->processes[p];
        if ((int)process->of == kind && process->process->kind == WP_PROCESS_SCHEDULE) {
            claim(timers, process->timer, WP_TIMER_SCHEDULE, p, 0);
        }
    }
    for (int v = 0; v < model->n_interventions; v++) {
        const wp_intervention_model *iv = &model->interventions[v];
        if ((int)iv->intervention->of != kind) { continue; }
        claim(timers, iv->timer_end, WP_TIMER_END, v, 0);
        claim(timers, iv->timer_gives_up, WP_TIMER_GIVES_UP, v, 0);
        for (int o = 0; o < iv->n_offers; o++) {
            claim(timers, iv->offer_timer[o], WP_TIMER_OFFER, v, o);
        }
    }
    plan->kinds[kind].timers = timers;
out:
    return status;
}

static void hear_of(wp_dependents *dependents, const wp_product *product)
{
    for (int t = 0; t < product->n_tables; t++) {
        for (int a = 0; a < product->tables[t].n_axes; a++) {
            wp_add_bit(&dependents[product->tables[t].axes[a].feature].tallies, WP_LAST_TALLY);
        }
    }
}

/* Person-time is counted before anything changes that an indicator is a share of; and who is of another level
   sees another rate. */
static void plan_indicators(const wp_model *model, int kind, wp_dependents *dependents)
{
    const wp_kind *k = &model->kinds[kind];
    for (int n = 0; n < model->n_indicators; n++) {
        const wp_indicator_model *indicator = &model->indicators[n];
        const int by = indicator->indicator->by;
        if (kind == WP_PERSON) {
            hear_of(dependents, &indicator->share);
            hear_of(dependents, &indicator->among);
            if (indicator->by_feature >= 0) {
                wp_add_bit(&dependents[indicator->by_feature].tallies, WP_LAST_TALLY);
            }
        }
        for (int f = 0; f < k->n_features; f++) {
            const wp_feature *feature = &k->features[f];
            dependents[f].groups |= by >= 0 && feature->kind == WP_FEATURE_VARIABLE && feature->source == by;
        }
    }
}

/* Does the run itself count time of this kind: time lived, or enrolled? */
static bool runs_tally(const wp_model *model, int kind)
{
    bool runs = kind == WP_PERSON;
    for (int v = 0; v < model->n_interventions; v++) {
        runs |= (int)model->interventions[v].intervention->of == kind;
    }
    return runs;
}

/* Marks the ages at which a condition can change. */
static void mark_product_ages(wp_bits *ages, int tally, const wp_product *condition)
{
    uint8_t changes[WP_MAX_AGE + 1] = {0};
    for (int t = 0; t < condition->n_tables; t++) { wp_table_mark_ages(&condition->tables[t], changes); }
    for (int age = 0; age <= WP_MAX_AGE; age++) {
        if (changes[age] != 0) { wp_add_bit(&ages[age], tally); }
    }
}

static void mark_cell_ages(wp_bits *ages, int tally, const wp_cellmap *map)
{
    uint32_t stride = 0;
    for (int a = 0; a < map->n_axes; a++) {
        if (map->axes[a].feature == 0) { stride = map->axes[a].stride; }
    }
    for (uint32_t i = stride; stride != 0 && i < map->n; i++) {
        const uint32_t age = i / stride % (WP_MAX_AGE + 1);
        if (age > 0 && map->values[i] != map->values[i - stride]) { wp_add_bit(&ages[age], tally); }
    }
}

static wp_status plan_age_tallies(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    wp_kind_plan *persons = &plan->kinds[WP_PERSON];
    wp_bits *ages = wp_arena_alloc_array(&plan->arena, WP_MAX_AGE + 1, sizeof *ages);
    WP_TRY_ALLOC(ages);
    persons->age_tallies = ages;
    for (int k = 0; k < persons->time_outcomes.n; k++) {
        const wp_outcome_model *outcome = &model->outcomes[persons->time_outcomes.items[k]];
        const int tally = k < WP_LAST_TALLY ? k : WP_LAST_TALLY - 1;
        mark_product_ages(ages, tally, &outcome->when);
        for (int m = 0; m < outcome->n_maps; m++) { mark_cell_ages(ages, tally, &outcome->maps[m]); }
    }
    for (int n = 0; n < model->n_indicators; n++) {
        const wp_indicator_model *indicator = &model->indicators[n];
        mark_product_ages(ages, WP_LAST_TALLY, &indicator->share);
        mark_product_ages(ages, WP_LAST_TALLY, &indicator->among);
    }
out:
    return status;
}

static wp_status plan_clocks(wp_plan *plan, int kind, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_kind *k = &plan->model->kinds[kind];
    wp_kind_plan *made = &plan->kinds[kind];
    wp_clock_plan *clocks = wp_arena_alloc_array(&plan->arena, (size_t)k->n_clocks, sizeof *clocks);
    WP_TRY_ALLOC(clocks);
    for (int c = 0; c < k->n_clocks; c++) {
        const wp_process_model *process = &plan->model->processes[k->clocks[c]];
        const bool is_smooth = process->smooth.kind != WP_SMOOTH_NONE;
        clocks[c] = (wp_clock_plan){.rate = &process->rate,
                                    .smooth = is_smooth ? &process->smooth : NULL,
                                    .purpose = process->purpose_clock,
                                    .process = k->clocks[c]};
        made->has_smooth |= is_smooth;
        if (process->smooth.clock_is_when) { wp_add_bit(&made->clocks_of_when, c); }
        wp_add_bit(&made->all_clocks, c);
    }
    made->clocks = clocks;
    plan->max_clocks = k->n_clocks > plan->max_clocks ? k->n_clocks : plan->max_clocks;
out:
    return status;
}

static wp_status plan_features(wp_plan *plan, int kind, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    const wp_kind *k = &model->kinds[kind];
    wp_kind_plan *made = &plan->kinds[kind];
    wp_dependents *dependents =
        wp_arena_alloc_array(&plan->arena, (size_t)k->n_features, sizeof *dependents);
    int *time_in = wp_arena_alloc_array(&plan->arena, (size_t)model->n_variables, sizeof *time_in);
    WP_TRY_ALLOC(dependents);
    WP_TRY_ALLOC(time_in);
    if (k->n_features > 0) {
        memcpy(dependents, k->dependents, (size_t)k->n_features * sizeof *dependents);
    }
    for (int v = 0; v < model->n_variables; v++) { time_in[v] = -1; }
    for (int f = 0; f < k->n_features; f++) {
        const wp_feature *feature = &k->features[f];
        if (feature->kind == WP_FEATURE_TIME_IN) { time_in[feature->source] = f; }
        if (feature->kind == WP_FEATURE_VARIABLE &&
            model->variables[feature->source].variable->kind == WP_STATUS) {
            wp_add_bit(&dependents[f].tallies, WP_LAST_TALLY); /* time enrolled is priced */
        }
    }
    plan_indicators(model, kind, dependents);
    made->dependents = dependents;
    made->time_in = time_in;
    WP_TRY(make_list(plan, &made->run_time, k->n_features, is_run_time, kind, 0, err));
    WP_TRY(make_list(plan, &made->of_links, k->n_features, is_of_links, kind, 0, err));
    WP_TRY(make_list(plan, &made->of_groups, k->n_features, is_of_groups, kind, 0, err));
    WP_TRY(make_list(plan, &made->copies, k->n_features, is_copy, kind, 0, err));
    WP_TRY(make_list(plan, &made->time_outcomes, model->n_outcomes, outcome_is_time, kind, 0, err));
    WP_TRY(make_list(plan, &made->histograms, model->n_outcomes, has_histogram_of, kind, 0, err));
    for (int d = 0; d < k->n_delays; d++) { wp_add_bit(&made->all_delays, d); }
    const int n_tallies = made->time_outcomes.n < WP_LAST_TALLY ? made->time_outcomes.n : WP_LAST_TALLY;
    for (int t = 0; t < n_tallies; t++) { wp_add_bit(&made->all_tallies, t); }
    if (runs_tally(model, kind)) { wp_add_bit(&made->all_tallies, WP_LAST_TALLY); }
    if (kind == WP_PERSON) { WP_TRY(plan_age_tallies(plan, err)); }
    plan->max_tallies = n_tallies + 1 > plan->max_tallies ? n_tallies + 1 : plan->max_tallies;
out:
    return status;
}

static int by_rank(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

/* Variables of a kind in the order of their ranks. */
static wp_status plan_ranks(wp_plan *plan, int kind, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    int(*pairs)[2] = wp_calloc_array((size_t)model->n_variables, sizeof *pairs);
    int *items = wp_arena_alloc_array(&plan->arena, (size_t)model->n_variables, sizeof *items);
    int n = 0;
    WP_TRY_ALLOC(pairs);
    WP_TRY_ALLOC(items);
    for (int v = 0; v < model->n_variables; v++) {
        if ((int)model->variables[v].variable->of != kind) { continue; }
        pairs[n][0] = v;
        pairs[n++][1] = model->variables[v].rank;
    }
    qsort(pairs, (size_t)n, sizeof *pairs, by_rank);
    for (int i = 0; i < n; i++) { items[i] = pairs[i][0]; }
    plan->by_rank[kind] = (wp_list){n, items};
out:
    free(pairs);
    return status;
}

static wp_status plan_kind(wp_plan *plan, int kind, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *scenario = plan->model->scenario;
    WP_TRY(plan_timers(plan, kind, err));
    WP_TRY(plan_clocks(plan, kind, err));
    WP_TRY(plan_features(plan, kind, err));
    WP_TRY(plan_ranks(plan, kind, err));
    WP_TRY(make_lists(plan, &plan->event_recents[kind], scenario->n_events,
                      plan->model->kinds[kind].n_recents, recent_hears_event, kind, err));
    WP_TRY(make_lists(plan, &plan->event_since[kind], scenario->n_events,
                      plan->model->kinds[kind].n_features, since_hears_event, kind, err));
out:
    return status;
}

/* ---- The whole -------------------------------------------------------------------------------------- */

static wp_status plan_processes(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    int *slots = wp_arena_alloc_array(&plan->arena, (size_t)model->n_processes, sizeof *slots);
    int *delays = wp_arena_alloc_array(&plan->arena, (size_t)model->n_processes, sizeof *delays);
    int *features = wp_arena_alloc_array(&plan->arena, (size_t)model->n_shapes, sizeof *features);
    uint64_t *hashes =
        wp_arena_alloc_array(&plan->arena, (size_t)model->scenario->n_events, sizeof *hashes);
    WP_TRY_ALLOC(slots);
    WP_TRY_ALLOC(delays);
    WP_TRY_ALLOC(features);
    WP_TRY_ALLOC(hashes);
    for (int p = 0; p < model->n_processes; p++) {
        const wp_subject_kind kind = model->processes[p].of;
        slots[p] = kind < WP_N_KINDS ? plan->kinds[kind].n_processes++ : -1;
        delays[p] = -1;
    }
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        for (int d = 0; d < model->kinds[kind].n_delays; d++) { delays[model->kinds[kind].delays[d]] = d; }
        for (int f = 0; f < model->kinds[kind].n_features; f++) {
            const wp_feature *feature = &model->kinds[kind].features[f];
            if (feature->kind == WP_FEATURE_EFFECT) { features[feature->source] = f; }
        }
    }
    for (int e = 0; e < model->scenario->n_events; e++) {
        hashes[e] = wp_mix64((uint64_t)wp_purpose("event", model->scenario->events[e].name));
    }
    plan->process_slot = slots;
    plan->delay_slot = delays;
    plan->shape_feature = features;
    plan->event_hash = hashes;
out:
    return status;
}

/* Columns in which subjects keep what their outcomes need. */
static wp_status plan_tallies(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)plan->model->n_outcomes;
    int *once = wp_arena_alloc_array(&plan->arena, n, sizeof *once);
    int *tally = wp_arena_alloc_array(&plan->arena, n, sizeof *tally);
    int *row = wp_arena_alloc_array(&plan->arena, n, sizeof *row);
    WP_TRY_ALLOC(once);
    WP_TRY_ALLOC(tally);
    WP_TRY_ALLOC(row);
    for (size_t o = 0; o < n; o++) {
        const wp_outcome *outcome = plan->model->outcomes[o].outcome;
        once[o] = outcome->once_per != 0 ? plan->kinds[outcome->of].n_once++ : -1;
        tally[o] = row[o] = -1;
    }
    WP_TRY(make_list(plan, &plan->histograms, (int)n, has_histogram, 0, 0, err));
    for (int h = 0; h < plan->histograms.n; h++) { row[plan->histograms.items[h]] = h; }
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        const wp_list *list = &plan->kinds[kind].histograms;
        for (int h = 0; h < list->n; h++) { tally[list->items[h]] = h; }
    }
    plan->once_slot = once;
    plan->tally_slot = tally;
    plan->histogram_row = row;
out:
    return status;
}

static wp_status plan_cellsets(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    wp_cellsets *sets = wp_arena_alloc_array(&plan->arena, (size_t)model->n_outcomes, sizeof *sets);
    WP_TRY_ALLOC(sets);
    plan->cellsets = sets;
    for (int o = 0; o < model->n_outcomes; o++) {
        WP_TRY(wp_cellsets_make(&plan->arena, model, &model->outcomes[o], &sets[o], err));
    }
out:
    return status;
}

static void plan_purposes(wp_plan *plan)
{
    plan->purpose_partner_sex = wp_purpose("join", "sex");
    plan->purpose_partner_age = wp_purpose("join", "age");
    plan->purpose_companion = wp_purpose("id", "companion");
    plan->purpose_child = wp_purpose("id", "child");
    plan->purpose_leaver = wp_purpose("separate", "leaver");
    plan->purpose_new_household = wp_purpose("id", "household");
    plan->purpose_birthday = wp_purpose("entry", "birthday");
    plan->purpose_arrival_time = wp_purpose("arrival", "time");
    plan->purpose_arrival_like = wp_purpose("arrival", "like");
    plan->purpose_arrival = wp_purpose("id", "arrival");
    plan->purpose_union = wp_purpose("id", "union");
    plan->purpose_batch = wp_purpose("batch", "lineage");
}

/* Which unit values are kept by person: those that are paid for one. */
static wp_status plan_personal(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *scenario = plan->model->scenario;
    if (!scenario->report.saving_by_household) { return WP_OK; }
    int *personal = wp_arena_alloc_array(&plan->arena, (size_t)scenario->n_unit_values, sizeof *personal);
    WP_TRY_ALLOC(personal);
    for (int u = 0; u < scenario->n_unit_values; u++) {
        personal[u] = wp_is_of_one_person(scenario, &scenario->unit_values[u]) ? plan->n_personal++ : -1;
    }
    plan->personal = personal;
out:
    return status;
}

wp_status wp_plan_init(wp_plan *plan, const wp_model *model, wp_error *err)
{
    wp_status status = WP_OK;
    memset(plan, 0, sizeof *plan);
    wp_arena_init(&plan->arena, 0);
    plan->model = model;
    const wp_scenario *scenario = model->scenario;
    plan->keeps_spend = scenario->money.keeps_spend;
    WP_TRY(plan_processes(plan, err));
    for (int kind = 0; kind < WP_N_KINDS; kind++) { WP_TRY(plan_kind(plan, kind, err)); }
    WP_TRY(make_lists(plan, &plan->event_outcomes, scenario->n_events, model->n_outcomes,
                      outcome_counts_event, 0, err));
    WP_TRY(make_lists(plan, &plan->event_hooks, scenario->n_events, model->n_hooks, hook_hears_event, 0,
                      err));
    WP_TRY(make_lists(plan, &plan->enter_outcomes, model->n_variables, model->n_outcomes,
                      outcome_counts_entry, 0, err));
    WP_TRY(make_lists(plan, &plan->enter_hooks, model->n_variables, model->n_hooks, hook_hears_entry, 0,
                      err));
    for (int h = 0; h < model->n_hooks; h++) {
        const wp_hook *hook = &model->hooks[h];
        plan->follows_the_gone |= hook->event >= 0 && hook->process >= 0 &&
                                  model->processes[hook->process].of == WP_PERSON &&
                                  scenario->events[hook->event].ends_person;
    }
    WP_TRY(plan_tallies(plan, err));
    WP_TRY(plan_cellsets(plan, err));
    WP_TRY(plan_personal(plan, err));
    WP_TRY(wp_plan_globals(plan, err));
    plan_purposes(plan);
out:
    return status;
}

void wp_plan_free(wp_plan *plan)
{
    wp_arena_free(&plan->arena);
    memset(plan, 0, sizeof *plan);
}
