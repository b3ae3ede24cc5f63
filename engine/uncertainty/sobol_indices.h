/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol indices: the share of a figure's variance that each input explains, alone and with all others. */
#ifndef WP_UNCERTAINTY_SOBOL_INDICES_H
#define WP_UNCERTAINTY_SOBOL_INDICES_H

#include <wholeplace/error.h>

/* A figure at two independent samples A and B of all inputs, and at A with input i taken from B. Each value
   is the mean of `n_parts` parts whose chance is independent (replicates, random groups of lineages); a
   part has the same chance in all rows and samples, or not: what noise there is in differences is told from
   the parts, and is removed. With one part none is told. */
typedef struct wp_sobol_sample {
    int n_inputs, n, n_parts;
    const double *a, *b;       /* [n][n_parts] */
    const double *mixed;       /* [input][n][n_parts] */
} wp_sobol_sample;

/* Index with a 95 % interval. */
typedef struct wp_sobol_index {
    double first, first_low, first_high;
    double total, total_low, total_high;
} wp_sobol_index;

/* The figure over A and B together. */
typedef struct wp_sobol_figure {
    double mean;
    double variance;           /* noise removed; 0 or less: nothing varies that can be told from noise */
    double noise;              /* what was removed */
} wp_sobol_figure;

/* Of Sobol's g-function, 95 % intervals by a bootstrap over 2, 4, 8, 16, 32 and 64 rows held the index in 56,
   80, 88, 90, 93 and 95 % of 1,600 cases: with fewer rows than this none is given. */
enum { WP_SOBOL_INTERVAL_ROWS = 16 };

/* indices[n_inputs]; `figure` may be NULL. First order by mean(f(B) (f(AB) - f(A))) / V, with f about its
   mean (Saltelli et al. 2010, Computer Physics Communications 181:259), total by mean((f(A) - f(AB))^2) /
   2V (Jansen 1999, ibid. 117:35); V over A and B together. Of each product of two values the covariance of
   their parts over the number of parts is taken off, and of V the same with what all rows share left out
   (the interaction's mean square of rows and parts), so that each is unbiased. An input that changes no
   value has indices of exactly 0. Intervals by bootstrap over rows, whose numbers are fixed; NAN with fewer
   than WP_SOBOL_INTERVAL_ROWS, and where in some of its samples nothing varies. Both are NAN where nothing varies at all. WP_ERR_ARGUMENT with fewer
   than 2 rows or no part; WP_ERR_MEMORY. */
wp_status wp_sobol_indices(const wp_sobol_sample *sample, wp_sobol_index *indices, wp_sobol_figure *figure,
                           wp_error *err);

#endif
