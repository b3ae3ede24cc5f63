/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What effects do: setting levels, births, deaths, moves, unions and separations. */
#include "simulate/sim.h"

#include <string.h>

#include "chance/normal_quantile.h"
#include "chance/uniform.h"

enum { ADULT_AGE = 18, YOUNGEST_PARTNER = 16, MAX_MOVERS = 64 };

typedef struct people { /* a few persons of one household */
    uint32_t list[MAX_MOVERS];
    int n;
} people;

static void add_person(people *movers, uint32_t person)
{
    if (movers->n < MAX_MOVERS) { movers->list[movers->n++] = person; }
}

static bool holds(const people *movers, uint32_t person)
{
    for (int k = 0; k < movers->n; k++) {
        if (movers->list[k] == person) { return true; }
    }
    return false;
}

/* ---- Whom an effect is done to ------------------------------------------------------------------------- */

static bool in_group(wp_sim *sim, int group, uint32_t person)
{
    if (group < 0) { return true; }
    (void)wp_sim_calendar(sim, WP_PERSON, person); /* as old as they are now */
    return wp_product_at(&sim->model->groups[group], &sim->block.columns[WP_PERSON], person) != 0.0;
}

/* Persons in order of id, so that positions in the block never matter. */
static void sort_by_id(const wp_sim *sim, people *movers)
{
    for (int k = 1; k < movers->n; k++) {
        const uint32_t moved = movers->list[k];
        int at = k;
        while (at > 0 && sim->block.persons[movers->list[at - 1]].id > sim->block.persons[moved].id) {
            movers->list[at] = movers->list[at - 1];
            at--;
        }
        movers->list[at] = moved;
    }
}

/* Children of `parent` (or of the parent's partner, their mother) who live in the parent's household. */
static void add_children(const wp_sim *sim, uint32_t parent, bool own_only, people *movers)
{
    const wp_person *who = &sim->block.persons[parent];
    for (uint32_t p = sim->block.households[who->household].first_member; p != WP_NOBODY;
         p = sim->block.persons[p].next_member) {
        const uint32_t mother = sim->block.persons[p].mother;
        if (mother == WP_NOBODY || sim->block.persons[mother].household != who->household) { continue; }
        const bool of_partner = !own_only && sim->block.persons[mother].partner == parent;
        if ((mother == parent || of_partner) && !holds(movers, p)) { add_person(movers, p); }
    }
}

static void find_people(wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_who who, int group,
                        people *found)
{
    found->n = 0;
    const wp_person *person = kind == WP_PERSON ? &sim->block.persons[i] : NULL;
    switch (who) {
    case WP_WHO_SELF:
        if (kind == WP_COUPLE) {
            add_person(found, sim->block.couples[i].a);
            add_person(found, sim->block.couples[i].b);
        } else if (person != NULL) {
            add_person(found, i);
        }
        break;
    case WP_WHO_PARTNER:
        if (person != NULL && person->partner != WP_NOBODY) { add_person(found, person->partner); }
        break;
    case WP_WHO_MOTHER:
        if (person != NULL && person->mother != WP_NOBODY) { add_person(found, person->mother); }
        break;
    case WP_WHO_FAMILY:
        if (person == NULL) { break; }
        add_person(found, i);
        if (person->partner != WP_NOBODY &&
            sim->block.persons[person->partner].household == person->household) {
            add_person(found, person->partner);
        }
        add_children(sim, i, false, found);
        break;
    case WP_WHO_CHILDREN_AT_HOME:
        if (person != NULL) { add_children(sim, i, false, found); }
        break;
    case WP_WHO_HOUSEHOLD_MEMBERS:
    case WP_WHO_HOUSEHOLD:
        for (uint32_t p = sim->block.households[wp_sim_household_of(sim, kind, i)].first_member;
             p != WP_NOBODY; p = sim->block.persons[p].next_member) {
            if (who == WP_WHO_HOUSEHOLD || in_group(sim, group, p)) { add_person(found, p); }
        }
        break;
    }
    sort_by_id(sim, found);
}

/* ---- Setting a level ------------------------------------------------------------------------------------ */

