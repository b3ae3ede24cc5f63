/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interventions of the reference: offers, stays and how their effects grow and fade; queues and pools. */
#include <stdlib.h>

#include "reference/world.h"

static const wp_intervention *programme(const world *w, int v)
{
    return &w->place->sc->interventions[v];
}

/* Is the programme running? At the instant of its end it still is, until ends are due. */
bool runs(const place *pl, int v, wp_tick at, bool before_ends)
{
    const wp_intervention *iv = &pl->sc->interventions[v];
    wp_tick ends = ticks_of(iv->ends);
    return (pl->arm >> v & 1) && at >= ticks_of(iv->starts) && (at < ends || (at == ends && before_ends));
}

/* ---- How strongly a change acts ------------------------------------------------------------------------- */

static double integral_of_build(double t, double years)
{
    return t < years ? t * t / (2 * years) : years / 2 + (t - years);
}

static double integral_of_fade(double t, const wp_change *c)
{
    if (c->after_end == WP_AFTER_LINEAR) { return t < c->fade ? t - t * t / (2 * c->fade) : c->fade / 2; }
    return (1 - exp2(-t / c->fade)) * c->fade / log(2);
}

/* Which twelfth of a year since `zero` it is; the month that ends now is still the present one while an
   instant's ends have not come. */
static int month_since(eye *e, wp_tick zero)
{
    wp_tick at = e->w->now - (e->w->before_ends && e->w->now > zero ? 1 : 0);
    int month = (int)floor(12 * wp_years(at - zero));
    while (zero + ticks_of((month + 1) / 12.0) <= at) { month++; }
    while (month > 0 && zero + ticks_of(month / 12.0) > at) { month--; }
    return month;
}

static void wait_for_month(eye *e, wp_tick zero, int month)
{
    wp_tick edge = zero + ticks_of((month + 1) / 12.0);
    if (edge > e->w->now && edge < e->next) { e->next = edge; }
}

static double building(eye *e, const wp_change *c, wp_tick zero)
{
    if (c->builds_up <= 0) { return 1; }
    int month = month_since(e, zero);
    double a = month / 12.0, b = (month + 1) / 12.0;
    if (a < c->builds_up) { wait_for_month(e, zero, month); }
    return 12 * (integral_of_build(b, c->builds_up) - integral_of_build(a, c->builds_up));
}

static double fading(eye *e, const wp_change *c, wp_tick zero)
{
    if (c->after_end == WP_AFTER_STOPS) { return 0; }
    if (c->after_end == WP_AFTER_STAYS) { return 1; }
    int month = month_since(e, zero);
    double weight = 12 * (integral_of_fade((month + 1) / 12.0, c) - integral_of_fade(month / 12.0, c));
    if (weight > 0) { wait_for_month(e, zero, month); }
    return weight;
}

double effect_weight(eye *e, subject s, const wp_factor *f)
{
    world *w = e->w;
    const wp_intervention *iv = programme(w, f->intervention);
    const wp_change *c = &iv->changes[f->change];
    wp_tick starts = ticks_of(iv->starts), ends = ticks_of(iv->ends);
    if (!(w->place->arm >> f->intervention & 1)) { return 0; }
    if (iv->everyone) {
        if (w->now < starts) {
            if (starts < e->next) { e->next = starts; }
            return 0;
        }
        if (runs(w->place, f->intervention, w->now, w->before_ends)) {
            if (ends > w->now && ends < e->next) { e->next = ends; }
            return building(e, c, starts);
        }
        return fading(e, c, ends);
    }
    if (iv->of == WP_HOUSEHOLD) { s = subject_of(WP_HOUSEHOLD, household_of(w, s)); }
    if (s.kind != iv->of) { return 0; }
    const stay *st = &being_of(w, s)->stays[f->intervention];
    int status = being_of(w, s)->level[iv->status];
    if (status == IN_LEVEL) { return building(e, c, st->started); }
    return st->ended > 0 ? fading(e, c, st->ended) : 0;
}

