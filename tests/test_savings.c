/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Savings of simulated places: the noise that one run states is the spread that many runs have. */
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "statistics.h"
#include "uncertainty/savings.h"

/* Families who come, pair, part and die; the programme has costs of every sort. */
#define PLACE WP_TESTS_DIR "/tallies/everything.yaml"

static const wp_money_select parts[] = {
    {.part = WP_PART_PROGRAMME, .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX},
    {.part = WP_PART_GROSS, .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX},
    {.part = WP_PART_NET, .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true}};
static const char *const part_names[] = {"the programme's cost", "services", "net, discounted"};
enum { N_PARTS = sizeof parts / sizeof parts[0], N_REPLICATES = 240 };

/* One run's stated variance, by batches, is on average that between runs: relative standard error of the ratio
   sqrt(2 / 239 + 2 / (30 x 240)) = 0.093 where values are normal. */
static void noise_of_one_run_is_the_spread_of_many(void **state)
{
    (void)state;
    static const char *const change[] = {"households: 3000", "households: 320", NULL};
    wp_scenario *scenario = read_changed_scenario(PLACE, change);
    wp_run_data data;
    wp_savings savings = {0};
    wp_checks checks;
    wp_error err = {0};
    const wp_run_options options = {.has_seed = true, .seed = wp_test_seed(71), .replicates = N_REPLICATES};
    const double se = sqrt(2.0 / (N_REPLICATES - 1) + 2.0 / (30.0 * N_REPLICATES));
    wp_checks_init(&checks, "test_savings");
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_savings_init(&savings, &data, "GBP", &err), WP_OK);
    for (int k = 0; k < N_PARTS; k++) {
        double values[N_REPLICATES], within = 0.0;
        wp_pricing_savings(&savings.pricing, 1, &parts[k], values);
        wp_pricing_batch_savings(&savings.pricing, 1, &parts[k], savings.batches);
        for (int r = 0; r < N_REPLICATES; r++) {
            const wp_batches one = {32, savings.batches + (ptrdiff_t)r * 32, data.founders_by_batch};
            wp_interval interval;
            assert_int_equal(wp_interval_estimate(&values[r], 1, 1, &one, &interval, &err), WP_OK);
            within += interval.within_variance / N_REPLICATES;
        }
        wp_check_exact(&checks, part_names[k], within / gsl_stats_variance(values, 1, N_REPLICATES), 1.0, se,
                       "programmes' costs taken as certain: 0");
    }
    wp_savings_free(&savings);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
    assert_int_equal(checks.n_failed, 0);
}

/* Everyone is visited once, at once: what that costs is certain, though groups of families differ in size. */
static const char *const universal =
    "wholeplace: 1\ntitle: everyone\nclock: {start: 2010-01-01, years: 2}\n"
    "population: {cohort: {households: 900, members: [{age: 30 years}]}}\n"
    "processes: {falls: {of: person, hazard: 1 per year, then: []}}\n"
    "interventions:\n  visit:\n    of: person\n    offer: {at: {date: start}}\n    uptake: 1\n    lasts: for "
    "ever\n"
    "    changes: {falls: {multiply_hazard: [0.5]}}\n"
    "    unit_values: {call: {per: start, amount: 30 GBP}, office: {per: year, amount: 5000 GBP}}\n"
    "arms: {baseline: [], visit: [visit]}\noutcomes: {falls: {events: falls}}\n"
    "unit_values: {a_fall: {per: falls, amount: 100 GBP}}\nmoney: {discount: {GBP: 0 % per year}}\n";

