/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for what is scarce: waiting for an intervention's places, and requests to pools, which are answered
   at the next border of settlement. */
#include "simulate/fork.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "chance/uniform.h"
#include "simulate/border.h"

/* ---- Asking -------------------------------------------------------------------------------------------- */

static wp_request *add_request(wp_sim *sim, const char *name)
{
    wp_block *block = &sim->block;
    if (!wp_array_reserve(&block->requests, &block->request_capacity, block->n_requests + 1,
                          sizeof *block->requests)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for requests to '%s'", name);
        return NULL;
    }
    return &block->requests[block->n_requests++];
}

void wp_sim_wait(wp_sim *sim, int intervention, int offer, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const wp_columns *columns = &sim->block.columns[kind];
    const uint32_t occasion = columns->offers[(size_t)intervention * columns->capacity + i];
    const uint64_t id = wp_sim_id(sim, kind, i);
    wp_request *request = add_request(sim, iv->intervention->name);
    if (request == NULL) { return; }
    *request = (wp_request){.pool = -1,
                            .intervention = intervention,
                            .offer = offer,
                            .occasion = occasion,
                            .kind = kind,
                            .lineage = sim->lineage,
                            .id = id,
                            .tick = sim->now,
                            .priority = wp_uniform(sim->key, id, iv->purpose_priority, occasion)};
    wp_sim_set_level(sim, iv->status_variable, i, WP_STATUS_WAITING);
    if (iv->timer_gives_up < 0 || iv->gives_up_table == NULL) { return; }
    const double u = wp_uniform(sim->key, id, iv->purpose_gives_up, occasion);
    const double years = wp_product_at(&iv->gives_up_scale, columns, i) *
                         wp_quantile_table_at(iv->gives_up_table, u);
    wp_sim_set_timer(sim, kind, i, iv->timer_gives_up,
                     years < 1e6 ? sim->now + (wp_tick)(years * 0x1p32 + 0.5) : WP_TICK_NEVER);
}

/* Who leaves a queue is again what they were before: never in, or in the past. */
static void stop_waiting(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const wp_columns *columns = &sim->block.columns[kind];
    if (iv->timer_gives_up >= 0) { wp_sim_set_timer(sim, kind, i, iv->timer_gives_up, WP_TICK_NEVER); }
    const bool was_in =
        iv->since_ended >= 0 && columns->since[(size_t)iv->since_ended * columns->capacity + i] > 0;
    wp_sim_set_level(sim, iv->status_variable, i, was_in ? WP_STATUS_PAST : WP_STATUS_NEVER);
}

void wp_sim_give_up(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    if (!wp_sim_is_alive(sim, iv->intervention->of, i) ||
        wp_sim_level(sim, iv->status_variable, i) != WP_STATUS_WAITING) {
        return;
    }
    stop_waiting(sim, intervention, i);
    wp_sim_event(sim, iv->intervention->of, i, iv->intervention->event_gave_up);
}

void wp_sim_ask(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_action *action)
{
    const wp_effect *effect = action->effect;
    const wp_pool_model *pool = &sim->model->pools[effect->pool];
    int stock = effect->place_level;
    if (effect->place_same_as >= 0) {
        stock = effect->level_map[wp_sim_level(sim, effect->place_same_as, i)];
    }
    wp_request *request = add_request(sim, pool->pool->name);
    if (request == NULL) { return; }
    *request = (wp_request){.pool = effect->pool,
                            .stock = stock < 0 ? 0 : stock,
                            .intervention = -1,
                            .kind = kind,
                            .lineage = sim->lineage,
                            .id = wp_sim_id(sim, kind, i),
                            .tick = sim->now,
                            .action = action};
    request->priority = wp_uniform(sim->key, request->id, pool->purpose_priority,
                                   (uint32_t)(wp_mix64((uint64_t)sim->now) & UINT32_MAX));
}

/* ---- The queue at a border ------------------------------------------------------------------------------ */

/* What the early look at a border has to put back. */
typedef struct look_back {
    uint8_t *x;
    wp_tick *timers;
    size_t x_capacity, timer_capacity;
    uint32_t lineage;        /* that is looked at early, or WP_NOBODY */
} look_back;

