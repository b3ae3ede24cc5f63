/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proportional fitting keeps odds ratios and meets margins; integerisation keeps every expectation. */
#include "assert_close.h"

#include <stdbool.h>
#include <string.h>

#include "chance/uniform.h"
#include "failing_alloc.h"
#include "population/integerise.h"
#include "population/ipf.h"

static const int two_by_two[2] = {2, 2};

static wp_ipf_margin margin_of(const char *name, int axis, int n, const double *wanted)
{
    return (wp_ipf_margin){.name = name, .n_axes = 1, .axes = {axis}, .n_bands = {n}, .wanted = wanted};
}

/* The exact solution keeps the seed's odds ratio 2/3: x solves 2 (80 - x) (90 - x) = 3 x (30 + x). */
static void a_fitted_table_meets_margins_and_keeps_the_odds_ratio(void **state)
{
    (void)state;
    double table[4] = {40, 30, 20, 10}, rows[2] = {80, 120}, columns[2] = {90, 110};
    wp_ipf_margin margins[2] = {margin_of("rows", 0, 2, rows), margin_of("columns", 1, 2, columns)};
    assert_int_equal(wp_ipf_fit(table, 2, two_by_two, 2, margins, NULL, NULL), WP_OK);
    double x = (-430.0 + sqrt(430.0 * 430.0 + 4.0 * 14400.0)) / 2.0;
    assert_close(x, 31.22144504, 0, 5e-9);
    const double expected[4] = {x, 80 - x, 90 - x, 30 + x};
    for (int i = 0; i < 4; i++) { assert_close(table[i], expected[i], 1e-9, 0); }
    assert_close(table[0] * table[3] / (table[1] * table[2]), 2.0 / 3.0, 1e-12, 0);
}

static void cells_that_are_zero_stay_zero(void **state)
{
    (void)state;
    double table[6] = {0, 5, 5, 5, 5, 0}, rows[2] = {30, 50}, columns[3] = {20, 40, 20};
    const int sizes[2] = {2, 3};
    wp_ipf_margin margins[2] = {margin_of("rows", 0, 2, rows), margin_of("columns", 1, 3, columns)};
    assert_int_equal(wp_ipf_fit(table, 2, sizes, 2, margins, NULL, NULL), WP_OK);
    const double expected[6] = {0, 10, 20, 20, 30, 0};
    for (int i = 0; i < 6; i++) { assert_close(table[i], expected[i], 1e-9, 0); }
}

static void margins_that_disagree_by_more_than_one_per_cent_are_both_named(void **state)
{
    (void)state;
    double table[4] = {1, 1, 1, 1}, rows[2] = {800, 1200}, columns[2] = {900, 1121};
    wp_ipf_margin margins[2] = {margin_of("the rows", 0, 2, rows), margin_of("the columns", 1, 2, columns)};
    wp_error err = {0};
    assert_int_equal(wp_ipf_fit(table, 2, two_by_two, 2, margins, NULL, &err), WP_ERR_POPULATION);
    assert_non_null(strstr(err.text, "the rows"));
    assert_non_null(strstr(err.text, "the columns"));
    assert_non_null(strstr(err.text, "2000"));
    assert_non_null(strstr(err.text, "2021"));
}

static void a_later_margin_is_scaled_to_an_earlier_one(void **state)
{
    (void)state;
    double table[4] = {1, 1, 1, 1}, rows[2] = {800, 1200}, columns[2] = {909, 1111};
    bool adjusted[2] = {true, false};
    wp_ipf_margin margins[2] = {margin_of("rows", 0, 2, rows), margin_of("columns", 1, 2, columns)};
    assert_int_equal(wp_ipf_fit(table, 2, two_by_two, 2, margins, adjusted, NULL), WP_OK);
    assert_false(adjusted[0]);
    assert_true(adjusted[1]);
    assert_close(table[0] + table[1], 800, 1e-9, 0);
    assert_close(table[0] + table[2], 900, 1e-9, 0);
}

