/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slow, obvious simulator that the engine is compared with: it reads the checked scenario directly,
   sums hazards, draws one waiting time at a time, and shares no code with the model or the engine. */
#ifndef WP_TESTS_REFERENCE_H
#define WP_TESTS_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include <wholeplace/error.h>

#include "scenario/checked.h"

/* Mistakes on purpose: tests show that they are noticed. All zero: none. */
typedef struct reference_fault {
    double hazard_factor;          /* every hazard times this; 0 means 1 */
    bool ratio_on_probability;     /* multiply_hazard on an answer multiplies the probability */
    bool ends_first;               /* ends come before schedules at one instant */
    bool schedules_see_each_other; /* scheduled processes of one instant are decided one by one */
    bool multiplier_ignored;       /* multipliers are 1 */
} reference_fault;

typedef struct reference_options {
    uint64_t seed;
    int arm;
    int64_t n_lineages;            /* founding households simulated, from the first; 0: all */
    int n_replicates;              /* 0: 1 */
    reference_fault fault;
} reference_options;

/* Counts by year and outcome, doubled as in simulate/counts.h: events in halves, person-time in half
   ticks. `sum` is over everything; `square` sums the squares of each unit's counts. A unit is a founding
   lineage, or, where a pool, indicator, capacity or arrivals couple them, a replicate. */
typedef struct reference_totals {
    int n_years, n_outcomes;       /* years of the run and one more */
    int64_t n_units;
    bool by_replicate;
    double *sum, *square;          /* [n_years][n_outcomes] */
    double *unit_run_sum, *unit_run_square; /* [n_outcomes]: of a unit's counts of all years together */
    int64_t n_events;
    /* stock-flow: people (not doubled, companions included) */
    int64_t *start, *born, *entered, *died, *left, *end; /* [n_years] */
    int64_t person_ticks;
} reference_totals;

/* Runs one arm. Every instant is verified (reference_verify); a broken invariant is WP_ERR_RUN. A
   scenario that asks for what the reference does not know is WP_ERR_ARGUMENT. Parameters take their
   values; draws are not drawn. */
wp_status reference_run(const wp_scenario *scenario, const reference_options *options,
                        reference_totals *totals, wp_error *err);
void reference_totals_free(reference_totals *totals);

#endif
