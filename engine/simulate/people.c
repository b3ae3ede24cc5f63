/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who there is: persons, households and couples that come, go, join and part. */
#include "simulate/personal_worth.h"

bool wp_sim_is_there(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    return wp_sim_is_alive(sim, kind, i) ||
           (sim->gone != NULL && sim->gone->kind == kind && sim->gone->index == i);
}

int wp_sim_age(const wp_sim *sim, uint32_t person)
{
    const int64_t years = (sim->now - sim->block.persons[person].birth) / WP_TICKS_PER_YEAR;
    return years > WP_MAX_AGE ? WP_MAX_AGE : (int)years;
}

/* Nothing is due any more for one who is gone, and no time of the epoch is left to count. */
static void leave_columns(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    wp_columns *columns = &sim->block.columns[kind];
    columns->next_timer[i] = WP_TICK_NEVER;
    columns->first[i] = columns->second[i] = 0.0;
}

static uint32_t add(wp_sim *sim, wp_subject_kind kind)
{
    uint32_t i = WP_NOBODY;
    if (sim->status != WP_OK) { return WP_NOBODY; }
    sim->status = wp_block_add(&sim->block, kind, &i, &sim->err);
    if (sim->status != WP_OK) { return WP_NOBODY; }
    wp_sim_begin_tallies(sim, kind, i);
    return i;
}

/* Person-time that depends on who counts is counted before that changes. */
static void count_household_time(wp_sim *sim, uint32_t household)
{
    wp_sim_count_time(sim, WP_HOUSEHOLD, household);
    for (uint32_t c = sim->block.lineages[sim->lineage].first[WP_COUPLE]; c != WP_NOBODY;
         c = sim->block.couples[c].next_in_lineage) {
        if (sim->block.couples[c].alive && sim->block.couples[c].household == household) {
            wp_sim_count_time(sim, WP_COUPLE, c);
        }
    }
}

uint32_t wp_sim_add_household(wp_sim *sim, uint64_t id, bool institution)
{
    const uint32_t h = add(sim, WP_HOUSEHOLD);
    if (h == WP_NOBODY) { return h; }
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    sim->block.households[h] = (wp_household){.id = id,
                                              .lineage = sim->lineage,
                                              .first_member = WP_NOBODY,
                                              .next_in_lineage = lineage->first[WP_HOUSEHOLD],
                                              .alive = true,
                                              .institution = institution};
    lineage->first[WP_HOUSEHOLD] = h;
    wp_sim_join_calendar(sim, WP_HOUSEHOLD, h);
    return sim->status == WP_OK ? h : WP_NOBODY;
}

uint32_t wp_sim_add_person(wp_sim *sim, uint64_t id, uint32_t household, wp_tick birth, bool uncounted)
{
    const uint32_t p = add(sim, WP_PERSON);
    if (p == WP_NOBODY) { return p; }
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    const wp_tick lived = sim->now - birth;
    const int64_t years = lived / WP_TICKS_PER_YEAR;
    sim->block.persons[p] = (wp_person){.id = id,
                                        .birth = birth,
                                        .birthday = birth + (years + 1) * WP_TICKS_PER_YEAR,
                                        .lineage = sim->lineage,
                                        .household = WP_NOBODY,
                                        .partner = WP_NOBODY,
                                        .mother = WP_NOBODY,
                                        .couple = WP_NOBODY,
                                        .next_member = WP_NOBODY,
                                        .next_in_lineage = lineage->first[WP_PERSON],
                                        .alive = true,
                                        .uncounted = uncounted};
    lineage->first[WP_PERSON] = p;
    lineage->n_alive++;
    *wp_feature_at(&sim->block.columns[WP_PERSON], 0, p) =
        (uint8_t)(years > WP_MAX_AGE ? WP_MAX_AGE : years);
    wp_sim_join_calendar(sim, WP_PERSON, p);
    wp_sim_enter_household(sim, p, household);
    return sim->status == WP_OK ? p : WP_NOBODY;
}

void wp_sim_enter_household(wp_sim *sim, uint32_t person, uint32_t household)
{
    count_household_time(sim, household);
    wp_person *who = &sim->block.persons[person];
    wp_household *where = &sim->block.households[household];
    who->household = household;
    who->next_member = where->first_member;
    where->first_member = person;
    where->n_members++;
    where->n_uncounted = (uint16_t)(where->n_uncounted + (who->uncounted ? 1 : 0));
    if (who->couple != WP_NOBODY) { /* a couple belongs where both live, else where one was left */
        sim->block.couples[who->couple].household = sim->block.persons[who->partner].household;
    }
    wp_sim_copy_reals(sim, person);
    wp_sim_mark_with_home(sim, person, household);
    sim->stale = WP_STALE_ALL;
}

