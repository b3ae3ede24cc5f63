/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indicators: counting the person-time that the place's rates are made of, and seeing the rates. */
#include "simulate/fork.h"

static bool meets(const wp_product *condition, const wp_columns *columns, uint32_t i)
{
    return wp_product_at(condition, columns, i) != 0.0;
}

void wp_sim_count_indicators(wp_sim *sim, uint32_t person, int64_t ticks)
{
    const wp_columns *columns = &sim->block.columns[WP_PERSON];
    if (sim->block.persons[person].uncounted) { return; }
    int64_t *const ticks_of = wp_sim_counts_of(sim, sim->block.persons[person].lineage)->indicator_ticks;
    for (int k = 0; k < sim->model->n_indicators; k++) {
        const wp_indicator_model *indicator = &sim->model->indicators[k];
        if (!meets(&indicator->among, columns, person)) { continue; }
        const int level = indicator->by_feature < 0
                              ? 0
                              : *wp_feature_at(columns, indicator->by_feature, person);
        int64_t *counted = ticks_of + (k * WP_MAX_LEVELS + level) * 2;
        counted[1] += ticks;
        if (meets(&indicator->share, columns, person)) { counted[0] += ticks; }
    }
}

/* The level whose rate a subject looks at: its own, or its household's. */
static int level_of(const wp_sim *sim, const wp_indicator_model *indicator, wp_subject_kind kind, uint32_t i)
{
    const int by = indicator->indicator->by;
    if (by < 0) { return 0; }
    if (sim->model->variables[by].variable->of == WP_HOUSEHOLD) {
        return wp_sim_level(sim, by, wp_sim_household_of(sim, kind, i));
    }
    return kind == WP_PERSON ? wp_sim_level(sim, by, i) : 0;
}

uint8_t wp_sim_indicator_class(const wp_sim *sim, wp_subject_kind kind, const wp_feature *feature, uint32_t i)
{
    if (sim->indicator_shares == NULL) { return 0; }
    const wp_indicator_model *indicator = &sim->model->indicators[feature->source];
    const int level = level_of(sim, indicator, kind, i);
    const uint64_t arms = wp_fork_arms_of(sim, wp_sim_lineage_of(sim, kind, i));
    const int arm = arms == 0 ? 0 : __builtin_ctzll(arms);
    const int row = arm * sim->model->n_indicators + feature->source;
    return wp_feature_class(feature, sim->indicator_shares[row * WP_MAX_LEVELS + level]);
}

/* Does nothing but hazards, which are worked out anew at each epoch's start, read the feature? */
static bool is_for_clocks(const wp_sim *sim, int kind, int feature)
{
    const wp_dependents *d = &sim->plan->kinds[kind].dependents[feature];
    return !d->groups && !d->copies && !d->stops && (d->delays.word[0] | d->delays.word[1]) == 0 &&
           !sim->plan->kinds[kind].has_smooth;
}

static void see_feature(wp_sim *sim, wp_subject_kind kind, int feature)
{
    const wp_feature *model = &sim->model->kinds[kind].features[feature];
    const bool simple = is_for_clocks(sim, (int)kind, feature);
    for (uint32_t i = 0; i < sim->block.columns[kind].n; i++) {
        if (!wp_sim_is_alive(sim, kind, i)) { continue; }
        uint8_t *cell = wp_feature_at(&sim->block.columns[kind], feature, i);
        const uint8_t class = wp_sim_indicator_class(sim, kind, model, i);
        if (*cell == class) { continue; }
        if (simple) {
            *cell = class;
        } else { /* the exact pass sees to what depends on it, at the epoch's first instant */
            sim->block.lineages[wp_sim_lineage_of(sim, kind, i)].answered = true;
        }
    }
}

void wp_sim_see_indicators(wp_sim *sim)
{
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        for (int f = 0; f < sim->model->kinds[kind].n_features; f++) {
            if (sim->model->kinds[kind].features[f].kind == WP_FEATURE_INDICATOR) {
                see_feature(sim, (wp_subject_kind)kind, f);
            }
        }
    }
}
