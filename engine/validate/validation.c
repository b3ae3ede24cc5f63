/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathering what is to be compared. */
#include "validate/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "scenario/read_published.h"
#include "solve/arm_choice.h"
#include "solve/solve_target.h"
#include "uncertainty/replicas.h"

wp_status wp_validation_new(wp_validation **validation, wp_error *err)
{
    wp_status status = WP_OK;
    *validation = calloc(1, sizeof **validation);
    WP_TRY_ALLOC(*validation);
    wp_arena_init(&(*validation)->arena, 0);
out:
    return status;
}

void wp_validation_free(wp_validation *validation)
{
    if (validation == NULL) { return; }
    wp_arena_free(&validation->arena);
    free(validation->rows);
    free(validation->runs);
    free(validation->figures);
    free(validation);
}

int wp_scenario_targets(const wp_scenario *scenario)
{
    return scenario->n_targets;
}

/* ---- Size ------------------------------------------------------------------------------------------ */

static double people_of(const wp_population_spec *population)
{
    switch (population->kind) {
    case WP_POPULATION_COHORT: return (double)population->cohort.n_households * population->cohort.n_members;
    case WP_POPULATION_SYNTHETIC: return population->people;
    case WP_POPULATION_FILE: break;
    }
    return NAN; /* not known before it is read: all of them */
}

void wp_validation_size(const wp_scenario *scenario, wp_run_options *options)
{
    const double people = people_of(&scenario->population);
    const int draws = scenario->n_draws < WP_VALIDATION_DRAWS ? scenario->n_draws : WP_VALIDATION_DRAWS;
    if (options->sample == 0.0) { options->sample = scenario->validate.sample; }
    if (options->sample == 0.0) {
        options->sample = people > WP_VALIDATION_PEOPLE ? WP_VALIDATION_PEOPLE / people : 1.0;
    }
    if (options->draws == 0) { options->draws = scenario->validate.draws; }
    if (options->draws == 0) { options->draws = draws; }
    if (options->replicates == 0) { options->replicates = scenario->validate.replicates; }
    if (options->replicates == 0) { options->replicates = scenario->n_replicates; }
}

/* ---- Rows ------------------------------------------------------------------------------------------ */

static wp_status keep(wp_validation *v, const char *text, const char **kept, wp_error *err)
{
    wp_status status = WP_OK;
    *kept = wp_arena_strdup(&v->arena, text == NULL ? "" : text);
    WP_TRY_ALLOC(*kept);
out:
    return status;
}

#define ADD(v, list, n, room, item)                                                     \
    do {                                                                                \
        if (!wp_array_reserve(&(v)->list, &(v)->room, (v)->n + 1, sizeof *(v)->list)) { \
            status = wp_fail(err, WP_ERR_MEMORY, "not enough memory to compare");       \
            goto out;                                                                   \
        }                                                                               \
        (v)->list[(v)->n++] = (item);                                                   \
    } while (0)

static wp_status add_row(wp_validation *v, const wp_run_data *data, int target, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *m = &data->money;
    wp_validation_row row = {.is_claim = m->target_is_claim[target] != 0};
    WP_TRY(keep(v, data->scenario_path, &row.scenario, err));
    WP_TRY(keep(v, m->targets[target], &row.target, err));
    WP_TRY(keep(v, m->target_ids[target], &row.ids, err));
    WP_TRY(keep(v, m->target_says[target], &row.says, err));
    WP_TRY(keep(v, m->target_figures[target], &row.figure, err));
    WP_TRY(keep(v, m->target_units[target], &row.unit, err));
    WP_TRY(keep(v, m->target_sources[target], &row.source, err));
    WP_TRY(wp_comparison_of(data, target, &row.comparison, err));
    ADD(v, rows, n_rows, row_room, row);
out:
    return status;
}

