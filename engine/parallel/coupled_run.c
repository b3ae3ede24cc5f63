/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that the place couples: all blocks of a place stay in memory and go from border to border together.
   At a border rates are worked out and queues settled, on one thread; all else is done block by block. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "parallel/piece.h"
#include "parallel/settlement.h"
#include "simulate/border.h"

bool wp_run_has_places(const wp_scenario *scenario)
{
    bool any = scenario->n_pools > 0;
    for (int v = 0; v < scenario->n_interventions; v++) {
        any |= scenario->interventions[v].capacity != WP_CAPACITY_NONE;
    }
    return any;
}

bool wp_run_is_coupled(const wp_scenario *scenario)
{
    return wp_run_has_places(scenario) || scenario->n_indicators > 0;
}

/* ---- The place --------------------------------------------------------------------------------------------- */

/* One thread's simulation. The block it works on takes the place of its own. */
typedef struct coupled_worker {
    wp_sim sim;
    wp_counts counts;
    wp_trace trace;
    wp_spare_columns spare;
    int64_t *in_use;         /* [n_interventions] */
} coupled_worker;

/* One replicate and arm at a time. */
typedef struct coupled_town {
    wp_run_state *run;
    int replicate, arm;
    int n_workers;
    coupled_worker *workers;
    size_t n_blocks, block_capacity;
    wp_block *blocks;        /* [block_capacity], all with memory of their own */
    wp_bordering *borders;   /* [block_capacity]: these */
    wp_block_values *values; /* [block_capacity] */
    wp_settlement settlement;
    bool sees, settles;      /* what the next border brings */
    wp_status status;
    wp_error err;
} coupled_town;

static wp_status worker_init(const wp_run_state *run, coupled_worker *worker, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(wp_run_worker_init(run, &worker->sim, &worker->counts, 0, err));
    worker->sim.counts = &worker->counts;
    worker->sim.trace = &worker->trace;
    worker->in_use = wp_calloc_array((size_t)run->model->n_interventions + 1, sizeof *worker->in_use);
    WP_TRY_ALLOC(worker->in_use);
out:
    return status;
}

static wp_status town_init(coupled_town *town, wp_run_state *run, int n_workers, wp_error *err)
{
    wp_status status = WP_OK;
    memset(town, 0, sizeof *town);
    town->run = run;
    WP_TRY(wp_settlement_init(&town->settlement, run->model, 1, err));
    town->workers = wp_calloc_array((size_t)n_workers, sizeof *town->workers);
    WP_TRY_ALLOC(town->workers);
    for (int w = 0; w < n_workers; w++) {
        town->n_workers = w + 1;
        WP_TRY(worker_init(run, &town->workers[w], err));
    }
out:
    return status;
}

static void town_free(coupled_town *town)
{
    for (int w = 0; w < town->n_workers; w++) {
        coupled_worker *worker = &town->workers[w];
        wp_sim_free(&worker->sim);
        wp_counts_free(&worker->counts);
        wp_trace_free(&worker->trace);
        wp_spare_columns_free(&worker->spare);
        free(worker->in_use);
    }
    for (size_t b = 0; b < town->block_capacity; b++) {
        wp_block_free(&town->blocks[b]);
        wp_block_values_free(&town->values[b]);
    }
    free(town->workers);
    free(town->blocks);
    free(town->borders);
    free(town->values);
    wp_settlement_free(&town->settlement);
    memset(town, 0, sizeof *town);
}

/* Makes the next block, at rest as all are, and room for what its families are worth. */
static wp_status add_block(coupled_town *town, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_state *run = town->run;
    const size_t b = town->block_capacity++;
    memset(&town->blocks[b], 0, sizeof town->blocks[b]);
    memset(&town->values[b], 0, sizeof town->values[b]);
    WP_TRY(wp_block_init(&town->blocks[b], run->plan, err));
    wp_block_rest(&town->blocks[b], &town->workers[0].spare);
    WP_TRY(wp_block_values_init(&town->values[b], run->valuation, err));
    if (run->valuation != NULL) { town->blocks[b].n_values = run->valuation->prices.n; }
out:
    return status;
}

static wp_status reserve_blocks(coupled_town *town, size_t n, wp_error *err)
{
    wp_status status = WP_OK;
    town->n_blocks = n;
    if (n <= town->block_capacity) { return WP_OK; }
    wp_block *blocks = realloc(town->blocks, n * sizeof *blocks);
    if (blocks != NULL) { town->blocks = blocks; }
    wp_block_values *values = realloc(town->values, n * sizeof *values);
    if (values != NULL) { town->values = values; }
    wp_bordering *borders = realloc(town->borders, n * sizeof *borders);
    if (borders != NULL) { town->borders = borders; }
    if (blocks == NULL || values == NULL || borders == NULL) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu blocks of families", n);
    }
    while (town->block_capacity < n) { WP_TRY(add_block(town, err)); }
    for (size_t b = 0; b < n; b++) { town->borders[b] = (wp_bordering){&town->blocks[b], NULL}; }
out:
    return status;
}

/* ---- Block by block ------------------------------------------------------------------------------------------- */

