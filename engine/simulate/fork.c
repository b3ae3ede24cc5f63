/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forks: who stands for which arms, touches, and what counts for whom. */
#include "simulate/fork.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

/* ---- Memory ------------------------------------------------------------------------------------------ */

static bool is_heard(const wp_plan *plan, const wp_intervention *intervention, int event)
{
    const int *since = plan->model->kinds[intervention->of].since_event;
    return plan->event_outcomes[event].n > 0 || plan->event_hooks[event].n > 0 ||
           plan->event_recents[intervention->of][event].n > 0 || (since != NULL && since[event] >= 0);
}

static uint64_t all_arms(const wp_fork *fork)
{
    return UINT64_MAX >> (64 - fork->n_arms);
}

wp_status wp_fork_init(wp_fork *fork, const wp_plan *plan, int n_arms, const uint32_t *sets,
                       const wp_counts *shape, wp_error *err)
{
    memset(fork, 0, sizeof *fork);
    fork->n_arms = n_arms;
    for (int a = 0; a < n_arms; a++) { fork->sets[a] = sets[a]; }
    for (int v = 0; v < plan->model->n_interventions; v++) {
        const wp_intervention *intervention = plan->model->interventions[v].intervention;
        for (int a = 0; a < n_arms; a++) { fork->with[v] |= (uint64_t)(sets[a] >> v & 1) << a; }
        fork->offer_is_heard[v] = !intervention->everyone &&
                                  (is_heard(plan, intervention, intervention->event_offer) ||
                                   is_heard(plan, intervention, intervention->event_refused));
    }
    const wp_status status = wp_sinks_init(&fork->sinks, n_arms, shape, err);
    if (status == WP_OK) { fork->wide = wp_sinks_find(&fork->sinks, all_arms(fork)); }
    return status;
}

void wp_fork_free(wp_fork *fork)
{
    wp_sinks_free(&fork->sinks);
    free(fork->touches);
    free(fork->row_arms);
    free(fork->counts);
    memset(fork, 0, sizeof *fork);
}

wp_status wp_fork_block_init(wp_fork_block *self, const wp_plan *plan, int n_values, wp_error *err)
{
    memset(self, 0, sizeof *self);
    const wp_status status = wp_block_init(&self->block, plan, err);
    self->block.n_values = n_values;
    return status;
}

void wp_fork_block_free(wp_fork_block *self)
{
    wp_block_free(&self->block);
    free(self->stands);
    memset(self, 0, sizeof *self);
}

void wp_fork_block_clear(wp_fork_block *self)
{
    if (self->block.plan != NULL) { wp_block_clear(&self->block); }
}

/* ---- Stands ------------------------------------------------------------------------------------------ */

static uint32_t offered_by(const wp_fork *fork, uint64_t arms)
{
    uint32_t offered = 0;
    for (int a = 0; a < fork->n_arms; a++) {
        if ((arms >> a & 1) != 0) { offered |= fork->sets[a]; }
    }
    return offered;
}

static wp_stand stand_for(const wp_fork *fork, uint32_t origin, uint64_t arms, uint32_t in_force)
{
    return (wp_stand){.arms = arms,
                      .in_force = in_force,
                      .offered = in_force | offered_by(fork, arms),
                      .origin = origin,
                      .sink = WP_SINK_NONE};
}

static wp_status reserve_stands(wp_fork_block *self, size_t n, wp_error *err)
{
    if (wp_array_reserve(&self->stands, &self->capacity, n, sizeof *self->stands)) { return WP_OK; }
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a block of families");
}

wp_status wp_fork_block_stand(wp_fork_block *self, wp_fork *fork, wp_error *err)
{
    const uint32_t n = self->block.n_lineages;
    const wp_status status = reserve_stands(self, (size_t)n + 1, err);
    if (status != WP_OK) { return status; }
    const wp_stand stand = stand_for(fork, 0, all_arms(fork), 0);
    for (uint32_t l = 0; l < n; l++) {
        self->stands[l] = stand;
        self->stands[l].origin = l;
    }
    return WP_OK;
}

