/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settlement. All that is added up are integers, and every queue is sorted by keys that end in a keyed number
   and the id: so the answers do not depend on where the requests are. */
#include "parallel/settlement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/uniform.h"
#include "simulate/border.h"

/* A number of places that is whole but for rounding is whole. */
static const double tolerance = 1e-9;

/* ---- Memory --------------------------------------------------------------------------------------------- */

static size_t at_least_one(int n)
{
    return n > 0 ? (size_t)n : 1;
}

wp_status wp_settlement_init(wp_settlement *settlement, const wp_model *model, wp_error *err)
{
    wp_status status = WP_OK;
    memset(settlement, 0, sizeof *settlement);
    settlement->model = model;
    settlement->stocks = wp_calloc_array(at_least_one(model->n_pools) * WP_MAX_LEVELS, sizeof(wp_stock));
    settlement->starts_year = wp_calloc_array(at_least_one(model->n_interventions), sizeof(int64_t));
    settlement->starts_used = wp_calloc_array(at_least_one(model->n_interventions), sizeof(int64_t));
    settlement->shares = wp_calloc_array(at_least_one(model->n_indicators) * WP_MAX_LEVELS, sizeof(int64_t));
    WP_TRY_ALLOC(settlement->stocks);
    WP_TRY_ALLOC(settlement->starts_year);
    WP_TRY_ALLOC(settlement->starts_used);
    WP_TRY_ALLOC(settlement->shares);
out:
    return status;
}

void wp_settlement_free(wp_settlement *settlement)
{
    free(settlement->stocks);
    free(settlement->starts_year);
    free(settlement->starts_used);
    free(settlement->shares);
    free(settlement->queue);
    memset(settlement, 0, sizeof *settlement);
}

void wp_settlement_begin(wp_settlement *settlement, wp_key key, uint32_t arm, double share)
{
    const wp_model *model = settlement->model;
    settlement->key = key;
    settlement->arm = arm;
    settlement->share = share;
    memset(settlement->stocks, 0, (size_t)model->n_pools * WP_MAX_LEVELS * sizeof(wp_stock));
    for (int v = 0; v < model->n_interventions; v++) {
        settlement->starts_year[v] = -1;
        settlement->starts_used[v] = 0;
    }
    memset(settlement->shares, 0, (size_t)model->n_indicators * WP_MAX_LEVELS * sizeof(int64_t));
}

/* ---- Places ------------------------------------------------------------------------------------------------ */

/* Whole places of a number: rounded down; in a sample what is left over is a place by chance, the same chance
   for each `occasion` of the pool or programme. */
static double whole_places(const wp_settlement *settlement, double places, uint32_t purpose,
                           uint32_t occasion)
{
    if (settlement->share >= 1.0) { return floor(places + tolerance); }
    return floor(places * settlement->share + wp_uniform(settlement->key, 0, purpose, occasion));
}

static bool is_pool_due(const wp_settlement *settlement, int p, wp_tick tick)
{
    return wp_border_is(settlement->model->pools[p].pool->settled, tick);
}

/* A programme that ends at this border still takes people in: ends come last. */
static bool is_programme_due(const wp_settlement *settlement, int v, wp_tick tick)
{
    const wp_intervention_model *iv = &settlement->model->interventions[v];
    return iv->intervention->capacity != WP_CAPACITY_NONE && (settlement->arm >> v & 1) != 0 &&
           wp_border_is(iv->intervention->settled, tick) && tick >= iv->starts && tick <= iv->ends;
}

bool wp_settlement_is_due(const wp_settlement *settlement, wp_tick tick)
{
    bool due = false;
    for (int p = 0; p < settlement->model->n_pools; p++) { due |= is_pool_due(settlement, p, tick); }
    for (int v = 0; v < settlement->model->n_interventions; v++) {
        due |= is_programme_due(settlement, v, tick);
    }
    return due;
}

/* Places of a stock that have opened within `years` of the start. */
static double opened(const wp_settlement *settlement, const wp_pool_model *pool, int stock, double years)
{
    const double places = pool->places[stock];
    if (years < 0.0) { return 0.0; }
    if (!pool->pool->per_year) {
        return whole_places(settlement, places, pool->purpose_priority, (uint32_t)stock);
    }
    return floor(places * settlement->share * years + tolerance);
}