/* ---- Offers and stays ---------------------------------------------------------------------------------- */

void drop_from_queue(world *w, subject s, int v)
{
    stay *st = &being_of(w, s)->stays[v];
    st->gives_up = WP_TICK_NEVER;
    set_level(w, s, programme(w, v)->status, st->ended > 0 ? PAST_LEVEL : NEVER_LEVEL);
}

void start_stay(world *w, subject s, int v)
{
    const wp_intervention *iv = programme(w, v);
    eye e = {w, WP_TICK_NEVER, -1};
    stay *st = &being_of(w, s)->stays[v];
    st->started = w->now;
    st->gives_up = WP_TICK_NEVER;
    st->due = later_by(w->now, random_duration(&e, s, &iv->lasts));
    set_level(w, s, iv->status, IN_LEVEL);
    raise_event(w, s, iv->event_start, -1);
    apply(w, s, &iv->at_start);
}

void end_stay(world *w, subject s, int v)
{
    const wp_intervention *iv = programme(w, v);
    stay *st = &being_of(w, s)->stays[v];
    st->due = WP_TICK_NEVER;
    st->ended = w->now;
    set_level(w, s, iv->status, PAST_LEVEL);
    raise_event(w, s, iv->event_end, -1);
    apply(w, s, &iv->at_end);
}

static bool may_be_offered(world *w, subject s, int v)
{
    const wp_intervention *iv = programme(w, v);
    int status = being_of(w, s)->level[iv->status];
    if (status == NEVER_LEVEL) { return true; }
    return status == PAST_LEVEL && iv->again_after < 1e9 &&
           w->now >= being_of(w, s)->stays[v].ended + ticks_of(iv->again_after);
}

void offer(world *w, subject s, int v, int o)
{
    const wp_intervention *iv = programme(w, v);
    eye e = {w, WP_TICK_NEVER, -1};
    if (!runs(w->place, v, w->now, w->before_ends) || !may_be_offered(w, s, v)) { return; }
    if (!holds(&e, s, iv->offers[o].when)) { return; }
    if (uniform(w) >= quantity(&e, s, &iv->offers[o].reach)) { return; }
    raise_event(w, s, iv->event_offer, -1);
    stay *st = &being_of(w, s)->stays[v];
    if (st->willing >= quantity(&e, s, &iv->uptake)) {
        raise_event(w, s, iv->event_refused, -1);
        return;
    }
    if (iv->capacity == WP_CAPACITY_NONE) {
        start_stay(w, s, v);
        return;
    }
    st->asked = w->now;
    st->offer = o;
    st->priority = uniform(w);
    if (iv->gives_up) { st->gives_up = later_by(w->now, random_duration(&e, s, &iv->gives_up_after)); }
    set_level(w, s, iv->status, WAITING_LEVEL);
}

/* ---- Queues ------------------------------------------------------------------------------------------------ */

typedef struct waiting { world *w; subject s; wp_tick asked; double lottery; int request; } waiting;
typedef struct ordering { const wp_queue_order *order; int n; } ordering;

/* -1: a first. */
static int compare_by(const waiting *a, const waiting *b, const wp_queue_order *o)
{
    double ka = 0, kb = 0;
    eye ea = {a->w, WP_TICK_NEVER, -1}, eb = {b->w, WP_TICK_NEVER, -1};
    switch (o->key) {
    case WP_ORDER_LOTTERY: ka = a->lottery; kb = b->lottery; break;
    case WP_ORDER_LONGEST_WAITING: ka = (double)a->asked; kb = (double)b->asked; break;
    case WP_ORDER_CONDITION: ka = !holds(&ea, a->s, o->when); kb = !holds(&eb, b->s, o->when); break;
    case WP_ORDER_LEVEL: {
        int la = look_at(&ea, a->s, &o->look).level, lb = look_at(&eb, b->s, &o->look).level;
        ka = (la - o->first_level + 2 * WP_MAX_LEVELS) % WP_MAX_LEVELS;
        kb = (lb - o->first_level + 2 * WP_MAX_LEVELS) % WP_MAX_LEVELS;
        break;
    }
    }
    return ka < kb ? -1 : ka > kb;
}

