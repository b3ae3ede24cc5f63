/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solving for a target's figure. */
#include "solve/solve_target.h"

#include <math.h>
#include <stdio.h>

#include "base/fail.h"
#include "parallel/simulate_run.h"
#include "solve/root.h"
#include "solve/variant.h"
#include "uncertainty/comparison.h"

/* A claim is known to two figures. */
static const double tolerance = 1e-2;

typedef struct figure_search {
    wp_variant variant;
    int parameter, target;
} figure_search;

static wp_status figure_at(void *of, double x, wp_interval *figure, wp_error *err)
{
    wp_status status = WP_OK;
    figure_search *s = of;
    wp_run_data data = {0};
    wp_comparison comparison;
    wp_variant_set(&s->variant, s->parameter, x);
    WP_TRY(wp_variant_run(&s->variant, &data, err));
    WP_TRY(wp_comparison_of(&data, s->target, &comparison, err));
    *figure = comparison.interval;
out:
    wp_simulate_free(&data);
    return status;
}

wp_status wp_solve_target_figure(const wp_scenario *scenario, const wp_run_options *options, int target,
                                 double wanted, wp_solution *solution, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_target *t = &scenario->targets[target];
    figure_search s = {.target = target, .parameter = t->parameter};
    *solution = (wp_solution){.value = NAN, .low = NAN, .high = NAN};
    if (t->parameter < 0) {
        return wp_fail(err, WP_ERR_ARGUMENT, "target '%s' names no parameter that it needs", t->name);
    }
    WP_TRY(wp_variant_init(&s.variant, scenario, options, err));
    snprintf(solution->unit, sizeof solution->unit, "%s", scenario->parameters[t->parameter].unit_text);
    WP_TRY(wp_solve_root(figure_at, &s, t->from, t->to, wanted, tolerance, solution, err));
    solution->n_runs = s.variant.n_runs;
out:
    wp_variant_free(&s.variant);
    return status;
}