static uint32_t first_of(const wp_sim *sim, uint32_t l, wp_subject_kind kind)
{
    return sim->block.lineages[l].first[kind];
}

static uint32_t next_of(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return sim->block.persons[i].next_in_lineage;
    case WP_HOUSEHOLD: return sim->block.households[i].next_in_lineage;
    default: return sim->block.couples[i].next_in_lineage;
    }
}

static uint32_t find_subject(const wp_sim *sim, uint32_t l, wp_subject_kind kind, uint64_t id)
{
    for (uint32_t i = first_of(sim, l, kind); i != WP_NOBODY; i = next_of(sim, kind, i)) {
        if (wp_sim_is_alive(sim, kind, i) && wp_sim_id(sim, kind, i) == id) { return i; }
    }
    return WP_NOBODY;
}

/* Does a birthday or an edge of a band fall on the instant for anyone in the lineage? */
static bool has_edge(const wp_sim *sim, uint32_t l, wp_tick tick)
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        for (uint32_t i = first_of(sim, l, kind); i != WP_NOBODY; i = next_of(sim, kind, i)) {
            if (sim->block.columns[kind].next_timer[i] <= tick ||
                (kind == WP_PERSON && sim->block.persons[i].birthday <= tick)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_run_edge(const wp_model *model, wp_tick tick)
{
    for (int e = 0; e < model->n_run_edges; e++) {
        if (model->run_edges[e] == tick) { return true; }
    }
    return false;
}

/* Copies a subject's features and timers out of its columns, or back into them. */
static void copy_subject(wp_sim *sim, const wp_calendar *calendar, const look_back *kept, size_t *x,
                         size_t *timer, bool back)
{
    const wp_kind *kind = &sim->model->kinds[calendar->kind];
    wp_columns *columns = &sim->block.columns[calendar->kind];
    for (int f = 0; f < kind->n_features; f++, ++*x) {
        uint8_t *cell = wp_feature_at(columns, f, calendar->index);
        if (back) { *cell = kept->x[*x]; } else { kept->x[*x] = *cell; }
    }
    for (int t = 0; t < kind->n_timers; t++, ++*timer) {
        wp_tick *cell = &columns->timer[(size_t)t * columns->capacity + calendar->index];
        if (back) { *cell = kept->timers[*timer]; } else { kept->timers[*timer] = *cell; }
    }
}

static void copy_all(wp_sim *sim, const look_back *kept, bool back)
{
    size_t x = 0, timer = 0;
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        copy_subject(sim, &sim->calendars[c], kept, &x, &timer, back);
    }
}

/* What the instant's first phase brings to a subject: a birthday, dates, edges of bands. */
static void pass_first_phase(wp_sim *sim, const wp_calendar *calendar)
{
    const wp_subject_kind kind = calendar->kind;
    const uint32_t i = calendar->index;
    const wp_columns *columns = &sim->block.columns[kind];
    if (kind == WP_PERSON && sim->block.persons[i].birthday == sim->now) {
        const uint8_t age = *wp_feature_at(columns, 0, i);
        wp_sim_set_feature(sim, kind, i, 0, age < WP_MAX_AGE ? (uint8_t)(age + 1) : age);
    }
    for (int t = 0; t < sim->model->kinds[kind].n_timers; t++) {
        const wp_timer_plan *timer = &sim->plan->kinds[kind].timers[t];
        if (columns->timer[(size_t)t * columns->capacity + i] == sim->now &&
            timer->role == WP_TIMER_FEATURE &&
            sim->model->kinds[kind].features[timer->item].kind != WP_FEATURE_EFFECT) {
            wp_sim_feature_timer(sim, kind, i, timer->item);
        }
    }
    const wp_list *dates = &sim->plan->kinds[kind].run_time;
    for (int k = 0; k < dates->n; k++) {
        const wp_feature *feature = &sim->model->kinds[kind].features[dates->items[k]];
        wp_sim_set_feature(sim, kind, i, dates->items[k], wp_feature_class(feature, sim->now));
    }
}

/* Lets lineage l be as it will be after the first phase of the instant. Nothing is counted, and no clock or
   delay is touched: go_back undoes it all, and the epoch's first instant does it again. */
static void look_early(wp_sim *sim, look_back *kept, uint32_t l, wp_tick tick)
{
    size_t n_x = 0, n_timers = 0;
    sim->lineage = kept->lineage = l;
    sim->n_calendars = 0;
    sim->start = sim->end = sim->now = tick;
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        for (uint32_t i = first_of(sim, l, kind); i != WP_NOBODY; i = next_of(sim, kind, i)) {
            if (!wp_sim_is_alive(sim, kind, i)) { continue; }
            wp_sim_join_calendar(sim, kind, i);
            n_x += (size_t)sim->model->kinds[kind].n_features;
            n_timers += (size_t)sim->model->kinds[kind].n_timers;
        }
    }
    if (!wp_array_reserve(&kept->x, &kept->x_capacity, n_x + 1, 1) ||
        !wp_array_reserve(&kept->timers, &kept->timer_capacity, n_timers + 1, sizeof *kept->timers)) {
        sim->n_calendars = 0;
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for a large family");
    }
    if (sim->status != WP_OK) { return; }
    copy_all(sim, kept, false);
    for (uint32_t c = 0; c < sim->n_calendars; c++) { pass_first_phase(sim, &sim->calendars[c]); }
    sim->stale = WP_STALE_ALL;
    wp_sim_refresh(sim);
}

