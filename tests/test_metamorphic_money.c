/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of runs, or of prices, that must agree: to the last bit where sums are the same, else to 1e-9. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "simulate/counts.h"
#include "uncertainty/savings.h"

/* The families of test_metamorphic.c with prices of every sort, `factor` times as high, and discounted at
   `rate` per cent. Three draws of an unsure price, two replicates each. */
typedef struct priced_run {
    wp_scenario *scenario;
    wp_run_data data;
    wp_savings savings;
    wp_arm_savings arms[4];
} priced_run;

enum { N_ARMS = 4 };

static void run_priced(priced_run *x, double factor, double rate)
{
    char of_clinic[512], prices[1536];
    wp_error err = {0};
    snprintf(of_clinic, sizeof of_clinic,
             "    uptake: 0.6\n    unit_values:\n"
             "      letter: {per: offer, amount: %.17g GBP, paid_by: {council: 1}}\n"
             "      course: {per: start, amount: %.17g GBP, paid_by: {nhs: 0.3, council: 0.7}}\n"
             "      upkeep: {per: year in, amount: %.17g GBP}\n"
             "      office: {per: year, amount: %.17g GBP, paid_by: {nhs: 1}}\n",
             1.3 * factor, 210.7 * factor, 33.1 * factor, 4100.9 * factor);
    snprintf(prices, sizeof prices,
             "runs: {draws: 3, replicates: 2}\nunit_values:\n"
             "  a_fall: {per: falls, amount: %.17g GBP, paid_by: {nhs: 0.8, council: 0.2}, distribution: "
             "{gamma: {cv: 0.3}}}\n"
             "  a_day: {per: stay_days, amount: %.17g GBP, paid_by: {nhs: 1}}\n"
             "  a_year: {per: ill_years, amount: %.17g GBP}\n"
             "  a_birth: {per: births, amount: {by: year, values: {1-3: %.17g, 4+: %.17g}, unit: GBP}, "
             "paid_by: {council: 1}}\n"
             "money:\n  payers: {nhs: {tier: central}, council: {tier: local}}\n"
             "  discount: {GBP: %.17g %% per year}\noutcomes:\n",
             812.7 * factor, 341.3 * factor, 1999.9 * factor, 87.3 * factor, 91.7 * factor, rate);
    const char *const change[] = {"    uptake: 0.6\n", of_clinic, "outcomes:\n", prices, NULL};
    const wp_run_options options = {.lineage_step = 2};
    x->scenario = read_changed_scenario(WP_TESTS_DIR "/reference/metamorphic.yaml", change);
    run_engine(x->scenario, &options, &x->data, NULL);
    assert_int_equal(x->data.n_arms, N_ARMS);
    assert_int_equal(wp_savings_init(&x->savings, &x->data, "GBP", &err), WP_OK);
    for (int a = 1; a < N_ARMS; a++) {
        assert_int_equal(wp_savings_of_arm(&x->savings, a, &x->arms[a], &err), WP_OK);
        assert_true(x->arms[a].n_years == 10 && x->arms[a].n_values >= 4);
    }
}

static void free_run(priced_run *x)
{
    wp_savings_free(&x->savings);
    wp_simulate_free(&x->data);
    wp_scenario_free(x->scenario);
}

/* Every mean and half-width of a row is `factor` times the other's, to the last bit. */
static void assert_times(const wp_interval *a, const wp_interval *b, double factor)
{
    assert_true(a->mean == factor * b->mean);
    assert_true(a->low == factor * b->low && a->high == factor * b->high);
    assert_true(a->noise == factor * b->noise);
}

static void assert_row_times(const wp_saving_row *a, const wp_saving_row *b, double factor)
{
    assert_string_equal(a->label, b->label);
    assert_times(&a->gross, &b->gross, factor);
    assert_times(&a->programme, &b->programme, factor);
    assert_times(&a->net, &b->net, factor);
    assert_times(&a->net_discounted, &b->net_discounted, factor);
}

