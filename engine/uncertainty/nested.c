/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested analysis of variance of several figures. */
#include "uncertainty/nested.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "base/fail.h"

static const double *runs_of(const wp_nested_sample *s, int figure, int draw)
{
    return s->values + ((size_t)figure * (size_t)s->n_draws + (size_t)draw) * (size_t)s->n_replicates;
}

/* What is left of each batch of a figure in one run when the regression on the batches' sizes is taken out:
   all founders together are given, so that a batch's being larger by chance is no noise. Gives the degrees of
   freedom. */
static double residuals_of(const wp_nested_sample *s, int figure, size_t run, double *residuals)
{
    const wp_batches *batches = s->batches;
    size_t n = (size_t)batches->n, n_runs = (size_t)s->n_draws * (size_t)s->n_replicates;
    const double *values = batches->values + ((size_t)figure * n_runs + run) * n;
    double mean = gsl_stats_mean(values, 1, n), size = 0.0, xx = 0.0, xy = 0.0;
    for (size_t b = 0; b < n && batches->sizes != NULL; b++) {
        size += (double)batches->sizes[b] / (double)n;
    }
    for (size_t b = 0; b < n && batches->sizes != NULL; b++) {
        double x = (double)batches->sizes[b] - size;
        xx += x * x;
        xy += x * (values[b] - mean);
    }
    for (size_t b = 0; b < n; b++) {
        double x = xx > 0.0 ? (double)batches->sizes[b] - size : 0.0;
        residuals[b] = values[b] - mean - (xx > 0.0 ? xy / xx * x : 0.0);
    }
    return (double)n - (xx > 0.0 ? 2.0 : 1.0);
}

/* Covariance of one replicate's figures, mean over draws. */
static double within_by_replicates(const wp_nested_sample *s, int f, int g)
{
    double sum = 0.0;
    for (int d = 0; d < s->n_draws; d++) {
        sum += gsl_stats_covariance(runs_of(s, f, d), 1, runs_of(s, g, d), 1, (size_t)s->n_replicates);
    }
    return sum / s->n_draws;
}

/* The same from batches, which are alike and independent and add up to the value, of all figures. */
static wp_status within_by_batches(wp_nested *nested, const wp_nested_sample *s, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_runs = (size_t)s->n_draws * (size_t)s->n_replicates, n = (size_t)s->batches->n;
    size_t n_figures = (size_t)s->n_figures;
    double *residuals = wp_arena_alloc_array(&nested->arena, n_figures * n, sizeof *residuals);
    WP_TRY_ALLOC(residuals);
    nested->degrees = 0.0;
    for (size_t run = 0; run < n_runs; run++) {
        double degrees = 0.0;
        for (int f = 0; f < s->n_figures; f++) {
            degrees = residuals_of(s, f, run, residuals + (size_t)f * n);
        }
        nested->degrees += degrees;
        for (size_t f = 0; f < n_figures; f++) {
            for (size_t g = 0; g < n_figures; g++) {
                double sum = 0.0;
                for (size_t b = 0; b < n; b++) { sum += residuals[f * n + b] * residuals[g * n + b]; }
                nested->within[f * n_figures + g] += (double)n * sum / degrees / (double)n_runs;
            }
        }
    }
out:
    return status;
}

static wp_status fill_within(wp_nested *nested, const wp_nested_sample *s, wp_error *err)
{
    wp_status status = WP_OK;
    int n = s->n_figures;
    bool has_batches = s->batches != NULL;
    bool by_replicates = s->n_replicates >= 2 &&
                         (s->n_draws > 1 || s->n_replicates >= WP_MIN_T_REPLICATES || !has_batches);
    nested->is_by_batches = !by_replicates && has_batches;
    if (nested->is_by_batches) {
        WP_TRY(within_by_batches(nested, s, err));
        goto out;
    }
    nested->degrees = by_replicates ? (double)s->n_draws * (s->n_replicates - 1) : NAN;
    for (int i = 0; i < n * n; i++) {
        nested->within[i] = by_replicates ? within_by_replicates(s, i / n, i % n) : NAN;
    }
out:
    return status;
}

