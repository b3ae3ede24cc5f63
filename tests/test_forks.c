/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An arm as a fork is the arm in full: every count, histogram, life, row of a trace and worth, whatever the
   threads and blocks. Arguments: how many random scenarios, and the seed of the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "generator/scenario_generator.h"
#include "parallel/simulate_run.h"
#include "statistics.h"

static int n_scenarios = 3;
static uint64_t first_seed = 1;

typedef struct run_result {
    wp_run_data data;
    wp_run_report report;
} run_result;

static bool same_array(const char *what, const void *a, const void *b, size_t bytes)
{
    if (bytes == 0 || memcmp(a, b, bytes) == 0) { return true; }
    print_error("%s differs\n", what);
    return false;
}

/* Says what differs. The digest is over all counts, histograms, lives and traces. */
static bool is_same(const run_result *forks, const run_result *full)
{
    const wp_run_data *a = &forks->data, *b = &full->data;
    const size_t n_runs = (size_t)a->n_arms * (size_t)a->n_draws * (size_t)a->n_replicates;
    const size_t n_worth = n_runs * (size_t)a->n_values * sizeof(double);
    bool same = a->n_trace == b->n_trace && strcmp(forks->report.digest, full->report.digest) == 0;
    if (!same) { print_error("the digest differs\n"); }
    same &= strcmp(forks->report.life_digest, full->report.life_digest) == 0;
    same &=
        same_array("who is touched", a->touched, b->touched, n_runs * (size_t)a->n_years * sizeof(int64_t));
    same &= same_array("worth", a->value_sum, b->value_sum, n_worth);
    same &= same_array("squares of worth", a->value_sum_squares, b->value_sum_squares, n_worth);
    same &= same_array("paired differences", a->paired_sum_squares, b->paired_sum_squares, n_worth);
    return same;
}

/* How many (arm, lineage) pairs were touched in the full run. Fails the test where a way of forking differs. */
static int64_t compare(const wp_scenario *scenario, const wp_run_options *base, const char *name)
{
    static const struct {
        int threads, block;
        bool exact_pass;
    } ways[] = {{1, 0, false}, {2, 5, false}, {7, 3, true}, {1, 1, false}};
    run_result full, forks;
    wp_run_options options = *base;
    options.full_arms = true;
    options.threads = 2;
    run_engine(scenario, &options, &full.data, &full.report);
    options.full_arms = false;
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        options.threads = ways[w].threads;
        options.block = ways[w].block;
        options.exact_pass = ways[w].exact_pass;
        run_engine(scenario, &options, &forks.data, &forks.report);
        if (!is_same(&forks, &full)) {
            print_error("%s, %d threads, blocks of %d\n", name, options.threads, options.block);
            fail();
        }
        wp_simulate_free(&forks.data);
    }
    int64_t n = 0;
    const wp_run_data *data = &full.data;
    for (int i = 0; i < data->n_arms * data->n_draws * data->n_replicates * data->n_years; i++) {
        n += data->touched[i];
    }
    wp_simulate_free(&full.data);
    return n;
}

typedef wp_status generate_fn(uint64_t seed, int n_households, wp_text *text, wp_error *err);

static void compare_random(generate_fn *generate, const char *what)
{
    const uint64_t seed = wp_test_seed(first_seed);
    int64_t n_touched = 0;
    for (int i = 0; i < n_scenarios; i++) {
        wp_text text;
        wp_error err = {0};
        char name[64];
        snprintf(name, sizeof name, "%s, seed %llu", what, (unsigned long long)(seed + (uint64_t)i));
        wp_text_init(&text);
        assert_int_equal(generate(seed + (uint64_t)i, 60, &text, &err), WP_OK);
        wp_scenario *scenario = read_scenario_text("generated.yaml", wp_text_get(&text));
        const wp_run_options options = {
            .replicates = 2, .trace = 9, .has_seed = true, .seed = seed + (uint64_t)i};
        n_touched += compare(scenario, &options, name);
        wp_scenario_free(scenario);
        wp_text_free(&text);
    }
    assert_true(n_touched > 100 * n_scenarios);
}

static void forks_of_random_scenarios_are_the_arms_in_full(void **state)
{
    (void)state;
    compare_random(generate_scenario_with_arms, "families on their own");
}

static void forks_of_random_places_are_the_arms_in_full(void **state)
{
    (void)state;
    compare_random(generate_scenario_of_a_place, "a place");
}

static void forks_of_the_reference_scenarios_are_the_arms_in_full(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double sample;
        int draws;
    } cases[] = {{"metamorphic", 0.3, 1},
                 {"interventions", 0.02, 1},
                 {"queues", 0.1, 1},
                 {"pools", 0.1, 1},
                 {"families", 0.01, 1}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char path[512];
        snprintf(path, sizeof path, "%s/reference/%s.yaml", WP_TESTS_DIR, cases[c].name);
        wp_scenario *scenario = read_scenario(path);
        const wp_run_options options = {.sample = cases[c].sample, .replicates = 2, .trace = 20};
        compare(scenario, &options, cases[c].name);
        wp_scenario_free(scenario);
    }
}