static void bands_and_shares_are_met_in_three_dimensions(void **state)
{
    (void)state;
    double table[2 * 4 * 2], bands_wanted[4] = {30, 70, 60, 40}, ages[4] = {40, 50, 60, 50},
                             shares[4] = {3, 9, 1, 1};
    const int sizes[3] = {2, 4, 2}, bands[4] = {0, 0, 1, 1};
    for (int i = 0; i < 16; i++) { table[i] = 1.0 + i % 3; }
    wp_ipf_margin margins[3] = {{.name = "area, band",
                                 .n_axes = 2,
                                 .axes = {0, 1},
                                 .bands = {NULL, bands},
                                 .n_bands = {2, 2},
                                 .wanted = bands_wanted},
                                {.name = "age", .n_axes = 1, .axes = {1}, .n_bands = {4}, .wanted = ages},
                                {.name = "sex in band",
                                 .n_axes = 2,
                                 .axes = {2, 1},
                                 .bands = {NULL, bands},
                                 .n_bands = {2, 2},
                                 .wanted = shares,
                                 .shares_of_first = true}};
    assert_int_equal(wp_ipf_fit(table, 3, sizes, 3, margins, NULL, NULL), WP_OK);
    double sums[4];
    wp_ipf_sum(table, 3, sizes, &margins[0], sums);
    for (int i = 0; i < 4; i++) { assert_close(sums[i], bands_wanted[i], 1e-9, 0); }
    wp_ipf_sum(table, 3, sizes, &margins[2], sums);
    assert_close(sums[0] / (sums[0] + sums[2]), 0.75, 1e-9, 0);
    assert_close(sums[1] / (sums[1] + sums[3]), 0.90, 1e-9, 0);
}

static void people_where_nobody_can_be_are_an_error(void **state)
{
    (void)state;
    double table[4] = {0, 0, 1, 1}, rows[2] = {80, 120};
    wp_ipf_margin margin = margin_of("rows", 0, 2, rows);
    wp_error err = {0};
    assert_int_equal(wp_ipf_fit(table, 2, two_by_two, 1, &margin, NULL, &err), WP_ERR_POPULATION);
    assert_non_null(strstr(err.text, "rows"));
}

/* Successive sampling would give .3326 .6493 .5895 .4287: with 200,000 repetitions 4.5 SE are at most
   0.0049, so any of the four would be caught (the nearest is 0.0105 off). */
static void each_number_is_rounded_up_with_its_fraction_as_chance(void **state)
{
    (void)state;
    enum { N = 200000 };
    const double values[4] = {2.3, 0.7, 3.6, 1.4}, fraction[4] = {0.3, 0.7, 0.6, 0.4};
    const int64_t whole[4] = {2, 0, 3, 1};
    double up[4] = {0};
    wp_key key = wp_key_make(wp_test_seed(22), 0, WP_DRAW_SHARED);
    for (uint32_t trial = 0; trial < N; trial++) {
        int64_t counts[4], sum = 0;
        wp_integerise(4, values, wp_uniform(key, 1, wp_purpose("test", "systematic"), trial), counts);
        for (int i = 0; i < 4; i++) {
            assert_in_range(counts[i], whole[i], whole[i] + 1);
            up[i] += (double)(counts[i] - whole[i]);
            sum += counts[i];
        }
        assert_int_equal(sum, 8);
    }
    for (int i = 0; i < 4; i++) {
        assert_within_se(up[i] / N, fraction[i], sqrt(fraction[i] * (1 - fraction[i]) / N));
    }
}

