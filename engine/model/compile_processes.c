/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes: rates, delays, choices, and what hangs on which event. */
#include <string.h>

#include "chance/elementary.h"
#include "chance/key.h"
#include "chance/round24.h"
#include "model/compile.h"

/* ---- Smooth hazards
 * -------------------------------------------------------------------------------- */

static bool is_smooth(const wp_quantity *q)
{
    return q->kind == WP_QUANTITY_WEIBULL || q->kind == WP_QUANTITY_GOMPERTZ;
}

/* The slots that the clock of a smooth hazard is read from. */
static wp_status ask_clock(wp_builder *b, int kind, const wp_quantity *q)
{
    if (q->clock_is_when) { return WP_OK; }
    switch (q->look.kind) {
    case WP_LOOK_AGE:
        if (kind == WP_PERSON) { return WP_OK; }
        break;
    case WP_LOOK_TIME_SINCE_START:
    case WP_LOOK_DATE:
        return WP_OK;
    case WP_LOOK_TIME_IN:
        if ((int)b->scenario->variables[q->look.item].of == kind) {
            wp_feature_since_variable(b, q->look.item);
            return WP_OK;
        }
        break;
    case WP_LOOK_TIME_SINCE:
        wp_feature_since_event(b, kind, q->look.item);
        return WP_OK;
    case WP_LOOK_TIME_TOGETHER:
        if (kind == WP_COUPLE) {
            wp_feature_since_event(b, kind, WP_EVENT_COUPLE_FORMED);
            return WP_OK;
        }
        break;
    default:
        break;
    }
    return wp_builder_fail(b, WP_ERR_MODEL,
                           "the clock of a smooth hazard must be the subject's own");
}

/* Weibull by scale: G = (u / scale)^shape, so rate = scale^-shape. What may look at things is the
   rate alone: then it goes into `product`, and smooth->rate is 1. */
static wp_status compile_smooth(wp_builder *b, int kind, const wp_quantity *q,
                                wp_smooth_hazard *smooth, wp_draft_product *product)
{
    wp_status status = WP_OK;
    bool is_weibull = q->kind == WP_QUANTITY_WEIBULL;
    const wp_quantity *rate = is_weibull ? q->b : q->a;
    *smooth = (wp_smooth_hazard){.kind = is_weibull ? WP_SMOOTH_WEIBULL : WP_SMOOTH_GOMPERTZ,
                                 .shape = 1.0,
                                 .rate = 1.0,
                                 .clock = q->look,
                                 .clock_is_when = q->clock_is_when};
    WP_TRY(ask_clock(b, kind, q));
    WP_TRY(wp_evaluate_number(b, is_weibull ? q->a : q->b,
                              is_weibull ? &smooth->shape : &smooth->growth));
    if (wp_quantity_varies(b, rate)) {
        if (is_weibull && !q->by_rate) {
            status = wp_builder_fail(b, WP_ERR_MODEL,
                                     "a Weibull scale that varies is not possible; give its "
                                     "rate, scale^-shape, or a factor");
            goto out;
        }
        WP_TRY(wp_product_by_quantity(b, kind, rate, WP_RANGE_POSITIVE, -1, product));
        goto out;
    }
    WP_TRY(wp_evaluate_number(b, rate, &smooth->rate));
    if (is_weibull && !(smooth->shape > 0.0)) {
        status = wp_builder_fail(b, WP_ERR_MODEL, "a Weibull shape is %.9g; it must be above 0",
                                 smooth->shape);
        goto out;
    }
    if (is_weibull && !q->by_rate) {
        if (!(smooth->rate > 0.0)) {
            status = wp_builder_fail(b, WP_ERR_MODEL, "a Weibull scale is %.9g; it must be above 0",
                                     smooth->rate);
            goto out;
        }
        smooth->rate = wp_round24(wp_pow(smooth->rate, -smooth->shape));
    }
    if (smooth->rate < 0.0) {
        status = wp_builder_fail(b, WP_ERR_MODEL, "a hazard is %.9g; it must be 0 or more",
                                 smooth->rate);
    }
out:
    return status;
}

