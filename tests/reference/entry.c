/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How people and households come into the reference's world: rooms in lists, first levels, multipliers. */
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#include "reference/world.h"

void fail(world *w, const char *text)
{
    if (w->status == WP_OK) {
        w->status = WP_ERR_RUN;
        if (w->err != NULL && w->err->status == WP_OK) {
            w->err->status = WP_ERR_RUN;
            snprintf(w->err->text, sizeof w->err->text, "reference: %s", text);
        }
    }
}

double uniform(world *w)
{
    return gsl_rng_uniform_pos(w->place->rng);
}

static void init_being(world *w, being *b)
{
    const wp_scenario *sc = w->place->sc;
    memset(b, 0, sizeof *b);
    b->here = true;
    b->level = calloc((size_t)sc->n_variables + 1, sizeof *b->level);
    b->since = calloc((size_t)sc->n_variables + 1, sizeof *b->since);
    b->multiplier = calloc((size_t)sc->n_multipliers + 1, sizeof *b->multiplier);
    b->clocks = calloc((size_t)sc->n_processes + 1, sizeof *b->clocks);
    b->stays = calloc((size_t)sc->n_interventions + 1, sizeof *b->stays);
    b->counted_year = calloc((size_t)sc->n_outcomes + 1, sizeof *b->counted_year);
    for (int i = 0; i < sc->n_variables; i++) {
        b->level[i] = sc->variables[i].kind == WP_STATUS ? NEVER_LEVEL : -1;
        b->since[i] = w->now;
    }
    for (int i = 0; i < sc->n_processes; i++) { b->clocks[i].due = WP_TICK_NEVER; }
    for (int i = 0; i < sc->n_outcomes; i++) { b->counted_year[i] = -1; }
    for (int i = 0; i < sc->n_interventions; i++) {
        b->stays[i] = (stay){.willing = uniform(w), .due = WP_TICK_NEVER, .gives_up = WP_TICK_NEVER};
    }
}

static void free_being(being *b)
{
    free(b->level); free(b->since); free(b->multiplier); free(b->clocks); free(b->stays);
    free(b->counted_year); free(b->past.list);
}

static void *room(void *list, int *capacity, int n, size_t size)
{
    if (n < *capacity) { return list; }
    *capacity = *capacity == 0 ? 8 : 2 * *capacity;
    return realloc(list, (size_t)*capacity * size);
}

int new_person(world *w)
{
    w->persons = room(w->persons, &w->cap_persons, w->n_persons, sizeof *w->persons);
    person *p = &w->persons[w->n_persons];
    memset(p, 0, sizeof *p);
    init_being(w, &p->being);
    p->counted = true;
    p->household = p->partner = p->mother = p->couple = -1;
    p->birth = w->now;
    return w->n_persons++;
}

int new_household(world *w)
{
    w->households = room(w->households, &w->cap_households, w->n_households, sizeof *w->households);
    household *h = &w->households[w->n_households];
    memset(h, 0, sizeof *h);
    init_being(w, &h->being);
    return w->n_households++;
}

int new_couple(world *w, int a, int b)
{
    w->couples = room(w->couples, &w->cap_couples, w->n_couples, sizeof *w->couples);
    couple *c = &w->couples[w->n_couples];
    memset(c, 0, sizeof *c);
    init_being(w, &c->being);
    c->a = a;
    c->b = b;
    c->since = w->now;
    w->persons[a].partner = b;
    w->persons[b].partner = a;
    w->persons[a].couple = w->persons[b].couple = w->n_couples;
    return w->n_couples++;
}

void end_couple(world *w, int c)
{
    if (c < 0 || !w->couples[c].being.here) { return; }
    person *a = &w->persons[w->couples[c].a], *b = &w->persons[w->couples[c].b];
    w->couples[c].being.here = false;
    a->partner = b->partner = a->couple = b->couple = -1;
}

world *new_world(place *pl)
{
    world *w = calloc(1, sizeof *w);
    w->place = pl;
    w->gone = -1;
    w->count = calloc((size_t)((pl->n_years + 1) * pl->sc->n_outcomes + 1), sizeof *w->count);
    return w;
}

