/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact pass: one lineage through one epoch, event by event, in order of time.

   A clock is settled only at the epoch's end, at its person's birthdays, and when its own hazard changes
   bitwise. Between, it keeps the tick at which it will ring: so the bits of a life do not depend on what
   else happens, and the vector pass, which settles at the same moments, gives the same. */
#include "simulate/sim.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "chance/elementary.h"
#include "simulate/smooth.h"

enum { MAX_INSTANTS_AT_ONCE = 10000 };

/* ---- Calendars ------------------------------------------------------------------------------------------- */

static uint32_t *slot_of(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return &sim->block.persons[i].slot;
    case WP_HOUSEHOLD: return &sim->block.households[i].slot;
    default: return &sim->block.couples[i].slot;
    }
}


static bool reserve(wp_sim *sim, size_t n)
{
    if (!wp_array_reserve(&sim->calendars, &sim->calendar_capacity, n, sizeof *sim->calendars)) {
        return false;
    }
    const size_t wanted = sim->calendar_capacity * (size_t)sim->plan->max_clocks;
    size_t capacity[4] = {sim->clock_capacity, sim->clock_capacity, sim->clock_capacity,
                          sim->clock_capacity};
    if (wanted <= sim->clock_capacity) { return true; }
    if (!wp_array_reserve(&sim->remaining, &capacity[0], wanted, sizeof *sim->remaining) ||
        !wp_array_reserve(&sim->rate, &capacity[1], wanted, sizeof *sim->rate) ||
        !wp_array_reserve(&sim->settled, &capacity[2], wanted, sizeof *sim->settled) ||
        !wp_array_reserve(&sim->rings, &capacity[3], wanted, sizeof *sim->rings)) {
        return false;
    }
    sim->clock_capacity = wanted;
    return true;
}

/* Adds a calendar without clocks. */
static bool add_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!reserve(sim, (size_t)sim->n_calendars + 1)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for a large family");
        return false;
    }
    const uint32_t slot = sim->n_calendars++;
    *slot_of(sim, kind, i) = slot;
    sim->calendars[slot] = (wp_calendar){.kind = kind,
                                         .index = i,
                                         .next_timer = WP_TICK_NEVER,
                                         .next_ring = WP_TICK_NEVER,
                                         .ring_clock = -1,
                                         .counted_to = sim->now,
                                         .timers = true};
    return true;
}

void wp_sim_join_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!add_calendar(sim, kind, i)) { return; }
    const size_t base = (size_t)*slot_of(sim, kind, i) * (size_t)sim->plan->max_clocks;
    for (int c = 0; c < sim->model->kinds[kind].n_clocks; c++) {
        sim->remaining[base + (size_t)c] = 0.0;
        sim->rate[base + (size_t)c] = 0.0;
        sim->settled[base + (size_t)c] = sim->now;
        sim->rings[base + (size_t)c] = WP_TICK_NEVER;
    }
}

static size_t base_of(const wp_sim *sim, const wp_calendar *calendar)
{
    return (size_t)(calendar - sim->calendars) * (size_t)sim->plan->max_clocks;
}

static const wp_smooth_hazard *smooth_of(const wp_sim *sim, wp_subject_kind kind, int clock)
{
    return &sim->model->processes[sim->model->kinds[kind].clocks[clock]].smooth;
}

/* ---- Clocks ------------------------------------------------------------------------------------------------- */

/* Hazard that clock c uses from `from` to `to` at its present rate. */
static double used_hazard(const wp_sim *sim, const wp_calendar *calendar, int c, double rate, wp_tick from,
                          wp_tick to)
{
    const wp_smooth_hazard *smooth = smooth_of(sim, calendar->kind, c);
    if (smooth->kind == WP_SMOOTH_NONE) { return rate * wp_years(to - from); }
    if (rate == 0.0) { return 0.0; }
    const double u = wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, from);
    const double v = wp_smooth_clock(sim, calendar->kind, calendar->index, smooth, to);
    return rate * (wp_smooth_integral(smooth, v) - wp_smooth_integral(smooth, u));
}

static void settle_clock(wp_sim *sim, const wp_calendar *calendar, int c, wp_tick to)
{
    const size_t k = base_of(sim, calendar) + (size_t)c;
    double remaining =
        sim->remaining[k] - used_hazard(sim, calendar, c, sim->rate[k], sim->settled[k], to);
    sim->remaining[k] = remaining > 0.0 ? remaining : DBL_MIN;
    sim->settled[k] = to;
}