/* Who is not touched lives as in the baseline, and costs what the baseline costs. */
static void an_arm_that_touches_nobody_is_the_baseline(void **state)
{
    (void)state;
    static const char *const change[] = {"uptake: 60 %", "uptake: 0 %", NULL};
    char path[512];
    snprintf(path, sizeof path, "%s/first.yaml", WP_SCENARIOS_DIR);
    wp_scenario *scenario = read_changed_scenario(path, change);
    wp_run_data data;
    const wp_run_options options = {.sample = 0.05};
    run_engine(scenario, &options, &data, NULL);
    const int arm = find_arm(&data, "safer_homes");
    assert_memory_equal(data.life, data.life + 2 * arm, 2 * sizeof *data.life);
    const size_t n = (size_t)data.n_years * (size_t)data.n_cells;
    assert_memory_equal(data.cells, data.cells + (size_t)arm * n, n * sizeof *data.cells);
    for (int k = 0; k < data.n_values; k++) {
        assert_true(data.paired_sum_squares[arm * data.n_values + k] == 0.0);
    }
    for (int y = 0; y < data.n_years; y++) { assert_int_equal(data.touched[arm * data.n_years + y], 0); }
    assert_true(data.offers[arm * data.n_years] > 0);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* An enrolment that begins at the start touches each family once, then. */
static void who_is_touched_is_counted_by_year(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/first.yaml", WP_SCENARIOS_DIR);
    wp_scenario *scenario = read_scenario(path);
    wp_run_data data;
    const wp_run_options options = {.sample = 0.05};
    run_engine(scenario, &options, &data, NULL);
    const int arm = find_arm(&data, "safer_homes");
    assert_int_equal(2 * data.touched[arm * data.n_years], data.starts[arm * data.n_years]);
    assert_true(data.touched[arm * data.n_years] > data.n_lineages / 2);
    for (int y = 0; y < data.n_years; y++) {
        assert_int_equal(data.touched[y], 0);
        if (y > 0) { assert_int_equal(data.touched[arm * data.n_years + y], 0); }
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- Places ------------------------------------------------------------------------------------------- */

#define PLACE                                                                                            \
    "wholeplace: 1\ntitle: a place\nclock: {start: 2010-01-01, years: 5}\n"                              \
    "population: {cohort: {households: 200, members: [{age: 30.5 years}]}}\n"                            \
    "person: {states: {smokes: {levels: [never, now], at_start: {never: 0.5, now: 0.5}}}}\n"             \
    "processes:\n  stops: {of: person, when: {smokes: now}, hazard: 0.05 per year, "                     \
    "then: [{set: {smokes: never}}]}\n"

/* Places of a year go to as many, and touch them then; who waits is not touched. */
static void who_gets_a_place_is_touched_then(void **state)
{
    (void)state;
    const char *const text =
        PLACE "interventions:\n  clinic: {of: person, offer: {at: {date: 2010-06-01}}, uptake: 0.9, "
              "lasts: 1 year, capacity: {starts: 20 per year, settled: every 3 months}, "
              "changes: {stops: {multiply_hazard: [3]}}}\n"
              "arms: {baseline: [], clinic: [clinic]}\noutcomes: {stops: {events: stops}}\n";
    wp_scenario *scenario = read_scenario_text("place.yaml", text);
    const wp_run_options options = {.threads = 2, .block = 16};
    wp_run_data data;
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(data.n_lineages, 200);
    for (int y = 0; y < 5; y++) {
        assert_int_equal(data.touched[y], 0);
        assert_int_equal(data.touched[data.n_years + y], 20);
        assert_int_equal(data.starts[data.n_years + y], 2 * 20);
    }
    assert_string_equal(data.arms_run, "as forks of the baseline");
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* A rate that a programme brings into another band is another for everyone, from the border at which it is
   seen. */
static void an_arm_that_changes_a_rate_is_full_and_says_so(void **state)
{
    (void)state;
    const char *const text =
        PLACE "  starts: {of: person, when: {smokes: never}, hazard: 0.05 per year, "
              "multiply_hazard: [{by: smoking, values: {0-0.3: 0.5, 0.3+: 1}}], then: [{set: {smokes: now}}]}\n"
              "indicators: {smoking: {share: {smokes: now}, over: last year}}\n"
              "interventions:\n  many: {of: person, starts: 2011-01-01, offer: everyone, changes: {stops: "
              "{multiply_hazard: [60]}}}\n"
              "  few: {of: person, offer: {at: {date: 2011-01-01}}, uptake: 0.02, lasts: for ever, "
              "changes: {stops: {multiply_hazard: [2]}}}\n"
              "arms: {baseline: [], many: [many], few: [few]}\noutcomes: {stops: {events: stops}}\n";
    wp_scenario *scenario = read_scenario_text("rate.yaml", text);
    wp_run_options options = {.threads = 2, .block = 16};
    assert_true(compare(scenario, &options, "a rate") > 0);
    wp_run_data data;
    run_engine(scenario, &options, &data, NULL);
    assert_string_equal(data.arms_run, "as forks of the baseline; in full since a rate of the place differs: "
                                       "many from 2012 on");
    wp_simulate_free(&data);
    options.full_arms = true;
    run_engine(scenario, &options, &data, NULL);
    assert_string_equal(data.arms_run, "in full, as asked");
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

int main(int argc, char **argv)
{
    if (argc > 1) { n_scenarios = atoi(argv[1]); }
    if (argc > 2) { first_seed = strtoull(argv[2], NULL, 10); }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forks_of_random_scenarios_are_the_arms_in_full),
        cmocka_unit_test(forks_of_random_places_are_the_arms_in_full),
        cmocka_unit_test(forks_of_the_reference_scenarios_are_the_arms_in_full),
        cmocka_unit_test(an_arm_that_touches_nobody_is_the_baseline),
        cmocka_unit_test(who_is_touched_is_counted_by_year),
        cmocka_unit_test(who_gets_a_place_is_touched_then),
        cmocka_unit_test(an_arm_that_changes_a_rate_is_full_and_says_so)};
    return cmocka_run_group_tests_name("test_forks", tests, NULL, NULL);
}
