/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lineages a run takes, and when arrivals come: founders by number, arrivals by stream and number. */
#ifndef WP_PARALLEL_SELECTION_H
#define WP_PARALLEL_SELECTION_H

#include <wholeplace/run.h>

#include "chance/key.h"
#include "population/population.h"
#include "simulate/plan.h"

/* When a household arrives. */
typedef struct wp_arrival_time {
    wp_tick tick;
    int stream;
    int64_t number;
} wp_arrival_time;

/* Arrivals of one replicate, in order of stream and number. */
typedef struct wp_arrivals {
    size_t n, capacity;
    wp_arrival_time *list;
} wp_arrivals;

/* Draws the arrivals of one replicate: a Poisson process for each stream, keyed by stream and number. Those
   that the options leave out are left out. */
wp_status wp_arrivals_init(wp_arrivals *arrivals, const wp_plan *plan, wp_key key,
                           const wp_run_options *options, wp_error *err);
void wp_arrivals_free(wp_arrivals *arrivals);

/* Does the run take lineage `number`, whose place in the order of samples is `order`? */
bool wp_selects(const wp_run_options *options, int64_t number, double order);

#endif