/* Ticks from the last settling until the clock rings, when it is known to ring. */
static double ticks_to_ring(const wp_sim *sim, const wp_calendar *calendar, int c, size_t k)
{
    const wp_smooth_hazard *smooth = smooth_of(sim, calendar->kind, c);
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

/* The hazard of a clock as the subject is now; a clock of its own time starts when it rises above zero. */
static double present_rate(wp_sim *sim, const wp_calendar *calendar, int c, double before)
{
    wp_columns *columns = &sim->block.columns[calendar->kind];
    const wp_process_model *process =
        &sim->model->processes[sim->model->kinds[calendar->kind].clocks[c]];
    const double rate = wp_product_at(&process->rate, columns, calendar->index);
    if (process->smooth.kind != WP_SMOOTH_NONE && process->smooth.clock_is_when && rate > 0.0 &&
        before == 0.0) {
        columns->since[(size_t)process->smooth.since * columns->capacity + calendar->index] = sim->now;
    }
    return rate;
}

static void update_clock(wp_sim *sim, const wp_calendar *calendar, int c, wp_tick end)
{
    const size_t k = base_of(sim, calendar) + (size_t)c;
    const double rate = present_rate(sim, calendar, c, sim->rate[k]);
    if (rate != sim->rate[k]) {
        settle_clock(sim, calendar, c, sim->now);
        sim->rate[k] = rate;
    }
    find_ring(sim, calendar, c, end);
}

static void find_next_ring(wp_sim *sim, wp_calendar *calendar)
{
    const wp_kind *kind = &sim->model->kinds[calendar->kind];
    const wp_tick *rings = &sim->rings[base_of(sim, calendar)];
    calendar->next_ring = WP_TICK_NEVER;
    calendar->ring_clock = -1;
    for (int c = 0; c < kind->n_clocks; c++) {
        const bool tie = rings[c] == calendar->next_ring && calendar->ring_clock >= 0 &&
                         sim->model->processes[kind->clocks[c]].purpose_clock <
                             sim->model->processes[kind->clocks[calendar->ring_clock]].purpose_clock;
        if (rings[c] < calendar->next_ring || tie) {
            calendar->next_ring = rings[c];
            calendar->ring_clock = c;
        }
    }
}

void wp_sim_settle_smooth(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!sim->plan->kinds[kind].has_smooth) { return; }
    wp_calendar *calendar = wp_sim_calendar(sim, kind, i);
    for (int c = 0; c < sim->model->kinds[kind].n_clocks; c++) {
        if (smooth_of(sim, kind, c)->kind == WP_SMOOTH_NONE) { continue; }
        settle_clock(sim, calendar, c, sim->now);
        calendar->clocks.word[c / 64] |= (uint64_t)1 << (c % 64);
    }
}

void wp_sim_settle_birthday(wp_sim *sim, uint32_t person)
{
    wp_calendar *calendar = wp_sim_calendar(sim, WP_PERSON, person);
    for (int c = 0; c < sim->model->kinds[WP_PERSON].n_clocks; c++) {
        settle_clock(sim, calendar, c, sim->now);
    }
    calendar->birthday = true;
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
        const double years = wp_product_at(&process->delay_scale, columns, i) *
                             wp_quantile_table_at(process->delay_table, u) * factor;
        const wp_tick at = years < 1e6 ? sim->now + (wp_tick)(years * 0x1p32 + 0.5) : WP_TICK_NEVER;
        wp_sim_set_timer(sim, kind, i, process->timer, at);
    } else if (factor != *held && due != WP_TICK_NEVER) { /* rescales what remains */
        const wp_tick left = (wp_tick)((double)(due - sim->now) * (factor / *held) + 0.5);
        wp_sim_set_timer(sim, kind, i, process->timer, sim->now + left);
    }
    *held = factor;
}

/* ---- After an instant ------------------------------------------------------------------------------------------ */

static void find_next_timer(wp_sim *sim, wp_calendar *calendar)
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

