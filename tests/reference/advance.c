/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the reference's time goes: all hazards are summed, one waiting time is drawn, and what changes by the
   calendar is waited for; at an instant, starts come first and ends last. */
#include <stdlib.h>

#include "reference/world.h"

typedef struct candidate { subject s; int process; double rate; bool smooth; wp_tick since; } candidate;

static int n_of(const world *w, wp_subject_kind kind)
{
    return kind == WP_PERSON ? w->n_persons : kind == WP_HOUSEHOLD ? w->n_households : w->n_couples;
}

/* ---- Occasions by the calendar ----------------------------------------------------------------------- */

bool occurs_now(world *w, subject s, const wp_occasion *at)
{
    wp_tick now = w->now;
    switch (at->kind) {
    case WP_AT_EVERY: {
        double k = round((wp_years(now) - at->from) / at->every);
        return k >= 0 && ticks_of(at->from + k * at->every) == now;
    }
    case WP_AT_AGE: return s.kind == WP_PERSON && now > 0 && w->persons[s.i].birth + ticks_of(at->age) == now;
    case WP_AT_DATE: return ticks_of(at->date) == now;
    default: return false;
    }
}

wp_tick next_occasion(eye *e, subject s, const wp_occasion *at)
{
    wp_tick now = e->w->now, next = WP_TICK_NEVER;
    if (at->kind == WP_AT_EVERY) {
        double k = fmax(0, floor((wp_years(now) - at->from) / at->every));
        while (ticks_of(at->from + k * at->every) <= now) { k += 1; }
        next = ticks_of(at->from + k * at->every);
    } else if (at->kind == WP_AT_AGE && s.kind == WP_PERSON) {
        next = e->w->persons[s.i].birth + ticks_of(at->age);
    } else if (at->kind == WP_AT_DATE) {
        next = ticks_of(at->date);
    }
    if (next > now && next < e->next) { e->next = next; }
    return next;
}

/* ---- What holds now ------------------------------------------------------------------------------------ */

static double delay_factor(eye *e, subject s, const wp_process *p)
{
    return factors(e, s, p->factors, p->n_factors, WP_SCALE_DELAY);
}

/* Starts, drops and rescales the delay of one subject. */
static void refresh_delay(eye *e, subject s, int i, bool on)
{
    const wp_process *p = &e->w->place->sc->processes[i];
    clock_state *c = &being_of(e->w, s)->clocks[i];
    double factor = on ? delay_factor(e, s, p) : 1;
    if (!on) {
        c->due = WP_TICK_NEVER;
    } else if (!c->on) {
        double years = random_duration(e, s, &p->delay) * factor;
        int spell = e->w->now == 0 ? spell_ended_by(e->w, s, p) : -1;
        double lasted = spell >= 0 ? wp_years(e->w->now - being_of(e->w, s)->since[spell]) : 0;
        for (int tries = 0; years < lasted && tries < 100000; tries++) {
            years = random_duration(e, s, &p->delay) * factor;
        }
        c->due = later_by(e->w->now,
                          fmax(years - lasted, 0)); /* the grid may be a step too long for a fixed one */
    } else if (factor != c->factor && c->due != WP_TICK_NEVER) {
        c->due = e->w->now + (wp_tick)llround((double)(c->due - e->w->now) * factor / c->factor);
    }
    c->factor = factor;
    if (c->due < e->next) { e->next = c->due; }
}

static void refresh_process(eye *e, int i)
{
    world *w = e->w;
    const wp_process *p = &w->place->sc->processes[i];
    for (int k = 0; k < n_of(w, p->of); k++) {
        subject s = subject_of(p->of, k);
        if (!being_of(w, s)->here) { continue; }
        if (p->kind == WP_PROCESS_SCHEDULE) { next_occasion(e, s, &p->at); }
        if (p->kind != WP_PROCESS_HAZARD && p->kind != WP_PROCESS_DELAY) { continue; }
        bool on = holds(e, s, p->when);
        clock_state *c = &being_of(w, s)->clocks[i];
        if (on && !c->on) {
            int spell = w->now == 0 && p->kind == WP_PROCESS_HAZARD ? spell_ended_by(w, s, p) : -1;
            c->on_since = spell >= 0 ? being_of(w, s)->since[spell] : w->now;
        }
        if (p->kind == WP_PROCESS_DELAY) { refresh_delay(e, s, i, on); }
        c->on = on;
    }
}