static int compare(const waiting *a, const waiting *b, const ordering *by)
{
    for (int i = 0; i < by->n; i++) {
        int c = compare_by(a, b, &by->order[i]);
        if (c != 0) { return c; }
    }
    if (by->n == 0 && a->asked != b->asked) { return a->asked < b->asked ? -1 : 1; }
    return a->lottery < b->lottery ? -1 : 1;
}

static void sort_queue(waiting *list, int n, const ordering *by)
{
    for (int i = 1; i < n; i++) {
        waiting one = list[i];
        int k = i;
        while (k > 0 && compare(&one, &list[k - 1], by) < 0) { list[k] = list[k - 1]; k--; }
        list[k] = one;
    }
}

static int n_subjects(const world *w, wp_subject_kind kind)
{
    return kind == WP_PERSON ? w->n_persons : w->n_households;
}

/* Twice the places that are free for new starts. */
static int64_t free_places(place *pl, int v, wp_tick at)
{
    const wp_intervention *iv = &pl->sc->interventions[v];
    world *any = pl->worlds[0];
    eye e = {any, WP_TICK_NEVER, -1};
    double places = quantity(&e, subject_of(iv->of, 0), &iv->capacity_value);
    double since = wp_years(at) - fmax(0, iv->starts);
    if (iv->capacity_builds_up > 0 && since < iv->capacity_builds_up) {
        places *= since / iv->capacity_builds_up;
    }
    int64_t free = 2 * (int64_t)floor(places + 1e-9), used = 0;
    if (iv->capacity == WP_CAPACITY_STARTS_PER_YEAR) { /* programme years (k, k + 1] */
        int year = (int)ceil(since - 1e-9) - 1;
        if (year != pl->quota_year[v]) {
            pl->quota_year[v] = year;
            pl->quota_used[v] = 0;
        }
        return free - pl->quota_used[v];
    }
    for (int k = 0; k < pl->n_worlds; k++) {
        world *w = pl->worlds[k];
        for (int i = 0; w != NULL && i < n_subjects(w, iv->of); i++) {
            subject s = subject_of(iv->of, i);
            if (being_of(w, s)->here && being_of(w, s)->level[iv->status] == IN_LEVEL) {
                used += weight_of(w, s);
            }
        }
    }
    return free - used;
}

static void settle_programme(place *pl, int v, wp_tick at)
{
    const wp_intervention *iv = &pl->sc->interventions[v];
    int n = 0, capacity = 0;
    waiting *list = NULL;
    for (int k = 0; k < pl->n_worlds; k++) {
        world *w = pl->worlds[k];
        for (int i = 0; w != NULL && i < n_subjects(w, iv->of); i++) {
            subject s = subject_of(iv->of, i);
            stay *st = &being_of(w, s)->stays[v];
            eye e = {w, WP_TICK_NEVER, -1};
            if (!being_of(w, s)->here || being_of(w, s)->level[iv->status] != WAITING_LEVEL) { continue; }
            if (!holds(&e, s, iv->offers[st->offer].when)) {
                drop_from_queue(w, s, v);
                continue;
            }
            if (n == capacity) {
                list = realloc(list, (size_t)(capacity = 2 * capacity + 16) * sizeof *list);
            }
            list[n++] = (waiting){w, s, st->asked, st->priority, -1};
        }
    }
    ordering by = {iv->order, iv->n_order};
    sort_queue(list, n, &by);
    int64_t free_now = n > 0 ? free_places(pl, v, at) : 0;
    for (int i = 0; i < n; i++) {
        int weight = weight_of(list[i].w, list[i].s);
        if (free_now <= 0) { break; }
        free_now -= weight;
        pl->quota_used[v] += weight;
        start_stay(list[i].w, list[i].s, v);
    }
    free(list);
}

