/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration: fitting baseline parameters to published facts, never to a claim. */
#ifndef WHOLEPLACE_CALIBRATE_H
#define WHOLEPLACE_CALIBRATE_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { WP_CALIBRATE_REPLICATES = 8, WP_MAX_FITTED = 16 };

typedef struct wp_calibrate_options {
    const char *const *parameters;
    int n_parameters; /* 1 to WP_MAX_FITTED, each a single number above 0 */
    const char *const *targets;
    int n_targets;      /* baseline facts to fit to; none: all of them that can be */
    wp_run_options run; /* sizes that are 0: sample by wp_validation_size, WP_CALIBRATE_REPLICATES
                                  replicates; draws are always one: parameters take their stated values */
    bool force;         /* overwrite a file that an earlier calibration wrote */
    void (*told)(void *user, int n_runs,
                 double misfit); /* after each run, may be NULL: the root mean square of
                                  residuals, 1 where facts are as far off as is tolerated */
    void *user;
} wp_calibrate_options;

/* Fits the parameters by least squares over the facts (Levenberg and Marquardt's method, GSL; parameters
   by their logarithm, probabilities and proportions by their log odds) and writes `path`: a file of YAML
   that a scenario may `use`, which replaces the parameters by the fitted ones, with where they are from.
   What was found is printed to `report`.

   A fact's residual is its distance from the published value over what is tolerated (the target's `within`
   of the value, or half of its range), times the root of its `weight`. All runs have the same lives but
   for what the parameters change, in the baseline and the arms that the facts are of, up to the last year
   that they need. A distribution that was stated moves with its value; where there was none, one is
   written: how well the facts are known (tolerances as 95 % intervals), with the noise of the lives.

   WP_ERR_ARGUMENT: an unknown parameter, or one that is no single number above 0; an unknown target, a
   claim, a fact with one end open or a value of 0; no facts. WP_ERR_NUMERIC, with nothing written: the
   facts do not tell the parameters (fewer facts than parameters, or some combination that moves none of
   them by what is tolerated); no convergence; a fitted value outside the middle 99 % of its stated
   distribution. WP_ERR_EXISTS, WP_ERR_FILE; else errors as wp_run. */
wp_status wp_calibrate(const wp_scenario *scenario, const wp_calibrate_options *options, const char *path,
                       FILE *report, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
