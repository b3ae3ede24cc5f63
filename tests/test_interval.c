/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals: published values, unbiased variance components, and rounding that adds up. */
#include <stdlib.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/uniform.h"
#include "uncertainty/interval.h"

static void fieller_gives_the_exact_interval_of_a_ratio(void **state)
{
    (void)state;
    double low = 0.0, high = 0.0;
    bool bounded =
        wp_fieller(1.25e6, 90e3 * 90e3, 0.9e6, 60e3 * 60e3, 0.3 * 90e3 * 60e3, 1.959964, &low, &high);
    assert_true(bounded);
    /* By the quadratic formula in 50 digits; the delta method would give 1.165265 and 1.612512. */
    assert_close(low, 1.1790510494962354, 1e-9, 0.0);
    assert_close(high, 1.631343176577216, 1e-9, 0.0);
}

static void fieller_refuses_a_denominator_that_may_be_zero(void **state)
{
    (void)state;
    double low = 7.0, high = 7.0;
    assert_false(wp_fieller(1.0, 0.01, 1.0, 0.27, 0.0, 1.959964, &low, &high));
    assert_true(low == 7.0 && high == 7.0);
    assert_true(wp_fieller(1.0, 0.01, 1.0, 0.25, 0.0, 1.959964, &low, &high));
}

static void twenty_replicates_give_the_t_interval(void **state)
{
    (void)state;
    double values[20];
    wp_interval interval;
    wp_error err = {0};
    /* 10 at +c, 10 at -c: variance 20 c^2 / 19. */
    for (int i = 0; i < 20; i++) {
        values[i] = 500.0 + (i % 2 == 0 ? 1.0 : -1.0) * 120.0 * sqrt(19.0 / 20.0);
    }
    assert_int_equal(wp_interval_estimate(values, 1, 20, NULL, &interval, &err), WP_OK);
    assert_int_equal(interval.method, WP_INTERVAL_REPLICATES);
    assert_close(interval.mean, 500.0, 1e-12, 0.0);
    /* E20 prints t = 2.093024 and 56.161729, which are rounded. */
    assert_close(wp_t_quantile(19.0), 2.093024, 0.0, 5e-7);
    assert_close(interval.noise, 56.161729, 0.0, 5e-6);
    assert_true(isnan(interval.low) && isnan(interval.high));
}

static void one_draw_takes_its_noise_from_batches(void **state)
{
    (void)state;
    double batches[32], value = 0.0;
    wp_interval interval;
    wp_error err = {0};
    for (int b = 0; b < 32; b++) {
        batches[b] = b % 2 == 0 ? 3.0 : 1.0;
        value += batches[b];
    }
    assert_int_equal(wp_interval_estimate(&value, 1, 1, &(wp_batches){32, batches, NULL}, &interval, &err),
                     WP_OK);
    assert_int_equal(interval.method, WP_INTERVAL_BATCHES);
    assert_close(interval.within_variance, 32.0 * 32.0 / 31.0, 1e-12, 0.0);
    assert_close(interval.noise, wp_t_quantile(31.0) * 32.0 / sqrt(31.0), 1e-12, 0.0);
    assert_int_equal(wp_interval_estimate(&value, 1, 1, NULL, &interval, &err), WP_OK);
    assert_int_equal(interval.method, WP_INTERVAL_NONE);
    assert_true(isnan(interval.noise));
    assert_int_equal(wp_interval_estimate(&value, 0, 1, NULL, &interval, &err), WP_ERR_ARGUMENT);
}

/* Each lineage costs 5, but groups are not of one size: the total is certain. And what is left beside the
   regression on size: residuals +1 and -1 in turn where sizes come in pairs. */
