/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forks of a piece. All of it goes from epoch to epoch together. A touch is found when the lineage's pass
   through the epoch is under way, and what it was at the epoch's start is gone then: so the touched live
   again from some earlier moment, many at a time and counted nowhere, which costs those who are touched and
   nobody else. Copies of them live on with the intervention in force, where another may touch; they
   themselves live the epoch of the touch again as they did, to take back what they counted for the arms that
   leave. */
#include "parallel/forked_piece.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

/* A lineage and the touch that makes it branch. */
typedef struct wp_branching {
    uint32_t origin, in_force;
    wp_touch touch;
} wp_branching;

/* ---- Memory ------------------------------------------------------------------------------------------ */

void wp_fork_piece_free(wp_fork_piece *self)
{
    wp_fork_block_free(&self->root);
    wp_fork_block_free(&self->branches);
}

wp_status wp_forker_init(wp_forker *self, wp_run_state *run, bool in_step, wp_error *err)
{
    wp_status status = WP_OK;
    uint32_t sets[WP_MAX_ARMS];
    memset(self, 0, sizeof *self);
    self->run = run;
    self->in_step = in_step;
    WP_TRY(wp_run_worker_init(run, &self->sim, &self->counts, 0, err));
    self->sim.trace = &self->trace;
    for (int a = 0; a < run->n_arms; a++) { sets[a] = run->scenario->arms[run->arms[a]].interventions; }
    WP_TRY(wp_fork_init(&self->fork, run->plan, run->n_arms, sets, &self->counts, err));
    const int n_values = self->sim.block.n_values;
    WP_TRY(wp_block_init(&self->founders, run->plan, err));
    self->founders.n_values = n_values;
    WP_TRY(wp_block_init(&self->kept, run->plan, err));
    self->kept.n_values = n_values;
    WP_TRY(wp_fork_block_init(&self->again, run->plan, n_values, err));
    WP_TRY(wp_fork_block_init(&self->fresh, run->plan, n_values, err));
    WP_TRY(wp_arm_values_init(&self->values, run->valuation, run->n_arms, self->fork.sets, err));
out:
    return status;
}

void wp_forker_free(wp_forker *self)
{
    wp_sim_free(&self->sim);
    wp_counts_free(&self->counts);
    wp_trace_free(&self->trace);
    wp_fork_free(&self->fork);
    wp_block_free(&self->founders);
    wp_block_free(&self->kept);
    wp_fork_piece_free(&self->piece);
    wp_fork_block_free(&self->again);
    wp_fork_block_free(&self->fresh);
    wp_arm_values_free(&self->values);
    free(self->branchings);
    memset(self, 0, sizeof *self);
}

/* ---- Branching --------------------------------------------------------------------------------------- */

static void note_failure(wp_forker *self, wp_status status)
{
    if (status != WP_OK && self->sim.status == WP_OK) { self->sim.status = status; }
}

/* Takes the touches of lineages of `of`, those of one lineage side by side; how many they are. */
static size_t take_touches(wp_forker *self, const wp_fork_block *of)
{
    const size_t n = self->fork.n_touches;
    self->fork.n_touches = 0;
    if (!wp_array_reserve(&self->branchings, &self->branching_capacity, n, sizeof *self->branchings)) {
        wp_sim_fail(&self->sim, WP_ERR_MEMORY, "not enough memory for forks");
        return 0;
    }
    for (size_t k = 0; k < n; k++) {
        const wp_touch *touch = &self->fork.touches[k];
        const wp_stand *stand = &of->stands[touch->lineage];
        self->branchings[k] = (wp_branching){stand->origin, stand->in_force, *touch};
    }
    return n;
}

/* The end of the branchings of the lineage that has the k-th. */
static size_t end_of_lineage(const wp_forker *self, size_t n, size_t k)
{
    const uint32_t lineage = self->branchings[k].touch.lineage;
    while (k < n && self->branchings[k].touch.lineage == lineage) { k++; }
    return k;
}

/* The end of the epoch that begins at `start`, for pieces on their own; the run's last instant is one. */
static wp_tick epoch_end(const wp_model *model, wp_tick start)
{
    if (start == model->end) { return start + 1; }
    return start + model->epoch < model->end ? start + model->epoch : model->end;
}

/* Lets the lineages of the branchings live from the last moment of which all are known up to `start`, which
   in step is that moment. */
