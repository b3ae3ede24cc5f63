/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value of information. */
#include "uncertainty/information.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/key.h"
#include "chance/normal_quantile.h"
#include "chance/uniform.h"
#include "uncertainty/payback.h"
#include "uncertainty/spline.h"

/* Simulations for a standard error: it is then known to 5 %. */
enum { N_SIMULATIONS = 200 };

static double best_of(const double *benefits, int n_options)
{
    double best = benefits[0];
    for (int o = 1; o < n_options; o++) { best = fmax(best, benefits[o]); }
    return best;
}

static double mean_of(const double *benefits, int n_draws, int n_options, int option)
{
    return gsl_stats_mean(benefits + option, (size_t)n_options, (size_t)n_draws);
}

static double mean_of_best(const double *benefits, int n_draws, int n_options)
{
    double sum = 0.0;
    for (int d = 0; d < n_draws; d++) { sum += best_of(benefits + (size_t)d * (size_t)n_options, n_options); }
    return sum / n_draws;
}

int wp_best_option(const double *benefits, int n_draws, int n_options)
{
    int best = 0;
    for (int o = 1; o < n_options; o++) {
        if (mean_of(benefits, n_draws, n_options, o) > mean_of(benefits, n_draws, n_options, best)) {
            best = o;
        }
    }
    return best;
}

double wp_evpi(const double *benefits, int n_draws, int n_options)
{
    int best = wp_best_option(benefits, n_draws, n_options);
    double value = mean_of_best(benefits, n_draws, n_options) - mean_of(benefits, n_draws, n_options, best);
    return fmax(0.0, value);
}

void wp_acceptability(const double *benefits, int n_draws, int n_options, double *shares, double *losses)
{
    double perfect = mean_of_best(benefits, n_draws, n_options);
    for (int o = 0; o < n_options; o++) {
        if (losses != NULL) { losses[o] = perfect - mean_of(benefits, n_draws, n_options, o); }
        if (shares != NULL) { shares[o] = 0.0; }
    }
    for (int d = 0; d < n_draws && shares != NULL; d++) {
        const double *draw = benefits + (size_t)d * (size_t)n_options;
        double best = best_of(draw, n_options);
        int n_best = 0;
        for (int o = 0; o < n_options; o++) { n_best += draw[o] == best; }
        for (int o = 0; o < n_options; o++) { shares[o] += draw[o] == best ? 1.0 / n_best / n_draws : 0.0; }
    }
}

void wp_chances_best(const double *benefits, int n_draws, int n_options, double *shares)
{
    wp_acceptability(benefits, n_draws, n_options, shares, NULL);
    if (n_options == 2) {
        shares[1] = wp_chance_over_zero(benefits + 1, n_draws, 2);
        shares[0] = 1.0 - shares[1];
    }
    for (int o = 0; o < n_options && n_draws < 2; o++) { shares[o] = NAN; }
}

/* Benefits that the curves give each draw, from values at knots [option][WP_SPLINE_KNOTS]. */
static void expect(const wp_spline_basis *basis, const double *knots, int n_options, double *expected)
{
    double weights[WP_SPLINE_KNOTS];
    for (size_t d = 0; d < basis->n; d++) {
        wp_spline_weights(basis, basis->x[d], weights);
        for (int o = 0; o < n_options; o++) {
            double sum = 0.0;
            for (size_t k = 0; k < basis->n_knots; k++) {
                sum += weights[k] * knots[o * WP_SPLINE_KNOTS + (int)k];
            }
            expected[d * (size_t)n_options + (size_t)o] = sum;
        }
    }
}

/* One set of curves that the data leave open; number `i` of the fixed ones. */
static void draw_curves(const wp_spline_basis *basis, const wp_spline_fit *fits, int n_options, int i,
                        double *knots)
{
    wp_key key = wp_key_make(0, 0, WP_DRAW_SHARED);
    uint32_t purpose = wp_purpose("evppi", "standard error");
    for (int o = 0; o < n_options; o++) {
        double numbers[WP_SPLINE_KNOTS];
        for (size_t k = 0; k < basis->n_knots; k++) {
            uint64_t id = ((uint64_t)i * (uint64_t)n_options + (uint64_t)o) * WP_SPLINE_KNOTS + k;
            numbers[k] = wp_normal_quantile(wp_uniform(key, id, purpose, 0));
        }
        wp_spline_draw(basis, &fits[o], numbers, knots + o * WP_SPLINE_KNOTS);
    }
}

static bool has_three_values(const double *x, int n)
{
    double first = x[0], second = NAN;
    for (int d = 1; d < n; d++) {
        if (x[d] == first || x[d] == second) { continue; }
        if (!isnan(second)) { return true; }
        second = x[d];
    }
    return false;
}

wp_status wp_evppi(const double *x, const double *benefits, int n_draws, int n_options, double *value,
                   double *se, wp_error *err)
{
    wp_status status = WP_OK;
    wp_spline_basis basis = {0};
    size_t n = (size_t)n_draws, n_all = n * (size_t)n_options;
    double simulated[N_SIMULATIONS];
    double *knots = wp_calloc_array((size_t)n_options * WP_SPLINE_KNOTS, sizeof *knots);
    double *expected = wp_calloc_array(n_all, sizeof *expected);
    wp_spline_fit *fits = wp_calloc_array((size_t)n_options, sizeof *fits);
    WP_TRY_ALLOC(knots);
    WP_TRY_ALLOC(expected);
    WP_TRY_ALLOC(fits);
    *value = 0.0;
    if (se != NULL) { *se = 0.0; }
    if (!has_three_values(x, n_draws)) { goto out; }
    WP_TRY(wp_spline_basis_init(&basis, x, n, err));
    for (int o = 0; o < n_options; o++) {
        WP_TRY(wp_spline_fit_make(&basis, benefits + o, (size_t)n_options, &fits[o], err));
        for (size_t k = 0; k < basis.n_knots; k++) {
            knots[o * WP_SPLINE_KNOTS + (int)k] = fits[o].values[k];
        }
    }
    expect(&basis, knots, n_options, expected);
    *value = wp_evpi(expected, n_draws, n_options);
    for (int i = 0; i < N_SIMULATIONS && se != NULL; i++) {
        draw_curves(&basis, fits, n_options, i, knots);
        expect(&basis, knots, n_options, expected);
        simulated[i] = wp_evpi(expected, n_draws, n_options);
    }
    if (se != NULL) { *se = gsl_stats_sd(simulated, 1, N_SIMULATIONS); }
out:
    wp_spline_basis_free(&basis);
    free(knots);
    free(expected);
    free(fits);
    return status;
}
