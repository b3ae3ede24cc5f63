/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a choice between options is worth knowing better: acceptability, and the value of information. */
#ifndef WP_UNCERTAINTY_INFORMATION_H
#define WP_UNCERTAINTY_INFORMATION_H

#include <wholeplace/error.h>

/* Net benefits are benefits[draw][option], noise removed (wp_nested), of all options that there are: a choice
   between doing nothing and something has two, of which the first is 0 in each draw. */

/* Mean over draws of the best option's benefit, less the benefit of the option that is best on the mean: what
   perfect knowledge of every parameter would be worth. Not below 0. */
double wp_evpi(const double *benefits, int n_draws, int n_options);

/* The option with the highest mean; the first of equals. */
int wp_best_option(const double *benefits, int n_draws, int n_options);

/* Share of draws in which each option has the highest benefit (equals share), and the mean lost by choosing
   it instead of the draw's best: shares[option], losses[option]; either may be NULL. The least loss is the
   EVPI. */
void wp_acceptability(const double *benefits, int n_draws, int n_options, double *shares, double *losses);

/* The chance that each option is best, the first having a benefit of 0 in each draw: shares of draws;
   between two options, with fewer than WP_MIN_PERCENTILE_DRAWS draws, by Student's t, as the chance of
   saving is (wp_chance_over_zero). NAN with one draw. shares[option]. */
void wp_chances_best(const double *benefits, int n_draws, int n_options, double *shares);

/* What perfect knowledge of one parameter would be worth, by regression of each option's benefit on it
   (Strong, Oakley and Brennan 2014, Medical Decision Making 34:311): x[draw]; `benefits` may hold the noise
   of the lives, which averages out. `se` is the standard error from what the curves leave open, by simulation
   with fixed numbers; NULL where it is not wanted. A parameter with fewer than 3 values is worth 0.
   WP_ERR_NUMERIC; WP_ERR_MEMORY. */
wp_status wp_evppi(const double *x, const double *benefits, int n_draws, int n_options, double *value,
                   double *se, wp_error *err);

#endif
