/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting of subjects, histograms, and what lineages are worth: against traces, exact answers, and totals. */
#define _GNU_SOURCE
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "assert_close.h"
#include "exact_run.h"
#include "money/pricing.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "simulate/counts.h"

static wp_scenario *everything(void)
{
    return read_scenario(WP_TESTS_DIR "/tallies/everything.yaml");
}

static int find_histogram(const wp_run_data *data, const char *outcome)
{
    for (int h = 0; h < data->n_histograms; h++) {
        if (data->histogram_outcome[h] == find_outcome(data, outcome)) { return h; }
    }
    fail_msg("no histogram of '%s'", outcome);
    return -1;
}

/* Bins of one arm in the first draw and replicate, doubled. */
static const int64_t *bins_of(const wp_run_data *data, int arm, const char *outcome)
{
    const size_t run = (size_t)arm * (size_t)data->n_draws * (size_t)data->n_replicates;
    return data->histograms +
           (run * (size_t)data->n_histograms + (size_t)find_histogram(data, outcome)) * WP_N_BINS;
}

static int find_value(const wp_run_data *data, const char *name)
{
    for (int v = 0; v < data->n_values; v++) {
        if (strcmp(data->values[v], name) == 0) { return v; }
    }
    fail_msg("no value '%s'", name);
    return -1;
}

/* ---- Against the events themselves ------------------------------------------------------------------------- */

typedef struct life { uint64_t subject; int falls, early, late, years; } life;

static int by_subject(const void *a, const void *b)
{
    const life *x = a, *y = b;
    return (x->subject > y->subject) - (x->subject < y->subject);
}

/* Lives of the persons of one arm, from its trace; those of whom nothing is told are not among them. */
static size_t lives_of(const wp_run_data *data, int arm, life *lives)
{
    size_t n = 0;
    for (int64_t row = 0; row < data->n_trace; row++) {
        if (data->trace_arm[row] != arm || data->trace_kind[row] != 0) { continue; }
        life *mine = NULL;
        for (size_t k = n; k-- > 0 && mine == NULL;) { /* rows come by lineage, so it is near */
            if (lives[k].subject == data->trace_subject[row]) { mine = &lives[k]; }
            if (n - k > 60) { break; }
        }
        if (mine == NULL) {
            mine = &lives[n++];
            *mine = (life){.subject = data->trace_subject[row]};
        }
        const int year = (int)data->trace_time[row] + 1;
        if (strcmp(data->events[data->trace_event[row]], "fall") != 0) { continue; }
        mine->falls++;
        mine->early += year <= 3;
        mine->late += year == 7 || year == 8;
        mine->years |= 1 << year;
    }
    qsort(lives, n, sizeof *lives, by_subject);
    for (size_t k = 1; k < n; k++) { assert_true(lives[k].subject != lives[k - 1].subject); }
    return n;
}

static int64_t total_of(const wp_run_data *data, int arm, const char *outcome)
{
    return (int64_t)engine_total(data, arm, find_outcome(data, outcome), -1);
}

static void check_bins(const wp_run_data *data, int arm, const char *outcome, const int64_t *expected)
{
    const int64_t *bins = bins_of(data, arm, outcome);
    for (int k = 1; k < WP_N_BINS; k++) { /* those with none may have no row in the trace */
        if (bins[k] != 2 * expected[k]) { print_error("%s: bin %d\n", outcome, k); }
        assert_int_equal(bins[k], 2 * expected[k]);
    }
}