static void set_level(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_effect *effect)
{
    const wp_variable *variable = sim->model->variables[effect->variable].variable;
    uint32_t target = i;
    if (variable->of == WP_HOUSEHOLD) {
        target = wp_sim_household_of(sim, kind, i);
    } else if (effect->whose == WP_PARTNER) {
        target = sim->block.persons[i].partner;
    } else if (effect->whose == WP_MOTHER) {
        target = sim->block.persons[i].mother;
    }
    if (target == WP_NOBODY || !wp_sim_is_alive(sim, variable->of, target)) { return; }
    const int now = wp_sim_level(sim, effect->variable, target);
    int level = effect->level;
    switch (effect->how) {
    case WP_SET_LEVEL: break;
    case WP_SET_NEXT: level = now + 1 < variable->n_levels ? now + 1 : now; break;
    case WP_SET_PREVIOUS: level = now > 0 ? now - 1 : now; break;
    case WP_SET_AT_LEAST: level = now < level ? level : now; break;
    case WP_SET_AT_MOST: level = now > level ? level : now; break;
    case WP_SET_SAME_AS: level = effect->level_map[wp_sim_level(sim, effect->same_as, target)]; break;
    }
    if (level >= 0) { wp_sim_set_level(sim, effect->variable, target, (uint8_t)level); }
}

/* ---- Births and deaths ------------------------------------------------------------------------------------ */

static void give_birth(wp_sim *sim, uint32_t mother, int n_children)
{
    for (int k = 0; k < n_children && sim->status == WP_OK; k++) {
        wp_person *who = &sim->block.persons[mother];
        const uint64_t id = wp_id_derive(who->id, sim->plan->purpose_child, who->n_births++);
        const uint32_t child = wp_sim_add_person(sim, id, who->household, sim->now, who->uncounted);
        if (child == WP_NOBODY) { return; }
        sim->block.persons[child].mother = mother;
        sim->stale = WP_STALE_ALL;
        wp_sim_enter(sim, WP_PERSON, child, WP_ENTER_BORN, NULL, WP_NOBODY);
        wp_sim_start_clocks(sim, WP_PERSON, child);
        wp_sim_event(sim, WP_PERSON, child, WP_EVENT_BORN);
    }
}

static bool is_without_adults(const wp_sim *sim, uint32_t household)
{
    const wp_household *home = &sim->block.households[household];
    if (!home->alive || home->institution) { return false; }
    for (uint32_t p = home->first_member; p != WP_NOBODY; p = sim->block.persons[p].next_member) {
        if (wp_sim_age(sim, p) >= ADULT_AGE) { return false; }
    }
    return true;
}

/* Children whom the last adult has left behind are looked after at the end of the instant. */
static void after_leaving(wp_sim *sim, uint32_t household)
{
    if (!is_without_adults(sim, household)) { return; }
    wp_sim_event(sim, WP_HOUSEHOLD, household, WP_EVENT_LEFT_WITHOUT_ADULTS);
    sim->left_alone = true;
}

/* A person's end. What hangs on it sees them as they were, with partner and mother; for all others their
   links end. */
static void end_person(wp_sim *sim, uint32_t person, int event)
{
    if (sim->plan->follows_the_gone) { wp_sim_refresh(sim); }
    const uint32_t partner = sim->block.persons[person].partner, mother = sim->block.persons[person].mother;
    wp_sim_event(sim, WP_PERSON, person, event);
    wp_sim_remove_person(sim, person);
    if (sim->plan->follows_the_gone) {
        sim->block.persons[person].partner = partner;
        sim->block.persons[person].mother = mother;
    }
}

static void die(wp_sim *sim, uint32_t person)
{
    const uint32_t household = sim->block.persons[person].household;
    end_person(sim, person, WP_EVENT_DIED);
    after_leaving(sim, household);
}

/* ---- Moves ------------------------------------------------------------------------------------------------- */

static uint32_t new_household(wp_sim *sim, uint32_t mover, uint32_t before, bool institution)
{
    wp_person *who = &sim->block.persons[mover];
    const uint64_t id = wp_id_derive(who->id, sim->plan->purpose_new_household, who->n_moves++);
    const uint32_t h = wp_sim_add_household(sim, id, institution);
    if (h == WP_NOBODY) { return h; }
    wp_sim_enter(sim, WP_HOUSEHOLD, h, WP_ENTER_NEW_HOUSEHOLD, NULL, before);
    wp_sim_start_clocks(sim, WP_HOUSEHOLD, h);
    return h;
}

/* The movers leave together: into a new household or an institution, where the first of `people` gives it
   its id, or out of the run. */