/* Draws that differ by chance alone are replicates to every interval, but were draws of the run. */
static wp_status add_data(wp_validation *v, wp_run_data *data, bool is_result, wp_error *err)
{
    wp_status status = WP_OK;
    const int n_draws = data->n_draws, n_replicates = data->n_replicates;
    (void)wp_draws_to_replicates(data);
    wp_validation_run run = {.is_result = is_result,
                             .sample = data->sample,
                             .seconds = data->seconds,
                             .draws = n_draws,
                             .replicates = n_replicates,
                             .n_targets = data->money.n_targets};
    WP_TRY(keep(v, data->scenario_path, &run.scenario, err));
    WP_TRY(keep(v, data->title, &run.title, err));
    WP_TRY(keep(v, data->caution, &run.caution, err));
    ADD(v, runs, n_runs, run_room, run);
    for (int t = 0; t < data->money.n_targets; t++) { WP_TRY(add_row(v, data, t, err)); }
out:
    return status;
}

wp_status wp_validation_add_result(wp_validation *validation, const char *result_path, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    WP_TRY(wp_result_read(result_path, &data, err));
    WP_TRY(add_data(validation, &data, true, err));
out:
    wp_result_free(&data);
    return status;
}

/* ---- The table of published figures ---------------------------------------------------------------- */

static wp_status add_published(wp_validation *v, const wp_published *from, wp_error *err)
{
    wp_status status = WP_OK;
    wp_validation_figure figure = {.role = from->role};
    for (size_t i = 0; i < v->n_figures; i++) { /* several scenarios use one table */
        if (strcmp(v->figures[i].id, from->id) == 0) { return WP_OK; }
    }
    WP_TRY(keep(v, from->id, &figure.id, err));
    WP_TRY(keep(v, from->place, &figure.place, err));
    WP_TRY(keep(v, from->says, &figure.says, err));
    WP_TRY(keep(v, from->value, &figure.value, err));
    WP_TRY(keep(v, from->source, &figure.source, err));
    if (from->not_modelled != NULL) { WP_TRY(keep(v, from->not_modelled, &figure.not_modelled, err)); }
    ADD(v, figures, n_figures, figure_room, figure);
out:
    return status;
}

/* Does "S1-19, S3-10" name the id? */
static bool names(const char *ids, const char *id)
{
    const size_t n = strlen(id);
    for (const char *at = strstr(ids, id); at != NULL; at = strstr(at + 1, id)) {
        const bool begins = at == ids || at[-1] == ' ' || at[-1] == ',';
        if (begins && (at[n] == '\0' || at[n] == ',')) { return true; }
    }
    return false;
}

bool wp_validation_is_left_out(const wp_validation *v, const wp_validation_figure *figure)
{
    if (figure->role > WP_PUBLISHED_CLAIM) { return false; }
    for (size_t i = 0; i < v->n_rows; i++) {
        if (names(v->rows[i].ids, figure->id)) { return false; }
    }
    return true;
}

const char *wp_validation_says(const wp_validation *v, const wp_validation_row *row)
{
    for (size_t i = 0; i < v->n_figures && row->says[0] == '\0'; i++) {
        if (names(row->ids, v->figures[i].id)) { return v->figures[i].says; }
    }
    return row->says;
}

wp_status wp_validation_add_published(wp_validation *validation, const char *path, wp_problems *problems,
                                      wp_error *err)
{
    wp_status status = WP_OK;
    wp_scenario *table = NULL;
    WP_TRY(wp_published_table_read(path, &table, problems, err));
    for (int i = 0; i < table->n_published; i++) {
        WP_TRY(add_published(validation, &table->published[i], err));
    }
out:
    wp_scenario_free(table);
    return status;
}

/* ---- Scenarios ------------------------------------------------------------------------------------- */

/* By runs of one draw, in which all else is at its stated value, and of the figure's arms alone. */
static wp_status find_need(wp_validation *v, wp_variant *variant, int target, wp_validation_row *row,
                           wp_error *err)
{
    wp_status status = WP_OK;
    const wp_target *t = &variant->scenario.targets[target];
    const wp_parameter *parameter = &variant->parameters[t->parameter];
    wp_solution solution;
    const char *names[WP_MAX_FIGURE_ARMS];
    variant->options.draws = 1;
    variant->options.n_arms = wp_arms_of_figure(&variant->scenario, &t->figure, names);
    variant->options.arms = names;
    WP_TRY(wp_solve_target_figure(variant, target, row->comparison.nearest, &solution, err));
    row->need = (wp_validation_need){.is_asked = true,
                                     .is_found = solution.is_found,
                                     .value = solution.value,
                                     .from = t->from,
                                     .to = t->to,
                                     .stated = parameter->value / parameter->unit_scale};
    WP_TRY(keep(v, parameter->name, &row->need.parameter, err));
    WP_TRY(keep(v, parameter->unit_text, &row->need.unit, err));
out:
    variant->options.n_arms = 0;
    variant->options.arms = NULL;
    return status;
}

