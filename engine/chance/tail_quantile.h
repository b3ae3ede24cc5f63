/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of gamma and beta, exact to near double precision far into both tails. They call GSL:
   wp_chance_init comes first. */
#ifndef WP_CHANCE_TAIL_QUANTILE_H
#define WP_CHANCE_TAIL_QUANTILE_H

#include <wholeplace/error.h>

/* The logarithms of u and of 1 - u, so that neither tail loses digits. */
typedef struct wp_log_odds_point {
    double log_u, log_v;
} wp_log_odds_point;

/* The point of `u` in (0, 1), and of the u whose logit is `z`. */
wp_log_odds_point wp_point_from_uniform(double u);
wp_log_odds_point wp_point_from_logit(double z);

/* log x with P(X <= x) = u for X gamma of `shape` (1e-6 to 1e9) and scale 1, u from e^-40 to
   1 - e^-40. Relative error of x below 1e-10. The last bits differ between machines: round. Fails
   with WP_ERR_NUMERIC when the iteration does not settle or GSL reports a failure. */
wp_status wp_gamma_log_quantile(double shape, wp_log_odds_point point, double *log_x,
                                wp_error *err);

/* x with P(X <= x) = u for X beta of `a`, `b` (each 1e-6 to 1e9). As above, with a
   relative error of the smaller of x and 1 - x below 1e-7 where both parameters exceed 1e4; x of
   1e-299 and less counts as 0. */
wp_status wp_beta_quantile(double a, double b, wp_log_odds_point point, double *x, wp_error *err);

#endif
