/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Room for a run's result, with its labels and where it comes from. */
#define _GNU_SOURCE
#include "parallel/run_shape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wholeplace/show.h>

#include "base/digest.h"
#include "base/fail.h"
#include "base/text.h"
#include "base/version.h"
#include "money/amount_draw.h"
#include "results/libraries.h"
#include "simulate/spend_bin.h"

/* All of the data's memory is its arena's, as it is when the data are read from a file. */
static void *take(wp_run_data *data, size_t n, size_t item_bytes)
{
    return wp_arena_alloc_array(data->owner, n, item_bytes);
}

static char *copy_text(wp_run_data *data, const char *text)
{
    return wp_arena_strdup(data->owner, text == NULL ? "" : text);
}

static char **copy_names(wp_run_data *data, int n)
{
    return take(data, (size_t)n, sizeof(char *));
}

static const char *unit_of(const wp_outcome *outcome)
{
    switch (outcome->kind) {
    case WP_OUTCOME_TIME_IN: return outcome->in_days ? "person_days" : "person_years";
    case WP_OUTCOME_SNAPSHOT:
        return outcome->of == WP_PERSON ? "people" : outcome->of == WP_COUPLE ? "couples" : "households";
    default: return "events";
    }
}

static double scale_of(const wp_outcome *outcome)
{
    if (outcome->kind != WP_OUTCOME_TIME_IN) { return 0.5; }
    return outcome->in_days ? 365.25 * 0x1p-33 : 0x1p-33;
}

/* At how many instants of the run a stock is counted; 0 for what adds up over time. */
static int snapshots_of(const wp_scenario *scenario, const wp_outcome *outcome)
{
    double times[WP_MAX_SNAPSHOTS];
    int n = 0;
    if (outcome->kind != WP_OUTCOME_SNAPSHOT) { return 0; }
    for (int y = 0; y <= scenario->n_years; y++) {
        n += wp_snapshot_times(scenario, outcome, y, times, WP_MAX_SNAPSHOTS);
    }
    return n;
}

static bool name_outcomes(wp_run_data *data, const wp_scenario *scenario)
{
    data->n_outcomes = scenario->n_outcomes;
    data->outcomes = copy_names(data, scenario->n_outcomes);
    data->outcome_units = copy_names(data, scenario->n_outcomes);
    data->outcome_scale = take(data, (size_t)scenario->n_outcomes, sizeof(double));
    data->outcome_snapshots = take(data, (size_t)scenario->n_outcomes, sizeof(int));
    if (data->outcomes == NULL || data->outcome_units == NULL || data->outcome_scale == NULL ||
        data->outcome_snapshots == NULL) {
        return false;
    }
    bool enough = true;
    for (int o = 0; o < scenario->n_outcomes; o++) {
        data->outcomes[o] = copy_text(data, scenario->outcomes[o].name);
        data->outcome_units[o] = copy_text(data, unit_of(&scenario->outcomes[o]));
        data->outcome_scale[o] = scale_of(&scenario->outcomes[o]);
        data->outcome_snapshots[o] = snapshots_of(scenario, &scenario->outcomes[o]);
        enough = enough && data->outcomes[o] != NULL && data->outcome_units[o] != NULL;
    }
    return enough;
}

static bool name_cells(wp_run_data *data, const wp_model *model)
{
    const size_t n = (size_t)model->n_cells;
    data->n_cells = model->n_cells;
    data->cell_outcome = take(data, n, sizeof *data->cell_outcome);
    data->cell_grouping = copy_names(data, model->n_cells);
    data->cell_label = copy_names(data, model->n_cells);
    if (data->cell_outcome == NULL || data->cell_grouping == NULL || data->cell_label == NULL) {
        return false;
    }
    bool enough = true;
    for (size_t c = 0; c < n; c++) {
        data->cell_outcome[c] = model->cells[c].outcome;
        data->cell_grouping[c] = copy_text(data, model->cells[c].grouping);
        data->cell_label[c] = copy_text(data, model->cells[c].label);
        enough = enough && data->cell_grouping[c] != NULL && data->cell_label[c] != NULL;
    }
    return enough;
}

