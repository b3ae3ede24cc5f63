/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the reference: the answer that is chosen, what is counted, and what hangs on it. */
#include <stdlib.h>

#include "reference/world.h"

/* Twice what one subject counts: companions nothing, where one lives one half. */
int weight_of(world *w, subject s)
{
    if (s.kind == WP_PERSON) { return w->persons[s.i].counted ? 2 : 0; }
    if (s.kind == WP_COUPLE) {
        return w->persons[w->couples[s.i].a].companion || w->persons[w->couples[s.i].b].companion ? 1 : 2;
    }
    for (int i = 0; i < w->n_persons; i++) {
        if (w->persons[i].being.here && w->persons[i].household == s.i && w->persons[i].companion) {
            return 1;
        }
    }
    return 2;
}

/* An event of one kind of subject, counted for another. */
static subject counted_for(world *w, subject s, wp_subject_kind of)
{
    if (of == WP_HOUSEHOLD && s.kind != WP_HOUSEHOLD) { return subject_of(WP_HOUSEHOLD, household_of(w, s)); }
    return s;
}

static bool lists(const wp_outcome *out, int o, int event)
{
    if (event < 0) { return out->kind == WP_OUTCOME_ENTERS && o == -1 - event; }
    for (int k = 0; out->kind == WP_OUTCOME_EVENTS && k < out->n_events; k++) {
        if (out->events[k] == event) { return true; }
    }
    return false;
}

/* `event` -1 - o: outcome o counts an entry into a level. */
void count_event(world *w, subject s, int event)
{
    const wp_scenario *sc = w->place->sc;
    int year = year_of(w, w->now);
    if (event >= 0) { w->place->totals->n_events++; }
    for (int o = 0; o < sc->n_outcomes; o++) {
        const wp_outcome *out = &sc->outcomes[o];
        eye e = {view_of(w, s), WP_TICK_NEVER, -1};
        if (!lists(out, o, event) || year + 1 < out->first_year || year + 1 > out->last_year) { continue; }
        subject who = counted_for(w, s, out->of);
        int *last = &being_of(w, who)->counted_year[o];
        if (!holds(&e, who, out->condition)) { continue; }
        if ((out->once_per == 1 && *last == year) || (out->once_per == 2 && *last >= 0)) { continue; }
        *last = year;
        w->count[year * sc->n_outcomes + o] += weight_of(w, who);
    }
}

void remember(world *w, subject s, int event)
{
    history *past = &being_of(w, s)->past;
    if (past->n == past->capacity) {
        past->capacity = 2 * past->capacity + 8;
        past->list = realloc(past->list, (size_t)past->capacity * sizeof *past->list);
    }
    past->list[past->n].event = event;
    past->list[past->n++].at = w->now;
}

static void queue_up(world *w, subject s, int event, int other)
{
    if (w->n_queue == w->cap_queue) {
        w->cap_queue = 2 * w->cap_queue + 16;
        w->queue = realloc(w->queue, (size_t)w->cap_queue * sizeof *w->queue);
    }
    w->queue[w->n_queue++] = (raised){event, -1, -1, s, household_of(w, s), other};
}

void raise_event(world *w, subject s, int event, int other)
{
    count_event(w, s, event);
    remember(w, s, event);
    queue_up(w, s, event, other);
}

/* ---- Choices ------------------------------------------------------------------------------------------- */

static double with_hazard_ratio(const world *w, double p, double ratio)
{
    if (w->place->options->fault.ratio_on_probability) { return p * ratio; }
    return ratio == 1 ? p : 1 - pow(1 - p, ratio);
}

static int level_of_option(const wp_scenario *sc, const wp_process *p, int option)
{
    const wp_variable *v = &sc->variables[p->levels_of];
    for (int l = 0; l < v->n_levels; l++) {
        if (strcmp(v->levels[l], p->options[option].name) == 0) { return l; }
    }
    return -1;
}

/* Of each answer, `otherwise` included. */
void answer_probabilities(world *w, subject s, const wp_process *p, double *odds)
{
    double sum = 0, rest = 0, total = 0;
    int otherwise = -1;
    eye e = {view_of(w, s), WP_TICK_NEVER, -1};
    for (int o = 0; o < p->n_options; o++) { /* odds: weights over their sum */
        odds[o] = 0;
        if (p->options[o].is_otherwise) { otherwise = o; continue; }
        e.option = p->levels_of >= 0 ? level_of_option(w->place->sc, p, o) : -1;
        double base = quantity(&e, s, &p->options[o].probability);
        if (isnan(base)) { base = 0; }
        rest += base;
        odds[o] = base * factors(&e, s, p->options[o].factors, p->options[o].n_factors, WP_SCALE_ODDS);
        sum += odds[o];
    }
    if (p->levels_of < 0 && rest > 1 + 1e-9) { fail(w, "probabilities over 1 before their factors"); }
    if (p->levels_of < 0) { sum += 1 - rest; }
    for (int o = 0; o < p->n_options; o++) {
        const wp_option *option = &p->options[o];
        if (o == otherwise) { continue; }
        double prob = sum > 0 ? odds[o] / sum : 0;
        prob =
            with_hazard_ratio(w, prob, factors(&e, s, option->factors, option->n_factors, WP_SCALE_HAZARD));
        prob *= factors(&e, s, option->factors, option->n_factors, WP_SCALE_PROBABILITY);
        odds[o] = prob;
        total += prob;
    }
    if (total > 1 + 1e-6) { fail(w, "probabilities over 1 after their factors"); }
    if (otherwise >= 0) { odds[otherwise] = fmax(0, 1 - total); }
}

