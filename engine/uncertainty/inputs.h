/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The uncertain numbers of a result: parameters and prices that differ between draws. */
#ifndef WP_UNCERTAINTY_INPUTS_H
#define WP_UNCERTAINTY_INPUTS_H

#include "base/arena.h"
#include "results/run_data.h"

typedef struct wp_inputs {
    int n;
    const char **names;        /* borrowed from the result */
    double *values;            /* [draw][n]; of a price what a count is worth in the first year that varies */
} wp_inputs;

/* In order: parameters (of a table its scale), then unit values that do not simply follow a parameter. Memory
   is the arena's. WP_ERR_MEMORY. */
wp_status wp_inputs_of(const wp_run_data *data, wp_arena *arena, wp_inputs *inputs, wp_error *err);

#endif
