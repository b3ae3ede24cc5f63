/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The equilibrium law of a spell's age. It has simple forms for fixed (uniform), exponential (itself) and
   empirical (straight pieces) spells; the others are tabulated like the gamma, as r(z) = log q - log u over
   z = logit(u), which is bounded below because the density is highest at 0. */
#include "chance/equilibrium_table.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/round24.h"
#include "chance/tail_quantile.h"

/* As in quantile_table.c. */
static const double logit_max = 36.75, tolerance = 5e-7;

enum { INTERVALS_FIRST = 256, INTERVALS_LAST = 1 << 16, ITERATIONS_MAX = 200 };

/* The law at one time: share of ages below, above, and the density. */
typedef struct law_point { double below, above, density; } law_point;

/* With x the logarithm of the time t. Gamma: integral of S to t is t Q(k, kt) + P(k + 1, kt), as the first
   partial moment of a gamma is a gamma of one shape more. */
static law_point gamma_point(double k, double x)
{
    const double t = exp(x), y = k * t, s = gsl_sf_gamma_inc_Q(k, y);
    const double rest = exp(k * (log(k) + x) - y - lgamma(k + 1.0));
    return (law_point){t * s + gsl_sf_gamma_inc_P(k + 1.0, y), (1.0 - t) * s + rest, s};
}

/* Mean 1, so log X is normal around -sigma^2/2; the first partial moment is that of one around +sigma^2/2. */
static law_point lognormal_point(double sigma, double x)
{
    const double w = x / sigma - 0.5 * sigma, t = exp(x), s = gsl_cdf_ugaussian_Q(w + sigma);
    return (law_point){t * s + gsl_cdf_ugaussian_P(w), gsl_cdf_ugaussian_Q(w) - t * s, s};
}

/* The integral of exp(-t^a) is an incomplete gamma function of shape 1/a at t^a; near 0 it is t, also where t^a is
   too small for a number. */
static law_point weibull_point(double a, double x)
{
    const double y = exp(a * x), per_mean = exp(-lgamma(1.0 + 1.0 / a));
    const double below = y < 1e-12 ? exp(x) * per_mean : gsl_sf_gamma_inc_P(1.0 / a, y);
    return (law_point){below, gsl_sf_gamma_inc_Q(1.0 / a, y), exp(-y) * per_mean};
}

static law_point point_at(const wp_quantile_table *spell, double x)
{
    switch (spell->kind) {
    case WP_QUANTILE_GAMMA: return gamma_point(spell->shape, x);
    case WP_QUANTILE_LOGNORMAL: return lognormal_point(spell->shape, x);
    default: return weibull_point(spell->shape, x);
    }
}

/* log q at logit `z`, by Newton's method on the logarithm of the nearer tail, kept inside a bracket; *x holds a
   first guess. */
static bool solve(const wp_quantile_table *spell, double z, double *x)
{
    const wp_log_odds_point target = wp_point_from_logit(z);
    double low = -100.0, high = 200.0;
    for (int k = 0; k < ITERATIONS_MAX; k++) {
        const law_point p = point_at(spell, *x);
        const double tail = z <= 0.0 ? p.below : p.above;
        const double excess = z <= 0.0 ? log(p.below) - target.log_u : target.log_v - log(p.above);
        if (!(excess < 0.0)) { /* also where the tail above is nothing */
            high = *x;
        } else {
            low = *x;
        }
        double next = *x - excess * tail / (p.density * exp(*x));
        if (!(next > low && next < high)) { next = 0.5 * (low + high); }
        if (fabs(next - *x) <= 1e-12 * (1.0 + fabs(*x)) || high - low < 1e-13 * (1.0 + fabs(*x))) {
            return true;
        }
        *x = next;
    }
    return false;
}

static wp_status node_at(const wp_quantile_table *spell, double z, double *x, double *r, double *slope,
                         wp_error *err)
{
    if (!solve(spell, z, x)) {
        return wp_fail(err, WP_ERR_NUMERIC,
                       "the equilibrium of a distribution of shape %g cannot be computed", spell->shape);
    }
    const wp_log_odds_point target = wp_point_from_logit(z);
    *r = *x - target.log_u;
    *slope = exp(target.log_u + target.log_v - log(point_at(spell, *x).density) - *x) - exp(target.log_v);
    return WP_OK;
}

