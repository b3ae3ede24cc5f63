/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that the place couples, arms as forks: all pieces of a place stay in memory, each with the lives
   that arms have of their own, and go from border to border together. At a border each arm's rates are
   worked out and its queues settled, from the requests of the lives that it shares and of its own; whoever
   then sees or gets something else than the baseline's leaves it there. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "parallel/forked_piece.h"
#include "parallel/settlement.h"
#include "simulate/border.h"
#include "simulate/fork_border.h"

/* ---- The place ----------------------------------------------------------------------------------------- */

typedef struct place_worker {
    wp_forker forker;
    wp_spare_columns of_root, of_branches;
    int64_t *in_use; /* [n_arms][n_interventions] */
} place_worker;

/* One replicate at a time. */
typedef struct forked_place {
    wp_run_state *run;
    int replicate;
    int n_workers;
    place_worker *workers;
    size_t n_pieces, capacity;
    wp_fork_piece *pieces; /* [capacity] */
    wp_bordering *borders; /* [2 * capacity]: roots and branches */
    wp_settlement settlement;
    int64_t *ticks;              /* of indicators: an arm's */
    uint64_t alike[WP_MAX_ARMS]; /* what the next border brings: arms that see the same, */
    bool parts, sees, settles;   /*   if not all do; new rates; answers */
    wp_status status;
    wp_error err;
} forked_place;

static wp_status place_init(forked_place *place, wp_run_state *run, int n_workers, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = run->model;
    const size_t n_in_use = (size_t)run->n_arms * (size_t)model->n_interventions;
    memset(place, 0, sizeof *place);
    place->run = run;
    WP_TRY(wp_settlement_init(&place->settlement, model, run->n_arms, err));
    place->ticks = wp_calloc_array((size_t)model->n_indicators * WP_MAX_LEVELS * 2, sizeof *place->ticks);
    place->workers = wp_calloc_array((size_t)n_workers, sizeof *place->workers);
    WP_TRY_ALLOC(place->ticks);
    WP_TRY_ALLOC(place->workers);
    for (int w = 0; w < n_workers; w++) {
        place->n_workers = w + 1;
        place->workers[w].in_use = wp_calloc_array(n_in_use, sizeof *place->workers[w].in_use);
        WP_TRY(wp_forker_init(&place->workers[w].forker, run, true, err));
        WP_TRY_ALLOC(place->workers[w].in_use);
    }
out:
    return status;
}

static void place_free(forked_place *place)
{
    for (int w = 0; w < place->n_workers; w++) {
        wp_forker_free(&place->workers[w].forker);
        wp_spare_columns_free(&place->workers[w].of_root);
        wp_spare_columns_free(&place->workers[w].of_branches);
        free(place->workers[w].in_use);
    }
    for (size_t p = 0; p < place->capacity; p++) { wp_fork_piece_free(&place->pieces[p]); }
    free(place->workers);
    free(place->pieces);
    free(place->borders);
    free(place->ticks);
    wp_settlement_free(&place->settlement);
    memset(place, 0, sizeof *place);
}

static wp_status reserve_pieces(forked_place *place, size_t n, wp_error *err)
{
    place->n_pieces = n;
    if (n <= place->capacity) { return WP_OK; }
    wp_fork_piece *pieces = realloc(place->pieces, n * sizeof *pieces);
    if (pieces != NULL) { place->pieces = pieces; }
    wp_bordering *borders = realloc(place->borders, 2 * n * sizeof *borders);
    if (borders != NULL) { place->borders = borders; }
    if (pieces == NULL || borders == NULL) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu blocks of families", n);
    }
    memset(pieces + place->capacity, 0, (n - place->capacity) * sizeof *pieces);
    place->capacity = n;
    return WP_OK;
}

/* ---- Piece by piece ------------------------------------------------------------------------------------ */

typedef void piece_fn(forked_place *place, place_worker *worker, size_t number, wp_tick from, wp_tick to);

static void rouse(wp_sim *sim, wp_block *block, wp_spare_columns *spare)
{
    if (sim->status == WP_OK && block->plan != NULL) {
        sim->status = wp_block_rouse(block, spare, &sim->err);
    }
}

static void rest(wp_block *block, wp_spare_columns *spare)
{
    if (block->plan != NULL) { wp_block_rest(block, spare); }
}

static void for_pieces(forked_place *place, piece_fn *act, wp_tick from, wp_tick to)
{
    if (place->status != WP_OK) { return; }
#pragma omp parallel num_threads(place->n_workers) if (place->n_workers > 1)
    {
        place_worker *mine = &place->workers[omp_get_thread_num()];
        wp_sim *sim = &mine->forker.sim;
#pragma omp for schedule(dynamic)
        for (size_t p = 0; p < place->n_pieces; p++) {
            wp_fork_piece *piece = &place->pieces[p];
            rouse(sim, &piece->root.block, &mine->of_root);
            rouse(sim, &piece->branches.block, &mine->of_branches);
            if (sim->status == WP_OK) { act(place, mine, p, from, to); }
            rest(&piece->root.block, &mine->of_root);
            rest(&piece->branches.block, &mine->of_branches);
        }
    }
    for (int w = 0; w < place->n_workers && place->status == WP_OK; w++) {
        place->status = place->workers[w].forker.sim.status;
        if (place->status != WP_OK) { place->err = place->workers[w].forker.sim.err; }
    }
}

