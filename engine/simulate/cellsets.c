/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/cellsets.h"

#include "base/fail.h"

static bool has_axis(const wp_cellset *set, uint16_t feature)
{
    for (int a = 0; a < set->n_axes; a++) {
        if (set->axes[a].feature == feature) { return true; }
    }
    return false;
}

/* Adds the map's axes to the set's, unless there are too many entries then. An empty set takes any map. */
static bool take_axes(wp_cellset *set, const wp_cellmap *map, const wp_feature *features, bool is_empty)
{
    wp_cellset with = *set;
    for (int a = 0; a < map->n_axes; a++) {
        const uint16_t feature = map->axes[a].feature;
        if (has_axis(&with, feature)) { continue; }
        const uint64_t n = (uint64_t)with.n * (uint64_t)features[feature].n_classes;
        if (with.n_axes == WP_MAX_AXES || (n > WP_CELLSET_LIMIT && !is_empty)) { return false; }
        with.axes[with.n_axes++] = (wp_table_axis){feature, with.n};
        with.n = (uint32_t)n;
    }
    *set = with;
    return true;
}

/* The map's cell for entry `at` of the set, or -1. */
static int32_t cell_at(const wp_cellset *set, const wp_cellmap *map, const wp_feature *features, uint32_t at)
{
    uint32_t index = 0;
    for (int m = 0; m < map->n_axes; m++) {
        for (int a = 0; a < set->n_axes; a++) {
            if (set->axes[a].feature != map->axes[m].feature) { continue; }
            const uint32_t class = at / set->axes[a].stride % (uint32_t)features[set->axes[a].feature].n_classes;
            index += map->axes[m].stride * class;
        }
    }
    return map->values[index] < 0 ? -1 : map->first_cell + map->values[index];
}

/* Lists the cells of the maps that belong to set s. */
static wp_status fill(wp_arena *arena, const wp_outcome_model *outcome, const wp_feature *features,
                      const int *set_of, int s, wp_cellset *set, wp_error *err)
{
    wp_status status = WP_OK;
    int n_maps = 0;
    for (int m = 0; m < outcome->n_maps; m++) { n_maps += set_of[m] == s; }
    uint32_t *first = wp_arena_alloc_array(arena, (size_t)set->n + 1, sizeof *first);
    int32_t *cells = wp_arena_alloc_array(arena, (size_t)set->n * (size_t)n_maps, sizeof *cells);
    WP_TRY_ALLOC(first);
    WP_TRY_ALLOC(cells);
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n; i++) {
        first[i] = n;
        for (int m = 0; m < outcome->n_maps; m++) {
            if (set_of[m] != s) { continue; }
            const int32_t cell = cell_at(set, &outcome->maps[m], features, i);
            if (cell >= 0) { cells[n++] = cell; }
        }
    }
    first[set->n] = n;
    set->first = first;
    set->cells = cells;
    for (int a = 0; a < set->n_axes && outcome->outcome->of == WP_PERSON; a++) {
        if (set->axes[a].feature == 0) { set->age_stride = set->axes[a].stride; }
    }
out:
    return status;
}

wp_status wp_cellsets_make(wp_arena *arena, const wp_model *model, const wp_outcome_model *outcome,
                           wp_cellsets *sets, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_feature *features = model->kinds[outcome->outcome->of].features;
    wp_cellset *made = wp_arena_alloc_array(arena, (size_t)outcome->n_maps, sizeof *made);
    int *set_of = wp_arena_alloc_array(arena, (size_t)outcome->n_maps, sizeof *set_of);
    WP_TRY_ALLOC(made);
    WP_TRY_ALLOC(set_of);
    int n = 0;
    for (int m = 0; m < outcome->n_maps; m++) {
        int s = 0;
        while (s < n && !take_axes(&made[s], &outcome->maps[m], features, false)) { s++; }
        if (s == n) {
            made[n++].n = 1;
            (void)take_axes(&made[s], &outcome->maps[m], features, true);
        }
        set_of[m] = s;
    }
    for (int s = 0; s < n; s++) { WP_TRY(fill(arena, outcome, features, set_of, s, &made[s], err)); }
    *sets = (wp_cellsets){n, made};
out:
    return status;
}
