/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reference's subjects see: looks, bands and conditions, evaluated recursively. */
#include "reference/world.h"

subject subject_of(wp_subject_kind kind, int i)
{
    return (subject){kind, i};
}

being *being_of(world *w, subject s)
{
    switch (s.kind) {
    case WP_PERSON: return &w->persons[s.i].being;
    case WP_HOUSEHOLD: return &w->households[s.i].being;
    default: return &w->couples[s.i].being;
    }
}

int household_of(world *w, subject s)
{
    switch (s.kind) {
    case WP_PERSON: return w->persons[s.i].household;
    case WP_HOUSEHOLD: return s.i;
    default: return w->persons[w->couples[s.i].a].household;
    }
}

wp_tick ticks_of(double years)
{
    return years >= 1e9 ? WP_TICK_NEVER : (wp_tick)llround(years * (double)WP_TICKS_PER_YEAR);
}

static wp_tick floor_years(wp_tick ticks)
{
    return ticks >> 32; /* arithmetic: towards minus infinity */
}

int year_of(const world *w, wp_tick at)
{
    wp_tick year = floor_years(at);
    return year >= w->place->n_years ? w->place->n_years : (int)year;
}

int age_of(const person *p, wp_tick now)
{
    wp_tick age = floor_years(now - p->birth);
    return age > WP_MAX_AGE ? WP_MAX_AGE : (int)age;
}

wp_tick birthday_after(const person *p, wp_tick now)
{
    return p->birth + (floor_years(now - p->birth) + 1) * WP_TICKS_PER_YEAR;
}

bool is_child_of(const world *w, int child, int parent)
{
    int mother = w->persons[child].mother;
    return mother >= 0 && (mother == parent || mother == w->persons[parent].partner);
}

static bool lives_in(const world *w, int i, int h)
{
    return w->persons[i].being.here && w->persons[i].household == h;
}

static int count_members(const world *w, int h)
{
    int n = 0;
    for (int i = 0; i < w->n_persons; i++) { n += lives_in(w, i, h); }
    return n;
}

/* Kinds: alone; two partners; partners and children of either; one parent and children; anything else. */
static int household_kind(const world *w, int h)
{
    int n = count_members(w, h), a = -1, b = -1;
    if (w->households[h].institution) { return WP_KIND_INSTITUTION; }
    if (n == 1) { return WP_KIND_SINGLE; }
    for (int i = 0; i < w->n_persons && a < 0; i++) {
        if (lives_in(w, i, h) && w->persons[i].partner >= 0) { a = i; b = w->persons[i].partner; }
    }
    if (a >= 0) {
        if (n == 2) { return WP_KIND_COUPLE; }
        for (int i = 0; i < w->n_persons; i++) {
            if (lives_in(w, i, h) && i != a && i != b && !is_child_of(w, i, a)) { return WP_KIND_OTHER; }
        }
        return WP_KIND_COUPLE_AND_CHILDREN;
    }
    for (int parent = 0; parent < w->n_persons; parent++) {
        bool all = lives_in(w, parent, h);
        for (int i = 0; i < w->n_persons && all; i++) {
            if (lives_in(w, i, h) && i != parent) { all = w->persons[i].mother == parent; }
        }
        if (all) { return WP_KIND_LONE_PARENT; }
    }
    return WP_KIND_OTHER;
}

static seen level_seen(int level)
{
    return (seen){.is_level = true, .level = level};
}

static seen number_seen(double number)
{
    return (seen){.number = number};
}

static seen time_seen(eye *e, wp_tick zero)
{
    wp_tick ticks = e->w->now - zero;
    return (seen){.is_time = true, .ticks = ticks, .number = wp_years(ticks), .zero = zero};
}

static const seen nothing = {.none = true};

static seen count_in_group(eye *e, subject s, const wp_look *look)
{
    int n = 0;
    world *w = e->w;
    const wp_condition *c = w->place->sc->groups[look->item].condition;
    if (s.kind == WP_COUPLE) {
        n = holds(e, subject_of(WP_PERSON, w->couples[s.i].a), c) +
            holds(e, subject_of(WP_PERSON, w->couples[s.i].b), c);
    } else {
        for (int i = 0; i < w->n_persons; i++) {
            if (lives_in(w, i, s.i) && holds(e, subject_of(WP_PERSON, i), c)) { n++; }
        }
    }
    return number_seen(n > WP_MAX_COUNT ? WP_MAX_COUNT : n);
}

