/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nested design: draws of the parameters outside, replicates of the lives (or random groups of lineages)
   inside; several figures at once, so that differences between them are right too. */
#ifndef WP_UNCERTAINTY_NESTED_H
#define WP_UNCERTAINTY_NESTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { WP_MIN_T_REPLICATES = 10 };

/* Lineages in random groups, for the noise of a single replicate. `sizes`, founding lineages of each group,
   tells groups' being larger or smaller by chance from noise: what everyone costs the same has none. NULL: of
   one size. At least 3 groups. */
typedef struct wp_batches {
    int n;
    const double *values;      /* [figure][draw][replicate][n]; their sums over groups are the values */
    const int64_t *sizes;      /* [n] or NULL */
} wp_batches;

/* Figures in each draw and replicate: values[figure][draw][replicate]. `batches` may be NULL. Borrowed. */
typedef struct wp_nested_sample {
    int n_figures, n_draws, n_replicates;
    const double *values;
    const wp_batches *batches;
} wp_nested_sample;

/* What the sample says. Covariances are [n_figures][n_figures]. */
typedef struct wp_nested {
    wp_arena arena;
    int n_figures, n_draws, n_replicates;
    double *mean;              /* [figure] over all draws and replicates */
    double *between;           /* over draws, noise removed: (MSB - MSW) / replicates, nowhere negative */
    double *within;            /* of one replicate of one draw; NAN where it cannot be told */
    double *naive;             /* over draws' means, noise included */
    double degrees;            /* of freedom of `within` */
    bool is_by_batches;        /* the noise was told from batches */
    bool is_floored;           /* more noise was removed than there was variance, in some direction */
    double *draws;             /* [draw][figure]: means of draws with the noise shrunk away, so that their
                                  covariance is `between`; for percentiles, chances and EVPI */
} wp_nested;

/* Analysis of variance with the noise of the lives taken out (O'Hagan, Stevenson and Madan 2007, Health
   Economics 16:1009). Noise comes from replicates where there are two or more (with one draw:
   WP_MIN_T_REPLICATES or more), else from batches; where neither can say, `within` is NAN and nothing is
   removed. With one draw `between` is 0. Where a value is NAN, so is what is made of it, and no noise is
   removed. WP_ERR_ARGUMENT without a figure, draw or replicate; WP_ERR_MEMORY. Free in any case. */
wp_status wp_nested_init(wp_nested *nested, const wp_nested_sample *sample, wp_error *err);
void wp_nested_free(wp_nested *nested);

/* Variance of the mean of figure `f` that is owed to simulating so few people and replicates in these
   draws. */
double wp_nested_noise_variance(const wp_nested *nested, int f);

#endif
