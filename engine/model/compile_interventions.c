/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interventions: shapes of their effects over time, offers, uptake, stays, queues. */
#include <math.h>

#include "chance/elementary.h"
#include "chance/key.h"
#include "chance/round24.h"
#include "model/compile.h"

/* ---- Shapes of effects
 * ------------------------------------------------------------------------------- */

enum { MAX_SHAPE_CLASSES = 240, MONTHS_PER_YEAR = 12, HALF_LIVES = 10 };

static const double ln_2 = 0.69314718055994530942;

/* Mean of min(1, t / length) over [t0, t1]. */
static double mean_rise(double t0, double t1, double length)
{
    if (t0 >= length) { return 1.0; }
    double top = t1 < length ? t1 : length;
    double area = (top * top - t0 * t0) / (2.0 * length) + (t1 - top);
    return area / (t1 - t0);
}

/* Mean over [t0, t1] of what is left t years after the end. */
static double mean_left(const wp_change *change, double t0, double t1)
{
    if (change->after_end == WP_AFTER_LINEAR) { return 1.0 - mean_rise(t0, t1, change->fade); }
    double rate = ln_2 / change->fade;
    return (wp_exp(-rate * t0) - wp_exp(-rate * t1)) / (rate * (t1 - t0));
}

/* Constant over each step, at its mean: exact at the ends of steps. A step is a month, or as many
   months as keep the classes few. A half-life is followed for ten of them, to a thousandth. */
static wp_status compile_shape(wp_builder *b, const wp_change *change, wp_effect_shape *shape)
{
    double build = change->builds_up, fade = 0.0;
    int months = 1;
    if (change->after_end == WP_AFTER_HALF_LIFE) { fade = HALF_LIVES * change->fade; }
    if (change->after_end == WP_AFTER_LINEAR) { fade = change->fade; }
    if (!(build < 1e4 && fade < 1e4)) {
        b->section = "intervention";
        b->name = b->scenario->interventions[shape->intervention].name;
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "an effect builds up or fades over more than 10,000 years");
    }
    while (ceil(build * MONTHS_PER_YEAR / months) + ceil(fade * MONTHS_PER_YEAR / months) >
           MAX_SHAPE_CLASSES) {
        months++;
    }
    double step = (double)months / MONTHS_PER_YEAR;
    int n_build = (int)ceil(build / step - 1e-9), n_fade = (int)ceil(fade / step - 1e-9);
    double *weights =
        wp_arena_alloc_array(&b->model->arena, (size_t)(2 + n_build + n_fade), sizeof *weights);
    if (weights == NULL) { return wp_builder_no_memory(b); }
    for (int c = 0; c < n_build; c++) {
        weights[1 + c] = wp_round24(mean_rise(c * step, (c + 1) * step, build));
    }
    weights[1 + n_build] = 1.0;
    for (int c = 0; c < n_fade; c++) {
        weights[2 + n_build + c] = wp_round24(mean_left(change, c * step, (c + 1) * step));
    }
    shape->n_build = n_build + 1;
    shape->n_fade = n_fade;
    shape->stays = change->after_end == WP_AFTER_STAYS;
    shape->month = wp_ticks_of_years(step);
    shape->weights = weights;
    return WP_OK;
}

wp_status wp_compile_shapes(wp_builder *b)
{
    const wp_scenario *s = b->scenario;
    int n = 0;
    for (int v = 0; v < s->n_interventions; v++) { n += s->interventions[v].n_changes; }
    wp_effect_shape *shapes = wp_arena_alloc_array(&b->model->arena, (size_t)n, sizeof *shapes);
    if (shapes == NULL) { return wp_builder_no_memory(b); }
    b->model->shapes = shapes;
    b->model->n_shapes = n;
    n = 0;
    for (int v = 0; v < s->n_interventions; v++) {
        for (int c = 0; c < s->interventions[v].n_changes; c++) {
            shapes[n].intervention = v;
            wp_status status = compile_shape(b, &s->interventions[v].changes[c], &shapes[n++]);
            if (status != WP_OK) { return status; }
        }
    }
    return WP_OK;
}

/* ---- Enrolment
 * ------------------------------------------------------------------------------------------ */