static void live_again(wp_forker *self, size_t n, bool of_root, wp_tick start)
{
    const bool from_kept = self->in_step || (of_root && self->kept_at > 0);
    wp_block *from = from_kept ? &self->kept : &self->founders;
    wp_fork_block_clear(&self->again);
    self->fork.replays = true;
    for (size_t k = 0; k < n && self->sim.status == WP_OK; k = end_of_lineage(self, n, k)) {
        const wp_branching *b = &self->branchings[k];
        const uint32_t l = self->in_step ? b->touch.lineage : b->origin;
        note_failure(self, wp_fork_block_add(&self->again, &self->fork, from, l, b->origin,
                                             b->touch.epoch_arms, b->in_force, &self->sim.err));
    }
    const wp_tick known = self->in_step ? start : from_kept ? self->kept_at : 0;
    for (wp_tick at = known; at < start; at = epoch_end(self->run->model, at)) {
        wp_fork_epoch(&self->fork, &self->sim, &self->again, at, epoch_end(self->run->model, at));
        self->n_again += of_root ? self->again.block.n_lineages : 0;
    }
    self->fork.replays = false;
}

/* Adds a life to `into` for each touch, as it was at the epoch's start; what the lineage counted in the epoch
   for the arms that leave it is taken back. */
static void branch_off(wp_forker *self, size_t n, bool of_root, wp_fork_block *into, wp_tick start,
                       wp_tick end)
{
    if (n == 0) { return; }
    live_again(self, n, of_root, start);
    uint32_t l = 0;
    for (size_t k = 0; k < n && self->sim.status == WP_OK; l++) {
        const size_t next = end_of_lineage(self, n, k);
        uint64_t leave = 0;
        for (; k < next && self->sim.status == WP_OK; k++) {
            const wp_branching *b = &self->branchings[k];
            const uint32_t in_force = b->in_force | UINT32_C(1) << b->touch.intervention;
            leave |= b->touch.arms;
            note_failure(self, wp_fork_block_add(into, &self->fork, &self->again.block, l, b->origin,
                                                 b->touch.arms, in_force, &self->sim.err));
        }
        wp_fork_block_take_back(&self->again, l, leave);
    }
    wp_fork_epoch(&self->fork, &self->sim, &self->again, start, end);
}

static void keep_fresh(wp_forker *self, wp_fork_piece *of)
{
    for (uint32_t l = 0; l < self->fresh.block.n_lineages && self->sim.status == WP_OK; l++) {
        const wp_stand *stand = &self->fresh.stands[l];
        if (stand->arms == 0) { continue; }
        note_failure(self, wp_fork_block_add(&of->branches, &self->fork, &self->fresh.block, l,
                                             stand->origin, stand->arms, stand->in_force, &self->sim.err));
    }
}

/* Simulates a block through an epoch. How many touches there were. */
static size_t live(wp_forker *self, wp_fork_block *of, wp_tick start, wp_tick end)
{
    self->fork.n_touches = 0;
    if (self->in_step && wp_fork_may_touch(&self->sim, of, start, end)) {
        note_failure(self, wp_block_copy(&self->kept, &of->block, &self->sim.err));
    }
    wp_fork_epoch(&self->fork, &self->sim, of, start, end);
    return take_touches(self, of);
}

/* To keep the root as it is costs about as much as an eighth of its lineages' epoch does when it is lived
   again. So it is kept when so much has been lived again: nothing is, where nobody is touched. */
static void keep_root(wp_forker *self, wp_tick start)
{
    if (self->in_step || self->n_again * 8 <= (int64_t)self->piece.root.block.n_lineages) { return; }
    note_failure(self, wp_block_copy(&self->kept, &self->piece.root.block, &self->sim.err));
    self->kept_at = start;
    self->n_again = 0;
}

static void split_all(wp_forker *self, wp_fork_piece *of, wp_fork_block *from, int intervention)
{
    const uint32_t n = from->block.n_lineages;
    for (uint32_t l = 0; l < n && self->sim.status == WP_OK; l++) {
        note_failure(
            self, wp_fork_block_split(&of->branches, &self->fork, from, l, intervention, &self->sim.err));
    }
}

/* A programme for everyone touches all in the epoch in which it begins. */
static void begin_programmes(wp_forker *self, wp_fork_piece *of, wp_tick start, wp_tick end)
{
    const wp_model *model = self->run->model;
    for (int v = 0; v < model->n_interventions; v++) {
        const wp_tick begins = model->interventions[v].starts > 0 ? model->interventions[v].starts : 0;
        if (!model->interventions[v].intervention->everyone || begins < start || begins >= end) { continue; }
        split_all(self, of, &of->branches, v);
        split_all(self, of, &of->root, v);
    }
}