static void go_back(wp_sim *sim, look_back *kept)
{
    if (kept->lineage == WP_NOBODY) { return; }
    copy_all(sim, kept, true);
    sim->n_calendars = 0;
    sim->stale = 0;
    kept->lineage = WP_NOBODY;
}

/* An order's keys as one number: a bit for a condition, a byte for levels counted from the first one. The
   reader allows the words, which look at time or at chance, only as the last key. */
static uint64_t rank_of(const wp_sim *sim, const wp_request *request, uint32_t i)
{
    const wp_columns *columns = &sim->block.columns[request->kind];
    const wp_model *model = sim->model;
    const wp_pool_model *pool = request->pool >= 0 ? &model->pools[request->pool] : NULL;
    const wp_intervention_model *iv = pool == NULL ? &model->interventions[request->intervention] : NULL;
    const int n = pool != NULL ? pool->n_order : iv->n_order;
    const wp_queue_order *order = pool != NULL ? pool->pool->order : iv->intervention->order;
    const wp_product *when = pool != NULL ? pool->order_when : iv->order_when;
    const int *features = pool != NULL ? pool->order_feature : iv->order_feature;
    uint64_t rank = 0;
    for (int k = 0; k < n; k++) {
        if (order[k].key == WP_ORDER_CONDITION) {
            rank = rank << 1 | (wp_product_at(&when[k], columns, i) != 0.0 ? 0 : 1);
        } else if (order[k].key == WP_ORDER_LEVEL) {
            const wp_feature *feature = &model->kinds[request->kind].features[features[k]];
            const int level = *wp_feature_at(columns, features[k], i), first = order[k].first_level;
            const int turned = level >= first ? level - first : level - first + feature->n_classes;
            rank = rank << 8 | (uint64_t)(level == feature->none ? UINT8_MAX : turned);
        }
    }
    return rank;
}

static bool settles_at(const wp_sim *sim, const wp_request *request, wp_tick tick)
{
    const wp_model *model = sim->model;
    if (request->pool >= 0) { return wp_border_is(model->pools[request->pool].pool->settled, tick); }
    return wp_border_is(model->interventions[request->intervention].intervention->settled, tick);
}

/* Does the subject still wait for what it asked for? */
static bool still_waits(const wp_sim *sim, const wp_request *request, uint32_t i)
{
    if (i == WP_NOBODY) { return false; }
    if (request->pool >= 0) { return true; }
    const wp_intervention_model *iv = &sim->model->interventions[request->intervention];
    const wp_columns *columns = &sim->block.columns[request->kind];
    return wp_sim_level(sim, iv->status_variable, i) == WP_STATUS_WAITING &&
           columns->offers[(size_t)request->intervention * columns->capacity + i] == request->occasion;
}

