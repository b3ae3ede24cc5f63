/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact pass: one lineage through one epoch, event by event, in order of time.

   A clock is settled only at the epoch's end, at its person's birthdays, and when its own hazard changes
   bitwise. Between, it keeps the tick at which it will ring: so the bits of a life do not depend on what
   else happens, and the vector pass, which settles at the same moments, gives the same. */
#include "simulate/clocks.h"

#include "base/alloc.h"
#include "chance/elementary.h"

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

/* Makes room for n calendars, with their clocks and tallies: whoever has a calendar has the rest. */
static bool reserve(wp_sim *sim, size_t n)
{
    if (n <= sim->calendar_capacity) { return true; }
    const size_t room = 8 + n + sim->calendar_capacity; /* so much that no array grows by more */
    return wp_array_reserve(&sim->clocks, &sim->clock_capacity, room * (size_t)sim->plan->max_clocks,
                            sizeof *sim->clocks) &&
           wp_array_reserve(&sim->counted, &sim->tally_capacity, room * (size_t)sim->plan->max_tallies,
                            sizeof *sim->counted) &&
           wp_array_reserve(&sim->calendars, &sim->calendar_capacity, room, sizeof *sim->calendars);
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
                                         .first_clock = slot * (size_t)sim->plan->max_clocks,
                                         .next_timer = WP_TICK_NEVER,
                                         .next_ring = WP_TICK_NEVER,
                                         .ring_clock = -1,
                                         .counted_to = sim->now,
                                         .turned = WP_TICK_NEVER,
                                         .timers = true};
    return true;
}

void wp_sim_join_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (!add_calendar(sim, kind, i)) { return; }
    sim->block.columns[kind].awake[i] = 1;
    wp_clocks_begin(sim, &sim->calendars[*slot_of(sim, kind, i)]);
}

void wp_sim_settle_birthday(wp_sim *sim, uint32_t person)
{
    wp_calendar *calendar = wp_sim_calendar(sim, WP_PERSON, person);
    wp_clocks_settle(sim, calendar);
    calendar->turned = sim->now;
    calendar->birthday = true;
}

/* ---- After an instant ------------------------------------------------------------------------------------------ */

static void settle_calendar(wp_sim *sim, wp_calendar *calendar)
{
    if (calendar->asleep) { return; }
    if (wp_sim_is_alive(sim, calendar->kind, calendar->index)) {
        if (calendar->birthday || calendar->timers || wp_has_bits(&calendar->clocks) ||
            wp_has_bits(&calendar->delays)) {
            wp_clocks_update(sim, calendar);
        }
    } else {
        calendar->next_ring = calendar->next_timer = WP_TICK_NEVER;
    }
}

void wp_sim_settle_instant(wp_sim *sim)
{
    wp_sim_refresh(sim);
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        wp_calendar *calendar = &sim->calendars[c];
        if (calendar->stops) {
            calendar->stops = false;
            wp_sim_check_stops(sim, calendar->kind, calendar->index);
        }
    }
    wp_sim_refresh(sim);
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        settle_calendar(sim, &sim->calendars[c]);
    }
}

/* ---- Waking --------------------------------------------------------------------------------------------------------- */

/* May the subject sleep through this epoch, as long as nothing touches it? The sleeping count with their block. */
static bool may_sleep(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    if (sim->exact_only || sim->closing || sim->block.columns[kind].awake[i] != 0) { return false; }
    if (sim->block.lineages[sim->lineage].apart) { return false; }
    return kind != WP_PERSON || sim->block.persons[i].birthday != sim->start;
}

static void wake(wp_sim *sim, wp_calendar *calendar)
{
    const uint32_t i = calendar->index;
    calendar->asleep = false;
    calendar->counted_to = sim->start;
    sim->block.columns[calendar->kind].awake[i] = 1;
    if (calendar->kind == WP_PERSON && sim->block.persons[i].birthday <= sim->now) {
        calendar->turned = sim->block.persons[i].birthday;
        wp_sim_catch_up_birthday(sim, calendar, calendar->turned);
    }
    wp_clocks_find_timer(sim, calendar);
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
    wp_columns *columns = &sim->block.columns[kind];
    calendar->timers = false;
    if (may_sleep(sim, kind, i)) {
        calendar->asleep = true;
        return;
    }
    columns->awake[i] = 1;
    wp_bits ringing = sim->plan->kinds[kind].all_clocks;
    for (int w = 0; w < WP_CLOCK_WORDS && !sim->exact_only; w++) {
        ringing.word[w] = columns->due[(size_t)w * columns->capacity + i];
    }
    for (int c; (c = wp_take_bit(&ringing)) >= 0;) { wp_clocks_hold(sim, calendar, c); }
    wp_clocks_find_rings(sim, calendar);
    calendar->next_timer = columns->next_timer[i];
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

static void finish_lineage(wp_sim *sim)
{
    sim->now = sim->end;
    for (uint32_t s = 0; s < sim->n_calendars; s++) {
        wp_calendar *calendar = &sim->calendars[s];
        if (calendar->asleep || !wp_sim_is_alive(sim, calendar->kind, calendar->index)) { continue; }
        wp_clocks_finish(sim, calendar);
        if (!sim->closing) { wp_sim_finish_time(sim, calendar); }
    }
    wp_sim_bill_lineage(sim);
}

static void ring(wp_sim *sim, uint32_t s)
{
    wp_calendar *calendar = &sim->calendars[s];
    const wp_subject_kind kind = calendar->kind;
    const uint32_t i = calendar->index;
    const int c = calendar->ring_clock;
    const wp_clock_plan *clock = &sim->plan->kinds[kind].clocks[c];
    const wp_columns *columns = &sim->block.columns[kind];
    const size_t slot = (size_t)sim->plan->process_slot[clock->process];
    const uint32_t occurrence = columns->occurrence[slot * columns->capacity + i];
    wp_clocks_restart(sim, calendar, c,
                      wp_exponential(sim->key, wp_sim_id(sim, kind, i), clock->purpose, occurrence + 1));
    const int answer = wp_sim_choose(sim, clock->process, i, occurrence);
    wp_sim_happen(sim, clock->process, i, answer); /* may add calendars, and so move them */
    wp_sim_cascade(sim);
}

/* Is what calendar a has at its next tick before what b has? Ties by id, then purpose. */
static bool rings_before(const wp_sim *sim, const wp_calendar *a, const wp_calendar *b)
{
    if (a->next_ring != b->next_ring) { return a->next_ring < b->next_ring; }
    const uint64_t x = wp_sim_id(sim, a->kind, a->index), y = wp_sim_id(sim, b->kind, b->index);
    if (x != y) { return x < y; }
    const wp_kind_plan *kinds = sim->plan->kinds;
    return kinds[a->kind].clocks[a->ring_clock].purpose < kinds[b->kind].clocks[b->ring_clock].purpose;
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

static void arrive(wp_sim *sim, uint32_t l)
{
    sim->lineage = l;
    sim->n_calendars = 0;
    sim->stale = 0;
    sim->left_alone = false;
    sim->now = sim->block.lineages[l].enters;
    wp_sim_arrive(sim);
    advance(sim, wp_plan_globals_from(sim->plan, sim->now + 1));
}

void wp_sim_exact(wp_sim *sim, uint32_t l)
{
    const wp_lineage *lineage = &sim->block.lineages[l];
    if (!lineage->entered) {
        arrive(sim, l);
        return;
    }
    const int global =
        lineage->early ? sim->globals_from : wp_plan_globals_from(sim->plan, sim->start + 1);
    load_lineage(sim, l);
    advance(sim, global);
}
