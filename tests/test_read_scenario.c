/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole scenarios: what the checked structs hold, that order in a file means nothing, and that memory may run
   out at any moment. */
#include "assert_close.h"
#include "failing_alloc.h"
#include "scenario_fixture.h"

static const char FLAT[] =
    "person:\n"
    "  attributes: {sex: {levels: [female, male], at_start: {female: 0.5, male: 0.5}}}\n"
    "  states:\n"
    "    health: {levels: [well, ill], at_start: {by: age, values: {0-64: well, 65+: {well: 0.4, ill: "
    "0.6}}}, at_birth: well}\n"
    "    job: {levels: [none, care], at_start: none, at_birth: none}\n"
    "household:\n"
    "  attributes: {area: {levels: [north, south], at_start: north, at_new_household: as before}}\n"
    "groups: {unwell: {health: ill}}\n"
    "pools: {jobs: {by: job, places: {by: job, values: {none: 0, care: 5}, unit: per year}, settled: every 1 "
    "month}}\n"
    "processes:\n"
    "  onset:\n"
    "    of: person\n"
    "    when: {health: well}\n"
    "    hazard: 0.1 per year\n"
    "    multiply_hazard: [{when: {sex: male}, value: 2}, 1.5]\n"
    "    then: [{set: {health: ill}}]\n"
    "  visit:\n"
    "    of: person\n"
    "    at: {every: 1 year, from: 0 years}\n"
    "    choose:\n"
    "      seen: {probability: 0.3, multiply_odds: [1.2], then: [{set: {health: at_most well}, when: {age: "
    "18+}}]}\n"
    "      rest: {probability: otherwise}\n"
    "  asks: {of: person, hazard: 1 per year, then: [{ask: {pool: jobs, place: care, granted: [{set: {job: "
    "care}}]}}]}\n"
    "  birth: {of: person, when: {sex: female}, hazard: 0.01 per year, then: [{birth: {children: 2}}]}\n"
    "  splits: {of: couple, hazard: 0.1 per year, then: [{separate: {leaver: {female: 0.3, male: 0.7}, "
    "children: go}}]}\n"
    "changes: {visit.seen: {multiply_probability: [1.1]}}\n"
    "interventions:\n"
    "  hub:\n"
    "    of: person\n"
    "    offer: [{at: {event: visit.seen}, reach: 0.9}]\n"
    "    uptake: 0.5\n"
    "    capacity: {places: 10, settled: every 3 months}\n"
    "    queue: {order: [{when: {is: unwell}}, longest_waiting], gives_up: {exponential: {mean: 6 months}}}\n"
    "    lasts: {gamma: {mean: 1 year, cv: 0.5}}\n"
    "    changes: {onset: {multiply_hazard: [0.5], after_end: {half_life: 1 year}}, visit.seen: "
    "{multiply_odds: [3]}}\n"
    "\narms: {baseline: [], hub: [hub]}\n";

static void names_have_their_order(void **state)
{
    (void)state;
    wp_scenario *s = fixture_good(FLAT);
    static const char *const VARIABLES[] = {"health", "hub", "job", "sex", "area"};
    assert_int_equal(s->n_variables, 5);
    for (int i = 0; i < 5; i++) { assert_string_equal(s->variables[i].name, VARIABLES[i]); }
    assert_int_equal(s->variables[1].kind, WP_STATUS);
    assert_string_equal(s->variables[1].levels[2], "in");
    assert_int_equal(s->interventions[0].status, 1);
    assert_int_equal(fixture_event(s, "born"), WP_EVENT_BORN);
    assert_int_equal(fixture_event(s, "left_without_adults"), WP_EVENT_LEFT_WITHOUT_ADULTS);
    for (int i = WP_N_BUILTIN_EVENTS + 1; i < s->n_events; i++) {
        assert_true(strcmp(s->events[i - 1].name, s->events[i].name) < 0);
    }
    assert_int_equal(s->interventions[0].event_gave_up, fixture_event(s, "hub.gave_up"));
    wp_scenario_free(s);
}

