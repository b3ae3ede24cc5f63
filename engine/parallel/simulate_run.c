/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run from scenario to counts: population, then draw by draw the model and all replicates and arms. */
#define _GNU_SOURCE
#include "parallel/simulate_run.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <wholeplace/show.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/text.h"
#include "base/unknown_name.h"
#include "base/version.h"
#include "chance/parameter_quantile.h"
#include "money/amount_draw.h"
#include "money/resolve.h"
#include "money/stop_rule.h"
#include "parallel/kept_rows.h"
#include "parallel/run_state.h"
#include "results/libraries.h"
#include "results/result.h"
#include "results/trim.h"
#include "simulate/spend_bin.h"

/* The population depends on a seed of its own, so that runs with other seeds have the same founders. */
enum { POPULATION_SEED = 1, DEFAULT_BLOCK = 64, MAX_THREADS = 1024 };

/* ---- Options ------------------------------------------------------------------------------------------- */

static wp_status choose_arms(wp_run_state *run, wp_error *err)
{
    const wp_run_options *options = &run->options;
    run->arms[run->n_arms++] = 0;
    for (int a = 1; a < run->scenario->n_arms && options->n_arms == 0; a++) {
        run->arms[run->n_arms++] = a;
    }
    for (int k = 0; k < options->n_arms; k++) {
        int found = -1;
        for (int a = 0; a < run->scenario->n_arms; a++) {
            if (strcmp(run->scenario->arms[a].name, options->arms[k]) == 0) { found = a; }
        }
        if (found < 0) {
            const char *names[WP_MAX_ARMS];
            for (int a = 0; a < run->scenario->n_arms; a++) { names[a] = run->scenario->arms[a].name; }
            return wp_fail_unknown(err, "arm", options->arms[k], names, (size_t)run->scenario->n_arms);
        }
        bool again = false;
        for (int a = 0; a < run->n_arms; a++) { again |= run->arms[a] == found; }
        if (!again) { run->arms[run->n_arms++] = found; }
    }
    return WP_OK;
}

static wp_status choose_simd(wp_run_state *run, wp_error *err)
{
    wp_simd simd = run->options.simd;
    const char *asked = getenv("WHOLEPLACE_SIMD");
    if (simd == WP_SIMD_BEST && asked != NULL && asked[0] != '\0') {
        static const char *const names[] = {"best", "portable", "avx2", "avx512"};
        int found = -1;
        for (int k = 0; k < 4; k++) {
            if (strcmp(asked, names[k]) == 0) { found = k; }
        }
        if (found < 0) {
            return wp_fail(err, WP_ERR_ARGUMENT,
                           "WHOLEPLACE_SIMD is '%s'; it may be portable, avx2 or avx512", asked);
        }
        simd = (wp_simd)found;
    }
    run->vector_pass = wp_vector_pass_choose(simd, &run->simd);
    if (run->vector_pass == NULL) {
        return wp_fail(err, WP_ERR_ARGUMENT, "this machine does not have the instruction set %s",
                       simd == WP_SIMD_AVX2 ? "avx2" : "avx512");
    }
    return WP_OK;
}

static bool is_run(const wp_run_state *run, int arm)
{
    for (int a = 0; a < run->n_arms; a++) {
        if (run->arms[a] == arm) { return true; }
    }
    return arm < 0;
}

/* Where draws (or replicates) are to be added until a figure is known, there is room for the most of them; a number
   that is asked for is simulated as it is. */
static wp_status plan_to_stop(wp_run_state *run, wp_error *err)
{
    const wp_stop_spec *stop = &run->scenario->stop;
    int *n = stop->by_replicates ? &run->options.replicates : &run->options.draws;
    if (!stop->is_given || *n != 0) { return WP_OK; }
    if (!is_run(run, stop->figure.arm) || !is_run(run, stop->figure.against)) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "runs.stop_when: the arm of its figure is not run; give a number of %s, or run it",
                       stop->by_replicates ? "replicates" : "draws");
    }
    run->begin = wp_stop_begin(run->scenario);
    *n = stop->at_most;
    return WP_OK;
}

