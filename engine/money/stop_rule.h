/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a figure known well enough? Draws, or replicates, are added until it is (runs.stop_when). */
#ifndef WP_MONEY_STOP_RULE_H
#define WP_MONEY_STOP_RULE_H

#include <stdbool.h>

#include "base/text.h"
#include "results/run_data.h"
#include "scenario/checked.h"

/* What n draws or replicates say of a figure's mean. */
typedef struct wp_known {
    int n;
    double mean, half_width; /* of the 95 % interval of the mean: t of n - 1 degrees of freedom */
    double n_needed;         /* so many would be enough, if they spread as those until now */
    bool is_met;             /* the half-width is at most the one that is wanted */
} wp_known;

/* Of `n` (2 or more) independent values. Half-widths are compared with 24 significant bits, so that libm's
   differences between machines do not decide. */
void wp_known_of(const double *values, int n, double wanted, wp_known *known);

/* Of the scenario's `stop`, from the run's first n draws (each the mean of all replicates) or replicates (of all draws:
   the interval is then of the mean over these very draws). `data` may have room for more. WP_ERR_ARGUMENT where the
   run cannot say what the figure is; WP_ERR_MEMORY, WP_ERR_LIMIT. */
wp_status wp_stop_check(const wp_scenario *scenario, const wp_run_data *data, int n, wp_known *known,
                        wp_error *err);

/* How many draws or replicates to begin with, and how many to go on to from n: ten more; of Sobol's points, whose
   first 32, 64, 128 ... are spread evenly, twice as many. Never above `at_most`. */
int wp_stop_begin(const wp_scenario *scenario);
int wp_stop_next(const wp_scenario *scenario, int n);

/* Is it time to stop? An interval that is narrow enough by chance is rarely so twice, so it must be met at two checks
   in a row (Law 2015, Simulation Modeling and Analysis, section 9.4.1: stopping at first sight covers too little);
   one is enough of Sobol's points, whose half-widths are too wide as a rule. */
bool wp_stop_now(const wp_scenario *scenario, const wp_known *before, const wp_known *now);

/* Why the run ended, in words that follow "The run ", without a full stop, appended to `text`. */
wp_status wp_stop_describe(const wp_scenario *scenario, const wp_known *known, wp_text *text, wp_error *err);

#endif
