/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run from scenario to counts: population, then draw by draw the model and all replicates and arms. */
#define _GNU_SOURCE
#include "parallel/simulate_run.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/text.h"
#include "base/unknown_name.h"
#include "chance/parameter_quantile.h"
#include "money/resolve.h"
#include "money/stop_rule.h"
#include "parallel/kept_rows.h"
#include "parallel/run_shape.h"
#include "parallel/run_state.h"
#include "results/result.h"
#include "results/trim.h"

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
/* Prices are what each lineage's worth is added up with while it lives. */
static wp_status value_lineages(wp_run_state *run, wp_valuation *valuation, wp_error *err)
{
    wp_status status = WP_OK;
    if (run->scenario->n_unit_values == 0) { return WP_OK; }
    WP_TRY(wp_valuation_init(valuation, run->data, run->draw, err));
    if (run->plan->n_personal > 0) { WP_TRY(wp_valuation_split(valuation, run->data, run->plan, err)); }
    if (run->draw == 0 && run->first_replicate == 0) { WP_TRY(wp_run_shape_worth(run, valuation, err)); }
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
        WP_TRY(wp_run_shape(run, model, err));
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
    run->data->stopped = wp_arena_strdup(run->data->owner, wp_text_get(&text));
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

/* `founders` NULL: they are made. */
static wp_status simulate(wp_population *founders, const wp_scenario *scenario, const wp_run_options *options,
                          wp_run_data *data, wp_run_report *report, wp_error *err)
{
    wp_status status = WP_OK;
    wp_population *made = NULL;
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
    if (founders == NULL) { WP_TRY(wp_simulate_founders(&asked, &made, err)); }
    run.population = founders != NULL ? founders : made;
    WP_TRY(go_on(&run, err));
    run.end_replicate = run.options.replicates;
    if (run.begin > 0) {
        WP_TRY(simulate_until_known(&run, err));
    } else {
        WP_TRY(simulate_draws(&run, 0, run.options.draws, err));
    }
    WP_TRY(wp_kept_rows_give(&run, err));
    WP_TRY(wp_run_tell_how(&run, err));
    data->seconds = wp_seconds() - run.started;
    WP_TRY(wp_money_compare(&asked, data, err));
    if (report != NULL) { fill_report(&run, report); }
out:
    wp_population_free(made);
    free(run.rows);
    return status;
}

wp_status wp_simulate_founders(const wp_scenario *scenario, wp_population **founders, wp_error *err)
{
    return wp_population_init(founders, scenario, POPULATION_SEED, err);
}

wp_status wp_simulate(const wp_scenario *scenario, const wp_run_options *options, wp_run_data *data,
                      wp_run_report *report, wp_error *err)
{
    return simulate(NULL, scenario, options, data, report, err);
}

wp_status wp_simulate_from(wp_population *founders, const wp_scenario *scenario,
                           const wp_run_options *options, wp_run_data *data, wp_run_report *report,
                           wp_error *err)
{
    return simulate(founders, scenario, options, data, report, err);
}