static void what_goes_with_the_size_of_groups_is_no_noise(void **state)
{
    (void)state;
    double batches[32], value = 0.0, noisy = 0.0;
    int64_t sizes[32];
    wp_interval interval;
    for (int b = 0; b < 32; b++) {
        sizes[b] = 20 + b / 2 % 7;
        batches[b] = 5.0 * (double)sizes[b];
        value += batches[b];
    }
    const wp_batches given = {32, batches, sizes}, not_given = {32, batches, NULL};
    assert_int_equal(wp_interval_estimate(&value, 1, 1, &given, &interval, NULL), WP_OK);
    assert_int_equal(interval.method, WP_INTERVAL_BATCHES);
    assert_close(interval.noise, 0.0, 0.0, 1e-9);
    assert_int_equal(wp_interval_estimate(&value, 1, 1, &not_given, &interval, NULL), WP_OK);
    assert_true(interval.noise > 50.0);
    for (int b = 0; b < 32; b++) {
        batches[b] += b % 2 == 0 ? 1.0 : -1.0;
        noisy += batches[b];
    }
    assert_int_equal(wp_interval_estimate(&noisy, 1, 1, &given, &interval, NULL), WP_OK);
    assert_close(interval.within_variance, 32.0 * 32.0 / 30.0, 1e-9, 0.0);
    assert_close(interval.noise, wp_t_quantile(30.0) * 32.0 / sqrt(30.0), 1e-9, 0.0);
}

static double normal(wp_key key, uint64_t id, uint32_t what)
{
    double u = wp_uniform(key, id, what, 0), v = wp_uniform(key, id, what, 1);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

/* Between sd 3, within sd 4, two replicates: means of draws vary with sd sqrt(9 + 8) = 4.123. */
static void noise_of_the_lives_is_removed_from_the_interval(void **state)
{
    (void)state;
    enum { DRAWS = 4000, REPLICATES = 2 };
    const wp_key key = wp_key_make(wp_test_seed(20), 0, 0);
    double *values = calloc(DRAWS * REPLICATES, sizeof *values);
    wp_interval interval;
    wp_error err = {0};
    assert_non_null(values);
    for (uint64_t d = 0; d < DRAWS; d++) {
        for (uint32_t r = 0; r < REPLICATES; r++) {
            values[d * REPLICATES + r] = 100.0 + 3.0 * normal(key, d, 1) + 4.0 * normal(key, d, 2 + r);
        }
    }
    assert_int_equal(wp_interval_estimate(values, DRAWS, REPLICATES, NULL, &interval, &err), WP_OK);
    assert_int_equal(interval.method, WP_INTERVAL_PERCENTILES);
    assert_within_se(interval.within_variance, 16.0, 16.0 * sqrt(2.0 / DRAWS));
    /* var(MSB/2 - MSW/2): 2 * 17^2 / n + 2 * 8^2 / n. Naive: 17. */
    assert_within_se(interval.between_variance, 9.0, sqrt((2.0 * 17.0 * 17.0 + 2.0 * 8.0 * 8.0) / DRAWS));
    assert_within_se(interval.mean, 100.0, sqrt(17.0 / DRAWS));
    /* A percentile's SE: sqrt(p (1 - p) / n) / density = 0.0024686 / 0.0194817 of an sd of about 3. The naive
       half-width would be 8.08. */
    assert_within_se(0.5 * (interval.high - interval.low), 1.959964 * 3.0, 3.0 * 0.0024686 / 0.0194817);
    assert_close(interval.noise, wp_t_quantile(DRAWS - 1) * sqrt(17.0 / DRAWS), 0.1, 0.0);
    assert_false(interval.is_floored);
    free(values);
}

static void more_noise_than_variance_is_said(void **state)
{
    (void)state;
    double values[] = {1, -1, 1.1, -1.1, 0.9, -0.9};
    wp_interval interval;
    wp_error err = {0};
    assert_int_equal(wp_interval_estimate(values, 3, 2, NULL, &interval, &err), WP_OK);
    assert_true(interval.is_floored);
    assert_true(interval.between_variance == 0.0);
    assert_true(interval.low == interval.mean && interval.high == interval.mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fieller_gives_the_exact_interval_of_a_ratio),
        cmocka_unit_test(fieller_refuses_a_denominator_that_may_be_zero),
        cmocka_unit_test(twenty_replicates_give_the_t_interval),
        cmocka_unit_test(one_draw_takes_its_noise_from_batches),
        cmocka_unit_test(what_goes_with_the_size_of_groups_is_no_noise),
        cmocka_unit_test(noise_of_the_lives_is_removed_from_the_interval),
        cmocka_unit_test(more_noise_than_variance_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
