/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks and delays in the exact pass: holding, settling, ringing. */
#include "simulate/clocks.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "chance/elementary.h"
#include "simulate/smooth.h"
#include "simulate/spells.h"

static const wp_clock_plan *plan_of(const wp_sim *sim, const wp_calendar *calendar, int c)
{
    return &sim->plan->kinds[calendar->kind].clocks[c];
}

static wp_held_clock *held_clock(const wp_sim *sim, const wp_calendar *calendar, int c)
{
    return &sim->clocks[calendar->first_clock + (size_t)c];
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

/* Hazard that clock c uses up from its last settling to `to`. */
static inline double used_hazard(const wp_sim *sim, const wp_calendar *calendar, int c,
                                 const wp_held_clock *clock, wp_tick to)
{
    const wp_smooth_hazard *smooth = plan_of(sim, calendar, c)->smooth;
    if (smooth != NULL) { return smooth_hazard(sim, calendar, smooth, clock->rate, clock->settled, to); }
    return clock->rate * wp_years(to - clock->settled);
}

static inline void settle_clock(const wp_sim *sim, const wp_calendar *calendar, int c, wp_held_clock *clock,
                                wp_tick to)
{
    const double remaining = clock->remaining - used_hazard(sim, calendar, c, clock, to);
    clock->remaining = remaining > 0.0 ? remaining : DBL_MIN;
    clock->settled = to;
}

wp_held_clock *wp_clocks_hold(wp_sim *sim, wp_calendar *calendar, int c)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t at = (size_t)c * columns->capacity + calendar->index;
    wp_held_clock *clock = held_clock(sim, calendar, c);
    wp_add_bit(&calendar->held, c);
    *clock = (wp_held_clock){columns->remaining[at], columns->rate[at], sim->start, WP_TICK_NEVER};
    if (calendar->turned != WP_TICK_NEVER) {
        settle_clock(sim, calendar, c, clock, calendar->turned);
        clock->rate = columns->older[at];
    }
    return clock;
}

/* Holds the clock, if it is not held already. */
static wp_held_clock *ensure_held(wp_sim *sim, wp_calendar *calendar, int c)
{
    return wp_has_bit(&calendar->held, c) ? held_clock(sim, calendar, c) : wp_clocks_hold(sim, calendar, c);
}

void wp_clocks_begin(wp_sim *sim, wp_calendar *calendar)
{
    calendar->held = sim->plan->kinds[calendar->kind].all_clocks;
    for (int c = 0; c < sim->model->kinds[calendar->kind].n_clocks; c++) {
        *held_clock(sim, calendar, c) = (wp_held_clock){0.0, 0.0, sim->now, WP_TICK_NEVER};
    }
}

void wp_clocks_settle(wp_sim *sim, wp_calendar *calendar)
{
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        settle_clock(sim, calendar, c, held_clock(sim, calendar, c), sim->now);
    }
}

void wp_sim_settle_smooth(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!sim->plan->kinds[kind].has_smooth) { return; }
    wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
    for (int c = 0; c < sim->model->kinds[kind].n_clocks; c++) {
        if (plan_of(sim, calendar, c)->smooth == NULL) { continue; }
        settle_clock(sim, calendar, c, ensure_held(sim, calendar, c), sim->now);
        wp_add_bit(&calendar->clocks, c);
    }
}

/* ---- Ringing -------------------------------------------------------------------------------------------------- */

/* Ticks from the last settling until the clock rings, when it is known to ring. */
static double ticks_to_ring(const wp_sim *sim, const wp_calendar *calendar, int c, const wp_held_clock *clock)
{
    const wp_smooth_hazard *smooth = plan_of(sim, calendar, c)->smooth;
    const double needed = clock->remaining / clock->rate;
    if (smooth == NULL) { return needed * 0x1p32; }
    const double u = wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, clock->settled);
    return (wp_smooth_inverse(smooth, wp_smooth_integral(smooth, u) + needed) - u) * 0x1p32;
}

/* Until the next moment at which the clock is settled anyway. */
static wp_tick segment_end(const wp_sim *sim, const wp_calendar *calendar)
{
    if (calendar->kind != WP_PERSON) { return sim->end; }
    const wp_tick birthday = sim->block.persons[calendar->index].birthday;
    return birthday < sim->end ? birthday : sim->end;
}