static void subjects_are_counted_as_their_traces_say(void **state)
{
    (void)state;
    /* nobody arrives: founders' families alone are traced */
    static const char *const change[] = {"hazard: 30 per year", "hazard: 0 per year", NULL};
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/tallies/everything.yaml", change);
    wp_run_data data;
    const wp_run_options options = {.trace = 3000, .threads = 1};
    run_engine(scenario, &options, &data, NULL);
    life *lives = calloc((size_t)data.n_trace + 1, sizeof *lives);
    int64_t falls[WP_N_BINS] = {0}, early[WP_N_BINS] = {0}, late[WP_N_BINS] = {0}, ever = 0, years = 0,
            ever_late = 0;
    const size_t n = lives_of(&data, 1, lives);
    assert_true(n > 3000);
    for (size_t k = 0; k < n; k++) {
        falls[lives[k].falls]++;
        early[lives[k].early]++;
        late[lives[k].late]++;
        ever += lives[k].falls > 0;
        ever_late += lives[k].late > 0;
        for (int y = 1; y <= 10; y++) { years += lives[k].years >> y & 1; }
    }
    check_bins(&data, 1, "falls", falls);
    check_bins(&data, 1, "falls_early", early);
    check_bins(&data, 1, "falls_late", late);
    assert_int_equal(total_of(&data, 1, "fallers"), 2 * ever);
    assert_int_equal(total_of(&data, 1, "fallers_a_year"), 2 * years);
    assert_int_equal(total_of(&data, 1, "fallers_late"), 2 * ever_late);
    free(lives);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* The sum of a histogram is its outcome: of events, while nobody has 255 or more. */
static void a_histogram_holds_all_that_was_counted(void **state)
{
    (void)state;
    static const char *const names[] = {"falls",         "falls_early", "falls_late",
                                        "falls_at_home", "quarrels",    "partings"};
    wp_scenario *scenario = everything();
    wp_run_data data;
    const wp_run_options options = {.has_seed = true, .seed = 4};
    run_engine(scenario, &options, &data, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (int arm = 0; arm < data.n_arms; arm++) {
            const int64_t *bins = bins_of(&data, arm, names[i]);
            int64_t sum = 0;
            for (int k = 0; k < WP_N_BINS; k++) { sum += k * bins[k]; }
            assert_int_equal(bins[WP_N_BINS - 1], 0);
            assert_int_equal(sum, total_of(&data, arm, names[i]));
            assert_true(sum > 0);
        }
    }
    const int64_t *all = bins_of(&data, 0, "falls"), *late = bins_of(&data, 0, "falls_late");
    const int64_t *early = bins_of(&data, 0, "falls_early"), *low = bins_of(&data, 0, "low_years");
    int64_t n_all = 0, n_late = 0, n_early = 0, n_low = 0;
    for (int k = 0; k < WP_N_BINS; k++) {
        n_all += all[k];
        n_late += late[k];
        n_early += early[k];
        n_low += low[k];
    }
    assert_int_equal(n_all, n_low);                   /* everyone who was ever there */
    assert_true(n_late < n_all &&
                n_early < n_all); /* but for the dead before year 7, the born after year 3 */
    for (int k = 11; k < WP_N_BINS; k++) { assert_int_equal(low[k], 0); } /* ten years are the run */
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- E13 ----------------------------------------------------------------------------------------------------- */

static double negative_binomial(int k, double mean)
{
    const double r = 0.5, p = r / (r + mean);
    return exp(gsl_sf_lngamma(k + r) - gsl_sf_lngamma(k + 1) - gsl_sf_lngamma(r) + r * log(p) +
               k * log1p(-p));
}

/* Catches: a Poisson count (variance 10, none 0.00005), a gamma redrawn yearly (18, 0.00064). */
static void families_with_many_incidents_hold_the_share_that_theory_says(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e13", NULL);
    double m2 = 0, m4 = 0, share = 0, noise = 0;
    for (int k = 0; k < 3000; k++) {
        const double p = negative_binomial(k, 10);
        m2 += p * pow(k - 10, 2);
        m4 += p * pow(k - 10, 4);
        share += k >= 28 ? p * k / 10 : 0;
    }
    for (int k = 0; k < 3000; k++) {
        noise += negative_binomial(k, 10) * pow((k >= 28 ? k : 0) - share * k, 2) / 100;
    }
    assert_close(m2, 210, 1e-9, 0);
    assert_close(share, 0.44728, 0, 5e-6);
    const int64_t *bins = bins_of(&x.data, 0, "incidents_in_all"),
                  *first = bins_of(&x.data, 0, "incidents_year_1");
    double sum = 0, squares = 0, held = 0, many = 0;
    for (int k = 0; k < WP_N_BINS; k++) {
        sum += (double)bins[k] / 2 * k;
        squares += (double)bins[k] / 2 * k * k;
        many += k >= 28 ? (double)bins[k] / 2 : 0;
    }
    const double total = engine_total(&x.data, 0, find_outcome(&x.data, "incidents_in_all"), -1) / 2;
    for (int k = 0; k < 28; k++) { held += (double)bins[k] / 2 * k; }
    const double none = negative_binomial(0, 10), none_1 = negative_binomial(0, 0.4), p28 = 0.09984;
    wp_check_exact(&x.checks, "families with none", (double)bins[0] / 2 / x.n, none,
                   sqrt(none * (1 - none) / x.n), NULL);
    wp_check_exact(&x.checks, "none in year 1", (double)first[0] / 2 / x.n, none_1,
                   sqrt(none_1 * (1 - none_1) / x.n), NULL);
    wp_check_exact(&x.checks, "variance", squares / x.n - pow(sum / x.n, 2), 210, sqrt((m4 - m2 * m2) / x.n),
                   "Poisson 10, gamma redrawn yearly 18");
    wp_check_exact(&x.checks, "families with 28 or more", many / x.n, p28, sqrt(p28 * (1 - p28) / x.n), NULL);
    wp_check_exact(&x.checks, "share of incidents that they hold", 1 - held / total, share, sqrt(noise / x.n),
                   NULL);
    exact_end(&x);
}

/* ---- Paired savings: E1, E16 ----------------------------------------------------------------------------------- */

static double own_sd(const exact_run *x, const char *arm, const char *value)
{
    const size_t at = (size_t)find_arm(&x->data, arm) * (size_t)x->data.n_values +
                      (size_t)find_value(&x->data, value);
    const double mean = x->data.value_sum[at] / x->n;
    return sqrt(x->data.value_sum_squares[at] / x->n - mean * mean);
}

static double paired_sd(const exact_run *x, const char *arm, const char *value, double *mean)
{
    const size_t v = (size_t)find_value(&x->data, value);
    const size_t at = (size_t)find_arm(&x->data, arm) * (size_t)x->data.n_values + v;
    *mean = (x->data.value_sum[v] - x->data.value_sum[at]) / x->n;
    return sqrt(x->data.paired_sum_squares[at] / x->n - *mean * *mean);
}

/* Standard error of a standard deviation: sd sqrt((kurtosis - 1) / 4n). Kurtoses from 40 replicates of 20,000. */
static double se_of_sd(double sd, double kurtosis, double n)
{
    return sd * sqrt((kurtosis - 1) / (4 * n));
}

static void coupled_lives_make_a_saving_known_with_few_people(void **state)
{
    (void)state;
    exact_run x;
    double mean = 0;
    exact_begin(&x, "e1", NULL);
    const double paired = paired_sd(&x, "prevention", "all GBP", &mean);
    wp_check_exact(&x.checks, "saving of prevention", mean, 5694.367, 10182 / sqrt(x.n),
                   "sum over both 7607.6");
    /* the figure itself is an estimate, of at least 100,000 persons */
    wp_check_exact(&x.checks, "its paired sd", paired, 10182,
                   hypot(se_of_sd(10182, 8.3, x.n), se_of_sd(10182, 8.3, 1e5)),
                   "keyed monthly draws 19377, independent 46954");
    wp_check_exact(&x.checks, "sd of the cost, baseline", own_sd(&x, "baseline", "all GBP"), 35231.44,
                   se_of_sd(35231.44, 7.3, x.n), NULL);
    wp_check_exact(&x.checks, "sd of the cost, prevention", own_sd(&x, "prevention", "all GBP"), 31038.48,
                   se_of_sd(31038.48, 10.4, x.n), NULL);
    exact_end(&x);
}

static void marks_and_years_differ_in_pairs_as_theory_says(void **state)
{
    (void)state;
    exact_run x;
    double mean = 0;
    exact_begin(&x, "e16", NULL);
    /* an exponential has kurtosis 9 */
    const double years = paired_sd(&x, "longer_life", "a_year", &mean);
    wp_check_exact(&x.checks, "mean of the years gained", -mean, 4.2857143, 4.2857143 / sqrt(x.n), NULL);
    wp_check_exact(&x.checks, "sd of the years gained", years, 4.2857143, se_of_sd(4.2857143, 9, x.n),
                   "independent 17.4379366");
    const double p = 0.05 * exp(-0.1 * 182 / 365.25), sd = sqrt(p * (1 - p));
    const double kurtosis = (1 - 3 * p * (1 - p)) / (p * (1 - p));
    wp_check_exact(&x.checks, "sd of the marks averted", paired_sd(&x, "better_odds", "a_mark", &mean), sd,
                   se_of_sd(sd, kurtosis, x.n), "independent 0.536");
    /* who is not touched has the same life: years do not differ by one tick */
    assert_true(paired_sd(&x, "better_odds", "a_year", &mean) == 0.0);
    exact_end(&x);
}

/* ---- Worth against totals ---------------------------------------------------------------------------------------- */

/* Prices on totals, programmes' own costs too, give what lineages add up to. */
static void what_lineages_are_worth_adds_up_to_what_totals_are_worth(void **state)
{
    (void)state;
    static const struct { const char *name, *unit, *view; } values[] = {
        {"all GBP", "GBP", NULL}, {"fiscal GBP", "GBP", "fiscal"}, {"social GBP", "GBP", "social"},
        {"transfer GBP", "GBP", "transfer"}, {"all QALY", "QALY", NULL}};
    wp_scenario *scenario = everything();
    wp_run_data data;
    wp_pricing pricing;
    const wp_run_options options = {.replicates = 2, .sample = 0.3};
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_pricing_init(&pricing, &data, NULL), WP_OK);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const size_t v = (size_t)find_value(&data, values[i].name);
        for (int arm = 0; arm < data.n_arms; arm++) {
            uint8_t only[64] = {0};
            double costs[2];
            for (int u = 0; u < data.money.n_unit_values; u++) {
                const char *view = data.money.value_views[u];
                only[u] = data.money.value_per[u] != WP_PER_YEAR &&
                          (values[i].view == NULL ? strcmp(view, "transfer") != 0
                                                  : strcmp(view, values[i].view) == 0);
            }
            const wp_money_select select = {.unit = values[i].unit, .only = only, .payer = WP_ALL_PAYERS,
                                            .last_year = data.n_years - 1, .discounted = true};
            wp_pricing_costs(&pricing, arm, &select, costs);
            for (int r = 0; r < 2; r++) {
                const size_t at = ((size_t)arm * 2 + (size_t)r) * (size_t)data.n_values + v;
                assert_close(data.value_sum[at] * data.weight, costs[r], 1e-6, 0);
                assert_true(costs[r] != 0.0 && data.value_sum_squares[at] > 0.0);
                assert_true(arm > 0 || data.paired_sum_squares[at] == 0.0);
            }
        }
    }
    wp_pricing_free(&pricing);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

static void programmes_batches_add_up_to_their_totals(void **state)
{
    (void)state;
    wp_scenario *scenario = everything();
    wp_run_data data;
    const wp_run_options options = {.sample = 0.3};
    run_engine(scenario, &options, &data, NULL);
    const int64_t *const totals[] = {data.offers, data.starts, data.ticks_in};
    const int64_t *const batches[] = {data.offers_by_batch, data.starts_by_batch, data.ticks_in_by_batch};
    for (int k = 0; k < 3; k++) {
        int64_t all = 0;
        for (int arm = 0; arm < data.n_arms; arm++) {
            for (int y = 0; y < data.n_years; y++) {
                int64_t sum = 0;
                for (int b = 0; b < WP_N_BATCHES; b++) {
                    sum += batches[k][(arm * WP_N_BATCHES + b) * data.n_years + y];
                }
                assert_int_equal(sum, totals[k][arm * data.n_years + y]);
                all += sum;
            }
        }
        assert_true(all > 0);
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- The same bytes ------------------------------------------------------------------------------------------------ */

static void the_digest_is_the_same_however_it_is_computed(void **state)
{
    (void)state;
    static const wp_run_options ways[] = {
        {.threads = 1}, {.threads = 2}, {.threads = 2, .block = 7}, {.threads = 1, .block = 1000},
        {.threads = 2, .exact_pass = true}, {.threads = 1, .simd = WP_SIMD_PORTABLE}};
    wp_scenario *scenario = everything();
    wp_run_report first = {0};
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_options options = ways[w];
        wp_run_report report;
        wp_run_data data;
        options.sample = 0.3;
        run_engine(scenario, &options, &data, w == 0 ? &first : &report);
        if (w > 0) {
            if (strcmp(first.digest, report.digest) != 0) { print_error("way %zu\n", w); }
            assert_string_equal(first.digest, report.digest);
        }
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

static void a_result_file_keeps_it_all(void **state)
{
    (void)state;
    char path[] = "/tmp/test_tallies_XXXXXX";
    const int file = mkstemp(path);
    wp_scenario *scenario = everything();
    wp_run_data data, back = {0};
    wp_error err = {0};
    const wp_run_options options = {.sample = 0.05, .replicates = 2};
    assert_true(file >= 0);
    close(file);
    run_engine(scenario, &options, &data, NULL);
    assert_int_equal(wp_result_write(path, &data, true, &err), WP_OK);
    assert_int_equal(wp_result_read(path, &back, &err), WP_OK);
    assert_int_equal(back.n_histograms, data.n_histograms);
    assert_int_equal(back.n_bins, WP_N_BINS);
    const size_t n = 2 * 2 * (size_t)data.n_histograms * WP_N_BINS;
    assert_memory_equal(back.histograms, data.histograms, n * sizeof(int64_t));
    assert_memory_equal(back.paired_sum_squares, data.paired_sum_squares,
                        2 * 2 * (size_t)data.n_values * sizeof(double));
    data.histograms[3] += 2; /* … and the digest covers histograms */
    char a[WP_SHA256_HEX], b[WP_SHA256_HEX];
    wp_run_data_digest(&data, a);
    wp_run_data_digest(&back, b);
    assert_string_not_equal(a, b);
    wp_result_free(&back);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
    unlink(path);
}

/* ---- Limits ---------------------------------------------------------------------------------------------------------- */

static void fails_with(const char *change_from, const char *change_to, const char *words)
{
    const char *const change[] = {change_from, change_to, NULL};
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/tallies/everything.yaml", change);
    wp_run_data data = {0};
    wp_error err = {0};
    const wp_run_options options = {.sample = 0.01};
    assert_int_equal(wp_simulate(scenario, &options, &data, NULL, &err), WP_ERR_LIMIT);
    if (strstr(err.text, words) == NULL) { print_error("%s\n", err.text); }
    assert_non_null(strstr(err.text, words));
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

static void what_cannot_be_done_is_said_and_never_taken_as_zero(void **state)
{
    (void)state;
    fails_with("amount: 1500 GBP", "amount: 150000000 GBP", "a_fall");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_are_counted_as_their_traces_say),
        cmocka_unit_test(a_histogram_holds_all_that_was_counted),
        cmocka_unit_test(families_with_many_incidents_hold_the_share_that_theory_says),
        cmocka_unit_test(coupled_lives_make_a_saving_known_with_few_people),
        cmocka_unit_test(marks_and_years_differ_in_pairs_as_theory_says),
        cmocka_unit_test(what_lineages_are_worth_adds_up_to_what_totals_are_worth),
        cmocka_unit_test(programmes_batches_add_up_to_their_totals),
        cmocka_unit_test(the_digest_is_the_same_however_it_is_computed),
        cmocka_unit_test(a_result_file_keeps_it_all),
        cmocka_unit_test(what_cannot_be_done_is_said_and_never_taken_as_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
