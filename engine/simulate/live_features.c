/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping the features of a lineage's subjects true, and remembering what depends on those that change. */
#include "simulate/sim.h"

enum { MAX_ROUNDS = 16 };

uint8_t wp_feature_class(const wp_feature *feature, int64_t value)
{
    int n = 0;
    while (n < feature->n_edges && feature->edges[n] <= value) { n++; }
    return (uint8_t)n;
}

/* Gives a feature another value; `tallies` read it. */
static void change_feature(wp_sim *sim, wp_calendar *calendar, int feature, uint8_t value,
                           const wp_bits *tallies)
{
    const wp_subject_kind kind = calendar->kind;
    const wp_dependents *dependents = &sim->plan->kinds[kind].dependents[feature];
    if (wp_has_bits(tallies)) { wp_sim_count_tallies(sim, calendar, *tallies); }
    *wp_feature_at(&sim->block.columns[kind], feature, calendar->index) = value;
    for (int w = 0; w < 2; w++) {
        calendar->clocks.word[w] |= dependents->clocks.word[w];
        calendar->delays.word[w] |= dependents->delays.word[w];
    }
    calendar->stops |= dependents->stops;
    sim->stale |= (dependents->groups ? (uint32_t)WP_STALE_GROUPS : 0) |
                  (dependents->copies ? (uint32_t)WP_STALE_COPIES : 0);
}

void wp_sim_set_feature(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature, uint8_t value)
{
    if (*wp_feature_at(&sim->block.columns[kind], feature, i) == value) { return; }
    change_feature(sim, wp_sim_calendar(sim, kind, i), feature, value,
                   &sim->plan->kinds[kind].dependents[feature].tallies);
}

void wp_sim_set_age(wp_sim *sim, wp_calendar *calendar, uint8_t age)
{
    const wp_bits changed = calendar->clocks;
    const uint32_t stale = sim->stale;
    change_feature(sim, calendar, 0, age, &sim->plan->kinds[WP_PERSON].age_tallies[age]);
    const wp_bits *of_when = &sim->plan->kinds[WP_PERSON].clocks_of_when;
    /* The vector pass has seen to the clocks that are not held and do not start now. */
    for (int w = 0; w < 2; w++) {
        calendar->clocks.word[w] = changed.word[w] | (calendar->clocks.word[w] &
                                                      (calendar->held.word[w] | of_when->word[w]));
    }
    sim->stale = stale | (sim->model->age_edge[age] != 0 ? sim->stale | WP_STALE_GROUPS : 0);
}

void wp_sim_set_timer(wp_sim *sim, wp_subject_kind kind, uint32_t i, int timer, wp_tick tick)
{
    wp_columns *columns = &sim->block.columns[kind];
    columns->timer[(size_t)timer * columns->capacity + i] = tick;
    wp_sim_calendar(sim, kind, i)->timers = true;
}

/* ---- Levels, and time in them ---------------------------------------------------------------------- */

uint8_t wp_sim_level(const wp_sim *sim, int variable, uint32_t i)
{
    const wp_variable_model *model = &sim->model->variables[variable];
    return *wp_feature_at(&sim->block.columns[model->variable->of], model->feature, i);
}

void wp_sim_start_time(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature, wp_tick since)
{
    const wp_feature *model = &sim->model->kinds[kind].features[feature];
    const uint8_t class = wp_feature_class(model, sim->now - since);
    wp_sim_set_feature(sim, kind, i, feature, class);
    wp_sim_set_timer(sim, kind, i, model->timer,
                     class < model->n_edges ? since + model->edges[class] : WP_TICK_NEVER);
}