static void move(wp_sim *sim, const people *movers, wp_move_to to)
{
    if (movers->n == 0) { return; }
    const uint32_t from = sim->block.persons[movers->list[0]].household;
    if (to == WP_TO_OUTSIDE) {
        for (int k = 0; k < movers->n; k++) {
            end_person(sim, movers->list[k], WP_EVENT_MOVED_OUT);
        }
    } else {
        const uint32_t home = new_household(sim, movers->list[0], from, to == WP_TO_INSTITUTION);
        for (int k = 0; k < movers->n && home != WP_NOBODY; k++) {
            wp_sim_leave_household(sim, movers->list[k]);
            wp_sim_enter_household(sim, movers->list[k], home);
            wp_sim_event(sim, WP_PERSON, movers->list[k], WP_EVENT_MOVED_HOME);
        }
    }
    after_leaving(sim, from);
}

void wp_sim_look_after_children(wp_sim *sim)
{
    if (!sim->left_alone) { return; }
    sim->left_alone = false;
    const uint32_t n = sim->n_calendars; /* homes that come now are institutions */
    for (uint32_t c = 0; c < n && sim->status == WP_OK; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind != WP_HOUSEHOLD || !is_without_adults(sim, calendar.index)) { continue; }
        people children;
        find_people(sim, WP_HOUSEHOLD, calendar.index, WP_WHO_HOUSEHOLD, -1, &children);
        move(sim, &children, WP_TO_INSTITUTION);
    }
}

/* ---- Unions and separations ----------------------------------------------------------------------------------- */

/* A partner is drawn, not found: a companion, simulated in full and not counted (language decision 10). */
static void find_partner(wp_sim *sim, uint32_t seeker, const wp_join *join)
{
    wp_person *who = &sim->block.persons[seeker];
    if (who->partner != WP_NOBODY) { return; }
    const uint64_t id = wp_id_derive(who->id, sim->plan->purpose_companion, who->n_unions++);
    uint8_t given[2 * WP_MAX_LEVELS + WP_MAX_INTERVENTIONS];
    memset(given, WP_LEVEL_DRAWN, sizeof given);
    int sex = 0;
    if (sim->model->sex_variable >= 0) {
        sex = wp_sim_level(sim, sim->model->sex_variable, seeker);
        const double u = wp_uniform(sim->key, id, sim->plan->purpose_partner_sex, 0);
        given[sim->model->sex_variable] = (uint8_t)(u < join->share_other_sex ? 1 - sex : sex);
    }
    for (int k = 0; k < join->n_like_me; k++) {
        const wp_look *look = &join->like_me[k];
        if (look->kind == WP_LOOK_VARIABLE && look->whose == WP_SELF) {
            given[look->item] = wp_sim_level(sim, look->item, seeker);
        }
    }
    double age = wp_years(sim->now - who->birth);
    if (join->has_age_gap) {
        const double u = wp_uniform(sim->key, id, sim->plan->purpose_partner_age, 0);
        age += join->gap_mean[sex] + join->gap_sd[sex] * wp_normal_quantile(u);
        age = age < YOUNGEST_PARTNER ? YOUNGEST_PARTNER : age > WP_MAX_AGE ? WP_MAX_AGE : age;
    }
    const wp_tick birth = sim->now - (wp_tick)(age * 0x1p32);
    const uint32_t partner = wp_sim_add_person(sim, id, who->household, birth, true);
    if (partner == WP_NOBODY) { return; }
    wp_sim_enter(sim, WP_PERSON, partner, WP_ENTER_ARRIVED, given, WP_NOBODY);
    wp_sim_start_clocks(sim, WP_PERSON, partner);
    const uint32_t couple = wp_sim_add_couple(sim, seeker, partner, sim->now);
    if (couple == WP_NOBODY) { return; }
    wp_sim_start_couple(sim, couple);
    wp_sim_event(sim, WP_COUPLE, couple, WP_EVENT_COUPLE_FORMED);
}

static uint32_t who_leaves(const wp_sim *sim, uint32_t couple, const wp_effect *effect)
{
    const wp_couple *pair = &sim->block.couples[couple];
    const double u = wp_uniform(sim->key, pair->id, sim->plan->purpose_leaver, 0);
    const int sex = sim->model->sex_variable;
    if (effect->leaver_share[0] != effect->leaver_share[0] || sex < 0) { /* either */
        return u < 0.5 ? pair->a : pair->b;
    }
    const int a = wp_sim_level(sim, sex, pair->a), b = wp_sim_level(sim, sex, pair->b);
    if (a == b) { return WP_NOBODY; }
    const uint32_t first = a == 0 ? pair->a : pair->b;
    return u < effect->leaver_share[0] ? first : first == pair->a ? pair->b : pair->a;
}

