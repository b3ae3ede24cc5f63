/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Penalised cubic regression splines. */
#include "uncertainty/spline.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "base/fail.h"

/* ---- Basis --------------------------------------------------------------------------------------------- */

/* Different quantiles of x, the least and the largest among them. */
static wp_status choose_knots(wp_spline_basis *b, wp_error *err)
{
    wp_status status = WP_OK;
    double *sorted = wp_arena_alloc_array(&b->arena, b->n, sizeof *sorted);
    b->knots = wp_arena_alloc_array(&b->arena, WP_SPLINE_KNOTS, sizeof *b->knots);
    WP_TRY_ALLOC(sorted);
    WP_TRY_ALLOC(b->knots);
    for (size_t i = 0; i < b->n; i++) { sorted[i] = b->x[i]; }
    gsl_sort(sorted, 1, b->n);
    double range = sorted[b->n - 1] - sorted[0];
    for (int k = 0; k < WP_SPLINE_KNOTS; k++) {
        double knot = gsl_stats_quantile_from_sorted_data(sorted, 1, b->n, k / (WP_SPLINE_KNOTS - 1.0));
        if (b->n_knots == 0 || knot - b->knots[b->n_knots - 1] > 1e-9 * range) {
            b->knots[b->n_knots++] = knot;
        }
    }
    if (b->n < 5 || b->n_knots < 3 || !isfinite(range)) {
        status =
            wp_fail(err, WP_ERR_ARGUMENT, "a curve needs 5 draws and 3 different values of its parameter");
    }
out:
    return status;
}

/* curvature = B^-1 D between the ends and 0 at them; penalty = D' B^-1 D (Wood 2017, table 5.1). */
static wp_status make_penalty(wp_spline_basis *b, gsl_matrix *penalty, wp_error *err)
{
    wp_status status = WP_OK;
    size_t inner = b->n_knots - 2;
    gsl_matrix *band = gsl_matrix_calloc(inner, inner), *differences = gsl_matrix_calloc(inner, b->n_knots);
    WP_TRY_ALLOC(band);
    WP_TRY_ALLOC(differences);
    for (size_t i = 0; i < inner; i++) {
        double left = b->knots[i + 1] - b->knots[i], right = b->knots[i + 2] - b->knots[i + 1];
        gsl_matrix_set(differences, i, i, 1.0 / left);
        gsl_matrix_set(differences, i, i + 1, -1.0 / left - 1.0 / right);
        gsl_matrix_set(differences, i, i + 2, 1.0 / right);
        gsl_matrix_set(band, i, i, (left + right) / 3.0);
        if (i + 1 < inner) {
            gsl_matrix_set(band, i, i + 1, right / 6.0);
            gsl_matrix_set(band, i + 1, i, right / 6.0);
        }
    }
    if (gsl_linalg_cholesky_decomp1(band) != GSL_SUCCESS) {
        status = wp_fail(err, WP_ERR_NUMERIC, "the knots of a curve lie too close together");
        goto out;
    }
    for (size_t k = 0; k < b->n_knots; k++) {
        gsl_vector_view column = gsl_matrix_subcolumn(b->curvature, k, 1, inner);
        gsl_vector_const_view from = gsl_matrix_const_column(differences, k);
        gsl_linalg_cholesky_solve(band, &from.vector, &column.vector);
    }
    gsl_matrix_const_view between = gsl_matrix_const_submatrix(b->curvature, 1, 0, inner, b->n_knots);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, differences, &between.matrix, 0.0, penalty);
out:
    if (band != NULL) { gsl_matrix_free(band); }
    if (differences != NULL) { gsl_matrix_free(differences); }
    return status;
}

static size_t interval_of(const wp_spline_basis *b, double x)
{
    size_t j = 0;
    while (j + 2 < b->n_knots && x > b->knots[j + 1]) { j++; }
    return j;
}

void wp_spline_weights(const wp_spline_basis *b, double x, double *weights)
{
    double at = fmin(fmax(x, b->knots[0]), b->knots[b->n_knots - 1]);
    size_t j = interval_of(b, at);
    double width = b->knots[j + 1] - b->knots[j];
    double after = at - b->knots[j], before = b->knots[j + 1] - at;
    double bend_left = (before * before * before / width - width * before) / 6.0;
    double bend_right = (after * after * after / width - width * after) / 6.0;
    for (size_t k = 0; k < b->n_knots; k++) {
        weights[k] = bend_left * gsl_matrix_get(b->curvature, j, k) +
                     bend_right * gsl_matrix_get(b->curvature, j + 1, k);
    }
    weights[j] += before / width;
    weights[j + 1] += after / width;
}

