/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of a block: growing, emptying and compacting its columns, by one table of what they are. */
#include "simulate/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

enum { FIRST_CAPACITY = 64 };

static void **headers_of(wp_block *block, wp_subject_kind kind, size_t *item_bytes)
{
    switch (kind) {
    case WP_PERSON: *item_bytes = sizeof(wp_person); return (void **)&block->persons;
    case WP_HOUSEHOLD: *item_bytes = sizeof(wp_household); return (void **)&block->households;
    default: *item_bytes = sizeof(wp_couple); return (void **)&block->couples;
    }
}

static wp_status no_memory(wp_error *err)
{
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a block of families");
}

/* Gives every column room for `capacity` subjects; after a failure the block is as it was. */
static wp_status resize(wp_block *block, wp_subject_kind kind, uint32_t capacity, wp_error *err)
{
    wp_columns *columns = &block->columns[kind];
    wp_column table[WP_N_COLUMNS];
    void *made[WP_N_COLUMNS] = {NULL};
    size_t item_bytes = 0;
    void **headers = headers_of(block, kind, &item_bytes);
    void *moved = wp_calloc_array(capacity, item_bytes);
    bool enough = moved != NULL;
    wp_columns_table(columns, block->plan, kind, table);
    for (int c = 0; c < WP_N_COLUMNS && enough; c++) {
        made[c] = wp_calloc_array_aligned(table[c].n * capacity, table[c].item_bytes);
        enough = made[c] != NULL;
    }
    if (!enough) {
        for (int c = 0; c < WP_N_COLUMNS; c++) { free(made[c]); }
        free(moved);
        return no_memory(err);
    }
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        const size_t bytes = table[c].item_bytes;
        for (size_t k = 0; k < table[c].n && columns->n > 0 && *table[c].data != NULL; k++) {
            memcpy((char *)made[c] + k * capacity * bytes,
                   (char *)*table[c].data + k * columns->capacity * bytes, columns->n * bytes);
        }
        free(*table[c].data);
        *table[c].data = made[c];
    }
    if (columns->n > 0) { memcpy(moved, *headers, columns->n * item_bytes); }
    free(*headers);
    *headers = moved;
    columns->capacity = capacity;
    wp_columns_blank(columns, block->plan, kind, columns->n, capacity);
    return WP_OK;
}

static wp_status grow(wp_block *block, wp_subject_kind kind, wp_error *err)
{
    const uint32_t old = block->columns[kind].capacity;
    return resize(block, kind, old == 0 ? FIRST_CAPACITY : old + old / 4 + 32, err);
}

void wp_block_trim(wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        const uint32_t n = block->columns[kind].n;
        if (n + n / 8 + 8 < block->columns[kind].capacity) {
            (void)resize(block, (wp_subject_kind)kind, n + n / 8 + 8, NULL);
        }
    }
}

/* ---- Resting ------------------------------------------------------------------------------------------ */

static void free_spare(wp_spare_columns *spare, int kind)
{
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        free(spare->data[kind][c]);
        spare->data[kind][c] = NULL;
    }
    spare->capacity[kind] = 0;
}

void wp_spare_columns_free(wp_spare_columns *self)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) { free_spare(self, kind); }
}

void wp_block_rest(wp_block *block, wp_spare_columns *spare)
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        const uint32_t capacity = block->columns[k].capacity;
        wp_column table[WP_N_COLUMNS];
        wp_columns_table(&block->columns[k], block->plan, (wp_subject_kind)k, table);
        for (int c = 0; c < WP_N_COLUMNS; c++) {
            if (!table[c].passing || *table[c].data == NULL) { continue; }
            if (spare->lent[k] > 0 && !table[c].swapped) {
                spare->data[k][c] = *table[c].data;
            } else {
                free(*table[c].data);
            }
            *table[c].data = NULL;
        }
        if (spare->lent[k] > 0 && spare->lent[k] != capacity) { spare->capacity[k] = capacity; } /* it grew */
        spare->lent[k] = 0;
    }
}

