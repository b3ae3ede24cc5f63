/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money: discount factors to nine digits, and pounds that are counts times prices by another route. */
#include <stdlib.h>
#include <string.h>

#include "assert_close.h"
#include "money/discount.h"
#include "money/pricing.h"
#include "result_fixture.h"
#include "simulate/counts.h"

/* HM Treasury, Green Book: standard and health schedules. */
static const wp_band bands[] = {{0, 30}, {31, 75}, {76, 125}};
static const double standard_rates[] = {0.035, 0.030, 0.025}, health_rates[] = {0.015, 0.0129, 0.0107};

static wp_discount schedule(const double *rates, wp_within_year within_year)
{
    return (wp_discount){
        .unit = "GBP", .n_bands = 3, .bands = bands, .rates = rates, .within_year = within_year};
}

static void green_book_factors_are_exact(void **state)
{
    (void)state;
    static const double t[] = {1, 5, 10, 25, 30, 31, 50, 75, 76, 125};
    static const double published[] = {.9661836, .8419732, .7089188, .4231470, .3562784,
                                       .3459014, .1972627, .0942138, .0919159, .0274108};
    wp_discount d = schedule(standard_rates, WP_WITHIN_START);
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        double first = fmin(t[i], 30), second = fmax(fmin(t[i], 75) - 30, 0), third = fmax(t[i] - 75, 0);
        double exact = pow(1.035, -first) * pow(1.03, -second) * pow(1.025, -third);
        assert_close(wp_discount_at(&d, t[i]), exact, 1e-12, 0.0);
        assert_close(wp_discount_at(&d, t[i]), published[i], 0.0, 0.6e-7);
    }
    wp_discount health = schedule(health_rates, WP_WITHIN_START);
    assert_close(wp_discount_at(&health, 25), .6892058, 0.0, 0.6e-7);
    assert_close(wp_discount_at(&health, 31), .6316146, 0.0, 0.6e-7);
    assert_close(wp_discount_at(&health, 75), .3593545, 0.0, 0.6e-7);
}

static double present_value(wp_within_year within_year, int n)
{
    wp_discount d = schedule(standard_rates, within_year);
    double sum = 0.0;
    for (int y = 0; y < n; y++) { sum += wp_discount_flow(&d, y); }
    return sum;
}

static void a_pound_a_year_has_the_published_present_value(void **state)
{
    (void)state;
    assert_close(present_value(WP_WITHIN_START, 25), 17.0583676, 0.0, 0.6e-7);
    assert_close(present_value(WP_WITHIN_END, 25), 16.4815146, 0.0, 0.6e-7);
    assert_close(present_value(WP_WITHIN_MIDDLE, 25), 16.7674606, 0.0, 0.6e-7);
    assert_close(present_value(WP_WITHIN_CONTINUOUS, 25), 16.7682874, 0.0, 0.6e-7);
    assert_close(present_value(WP_WITHIN_CONTINUOUS, 25), (1.0 - pow(1.035, -25)) / log(1.035), 1e-9, 0.0);
    assert_close(present_value(WP_WITHIN_START, 40), 22.1660679, 0.0, 0.6e-7);
    assert_close(present_value(WP_WITHIN_START, 60), 26.2284775, 0.0, 0.6e-7);
}

static void a_year_that_straddles_two_rates_is_integrated_in_parts(void **state)
{
    (void)state;
    wp_discount d = schedule(standard_rates, WP_WITHIN_CONTINUOUS);
    d.from = 0.25; /* the rates change at 30.25 of the run */
    double at_change = pow(1.035, -30);
    double before = (pow(1.035, -29.75) - at_change) / log(1.035);
    double after = at_change * (1.0 - pow(1.03, -0.75)) / log(1.03);
    assert_close(wp_discount_flow(&d, 30), before + after, 1e-12, 0.0);
    assert_close(wp_discount_at(&d, 0.0), pow(1.035, 0.25), 1e-12, 0.0);
}

static void no_discount_is_a_factor_of_one(void **state)
{
    (void)state;
    static const wp_band all[] = {{0, INFINITY}};
    static const double zero[] = {0.0};
    wp_discount d = {.n_bands = 1, .bands = all, .rates = zero, .within_year = WP_WITHIN_CONTINUOUS};
    assert_true(wp_discount_flow(&d, 17) == 1.0);
    assert_true(wp_discount_at(&d, 99.5) == 1.0);
}

typedef struct priced {
    wp_run_data data;
    wp_pricing pricing;
    double *values, *batches;
    size_t n;
} priced;