double wp_spline_at(const wp_spline_basis *b, const double *values, double x)
{
    double weights[WP_SPLINE_KNOTS], sum = 0.0;
    wp_spline_weights(b, x, weights);
    for (size_t k = 0; k < b->n_knots; k++) { sum += weights[k] * values[k]; }
    return sum;
}

/* In coordinates in which the data weigh all directions alike, and the penalty is diagonal: then the fit for
   any amount of smoothing is a factor for each (Demmler and Reinsch 1975, Numerische Mathematik 24:375). */
static wp_status make_coordinates(wp_spline_basis *b, gsl_matrix *penalty, wp_error *err)
{
    wp_status status = WP_OK;
    double weights[WP_SPLINE_KNOTS];
    gsl_eigen_symmv_workspace *eigen = gsl_eigen_symmv_alloc(b->n_knots);
    gsl_matrix *moments = gsl_matrix_calloc(b->n_knots, b->n_knots);
    WP_TRY_ALLOC(eigen);
    WP_TRY_ALLOC(moments);
    for (size_t i = 0; i < b->n; i++) {
        wp_spline_weights(b, b->x[i], weights);
        gsl_vector_const_view row = gsl_vector_const_view_array(weights, b->n_knots);
        gsl_blas_dsyr(CblasLower, 1.0, &row.vector, moments);
    }
    if (gsl_linalg_cholesky_decomp1(moments) != GSL_SUCCESS) {
        status = wp_fail(err, WP_ERR_NUMERIC, "a curve cannot be fitted: its parameter has too few values");
        goto out;
    }
    /* penalty := L^-1 penalty L^-T, whose eigenvectors U give to_values = L^-T U. */
    gsl_blas_dtrsm(CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, 1.0, moments, penalty);
    gsl_blas_dtrsm(CblasRight, CblasLower, CblasTrans, CblasNonUnit, 1.0, moments, penalty);
    gsl_eigen_symmv(penalty, b->roughness, b->to_values, eigen);
    gsl_blas_dtrsm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1.0, moments, b->to_values);
out:
    if (eigen != NULL) { gsl_eigen_symmv_free(eigen); }
    if (moments != NULL) { gsl_matrix_free(moments); }
    return status;
}

wp_status wp_spline_basis_init(wp_spline_basis *basis, const double *x, size_t n, wp_error *err)
{
    wp_status status = WP_OK;
    gsl_matrix *penalty = NULL;
    *basis = (wp_spline_basis){.x = x, .n = n};
    wp_arena_init(&basis->arena, 0);
    gsl_set_error_handler_off();
    WP_TRY(choose_knots(basis, err));
    basis->curvature = gsl_matrix_calloc(basis->n_knots, basis->n_knots);
    WP_TRY_ALLOC(basis->curvature);
    basis->to_values = gsl_matrix_calloc(basis->n_knots, basis->n_knots);
    WP_TRY_ALLOC(basis->to_values);
    basis->roughness = gsl_vector_calloc(basis->n_knots);
    WP_TRY_ALLOC(basis->roughness);
    penalty = gsl_matrix_calloc(basis->n_knots, basis->n_knots);
    WP_TRY_ALLOC(penalty);
    WP_TRY(make_penalty(basis, penalty, err));
    WP_TRY(make_coordinates(basis, penalty, err));
out:
    if (penalty != NULL) { gsl_matrix_free(penalty); }
    return status;
}

void wp_spline_basis_free(wp_spline_basis *basis)
{
    if (basis->curvature != NULL) { gsl_matrix_free(basis->curvature); }
    if (basis->to_values != NULL) { gsl_matrix_free(basis->to_values); }
    if (basis->roughness != NULL) { gsl_vector_free(basis->roughness); }
    wp_arena_free(&basis->arena);
    *basis = (wp_spline_basis){0};
}

/* ---- Fit ----------------------------------------------------------------------------------------------- */

typedef struct smoothing {
    const wp_spline_basis *basis;
    const double *coordinates; /* [knot] of y without a penalty */
    double sum_squares;        /* of y about its mean */
    double residual, degrees;  /* at the last smoothing tried */
} smoothing;

