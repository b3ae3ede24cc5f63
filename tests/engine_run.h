/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: reading a scenario and running the engine on it in memory. A failure of either fails the test. */
#ifndef WP_TESTS_ENGINE_RUN_H
#define WP_TESTS_ENGINE_RUN_H

#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#include "results/run_data.h"
#include "scenario/checked.h"

/* Both fail the test, with all problems printed, where the scenario has errors. Free with wp_scenario_free. */
wp_scenario *read_scenario(const char *path);
wp_scenario *read_scenario_text(const char *path, const char *text);

/* The same, after replacing pieces of its text: {find, replace, …, NULL}, or NULL for none. Each piece must be there. */
wp_scenario *read_changed_scenario(const char *path, const char *const *change);

/* Fails the test on an error. Free `data` with wp_simulate_free. `report` may be NULL. */
void run_engine(const wp_scenario *scenario, const wp_run_options *options, wp_run_data *data,
                wp_run_report *report);

int find_outcome(const wp_run_data *data, const char *name);
int find_arm(const wp_run_data *data, const char *name);

/* Totals as integers (doubled), summed over draws, replicates and batches; year -1: all years. */
double engine_total(const wp_run_data *data, int arm, int outcome, int year);
double engine_replicate_total(const wp_run_data *data, int arm, int replicate, int outcome, int year);

#endif