static bool name_others(wp_run_state *run)
{
    wp_run_data *data = run->data;
    const wp_scenario *scenario = run->scenario;
    bool enough = true;
    data->n_arms = run->n_arms;
    data->n_interventions = scenario->n_interventions;
    data->n_parameters = scenario->n_parameters;
    data->n_events = scenario->n_events;
    data->arms = copy_names(data, run->n_arms);
    data->interventions = copy_names(data, scenario->n_interventions);
    data->parameters = copy_names(data, scenario->n_parameters);
    data->events = copy_names(data, scenario->n_events);
    if (data->arms == NULL || data->interventions == NULL || data->parameters == NULL ||
        data->events == NULL) {
        return false;
    }
    for (int a = 0; a < run->n_arms; a++) {
        data->arms[a] = copy_text(data, scenario->arms[run->arms[a]].name);
        enough = enough && data->arms[a] != NULL;
    }
    for (int v = 0; v < scenario->n_interventions; v++) {
        data->interventions[v] = copy_text(data, scenario->interventions[v].name);
        enough = enough && data->interventions[v] != NULL;
    }
    for (int p = 0; p < scenario->n_parameters; p++) {
        data->parameters[p] = copy_text(data, scenario->parameters[p].name);
        enough = enough && data->parameters[p] != NULL;
    }
    for (int e = 0; e < scenario->n_events; e++) {
        data->events[e] = copy_text(data, scenario->events[e].name);
        enough = enough && data->events[e] != NULL;
    }
    return enough;
}

/* The scenario's files as read, one after the other, each under a line with its name. */
static char *join_files(wp_run_data *data, const wp_scenario *scenario)
{
    size_t n = 1;
    for (int f = 0; f < scenario->n_files; f++) {
        n += strlen(scenario->files[f].path) + (size_t)scenario->files[f].size + 16;
    }
    char *text = take(data, n, 1);
    if (text == NULL) { return NULL; }
    size_t at = 0;
    for (int f = 0; f < scenario->n_files; f++) {
        at += (size_t)snprintf(text + at, n - at, "# file: %s\n", scenario->files[f].path);
        memcpy(text + at, scenario->files[f].text, (size_t)scenario->files[f].size);
        at += (size_t)scenario->files[f].size;
        text[at++] = '\n';
    }
    return text;
}

/* The scenario as resolved, in words; NULL without memory. */
static char *show_text(wp_run_data *data, const wp_scenario *scenario)
{
    char *text = NULL, *kept = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    if (out == NULL) { return NULL; }
    const wp_status status = wp_show(scenario, out, NULL);
    if (fclose(out) == 0 && status == WP_OK) { kept = copy_text(data, text); }
    free(text);
    return kept;
}

wp_status wp_run_tell_how(wp_run_state *run, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data *data = run->data;
    wp_text text;
    wp_text_init(&text);
    const char *how = run->options.full_arms ? "in full, as asked" : "as forks of the baseline";
    WP_TRY(wp_text_append(&text, how, err));
    for (int a = 0, n = 0; a < run->n_arms; a++) {
        if (run->full_from[a] == 0) { continue; }
        const double year = run->scenario->start_calendar_year + wp_years(run->full_from[a]);
        WP_TRY(wp_text_append(&text, n++ == 0 ? "; in full since a rate of the place differs: " : ", ", err));
        WP_TRY(wp_text_append_format(&text, err, "%s from %d on", data->arms[a], (int)floor(year + 1e-9)));
    }
    data->arms_run = copy_text(data, wp_text_get(&text));
    WP_TRY_ALLOC(data->arms_run);
out:
    wp_text_free(&text);
    return status;
}