void free_world(world *w)
{
    if (w == NULL) { return; }
    for (int i = 0; i < w->n_persons; i++) {
        free_being(&w->persons[i].being);
        free_picture(w->persons[i].last_seen);
    }
    for (int i = 0; i < w->n_households; i++) { free_being(&w->households[i].being); }
    for (int i = 0; i < w->n_couples; i++) { free_being(&w->couples[i].being); }
    free(w->persons); free(w->households); free(w->couples); free(w->queue); free(w->count);
    free(w);
}

/* ---- Those who have gone ------------------------------------------------------------------------------ */

static void *copy_of(const void *list, size_t n, size_t size)
{
    void *copy = calloc(n + 1, size);
    if (n > 0) { memcpy(copy, list, n * size); }
    return copy;
}

static void copy_being(const world *w, being *b)
{
    size_t n = (size_t)w->place->sc->n_variables;
    b->level = copy_of(b->level, n, sizeof *b->level);
    b->since = copy_of(b->since, n, sizeof *b->since);
    b->past.list = copy_of(b->past.list, (size_t)b->past.n, sizeof *b->past.list);
}

/* Who there is and what they are, to be looked at later. */
world *picture_of(const world *w)
{
    world *copy = copy_of(w, 1, sizeof *w);
    copy->persons = copy_of(w->persons, (size_t)w->n_persons, sizeof *w->persons);
    copy->households = copy_of(w->households, (size_t)w->n_households, sizeof *w->households);
    copy->couples = copy_of(w->couples, (size_t)w->n_couples, sizeof *w->couples);
    for (int i = 0; i < w->n_persons; i++) { copy_being(w, &copy->persons[i].being); }
    for (int i = 0; i < w->n_households; i++) { copy_being(w, &copy->households[i].being); }
    for (int i = 0; i < w->n_couples; i++) { copy_being(w, &copy->couples[i].being); }
    return copy;
}

static void free_looks(being *b)
{
    free(b->level); free(b->since); free(b->past.list);
}

void free_picture(world *w)
{
    if (w == NULL) { return; }
    for (int i = 0; i < w->n_persons; i++) { free_looks(&w->persons[i].being); }
    for (int i = 0; i < w->n_households; i++) { free_looks(&w->households[i].being); }
    for (int i = 0; i < w->n_couples; i++) { free_looks(&w->couples[i].being); }
    free(w->persons); free(w->households); free(w->couples);
    free(w);
}

/* The world in which a subject is looked at: for one who has gone, as it was then. */
world *view_of(world *w, subject s)
{
    bool gone = s.kind == WP_PERSON && !w->persons[s.i].being.here && w->persons[s.i].last_seen != NULL;
    return gone ? w->persons[s.i].last_seen : w;
}

bool is_there(world *w, subject s)
{
    return being_of(w, s)->here || (s.kind == WP_PERSON && s.i == w->gone);
}

/* ---- Levels ------------------------------------------------------------------------------------------ */

static int level_from_shares(world *w, subject s, const wp_grid *grid)
{
    eye e = {w, WP_TICK_NEVER, -1};
    int row = 0, n = grid->axes[grid->n_axes - 1].n_bands, last = 0;
    for (int a = 0; a + 1 < grid->n_axes; a++) {
        seen v = look_at(&e, s, &grid->axes[a].look);
        int k = v.none       ? -1
                : v.is_level ? v.level
                             : band_of(&e, &v, grid->axes[a].bands, grid->axes[a].n_bands);
        if (k < 0) {
            fail(w, "a table of shares has no row for one who enters");
            return 0;
        }
        row = row * grid->axes[a].n_bands + k;
    }
    double u = uniform(w), sum = 0;
    for (int l = 0; l < n; l++) {
        int cell = row * n + l;
        double share = grid->cell_parameter != NULL && grid->cell_parameter[cell] >= 0
                           ? parameter_value(w->place->sc, grid->cell_parameter[cell])
                           : grid->values[cell];
        if (isnan(share)) { share = grid->has_otherwise ? grid->otherwise : 0; }
        sum += share;
        if (share > 0) { last = l; }
        if (share > 0 && u <= sum) { return l; }
    }
    return last;
}

