/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of a block: growing, emptying and compacting its columns, by one table of what they are. */
#include "simulate/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

enum { N_COLUMNS = 22, FIRST_CAPACITY = 64 };

typedef struct column {
    void **data;
    size_t item_bytes;
    size_t n;      /* columns of this sort */
    wp_tick blank; /* of ticks: what a column holds for nobody */
    bool passing;  /* of the present epoch alone: not kept while the block rests */
} column;

static void columns_table(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind,
                          column table[N_COLUMNS])
{
    const wp_kind *model = &plan->model->kinds[kind];
    const size_t n_clocks = (size_t)model->n_clocks;
    const size_t n_delays = (size_t)model->n_delays;
    const column made[N_COLUMNS] = {
        {(void **)&columns->x, sizeof(uint8_t), (size_t)model->n_features, 0, false},
        {(void **)&columns->remaining, sizeof(double), n_clocks, 0, false},
        {(void **)&columns->occurrence, sizeof(uint16_t), (size_t)plan->kinds[kind].n_processes, 0, false},
        {(void **)&columns->timer, sizeof(wp_tick), (size_t)model->n_timers, WP_TICK_NEVER, false},
        {(void **)&columns->since, sizeof(wp_tick), (size_t)model->n_since, 0, false},
        {(void **)&columns->real, sizeof(float), (size_t)model->n_reals, 0, false},
        {(void **)&columns->recent, sizeof(wp_tick), (size_t)model->n_recents * WP_MAX_RECENT, INT64_MIN, false},
        {(void **)&columns->delay_factor, sizeof(double), n_delays, 0, false},
        {(void **)&columns->delay_draws, sizeof(uint16_t), n_delays, 0, false},
        {(void **)&columns->offers, sizeof(uint16_t), (size_t)plan->model->n_interventions, 0, false},
        {(void **)&columns->unwilling, sizeof(uint32_t), 1, 0, false},
        {(void **)&columns->counted, sizeof(uint16_t), (size_t)plan->kinds[kind].n_once, 0, false},
        {(void **)&columns->tally, sizeof(int64_t), (size_t)plan->kinds[kind].histograms.n, 0, false},
        {(void **)&columns->next_timer, sizeof(wp_tick), 1, WP_TICK_NEVER, false},
        {(void **)&columns->later, sizeof(double), n_clocks, 0, true},
        {(void **)&columns->rate, sizeof(double), n_clocks, 0, true},
        {(void **)&columns->older, sizeof(double), n_clocks, 0, true},
        {(void **)&columns->first, sizeof(double), 1, 0, true},
        {(void **)&columns->second, sizeof(double), 1, 0, true},
        {(void **)&columns->due, sizeof(uint64_t), WP_CLOCK_WORDS, 0, true},
        {(void **)&columns->awake, sizeof(uint8_t), 1, 0, true},
        {(void **)&columns->tallied, sizeof(uint64_t), WP_CLOCK_WORDS, 0, true},
    };
    memcpy(table, made, sizeof made);
}

/* Blanks subjects [from, to) of every column. */
static void blank(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind, uint32_t from, uint32_t to)
{
    column table[N_COLUMNS];
    columns_table(columns, plan, kind, table);
    for (int c = 0; c < N_COLUMNS; c++) {
        for (size_t k = 0; k < table[c].n; k++) {
            char *data = (char *)*table[c].data + k * columns->capacity * table[c].item_bytes;
            if (table[c].blank == 0) {
                memset(data + from * table[c].item_bytes, 0, (to - from) * table[c].item_bytes);
                continue;
            }
            wp_tick *ticks = (wp_tick *)(void *)data;
            for (uint32_t i = from; i < to; i++) { ticks[i] = table[c].blank; }
        }
    }
}

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

/* Gives every column room for `capacity` subjects. */
static wp_status resize(wp_block *block, wp_subject_kind kind, uint32_t capacity, wp_error *err)
{
    wp_columns *columns = &block->columns[kind];
    const uint32_t old = columns->capacity;
    column table[N_COLUMNS];
    columns_table(columns, block->plan, kind, table);
    for (int c = 0; c < N_COLUMNS; c++) {
        const size_t bytes = table[c].item_bytes;
        char *data = wp_calloc_array_aligned(table[c].n * capacity, bytes);
        if (data == NULL) { return no_memory(err); }
        for (size_t k = 0; k < table[c].n && old > 0; k++) {
            memcpy(data + k * capacity * bytes, (char *)*table[c].data + k * old * bytes, columns->n * bytes);
        }
        free(*table[c].data);
        *table[c].data = data;
    }
    size_t item_bytes = 0;
    void **headers = headers_of(block, kind, &item_bytes);
    void *moved = realloc(*headers, capacity * item_bytes);
    if (moved == NULL) { return no_memory(err); }
    *headers = moved;
    columns->capacity = capacity;
    blank(columns, block->plan, kind, columns->n, capacity);
    return WP_OK;
}

