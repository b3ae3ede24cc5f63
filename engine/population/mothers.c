/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children to parents: a fitted table of parent's age by child's age, rounded, then dealt to families. */
#include "population/mothers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/uniform.h"
#include "population/integerise.h"

enum { N_CELLS = WP_N_AGES * WP_N_AGES, MAX_ROUNDS = 400 };

typedef struct stream {
    wp_key key;
    uint64_t id;
    uint32_t purpose, next;
} stream;

static int draw(stream *self, int n)
{
    return (int)(wp_uniform(self->key, self->id, self->purpose, self->next++) * n);
}

/* Expected numbers table[parent age][child age]: each child chooses a parent by the distribution of ages
   at birth; then rows with fewer children than parents are raised and columns met again, in turn. */
static wp_status fit(double *table, const wp_area_people *area, const double *children,
                     const int32_t *parents, wp_error *err)
{
    for (int cell = 0; cell < N_CELLS; cell++) {
        int age = cell / WP_N_AGES;
        table[cell] = parents[age] * wp_shape_birth(age - cell % WP_N_AGES);
    }
    bool done = false;
    for (int round = 0; round < MAX_ROUNDS && !done; round++) {
        done = true;
        for (int child = 0; child < WP_N_AGES; child++) {
            double sum = 0.0;
            for (int age = 0; age < WP_N_AGES; age++) { sum += table[age * WP_N_AGES + child]; }
            if (children[child] > 0.0 && sum <= 0.0) {
                return wp_fail(err, WP_ERR_POPULATION,
                               "%s: no family has a parent for its children of age %d", area->name, child);
            }
            double factor = sum > 0.0 ? children[child] / sum : 0.0;
            for (int age = 0; age < WP_N_AGES; age++) { table[age * WP_N_AGES + child] *= factor; }
        }
        if (round + 1 == MAX_ROUNDS) { break; } /* children are exact at the end */
        for (int age = 0; age < WP_N_AGES; age++) {
            double sum = 0.0;
            for (int child = 0; child < WP_N_AGES; child++) { sum += table[age * WP_N_AGES + child]; }
            if (parents[age] == 0 || sum >= parents[age] - 1e-7 || sum <= 0.0) { continue; }
            done = false;
            for (int child = 0; child < WP_N_AGES; child++) {
                table[age * WP_N_AGES + child] *= parents[age] / sum;
            }
        }
    }
    return WP_OK;
}

static bool has_age(const wp_siblings *set, int but, int age)
{
    for (int i = 0; i < set->n; i++) {
        if (i != but && (set->members[i] & WP_PACKED_AGE) == age) { return true; }
    }
    return false;
}

/* Children of one age in a family are twins; most such pairs come by chance and are swapped away with
   another family of the same parent's age. */
static void part_twins(wp_siblings *sets, int n_sets, stream *random)
{
    for (int k = 0; k < n_sets; k++) {
        for (int i = 1; i < sets[k].n; i++) {
            int age = sets[k].members[i] & WP_PACKED_AGE;
            for (int attempt = 0; attempt < 6 && has_age(&sets[k], i, age); attempt++) {
                wp_siblings *other = &sets[draw(random, n_sets)];
                if (other == &sets[k] || other->n == 0) { continue; }
                int j = draw(random, other->n), its_age = other->members[j] & WP_PACKED_AGE;
                if (has_age(&sets[k], i, its_age) || has_age(other, j, age)) { continue; }
                uint8_t kept = other->members[j];
                other->members[j] = sets[k].members[i];
                sets[k].members[i] = kept;
                age = its_age;
            }
        }
    }
}

/* Eldest first; of one age women first, so that order means nothing else. */
static int compare_members(const void *a, const void *b)
{
    uint8_t x = *(const uint8_t *)a, y = *(const uint8_t *)b;
    int by_age = (y & WP_PACKED_AGE) - (x & WP_PACKED_AGE);
    return by_age != 0 ? by_age : x - y;
}

/* Deals shuffled children: one to each parent, then each further one to a parent by chance (so sizes are
   one more than a Poisson number, nearly). */
static wp_status deal(uint8_t *children, int n, wp_siblings *sets, int n_sets, const char *name,
                      stream *random, wp_error *err)
{
    if (n > 0 && (n_sets == 0 || n > n_sets * WP_MAX_FAMILY_CHILDREN)) {
        return wp_fail(err, WP_ERR_POPULATION,
                       "%s has %d children of one group for %d families: over %d each", name, n, n_sets,
                       WP_MAX_FAMILY_CHILDREN);
    }
    for (int i = n - 1; i > 0; i--) {
        int j = draw(random, i + 1);
        uint8_t kept = children[i];
        children[i] = children[j];
        children[j] = kept;
    }
    for (int i = 0; i < n; i++) {
        int k = i < n_sets ? i : draw(random, n_sets);
        while (sets[k].n == WP_MAX_FAMILY_CHILDREN) { k = (k + 1) % n_sets; }
        sets[k].members[sets[k].n++] = children[i];
    }
    part_twins(sets, n_sets, random);
    for (int k = 0; k < n_sets; k++) { qsort(sets[k].members, sets[k].n, 1, compare_members); }
    return WP_OK;
}

/* Takes `n` of the children of one age, girls and boys in the proportion that is left. */
static void take(int32_t left[2][WP_N_AGES], int age, int n, uint8_t *out, stream *random)
{
    for (int i = 0; i < n; i++) {
        int sex = draw(random, left[0][age] + left[1][age]) < left[0][age] ? 0 : 1;
        left[sex][age]--;
        out[i] = wp_pack(sex, age);
    }
}

wp_status wp_mothers_match(const wp_area_people *area, const int32_t children[2][WP_N_AGES],
                           const int32_t parents[WP_N_AGES], wp_siblings *sets, wp_error *err)
{
    wp_status status = WP_OK;
    double *table = NULL, by_age[WP_N_AGES];
    int32_t *counts = NULL, left[2][WP_N_AGES], n_children = 0;
    uint8_t *dealt = NULL;
    stream random = {area->key, area->id, wp_purpose("synthesis", "siblings"), 0};
    memcpy(left, children, sizeof left);
    for (int age = 0; age < WP_N_AGES; age++) {
        by_age[age] = children[0][age] + children[1][age];
        n_children += children[0][age] + children[1][age];
    }
    WP_TRY_ALLOC(table = wp_calloc_array(N_CELLS, sizeof *table));
    WP_TRY_ALLOC(counts = wp_calloc_array(N_CELLS, sizeof *counts));
    WP_TRY_ALLOC(dealt = wp_calloc_array((size_t)n_children, sizeof *dealt));
    WP_TRY(fit(table, area, by_age, parents, err));
    WP_TRY(wp_integerise_table(WP_N_AGES, WP_N_AGES, table, area->key, area->id,
                               wp_purpose("synthesis", "mothers"), counts, err));
    for (int age = 0, n_before = 0; age < WP_N_AGES; age++) {
        int n = 0;
        for (int child = 0; child < WP_N_AGES; child++) {
            int n_here = counts[age * WP_N_AGES + child];
            take(left, child, n_here, dealt + n, &random);
            n += n_here;
        }
        WP_TRY(deal(dealt, n, sets + n_before, parents[age], area->name, &random, err));
        n_before += parents[age];
    }
out:
    free(table);
    free(counts);
    free(dealt);
    return status;
}
