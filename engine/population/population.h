/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The founding population: which households there are and who lives in them, as a function of a
   household's number, so that a run expands founders block by block and memory does not grow. */
#ifndef WP_POPULATION_POPULATION_H
#define WP_POPULATION_POPULATION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <wholeplace/error.h>

#include "base/ticks.h"
#include "scenario/checked.h"

enum { WP_MAX_FOUNDERS = 64, WP_LEVEL_DRAWN = 255 };

typedef struct wp_founder {
    uint64_t id;               /* unique among persons; never depends on order or on other households */
    wp_tick birth;             /* <= 0: exact birth; age at the start is -birth */
    int partner, mother;       /* place in the household, or -1 */
    uint8_t levels[WP_MAX_LEVELS]; /* by person variable (index in the scenario's list of variables):
                                  the level that the population gives, or WP_LEVEL_DRAWN */
} wp_founder;

typedef struct wp_founding_household {
    uint64_t id;               /* of the household, and of its lineage */
    double sample_order;       /* place in the fixed low-discrepancy order that --sample uses: in [0, 1); a
                                  share F of the households keeps those below F, so 1 % is inside 10 % */
    bool institution;          /* a communal establishment's resident: a household of its own kind */
    int n;
    uint8_t levels[WP_MAX_LEVELS]; /* by household variable (index minus the number of person variables) */
    wp_founder members[WP_MAX_FOUNDERS];
} wp_founding_household;

typedef struct wp_population wp_population;

/* Makes the population of a scenario: cohort, synthetic (iterative proportional fitting over household
   types, integerised), or imported from CSV. It depends on the scenario and `seed` alone. The scenario is
   borrowed until wp_population_free, as a cohort's members stay there. `*population` is NULL on failure.
   Errors: WP_ERR_POPULATION (margins that disagree, cannot be met, or look at what cannot be fitted),
   WP_ERR_SCENARIO (a line of an imported file), WP_ERR_FILE, WP_ERR_LIMIT, WP_ERR_MEMORY. */
wp_status wp_population_init(wp_population **population, const wp_scenario *scenario, uint64_t seed,
                             wp_error *err);
void wp_population_free(wp_population *population);

/* Number of households (= lineages at the start), and of people. */
int64_t wp_population_households(const wp_population *population);
int64_t wp_population_people(const wp_population *population);

/* The place of household number `index` in the order of samples (wp_founding_household). */
double wp_population_order(int64_t index);

/* Household number `index` in canonical order, 0 <= index < households. Thread-safe, allocates nothing,
   no draws but keyed ones. */
void wp_population_household(const wp_population *population, int64_t index,
                             wp_founding_household *household);

/* A cohort's household, ids aside: its members' ages, links and given levels. */
void wp_cohort_members(const wp_scenario *scenario, const wp_cohort *cohort,
                       wp_founding_household *household);

/* The same for a household that is no founder (an arrival's): a hash of its id, in [0, 1). It has no
   stratification; founders' sample_order is the van der Corput sequence over the canonical order, which is
   sorted by area, kind, attributes and the head's age, and so is stratified by them. */
double wp_population_sample_order(uint64_t household_id);

/* The report of fit: each margin, wanted and got, and whether it is local or scaled from elsewhere. */
wp_status wp_population_report(const wp_population *population, FILE *out, wp_error *err);

/* Writes the population as the two CSV files that `population: {file: …}` reads (persons, households), in
   canonical order; either may be NULL. WP_ERR_FILE when a write fails. */
wp_status wp_population_write(const wp_population *population, FILE *persons, FILE *households,
                              wp_error *err);

/* SHA-256 of the population (of all that wp_population_household gives, in canonical order), kept once it is
   known; from one thread at a time. */
void wp_population_digest(wp_population *population, uint8_t digest[32]);

#endif
