/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects, delays and queue orders: the small pieces that several sections share. */
#include <math.h>

#include "chance/round24.h"
#include "model/compile.h"

/* Who a `for` speaks of, as a kind of subject. */
static int kind_of_who(wp_who who)
{
    return who == WP_WHO_HOUSEHOLD ? WP_HOUSEHOLD : WP_PERSON;
}

static wp_status compile_action(wp_builder *b, int kind, const wp_effect *effect, wp_action *action)
{
    wp_status status = WP_OK;
    wp_actions inner = {0}, otherwise = {0};
    action->effect = effect;
    if (effect->when != NULL && effect->when->kind != WP_CONDITION_ALWAYS) {
        wp_product *when = wp_builder_alloc(b, 1, sizeof *when);
        if (when == NULL) { return wp_builder_no_memory(b); }
        WP_TRY(wp_product_of_condition(b, kind, effect->when, when));
        action->when = when;
    }
    WP_TRY(wp_compile_actions(b, effect->kind == WP_EFFECT_FOR ? kind_of_who(effect->who) : kind,
                              &effect->body, &inner));
    WP_TRY(wp_compile_actions(b, kind, &effect->otherwise, &otherwise));
    action->n_body = inner.n;
    action->body = inner.list;
    action->n_otherwise = otherwise.n;
    action->otherwise = otherwise.list;
out:
    return status;
}

wp_status wp_compile_actions(wp_builder *b, int kind, const wp_effects *effects,
                             wp_actions *actions)
{
    *actions = (wp_actions){0};
    if (effects->n == 0) { return WP_OK; }
    wp_action *list = wp_builder_alloc(b, (size_t)effects->n, sizeof *list);
    if (list == NULL) { return wp_builder_no_memory(b); }
    for (int e = 0; e < effects->n; e++) {
        wp_status status = compile_action(b, kind, &effects->list[e], &list[e]);
        if (status != WP_OK) { return status; }
    }
    *actions = (wp_actions){.n = effects->n, .list = list};
    return WP_OK;
}

wp_status wp_compile_law(wp_builder *b, const wp_duration *d, wp_quantile_table *table)
{
    double spread = 0.0;
    wp_status status = WP_OK;
    bool has_spread = d->kind == WP_DURATION_GAMMA || d->kind == WP_DURATION_LOGNORMAL ||
                      d->kind == WP_DURATION_WEIBULL;
    if (has_spread) { WP_TRY(wp_evaluate_number(b, &d->cv, &spread)); }
    switch (d->kind) {
    case WP_DURATION_FIXED:
    case WP_DURATION_FOR_EVER:
        return wp_quantile_table_init_fixed(table, b->err);
    case WP_DURATION_EXPONENTIAL:
        return wp_quantile_table_init_exponential(table, b->err);
    case WP_DURATION_GAMMA:
        if (!d->cv_is_shape) { spread = 1.0 / (spread * spread); }
        return wp_quantile_table_init_gamma(table, spread, b->err);
    case WP_DURATION_LOGNORMAL:
        return wp_quantile_table_init_lognormal(table, spread, b->err);
    case WP_DURATION_WEIBULL:
        return wp_quantile_table_init_weibull(table, spread, b->err);
    case WP_DURATION_EMPIRICAL:
        return wp_quantile_table_init_empirical(table, d->values, (size_t)d->n_values, b->err);
    }
out:
    return status;
}

wp_status wp_compile_duration(wp_builder *b, int kind, const wp_duration *duration,
                              wp_product *scale, const wp_quantile_table **table, wp_tick *fixed)
{
    wp_status status = WP_OK;
    wp_draft_product product = {0};
    *scale = (wp_product){0};
    *table = NULL;
    if (fixed != NULL) { *fixed = -1; }
    if (duration->kind == WP_DURATION_FOR_EVER) { return WP_OK; }
    if (duration->kind != WP_DURATION_EMPIRICAL) {
        WP_TRY(wp_product_by_quantity(b, kind, &duration->mean, WP_RANGE_POSITIVE, -1, &product));
        WP_TRY(wp_product_end(b, kind, &product, scale));
    }
    if (b->registering) { return WP_OK; }
    wp_quantile_table *own = &b->model->quantiles[b->model->n_quantiles];
    WP_TRY(wp_compile_law(b, duration, own));
    b->model->n_quantiles++;
    *table = own;
    if (fixed != NULL && duration->kind == WP_DURATION_FIXED &&
        !wp_quantity_varies(b, &duration->mean)) {
        double years;
        bool lacks = false;
        WP_TRY(wp_evaluate_quantity(b, kind, &duration->mean, -1, &years, &lacks));
        *fixed = wp_ticks_of_years(years);
    }
out:
    return status;
}

wp_status wp_compile_order(wp_builder *b, int kind, int n, const wp_queue_order *order,
                           const wp_product **when, const int **features)
{
    wp_status status = WP_OK;
    wp_product *products = wp_builder_alloc(b, (size_t)n, sizeof *products);
    int *levels = wp_builder_alloc(b, (size_t)n, sizeof *levels);
    if (products == NULL || levels == NULL) { return wp_builder_no_memory(b); }
    for (int i = 0; i < n; i++) {
        levels[i] = -1;
        if (order[i].key == WP_ORDER_CONDITION) {
            WP_TRY(wp_product_of_condition(b, kind, order[i].when, &products[i]));
        } else if (order[i].key == WP_ORDER_LEVEL) {
            WP_TRY(wp_feature_of_look(b, kind, &order[i].look, 0, NULL, &levels[i]));
        }
    }
    *when = products;
    *features = levels;
out:
    return status;
}
