/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nested design: components without bias (case E17), several figures at once, what narrows an
   interval. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/normal_quantile.h"
#include "chance/uniform.h"
#include "results/run_data.h"
#include "uncertainty/outlook.h"
#include "uncertainty/pairing.h"

static double uniform(uint64_t id, uint32_t what, uint32_t number)
{
    return wp_uniform(wp_key_make(17, 0, 0), id, what, number);
}

static double normal(uint64_t id, uint32_t what)
{
    return wp_normal_quantile(uniform(id, what, 0));
}

/* E17: an uncertain probability, beta of 30 and 70; 500 draws of 200 people, 5000 an event. */
enum { E17_DRAWS = 500, E17_PEOPLE = 200, E17_TRIALS = 40 };

static void e17_sample(uint64_t trial, double *values)
{
    for (uint64_t d = 0; d < E17_DRAWS; d++) {
        uint64_t id = trial * E17_DRAWS + d;
        double theta = gsl_cdf_beta_Pinv(uniform(id, 1, 0), 30.0, 70.0);
        for (uint32_t i = 0; i < E17_PEOPLE; i++) {
            values[d * E17_PEOPLE + i] = uniform(id, 2, i) < theta ? 5000.0 : 0.0;
        }
    }
}

static void components_of_variance_have_no_bias(void **state)
{
    (void)state;
    double *values = calloc(E17_DRAWS * E17_PEOPLE, sizeof *values);
    double between = 0.0, within = 0.0, naive = 0.0, mean = 0.0;
    assert_non_null(values);
    for (uint64_t trial = 0; trial < E17_TRIALS; trial++) {
        wp_nested nested = {0};
        wp_nested_sample sample = {
            .n_figures = 1, .n_draws = E17_DRAWS, .n_replicates = E17_PEOPLE, .values = values};
        e17_sample(trial, values);
        assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_OK);
        between += nested.between[0] / E17_TRIALS;
        within += nested.within[0] / E17_TRIALS;
        naive += nested.naive[0] / E17_TRIALS;
        mean += nested.mean[0] / E17_TRIALS;
        wp_nested_free(&nested);
    }
    free(values);
    /* 4937.6 is the estimator's standard deviation at these sizes. Naive is 25990 too high: 33 SE. */
    assert_within_se(between, 51980.198, 4937.6 / sqrt(E17_TRIALS));
    assert_within_se(naive, 77970.297, 4937.6 / sqrt(E17_TRIALS));
    assert_within_se(mean, 1500.0, sqrt(77970.297 / (E17_DRAWS * E17_TRIALS)));
    /* A draw's p (1 - p) has standard deviation 0.018 over this beta, and 0.013 from sampling 200 people. */
    assert_within_se(within, 5198019.802, 25e6 * 0.0224 / sqrt(E17_DRAWS * E17_TRIALS));
}

static void shrunk_draws_have_the_variance_between(void **state)
{
    (void)state;
    double *values = calloc(E17_DRAWS * E17_PEOPLE, sizeof *values);
    wp_nested nested = {0};
    wp_nested_sample sample = {
        .n_figures = 1, .n_draws = E17_DRAWS, .n_replicates = E17_PEOPLE, .values = values};
    assert_non_null(values);
    e17_sample(0, values);
    assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_OK);
    assert_close(gsl_stats_variance(nested.draws, 1, E17_DRAWS), nested.between[0], 1e-10, 0.0);
    assert_close(gsl_stats_mean(nested.draws, 1, E17_DRAWS), nested.mean[0], 1e-12, 0.0);
    assert_false(nested.is_floored || nested.is_by_batches);
    /* For one figure the map is a factor: mean + sqrt(between / naive) (draw - mean). */
    double first = gsl_stats_mean(values, 1, E17_PEOPLE);
    assert_close(nested.draws[0] - nested.mean[0],
                 sqrt(nested.between[0] / nested.naive[0]) * (first - nested.mean[0]), 1e-9, 0.0);
    wp_nested_free(&nested);
    free(values);
}

/* Two figures that share 0.9 of their noise: their difference has almost none. */
enum { PAIR_DRAWS = 3000, PAIR_REPLICATES = 2 };

