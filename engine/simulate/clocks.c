/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks and delays in the exact pass: holding, settling, ringing. */
#include "simulate/clocks.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "chance/elementary.h"
#include "simulate/smooth.h"
#include "simulate/spells.h"

static size_t base_of(const wp_sim *sim, const wp_calendar *calendar)
{
    return (size_t)(calendar - sim->calendars) * (size_t)sim->plan->max_clocks;
}

static const wp_process_model *process_of(const wp_sim *sim, const wp_calendar *calendar, int c)
{
    return &sim->model->processes[sim->model->kinds[calendar->kind].clocks[c]];
}

/* ---- Settling ------------------------------------------------------------------------------------------------ */

/* Hazard of a smooth clock from `from` to `to` at its present rate. */
static double smooth_hazard(const wp_sim *sim, const wp_calendar *calendar, const wp_smooth_hazard *smooth,
                            double rate, wp_tick from, wp_tick to)
{
    if (rate == 0.0) { return 0.0; }
    const double u = wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, from);
    const double v = wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, to);
    return rate * (wp_smooth_integral(smooth, v) - wp_smooth_integral(smooth, u));
}

static inline double used_hazard(const wp_sim *sim, const wp_calendar *calendar, int c, double rate,
                                 wp_tick from, wp_tick to)
{
    if (sim->plan->kinds[calendar->kind].has_smooth) {
        const wp_smooth_hazard *smooth = &process_of(sim, calendar, c)->smooth;
        if (smooth->kind != WP_SMOOTH_NONE) {
            return smooth_hazard(sim, calendar, smooth, rate, from, to);
        }
    }
    return rate * wp_years(to - from);
}

static void settle_clock(wp_sim *sim, const wp_calendar *calendar, int c, wp_tick to)
{
    const size_t k = base_of(sim, calendar) + (size_t)c;
    const double remaining =
        sim->remaining[k] - used_hazard(sim, calendar, c, sim->rate[k], sim->settled[k], to);
    sim->remaining[k] = remaining > 0.0 ? remaining : DBL_MIN;
    sim->settled[k] = to;
}

void wp_clocks_hold(wp_sim *sim, wp_calendar *calendar, int c)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t k = base_of(sim, calendar) + (size_t)c;
    const size_t at = (size_t)c * columns->capacity + calendar->index;
    wp_add_bit(&calendar->held, c);
    sim->remaining[k] = columns->remaining[at];
    sim->rate[k] = columns->rate[at];
    sim->settled[k] = sim->start;
    sim->rings[k] = WP_TICK_NEVER;
    if (calendar->turned != WP_TICK_NEVER) {
        settle_clock(sim, calendar, c, calendar->turned);
        sim->rate[k] = columns->older[at];
    }
}

/* Holds the clock, if it is not held already. */
static void ensure_held(wp_sim *sim, wp_calendar *calendar, int c)
{
    if (!wp_has_bit(&calendar->held, c)) { wp_clocks_hold(sim, calendar, c); }
}

void wp_clocks_begin(wp_sim *sim, wp_calendar *calendar)
{
    const size_t base = base_of(sim, calendar);
    calendar->held = sim->plan->kinds[calendar->kind].all_clocks;
    for (int c = 0; c < sim->model->kinds[calendar->kind].n_clocks; c++) {
        sim->remaining[base + (size_t)c] = 0.0;
        sim->rate[base + (size_t)c] = 0.0;
        sim->settled[base + (size_t)c] = sim->now;
        sim->rings[base + (size_t)c] = WP_TICK_NEVER;
    }
}

void wp_clocks_settle(wp_sim *sim, wp_calendar *calendar)
{
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) { settle_clock(sim, calendar, c, sim->now); }
}

void wp_sim_settle_smooth(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!sim->plan->kinds[kind].has_smooth) { return; }
    wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
    for (int c = 0; c < sim->model->kinds[kind].n_clocks; c++) {
        if (process_of(sim, calendar, c)->smooth.kind == WP_SMOOTH_NONE) { continue; }
        ensure_held(sim, calendar, c);
        settle_clock(sim, calendar, c, sim->now);
        wp_add_bit(&calendar->clocks, c);
    }
}

/* ---- Ringing -------------------------------------------------------------------------------------------------- */

/* Ticks from the last settling until the clock rings, when it is known to ring. */
static double ticks_to_ring(const wp_sim *sim, const wp_calendar *calendar, int c, size_t k)
{
    const wp_smooth_hazard *smooth = &process_of(sim, calendar, c)->smooth;
    const double needed = sim->remaining[k] / sim->rate[k];
    if (smooth->kind == WP_SMOOTH_NONE) { return needed * 0x1p32; }
    const double u =
        wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, sim->settled[k]);
    return (wp_smooth_inverse(smooth, wp_smooth_integral(smooth, u) + needed) - u) * 0x1p32;
}

