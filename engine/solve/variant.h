/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario with some parameters at other values, and runs of it with the same lives but for what they
   change. */
#ifndef WP_SOLVE_VARIANT_H
#define WP_SOLVE_VARIANT_H

#include <wholeplace/run.h>

#include "population/population.h"
#include "results/run_data.h"
#include "scenario/checked.h"

typedef struct wp_variant {
    wp_scenario scenario; /* a shallow copy, with parameters of its own */
    wp_parameter *parameters;
    wp_run_options options;
    wp_population *founders; /* the same in all runs; NULL before the first */
    int n_runs; /* so far */
} wp_variant;

/* `scenario`, and what `options` (may be NULL) point to, must outlive it. It is not to be moved afterwards. Free in
   any case. */
wp_status wp_variant_init(wp_variant *variant, const wp_scenario *scenario, const wp_run_options *options,
                          wp_error *err);
void wp_variant_free(wp_variant *variant);

/* The parameter named `name`, which must be a single number: neither table nor counts nor formula, else
   WP_ERR_ARGUMENT. */
wp_status wp_variant_find(const wp_scenario *scenario, const char *name, int *parameter, wp_error *err);

/* Gives the parameter `value`, in its own unit, in all draws. */
void wp_variant_set(wp_variant *variant, int parameter, double value);

/* Runs it. `data` must be zeroed; free it with wp_simulate_free in any case. Errors as wp_run. */
wp_status wp_variant_run(wp_variant *variant, wp_run_data *data, wp_error *err);

#endif
