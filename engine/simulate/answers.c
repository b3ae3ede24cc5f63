/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests of a block and their answers, between a border and the epoch that begins there. */
#include "simulate/block.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

static wp_status reserve(wp_block *block, size_t n_requests, size_t n_answers, wp_error *err)
{
    if (wp_array_reserve(&block->requests, &block->request_capacity, n_requests, sizeof *block->requests) &&
        wp_array_reserve(&block->answers, &block->answer_capacity, n_answers, sizeof *block->answers)) {
        return WP_OK;
    }
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for requests");
}

/* ---- Copying ----------------------------------------------------------------------------------------- */

wp_status wp_block_copy_asked(wp_block *to, const wp_block *from, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(reserve(to, to->n_requests + from->n_requests, to->n_answers + from->n_answers, err));
    for (size_t k = 0; k < from->n_requests; k++) { to->requests[to->n_requests++] = from->requests[k]; }
    for (size_t k = 0; k < from->n_answers; k++) { to->answers[to->n_answers++] = from->answers[k]; }
out:
    return status;
}

wp_status wp_block_copy_asked_by(wp_block *to, const wp_block *from, uint32_t l, uint32_t position,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n_requests = from->n_requests, n_answers = from->n_answers;
    for (size_t k = 0; k < n_requests; k++) {
        if (from->requests[k].lineage != l) { continue; }
        WP_TRY(reserve(to, to->n_requests + 1, 0, err));
        to->requests[to->n_requests] = from->requests[k];
        to->requests[to->n_requests++].lineage = position;
    }
    for (size_t k = 0; k < n_answers; k++) {
        if (from->answers[k].lineage != l) { continue; }
        WP_TRY(reserve(to, 0, to->n_answers + 1, err));
        to->answers[to->n_answers] = from->answers[k];
        to->answers[to->n_answers++].lineage = position;
    }
out:
    return status;
}

/* ---- Answering --------------------------------------------------------------------------------------- */

static int by_turn(const void *a, const void *b)
{
    const wp_request *x = a, *y = b;
    return (x->turn > y->turn) - (x->turn < y->turn);
}

static wp_answered answer_of(const wp_request *request)
{
    const wp_answer_kind not_granted = request->refused ? WP_DROPPED : WP_REFUSED;
    return (wp_answered){.pool = request->pool,
                         .intervention = request->intervention,
                         .kind = request->kind,
                         .lineage = request->lineage,
                         .id = request->id,
                         .action = request->action,
                         .answer = request->granted != 0 ? WP_GRANTED : not_granted};
}

/* Puts those that wait on first, as they come; how many they are. */
static size_t part_requests(wp_block *block)
{
    size_t n = 0;
    for (size_t k = 0; k < block->n_requests; k++) {
        if (block->requests[k].answered != 0) { continue; }
        const wp_request waits = block->requests[k];
        block->requests[k] = block->requests[n];
        block->requests[n++] = waits;
    }
    return n;
}

wp_status wp_block_take_answers(wp_block *block, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = part_requests(block), n_answered = block->n_requests - n;
    if (n_answered == 0) { return WP_OK; }
    WP_TRY(reserve(block, block->n_requests, block->n_answers + n_answered, err));
    qsort(block->requests + n, n_answered, sizeof *block->requests, by_turn);
    for (size_t k = n; k < block->n_requests; k++) {
        block->answers[block->n_answers++] = answer_of(&block->requests[k]);
        block->lineages[block->requests[k].lineage].answered = true;
    }
    block->n_requests = n;
out:
    return status;
}
