/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The instants that everyone shares: dates, schedules by date, offers, programmes, snapshots. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "simulate/plan.h"

static wp_tick ticks_of(double years)
{
    return isinf(years) ? WP_TICK_NEVER : (wp_tick)floor(years * 0x1p32 + 0.5);
}

typedef struct global_list {
    wp_global *items;
    size_t n, capacity;
    bool failed;
} global_list;

static void add_global(global_list *list, const wp_model *model, wp_tick tick, wp_global_role role,
                       int item, int second)
{
    if (tick < 0 || tick > model->end || list->failed) { return; }
    if (!wp_array_reserve(&list->items, &list->capacity, list->n + 1, sizeof *list->items)) {
        list->failed = true;
        return;
    }
    list->items[list->n++] = (wp_global){tick, role, item, second};
}

static void add_occasion(global_list *list, const wp_model *model, const wp_occasion *at,
                         wp_global_role role, int item, int second)
{
    if (at->kind == WP_AT_DATE) {
        add_global(list, model, ticks_of(at->date), role, item, second);
    } else if (at->kind == WP_AT_EVERY) {
        for (int64_t k = 0;; k++) {
            const double years = at->from + (double)k * at->every;
            if (ticks_of(years) > model->end || list->failed) { break; }
            add_global(list, model, ticks_of(years), role, item, second);
        }
    }
}

static void add_programme(global_list *list, const wp_model *model, int v)
{
    const wp_intervention_model *iv = &model->interventions[v];
    /* Founders begin without any programme: one that runs already begins with the run. */
    add_global(list, model, iv->starts > 0 ? iv->starts : 0, WP_GLOBAL_PROGRAMME, v, 0);
    if (iv->ends != WP_TICK_NEVER) { add_global(list, model, iv->ends, WP_GLOBAL_PROGRAMME, v, 1); }
    for (int s = 0; s < model->n_shapes && iv->intervention->everyone; s++) {
        const wp_effect_shape *shape = &model->shapes[s];
        if (shape->intervention != v) { continue; }
        for (int k = 1; k < shape->n_build; k++) {
            add_global(list, model, wp_step_end(shape, iv->starts, k), WP_GLOBAL_PROGRAMME, v, 2);
        }
        for (int k = 1; k <= shape->n_fade && iv->ends != WP_TICK_NEVER; k++) {
            add_global(list, model, wp_step_end(shape, iv->ends, k), WP_GLOBAL_PROGRAMME, v, 2);
        }
    }
}

static void add_snapshot(global_list *list, const wp_model *model, int o)
{
    const wp_outcome *outcome = model->outcomes[o].outcome;
    for (int k = 0; k < outcome->n_at; k++) {
        add_global(list, model, ticks_of(outcome->at[k]), WP_GLOBAL_SNAPSHOT, o, 0);
    }
    for (int64_t k = 0; outcome->every > 0; k++) {
        const double years = outcome->from + (double)k * outcome->every;
        if (ticks_of(years) > model->end || list->failed) { break; }
        add_global(list, model, ticks_of(years), WP_GLOBAL_SNAPSHOT, o, 0);
    }
}

static int by_instant(const void *a, const void *b)
{
    const wp_global *x = a, *y = b;
    if (x->tick != y->tick) { return x->tick < y->tick ? -1 : 1; }
    if (x->role != y->role) { return x->role < y->role ? -1 : 1; }
    if (x->item != y->item) { return x->item < y->item ? -1 : 1; }
    return (x->second > y->second) - (x->second < y->second);
}

wp_status wp_plan_globals(wp_plan *plan, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = plan->model;
    global_list list = {0};
    for (int e = 0; e < model->n_run_edges; e++) {
        add_global(&list, model, model->run_edges[e], WP_GLOBAL_RUN_TIME, 0, 0);
    }
    for (int p = 0; p < model->n_processes; p++) {
        const wp_process *process = model->processes[p].process;
        if (process->kind == WP_PROCESS_SCHEDULE) {
            add_occasion(&list, model, &process->at, WP_GLOBAL_SCHEDULE, p, 0);
        }
    }
    for (int v = 0; v < model->n_interventions; v++) {
        const wp_intervention_model *iv = &model->interventions[v];
        add_programme(&list, model, v);
        for (int o = 0; o < iv->n_offers; o++) {
            add_occasion(&list, model, &iv->intervention->offers[o].at, WP_GLOBAL_OFFER, v, o);
        }
    }
    for (int o = 0; o < model->n_outcomes; o++) {
        if (model->outcomes[o].outcome->kind == WP_OUTCOME_SNAPSHOT) { add_snapshot(&list, model, o); }
    }
    wp_global *globals = wp_arena_alloc_array(&plan->arena, list.n, sizeof *globals);
    if (list.failed || globals == NULL) {
        status = wp_fail(err, WP_ERR_MEMORY, "not enough memory for the scenario's dates");
        goto out;
    }
    if (list.n > 0) {
        qsort(list.items, list.n, sizeof *list.items, by_instant);
        memcpy(globals, list.items, list.n * sizeof *globals);
    }
    plan->globals = globals;
    plan->n_globals = (int)list.n;
out:
    free(list.items);
    return status;
}

int wp_plan_globals_from(const wp_plan *plan, wp_tick t)
{
    int low = 0, high = plan->n_globals;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (plan->globals[middle].tick < t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
