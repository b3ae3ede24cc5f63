/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One instant: what is due at the same tick is done in a fixed order of phases. Beginnings come first and
   ends last, so that a stay of two years covers two yearly cycles (language decision 1). */
#include "simulate/sim.h"

#include <stdlib.h>

#include "base/alloc.h"

enum { MAX_LEVELS_OF_EVENTS = 1000 };

static wp_tick *timer_at(wp_sim *sim, const wp_calendar *calendar, int timer)
{
    wp_columns *columns = &sim->block.columns[calendar->kind];
    return &columns->timer[(size_t)timer * columns->capacity + calendar->index];
}

/* Has the living subject of calendar c a timer or a birthday at this instant? */
static bool is_due_now(const wp_sim *sim, uint32_t c)
{
    const wp_calendar *calendar = &sim->calendars[c];
    return calendar->next_timer == sim->now && wp_sim_is_alive(sim, calendar->kind, calendar->index);
}

/* ---- Phase 1: birthdays, dates, edges of bands ------------------------------------------------------------ */

void wp_sim_have_birthday(wp_sim *sim, uint32_t person)
{
    wp_person *who = &sim->block.persons[person];
    const int age = *wp_feature_at(&sim->block.columns[WP_PERSON], 0, person) + 1;
    wp_sim_settle_birthday(sim, person);
    who->birthday += WP_TICKS_PER_YEAR;
    wp_calendar *calendar = wp_sim_calendar(sim, WP_PERSON, person);
    calendar->timers = true;
    if (age <= WP_MAX_AGE) { wp_sim_set_age(sim, calendar, (uint8_t)age); }
}

static bool is_effect(const wp_sim *sim, wp_subject_kind kind, const wp_timer_plan *timer)
{
    return timer->role == WP_TIMER_FEATURE &&
           sim->model->kinds[kind].features[timer->item].kind == WP_FEATURE_EFFECT;
}

static void pass_edges(wp_sim *sim)
{
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        if (!is_due_now(sim, c)) { continue; }
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind == WP_PERSON && sim->block.persons[calendar.index].birthday == sim->now) {
            wp_sim_have_birthday(sim, calendar.index);
        }
        for (int t = 0; t < sim->model->kinds[calendar.kind].n_timers; t++) {
            const wp_timer_plan *timer = &sim->plan->kinds[calendar.kind].timers[t];
            if (*timer_at(sim, &calendar, t) == sim->now && timer->role == WP_TIMER_FEATURE &&
                !is_effect(sim, calendar.kind, timer)) {
                wp_sim_feature_timer(sim, calendar.kind, calendar.index, timer->item);
            }
        }
    }
}

static void pass_dates(wp_sim *sim)
{
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_calendar calendar = sim->calendars[c];
        const wp_list *features = &sim->plan->kinds[calendar.kind].run_time;
        for (int k = 0; k < features->n && wp_sim_is_alive(sim, calendar.kind, calendar.index); k++) {
            const wp_feature *feature = &sim->model->kinds[calendar.kind].features[features->items[k]];
            wp_sim_set_feature(sim, calendar.kind, calendar.index, features->items[k],
                               wp_feature_class(feature, sim->now));
        }
    }
}

/* ---- Phase 3: programmes and offers that begin ---------------------------------------------------------------- */

static void offer_to_all(wp_sim *sim, int intervention, int offer)
{
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    const uint32_t n = sim->n_calendars;
    for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind == kind) { wp_sim_offer(sim, intervention, offer, calendar.index); }
    }
}

static void offer_by_age(wp_sim *sim)
{
    const uint32_t n = sim->n_calendars;
    for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
        if (!is_due_now(sim, c)) { continue; }
        const wp_calendar calendar = sim->calendars[c];
        for (int t = 0; t < sim->model->kinds[calendar.kind].n_timers; t++) {
            const wp_timer_plan *timer = &sim->plan->kinds[calendar.kind].timers[t];
            if (timer->role != WP_TIMER_OFFER || *timer_at(sim, &calendar, t) != sim->now) { continue; }
            wp_sim_set_timer(sim, calendar.kind, calendar.index, t, WP_TICK_NEVER);
            wp_sim_offer(sim, timer->item, timer->second, calendar.index);
        }
    }
}

/* ---- Phase 4: schedules and delays --------------------------------------------------------------------------------- */

static void decide(wp_sim *sim, int process_index, wp_subject_kind kind, uint32_t i)
{
    const wp_process_model *process = &sim->model->processes[process_index];
    if (sim->now != sim->start) { (void)wp_sim_calendar(sim, kind, i); }
    const wp_columns *columns = &sim->block.columns[kind];
    if (wp_product_at(&process->when, columns, i) == 0.0) { return; }
    if (!wp_array_reserve(&sim->decisions, &sim->decision_capacity, sim->n_decisions + 1,
                          sizeof *sim->decisions)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for the decisions of one instant");
        return;
    }
    const size_t slot = (size_t)sim->plan->process_slot[process_index];
    const uint32_t occurrence = columns->occurrence[slot * columns->capacity + i];
    const int answer = wp_sim_choose(sim, process_index, i, occurrence);
    sim->decisions[sim->n_decisions++] =
        (wp_decision){process->process->has_order ? process->process->order : 0.0,
                      process_index,
                      answer,
                      kind,
                      i,
                      wp_sim_id(sim, kind, i)};
}

