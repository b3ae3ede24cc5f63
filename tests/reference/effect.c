/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an event does in the reference: levels, births, deaths, moves, couples that form and part. */
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#include "reference/world.h"

static bool here(const world *w, int i)
{
    return i >= 0 && w->persons[i].being.here;
}

void set_level(world *w, subject s, int variable, int level)
{
    being *b = being_of(w, s);
    if (b->level[variable] == level) { return; }
    b->level[variable] = level;
    b->since[variable] = w->now;
    w->queue = w->n_queue < w->cap_queue ? w->queue
             : realloc(w->queue, (size_t)(w->cap_queue = 2 * w->cap_queue + 16) * sizeof *w->queue);
    w->queue[w->n_queue++] = (raised){-1, variable, level, s, household_of(w, s), -1};
    const wp_scenario *sc = w->place->sc;
    for (int o = 0; o < sc->n_outcomes; o++) { /* outcomes that count entries */
        const wp_outcome *out = &sc->outcomes[o];
        if (out->kind == WP_OUTCOME_ENTERS && out->variable == variable && (out->levels >> level & 1)) {
            count_event(w, s, -1 - o);
        }
    }
}

static void effect_set(world *w, subject s, const wp_effect *f)
{
    const wp_variable *v = &w->place->sc->variables[f->variable];
    if (f->whose == WP_PARTNER || f->whose == WP_MOTHER) {
        const person *me = s.kind != WP_PERSON ? NULL : &view_of(w, s)->persons[s.i];
        int other = me == NULL ? -1 : f->whose == WP_PARTNER ? me->partner : me->mother;
        if (!here(w, other)) { return; }
        s.i = other;
    }
    if (v->of == WP_HOUSEHOLD) { s = subject_of(WP_HOUSEHOLD, household_of(w, s)); }
    if (!being_of(w, s)->here) { return; }
    int now = being_of(w, s)->level[f->variable], to = now;
    switch (f->how) {
    case WP_SET_LEVEL: to = f->level; break;
    case WP_SET_NEXT: to = now + 1 < v->n_levels ? now + 1 : now; break;
    case WP_SET_PREVIOUS: to = now > 0 ? now - 1 : now; break;
    case WP_SET_AT_LEAST: to = now > f->level ? now : f->level; break;
    case WP_SET_AT_MOST: to = now < f->level ? now : f->level; break;
    case WP_SET_SAME_AS: to = f->level_map[being_of(w, s)->level[f->same_as]]; break;
    }
    if (to >= 0) { set_level(w, s, f->variable, to); }
}

/* ---- Who lives where --------------------------------------------------------------------------------- */

static void close_if_empty(world *w, int h)
{
    for (int i = 0; i < w->n_persons; i++) {
        if (here(w, i) && w->persons[i].household == h) { return; }
    }
    w->households[h].being.here = false;
}

/* Takes a person out of the run and ends all links. */
void leave_run(world *w, int i)
{
    person *p = &w->persons[i];
    end_couple(w, p->couple);
    p->being.here = false;
    for (int j = 0; j < w->n_persons; j++) {
        if (w->persons[j].mother == i) { w->persons[j].mother = -1; }
    }
    close_if_empty(w, p->household);
}

/* Where something hangs on their going, those who go are seen as they were. */
static void take_picture(world *w, int i)
{
    const wp_scenario *sc = w->place->sc;
    for (int p = 0; p < sc->n_processes; p++) {
        const wp_process *proc = &sc->processes[p];
        bool follows = proc->kind == WP_PROCESS_AT_EVENT && proc->of == WP_PERSON &&
                       proc->at.kind == WP_AT_EVENT && sc->events[proc->at.event].ends_person;
        if (follows && w->persons[i].last_seen == NULL) { w->persons[i].last_seen = picture_of(w); }
    }
}

static void effect_die(world *w, subject s)
{
    take_picture(w, s.i);
    w->place->totals->died[year_of(w, w->now)]++;
    raise_event(w, s, WP_EVENT_DIED, -1);
    leave_run(w, s.i);
}

