/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws and replicates that are added until a figure is known well enough: the rule against published and known
   values, and the run that stopped against the run that was asked for so many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/uniform.h"
#include "engine_run.h"
#include "money/figure.h"
#include "money/stop_rule.h"
#include "parallel/simulate_run.h"

/* ---- The rule -------------------------------------------------------------------------------------------------- */

/* Twenty values of sd 120: half-width 56.161729, t = 2.093024. */
static void a_half_width_is_that_of_student(void **state)
{
    (void)state;
    double values[20];
    for (int i = 0; i < 20; i++) { values[i] = 1000 + (i % 2 == 0 ? 120 : -120) * sqrt(19.0 / 20.0); }
    wp_known known;
    wp_known_of(values, 20, 56.17, &known);
    assert_close(known.half_width, 56.161729, 1e-8, 0);
    assert_close(known.mean, 1000, 1e-12, 0);
    assert_true(known.is_met);
    wp_known_of(values, 20, 56.15, &known);
    assert_false(known.is_met);
    wp_known_of(values, 20, 5.6161729, &known); /* a tenth takes a hundred times as many */
    assert_close(known.n_needed, 2000, 0, 1);
}

/* Normal values with mean 0 and sd 1, added until the half-width is 0.25, which takes about 64: the interval at which
   one stops holds the mean nearly as often as it says. To stop at first sight from 3 on covers 0.87. */
static double coverage(int n_experiments, bool at_first_sight, double *mean_n)
{
    wp_scenario scenario = {.stop = {.is_given = true, .at_most = 1000, .half_width = 0.25}};
    int n_held = 0;
    double sum_n = 0;
    const uint64_t seed = wp_test_seed(7);
    for (int e = 0; e < n_experiments; e++) {
        const wp_key key = wp_key_make(seed, 0, (uint32_t)e);
        double values[1000];
        for (int i = 0; i < 1000; i++) {
            values[i] = gsl_cdf_ugaussian_Pinv(wp_uniform(key, (uint64_t)i, 1, 0));
        }
        wp_known before = {0}, known = {0};
        int n = at_first_sight ? 3 : wp_stop_begin(&scenario);
        for (;; n = at_first_sight ? n + 1 : wp_stop_next(&scenario, n)) {
            before = known;
            wp_known_of(values, n, 0.25, &known);
            if (n == 1000 || (at_first_sight ? known.is_met : wp_stop_now(&scenario, &before, &known))) {
                break;
            }
        }
        n_held += fabs(known.mean) <= known.half_width;
        sum_n += n;
    }
    *mean_n = sum_n / n_experiments;
    return (double)n_held / n_experiments;
}

static void an_interval_at_which_one_stops_holds_about_as_often_as_it_says(void **state)
{
    (void)state;
    enum { N = 4000 };
    double n = 0;
    const double held = coverage(N, false, &n), first = coverage(N / 4, true, &n);
    /* between 94 and 96 %, give or take the error of so many experiments */
    assert_close(held, 0.95, 0, 0.01 + wp_test_bound() * sqrt(0.95 * 0.05 / N));
    assert_true(first < held);
    (void)coverage(N / 4, false, &n);
    assert_true(n > 60 && n < 90);
}

static void sobols_points_are_added_by_doubling(void **state)
{
    (void)state;
    wp_scenario scenario = {.n_draws = 100,
                            .draw_design = WP_DESIGN_SOBOL,
                            .stop = {.is_given = true, .at_most = 1000, .half_width = 1}};
    assert_int_equal(wp_stop_begin(&scenario), 128);
    assert_int_equal(wp_stop_next(&scenario, 128), 256);
    assert_int_equal(wp_stop_next(&scenario, 512), 1000);
    scenario.draw_design = WP_DESIGN_INDEPENDENT;
    assert_int_equal(wp_stop_begin(&scenario), 100);
    assert_int_equal(wp_stop_next(&scenario, 100), 110);
    assert_int_equal(wp_stop_next(&scenario, 995), 1000);
    scenario.stop.by_replicates = true; /* of which there is one */
    assert_int_equal(wp_stop_begin(&scenario), WP_FEWEST_TO_STOP);
}

/* ---- Runs ------------------------------------------------------------------------------------------------------ */

#define FIGURE "{saving: GBP, arm: prevention, against: baseline}"

static wp_scenario *choice(const char *runs, const char *pools)
{
    const char *const change[] = {"runs: {seed: 1, draws: 64, design: sobol}", runs, "processes:\n", pools,
                                  NULL};
    return read_changed_scenario(WP_TESTS_DIR "/decision/choice.yaml", change);
}

/* The half-width of the figure after n draws or replicates of a run that has more. */
static bool is_met_after(const wp_scenario *scenario, const wp_run_data *data, int n)
{
    wp_known known;
    assert_int_equal(wp_stop_check(scenario, data, n, &known, NULL), WP_OK);
    return known.is_met;
}