static void decide_timers(wp_sim *sim)
{
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        if (!is_due_now(sim, c)) { continue; }
        const wp_calendar calendar = sim->calendars[c];
        for (int t = 0; t < sim->model->kinds[calendar.kind].n_timers; t++) {
            const wp_timer_plan *timer = &sim->plan->kinds[calendar.kind].timers[t];
            if (*timer_at(sim, &calendar, t) != sim->now) { continue; }
            if (timer->role == WP_TIMER_SCHEDULE) {
                wp_sim_set_timer(sim, calendar.kind, calendar.index, t, WP_TICK_NEVER);
                decide(sim, timer->item, calendar.kind, calendar.index);
            } else if (timer->role == WP_TIMER_DELAY) {
                wp_columns *columns = &sim->block.columns[calendar.kind];
                const int d = timer->item;
                columns->delay_factor[(size_t)d * columns->capacity + calendar.index] = 0.0;
                sim->calendars[c].delays.word[d / 64] |= (uint64_t)1 << (d % 64);
                wp_sim_set_timer(sim, calendar.kind, calendar.index, t, WP_TICK_NEVER);
                decide(sim, sim->model->kinds[calendar.kind].delays[d], calendar.kind, calendar.index);
            }
        }
    }
}

static void decide_for_all(wp_sim *sim, int process)
{
    const wp_subject_kind kind = sim->model->processes[process].of;
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind == kind && wp_sim_is_alive(sim, kind, calendar.index)) {
            decide(sim, process, kind, calendar.index);
        }
    }
}

static int by_order(const void *a, const void *b)
{
    const wp_decision *x = a, *y = b;
    if (x->order != y->order) { return x->order < y->order ? -1 : 1; }
    if (x->process != y->process) { return x->process < y->process ? -1 : 1; }
    return (x->id > y->id) - (x->id < y->id);
}

static void carry_out(wp_sim *sim)
{
    if (sim->n_decisions > 1) {
        qsort(sim->decisions, sim->n_decisions, sizeof *sim->decisions, by_order);
    }
    for (size_t k = 0; k < sim->n_decisions && sim->status == WP_OK; k++) {
        const wp_decision *decision = &sim->decisions[k];
        if (wp_sim_is_there(sim, decision->kind, decision->index)) {
            wp_sim_happen(sim, decision->process, decision->index, decision->answer);
        }
    }
    sim->n_decisions = 0;
}

/* ---- Phase 5: what hangs on events ------------------------------------------------------------------------------------ */

static void happen_after(wp_sim *sim, const wp_hook *hook, uint32_t i)
{
    if (hook->process < 0) {
        wp_sim_offer(sim, hook->intervention, hook->offer, i);
        return;
    }
    const wp_process_model *process = &sim->model->processes[hook->process];
    if (!wp_sim_is_there(sim, process->of, i)) { return; }
    decide(sim, hook->process, process->of, i);
    carry_out(sim);
}

/* Subjects of the hook's kind that an event of another kind reaches: a person's household or couple, a
   household's members, a couple's partners. */
static void reach(wp_sim *sim, const wp_hook *hook, const wp_raised *raised)
{
    const wp_subject_kind kind = hook->process >= 0
                                     ? sim->model->processes[hook->process].of
                                     : sim->model->interventions[hook->intervention].intervention->of;
    if (kind == raised->kind) {
        sim->gone = raised->event >= 0 && sim->model->scenario->events[raised->event].ends_person ? raised
                                                                                                  : NULL;
        happen_after(sim, hook, raised->index);
        sim->gone = NULL;
    } else if (kind == WP_HOUSEHOLD) {
        happen_after(sim, hook, wp_sim_household_of(sim, raised->kind, raised->index));
    } else if (kind == WP_COUPLE) {
        const uint32_t couple =
            raised->kind == WP_PERSON ? sim->block.persons[raised->index].couple : WP_NOBODY;
        if (couple != WP_NOBODY) { happen_after(sim, hook, couple); }
    } else if (raised->kind == WP_COUPLE) {
        const wp_couple pair = sim->block.couples[raised->index];
        happen_after(sim, hook, pair.a);
        happen_after(sim, hook, pair.b);
    } else {
        const uint32_t n = sim->n_calendars;
        for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
            const wp_calendar calendar = sim->calendars[c];
            if (calendar.kind == WP_PERSON && wp_sim_is_alive(sim, WP_PERSON, calendar.index) &&
                sim->block.persons[calendar.index].household == raised->index) {
                happen_after(sim, hook, calendar.index);
            }
        }
    }
}