void wp_sim_leave_household(wp_sim *sim, uint32_t person)
{
    wp_person *who = &sim->block.persons[person];
    const uint32_t household = who->household;
    wp_sim_count_time(sim, WP_PERSON, person);
    count_household_time(sim, household);
    wp_household *where = &sim->block.households[household];
    if (where->n_members == 1) { wp_sim_end_tallies(sim, WP_HOUSEHOLD, household); }
    uint32_t *link = &where->first_member;
    while (*link != person) { link = &sim->block.persons[*link].next_member; }
    *link = who->next_member;
    who->next_member = WP_NOBODY;
    where->n_members--;
    where->n_uncounted = (uint16_t)(where->n_uncounted - (who->uncounted ? 1 : 0));
    if (where->n_members == 0) {
        where->alive = false;
        leave_columns(sim, WP_HOUSEHOLD, household);
        sim->block.n_dead[WP_HOUSEHOLD]++;
    }
    sim->stale = WP_STALE_ALL;
}

uint32_t wp_sim_add_couple(wp_sim *sim, uint32_t a, uint32_t b, wp_tick since)
{
    if (sim->block.persons[a].id > sim->block.persons[b].id) {
        const uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    const uint32_t c = add(sim, WP_COUPLE);
    if (c == WP_NOBODY) { return c; }
    wp_person *first = &sim->block.persons[a], *second = &sim->block.persons[b];
    wp_lineage *lineage = &sim->block.lineages[sim->lineage];
    const uint64_t id = wp_id_derive(first->id ^ wp_mix64(second->id), sim->plan->purpose_union, 0);
    sim->block.couples[c] = (wp_couple){.id = id,
                                        .lineage = sim->lineage,
                                        .household = first->household,
                                        .a = a,
                                        .b = b,
                                        .next_in_lineage = lineage->first[WP_COUPLE],
                                        .alive = true};
    lineage->first[WP_COUPLE] = c;
    first->partner = b;
    second->partner = a;
    first->couple = second->couple = c;
    wp_sim_join_calendar(sim, WP_COUPLE, c);
    if (sim->status != WP_OK) { return WP_NOBODY; }
    wp_columns *columns = &sim->block.columns[WP_COUPLE];
    if (sim->model->kinds[WP_COUPLE].n_since > 0) { columns->since[c] = since; }
    for (int f = 0; f < sim->model->kinds[WP_COUPLE].n_features; f++) {
        if (sim->model->kinds[WP_COUPLE].features[f].kind == WP_FEATURE_TIME_TOGETHER) {
            wp_sim_start_time(sim, WP_COUPLE, c, f, since);
        }
    }
    sim->stale = WP_STALE_ALL;
    return c;
}

void wp_sim_end_couple(wp_sim *sim, uint32_t couple)
{
    wp_sim_count_time(sim, WP_COUPLE, couple);
    wp_sim_end_tallies(sim, WP_COUPLE, couple);
    wp_couple *ended = &sim->block.couples[couple];
    wp_person *a = &sim->block.persons[ended->a], *b = &sim->block.persons[ended->b];
    a->partner = b->partner = WP_NOBODY;
    a->couple = b->couple = WP_NOBODY;
    ended->alive = false;
    leave_columns(sim, WP_COUPLE, couple);
    sim->block.n_dead[WP_COUPLE]++;
    sim->stale = WP_STALE_ALL;
}

void wp_sim_remove_person(wp_sim *sim, uint32_t person)
{
    wp_sim_count_time(sim, WP_PERSON, person);
    wp_sim_end_tallies(sim, WP_PERSON, person);
    wp_person *who = &sim->block.persons[person];
    if (who->couple != WP_NOBODY) { wp_sim_end_couple(sim, who->couple); }
    who->mother = WP_NOBODY;
    for (uint32_t p = sim->block.lineages[sim->lineage].first[WP_PERSON]; p != WP_NOBODY;
         p = sim->block.persons[p].next_in_lineage) {
        if (sim->block.persons[p].mother == person) { sim->block.persons[p].mother = WP_NOBODY; }
    }
    wp_sim_leave_household(sim, person);
    who->alive = false;
    wp_sim_bill_person(sim, person);
    leave_columns(sim, WP_PERSON, person);
    sim->block.n_dead[WP_PERSON]++;
    sim->block.lineages[sim->lineage].n_alive--;
}

void wp_sim_grow_older(wp_sim *sim, uint32_t person)
{
    uint8_t *age = wp_feature_at(&sim->block.columns[WP_PERSON], 0, person);
    *age = *age < WP_MAX_AGE ? (uint8_t)(*age + 1) : *age;
    sim->block.persons[person].birthday += WP_TICKS_PER_YEAR;
}
