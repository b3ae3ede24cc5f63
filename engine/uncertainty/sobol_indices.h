/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol indices: the share of a figure's variance that each input explains, alone and with all others. */
#ifndef WP_UNCERTAINTY_SOBOL_INDICES_H
#define WP_UNCERTAINTY_SOBOL_INDICES_H

#include <wholeplace/error.h>

/* A figure at two independent samples A and B of all inputs, and at A with input i taken from B. `mixed`
   [input][n]. Rows share the keys of the lives, so that noise cancels; where they do not, `noise_variance` is
   that of one value, and is removed (0 otherwise). */
typedef struct wp_sobol_sample {
    int n_inputs, n;
    const double *a, *b, *mixed;
    double noise_variance;
} wp_sobol_sample;

/* Index with a 95 % interval by bootstrap over rows. */
typedef struct wp_sobol_index {
    double first, first_low, first_high;
    double total, total_low, total_high;
} wp_sobol_index;

/* indices[n_inputs]. First order by mean(f(B) (f(AB) - f(A))) / V, with f about its mean (Saltelli et al.
   2010, Computer Physics Communications 181:259), total by mean((f(A) - f(AB))^2) / 2V (Jansen 1999, ibid.
   117:35); V over A and B together. NAN where nothing varies. The bootstrap's numbers are fixed.
   WP_ERR_ARGUMENT with fewer than 2 rows; WP_ERR_MEMORY. */
wp_status wp_sobol_indices(const wp_sobol_sample *sample, wp_sobol_index *indices, wp_error *err);

#endif