typedef void block_fn(coupled_town *town, coupled_worker *worker, size_t b, wp_tick from, wp_tick to);

/* Does it for every block, each lent to the simulation of the thread that does it. */
static void for_blocks(coupled_town *town, block_fn *act, wp_tick from, wp_tick to)
{
    if (town->status != WP_OK) { return; }
#pragma omp parallel num_threads(town->n_workers) if (town->n_workers > 1)
    {
        coupled_worker *mine = &town->workers[omp_get_thread_num()];
        const wp_block own = mine->sim.block;
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < town->n_blocks; b++) {
            if (mine->sim.status != WP_OK) { continue; }
            mine->sim.block = town->blocks[b];
            mine->sim.status = wp_block_rouse(&mine->sim.block, &mine->spare, &mine->sim.err);
            if (mine->sim.status == WP_OK) { act(town, mine, b, from, to); }
            wp_block_rest(&mine->sim.block, &mine->spare);
            town->blocks[b] = mine->sim.block;
        }
        mine->sim.block = own;
    }
    for (int w = 0; w < town->n_workers && town->status == WP_OK; w++) {
        town->status = town->workers[w].sim.status;
        if (town->status != WP_OK) { town->err = town->workers[w].sim.err; }
    }
}

static void found(coupled_town *town, coupled_worker *worker, size_t b, wp_tick from, wp_tick to)
{
    (void)from;
    (void)to;
    const wp_piece piece = wp_piece_at(town->run, town->replicate, (int64_t)b);
    wp_sim *sim = &worker->sim;
    wp_piece_settle(town->run, sim, &piece);
    if (sim->status == WP_OK) { wp_block_trim(&sim->block); }
}

static void live(coupled_town *town, coupled_worker *worker, size_t b, wp_tick from, wp_tick to)
{
    (void)town;
    (void)b;
    wp_sim_epoch(&worker->sim, from, to);
}

static void meet_border(coupled_town *town, coupled_worker *worker, size_t b, wp_tick from, wp_tick to)
{
    (void)b;
    (void)to;
    if (town->sees) { wp_sim_see_indicators(&worker->sim); }
    if (town->settles) { wp_sim_queue(&worker->sim, from, town->sees, worker->in_use); }
}

static void finish(coupled_town *town, coupled_worker *worker, size_t b, wp_tick from, wp_tick to)
{
    (void)from;
    (void)to;
    wp_sim *sim = &worker->sim;
    wp_sim_close(sim);
    if (sim->status == WP_OK) { wp_sim_finish_lineages(sim); }
    if (sim->status == WP_OK) {
        sim->status = wp_block_values_take(&town->values[b], &sim->block, town->arm == 0, &sim->err);
    }
}

/* ---- From border to border -------------------------------------------------------------------------------------- */

/* Adds what another worker has to the first one's, and empties it. */
static void join(int64_t *of_first, int64_t *theirs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        of_first[i] += theirs[i];
        theirs[i] = 0;
    }
}

/* The place's rates, if a period of theirs ends. */
static void see_rates(coupled_town *town, wp_tick at)
{
    const wp_model *model = town->run->model;
    wp_counts *counts = &town->workers[0].counts;
    const size_t n_levels = (size_t)2 * WP_MAX_LEVELS;
    for (int w = 1; w < town->n_workers; w++) {
        join(counts->indicator_ticks, town->workers[w].counts.indicator_ticks,
             (size_t)counts->n_indicator_ticks);
    }
    town->sees = wp_settlement_rates(&town->settlement, 0, at, counts->indicator_ticks);
    for (int k = 0; k < model->n_indicators; k++) {
        if (!wp_settlement_ends_period(&town->settlement, k, at)) { continue; }
        memset(counts->indicator_ticks + (size_t)k * n_levels, 0, n_levels * sizeof(int64_t));
    }
}

static void settle(coupled_town *town, wp_tick at)
{
    const wp_model *model = town->run->model;
    town->sees = false;
    if (model->n_indicators > 0) { see_rates(town, at); }
    town->settles = at > 0 && wp_settlement_is_due(&town->settlement, at);
    if (!town->sees && !town->settles) { return; }
    const size_t n = (size_t)model->n_interventions;
    for (int w = 0; w < town->n_workers; w++) {
        coupled_worker *worker = &town->workers[w];
        memset(worker->in_use, 0, n * sizeof *worker->in_use);
        if (model->n_indicators > 0) { worker->sim.indicator_shares = town->settlement.shares; }
    }
    for_blocks(town, meet_border, at, at);
    if (!town->settles || town->status != WP_OK) { return; }
    for (int w = 1; w < town->n_workers; w++) { join(town->workers[0].in_use, town->workers[w].in_use, n); }
    town->status = wp_settlement_settle(&town->settlement, town->borders, town->n_blocks, at,
                                        town->workers[0].in_use, &town->err);
    for (size_t b = 0; b < town->n_blocks && town->status == WP_OK; b++) {
        town->status = wp_block_take_answers(&town->blocks[b], &town->err);
    }
}