int decide(world *w, subject s, const wp_process *p)
{
    double odds[WP_MAX_LEVELS];
    if (p->n_options == 0) { return -1; }
    answer_probabilities(w, s, p, odds);
    double u = uniform(w), at = 0;
    int last = -1, otherwise = -1;
    for (int o = 0; o < p->n_options; o++) {
        if (p->options[o].is_otherwise) {
            otherwise = o;
            continue;
        }
        at += odds[o];
        if (odds[o] > 0) { last = o; }
        if (u <= at) { return o; }
    }
    return otherwise >= 0 ? otherwise : last;
}

/* The event, as decided: counted as they were, then the answer's effects, the process's, and remembered. */
void happen(world *w, subject s, const wp_process *p, int answer)
{
    const wp_scenario *sc = w->place->sc;
    clock_state *c = &being_of(w, s)->clocks[p - sc->processes];
    c->due = WP_TICK_NEVER;
    if (p->kind == WP_PROCESS_DELAY) { c->on = false; }
    count_event(w, s, p->event);
    if (answer >= 0) { count_event(w, s, p->options[answer].event); }
    queue_up(w, s, p->event, -1);
    if (answer >= 0) {
        queue_up(w, s, p->options[answer].event, -1);
        apply(w, s, &p->options[answer].then);
        if (p->levels_of >= 0 && being_of(w, s)->here) {
            subject who = sc->variables[p->levels_of].of == WP_HOUSEHOLD
                              ? subject_of(WP_HOUSEHOLD, household_of(w, s)) : s;
            set_level(w, who, p->levels_of, level_of_option(sc, p, answer));
        }
    }
    apply(w, s, &p->then);
    remember(w, s, p->event);
    if (answer >= 0) { remember(w, s, p->options[answer].event); }
}

/* ---- Hooks ------------------------------------------------------------------------------------------------- */

static bool hangs_on(const wp_occasion *at, const raised *r)
{
    if (at->kind == WP_AT_EVENT) { return r->event >= 0 && at->event == r->event; }
    return at->kind == WP_AT_ENTERS && r->event < 0 && at->variable == r->variable &&
           (at->levels >> r->level & 1);
}

/* Those of kind `of` whom something raised concerns. */
static int concerned(world *w, const raised *r, wp_subject_kind of, subject *list)
{
    int n = 0;
    if (of == WP_HOUSEHOLD) {
        list[n++] = subject_of(WP_HOUSEHOLD, r->household);
    } else if (of == WP_COUPLE) {
        int c = r->who.kind == WP_COUPLE   ? r->who.i
                : r->who.kind == WP_PERSON ? w->persons[r->who.i].couple
                                           : -1;
        if (c >= 0) { list[n++] = subject_of(WP_COUPLE, c); }
    } else if (r->who.kind == WP_PERSON) {
        list[n++] = r->who;
        if (r->extra >= 0) { list[n++] = subject_of(WP_PERSON, r->extra); }
    } else if (r->who.kind == WP_COUPLE) {
        list[n++] = subject_of(WP_PERSON, w->couples[r->who.i].a);
        list[n++] = subject_of(WP_PERSON, w->couples[r->who.i].b);
    } else {
        for (int i = 0; i < w->n_persons && n < 256; i++) {
            if (w->persons[i].being.here && w->persons[i].household == r->household) {
                list[n++] = subject_of(WP_PERSON, i);
            }
        }
    }
    return n;
}