static void go_outside(world *w, int i)
{
    take_picture(w, i);
    w->place->totals->left[year_of(w, w->now)]++;
    raise_event(w, subject_of(WP_PERSON, i), WP_EVENT_MOVED_OUT, -1);
    leave_run(w, i);
}

static void settle_in(world *w, int h, int before)
{
    draw_all_levels(w, subject_of(WP_HOUSEHOLD, h), -1, before, AT_NEW_HOUSEHOLD);
    draw_multipliers(w, subject_of(WP_HOUSEHOLD, h), before);
}

static void move_people(world *w, const int *who, int n, wp_move_to to)
{
    if (n == 0) { return; }
    int before = w->persons[who[0]].household;
    if (to == WP_TO_OUTSIDE) {
        for (int k = 0; k < n; k++) { go_outside(w, who[k]); }
        return;
    }
    int h = new_household(w);
    w->households[h].institution = to == WP_TO_INSTITUTION;
    for (int k = 0; k < n; k++) { w->persons[who[k]].household = h; }
    settle_in(w, h, before);
    close_if_empty(w, before);
    for (int k = 0; k < n; k++) { raise_event(w, subject_of(WP_PERSON, who[k]), WP_EVENT_MOVED_HOME, -1); }
}

static int list_who(world *w, subject s, wp_who who, int group, int *list)
{
    int n = 0, me = s.kind == WP_PERSON ? s.i : s.kind == WP_COUPLE ? w->couples[s.i].a : -1;
    int h = household_of(w, s);
    eye e = {w, WP_TICK_NEVER, -1};
    const person *links = me >= 0 ? &view_of(w, subject_of(WP_PERSON, me))->persons[me] : NULL;
    for (int i = 0; i < w->n_persons && n < 256; i++) {
        bool take = false, home = here(w, i) && w->persons[i].household == h;
        bool partner = me >= 0 && links->partner == i;
        bool child = me >= 0 && home && is_child_of(w, i, me);
        switch (who) {
        case WP_WHO_SELF: take = i == me; break;
        case WP_WHO_PARTNER: take = partner; break;
        case WP_WHO_MOTHER: take = me >= 0 && links->mother == i; break;
        case WP_WHO_CHILDREN_AT_HOME: take = child; break;
        case WP_WHO_HOUSEHOLD_MEMBERS:
            take = home &&
                   (group < 0 || holds(&e, subject_of(WP_PERSON, i), w->place->sc->groups[group].condition));
            break;
        case WP_WHO_FAMILY: take = i == me || partner || child; break;
        case WP_WHO_HOUSEHOLD: take = home; break;
        }
        if (take && here(w, i)) { list[n++] = i; }
    }
    return n;
}

void note_adults(world *w)
{
    for (int h = 0; h < w->n_households; h++) { w->households[h].had_adult = false; }
    for (int i = 0; i < w->n_persons; i++) {
        if (here(w, i) && age_of(&w->persons[i], w->now) >= 18) {
            w->households[w->persons[i].household].had_adult = true;
        }
    }
}

static bool children_alone(const world *w, int h)
{
    int n = 0;
    for (int i = 0; i < w->n_persons; i++) {
        if (!here(w, i) || w->persons[i].household != h) { continue; }
        if (age_of(&w->persons[i], w->now) >= 18) { return false; }
        n++;
    }
    return n > 0;
}

/* Households whose last adult went: the event first, and if nothing moves the children, an institution. */
void check_adults(world *w)
{
    for (int h = 0; h < w->n_households; h++) {
        int list[256];
        if (!w->households[h].had_adult || !children_alone(w, h)) { continue; }
        w->households[h].had_adult = false;
        raise_event(w, subject_of(WP_HOUSEHOLD, h), WP_EVENT_LEFT_WITHOUT_ADULTS, -1);
        run_hooks(w);
        if (children_alone(w, h) && !w->households[h].institution) {
            int n = list_who(w, subject_of(WP_HOUSEHOLD, h), WP_WHO_HOUSEHOLD, -1, list);
            move_people(w, list, n, WP_TO_INSTITUTION);
            run_hooks(w);
        }
    }
}

