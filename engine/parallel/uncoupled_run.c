/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that nothing couples: blocks of them through all years, one job a block and replicate, all arms in
   turn while the founders' table is warm. Nobody waits for anyone. */
#include <omp.h>
#include <string.h>

#include "parallel/run_state.h"

typedef struct block_job {
    int replicate;
    int64_t first, last;  /* founders' numbers, or arrivals' positions from n_founders on */
    bool arrivals;
} block_job;

static int64_t blocks_of(int64_t n, int block)
{
    return (n + block - 1) / block;
}

static block_job job_number(const wp_run_state *run, int64_t number)
{
    const int64_t n_founders = wp_population_households(run->population);
    const int block = run->options.block;
    int replicate = 0;
    for (;; replicate++) {
        const int64_t founding = blocks_of(n_founders, block);
        const int64_t arriving = blocks_of((int64_t)run->arrivals[replicate].n, block);
        if (number < founding) {
            const int64_t last = (number + 1) * block;
            return (block_job){replicate, number * block, last < n_founders ? last : n_founders, false};
        }
        number -= founding;
        if (number < arriving) {
            const int64_t n = (int64_t)run->arrivals[replicate].n, last = (number + 1) * block;
            return (block_job){replicate, number * block, last < n ? last : n, true};
        }
        number -= arriving;
    }
}

static void settle_block(const wp_run_state *run, wp_sim *sim, const block_job *job)
{
    wp_block_clear(&sim->block);
    for (int64_t k = job->first; k < job->last && sim->status == WP_OK; k++) {
        if (job->arrivals) {
            const wp_arrival_time *arrival = &run->arrivals[job->replicate].list[k];
            wp_sim_expect(sim, arrival->stream, arrival->number, arrival->tick);
            continue;
        }
        wp_founding_household household;
        wp_population_household(run->population, k, &household);
        if (!wp_selects(&run->options, k, household.sample_order)) { continue; }
        wp_sim_found(sim, &household, k);
        if (sim->status == WP_OK) {
            sim->block.lineages[sim->lineage].traced = k < run->options.trace;
        }
    }
}

static void simulate_arm(const wp_run_state *run, wp_sim *sim, const block_job *job, int arm)
{
    const wp_tick end = run->model->end, step = run->model->epoch;
    sim->arm = run->scenario->arms[run->arms[arm]].interventions;
    settle_block(run, sim, job);
    for (wp_tick start = 0; start < end && sim->status == WP_OK; start += step) {
        wp_sim_epoch(sim, start, start + step < end ? start + step : end);
    }
    if (sim->status == WP_OK) { wp_sim_close(sim); }
    if (sim->status == WP_OK) { wp_sim_finish_lineages(sim); }
}

static void do_job(wp_run_state *run, wp_sim *sim, wp_counts *counts, wp_trace *trace, int64_t number)
{
    const block_job job = job_number(run, number);
    sim->key = wp_key_make(run->options.seed, (uint32_t)job.replicate, (uint32_t)run->draw);
    for (int arm = 0; arm < run->n_arms && sim->status == WP_OK; arm++) {
        wp_counts_clear(counts);
        trace->n = 0;
        simulate_arm(run, sim, &job, arm);
        if (sim->status != WP_OK) { break; }
#pragma omp critical(wp_run_add)
        {
            wp_run_add(run, arm, job.replicate, counts);
            if (trace->n > 0 && run->status == WP_OK) {
                run->status = wp_trace_join(
                    &run->traces[(size_t)arm * (size_t)run->options.replicates + (size_t)job.replicate],
                    trace, &run->err);
            }
        }
    }
}

static bool has_failed(wp_run_state *run)
{
    int status = WP_OK;
#pragma omp atomic read
    status = run->status;
    return status != WP_OK;
}

static void work(wp_run_state *run, int64_t n_jobs, int64_t *next)
{
    wp_sim sim;
    wp_counts counts;
    wp_trace trace = {0};
    wp_error err = {0};
    wp_status status = wp_run_worker_init(run, &sim, &counts, 0, &err);
    sim.counts = &counts;
    sim.trace = &trace;
    while (status == WP_OK && !has_failed(run)) {
        int64_t number = 0;
#pragma omp atomic capture
        number = (*next)++;
        if (number >= n_jobs) { break; }
        do_job(run, &sim, &counts, &trace, number);
        status = sim.status;
        if (omp_get_thread_num() == 0) { wp_run_tell(run, 0, ""); }
    }
    if (status != WP_OK) {
#pragma omp critical(wp_run_add)
        if (run->status == WP_OK) {
            run->err = sim.status != WP_OK ? sim.err : err;
            run->status = status;
        }
    }
    wp_sim_free(&sim);
    wp_counts_free(&counts);
    wp_trace_free(&trace);
}

void wp_run_uncoupled(wp_run_state *run)
{
    int64_t n_jobs = 0, next = 0;
    for (int r = 0; r < run->options.replicates; r++) {
        n_jobs += blocks_of(wp_population_households(run->population), run->options.block) +
                  blocks_of((int64_t)run->arrivals[r].n, run->options.block);
    }
    run->n_jobs = n_jobs;
    run->n_done = 0;
#pragma omp parallel num_threads(run->options.threads)
    work(run, n_jobs, &next);
}
