/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact cases notice mistakes: the same checks against a model that is wrong on purpose must fail. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "exact_chain.h"
#include "exact_run.h"
#include "reference/compare.h"

/* A hazard 3 % too high. */
static void a_hazard_three_per_cent_off_is_noticed(void **state)
{
    (void)state;
    static const char *const change[] = {"hazard: 0.20 per year", "hazard: 0.206 per year", NULL};
    exact_run x;
    exact_begin(&x, "e2", change);
    exact_share(&x, "baseline", "first", 1, 0.20 / 0.37 * (1 - exp(-0.37)), NULL);
    exact_share(&x, "baseline", "second", 1, 0.12 / 0.37 * (1 - exp(-0.37)), NULL);
    exact_end_broken(&x);
}

static void a_yearly_step_is_noticed(void **state)
{
    (void)state;
    /* the first cause takes its share of those whom the others left, once a year */
    static const char *const change[] = {
        "hazard: 0.20 per year, then: [{set: {cause: first}}]",
        "at: {every: 1 year}, choose: {taken: {probability: {hazard: 0.20 per year, over: 1 year}, then: "
        "[{set: {cause: first}}]}, left: {probability: otherwise}}",
        NULL};
    exact_run x;
    exact_begin(&x, "e2", change);
    exact_share(&x, "baseline", "first", 1, 0.20 / 0.37 * (1 - exp(-0.37)), NULL);
    exact_end_broken(&x);
}

static void an_effect_of_three_cycles_is_noticed(void **state)
{
    (void)state;
    static const char *const change[] = {"lasts: 2 years", "lasts: 3 years", NULL};
    static const priced life[] = {{"cycles_alive", 1}};
    exact_run x;
    exact_begin(&x, "p6", change);
    wp_check_exact(&x.checks, "life-years", exact_priced(&x, "combination_therapy", life, 1, 0), 8.9373889,
                   4.666057 / sqrt(x.n), NULL);
    exact_end_broken(&x);
}

/* With deaths ten times as common, so that a ratio of 10 on the hazard and on the probability differ visibly. */
static void a_ratio_on_the_wrong_scale_is_noticed(void **state)
{
    (void)state;
    static const char *const right[] = {"value: 0.005,", "value: 0.05,", "households: 200000",
                                        "households: 100000", NULL};
    static const char *const wrong[] = {"value: 0.005,", "value: 0.05,", "households: 200000",
                                        "households: 100000", "multiply_hazard: [hr_death_sicker]",
                                        "multiply_probability: [10]", NULL};
    const double d = 0.05, d3 = 1 - pow(1 - d, 3), d10 = 1 - pow(1 - d, 10);
    double P[MAX_CHAIN][MAX_CHAIN] = {
        {1 - d - 0.15, 0.15, 0, d}, {0.5, 0.395 - d3, 0.105, d3}, {0, 0, 1 - d10, d10}, {0, 0, 0, 1}};
    double p[MAX_CHAIN] = {1};
    exact_run x;
    for (int t = 0; t < 5; t++) { chain_step(4, p, P); }
    exact_begin(&x, "p1", right);
    exact_share(&x, "baseline", "cycles_sicker", 5, p[2], NULL);
    exact_end(&x);
    exact_begin(&x, "p1", wrong);
    exact_share(&x, "baseline", "cycles_sicker", 5, p[2], NULL);
    exact_end_broken(&x);
}

static void a_weaker_influence_of_the_partner_is_noticed(void **state)
{
    (void)state;
    static const char *const change[] = {"value: 3}", "value: 2.2}", NULL};
    exact_run x;
    exact_begin(&x, "e11", change);
    exact_check(&x, "baseline", "adults_with_it", 5, 2 * 0.1181438,
                sqrt(2 * 0.1181438 + 2 * 0.0344257 - 4 * 0.1181438 * 0.1181438), NULL);
    exact_end_broken(&x);
}

/* The engine against a reference with a fault. */
static void check_fault(const char *name, int n, const reference_fault *fault)
{
    char path[512];
    wp_checks checks;
    snprintf(path, sizeof path, "%s/reference/%s.yaml", WP_TESTS_DIR, name);
    wp_scenario *scenario = read_scenario(path);
    wp_checks_init(&checks, name);
    checks.quiet = true;
    compare_with_reference(&checks, scenario, wp_test_seed(20130401), n, 1.0, fault);
    wp_checks_print(&checks);
    wp_scenario_free(scenario);
    assert_true(checks.n_failed > 0);
}

static void comparing_notices_hazards_eight_per_cent_off(void **state)
{
    (void)state;
    check_fault("hazards_by_age", 8000, &(reference_fault){.hazard_factor = 1.08});
}

static void comparing_notices_ratios_on_probabilities(void **state)
{
    (void)state;
    check_fault("schedules", 16000, &(reference_fault){.ratio_on_probability = true});
}

static void comparing_notices_a_multiplier_of_one(void **state)
{
    (void)state;
    check_fault("frailty", 4000, &(reference_fault){.multiplier_ignored = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hazard_three_per_cent_off_is_noticed),
        cmocka_unit_test(a_yearly_step_is_noticed),
        cmocka_unit_test(an_effect_of_three_cycles_is_noticed),
        cmocka_unit_test(a_ratio_on_the_wrong_scale_is_noticed),
        cmocka_unit_test(a_weaker_influence_of_the_partner_is_noticed),
        cmocka_unit_test(comparing_notices_hazards_eight_per_cent_off),
        cmocka_unit_test(comparing_notices_ratios_on_probabilities),
        cmocka_unit_test(comparing_notices_a_multiplier_of_one),
    };
    return cmocka_run_group_tests_name("test_exact_broken", tests, NULL, NULL);
}
