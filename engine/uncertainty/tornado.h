/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an answer hinges on: each parameter's swing of the saving, the value at which it switches, its
   share. */
#ifndef WP_UNCERTAINTY_TORNADO_H
#define WP_UNCERTAINTY_TORNADO_H

#include <wholeplace/error.h>

/* One parameter: expected saving where it lies at the 2.5 and 97.5 percentiles of its draws, the others
   varying as they do. */
typedef struct wp_tornado_bar {
    int parameter;
    double low, high;          /* percentiles of the parameter */
    double at_low, at_high;    /* expected saving there */
    double switching;          /* value within its draws at which the expected saving is 0; NAN: none is */
    double share;              /* of the saving's variance between draws that it explains alone (first-order
                                  Sobol index by regression); adjusted for the curve's freedom, 0 to 1 */
    double half_width_known;   /* of the saving's 95 % interval if it were known: z sd sqrt(1 - share) */
} wp_tornado_bar;

enum { WP_MIN_CURVE_DRAWS = 30 }; /* fewer cannot tell one parameter's curve from the others' scatter */

/* Bars of all of `n_parameters` parameters that vary, in order of swing, into bars[n_parameters]; `n_bars`
   says how many. values[draw][n_parameters]; savings[draw] may hold the noise of the lives, which averages
   out of curves; between_variance is without it. All draws use the same chance, so no run is needed for a
   bar. n_bars is 0 with fewer than WP_MIN_CURVE_DRAWS draws. WP_ERR_NUMERIC; WP_ERR_MEMORY. */
wp_status wp_tornado(const double *values, int n_parameters, const double *savings, int n_draws,
                     double between_variance, wp_tornado_bar *bars, int *n_bars, wp_error *err);

#endif