static wp_status compile_offers(wp_builder *b, int kind, const wp_intervention *v,
                                wp_intervention_model *model)
{
    wp_status status = WP_OK;
    size_t n = (size_t)v->n_offers;
    wp_product *when = wp_builder_alloc(b, n, sizeof *when);
    int *timers = wp_builder_alloc(b, n, sizeof *timers);
    double *reach = wp_builder_alloc(b, n, sizeof *reach);
    if (when == NULL || timers == NULL || reach == NULL) { return wp_builder_no_memory(b); }
    for (size_t o = 0; o < n; o++) {
        const wp_offer *offer = &v->offers[o];
        timers[o] = offer->at.kind == WP_AT_AGE ? wp_compile_timer(b, kind) : -1;
        WP_TRY(wp_product_of_condition(b, kind, offer->when, &when[o]));
        WP_TRY(wp_evaluate_number(b, &offer->reach, &reach[o]));
        if (!(reach[o] >= 0.0 && reach[o] <= 1.0)) {
            status = wp_builder_fail(b, WP_ERR_MODEL, "reach is %.9g; it must be 0 to 1", reach[o]);
            goto out;
        }
    }
    model->n_offers = v->n_offers;
    model->offer_when = when;
    model->offer_timer = timers;
    model->reach = reach;
out:
    return status;
}

static wp_status compile_stay(wp_builder *b, int kind, const wp_intervention *v,
                              wp_intervention_model *model)
{
    wp_status status = WP_OK;
    wp_draft_product uptake = {0};
    WP_TRY(wp_product_by_quantity(b, kind, &v->uptake, WP_RANGE_PROBABILITY, -1, &uptake));
    WP_TRY(wp_product_end(b, kind, &uptake, &model->uptake));
    WP_TRY(wp_compile_duration(b, kind, &v->lasts, &model->lasts_scale, &model->lasts_table,
                               &model->lasts_fixed));
    if (v->gives_up) {
        WP_TRY(wp_compile_duration(b, kind, &v->gives_up_after, &model->gives_up_scale,
                                   &model->gives_up_table, NULL));
    }
    model->timer_end = wp_compile_timer(b, kind);
    model->timer_gives_up = wp_compile_timer(b, kind);
    if (!b->registering && v->again_after < 1e6) {
        model->since_ended = b->model->kinds[kind].n_since++;
    }
    model->has_stops = v->stops_when != NULL;
    b->marks_ages = true;
    WP_TRY(wp_product_of_condition(b, kind, v->stops_when, &model->stops_when));
out:
    b->marks_ages = false;
    return status;
}

static wp_status compile_intervention(wp_builder *b, int index, wp_intervention_model *model)
{
    wp_status status = WP_OK;
    const wp_intervention *v = &b->scenario->interventions[index];
    int kind = (int)v->of;
    b->section = "intervention";
    b->name = v->name;
    *model = (wp_intervention_model){.intervention = v,
                                     .purpose_uptake = wp_purpose("uptake", v->name),
                                     .purpose_reach = wp_purpose("reach", v->name),
                                     .purpose_lasts = wp_purpose("lasts", v->name),
                                     .purpose_priority = wp_purpose("priority", v->name),
                                     .purpose_gives_up = wp_purpose("gives_up", v->name),
                                     .status_variable = v->status,
                                     .starts = wp_ticks_of_years(v->starts),
                                     .ends = wp_ticks_of_years(v->ends),
                                     .lasts_fixed = -1,
                                     .timer_end = -1,
                                     .timer_gives_up = -1,
                                     .since_ended = -1,
                                     .capacity = NAN};
    if (!v->everyone) {
        WP_TRY(compile_offers(b, kind, v, model));
        WP_TRY(compile_stay(b, kind, v, model));
    }
    if (v->capacity != WP_CAPACITY_NONE) {
        WP_TRY(wp_evaluate_number(b, &v->capacity_value, &model->capacity));
        if (model->capacity < 0.0) {
            status = wp_builder_fail(b, WP_ERR_MODEL, "its capacity is %.9g; it must be 0 or more",
                                     model->capacity);
            goto out;
        }
    }
    model->n_order = v->n_order;
    WP_TRY(
        wp_compile_order(b, kind, v->n_order, v->order, &model->order_when, &model->order_feature));
    WP_TRY(wp_compile_actions(b, kind, &v->at_start, &model->at_start));
    WP_TRY(wp_compile_actions(b, kind, &v->at_end, &model->at_end));
out:
    return status;
}

wp_status wp_compile_interventions(wp_builder *b)
{
    wp_status status = WP_OK;
    int n = b->scenario->n_interventions;
    wp_intervention_model *models = wp_builder_alloc(b, (size_t)n, sizeof *models);
    if (models == NULL) { return wp_builder_no_memory(b); }
    for (int v = 0; v < n; v++) {
        /* How long someone has waited, been in, or been out again is always asked. */
        wp_feature_since_variable(b, b->scenario->interventions[v].status);
        WP_TRY(compile_intervention(b, v, &models[v]));
    }
    if (b->registering) { goto out; }
    b->model->n_interventions = n;
    b->model->interventions = models;
out:
    return status;
}