static void settle_calendar(wp_sim *sim, wp_calendar *calendar)
{
    if (calendar->asleep) { return; }
    if (!wp_sim_is_alive(sim, calendar->kind, calendar->index)) {
        calendar->next_ring = calendar->next_timer = WP_TICK_NEVER;
        return;
    }
    const wp_kind *kind = &sim->model->kinds[calendar->kind];
    const wp_bits clocks = calendar->clocks, delays = calendar->delays;
    calendar->clocks = calendar->delays = (wp_bits){{0, 0}};
    if ((clocks.word[0] | clocks.word[1]) != 0 || calendar->birthday) {
        const wp_tick end = segment_end(sim, calendar);
        for (int c = 0; c < kind->n_clocks; c++) {
            if (clocks.word[c / 64] >> (c % 64) & 1) {
                update_clock(sim, calendar, c, end);
            } else if (calendar->birthday) {
                find_ring(sim, calendar, c, end);
            }
        }
        calendar->birthday = false;
        find_next_ring(sim, calendar);
    }
    if ((delays.word[0] | delays.word[1]) != 0) {
        for (int d = 0; d < kind->n_delays; d++) {
            if (delays.word[d / 64] >> (d % 64) & 1) { update_delay(sim, calendar, d); }
        }
    }
    if (calendar->timers) {
        calendar->timers = false;
        find_next_timer(sim, calendar);
    }
}

void wp_sim_settle_instant(wp_sim *sim)
{
    wp_sim_refresh(sim);
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.stops) {
            sim->calendars[c].stops = false;
            wp_sim_check_stops(sim, calendar.kind, calendar.index);
        }
    }
    wp_sim_refresh(sim);
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        settle_calendar(sim, &sim->calendars[c]);
    }
}

/* ---- Waking --------------------------------------------------------------------------------------------------------- */

/* May the subject sleep through this epoch, as long as nothing touches it? */
static bool may_sleep(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (sim->exact_only || sim->closing || wp_sim_is_due(sim, kind, i)) { return false; }
    return kind != WP_PERSON || sim->block.persons[i].birthday != sim->start;
}

static void load_clocks(wp_sim *sim, const wp_calendar *calendar)
{
    const wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t base = base_of(sim, calendar);
    for (int c = 0; c < sim->model->kinds[calendar->kind].n_clocks; c++) {
        const size_t column = (size_t)c * columns->capacity + calendar->index;
        sim->remaining[base + (size_t)c] = columns->remaining[column];
        sim->rate[base + (size_t)c] = columns->rate[column];
        sim->settled[base + (size_t)c] = sim->start;
        sim->rings[base + (size_t)c] = WP_TICK_NEVER;
    }
}

/* The birthday that a sleeping person has had in this epoch. */
static void catch_up_birthday(wp_sim *sim, wp_calendar *calendar)
{
    const uint32_t i = calendar->index;
    const wp_columns *columns = &sim->block.columns[WP_PERSON];
    const wp_tick birthday = sim->block.persons[i].birthday;
    const size_t base = base_of(sim, calendar);
    wp_sim_count_span(sim, WP_PERSON, i, birthday - sim->start);
    calendar->counted_to = birthday;
    wp_sim_grow_older(sim, i);
    for (int c = 0; c < sim->model->kinds[WP_PERSON].n_clocks; c++) {
        settle_clock(sim, calendar, c, birthday);
        sim->rate[base + (size_t)c] = wp_product_at(
            &sim->model->processes[sim->model->kinds[WP_PERSON].clocks[c]].rate, columns, i);
    }
}

static void wake(wp_sim *sim, wp_calendar *calendar)
{
    calendar->asleep = false;
    calendar->counted_to = sim->start;
    load_clocks(sim, calendar);
    if (calendar->kind == WP_PERSON && sim->block.persons[calendar->index].birthday <= sim->now) {
        catch_up_birthday(sim, calendar);
    }
    find_next_timer(sim, calendar);
}

wp_calendar *wp_sim_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    wp_calendar *calendar = &sim->calendars[*slot_of(sim, kind, i)];
    if (calendar->asleep) { wake(sim, calendar); }
    return calendar;
}

void wp_sim_wake_all(wp_sim *sim)
{
    for (uint32_t s = 0; s < sim->n_calendars; s++) {
        if (sim->calendars[s].asleep) { wake(sim, &sim->calendars[s]); }
    }
}