static const wp_entry *entry_for(const wp_variable *v, int how)
{
    switch (how) {
    case AT_BIRTH: return &v->at_birth;
    case AT_ARRIVAL: return &v->at_arrival;
    case AT_NEW_HOUSEHOLD: return &v->at_new_household;
    default: return &v->at_start;
    }
}

/* Draws a level by `entry`, or by at_start where none is given; whatever it depends on is drawn first. */
void draw_level(world *w, subject s, int variable, const wp_entry *entry, int mother, int before)
{
    const wp_variable *v = &w->place->sc->variables[variable];
    being *b = being_of(w, s);
    int level = 0;
    if (b->level[variable] >= 0) { return; }
    if (entry == NULL) { entry = entry_for(v, w->entering); }
    if (entry->kind == WP_ENTRY_NONE || entry->kind == WP_ENTRY_FRESH) { entry = &v->at_start; }
    if (entry->kind == WP_ENTRY_SAME_AS_MOTHER && mother >= 0) {
        level = w->persons[mother].being.level[entry->item];
    } else if (entry->kind == WP_ENTRY_AS_BEFORE && before >= 0) {
        level = w->households[before].being.level[variable];
    } else if (entry->kind == WP_ENTRY_SHARES) {
        level = level_from_shares(w, s, entry->shares);
        if (entry->at_least != NULL) {
            eye e = {w, WP_TICK_NEVER, -1};
            int least = (int)look_at(&e, s, entry->at_least).number;
            least = least < v->n_levels ? least : v->n_levels - 1;
            level = level > least ? level : least;
        }
    } else {
        fail(w, v->name);
    }
    being_of(w, s)->level[variable] = level;
}

/* Fixed attributes first, then states, as a subject's first levels are drawn. */
void draw_all_levels(world *w, subject s, int mother, int before, int how)
{
    const wp_scenario *sc = w->place->sc;
    w->entering = how;
    for (int kind = WP_ATTRIBUTE; kind <= WP_STATE; kind++) {
        for (int i = 0; i < sc->n_variables; i++) {
            const wp_variable *v = &sc->variables[i];
            if ((int)v->kind == kind && v->of == s.kind) {
                draw_level(w, s, i, entry_for(v, how), mother, before);
            }
        }
    }
}

void draw_multipliers(world *w, subject s, int before)
{
    const wp_scenario *sc = w->place->sc;
    eye e = {w, WP_TICK_NEVER, -1};
    for (int i = 0; i < sc->n_multipliers; i++) {
        const wp_multiplier *m = &sc->multipliers[i];
        double value;
        if (m->of != s.kind) { continue; }
        if (before >= 0 && !m->fresh_at_new_household) {
            being_of(w, s)->multiplier[i] = w->households[before].being.multiplier[i];
            continue;
        }
        value = quantity(&e, s, &m->mean);
        if (m->kind != WP_MULTIPLIER_FIXED) {
            double cv = quantity(&e, s, &m->cv);
            double shape = m->cv_is_shape ? cv : 1 / (cv * cv), variance = log(1 + cv * cv);
            value = m->kind == WP_MULTIPLIER_GAMMA
                        ? gsl_ran_gamma(w->place->rng, shape, value / shape)
                        : gsl_ran_lognormal(w->place->rng, log(value) - variance / 2, sqrt(variance));
        }
        being_of(w, s)->multiplier[i] = value;
    }
}

static void draw_time_in(world *w, subject s)
{
    const wp_scenario *sc = w->place->sc;
    eye e = {w, WP_TICK_NEVER, -1};
    for (int i = 0; i < sc->n_variables; i++) {
        const wp_variable *v = &sc->variables[i];
        if (v->of != s.kind || v->kind != WP_STATE || v->time_at_start != WP_TIME_DISTRIBUTION) { continue; }
        being_of(w, s)->since[i] = w->now - ticks_of(random_duration(&e, s, &v->time_distribution));
    }
}

/* Times in states in equilibrium: all drawn as if each were 0, then set. */
static void draw_equilibria(world *w, const subject *list, int n)
{
    const wp_scenario *sc = w->place->sc;
    double *years = calloc((size_t)(n * sc->n_variables) + 1, sizeof *years);
    for (int set = 0; set < 2; set++) {
        for (int i = 0; i < n; i++) {
            for (int v = 0; v < sc->n_variables; v++) {
                if (sc->variables[v].of != list[i].kind ||
                    sc->variables[v].time_at_start != WP_TIME_EQUILIBRIUM) {
                    continue;
                }
                double *x = &years[i * sc->n_variables + v];
                if (set == 0) { *x = equilibrium_years(w, list[i], v); }
                if (set == 1) { being_of(w, list[i])->since[v] = w->now - ticks_of(*x); }
            }
        }
    }
    free(years);
}