static void processes_hold_what_the_text_says(void **state)
{
    (void)state;
    wp_scenario *s = fixture_good(FLAT);
    const wp_process *onset = &s->processes[fixture_process(s, "onset")];
    assert_int_equal(onset->n_factors, 3);
    assert_string_equal(onset->factors[0].name, "hub/onset/0.5");
    assert_int_equal(onset->factors[0].intervention, 0);
    assert_string_equal(onset->factors[1].name, "onset/1.5");
    assert_string_equal(onset->factors[2].name, "onset/2 when sex: male");
    const wp_process *visit = &s->processes[fixture_process(s, "visit")];
    assert_int_equal(visit->kind, WP_PROCESS_SCHEDULE);
    assert_close(visit->at.from, 0.0, 0.0, 0.0);
    assert_int_equal(visit->n_options, 2);
    assert_string_equal(visit->options[0].name, "rest");
    assert_true(visit->options[0].is_otherwise);
    assert_int_equal(visit->options[1].n_factors, 3);
    assert_int_equal(visit->options[1].event, fixture_event(s, "visit.seen"));
    const wp_effect *set = &visit->options[1].then.list[0];
    assert_int_equal(set->how, WP_SET_AT_MOST);
    assert_non_null(set->when);
    const wp_effect *ask = &s->processes[fixture_process(s, "asks")].then.list[0];
    assert_int_equal(ask->kind, WP_EFFECT_ASK);
    assert_int_equal(ask->place_level, 1);
    assert_int_equal(ask->event_granted, fixture_event(s, "asks.granted"));
    assert_int_equal(ask->body.n, 1);
    const wp_effect *split = &s->processes[fixture_process(s, "splits")].then.list[0];
    assert_close(split->leaver_share[1], 0.7, 1e-12, 0.0);
    assert_int_equal(split->children_go, WP_CHILDREN_GO);
    assert_true(s->pools[0].per_year);
    wp_scenario_free(s);
}

static void interventions_hold_what_the_text_says(void **state)
{
    (void)state;
    wp_scenario *s = fixture_good(FLAT);
    const wp_intervention *hub = &s->interventions[0];
    assert_int_equal(hub->n_offers, 1);
    assert_close(hub->offers[0].reach.value, 0.9, 1e-12, 0.0);
    assert_int_equal(hub->offers[0].at.event, fixture_event(s, "visit.seen"));
    assert_int_equal(hub->capacity, WP_CAPACITY_PLACES);
    assert_close(hub->settled, 0.25, 1e-12, 0.0);
    assert_int_equal(hub->n_order, 2);
    assert_true(hub->gives_up);
    assert_int_equal(hub->lasts.kind, WP_DURATION_GAMMA);
    assert_true(isinf(hub->again_after));
    assert_int_equal(hub->n_changes, 2);
    for (int i = 0; i < 2; i++) {
        bool onset = hub->changes[i].option < 0;
        assert_int_equal(hub->changes[i].after_end, onset ? WP_AFTER_HALF_LIFE : WP_AFTER_STOPS);
        assert_int_equal(hub->changes[i].factors[0].change, i);
    }
    assert_int_equal(s->n_arms, 2);
    assert_string_equal(s->arms[0].name, "baseline");
    assert_int_equal(s->arms[1].interventions, 1);
    wp_scenario_free(s);
}

static void entries_have_their_defaults(void **state)
{
    (void)state;
    wp_scenario *s = fixture_good(FLAT);
    const wp_variable *sex = &s->variables[fixture_variable(s, "sex")];
    const wp_variable *health = &s->variables[fixture_variable(s, "health")];
    assert_int_equal(sex->at_birth.kind, WP_ENTRY_SHARES);
    assert_close(sex->at_birth.shares->values[1], 0.5, 1e-12, 0.0);
    assert_int_equal(health->at_start.shares->n_axes, 2);
    assert_close(health->at_start.shares->values[3], 0.6, 1e-12, 0.0);
    assert_int_equal(s->variables[fixture_variable(s, "area")].at_new_household.kind, WP_ENTRY_AS_BEFORE);
    wp_scenario_free(s);
}

static void all_combinations_become_arms(void **state)
{
    (void)state;
    wp_scenario *s =
        fixture_good("processes: {dies: {of: person, hazard: 0.1 per year, then: [die]}}\n"
                     "interventions:\n"
                     "  b: {of: person, offer: everyone, changes: {dies: {multiply_hazard: [0.5]}}}\n"
                     "  a: {of: person, offer: everyone, changes: {}}\n"
                     "\narms: {all_combinations_of: [b, a], baseline: []}\n");
    static const char *const NAMES[] = {"baseline", "a", "a+b", "b"};
    static const uint32_t SETS[] = {0, 1, 3, 2};
    assert_int_equal(s->n_arms, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(s->arms[i].name, NAMES[i]);
        assert_int_equal(s->arms[i].interventions, SETS[i]);
    }
    wp_scenario_free(s);
}

/* Every allocation in turn fails; each time the reading says so and leaves nothing behind. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    int fired = 1;
    for (long n = 0; fired; n++) {
        wp_scenario *s = NULL;
        wp_problems problems;
        failing_alloc_arm(n);
        wp_status status = fixture_read(FLAT, &s, &problems);
        fired = failing_alloc_fired();
        assert_true(status == WP_OK || (fired && status == WP_ERR_MEMORY));
        if (!fired) { assert_non_null(s); }
        wp_problems_free(&problems);
        wp_scenario_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_have_their_order),
                                       cmocka_unit_test(processes_hold_what_the_text_says),
                                       cmocka_unit_test(interventions_hold_what_the_text_says),
                                       cmocka_unit_test(entries_have_their_defaults),
                                       cmocka_unit_test(all_combinations_become_arms),
                                       cmocka_unit_test(memory_may_run_out_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
