/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in memory: all arms, draws and replicates of a scenario, by OpenMP over blocks of lineages. */
#ifndef WP_PARALLEL_SIMULATE_RUN_H
#define WP_PARALLEL_SIMULATE_RUN_H

#include <wholeplace/run.h>

#include "population/population.h"
#include "results/run_data.h"

/* The founders of every run of a scenario: they have a seed of their own. Free with wp_population_free; the
   scenario is borrowed until then. */
wp_status wp_simulate_founders(const wp_scenario *scenario, wp_population **founders, wp_error *err);

/* Simulates into `data`, which must be zeroed; free it with wp_simulate_free also after a failure. `report`
   may be NULL. The same bytes in `data` for any number of threads, block size and instruction set. */
wp_status wp_simulate(const wp_scenario *scenario, const wp_run_options *options, wp_run_data *data,
                      wp_run_report *report, wp_error *err);
/* The same with founders that were made before, of this scenario or of one that differs from it in parameters
   alone: where a scenario is run many times they are made once. */
wp_status wp_simulate_from(wp_population *founders, const wp_scenario *scenario,
                           const wp_run_options *options, wp_run_data *data, wp_run_report *report,
                           wp_error *err);
void wp_simulate_free(wp_run_data *data);

#endif