/* Fills the nodes and measures the largest error half way between. */
static wp_status fill(wp_quantile_table *table, const wp_quantile_table *spell, double *worst, wp_error *err)
{
    wp_status status = WP_OK;
    const double step = 1.0 / table->nodes_per_logit;
    double x = -logit_max, r, slope, last = 0.0, last_slope = 0.0;
    *worst = 0.0;
    for (size_t i = 0; i < table->n_nodes; i++) {
        const double z = (double)i * step - logit_max;
        if (i > 0) {
            WP_TRY(node_at(spell, z - 0.5 * step, &x, &r, &slope, err));
            const double middle = r;
            WP_TRY(node_at(spell, z, &x, &r, &slope, err));
            const double guess = 0.5 * (last + r) + 0.125 * step * (last_slope - slope);
            if (!(fabs(guess - middle) <= *worst)) { *worst = fabs(guess - middle); }
        } else {
            WP_TRY(node_at(spell, z, &x, &r, &slope, err));
        }
        last = r;
        last_slope = slope;
        table->nodes[2 * i] = wp_round24(r);
        table->nodes[2 * i + 1] = wp_round24(slope * step);
    }
out:
    return status;
}

/* The mean of the age: half the second moment over the mean. */
static double mean_age(const wp_quantile_table *spell)
{
    switch (spell->kind) {
    case WP_QUANTILE_GAMMA: return 0.5 + 0.5 / spell->shape;
    case WP_QUANTILE_LOGNORMAL: return 0.5 * exp(spell->shape * spell->shape);
    default: return 0.5 * exp(lgamma(1.0 + 2.0 / spell->shape) - lgamma(1.0 + 1.0 / spell->shape));
    }
}

static wp_status tabulate(wp_quantile_table *table, const wp_quantile_table *spell, wp_error *err)
{
    wp_status status = WP_OK;
    *table = (wp_quantile_table){.kind = WP_QUANTILE_TABULATED, .shape = 1.0, .per_shape = 1.0};
    table->shift = (double)wp_round24(mean_age(spell));
    for (size_t n = INTERVALS_FIRST;; n *= 2) {
        double worst = 0.0;
        free(table->nodes);
        table->n_nodes = n + 1;
        table->nodes_per_logit = (double)n / (2.0 * logit_max);
        table->nodes = wp_calloc_array(table->n_nodes, 2 * sizeof *table->nodes);
        WP_TRY_ALLOC(table->nodes);
        WP_TRY(fill(table, spell, &worst, err));
        if (worst <= tolerance) { break; }
        if (n == INTERVALS_LAST) {
            status = wp_fail(err, WP_ERR_NUMERIC,
                             "the equilibrium of a distribution of shape %g cannot be tabulated (error %.2g)",
                             spell->shape, worst);
            goto out;
        }
    }
out:
    return status;
}

/* S falls by 1/n at each value, so the integral of S is made of straight pieces. */
static wp_status join_values(wp_quantile_table *table, const wp_quantile_table *spell, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = spell->n_nodes;
    const double mean = wp_quantile_table_mean(spell);
    double integral = 0.0, before = 0.0;
    if (!(mean > 0.0)) {
        return wp_fail(err, WP_ERR_ARGUMENT, "an empirical distribution of nothing but 0 has no equilibrium");
    }
    *table = (wp_quantile_table){.kind = WP_QUANTILE_BROKEN, .n_nodes = n};
    table->nodes = wp_calloc_array(n, 2 * sizeof *table->nodes);
    WP_TRY_ALLOC(table->nodes);
    for (size_t i = 0; i < n; i++) {
        const double value = (double)spell->nodes[i];
        integral += (value - before) * (double)(n - i) / (double)n;
        table->nodes[2 * i] = spell->nodes[i];
        table->nodes[2 * i + 1] = i + 1 == n ? 1.0f : wp_round24(fmin(integral / mean, 1.0));
        before = value;
    }
out:
    return status;
}

wp_status wp_quantile_table_init_equilibrium(wp_quantile_table *table, const wp_quantile_table *spell,
                                             wp_error *err)
{
    wp_status status = WP_OK;
    *table = (wp_quantile_table){0};
    switch (spell->kind) {
    case WP_QUANTILE_FIXED: table->kind = WP_QUANTILE_UNIFORM; break;
    case WP_QUANTILE_EXPONENTIAL: table->kind = WP_QUANTILE_EXPONENTIAL; break;
    case WP_QUANTILE_EMPIRICAL: WP_TRY(join_values(table, spell, err)); break;
    default: WP_TRY(tabulate(table, spell, err)); break;
    }
out:
    if (status != WP_OK) { wp_quantile_table_free(table); }
    return status;
}