wp_status wp_fork_block_add(wp_fork_block *self, wp_fork *fork, wp_block *from, uint32_t l, uint32_t origin,
                            uint64_t arms, uint32_t in_force, wp_error *err)
{
    wp_status status = WP_OK;
    uint32_t position = 0;
    if (self->block.plan == NULL) {
        WP_TRY(wp_fork_block_init(self, from->plan, from->n_values, err));
        wp_block_trim(&self->block);
    }
    WP_TRY(reserve_stands(self, (size_t)self->block.n_lineages + 1, err));
    WP_TRY(wp_block_copy_lineage(&self->block, from, l, &position, err));
    self->stands[position] = stand_for(fork, origin, arms, in_force);
out:
    return status;
}

wp_status wp_fork_block_leave(wp_fork_block *self, wp_fork *fork, wp_fork_block *from, uint32_t l,
                              uint64_t arms, uint32_t in_force, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_stand stand = from->stands[l];
    WP_TRY(wp_fork_block_add(self, fork, &from->block, l, stand.origin, arms, in_force, err));
    from->stands[l] = stand_for(fork, stand.origin, stand.arms & ~arms, stand.in_force);
    if (from->stands[l].arms == 0) { wp_block_drop_lineage(&from->block, l); }
out:
    return status;
}

wp_status wp_fork_block_split(wp_fork_block *self, wp_fork *fork, wp_fork_block *from, uint32_t l,
                              int intervention, wp_error *err)
{
    const wp_stand *stand = &from->stands[l];
    const uint64_t leave = stand->arms & fork->with[intervention];
    if (leave == 0 || (stand->in_force >> intervention & 1) != 0) { return WP_OK; }
    const uint32_t in_force = stand->in_force | UINT32_C(1) << intervention;
    return wp_fork_block_leave(self, fork, from, l, leave, in_force, err);
}

void wp_fork_block_take_back(wp_fork_block *self, uint32_t l, uint64_t arms)
{
    wp_stand *stand = &self->stands[l];
    stand->takes_back = true;
    stand->epoch_arms = stand->arms;
    stand->arms = arms;
}

/* ---- An epoch ---------------------------------------------------------------------------------------- */

static wp_counts *counts_of(wp_fork *fork, const wp_stand *stand)
{
    if (fork->replays || stand->arms == 0) { return &fork->sinks.nobody; }
    if (stand->takes_back || stand->sink == WP_SINK_NONE) { return &fork->sinks.apart; }
    return &fork->sinks.list[stand->sink].counts;
}

/* Which of its arms' counts a lineage shares, mostly the same as in the epoch before; if none, it counts by
   itself. */
static void find_sink(wp_fork *fork, wp_fork_block *of, uint32_t l)
{
    wp_stand *stand = &of->stands[l];
    const bool counts = !fork->replays && stand->arms != 0;
    if (!counts || stand->takes_back) {
        stand->sink = WP_SINK_NONE;
    } else if (stand->sink == WP_SINK_NONE || fork->sinks.list[stand->sink].arms != stand->arms) {
        stand->sink = wp_sinks_find(&fork->sinks, stand->arms);
    }
    of->block.lineages[l].apart = counts && stand->sink == WP_SINK_NONE;
}

/* Where each lineage counts during an epoch, also after it has been touched there. */
static bool list_counts(wp_fork *fork, wp_sim *sim, wp_fork_block *of)
{
    const uint32_t n = of->block.n_lineages;
    bool alike = true;
    if (!wp_array_reserve(&fork->counts, &fork->counts_capacity, n, sizeof *fork->counts)) { return false; }
    for (uint32_t l = 0; l < n; l++) {
        find_sink(fork, of, l);
        fork->counts[l] = counts_of(fork, &of->stands[l]);
        alike &= fork->counts[l] == fork->counts[0];
    }
    sim->counts = fork->counts[0];
    sim->lineage_counts = alike ? NULL : fork->counts;
    return true;
}

/* Interventions count together here: of those that are not in force for a lineage nobody of it is enrolled.
   */
void wp_fork_lend(wp_fork *fork, wp_sim *sim, wp_fork_block *of)
{
    fork->stands = of->stands;
    sim->fork = fork;
    sim->block = of->block;
    sim->arm = sim->shadow = 0;
    for (uint32_t l = 0; l < of->block.n_lineages; l++) {
        sim->arm |= of->stands[l].in_force;
        sim->shadow |= of->stands[l].offered;
    }
    sim->shadow &= ~sim->arm;
}