wp_status wp_validation_add_scenario(wp_validation *validation, const wp_scenario *scenario,
                                     const wp_validate_options *options, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    wp_variant variant = {0};
    wp_run_options run = options == NULL ? (wp_run_options){0} : options->run;
    const bool solves = options == NULL || !options->no_solve;
    const size_t first = validation->n_rows;
    wp_validation_size(scenario, &run);
    WP_TRY(wp_variant_init(&variant, scenario, &run, err));
    WP_TRY(wp_variant_run(&variant, &data, err));
    WP_TRY(add_data(validation, &data, false, err));
    wp_simulate_free(&data);
    data = (wp_run_data){0};
    for (int i = 0; i < scenario->n_published; i++) {
        WP_TRY(add_published(validation, &scenario->published[i], err));
    }
    for (int t = 0; solves && t < scenario->n_targets; t++) {
        wp_validation_row *row = &validation->rows[first + (size_t)t];
        if (row->comparison.verdict != WP_VERDICT_MORE_CLAIMED || scenario->targets[t].parameter < 0) {
            continue;
        }
        WP_TRY(find_need(validation, &variant, t, row, err));
    }
out:
    wp_simulate_free(&data);
    wp_variant_free(&variant);
    return status;
}

/* ---- Order and words ------------------------------------------------------------------------------- */

typedef struct numbered {
    const char *id, *then; /* what is compared where ids are equal */
    size_t index;
} numbered;

/* "S1-9" before "S1-10": runs of digits by their number, all else by its bytes. */
static int compare_ids(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9') {
            char *end_a = NULL, *end_b = NULL;
            unsigned long long x = strtoull(a, &end_a, 10), y = strtoull(b, &end_b, 10);
            if (x != y) { return x < y ? -1 : 1; }
            a = end_a;
            b = end_b;
            continue;
        }
        if (*a != *b) { return *a < *b ? -1 : 1; }
        a++;
        b++;
    }
    return (*a != '\0') - (*b != '\0');
}

/* Those without an id come last. */
static int by_id(const void *left, const void *right)
{
    const numbered *a = left, *b = right;
    const bool none_a = a->id[0] == '\0', none_b = b->id[0] == '\0';
    if (none_a != none_b) { return none_a ? 1 : -1; }
    int order = compare_ids(a->id, b->id);
    if (order == 0) { order = strcmp(a->then, b->then); }
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static size_t *sorted(numbered *list, size_t n)
{
    size_t *order = wp_calloc_array(n, sizeof *order);
    if (order != NULL) {
        qsort(list, n, sizeof *list, by_id);
        for (size_t i = 0; i < n; i++) { order[i] = list[i].index; }
    }
    free(list);
    return order;
}

size_t *wp_validation_rows_by_id(const wp_validation *v)
{
    numbered *list = wp_calloc_array(v->n_rows, sizeof *list);
    if (list == NULL) { return NULL; }
    for (size_t i = 0; i < v->n_rows; i++) {
        list[i] = (numbered){.id = v->rows[i].ids, .then = v->rows[i].scenario, .index = i};
    }
    return sorted(list, v->n_rows);
}

size_t *wp_validation_figures_by_id(const wp_validation *v)
{
    numbered *list = wp_calloc_array(v->n_figures, sizeof *list);
    if (list == NULL) { return NULL; }
    for (size_t i = 0; i < v->n_figures; i++) {
        list[i] = (numbered){.id = v->figures[i].id, .then = "", .index = i};
    }
    return sorted(list, v->n_figures);
}
