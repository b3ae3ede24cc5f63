/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lifetimes of lineages, from the columns and from those whom they have forgotten. */
#include "parallel/lifetimes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

void wp_lifetimes_free(wp_lifetimes *self)
{
    free(self->families);
    free(self->list);
    free(self->worth);
    free(self->values);
    memset(self, 0, sizeof *self);
}

void wp_lifetimes_clear(wp_lifetimes *self)
{
    self->n_families = self->n = 0;
}

/* Adds a person and gives where their worth goes; NULL without memory. */
static wp_int128 *add(wp_lifetimes *self, uint64_t id, bool enrolled, size_t n_personal)
{
    if (!wp_array_reserve(&self->list, &self->capacity, self->n + 1, sizeof *self->list) ||
        !wp_array_reserve(&self->worth, &self->worth_capacity, (self->n + 1) * n_personal,
                          sizeof *self->worth)) {
        return NULL;
    }
    self->list[self->n] = (wp_lifetime){id, enrolled, self->n};
    return self->worth + self->n++ * n_personal;
}

static bool add_those_in_columns(wp_lifetimes *self, const wp_block *block, uint32_t l)
{
    const wp_columns *columns = &block->columns[WP_PERSON];
    const size_t n_personal = (size_t)block->plan->n_personal;
    for (uint32_t p = block->lineages[l].first[WP_PERSON]; p != WP_NOBODY;
         p = block->persons[p].next_in_lineage) {
        if (block->persons[p].uncounted) { continue; }
        wp_int128 *worth = add(self, block->persons[p].id, columns->enrolled[p] != 0, n_personal);
        if (worth == NULL) { return false; }
        for (size_t v = 0; v < n_personal; v++) { worth[v] = columns->worth[v * columns->capacity + p]; }
    }
    return true;
}

static bool add_departed(wp_lifetimes *self, const wp_block *block, uint32_t l)
{
    const size_t n_personal = (size_t)block->plan->n_personal;
    for (uint32_t d = block->lineages[l].first_departed; d != WP_NOBODY; d = block->departed[d].next) {
        wp_int128 *worth = add(self, block->departed[d].id, block->departed[d].enrolled, n_personal);
        if (worth == NULL) { return false; }
        memcpy(worth, block->departed_worth + d * n_personal, n_personal * sizeof *worth);
    }
    return true;
}

static int by_id(const void *left, const void *right)
{
    const uint64_t a = ((const wp_lifetime *)left)->id, b = ((const wp_lifetime *)right)->id;
    return a < b ? -1 : a > b ? 1 : 0;
}

wp_status wp_lifetimes_add(wp_lifetimes *self, const wp_block *block, uint32_t l, wp_error *err)
{
    const size_t n_values = (size_t)block->n_values, first = self->n;
    if (!wp_array_reserve(&self->families, &self->family_capacity, self->n_families + 1,
                          sizeof *self->families) ||
        !wp_array_reserve(&self->values, &self->value_capacity, (self->n_families + 1) * n_values,
                          sizeof *self->values) ||
        !add_those_in_columns(self, block, l) || !add_departed(self, block, l)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for what each person is worth");
    }
    qsort(self->list + first, self->n - first, sizeof *self->list, by_id);
    memcpy(self->values + self->n_families * n_values, block->values + l * n_values,
           n_values * sizeof *self->values);
    self->families[self->n_families++] =
        (wp_family){first, self->n, block->lineages[l].batch, block->lineages[l].touched};
    return WP_OK;
}
