/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying one lineage from a block to another, and leaving nobody of one. */
#include "simulate/columns.h"

#include <string.h>

#include "base/fail.h"

typedef struct subject_link { bool *alive; uint32_t *slot, next; } subject_link;

static subject_link link_of(const wp_block *block, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: {
        wp_person *person = &block->persons[i];
        return (subject_link){&person->alive, &person->slot, person->next_in_lineage};
    }
    case WP_HOUSEHOLD: {
        wp_household *household = &block->households[i];
        return (subject_link){&household->alive, &household->slot, household->next_in_lineage};
    }
    default: {
        wp_couple *couple = &block->couples[i];
        return (subject_link){&couple->alive, &couple->slot, couple->next_in_lineage};
    }
    }
}

static void copy_header(wp_block *to, const wp_block *from, wp_subject_kind kind, uint32_t i, uint32_t j)
{
    switch (kind) {
    case WP_PERSON: to->persons[j] = from->persons[i]; break;
    case WP_HOUSEHOLD: to->households[j] = from->households[i]; break;
    default: to->couples[j] = from->couples[i]; break;
    }
}

static void copy_item(char *to, const char *from, size_t bytes)
{
    switch (bytes) { /* sizes that the compiler knows: a move each */
    case 1: *to = *from; break;
    case 2: memcpy(to, from, 2); break;
    case 4: memcpy(to, from, 4); break;
    case 8: memcpy(to, from, 8); break;
    default: memcpy(to, from, bytes); break;
    }
}

/* Adds one kind's living subjects, in the order of the lineage's list, and notes their places. What a column
   holds of the present epoch stays blank. */
static wp_status copy_kind_of_lineage(wp_block *to, wp_block *from, uint32_t l, wp_subject_kind kind,
                                      wp_error *err)
{
    uint32_t first = WP_NOBODY, n = 0, next = WP_NOBODY;
    for (uint32_t i = from->lineages[l].first[kind]; i != WP_NOBODY; i = next) {
        uint32_t place = WP_NOBODY;
        next = link_of(from, kind, i).next;
        if (*link_of(from, kind, i).alive) {
            wp_status status =
                wp_block_add(to, kind, &place, err); /* which moves headers, if they are `from`'s */
            if (status != WP_OK) { return status; }
            copy_header(to, from, kind, i, place);
            first = n++ == 0 ? i : first;
        }
        *link_of(from, kind, i).slot = place;
    }
    if (n == 0) { return WP_OK; }
    wp_column into[WP_N_COLUMNS], out_of[WP_N_COLUMNS];
    wp_columns_table(&to->columns[kind], to->plan, kind, into);
    wp_columns_table(&from->columns[kind], from->plan, kind, out_of);
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        const size_t bytes = into[c].item_bytes;
        for (size_t k = 0; k < into[c].n && !into[c].passing; k++) {
            char *target = (char *)*into[c].data + k * to->columns[kind].capacity * bytes;
            const char *source = (const char *)*out_of[c].data + k * from->columns[kind].capacity * bytes;
            for (uint32_t i = first; i != WP_NOBODY;) {
                const subject_link link = link_of(from, kind, i);
                if (*link.alive) { copy_item(target + *link.slot * bytes, source + i * bytes, bytes); }
                i = link.next;
            }
        }
    }
    return WP_OK;
}

/* The place of the copy of subject i of `from`. */
static uint32_t place_of(const wp_block *from, wp_subject_kind kind, uint32_t i)
{
    return i == WP_NOBODY ? WP_NOBODY : *link_of(from, kind, i).slot;
}

/* Next living subject of the lineage's list, from i on. */
static uint32_t living_from(const wp_block *from, wp_subject_kind kind, uint32_t i)
{
    while (i != WP_NOBODY && !*link_of(from, kind, i).alive) { i = link_of(from, kind, i).next; }
    return i;
}

static void relink_person(wp_block *to, const wp_block *from, uint32_t l, uint32_t p)
{
    wp_person *person = &to->persons[place_of(from, WP_PERSON, p)];
    const wp_person *original = &from->persons[p];
    person->lineage = l;
    person->household = place_of(from, WP_HOUSEHOLD, original->household);
    person->partner = place_of(from, WP_PERSON, original->partner);
    person->mother = place_of(from, WP_PERSON, original->mother);
    person->couple = place_of(from, WP_COUPLE, original->couple);
    person->next_member = place_of(from, WP_PERSON, original->next_member);
    person->next_in_lineage =
        place_of(from, WP_PERSON, living_from(from, WP_PERSON, original->next_in_lineage));
}

static void relink_household(wp_block *to, const wp_block *from, uint32_t l, uint32_t h)
{
    wp_household *household = &to->households[place_of(from, WP_HOUSEHOLD, h)];
    const wp_household *original = &from->households[h];
    household->lineage = l;
    household->first_member = place_of(from, WP_PERSON, original->first_member);
    household->next_in_lineage =
        place_of(from, WP_HOUSEHOLD, living_from(from, WP_HOUSEHOLD, original->next_in_lineage));
}

static void relink_couple(wp_block *to, const wp_block *from, uint32_t l, uint32_t c)
{
    wp_couple *couple = &to->couples[place_of(from, WP_COUPLE, c)];
    const wp_couple *original = &from->couples[c];
    couple->lineage = l;
    couple->household = place_of(from, WP_HOUSEHOLD, original->household);
    couple->a = place_of(from, WP_PERSON, original->a);
    couple->b = place_of(from, WP_PERSON, original->b);
    couple->next_in_lineage =
        place_of(from, WP_COUPLE, living_from(from, WP_COUPLE, original->next_in_lineage));
}

wp_status wp_block_copy_lineage(wp_block *to, wp_block *from, uint32_t l, uint32_t *position, wp_error *err)
{
    wp_status status = WP_OK;
    typedef void relink_fn(wp_block *to, const wp_block *from, uint32_t l, uint32_t i);
    static relink_fn *const relinks[WP_N_KINDS] = {relink_person, relink_household, relink_couple};
    WP_TRY(wp_block_add_lineage(to, position, err));
    to->lineages[*position] = from->lineages[l];
    for (int v = 0; v < to->n_values; v++) {
        to->values[(size_t)*position * (size_t)to->n_values + (size_t)v] =
            from->values[(size_t)l * (size_t)from->n_values + (size_t)v];
    }
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        WP_TRY(copy_kind_of_lineage(to, from, l, (wp_subject_kind)kind, err));
    }
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        const uint32_t first = living_from(from, kind, from->lineages[l].first[kind]);
        to->lineages[*position].first[kind] = place_of(from, kind, first);
        for (uint32_t i = first; i != WP_NOBODY; i = living_from(from, kind, link_of(from, kind, i).next)) {
            relinks[kind](to, from, *position, i);
        }
    }
    WP_TRY(wp_block_copy_departed_of(to, from, l, *position, err));
    if (from->n_requests + from->n_answers > 0) {
        WP_TRY(wp_block_copy_asked_by(to, from, l, *position, err));
    }
out:
    return status;
}

void wp_block_drop_lineage(wp_block *block, uint32_t l)
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        uint32_t next = WP_NOBODY;
        for (uint32_t i = block->lineages[l].first[kind]; i != WP_NOBODY; i = next) {
            const subject_link link = link_of(block, kind, i);
            block->n_dead[kind] += *link.alive ? 1 : 0;
            block->columns[kind].next_timer[i] = WP_TICK_NEVER;
            *link.alive = false;
            next = link.next;
        }
        block->lineages[l].first[kind] = WP_NOBODY;
    }
    block->lineages[l].n_alive = 0;
}
