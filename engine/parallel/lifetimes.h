/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everyone who ever lived in some lineages, with what each was worth: taken from a block at its run's end, to
   be set beside the same lineages in another arm. */
#ifndef WP_PARALLEL_LIFETIMES_H
#define WP_PARALLEL_LIFETIMES_H

#include "simulate/block.h"

/* A counted person. */
typedef struct wp_lifetime {
    uint64_t id;
    bool enrolled; /* was in a programme */
    size_t worth;  /* row of `worth` */
} wp_lifetime;

/* A lineage: rows first to end - 1 of `list`, in order of id. */
typedef struct wp_family {
    size_t first, end;
    uint32_t batch;
    bool touched; /* somebody of it was in a programme, a companion perhaps */
} wp_family;

/* All zeros at first. */
typedef struct wp_lifetimes {
    size_t n_families, family_capacity;
    wp_family *families;
    size_t n, capacity, worth_capacity;
    wp_lifetime *list;
    wp_int128 *worth; /* [n][plan->n_personal] by personal unit value, in 2^-64 of a hundredth */
    size_t value_capacity;
    wp_int128 *values; /* [n_families][n_values] of the lineage as a whole, by unit value */
} wp_lifetimes;

void wp_lifetimes_free(wp_lifetimes *self);
/* Empties it, keeping its memory. */
void wp_lifetimes_clear(wp_lifetimes *self);
/* Adds lineage l of a block whose run is over, as the next family. WP_ERR_MEMORY or WP_OK. */
wp_status wp_lifetimes_add(wp_lifetimes *self, const wp_block *block, uint32_t l, wp_error *err);

#endif