static double shrink_of(const smoothing *s, size_t k, double log_weight)
{
    /* Straight lines cost nothing; rounding must not make that a little less than nothing. */
    return 1.0 / (1.0 + exp(log_weight) * fmax(0.0, gsl_vector_get(s->basis->roughness, k)));
}

/* Generalised cross-validation at a penalty's logarithm. */
static double score(smoothing *s, double log_weight)
{
    double n = (double)s->basis->n;
    s->residual = s->sum_squares;
    s->degrees = 0.0;
    for (size_t k = 0; k < s->basis->n_knots; k++) {
        double g = shrink_of(s, k, log_weight), q = s->coordinates[k] * s->coordinates[k];
        s->residual -= (2.0 * g - g * g) * q;
        s->degrees += g;
    }
    s->residual = fmax(s->residual, 0.0);
    return n * s->residual / ((n - s->degrees) * (n - s->degrees));
}

/* The best of a grid, then golden sections about it: a score with several valleys is not missed. */
static double best_smoothing(smoothing *s)
{
    double scale = log(fmax(gsl_vector_max(s->basis->roughness), 1e-300));
    double best = 0.0, least = INFINITY;
    for (int i = 0; i <= 60; i++) {
        double at = 30.0 - i - scale, now = score(s, at);
        if (now < least) {
            least = now;
            best = at;
        }
    }
    double low = best - 1.0, high = best + 1.0, golden = 0.6180339887498949;
    for (int i = 0; i < 40; i++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (score(s, left) <= score(s, right)) { high = right; } else { low = left; }
    }
    return 0.5 * (low + high);
}

static void to_values(const wp_spline_basis *b, const double *coordinates, double *values)
{
    for (size_t k = 0; k < b->n_knots; k++) {
        values[k] = 0.0;
        for (size_t c = 0; c < b->n_knots; c++) {
            values[k] += gsl_matrix_get(b->to_values, k, c) * coordinates[c];
        }
    }
}

wp_status wp_spline_fit_make(const wp_spline_basis *basis, const double *y, size_t stride, wp_spline_fit *fit,
                             wp_error *err)
{
    wp_status status = WP_OK;
    double weights[WP_SPLINE_KNOTS], sums[WP_SPLINE_KNOTS] = {0}, coordinates[WP_SPLINE_KNOTS] = {0};
    double n = (double)basis->n, mean = gsl_stats_mean(y, stride, basis->n);
    smoothing s = {.basis = basis, .coordinates = coordinates};
    *fit = (wp_spline_fit){0};
    for (size_t i = 0; i < basis->n; i++) {
        double residual = y[i * stride] - mean;
        wp_spline_weights(basis, basis->x[i], weights);
        for (size_t k = 0; k < basis->n_knots; k++) { sums[k] += weights[k] * residual; }
        s.sum_squares += residual * residual;
    }
    if (!isfinite(s.sum_squares)) {
        status = wp_fail(err, WP_ERR_NUMERIC, "a curve cannot be fitted: a figure is not finite");
        goto out;
    }
    for (size_t c = 0; c < basis->n_knots; c++) {
        for (size_t k = 0; k < basis->n_knots; k++) {
            coordinates[c] += gsl_matrix_get(basis->to_values, k, c) * sums[k];
        }
    }
    double log_weight = best_smoothing(&s);
    (void)score(&s, log_weight);
    fit->degrees = s.degrees;
    fit->residual_variance = s.residual / (n - s.degrees);
    double adjusted = s.sum_squares > 0.0 ? 1.0 - fit->residual_variance / (s.sum_squares / (n - 1.0)) : 0.0;
    fit->explained = fmax(0.0, adjusted);
    for (size_t k = 0; k < basis->n_knots; k++) {
        fit->shrink[k] = shrink_of(&s, k, log_weight);
        coordinates[k] *= fit->shrink[k];
    }
    to_values(basis, coordinates, fit->values);
    /* The weights add to one, so the mean is the same amount at each knot. */
    for (size_t k = 0; k < basis->n_knots; k++) { fit->values[k] += mean; }
out:
    return status;
}

void wp_spline_draw(const wp_spline_basis *basis, const wp_spline_fit *fit, const double *numbers,
                    double *values)
{
    double coordinates[WP_SPLINE_KNOTS];
    for (size_t k = 0; k < basis->n_knots; k++) {
        coordinates[k] = sqrt(fit->residual_variance * fit->shrink[k]) * numbers[k];
    }
    to_values(basis, coordinates, values);
    for (size_t k = 0; k < basis->n_knots; k++) { values[k] += fit->values[k]; }
}