static seen count_recent(eye *e, subject s, const wp_look *look)
{
    const history *past = &being_of(e->w, s)->past;
    wp_tick window = ticks_of(look->window), now = e->w->now;
    int n = 0;
    for (int i = 0; i < past->n; i++) {
        wp_tick gone = past->list[i].at + window;
        if (past->list[i].event == look->item && gone > now) {
            n++;
            if (gone < e->next) { e->next = gone; }
        }
    }
    return number_seen(n > WP_MAX_RECENT ? WP_MAX_RECENT : n);
}

static seen time_since(eye *e, subject s, int event)
{
    const history *past = &being_of(e->w, s)->past;
    for (int i = past->n - 1; i >= 0; i--) {
        if (past->list[i].event == event) { return time_seen(e, past->list[i].at); }
    }
    return nothing;
}

static seen age_seen(eye *e, int i)
{
    const person *p = &e->w->persons[i];
    wp_tick next = birthday_after(p, e->w->now);
    if (next < e->next) { e->next = next; }
    return number_seen(age_of(p, e->w->now));
}

static seen family_look(eye *e, subject s, const wp_look *look)
{
    world *w = e->w;
    int n = 0, oldest = -1, h = household_of(w, s);
    switch (look->kind) {
    case WP_LOOK_SIZE:
        n = count_members(w, h);
        return number_seen(n > WP_MAX_COUNT ? WP_MAX_COUNT : n);
    case WP_LOOK_KIND: return level_seen(household_kind(w, h));
    case WP_LOOK_OLDEST_AGE:
        for (int i = 0; i < w->n_persons; i++) {
            if (lives_in(w, i, h)) {
                int age = (int)age_seen(e, i).number;
                oldest = age > oldest ? age : oldest;
            }
        }
        return oldest < 0 ? nothing : number_seen(oldest);
    case WP_LOOK_YOUNGER_AGE: {
        double a = age_seen(e, w->couples[s.i].a).number, b = age_seen(e, w->couples[s.i].b).number;
        return number_seen(a < b ? a : b);
    }
    case WP_LOOK_CHILDREN_AT_HOME:
        for (int i = 0; i < w->n_persons; i++) {
            if (!lives_in(w, i, h)) { continue; }
            if (s.kind == WP_PERSON) {
                n += is_child_of(w, i, s.i);
            } else if (w->persons[i].mother >= 0) {
                n += lives_in(w, w->persons[i].mother, h);
            }
        }
        return number_seen(n > WP_MAX_COUNT ? WP_MAX_COUNT : n);
    default: break;
    }
    return nothing;
}

static seen link_look(world *w, int i, wp_look_kind kind)
{
    const person *p = &w->persons[i];
    bool yes = false;
    if (kind == WP_LOOK_HAS_PARTNER) { yes = p->partner >= 0; }
    if (kind == WP_LOOK_PARENT_AT_HOME) { yes = p->mother >= 0 && lives_in(w, p->mother, p->household); }
    if (kind == WP_LOOK_CHILD_AT_HOME) {
        for (int j = 0; j < w->n_persons && !yes; j++) {
            yes = lives_in(w, j, p->household) && is_child_of(w, j, i);
        }
    }
    return level_seen(yes);
}

/* Whom a look is about; false where there is none. A look that only a household or couple can answer
   goes to the subject's own. */
static bool resolve(world *w, subject *s, const wp_look *look)
{
    switch (look->whose) {
    case WP_PARTNER:
        if (s->kind != WP_PERSON || w->persons[s->i].partner < 0) { return false; }
        s->i = w->persons[s->i].partner;
        break;
    case WP_MOTHER:
        if (s->kind != WP_PERSON || w->persons[s->i].mother < 0) { return false; }
        s->i = w->persons[s->i].mother;
        break;
    case WP_OWN_HOUSEHOLD: *s = subject_of(WP_HOUSEHOLD, household_of(w, *s)); break;
    case WP_OWN_COUPLE:
        if (s->kind == WP_PERSON) { *s = subject_of(WP_COUPLE, w->persons[s->i].couple); }
        break;
    default: break;
    }
    return s->i >= 0;
}