void wp_fork_epoch(wp_fork *fork, wp_sim *sim, wp_fork_block *of, wp_tick start, wp_tick end)
{
    if (of->block.n_lineages == 0 || sim->status != WP_OK) { return; }
    wp_trace *const trace = sim->trace;
    const wp_block own = sim->block;
    if (!list_counts(fork, sim, of)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for a block of families");
        return;
    }
    wp_fork_lend(fork, sim, of);
    if (fork->replays) { sim->trace = NULL; }
    if (start < sim->model->end) {
        wp_sim_epoch(sim, start, end);
    } else {
        wp_sim_close(sim);
    }
    of->block = sim->block;
    sim->block = own;
    sim->trace = trace;
    sim->fork = NULL;
    sim->lineage_counts = NULL;
    for (uint32_t l = 0; fork->has_dropped && l < of->block.n_lineages; l++) {
        if (of->stands[l].arms == 0 && of->block.lineages[l].n_alive > 0) {
            wp_block_drop_lineage(&of->block, l);
        }
    }
    fork->has_dropped = false;
}

/* A lineage that no arm needs any more is dropped when the epoch is over. */
static void stand_for_the_rest(wp_sim *sim, wp_stand *stand)
{
    const int sink = stand->sink;
    *stand = stand_for(sim->fork, stand->origin, sim->fork->arms, stand->in_force);
    stand->sink = sink;
    sim->fork->has_dropped |= stand->arms == 0;
}

static void own_rows(wp_fork *fork, const wp_trace *trace, size_t from)
{
    for (size_t r = from; trace != NULL && r < trace->n; r++) { fork->row_arms[r] &= fork->arms; }
}

/* Rows of the trace are for all arms until their lineage's epoch is over. */
static void follow_rows(wp_sim *sim)
{
    wp_fork *fork = sim->fork;
    if (sim->trace == NULL) { return; }
    if (!wp_array_reserve(&fork->row_arms, &fork->row_capacity, sim->trace->n + 1, sizeof *fork->row_arms)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for life histories");
        return;
    }
    while (fork->n_rows < sim->trace->n) { fork->row_arms[fork->n_rows++] = UINT64_MAX; }
}

/* Counts the offers that the lineage has taken in for the arms that have made them and not left. Those of who
   has left are counted in their own lives: within an instant members of a family are taken in any order, so
   which offers come before a touch says nothing. */
static void count_offers(wp_sim *sim, const wp_stand *stand)
{
    wp_fork *fork = sim->fork;
    for (uint32_t bits = fork->has_offers & sim->shadow; bits != 0; bits &= bits - 1) {
        const int v = __builtin_ctz(bits);
        wp_sim_pay_programme(sim, WP_COUNT_OFFERS, v, fork->offers[v]);
        if (!fork->replays && !stand->takes_back) {
            wp_sinks_add_programme(&fork->sinks, fork->arms & fork->with[v], WP_COUNT_OFFERS, v, sim->year,
                                   sim->block.lineages[sim->lineage].batch, fork->offers[v]);
        }
    }
    fork->has_offers = 0;
}

void wp_fork_exact(wp_sim *sim, uint32_t l)
{
    wp_fork *fork = sim->fork;
    wp_stand *stand = &fork->stands[l];
    if (stand->arms == 0) { return; }
    wp_counts *const counts = sim->counts;
    wp_trace *const trace = sim->trace;
    const uint32_t arm = sim->arm, shadow = sim->shadow;
    const uint64_t arms = stand->takes_back ? stand->epoch_arms : stand->arms;
    const size_t first_touch = fork->n_touches, first_row = trace == NULL ? 0 : trace->n;
    if (stand->takes_back) { sim->trace = NULL; }
    sim->counts = counts_of(fork, stand);
    sim->arm = stand->in_force;
    sim->shadow = stand->offered & ~stand->in_force;
    fork->arms = arms;
    follow_rows(sim);
    wp_sim_exact(sim, l);
    count_offers(sim, stand);
    follow_rows(sim);
    const wp_counts_slice slice = {sim->year, sim->block.lineages[l].batch, stand->in_force};
    if (stand->takes_back) {
        wp_sinks_hand_out(&fork->sinks, stand->arms, fork->wide, slice, -1);
        fork->n_touches = first_touch;
    } else {
        if (sim->counts == &fork->sinks.apart) {
            wp_sinks_hand_out(&fork->sinks, arms, fork->wide, slice, 1);
        }
        own_rows(fork, sim->trace, first_row);
        if (fork->arms != arms) { stand_for_the_rest(sim, stand); }
    }
    sim->counts = counts;
    sim->trace = trace;
    sim->arm = arm;
    sim->shadow = shadow;
}

