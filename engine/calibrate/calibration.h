/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calibration at work: what is fitted, what it is fitted to, and what came of it. */
#ifndef WP_CALIBRATE_CALIBRATION_H
#define WP_CALIBRATE_CALIBRATION_H

#include <stdio.h>

#include <wholeplace/calibrate.h>

#include "base/arena.h"
#include "scenario/checked.h"
#include "solve/variant.h"

/* A parameter by its logarithm, or log odds, less those of the value it started from. */
typedef struct wp_fitted {
    const wp_parameter *parameter;
    int index;
    bool is_share;
    double start, value;  /* in the parameter's own unit */
    double noise, unsure; /* standard deviations of `value`: of the lives, and of all */
} wp_fitted;

typedef struct wp_fact {
    const wp_target *target;
    int index;
    bool is_fitted;       /* else it is only looked at */
    double centre, scale; /* published, and what is tolerated on either side; in the figure's unit */
    double before, after; /* the model's, at the start and at the end */
} wp_fact;

/* What a run gave: the same values of the parameters are not run twice. */
typedef struct wp_calibration_run {
    struct wp_calibration_run *before;
    double *x;     /* [n_fitted] */
    double *means; /* [n_facts] over replicates */
    double *noise; /* [n_used][n_used] covariance of the residuals' means */
} wp_calibration_run;

typedef struct wp_calibration {
    wp_arena arena;
    const wp_scenario *scenario;
    const wp_calibrate_options *options;
    wp_variant variant;
    int n_fitted, n_facts, n_used; /* n_used: facts that are fitted to */
    wp_fitted *fitted;
    wp_fact *facts;
    wp_calibration_run *runs, *last; /* all of them, and the one that was asked for last */
    const char *arms[WP_MAX_ARMS];
} wp_calibration;

/* `value` moved by `by` on the scale of its logarithm or log odds. */
double wp_fitted_move(bool is_share, double value, double by);

/* Writes the fitted parameters with their provenance as YAML; the report beside it, as plain text. */
wp_status wp_fitted_file_write(const wp_calibration *calibration, const char *path, wp_error *err);
void wp_calibration_report(const wp_calibration *calibration, FILE *out, const char *line_start);

#endif
