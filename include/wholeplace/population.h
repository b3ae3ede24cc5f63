/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The founding population of a scenario: made, described, and written as microdata. */
#ifndef WHOLEPLACE_POPULATION_H
#define WHOLEPLACE_POPULATION_H

#include <stdint.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { WP_POPULATION_DIGEST_HEX = 65 };

typedef struct wp_population_summary {
    int64_t n_people, n_households; /* a resident of an institution is a household of one */
    char digest[WP_POPULATION_DIGEST_HEX]; /* SHA-256 of every household, in hexadecimal */
} wp_population_summary;

/* Makes the population of `scenario`, which depends on the scenario and `seed` alone, and writes what is
   asked for; each of the outputs may be NULL.
   summary: numbers and digest.
   report: the report of fit as text, a line for each margin: cells, wanted, got, the largest error of a
     cell, SRMSE (root mean square error over the mean cell), and whether the margin was met as given
     (local), scaled to an earlier one, or holds shares from elsewhere; then household sizes, which are not
     fitted, beside England's, and the number of impossible households, which is 0.
   persons, households: CSV that `population: {file: {persons: …, households: …}}` reads: one row a person
     (id, household, age in years exactly, mother, partner, attributes and states that the population
     gives) and one a household (id, institution, attributes). Ids are those of the run without their
     highest bit.
   Errors: WP_ERR_POPULATION where margins disagree by more than 1 % (both are named) or cannot be met,
   WP_ERR_SCENARIO for a line of an imported file, WP_ERR_FILE, WP_ERR_LIMIT, WP_ERR_MEMORY. Thread-safe.
   A synthesis of 2.7 million people takes about a second and 12 MiB. */
wp_status wp_population_make(const wp_scenario *scenario, uint64_t seed, wp_population_summary *summary,
                             FILE *report, FILE *persons, FILE *households, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