uint64_t wp_fork_arms_of(const wp_sim *sim, uint32_t l)
{
    return sim->fork == NULL ? 1 : sim->fork->stands[l].arms;
}

bool wp_fork_may_touch(const wp_sim *sim, const wp_fork_block *of, wp_tick start, wp_tick end)
{
    uint32_t shadow = 0;
    for (uint32_t l = 0; l < of->block.n_lineages; l++) {
        shadow |= of->stands[l].offered & ~of->stands[l].in_force;
    }
    for (; shadow != 0; shadow &= shadow - 1) {
        const wp_intervention_model *iv = &sim->model->interventions[__builtin_ctz(shadow)];
        if (!iv->intervention->everyone && iv->starts < end && iv->ends > start) { return true; }
    }
    return false;
}

/* ---- Offers ------------------------------------------------------------------------------------------ */

void wp_fork_touch(wp_sim *sim, int intervention)
{
    wp_fork *fork = sim->fork;
    const wp_stand *stand = &fork->stands[sim->lineage];
    const uint64_t leave = fork->arms & fork->with[intervention];
    if (fork->replays) {
        wp_sim_fail(sim, WP_ERR_RUN, "a life that is simulated again is touched where it was not before");
        return;
    }
    if (!wp_array_reserve(&fork->touches, &fork->touch_capacity, fork->n_touches + 1,
                          sizeof *fork->touches)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for forks");
        return;
    }
    fork->touches[fork->n_touches++] = (wp_touch){sim->lineage, intervention, leave, stand->arms};
    fork->arms &= ~leave;
    sim->shadow = offered_by(fork, fork->arms) & ~sim->arm;
}

void wp_fork_count_programme(wp_sim *sim, int what, int intervention, int64_t amount)
{
    wp_sinks *sinks = &sim->fork->sinks;
    const int sink = sim->fork->stands[sim->lineage].sink;
    const uint32_t batch = sim->block.lineages[sim->lineage].batch;
    if (sink == WP_SINK_NONE) { /* apart, or for nobody */
        wp_counts_add_programme(sim->counts, what, intervention, sim->year, batch, amount);
    } else {
        wp_sinks_add_programme(sinks, sinks->list[sink].arms, what, intervention, sim->year, batch, amount);
    }
}

void wp_fork_trace(wp_sim *sim, int intervention, uint32_t i, int event)
{
    wp_fork *fork = sim->fork;
    const wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    if (sim->trace == NULL || sim->status != WP_OK) { return; }
    const wp_trace_row row = {lineage->id, wp_sim_id(sim, kind, i), sim->now, event, (int8_t)kind};
    sim->status = wp_trace_add(sim->trace, row, &sim->err);
    if (sim->status != WP_OK) { return; }
    follow_rows(sim);
    if (sim->status == WP_OK) { fork->row_arms[fork->n_rows - 1] = fork->with[intervention]; }
}

/* ---- The end ----------------------------------------------------------------------------------------- */

void wp_fork_finish(wp_fork *fork, wp_sim *sim, wp_fork_block *of)
{
    if (sim->status != WP_OK) { return; }
    const wp_block own = sim->block;
    sim->block = of->block;
    const int year = sim->model->scenario->n_years;
    for (uint32_t l = 0; l < sim->block.n_lineages; l++) {
        const wp_stand *stand = &of->stands[l];
        if (stand->arms == 0) { continue; }
        find_sink(fork, of, l);
        sim->counts = counts_of(fork, stand);
        wp_sim_finish_lineage(sim, l);
        if (sim->counts == &fork->sinks.apart) {
            const wp_counts_slice slice = {year, sim->block.lineages[l].batch, 0};
            wp_sinks_hand_out(&fork->sinks, stand->arms, fork->wide, slice, 1);
        }
    }
    sim->block = own;
}