/* ---- Births and couples ---------------------------------------------------------------------------------- */

static void effect_birth(world *w, subject s, int n)
{
    for (int k = 0; k < n; k++) {
        int i = new_person(w);
        person *child = &w->persons[i];
        child->mother = s.i;
        child->household = w->persons[s.i].household;
        child->counted = w->persons[s.i].counted;
        draw_all_levels(w, subject_of(WP_PERSON, i), s.i, -1, AT_BIRTH);
        draw_multipliers(w, subject_of(WP_PERSON, i), -1);
        w->place->totals->born[year_of(w, w->now)]++;
        raise_event(w, subject_of(WP_PERSON, i), WP_EVENT_BORN, -1);
    }
}

static int sex_variable(const wp_scenario *sc)
{
    for (int v = 0; v < sc->n_variables; v++) {
        if (strcmp(sc->variables[v].name, "sex") == 0 && sc->variables[v].of == WP_PERSON &&
            sc->variables[v].n_levels == 2) { return v; }
    }
    return -1;
}

static void effect_join(world *w, subject s, const wp_join *join)
{
    const wp_scenario *sc = w->place->sc;
    int sex = sex_variable(sc);
    if (w->persons[s.i].partner >= 0) { return; }
    int my_sex = sex >= 0 ? w->persons[s.i].being.level[sex] : 0;
    double gap = join->has_age_gap
                     ? join->gap_mean[my_sex] + gsl_ran_gaussian(w->place->rng, join->gap_sd[my_sex])
                     : 0;
    int i = new_person(w);
    person *me = &w->persons[s.i], *it = &w->persons[i];
    it->companion = true;
    it->counted = false;
    it->household = me->household;
    it->birth = me->birth - ticks_of(gap);
    if (it->birth > w->now - ticks_of(16)) { it->birth = w->now - ticks_of(16); }
    if (sex >= 0) {
        it->being.level[sex] = uniform(w) < join->share_other_sex ? 1 - my_sex : my_sex;
    }
    for (int k = 0; k < join->n_like_me; k++) {
        if (join->like_me[k].kind == WP_LOOK_VARIABLE &&
            sc->variables[join->like_me[k].item].of == WP_PERSON) {
            it->being.level[join->like_me[k].item] = me->being.level[join->like_me[k].item];
        }
    }
    w->place->totals->entered[year_of(w, w->now)]++;
    int c = new_couple(w, s.i, i);
    draw_all_levels(w, subject_of(WP_PERSON, i), -1, -1, AT_ARRIVAL);
    draw_multipliers(w, subject_of(WP_PERSON, i), -1);
    raise_event(w, subject_of(WP_COUPLE, c), WP_EVENT_COUPLE_FORMED, -1);
}

static int choose_leaver(world *w, int a, int b, const wp_effect *f)
{
    int sex = sex_variable(w->place->sc);
    double share = 0.5;
    if (!isnan(f->leaver_share[0]) && sex >= 0) {
        int sex_a = w->persons[a].being.level[sex];
        if (sex_a == w->persons[b].being.level[sex]) { fail(w, "shares by sex in a couple of equal sex"); }
        share = f->leaver_share[sex_a];
    }
    return uniform(w) < share ? a : b;
}

/* A companion who is alone again leaves the run, with the uncounted children who live with them. */
static void release_companion(world *w, int i)
{
    int h = w->persons[i].household, list[256], n = 0;
    if (!w->persons[i].companion) { return; }
    for (int j = 0; j < w->n_persons; j++) {
        bool theirs = here(w, j) && w->persons[j].household == h && w->persons[j].mother == i;
        if (j == i || (theirs && !w->persons[j].counted)) { list[n++] = j; }
    }
    for (int k = 0; k < n; k++) {
        w->place->totals->left[year_of(w, w->now)]++;
        leave_run(w, list[k]);
    }
}