static void same_run(const wp_scenario *scenario, const wp_run_options *asked, const wp_run_data *stopped,
                     const wp_run_report *report)
{
    wp_run_data data;
    wp_run_report other;
    run_engine(scenario, asked, &data, &other);
    assert_string_equal(data.stopped, "");
    assert_int_equal(data.n_draws, stopped->n_draws);
    assert_int_equal(data.n_replicates, stopped->n_replicates);
    assert_int_equal(data.n_trace, stopped->n_trace);
    assert_string_equal(other.digest, report->digest);
    assert_string_equal(other.life_digest, report->life_digest);
    const size_t n = (size_t)data.n_arms * (size_t)data.n_draws * (size_t)data.n_replicates *
                     (size_t)data.n_values;
    assert_memory_equal(data.paired_sum_squares, stopped->paired_sum_squares, n * sizeof(double));
    const size_t m = (size_t)data.n_draws * (size_t)data.money.n_unit_values * (size_t)data.n_years;
    assert_memory_equal(data.money.amounts, stopped->money.amounts, m * sizeof(double));
    wp_simulate_free(&data);
}

static void a_run_that_stopped_is_the_run_of_so_many_draws(void **state)
{
    (void)state;
    static const wp_run_options ways[] = {{.threads = 1, .trace = 5, .sample = 0.5},
                                          {.threads = 3, .trace = 5, .sample = 0.5, .block = 7},
                                          {.threads = 2, .trace = 5, .sample = 0.5, .full_arms = true}};
    wp_scenario *scenario = choice("runs: {seed: 1, replicates: 2, stop_when: {figure: " FIGURE
                                   ", half_width: 250000 GBP, at_most: 200 draws}}",
                                   "processes:\n");
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_data data;
        wp_run_report report;
        run_engine(scenario, &ways[w], &data, &report);
        const int n = data.n_draws;
        print_message("%s\n", data.stopped);
        assert_true(n > 30 && n < 200 && n % 10 == 0);
        assert_non_null(strstr(data.stopped, "stopped after"));
        assert_int_equal(data.n_replicates, 2);
        wp_run_options asked = ways[w];
        asked.draws = n;
        same_run(scenario, &asked, &data, &report);
        if (w == 0) { /* enough at the last two looks, and never before at two in a row */
            assert_true(is_met_after(scenario, &data, n) && is_met_after(scenario, &data, n - 10));
            for (int m = 20; m <= n - 20; m += 10) {
                assert_false(is_met_after(scenario, &data, m) && is_met_after(scenario, &data, m + 10));
            }
        }
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

static void a_run_that_stopped_is_the_run_of_so_many_replicates(void **state)
{
    (void)state;
    static const char *const worlds[] = {"processes:\n",
                                         "pools: {beds: {places: 3, settled: every 6 months}}\nprocesses:\n  "
                                         "asks: {of: person, hazard: 0.2 per year, "
                                         "then: [{ask: {pool: beds, granted: [], refused: []}}]}\n"};
    for (int coupled = 0; coupled < 2; coupled++) {
        wp_scenario *scenario =
            choice("runs: {seed: 1, draws: 2, stop_when: {figure: {outcome: onsets, as: total}"
                   ", half_width: 5, at_most: 400 replicates}}",
                   worlds[coupled]);
        for (int threads = 1; threads < 4; threads += 2) {
            const wp_run_options options = {.threads = threads, .sample = 0.2, .trace = 3};
            wp_run_data data;
            wp_run_report report;
            run_engine(scenario, &options, &data, &report);
            if (threads == 1) { print_message("%s\n", data.stopped); }
            assert_true(data.n_replicates > 30 && data.n_replicates < 400);
            assert_int_equal(data.n_draws, 2);
            wp_run_options asked = options;
            asked.replicates = data.n_replicates;
            same_run(scenario, &asked, &data, &report);
            wp_simulate_free(&data);
        }
        wp_scenario_free(scenario);
    }
}

static void what_is_not_known_well_enough_is_said(void **state)
{
    (void)state;
    wp_scenario *scenario = choice("runs: {seed: 1, design: sobol, stop_when: {figure: " FIGURE
                                   ", half_width: 1000 GBP, at_most: 40 draws}}",
                                   "processes:\n");
    wp_run_data data;
    const wp_run_options options = {.threads = 1, .sample = 0.1};
    run_engine(scenario, &options, &data, NULL);
    print_message("%s\n", data.stopped);
    assert_int_equal(data.n_draws, 40);
    assert_non_null(strstr(data.stopped, "went on for all 40 draws and does NOT know"));
    assert_non_null(strstr(data.stopped, "would be needed"));
    assert_non_null(strstr(data.stopped, "GBP, and 1000 was wanted"));
    assert_null(strstr(data.stopped, "e+"));
    wp_simulate_free(&data);
    const char *const arms[] = {"reablement"};
    const wp_run_options without = {.threads = 1, .arms = arms, .n_arms = 1};
    wp_error err = {0};
    assert_int_equal(wp_simulate(scenario, &without, &data, NULL, &err), WP_ERR_ARGUMENT);
    assert_non_null(strstr(err.text, "its figure is not run"));
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_half_width_is_that_of_student),
        cmocka_unit_test(an_interval_at_which_one_stops_holds_about_as_often_as_it_says),
        cmocka_unit_test(sobols_points_are_added_by_doubling),
        cmocka_unit_test(a_run_that_stopped_is_the_run_of_so_many_draws),
        cmocka_unit_test(a_run_that_stopped_is_the_run_of_so_many_replicates),
        cmocka_unit_test(what_is_not_known_well_enough_is_said),
    };
    return cmocka_run_group_tests_name("test_stopping", tests, NULL, NULL);
}
