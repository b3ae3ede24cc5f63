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

/* ---- Memory -------------------------------------------------------------------------------------------- */

wp_status wp_settlement_init(wp_settlement *settlement, const wp_model *model, int n_arms, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)n_arms, n_levels = n * WP_MAX_LEVELS;
    const size_t n_programmes = n * (size_t)model->n_interventions;
    memset(settlement, 0, sizeof *settlement);
    settlement->model = model;
    settlement->stocks = wp_calloc_array((size_t)model->n_pools * n_levels, sizeof(wp_stock));
    settlement->starts_year = wp_calloc_array(n_programmes, sizeof(int64_t));
    settlement->starts_used = wp_calloc_array(n_programmes, sizeof(int64_t));
    settlement->shares = wp_calloc_array((size_t)model->n_indicators * n_levels, sizeof(int64_t));
    settlement->left = wp_calloc_array(n_levels, sizeof(int64_t));
    WP_TRY_ALLOC(settlement->stocks);
    WP_TRY_ALLOC(settlement->starts_year);
    WP_TRY_ALLOC(settlement->starts_used);
    WP_TRY_ALLOC(settlement->shares);
    WP_TRY_ALLOC(settlement->left);
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
    free(settlement->left);
    memset(settlement, 0, sizeof *settlement);
}

void wp_settlement_begin(wp_settlement *settlement, wp_key key, int n_arms, const uint32_t *sets,
                         double share)
{
    const wp_model *model = settlement->model;
    const size_t n_levels = (size_t)n_arms * WP_MAX_LEVELS;
    settlement->key = key;
    settlement->n_arms = n_arms;
    settlement->sets = sets;
    settlement->share = share;
    memset(settlement->stocks, 0, (size_t)model->n_pools * n_levels * sizeof(wp_stock));
    for (int k = 0; k < n_arms * model->n_interventions; k++) {
        settlement->starts_year[k] = -1;
        settlement->starts_used[k] = 0;
    }
    memset(settlement->shares, 0, (size_t)model->n_indicators * n_levels * sizeof(int64_t));
}

/* ---- Places -------------------------------------------------------------------------------------------- */

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
    uint32_t offered = 0;
    for (int a = 0; a < settlement->n_arms; a++) { offered |= settlement->sets[a]; }
    return iv->intervention->capacity != WP_CAPACITY_NONE && (offered >> v & 1) != 0 &&
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

