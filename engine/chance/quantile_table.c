/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standardised quantiles. All laws but the gamma have closed forms in wp_log and wp_exp; the
   gamma's is a cubic Hermite table of r(z) = log q - log(u)/shape over z = logit(u). r is smooth
   and bounded: constant in the lower tail, where q is a power of u, and growing as log z in the
   upper. */
#include "chance/quantile_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/elementary.h"
#include "chance/normal_quantile.h"
#include "chance/round24.h"
#include "chance/tail_quantile.h"

/* logit(2^-53) is -36.74. */
static const double logit_max = 36.75;

enum { INTERVALS_FIRST = 256, INTERVALS_LAST = 1 << 16 };

/* Largest error of log q allowed half way between two nodes, of which their rounding to 24 bits
   makes at most 2.4e-7, as |r| < 8. */
static const double tolerance = 5e-7;

static wp_status check_range(double value, double low, double high, const char *what, wp_error *err)
{
    if (value >= low && value <= high) { return WP_OK; }
    return wp_fail(err, WP_ERR_ARGUMENT, "%s is %g; it must be %g to %g", what, value, low, high);
}

/* r and its slope dr/dz at logit `z`. d(log q)/dz = u (1-u) / (x f(x)). */
static wp_status gamma_node(double shape, double z, double *r, double *slope, wp_error *err)
{
    wp_log_odds_point point = wp_point_from_logit(z);
    double log_x;
    wp_status status = wp_gamma_log_quantile(shape, point, &log_x, err);
    if (status != WP_OK) { return status; }
    double log_density = shape * log_x - exp(log_x) - lgamma(shape);
    *r = log_x - log(shape) - point.log_u / shape;
    *slope = exp(point.log_u + point.log_v - log_density) - exp(point.log_v) / shape;
    return WP_OK;
}

static double hermite(const float *nodes, double t)
{
    double left = (double)nodes[0], left_slope = (double)nodes[1];
    double right = (double)nodes[2], right_slope = (double)nodes[3];
    double rise = right - left;
    double c = 3.0 * rise - 2.0 * left_slope - right_slope;
    double d = left_slope + right_slope - 2.0 * rise;
    return left + t * (left_slope + t * (c + t * d));
}

static double gamma_at(const wp_quantile_table *table, double u)
{
    double log_u = wp_log(u);
    double z = log_u - wp_log(1.0 - u);
    double position = (z + logit_max) * table->nodes_per_logit;
    if (!(position > 0.0)) { position = 0.0; }
    size_t i = (size_t)position;
    if (i > table->n_nodes - 2) { i = table->n_nodes - 2; }
    double r = hermite(table->nodes + 2 * i, position - (double)i);
    return wp_exp(r + log_u * table->per_shape);
}

/* Fills the nodes (slopes times the interval), and measures the largest error half way between. */
static wp_status gamma_fill(wp_quantile_table *table, double *worst, wp_error *err)
{
    wp_status status = WP_OK;
    double step = 1.0 / table->nodes_per_logit;
    for (size_t i = 0; i < table->n_nodes; i++) {
        double r, slope;
        WP_TRY(gamma_node(table->shape, (double)i * step - logit_max, &r, &slope, err));
        table->nodes[2 * i] = wp_round24(r);
        table->nodes[2 * i + 1] = wp_round24(slope * step);
    }
    *worst = 0.0;
    for (size_t i = 0; i + 1 < table->n_nodes; i++) {
        double r, slope;
        WP_TRY(gamma_node(table->shape, ((double)i + 0.5) * step - logit_max, &r, &slope, err));
        double error = fabs(hermite(table->nodes + 2 * i, 0.5) - r);
        if (!(error <= *worst)) { *worst = error; }
    }
out:
    return status;
}

wp_status wp_quantile_table_init_gamma(wp_quantile_table *table, double shape, wp_error *err)
{
    *table = (wp_quantile_table){0};
    wp_status status = WP_OK;
    WP_TRY(check_range(shape, 0.06, 1e9, "the shape of a gamma distribution", err));
    table->kind = WP_QUANTILE_GAMMA;
    table->shape = (double)wp_round24(shape);
    table->per_shape = 1.0 / table->shape;
    for (size_t n = INTERVALS_FIRST;; n *= 2) {
        free(table->nodes);
        table->n_nodes = n + 1;
        table->nodes_per_logit = (double)n / (2.0 * logit_max);
        table->nodes = wp_calloc_array(table->n_nodes, 2 * sizeof *table->nodes);
        WP_TRY_ALLOC(table->nodes);
        double worst;
        WP_TRY(gamma_fill(table, &worst, err));
        if (worst <= tolerance) { break; }
        if (n == INTERVALS_LAST) {
            status = wp_fail(err, WP_ERR_NUMERIC,
                             "a gamma distribution of shape %g cannot be tabulated (error %.2g)",
                             shape, worst);
            goto out;
        }
    }
out:
    if (status != WP_OK) { wp_quantile_table_free(table); }
    return status;
}

wp_status wp_quantile_table_init_lognormal(wp_quantile_table *table, double cv, wp_error *err)
{
    *table = (wp_quantile_table){0};
    wp_status status = check_range(cv, 1e-6, 100.0, "the cv of a lognormal distribution", err);
    if (status != WP_OK) { return status; }
    double rounded = (double)wp_round24(cv);
    table->kind = WP_QUANTILE_LOGNORMAL;
    table->shape = sqrt(wp_log1p(rounded * rounded));
    table->shift = -0.5 * (table->shape * table->shape);
    return WP_OK;
}