/* ---- A lineage through an epoch ----------------------------------------------------------------------------------- */

static void load(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!add_calendar(sim, kind, i)) { return; }
    wp_calendar *calendar = &sim->calendars[*slot_of(sim, kind, i)];
    if (may_sleep(sim, kind, i)) {
        calendar->asleep = true;
        calendar->timers = false;
        return;
    }
    load_clocks(sim, calendar);
    const wp_tick end = segment_end(sim, calendar);
    for (int c = 0; c < sim->model->kinds[kind].n_clocks; c++) { find_ring(sim, calendar, c, end); }
    find_next_ring(sim, calendar);
    calendar->timers = false;
    calendar->next_timer = sim->block.columns[kind].next_timer[i];
    if (kind == WP_PERSON && sim->block.persons[i].birthday < calendar->next_timer) {
        calendar->next_timer = sim->block.persons[i].birthday;
    }
}

static void load_lineage(wp_sim *sim, uint32_t l)
{
    sim->lineage = l;
    sim->n_calendars = 0;
    sim->now = sim->start;
    sim->stale = 0;
    sim->left_alone = false;
    const wp_lineage *lineage = &sim->block.lineages[l];
    for (uint32_t p = lineage->first[WP_PERSON]; p != WP_NOBODY; p = sim->block.persons[p].next_in_lineage) {
        if (sim->block.persons[p].alive) { load(sim, WP_PERSON, p); }
    }
    for (uint32_t h = lineage->first[WP_HOUSEHOLD]; h != WP_NOBODY;
         h = sim->block.households[h].next_in_lineage) {
        if (sim->block.households[h].alive) { load(sim, WP_HOUSEHOLD, h); }
    }
    for (uint32_t c = lineage->first[WP_COUPLE]; c != WP_NOBODY; c = sim->block.couples[c].next_in_lineage) {
        if (sim->block.couples[c].alive) { load(sim, WP_COUPLE, c); }
    }
}

/* Uses up every clock to the epoch's end and writes it into the column of what is left then. */
static void finish_subject(wp_sim *sim, const wp_calendar *calendar)
{
    wp_columns *columns = &sim->block.columns[calendar->kind];
    const size_t base = base_of(sim, calendar);
    for (int c = 0; c < sim->model->kinds[calendar->kind].n_clocks; c++) {
        if (!sim->closing) { settle_clock(sim, calendar, c, sim->end); }
        columns->later[(size_t)c * columns->capacity + calendar->index] = sim->remaining[base + (size_t)c];
    }
}

static void finish_lineage(wp_sim *sim)
{
    sim->now = sim->end;
    for (uint32_t s = 0; s < sim->n_calendars; s++) {
        const wp_calendar *calendar = &sim->calendars[s];
        if (!wp_sim_is_alive(sim, calendar->kind, calendar->index)) { continue; }
        if (calendar->asleep) {
            wp_sim_pass_quietly(sim, calendar->kind, calendar->index);
            continue;
        }
        finish_subject(sim, calendar);
        if (!sim->closing) { wp_sim_count_time(sim, calendar->kind, calendar->index); }
    }
}

static void ring(wp_sim *sim, uint32_t s)
{
    const wp_calendar calendar = sim->calendars[s];
    const int c = calendar.ring_clock;
    const int process = sim->model->kinds[calendar.kind].clocks[c];
    const wp_process_model *model = &sim->model->processes[process];
    wp_columns *columns = &sim->block.columns[calendar.kind];
    const size_t slot = (size_t)sim->plan->process_slot[process];
    const uint32_t occurrence = columns->occurrence[slot * columns->capacity + calendar.index];
    const size_t k = (size_t)s * (size_t)sim->plan->max_clocks + (size_t)c;
    sim->remaining[k] = wp_exponential(sim->key, wp_sim_id(sim, calendar.kind, calendar.index),
                                       model->purpose_clock, occurrence + 1);
    sim->settled[k] = sim->now;
    sim->calendars[s].clocks.word[c / 64] |= (uint64_t)1 << (c % 64);
    const int answer = wp_sim_choose(sim, process, calendar.index, occurrence);
    wp_sim_happen(sim, process, calendar.index, answer);
    wp_sim_cascade(sim);
}