static wp_stock *stock_of(const wp_settlement *settlement, int arm, int p, int stock)
{
    return &settlement->stocks[(arm * settlement->model->n_pools + p) * WP_MAX_LEVELS + stock];
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

/* Doubled places of a stock that are free in an arm; those that nobody took in time lapse, the oldest
   first. */
static int64_t free_places(wp_settlement *settlement, int arm, int p, int stock, wp_tick tick)
{
    const wp_pool_model *pool = &settlement->model->pools[p];
    wp_stock *state = stock_of(settlement, arm, p, stock);
    const double years = wp_years(tick);
    if (!pool->pool->unused_kept && isfinite(pool->pool->lapse_after)) {
        const double old = opened(settlement, pool, stock, years - pool->pool->lapse_after);
        const int64_t gone = 2 * (int64_t)old - state->taken;
        state->lapsed = gone > state->lapsed ? gone : state->lapsed;
    }
    return 2 * (int64_t)opened(settlement, pool, stock, years) - state->lapsed - state->taken;
}

/* Doubled places of a programme for new starts in an arm: of those at one time, less those in; or of the
   programme's year, which begins anew at each anniversary, less the starts in it. */
static int64_t free_starts(wp_settlement *settlement, int arm, int v, wp_tick tick, int64_t in_use)
{
    const int programme = arm * settlement->model->n_interventions + v;
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
    if (year != settlement->starts_year[programme]) {
        settlement->starts_year[programme] = year;
        settlement->starts_used[programme] = 0;
    }
    return 2 * (int64_t)whole_places(settlement, places, purpose, (uint32_t)year) -
           settlement->starts_used[programme];
}

/* ---- Queues -------------------------------------------------------------------------------------------- */

/* Requests of one life that are alike come as they were made. */
static int by_turn(const void *a, const void *b)
{
    const wp_queued *x = a, *y = b;
    if (x->rank != y->rank) { return x->rank < y->rank ? -1 : 1; }
    if (x->tick != y->tick) { return x->tick < y->tick ? -1 : 1; }
    if (x->priority != y->priority) { return x->priority < y->priority ? -1 : 1; }
    if (x->id != y->id) { return x->id < y->id ? -1 : 1; }
    return (x->number > y->number) - (x->number < y->number);
}

/* Does waiting time decide among those whom the other keys leave equal? */
static bool orders_by_time(int n, const wp_queue_order *order)
{
    return n == 0 || order[n - 1].key == WP_ORDER_LONGEST_WAITING;
}

/* Gathers the requests that are ready for pool p or intervention v (the other is -1), and sorts them. */
static bool gather(wp_settlement *settlement, const wp_bordering *blocks, size_t n_blocks, int p, int v)
{
    const wp_model *model = settlement->model;
    const bool by_time = p >= 0 ? orders_by_time(model->pools[p].n_order, model->pools[p].pool->order)
                                : orders_by_time(model->interventions[v].n_order,
                                                 model->interventions[v].intervention->order);
    settlement->n_queue = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        for (size_t k = 0; k < blocks[b].block->n_requests; k++) {
            wp_request *request = &blocks[b].block->requests[k];
            if (!request->ready || request->pool != p || request->intervention != v) { continue; }
            const uint64_t arms = blocks[b].stands == NULL ? 1 : blocks[b].stands[request->lineage].arms;
            const size_t n = settlement->n_queue;
            if (!wp_array_reserve(&settlement->queue, &settlement->queue_capacity, n + 1,
                                  sizeof *settlement->queue)) {
                return false;
            }
            settlement->queue[settlement->n_queue++] = (wp_queued){
                request,           arms, request->rank, request->id, by_time ? request->tick : 0,
                request->priority, n};
        }
    }
    if (settlement->n_queue > 1) {
        qsort(settlement->queue, settlement->n_queue, sizeof *settlement->queue, by_turn);
    }
    return true;
}

/* Takes places of a stock in those of the arms where there are any; bits of these. */
static uint64_t take_places(wp_settlement *settlement, uint64_t arms, int stock, int64_t weight)
{
    uint64_t granted = 0;
    for (; arms != 0; arms &= arms - 1) {
        const int a = __builtin_ctzll(arms);
        int64_t *left = &settlement->left[a * WP_MAX_LEVELS + stock];
        if (*left <= 0) { continue; }
        *left -= weight;
        granted |= UINT64_C(1) << a;
    }
    return granted;
}

static void answer(wp_settlement *settlement, wp_request *request, uint64_t answered, uint64_t granted)
{
    request->answered = answered;
    request->granted = granted;
    request->turn = ++settlement->turn;
}

/* A companion, who weighs nothing, gets what the counted get at the same turn. */
static void settle_pool(wp_settlement *settlement, int p, wp_tick tick)
{
    const wp_pool_model *pool = &settlement->model->pools[p];
    for (int a = 0; a < settlement->n_arms; a++) {
        for (int s = 0; s < pool->n_stocks; s++) {
            settlement->left[a * WP_MAX_LEVELS + s] = free_places(settlement, a, p, s, tick);
        }
    }
    for (size_t k = 0; k < settlement->n_queue; k++) {
        const wp_queued *queued = &settlement->queue[k];
        wp_request *request = queued->request;
        const uint64_t granted = take_places(settlement, queued->arms, request->stock, request->weight);
        for (uint64_t arms = granted; arms != 0; arms &= arms - 1) {
            stock_of(settlement, __builtin_ctzll(arms), p, request->stock)->taken += request->weight;
        }
        answer(settlement, request, pool->pool->refused_waits ? granted : queued->arms, granted);
    }
}

