/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation: what a model gives beside what was published, for results and for scenarios.

       wp_validation *validation = NULL;
       wp_validation_new(&validation, &err);
       wp_validation_add_scenario(validation, scenario, NULL, &err);
       wp_validation_print(validation, WP_VALIDATION_TABLE, stdout, &err);
       wp_validation_free(validation);
*/
#ifndef WHOLEPLACE_VALIDATE_H
#define WHOLEPLACE_VALIDATE_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wp_validation wp_validation;

wp_status wp_validation_new(wp_validation **validation, wp_error *err);
/* NULL is legal. */
void wp_validation_free(wp_validation *validation);

/* Adds the targets of a result. Errors as wp_result_digest. */
wp_status wp_validation_add_result(wp_validation *validation, const char *result_path, wp_error *err);

/* Zero is the default. */
typedef struct wp_validate_options {
    wp_run_options run; /* sample, draws and replicates that are not said: those of wp_validation_size */
    bool no_solve;      /* do not look for what a claim needs, which takes some more runs each */
} wp_validate_options;

/* Runs a scenario in memory and adds its targets, and the rows of the table of published figures that it
   uses. For a claim beyond the interval, where its target names the parameter that it `needs`, the value
   at which the claim would be met is found with one draw, every other parameter at its stated value.
   `options` may be NULL. Errors as wp_run. */
wp_status wp_validation_add_scenario(wp_validation *validation, const wp_scenario *scenario,
                                     const wp_validate_options *options, wp_error *err);

/* Adds the rows of a table of published figures, a YAML file with the section `published`: what scenarios
   hold of it, whether they use it or not, is found by id. `problems` and errors as of wp_scenario_read. */
wp_status wp_validation_add_published(wp_validation *validation, const char *path, wp_problems *problems,
                                      wp_error *err);

/* Fills sample, draws and replicates of `options` where they are 0: by the scenario's `runs.validate`;
   else so many families as have WP_VALIDATION_PEOPLE people at the start, or all, and WP_VALIDATION_DRAWS
   draws, or as many as the scenario has, and its replicates. Enough to see whether a place is like its
   facts. */
enum { WP_VALIDATION_PEOPLE = 50000, WP_VALIDATION_DRAWS = 4 };
void wp_validation_size(const wp_scenario *scenario, wp_run_options *options);

typedef enum wp_validation_format {
    WP_VALIDATION_TABLE,
    WP_VALIDATION_JSON,
    WP_VALIDATION_CSV
} wp_validation_format;

/* Prints all that was added, in order of id: for each target its id, what was published, its role, the
   published value, the model's with its 95 % interval, their ratio, z and verdict; then the published
   facts and claims that no scenario can have, with the reason, and those for which there is no target.
   WP_ERR_FILE when `out` cannot be written. */
wp_status wp_validation_print(const wp_validation *validation, wp_validation_format format, FILE *out,
                              wp_error *err);

/* The number of targets that a scenario has. */
int wp_scenario_targets(const wp_scenario *scenario);

#ifdef __cplusplus
}
#endif
#endif