static void assert_arm_times(const wp_arm_savings *a, const wp_arm_savings *b, double factor)
{
    assert_true(a->n_years == b->n_years && a->n_payers == b->n_payers && a->n_values == b->n_values);
    assert_row_times(&a->total, &b->total, factor);
    for (int i = 0; i < a->n_years; i++) { assert_row_times(&a->years[i], &b->years[i], factor); }
    for (int i = 0; i < a->n_payers; i++) { assert_row_times(&a->payers[i], &b->payers[i], factor); }
    for (int i = 0; i < a->n_values; i++) { assert_row_times(&a->values[i], &b->values[i], factor); }
    assert_times(&a->biased_discounted, &b->biased_discounted, factor);
    assert_true(a->baseline == factor * b->baseline);
}

/* X8 */
static void doubled_prices_double_every_saving_to_the_last_bit(void **state)
{
    (void)state;
    priced_run once, twice;
    run_priced(&once, 1, 3.5);
    run_priced(&twice, 2, 3.5);
    for (int a = 1; a < N_ARMS; a++) {
        assert_true(once.arms[a].total.net.mean != 0.0 && once.arms[a].total.net.noise > 0.0);
        assert_arm_times(&twice.arms[a], &once.arms[a], 2);
        assert_true(twice.arms[a].benefit_cost.is_known == once.arms[a].benefit_cost.is_known);
    }
    free_run(&once);
    free_run(&twice);
}

static double sum_of(const wp_saving_row *rows, int n, int column)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        const wp_interval *const columns[] = {&rows[i].gross, &rows[i].programme, &rows[i].net,
                                              &rows[i].net_discounted};
        sum += columns[column]->mean;
    }
    return sum;
}

/* X11, in money */
static void payers_years_and_outcomes_add_to_the_total(void **state)
{
    (void)state;
    priced_run x;
    run_priced(&x, 1, 3.5);
    for (int a = 1; a < N_ARMS; a++) {
        const wp_arm_savings *arm = &x.arms[a];
        assert_int_equal(arm->n_payers, 3); /* and the share that nobody is said to pay */
        for (int column = 0; column < 4; column++) {
            const double total = sum_of(&arm->total, 1, column);
            /* visits cost nothing; programmes and services may cancel, so parts say how large an error may be */
            const double size = fabs(arm->total.gross.mean) + fabs(arm->total.programme.mean);
            assert_close(sum_of(arm->years, arm->n_years, column), total, 0.0, 1e-9 * size);
            assert_close(sum_of(arm->payers, arm->n_payers, column), total, 0.0, 1e-9 * size);
            assert_close(sum_of(arm->values, arm->n_values, column), total, 0.0, 1e-9 * size);
        }
        assert_close(arm->total.gross.mean + arm->total.programme.mean, arm->total.net.mean, 1e-12, 0.0);
    }
    free_run(&x);
}

/* X12 */
static void a_discount_of_nothing_is_the_undiscounted_table(void **state)
{
    (void)state;
    priced_run none, some;
    run_priced(&none, 1, 0);
    run_priced(&some, 1, 3.5);
    for (int a = 1; a < N_ARMS; a++) {
        const wp_arm_savings *x = &none.arms[a], *y = &some.arms[a];
        assert_times(&x->total.net_discounted, &x->total.net, 1);
        assert_times(&x->total.net_discounted, &y->total.net, 1);
        assert_true(y->total.net_discounted.mean != y->total.net.mean);
        for (int i = 0; i < x->n_years; i++) {
            assert_times(&x->years[i].net_discounted, &x->years[i].net, 1);
            assert_times(&x->years[i].net_discounted, &y->years[i].net, 1);
        }
        for (int i = 0; i < x->n_payers; i++) {
            assert_times(&x->payers[i].net_discounted, &y->payers[i].net, 1);
        }
        for (int i = 0; i < x->n_values; i++) {
            assert_times(&x->values[i].net_discounted, &y->values[i].net, 1);
        }
        assert_true(x->baseline_discounted == x->baseline && y->baseline == x->baseline);
    }
    free_run(&none);
    free_run(&some);
}

/* X13. Every second household was simulated, so each counts for two: twice what the same lives come to unweighted,
   but for the office, which is there once whoever is in the sample; and the same a person. */