/* Doubled places of a stock that are free; those that nobody took in time lapse, the oldest first. */
static int64_t free_places(wp_settlement *settlement, int p, int stock, wp_tick tick)
{
    const wp_pool_model *pool = &settlement->model->pools[p];
    wp_stock *state = &settlement->stocks[p * WP_MAX_LEVELS + stock];
    const double years = wp_years(tick);
    if (!pool->pool->unused_kept && isfinite(pool->pool->lapse_after)) {
        const double old = opened(settlement, pool, stock, years - pool->pool->lapse_after);
        const int64_t gone = 2 * (int64_t)old - state->taken;
        state->lapsed = gone > state->lapsed ? gone : state->lapsed;
    }
    return 2 * (int64_t)opened(settlement, pool, stock, years) - state->lapsed - state->taken;
}

/* Doubled places of a programme for new starts: of those at one time, less those in; or of the programme's
   year, which begins anew at each anniversary, less the starts in it. */
static int64_t free_starts(wp_settlement *settlement, int v, wp_tick tick, int64_t in_use)
{
    const wp_intervention_model *iv = &settlement->model->interventions[v];
    const wp_tick starts = iv->starts > 0 ? iv->starts : 0;
    const double since = wp_years(tick - starts), builds_up = iv->intervention->capacity_builds_up;
    const double places = builds_up > 0.0 && since < builds_up ? iv->capacity * (since / builds_up)
                                                               : iv->capacity;
    const uint32_t purpose = iv->purpose_priority;
    if (iv->intervention->capacity == WP_CAPACITY_PLACES) {
        return 2 * (int64_t)whole_places(settlement, places, purpose, 0) - in_use;
    }
    const int64_t year = tick > starts ? (tick - starts - 1) / WP_TICKS_PER_YEAR : 0;
    if (year != settlement->starts_year[v]) {
        settlement->starts_year[v] = year;
        settlement->starts_used[v] = 0;
    }
    return 2 * (int64_t)whole_places(settlement, places, purpose, (uint32_t)year) -
           settlement->starts_used[v];
}

/* ---- Queues --------------------------------------------------------------------------------------------------- */

static int by_turn(const void *a, const void *b)
{
    const wp_queued *x = a, *y = b;
    if (x->rank != y->rank) { return x->rank < y->rank ? -1 : 1; }
    if (x->tick != y->tick) { return x->tick < y->tick ? -1 : 1; }
    if (x->priority != y->priority) { return x->priority < y->priority ? -1 : 1; }
    return (x->id > y->id) - (x->id < y->id);
}

/* Does waiting time decide among those whom the other keys leave equal? */
static bool orders_by_time(int n, const wp_queue_order *order)
{
    return n == 0 || order[n - 1].key == WP_ORDER_LONGEST_WAITING;
}

/* Gathers the requests that are ready for pool p or intervention v (the other is -1), and sorts them. */
static bool gather(wp_settlement *settlement, const wp_block *blocks, size_t n_blocks, int p, int v)
{
    const wp_model *model = settlement->model;
    const bool by_time = p >= 0 ? orders_by_time(model->pools[p].n_order, model->pools[p].pool->order)
                                : orders_by_time(model->interventions[v].n_order,
                                                 model->interventions[v].intervention->order);
    settlement->n_queue = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        for (size_t k = 0; k < blocks[b].n_requests; k++) {
            const wp_request *request = &blocks[b].requests[k];
            if (!request->ready || request->pool != p || request->intervention != v) { continue; }
            if (!wp_array_reserve(&settlement->queue, &settlement->queue_capacity, settlement->n_queue + 1,
                                  sizeof *settlement->queue)) {
                return false;
            }
            settlement->queue[settlement->n_queue++] =
                (wp_queued){(uint32_t)b,  k, request->rank, request->id, by_time ? request->tick : 0,
                            request->priority};
        }
    }
    if (settlement->n_queue > 1) {
        qsort(settlement->queue, settlement->n_queue, sizeof *settlement->queue, by_turn);
    }
    return true;
}