/* ---- Choices
 * ------------------------------------------------------------------------------------------ */

static wp_status factors_on(wp_builder *b, int kind, int n, const wp_factor *factors,
                            wp_scale scale, wp_product *out, bool *has)
{
    wp_status status = WP_OK;
    wp_draft_product product = {0};
    *has = false;
    for (int f = 0; f < n; f++) {
        if (factors[f].scale != scale) { continue; }
        *has = true;
        WP_TRY(wp_product_by_factor(b, kind, &factors[f], &product));
    }
    WP_TRY(wp_product_end(b, kind, &product, out));
out:
    return status;
}

static int level_named(const wp_variable *variable, const char *name)
{
    for (int l = 0; l < variable->n_levels; l++) {
        if (strcmp(variable->levels[l], name) == 0) { return l; }
    }
    return -1;
}

static wp_status compile_base(wp_builder *b, int kind, const wp_process *p, const wp_option *option,
                              wp_answer *answer)
{
    wp_status status = WP_OK;
    wp_draft_product product = {0};
    const wp_quantity *q = &option->probability;
    if (option->is_otherwise) { return WP_OK; }
    if (q->kind == WP_QUANTITY_PROBABILITY_OF_RATE && is_smooth(q->a)) {
        answer->base_is_smooth = true;
        answer->smooth_over = q->over;
        WP_TRY(compile_smooth(b, kind, q->a, &answer->smooth, &product));
        if (product.n > 0) {
            status = wp_builder_fail(b, WP_ERR_MODEL,
                                     "the smooth hazard behind a probability may not look at "
                                     "anything but its clock");
        }
        goto out;
    }
    WP_TRY(wp_product_by_quantity(b, kind, q,
                                  p->levels_of >= 0 ? WP_RANGE_POSITIVE : WP_RANGE_PROBABILITY,
                                  answer->set_level, &product));
    WP_TRY(wp_product_end(b, kind, &product, &answer->base));
out:
    return status;
}

static wp_status compile_answer(wp_builder *b, int kind, const wp_process *p,
                                const wp_option *option, wp_answer *answer)
{
    wp_status status = WP_OK;
    answer->option = option;
    answer->event = option->event;
    answer->is_otherwise = option->is_otherwise;
    answer->set_level = -1;
    if (p->levels_of >= 0) {
        answer->set_level = level_named(&b->scenario->variables[p->levels_of], option->name);
        if (answer->set_level < 0) {
            return wp_builder_fail(b, WP_ERR_MODEL, "answer '%s' is no level of '%s'", option->name,
                                   b->scenario->variables[p->levels_of].name);
        }
    }
    WP_TRY(compile_base(b, kind, p, option, answer));
    WP_TRY(factors_on(b, kind, option->n_factors, option->factors, WP_SCALE_ODDS, &answer->odds,
                      &answer->has_odds));
    WP_TRY(factors_on(b, kind, option->n_factors, option->factors, WP_SCALE_HAZARD, &answer->hazard,
                      &answer->has_hazard));
    WP_TRY(factors_on(b, kind, option->n_factors, option->factors, WP_SCALE_PROBABILITY,
                      &answer->probability, &answer->has_probability));
    WP_TRY(wp_compile_actions(b, kind, &option->then, &answer->then));
out:
    return status;
}

/* `otherwise` last, the others in their order, which is that of their names. */
static wp_status compile_answers(wp_builder *b, int kind, const wp_process *p,
                                 wp_process_model *model)
{
    wp_status status = WP_OK;
    int n = 0;
    wp_answer *answers = wp_builder_alloc(b, (size_t)p->n_options, sizeof *answers);
    if (answers == NULL) { return wp_builder_no_memory(b); }
    for (int last = 0; last < 2; last++) {
        for (int o = 0; o < p->n_options; o++) {
            if (p->options[o].is_otherwise != (last == 1)) { continue; }
            WP_TRY(compile_answer(b, kind, p, &p->options[o], &answers[n++]));
        }
    }
    model->n_answers = n;
    model->answers = answers;
out:
    return status;
}