static wp_status grow(wp_block *block, wp_subject_kind kind, wp_error *err)
{
    const uint32_t old = block->columns[kind].capacity;
    return resize(block, kind, old == 0 ? FIRST_CAPACITY : old + old / 4 + 32, err);
}

wp_status wp_block_trim(wp_block *block, wp_error *err)
{
    wp_status status = WP_OK;
    for (int kind = 0; kind < WP_N_KINDS && status == WP_OK; kind++) {
        const uint32_t n = block->columns[kind].n;
        if (n + n / 8 + 8 < block->columns[kind].capacity) {
            status = resize(block, (wp_subject_kind)kind, n + n / 8 + 8, err);
        }
    }
    return status;
}

void wp_block_rest(wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        column table[N_COLUMNS];
        columns_table(&block->columns[kind], block->plan, (wp_subject_kind)kind, table);
        for (int c = 0; c < N_COLUMNS; c++) {
            if (!table[c].passing) { continue; }
            free(*table[c].data);
            *table[c].data = NULL;
        }
    }
}

wp_status wp_block_rouse(wp_block *block, wp_error *err)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        column table[N_COLUMNS];
        columns_table(&block->columns[kind], block->plan, (wp_subject_kind)kind, table);
        for (int c = 0; c < N_COLUMNS; c++) {
            if (*table[c].data != NULL) { continue; }
            *table[c].data = wp_calloc_array_aligned(table[c].n * block->columns[kind].capacity, table[c].item_bytes);
            if (*table[c].data == NULL) { return no_memory(err); }
        }
    }
    return WP_OK;
}

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
        column table[N_COLUMNS];
        columns_table(&block->columns[kind], block->plan, (wp_subject_kind)kind, table);
        for (int c = 0; c < N_COLUMNS; c++) { free(*table[c].data); }
    }
    free(block->persons);
    free(block->households);
    free(block->couples);
    free(block->lineages);
    free(block->requests);
    free(block->answers);
    free(block->values);
    memset(block, 0, sizeof *block);
}

void wp_block_clear(wp_block *block)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        wp_columns *columns = &block->columns[kind];
        blank(columns, block->plan, (wp_subject_kind)kind, 0, columns->n);
        columns->n = 0;
        block->n_dead[kind] = 0;
    }
    block->n_lineages = 0;
    block->n_requests = block->n_answers = 0;
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
    blank(columns, block->plan, kind, n, columns->n);
    columns->n = n;
}

wp_status wp_block_add_lineage(wp_block *block, uint32_t *position, wp_error *err)
{
    if (block->n_lineages == block->lineage_capacity) {
        const uint32_t capacity = block->lineage_capacity == 0 ? FIRST_CAPACITY
                                                               : block->lineage_capacity * 2;
        wp_lineage *grown = realloc(block->lineages, capacity * sizeof *grown);
        if (grown == NULL) {
            return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a block of families");
        }
        block->lineages = grown;
        if (block->n_values > 0) {
            wp_int128 *values = realloc(block->values, capacity * (size_t)block->n_values * sizeof *values);
            if (values == NULL) {
                return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a block of families");
            }
            block->values = values;
        }
        block->lineage_capacity = capacity;
    }
    for (int v = 0; v < block->n_values; v++) {
        block->values[(size_t)block->n_lineages * (size_t)block->n_values + (size_t)v] = 0;
    }
    wp_lineage *lineage = &block->lineages[block->n_lineages];
    memset(lineage, 0, sizeof *lineage);
    for (int kind = 0; kind < WP_N_KINDS; kind++) { lineage->first[kind] = WP_NOBODY; }
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
    column into[N_COLUMNS], out_of[N_COLUMNS];
    columns_table(target, to->plan, kind, into);
    columns_table(&shared, from->plan, kind, out_of);
    for (int c = 0; c < N_COLUMNS; c++) {
        const size_t bytes = into[c].item_bytes;
        for (size_t k = 0; k < into[c].n; k++) {
            memcpy((char *)*into[c].data + k * target->capacity * bytes,
                   (const char *)*out_of[c].data + k * source->capacity * bytes, source->n * bytes);
        }
    }
    size_t bytes = 0;
    void *headers = *headers_of(to, kind, &bytes);
    const void *originals = kind == WP_PERSON      ? (const void *)from->persons
                            : kind == WP_HOUSEHOLD ? (const void *)from->households
                                                   : (const void *)from->couples;
    memcpy(headers, originals, source->n * bytes);
    target->n = source->n;
    to->n_dead[kind] = from->n_dead[kind];
    return WP_OK;
}

