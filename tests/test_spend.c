/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spend of each person and year: against life histories, against prices on totals, against theory; the
   same however it is computed. */
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "exact_run.h"
#include "money/pricing.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "simulate/spend_bin.h"
#include "money/concentration.h"
#include "money/person_spend.h"

#define EVERYTHING WP_TESTS_DIR "/tallies/everything.yaml"
#define DECLARE "money:\n", "money:\n  spend_by_person: all\n"

static size_t row_of(const wp_run_data *data, int arm, int draw, int replicate, int year)
{
    const size_t run = ((size_t)arm * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates +
                       (size_t)replicate;
    return (run * (size_t)data->n_years + (size_t)year) * WP_N_SPEND_BINS;
}

/* ---- Bins -------------------------------------------------------------------------------------------- */

static void each_bin_begins_where_the_one_before_ends(void **state)
{
    (void)state;
    assert_int_equal(wp_spend_bin(0), 0);
    assert_int_equal(wp_spend_bin(-5), 0);
    assert_int_equal(wp_spend_bin(1), 1);
    assert_int_equal(wp_spend_bin(INT64_MAX), WP_N_SPEND_BINS - 1);
    for (int b = 1; b < WP_N_SPEND_BINS; b++) {
        const int64_t from = (int64_t)wp_spend_bin_from(b);
        assert_true((double)from == wp_spend_bin_from(b));
        assert_int_equal(wp_spend_bin(from), b);
        assert_int_equal(wp_spend_bin(from - 1), b - 1);
        assert_true(b < 3 || wp_spend_bin_from(b) / wp_spend_bin_from(b - 1) <= 1.25);
    }
}

/* ---- Against life histories --------------------------------------------------------------------------- */

enum { N_YEARS = 10 };

typedef struct life {
    uint64_t subject;
    int64_t pence[N_YEARS];
} life;

static life *find_life(life *lives, size_t *n, uint64_t subject)
{
    for (size_t k = *n; k-- > 0;) { /* rows come by lineage, so it is near */
        if (lives[k].subject == subject) { return &lives[k]; }
        if (*n - k > 60) { break; }
    }
    lives[*n] = (life){.subject = subject};
    return &lives[(*n)++];
}

/* A fall is 1500 pounds, to begin with rails another 400. */
static void spend_is_what_the_events_of_each_life_cost(void **state)
{
    (void)state;
    static const char *const change[] = {"hazard: 30 per year", "hazard: 0 per year", "money:\n",
                                         "money:\n  spend_by_person: [a_fall, rails.fitting]\n", NULL};
    wp_scenario *scenario = read_changed_scenario(EVERYTHING, change);
    wp_run_data data;
    const wp_run_options options = {.trace = 3000, .threads = 1};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(data.n_spend_bins, WP_N_SPEND_BINS);
    for (int arm = 0; arm < 2; arm++) {
        int64_t people[N_YEARS][WP_N_SPEND_BINS] = {{0}}, pence[N_YEARS][WP_N_SPEND_BINS] = {{0}};
        life *lives = calloc((size_t)data.n_trace + 1, sizeof *lives);
        size_t n = 0;
        for (int64_t row = 0; row < data.n_trace; row++) {
            const char *event = data.events[data.trace_event[row]];
            const int64_t cost = strcmp(event, "fall") == 0          ? 150000
                                 : strcmp(event, "rails.start") == 0 ? 40000
                                                                     : 0;
            if (data.trace_arm[row] != arm || cost == 0) { continue; }
            find_life(lives, &n, data.trace_subject[row])->pence[(int)data.trace_time[row]] += cost;
        }
        assert_true(n > 2000);
        for (size_t k = 0; k < n; k++) {
            for (int y = 0; y < N_YEARS; y++) {
                people[y][wp_spend_bin(lives[k].pence[y])]++;
                pence[y][wp_spend_bin(lives[k].pence[y])] += lives[k].pence[y];
            }
        }
        for (int y = 0; y < N_YEARS; y++) {
            const size_t row = row_of(&data, arm, 0, 0, y);
            for (int b = 1; b < WP_N_SPEND_BINS; b++) { /* those with none may have no row in the trace */
                assert_int_equal(data.spend_people[row + (size_t)b], people[y][b]);
                assert_int_equal(data.spend_pence[row + (size_t)b], pence[y][b]);
            }
            assert_int_equal(data.spend_pence[row], 0);
            assert_true(data.spend_people[row] > 0);
        }
        free(lives);
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- Against totals ----------------------------------------------------------------------------------- */

static const char *const shared[] = {
    DECLARE,
    "unit_values:\n  a_fall",
    "unit_values:\n  a_quarrel: {per: quarrels, amount: 210.35 GBP}\n"
    "  a_home: {per: home_years, amount: 1234.56 GBP}\n  a_pair: {per: pair_years, amount: 77.77 GBP}\n  "
    "a_fall",
    "outcomes:\n",
    "outcomes:\n  home_years: {of: household, time_in: {household.size: [1, 2, 3+]}, unit: years}\n"
    "  pair_years: {of: couple, time_in: {couple.younger_age: [0-39, 40+]}, unit: years}\n",
    NULL};

/* Homes and couples too: what falls on them is shared, and none of it is lost. */
static void what_is_spent_on_persons_adds_up_to_what_totals_cost(void **state)
{
    (void)state;
    wp_scenario *scenario = read_changed_scenario(EVERYTHING, shared);
    wp_run_data data;
    wp_pricing pricing;
    const wp_run_options options = {.replicates = 2, .sample = 0.3};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_pricing_init(&pricing, &data, NULL), WP_OK);
    for (int arm = 0; arm < data.n_arms; arm++) {
        for (int part = 0; part < 2 * data.n_years; part++) {
            const int replicate = part / data.n_years, year = part % data.n_years;
            const size_t row = row_of(&data, arm, 0, replicate, year);
            int64_t pence = 0, people = 0;
            double cost = 0;
            for (int b = 0; b < WP_N_SPEND_BINS; b++) {
                people += data.spend_people[row + (size_t)b];
                pence += data.spend_pence[row + (size_t)b];
            }
            for (int u = 0; u < data.money.n_unit_values; u++) {
                const bool is_spend = strcmp(data.money.value_units[u], "GBP") == 0 &&
                                      strcmp(data.money.value_views[u], "transfer") != 0 &&
                                      strcmp(data.money.unit_values[u], "rails.visit") != 0 &&
                                      strcmp(data.money.unit_values[u], "rails.office") != 0;
                assert_int_equal(data.money.value_is_spend[u], is_spend);
                if (!is_spend) { continue; }
                cost += wp_pricing_count(&pricing, arm, 0, replicate, -1, u, year) / data.weight *
                        data.money.amounts[u * data.n_years + year];
            }
            assert_close((double)pence, 100 * cost, 1e-6, 2 * sqrt((double)people));
            assert_true(people > 2000 && (year == data.n_years - 1 || pence > 0));
        }
    }
    wp_pricing_free(&pricing);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* Two parents and a child, who leaves after two years: rent of 1,200 by three, then by two and by one. */
static void what_falls_on_a_home_is_shared_by_those_who_live_there(void **state)
{
    (void)state;
    static const char *const text =
        "wholeplace: 1\ntitle: homes\nclock: {start: 2010-01-01, years: 4}\n"
        "population: {cohort: {households: 5, members: [{label: a, age: 40 years, partner: b}, {label: b, "
        "age: 41 "
        "years, partner: a}, {age: 17.5 years, mother: a}]}}\n"
        "processes: {leaves: {of: person, at: {date: 2012-01-01}, when: {has: parent_at_home}, then: [{move: "
        "{who: "
        "self, to: new_household}}]}}\n"
        "arms: {baseline: []}\n"
        "outcomes: {home_years: {of: household, time_in: {household.size: [1, 2, 3+]}, unit: years}}\n"
        "unit_values: {rent: {per: home_years, amount: 1200 GBP}}\n"
        "money: {discount: {GBP: 0 % per year}, spend_by_person: [rent]}\n";
    wp_scenario *scenario = read_scenario_text("homes.yaml", text);
    wp_run_data data;
    run_engine(scenario, &(wp_run_options){.threads = 1}, &data, NULL);
    for (int year = 0; year < 4; year++) {
        const size_t row = row_of(&data, 0, 0, 0, year);
        if (year < 2) {
            assert_int_equal(data.spend_people[row + (size_t)wp_spend_bin(40000)], 15);
        } else {
            assert_int_equal(data.spend_people[row + (size_t)wp_spend_bin(60000)], 10);
            assert_int_equal(data.spend_people[row + (size_t)wp_spend_bin(120000)], 5);
            assert_int_equal(data.spend_pence[row + (size_t)wp_spend_bin(120000)], 600000);
        }
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- The same bytes ----------------------------------------------------------------------------------- */

static void spend_is_the_same_however_it_is_computed(void **state)
{
    (void)state;
    static const wp_run_options ways[] = {
        {.threads = 1},
        {.threads = 2, .block = 7},
        {.threads = 1, .exact_pass = true},
        {.threads = 2, .full_arms = true},
        {.threads = 1, .full_arms = true, .block = 100, .exact_pass = true}};
    wp_scenario *scenario = read_changed_scenario(EVERYTHING, shared);
    wp_run_report first = {0};
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_options options = ways[w];
        wp_run_report report;
        wp_run_data data;
        options.sample = 0.3;
        run_engine(scenario, &options, &data, &report);
        if (w == 0) { first = report; }
        assert_string_equal(first.digest, report.digest);
        data.spend_pence[row_of(&data, 1, 0, 0, 3) + 40]++; /* … of which the digest says something */
        char changed[WP_SHA256_HEX];
        wp_run_data_digest(&data, changed);
        assert_string_not_equal(changed, report.digest);
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

/* Monthly borders, at which blocks rest, are no ends of a year. */
static void spend_goes_on_over_the_borders_of_a_year(void **state)
{
    (void)state;
    static const char *const alone[] = {
        DECLARE, "processes:\n", "processes:\n  asks: {of: person, hazard: 0.2 per year, then: []}\n", NULL};
    static const char *const coupled[] = {DECLARE, "processes:\n",
                                          "pools: {beds: {places: 1000000, settled: every 1 "
                                          "year}}\nprocesses:\n  asks: {of: person, hazard: 0.2 per "
                                          "year, then: [{ask: {pool: beds, granted: [], refused: []}}]}\n",
                                          NULL};
    static const char *const monthly[] = {DECLARE, "processes:\n",
                                          "pools: {beds: {places: 1000000, settled: every 1 "
                                          "month}}\nprocesses:\n  asks: {of: person, hazard: 0.2 per "
                                          "year, then: [{ask: {pool: beds, granted: [], refused: []}}]}\n",
                                          NULL};
    static const char *const *const changes[] = {alone, coupled, monthly};
    wp_run_data data[3];
    const wp_run_options options = {.threads = 2, .sample = 0.2};
    for (int k = 0; k < 3; k++) {
        wp_scenario *scenario = read_changed_scenario(EVERYTHING, changes[k]);
        run_engine(scenario, &options, &data[k], NULL);
        wp_scenario_free(scenario);
    }
    const size_t n = row_of(&data[0], 2, 0, 0, 0);
    assert_memory_equal(data[0].spend_people, data[1].spend_people, n * sizeof(int64_t));
    assert_memory_equal(data[0].spend_pence, data[1].spend_pence, n * sizeof(int64_t));
    /* settled in other months, clocks round otherwise: as many people, and about as much spend */
    int64_t pence[2] = {0}, people[2] = {0};
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < 2; k++) {
            pence[k] += data[k + 1].spend_pence[i];
            people[k] += data[k + 1].spend_people[i];
        }
    }
    assert_close((double)pence[1], (double)pence[0], 0.001, 0);
    assert_close((double)people[1], (double)people[0], 0.001, 0);
    for (int k = 0; k < 3; k++) { wp_simulate_free(&data[k]); }
}

/* ---- Against theory ----------------------------------------------------------------------------------- */

static double negative_binomial(int k, double mean)
{
    const double r = 0.5, p = r / (r + mean);
    return exp(gsl_sf_lngamma(k + r) - gsl_sf_lngamma(k + 1) - gsl_sf_lngamma(r) + r * log(p) +
               k * log1p(-p));
}

/* Incidents of 500 pounds at rates that differ (E13: gamma, shape 0.5, mean 0.4 a year; one person a home),
   so a year's spend is 500 times a negative binomial number: 25.5 % of people have any, the top 5 % have 39.1
   %, the top 20 % have 86.3 %. Catches: spend carried into the next year, spend per lifetime (top 20 %: 66.1
   %), rates alike (top 20 %: 67.6 %). */
static void the_top_fifth_has_the_share_that_theory_says(void **state)
{
    (void)state;
    static const char *const change[] = {
        "arms:",
        "unit_values: {callout: {per: incidents, amount: 500 GBP}}\n"
        "money: {discount: {GBP: 3.5 % per year}, spend_by_person: [callout]}\narms:",
        NULL};
    exact_run x;
    exact_begin(&x, "e13", change);
    double chance[200], sum = 0;
    for (int k = 0; k < 200; k++) {
        chance[k] = negative_binomial(k, 0.4);
        sum += k * chance[k];
    }
    assert_close(sum, 0.4, 1e-12, 0);
    static const double tops[] = {0.01, 0.05, 0.20};
    for (int year = 0; year < 25; year += 8) {
        double people[WP_N_SPEND_BINS], amounts[WP_N_SPEND_BINS], all = 0;
        wp_spend_of(&x.data, 0, year, people, amounts);
        for (int b = 0; b < WP_N_SPEND_BINS; b++) { all += people[b]; }
        assert_close(all, x.n, 0, 0);
        const wp_concentration c = {WP_N_SPEND_BINS, people, amounts};
        for (int t = 0; t < 3; t++) {
            /* who has k or more, and so many of those with k - 1 that the share is full */
            double held = 0, left = tops[t], noise = 0;
            int least = 199;
            for (; least > 0 && chance[least] < left; least--) {
                held += least * chance[least];
                left -= chance[least];
            }
            held += left * least;
            const double share = held / 0.4;
            for (int k = 0; k < 200; k++) { /* of a share, by the delta method */
                noise += chance[k] * pow(fmax(0, k - least) + tops[t] * least - share * k, 2) / 0.16;
            }
            char what[64];
            snprintf(what, sizeof what, "year %d, top %g %%", year + 1, 100 * tops[t]);
            wp_check_exact(&x.checks, what, wp_concentration_top(&c, tops[t]), share, sqrt(noise / x.n),
                           "spend of 25 years: 0.086, 0.285, 0.661");
        }
    }
    exact_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bin_begins_where_the_one_before_ends),
        cmocka_unit_test(spend_is_what_the_events_of_each_life_cost),
        cmocka_unit_test(what_is_spent_on_persons_adds_up_to_what_totals_cost),
        cmocka_unit_test(what_falls_on_a_home_is_shared_by_those_who_live_there),
        cmocka_unit_test(spend_is_the_same_however_it_is_computed),
        cmocka_unit_test(spend_goes_on_over_the_borders_of_a_year),
        cmocka_unit_test(the_top_fifth_has_the_share_that_theory_says),
    };
    return cmocka_run_group_tests_name("test_spend", tests, NULL, NULL);
}
