/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random scenarios as YAML text, for comparing the engine with the reference: households of 3 to 6, conditions
   across members, splits, drawn partners, births in mid-year, fades, delays and schedules. */
#ifndef WP_TESTS_SCENARIO_GENERATOR_H
#define WP_TESTS_SCENARIO_GENERATOR_H

#include <stdint.h>

#include "base/text.h"

/* Appends a scenario that the reader accepts; the same text for the same seed. `n_households` of the cohort. */
wp_status generate_scenario(uint64_t seed, int n_households, wp_text *text, wp_error *err);

/* The same with two to four interventions of all sorts, several arms of them, prices, histograms and outcomes that
   count each once: for comparing one way of running it with another. */
wp_status generate_scenario_with_arms(uint64_t seed, int n_households, wp_text *text, wp_error *err);

/* The same with what couples families: pools, capacities and their queues, indicators. Few of 60 households
   compete for few places. */
wp_status generate_scenario_of_a_place(uint64_t seed, int n_households, wp_text *text, wp_error *err);

#endif
