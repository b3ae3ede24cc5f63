/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place: pools, indicators, arrivals. */
#include <math.h>

#include "chance/key.h"
#include "chance/round24.h"
#include "model/compile.h"

/* ---- Pools
 * --------------------------------------------------------------------------------------------- */

/* Looks for a request to `pool` among effects on subjects of `kind`; notes the kind of who asks. */
static void find_asker(const wp_effects *effects, int kind, int pool, unsigned *kinds)
{
    for (int e = 0; e < effects->n; e++) {
        const wp_effect *effect = &effects->list[e];
        bool is_for = effect->kind == WP_EFFECT_FOR && effect->who != WP_WHO_HOUSEHOLD;
        if (effect->kind == WP_EFFECT_ASK && effect->pool == pool) { *kinds |= 1U << kind; }
        find_asker(&effect->body, is_for ? (int)WP_PERSON : kind, pool, kinds);
        find_asker(&effect->otherwise, kind, pool, kinds);
    }
}

static wp_status asker_of(wp_builder *b, int pool, wp_subject_kind *of)
{
    const wp_scenario *s = b->scenario;
    unsigned kinds = 0;
    for (int p = 0; p < s->n_processes; p++) {
        const wp_process *process = &s->processes[p];
        find_asker(&process->then, (int)process->of, pool, &kinds);
        for (int o = 0; o < process->n_options; o++) {
            find_asker(&process->options[o].then, (int)process->of, pool, &kinds);
        }
    }
    for (int v = 0; v < s->n_interventions; v++) {
        find_asker(&s->interventions[v].at_start, (int)s->interventions[v].of, pool, &kinds);
        find_asker(&s->interventions[v].at_end, (int)s->interventions[v].of, pool, &kinds);
    }
    *of = (kinds & 1U << WP_HOUSEHOLD) != 0 ? WP_HOUSEHOLD : WP_PERSON;
    if ((kinds & (kinds - 1)) == 0 && (kinds & 1U << WP_COUPLE) == 0) { return WP_OK; }
    return wp_builder_fail(b, WP_ERR_MODEL,
                           "only persons, or only households, can ask for its places");
}

/* Places for each level of `by`: the one thing that their number may look at. */
static wp_status compile_stocks(wp_builder *b, const wp_pool *pool, wp_pool_model *model)
{
    wp_status status = WP_OK;
    const wp_variable *by = pool->by < 0 ? NULL : &b->scenario->variables[pool->by];
    int kind = by == NULL ? (int)WP_PERSON : (int)by->of;
    wp_feature_set set = {0};
    int feature = -1;
    double *places;
    WP_TRY(wp_reads_quantity(b, kind, &pool->places, &set));
    if (b->registering) { goto out; }
    if (by != NULL) {
        wp_look look = {.kind = WP_LOOK_VARIABLE, .whose = WP_SELF, .item = pool->by};
        WP_TRY(wp_feature_of_look(b, kind, &look, 0, NULL, &feature));
    }
    if (set.n > 1 || (set.n == 1 && set.features[0] != feature)) {
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "its places may look at the variable it is divided by, "
                               "and at nothing else");
    }
    model->n_stocks = by == NULL ? 1 : by->n_levels;
    places = wp_builder_alloc(b, (size_t)model->n_stocks, sizeof *places);
    if (places == NULL) { return wp_builder_no_memory(b); }
    for (int l = 0; l < model->n_stocks; l++) {
        bool lacks = false;
        if (feature >= 0) { b->assignment[feature] = (uint8_t)l; }
        WP_TRY(wp_evaluate_quantity(b, kind, &pool->places, -1, &places[l], &lacks));
        places[l] = isnan(places[l]) ? 0.0 : wp_round24(places[l]);
        if (places[l] >= 0.0 && isfinite(places[l])) { continue; }
        return wp_builder_fail(b, WP_ERR_MODEL, "its places are %.9g; they must be 0 or more",
                               places[l]);
    }
    model->places = places;