static void finish_household(world *w, int h, int first, int how)
{
    subject all[WP_MAX_FOUNDERS + 1] = {subject_of(WP_HOUSEHOLD, h)};
    int order[WP_MAX_FOUNDERS], n = w->n_persons - first;
    for (int i = 0; i < n; i++) { /* from the oldest */
        int k = i;
        while (k > 0 && w->persons[order[k - 1]].birth > w->persons[first + i].birth) {
            order[k] = order[k - 1];
            k--;
        }
        order[k] = first + i;
    }
    draw_all_levels(w, subject_of(WP_HOUSEHOLD, h), -1, -1, how == AT_ARRIVAL ? AT_ARRIVAL : AT_START);
    for (int i = 0; i < n; i++) { draw_all_levels(w, subject_of(WP_PERSON, order[i]), -1, -1, how); }
    draw_multipliers(w, subject_of(WP_HOUSEHOLD, h), -1);
    if (how == AT_START) { draw_time_in(w, subject_of(WP_HOUSEHOLD, h)); }
    for (int i = 0; i < n; i++) {
        draw_multipliers(w, subject_of(WP_PERSON, order[i]), -1);
        if (how == AT_START) { draw_time_in(w, subject_of(WP_PERSON, order[i])); }
        if (age_of(&w->persons[order[i]], w->now) >= 18) { w->households[h].had_adult = true; }
        all[i + 1] = subject_of(WP_PERSON, order[i]);
    }
    if (how == AT_START) { draw_equilibria(w, all, n + 1); }
}

void found(world *w, const wp_founding_household *f, int how)
{
    const wp_scenario *sc = w->place->sc;
    int h = new_household(w), first = w->n_persons, n_person = 0;
    while (n_person < sc->n_variables && sc->variables[n_person].of == WP_PERSON) { n_person++; }
    w->households[h].institution = f->institution;
    for (int v = n_person; v < sc->n_variables; v++) {
        if (sc->variables[v].kind != WP_STATUS && f->levels[v - n_person] != WP_LEVEL_DRAWN) {
            w->households[h].being.level[v] = f->levels[v - n_person];
        }
    }
    for (int i = 0; i < f->n; i++) {
        int k = new_person(w);
        w->persons[k].household = h;
        w->persons[k].birth = w->now + f->members[i].birth;
        for (int v = 0; v < n_person; v++) {
            if (sc->variables[v].kind != WP_STATUS && f->members[i].levels[v] != WP_LEVEL_DRAWN) {
                w->persons[k].being.level[v] = f->members[i].levels[v];
            }
        }
    }
    for (int i = 0; i < f->n; i++) {
        if (f->members[i].mother >= 0) { w->persons[first + i].mother = first + f->members[i].mother; }
        if (f->members[i].partner > i) { new_couple(w, first + i, first + f->members[i].partner); }
    }
    finish_household(w, h, first, how);
}

void found_cohort(world *w, const wp_cohort *c, int how)
{
    int h = new_household(w), first = w->n_persons;
    for (int v = 0; v < c->n_set; v++) { w->households[h].being.level[c->variables[v]] = c->levels[v]; }
    for (int i = 0; i < c->n_members; i++) {
        const wp_member_start *m = &c->members[i];
        int k = new_person(w);
        w->persons[k].household = h;
        w->persons[k].birth = w->now - ticks_of(m->age);
        for (int v = 0; v < m->n_set; v++) { w->persons[k].being.level[m->variables[v]] = m->levels[v]; }
    }
    for (int i = 0; i < c->n_members; i++) {
        if (c->members[i].mother >= 0) { w->persons[first + i].mother = first + c->members[i].mother; }
        if (c->members[i].partner > i) { new_couple(w, first + i, first + c->members[i].partner); }
    }
    finish_household(w, h, first, how);
}