/* Columns are lent as they are: what they hold of those who are there the passes work out anew. */
static wp_status lend(wp_block *block, wp_subject_kind kind, wp_spare_columns *spare, wp_error *err)
{
    const uint32_t n = block->columns[kind].n, capacity = block->columns[kind].capacity;
    wp_column table[WP_N_COLUMNS];
    wp_columns_table(&block->columns[kind], block->plan, kind, table);
    if (spare->capacity[kind] < capacity) {
        free_spare(spare, (int)kind);
        spare->capacity[kind] = capacity;
    }
    spare->lent[kind] = capacity;
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        const size_t bytes = table[c].item_bytes;
        void **from = &spare->data[kind][c];
        if (!table[c].passing) { continue; }
        if (*from == NULL) {
            const size_t n_items = table[c].swapped ? capacity : spare->capacity[kind];
            *from = wp_calloc_array_aligned(table[c].n * n_items, bytes);
            if (*from == NULL) { return no_memory(err); }
        }
        *table[c].data = *from;
        *from = NULL;
        for (size_t k = 0; k < table[c].n; k++) {
            memset((char *)*table[c].data + (k * capacity + n) * bytes, 0, (capacity - n) * bytes);
        }
    }
    return WP_OK;
}

wp_status wp_block_rouse(wp_block *block, wp_spare_columns *spare, wp_error *err)
{
    wp_status status = WP_OK;
    for (int kind = 0; kind < WP_N_KINDS && status == WP_OK; kind++) {
        status = lend(block, (wp_subject_kind)kind, spare, err);
    }
    return status;
}

/* ---- The whole block ---------------------------------------------------------------------------------- */

wp_status wp_block_init(wp_block *block, const wp_plan *plan, wp_error *err)
{
    memset(block, 0, sizeof *block);
    block->plan = plan;
    wp_status status = WP_OK;
    for (int kind = 0; kind < WP_N_KINDS && status == WP_OK; kind++) {
        status = grow(block, (wp_subject_kind)kind, err);
    }
    return status;
}

void wp_block_free(wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS && block->plan != NULL; kind++) {
        wp_column table[WP_N_COLUMNS];
        wp_columns_table(&block->columns[kind], block->plan, (wp_subject_kind)kind, table);
        for (int c = 0; c < WP_N_COLUMNS; c++) { free(*table[c].data); }
    }
    free(block->persons);
    free(block->households);
    free(block->couples);
    free(block->lineages);
    free(block->requests);
    free(block->answers);
    free(block->values);
    free(block->departed);
    free(block->departed_worth);
    memset(block, 0, sizeof *block);
}

void wp_block_clear(wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        wp_columns *columns = &block->columns[kind];
        wp_columns_blank(columns, block->plan, (wp_subject_kind)kind, 0, columns->n);
        columns->n = 0;
        block->n_dead[kind] = 0;
    }
    block->n_lineages = 0;
    block->n_requests = block->n_answers = 0;
    block->n_departed = 0;
}

wp_status wp_block_add(wp_block *block, wp_subject_kind kind, uint32_t *position, wp_error *err)
{
    wp_columns *columns = &block->columns[kind];
    if (columns->n == columns->capacity) {
        wp_status status = grow(block, kind, err);
        if (status != WP_OK) { return status; }
    }
    *position = columns->n++;
    return WP_OK;
}

void wp_block_take_back(wp_block *block, wp_subject_kind kind, uint32_t n)
{
    wp_columns *columns = &block->columns[kind];
    wp_columns_blank(columns, block->plan, kind, n, columns->n);
    columns->n = n;
}

static wp_status reserve_lineages(wp_block *block, uint32_t n, wp_error *err)
{
    uint32_t capacity = block->lineage_capacity == 0 ? FIRST_CAPACITY : block->lineage_capacity;
    while (capacity < n) { capacity *= 2; }
    if (capacity == block->lineage_capacity) { return WP_OK; }
    wp_lineage *grown = realloc(block->lineages, capacity * sizeof *grown);
    if (grown == NULL) { return no_memory(err); }
    block->lineages = grown;
    if (block->n_values > 0) {
        wp_int128 *values = realloc(block->values, capacity * (size_t)block->n_values * sizeof *values);
        if (values == NULL) { return no_memory(err); }
        block->values = values;
    }
    block->lineage_capacity = capacity;
    return WP_OK;
}

