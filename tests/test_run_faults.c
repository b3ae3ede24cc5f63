/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs in which an allocation fails: they say so, or do without, and leave nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "failing_alloc.h"
#include "generator/scenario_generator.h"
#include "parallel/simulate_run.h"

enum { N_HOUSEHOLDS = 6, SEED = 1 };

/* Runs the scenario again and again, each time with another allocation that fails; at least `least` runs fail. */
static void fail_each_allocation(const char *text, const wp_run_options *options, int least)
{
    wp_scenario *scenario = read_scenario_text("faults.yaml", text);
    wp_error err = {0};
    wp_run_data data;
    wp_run_report whole, report;
    run_engine(scenario, options, &data, &whole);
    wp_simulate_free(&data);
    int n_failed = 0, fired = 1;
    for (long n = 0; fired; n += 1 + n / 16) {
        memset(&data, 0, sizeof data);
        memset(&err, 0, sizeof err);
        failing_alloc_arm(n);
        const wp_status status = wp_simulate(scenario, options, &data, &report, &err);
        fired = failing_alloc_fired();
        if (status == WP_OK) {
            assert_string_equal(report.digest, whole.digest);
        } else {
            assert_int_equal(status, WP_ERR_MEMORY);
            assert_int_equal(err.status, WP_ERR_MEMORY);
            n_failed++;
        }
        wp_simulate_free(&data);
    }
    assert_true(n_failed > least);
    wp_scenario_free(scenario);
}

static void arms_as_forks_and_in_full(void **state)
{
    (void)state;
    wp_text text;
    wp_error err = {0};
    wp_text_init(&text);
    assert_int_equal(generate_scenario_with_arms(SEED, N_HOUSEHOLDS, &text, &err), WP_OK);
    assert_non_null(strstr(wp_text_get(&text), "saving_by: [household]"));
    wp_run_options options = {.threads = 1, .trace = 2, .block = 4};
    fail_each_allocation(wp_text_get(&text), &options, 30);
    options.full_arms = true;
    fail_each_allocation(wp_text_get(&text), &options, 30);
    wp_text_free(&text);
}

/* Arrivals who give birth in the epoch in which they come, so that families and columns grow. */
static void families_that_grow_while_they_live(void **state)
{
    (void)state;
    const char *const text =
        "wholeplace: 1\n"
        "title: births in the epoch of an arrival\n"
        "clock: {start: 2010-01-01, years: 2}\n"
        "population: {cohort: {households: 60, members: [{age: 25 years}]}}\n"
        "person:\n"
        "  states:\n"
        "    s: {levels: [a, b], at_start: a, at_birth: a, at_arrival: a}\n"
        "arrivals:\n"
        "  incomers: {hazard: 10 per year, cohort: {members: [{label: x, age: 25 years}]}}\n"
        "processes:\n"
        "  birth: {of: person, when: {age: 20-39}, hazard: 2 per year, multiply_hazard: [{when: {time since birth: "
        "0-1 years}, value: 0.99}], then: [{birth: {children: 1}}]}\n"
        "arms: {baseline: []}\n"
        "outcomes: {n: {events: birth}}\n";
    const wp_run_options options = {.threads = 1, .block = 60};
    fail_each_allocation(text, &options, 30);
}

/* Founders in the midst of spells of each form: tables of what is left of them, and times found by bisection. */
static void founders_in_the_midst_of_spells(void **state)
{
    (void)state;
    const char *const text =
        "wholeplace: 1\n"
        "title: spells\n"
        "clock: {start: 2010-01-01, years: 2}\n"
        "population: {cohort: {households: 20, members: [{age: 30 years}]}}\n"
        "person:\n"
        "  states:\n"
        "    job: {levels: [out, in], at_start: {out: 0.4, in: 0.6}, time_at_start: equilibrium}\n"
        "    ward: {levels: [out, in], at_start: {out: 0.5, in: 0.5}, time_at_start: equilibrium}\n"
        "processes:\n"
        "  finds: {of: person, when: {job: out}, hazard: {by: time in job, values: {0-6 months: 2.5, 6+ months: 1}, "
        "unit: per year}, then: [{set: {job: in}}]}\n"
        "  loses: {of: person, when: {job: in}, hazard: {weibull: {shape: 1.7, scale: 3 years}, clock: time in job}, "
        "then: [{set: {job: out}}]}\n"
        "  goes_in: {of: person, when: {ward: out}, hazard: 0.5 per year, then: [{set: {ward: in}}]}\n"
        "  leaves: {of: person, when: {ward: in}, delay: {gamma: {mean: 3 months, cv: 1.3}}, then: [{set: {ward: "
        "out}}]}\n"
        "arms: {baseline: []}\n"
        "outcomes: {found: {events: finds}, left: {events: leaves}}\n";
    const wp_run_options options = {.threads = 1, .block = 20};
    fail_each_allocation(text, &options, 30);
}

/* A queue and a rate of the place: blocks that rest between epochs, requests and answers. */
static void a_place_that_couples_families(void **state)
{
    (void)state;
    const char *const text =
        "wholeplace: 1\n"
        "title: coupled\n"
        "clock: {start: 2010-01-01, years: 2}\n"
        "population: {cohort: {households: 20, members: [{label: b, age: 30 years}, {age: 16 years, mother: b}]}}\n"
        "person:\n"
        "  states:\n"
        "    mood: {levels: [good, low], at_start: {good: 0.6, low: 0.4}, at_birth: good}\n"
        "indicators:\n"
        "  lows: {share: {has: parent_at_home}, among: {has_no: partner}, over: last quarter}\n"
        "processes:\n"
        "  sinks: {of: person, when: {mood: good}, hazard: 0.4 per year, then: [{set: {mood: low}}]}\n"
        "  rises: {of: person, when: {mood: low}, hazard: 0.5 per year, multiply_hazard: [{by: lows, values: "
        "{0-0.4: 1, 0.4+: 2}}], then: [{set: {mood: good}}]}\n"
        "interventions:\n"
        "  help: {of: person, offer: {at: {event: sinks}}, uptake: 0.9, lasts: 1 year, capacity: {places: 3, "
        "settled: every 1 month}, changes: {sinks: {multiply_hazard: [0.5]}}}\n"
        "arms: {baseline: [], helped: [help]}\n"
        "outcomes: {sunk: {events: sinks}}\n";
    wp_run_options options = {.threads = 1, .block = 4};
    fail_each_allocation(text, &options, 30);
    options.full_arms = true;
    fail_each_allocation(text, &options, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arms_as_forks_and_in_full),
                                       cmocka_unit_test(families_that_grow_while_they_live),
                                       cmocka_unit_test(founders_in_the_midst_of_spells),
                                       cmocka_unit_test(a_place_that_couples_families)};
    return cmocka_run_group_tests_name("test_run_faults", tests, NULL, NULL);
}
