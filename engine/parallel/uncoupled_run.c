/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that nothing couples, every arm in full: blocks of them through all years, one job a block and
   replicate, all arms in turn while the founders' table is warm. Nobody waits for anyone. */
#include <omp.h>
#include <string.h>

#include "parallel/piece.h"

/* Founds the lineages for the first arm and keeps them in `founders` for the others. */
static void settle(const wp_run_state *run, wp_sim *sim, wp_block *founders, const wp_piece *job, int arm)
{
    if (arm > 0) {
        sim->status = wp_block_copy(&sim->block, founders, &sim->err);
        return;
    }
    wp_piece_settle(run, sim, job);
    if (sim->status == WP_OK && run->n_arms > 1) {
        sim->status = wp_block_copy(founders, &sim->block, &sim->err);
    }
}

static void simulate_arm(const wp_run_state *run, wp_sim *sim, wp_block *founders, const wp_piece *job,
                         int arm)
{
    const wp_tick end = run->model->end, step = run->model->epoch;
    sim->arm = run->scenario->arms[run->arms[arm]].interventions;
    settle(run, sim, founders, job, arm);
    for (wp_tick start = 0; start < end && sim->status == WP_OK; start += step) {
        wp_sim_epoch(sim, start, start + step < end ? start + step : end);
    }
    if (sim->status == WP_OK) { wp_sim_close(sim); }
    if (sim->status == WP_OK) { wp_sim_finish_lineages(sim); }
}

static void do_job(wp_run_state *run, wp_sim *sim, wp_block *founders, wp_counts *counts, wp_trace *trace,
                   wp_block_values *values, int64_t number)
{
    const wp_piece job = wp_piece_of_run(run, number);
    sim->key = wp_key_make(run->options.seed, (uint32_t)job.replicate, (uint32_t)run->draw);
    for (int arm = 0; arm < run->n_arms && sim->status == WP_OK; arm++) {
        wp_counts_clear(counts);
        trace->n = 0;
        simulate_arm(run, sim, founders, &job, arm);
        if (sim->status == WP_OK) {
            sim->status = wp_block_values_take(values, &sim->block, arm == 0, &sim->err);
        }
        if (sim->status != WP_OK) { break; }
#pragma omp critical(wp_run_add)
        {
            wp_run_add(run, arm, job.replicate, counts);
            wp_valuation_add(run->valuation, run->options.replicates, arm, job.replicate, values);
            if (trace->n > 0) {
                sim->status = wp_trace_join(
                    &run->traces[(size_t)arm * (size_t)run->options.replicates + (size_t)job.replicate],
                    trace, &sim->err);
            }
        }
    }
}

static void work(wp_run_state *run, int64_t n_jobs, int64_t *next)
{
    wp_sim sim;
    wp_counts counts;
    wp_trace trace = {0};
    wp_error err = {0};
    wp_block_values values = {0};
    wp_block founders = {0};
    wp_status status = wp_run_worker_init(run, &sim, &counts, 0, &err);
    if (status == WP_OK) { status = wp_block_init(&founders, run->plan, &err); }
    if (status == WP_OK) { status = wp_block_values_init(&values, run->valuation, &err); }
    sim.counts = &counts;
    sim.trace = &trace;
    while (status == WP_OK && wp_run_status(run) == WP_OK) {
        int64_t number = 0;
#pragma omp atomic capture
        number = (*next)++;
        if (number >= n_jobs) { break; }
        do_job(run, &sim, &founders, &counts, &trace, &values, number);
        status = sim.status;
        if (omp_get_thread_num() == 0) { wp_run_tell(run, 0, ""); }
    }
    if (status != WP_OK) { wp_run_fail(run, status, sim.status != WP_OK ? &sim.err : &err); }
    wp_sim_free(&sim);
    wp_block_free(&founders);
    wp_counts_free(&counts);
    wp_block_values_free(&values);
    wp_trace_free(&trace);
}

void wp_run_uncoupled(wp_run_state *run)
{
    const int64_t n_jobs = wp_pieces_of_run(run);
    int64_t next = 0;
    run->n_jobs = n_jobs;
    run->n_done = 0;
#pragma omp parallel num_threads(run->options.threads)
    work(run, n_jobs, &next);
}
