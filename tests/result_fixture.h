/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small run's data made by hand, for tests of results, money and summaries. */
#ifndef WP_TESTS_RESULT_FIXTURE_H
#define WP_TESTS_RESULT_FIXTURE_H

#include "results/run_data.h"

/* Two arms (baseline, hub), two outcomes (falls in events, care in person_years) with groupings "all",
   "by age" (two labels) and, for falls, "group"; one intervention, two parameters, two payers, three unit
   values: operation (falls, nhs), care_day (care, half and half), hub.visit (per start, council).
   Every count is a fixed function of its place. Everything lives until result_fixture_free. */
void result_fixture(wp_run_data *data, int n_draws, int n_replicates, int n_years, int n_trace);
void result_fixture_free(wp_run_data *data);

#endif
