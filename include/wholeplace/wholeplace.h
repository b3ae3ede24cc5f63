/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole public interface. In the order in which it is used:

       wp_problems problems = {0};
       wp_scenario *scenario = NULL;
       wp_error err = {0};
       if (wp_scenario_read("place.yaml", &scenario, &problems, &err) == WP_OK) {
           wp_run_options options = {.draws = 100};
           wp_run_report report;
           if (wp_run(scenario, &options, "place.nc", &report, &err) == WP_OK) {
               wp_summary("place.nc", NULL, stdout, &err);
           }
       }
       wp_scenario_free(scenario);
       wp_problems_free(&problems);
*/
#ifndef WHOLEPLACE_H
#define WHOLEPLACE_H

#include <wholeplace/align.h>
#include <wholeplace/calibrate.h>
#include <wholeplace/error.h>
#include <wholeplace/export.h>
#include <wholeplace/result.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>
#include <wholeplace/sensitivity.h>
#include <wholeplace/show.h>
#include <wholeplace/solve.h>
#include <wholeplace/summary.h>
#include <wholeplace/validate.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library's version, "0.1.0"; never NULL. */
const char *wp_version(void);

#ifdef __cplusplus
}
#endif
#endif
