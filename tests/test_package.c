/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several interventions (case E1), and concentration (case E13). */
#include <limits.h>

#include <gsl/gsl_randist.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "money/concentration.h"
#include "uncertainty/package.h"

static void shares_are_fair_and_add_up(void **state)
{
    (void)state;
    /* E1: prevention, reablement, both; interaction -465.067. */
    static const double e1[] = {0, 5694.367, 1913.256, 7142.555};
    /* Gloves: players 0 and 1 have a left one, 2 a right one; a pair is worth 1. Shares 1/6, 1/6, 2/3. */
    static const double gloves[] = {0, 0, 0, 0, 0, 1, 1, 1};
    double shares[4], worth[16];
    wp_shapley(e1, 2, shares);
    assert_close(shares[0], 5461.833, 0.0, 6e-4);
    assert_close(shares[1], 1680.722, 0.0, 6e-4);
    wp_shapley(gloves, 3, shares);
    assert_close(shares[0], 1.0 / 6.0, 1e-12, 0.0);
    assert_close(shares[1], 1.0 / 6.0, 1e-12, 0.0);
    assert_close(shares[2], 2.0 / 3.0, 1e-12, 0.0);
    /* Where worths add, each has its own. */
    for (unsigned set = 0; set < 16; set++) {
        worth[set] = 0.0;
        for (int i = 0; i < 4; i++) { worth[set] += (set >> i & 1u) != 0 ? 10.0 * (i + 1) : 0.0; }
    }
    wp_shapley(worth, 4, shares);
    for (int i = 0; i < 4; i++) { assert_close(shares[i], 10.0 * (i + 1), 1e-12, 0.0); }
}

/* Within 4.5 of the standard errors that the batches give; Student's t of 31 degrees at 97.5 % is 2.04. */
static void check(const wp_interval *interval, double n, double exact)
{
    double se = sqrt(interval->mean_variance) / n;
    assert_true(se > 0.0 && se < 60.0);
    assert_within_se(interval->mean / n, exact, se);
}

static void two_interventions_share_their_saving(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(WP_TESTS_DIR "/exact/e1.yaml");
    wp_run_options options = {.threads = 2};
    wp_run_data data = {0};
    wp_pricing pricing = {0};
    wp_package package = {0};
    bool is_complete = false;
    wp_money_select select = {
        .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_pricing_init(&pricing, &data, NULL), WP_OK);
    int both = find_arm(&data, "prevention+reablement");
    assert_int_equal(wp_package_of(&pricing, both, &select, &package, &is_complete, NULL), WP_OK);
    assert_true(is_complete);
    assert_int_equal(package.n, 2);
    double n = (double)data.n_people;
    check(&package.together, n, 7142.555);
    check(&package.interaction, n, -465.067);
    static const double alone[] = {5694.367, 1913.256}, last_in[] = {5229.299, 1448.188},
                        share[] = {5461.833, 1680.722};
    for (int i = 0; i < 2; i++) {
        check(&package.rows[i].alone, n, alone[i]);
        check(&package.rows[i].last_in, n, last_in[i]);
        check(&package.rows[i].share, n, share[i]);
    }
    assert_close(package.rows[0].share.mean + package.rows[1].share.mean, package.together.mean, 1e-9, 0.0);
    assert_int_equal(
        wp_package_of(&pricing, find_arm(&data, "prevention"), &select, &package, &is_complete, NULL), WP_OK);
    assert_false(is_complete);
    wp_pricing_free(&pricing);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* E13 after 25 years: negative binomial of shape 0.5, mean 10; 9.984 % of families have 28 events or more,
   and 44.728 % of all events. */
static void few_families_have_most_events(void **state)
{
    (void)state;
    enum { BINS = 256 };
    double people[BINS], amounts[BINS], below = 0.0, held = 0.0;
    for (unsigned b = 0; b < BINS; b++) {
        people[b] = gsl_ran_negative_binomial_pdf(b, 0.5 / 10.5, 0.5);
        amounts[b] = b;
        if (b + 1 < BINS) {
            below += people[b];
            held += people[b] * b;
        }
    }
    people[BINS - 1] = 1.0 - below;
    amounts[BINS - 1] = (10.0 - held) / (1.0 - below);
    wp_concentration c = {BINS, people, amounts};
    assert_close(people[0], 0.2182179, 0.0, 1e-7);
    assert_close(wp_concentration_top(&c, 0.09984), 0.44728, 0.0, 1e-4);
    assert_close(wp_concentration_top(&c, 1.0), 1.0, 1e-12, 0.0);
    assert_close(wp_concentration_top(&c, 1.0 - people[0]), 1.0, 1e-9, 0.0);
    double all[] = {0.0, 10.0}, alike[] = {0.0, 3.0}, one[] = {9.0, 1.0};
    wp_concentration equal = {2, all, alike}, single = {2, one, alike};
    assert_close(wp_concentration_top(&equal, 0.2), 0.2, 1e-12, 0.0);
    assert_close(wp_concentration_gini(&equal), 0.0, 0.0, 1e-12);
    assert_close(wp_concentration_gini(&single), 0.9, 1e-12, 0.0);
    assert_close(wp_concentration_top(&single, 0.05), 0.5, 1e-12, 0.0);
    assert_true(isnan(wp_concentration_top(&(wp_concentration){1, all, alike}, 0.5)));
}

static void a_results_histogram_keeps_its_total(void **state)
{
    (void)state;
    /* Doubled subjects in bins 0 to 3 or more, in two draws; the last hold 13 events between 2 of them. */
    int64_t counts[2 * 2 * 4] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 2, 2, 6, 4, 0, 2};
    char events[] = "events", days[] = "person_days", *units[] = {events};
    int outcome = 0;
    wp_run_data data = {.n_arms = 2, .n_draws = 2, .n_replicates = 1, .n_histograms = 1, .n_bins = 4,
                        .histograms = counts, .histogram_outcome = &outcome, .outcome_units = units};
    double people[4], amounts[4];
    wp_concentration_of(&data, 1, 0, 3.0 + 2.0 + 13.0, people, amounts);
    assert_true(people[0] == 7.0 && people[1] == 3.0 && people[2] == 1.0 && people[3] == 2.0);
    assert_true(amounts[1] == 1.0 && amounts[3] == 6.5);
    units[0] = days;
    wp_concentration_of(&data, 1, 0, 25.0, people, amounts);
    assert_true(amounts[0] == 0.0 && amounts[1] == 1.5 && amounts[2] == 2.5 && amounts[3] == 9.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_fair_and_add_up),
        cmocka_unit_test(two_interventions_share_their_saving),
        cmocka_unit_test(few_families_have_most_events),
        cmocka_unit_test(a_results_histogram_keeps_its_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
