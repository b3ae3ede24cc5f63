/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one kept count is worth, so that the worth of each lineage's life can be added up while it is lived:
   the noise of a saving is that of lineages' paired differences, which totals cannot show. */
#ifndef WP_SIMULATE_PRICES_H
#define WP_SIMULATE_PRICES_H

#include <stdint.h>

#include "simulate/plan.h"

/* Sums of it are exact, and so the same in any order. */
__extension__ typedef __int128 wp_int128;

/* Unit values that belong to lineages, in one draw. */
typedef struct wp_prices {
    int n;                         /* unit values */
    int n_years;                   /* of the counts */
    const wp_list *outcomes;       /* [n_outcomes] unit values that are paid for a count of it */
    const wp_list *offers, *starts, *time_in; /* [n_interventions] the same */
    /* NULL, or what a kept integer adds to the year's spend of those to whom it happens, undiscounted, in 2^-64
       pence: of outcomes, starts and ticks in programmes, [n_outcomes or n_interventions][n_years]. */
    const wp_int128 *spend_outcomes, *spend_starts, *spend_time_in;
    const wp_int128 *worth; /* [n][n_years] of one kept integer, discounted, in 2^-64 of a hundredth of the
                                      unit (pence, for pounds) */
} wp_prices;

/* Adds what `amount` kept integers are worth in year `year` to a lineage's values[prices->n]. */
static inline void wp_prices_add(const wp_prices *prices, const wp_list *values, int year, int64_t amount,
                                 wp_int128 *sums)
{
    for (int k = 0; k < values->n; k++) {
        const int u = values->items[k];
        sums[u] += prices->worth[(int64_t)u * prices->n_years + year] * amount;
    }
}

#endif