/* Until the next moment at which the clock is settled anyway. */
static wp_tick segment_end(const wp_sim *sim, const wp_calendar *calendar)
{
    if (calendar->kind != WP_PERSON) { return sim->end; }
    const wp_tick birthday = sim->block.persons[calendar->index].birthday;
    return birthday < sim->end ? birthday : sim->end;
}

static void find_ring(wp_sim *sim, const wp_calendar *calendar, int c, wp_tick end)
{
    const size_t k = base_of(sim, calendar) + (size_t)c;
    sim->rings[k] = WP_TICK_NEVER;
    if (sim->closing || sim->rate[k] <= 0.0 || end <= sim->settled[k] ||
        sim->remaining[k] > used_hazard(sim, calendar, c, sim->rate[k], sim->settled[k], end)) {
        return;
    }
    const double ticks = ticks_to_ring(sim, calendar, c, k);
    const wp_tick last = end - 1 - sim->settled[k];
    sim->rings[k] = sim->settled[k] + (ticks < (double)last ? (wp_tick)ticks : last);
}

static void find_next_ring(wp_sim *sim, wp_calendar *calendar)
{
    const wp_kind *kind = &sim->model->kinds[calendar->kind];
    const wp_tick *rings = &sim->rings[base_of(sim, calendar)];
    wp_bits held = calendar->held;
    calendar->next_ring = WP_TICK_NEVER;
    calendar->ring_clock = -1;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        const bool tie = rings[c] == calendar->next_ring && calendar->ring_clock >= 0 &&
                         sim->model->processes[kind->clocks[c]].purpose_clock <
                             sim->model->processes[kind->clocks[calendar->ring_clock]].purpose_clock;
        if (rings[c] < calendar->next_ring || tie) {
            calendar->next_ring = rings[c];
            calendar->ring_clock = c;
        }
    }
}

void wp_clocks_find_rings(wp_sim *sim, wp_calendar *calendar)
{
    const wp_tick end = segment_end(sim, calendar);
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) { find_ring(sim, calendar, c, end); }
    find_next_ring(sim, calendar);
}

void wp_clocks_restart(wp_sim *sim, wp_calendar *calendar, int c, double threshold)
{
    const size_t k = base_of(sim, calendar) + (size_t)c;
    sim->remaining[k] = threshold;
    sim->settled[k] = sim->now;
    wp_add_bit(&calendar->clocks, c);
}

/* ---- Hazards that change ---------------------------------------------------------------------------------------- */

/* The hazard per year that clock c has had since it was last settled. */
static double past_rate(const wp_sim *sim, const wp_calendar *calendar, int c)
{
    if (wp_has_bit(&calendar->held, c)) { return sim->rate[base_of(sim, calendar) + (size_t)c]; }
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t at = (size_t)c * columns->capacity + calendar->index;
    return calendar->turned == WP_TICK_NEVER ? columns->rate[at] : columns->older[at];
}

/* Will the clock's hazard be another one a year of age later, in this epoch? What the vector pass found for then
   is not known to hold when a feature has changed. */
static bool has_birthday_ahead(const wp_sim *sim, const wp_calendar *calendar, int c)
{
    return calendar->kind == WP_PERSON && calendar->turned == WP_TICK_NEVER &&
           sim->block.persons[calendar->index].birthday < sim->end &&
           wp_has_bit(&sim->plan->kinds[WP_PERSON].dependents[0].clocks, c);
}

/* A clock that counts from when `when` became true starts with it and ends with it, whatever the factors. NULL
   where it goes on as it is; else where the instant is kept, which is to become *since. */
static wp_tick *turn_of_when(const wp_sim *sim, const wp_calendar *calendar, const wp_process_model *process,
                             wp_tick *since)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    if (!process->smooth.clock_is_when) { return NULL; }
    wp_tick *kept = &columns->since[(size_t)process->smooth.since * columns->capacity + calendar->index];
    const bool holds = wp_product_at(&process->when, columns, calendar->index) != 0.0;
    *since = holds ? sim->now : WP_TICK_NEVER;
    return holds == (*kept != WP_TICK_NEVER) ? NULL : kept;
}

static void update_clock(wp_sim *sim, wp_calendar *calendar, int c, wp_tick end)
{
    const wp_process_model *process = process_of(sim, calendar, c);
    const double rate =
        wp_product_at(&process->rate, &sim->block.columns[calendar->kind], calendar->index);
    const double before = past_rate(sim, calendar, c);
    wp_tick since = WP_TICK_NEVER;
    wp_tick *turns = turn_of_when(sim, calendar, process, &since);
    if (turns != NULL) { ensure_held(sim, calendar, c); }
    if (rate != before) {
        ensure_held(sim, calendar, c);
        settle_clock(sim, calendar, c, sim->now);
        sim->rate[base_of(sim, calendar) + (size_t)c] = rate;
    }
    if (turns != NULL) { *turns = since; }
    if (!wp_has_bit(&calendar->held, c)) {
        if (!has_birthday_ahead(sim, calendar, c)) { return; } /* all stays as the vector pass left it */
        wp_clocks_hold(sim, calendar, c);
    }
    find_ring(sim, calendar, c, end);
}