out:
    return status;
}

static wp_status compile_pool(wp_builder *b, int index, wp_pool_model *model)
{
    wp_status status = WP_OK;
    const wp_pool *pool = &b->scenario->pools[index];
    b->section = "pool";
    b->name = pool->name;
    *model = (wp_pool_model){.pool = pool, .purpose_priority = wp_purpose("pool", pool->name)};
    WP_TRY(asker_of(b, index, &model->of));
    WP_TRY(compile_stocks(b, pool, model));
    model->n_order = pool->n_order;
    WP_TRY(wp_compile_order(b, (int)model->of, pool->n_order, pool->order, &model->order_when,
                            &model->order_feature));
out:
    return status;
}

/* ---- Indicators and arrivals
 * ------------------------------------------------------------------------------ */

static wp_status compile_indicator(wp_builder *b, int index, wp_indicator_model *model)
{
    wp_status status = WP_OK;
    const wp_indicator *indicator = &b->scenario->indicators[index];
    b->section = "indicator";
    b->name = indicator->name;
    *model = (wp_indicator_model){.indicator = indicator, .by_feature = -1, .n_by = 1};
    WP_TRY(wp_product_of_condition(b, WP_PERSON, indicator->share, &model->share));
    WP_TRY(wp_product_of_condition(b, WP_PERSON, indicator->among, &model->among));
    if (indicator->by >= 0) {
        wp_look look = {.kind = WP_LOOK_VARIABLE, .whose = WP_SELF, .item = indicator->by};
        WP_TRY(wp_feature_of_look(b, WP_PERSON, &look, 0, NULL, &model->by_feature));
        model->n_by = b->scenario->variables[indicator->by].n_levels;
    }
out:
    return status;
}

static wp_status compile_arrivals(wp_builder *b)
{
    wp_status status = WP_OK;
    int n = b->scenario->n_arrivals;
    double *rates = wp_builder_alloc(b, (size_t)n, sizeof *rates);
    wp_product *founders = wp_builder_alloc(b, (size_t)n, sizeof *founders);
    if (rates == NULL || founders == NULL) { return wp_builder_no_memory(b); }
    b->section = "arrival";
    for (int a = 0; a < n; a++) {
        const wp_arrival *arrival = &b->scenario->arrivals[a];
        b->name = arrival->name;
        WP_TRY(wp_evaluate_number(b, &arrival->hazard, &rates[a]));
        WP_TRY(wp_product_of_condition(b, WP_HOUSEHOLD, arrival->founders, &founders[a]));
        if (rates[a] >= 0.0) { continue; }
        status =
            wp_builder_fail(b, WP_ERR_MODEL, "its hazard is %.9g; it must be 0 or more", rates[a]);
        goto out;
    }
    b->model->n_arrivals = n;
    b->model->arrival_rates = rates;
    b->model->arrival_founders = founders;
out:
    return status;
}

wp_status wp_compile_place(wp_builder *b)
{
    wp_status status = WP_OK;
    const wp_scenario *s = b->scenario;
    wp_pool_model *pools = wp_builder_alloc(b, (size_t)s->n_pools, sizeof *pools);
    wp_indicator_model *indicators =
        wp_builder_alloc(b, (size_t)s->n_indicators, sizeof *indicators);
    if (pools == NULL || indicators == NULL) { return wp_builder_no_memory(b); }
    for (int p = 0; p < s->n_pools; p++) { WP_TRY(compile_pool(b, p, &pools[p])); }
    for (int i = 0; i < s->n_indicators; i++) { WP_TRY(compile_indicator(b, i, &indicators[i])); }
    WP_TRY(compile_arrivals(b));
    b->model->n_pools = s->n_pools;
    b->model->pools = pools;
    b->model->n_indicators = s->n_indicators;
    b->model->indicators = indicators;
out:
    return status;
}