static wp_status fill_options(wp_run_state *run, const wp_run_options *options, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_options *o = &run->options;
    *o = *options;
    if (o->threads == 0) { o->threads = omp_get_max_threads(); }
    WP_TRY(choose_arms(run, err));
    WP_TRY(plan_to_stop(run, err));
    if (o->draws == 0) { o->draws = run->scenario->n_draws; }
    if (o->replicates == 0) { o->replicates = run->scenario->n_replicates; }
    if (!o->has_seed) { o->seed = run->scenario->seed; }
    if (o->sample == 0.0) { o->sample = run->scenario->sample; }
    if (o->block == 0) { o->block = DEFAULT_BLOCK; }
    if (o->lineage_step == 0) { o->lineage_step = 1; }
    if (o->threads < 1 || o->threads > MAX_THREADS) {
        return wp_fail(err, WP_ERR_ARGUMENT, "threads is %d; it may be 1 to %d", o->threads, MAX_THREADS);
    }
    if (o->draws < 1 || o->replicates < 1 || o->block < 1 || o->lineage_step < 1 ||
        o->lineage_first < 0) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "draws, replicates, block and the step of lineages must be 1 or more");
    }
    if (!(o->sample > 0.0 && o->sample <= 1.0)) {
        return wp_fail(err, WP_ERR_ARGUMENT, "sample is %g; it must be above 0, and at most 1", o->sample);
    }
    WP_TRY(choose_simd(run, err));
out:
    return status;
}

/* ---- Data ---------------------------------------------------------------------------------------------- */

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

/* How the arms were simulated; after the run, for it is then known which share no life with the baseline. */
static wp_status tell_how(wp_run_state *run, wp_error *err)
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

static wp_status fill_shape(wp_run_state *run, const wp_model *model, wp_error *err)
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

/* Prices are what each lineage's worth is added up with while it lives. */
static wp_status value_lineages(wp_run_state *run, wp_valuation *valuation, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data *data = run->data;
    if (run->scenario->n_unit_values == 0) { return WP_OK; }
    WP_TRY(wp_valuation_init(valuation, data, run->draw, err));
    if (run->draw == 0 && run->first_replicate == 0) {
        const size_t n = (size_t)run->n_arms * (size_t)data->n_draws * (size_t)data->n_replicates *
                         (size_t)valuation->n_values;
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
    }
    run->valuation = valuation;
out:
    return status;
}

void wp_simulate_free(wp_run_data *data)
{
    wp_money_free(data);
    wp_result_free(data);
}

/* ---- Draws --------------------------------------------------------------------------------------------- */

static wp_status simulate_draw(wp_run_state *run, const wp_model *model, wp_error *err)
{
    wp_status status = WP_OK;
    wp_valuation valuation = {0};
    const int n_parts = run->n_arms * run->options.replicates;
    run->arrivals = wp_calloc_array((size_t)run->options.replicates, sizeof *run->arrivals);
    run->traces = wp_calloc_array((size_t)n_parts, sizeof *run->traces);
    WP_TRY_ALLOC(run->arrivals);
    WP_TRY_ALLOC(run->traces);
    for (int r = run->first_replicate; r < run->end_replicate; r++) {
        const wp_key key = wp_key_make(run->options.seed, (uint32_t)r, (uint32_t)run->draw);
        WP_TRY(wp_arrivals_init(&run->arrivals[r], run->plan, key, &run->options, err));
    }
    if (run->draw == 0 && run->first_replicate == 0) {
        WP_TRY(fill_shape(run, model, err));
        WP_TRY(wp_money_resolve(run->scenario, run->data, err));
    }
    memcpy(run->data->parameter_values + (size_t)run->draw * (size_t)run->scenario->n_parameters,
           model->parameter_values, (size_t)run->scenario->n_parameters * sizeof(double));
    memcpy(run->data->model_digests + (size_t)run->draw * WP_SHA256_BYTES, model->digest,
           WP_SHA256_BYTES);
    WP_TRY(value_lineages(run, &valuation, err));
    run->stage = WP_STAGE_SIMULATING;
    if (!run->options.dry_run) {
        const bool coupled = wp_run_is_coupled(run->scenario);
        if (run->options.full_arms) {
            (coupled ? wp_run_coupled : wp_run_uncoupled)(run);
        } else {
            (coupled ? wp_run_coupled_forks : wp_run_forked)(run);
        }
    }
    if (run->status != WP_OK) {
        status = wp_fail(err, run->status, "%s", run->err.text);
        goto out;
    }
    if (run->valuation != NULL) {
        wp_valuation_give(run->valuation, run->draw, run->first_replicate, run->end_replicate, run->data);
    }
    run->n_parts_done += run->end_replicate - run->first_replicate;
    WP_TRY(wp_kept_rows_add(run, err));
out:
    run->valuation = NULL;
    wp_valuation_free(&valuation);
    for (int r = 0; r < run->options.replicates && run->arrivals != NULL; r++) {
        wp_arrivals_free(&run->arrivals[r]);
    }
    for (int k = 0; k < n_parts && run->traces != NULL; k++) { wp_trace_free(&run->traces[k]); }
    free(run->arrivals);
    free(run->traces);
    run->arrivals = NULL;
    run->traces = NULL;
    return status;
}