seen look_at(eye *e, subject s, const wp_look *look)
{
    world *w = e->w;
    if (look->kind == WP_LOOK_DATE || look->kind == WP_LOOK_TIME_SINCE_START) { return time_seen(e, 0); }
    if (look->kind == WP_LOOK_OPTION) { return level_seen(e->option); }
    if (!resolve(w, &s, look)) { return nothing; }
    switch (look->kind) {
    case WP_LOOK_VARIABLE: {
        const wp_variable *v = &w->place->sc->variables[look->item];
        if (v->of == WP_HOUSEHOLD && s.kind != WP_HOUSEHOLD) {
            s = subject_of(WP_HOUSEHOLD, household_of(w, s));
        }
        being *b = being_of(w, s);
        if (b->level[look->item] < 0) { draw_level(w, s, look->item, NULL, -1, -1); }
        return level_seen(b->level[look->item]);
    }
    case WP_LOOK_AGE: return age_seen(e, s.i);
    case WP_LOOK_TIME_IN: {
        if (w->place->sc->variables[look->item].of == WP_HOUSEHOLD) {
            s = subject_of(WP_HOUSEHOLD, household_of(w, s));
        }
        return time_seen(e, being_of(w, s)->since[look->item]);
    }
    case WP_LOOK_TIME_SINCE: return time_since(e, s, look->item);
    case WP_LOOK_TIME_TOGETHER:
        if (s.kind == WP_PERSON) { s = subject_of(WP_COUPLE, w->persons[s.i].couple); }
        return s.i < 0 ? nothing : time_seen(e, w->couples[s.i].since);
    case WP_LOOK_RECENT: return count_recent(e, s, look);
    case WP_LOOK_NUMBER_OF: return count_in_group(e, s, look);
    case WP_LOOK_HAS_PARTNER: case WP_LOOK_PARENT_AT_HOME: case WP_LOOK_CHILD_AT_HOME:
        return link_look(w, s.i, look->kind);
    case WP_LOOK_INDICATOR: {
        const wp_indicator *ind = &w->place->sc->indicators[look->item];
        int level = 0;
        if (ind->by >= 0) {
            wp_look by = {.kind = WP_LOOK_VARIABLE,
                          .whose = ind->by_of == WP_HOUSEHOLD ? WP_OWN_HOUSEHOLD : WP_SELF,
                          .item = ind->by};
            level = look_at(e, s, &by).level;
        }
        return number_seen(w->place->indicator[look->item][level]);
    }
    default: return family_look(e, s, look);
    }
}

int band_of(eye *e, const seen *v, const wp_band *bands, int n)
{
    int found = -1;
    if (v->none) { return -1; }
    for (int i = 0; i < n; i++) {
        bool in = v->number >= bands[i].lo && v->number < bands[i].hi;
        if (v->is_time) { /* edges are instants: compared, and waited for, in ticks */
            wp_tick edge[2] = {ticks_of(bands[i].lo), ticks_of(bands[i].hi)};
            in = v->ticks >= edge[0] && v->ticks < edge[1];
            for (int k = 0; k < 2; k++) {
                if (edge[k] > v->ticks && edge[k] != WP_TICK_NEVER && v->zero + edge[k] < e->next) {
                    e->next = v->zero + edge[k];
                }
            }
        }
        if (in && found < 0) { found = i; }
    }
    return found;
}

bool holds(eye *e, subject s, const wp_condition *c)
{
    if (c == NULL) { return true; }
    bool result = c->kind != WP_CONDITION_ANY;
    switch (c->kind) {
    case WP_CONDITION_ALWAYS: return true;
    case WP_CONDITION_GROUP:
        return c->group < 0 || holds(e, s, e->w->place->sc->groups[c->group].condition);
    case WP_CONDITION_NOT: return !holds(e, s, c->parts[0]);
    case WP_CONDITION_ALL: case WP_CONDITION_ANY: /* all parts are looked at: each may change with time */
        for (int i = 0; i < c->n_parts; i++) {
            bool part = holds(e, s, c->parts[i]);
            if (c->kind == WP_CONDITION_ALL) { result &= part; } else { result |= part; }
        }
        return result;
    case WP_CONDITION_TEST: {
        seen v = look_at(e, s, &c->look);
        if (v.none) { return false; }
        if (v.is_level) { return (c->levels >> v.level & 1) != 0; }
        return band_of(e, &v, c->bands, c->n_bands) >= 0;
    }
    }
    return false;
}