static void price(priced *p, int n_draws, int n_replicates)
{
    wp_error err = {0};
    result_fixture(&p->data, n_draws, n_replicates, 4, 0);
    assert_int_equal(wp_pricing_init(&p->pricing, &p->data, &err), WP_OK);
    p->n = (size_t)(n_draws * n_replicates);
    p->values = calloc(p->n, sizeof *p->values);
    p->batches = calloc(p->n * WP_N_BATCHES, sizeof *p->batches);
    assert_non_null(p->values);
    assert_non_null(p->batches);
}

static void end(priced *p)
{
    free(p->values);
    free(p->batches);
    wp_pricing_free(&p->pricing);
    result_fixture_free(&p->data);
}

static double saving(priced *p, wp_money_select select)
{
    select.unit = "GBP";
    if (select.last_year == 0) { select.last_year = 99; }
    wp_pricing_savings(&p->pricing, 1, &select, p->values);
    return p->values[p->n - 1];
}

/* The last run's saving, from the integers by hand: 9000 a fall, 8000 a year of care, each counted ten times. */
static void savings_are_differences_of_counts_times_prices(void **state)
{
    (void)state;
    priced p;
    price(&p, 3, 2);
    int64_t falls = 0, care = 0;
    for (int y = 0; y < 5; y++) {
        size_t baseline = (5u * 5u + (size_t)y) * 8u, hub = ((6u + 5u) * 5u + (size_t)y) * 8u;
        care += p.data.cells[baseline] - p.data.cells[hub];
        falls += p.data.cells[baseline + 3] - p.data.cells[hub + 3];
    }
    double gross = (double)falls / 2 * 10 * 9000 + (double)care * 0x1p-33 * 10 * 8000;
    double programme = -2000.0 * 10 * (100 + 5 % 5);
    wp_money_select all = {.payer = WP_ALL_PAYERS};
    assert_true(falls > 0 && care > 0);
    all.part = WP_PART_GROSS;
    assert_close(saving(&p, all), gross, 1e-12, 0.0);
    all.part = WP_PART_PROGRAMME;
    assert_close(saving(&p, all), programme, 1e-12, 0.0);
    all.part = WP_PART_NET;
    assert_close(saving(&p, all), gross + programme, 1e-12, 0.0);
    all.view = "economic";
    assert_true(saving(&p, all) == 0.0);
    end(&p);
}

static void payers_and_years_add_to_the_total(void **state)
{
    (void)state;
    priced p;
    price(&p, 2, 1);
    for (int discounted = 0; discounted < 2; discounted++) {
        wp_money_select all = {.payer = WP_ALL_PAYERS, .discounted = discounted == 1};
        double total = saving(&p, all), payers = 0.0, years = 0.0;
        for (int payer = WP_NO_PAYER; payer < 2; payer++) {
            if (payer == WP_ALL_PAYERS) { continue; }
            wp_money_select one = all;
            one.payer = payer;
            payers += saving(&p, one);
        }
        for (int y = 0; y < 5; y++) {
            wp_money_select one = all;
            one.first_year = y;
            one.last_year = y;
            one.unit = "GBP";
            wp_pricing_savings(&p.pricing, 1, &one, p.values);
            years += p.values[p.n - 1];
        }
        assert_close(payers, total, 1e-12, 0.0);
        assert_close(years, total, 1e-12, 0.0);
    }
    end(&p);
}

static void doubled_prices_double_savings_to_the_last_bit(void **state)
{
    (void)state;
    priced p;
    price(&p, 2, 1);
    wp_money_select all = {.payer = WP_ALL_PAYERS, .discounted = true};
    double once = saving(&p, all);
    for (int i = 0; i < 2 * 3 * 5; i++) { p.data.money.amounts[i] *= 2.0; }
    assert_true(saving(&p, all) == 2.0 * once);
    end(&p);
}

static void an_arm_equal_to_the_baseline_saves_exactly_nothing(void **state)
{
    (void)state;
    priced p;
    price(&p, 1, 1);
    memcpy(p.data.cells + 5 * 8, p.data.cells, 5 * 8 * sizeof *p.data.cells);
    memset(p.data.starts, 0, 2 * 5 * sizeof *p.data.starts);
    wp_money_select all = {.payer = WP_ALL_PAYERS, .discounted = true, .with_bias = true};
    assert_true(saving(&p, all) == 0.0);
    end(&p);
}

