/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares for functions that cost a simulation and are smooth only at a distance: derivatives are
   taken over a step that is wide beside the grain of counts. */
#ifndef WP_CALIBRATE_FIT_H
#define WP_CALIBRATE_FIT_H

#include "base/arena.h"

/* residuals[n_residuals] at x[n_unknowns]. A residual of 1 is as far off as is tolerable. */
typedef wp_status wp_residuals(void *of, const double *x, double *residuals, wp_error *err);

typedef struct wp_fit_problem {
    int n_unknowns, n_residuals;
    wp_residuals *residuals;
    void *of;
    const double *start; /* [n_unknowns] */
    double step;         /* of derivatives, in each unknown */
    double tolerance;    /* a step shorter than this in every unknown is none */
    int max_steps;
} wp_fit_problem;

typedef struct wp_fit {
    wp_arena arena;
    int n_unknowns, n_residuals, n_steps;
    double *x;         /* [n_unknowns] */
    double *residuals; /* [n_residuals] at x */
    double *jacobian;  /* [n_residuals][n_unknowns] at x, by central differences */
    double *left;      /* [n_unknowns] the Gauss-Newton step that is left to go: about 0 at a minimum */
    double *weakest;   /* [n_unknowns] unit vector: the direction in which residuals change least … */
    double least;      /* … and by how much (root of the sum of squares) a step of 1 along it does so */
} wp_fit;

enum { WP_FIT_USUAL_STEPS = 30 };

/* Levenberg and Marquardt's method with a trust region (GSL's multifit_nlinear), from `start` until a step
   is below `tolerance`, or none makes the sum of squares smaller, or after max_steps. It says nothing
   about whether it has converged: see `left`; nor whether the unknowns are identified: see `least`, which
   is also that of the start when max_steps is 0. WP_ERR_ARGUMENT with fewer residuals than unknowns, or
   none; failures of `residuals` are passed on; WP_ERR_NUMERIC when GSL fails; WP_ERR_MEMORY. Free in any
   case. */
wp_status wp_fit_init(wp_fit *fit, const wp_fit_problem *problem, wp_error *err);
void wp_fit_free(wp_fit *fit);

/* Covariance [n_unknowns][n_unknowns] of x for residuals of covariance [n_residuals][n_residuals] that is
   not of the model's making (noise, or how well the data are known): G C G' with G = (J'J)^-1 J'. NAN
   where the unknowns are not identified. */
wp_status wp_fit_covariance(const wp_fit *fit, const double *residuals, double *unknowns, wp_error *err);

#endif
