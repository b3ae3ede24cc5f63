/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of a scenario become the tables that they should, and figures what they say. */
#include <stdlib.h>
#include <string.h>

#include <wholeplace/scenario.h>

#include "assert_close.h"
#include "chance/parameter_quantile.h"
#include "money/resolve.h"
#include "result_fixture.h"

static const char text[] =
    "wholeplace: 1\n"
    "title: Prices\n"
    "clock: {start: 2012-04-01, years: 4}\n"
    "population: {cohort: {households: 10, members: [{age: 75 years}]}}\n"
    "person: {states: {hip: {levels: [sound, broken], at_start: sound}}}\n"
    "processes:\n"
    "  fall: {of: person, when: {hip: sound}, hazard: 0.2 per year, then: [{set: {hip: broken}}]}\n"
    "interventions:\n"
    "  hub:\n"
    "    of: person\n"
    "    starts: 2012-10-01\n"
    "    offer: {at: {date: 2012-10-01}}\n"
    "    uptake: 60 %\n"
    "    lasts: for ever\n"
    "    changes: {fall: {multiply_hazard: [0.5]}}\n"
    "    unit_values:\n"
    "      staff: {per: year, amount: 1000 GBP, price_year: 2011/12, paid_by: {council: 1}, grade: B, "
    "source: made up}\n"
    "      set_up: {per: programme, amount: 600 GBP, price_year: 2011/12, paid_by: {council: 1}}\n"
    "arms: {baseline: [], hub: [hub]}\n"
    "outcomes:\n"
    "  care: {time_in: {hip: broken}, unit: years}\n"
    "  falls: {events: fall}\n"
    "  broken_hips: {snapshot: {at: [0.5 years, 4 years]}, when: {hip: broken}}\n"
    "unit_values:\n"
    "  operation: {per: falls, amount: 9000 GBP, price_year: 2008/09, paid_by: {nhs: 0.75, council: 0.25}, "
    "view: fiscal, grade: A, source: made up, cashable: {share: 0.4, after: 1 year}}\n"
    "  nursing: {per: care, amount: 5000 GBP, price_year: 2011/12, paid_by: {council: 1}, distribution: "
    "{gamma: {cv: 0.3}}, grade: C, source: made up}\n"
    "  stock: {per: broken_hips, amount: 100 GBP, price_year: 2011/12, paid_by: {council: 1}}\n"
    "  ward: {per: falls, amount: 200 GBP, price_year: 2011/12, distribution: {uniform: {low: 190, high: "
    "250}}}\n"
    "money:\n"
    "  price_year: 2011/12\n"
    "  deflator: {values: {2008/09: 94, 2011/12: 100}}\n"
    "  payers: {council: {tier: local, title: Council}, nhs: {tier: central, title: NHS}}\n"
    "  discount: {GBP: 3.5 % per year, within_year: middle}\n"
    "  optimism_bias: {costs_up: {A: 0 %, B: 10 %, C: 25 %}, benefits_down: {A: 0 %, B: 10 %, C: 20 %}}\n"
    "targets:\n"
    "  falls_a_year: {id: X1, role: baseline fact, figure: {outcome: falls, as: total per year, years: 1-2}, "
    "published: 30 per year}\n"
    "  cost: {id: X2, role: baseline fact, figure: {cost_of: [operation], arm: baseline, as: total, "
    "discounted: no_discount}, published: 5000000 GBP}\n"
    "  falls_each: {id: X3, role: baseline fact, figure: {outcome: falls, as: per person}, published: 1}\n";

typedef struct resolved {
    wp_scenario *scenario;
    wp_run_data data;
} resolved;

static void resolve(resolved *r, int n_draws)
{
    wp_problems problems = {0};
    wp_error err = {0};
    wp_chance_init();
    wp_status status =
        wp_scenario_read_text("prices.yaml", text, sizeof text - 1, &r->scenario, &problems, &err);
    for (size_t i = 0; i < problems.n && status != WP_OK; i++) {
        print_error("%d:%d: %s\n", problems.list[i].line, problems.list[i].column, problems.list[i].text);
    }
    assert_int_equal(status, WP_OK);
    wp_problems_free(&problems);
    result_fixture(&r->data, n_draws, 1, 4, 0);
    r->data.money = (wp_money_data){0};
    r->data.seed = wp_test_seed(r->data.seed);
    status = wp_money_resolve(r->scenario, &r->data, &err);
    if (status == WP_OK) { status = wp_money_compare(r->scenario, &r->data, &err); }
    if (status != WP_OK) { print_error("%s\n", err.text); }
    assert_int_equal(status, WP_OK);
}