static void found(forked_place *place, place_worker *worker, size_t number, wp_tick from, wp_tick to)
{
    (void)from;
    (void)to;
    const wp_piece piece = wp_piece_at(place->run, place->replicate, (int64_t)number);
    wp_forker_found(&worker->forker, &place->pieces[number], &piece);
    wp_block_trim(&place->pieces[number].root.block);
}

static void answer(wp_forker *forker, wp_fork_piece *piece)
{
    wp_sim *sim = &forker->sim;
    if (sim->status == WP_OK) {
        sim->status = wp_fork_block_answer(&piece->branches, &forker->fork, &piece->root, &sim->err);
    }
    if (sim->status == WP_OK) {
        sim->status = wp_fork_block_answer(&piece->branches, &forker->fork, &piece->branches, &sim->err);
    }
}

static void live(forked_place *place, place_worker *worker, size_t number, wp_tick from, wp_tick to)
{
    wp_fork_piece *piece = &place->pieces[number];
    answer(&worker->forker, piece);
    wp_forker_live(&worker->forker, piece, from, to);
}

static void finish(forked_place *place, place_worker *worker, size_t number, wp_tick from, wp_tick to)
{
    live(place, worker, number, from, to);
    wp_forker_finish(&worker->forker, &place->pieces[number]);
}

static void see(forked_place *place, wp_forker *forker, wp_fork_piece *piece, wp_fork_block *of)
{
    wp_sim *sim = &forker->sim;
    if (sim->status != WP_OK) { return; }
    sim->status = wp_fork_block_see(&piece->branches, &forker->fork, of, place->alike, &sim->err);
}

static void meet_border(forked_place *place, place_worker *worker, size_t number, wp_tick from, wp_tick to)
{
    (void)to;
    wp_forker *forker = &worker->forker;
    wp_fork_piece *piece = &place->pieces[number];
    int64_t *in_use = place->settles ? worker->in_use : NULL;
    if (place->parts) {
        see(place, forker, piece, &piece->branches);
        see(place, forker, piece, &piece->root);
    }
    wp_fork_meet_border(&forker->fork, &forker->sim, &piece->root, from, place->sees, in_use);
    wp_fork_meet_border(&forker->fork, &forker->sim, &piece->branches, from, place->sees, in_use);
}

/* ---- From border to border ----------------------------------------------------------------------------- */

/* At `at` an arm sees other rates than the baseline does: from then on they share no life. */
static void note_full(forked_place *place, wp_tick at)
{
    wp_run_state *run = place->run;
#pragma omp critical(wp_run_add)
    for (int a = 0; a < run->n_arms; a++) {
        const bool apart = (place->alike[0] >> a & 1) == 0;
        if (apart && (run->full_from[a] == 0 || at < run->full_from[a])) { run->full_from[a] = at; }
    }
}

/* Each arm's rates, if a period ends; the founders are the same in all. */
static void see_rates(forked_place *place, wp_tick at)
{
    const wp_model *model = place->run->model;
    const int n_arms = place->run->n_arms, n_ticks = model->n_indicators * WP_MAX_LEVELS * 2;
    place->sees = place->parts = false;
    for (int a = 0; a < n_arms; a++) {
        memset(place->ticks, 0, (size_t)n_ticks * sizeof *place->ticks);
        for (int w = 0; w < place->n_workers; w++) {
            wp_sinks_add_ticks(&place->workers[w].forker.fork.sinks, at == 0 ? 0 : a, place->ticks);
        }
        place->sees |= wp_settlement_rates(&place->settlement, a, at, place->ticks);
    }
    for (int k = 0; k < model->n_indicators; k++) {
        if (!wp_settlement_ends_period(&place->settlement, k, at)) { continue; }
        for (int w = 0; w < place->n_workers; w++) {
            wp_sinks_clear_ticks(&place->workers[w].forker.fork.sinks, k * WP_MAX_LEVELS * 2,
                                 (k + 1) * WP_MAX_LEVELS * 2);
        }
    }
    for (int a = 0; a < n_arms; a++) {
        place->alike[a] = wp_settlement_alike(&place->settlement, a);
        place->parts |= place->alike[a] != place->alike[0];
    }
    if (place->parts) { note_full(place, at); }
}

static int64_t *join_in_use(forked_place *place)
{
    int64_t *all = place->workers[0].in_use;
    const int n = place->run->n_arms * place->run->model->n_interventions;
    for (int w = 1; w < place->n_workers; w++) {
        for (int i = 0; i < n; i++) { all[i] += place->workers[w].in_use[i]; }
    }
    return all;
}

