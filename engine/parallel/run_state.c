/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs of both sorts share: workers, adding up, progress, averages over founders. */
#include "parallel/run_state.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "model/average.h"
#include "model/model_digest.h"

double wp_seconds(void)
{
    return omp_get_wtime();
}

size_t wp_run_part(const wp_run_state *run, int arm, int replicate)
{
    return ((size_t)arm * (size_t)run->options.draws + (size_t)run->draw) *
               (size_t)run->options.replicates +
           (size_t)replicate;
}

static void add(int64_t *sum, const int64_t *part, size_t n)
{
    for (size_t i = 0; i < n; i++) { sum[i] += part[i]; }
}

void wp_run_add(wp_run_state *run, int arm, int replicate, const wp_counts *counts)
{
    wp_run_data *data = run->data;
    const size_t part = wp_run_part(run, arm, replicate);
    const size_t n_years = (size_t)counts->n_years;
    const size_t n_cells = n_years * (size_t)counts->n_cells;
    const size_t n_batches = WP_N_BATCHES * n_years * (size_t)counts->n_totals;
    const size_t n_programme = n_years * (size_t)counts->n_interventions;
    add(data->cells + part * n_cells, counts->cells, n_cells);
    add(data->batches + part * n_batches, counts->batches, n_batches);
    add(data->offers + part * n_programme, counts->offers, n_programme);
    add(data->starts + part * n_programme, counts->starts, n_programme);
    add(data->ticks_in + part * n_programme, counts->ticks_in, n_programme);
    int64_t *const by_batch[] = {data->offers_by_batch, data->starts_by_batch, data->ticks_in_by_batch};
    for (size_t k = 0; k < WP_N_PROGRAMME_COUNTS; k++) {
        add(by_batch[k] + part * WP_N_BATCHES * n_programme,
            counts->programme_batches + k * WP_N_BATCHES * n_programme, WP_N_BATCHES * n_programme);
    }
    const size_t n_bins = (size_t)counts->n_histograms * WP_N_BINS;
    add(data->histograms + part * n_bins, counts->histograms, n_bins);
    add(data->touched + part * n_years, counts->touched, n_years);
    const size_t n_spend = n_years * (size_t)counts->n_spend_bins;
    if (n_spend > 0) {
        add(data->spend_people + part * n_spend, counts->spend_people, n_spend);
        add(data->spend_pence + part * n_spend, counts->spend_pence, n_spend);
    }
    uint64_t *life = data->life + 2 * part;
    life[0] += counts->life[0];
    life[1] += counts->life[1] + (life[0] < counts->life[0] ? 1 : 0);
    if (arm == 0 && run->draw == 0 && replicate == 0) { /* others found the same */
        data->n_lineages += counts->n_lineages;
        add(data->founders_by_batch, counts->founders, WP_N_BATCHES);
    }
    run->person_years += (double)counts->person_ticks * 0x1p-33;
    run->n_done++;
}

wp_status wp_run_worker_init(const wp_run_state *run, wp_sim *sim, wp_counts *counts, int replicate,
                             wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = run->model;
    memset(counts, 0, sizeof *counts);
    WP_TRY(wp_sim_init(sim, run->plan, run->population, err));
    WP_TRY(wp_counts_init(counts, run->scenario->n_years + 1, model->n_cells, model->n_outcomes,
                          model->n_interventions, err));
    WP_TRY(wp_counts_add_histograms(counts, run->plan->histograms.n, err));
    WP_TRY(wp_counts_add_indicators(counts, model->n_indicators * WP_MAX_LEVELS * 2, err));
    if (run->plan->keeps_spend) { WP_TRY(wp_counts_keep_spend(counts, err)); }
    sim->key = wp_key_make(run->options.seed, (uint32_t)replicate, (uint32_t)run->draw);
    sim->vector_pass = run->vector_pass;
    sim->exact_only = run->options.exact_pass;
    sim->counts = counts;
    if (run->valuation != NULL) {
        sim->prices = &run->valuation->prices;
        sim->block.n_values = run->valuation->prices.n;
    }
out:
    return status;
}

wp_status wp_run_status(wp_run_state *run)
{
    wp_status status = WP_OK;
#pragma omp atomic read
    status = run->status;
    return status;
}

void wp_run_fail(wp_run_state *run, wp_status failure, const wp_error *err)
{
    wp_status status = failure;
    (void)status; /* gcc 12 does not see its use in the atomic write */
#pragma omp critical(wp_run_add)
    if (run->status == WP_OK) {
        run->err = *err;
#pragma omp atomic write
        run->status = status;
    }
}

const char wp_run_stopped_text[] = "stopped early; nothing was written";

void wp_run_tell(wp_run_state *run, int replicate, const char *arm)
{
    if (run->options.progress == NULL) { return; }
    double done = 0.0, person_years = 0.0;
#pragma omp critical(wp_run_add)
    {
        const double within = run->n_jobs > 0
                                  ? (double)run->n_done / ((double)run->n_jobs * run->n_arms)
                                  : 1.0;
        done = (run->n_parts_done + within * (run->end_replicate - run->first_replicate)) /
               ((double)run->options.draws * run->options.replicates);
        person_years = run->person_years;
    }
    const wp_progress progress = {.stage = run->stage,
                                  .done = done < 1.0 ? done : 1.0,
                                  .person_years = person_years,
                                  .seconds = wp_seconds() - run->started,
                                  .draw = run->draw,
                                  .replicate = replicate,
                                  .arm = arm};
    if (!run->options.progress(run->options.user, &progress)) {
        wp_error err = {0};
        wp_run_fail(run, wp_fail(&err, WP_ERR_STOPPED, "%s", wp_run_stopped_text), &err);
    }
}

