/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of many arms at once. A lineage's life counts for every arm whose life it is; what it counts goes
   once into the counts that those arms share, and is handed out to arms at the end. */
#ifndef WP_SIMULATE_SINKS_H
#define WP_SIMULATE_SINKS_H

#include <stdint.h>

#include "simulate/counts.h"

enum { WP_SINK_NONE = -1, WP_N_SINK_HINTS = 256 };

/* One set of counts, and whose they are: bit a of `arms` for arm a. */
typedef struct wp_sink {
    uint64_t arms;
    wp_counts counts;
} wp_sink;

typedef struct wp_sinks {
    wp_counts shape; /* sizes alone */
    int n_arms;
    int n, limit;
    wp_sink *list;    /* [limit]; the first n_arms are those of one arm each, where alone programmes count */
    int hints[WP_N_SINK_HINTS]; /* by a hash of the arms: where they may be */
    wp_counts apart;  /* of one lineage and epoch, to be given to arms one by one; else empty */
    wp_counts nobody; /* what counts for no arm */
} wp_sinks;

/* `n_histograms` as in wp_counts_add_histograms. WP_ERR_MEMORY or WP_OK; free also after a failure. */
wp_status wp_sinks_init(wp_sinks *self, int n_arms, const wp_counts *shape, wp_error *err);
void wp_sinks_free(wp_sinks *self);

/* The sink that exactly these arms share, made if there is room for one more; else WP_SINK_NONE. */
int wp_sinks_find(wp_sinks *self, uint64_t arms);

/* Counts for each of the arms what wp_counts_add_programme counts. */
void wp_sinks_add_programme(wp_sinks *self, uint64_t arms, int what, int intervention, int year,
                            uint32_t batch, int64_t amount);

/* Hands what is in `apart`, all of it in `slice`, to each of `arms`, `sign` (1, -1) times, and empties it.
   `wide`: a sink whose arms hold all of these. */
void wp_sinks_hand_out(wp_sinks *self, uint64_t arms, int wide, wp_counts_slice slice, int sign);

/* Makes `sum` all that counts for arm a. */
void wp_sinks_sum(const wp_sinks *self, int a, wp_counts *sum);

/* Adds arm a's person-time of indicators to ticks[n_indicator_ticks]; and empties items [from, to) of it. */
void wp_sinks_add_ticks(const wp_sinks *self, int a, int64_t *ticks);
void wp_sinks_clear_ticks(wp_sinks *self, int from, int to);

/* Person-years counted so far, in all arms together. */
double wp_sinks_person_years(const wp_sinks *self);

/* Empties all. */
void wp_sinks_clear(wp_sinks *self);

#endif