static void refresh_interventions(eye *e)
{
    world *w = e->w;
    for (int v = 0; v < w->place->sc->n_interventions; v++) {
        const wp_intervention *iv = &w->place->sc->interventions[v];
        if (!(w->place->arm >> v & 1)) { continue; }
        wp_tick dates[2] = {ticks_of(iv->starts), ticks_of(iv->ends)};
        for (int k = 0; k < 2; k++) {
            if (dates[k] > w->now && dates[k] < e->next) { e->next = dates[k]; }
        }
        for (int k = 0; !iv->everyone && k < n_of(w, iv->of); k++) {
            subject s = subject_of(iv->of, k);
            if (!being_of(w, s)->here) { continue; }
            const stay *st = &being_of(w, s)->stays[v];
            if (st->due < e->next) { e->next = st->due; }
            if (st->gives_up < e->next) { e->next = st->gives_up; }
            for (int o = 0; o < iv->n_offers; o++) { next_occasion(e, s, &iv->offers[o].at); }
            if (iv->stops_when != NULL && being_of(w, s)->level[iv->status] == IN_LEVEL) {
                (void)holds(e, s, iv->stops_when);
            }
        }
    }
}

static void refresh_outcomes(eye *e)
{
    world *w = e->w;
    for (int o = 0; o < w->place->sc->n_outcomes; o++) {
        const wp_outcome *out = &w->place->sc->outcomes[o];
        if (out->kind == WP_OUTCOME_SNAPSHOT) {
            for (int k = 0; k < out->n_at; k++) {
                wp_tick at = ticks_of(out->at[k]);
                if (at > w->now && at < e->next) { e->next = at; }
            }
            wp_occasion every = {.kind = WP_AT_EVERY, .every = out->every, .from = out->from};
            if (out->every > 0) { next_occasion(e, subject_of(WP_PERSON, 0), &every); }
        }
        for (int k = 0; out->kind == WP_OUTCOME_TIME_IN && k < n_of(w, out->of); k++) {
            if (being_of(w, subject_of(out->of, k))->here) {
                (void)holds(e, subject_of(out->of, k), out->condition);
            }
        }
    }
    for (int k = 0; k < w->place->sc->n_indicators; k++) {
        for (int i = 0; i < w->n_persons; i++) {
            if (!w->persons[i].being.here) { continue; }
            (void)holds(e, subject_of(WP_PERSON, i), w->place->sc->indicators[k].among);
            (void)holds(e, subject_of(WP_PERSON, i), w->place->sc->indicators[k].share);
        }
    }
}

/* The hazards of now, one candidate each. */
static int hazards(eye *e, candidate **list, int *capacity)
{
    world *w = e->w;
    const wp_scenario *sc = w->place->sc;
    double fault = w->place->options->fault.hazard_factor;
    int n = 0;
    for (int i = 0; i < sc->n_processes; i++) {
        const wp_process *p = &sc->processes[i];
        for (int k = 0; p->kind == WP_PROCESS_HAZARD && k < n_of(w, p->of); k++) {
            subject s = subject_of(p->of, k);
            if (!being_of(w, s)->here || !being_of(w, s)->clocks[i].on) { continue; }
            double rate = quantity(e, s, &p->hazard) *
                          factors(e, s, p->factors, p->n_factors, WP_SCALE_HAZARD);
            if (fault > 0) { rate *= fault; }
            if (!(rate > 0)) { continue; }
            if (n == *capacity) {
                *capacity = 2 * *capacity + 64;
                *list = realloc(*list, (size_t)*capacity * sizeof **list);
            }
            (*list)[n++] = (candidate){s, i, rate, is_smooth(&p->hazard), being_of(w, s)->clocks[i].on_since};
        }
    }
    return n;
}

/* ---- The next event ----------------------------------------------------------------------------------------- */

static double cumulated(eye *e, const candidate *c, double later)
{
    const wp_quantity *q = &e->w->place->sc->processes[c->process].hazard;
    if (!c->smooth) { return c->rate * later; }
    return c->rate * (cumulative(e, c->s, q, c->since, later) - cumulative(e, c->s, q, c->since, 0));
}