static void a_rounded_table_keeps_rows_columns_and_expectations(void **state)
{
    (void)state;
    enum { N = 40000 };
    const double values[6] = {1.2, 0.5, 2.3, 0.8, 1.5, 0.7}; /* rows 4, 3; columns 2, 2, 3 */
    double mean[6] = {0};
    wp_key key = wp_key_make(wp_test_seed(23), 0, WP_DRAW_SHARED);
    for (uint64_t trial = 0; trial < N; trial++) {
        int32_t n[6];
        assert_int_equal(wp_integerise_table(2, 3, values, key, trial, 7, n, NULL), WP_OK);
        assert_int_equal(n[0] + n[1] + n[2], 4);
        assert_int_equal(n[3] + n[4] + n[5], 3);
        for (int j = 0; j < 3; j++) { assert_int_equal(n[j] + n[3 + j], j < 2 ? 2 : 3); }
        for (int i = 0; i < 6; i++) { mean[i] += n[i] / (double)N; }
    }
    for (int i = 0; i < 6; i++) {
        double fraction = values[i] - floor(values[i]);
        assert_within_se(mean[i], values[i], sqrt(fraction * (1 - fraction) / N));
    }
}

static void sums_that_are_not_whole_become_floor_or_ceiling(void **state)
{
    (void)state;
    enum { ROWS = 7, COLUMNS = 11 };
    double values[ROWS * COLUMNS];
    wp_key key = wp_key_make(wp_test_seed(24), 0, WP_DRAW_SHARED);
    for (uint64_t trial = 0; trial < 300; trial++) {
        int32_t n[ROWS * COLUMNS];
        for (uint32_t i = 0; i < ROWS * COLUMNS; i++) { values[i] = 3.0 * wp_uniform(key, trial, 1, i); }
        assert_int_equal(wp_integerise_table(ROWS, COLUMNS, values, key, trial, 2, n, NULL), WP_OK);
        for (int side = 0; side < 2; side++) {
            for (int a = 0; a < (side == 0 ? ROWS : COLUMNS); a++) {
                double sum = 0, rounded = 0;
                for (int b = 0; b < (side == 0 ? COLUMNS : ROWS); b++) {
                    int cell = side == 0 ? a * COLUMNS + b : b * COLUMNS + a;
                    sum += values[cell];
                    rounded += n[cell];
                    assert_true(fabs(n[cell] - values[cell]) < 1.0);
                }
                assert_true(fabs(rounded - sum) < 1.0);
            }
        }
    }
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    double rows[2] = {80, 120}, columns[2] = {90, 110};
    wp_ipf_margin margins[2] = {margin_of("rows", 0, 2, rows), margin_of("columns", 0, 2, columns)};
    margins[1].axes[0] = 1;
    wp_key key = wp_key_make(1, 0, 0);
    for (long n = 0, fired = 1; fired; n++) {
        double table[4] = {40, 30, 20, 10};
        int32_t counts[4];
        wp_error err = {0};
        failing_alloc_arm(n);
        wp_status status = wp_ipf_fit(table, 2, two_by_two, 2, margins, NULL, &err);
        if (status == WP_OK) { status = wp_integerise_table(2, 2, table, key, 0, 0, counts, &err); }
        fired = failing_alloc_fired();
        assert_int_equal(status, fired ? WP_ERR_MEMORY : WP_OK);
        assert_int_equal(err.status, status);
        assert_true(n < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fitted_table_meets_margins_and_keeps_the_odds_ratio),
        cmocka_unit_test(cells_that_are_zero_stay_zero),
        cmocka_unit_test(margins_that_disagree_by_more_than_one_per_cent_are_both_named),
        cmocka_unit_test(a_later_margin_is_scaled_to_an_earlier_one),
        cmocka_unit_test(bands_and_shares_are_met_in_three_dimensions),
        cmocka_unit_test(people_where_nobody_can_be_are_an_error),
        cmocka_unit_test(each_number_is_rounded_up_with_its_fraction_as_chance),
        cmocka_unit_test(a_rounded_table_keeps_rows_columns_and_expectations),
        cmocka_unit_test(sums_that_are_not_whole_become_floor_or_ceiling),
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