static double places_open(place *pl, int p, int stock, wp_tick at)
{
    const wp_pool *pool = &pl->sc->pools[p];
    double places = 0;
    if (pool->places.kind == WP_QUANTITY_TABLE || (pool->places.kind == WP_QUANTITY_PARAMETER &&
                                                   pl->sc->parameters[pool->places.parameter].grid != NULL)) {
        const wp_grid *grid = pool->places.kind == WP_QUANTITY_TABLE
                                  ? pool->places.grid
                                  : pl->sc->parameters[pool->places.parameter].grid;
        places = grid->cell_parameter != NULL && grid->cell_parameter[stock] >= 0
                     ? parameter_value(pl->sc, grid->cell_parameter[stock]) : grid->values[stock];
    } else {
        eye e = {pl->worlds[0], WP_TICK_NEVER, -1};
        places = quantity(&e, subject_of(WP_PERSON, 0), &pool->places);
    }
    if (!pool->per_year) { return floor(places); }
    if (!pool->unused_kept && isfinite(pool->lapse_after)) {
        double gone = floor(places * fmax(0, wp_years(at) - pool->lapse_after) + 1e-9) - pl->taken[p][stock];
        if (gone > pl->lapsed[p][stock]) { pl->lapsed[p][stock] = gone; }
    }
    return floor(places * wp_years(at) + 1e-9) - pl->lapsed[p][stock];
}

static void settle_pool(place *pl, int p, wp_tick at)
{
    const wp_pool *pool = &pl->sc->pools[p];
    int n = 0, kept = 0, n_all = pl->n_requests;
    request *all = malloc((size_t)(n_all + 1) * sizeof *all);
    waiting *list = malloc((size_t)(n_all + 1) * sizeof *list);
    for (int i = 0; i < n_all; i++) { all[i] = pl->requests[i]; }
    for (int i = 0; i < n_all; i++) { /* the requests of this pool leave the list; `waits` puts them back */
        if (all[i].pool != p || all[i].at >= at) {
            pl->requests[kept++] = all[i];
        } else {
            world *w = NULL;
            for (int k = 0; k < pl->n_worlds && w == NULL; k++) {
                if (pl->worlds[k] == all[i].w) { w = all[i].w; }
            }
            if (w != NULL && being_of(w, all[i].who)->here) {
                list[n++] = (waiting){w, all[i].who, all[i].at, all[i].lottery, i};
            }
        }
    }
    pl->n_requests = kept;
    ordering by = {pool->order, pool->n_order};
    sort_queue(list, n, &by);
    for (int i = 0; i < n; i++) {
        request *r = &all[list[i].request];
        world *w = list[i].w;
        double weight = weight_of(w, r->who) / 2.0;
        double room = places_open(pl, p, r->stock, at) - pl->taken[p][r->stock];
        if (room > 0) {
            pl->taken[p][r->stock] += weight;
            raise_event(w, r->who, r->ask->event_granted, -1);
            apply(w, r->who, &r->ask->body);
        } else {
            if (pool->refused_waits) {
                pl->requests[pl->n_requests++] = *r;
                continue;
            }
            raise_event(w, r->who, r->ask->event_refused, -1);
            apply(w, r->who, &r->ask->otherwise);
        }
    }
    free(all);
    free(list);
}

static bool is_border(double every, wp_tick at)
{
    if (!(every > 0)) { return true; }
    double k = round(wp_years(at) / every);
    return k >= 1 && ticks_of(k * every) == at;
}

/* All queues whose border is now. */
void settle(place *pl, wp_tick at)
{
    for (int p = 0; p < pl->sc->n_pools; p++) {
        if (is_border(pl->sc->pools[p].settled, at)) { settle_pool(pl, p, at); }
    }
    for (int v = 0; v < pl->sc->n_interventions; v++) {
        const wp_intervention *iv = &pl->sc->interventions[v];
        if (iv->capacity != WP_CAPACITY_NONE && is_border(iv->settled, at) && runs(pl, v, at, true)) {
            settle_programme(pl, v, at);
        }
    }
}
