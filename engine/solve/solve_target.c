/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solving for a target's figure. */
#include "solve/solve_target.h"

#include <math.h>
#include <stdio.h>

#include "base/fail.h"
#include "parallel/simulate_run.h"
#include "solve/root.h"
#include "uncertainty/comparison.h"

/* A claim is known to two figures. */
static const double tolerance = 1e-2;

typedef struct figure_search {
    wp_variant *variant;
    int parameter, target;
} figure_search;

static wp_status figure_at(void *of, double x, wp_interval *figure, wp_error *err)
{
    wp_status status = WP_OK;
    figure_search *s = of;
    wp_run_data data = {0};
    wp_comparison comparison;
    wp_variant_set(s->variant, s->parameter, x);
    WP_TRY(wp_variant_run(s->variant, &data, err));
    WP_TRY(wp_comparison_of(&data, s->target, &comparison, err));
    *figure = comparison.interval;
out:
    wp_simulate_free(&data);
    return status;
}

wp_status wp_solve_target_figure(wp_variant *variant, int target, double wanted, wp_solution *solution,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    const wp_target *t = &variant->scenario.targets[target];
    figure_search s = {.variant = variant, .target = target, .parameter = t->parameter};
    const int n_before = variant->n_runs;
    *solution = (wp_solution){.value = NAN, .low = NAN, .high = NAN};
    if (t->parameter < 0) {
        return wp_fail(err, WP_ERR_ARGUMENT, "target '%s' names no parameter that it needs", t->name);
    }
    const wp_parameter stated = variant->parameters[t->parameter];
    snprintf(solution->unit, sizeof solution->unit, "%s", stated.unit_text);
    WP_TRY(wp_solve_root(figure_at, &s, t->from, t->to, wanted, tolerance, solution, err));
    solution->n_runs = variant->n_runs - n_before;
out:
    variant->parameters[t->parameter] = stated;
    return status;
}