static void update_clocks(wp_sim *sim, wp_calendar *calendar)
{
    const wp_bits *all = &sim->plan->kinds[calendar->kind].all_clocks;
    const wp_tick end = segment_end(sim, calendar);
    wp_bits changed, others;
    for (int w = 0; w < 2; w++) {
        changed.word[w] = calendar->clocks.word[w] & all->word[w];
        others.word[w] = calendar->birthday ? calendar->held.word[w] & ~changed.word[w] : 0;
    }
    for (int c; (c = wp_take_bit(&changed)) >= 0;) { update_clock(sim, calendar, c, end); }
    for (int c; (c = wp_take_bit(&others)) >= 0;) { find_ring(sim, calendar, c, end); }
    find_next_ring(sim, calendar);
}

/* ---- Delays -------------------------------------------------------------------------------------------------- */

static void update_delay(wp_sim *sim, const wp_calendar *calendar, int d)
{
    const wp_subject_kind kind = calendar->kind;
    const uint32_t i = calendar->index;
    const wp_process_model *process = &sim->model->processes[sim->model->kinds[kind].delays[d]];
    wp_columns *columns = &sim->block.columns[kind];
    double *held = &columns->delay_factor[(size_t)d * columns->capacity + i];
    const wp_tick due = columns->timer[(size_t)process->timer * columns->capacity + i];
    if (wp_product_at(&process->when, columns, i) == 0.0) {
        if (*held != 0.0) { wp_sim_set_timer(sim, kind, i, process->timer, WP_TICK_NEVER); }
        *held = 0.0;
        return;
    }
    const double factor = wp_product_at(&process->delay_factor, columns, i);
    if (*held == 0.0) {
        uint16_t *draws = &columns->delay_draws[(size_t)d * columns->capacity + i];
        const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), process->purpose_delay, (*draws)++);
        const double scale = wp_product_at(&process->delay_scale, columns, i);
        const double years = process->spell_variable >= 0 && sim->now == 0
                                 ? wp_sim_rest_of_spell(sim, process, i, scale * factor, u)
                                 : scale * wp_quantile_table_at(process->delay_table, u) * factor;
        const wp_tick at = years < 1e6 ? sim->now + (wp_tick)(years * 0x1p32 + 0.5) : WP_TICK_NEVER;
        wp_sim_set_timer(sim, kind, i, process->timer, at);
    } else if (factor != *held && due != WP_TICK_NEVER) { /* rescales what remains */
        const wp_tick left = (wp_tick)((double)(due - sim->now) * (factor / *held) + 0.5);
        wp_sim_set_timer(sim, kind, i, process->timer, sim->now + left);
    }
    *held = factor;
}

/* ---- After an instant ------------------------------------------------------------------------------------------ */

void wp_clocks_find_timer(wp_sim *sim, wp_calendar *calendar)
{
    wp_columns *columns = &sim->block.columns[calendar->kind];
    wp_tick next = WP_TICK_NEVER;
    for (int t = 0; t < sim->model->kinds[calendar->kind].n_timers; t++) {
        const wp_tick due = columns->timer[(size_t)t * columns->capacity + calendar->index];
        next = due < next ? due : next;
    }
    columns->next_timer[calendar->index] = next;
    if (calendar->kind == WP_PERSON) {
        const wp_tick birthday = sim->block.persons[calendar->index].birthday;
        next = birthday < next ? birthday : next;
    }
    calendar->next_timer = next;
}

void wp_clocks_update(wp_sim *sim, wp_calendar *calendar)
{
    if (wp_has_bits(&calendar->clocks) || calendar->birthday) {
        update_clocks(sim, calendar);
        calendar->clocks = (wp_bits){{0, 0}};
        calendar->birthday = false;
    }
    if (wp_has_bits(&calendar->delays)) {
        wp_bits delays = calendar->delays;
        const wp_bits *all = &sim->plan->kinds[calendar->kind].all_delays;
        for (int w = 0; w < 2; w++) { delays.word[w] &= all->word[w]; }
        calendar->delays = (wp_bits){{0, 0}};
        for (int d; (d = wp_take_bit(&delays)) >= 0;) { update_delay(sim, calendar, d); }
    }
    if (calendar->timers) {
        calendar->timers = false;
        wp_clocks_find_timer(sim, calendar);
    }
}

void wp_clocks_finish(wp_sim *sim, wp_calendar *calendar)
{
    if (sim->closing) { return; }
    wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t base = base_of(sim, calendar);
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        settle_clock(sim, calendar, c, sim->end);
        columns->later[(size_t)c * columns->capacity + calendar->index] = sim->remaining[base + (size_t)c];
    }
}