/* Whatever the programme is paid for: a fixed cost has no noise, so each batch has an equal part. */
static void batches_add_to_the_saving(void **state)
{
    (void)state;
    static const wp_money_part parts[] = {WP_PART_NET, WP_PART_GROSS, WP_PART_PROGRAMME};
    static const wp_per pers[] = {WP_PER_START, WP_PER_OFFER, WP_PER_YEAR_IN, WP_PER_YEAR};
    priced p;
    price(&p, 2, 2);
    p.data.money.fixed_counts[1 * 5 + 1] = 0.75;
    for (size_t k = 0; k < 12; k++) {
        p.data.money.value_per[1] = (int)pers[k / 3];
        const wp_money_select all = {
            .unit = "GBP", .payer = WP_ALL_PAYERS, .part = parts[k % 3], .last_year = 99, .discounted = true};
        wp_pricing_savings(&p.pricing, 1, &all, p.values);
        wp_pricing_batch_savings(&p.pricing, 1, &all, p.batches);
        for (size_t i = 0; i < p.n; i++) {
            double sum = 0.0;
            for (int b = 0; b < WP_N_BATCHES; b++) { sum += p.batches[i * WP_N_BATCHES + (size_t)b]; }
            assert_true(p.values[i] != 0.0);
            assert_close(sum, p.values[i], 1e-12, 0.0);
        }
    }
    end(&p);
}

static void optimism_bias_lowers_benefits_and_raises_costs(void **state)
{
    (void)state;
    priced p;
    price(&p, 1, 1);
    wp_money_select gross = {.payer = WP_ALL_PAYERS, .part = WP_PART_GROSS};
    wp_money_select programme = {.payer = WP_ALL_PAYERS, .part = WP_PART_PROGRAMME};
    double benefit = saving(&p, gross), cost = saving(&p, programme);
    gross.with_bias = programme.with_bias = true;
    assert_close(saving(&p, gross), 0.8 * benefit, 1e-12, 0.0);
    assert_close(saving(&p, programme), 1.25 * cost, 1e-12, 0.0);
    end(&p);
}

/* Falls averted in year y are cashed at 40 %, in whole hundreds, a year and a half later. */
static void cash_comes_late_and_in_steps(void **state)
{
    (void)state;
    priced p;
    price(&p, 1, 1);
    p.data.money.cash_shares[2] = 0.4;
    p.data.money.cash_after[2] = 1.5;
    p.data.money.cash_steps[2] = 100;
    double stepped[4];
    for (int y = 0; y < 4; y++) {
        double averted = (double)(p.data.cells[y * 8 + 3] - p.data.cells[(5 + y) * 8 + 3]) / 2 * 10;
        stepped[y] = floor(averted / 100) * 100;
        assert_true(stepped[y] > 0.0 && stepped[y] != averted);
    }
    /* Of year 0: half in year 1, half in year 2; of year 3: half in year 4, the last day; the rest is too late. */
    double counts = stepped[0] + stepped[1] + stepped[2] + 0.5 * stepped[3];
    wp_money_select all = {.payer = WP_ALL_PAYERS, .part = WP_PART_GROSS, .cashable = true};
    assert_close(saving(&p, all), 0.4 * 9000 * counts, 1e-12, 0.0);
    all.last_year = 1;
    assert_close(saving(&p, all), 0.4 * 9000 * 0.5 * stepped[0], 1e-12, 0.0);
    end(&p);
}

static void a_yearly_cost_is_not_multiplied_by_the_sample(void **state)
{
    (void)state;
    priced p;
    price(&p, 1, 1);
    p.data.money.value_per[1] = WP_PER_YEAR;
    p.data.money.fixed_counts[1 * 5 + 0] = 0.5;
    p.data.money.fixed_counts[1 * 5 + 1] = 1.0;
    wp_money_select programme = {.payer = WP_ALL_PAYERS, .part = WP_PART_PROGRAMME};
    assert_close(saving(&p, programme), -1.5 * 2000, 1e-12, 0.0);
    p.data.money.value_per[1] = WP_PER_YEAR_IN;
    assert_close(saving(&p, programme), -2000.0 * 90 * 10, 1e-12, 0.0);
    p.data.money.value_per[1] = WP_PER_OFFER;
    assert_close(saving(&p, programme), -2000.0 * 150 * 10, 1e-12, 0.0);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(green_book_factors_are_exact),
        cmocka_unit_test(a_pound_a_year_has_the_published_present_value),
        cmocka_unit_test(a_year_that_straddles_two_rates_is_integrated_in_parts),
        cmocka_unit_test(no_discount_is_a_factor_of_one),
        cmocka_unit_test(savings_are_differences_of_counts_times_prices),
        cmocka_unit_test(payers_and_years_add_to_the_total),
        cmocka_unit_test(doubled_prices_double_savings_to_the_last_bit),
        cmocka_unit_test(an_arm_equal_to_the_baseline_saves_exactly_nothing),
        cmocka_unit_test(batches_add_to_the_saving),
        cmocka_unit_test(optimism_bias_lowers_benefits_and_raises_costs),
        cmocka_unit_test(cash_comes_late_and_in_steps),
        cmocka_unit_test(a_yearly_cost_is_not_multiplied_by_the_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