int64_t wp_run_epochs(const wp_run_state *run)
{
    int64_t n = 0;
    for (wp_tick at = 0; at < run->model->end; at = wp_border_after(run->model, at)) { n++; }
    return n;
}

static void tell(coupled_town *town)
{
    wp_run_state *run = town->run;
#pragma omp critical(wp_run_add)
    {
        run->n_done++;
        for (int w = 0; w < town->n_workers; w++) {
            run->person_years += (double)town->workers[w].counts.person_ticks * 0x1p-33;
            town->workers[w].counts.person_ticks = 0;
        }
    }
    if (omp_get_thread_num() == 0) {
        wp_run_tell(run, town->replicate, run->scenario->arms[run->arms[town->arm]].name);
    }
}

static void add_up(coupled_town *town)
{
    wp_run_state *run = town->run;
#pragma omp critical(wp_run_add)
    for (size_t b = 0; b < town->n_blocks; b++) {
        wp_valuation_add(run->valuation, run->options.replicates, town->arm, town->replicate,
                         &town->values[b]);
    }
    wp_trace *trace = &run->traces[town->arm * run->options.replicates + town->replicate];
    for (int w = 0; w < town->n_workers; w++) {
        coupled_worker *worker = &town->workers[w];
#pragma omp critical(wp_run_add)
        {
            wp_run_add(run, town->arm, town->replicate, &worker->counts);
            run->n_done -= w == 0 ? 0 : 1;
            if (worker->trace.n > 0) { town->status = wp_trace_join(trace, &worker->trace, &town->err); }
        }
        if (town->status != WP_OK) { return; }
    }
}

static void live_through(coupled_town *town, int replicate, int arm)
{
    const wp_run_state *run = town->run;
    const wp_model *model = run->model;
    const uint32_t *set = &run->scenario->arms[run->arms[arm]].interventions;
    const wp_key key = wp_key_make(run->options.seed, (uint32_t)replicate, (uint32_t)run->draw);
    town->replicate = replicate;
    town->arm = arm;
    town->status = reserve_blocks(town, (size_t)wp_pieces_of(run, replicate), &town->err);
    wp_settlement_begin(&town->settlement, key, 1, set,
                        run->options.sample / (double)run->options.lineage_step);
    for (int w = 0; w < town->n_workers; w++) {
        coupled_worker *worker = &town->workers[w];
        worker->sim.key = key;
        worker->sim.arm = *set;
        worker->sim.indicator_shares = NULL;
        worker->trace.n = 0;
        wp_counts_clear(&worker->counts);
    }
    for_blocks(town, found, 0, 0);
    if (town->status == WP_OK) { settle(town, 0); }
    for (wp_tick at = 0, next = 0; at < model->end && town->status == WP_OK; at = next) {
        if (wp_run_status(town->run) != WP_OK) { return; }
        next = wp_border_after(model, at);
        for_blocks(town, live, at, next);
        if (town->status == WP_OK) { settle(town, next); }
        tell(town);
    }
    for_blocks(town, finish, model->end, model->end);
    if (town->status == WP_OK) { add_up(town); }
}

/* ---- The run ------------------------------------------------------------------------------------------------------ */

/* Many small places are simulated side by side, a large one, of more blocks than this, by all threads: a
   small one would spend its time waiting at borders. */
enum { SMALL_PLACE = 256 };

bool wp_run_is_small(const wp_run_state *run)
{
    return wp_pieces_of(run, 0) <= SMALL_PLACE;
}

/* Arms that one thread takes one after the other: all, where families' worth in an arm is set beside that in
   the baseline, which is kept no longer than this; else each by itself. */
static int arms_in_turn(const wp_run_state *run)
{
    return run->valuation != NULL ? run->n_arms : 1;
}

static void work(wp_run_state *run, int n_workers, int *next)
{
    coupled_town town;
    wp_error err = {0};
    const int n = run->n_arms * (run->end_replicate - run->first_replicate), in_turn = arms_in_turn(run);
    wp_status status = town_init(&town, run, n_workers, &err);
    while (status == WP_OK && wp_run_status(run) == WP_OK) {
        int first = 0;
#pragma omp atomic capture
        {
            first = *next;
            *next += in_turn;
        }
        if (first >= n) { break; }
        for (int part = first; part < first + in_turn && status == WP_OK; part++) {
            live_through(&town, run->first_replicate + part / run->n_arms, part % run->n_arms);
            status = town.status;
            err = town.err;
        }
    }
    if (status != WP_OK) { wp_run_fail(run, status, &err); }
    town_free(&town);
}

void wp_run_coupled(wp_run_state *run)
{
    int next = 0, together = 1;
    const int n_replicates = run->end_replicate - run->first_replicate;
    const int n_parts = run->n_arms * n_replicates / arms_in_turn(run);
    const bool small = wp_run_is_small(run);
    if (small) { together = run->options.threads < n_parts ? run->options.threads : n_parts; }
    const int n_workers = small ? 1 : run->options.threads;
    run->n_jobs = (wp_run_epochs(run) + 1) * n_replicates;
    run->n_done = 0;
#pragma omp parallel num_threads(together) if (together > 1)
    work(run, n_workers, &next);
}
