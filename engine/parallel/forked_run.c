/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that nothing couples, arms as forks: one job a block of lineages and replicate. A worker keeps
   what it counts until it has no more jobs of a replicate: to empty and add up counts for each arm and block
   would cost more than most arms do. */
#include <omp.h>

#include "base/fail.h"
#include "parallel/forked_piece.h"

static wp_status give(wp_forker *forker, int replicate, wp_error *err)
{
    wp_status status = WP_OK;
#pragma omp critical(wp_run_add)
    status = wp_forker_give(forker, replicate, err);
    return status;
}

/* Does jobs until there are none; *replicate becomes that of the last one, or stays -1. */
static wp_status do_jobs(wp_run_state *run, wp_forker *forker, int64_t n_jobs, int64_t *next, int *replicate,
                         wp_error *err)
{
    while (wp_run_status(run) == WP_OK) {
        int64_t number = 0;
#pragma omp atomic capture
        number = (*next)++;
        if (number >= n_jobs) { break; }
        const wp_piece piece = wp_piece_of_run(run, number);
        if (*replicate >= 0 && *replicate != piece.replicate) {
            const wp_status status = give(forker, *replicate, err);
            if (status != WP_OK) { return status; }
        }
        *replicate = piece.replicate;
        wp_forker_simulate(forker, &piece);
        if (forker->sim.status != WP_OK) {
            return wp_fail(err, forker->sim.status, "%s", forker->sim.err.text);
        }
#pragma omp critical(wp_run_add)
        wp_forker_tell(forker);
        if (omp_get_thread_num() == 0) { wp_run_tell(run, piece.replicate, ""); }
    }
    return WP_OK;
}

static void work(wp_run_state *run, int64_t n_jobs, int64_t *next)
{
    wp_forker forker;
    wp_error err = {0};
    int replicate = -1;
    wp_status status = wp_forker_init(&forker, run, false, &err);
    if (status == WP_OK) { status = do_jobs(run, &forker, n_jobs, next, &replicate, &err); }
    if (status == WP_OK && replicate >= 0) { status = give(&forker, replicate, &err); }
    if (status != WP_OK) { wp_run_fail(run, status, &err); }
    wp_forker_free(&forker);
}

void wp_run_forked(wp_run_state *run)
{
    const int64_t n_jobs = wp_pieces_of_run(run);
    int64_t next = 0;
    run->n_jobs = n_jobs;
    run->n_done = 0;
#pragma omp parallel num_threads(run->options.threads)
    work(run, n_jobs, &next);
}
