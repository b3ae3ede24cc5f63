/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solving: roots of an interval, and case E1 backwards. */
#include <stdio.h>
#include <unistd.h>

#include "assert_close.h"
#include "engine_run.h"
#include "solve/root.h"
#include <wholeplace/solve.h>

/* Saving x^2 - 2, from x^2 - 3 to x^2 - 1; counts how often it is asked. */
static wp_status parabola(void *of, double x, wp_interval *saving, wp_error *err)
{
    (void)err;
    int *n = of;
    (*n)++;
    *saving = (wp_interval){.mean = x * x - 2.0, .low = x * x - 3.0, .high = x * x - 1.0};
    return x > 90.0 ? WP_ERR_RUN : WP_OK;
}

static void a_root_and_its_interval_are_found(void **state)
{
    (void)state;
    wp_solution s = {0};
    int n = 0;
    assert_int_equal(wp_solve_root(parabola, &n, 0.0, 4.0, 0.0, 1e-9, &s, NULL), WP_OK);
    assert_true(s.is_found && n < 60);
    assert_close(s.value, sqrt(2.0), 0.0, 1e-8);
    assert_close(s.low, 1.0, 0.0, 1e-8);
    assert_close(s.high, sqrt(3.0), 0.0, 1e-8);
    assert_true(s.saving_at_from == -2.0 && s.saving_at_to == 14.0);
    /* Falling from -4 to 0, and the same from the other end. */
    for (int turned = 0; turned < 2; turned++) {
        assert_int_equal(
            wp_solve_root(parabola, &n, turned ? 0.0 : -4.0, turned ? -4.0 : 0.0, 2.0, 1e-9, &s, NULL),
            WP_OK);
        assert_close(s.value, -2.0, 0.0, 1e-8);
        assert_close(s.low, -sqrt(5.0), 0.0, 1e-8);
        assert_close(s.high, -sqrt(3.0), 0.0, 1e-8);
    }
    /* The interval goes on beyond the search; and nothing is found at all. */
    assert_int_equal(wp_solve_root(parabola, &n, 1.2, 1.6, 0.0, 1e-9, &s, NULL), WP_OK);
    assert_true(s.is_found && isnan(s.low) && isnan(s.high));
    assert_int_equal(wp_solve_root(parabola, &n, 2.0, 3.0, 0.0, 1e-9, &s, NULL), WP_OK);
    assert_true(!s.is_found && isnan(s.value));
    assert_int_equal(wp_solve_root(parabola, &n, 0.0, 100.0, 0.0, 1e-9, &s, NULL), WP_ERR_RUN);
}

/* E1 with a price for prevention and its effect as a parameter. */
static wp_scenario *e1(void)
{
    static const char *const change[] = {
        "households: 200000",
        "households: 20000",
        "\nprocesses:",
        "\nparameters:\n  effect: {value: 0.7, unit: hazard ratio, source: made up}\n"
        "  shares: {counts: {a: 1, b: 2}, unit: probability, source: made up}\n\nprocesses:",
        "    changes: {onset: {multiply_hazard: [0.7]}}",
        "    changes: {onset: {multiply_hazard: [effect]}}\n    unit_values: {visit: {per: start, amount: "
        "1000 GBP}}",
        NULL};
    return read_changed_scenario(WP_TESTS_DIR "/exact/e1.yaml", change);
}

/* A saving of 5694.367 a person breaks even with a visit of that price at the start, which the first year's
   mean discount factor makes dearer: (1 - 1.035^-1) / ln 1.035 = 0.98305. A saving has standard deviation
   10182. */
static void the_price_that_breaks_even_is_the_saving(void **state)
{
    (void)state;
    wp_scenario *scenario = e1();
    wp_run_options options = {.threads = 2, .force = true};
    wp_solve_target target = {.arm = "prevention"};
    wp_solution s;
    wp_error err = {0};
    char path[64];
    snprintf(path, sizeof path, "/tmp/test_solve_%ld.nc", (long)getpid());
    assert_int_equal(wp_run(scenario, &options, path, NULL, NULL), WP_OK);
    double se = 10182.0 / sqrt(20000.0);
    assert_int_equal(wp_solve_price(path, &target, "prevention.visit", &s, NULL), WP_OK);
    assert_true(s.is_found && s.n_runs == 0);
    assert_within_se(s.value, 5694.367 / 0.98305, se);
    assert_true(s.low < s.value && s.value < s.high);
    assert_within_se(s.high - s.low, 2.0 * 2.04 * se, 2.0 * 2.04 * se / sqrt(60.0));
    assert_int_equal(wp_solve_price(path, &target, "visit", &s, &err), WP_ERR_ARGUMENT);
    target.arm = NULL;
    assert_int_equal(wp_solve_price(path, &target, "prevention.visit", &s, NULL), WP_ERR_ARGUMENT);
    remove(path);
    wp_scenario_free(scenario);
}

/* The effect at which prevention saves 5694.367 a person, before its visits of 1000, is 0.7. */
static void the_effect_that_saves_so_much_is_the_stated_one(void **state)
{
    (void)state;
    wp_scenario *scenario = e1();
    wp_run_options options = {.threads = 2};
    wp_solve_target target = {.arm = "prevention", .saving = 20000.0 * (5694.367 - 983.05)};
    wp_solution s;
    assert_int_equal(wp_solve_parameter(scenario, &options, &target, "effect", 0.5, 0.9, &s, NULL), WP_OK);
    assert_true(s.is_found && s.n_runs > 3 && s.n_runs < 40);
    assert_string_equal(s.unit, "hazard ratio");
    /* The saving falls by about 19,000 for each 1 of the ratio. */
    assert_within_se(s.value, 0.7, 10182.0 / sqrt(20000.0) / 18000.0 + 1e-4);
    assert_true(s.low < 0.7 + 0.02 && s.high > 0.7 - 0.02 && s.low < s.value && s.value < s.high);
    assert_int_equal(wp_solve_parameter(scenario, &options, &target, "shares", 0.5, 0.9, &s, NULL),
                     WP_ERR_ARGUMENT);
    assert_int_equal(wp_solve_parameter(scenario, &options, &target, "efect", 0.5, 0.9, &s, NULL),
                     WP_ERR_ARGUMENT);
    assert_int_equal(wp_solve_parameter(scenario, &options, &target, "effect", 0.5, 0.5, &s, NULL),
                     WP_ERR_ARGUMENT);
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_and_its_interval_are_found),
        cmocka_unit_test(the_price_that_breaks_even_is_the_saving),
        cmocka_unit_test(the_effect_that_saves_so_much_is_the_stated_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