static void differences_between_figures_lose_their_own_noise(void **state)
{
    (void)state;
    enum { N = PAIR_DRAWS * PAIR_REPLICATES };
    double *values = calloc(2 * N, sizeof *values);
    wp_nested nested = {0};
    wp_nested_sample sample = {
        .n_figures = 2, .n_draws = PAIR_DRAWS, .n_replicates = PAIR_REPLICATES, .values = values};
    assert_non_null(values);
    for (uint64_t d = 0; d < PAIR_DRAWS; d++) {
        double a = normal(d, 11), b = 0.5 * a + normal(d, 12);
        for (uint32_t r = 0; r < PAIR_REPLICATES; r++) {
            double shared = 3.0 * normal(d, 20 + r);
            values[d * PAIR_REPLICATES + r] = a + shared + 0.3 * normal(d, 30 + r);
            values[N + d * PAIR_REPLICATES + r] = b + shared + 0.3 * normal(d, 40 + r);
        }
    }
    assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_OK);
    double difference = 0.0;
    for (int d = 0; d < PAIR_DRAWS; d++) {
        double less = nested.draws[2 * d] - nested.draws[2 * d + 1] - nested.mean[0] + nested.mean[1];
        difference += less * less / (PAIR_DRAWS - 1);
    }
    /* a - b has variance 0.25 + 1; its noise, 0.09 of 9.09, is gone; each figure's alone would leave 2.7. */
    assert_within_se(difference, 1.25, 1.34 * sqrt(2.0 / PAIR_DRAWS));
    assert_close(difference, nested.between[0] + nested.between[3] - 2.0 * nested.between[1], 1e-9, 0.0);
    assert_within_se(nested.between[0], 1.0, 5.6 * sqrt(3.0 / PAIR_DRAWS));
    assert_within_se(nested.within[1], 9.0, 9.1 * sqrt(2.0 / PAIR_DRAWS));
    wp_nested_free(&nested);
    free(values);
}

static void no_direction_keeps_negative_variance(void **state)
{
    (void)state;
    /* Draws alike, replicates far apart in the first figure; the second is exact. */
    double values[] = {5, -5, 5.1, -5.1, 4.9, -4.9, 1, 1, 2, 2, 3, 3};
    wp_nested nested = {0};
    wp_nested_sample sample = {.n_figures = 2, .n_draws = 3, .n_replicates = 2, .values = values};
    assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_OK);
    assert_true(nested.is_floored);
    assert_close(nested.between[0], 0.0, 0.0, 1e-12);
    assert_close(nested.between[3], 1.0, 1e-12, 0.0);
    for (int d = 0; d < 3; d++) {
        assert_close(nested.draws[2 * d], 0.0, 0.0, 1e-12);
        assert_close(nested.draws[2 * d + 1], d + 1.0, 1e-9, 0.0);
    }
    wp_nested_free(&nested);
    sample.n_draws = 0;
    assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_ERR_ARGUMENT);
    wp_nested_free(&nested);
}

static void an_interval_says_what_would_narrow_it(void **state)
{
    (void)state;
    wp_interval interval = {.between_variance = 400.0, .within_variance = 60000.0};
    wp_outlook outlook;
    double z = 1.959963984540054;
    wp_outlook_make(&interval, 100, 2, &outlook);
    assert_close(outlook.people, 300.0, 1e-12, 0.0);
    assert_close(outlook.draws, 4.0, 1e-12, 0.0);
    assert_close(outlook.evidence, 400.0, 1e-12, 0.0);
    assert_close(outlook.half_width, z * sqrt(704.0), 1e-12, 0.0);
    assert_close(outlook.with_ten_times_people, z * sqrt(434.0), 1e-12, 0.0);
    assert_close(outlook.with_ten_times_draws, z * sqrt(430.4), 1e-12, 0.0);
    assert_close(outlook.with_perfect_evidence, z * sqrt(300.0), 1e-12, 0.0);
    /* 300 / x is a hundredth of 400 + 300 / x. */
    assert_close(outlook.people_needed, 300.0 / (400.0 / 99.0), 1e-12, 0.0);
    wp_outlook_make(&interval, 1, 2, &outlook);
    assert_close(outlook.half_width, z * sqrt(30000.0), 1e-12, 0.0);
    assert_true(isnan(outlook.evidence) && isnan(outlook.with_perfect_evidence));
}

