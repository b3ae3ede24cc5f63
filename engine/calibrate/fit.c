/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nonlinear least squares by GSL, with derivatives of our own. */
#include "calibrate/fit.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/fail.h"

/* A singular value below this share of the largest is a rounding error. */
static const double rounding = 1e-12;

typedef struct fitting {
    const wp_fit_problem *problem;
    wp_status status; /* the first failure: GSL's functions cannot give one */
    wp_error *err;
    double *at, *low, *high; /* an x, and residuals on either side of it */
} fitting;

static wp_status evaluate(fitting *f, const double *x, double *residuals)
{
    if (f->status == WP_OK) { f->status = f->problem->residuals(f->problem->of, x, residuals, f->err); }
    for (int i = 0; i < f->problem->n_residuals && f->status == WP_OK; i++) {
        if (!isfinite(residuals[i])) {
            f->status = wp_fail(f->err, WP_ERR_NUMERIC, "a figure that is fitted to cannot be computed");
        }
    }
    return f->status;
}

static int call_residuals(const gsl_vector *x, void *of, gsl_vector *residuals)
{
    return evaluate(of, x->data, residuals->data) == WP_OK ? GSL_SUCCESS : GSL_EFAILED;
}

/* Central differences. */
static int call_jacobian(const gsl_vector *x, void *of, gsl_matrix *jacobian)
{
    fitting *f = of;
    const wp_fit_problem *p = f->problem;
    memcpy(f->at, x->data, (size_t)p->n_unknowns * sizeof *f->at);
    for (int k = 0; k < p->n_unknowns; k++) {
        f->at[k] = x->data[k] + p->step;
        if (evaluate(f, f->at, f->high) != WP_OK) { return GSL_EFAILED; }
        f->at[k] = x->data[k] - p->step;
        if (evaluate(f, f->at, f->low) != WP_OK) { return GSL_EFAILED; }
        f->at[k] = x->data[k];
        for (int i = 0; i < p->n_residuals; i++) {
            gsl_matrix_set(jacobian, (size_t)i, (size_t)k, (f->high[i] - f->low[i]) / (2.0 * p->step));
        }
    }
    return GSL_SUCCESS;
}

static bool is_short(const gsl_vector *step, double tolerance)
{
    return fmax(fabs(gsl_vector_max(step)), fabs(gsl_vector_min(step))) < tolerance;
}

/* Steps until nothing is gained. Only a failure of the function is a failure here. */
static wp_status go(wp_fit *fit, fitting *f, gsl_multifit_nlinear_workspace *work, wp_error *err)
{
    gsl_vector_const_view start = gsl_vector_const_view_array(f->problem->start, (size_t)fit->n_unknowns);
    gsl_multifit_nlinear_fdf functions = {.f = call_residuals,
                                          .df = call_jacobian,
                                          .fvv = NULL,
                                          .n = (size_t)fit->n_residuals,
                                          .p = (size_t)fit->n_unknowns,
                                          .params = f};
    int result = gsl_multifit_nlinear_init(&start.vector, &functions, work);
    while (result == GSL_SUCCESS && fit->n_steps < f->problem->max_steps) {
        fit->n_steps++;
        result = gsl_multifit_nlinear_iterate(work);
        if (result == GSL_SUCCESS && is_short(work->dx, f->problem->tolerance)) { break; }
    }
    if (f->status != WP_OK) { return f->status; }
    if (result != GSL_SUCCESS && result != GSL_ENOPROG && result != GSL_EMAXITER) {
        return wp_fail(err, WP_ERR_NUMERIC, "the fit failed: %s", gsl_strerror(result));
    }
    memcpy(fit->x, work->x->data, (size_t)fit->n_unknowns * sizeof *fit->x);
    memcpy(fit->residuals, work->f->data, (size_t)fit->n_residuals * sizeof *fit->residuals);
    gsl_matrix_view kept =
        gsl_matrix_view_array(fit->jacobian, (size_t)fit->n_residuals, (size_t)fit->n_unknowns);
    gsl_matrix_memcpy(&kept.matrix, work->J);
    return WP_OK;
}

/* ---- The Jacobian's singular values ---------------------------------------------------------------- */

typedef struct decomposed {
    gsl_matrix *u, *v;
    gsl_vector *s, *work;
} decomposed;

static void decomposed_free(decomposed *d)
{
    if (d->u != NULL) { gsl_matrix_free(d->u); }
    if (d->v != NULL) { gsl_matrix_free(d->v); }
    if (d->s != NULL) { gsl_vector_free(d->s); }
    if (d->work != NULL) { gsl_vector_free(d->work); }
}

static wp_status decompose(decomposed *d, const wp_fit *fit, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)fit->n_residuals, p = (size_t)fit->n_unknowns;
    gsl_matrix_const_view jacobian = gsl_matrix_const_view_array(fit->jacobian, n, p);
    d->u = gsl_matrix_alloc(n, p);
    d->v = gsl_matrix_alloc(p, p);
    d->s = gsl_vector_alloc(p);
    d->work = gsl_vector_alloc(p);
    WP_TRY_ALLOC(d->u);
    WP_TRY_ALLOC(d->v);
    WP_TRY_ALLOC(d->s);
    WP_TRY_ALLOC(d->work);
    gsl_matrix_memcpy(d->u, &jacobian.matrix);
    if (gsl_linalg_SV_decomp(d->u, d->v, d->s, d->work) != GSL_SUCCESS) {
        status = wp_fail(err, WP_ERR_NUMERIC, "the derivatives of the fit cannot be decomposed");
    }