wp_status wp_block_add_lineage(wp_block *block, uint32_t *position, wp_error *err)
{
    const wp_status status = reserve_lineages(block, block->n_lineages + 1, err);
    if (status != WP_OK) { return status; }
    for (int v = 0; v < block->n_values; v++) {
        block->values[(size_t)block->n_lineages * (size_t)block->n_values + (size_t)v] = 0;
    }
    wp_lineage *lineage = &block->lineages[block->n_lineages];
    memset(lineage, 0, sizeof *lineage);
    for (int kind = 0; kind < WP_N_KINDS; kind++) { lineage->first[kind] = WP_NOBODY; }
    lineage->first_departed = WP_NOBODY;
    *position = block->n_lineages++;
    return WP_OK;
}

static wp_status copy_kind(wp_block *to, const wp_block *from, wp_subject_kind kind, wp_error *err)
{
    const wp_columns *source = &from->columns[kind];
    while (to->columns[kind].capacity < source->n) {
        wp_status status = grow(to, kind, err);
        if (status != WP_OK) { return status; }
    }
    wp_columns *target = &to->columns[kind];
    wp_columns shared = *source;
    wp_column into[WP_N_COLUMNS], out_of[WP_N_COLUMNS];
    wp_columns_table(target, to->plan, kind, into);
    wp_columns_table(&shared, from->plan, kind, out_of);
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        const size_t bytes = into[c].item_bytes;
        for (size_t k = 0; k < into[c].n && !into[c].passing; k++) {
            memcpy((char *)*into[c].data + k * target->capacity * bytes,
                   (const char *)*out_of[c].data + k * source->capacity * bytes, source->n * bytes);
        }
    }
    size_t bytes = 0;
    void *headers = *headers_of(to, kind, &bytes);
    const void *originals = kind == WP_PERSON ? (const void *)from->persons
                            : kind == WP_HOUSEHOLD ? (const void *)from->households
                                                   : (const void *)from->couples;
    memcpy(headers, originals, source->n * bytes);
    if (target->n > source->n) { wp_columns_blank(target, to->plan, kind, source->n, target->n); }
    target->n = source->n;
    to->n_dead[kind] = from->n_dead[kind];
    return WP_OK;
}

wp_status wp_block_copy(wp_block *to, const wp_block *from, wp_error *err)
{
    wp_status status = WP_OK;
    to->n_lineages = 0;
    to->n_requests = to->n_answers = 0;
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        WP_TRY(copy_kind(to, from, (wp_subject_kind)kind, err));
    }
    WP_TRY(reserve_lineages(to, from->n_lineages, err));
    if (from->n_lineages > 0) {
        memcpy(to->lineages, from->lineages, from->n_lineages * sizeof *to->lineages);
    }
    to->n_lineages = from->n_lineages;
    const size_t n_values = from->n_lineages * (size_t)to->n_values;
    if (n_values > 0 && from->n_values == to->n_values) {
        memcpy(to->values, from->values, n_values * sizeof *to->values);
    } else if (n_values > 0) {
        memset(to->values, 0, n_values * sizeof *to->values);
    }
    WP_TRY(wp_block_copy_asked(to, from, err));
    WP_TRY(wp_block_copy_departed(to, from, err));
out:
    return status;
}

/* ---- Compacting ----------------------------------------------------------------------------- */

static bool is_alive(const wp_block *block, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return block->persons[i].alive;
    case WP_HOUSEHOLD: return block->households[i].alive;
    default: return block->couples[i].alive;
    }
}

/* Moves the living down over the dead, in runs that lie together. */
static void squeeze_items(char *data, size_t bytes, uint32_t n, const uint32_t *place)
{
    for (uint32_t i = 0; i < n;) {
        uint32_t end = i + 1;
        while (end < n && (place[end] == WP_NOBODY) == (place[i] == WP_NOBODY)) { end++; }
        if (place[i] != WP_NOBODY && place[i] != i) {
            memmove(data + place[i] * bytes, data + i * bytes, (end - i) * bytes);
        }
        i = end;
    }
}