static double total_cumulated(eye *e, const candidate *list, int n, double later)
{
    double sum = 0;
    for (int i = 0; i < n; i++) { sum += cumulated(e, &list[i], later); }
    return sum;
}

/* Time to the next event if it comes within `limit` years, by inverting the summed cumulative hazard; else
   INFINITY. `which`: whose it is, in proportion to the hazards at that time. */
static double waiting_time(eye *e, const candidate *list, int n, double limit, int *which)
{
    double target = -log(uniform(e->w)), lo = 0, hi = limit, constant = 0, sum = 0;
    bool smooth = false;
    for (int i = 0; i < n; i++) {
        smooth |= list[i].smooth;
        constant += list[i].smooth ? 0 : list[i].rate;
    }
    if (total_cumulated(e, list, n, limit) < target) { return INFINITY; }
    if (!smooth) {
        hi = target / constant;
    } else {
        for (int k = 0; k < 60; k++) {
            double middle = (lo + hi) / 2;
            if (total_cumulated(e, list, n, middle) < target) { lo = middle; } else { hi = middle; }
        }
    }
    double step = fmax(1e-9, hi * 1e-6), total = 0, *share = calloc((size_t)n + 1, sizeof *share);
    for (int i = 0; i < n; i++) { /* hazards at that time, as differences where they vary */
        share[i] = list[i].smooth
                       ? (cumulated(e, &list[i], hi) - cumulated(e, &list[i], fmax(0, hi - step))) /
                             fmin(step, hi)
                       : list[i].rate;
        total += share[i];
    }
    double u = uniform(e->w) * total;
    *which = -1;
    for (int i = 0; i < n && *which < 0; i++) {
        sum += share[i];
        if (u <= sum) { *which = i; }
    }
    free(share);
    if (*which < 0) { *which = n - 1; }
    return hi;
}

/* ---- One instant ------------------------------------------------------------------------------------------------ */

typedef struct due { const wp_process *p; subject s; int answer; } due;

static int compare_due(const void *a, const void *b)
{
    const due *x = a, *y = b;
    double ox = x->p->has_order ? x->p->order : 0, oy = y->p->has_order ? y->p->order : 0;
    if (ox != oy) { return ox < oy ? -1 : 1; }
    if (x->p != y->p) { return x->p < y->p ? -1 : 1; }
    return x->s.i < y->s.i ? -1 : x->s.i > y->s.i;
}

/* Scheduled processes: all decided on what was true before any of them, then done. */
static void do_schedules(world *w)
{
    const wp_scenario *sc = w->place->sc;
    bool one_by_one = w->place->options->fault.schedules_see_each_other;
    int n = 0, capacity = 0;
    due *list = NULL;
    eye e = {w, WP_TICK_NEVER, -1};
    for (int i = 0; i < sc->n_processes; i++) {
        const wp_process *p = &sc->processes[i];
        int n_now = n_of(w, p->of);
        for (int k = 0; p->kind == WP_PROCESS_SCHEDULE && k < n_now; k++) {
            subject s = subject_of(p->of, k);
            if (!being_of(w, s)->here || !occurs_now(w, s, &p->at) || !holds(&e, s, p->when)) { continue; }
            if (one_by_one) {
                happen(w, s, p, decide(w, s, p));
                continue;
            }
            if (n == capacity) {
                list = realloc(list, (size_t)(capacity = 2 * capacity + 16) * sizeof *list);
            }
            list[n++] = (due){p, s, decide(w, s, p)};
        }
    }
    if (n > 0) { qsort(list, (size_t)n, sizeof *list, compare_due); }
    for (int i = 0; i < n; i++) {
        if (being_of(w, list[i].s)->here) { happen(w, list[i].s, list[i].p, list[i].answer); }
    }
    free(list);
}

static void do_offers(world *w)
{
    for (int v = 0; v < w->place->sc->n_interventions; v++) {
        const wp_intervention *iv = &w->place->sc->interventions[v];
        int n_now = n_of(w, iv->of);
        for (int o = 0; o < iv->n_offers; o++) {
            for (int k = 0; k < n_now; k++) {
                subject s = subject_of(iv->of, k);
                if (!being_of(w, s)->here) { continue; }
                if (occurs_now(w, s, &iv->offers[o].at)) { offer(w, s, v, o); }
            }
        }
    }
}