out:
    return status;
}

static wp_status find_weakest(wp_fit *fit, wp_error *err)
{
    wp_status status = WP_OK;
    decomposed d = {0};
    const size_t n = (size_t)fit->n_residuals, p = (size_t)fit->n_unknowns;
    gsl_vector_view left = gsl_vector_view_array(fit->left, p);
    gsl_vector_const_view residuals = gsl_vector_const_view_array(fit->residuals, n);
    WP_TRY(decompose(&d, fit, err));
    fit->least = gsl_vector_get(d.s, p - 1);
    for (size_t k = 0; k < p; k++) { fit->weakest[k] = gsl_matrix_get(d.v, k, p - 1); }
    for (size_t k = 0; k < p; k++) { /* rounding errors are no direction at all */
        if (gsl_vector_get(d.s, k) <= rounding * gsl_vector_get(d.s, 0)) { gsl_vector_set(d.s, k, 0.0); }
    }
    gsl_linalg_SV_solve(d.u, d.v, d.s, &residuals.vector, &left.vector);
    gsl_vector_scale(&left.vector, -1.0);
out:
    decomposed_free(&d);
    return status;
}

wp_status wp_fit_covariance(const wp_fit *fit, const double *residuals, double *unknowns, wp_error *err)
{
    wp_status status = WP_OK;
    decomposed d = {0};
    const size_t n = (size_t)fit->n_residuals, p = (size_t)fit->n_unknowns;
    gsl_matrix *inverse = NULL, *half = NULL;
    gsl_matrix_const_view given = gsl_matrix_const_view_array(residuals, n, n);
    gsl_matrix_view out = gsl_matrix_view_array(unknowns, p, p);
    WP_TRY(decompose(&d, fit, err));
    if (!(gsl_vector_get(d.s, p - 1) > rounding * gsl_vector_get(d.s, 0))) {
        gsl_matrix_set_all(&out.matrix, (double)NAN);
        goto out;
    }
    inverse = gsl_matrix_alloc(p, n);
    half = gsl_matrix_alloc(p, n);
    WP_TRY_ALLOC(inverse);
    WP_TRY_ALLOC(half);
    /* G = V S^-1 U'. */
    for (size_t k = 0; k < p; k++) {
        gsl_vector_view column = gsl_matrix_column(d.v, k);
        gsl_vector_scale(&column.vector, 1.0 / gsl_vector_get(d.s, k));
    }
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, d.v, d.u, 0.0, inverse);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, inverse, &given.matrix, 0.0, half);
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, half, inverse, 0.0, &out.matrix);
out:
    if (inverse != NULL) { gsl_matrix_free(inverse); }
    if (half != NULL) { gsl_matrix_free(half); }
    decomposed_free(&d);
    return status;
}

/* ---- All of it ------------------------------------------------------------------------------------- */

static wp_status make_room(wp_fit *fit, fitting *f, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)fit->n_residuals, p = (size_t)fit->n_unknowns;
    double **const arrays[] = {&fit->x,         &fit->left, &fit->weakest, &f->at,
                               &fit->residuals, &f->low,    &f->high,      &fit->jacobian};
    const size_t sizes[] = {p, p, p, p, n, n, n, n * p};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        *arrays[i] = wp_arena_alloc_array(&fit->arena, sizes[i], sizeof **arrays[i]);
        WP_TRY_ALLOC(*arrays[i]);
    }
out:
    return status;
}

wp_status wp_fit_init(wp_fit *fit, const wp_fit_problem *problem, wp_error *err)
{
    wp_status status = WP_OK;
    fitting f = {.problem = problem, .err = err};
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_workspace *work = NULL;
    *fit = (wp_fit){.n_unknowns = problem->n_unknowns, .n_residuals = problem->n_residuals};
    wp_arena_init(&fit->arena, 0);
    gsl_set_error_handler_off();
    how.solver = gsl_multifit_nlinear_solver_svd; /* directions that change nothing are no failure */
    if (problem->n_unknowns < 1 || problem->n_residuals < problem->n_unknowns) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "%d figures cannot tell %d parameters", problem->n_residuals,
                         problem->n_unknowns);
        goto out;
    }
    WP_TRY(make_room(fit, &f, err));
    work = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, (size_t)fit->n_residuals,
                                      (size_t)fit->n_unknowns);
    WP_TRY_ALLOC(work);
    WP_TRY(go(fit, &f, work, err));
    WP_TRY(find_weakest(fit, err));
out:
    if (work != NULL) { gsl_multifit_nlinear_free(work); }
    return status;
}

void wp_fit_free(wp_fit *fit)
{
    wp_arena_free(&fit->arena);
    *fit = (wp_fit){0};
}
