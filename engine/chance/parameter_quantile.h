/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameter draws: the quantile of a stated distribution at one uniform, never by rejection. */
#ifndef WP_CHANCE_PARAMETER_QUANTILE_H
#define WP_CHANCE_PARAMETER_QUANTILE_H

#include <stddef.h>

#include <wholeplace/error.h>

/* Makes GSL report failures to its caller instead of ending the process, for the whole process.
   Every entry to the library calls it once, before threads start; again does no harm. */
void wp_chance_init(void);

/* How a scenario states the width of a distribution whose `mean` (or median) it gives. */
typedef enum wp_spread_form {
    WP_SPREAD_SD,         /* first: standard deviation */
    WP_SPREAD_CV,         /* first: sd over |mean| */
    WP_SPREAD_INTERVAL95, /* first, second: 2.5 % and 97.5 % quantiles */
    WP_SPREAD_RANGE       /* first, second: lowest and highest possible (uniform and pert) */
} wp_spread_form;

typedef struct wp_spread {
    wp_spread_form form;
    double first, second;
} wp_spread;

/* All: `u` in (0, 1) (else WP_ERR_ARGUMENT); the result in `value` is rounded to 24 bits and is
   increasing in u. WP_ERR_ARGUMENT with one sentence when the numbers cannot be: not finite, low
   not below high, mean outside the support, a spread not above 0, a form the distribution has not.
   WP_ERR_NUMERIC when GSL fails. `value` is untouched on failure (shares are not). Thread-safe.
   `at_median` says that the scenario's `mean` is the median (value_is: median). */

/* Normal. interval95 gives sd = (high - low) / (2 * 1.96) and must contain `mean`. */
wp_status wp_quantile_normal(double mean, wp_spread spread, double u, double *value, wp_error *err);

/* Lognormal, mean > 0. sd, cv: of the variable itself. interval95: sigma = ln(high/low) / (2
   * 1.96) (Briggs, Claxton and Sculpher 2006, ch. 4). The location is ln(mean) - sigma^2/2, or
   ln(mean) at the median. */
wp_status wp_quantile_lognormal(double mean, wp_spread spread, int at_median, double u,
                                double *value, wp_error *err);

/* Gamma, mean > 0: shape (mean/sd)^2, scale sd^2/mean. interval95: sd = (high - low) / (2 * 1.96).
 */
wp_status wp_quantile_gamma(double mean, wp_spread spread, double u, double *value, wp_error *err);

/* Beta, 0 < mean < 1: a = mean t, b = (1 - mean) t, t = mean (1 - mean) / sd^2 - 1, which must be
   above 0. interval95: sd = (high - low) / (2 * 1.96), 0 <= low, high <= 1. */
wp_status wp_quantile_beta(double mean, wp_spread spread, double u, double *value, wp_error *err);

/* Uniform with the given mean: range needs mean = (low + high) / 2 to 1e-6 of the width; sd, cv
   give half width sqrt(3) sd; interval95 covers the middle 95 % of the width and must be centred
   too. */
wp_status wp_quantile_uniform(double mean, wp_spread spread, double u, double *value,
                              wp_error *err);

/* PERT, the beta on [low, high] (range only) with a + b = 6 whose mean is `mean`: mode = (6 mean -
   low - high) / 4 must lie in [low, high] (Malcolm et al. 1959; weight 4). */
wp_status wp_quantile_pert(double mean, wp_spread spread, double u, double *value, wp_error *err);

/* Dirichlet of parameters `counts[n]` (n >= 2, each above 0): gammas by inverse CDF of `u[n]`, one
   uniform each, over their sum. `shares[n]` each rounded to 24 bits; they add up to 1 to n 2^-25.
 */
wp_status wp_quantile_dirichlet(const double *counts, size_t n, const double *u, double *shares,
                                wp_error *err);

#endif