void wp_forker_live(wp_forker *self, wp_fork_piece *of, wp_tick start, wp_tick end)
{
    keep_root(self, start);
    begin_programmes(self, of, start, end);
    size_t n = live(self, &of->root, start, end);
    branch_off(self, n, true, &of->branches, start, end);
    n = live(self, &of->branches, start, end);
    while (n > 0 && self->sim.status == WP_OK) {
        wp_fork_block_clear(&self->fresh);
        branch_off(self, n, false, &self->fresh, start, end);
        n = live(self, &self->fresh, start, end);
        keep_fresh(self, of);
    }
}

/* ---- A piece ----------------------------------------------------------------------------------------- */

void wp_forker_found(wp_forker *self, wp_fork_piece *of, const wp_piece *piece)
{
    wp_sim *sim = &self->sim;
    const wp_block own = sim->block;
    if (of->root.block.plan == NULL) {
        note_failure(self, wp_fork_block_init(&of->root, self->run->plan, own.n_values, &sim->err));
    }
    wp_fork_block_clear(&of->branches);
    sim->arm = sim->shadow = 0;
    sim->counts = &self->fork.sinks.list[0].counts; /* the baseline's: founders are counted once */
    sim->block = of->root.block;
    if (sim->status == WP_OK) { wp_piece_settle(self->run, sim, piece); }
    of->root.block = sim->block;
    sim->block = own;
    if (sim->status == WP_OK) {
        note_failure(self, wp_fork_block_stand(&of->root, &self->fork, &sim->err));
    }
}

static void finish(wp_forker *self, const wp_fork_block *root, wp_fork_block *of)
{
    wp_fork_finish(&self->fork, &self->sim, of);
    for (uint32_t l = 0; l < of->block.n_lineages && self->sim.status == WP_OK; l++) {
        const wp_stand *stand = &of->stands[l];
        note_failure(self, wp_arm_values_take(&self->values, &root->block, stand->origin, &of->block, l,
                                              stand->arms, &self->sim.err));
    }
}

void wp_forker_finish(wp_forker *self, wp_fork_piece *of)
{
    finish(self, &of->root, &of->root);
    finish(self, &of->root, &of->branches);
}

void wp_forker_simulate(wp_forker *self, const wp_piece *piece)
{
    const wp_model *model = self->run->model;
    wp_sim *sim = &self->sim;
    sim->key = wp_key_make(self->run->options.seed, (uint32_t)piece->replicate, (uint32_t)self->run->draw);
    wp_forker_found(self, &self->piece, piece);
    if (sim->status == WP_OK) {
        note_failure(self, wp_block_copy(&self->founders, &self->piece.root.block, &sim->err));
    }
    self->kept_at = 0;
    self->n_again = 0;
    for (wp_tick at = 0; at <= model->end && sim->status == WP_OK; at = epoch_end(model, at)) {
        wp_forker_live(self, &self->piece, at, epoch_end(model, at));
    }
    wp_forker_finish(self, &self->piece);
}

/* ---- Giving ------------------------------------------------------------------------------------------ */

void wp_forker_tell(wp_forker *self)
{
    const double years = wp_sinks_person_years(&self->fork.sinks);
    self->run->person_years += years - self->years_told;
    self->run->n_done += self->fork.n_arms;
    self->years_told = years;
}

static wp_status give_trace(wp_forker *self, int arm, int replicate, wp_error *err)
{
    wp_trace *to =
        &self->run->traces[(size_t)arm * (size_t)self->run->options.replicates + (size_t)replicate];
    for (size_t r = 0; r < self->trace.n; r++) {
        if ((self->fork.row_arms[r] >> arm & 1) == 0) { continue; }
        const wp_status status = wp_trace_add(to, self->trace.rows[r], err);
        if (status != WP_OK) { return status; }
    }
    return WP_OK;
}

wp_status wp_forker_give(wp_forker *self, int replicate, wp_error *err)
{
    wp_status status = WP_OK;
    for (int a = 0; a < self->fork.n_arms; a++) {
        wp_sinks_sum(&self->fork.sinks, a, &self->counts);
        self->counts.person_ticks = 0; /* told already, as are the pieces done */
        wp_run_add(self->run, a, replicate, &self->counts);
        self->run->n_done--;
        WP_TRY(give_trace(self, a, replicate, err));
    }
    wp_arm_values_give(&self->values, self->run->valuation, self->run->options.replicates, replicate);
    wp_sinks_clear(&self->fork.sinks);
    self->years_told = 0.0;
    self->trace.n = self->fork.n_rows = 0;
out:
    return status;
}