void wp_sim_set_level(wp_sim *sim, int variable, uint32_t i, uint8_t level)
{
    const wp_variable_model *model = &sim->model->variables[variable];
    const wp_subject_kind kind = model->variable->of;
    if (wp_sim_level(sim, variable, i) == level) { return; }
    wp_sim_set_feature(sim, kind, i, model->feature, level);
    if (model->since >= 0) {
        wp_sim_settle_smooth(sim, kind, i);
        wp_columns *columns = &sim->block.columns[kind];
        columns->since[(size_t)model->since * columns->capacity + i] = sim->now;
        const int time_in = sim->plan->kinds[kind].time_in[variable];
        if (time_in >= 0) { wp_sim_start_time(sim, kind, i, time_in, sim->now); }
    }
    wp_sim_entered(sim, kind, i, variable, level);
}

/* ---- Timers of features ------------------------------------------------------------------------------ */

static void forget(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature)
{
    const wp_kind *model = &sim->model->kinds[kind];
    const wp_feature *recent = &model->features[feature];
    const wp_columns *columns = &sim->block.columns[kind];
    int r = 0;
    while (model->recents[r] != feature) { r++; }
    const wp_tick *latest = &columns->recent[(size_t)r * WP_MAX_RECENT * columns->capacity + i];
    int n = 0;
    while (n < WP_MAX_RECENT && latest[(size_t)n * columns->capacity] != INT64_MIN &&
           latest[(size_t)n * columns->capacity] + recent->window > sim->now) {
        n++;
    }
    wp_sim_set_feature(sim, kind, i, feature, (uint8_t)n);
    wp_sim_set_timer(sim, kind, i, recent->timer,
                     n == 0 ? WP_TICK_NEVER
                            : latest[(size_t)(n - 1) * columns->capacity] + recent->window);
}

static wp_tick since_of(const wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_feature *feature)
{
    const wp_columns *columns = &sim->block.columns[kind];
    int slot = 0;
    switch (feature->kind) {
    case WP_FEATURE_TIME_IN: slot = sim->model->variables[feature->source].since; break;
    case WP_FEATURE_TIME_SINCE: slot = sim->model->kinds[kind].since_event[feature->source]; break;
    default: slot = 0; break; /* couples: together since */
    }
    return columns->since[(size_t)slot * columns->capacity + i];
}

/* An effect's next class: it builds up while in, and fades after the end. */
static void step_effect(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature)
{
    const wp_feature *model = &sim->model->kinds[kind].features[feature];
    const wp_effect_shape *shape = &sim->model->shapes[model->source];
    const int class = *wp_feature_at(&sim->block.columns[kind], feature, i);
    int next = class;
    if (class > 0 && class < shape->n_build) {
        next = class + 1;
    } else if (class > shape->n_build) {
        next = class < shape->n_build + shape->n_fade ? class + 1 : 0;
    }
    wp_sim_set_effect(sim, model->source, i, next);
}

void wp_sim_feature_timer(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature)
{
    const wp_feature *model = &sim->model->kinds[kind].features[feature];
    switch (model->kind) {
    case WP_FEATURE_RECENT: forget(sim, kind, i, feature); break;
    case WP_FEATURE_EFFECT: step_effect(sim, kind, i, feature); break;
    default: wp_sim_start_time(sim, kind, i, feature, since_of(sim, kind, i, model)); break;
    }
}

/* ---- What looks at others ------------------------------------------------------------------------------ */

static bool in_group(const wp_sim *sim, int group, uint32_t person)
{
    return wp_product_at(&sim->model->groups[group], &sim->block.columns[WP_PERSON], person) != 0.0;
}

static uint8_t saturated(int count)
{
    return (uint8_t)(count > WP_MAX_COUNT ? WP_MAX_COUNT : count);
}

static bool lives_with_mother(const wp_sim *sim, const wp_person *person)
{
    return person->mother != WP_NOBODY &&
           sim->block.persons[person->mother].household == person->household;
}

/* Children who live with `person`, their mother, or with their mother and her partner. */
static bool is_child_at_home_of(const wp_sim *sim, const wp_person *child, uint32_t person)
{
    if (!lives_with_mother(sim, child)) { return false; }
    return child->mother == person || sim->block.persons[child->mother].partner == person;
}