static void do_ends(world *w)
{
    for (int v = 0; v < w->place->sc->n_interventions; v++) {
        const wp_intervention *iv = &w->place->sc->interventions[v];
        bool over = ticks_of(iv->ends) == w->now;
        for (int k = 0; !iv->everyone && k < n_of(w, iv->of); k++) {
            subject s = subject_of(iv->of, k);
            if (!being_of(w, s)->here) { continue; }
            const stay *st = &being_of(w, s)->stays[v];
            int status = being_of(w, s)->level[iv->status];
            if (status == IN_LEVEL && (st->due == w->now || over)) { end_stay(w, s, v); }
            if (status == WAITING_LEVEL && (st->gives_up == w->now || over)) {
                raise_event(w, s, iv->event_gave_up, -1);
                drop_from_queue(w, s, v);
            }
        }
    }
    run_hooks(w);
}

static void do_delays(world *w)
{
    const wp_scenario *sc = w->place->sc;
    for (int i = 0; i < sc->n_processes; i++) {
        const wp_process *p = &sc->processes[i];
        int n_now = n_of(w, p->of);
        for (int k = 0; p->kind == WP_PROCESS_DELAY && k < n_now; k++) {
            subject s = subject_of(p->of, k);
            eye e = {w, WP_TICK_NEVER, -1};
            if (!being_of(w, s)->here || being_of(w, s)->clocks[i].due != w->now) { continue; }
            if (holds(&e, s, p->when)) {
                happen(w, s, p, decide(w, s, p));
                run_hooks(w);
            }
        }
    }
}

static bool stop_stays(world *w)
{
    bool any = false;
    for (int v = 0; v < w->place->sc->n_interventions; v++) {
        const wp_intervention *iv = &w->place->sc->interventions[v];
        for (int k = 0; iv->stops_when != NULL && k < n_of(w, iv->of); k++) {
            subject s = subject_of(iv->of, k);
            eye e = {w, WP_TICK_NEVER, -1};
            if (!being_of(w, s)->here || being_of(w, s)->level[iv->status] != IN_LEVEL) { continue; }
            if (holds(&e, s, iv->stops_when)) {
                end_stay(w, s, v);
                any = true;
            }
        }
    }
    if (any) { run_hooks(w); }
    return any;
}

/* After something happened: what hangs on it, and stays that it ends. */
static void aftermath(world *w)
{
    run_hooks(w);
    check_adults(w);
    while (stop_stays(w) && w->status == WP_OK) {}
    check_adults(w);
    wp_error err = {0};
    if (w->status == WP_OK && reference_verify(w, &err) != WP_OK) { fail(w, err.text); }
}

/* All that the calendar brings at `now`, in the order of the language's first decision. */
void instant(world *w)
{
    note_adults(w);
    w->before_ends = !w->place->options->fault.ends_first;
    if (!w->before_ends) { do_ends(w); }
    run_hooks(w); /* of answers that pools gave */
    do_offers(w);
    run_hooks(w);
    do_schedules(w);
    run_hooks(w);
    do_delays(w);
    check_adults(w);
    count_snapshots(w);
    do_ends(w);
    w->before_ends = false;
    aftermath(w);
}

/* Everything up to `until`; what the calendar brings at `until` itself is left to the caller. */
void advance(world *w, wp_tick until)
{
    candidate *list = NULL;
    int capacity = 0;
    while (w->status == WP_OK) {
        eye e = {w, until, -1};
        wp_tick border = ((w->now >> 32) + 1) << 32;
        if (border < e.next) { e.next = border; }
        for (int i = 0; i < w->place->sc->n_processes; i++) { refresh_process(&e, i); }
        refresh_interventions(&e);
        refresh_outcomes(&e);
        int n = hazards(&e, &list, &capacity), which = -1;
        double years = waiting_time(&e, list, n, wp_years(e.next - w->now), &which);
        wp_tick at = isinf(years) ? e.next : w->now + ticks_of(years);
        if (at <= w->now) { at = w->now + 1; }
        if (at >= e.next) {
            accrue(w, e.next);
            w->now = e.next;
            if (w->now >= until) { break; }
            instant(w);
        } else {
            const wp_process *p = &w->place->sc->processes[list[which].process];
            accrue(w, at);
            w->now = at;
            note_adults(w);
            happen(w, list[which].s, p, decide(w, list[which].s, p));
            aftermath(w);
        }
    }
    free(list);
}
