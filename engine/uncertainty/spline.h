/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Penalised cubic regression splines of one variable: the mean of a figure given a parameter. */
#ifndef WP_UNCERTAINTY_SPLINE_H
#define WP_UNCERTAINTY_SPLINE_H

#include <gsl/gsl_matrix.h>

#include "base/arena.h"

enum { WP_SPLINE_KNOTS = 10 };

/* The basis over x[n]: natural cubic splines by their values at up to ten knots, quantiles of x (Wood 2017,
   Generalized Additive Models, 2nd ed., section 5.3.1), penalised by the integral of the squared second
   derivative. Borrows x. */
typedef struct wp_spline_basis {
    wp_arena arena;
    const double *x;
    size_t n, n_knots;
    double *knots;
    gsl_matrix *curvature;     /* [knot][knot]: second derivatives at knots from values at knots */
    gsl_matrix *to_values;     /* orthonormal coordinates to values at knots */
    gsl_vector *roughness;     /* [knot] penalty of each coordinate */
} wp_spline_basis;

/* One fit: values at knots, smoothed as generalised cross-validation asks (Craven and Wahba 1979, Numerische
   Mathematik 31:377). */
typedef struct wp_spline_fit {
    double values[WP_SPLINE_KNOTS];
    double shrink[WP_SPLINE_KNOTS]; /* of each coordinate, 0 to 1 */
    double degrees;            /* effective, 1 to knots */
    double residual_variance;
    double explained;          /* share of the variance of y, adjusted for `degrees`; not below 0 */
} wp_spline_fit;

/* WP_ERR_ARGUMENT where x has fewer than 3 different values or n < 5; WP_ERR_NUMERIC; WP_ERR_MEMORY. Free in
   any case. */
wp_status wp_spline_basis_init(wp_spline_basis *basis, const double *x, size_t n, wp_error *err);
void wp_spline_basis_free(wp_spline_basis *basis);

/* Fits y[n * stride]. */
wp_status wp_spline_fit_make(const wp_spline_basis *basis, const double *y, size_t stride, wp_spline_fit *fit,
                             wp_error *err);

/* The spline with these values at knots, at x; beyond the outer knots it goes on at its end's value. */
double wp_spline_at(const wp_spline_basis *basis, const double *values, double x);

/* The derivatives of wp_spline_at by the values at knots: weights[n_knots]. */
void wp_spline_weights(const wp_spline_basis *basis, double x, double *weights);

/* Values at knots drawn from what the fit leaves open (Bayesian covariance; Wood 2017, section 6.10), given
   standard normal numbers[n_knots]. */
void wp_spline_draw(const wp_spline_basis *basis, const wp_spline_fit *fit, const double *numbers,
                    double *values);

#endif
