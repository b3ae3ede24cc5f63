/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked scenarios made by hand, for tests of the model. */
#ifndef WP_TESTS_TEST_MODEL_FIXTURE_H
#define WP_TESTS_TEST_MODEL_FIXTURE_H

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static inline wp_quantity number(double value)
{
    return (wp_quantity){.kind = WP_QUANTITY_NUMBER, .value = value, .parameter = -1, .cell = -1};
}

static inline wp_quantity named(int parameter)
{
    return (wp_quantity){.kind = WP_QUANTITY_PARAMETER, .parameter = parameter, .cell = -1};
}

static inline wp_quantity looked_up(const wp_grid *grid)
{
    return (wp_quantity){.kind = WP_QUANTITY_TABLE, .grid = grid, .parameter = -1, .cell = -1};
}

static inline wp_condition is_level(wp_look_kind kind, wp_whose whose, int item, int level)
{
    return (wp_condition){.kind = WP_CONDITION_TEST,
                          .levels = UINT64_C(1) << level,
                          .look = {.kind = kind, .whose = whose, .item = item}};
}

static inline wp_condition in_bands(wp_look_kind kind, wp_whose whose, int item, int n,
                                    const wp_band *bands)
{
    return (wp_condition){.kind = WP_CONDITION_TEST,
                          .n_bands = n,
                          .bands = bands,
                          .look = {.kind = kind, .whose = whose, .item = item}};
}

static inline wp_distribution no_distribution(void)
{
    return (wp_distribution){.kind = WP_DISTRIBUTION_NONE,
                             .sd = NAN,
                             .cv = NAN,
                             .low = NAN,
                             .high = NAN,
                             .interval_low = NAN,
                             .interval_high = NAN};
}

static inline wp_parameter one_number(const char *name, wp_unit unit, double value)
{
    return (wp_parameter){.name = name,
                          .unit = unit,
                          .unit_text = "",
                          .unit_scale = 1.0,
                          .value = value,
                          .distribution = no_distribution()};
}

/* The value of a product for feature bytes x, as the passes of a year compute it, without reals. */
static inline double product_at(const wp_product *product, const uint8_t *x)
{
    double value = 1.0;
    for (int t = 0; t < product->n_tables; t++) {
        const wp_table *table = &product->tables[t];
        value *= (double)table->values[wp_axes_index(table->n_axes, table->axes, x, 1)];
    }
    return value;
}

/* The feature of a kind with this kind, whose and source, or -1. */
static inline int feature_at(const wp_model *model, int kind, wp_feature_kind wanted,
                             wp_whose whose, int source)
{
    for (int f = 0; f < model->kinds[kind].n_features; f++) {
        const wp_feature *feature = &model->kinds[kind].features[f];
        if (feature->kind == wanted && feature->whose == whose && feature->source == source) {
            return f;
        }
    }
    return -1;
}

/* Two levels of one state, two ways there and back, deaths by level: case E1 without interventions.
 */
typedef struct illness {
    wp_scenario scenario;
    wp_variable variables[2];
    wp_condition well, in_need;
    wp_effect effects[4];
    wp_process processes[4];
    wp_event events[WP_N_BUILTIN_EVENTS + 4];
    wp_outcome outcomes[2];
    wp_group groups[1];
    wp_arm arms[1];
} illness;

enum { DEATH_IN_NEED, DEATH_WHEN_WELL, ONSET, RECOVERY };

static inline void illness_init(illness *f)
{
    static const char *const levels[] = {"well", "in_need"};
    static const char *const builtin[] = {
        "born",       "died",          "arrived",   "moved_out",
        "moved_home", "couple_formed", "separated", "left_without_adults"};
    static const char *const names[] = {"death_in_need", "death_when_well", "onset", "recovery"};
    static const double rates[] = {0.04, 0.01, 0.03, 0.10};
    memset(f, 0, sizeof *f);
    f->variables[0] = (wp_variable){.name = "health",
                                    .of = WP_PERSON,
                                    .kind = WP_STATE,
                                    .n_levels = 2,
                                    .levels = levels,
                                    .intervention = -1};
    f->well = is_level(WP_LOOK_VARIABLE, WP_SELF, 0, 0);
    f->in_need = is_level(WP_LOOK_VARIABLE, WP_SELF, 0, 1);
    for (int e = 0; e < WP_N_BUILTIN_EVENTS; e++) {
        f->events[e] = (wp_event){
            .name = builtin[e], .of = WP_PERSON, .process = -1, .option = -1, .intervention = -1};
    }
    for (int p = 0; p < 4; p++) {
        bool dies = p < ONSET;
        f->events[WP_N_BUILTIN_EVENTS + p] = (wp_event){
            .name = names[p], .of = WP_PERSON, .process = p, .option = -1, .intervention = -1};
        f->effects[p] = (wp_effect){.kind = dies ? WP_EFFECT_DIE : WP_EFFECT_SET,
                                    .variable = 0,
                                    .level = p == ONSET,
                                    .group = -1,
                                    .pool = -1};
        f->processes[p] =
            (wp_process){.name = names[p],
                         .event = WP_N_BUILTIN_EVENTS + p,
                         .of = WP_PERSON,
                         .when = p == DEATH_IN_NEED || p == RECOVERY ? &f->in_need : &f->well,
                         .kind = WP_PROCESS_HAZARD,
                         .hazard = number(rates[p]),
                         .levels_of = -1,
                         .then = {.n = 1, .list = &f->effects[p]}};
    }
    f->outcomes[0] = (wp_outcome){.name = "years_in_need",
                                  .kind = WP_OUTCOME_TIME_IN,
                                  .of = WP_PERSON,
                                  .condition = &f->in_need,
                                  .headline = true};
    f->outcomes[1] = (wp_outcome){.name = "years_well",
                                  .kind = WP_OUTCOME_TIME_IN,
                                  .of = WP_PERSON,
                                  .condition = &f->well,
                                  .headline = true};
    f->groups[0] = (wp_group){.name = "needy", .condition = &f->in_need};
    f->arms[0] = (wp_arm){.name = "baseline"};
    f->scenario = (wp_scenario){.title = "illness",
                                .n_years = 25,
                                .n_draws = 1,
                                .n_replicates = 1,
                                .sample = 1.0,
                                .n_variables = 1,
                                .variables = f->variables,
                                .n_groups = 1,
                                .groups = f->groups,
                                .n_events = COUNT(f->events),
                                .events = f->events,
                                .n_processes = 4,
                                .processes = f->processes,
                                .n_arms = 1,
                                .arms = f->arms,
                                .n_outcomes = 2,
                                .outcomes = f->outcomes};
}

#endif