static void count_enrolled(const wp_sim *sim, int64_t *in_use)
{
    for (int v = 0; v < sim->model->n_interventions; v++) {
        const wp_intervention_model *iv = &sim->model->interventions[v];
        const wp_subject_kind kind = iv->intervention->of;
        if (iv->intervention->capacity != WP_CAPACITY_PLACES || !(sim->arm >> v & 1)) { continue; }
        for (uint32_t i = 0; i < sim->block.columns[kind].n; i++) {
            if (wp_sim_is_alive(sim, kind, i) && wp_sim_level(sim, iv->status_variable, i) == WP_STATUS_IN) {
                const int weight = wp_sim_weight(sim, kind, i);
                uint64_t arms = wp_fork_arms_of(sim, wp_sim_lineage_of(sim, kind, i));
                for (; arms != 0; arms &= arms - 1) {
                    in_use[__builtin_ctzll(arms) * sim->model->n_interventions + v] += weight;
                }
            }
        }
    }
}

void wp_sim_queue(wp_sim *sim, wp_tick tick, bool sees, int64_t *in_use)
{
    wp_block *block = &sim->block;
    look_back kept = {.lineage = WP_NOBODY};
    const bool all = sees || is_run_edge(sim->model, tick);
    size_t n = 0;
    count_enrolled(sim, in_use);
    for (size_t k = 0; k < block->n_requests && sim->status == WP_OK; k++) {
        wp_request request = block->requests[k];
        request.ready = settles_at(sim, &request, tick);
        request.answered = request.granted = 0;
        if (request.ready) {
            if (request.lineage != kept.lineage) {
                go_back(sim, &kept);
                if (all || has_edge(sim, request.lineage, tick)) {
                    look_early(sim, &kept, request.lineage, tick);
                }
            }
            const uint32_t i = find_subject(sim, request.lineage, request.kind, request.id);
            if (!still_waits(sim, &request, i)) { continue; }
            request.rank = rank_of(sim, &request, i);
            request.weight = wp_sim_weight(sim, request.kind, i);
            request.refused =
                request.pool < 0 &&
                wp_product_at(&sim->model->interventions[request.intervention].offer_when[request.offer],
                              &block->columns[request.kind], i) == 0.0;
        }
        block->requests[n++] = request;
    }
    go_back(sim, &kept);
    block->n_requests = n;
    free(kept.x);
    free(kept.timers);
}

/* ---- Answers -------------------------------------------------------------------------------------------- */

static void answer_offer(wp_sim *sim, const wp_answered *answer, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[answer->intervention];
    if (wp_sim_level(sim, iv->status_variable, i) != WP_STATUS_WAITING) { return; }
    if (answer->answer == WP_GRANTED) {
        wp_sim_start_stay(sim, answer->intervention, i);
    } else {
        stop_waiting(sim, answer->intervention, i);
    }
}

static void answer_request(wp_sim *sim, const wp_answered *answer, uint32_t i)
{
    const wp_effect *effect = answer->action->effect;
    const bool granted = answer->answer == WP_GRANTED;
    const wp_actions body = {answer->action->n_body, answer->action->body};
    const wp_actions otherwise = {answer->action->n_otherwise, answer->action->otherwise};
    const int event = granted ? effect->event_granted : effect->event_refused;
    wp_sim_act(sim, answer->kind, i, granted ? &body : &otherwise);
    if (event >= 0) { wp_sim_event(sim, answer->kind, i, event); }
}

void wp_sim_answer(wp_sim *sim)
{
    const wp_block *block = &sim->block;
    if (sim->indicator_shares != NULL) { sim->stale = WP_STALE_ALL; }
    wp_sim_refresh(sim);
    for (size_t k = 0; k < block->n_answers && sim->status == WP_OK; k++) {
        const wp_answered answer = block->answers[k];
        if (answer.lineage != sim->lineage) { continue; }
        const uint32_t i = find_subject(sim, answer.lineage, answer.kind, answer.id);
        if (i == WP_NOBODY) { continue; }
        if (answer.intervention >= 0) {
            answer_offer(sim, &answer, i);
        } else {
            answer_request(sim, &answer, i);
        }
    }
}