static void hooks_of(world *w, const raised *r)
{
    const wp_scenario *sc = w->place->sc;
    subject list[256];
    bool ends = r->event >= 0 && r->who.kind == WP_PERSON && sc->events[r->event].ends_person;
    for (int p = 0; p < sc->n_processes; p++) {
        const wp_process *proc = &sc->processes[p];
        if (proc->kind != WP_PROCESS_AT_EVENT || !hangs_on(&proc->at, r)) { continue; }
        int n = concerned(w, r, proc->of, list);
        for (int i = 0; i < n; i++) {
            eye e = {view_of(w, list[i]), WP_TICK_NEVER, -1};
            w->gone = ends && proc->of == WP_PERSON ? r->who.i : -1;
            if (is_there(w, list[i]) && holds(&e, list[i], proc->when)) {
                happen(w, list[i], proc, decide(w, list[i], proc));
            }
            w->gone = -1;
        }
    }
    for (int v = 0; v < sc->n_interventions; v++) {
        const wp_intervention *iv = &sc->interventions[v];
        for (int o = 0; o < iv->n_offers; o++) {
            if (!hangs_on(&iv->offers[o].at, r)) { continue; }
            int n = concerned(w, r, iv->of, list);
            for (int i = 0; i < n; i++) {
                if (being_of(w, list[i])->here) { offer(w, list[i], v, o); }
            }
        }
    }
}

/* Level by level, until nothing hangs on what happened. */
void run_hooks(world *w)
{
    int from = 0;
    while (from < w->n_queue && w->status == WP_OK) {
        int to = w->n_queue;
        for (int i = from; i < to; i++) {
            raised r = w->queue[i]; /* a copy: the list may grow */
            hooks_of(w, &r);
        }
        from = to;
        if (from > 100000) { fail(w, "events cause each other without end"); }
    }
    w->n_queue = 0;
}

/* ---- Counts of time and instants ------------------------------------------------------------------------- */

static int n_of(const world *w, wp_subject_kind kind)
{
    return kind == WP_PERSON ? w->n_persons : kind == WP_HOUSEHOLD ? w->n_households : w->n_couples;
}

static void accrue_indicators(world *w, wp_tick ticks)
{
    place *pl = w->place;
    for (int k = 0; k < pl->sc->n_indicators; k++) {
        const wp_indicator *ind = &pl->sc->indicators[k];
        eye e = {w, WP_TICK_NEVER, -1};
        wp_look by = {.kind = WP_LOOK_VARIABLE,
                      .whose = ind->by_of == WP_HOUSEHOLD ? WP_OWN_HOUSEHOLD : WP_SELF,
                      .item = ind->by};
        for (int i = 0; i < w->n_persons; i++) {
            subject s = subject_of(WP_PERSON, i);
            if (!w->persons[i].being.here || !w->persons[i].counted || !holds(&e, s, ind->among)) {
                continue;
            }
            int level = ind->by >= 0 ? look_at(&e, s, &by).level : 0;
            pl->among_time[k][level] += (double)ticks;
            if (holds(&e, s, ind->share)) { pl->share_time[k][level] += (double)ticks; }
        }
    }
}

/* Person-time from now until the next change. */
void accrue(world *w, wp_tick until)
{
    const wp_scenario *sc = w->place->sc;
    int year = year_of(w, w->now);
    wp_tick ticks = until - w->now;
    eye e = {w, WP_TICK_NEVER, -1};
    for (int o = 0; o < sc->n_outcomes; o++) {
        const wp_outcome *out = &sc->outcomes[o];
        if (out->kind != WP_OUTCOME_TIME_IN || year + 1 < out->first_year || year + 1 > out->last_year) {
            continue;
        }
        for (int i = 0; i < n_of(w, out->of); i++) {
            subject s = subject_of(out->of, i);
            if (being_of(w, s)->here && holds(&e, s, out->condition)) {
                w->count[year * sc->n_outcomes + o] += (double)weight_of(w, s) * (double)ticks;
            }
        }
    }
    for (int i = 0; i < w->n_persons; i++) {
        if (w->persons[i].being.here) { w->place->totals->person_ticks += ticks; }
    }
    accrue_indicators(w, ticks);
}

static bool snapshot_now(const world *w, const wp_outcome *out)
{
    for (int k = 0; k < out->n_at; k++) {
        if (ticks_of(out->at[k]) == w->now) { return true; }
    }
    if (!(out->every > 0)) { return false; }
    double k = round((wp_years(w->now) - out->from) / out->every);
    return k >= 0 && ticks_of(out->from + k * out->every) == w->now;
}

void count_snapshots(world *w)
{
    const wp_scenario *sc = w->place->sc;
    int year = year_of(w, w->now);
    eye e = {w, WP_TICK_NEVER, -1};
    for (int o = 0; o < sc->n_outcomes; o++) {
        const wp_outcome *out = &sc->outcomes[o];
        if (out->kind != WP_OUTCOME_SNAPSHOT || !snapshot_now(w, out)) { continue; }
        if (year + 1 < out->first_year || year + 1 > out->last_year) { continue; }
        for (int i = 0; i < n_of(w, out->of); i++) {
            subject s = subject_of(out->of, i);
            if (being_of(w, s)->here && holds(&e, s, out->condition)) {
                w->count[year * sc->n_outcomes + o] += weight_of(w, s);
            }
        }
    }
}