static wp_status give_answer(wp_block *block, wp_request *request, wp_answer_kind answer, wp_error *err)
{
    if (!wp_array_reserve(&block->answers, &block->answer_capacity, block->n_answers + 1,
                          sizeof *block->answers)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a settlement");
    }
    block->answers[block->n_answers++] = (wp_answered){.pool = request->pool,
                                                       .intervention = request->intervention,
                                                       .kind = request->kind,
                                                       .lineage = request->lineage,
                                                       .id = request->id,
                                                       .action = request->action,
                                                       .answer = answer};
    block->lineages[request->lineage].answered = true;
    request->pool = request->intervention = -1; /* has left the queue */
    return WP_OK;
}

/* A companion, who weighs nothing, gets what the counted get at the same turn. */
static wp_status settle_pool(wp_settlement *settlement, wp_block *blocks, int p, wp_tick tick, wp_error *err)
{
    const wp_pool_model *pool = &settlement->model->pools[p];
    for (size_t k = 0; k < settlement->n_queue; k++) {
        wp_block *block = &blocks[settlement->queue[k].block];
        wp_request *request = &block->requests[settlement->queue[k].request];
        const bool granted = free_places(settlement, p, request->stock, tick) > 0;
        if (!granted && pool->pool->refused_waits) { continue; }
        if (granted) { settlement->stocks[p * WP_MAX_LEVELS + request->stock].taken += request->weight; }
        wp_status status = give_answer(block, request, granted ? WP_GRANTED : WP_REFUSED, err);
        if (status != WP_OK) { return status; }
    }
    return WP_OK;
}

static wp_status settle_programme(wp_settlement *settlement, wp_block *blocks, int v, wp_tick tick,
                                  int64_t in_use, wp_error *err)
{
    int64_t left = free_starts(settlement, v, tick, in_use);
    for (size_t k = 0; k < settlement->n_queue; k++) {
        wp_block *block = &blocks[settlement->queue[k].block];
        wp_request *request = &block->requests[settlement->queue[k].request];
        if (!request->refused && left <= 0) { continue; }
        if (!request->refused) {
            left -= request->weight;
            settlement->starts_used[v] += request->weight;
        }
        wp_status status = give_answer(block, request, request->refused ? WP_DROPPED : WP_GRANTED, err);
        if (status != WP_OK) { return status; }
    }
    return WP_OK;
}

static void drop_answered(wp_block *block)
{
    size_t n = 0;
    for (size_t k = 0; k < block->n_requests; k++) {
        if (block->requests[k].pool >= 0 || block->requests[k].intervention >= 0) {
            block->requests[n++] = block->requests[k];
        }
    }
    block->n_requests = n;
}

wp_status wp_settlement_settle(wp_settlement *settlement, wp_block *blocks, size_t n_blocks, wp_tick tick,
                               const int64_t *in_use, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_model *model = settlement->model;
    for (int p = 0; p < model->n_pools; p++) {
        if (!is_pool_due(settlement, p, tick)) { continue; }
        if (!gather(settlement, blocks, n_blocks, p, -1)) { goto no_memory; }
        WP_TRY(settle_pool(settlement, blocks, p, tick, err));
    }
    for (int v = 0; v < model->n_interventions; v++) {
        if (!is_programme_due(settlement, v, tick)) { continue; }
        if (!gather(settlement, blocks, n_blocks, -1, v)) { goto no_memory; }
        WP_TRY(settle_programme(settlement, blocks, v, tick, in_use[v], err));
    }
    for (size_t b = 0; b < n_blocks; b++) { drop_answered(&blocks[b]); }
out:
    return status;
no_memory:
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a settlement");
}

/* ---- Indicators ----------------------------------------------------------------------------------------------- */

bool wp_settlement_rates(wp_settlement *settlement, wp_tick tick, int64_t *ticks)
{
    const wp_model *model = settlement->model;
    bool changed = tick == 0;
    for (int k = 0; k < model->n_indicators; k++) {
        if (tick > 0 && !wp_border_is(model->indicators[k].indicator->period, tick)) { continue; }
        for (int l = 0; l < WP_MAX_LEVELS; l++) {
            int64_t *counted = ticks + (k * WP_MAX_LEVELS + l) * 2;
            int64_t *rate = &settlement->shares[k * WP_MAX_LEVELS + l];
            if (counted[1] > 0) {
                const int64_t now = llrint((double)counted[0] / (double)counted[1] * 0x1p32);
                changed |= now != *rate;
                *rate = now;
            }
            counted[0] = counted[1] = 0;
        }
    }
    return changed;
}