wp_status wp_block_copy(wp_block *to, const wp_block *from, wp_error *err)
{
    wp_status status = WP_OK;
    wp_block_clear(to);
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        WP_TRY(copy_kind(to, from, (wp_subject_kind)kind, err));
    }
    for (uint32_t l = 0; l < from->n_lineages; l++) {
        uint32_t position = 0;
        WP_TRY(wp_block_add_lineage(to, &position, err));
        to->lineages[position] = from->lineages[l];
    }
    if (to->n_values > 0 && from->n_values == to->n_values && from->n_lineages > 0) {
        memcpy(to->values, from->values, from->n_lineages * (size_t)to->n_values * sizeof *to->values);
    }
out:
    return status;
}

/* ---- Copying a lineage ---------------------------------------------------------------------------------- */

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
    default: memcpy(to, from, 8); break;
    }
}

/* Adds one kind's living subjects, in the order of the lineage's list, and notes their places. What a column
   holds of the present epoch stays blank. */
static wp_status copy_kind_of_lineage(wp_block *to, wp_block *from, uint32_t l, wp_subject_kind kind, wp_error *err)
{
    uint32_t first = WP_NOBODY, n = 0, next = WP_NOBODY;
    for (uint32_t i = from->lineages[l].first[kind]; i != WP_NOBODY; i = next) {
        uint32_t place = WP_NOBODY;
        next = link_of(from, kind, i).next;
        if (*link_of(from, kind, i).alive) {
            wp_status status = wp_block_add(to, kind, &place, err); /* which moves headers, if they are `from`'s */
            if (status != WP_OK) { return status; }
            copy_header(to, from, kind, i, place);
            first = n++ == 0 ? i : first;
        }
        *link_of(from, kind, i).slot = place;
    }
    if (n == 0) { return WP_OK; }
    column into[N_COLUMNS], out_of[N_COLUMNS];
    columns_table(&to->columns[kind], to->plan, kind, into);
    columns_table(&from->columns[kind], from->plan, kind, out_of);
    for (int c = 0; c < N_COLUMNS; c++) {
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
    }
    block->lineages[l].n_alive = 0;
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
    column table[N_COLUMNS];
    columns_table(columns, block->plan, kind, table);
    for (int c = 0; c < N_COLUMNS; c++) {
        const size_t bytes = table[c].item_bytes;
        for (size_t k = 0; k < table[c].n; k++) {
            squeeze_items((char *)*table[c].data + k * columns->capacity * bytes, bytes, columns->n, place);
        }
    }
    size_t bytes = 0;
    char *headers = *headers_of(block, kind, &bytes);
    squeeze_items(headers, bytes, columns->n, place);
    blank(columns, block->plan, kind, n, columns->n);
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
    if (enough) { /* without memory the dead simply stay */
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

size_t wp_block_bytes(const wp_block *block)
{
    size_t bytes = block->lineage_capacity * (sizeof *block->lineages + (size_t)block->n_values * sizeof(wp_int128));
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        wp_columns columns = block->columns[kind];
        column table[N_COLUMNS];
        columns_table(&columns, block->plan, (wp_subject_kind)kind, table);
        for (int c = 0; c < N_COLUMNS; c++) {
            bytes += table[c].n * columns.capacity * table[c].item_bytes;
        }
    }
    bytes += block->columns[WP_PERSON].capacity * sizeof *block->persons;
    bytes += block->columns[WP_HOUSEHOLD].capacity * sizeof *block->households;
    bytes += block->columns[WP_COUPLE].capacity * sizeof *block->couples;
    return bytes;
}