/* ---- Processes
 * ------------------------------------------------------------------------------------------ */

/* `when` is part of the rate, as zeros and ones. */
static wp_status compile_rate(wp_builder *b, int kind, const wp_process *p, wp_process_model *model)
{
    wp_status status = WP_OK;
    wp_draft_product product = {0};
    if (is_smooth(&p->hazard)) {
        WP_TRY(compile_smooth(b, kind, &p->hazard, &model->smooth, &product));
    } else {
        WP_TRY(wp_product_by_quantity(b, kind, &p->hazard, WP_RANGE_POSITIVE, -1, &product));
    }
    WP_TRY(wp_product_by_condition(b, kind, p->when, &product));
    for (int f = 0; f < p->n_factors; f++) {
        WP_TRY(wp_product_by_factor(b, kind, &p->factors[f], &product));
    }
    WP_TRY(wp_product_end(b, kind, &product, &model->rate));
out:
    return status;
}

static wp_status compile_delay(wp_builder *b, int kind, const wp_process *p,
                               wp_process_model *model)
{
    bool has_factor;
    wp_status status =
        wp_compile_duration(b, kind, &p->delay, &model->delay_scale, &model->delay_table, NULL);
    if (status != WP_OK) { return status; }
    model->timer = wp_compile_timer(b, kind);
    return factors_on(b, kind, p->n_factors, p->factors, WP_SCALE_DELAY, &model->delay_factor,
                      &has_factor);
}

/* What starts when `when` becomes true, which a birthday may bring about, has to be seen at its instant. */
static bool has_clock_of_when(const wp_process *p)
{
    return p->kind == WP_PROCESS_HAZARD && is_smooth(&p->hazard) && p->hazard.clock_is_when;
}

static wp_status compile_process(wp_builder *b, int index, wp_process_model *model)
{
    wp_status status = WP_OK;
    const wp_process *p = &b->scenario->processes[index];
    int kind = (int)p->of;
    b->section = "process";
    b->name = p->name;
    b->process = index;
    *model = (wp_process_model){.process = p,
                                .index = index,
                                .of = p->of,
                                .event = p->event,
                                .purpose_clock = wp_purpose("clock", p->name),
                                .purpose_choose = wp_purpose("choose", p->name),
                                .purpose_delay = wp_purpose("delay", p->name),
                                .clock = -1,
                                .timer = -1,
                                .spell_variable = wp_spell_ended_by(b->scenario, index)};
    if (kind >= WP_N_KINDS) {
        return wp_builder_fail(b, WP_ERR_MODEL, "must be of a person, a household or a couple");
    }
    b->marks_ages = p->kind == WP_PROCESS_DELAY || has_clock_of_when(p);
    WP_TRY(wp_product_of_condition(b, kind, p->when, &model->when));
    b->marks_ages = false;
    if (p->kind == WP_PROCESS_HAZARD) { WP_TRY(compile_rate(b, kind, p, model)); }
    if (has_clock_of_when(p) && !b->registering) { model->smooth.since = b->model->kinds[kind].n_since++; }
    if (p->kind == WP_PROCESS_DELAY) { WP_TRY(compile_delay(b, kind, p, model)); }
    if (p->kind == WP_PROCESS_SCHEDULE && p->at.kind == WP_AT_AGE) {
        model->timer = wp_compile_timer(b, kind);
    }
    WP_TRY(compile_answers(b, kind, p, model));
    WP_TRY(wp_compile_actions(b, kind, &p->then, &model->then));
out:
    b->process = -1;
    b->marks_ages = false;
    return status;
}

