/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solve: how large an effect, how many places, or how low a price makes a saving what is wanted. */
#ifndef WHOLEPLACE_SOLVE_H
#define WHOLEPLACE_SOLVE_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is wanted of an arm: pounds saved against the baseline over the whole run, discounted, net of the
   programme's own cost, without transfers. 0: break-even. */
typedef struct wp_solve_target {
    const char *arm;           /* NULL: the only one but the baseline */
    double saving;
} wp_solve_target;

/* The value at which the mean saving is what is wanted, and the values between which the saving's 95 %
   interval (as a summary prints it) holds what is wanted: outside, the run says that it is missed or
   beaten. */
typedef struct wp_solution {
    bool is_found;             /* false: the saving is on one side of what is wanted at both ends */
    double value;
    double low, high;          /* NAN: further out than was searched */
    double saving_at_from, saving_at_to; /* mean savings at the ends of the search */
    int n_runs;                /* simulations that it took; 0 where prices alone were changed */
    char unit[64];             /* of the values */
} wp_solution;

/* By prices alone, from a result: the amount of unit value `name` ("operation", "hub.visit"), the same in
   every year, draw and place but for what its own amounts have (their mean over draws in the first year is
   what is printed). No simulation. WP_ERR_ARGUMENT for an unknown arm or unit value, or one not in pounds;
   else errors as wp_result_digest. */
wp_status wp_solve_price(const char *result_path, const wp_solve_target *target, const char *name,
                         wp_solution *solution, wp_error *err);

/* By simulation: parameter `name`, a single number, searched from `from` to `to` (in its own unit, either may
   be the larger). It takes the same value in all draws; all else, chance included, is as in the run that
   `options` ask for, so every run has the same lives but for what the parameter changes (Brent's method). Set
   the end of the search so that the saving rises or falls all the way. Values are found to a thousandth of
   the range. WP_ERR_ARGUMENT for an unknown arm or parameter, a table, formula or counts; else errors as
   wp_run. */
wp_status wp_solve_parameter(const wp_scenario *scenario, const wp_run_options *options,
                             const wp_solve_target *target, const char *name, double from, double to,
                             wp_solution *solution, wp_error *err);

/* Prints a solution for `name` as sentences, to four figures, or as one JSON object, unrounded. */
void wp_solution_print(const wp_solution *solution, const char *name, const wp_solve_target *target, FILE *out);
void wp_solution_print_json(const wp_solution *solution, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
