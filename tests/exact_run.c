/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running an exact case, and looking at its outcomes. */
#include "exact_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "parallel/simulate_run.h"

void exact_begin(exact_run *x, const char *name, const char *const *change)
{
    char path[512];
    memset(x, 0, sizeof *x);
    snprintf(path, sizeof path, "%s/exact/%s.yaml", WP_TESTS_DIR, name);
    x->scenario = read_changed_scenario(path, change);
    wp_checks_init(&x->checks, name);
    x->checks.quiet = change != NULL;
    wp_run_options options = {0};
    if (!wp_test_seed_is_fixed()) {
        options.has_seed = true;
        options.seed = wp_test_seed(x->scenario->seed);
    }
    run_engine(x->scenario, &options, &x->data, NULL);
    x->n = (double)x->data.n_lineages * x->data.n_replicates * x->data.n_draws;
}

static int finish(exact_run *x)
{
    int n_failed = x->checks.n_failed;
    assert_true(x->checks.n > 0);
    wp_checks_print(&x->checks);
    wp_simulate_free(&x->data);
    wp_scenario_free(x->scenario);
    return n_failed;
}

void exact_end(exact_run *x)
{
    assert_int_equal(finish(x), 0);
}

void exact_end_broken(exact_run *x)
{
    assert_true(finish(x) > 0);
}

double exact_mean(const exact_run *x, const char *arm, const char *outcome, int year)
{
    int o = find_outcome(&x->data, outcome);
    return engine_total(&x->data, find_arm(&x->data, arm), o, year) * x->data.outcome_scale[o] / x->n;
}

void exact_check(exact_run *x, const char *arm, const char *outcome, int year, double mean, double sd,
                 const char *nearest_wrong)
{
    char what[160];
    if (year < 0) {
        snprintf(what, sizeof what, "%s %s, all years", arm, outcome);
    } else {
        snprintf(what, sizeof what, "%s %s, year %d", arm, outcome, year + 1);
    }
    wp_check_exact(&x->checks, what, exact_mean(x, arm, outcome, year), mean, sd / sqrt(x->n), nearest_wrong);
}

void exact_share(exact_run *x, const char *arm, const char *outcome, int year, double p,
                 const char *nearest_wrong)
{
    exact_check(x, arm, outcome, year, p, sqrt(p * (1 - p)), nearest_wrong);
}

double exact_priced(const exact_run *x, const char *arm, const priced *list, int n, double per_year_rate)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        for (int y = 0; y < x->data.n_years; y++) {
            sum += list[i].price * exact_mean(x, arm, list[i].outcome, y) * pow(1 + per_year_rate, -y);
        }
    }
    return sum;
}

static double batch_sum(const exact_run *x, int arm, int batch, const priced *list, int n, double rate)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        int o = find_outcome(&x->data, list[i].outcome);
        for (int y = 0; y < x->data.n_years; y++) {
            int64_t at =
                (((int64_t)arm * x->data.n_draws * x->data.n_replicates * 32 + batch) * x->data.n_years + y) *
                    x->data.n_outcomes +
                o;
            sum += list[i].price * (double)x->data.batches[at] * x->data.outcome_scale[o] *
                   pow(1 + rate, -y - 0.5);
        }
    }
    return sum;
}

double exact_paired_sd(const exact_run *x, const char *arm_a, const char *arm_b, const priced *list, int n,
                       double per_year_rate)
{
    double sum = 0, square = 0;
    int a = find_arm(&x->data, arm_a), b = find_arm(&x->data, arm_b);
    for (int k = 0; k < 32; k++) {
        double d = batch_sum(x, a, k, list, n, per_year_rate) - batch_sum(x, b, k, list, n, per_year_rate);
        sum += d;
        square += d * d;
    }
    return sqrt((square - sum * sum / 32) / 31 / ((double)x->data.n_lineages / 32));
}
