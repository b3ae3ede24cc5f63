/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting what a family saves among the sides of results/sides.h. */
#ifndef WP_PARALLEL_SIDE_SPLIT_H
#define WP_PARALLEL_SIDE_SPLIT_H

#include "parallel/lifetimes.h"
#include "results/sides.h"
#include "simulate/counts.h"

extern const char *const wp_side_names[WP_N_SIDES];

/* What is split: values of a valuation, each a sum of unit values. */
typedef struct wp_split_values {
    int n_values, n_unit_values, n_personal;
    const wp_list *parts;       /* [n_values] unit values */
    const int *intervention_of; /* [n_unit_values] that it is paid for, or -1 */
    const int *personal;        /* [n_personal] unit values of one person, in the order of the plan */
    int n_units;                /* how many values are all there is of a unit ("all GBP") */
    const int *unit_of;         /* [n_values] which of them it is, or -1 */
} wp_split_values;

/* Where a split's items are: amounts[n_values][WP_N_SIDES] in 2^-16 of a hundredth (so up to 1.4 million
   million pounds), batches[WP_N_BATCHES][n_units][WP_N_SIDES] of the same, people[WP_N_SIDES]: persons, of
   those elsewhere the ones who are worth something else than in the baseline. */
typedef struct wp_split_layout {
    size_t batches, people, n;
} wp_split_layout;

wp_split_layout wp_split_layout_of(const wp_split_values *values);

/* Worth of a lineage by its sums[n_unit_values]: of the unit values in `parts`, those of interventions that
   are not in `set` left out; in 2^-16 of a hundredth, rounded to the nearest. */
enum { WP_WORTH_BITS = 64, WP_LINEAGE_BITS = 16 };
int64_t wp_lineage_worth(const wp_list *parts, const int *intervention_of, const wp_int128 *sums,
                         uint32_t set);

/* One family in one arm, whose interventions are `set`. */
typedef struct wp_family_life {
    const wp_lifetimes *lives;
    size_t family;
    uint32_t set;
} wp_family_life;

/* Adds what a family is worth less in an arm than in the baseline to items[wp_split_layout_of(values).n]. Of
   each value the sides add to wp_lineage_worth of the baseline less that of the arm, to the last unit: what
   rounding leaves goes to the largest. `room`: [n_unit_values][WP_N_SIDES]. */
void wp_split_family(const wp_split_values *values, wp_family_life baseline, wp_family_life arm,
                     wp_int128 *room, int64_t *items);

#endif