static bool fill_provenance(wp_run_state *run)
{
    wp_run_data *data = run->data;
    const wp_scenario *scenario = run->scenario;
    char created[32], version[128], libraries[128];
    wp_libraries_text(libraries, sizeof libraries);
    char caution[WP_ERROR_TEXT];
    const time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    snprintf(version, sizeof version, "%s (%s)", wp_version_text(), wp_version_revision());
    data->title = copy_text(data, scenario->title);
    data->scenario_path = copy_text(data, scenario->n_files > 0 ? scenario->files[0].path : "");
    data->scenario_text = join_files(data, scenario);
    data->resolved_text = show_text(data, scenario);
    data->version = copy_text(data, version);
    data->compiler = copy_text(data, wp_version_compiler());
    data->flags = copy_text(data, wp_version_compiler_flags());
    data->libraries = copy_text(data, libraries);
    data->simd = copy_text(data, run->simd);
    data->command = copy_text(data, run->options.command);
    data->created = copy_text(data, created);
    data->stopped = copy_text(data, "");
    data->caution = copy_text(data, wp_run_caution(scenario, &run->options, caution));
    data->seed = run->options.seed;
    data->sample = run->options.sample / (double)run->options.lineage_step;
    data->weight = 1.0 / data->sample;
    data->n_people = wp_population_people(run->population);
    data->n_uncertain = wp_run_n_uncertain(scenario);
    data->threads = run->options.threads;
    wp_population_digest(run->population, data->population_digest);
    return data->title != NULL && data->scenario_path != NULL && data->scenario_text != NULL &&
           data->resolved_text != NULL && data->version != NULL && data->compiler != NULL &&
           data->flags != NULL && data->libraries != NULL && data->simd != NULL &&
           data->command != NULL && data->created != NULL && data->caution != NULL &&
           data->stopped != NULL;
}

wp_status wp_run_shape(wp_run_state *run, const wp_model *model, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data *data = run->data;
    data->n_draws = run->options.draws;
    data->n_replicates = run->options.replicates;
    data->n_years = run->scenario->n_years + 1;
    const size_t parts = (size_t)run->n_arms * (size_t)data->n_draws * (size_t)data->n_replicates;
    const size_t n_years = (size_t)data->n_years;
    const size_t programme = parts * n_years * (size_t)run->scenario->n_interventions;
    data->years = take(data, n_years, sizeof *data->years);
    data->cells = take(data, parts * n_years * (size_t)model->n_cells, sizeof(int64_t));
    data->batches = take(data, parts * WP_N_BATCHES * n_years * (size_t)model->n_outcomes,
                                    sizeof(int64_t));
    data->offers = take(data, programme, sizeof(int64_t));
    data->starts = take(data, programme, sizeof(int64_t));
    data->ticks_in = take(data, programme, sizeof(int64_t));
    data->offers_by_batch = take(data, programme * WP_N_BATCHES, sizeof(int64_t));
    data->starts_by_batch = take(data, programme * WP_N_BATCHES, sizeof(int64_t));
    data->ticks_in_by_batch = take(data, programme * WP_N_BATCHES, sizeof(int64_t));
    data->founders_by_batch = take(data, WP_N_BATCHES, sizeof(int64_t));
    data->n_histograms = run->plan->histograms.n;
    data->n_bins = data->n_histograms > 0 ? WP_N_BINS : 0;
    data->histogram_outcome = take(data, (size_t)data->n_histograms, sizeof *data->histogram_outcome);
    data->histograms = take(data, parts * (size_t)data->n_histograms * WP_N_BINS, sizeof(int64_t));
    data->touched = take(data, parts * n_years, sizeof(int64_t));
    data->n_spend_bins = run->plan->keeps_spend ? WP_N_SPEND_BINS : 0;
    data->spend_from = take(data, (size_t)data->n_spend_bins, sizeof *data->spend_from);
    data->spend_people = take(data, parts * n_years * (size_t)data->n_spend_bins, sizeof(int64_t));
    data->spend_pence = take(data, parts * n_years * (size_t)data->n_spend_bins, sizeof(int64_t));
    data->life = take(data, parts * 2, sizeof(uint64_t));
    data->parameter_values =
        take(data, (size_t)data->n_draws * (size_t)run->scenario->n_parameters, sizeof(double));
    data->model_digests = take(data, (size_t)data->n_draws, WP_SHA256_BYTES);
    WP_TRY_ALLOC(data->years);
    WP_TRY_ALLOC(data->cells);
    WP_TRY_ALLOC(data->batches);
    WP_TRY_ALLOC(data->offers);
    WP_TRY_ALLOC(data->starts);
    WP_TRY_ALLOC(data->ticks_in);
    WP_TRY_ALLOC(data->offers_by_batch);
    WP_TRY_ALLOC(data->starts_by_batch);
    WP_TRY_ALLOC(data->ticks_in_by_batch);
    WP_TRY_ALLOC(data->founders_by_batch);
    WP_TRY_ALLOC(data->histogram_outcome);
    WP_TRY_ALLOC(data->histograms);
    WP_TRY_ALLOC(data->touched);
    WP_TRY_ALLOC(data->spend_from);
    WP_TRY_ALLOC(data->spend_people);
    WP_TRY_ALLOC(data->spend_pence);
    WP_TRY_ALLOC(data->life);
    WP_TRY_ALLOC(data->parameter_values);
    WP_TRY_ALLOC(data->model_digests);
    for (int h = 0; h < data->n_histograms; h++) {
        data->histogram_outcome[h] = run->plan->histograms.items[h];
    }
    for (int b = 1; b < data->n_spend_bins; b++) { data->spend_from[b] = wp_spend_bin_from(b) / 100.0; }
    for (int y = 0; y < data->n_years; y++) {
        data->years[y] = (int)floor(run->scenario->start_calendar_year + 1e-9) + y;
    }
    if (!name_outcomes(data, run->scenario) || !name_cells(data, model) || !name_others(run) ||
        !fill_provenance(run)) {
        status = wp_fail(err, WP_ERR_MEMORY, "not enough memory for the result's labels");
    }
out:
    return status;
}

