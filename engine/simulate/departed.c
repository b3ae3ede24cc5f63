/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Persons who are no longer in a block's columns: what they were worth, and whether they were in a programme,
   so that at the run's end everyone who ever lived in a lineage can be set beside the same person in another
   arm. */
#include "simulate/block.h"

#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

static bool reserve(wp_block *block, size_t n)
{
    const size_t n_personal = (size_t)block->plan->n_personal;
    size_t capacity = block->departed_capacity, n_worth = capacity * n_personal;
    if (n <= capacity) { return true; }
    if (!wp_array_reserve(&block->departed, &capacity, n, sizeof *block->departed) ||
        !wp_array_reserve(&block->departed_worth, &n_worth, capacity * n_personal,
                          sizeof *block->departed_worth)) {
        return false;
    }
    block->departed_capacity = capacity;
    return true;
}

/* Adds one to lineage l, whose list it heads, and gives where its worth goes; NULL without memory. */
static wp_departed *add(wp_block *block, uint32_t l, wp_int128 **worth)
{
    if (!reserve(block, (size_t)block->n_departed + 1)) { return NULL; }
    wp_departed *made = &block->departed[block->n_departed];
    *made = (wp_departed){.next = block->lineages[l].first_departed};
    *worth = block->departed_worth + (size_t)block->n_departed * (size_t)block->plan->n_personal;
    block->lineages[l].first_departed = block->n_departed++;
    return made;
}

/* Adds person p of `from`, whom its columns still hold. Companions count nowhere. */
static bool remember(wp_block *to, uint32_t l, const wp_block *from, uint32_t p)
{
    const wp_columns *columns = &from->columns[WP_PERSON];
    wp_int128 *worth = NULL;
    if (from->persons[p].uncounted) { return true; }
    wp_departed *made = add(to, l, &worth);
    if (made == NULL) { return false; }
    made->id = from->persons[p].id;
    made->enrolled = columns->enrolled[p] != 0;
    for (int v = 0; v < to->plan->n_personal; v++) {
        worth[v] = columns->worth[(size_t)v * columns->capacity + p];
    }
    return true;
}

static bool remember_dead_of(wp_block *to, uint32_t position, const wp_block *from, uint32_t l)
{
    for (uint32_t p = from->lineages[l].first[WP_PERSON]; p != WP_NOBODY;
         p = from->persons[p].next_in_lineage) {
        if (!from->persons[p].alive && !remember(to, position, from, p)) { return false; }
    }
    return true;
}

static wp_status no_memory(wp_error *err)
{
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for what each person is worth");
}

bool wp_block_remember_dead(wp_block *block)
{
    if (block->plan->n_personal == 0) { return true; }
    const uint32_t n_before = block->n_departed;
    bool enough = true;
    for (uint32_t l = 0; l < block->n_lineages && enough; l++) {
        enough = remember_dead_of(block, l, block, l);
    }
    if (enough) { return true; }
    for (uint32_t l = 0; l < block->n_lineages; l++) { /* they stay, and are not to be there twice */
        uint32_t *first = &block->lineages[l].first_departed;
        while (*first != WP_NOBODY && *first >= n_before) { *first = block->departed[*first].next; }
    }
    block->n_departed = n_before;
    return false;
}

wp_status wp_block_copy_departed(wp_block *to, const wp_block *from, wp_error *err)
{
    const size_t n_personal = (size_t)to->plan->n_personal;
    to->n_departed = 0;
    if (n_personal == 0 || from->n_departed == 0) { return WP_OK; }
    if (!reserve(to, from->n_departed)) { return no_memory(err); }
    memcpy(to->departed, from->departed, from->n_departed * sizeof *to->departed);
    memcpy(to->departed_worth, from->departed_worth,
           from->n_departed * n_personal * sizeof *to->departed_worth);
    to->n_departed = from->n_departed;
    return WP_OK;
}

wp_status wp_block_copy_departed_of(wp_block *to, const wp_block *from, uint32_t l, uint32_t position,
                                    wp_error *err)
{
    const size_t n_personal = (size_t)to->plan->n_personal;
    if (n_personal == 0) { return WP_OK; }
    uint32_t next = from->lineages[l].first_departed;
    to->lineages[position].first_departed = WP_NOBODY; /* it was copied as `from` has it */
    while (next != WP_NOBODY) {
        wp_int128 *worth = NULL;
        wp_departed *made = add(to, position, &worth);
        if (made == NULL) { return no_memory(err); }
        const wp_departed *original =
            &from->departed[next]; /* looked up after `to`, which may be it, has grown */
        made->id = original->id;
        made->enrolled = original->enrolled;
        memcpy(worth, from->departed_worth + (size_t)next * n_personal, n_personal * sizeof *worth);
        next = original->next;
    }
    return remember_dead_of(to, position, from, l) ? WP_OK : no_memory(err);
}
