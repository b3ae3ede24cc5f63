/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-way sensitivity by regression over draws. */
#include "uncertainty/tornado.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/normal_quantile.h"
#include "uncertainty/spline.h"

/* Pieces of a parameter's range that are searched for a change of sign. */
enum { N_PIECES = 64 };

typedef struct curve {
    const wp_spline_basis *basis;
    const wp_spline_fit *fit;
} curve;

static double curve_at(double x, void *of)
{
    const curve *c = of;
    return wp_spline_at(c->basis, c->fit->values, x);
}

/* Brent's method between two values at which the curve has different signs. */
static wp_status find_root(curve *c, double low, double high, double *root, wp_error *err)
{
    wp_status status = WP_OK;
    gsl_function function = {.function = curve_at, .params = c};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    WP_TRY_ALLOC(solver);
    int result = gsl_root_fsolver_set(solver, &function, low, high);
    for (int i = 0; i < 100 && result == GSL_SUCCESS; i++) {
        result = gsl_root_fsolver_iterate(solver);
        double width = gsl_root_fsolver_x_upper(solver) - gsl_root_fsolver_x_lower(solver);
        if (width <= 1e-12 * (high - low)) { break; }
    }
    if (result != GSL_SUCCESS) {
        status = wp_fail(err, WP_ERR_NUMERIC, "a switching value cannot be found: %s", gsl_strerror(result));
        goto out;
    }
    *root = gsl_root_fsolver_root(solver);
out:
    if (solver != NULL) { gsl_root_fsolver_free(solver); }
    return status;
}

/* Of several the one nearest to the parameter's mean. */
static wp_status find_switching(curve *c, double *switching, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_spline_basis *b = c->basis;
    double mean = gsl_stats_mean(b->x, 1, b->n), first = b->knots[0],
           width = b->knots[b->n_knots - 1] - first;
    *switching = NAN;
    for (int i = 0; i < N_PIECES; i++) {
        double low = first + width * i / N_PIECES, high = first + width * (i + 1) / N_PIECES, root = low;
        double at_low = curve_at(low, c), at_high = curve_at(high, c);
        if (at_low * at_high > 0.0 || at_low == at_high) { continue; }
        if (at_low != 0.0) { WP_TRY(find_root(c, low, high, &root, err)); }
        if (isnan(*switching) || fabs(root - mean) < fabs(*switching - mean)) { *switching = root; }
    }
out:
    return status;
}

static wp_status make_bar(const double *x, const double *savings, int n_draws, double between_variance,
                          wp_tornado_bar *bar, wp_error *err)
{
    wp_status status = WP_OK;
    wp_spline_basis basis = {0};
    wp_spline_fit fit;
    size_t n = (size_t)n_draws;
    double *sorted = wp_calloc_array(n, sizeof *sorted);
    WP_TRY_ALLOC(sorted);
    for (size_t d = 0; d < n; d++) { sorted[d] = x[d]; }
    gsl_sort(sorted, 1, n);
    WP_TRY(wp_spline_basis_init(&basis, x, n, err));
    WP_TRY(wp_spline_fit_make(&basis, savings, 1, &fit, err));
    bar->low = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.025);
    bar->high = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.975);
    bar->at_low = wp_spline_at(&basis, fit.values, bar->low);
    bar->at_high = wp_spline_at(&basis, fit.values, bar->high);
    double explained = fit.explained * gsl_stats_variance(savings, 1, n);
    bar->share = between_variance > 0.0 ? fmin(1.0, explained / between_variance) : 0.0;
    bar->half_width_known = wp_normal_quantile(0.975) *
                            sqrt(fmax(0.0, between_variance) * (1.0 - bar->share));
    curve c = {&basis, &fit};
    WP_TRY(find_switching(&c, &bar->switching, err));
out:
    wp_spline_basis_free(&basis);
    free(sorted);
    return status;
}

/* Fewer different values (a number in all draws, a yes or no) make no curve. */
static bool varies(const double *x, int n_draws)
{
    int n_different = 0;
    double seen[3];
    for (int d = 0; d < n_draws && n_different < 3; d++) {
        bool is_new = isfinite(x[d]);
        for (int i = 0; i < n_different; i++) { is_new &= seen[i] != x[d]; }
        if (is_new) { seen[n_different++] = x[d]; }
    }
    return n_different == 3;
}

/* Widest first; of equals the first parameter, so that order never depends on the machine's sort. */
static int by_swing(const void *a, const void *b)
{
    const wp_tornado_bar *x = a, *y = b;
    double first = fabs(x->at_high - x->at_low), second = fabs(y->at_high - y->at_low);
    if (first != second) { return first < second ? 1 : -1; }
    return (x->parameter > y->parameter) - (x->parameter < y->parameter);
}

wp_status wp_tornado(const double *values, int n_parameters, const double *savings, int n_draws,
                     double between_variance, wp_tornado_bar *bars, int *n_bars, wp_error *err)
{
    wp_status status = WP_OK;
    double *x = wp_calloc_array((size_t)n_draws, sizeof *x);
    WP_TRY_ALLOC(x);
    *n_bars = 0;
    for (int p = 0; p < n_parameters && n_draws >= WP_MIN_CURVE_DRAWS; p++) {
        for (int d = 0; d < n_draws; d++) { x[d] = values[(size_t)d * (size_t)n_parameters + (size_t)p]; }
        if (!varies(x, n_draws)) { continue; }
        bars[*n_bars] = (wp_tornado_bar){.parameter = p};
        WP_TRY(make_bar(x, savings, n_draws, between_variance, &bars[*n_bars], err));
        (*n_bars)++;
    }
    qsort(bars, (size_t)*n_bars, sizeof *bars, by_swing);
out:
    free(x);
    return status;
}