static void effect_separate(world *w, subject s, const wp_effect *f)
{
    int c = s.kind == WP_COUPLE ? s.i : w->persons[s.i].couple, list[256], n = 0;
    if (c < 0 || !w->couples[c].being.here) { return; }
    int a = w->couples[c].a, b = w->couples[c].b, old = w->persons[a].household;
    int leaver = choose_leaver(w, a, b, f), stayer = leaver == a ? b : a;
    list[n++] = leaver;
    for (int i = 0; i < w->n_persons && n < 256; i++) {
        if (!here(w, i) || w->persons[i].household != old || i == a || i == b || !is_child_of(w, i, a)) {
            continue;
        }
        if (f->children_go == WP_CHILDREN_GO ||
            (f->children_go == WP_CHILDREN_WITH_MOTHER && w->persons[i].mother == leaver)) { list[n++] = i; }
    }
    count_event(w, subject_of(WP_COUPLE, c), WP_EVENT_SEPARATED);
    end_couple(w, c);
    if (!w->persons[leaver].companion && w->persons[stayer].household == w->persons[leaver].household) {
        move_people(w, list, n, WP_TO_NEW_HOUSEHOLD);
    }
    release_companion(w, a);
    release_companion(w, b);
    remember(w, subject_of(WP_COUPLE, c), WP_EVENT_SEPARATED);
    w->queue = w->n_queue < w->cap_queue ? w->queue
             : realloc(w->queue, (size_t)(w->cap_queue = 2 * w->cap_queue + 16) * sizeof *w->queue);
    w->queue[w->n_queue++] = (raised){
        WP_EVENT_SEPARATED, -1, -1, subject_of(WP_PERSON, stayer), old, here(w, leaver) ? leaver : -1};
}

static void effect_ask(world *w, subject s, const wp_effect *f)
{
    place *pl = w->place;
    const wp_pool *pool = &pl->sc->pools[f->pool];
    int stock = 0;
    if (pool->by >= 0) {
        stock = f->place_level;
        if (stock < 0) {
            subject whose = pl->sc->variables[f->place_same_as].of == WP_HOUSEHOLD
                                ? subject_of(WP_HOUSEHOLD, household_of(w, s)) : s;
            stock = being_of(w, whose)->level[f->place_same_as];
            if (f->level_map != NULL) { stock = f->level_map[stock]; }
        }
    }
    if (stock < 0) { return; }
    if (pl->n_requests == pl->cap_requests) {
        pl->cap_requests = 2 * pl->cap_requests + 16;
        pl->requests = realloc(pl->requests, (size_t)pl->cap_requests * sizeof *pl->requests);
    }
    pl->requests[pl->n_requests++] = (request){w, f->pool, stock, f, s, w->now, uniform(w)};
}

void apply(world *w, subject s, const wp_effects *effects)
{
    for (int k = 0; k < effects->n && w->status == WP_OK; k++) {
        const wp_effect *f = &effects->list[k];
        eye e = {view_of(w, s), WP_TICK_NEVER, -1};
        int list[256], n;
        if (!is_there(w, s)) { return; }
        if (!holds(&e, s, f->when)) { continue; }
        switch (f->kind) {
        case WP_EFFECT_SET: effect_set(w, s, f); break;
        case WP_EFFECT_FOR:
            n = list_who(w, s, f->who, f->group, list);
            for (int i = 0; i < n; i++) { apply(w, subject_of(WP_PERSON, list[i]), &f->body); }
            break;
        case WP_EFFECT_BIRTH: effect_birth(w, s, f->children); break;
        case WP_EFFECT_DIE: effect_die(w, s); break;
        case WP_EFFECT_MOVE:
            n = list_who(w, s, f->who, -1, list);
            move_people(w, list, n, f->to);
            break;
        case WP_EFFECT_JOIN: effect_join(w, s, &f->join); break;
        case WP_EFFECT_SEPARATE: effect_separate(w, s, f); break;
        case WP_EFFECT_ASK: effect_ask(w, s, f); break;
        }
    }
}
