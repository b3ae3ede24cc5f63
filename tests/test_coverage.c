/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverage: of many small experiments, 95 % of the 95 % intervals of a saving hold the exact saving.
   A number as first argument: so many experiments, and the narrower bound of the slow tests (10,000). */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "uncertainty/savings.h"

static int n_experiments = 1000;

/* Case E1, the saving by prevention, exactly 5694.367 a person; `replicates` of `people`, or random groups of
   one replicate. Gives how many of the intervals hold it. */
static int intervals_that_hold(const char *people, int replicates)
{
    const char *const change[] = {"households: 200000", people, NULL};
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/exact/e1.yaml", change);
    const char *arm = "prevention";
    const wp_money_select select = {
        .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
    int n_held = 0;
    for (int i = 0; i < n_experiments; i++) {
        wp_run_options options = {.threads = 1,
                                  .replicates = replicates,
                                  .has_seed = true,
                                  .seed = (uint64_t)i + 1,
                                  .arms = &arm,
                                  .n_arms = 1};
        wp_run_data data = {0};
        wp_savings savings = {0};
        wp_interval interval;
        run_engine(scenario, &options, &data, NULL);
        assert_int_equal(wp_savings_init(&savings, &data, "GBP", NULL), WP_OK);
        assert_int_equal(wp_savings_interval(&savings, 1, &select, &interval, NULL), WP_OK);
        double exact = 5694.367 * (double)data.n_people;
        n_held += fabs(interval.mean - exact) <= interval.noise;
        wp_savings_free(&savings);
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
    return n_held;
}

/* A correct interval passes 99.6 % of the time: 1000 p has standard deviation 6.9, and 20 are allowed. */
static void check(const char *what, int n_held)
{
    double share = (double)n_held / n_experiments, allowed = n_experiments >= 10000 ? 0.01 : 0.02;
    print_message("%s: %.1f %% of %d intervals hold the exact saving\n", what, 100.0 * share, n_experiments);
    assert_true(fabs(share - 0.95) <= allowed);
}

static void t_intervals_over_replicates_cover(void **state)
{
    (void)state;
    check("20 replicates of 50 people", intervals_that_hold("households: 50", 20));
}

static void intervals_from_random_groups_cover(void **state)
{
    (void)state;
    check("32 random groups of 1000 people", intervals_that_hold("households: 1000", 1));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t_intervals_over_replicates_cover),
        cmocka_unit_test(intervals_from_random_groups_cover),
    };
    if (argc > 1) { n_experiments = (int)strtol(argv[1], NULL, 10); }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
