/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals: what a run's figure is, and how sure: noise of simulating (shrinks with computing) beside not
   knowing the parameters (does not). */
#ifndef WP_UNCERTAINTY_INTERVAL_H
#define WP_UNCERTAINTY_INTERVAL_H

#include <stdbool.h>

#include <wholeplace/error.h>

#include "uncertainty/nested.h"

typedef enum wp_interval_method {
    WP_INTERVAL_NONE,          /* one draw, fewer than 10 replicates, no batches: nothing can be said */
    WP_INTERVAL_BATCHES,       /* one draw: lineages in random groups */
    WP_INTERVAL_REPLICATES,    /* one draw, 10 replicates or more: t over replicates */
    WP_INTERVAL_T_DRAWS,       /* 2 to 39 draws: t over draws */
    WP_INTERVAL_PERCENTILES    /* 40 draws or more: percentiles of draws */
} wp_interval_method;

enum { WP_MIN_PERCENTILE_DRAWS = 40 };

/* `mean` is over all draws and replicates. `low`, `high`: 95 % interval for what the figure is, given what is
   known of the parameters, noise of the lives removed; NAN with one draw. `noise`: half-width of the 95 %
   interval of the mean that is owed to simulating so few people, replicates and draws; NAN when it cannot be
   told. */
typedef struct wp_interval {
    double mean, low, high, noise;
    double between_variance;   /* over draws, noise removed (O'Hagan, Stevenson and Madan 2007) */
    double within_variance;    /* of one replicate of one draw */
    double mean_variance;      /* of `mean`: noise / t, squared */
    double degrees;            /* of freedom of `noise` */
    bool is_floored;           /* the noise removed was more than all variance: between is 0 */
    wp_interval_method method;
} wp_interval;

/* `values[draw][replicate]`; `batches` may be NULL. WP_ERR_ARGUMENT when there are no values;
   WP_ERR_MEMORY. */
wp_status wp_interval_estimate(const double *values, int n_draws, int n_replicates, const wp_batches *batches,
                               wp_interval *interval, wp_error *err);

/* The interval to be told: [low, high], or the mean and its noise to either side where that is all there is, since
   the run has one draw, or more noise was taken off than there was variance. Whether it is noise alone. NAN where
   nothing is known. */
bool wp_interval_ends(const wp_interval *interval, double *low, double *high);

/* That of the same figure with its sign turned: a cost as a gain. */
wp_interval wp_interval_negated(const wp_interval *interval);

/* The 97.5 % quantile of Student's t with `degrees` degrees of freedom (> 0). */
double wp_t_quantile(double degrees);

/* Fieller's interval for the ratio of two means a / b with variances and covariance of these means, at
   normal (or t) quantile z (Fieller 1954, J R Stat Soc B 16:175). False, with nothing written, when
   b^2 <= z^2 variance_b: the interval is then unbounded and a net difference should be shown instead. */
bool wp_fieller(double a, double variance_a, double b, double variance_b, double covariance, double z,
                double *low, double *high);

#endif