/* Who no longer meets what the offer asks for leaves the queue. */
static void settle_programme(wp_settlement *settlement, int v, wp_tick tick, const int64_t *in_use)
{
    const int n_programmes = settlement->model->n_interventions;
    for (int a = 0; a < settlement->n_arms; a++) {
        const bool has = (settlement->sets[a] >> v & 1) != 0;
        settlement->left[a * WP_MAX_LEVELS] =
            has ? free_starts(settlement, a, v, tick, in_use[a * n_programmes + v]) : 0;
    }
    for (size_t k = 0; k < settlement->n_queue; k++) {
        const wp_queued *queued = &settlement->queue[k];
        wp_request *request = queued->request;
        if (request->refused) {
            answer(settlement, request, queued->arms, 0);
            continue;
        }
        const uint64_t granted = take_places(settlement, queued->arms, 0, request->weight);
        for (uint64_t arms = granted; arms != 0; arms &= arms - 1) {
            settlement->starts_used[__builtin_ctzll(arms) * n_programmes + v] += request->weight;
        }
        answer(settlement, request, granted, granted);
    }
}

wp_status wp_settlement_settle(wp_settlement *settlement, const wp_bordering *blocks, size_t n_blocks,
                               wp_tick tick, const int64_t *in_use, wp_error *err)
{
    const wp_model *model = settlement->model;
    settlement->turn = 0;
    for (int p = 0; p < model->n_pools; p++) {
        if (!is_pool_due(settlement, p, tick)) { continue; }
        if (!gather(settlement, blocks, n_blocks, p, -1)) { goto no_memory; }
        settle_pool(settlement, p, tick);
    }
    for (int v = 0; v < model->n_interventions; v++) {
        if (!is_programme_due(settlement, v, tick)) { continue; }
        if (!gather(settlement, blocks, n_blocks, -1, v)) { goto no_memory; }
        settle_programme(settlement, v, tick, in_use);
    }
    return WP_OK;
no_memory:
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a settlement");
}

/* ---- Indicators ---------------------------------------------------------------------------------------- */

bool wp_settlement_ends_period(const wp_settlement *settlement, int k, wp_tick tick)
{
    return tick == 0 || wp_border_is(settlement->model->indicators[k].indicator->period, tick);
}

static int64_t *shares_of(const wp_settlement *settlement, int arm, int k)
{
    return &settlement->shares[(arm * settlement->model->n_indicators + k) * WP_MAX_LEVELS];
}

bool wp_settlement_rates(wp_settlement *settlement, int arm, wp_tick tick, const int64_t *ticks)
{
    bool changed = tick == 0;
    for (int k = 0; k < settlement->model->n_indicators; k++) {
        int64_t *rates = shares_of(settlement, arm, k);
        if (!wp_settlement_ends_period(settlement, k, tick)) { continue; }
        for (int l = 0; l < WP_MAX_LEVELS; l++) {
            const int64_t *counted = ticks + (k * WP_MAX_LEVELS + l) * 2;
            if (counted[1] <= 0) { continue; }
            const int64_t now = llrint((double)counted[0] / (double)counted[1] * 0x1p32);
            changed |= now != rates[l];
            rates[l] = now;
        }
    }
    return changed;
}

/* Does whoever looks at a rate see the same in both arms? */
static bool see_the_same(const wp_settlement *settlement, const wp_feature *feature, int a, int b)
{
    const int64_t *x = shares_of(settlement, a, feature->source);
    const int64_t *y = shares_of(settlement, b, feature->source);
    bool same = true;
    for (int l = 0; l < settlement->model->indicators[feature->source].n_by; l++) {
        same &= wp_feature_class(feature, x[l]) == wp_feature_class(feature, y[l]);
    }
    return same;
}

uint64_t wp_settlement_alike(const wp_settlement *settlement, int arm)
{
    uint64_t alike = 0;
    for (int a = 0; a < settlement->n_arms; a++) {
        bool same = true;
        for (int kind = 0; kind < WP_N_KINDS; kind++) {
            const wp_kind *model = &settlement->model->kinds[kind];
            for (int f = 0; f < model->n_features; f++) {
                if (model->features[f].kind != WP_FEATURE_INDICATOR) { continue; }
                same &= see_the_same(settlement, &model->features[f], arm, a);
            }
        }
        alike |= (uint64_t)same << a;
    }
    return alike;
}