void wp_sim_cascade(wp_sim *sim)
{
    int level = 0;
    size_t from = 0;
    while (from < sim->n_raised && sim->status == WP_OK) {
        const size_t to = sim->n_raised; /* what this level raises belongs to the next */
        wp_sim_refresh(sim);
        for (size_t k = from; k < to && sim->status == WP_OK; k++) {
            const wp_raised raised = sim->raised[k];
            const wp_list *hooks = raised.event >= 0 ? &sim->plan->event_hooks[raised.event]
                                                     : &sim->plan->enter_hooks[raised.variable];
            for (int h = 0; h < hooks->n; h++) {
                const wp_hook *hook = &sim->model->hooks[hooks->items[h]];
                if (raised.event < 0 && !(hook->levels >> raised.level & 1)) { continue; }
                wp_sim_refresh(sim);
                reach(sim, hook, &raised);
            }
        }
        from = to;
        if (++level > MAX_LEVELS_OF_EVENTS) {
            wp_sim_fail(sim, WP_ERR_RUN, "events at one instant cause each other without end");
        }
    }
    sim->n_raised = 0;
}

/* ---- Phases 6 and 7: stocks, and ends ------------------------------------------------------------------------------------ */

static void take_stock(wp_sim *sim, int outcome)
{
    const wp_subject_kind kind = sim->model->outcomes[outcome].outcome->of;
    wp_sim_refresh(sim);
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind == kind && wp_sim_is_alive(sim, kind, calendar.index)) {
            wp_sim_count_stock(sim, outcome, calendar.index);
        }
    }
}

static void end_stays(wp_sim *sim)
{
    const uint32_t n = sim->n_calendars;
    for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
        if (!is_due_now(sim, c)) { continue; }
        const wp_calendar calendar = sim->calendars[c];
        for (int t = 0; t < sim->model->kinds[calendar.kind].n_timers; t++) {
            const wp_timer_plan *timer = &sim->plan->kinds[calendar.kind].timers[t];
            if (*timer_at(sim, &calendar, t) != sim->now) { continue; }
            if (timer->role == WP_TIMER_END) {
                wp_sim_end_stay(sim, timer->item, calendar.index);
            } else if (timer->role == WP_TIMER_GIVES_UP) {
                wp_sim_give_up(sim, timer->item, calendar.index);
            } else if (is_effect(sim, calendar.kind, timer)) {
                wp_sim_feature_timer(sim, calendar.kind, calendar.index, timer->item);
            }
        }
    }
}

/* ---- The instant ------------------------------------------------------------------------------------------------------------ */

typedef void global_fn(wp_sim *sim, const wp_global *global);

static void begin_programme(wp_sim *sim, const wp_global *global)
{
    if (global->role == WP_GLOBAL_PROGRAMME && global->second == 0) { wp_sim_programme(sim, global->item); }
    if (global->role == WP_GLOBAL_OFFER) { offer_to_all(sim, global->item, global->second); }
}

static void decide_global(wp_sim *sim, const wp_global *global)
{
    if (global->role == WP_GLOBAL_SCHEDULE) { decide_for_all(sim, global->item); }
}

static void stock_global(wp_sim *sim, const wp_global *global)
{
    if (global->role == WP_GLOBAL_SNAPSHOT) { take_stock(sim, global->item); }
}

static void end_programme(wp_sim *sim, const wp_global *global)
{
    if (global->role != WP_GLOBAL_PROGRAMME || global->second == 0) { return; }
    wp_sim_programme(sim, global->item);
    if (global->second == 1) { wp_sim_close_programme(sim, global->item); }
}

static void for_globals(wp_sim *sim, int from, int to, global_fn *act)
{
    for (int g = from; g < to && sim->status == WP_OK; g++) { act(sim, &sim->plan->globals[g]); }
}

void wp_sim_instant(wp_sim *sim, int *global)
{
    const int from = *global;
    int to = from;
    bool timers = false; /* or only what all share: a year's stocks */
    while (to < sim->globals_to && sim->plan->globals[to].tick == sim->now) { to++; }
    *global = to;
    if (to > from && sim->now != sim->start) { wp_sim_wake_all(sim); }
    for (uint32_t c = 0; c < sim->n_calendars && !timers; c++) {
        timers = sim->calendars[c].next_timer == sim->now;
    }
    if (timers) { pass_edges(sim); }
    if (to > from && sim->plan->globals[from].role == WP_GLOBAL_RUN_TIME) { pass_dates(sim); }
    wp_sim_refresh(sim);
    if (sim->now == sim->start && sim->block.lineages[sim->lineage].answered) { wp_sim_answer(sim); }
    for_globals(sim, from, to, begin_programme);
    if (timers) { offer_by_age(sim); }
    wp_sim_cascade(sim);
    wp_sim_refresh(sim);
    if (timers) { decide_timers(sim); }
    for_globals(sim, from, to, decide_global);
    carry_out(sim);
    wp_sim_cascade(sim);
    for_globals(sim, from, to, stock_global);
    if (timers) { end_stays(sim); }
    for_globals(sim, from, to, end_programme);
    wp_sim_cascade(sim);
}