/* Is what calendar a has at its next tick before what b has? Ties by id, then purpose. */
static bool rings_before(const wp_sim *sim, const wp_calendar *a, const wp_calendar *b)
{
    if (a->next_ring != b->next_ring) { return a->next_ring < b->next_ring; }
    const uint64_t x = wp_sim_id(sim, a->kind, a->index), y = wp_sim_id(sim, b->kind, b->index);
    if (x != y) { return x < y; }
    const wp_process_model *processes = sim->model->processes;
    return processes[sim->model->kinds[a->kind].clocks[a->ring_clock]].purpose_clock <
           processes[sim->model->kinds[b->kind].clocks[b->ring_clock]].purpose_clock;
}

/* The lineage's next tick; *ringing becomes the calendar that rings then, or UINT32_MAX for an instant, and
   then *alone the only calendar with a timer due, or UINT32_MAX. */
static wp_tick next_tick(const wp_sim *sim, int global, uint32_t *ringing, uint32_t *alone)
{
    wp_tick timer = global < sim->globals_to ? sim->plan->globals[global].tick : WP_TICK_NEVER;
    uint32_t first = UINT32_MAX;
    *alone = UINT32_MAX;
    for (uint32_t s = 0; s < sim->n_calendars; s++) {
        const wp_calendar *calendar = &sim->calendars[s];
        if (calendar->next_timer <= timer) {
            *alone = calendar->next_timer < timer ? s : UINT32_MAX;
            timer = calendar->next_timer;
        }
        if (calendar->next_ring != WP_TICK_NEVER &&
            (first == UINT32_MAX || rings_before(sim, calendar, &sim->calendars[first]))) {
            first = s;
        }
    }
    const wp_tick rings = first == UINT32_MAX ? WP_TICK_NEVER : sim->calendars[first].next_ring;
    *ringing = timer <= rings ? UINT32_MAX : first;
    return timer <= rings ? timer : rings;
}

/* Is all that is due for this calendar, alone, a birthday that nobody else notices? */
static bool is_plain_birthday(const wp_sim *sim, uint32_t s)
{
    if (s == UINT32_MAX || sim->calendars[s].kind != WP_PERSON) { return false; }
    const uint32_t i = sim->calendars[s].index;
    return sim->block.persons[i].birthday == sim->now &&
           sim->block.columns[WP_PERSON].next_timer[i] > sim->now &&
           !wp_sim_others_notice_birthday(sim, i);
}

static void advance(wp_sim *sim, int global)
{
    int n_here = 0;
    wp_tick here = -1;
    while (sim->status == WP_OK) {
        uint32_t ringing = UINT32_MAX, alone = UINT32_MAX;
        wp_tick next = next_tick(sim, global, &ringing, &alone);
        if (here < 0 && sim->block.lineages[sim->lineage].answered) {
            next = sim->start; /* a pool's answers come first */
            ringing = alone = UINT32_MAX;
        }
        if (next >= sim->end) { break; }
        n_here = next == here ? n_here + 1 : 0;
        here = sim->now = next;
        if (n_here > MAX_INSTANTS_AT_ONCE) {
            wp_sim_fail(sim, WP_ERR_RUN, "something happens again and again at one instant, %.6f years in",
                        wp_years(next));
        }
        if (ringing == UINT32_MAX && is_plain_birthday(sim, alone)) {
            wp_sim_have_birthday(sim, sim->calendars[alone].index);
            settle_calendar(sim, &sim->calendars[alone]);
            continue;
        }
        if (ringing == UINT32_MAX) {
            wp_sim_instant(sim, &global);
        } else {
            ring(sim, ringing);
        }
        wp_sim_look_after_children(sim);
        wp_sim_cascade(sim);
        wp_sim_settle_instant(sim);
    }
    if (sim->status == WP_OK) { finish_lineage(sim); }
}

void wp_sim_exact(wp_sim *sim, uint32_t l)
{
    load_lineage(sim, l);
    advance(sim, sim->globals_from);
}

void wp_sim_exact_arrival(wp_sim *sim, uint32_t l)
{
    sim->lineage = l;
    sim->n_calendars = 0;
    sim->stale = 0;
    sim->left_alone = false;
    sim->now = sim->block.lineages[l].enters;
    wp_sim_arrive(sim);
    advance(sim, wp_plan_globals_from(sim->plan, sim->now + 1));
}
