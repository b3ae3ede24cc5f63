/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that are found at once are those that the outcome's maps give one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "chance/key.h"
#include "simulate/cellsets.h"

enum { N_FEATURES = 6, N_MAPS = 9, N_CELLS = 64 };

static const int n_classes[N_FEATURES] = {WP_MAX_AGE + 1, 2, 10, 5, 4, 3};

typedef struct outcome_maps {
    wp_feature features[N_FEATURES];
    wp_model model;
    wp_outcome outcome;
    wp_cellmap maps[N_MAPS];
    int16_t values[N_MAPS][4096];
    wp_outcome_model compiled;
} outcome_maps;

/* Maps by these features, with cells -1 to 6 at random. */
static void make(outcome_maps *o, wp_subject_kind of)
{
    static const uint8_t looked_at[N_MAPS] = {0, 1 << 0, 1 << 1, 1 << 2 | 1 << 3, 1 << 0 | 1 << 1, 1 << 4,
                                              1 << 2 | 1 << 4 | 1 << 5, 1 << 5, 1 << 0 | 1 << 2};
    memset(o, 0, sizeof *o);
    for (int f = 0; f < N_FEATURES; f++) { o->features[f].n_classes = n_classes[f]; }
    o->model.kinds[of].features = o->features;
    o->outcome.of = of;
    o->compiled = (wp_outcome_model){.outcome = &o->outcome, .n_maps = N_MAPS, .maps = o->maps};
    for (int m = 0; m < N_MAPS; m++) {
        wp_cellmap *map = &o->maps[m];
        map->n = 1;
        for (uint16_t f = 0; f < N_FEATURES; f++) {
            if ((looked_at[m] >> f & 1) == 0) { continue; }
            map->axes[map->n_axes++] = (wp_table_axis){f, map->n};
            map->n *= (uint32_t)n_classes[f];
        }
        for (uint32_t i = 0; i < map->n; i++) {
            o->values[m][i] = (int16_t)(wp_mix64((uint64_t)m << 32 | i) % 8) - 1;
        }
        map->values = o->values[m];
        map->first_cell = m * 7;
    }
}

static void entries_are_the_cells_of_all_maps(void **state)
{
    (void)state;
    static outcome_maps o;
    make(&o, WP_PERSON);
    wp_arena arena;
    wp_cellsets sets = {0};
    wp_error err = {0};
    wp_arena_init(&arena, 0);
    assert_int_equal(wp_cellsets_make(&arena, &o.model, &o.compiled, &sets, &err), WP_OK);
    assert_true(sets.n > 1 && sets.n < N_MAPS);
    for (uint64_t k = 0; k < 2000; k++) {
        uint8_t x[N_FEATURES];
        int64_t one_by_one[N_CELLS] = {0}, at_once[N_CELLS] = {0};
        for (int f = 0; f < N_FEATURES; f++) {
            x[f] = (uint8_t)(wp_mix64(k * N_FEATURES + (uint64_t)f) % (uint64_t)n_classes[f]);
        }
        for (int m = 0; m < N_MAPS; m++) {
            const int value = o.maps[m].values[wp_axes_index(o.maps[m].n_axes, o.maps[m].axes, x, 1)];
            if (value >= 0) { one_by_one[o.maps[m].first_cell + value] += 3; }
        }
        for (int s = 0; s < sets.n; s++) {
            wp_cellset_add(&sets.items[s], wp_cellset_at(&sets.items[s], x, 1), 3, at_once);
        }
        assert_memory_equal(one_by_one, at_once, sizeof at_once);
    }
    wp_arena_free(&arena);
}

static void tables_stay_small_and_know_where_age_is(void **state)
{
    (void)state;
    static outcome_maps o;
    for (int kind = 0; kind < 2; kind++) {
        make(&o, kind == 0 ? WP_PERSON : WP_HOUSEHOLD);
        wp_arena arena;
        wp_cellsets sets = {0};
        wp_error err = {0};
        wp_arena_init(&arena, 0);
        assert_int_equal(wp_cellsets_make(&arena, &o.model, &o.compiled, &sets, &err), WP_OK);
        for (int s = 0; s < sets.n; s++) {
            const wp_cellset *set = &sets.items[s];
            assert_true(set->n <= WP_CELLSET_LIMIT);
            uint32_t stride = 0;
            for (int a = 0; a < set->n_axes; a++) {
                if (set->axes[a].feature == 0) { stride = set->axes[a].stride; }
            }
            assert_int_equal(set->age_stride, kind == 0 ? stride : 0);
        }
        wp_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_the_cells_of_all_maps),
        cmocka_unit_test(tables_stay_small_and_know_where_age_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