/* A companion leaves the run, with the uncounted children who live with them. */
static void release_companion(wp_sim *sim, uint32_t companion)
{
    people leaving = {.n = 0};
    const uint32_t household = sim->block.persons[companion].household;
    add_person(&leaving, companion);
    add_children(sim, companion, true, &leaving);
    for (int k = 0; k < leaving.n; k++) {
        if (sim->block.persons[leaving.list[k]].uncounted) { wp_sim_remove_person(sim, leaving.list[k]); }
    }
    after_leaving(sim, household);
}

static void separate(wp_sim *sim, uint32_t couple, const wp_effect *effect)
{
    const uint32_t leaver = who_leaves(sim, couple, effect);
    if (leaver == WP_NOBODY) {
        wp_sim_fail(sim, WP_ERR_RUN,
                    "who leaves a couple of equal sex cannot follow shares by sex: write 'leaver: either'");
        return;
    }
    const wp_couple pair = sim->block.couples[couple];
    const uint32_t other = pair.a == leaver ? pair.b : pair.a;
    people movers = {.n = 0};
    add_person(&movers, leaver);
    if (effect->children_go == WP_CHILDREN_GO) {
        add_children(sim, leaver, false, &movers);
    } else if (effect->children_go == WP_CHILDREN_WITH_MOTHER) {
        add_children(sim, leaver, true, &movers);
    }
    const bool together =
        sim->block.persons[leaver].household == sim->block.persons[other].household;
    wp_sim_event(sim, WP_COUPLE, couple, WP_EVENT_SEPARATED);
    wp_sim_end_couple(sim, couple);
    if (together && !sim->block.persons[leaver].uncounted) { move(sim, &movers, WP_TO_NEW_HOUSEHOLD); }
    if (sim->block.persons[leaver].uncounted) {
        release_companion(sim, leaver);
    } else if (sim->block.persons[other].uncounted) {
        release_companion(sim, other);
    }
}

/* ---- Doing ------------------------------------------------------------------------------------------------------ */

static void act_on_people(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_action *action)
{
    const wp_effect *effect = action->effect;
    people found;
    if (effect->group >= 0) { wp_sim_wake_all(sim); }
    find_people(sim, kind, i, effect->who, effect->group, &found);
    if (effect->kind == WP_EFFECT_MOVE) {
        if (kind == WP_PERSON && found.n > 1) { /* the one who moves gives the new home its id */
            for (int k = 0; k < found.n; k++) {
                if (found.list[k] == i) {
                    found.list[k] = found.list[0];
                    found.list[0] = i;
                }
            }
        }
        move(sim, &found, effect->to);
        return;
    }
    const wp_actions body = {action->n_body, action->body};
    for (int k = 0; k < found.n; k++) {
        if (sim->block.persons[found.list[k]].alive) { wp_sim_act(sim, WP_PERSON, found.list[k], &body); }
    }
}

static void act_once(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_action *action)
{
    const wp_effect *effect = action->effect;
    switch (effect->kind) {
    case WP_EFFECT_SET: set_level(sim, kind, i, effect); break;
    case WP_EFFECT_FOR:
    case WP_EFFECT_MOVE: act_on_people(sim, kind, i, action); break;
    case WP_EFFECT_BIRTH: give_birth(sim, i, effect->children); break;
    case WP_EFFECT_DIE: die(sim, i); break;
    case WP_EFFECT_JOIN: find_partner(sim, i, &effect->join); break;
    case WP_EFFECT_SEPARATE: {
        const uint32_t couple = kind == WP_COUPLE ? i : sim->block.persons[i].couple;
        if (couple != WP_NOBODY && sim->block.couples[couple].alive) { separate(sim, couple, effect); }
        break;
    }
    case WP_EFFECT_ASK: wp_sim_ask(sim, kind, i, action); break;
    }
}

void wp_sim_act(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_actions *actions)
{
    if (actions->n > 0) { (void)wp_sim_calendar(sim, kind, i); }
    for (int k = 0; k < actions->n && sim->status == WP_OK; k++) {
        const wp_action *action = &actions->list[k];
        if (!wp_sim_is_there(sim, kind, i)) { return; }
        if (action->when != NULL) {
            wp_sim_refresh(sim);
            if (wp_product_at(action->when, &sim->block.columns[kind], i) == 0.0) { continue; }
        }
        act_once(sim, kind, i, action);
    }
}
