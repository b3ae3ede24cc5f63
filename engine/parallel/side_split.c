/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting a family's saving among its sides, in integers. */
#include "parallel/side_split.h"

#include <string.h>

enum { SHIFT = WP_WORTH_BITS - WP_LINEAGE_BITS };

const char *const wp_side_names[WP_N_SIDES] = {"own", "others", "home", "one_arm_only", "elsewhere"};

wp_split_layout wp_split_layout_of(const wp_split_values *values)
{
    const size_t batches = WP_N_SIDES * (size_t)values->n_values;
    const size_t people = batches + WP_N_SIDES * (size_t)WP_N_BATCHES * (size_t)values->n_units;
    return (wp_split_layout){batches, people, people + WP_N_SIDES};
}

static int64_t round_to_units(wp_int128 worth)
{
    const wp_int128 half = (wp_int128)1 << (SHIFT - 1), one = (wp_int128)1 << SHIFT;
    return (int64_t)((worth >= 0 ? worth + half : worth - half) / one);
}

static bool is_in(const int *intervention_of, int u, uint32_t set)
{
    return intervention_of[u] < 0 || (set >> intervention_of[u] & 1) != 0;
}

int64_t wp_lineage_worth(const wp_list *parts, const int *intervention_of, const wp_int128 *sums,
                         uint32_t set)
{
    wp_int128 sum = 0;
    for (int k = 0; k < parts->n; k++) {
        if (is_in(intervention_of, parts->items[k], set)) { sum += sums[parts->items[k]]; }
    }
    return round_to_units(sum);
}

static const wp_int128 *sums_of(const wp_split_values *values, wp_family_life life)
{
    return life.lives->values + life.family * (size_t)values->n_unit_values;
}

/* ---- Persons ----------------------------------------------------------------------------------------- */

/* Adds what a person (NULL: not there) is worth less in the arm to side `side`; is it anything? */
static bool add_person(const wp_split_values *values, wp_family_life baseline, const wp_lifetime *before,
                       wp_family_life arm, const wp_lifetime *after, int side, wp_int128 *room)
{
    const size_t n = (size_t)values->n_personal;
    bool differs = false;
    for (size_t v = 0; v < n; v++) {
        wp_int128 less = 0;
        if (before != NULL) { less += baseline.lives->worth[before->worth * n + v]; }
        if (after != NULL) { less -= arm.lives->worth[after->worth * n + v]; }
        room[values->personal[v] * WP_N_SIDES + side] += less;
        differs |= less != 0;
    }
    return differs;
}

/* Goes through both lists, which are in order of id. */
static void add_persons(const wp_split_values *values, wp_family_life baseline, wp_family_life arm,
                        wp_int128 *room, int64_t *people)
{
    const wp_family *mine = &baseline.lives->families[baseline.family];
    const wp_family *theirs = &arm.lives->families[arm.family];
    for (size_t i = mine->first, k = theirs->first; i < mine->end || k < theirs->end;) {
        const wp_lifetime *before = i < mine->end ? &baseline.lives->list[i] : NULL;
        const wp_lifetime *after = k < theirs->end ? &arm.lives->list[k] : NULL;
        if (before != NULL && after != NULL && before->id != after->id) {
            if (before->id < after->id) {
                after = NULL;
            } else {
                before = NULL;
            }
        }
        const int side = before == NULL || after == NULL ? WP_SIDE_ONE_ARM
                         : after->enrolled               ? WP_SIDE_OWN
                         : theirs->touched               ? WP_SIDE_OTHERS
                                                         : WP_SIDE_ELSEWHERE;
        const bool differs = add_person(values, baseline, before, arm, after, side, room);
        people[side] += side != WP_SIDE_ELSEWHERE || differs;
        i += before != NULL;
        k += after != NULL;
    }
}

/* ---- The whole ----------------------------------------------------------------------------------------- */

/* What is no person's is left for the home. */
static void add_home(const wp_split_values *values, wp_family_life baseline, wp_family_life arm,
                     wp_int128 *room)
{
    const wp_int128 *before = sums_of(values, baseline), *after = sums_of(values, arm);
    for (int u = 0; u < values->n_unit_values; u++) {
        wp_int128 left = (is_in(values->intervention_of, u, baseline.set) ? before[u] : 0) -
                         (is_in(values->intervention_of, u, arm.set) ? after[u] : 0);
        for (int side = 0; side < WP_N_SIDES; side++) { left -= room[u * WP_N_SIDES + side]; }
        room[u * WP_N_SIDES + WP_SIDE_HOME] = left;
    }
}

static wp_int128 size_of(wp_int128 x)
{
    return x < 0 ? -x : x;
}

/* Rounds the sides so that they add to `total`. */
static void round_sides(const wp_int128 exact[WP_N_SIDES], int64_t total, int64_t rounded[WP_N_SIDES])
{
    int largest = 0;
    for (int side = 0; side < WP_N_SIDES; side++) {
        rounded[side] = round_to_units(exact[side]);
        total -= rounded[side];
        if (size_of(exact[side]) > size_of(exact[largest])) { largest = side; }
    }
    rounded[largest] += total;
}

/* Adds up the unit values of value k, and rounds. */
static void split_value(const wp_split_values *values, int k, wp_family_life baseline, wp_family_life arm,
                        const wp_int128 *room, int64_t rounded[WP_N_SIDES])
{
    const wp_list *parts = &values->parts[k];
    const int *intervention_of = values->intervention_of;
    wp_int128 exact[WP_N_SIDES] = {0};
    for (int i = 0; i < parts->n; i++) {
        for (int side = 0; side < WP_N_SIDES; side++) {
            exact[side] += room[parts->items[i] * WP_N_SIDES + side];
        }
    }
    round_sides(exact,
                wp_lineage_worth(parts, intervention_of, sums_of(values, baseline), baseline.set) -
                    wp_lineage_worth(parts, intervention_of, sums_of(values, arm), arm.set),
                rounded);
}

void wp_split_family(const wp_split_values *values, wp_family_life baseline, wp_family_life arm,
                     wp_int128 *room, int64_t *items)
{
    const wp_split_layout layout = wp_split_layout_of(values);
    const size_t n_units = (size_t)values->n_units;
    int64_t *batch = items + layout.batches +
                     baseline.lives->families[baseline.family].batch * n_units * WP_N_SIDES;
    memset(room, 0, (size_t)values->n_unit_values * WP_N_SIDES * sizeof *room);
    add_persons(values, baseline, arm, room, items + layout.people);
    add_home(values, baseline, arm, room);
    for (int k = 0; k < values->n_values; k++) {
        int64_t rounded[WP_N_SIDES];
        const int unit = values->unit_of[k];
        split_value(values, k, baseline, arm, room, rounded);
        for (int side = 0; side < WP_N_SIDES; side++) {
            items[k * WP_N_SIDES + side] += rounded[side];
            if (unit >= 0) { batch[unit * WP_N_SIDES + side] += rounded[side]; }
        }
    }
}