/* D +- t sqrt(s_I^2 + s_D^2 / R) with one draw and the whole place simulated. */
static void what_will_be_seen_is_wider_than_what_is_expected(void **state)
{
    (void)state;
    double saving[20], cost[20], low = 0.0, high = 0.0;
    wp_interval of_saving, of_cost;
    for (int r = 0; r < 20; r++) {
        saving[r] = 100.0 + 2.0 * normal((uint64_t)r, 50);
        cost[r] = 5000.0 + 30.0 * normal((uint64_t)r, 51);
    }
    assert_int_equal(wp_interval_estimate(saving, 1, 20, NULL, &of_saving, NULL), WP_OK);
    assert_int_equal(wp_interval_estimate(cost, 1, 20, NULL, &of_cost, NULL), WP_OK);
    assert_true(wp_outturn(&of_saving, &of_cost, 1, 1.0, &low, &high));
    double half = wp_t_quantile(19.0) *
                  sqrt(gsl_stats_variance(cost, 1, 20) + gsl_stats_variance(saving, 1, 20) / 20.0);
    assert_close(high - low, 2.0 * half, 1e-12, 0.0);
    assert_close(0.5 * (high + low), of_saving.mean, 1e-12, 0.0);
    /* A tenth of the place lived, each counted ten times: its noise is ten times one real place's. */
    assert_true(wp_outturn(&of_saving, &of_cost, 1, 10.0, &low, &high));
    half = wp_t_quantile(19.0) *
           sqrt(gsl_stats_variance(cost, 1, 20) / 10.0 + gsl_stats_variance(saving, 1, 20) / 20.0);
    assert_close(high - low, 2.0 * half, 1e-12, 0.0);
    assert_int_equal(wp_interval_estimate(cost, 1, 1, NULL, &of_cost, NULL), WP_OK);
    assert_false(wp_outturn(&of_cost, &of_cost, 1, 1.0, &low, &high));
}

/* E17: k = 100. */
static void computing_is_shared_best_between_draws_and_people(void **state)
{
    (void)state;
    assert_true(wp_best_people_for_variance(100.0, 0.0) == 101.0);
    assert_true(wp_best_people_for_variance(100.0, 100.0) == 200.0);
    assert_true(wp_best_people_for_variance(100.0, 1000.0) == 500.0);
    assert_true(wp_best_people_for_mean(100.0, 0.0) == 1.0);
    assert_close(wp_best_people_for_mean(100.0, 100.0), 100.0, 1e-12, 0.0);
    assert_close(wp_best_people_for_mean(100.0, 1000.0), 316.227766, 1e-9, 0.0);
}

/* E16 as sums by lineage: 0.20 against 0.15 with one number each, of 1000. */
static void pairing_gains_what_sums_of_squares_say(void **state)
{
    (void)state;
    double sum[] = {200.0, 150.0}, squares[] = {200.0, 150.0}, paired[] = {0.0, 50.0};
    char all[] = "all GBP", *names[] = {all};
    wp_run_data data = {.n_arms = 2,
                        .n_draws = 1,
                        .n_replicates = 1,
                        .n_lineages = 1000,
                        .n_values = 1,
                        .values = names,
                        .value_sum = sum,
                        .value_sum_squares = squares,
                        .paired_sum_squares = paired};
    wp_pairing pairing;
    assert_true(wp_pairing_of(&data, 1, "all GBP", &pairing));
    assert_close(pairing.gain, 6.0526316, 1e-7, 0.0);
    assert_close(pairing.sd_saving * pairing.sd_saving, 0.0475 * 1000.0 / 999.0, 1e-12, 0.0);
    assert_false(wp_pairing_of(&data, 1, "fiscal GBP", &pairing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_of_variance_have_no_bias),
        cmocka_unit_test(shrunk_draws_have_the_variance_between),
        cmocka_unit_test(differences_between_figures_lose_their_own_noise),
        cmocka_unit_test(no_direction_keeps_negative_variance),
        cmocka_unit_test(an_interval_says_what_would_narrow_it),
        cmocka_unit_test(what_will_be_seen_is_wider_than_what_is_expected),
        cmocka_unit_test(computing_is_shared_best_between_draws_and_people),
        cmocka_unit_test(pairing_gains_what_sums_of_squares_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