/* Says how far the run is; WP_ERR_STOPPED where it is not to go on. */
static wp_status go_on(wp_run_state *run, wp_error *err)
{
    wp_run_tell(run, 0, "");
    return run->status == WP_OK ? WP_OK : wp_fail(err, run->status, "%s", run->err.text);
}

static wp_status make_and_simulate_draw(wp_run_state *run, int draw, wp_error *err)
{
    wp_status status = WP_OK;
    wp_model model = {0};
    wp_plan plan = {0};
    run->draw = draw;
    run->stage = WP_STAGE_FOUNDING;
    run->n_jobs = 1;
    run->n_done = 0;
    WP_TRY(wp_model_init(&model, run->scenario, run->options.seed, (uint32_t)draw, err));
    WP_TRY(wp_plan_init(&plan, &model, err));
    run->model = &model;
    run->plan = &plan;
    WP_TRY(wp_run_fill_averages(run, &model, err));
    WP_TRY(go_on(run, err));
    WP_TRY(simulate_draw(run, &model, err));
out:
    wp_plan_free(&plan);
    wp_model_free(&model);
    return status;
}

/* ---- All of them ----------------------------------------------------------------------------------------------- */

static wp_status simulate_draws(wp_run_state *run, int first, int end, wp_error *err)
{
    for (int draw = first; draw < end; draw++) {
        const wp_status status = make_and_simulate_draw(run, draw, err);
        if (status != WP_OK) { return status; }
    }
    return WP_OK;
}

/* Adds draws or replicates until the figure is known well enough, and gives back the room for more. */
static wp_status simulate_until_known(wp_run_state *run, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *scenario = run->scenario;
    const bool by_replicates = scenario->stop.by_replicates;
    const int n_draws = run->options.draws;
    wp_known known = {0}, before = {0};
    wp_text text;
    wp_text_init(&text);
    for (int from = 0, to = run->begin; from < to; from = to, to = wp_stop_next(scenario, to)) {
        run->first_replicate = by_replicates ? from : 0;
        run->end_replicate = by_replicates ? to : run->options.replicates;
        WP_TRY(simulate_draws(run, by_replicates ? 0 : from, by_replicates ? n_draws : to, err));
        if (run->options.dry_run) { goto out; }
        before = known;
        WP_TRY(wp_stop_check(scenario, run->data, to, &known, err));
        if (wp_stop_now(scenario, &before, &known)) { break; }
    }
    WP_TRY(wp_stop_describe(scenario, &known, &text, err));
    run->data->stopped = copy_text(run->data, wp_text_get(&text));
    WP_TRY_ALLOC(run->data->stopped);
    wp_run_data_trim(run->data, by_replicates ? n_draws : known.n,
                     by_replicates ? known.n : run->options.replicates);
out:
    wp_text_free(&text);
    return status;
}

static void fill_report(const wp_run_state *run, wp_run_report *report)
{
    struct rusage usage;
    memset(report, 0, sizeof *report);
    getrusage(RUSAGE_SELF, &usage);
    report->seconds = wp_seconds() - run->started;
    report->person_years = run->person_years;
    report->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
    report->lineages = run->data->n_lineages;
    report->threads = run->options.threads;
    report->simd = run->simd;
    snprintf(report->stopped, sizeof report->stopped, "%s", run->data->stopped);
    wp_run_data_digest(run->data, report->digest);
    wp_run_data_life_digest(run->data, report->life_digest);
}

wp_status wp_simulate(const wp_scenario *scenario, const wp_run_options *options, wp_run_data *data,
                      wp_run_report *report, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_state run = {.scenario = scenario, .data = data, .started = wp_seconds(), .n_jobs = 1};
    wp_chance_init();
    WP_TRY(fill_options(&run, options, err));
    /* Asking for one draw is the same as a scenario with one: parameters take their stated values. */
    wp_scenario asked = *scenario;
    asked.n_draws = run.options.draws;
    run.scenario = &asked;
    data->owner = wp_calloc_array(1, sizeof(wp_arena));
    WP_TRY_ALLOC(data->owner);
    wp_arena_init(data->owner, 0);
    WP_TRY(go_on(&run, err));
    WP_TRY(wp_population_init(&run.population, &asked, POPULATION_SEED, err));
    WP_TRY(go_on(&run, err));
    run.end_replicate = run.options.replicates;
    if (run.begin > 0) {
        WP_TRY(simulate_until_known(&run, err));
    } else {
        WP_TRY(simulate_draws(&run, 0, run.options.draws, err));
    }
    WP_TRY(wp_kept_rows_give(&run, err));
    WP_TRY(tell_how(&run, err));
    data->seconds = wp_seconds() - run.started;
    WP_TRY(wp_money_compare(&asked, data, err));
    if (report != NULL) { fill_report(&run, report); }
out:
    wp_population_free(run.population);
    free(run.rows);
    return status;
}
