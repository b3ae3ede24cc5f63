/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a checked scenario and one draw to the compiled model: the order of the steps, and what
   belongs to the whole. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "chance/parameter_quantile.h"
#include "model/compile.h"
#include "model/draw_uniform.h"
#include "model/model_digest.h"

/* ---- The builder's own
 * ---------------------------------------------------------------------------- */

void *wp_builder_alloc(wp_builder *b, size_t n, size_t item_bytes)
{
    return wp_arena_alloc_array(b->arena, n, item_bytes);
}

wp_status wp_builder_no_memory(wp_builder *b)
{
    return wp_fail(b->err, WP_ERR_MEMORY, "not enough memory for the model");
}

wp_status wp_builder_fail(wp_builder *b, wp_status status, const char *format, ...)
{
    char text[WP_ERROR_TEXT];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) { return wp_fail(b->err, status, "%s", wp_status_sentence(status)); }
    return wp_fail(b->err, status, "%s '%s', draw %u: %s", b->section, b->name, b->model->draw + 1,
                   text);
}

wp_tick wp_ticks_of_years(double years)
{
    if (years >= 1e9) { return WP_TICK_NEVER; }
    return (wp_tick)llrint(years * 0x1p32);
}

int wp_compile_timer(wp_builder *b, int kind)
{
    return b->kinds[kind].n_timers++;
}

/* ---- Counting what needs room
 * ----------------------------------------------------------------------- */

static int count_averages_in(int n, const wp_factor *factors)
{
    int count = 0;
    for (int f = 0; f < n; f++) { count += factors[f].n_keep_average_by > 0; }
    return count;
}

static int count_averages(const wp_scenario *s)
{
    int count = 0;
    for (int p = 0; p < s->n_processes; p++) {
        const wp_process *process = &s->processes[p];
        count += count_averages_in(process->n_factors, process->factors);
        for (int o = 0; o < process->n_options; o++) {
            count += count_averages_in(process->options[o].n_factors, process->options[o].factors);
        }
    }
    return count;
}

static wp_status fill_slots(wp_builder *b, wp_arena *arena, size_t n, int **slots)
{
    *slots = wp_arena_alloc_array(arena, n, sizeof **slots);
    if (*slots == NULL) { return wp_builder_no_memory(b); }
    for (size_t i = 0; i < n; i++) { (*slots)[i] = -1; }
    return WP_OK;
}

static wp_status make_room(wp_builder *b)
{
    wp_status status = WP_OK;
    const wp_scenario *s = b->scenario;
    wp_model *m = b->model;
    size_t n_quantiles = (size_t)(s->n_processes + 2 * s->n_interventions + s->n_variables) +
                         (size_t)WP_N_KINDS * WP_MAX_REALS + wp_spells_count(s);
    m->quantiles = wp_arena_alloc_array(&m->arena, n_quantiles, sizeof *m->quantiles);
    m->n_averages = count_averages(s);
    m->averages = wp_arena_alloc_array(&m->arena, (size_t)m->n_averages, sizeof *m->averages);
    if (m->quantiles == NULL || m->averages == NULL) { return wp_builder_no_memory(b); }
    WP_TRY(fill_slots(b, &b->scratch, (size_t)s->n_variables, &b->variable_since));
    for (int k = 0; k < WP_N_KINDS; k++) {
        WP_TRY(fill_slots(b, &m->arena, (size_t)s->n_events, &b->event_since[k]));
    }
out:
    return status;
}

/* ---- The whole
 * ----------------------------------------------------------------------------------------- */

static void find_sex(wp_model *m)
{
    const wp_scenario *s = m->scenario;
    m->sex_variable = -1;
    m->female_level = 0;
    for (int v = 0; v < s->n_variables; v++) {
        const wp_variable *variable = &s->variables[v];
        if (variable->of != WP_PERSON || variable->n_levels != 2 ||
            strcmp(variable->name, "sex") != 0) {
            continue;
        }
        m->sex_variable = v;
        for (int l = 0; l < 2; l++) {
            if (strcmp(variable->levels[l], "female") == 0) { m->female_level = l; }
        }
    }
}