static void a_weight_of_two_doubles_totals_and_leaves_means(void **state)
{
    (void)state;
    priced_run x;
    wp_savings plain;
    wp_error err = {0};
    run_priced(&x, 1, 3.5);
    assert_true(x.data.weight == 2.0);
    const wp_run_data weighted = x.data;
    x.data.weight = 1.0;
    assert_int_equal(wp_savings_init(&plain, &x.data, "GBP", &err), WP_OK);
    for (int a = 1; a < N_ARMS; a++) {
        const wp_arm_savings *twice = &x.arms[a];
        wp_arm_savings once;
        int n_doubled = 0;
        assert_int_equal(wp_savings_of_arm(&plain, a, &once, &err), WP_OK);
        assert_int_equal(once.n_values, twice->n_values);
        for (int i = 0; i < once.n_values; i++) {
            const bool is_fixed = strcmp(once.values[i].label, "clinic.office") == 0;
            assert_row_times(&twice->values[i], &once.values[i], is_fixed ? 1 : 2);
            n_doubled += !is_fixed;
        }
        assert_true(n_doubled >= 4);
        assert_times(&twice->total.gross, &once.total.gross, 2);
        for (int o = 0; o < once.n_outcomes; o++) {
            const double people = (double)weighted.n_people;
            assert_times(&twice->outcomes[o].change, &once.outcomes[o].change, 2);
            assert_times(&twice->outcomes[o].arm, &once.outcomes[o].arm, 2);
            /* a mean is over the people that are counted: the place's, or the half of them that was simulated */
            assert_true(twice->outcomes[o].arm.mean / people == once.outcomes[o].arm.mean / (people / 2));
        }
    }
    wp_savings_free(&plain);
    free_run(&x);
}

/* All years at once are the years one by one, batch by batch, for any payer and view; and a unit value's counts at
   once are its counts one by one. */
static void years_at_once_are_the_years_one_by_one(void **state)
{
    (void)state;
    priced_run x;
    run_priced(&x, 1, 3.5);
    const wp_pricing *pricing = &x.savings.pricing;
    const int both = find_arm(&x.data, "both");
    const size_t n_years = (size_t)x.data.n_years, n = 3 * 2, n_batches = n * WP_N_BATCHES;
    double *values = calloc(n_years * n, sizeof *values), *own = calloc(n, sizeof *own);
    double *batches = calloc(n_years * n_batches, sizeof *batches),
           *own_batches = calloc(n_batches, sizeof *own_batches);
    const wp_money_select selections[] = {
        {.unit = "GBP", .payer = WP_ALL_PAYERS, .part = WP_PART_GROSS},
        {.unit = "GBP", .payer = 1, .part = WP_PART_NET, .discounted = true, .with_bias = true},
        {.unit = "GBP", .payer = WP_NO_PAYER, .part = WP_PART_PROGRAMME}};
    for (size_t k = 0; k < 3; k++) {
        wp_money_select select = selections[k];
        int n_years_with_any = 0;
        wp_pricing_savings_by_year(pricing, both, &select, values, batches);
        for (size_t y = 0; y < n_years; y++) {
            select.first_year = select.last_year = (int)y;
            wp_pricing_savings(pricing, both, &select, own);
            wp_pricing_batch_savings(pricing, both, &select, own_batches);
            assert_memory_equal(values + y * n, own, n * sizeof *own);
            assert_memory_equal(batches + y * n_batches, own_batches, n_batches * sizeof *own_batches);
            n_years_with_any += own[0] != 0.0;
        }
        assert_true(n_years_with_any >= 4);
    }
    for (int u = 0; u < x.data.money.n_unit_values; u++) {
        wp_pricing_counts(pricing, both, 2, 1, 5, u, own_batches);
        for (size_t y = 0; y < n_years; y++) {
            assert_true(own_batches[y] == wp_pricing_count(pricing, both, 2, 1, 5, u, (int)y));
        }
    }
    free(values);
    free(own);
    free(batches);
    free(own_batches);
    free_run(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubled_prices_double_every_saving_to_the_last_bit),
        cmocka_unit_test(payers_years_and_outcomes_add_to_the_total),
        cmocka_unit_test(a_discount_of_nothing_is_the_undiscounted_table),
        cmocka_unit_test(years_at_once_are_the_years_one_by_one),
        cmocka_unit_test(a_weight_of_two_doubles_totals_and_leaves_means),
    };
    return cmocka_run_group_tests_name("test_metamorphic_money", tests, NULL, NULL);
}