/* Means of draws into draws[], their mean into mean[], their covariance into naive[]. */
static void fill_naive(wp_nested *nested, const wp_nested_sample *s)
{
    size_t n = (size_t)s->n_figures;
    for (int f = 0; f < s->n_figures; f++) {
        for (int d = 0; d < s->n_draws; d++) {
            nested->draws[(size_t)d * n + (size_t)f] =
                gsl_stats_mean(runs_of(s, f, d), 1, (size_t)s->n_replicates);
        }
        nested->mean[f] = gsl_stats_mean(nested->draws + f, n, (size_t)s->n_draws);
    }
    for (int f = 0; f < s->n_figures && s->n_draws > 1; f++) {
        for (int g = 0; g <= f; g++) {
            double c = gsl_stats_covariance_m(nested->draws + f, n, nested->draws + g, n, (size_t)s->n_draws,
                                              nested->mean[f], nested->mean[g]);
            nested->naive[f * s->n_figures + g] = nested->naive[g * s->n_figures + f] = c;
        }
    }
}

/* ---- Taking the noise out ------------------------------------------------------------------------------ */

typedef struct square_roots {
    size_t n;
    gsl_matrix *work, *vectors, *root, *inverse, *middle, *map;
    gsl_vector *values;
    gsl_eigen_symmv_workspace *eigen;
} square_roots;

static void square_roots_free(square_roots *q)
{
    gsl_matrix *const matrices[] = {q->work, q->vectors, q->root, q->inverse, q->middle, q->map};
    for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++) {
        if (matrices[i] != NULL) { gsl_matrix_free(matrices[i]); }
    }
    if (q->values != NULL) { gsl_vector_free(q->values); }
    if (q->eigen != NULL) { gsl_eigen_symmv_free(q->eigen); }
}

static wp_status square_roots_init(square_roots *q, size_t n, wp_error *err)
{
    wp_status status = WP_OK;
    gsl_matrix **const matrices[] = {&q->work, &q->vectors, &q->root, &q->inverse, &q->middle, &q->map};
    *q = (square_roots){.n = n};
    for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++) {
        *matrices[i] = gsl_matrix_alloc(n, n);
        WP_TRY_ALLOC(*matrices[i]);
    }
    q->values = gsl_vector_alloc(n);
    WP_TRY_ALLOC(q->values);
    q->eigen = gsl_eigen_symmv_alloc(n);
    WP_TRY_ALLOC(q->eigen);
out:
    return status;
}

/* out = vectors diag(value^power) vectors', over eigenvalues above `least` (0 for the others). */
static void power_of(square_roots *q, double power, double least, gsl_matrix *out)
{
    gsl_matrix_set_zero(out);
    for (size_t k = 0; k < q->n; k++) {
        double value = gsl_vector_get(q->values, k);
        if (!(value > least)) { continue; }
        gsl_vector_view vector = gsl_matrix_column(q->vectors, k);
        gsl_blas_dger(pow(value, power), &vector.vector, &vector.vector, out);
    }
}

/* Eigenvalues below a rounding error of the largest are none. */
static double least_of(const square_roots *q)
{
    double most = gsl_vector_max(q->values);
    return most > 0.0 ? most * 1e-12 : 0.0;
}

/* work = left middle left. */
static void sandwich(square_roots *q, const gsl_matrix *left, const gsl_matrix *middle)
{
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, left, middle, 0.0, q->vectors);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, q->vectors, left, 0.0, q->work);
}

/* The nearest covariance without negative variance in any direction. */
static void floor_between(square_roots *q, wp_nested *nested)
{
    gsl_matrix_view between = gsl_matrix_view_array(nested->between, q->n, q->n);
    gsl_matrix_memcpy(q->work, &between.matrix);
    gsl_eigen_symmv(q->work, q->values, q->vectors, q->eigen);
    if (gsl_vector_min(q->values) >= -least_of(q)) { return; }
    nested->is_floored = true;
    power_of(q, 1.0, 0.0, &between.matrix);
}

/* The symmetric map A with A naive A' = between that moves draws least: of all such maps it is the optimal
   transport between the two normal laws (Olkin and Pukelsheim 1982, Linear Algebra and its Applications
   48:257). For one figure it is the square root of between / naive. */
