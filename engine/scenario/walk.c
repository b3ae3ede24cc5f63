/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks: what is looked at, and what follows from it for indicators and times in a state. */
#include "scenario/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/condition.h"

typedef struct passing { wp_look_visit *visit; void *context; } passing;

static void pass_test(void *context, const wp_condition *test)
{
    const passing *p = context;
    p->visit(p->context, &test->look, test->bands, test->n_bands);
}

void wp_walk_condition(const wp_reader *r, const wp_condition *condition, wp_look_visit *visit, void *context)
{
    passing p = {visit, context};
    wp_condition_visit(r, condition, pass_test, &p);
}

static void walk_grid(const wp_grid *grid, wp_look_visit *visit, void *context)
{
    for (int i = 0; grid != NULL && i < grid->n_axes; i++) {
        visit(context, &grid->axes[i].look, grid->axes[i].bands, grid->axes[i].n_bands);
    }
}

void wp_walk_quantity(const wp_reader *r, const wp_quantity *q, wp_look_visit *visit, void *context)
{
    walk_grid(q->grid, visit, context);
    if (q->kind == WP_QUANTITY_PARAMETER) {
        walk_grid(r->names->parameters[q->parameter].grid, visit, context);
    }
    if ((q->kind == WP_QUANTITY_WEIBULL || q->kind == WP_QUANTITY_GOMPERTZ) && !q->clock_is_when) {
        visit(context, &q->look, NULL, 0);
    }
    if (q->a != NULL) { wp_walk_quantity(r, q->a, visit, context); }
    if (q->b != NULL) { wp_walk_quantity(r, q->b, visit, context); }
}

static void walk_factors(const wp_reader *r, const wp_factor *factors, int n, wp_look_visit *visit,
                         void *context)
{
    for (int i = 0; i < n; i++) {
        wp_walk_quantity(r, &factors[i].value, visit, context);
        wp_walk_condition(r, factors[i].when, visit, context);
    }
}

void wp_walk_process(const wp_reader *r, const wp_process *p, wp_look_visit *visit, void *context)
{
    wp_walk_condition(r, p->when, visit, context);
    if (p->kind == WP_PROCESS_HAZARD) { wp_walk_quantity(r, &p->hazard, visit, context); }
    if (p->kind == WP_PROCESS_DELAY) {
        wp_walk_quantity(r, &p->delay.mean, visit, context);
        wp_walk_quantity(r, &p->delay.cv, visit, context);
    }
    walk_factors(r, p->factors, p->n_factors, visit, context);
    for (int i = 0; i < p->n_options; i++) {
        if (!p->options[i].is_otherwise) { wp_walk_quantity(r, &p->options[i].probability, visit, context); }
        walk_factors(r, p->options[i].factors, p->options[i].n_factors, visit, context);
    }
}

/* ---- Times in a state -------------------------------------------------------------------------- */

typedef struct timing { wp_reader *r; const wp_process *process; bool *warned; } timing;

static void warn_time(void *context, const wp_look *look, const wp_band *bands, int n_bands)
{
    timing *t = context;
    (void)bands;
    (void)n_bands;
    if (look->kind != WP_LOOK_TIME_IN || t->r->names->time_at_start_given[look->item] ||
        t->warned[look->item]) {
        return;
    }
    const wp_variable *v = &t->r->names->variables[look->item];
    if (v->kind != WP_STATE) { return; }
    t->warned[look->item] = true;
    wp_report_warning(
        t->r, t->r->names->keys[WP_NAME_VARIABLE][look->item],
        "process '%s' reads 'time in %s', but 'time_at_start' is not given: founders start at 0, and the "
        "first years will be off",
        t->process->name, v->name);
}

/* ---- Indicators --------------------------------------------------------------------------------- */

typedef struct edges { int indicator; double *list; int n, room; } edges;

static void add_edges(void *context, const wp_look *look, const wp_band *bands, int n_bands)
{
    edges *e = context;
    if (look->kind != WP_LOOK_INDICATOR || look->item != e->indicator) { return; }
    for (int i = 0; i < n_bands && e->n + 2 <= e->room; i++) {
        e->list[e->n++] = bands[i].lo;
        e->list[e->n++] = bands[i].hi;
    }
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Classes between all the edges, from 0 up. */
static void fill_classes(wp_reader *r, wp_indicator *x, edges *e)
{
    wp_band *bands = wp_reader_alloc(r, (size_t)e->n + 1, sizeof *bands);
    if (bands == NULL) { return; }
    int n = 1;
    bands[0] = (wp_band){0.0, INFINITY};
    qsort(e->list, (size_t)e->n, sizeof *e->list, by_number);
    for (int i = 0; i < e->n; i++) {
        double edge = e->list[i];
        if (!(edge > bands[n - 1].lo) || !isfinite(edge)) { continue; }
        bands[n - 1].hi = edge;
        bands[n++] = (wp_band){edge, INFINITY};
    }
    x->n_classes = n;
    x->classes = bands;
}

void wp_walk_finish(wp_reader *r)
{
    enum { MAX_EDGES = 4096 };
    wp_names *names = r->names;
    timing t = {.r = r};
    t.warned = wp_reader_scratch(r, (size_t)names->n[WP_NAME_VARIABLE], sizeof *t.warned);
    edges e = {.room = MAX_EDGES};
    e.list = wp_reader_scratch(r, MAX_EDGES, sizeof *e.list);
    if (t.warned == NULL || e.list == NULL) { return; }
    for (int p = 0; p < names->n[WP_NAME_PROCESS]; p++) {
        t.process = &names->processes[p];
        wp_walk_process(r, &names->processes[p], warn_time, &t);
    }
    for (int i = 0; i < names->n[WP_NAME_INDICATOR]; i++) {
        e.indicator = i;
        e.n = 0;
        for (int p = 0; p < names->n[WP_NAME_PROCESS]; p++) {
            wp_walk_process(r, &names->processes[p], add_edges, &e);
        }
        fill_classes(r, &names->indicators[i], &e);
    }
}