static void shorten(wp_tick *epoch, double years)
{
    wp_tick ticks = wp_ticks_of_years(years);
    if (years > 0.0 && ticks > 0 && ticks < *epoch) { *epoch = ticks; }
}

/* A year, or the shortest period at which something is settled. */
static wp_tick find_epoch(const wp_scenario *s)
{
    wp_tick epoch = WP_TICKS_PER_YEAR;
    for (int p = 0; p < s->n_pools; p++) { shorten(&epoch, s->pools[p].settled); }
    for (int i = 0; i < s->n_indicators; i++) { shorten(&epoch, s->indicators[i].period); }
    for (int v = 0; v < s->n_interventions; v++) {
        if (s->interventions[v].capacity == WP_CAPACITY_NONE) { continue; }
        shorten(&epoch, s->interventions[v].settled);
    }
    return epoch;
}

static wp_status compile_parts(wp_builder *b)
{
    wp_status status = WP_OK;
    for (int k = 0; k < WP_N_KINDS; k++) { b->kinds[k].n_timers = 0; }
    b->n_averages = 0;
    b->process = -1;
    WP_TRY(wp_compile_groups(b));
    WP_TRY(wp_compile_variables(b));
    WP_TRY(wp_compile_processes(b));
    WP_TRY(wp_compile_interventions(b));
    WP_TRY(wp_compile_place(b));
    WP_TRY(wp_compile_outcomes(b));
    WP_TRY(wp_compile_multipliers(b));
out:
    return status;
}

static wp_status compile(wp_builder *b)
{
    wp_status status = WP_OK;
    wp_model *m = b->model;
    WP_TRY(make_room(b));
    WP_TRY(wp_compile_shapes(b));
    b->registering = true;
    b->arena = &b->scratch;
    b->section = "scenario";
    b->name = b->scenario->title == NULL ? "" : b->scenario->title;
    WP_TRY(wp_features_init(b));
    WP_TRY(compile_parts(b));
    WP_TRY(wp_features_finish(b));
    b->registering = false;
    b->arena = &m->arena;
    WP_TRY(compile_parts(b));
    WP_TRY(wp_compile_hooks(b));
    WP_TRY(wp_compile_dependents(b));
    WP_TRY(wp_compile_purposes(b));
    m->n_run_edges = (int)b->n_run_edges;
    if (b->n_run_edges > 0) {
        wp_tick *edges = wp_arena_alloc_array(&m->arena, b->n_run_edges, sizeof *edges);
        if (edges == NULL) { return wp_builder_no_memory(b); }
        memcpy(edges, b->run_edges, b->n_run_edges * sizeof *edges);
        m->run_edges = edges;
    }
    find_sex(m);
    m->end = (wp_tick)b->scenario->n_years * WP_TICKS_PER_YEAR;
    m->epoch = find_epoch(b->scenario);
    wp_model_digest_compute(m);
out:
    return status;
}

wp_status wp_model_init(wp_model *model, const wp_scenario *scenario, uint64_t seed, uint32_t draw,
                        wp_error *err)
{
    wp_status status = WP_OK;
    wp_parameter_set parameters;
    wp_builder *b = NULL;
    wp_arena outer;
    wp_chance_init();
    *model = (wp_model){.scenario = scenario, .draw = draw};
    wp_arena_init(&model->arena, 0);
    wp_arena_init(&outer, 0);
    b = wp_arena_alloc(&outer, sizeof *b);
    WP_TRY_ALLOC(b);
    wp_arena_init(&b->scratch, 0);
    b->model = model;
    b->scenario = scenario;
    b->parameters = &parameters;
    b->err = err;
    WP_TRY(wp_parameter_set_init(&parameters, &model->arena, scenario, seed, draw,
                                 wp_is_drawn(scenario, scenario->n_draws), err));
    model->parameter_values = parameters.values;
    status = compile(b);
out:
    if (b != NULL) { wp_arena_free(&b->scratch); }
    wp_arena_free(&outer);
    return status;
}

void wp_model_free(wp_model *model)
{
    for (int q = 0; q < model->n_quantiles; q++) { wp_quantile_table_free(&model->quantiles[q]); }
    model->n_quantiles = 0;
    wp_arena_free(&model->arena);
    *model = (wp_model){0};
}