static void what_everyone_costs_alike_has_no_noise(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario_text("universal.yaml", universal);
    wp_run_data data;
    wp_savings savings = {0};
    wp_arm_savings arm;
    wp_error err = {0};
    const wp_run_options options = {.threads = 1};
    int64_t n = 0, least = INT64_MAX, most = 0;
    run_engine(scenario, &options, &data, NULL);
    for (int b = 0; b < 32; b++) {
        n += data.founders_by_batch[b];
        least = data.founders_by_batch[b] < least ? data.founders_by_batch[b] : least;
        most = data.founders_by_batch[b] > most ? data.founders_by_batch[b] : most;
    }
    assert_int_equal(n, 900);
    assert_true(most > least + 5);
    assert_int_equal(wp_savings_init(&savings, &data, "GBP", &err), WP_OK);
    assert_int_equal(wp_savings_of_arm(&savings, 1, &arm, &err), WP_OK);
    assert_close(arm.total.programme.mean, -900.0 * 30 - 2 * 5000, 1e-12, 0.0);
    assert_int_equal(arm.total.programme.method, WP_INTERVAL_BATCHES);
    assert_close(arm.total.programme.noise, 0.0, 0.0, 1e-6);
    /* falls are Poisson, 1800 and 900; the halved ones are among the others or not, so of a fall's noise in the
       difference there is at least that of the 900 that are gone */
    assert_true(arm.total.net.noise > 0.7 * 1.96 * 100 * sqrt(900));
    assert_close(arm.total.net.noise, arm.total.gross.noise, 1e-6, 0.0);
    wp_savings_free(&savings);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- Units that are not pounds ---------------------------------------------------------------------------------- */

/* P7, Briggs, Claxton and Sculpher (2006), ex. 3.5: 97.877 pounds more and 0.0445209 QALY more a woman. */
static void a_gained_year_costs_what_is_published(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(WP_TESTS_DIR "/exact/p7.yaml");
    wp_run_data data;
    wp_savings savings = {0};
    wp_arm_savings gains;
    wp_checks checks;
    wp_error err = {0};
    wp_run_options options = {.sample = 0.2};
    if (!wp_test_seed_is_fixed()) {
        options.has_seed = true;
        options.seed = wp_test_seed(scenario->seed);
    }
    wp_checks_init(&checks, "units");
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_savings_init(&savings, &data, "QALY", &err), WP_OK);
    assert_int_equal(wp_savings_of_arm(&savings, 1, &gains, &err), WP_OK);
    const double n = (double)data.n_people, normal = 1.959964;
    const wp_ratio *each = &gains.pounds_each;
    assert_true(each->is_known && each->low < each->mean && each->mean < each->high);
    /* Over 32 groups Fieller's interval is by t, which is wider. */
    wp_check_exact(&checks, "pounds for a QALY", each->mean, 2198.486665,
                   (each->high - each->low) / 2 / normal, NULL);
    wp_check_exact(&checks, "QALY gained", -gains.total.net_discounted.mean / n, 14.69770986 - 14.6531896,
                   gains.total.net_discounted.noise / n / normal, NULL);
    wp_check_exact(&checks, "QALY lived", gains.baseline_discounted / n, 14.6531896,
                   6.145878 * sqrt(data.weight / n), NULL);
    assert_int_equal(gains.n_outcomes, 0);
    wp_savings_free(&savings);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
    assert_int_equal(checks.n_failed, 0);
}

/* What lies in the counts, priced by hand. */
static void gains_and_their_price_are_counts_times_amounts(void **state)
{
    (void)state;
    static const char *const change[] = {"a_mood: {per: low_years, amount: -0.2 QALY}",
                                         "a_mood: {per: falls, amount: -0.2 QALY}", NULL};
    wp_scenario *scenario = read_changed_scenario(PLACE, change);
    wp_run_data data;
    wp_savings savings = {0}, pounds = {0};
    wp_arm_savings gains, saved;
    wp_error err = {0};
    const wp_run_options options = {.sample = 0.3};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_savings_init(&savings, &data, "QALY", &err), WP_OK);
    assert_int_equal(wp_savings_of_arm(&savings, 1, &gains, &err), WP_OK);
    assert_int_equal(wp_savings_init(&pounds, &data, "GBP", &err), WP_OK);
    assert_int_equal(wp_savings_of_arm(&pounds, 1, &saved, &err), WP_OK);
    const int falls = find_outcome(&data, "falls");
    const double before = 0.5 * engine_total(&data, 0, falls, -1),
                 after = 0.5 * engine_total(&data, 1, falls, -1);
    const double gained = 0.2 * (before - after) * data.weight;
    double by_year = 0.0;
    assert_true(before > after);
    assert_close(-gains.total.net.mean, gained, 1e-12, 0.0);
    assert_close(gains.baseline, -0.2 * before * data.weight, 1e-12, 0.0);
    for (int y = 0; y < gains.n_years; y++) { by_year -= gains.years[y].net.mean; }
    assert_close(by_year, gained, 1e-12, 0.0);
    /* It saves pounds, so each gained saves some: a negative price. */
    assert_true(saved.total.net_discounted.mean > 0.0 && gains.pounds_each.is_known);
    assert_close(gains.pounds_each.mean, -saved.total.net_discounted.mean / gained, 1e-9, 0.0);
    assert_true(gains.pounds_each.low < gains.pounds_each.mean &&
                gains.pounds_each.mean < gains.pounds_each.high);
    wp_savings_free(&savings);
    wp_savings_free(&pounds);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_one_run_is_the_spread_of_many),
        cmocka_unit_test(what_everyone_costs_alike_has_no_noise),
        cmocka_unit_test(a_gained_year_costs_what_is_published),
        cmocka_unit_test(gains_and_their_price_are_counts_times_amounts),
    };
    return cmocka_run_group_tests_name("test_savings", tests, NULL, NULL);
}