static void end(resolved *r)
{
    wp_money_free(&r->data);
    wp_money_free(&r->data);
    wp_scenario_free(r->scenario);
    result_fixture_free(&r->data);
}

static int index_of(const wp_run_data *data, const char *name)
{
    for (int u = 0; u < data->money.n_unit_values; u++) {
        if (strcmp(data->money.unit_values[u], name) == 0) { return u; }
    }
    fail_msg("no unit value '%s'", name);
    return -1;
}

static void amounts_are_in_prices_of_the_stated_year(void **state)
{
    (void)state;
    resolved r;
    resolve(&r, 1);
    const wp_money_data *m = &r.data.money;
    int operation = index_of(&r.data, "operation"), nursing = index_of(&r.data, "nursing");
    assert_int_equal(m->n_unit_values, 6);
    assert_string_equal(m->price_year, "2011/12");
    for (int y = 0; y < 5; y++) {
        assert_close(m->amounts[operation * 5 + y], 9000.0 * 100.0 / 94.0, 1e-12, 0.0);
        assert_close(m->amounts[nursing * 5 + y], 5000.0, 1e-12, 0.0); /* one draw: not drawn */
    }
    assert_string_equal(m->payers[1], "nhs");
    assert_string_equal(m->payer_tiers[1], "central");
    assert_close(m->shares[operation * 2 + 1], 0.75, 1e-12, 0.0);
    assert_close(m->shares[operation * 2 + 0], 0.25, 1e-12, 0.0);
    assert_close(m->cash_shares[operation], 0.4, 1e-12, 0.0);
    assert_close(m->cash_after[operation], 1.0, 1e-12, 0.0);
    assert_true(isnan(m->cash_shares[nursing]));
    assert_int_equal(m->value_outcome[operation], 1); /* of the fixture's outcomes */
    assert_int_equal(m->value_outcome[index_of(&r.data, "stock")], -1); /* that the run did not count */
    end(&r);
}

static void flows_are_discounted_by_year_and_instants_by_their_time(void **state)
{
    (void)state;
    resolved r;
    resolve(&r, 1);
    const wp_money_data *m = &r.data.money;
    int operation = index_of(&r.data, "operation"), stock = index_of(&r.data, "stock");
    int set_up = index_of(&r.data, "hub.set_up");
    for (int y = 0; y < 4; y++) {
        assert_close(m->discounts[operation * 5 + y], pow(1.035, -(y + 0.5)), 1e-12, 0.0);
    }
    assert_close(m->discounts[stock * 5 + 0], pow(1.035, -0.5), 1e-12, 0.0);
    assert_close(m->discounts[stock * 5 + 4], pow(1.035, -4.0), 1e-12, 0.0);
    double starts = 183.0 / 365.25; /* 1 April to 1 October */
    assert_close(m->discounts[set_up * 5], pow(1.035, -starts), 1e-12, 0.0);
    end(&r);
}

static void a_programme_is_paid_while_it_runs(void **state)
{
    (void)state;
    resolved r;
    resolve(&r, 1);
    const wp_money_data *m = &r.data.money;
    int staff = index_of(&r.data, "hub.staff"), set_up = index_of(&r.data, "hub.set_up");
    assert_close(m->fixed_counts[staff * 5 + 0], 1.0 - 183.0 / 365.25, 1e-12, 0.0);
    assert_close(m->fixed_counts[staff * 5 + 1], 1.0, 1e-12, 0.0);
    assert_true(m->fixed_counts[staff * 5 + 4] == 0.0);
    assert_true(m->fixed_counts[set_up * 5 + 0] == 1.0 && m->fixed_counts[set_up * 5 + 1] == 0.0);
    assert_int_equal(m->arm_has[0], 0);
    assert_int_equal(m->arm_has[1], 1);
    assert_close(m->costs_up[staff], 0.10, 1e-12, 0.0);
    assert_close(m->costs_up[set_up], 0.25, 1e-12, 0.0); /* no grade: as the worst */
    assert_close(m->benefits_down[index_of(&r.data, "nursing")], 0.20, 1e-12, 0.0);
    assert_close(m->benefits_down[index_of(&r.data, "operation")], 0.0, 0.0, 0.0);
    end(&r);
}