static void settle(forked_place *place, wp_tick at)
{
    const wp_model *model = place->run->model;
    const size_t n_in_use = (size_t)place->run->n_arms * (size_t)model->n_interventions;
    size_t n = 0;
    place->sees = place->parts = false;
    if (model->n_indicators > 0) { see_rates(place, at); }
    place->settles = at > 0 && wp_settlement_is_due(&place->settlement, at);
    if (!place->sees && !place->settles) { return; }
    for (int w = 0; w < place->n_workers; w++) {
        place_worker *worker = &place->workers[w];
        memset(worker->in_use, 0, n_in_use * sizeof *worker->in_use);
        if (model->n_indicators > 0) { worker->forker.sim.indicator_shares = place->settlement.shares; }
    }
    for_pieces(place, meet_border, at, at);
    if (!place->settles || place->status != WP_OK) { return; }
    for (size_t p = 0; p < place->n_pieces; p++) {
        wp_fork_piece *piece = &place->pieces[p];
        place->borders[n++] = (wp_bordering){&piece->root.block, piece->root.stands};
        place->borders[n++] = (wp_bordering){&piece->branches.block, piece->branches.stands};
    }
    place->status =
        wp_settlement_settle(&place->settlement, place->borders, n, at, join_in_use(place), &place->err);
}

static void tell(forked_place *place)
{
    wp_run_state *run = place->run;
#pragma omp critical(wp_run_add)
    {
        for (int w = 0; w < place->n_workers; w++) { wp_forker_tell(&place->workers[w].forker); }
        run->n_done -= (place->n_workers - 1) * run->n_arms; /* an epoch, for all workers */
    }
    if (omp_get_thread_num() == 0) { wp_run_tell(run, place->replicate, ""); }
}

static void add_up(forked_place *place)
{
    for (int w = 0; w < place->n_workers && place->status == WP_OK; w++) {
#pragma omp critical(wp_run_add)
        place->status = wp_forker_give(&place->workers[w].forker, place->replicate, &place->err);
    }
}

static void begin(forked_place *place, int replicate)
{
    const wp_run_state *run = place->run;
    const wp_key key = wp_key_make(run->options.seed, (uint32_t)replicate, (uint32_t)run->draw);
    place->replicate = replicate;
    place->status = reserve_pieces(place, (size_t)wp_pieces_of(run, replicate), &place->err);
    wp_settlement_begin(&place->settlement, key, run->n_arms, place->workers[0].forker.fork.sets,
                        run->options.sample / (double)run->options.lineage_step);
    for (int w = 0; w < place->n_workers; w++) {
        wp_sim *sim = &place->workers[w].forker.sim;
        sim->key = key;
        sim->indicator_shares = NULL;
    }
}

static void live_through(forked_place *place, int replicate)
{
    const wp_model *model = place->run->model;
    begin(place, replicate);
    for_pieces(place, found, 0, 0);
    if (place->status == WP_OK) { settle(place, 0); }
    for (wp_tick at = 0, next = 0; at < model->end && place->status == WP_OK; at = next) {
        if (wp_run_status(place->run) != WP_OK) { return; }
        next = wp_border_after(model, at);
        for_pieces(place, live, at, next);
        if (place->status == WP_OK) { settle(place, next); }
        tell(place);
    }
    for_pieces(place, finish, model->end, model->end + 1);
    if (place->status == WP_OK) { add_up(place); }
}

/* ---- The run ------------------------------------------------------------------------------------------- */

static void work(wp_run_state *run, int n_workers, int *next)
{
    forked_place place;
    wp_error err = {0};
    wp_status status = place_init(&place, run, n_workers, &err);
    while (status == WP_OK && wp_run_status(run) == WP_OK) {
        int replicate = 0;
#pragma omp atomic capture
        replicate = (*next)++;
        if (replicate >= run->end_replicate) { break; }
        live_through(&place, replicate);
        status = place.status;
        err = place.err;
    }
    if (status != WP_OK) { wp_run_fail(run, status, &err); }
    place_free(&place);
}

/* Places are simulated side by side where there are enough for all threads, and are small; else all
   threads work on one after the other. */
void wp_run_coupled_forks(wp_run_state *run)
{
    const int n_replicates = run->end_replicate - run->first_replicate;
    const bool together = wp_run_is_small(run) && n_replicates >= run->options.threads;
    const int n_workers = together ? 1 : run->options.threads;
    const int n_places = together ? run->options.threads : 1;
    int next = run->first_replicate;
    run->n_jobs = (wp_run_epochs(run) + 1) * (run->end_replicate - run->first_replicate);
    run->n_done = 0;
#pragma omp parallel num_threads(n_places) if (n_places > 1)
    work(run, n_workers, &next);
}