static inline void find_ring(const wp_sim *sim, const wp_calendar *calendar, int c, wp_held_clock *clock,
                             wp_tick end)
{
    clock->rings = WP_TICK_NEVER;
    if (sim->closing || clock->rate <= 0.0 || end <= clock->settled ||
        clock->remaining > used_hazard(sim, calendar, c, clock, end)) {
        return;
    }
    const double ticks = ticks_to_ring(sim, calendar, c, clock);
    const wp_tick last = end - 1 - clock->settled;
    clock->rings = clock->settled + (ticks < (double)last ? (wp_tick)ticks : last);
}

static void find_next_ring(const wp_sim *sim, wp_calendar *calendar)
{
    const wp_clock_plan *plan = sim->plan->kinds[calendar->kind].clocks;
    wp_bits held = calendar->held;
    wp_tick next = WP_TICK_NEVER;
    int first = -1;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        const wp_tick rings = held_clock(sim, calendar, c)->rings;
        if (rings < next || (rings == next && first >= 0 && plan[c].purpose < plan[first].purpose)) {
            next = rings;
            first = c;
        }
    }
    calendar->next_ring = next;
    calendar->ring_clock = first;
}

void wp_clocks_find_rings(wp_sim *sim, wp_calendar *calendar)
{
    const wp_tick end = segment_end(sim, calendar);
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        find_ring(sim, calendar, c, held_clock(sim, calendar, c), end);
    }
    find_next_ring(sim, calendar);
}

void wp_clocks_restart(wp_sim *sim, wp_calendar *calendar, int c, double threshold)
{
    wp_held_clock *clock = held_clock(sim, calendar, c);
    clock->remaining = threshold;
    clock->settled = sim->now;
    wp_add_bit(&calendar->clocks, c);
}

/* ---- Hazards that change ---------------------------------------------------------------------------------------- */

/* The hazard per year that clock c, which is not held, has had since it was last settled. */
static double unheld_rate(const wp_sim *sim, const wp_calendar *calendar, int c)
{
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
static wp_tick *turn_of_when(const wp_sim *sim, const wp_calendar *calendar, int c, wp_tick *since)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const wp_clock_plan *plan = plan_of(sim, calendar, c);
    if (plan->smooth == NULL || !plan->smooth->clock_is_when) { return NULL; }
    wp_tick *kept = &columns->since[(size_t)plan->smooth->since * columns->capacity + calendar->index];
    const bool holds =
        wp_product_at(&sim->model->processes[plan->process].when, columns, calendar->index) != 0.0;
    *since = holds ? sim->now : WP_TICK_NEVER;
    return holds == (*kept != WP_TICK_NEVER) ? NULL : kept;
}

static inline void update_clock(wp_sim *sim, wp_calendar *calendar, int c, wp_tick end)
{
    const double rate = wp_product_at(plan_of(sim, calendar, c)->rate, &sim->block.columns[calendar->kind],
                                      calendar->index);
    wp_tick since = WP_TICK_NEVER;
    wp_tick *turns = turn_of_when(sim, calendar, c, &since);
    if (!wp_has_bit(&calendar->held, c)) {
        if (turns == NULL && rate == unheld_rate(sim, calendar, c) && !has_birthday_ahead(sim, calendar, c)) {
            return; /* all stays as the vector pass left it */
        }
        wp_clocks_hold(sim, calendar, c);
    }
    wp_held_clock *clock = held_clock(sim, calendar, c);
    if (rate != clock->rate) {
        settle_clock(sim, calendar, c, clock, sim->now);
        clock->rate = rate;
    }
    if (turns != NULL) { *turns = since; }
    find_ring(sim, calendar, c, clock, end);
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
    for (int c; (c = wp_take_bit(&others)) >= 0;) {
        find_ring(sim, calendar, c, held_clock(sim, calendar, c), end);
    }
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
    wp_bits held = calendar->held;
    for (int c; (c = wp_take_bit(&held)) >= 0;) {
        wp_held_clock *clock = held_clock(sim, calendar, c);
        settle_clock(sim, calendar, c, clock, sim->end);
        columns->later[(size_t)c * columns->capacity + calendar->index] = clock->remaining;
    }
}
