/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws of a scenario in which nothing is uncertain are replicates; stocks are means over their instants. */
#include <string.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "uncertainty/decision.h"
#include "uncertainty/replicas.h"

#define CHOICE WP_TESTS_DIR "/decision/choice.yaml"

static const char *const certain =
    "wholeplace: 1\ntitle: nothing is uncertain\nclock: {start: 2010-01-01, years: 4}\n"
    "population: {cohort: {households: 500, members: [{age: 30 years}]}}\n"
    "processes: {falls: {of: person, hazard: 0.5 per year, then: []},\n"
    "            death: {of: person, hazard: 0.1 per year, then: [die]}}\n"
    "interventions:\n  visit:\n    of: person\n    offer: {at: {date: start}}\n    uptake: 1\n"
    "    lasts: for ever\n    changes: {falls: {multiply_hazard: [0.5]}, death: {multiply_hazard: [0.5]}}\n"
    "    unit_values: {call: {per: start, amount: 60 GBP}}\n"
    "arms: {baseline: [], visit: [visit]}\n"
    "outcomes: {falls: {events: falls}, alive: {snapshot: {every: 1 year, from: 0 years}}, early: {snapshot: "
    "{at: [1 year]}}}\n"
    "unit_values: {a_fall: {per: falls, amount: 100 GBP}}\nmoney: {discount: {GBP: 0 % per year}}\n";

static void draws_without_anything_uncertain_are_replicates(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario_text("certain.yaml", certain);
    wp_run_data data;
    wp_savings savings = {0};
    wp_arm_decision decision = {0};
    const wp_run_options options = {.threads = 1, .draws = 12, .replicates = 2};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(data.n_uncertain, 0);
    assert_non_null(strstr(data.caution, "replicates"));
    assert_int_equal(wp_draws_to_replicates(&data), 12);
    assert_int_equal(data.n_draws, 1);
    assert_int_equal(data.n_replicates, 24);
    assert_int_equal(wp_savings_init(&savings, &data, "GBP", NULL), WP_OK);
    assert_int_equal(wp_arm_decision_init(&decision, &savings, 1, NULL), WP_OK);
    /* The spread of the lives alone, and nothing said of chances. */
    assert_int_equal(decision.net.method, WP_INTERVAL_REPLICATES);
    assert_true(decision.net.noise > 0.0 && isnan(decision.net.low) && isnan(decision.outlook.evidence));
    assert_true(isnan(decision.payback.never));
    assert_int_equal(wp_draws_to_replicates(&data), 0);
    wp_arm_decision_free(&decision);
    wp_savings_free(&savings);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

static void draws_of_what_is_uncertain_stay_draws(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(CHOICE);
    wp_run_data data;
    const wp_run_options options = {.threads = 1, .draws = 3, .sample = 0.2};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(data.n_uncertain, 4); /* three parameters and a price */
    assert_string_equal(data.caution, "");
    assert_int_equal(wp_draws_to_replicates(&data), 0);
    assert_int_equal(data.n_draws, 3);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* 500 people of whom a tenth die each year: on average some 410 at the five borders of four years, not 2,050. */
static void a_stock_is_its_mean_over_its_instants(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario_text("certain.yaml", certain);
    wp_run_data data;
    wp_savings savings = {0};
    wp_arm_savings arm;
    const wp_run_options options = {.threads = 1};
    run_engine(scenario, &options, &data, NULL);
    const int alive = find_outcome(&data, "alive"), early = find_outcome(&data, "early"),
              falls = find_outcome(&data, "falls");
    assert_int_equal(data.outcome_snapshots[alive], 5);
    assert_int_equal(data.outcome_snapshots[early], 1);
    assert_int_equal(data.outcome_snapshots[falls], 0);
    assert_int_equal(wp_savings_init(&savings, &data, "GBP", NULL), WP_OK);
    assert_int_equal(wp_savings_of_arm(&savings, 1, &arm, NULL), WP_OK);
    for (int i = 0; i < arm.n_outcomes; i++) {
        const wp_outcome_row *row = &arm.outcomes[i];
        const double n = row->outcome == alive ? 5.0 : 1.0;
        assert_close(row->baseline.mean, engine_total(&data, 0, row->outcome, -1) / 2.0 / n, 1e-12, 0.0);
        assert_close(row->change.mean, row->arm.mean - row->baseline.mean, 1e-9, 0.0);
        assert_true(row->outcome == falls ? row->change.mean < 0.0 : row->change.mean > 0.0);
    }
    wp_savings_free(&savings);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_without_anything_uncertain_are_replicates),
        cmocka_unit_test(draws_of_what_is_uncertain_stay_draws),
        cmocka_unit_test(a_stock_is_its_mean_over_its_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