static wp_household_kind household_kind(const wp_sim *sim, const wp_household *household)
{
    if (household->institution) { return WP_KIND_INSTITUTION; }
    if (household->n_members == 1) { return WP_KIND_SINGLE; }
    int n_couples = 0, n_children = 0, n_parents = 0, n_others = 0;
    for (uint32_t p = household->first_member; p != WP_NOBODY; p = sim->block.persons[p].next_member) {
        const wp_person *person = &sim->block.persons[p];
        const bool child = lives_with_mother(sim, person) && person->partner == WP_NOBODY;
        bool parent = false;
        for (uint32_t q = household->first_member; q != WP_NOBODY && !child;
             q = sim->block.persons[q].next_member) {
            parent |= sim->block.persons[q].mother == p;
        }
        const bool partner_here = person->partner != WP_NOBODY &&
                                  sim->block.persons[person->partner].household == person->household;
        n_children += child ? 1 : 0;
        n_couples += partner_here ? 1 : 0;
        n_parents += !child && !partner_here && parent ? 1 : 0;
        n_others += !child && !partner_here && !parent ? 1 : 0;
    }
    n_couples /= 2;
    if (n_couples == 1 && n_parents == 0 && n_others == 0) {
        return n_children == 0 ? WP_KIND_COUPLE : WP_KIND_COUPLE_AND_CHILDREN;
    }
    if (n_couples == 0 && n_parents == 1 && n_others == 0) { return WP_KIND_LONE_PARENT; }
    return WP_KIND_OTHER;
}

static uint8_t household_feature(const wp_sim *sim, const wp_feature *feature, const wp_household *household)
{
    const wp_person *persons = sim->block.persons;
    int n = 0;
    switch (feature->kind) {
    case WP_FEATURE_SIZE: return saturated(household->n_members);
    case WP_FEATURE_HOUSEHOLD_KIND: return (uint8_t)household_kind(sim, household);
    case WP_FEATURE_NUMBER_OF:
        for (uint32_t p = household->first_member; p != WP_NOBODY; p = persons[p].next_member) {
            n += in_group(sim, feature->source, p) ? 1 : 0;
        }
        return saturated(n);
    case WP_FEATURE_OLDEST_AGE:
        for (uint32_t p = household->first_member; p != WP_NOBODY; p = persons[p].next_member) {
            const int age = wp_sim_age(sim, p);
            n = age > n ? age : n;
        }
        return wp_feature_class(feature, n);
    default: /* WP_FEATURE_CHILDREN_AT_HOME */
        for (uint32_t p = household->first_member; p != WP_NOBODY; p = persons[p].next_member) {
            n += lives_with_mother(sim, &persons[p]) ? 1 : 0;
        }
        return saturated(n);
    }
}

static uint8_t person_feature(const wp_sim *sim, const wp_feature *feature, uint32_t p)
{
    const wp_person *person = &sim->block.persons[p];
    switch (feature->kind) {
    case WP_FEATURE_HAS_PARTNER: return person->partner != WP_NOBODY;
    case WP_FEATURE_PARENT_AT_HOME: return lives_with_mother(sim, person);
    default: break; /* children at home: how many, or any */
    }
    int n = 0;
    const wp_household *household = &sim->block.households[person->household];
    for (uint32_t q = household->first_member; q != WP_NOBODY; q = sim->block.persons[q].next_member) {
        n += is_child_at_home_of(sim, &sim->block.persons[q], p) ? 1 : 0;
    }
    return feature->kind == WP_FEATURE_CHILD_AT_HOME ? (uint8_t)(n > 0) : saturated(n);
}

static uint8_t couple_feature(const wp_sim *sim, const wp_feature *feature, const wp_couple *couple)
{
    if (feature->kind == WP_FEATURE_YOUNGER_AGE) {
        const int a = wp_sim_age(sim, couple->a), b = wp_sim_age(sim, couple->b);
        return wp_feature_class(feature, a < b ? a : b);
    }
    return (uint8_t)(in_group(sim, feature->source, couple->a) + in_group(sim, feature->source, couple->b));
}