/* The slots of clocks and delays, in order of name. */
static wp_status assign_slots(wp_builder *b, wp_process_model *processes, wp_process_kind what)
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        int n = 0;
        int *slots = wp_builder_alloc(b, (size_t)b->scenario->n_processes, sizeof *slots);
        if (slots == NULL) { return wp_builder_no_memory(b); }
        for (int p = 0; p < b->scenario->n_processes; p++) {
            const wp_process *process = &b->scenario->processes[p];
            if ((int)process->of != k || process->kind != what) { continue; }
            if (n == WP_MAX_SLOTS) {
                b->section = "process";
                b->name = process->name;
                return wp_builder_fail(b, WP_ERR_LIMIT,
                                       "more than %d hazards, or delays, of one kind of "
                                       "subject",
                                       WP_MAX_SLOTS);
            }
            if (what == WP_PROCESS_HAZARD) { processes[p].clock = n; }
            slots[n++] = p;
        }
        if (what == WP_PROCESS_HAZARD) {
            b->model->kinds[k].n_clocks = n;
            b->model->kinds[k].clocks = slots;
        } else {
            b->model->kinds[k].n_delays = n;
            b->model->kinds[k].delays = slots;
        }
    }
    return WP_OK;
}

wp_status wp_compile_processes(wp_builder *b)
{
    wp_status status = WP_OK;
    int n = b->scenario->n_processes;
    wp_process_model *processes = wp_builder_alloc(b, (size_t)n, sizeof *processes);
    if (processes == NULL) { return wp_builder_no_memory(b); }
    for (int p = 0; p < n; p++) { WP_TRY(compile_process(b, p, &processes[p])); }
    if (b->registering) { goto out; }
    WP_TRY(assign_slots(b, processes, WP_PROCESS_HAZARD));
    WP_TRY(assign_slots(b, processes, WP_PROCESS_DELAY));
    b->model->n_processes = n;
    b->model->processes = processes;
out:
    return status;
}

/* ---- What hangs on an event
 * ------------------------------------------------------------------------------- */

static bool hook_of(const wp_occasion *at, wp_hook *hook)
{
    *hook = (wp_hook){.event = -1, .variable = -1, .process = -1, .intervention = -1, .offer = -1};
    if (at->kind == WP_AT_EVENT) { hook->event = at->event; }
    if (at->kind == WP_AT_ENTERS) {
        hook->variable = at->variable;
        hook->levels = at->levels;
    }
    return at->kind == WP_AT_EVENT || at->kind == WP_AT_ENTERS;
}

wp_status wp_compile_hooks(wp_builder *b)
{
    const wp_scenario *s = b->scenario;
    size_t n_most = (size_t)s->n_processes;
    int n = 0;
    for (int v = 0; v < s->n_interventions; v++) { n_most += (size_t)s->interventions[v].n_offers; }
    wp_hook *hooks = wp_builder_alloc(b, n_most, sizeof *hooks);
    if (hooks == NULL) { return wp_builder_no_memory(b); }
    for (int p = 0; p < s->n_processes; p++) {
        const wp_process *process = &s->processes[p];
        bool has_occasion = process->kind == WP_PROCESS_AT_EVENT ||
                            process->kind == WP_PROCESS_SCHEDULE;
        if (!has_occasion || !hook_of(&process->at, &hooks[n])) { continue; }
        hooks[n++].process = p;
    }
    for (int v = 0; v < s->n_interventions; v++) {
        const wp_intervention *intervention = &s->interventions[v];
        for (int o = 0; o < intervention->n_offers; o++) {
            if (!hook_of(&intervention->offers[o].at, &hooks[n])) { continue; }
            hooks[n].intervention = v;
            hooks[n++].offer = o;
        }
    }
    b->model->n_hooks = n;
    b->model->hooks = hooks;
    return WP_OK;
}