/* Gamma with mean 5000 and cv 0.3: 400 draws, each its own, the same in all years. */
static void an_unsure_price_is_drawn_once_a_draw(void **state)
{
    (void)state;
    enum { DRAWS = 400 };
    resolved r;
    resolve(&r, DRAWS);
    const wp_money_data *m = &r.data.money;
    int nursing = index_of(&r.data, "nursing");
    double sum = 0.0, squares = 0.0;
    for (int d = 0; d < DRAWS; d++) {
        double amount = m->amounts[(d * 6 + nursing) * 5];
        assert_true(amount == m->amounts[(d * 6 + nursing) * 5 + 3]);
        sum += amount;
        squares += amount * amount;
    }
    double mean = sum / DRAWS, variance = squares / DRAWS - mean * mean;
    /* Kurtosis of this gamma: 3 + 6 cv^2 = 3.54. */
    assert_within_se(mean, 5000.0, 1500.0 / sqrt(DRAWS));
    assert_within_se(variance, 1500.0 * 1500.0, 1500.0 * 1500.0 * sqrt(2.54 / DRAWS));
    end(&r);
}

/* Uniform between stated ends, of which the amount is not the middle. */
static void an_unsure_price_may_lie_off_the_middle_of_its_ends(void **state)
{
    (void)state;
    enum { DRAWS = 400 };
    resolved r;
    resolve(&r, DRAWS);
    const wp_money_data *m = &r.data.money;
    const size_t ward = (size_t)index_of(&r.data, "ward"), n = (size_t)m->n_unit_values;
    double sum = 0.0, least = INFINITY, most = 0.0;
    for (size_t d = 0; d < DRAWS; d++) {
        const double amount = m->amounts[(d * n + ward) * 5];
        sum += amount;
        least = fmin(least, amount);
        most = fmax(most, amount);
    }
    assert_within_se(sum / DRAWS, 220.0, 60.0 / sqrt(12.0 * DRAWS));
    assert_true(least >= 190.0 && least < 192.0 && most <= 250.0 && most > 248.0);
    end(&r);
}

static void figures_are_what_they_say(void **state)
{
    (void)state;
    resolved r;
    resolve(&r, 2);
    const wp_run_data *data = &r.data;
    assert_int_equal(data->money.n_targets, 3);
    for (int d = 0; d < 2; d++) {
        const int64_t *cells = data->cells + d * 5 * 8;
        double two_years = (double)(cells[3] + cells[8 + 3]) / 2 * 10, all = 0.0;
        for (int y = 0; y < 5; y++) { all += (double)cells[y * 8 + 3] / 2 * 10; }
        for (int t = 0; t < 3; t++) {
            double value = data->money.target_values[d * 3 + t];
            /* One in ten is simulated: counts are weighted, the place's 1,600 people are all there. */
            const char *name = data->money.targets[t];
            const double expected = strcmp(name, "cost") == 0         ? all * 9000 * 100 / 94
                                    : strcmp(name, "falls_each") == 0 ? all / 1600
                                                                      : two_years / 2;
            assert_close(value, expected, 1e-12, 0.0);
        }
    }
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_in_prices_of_the_stated_year),
        cmocka_unit_test(flows_are_discounted_by_year_and_instants_by_their_time),
        cmocka_unit_test(a_programme_is_paid_while_it_runs),
        cmocka_unit_test(an_unsure_price_is_drawn_once_a_draw),
        cmocka_unit_test(an_unsure_price_may_lie_off_the_middle_of_its_ends),
        cmocka_unit_test(figures_are_what_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