/* Squeezes all columns of one kind; place[old] becomes the new position. */
static void squeeze(wp_block *block, wp_subject_kind kind, uint32_t *place)
{
    wp_columns *columns = &block->columns[kind];
    uint32_t n = 0;
    for (uint32_t i = 0; i < columns->n; i++) {
        place[i] = is_alive(block, kind, i) ? n++ : WP_NOBODY;
    }
    wp_column table[WP_N_COLUMNS];
    wp_columns_table(columns, block->plan, kind, table);
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        const size_t bytes = table[c].item_bytes;
        for (size_t k = 0; k < table[c].n; k++) {
            squeeze_items((char *)*table[c].data + k * columns->capacity * bytes, bytes, columns->n, place);
        }
    }
    size_t bytes = 0;
    char *headers = *headers_of(block, kind, &bytes);
    squeeze_items(headers, bytes, columns->n, place);
    wp_columns_blank(columns, block->plan, kind, n, columns->n);
    columns->n = n;
    block->n_dead[kind] = 0;
}

static void renumber(uint32_t *position, const uint32_t *place)
{
    if (*position != WP_NOBODY) { *position = place[*position]; }
}

/* Rebuilds the lists of members and of lineages' subjects, in order of position. */
static void relink(wp_block *block)
{
    for (uint32_t l = 0; l < block->n_lineages; l++) {
        for (int kind = 0; kind < WP_N_KINDS; kind++) { block->lineages[l].first[kind] = WP_NOBODY; }
    }
    for (uint32_t h = block->columns[WP_HOUSEHOLD].n; h-- > 0;) {
        wp_household *household = &block->households[h];
        household->first_member = WP_NOBODY;
        household->next_in_lineage = block->lineages[household->lineage].first[WP_HOUSEHOLD];
        block->lineages[household->lineage].first[WP_HOUSEHOLD] = h;
    }
    for (uint32_t p = block->columns[WP_PERSON].n; p-- > 0;) {
        wp_person *person = &block->persons[p];
        person->next_in_lineage = block->lineages[person->lineage].first[WP_PERSON];
        block->lineages[person->lineage].first[WP_PERSON] = p;
        wp_household *household = &block->households[person->household];
        person->next_member = household->first_member;
        household->first_member = p;
    }
    for (uint32_t c = block->columns[WP_COUPLE].n; c-- > 0;) {
        wp_couple *couple = &block->couples[c];
        couple->next_in_lineage = block->lineages[couple->lineage].first[WP_COUPLE];
        block->lineages[couple->lineage].first[WP_COUPLE] = c;
    }
}

static bool worth_compacting(const wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        if (block->n_dead[kind] > 32 && block->n_dead[kind] > block->columns[kind].n / 8) { return true; }
    }
    return false;
}

void wp_block_compact(wp_block *block)
{
    if (!worth_compacting(block)) { return; }
    uint32_t *place[WP_N_KINDS] = {NULL, NULL, NULL};
    bool enough = true;
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        place[kind] = wp_calloc_array(block->columns[kind].n, sizeof *place[kind]);
        enough = enough && place[kind] != NULL;
    }
    if (enough && wp_block_remember_dead(block)) { /* without memory the dead simply stay */
        for (int kind = 0; kind < WP_N_KINDS; kind++) {
            squeeze(block, (wp_subject_kind)kind, place[kind]);
        }
        for (uint32_t p = 0; p < block->columns[WP_PERSON].n; p++) {
            wp_person *person = &block->persons[p];
            renumber(&person->household, place[WP_HOUSEHOLD]);
            renumber(&person->partner, place[WP_PERSON]);
            renumber(&person->mother, place[WP_PERSON]);
            renumber(&person->couple, place[WP_COUPLE]);
        }
        for (uint32_t c = 0; c < block->columns[WP_COUPLE].n; c++) {
            wp_couple *couple = &block->couples[c];
            renumber(&couple->a, place[WP_PERSON]);
            renumber(&couple->b, place[WP_PERSON]);
            renumber(&couple->household, place[WP_HOUSEHOLD]);
        }
        relink(block);
    }
    for (int kind = 0; kind < WP_N_KINDS; kind++) { free(place[kind]); }
}