/* ---- Averages over founders --------------------------------------------------------------------------------- */

/* Sums of integers are the same in any order: factors are counted in 2^-32, which 2^31 founders cannot
   overflow at a factor of 1. */
static const double factor_scale = 0x1p32;

typedef struct founder_bins {
    int64_t **sum, **n;
} founder_bins;

static void add_founders(const wp_model *model, const wp_sim *sim, const founder_bins *bins)
{
    for (int a = 0; a < model->n_averages; a++) {
        const wp_subject_kind kind = wp_average_kind(model, a);
        const wp_columns *columns = &sim->block.columns[kind];
        for (uint32_t i = 0; i < columns->n; i++) {
            const uint32_t bin = wp_average_index(model, a, columns->x + i, columns->capacity);
            const double factor = wp_average_factor(model, a, columns->x + i, columns->capacity);
#pragma omp atomic
            bins->sum[a][bin] += (int64_t)(factor * factor_scale);
#pragma omp atomic
            bins->n[a][bin]++;
        }
    }
}

/* So many households (or up to twice as many) are enough: of a place with a million and more, a mean over
   those of one age and sex is then known to about a per cent, and the means together to a tenth of that.
   Walking through everybody would take as long as many a sample's lives. */
enum { ENOUGH_TO_WALK = 1 << 17 };

/* Every so many-th household, a power of two: those that come first in the order of samples, which is
   stratified by area, kind and the head's age. The same for every sample: a life is the same in each. */
static int64_t step_of_walk(int64_t n_households)
{
    int64_t step = 1;
    while (n_households / (2 * step) >= ENOUGH_TO_WALK) { step *= 2; }
    return step;
}

static wp_status walk_founders(wp_run_state *run, wp_model *model, const founder_bins *bins, wp_error *err)
{
    wp_status status = WP_OK;
    const int64_t n = wp_population_households(run->population);
    const int64_t step = step_of_walk(n), block = run->options.block * step;
#pragma omp parallel num_threads(run->options.threads)
    {
        wp_sim sim;
        wp_counts counts;
        wp_error mine = {0};
        wp_status made = wp_run_worker_init(run, &sim, &counts, 0, &mine);
        sim.without_clocks = true;
#pragma omp for schedule(dynamic)
        for (int64_t first = 0; first < n; first += block) {
            if (wp_run_status(run) != WP_OK) { continue; }
            wp_block_clear(&sim.block);
            for (int64_t k = first; k < n && k < first + block && made == WP_OK; k += step) {
                wp_founding_household household;
                wp_population_household(run->population, k, &household);
                wp_sim_found(&sim, &household, k);
                made = sim.status;
            }
            if (made == WP_OK) { add_founders(model, &sim, bins); }
            if (omp_get_thread_num() == 0) { wp_run_tell(run, 0, ""); }
        }
        if (made != WP_OK) {
#pragma omp critical(wp_run_add)
            if (status == WP_OK) {
                status = wp_fail(err, made, "%s", sim.status != WP_OK ? sim.err.text : mine.text);
            }
        }
        wp_sim_free(&sim);
        wp_counts_free(&counts);
    }
    if (status == WP_OK && run->status != WP_OK) { status = wp_fail(err, run->status, "%s", run->err.text); }
    return status;
}

wp_status wp_run_fill_averages(wp_run_state *run, wp_model *model, wp_error *err)
{
    wp_status status = WP_OK;
    const int n = model->n_averages;
    founder_bins bins = {wp_calloc_array((size_t)n, sizeof *bins.sum),
                         wp_calloc_array((size_t)n, sizeof *bins.n)};
    double *means = NULL;
    if (n == 0) { goto out; }
    WP_TRY_ALLOC(bins.sum);
    WP_TRY_ALLOC(bins.n);
    for (int a = 0; a < n; a++) {
        bins.sum[a] = wp_calloc_array(model->averages[a].n, sizeof **bins.sum);
        bins.n[a] = wp_calloc_array(model->averages[a].n, sizeof **bins.n);
        WP_TRY_ALLOC(bins.sum[a]);
        WP_TRY_ALLOC(bins.n[a]);
    }
    WP_TRY(walk_founders(run, model, &bins, err));
    for (int a = 0; a < n; a++) {
        means = wp_calloc_array(model->averages[a].n, sizeof *means);
        WP_TRY_ALLOC(means);
        for (uint32_t c = 0; c < model->averages[a].n; c++) {
            means[c] = (double)bins.sum[a][c] / factor_scale;
        }
        wp_average_set(model, a, means, bins.n[a]);
        free(means);
        means = NULL;
    }
    wp_model_digest_compute(model);
out:
    for (int a = 0; a < n && bins.sum != NULL && bins.n != NULL; a++) {
        free(bins.sum[a]);
        free(bins.n[a]);
    }
    free(bins.sum);
    free(bins.n);
    free(means);
    return status;
}