wp_status wp_quantile_table_init_weibull(wp_quantile_table *table, double shape, wp_error *err)
{
    *table = (wp_quantile_table){0};
    wp_status status = check_range(shape, 0.05, 1e3, "the shape of a Weibull distribution", err);
    if (status != WP_OK) { return status; }
    table->kind = WP_QUANTILE_WEIBULL;
    table->shape = (double)wp_round24(shape);
    table->per_shape = 1.0 / table->shape;
    return WP_OK;
}

wp_status wp_quantile_table_init_exponential(wp_quantile_table *table, wp_error *err)
{
    (void)err;
    *table = (wp_quantile_table){.kind = WP_QUANTILE_EXPONENTIAL};
    return WP_OK;
}

wp_status wp_quantile_table_init_fixed(wp_quantile_table *table, wp_error *err)
{
    (void)err;
    *table = (wp_quantile_table){.kind = WP_QUANTILE_FIXED};
    return WP_OK;
}

static int float_compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

wp_status wp_quantile_table_init_empirical(wp_quantile_table *table, const double *values, size_t n,
                                           wp_error *err)
{
    *table = (wp_quantile_table){0};
    wp_status status = WP_OK;
    if (n == 0) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "an empirical distribution needs a value");
        goto out;
    }
    table->kind = WP_QUANTILE_EMPIRICAL;
    table->n_nodes = n;
    table->nodes = wp_calloc_array(n, sizeof *table->nodes);
    WP_TRY_ALLOC(table->nodes);
    for (size_t i = 0; i < n; i++) {
        WP_TRY(check_range(values[i], 0.0, 1e38, "a value of an empirical distribution", err));
        table->nodes[i] = wp_round24(values[i]);
    }
    qsort(table->nodes, n, sizeof *table->nodes, float_compare);
out:
    if (status != WP_OK) { wp_quantile_table_free(table); }
    return status;
}

static double empirical_at(const wp_quantile_table *table, double u)
{
    double position = u * (double)table->n_nodes;
    size_t i = (size_t)position;
    if (i > 0 && (double)i == position) { i--; }
    return (double)table->nodes[i < table->n_nodes ? i : table->n_nodes - 1];
}

static double broken_at(const wp_quantile_table *table, double u)
{
    size_t low = 0, high = table->n_nodes - 1; /* the share at `high` is 1, at least u */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if ((double)table->nodes[2 * middle + 1] < u) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const double x = low == 0 ? 0.0 : (double)table->nodes[2 * low - 2];
    const double below = low == 0 ? 0.0 : (double)table->nodes[2 * low - 1];
    const double share = (double)table->nodes[2 * low + 1] - below;
    return share > 0.0 ? x + ((double)table->nodes[2 * low] - x) * ((u - below) / share) : x;
}

double wp_quantile_table_at(const wp_quantile_table *table, double u)
{
    switch (table->kind) {
    case WP_QUANTILE_FIXED:
        return 1.0;
    case WP_QUANTILE_EXPONENTIAL:
        return -wp_log1p(-u);
    case WP_QUANTILE_WEIBULL:
        return wp_exp(table->per_shape * wp_log(-wp_log1p(-u)));
    case WP_QUANTILE_LOGNORMAL:
        return wp_exp(table->shape * wp_normal_quantile(u) + table->shift);
    case WP_QUANTILE_GAMMA:
    case WP_QUANTILE_TABULATED:
        return gamma_at(table, u);
    case WP_QUANTILE_UNIFORM:
        return u;
    case WP_QUANTILE_BROKEN:
        return broken_at(table, u);
    case WP_QUANTILE_EMPIRICAL:
        return empirical_at(table, u);
    }
    return 1.0;
}

double wp_quantile_table_share(const wp_quantile_table *table, double value)
{
    double low = 0.0, high = 1.0;
    for (int k = 0; k < 53; k++) {
        const double middle = 0.5 * (low + high);
        if (wp_quantile_table_at(table, middle) <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low == 1.0 - 0x1p-53 ? 1.0 : low;
}

static double broken_mean(const wp_quantile_table *table)
{
    double sum = 0.0, x = 0.0, share = 0.0;
    for (size_t i = 0; i < table->n_nodes; i++) {
        sum += 0.5 * (x + (double)table->nodes[2 * i]) * ((double)table->nodes[2 * i + 1] - share);
        x = (double)table->nodes[2 * i];
        share = (double)table->nodes[2 * i + 1];
    }
    return sum;
}

double wp_quantile_table_mean(const wp_quantile_table *table)
{
    if (table->kind == WP_QUANTILE_UNIFORM) { return 0.5; }
    if (table->kind == WP_QUANTILE_TABULATED) { return table->shift; }
    if (table->kind == WP_QUANTILE_BROKEN) { return broken_mean(table); }
    if (table->kind == WP_QUANTILE_WEIBULL) {
        return (double)wp_round24(tgamma(1.0 + table->per_shape));
    }
    if (table->kind != WP_QUANTILE_EMPIRICAL) { return 1.0; }
    double sum = 0.0;
    for (size_t i = 0; i < table->n_nodes; i++) { sum += (double)table->nodes[i]; }
    return sum / (double)table->n_nodes;
}

void wp_quantile_table_free(wp_quantile_table *table)
{
    free(table->nodes);
    *table = (wp_quantile_table){0};
}
