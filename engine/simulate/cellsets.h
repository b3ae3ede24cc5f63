/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that are found at once. An outcome's maps (by district, by age, by group, …) are many and small; those whose
   features have few enough classes together become one table, whose entry is the list of all their cells. */
#ifndef WP_SIMULATE_CELLSETS_H
#define WP_SIMULATE_CELLSETS_H

#include "base/arena.h"
#include "model/model.h"

enum { WP_CELLSET_LIMIT = 1 << 12 }; /* entries of several maps' table; a larger map stays by itself */

typedef struct wp_cellset {
    int n_axes;
    wp_table_axis axes[WP_MAX_AXES];
    uint32_t n;
    uint32_t age_stride;     /* of a person's own age (feature 0); 0: it is not among the axes */
    const uint32_t *first;   /* [n + 1] entry i is cells[first[i]] … cells[first[i + 1] - 1] */
    const int32_t *cells;    /* columns of the counts */
} wp_cellset;

typedef struct wp_cellsets {
    int n;
    const wp_cellset *items;
} wp_cellsets;

/* Makes *sets of the outcome's maps, in memory of the arena. Error: WP_ERR_MEMORY. */
wp_status wp_cellsets_make(wp_arena *arena, const wp_model *model, const wp_outcome_model *outcome,
                           wp_cellsets *sets, wp_error *err);

/* Entry of the subject whose features are x, x[stride], x[2 stride], … */
static inline uint32_t wp_cellset_at(const wp_cellset *set, const uint8_t *x, size_t stride)
{
    return wp_axes_index(set->n_axes, set->axes, x, stride);
}

/* Adds an amount to all cells of an entry. */
static inline void wp_cellset_add(const wp_cellset *set, uint32_t entry, int64_t amount, int64_t *row)
{
    const int32_t *cell = set->cells + set->first[entry], *end = set->cells + set->first[entry + 1];
    for (; cell < end; cell++) { row[*cell] += amount; }
}

#endif