static uint8_t own_feature(const wp_sim *sim, wp_subject_kind kind, const wp_feature *feature, uint32_t i)
{
    if (feature->kind == WP_FEATURE_INDICATOR) { return wp_sim_indicator_class(sim, kind, feature, i); }
    switch (kind) {
    case WP_PERSON: return person_feature(sim, feature, i);
    case WP_HOUSEHOLD: return household_feature(sim, feature, &sim->block.households[i]);
    default: return couple_feature(sim, feature, &sim->block.couples[i]);
    }
}

/* The subject that a copy looks at; WP_NOBODY where there is none. */
static uint32_t looked_at(const wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_whose whose,
                          wp_subject_kind *of)
{
    *of = WP_HOUSEHOLD;
    if (kind == WP_COUPLE) { return sim->block.couples[i].household; }
    if (kind == WP_HOUSEHOLD) { return i; }
    const wp_person *person = &sim->block.persons[i];
    switch (whose) {
    case WP_PARTNER: *of = WP_PERSON; return person->partner;
    case WP_MOTHER: *of = WP_PERSON; return person->mother;
    case WP_OWN_COUPLE: *of = WP_COUPLE; return person->couple;
    default: return person->household;
    }
}

static uint8_t copied_feature(const wp_sim *sim, wp_subject_kind kind, const wp_feature *feature, uint32_t i)
{
    wp_subject_kind of = WP_HOUSEHOLD;
    const uint32_t other = looked_at(sim, kind, i, feature->whose, &of);
    if (other == WP_NOBODY) { return (uint8_t)feature->none; }
    const uint8_t value = *wp_feature_at(&sim->block.columns[of], feature->source, other);
    return feature->remap == NULL ? value : feature->remap[value];
}

static void refresh_features(wp_sim *sim, bool links, bool groups, bool copies)
{
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_subject_kind kind = sim->calendars[c].kind;
        const uint32_t i = sim->calendars[c].index;
        const wp_kind_plan *plan = &sim->plan->kinds[kind];
        const wp_feature *features = sim->model->kinds[kind].features;
        if (!wp_sim_is_alive(sim, kind, i)) { continue; }
        for (int k = 0; k < plan->of_links.n && links; k++) {
            const int f = plan->of_links.items[k];
            wp_sim_set_feature(sim, kind, i, f, own_feature(sim, kind, &features[f], i));
        }
        for (int k = 0; k < plan->of_groups.n && groups; k++) {
            const int f = plan->of_groups.items[k];
            wp_sim_set_feature(sim, kind, i, f, own_feature(sim, kind, &features[f], i));
        }
        for (int k = 0; k < plan->copies.n && copies; k++) {
            const int f = plan->copies.items[k];
            wp_sim_set_feature(sim, kind, i, f, copied_feature(sim, kind, &features[f], i));
        }
    }
}

void wp_sim_refresh(wp_sim *sim)
{
    /* What a round changes may be looked at in turn: go on until one changes nothing that is. */
    for (int round = 0; sim->stale != 0 && round < MAX_ROUNDS; round++) {
        const bool links = (sim->stale & WP_STALE_LINKS) != 0;
        const bool groups = links || (sim->stale & WP_STALE_GROUPS) != 0;
        const bool copies = links || (sim->stale & WP_STALE_COPIES) != 0;
        sim->stale = 0;
        if (groups) { refresh_features(sim, links, groups, false); }
        if (copies || (sim->stale & WP_STALE_COPIES) != 0) {
            sim->stale &= ~(uint32_t)WP_STALE_COPIES; /* which come now */
            refresh_features(sim, false, false, true);
        }
    }
    if (sim->stale != 0) {
        wp_sim_fail(sim, WP_ERR_RUN,
                    "counts over members of a household depend on each other in a circle");
    }
}
