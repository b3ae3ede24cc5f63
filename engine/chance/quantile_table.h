/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations and multipliers by inverse CDF: one uniform in, one standardised quantile out. */
#ifndef WP_CHANCE_QUANTILE_TABLE_H
#define WP_CHANCE_QUANTILE_TABLE_H

#include <stddef.h>

#include <wholeplace/error.h>

typedef enum wp_quantile_kind {
    WP_QUANTILE_FIXED = 0,
    WP_QUANTILE_EXPONENTIAL,
    WP_QUANTILE_WEIBULL,
    WP_QUANTILE_LOGNORMAL,
    WP_QUANTILE_GAMMA,
    WP_QUANTILE_EMPIRICAL,
    WP_QUANTILE_UNIFORM,   /* the three are made by equilibrium_table.h: on (0, 1), */
    WP_QUANTILE_TABULATED, /* by its nodes, as the gamma with shape 1, */
    WP_QUANTILE_BROKEN     /* straight between its nodes */
} wp_quantile_kind;

/* Read-only once made, then safe for any number of threads. All zero is a valid table: fixed at 1.
   The members are the table's own. */
typedef struct wp_quantile_table {
    wp_quantile_kind kind;
    double shape;     /* gamma, Weibull: shape; lognormal: sigma of the logarithm */
    double per_shape; /* 1 / shape */
    double shift;     /* lognormal: -sigma^2 / 2; tabulated: the mean */
    double nodes_per_logit;
    size_t n_nodes; /* gamma, tabulated: nodes of the interpolation; empirical, broken: number of values */
    float *nodes;   /* gamma, tabulated [n_nodes][2]: value, slope; empirical [n_nodes], ascending;
                       broken [n_nodes][2]: value and share up to it, both ascending */
} wp_quantile_table;

/* Each makes the table in `table`, whose former content is not looked at. Shapes and cv are
   rounded to 24 bits first. All fail with WP_ERR_ARGUMENT for a parameter that is not finite or
   outside the stated range, WP_ERR_MEMORY, WP_ERR_NUMERIC. After a failure `table` is all zero. */

/* Calls GSL: wp_chance_init comes first. Takes 1 to 12 ms.
   Gamma of mean 1: shape 0.06 to 1e9 (cv = 1 / sqrt(shape)). */
wp_status wp_quantile_table_init_gamma(wp_quantile_table *table, double shape, wp_error *err);

/* Lognormal of mean 1: cv 1e-6 to 100. */
wp_status wp_quantile_table_init_lognormal(wp_quantile_table *table, double cv, wp_error *err);

/* Weibull of scale 1, S(t) = exp(-t^shape): shape 0.05 to 1e3. Its mean is Gamma(1 + 1/shape). */
wp_status wp_quantile_table_init_weibull(wp_quantile_table *table, double shape, wp_error *err);

/* Exponential of mean 1. */
wp_status wp_quantile_table_init_exponential(wp_quantile_table *table, wp_error *err);

/* Always 1. */
wp_status wp_quantile_table_init_fixed(wp_quantile_table *table, wp_error *err);

/* The inverse of the step function of `values[n]` (n >= 1, each finite and not below 0; any order;
   copied): u in ((i-1)/n, i/n] gives the i-th smallest. In the values' own unit, not
   standardised; each is rounded to 24 bits. */
wp_status wp_quantile_table_init_empirical(wp_quantile_table *table, const double *values, size_t n,
                                           wp_error *err);

/* The quantile at `u` in (0, 1); not decreasing in u but for the last bits. The same bits on every
   machine: only + - * /, sqrt, and wp_log, wp_exp. The gamma's relative error is below 1e-6 for u
   in [2^-53, 1 - 2^-53]. */
double wp_quantile_table_at(const wp_quantile_table *table, double u);

/* The largest u whose quantile is not above `value`, to 2^-53 (0 where there is none): P(X <= value), from the
   quantiles alone, so with the same bits on every machine. */
double wp_quantile_table_share(const wp_quantile_table *table, double value);

/* The mean of the distribution: 1 for fixed, exponential, lognormal and gamma. */
double wp_quantile_table_mean(const wp_quantile_table *table);

/* Legal after a failed init, on an all-zero table, and twice. */
void wp_quantile_table_free(wp_quantile_table *table);

#endif