/* Room for splits among the sides of families. */
static wp_status shape_sides(wp_run_data *data, const wp_valuation *valuation, size_t parts, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_split_values *split = &valuation->split;
    const wp_split_layout layout = wp_split_layout_of(split);
    data->n_sides = WP_N_SIDES;
    data->n_side_units = split->n_units;
    data->sides = copy_names(data, data->n_sides);
    data->side_units = copy_names(data, data->n_side_units);
    data->side_amounts = take(data, parts * layout.batches, sizeof *data->side_amounts);
    data->side_batches = take(data, parts * (layout.people - layout.batches), sizeof *data->side_batches);
    data->side_people = take(data, parts * WP_N_SIDES, sizeof *data->side_people);
    WP_TRY_ALLOC(data->sides);
    WP_TRY_ALLOC(data->side_units);
    WP_TRY_ALLOC(data->side_amounts);
    WP_TRY_ALLOC(data->side_batches);
    WP_TRY_ALLOC(data->side_people);
    for (int side = 0; side < WP_N_SIDES; side++) {
        data->sides[side] = copy_text(data, wp_side_names[side]);
        WP_TRY_ALLOC(data->sides[side]);
    }
    for (int k = 0; k < split->n_values; k++) {
        if (split->unit_of[k] < 0) { continue; }
        char **unit = &data->side_units[split->unit_of[k]];
        *unit = copy_text(data, valuation->names[k] + strlen("all "));
        WP_TRY_ALLOC(*unit);
    }
out:
    return status;
}

wp_status wp_run_shape_worth(wp_run_state *run, const wp_valuation *valuation, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data *data = run->data;
    const size_t parts = (size_t)run->n_arms * (size_t)data->n_draws * (size_t)data->n_replicates;
    const size_t n = parts * (size_t)valuation->n_values;
    data->n_values = valuation->n_values;
    data->values = copy_names(data, valuation->n_values);
    data->value_sum = take(data, n, sizeof *data->value_sum);
    data->value_sum_squares = take(data, n, sizeof *data->value_sum_squares);
    data->paired_sum_squares = take(data, n, sizeof *data->paired_sum_squares);
    WP_TRY_ALLOC(data->values);
    WP_TRY_ALLOC(data->value_sum);
    WP_TRY_ALLOC(data->value_sum_squares);
    WP_TRY_ALLOC(data->paired_sum_squares);
    for (int v = 0; v < data->n_values; v++) {
        data->values[v] = copy_text(data, valuation->names[v]);
        WP_TRY_ALLOC(data->values[v]);
    }
    if (valuation->n_items > 0) { WP_TRY(shape_sides(data, valuation, parts, err)); }
out:
    return status;
}