static void make_map(square_roots *q, const wp_nested *nested)
{
    gsl_matrix_view between = gsl_matrix_view_array(nested->between, q->n, q->n);
    gsl_matrix_view naive = gsl_matrix_view_array(nested->naive, q->n, q->n);
    gsl_matrix_memcpy(q->work, &naive.matrix);
    gsl_eigen_symmv(q->work, q->values, q->vectors, q->eigen);
    double least = least_of(q);
    power_of(q, 0.5, least, q->root);
    power_of(q, -0.5, least, q->inverse);
    sandwich(q, q->root, &between.matrix);
    gsl_eigen_symmv(q->work, q->values, q->vectors, q->eigen);
    power_of(q, 0.5, 0.0, q->middle);
    sandwich(q, q->inverse, q->middle);
    gsl_matrix_memcpy(q->map, q->work);
}

static wp_status shrink_draws(wp_nested *nested, wp_error *err)
{
    wp_status status = WP_OK;
    square_roots q = {0};
    size_t n = (size_t)nested->n_figures;
    double *moved = wp_arena_alloc_array(&nested->arena, n, sizeof *moved);
    WP_TRY_ALLOC(moved);
    WP_TRY(square_roots_init(&q, n, err));
    floor_between(&q, nested);
    make_map(&q, nested);
    for (int d = 0; d < nested->n_draws; d++) {
        double *draw = nested->draws + (size_t)d * n;
        for (size_t f = 0; f < n; f++) {
            moved[f] = nested->mean[f];
            for (size_t g = 0; g < n; g++) {
                moved[f] += gsl_matrix_get(q.map, f, g) * (draw[g] - nested->mean[g]);
            }
        }
        for (size_t f = 0; f < n; f++) { draw[f] = moved[f]; }
    }
out:
    square_roots_free(&q);
    return status;
}

/* A figure that some draw cannot say is NAN, and stays so. */
static bool can_be_shrunk(const wp_nested *nested)
{
    for (int i = 0; i < nested->n_figures * nested->n_figures; i++) {
        if (!isfinite(nested->between[i])) { return false; }
    }
    return nested->n_draws > 1 && !isnan(nested->within[0]);
}

wp_status wp_nested_init(wp_nested *nested, const wp_nested_sample *sample, wp_error *err)
{
    wp_status status = WP_OK;
    *nested = (wp_nested){.n_figures = sample->n_figures, .n_draws = sample->n_draws,
                          .n_replicates = sample->n_replicates};
    wp_arena_init(&nested->arena, 0);
    gsl_set_error_handler_off();
    if (sample->n_figures < 1 || sample->n_draws < 1 || sample->n_replicates < 1) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "an interval needs a figure, a draw and a replicate");
        goto out;
    }
    size_t n = (size_t)sample->n_figures;
    nested->mean = wp_arena_alloc_array(&nested->arena, n, sizeof *nested->mean);
    nested->between = wp_arena_alloc_array(&nested->arena, n * n, sizeof *nested->between);
    nested->within = wp_arena_alloc_array(&nested->arena, n * n, sizeof *nested->within);
    nested->naive = wp_arena_alloc_array(&nested->arena, n * n, sizeof *nested->naive);
    nested->draws = wp_arena_alloc_array(&nested->arena, n * (size_t)sample->n_draws, sizeof *nested->draws);
    WP_TRY_ALLOC(nested->mean);
    WP_TRY_ALLOC(nested->between);
    WP_TRY_ALLOC(nested->within);
    WP_TRY_ALLOC(nested->naive);
    WP_TRY_ALLOC(nested->draws);
    WP_TRY(fill_within(nested, sample, err));
    fill_naive(nested, sample);
    for (size_t i = 0; i < n * n && sample->n_draws > 1; i++) {
        double noise = isnan(nested->within[i]) ? 0.0 : nested->within[i] / sample->n_replicates;
        nested->between[i] = nested->naive[i] - noise;
    }
    if (can_be_shrunk(nested)) { WP_TRY(shrink_draws(nested, err)); }
out:
    return status;
}

void wp_nested_free(wp_nested *nested)
{
    wp_arena_free(&nested->arena);
    *nested = (wp_nested){0};
}

double wp_nested_noise_variance(const wp_nested *nested, int f)
{
    return nested->within[f * nested->n_figures + f] / ((double)nested->n_draws * nested->n_replicates);
}
