/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two samples of the same law: the engine's and the reference's. */
#include "reference/compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "parallel/simulate_run.h"

void check_reference_flows(const reference_totals *t)
{
    for (int y = 0; y + 1 < t->n_years; y++) {
        assert_int_equal(t->start[y] + t->born[y] + t->entered[y] - t->died[y] - t->left[y], t->end[y]);
        if (y > 0) { assert_int_equal(t->end[y - 1], t->start[y]); }
    }
}

/* How many units' worth a sum of squares is made of: 1 where one unit gives all. */
static double effective(double sum, double square)
{
    return square > 0 ? sum * sum / square : 0;
}

/* `is_count`: doubled counts of events or people, not ticks. */
static void compare_value(wp_checks *checks, const char *what, double engine, double n_engine, double sum,
                          double square, double n, bool is_count)
{
    double mean = sum / n, variance = (square - sum * mean) / (n - 1);
    if (effective(sum, square) < 30) {
        /* too rare for a normal law; but what the engine has often, the reference must have at all */
        double often = engine / 2 / n_engine * n;
        if (sum == 0 && is_count && often > 60) {
            wp_check_z(checks, what, engine / n_engine, 0, 0, NULL);
        } else {
            checks->n_skipped++;
        }
        return;
    }
    if (variance < 0) { variance = 0; }
    double se = sqrt(variance * (1 / n + 1 / n_engine));
    if (se == 0) { se = 1e-9 * fabs(mean); } /* the same for everybody: time only to a tick */
    wp_check_z(checks, what, engine / n_engine, mean, se, NULL);
}

static void compare_arm(wp_checks *checks, const wp_scenario *sc, const wp_run_data *data, int arm,
                        const reference_totals *t)
{
    double n_engine = t->by_replicate ? data->n_replicates : (double)data->n_lineages * data->n_replicates;
    double n = (double)t->n_units;
    for (int o = 0; o < t->n_outcomes; o++) {
        char what[200];
        bool is_count = sc->outcomes[o].kind != WP_OUTCOME_TIME_IN;
        int k = find_outcome(data, sc->outcomes[o].name), a = find_arm(data, sc->arms[arm].name);
        for (int y = 0; y < t->n_years; y++) {
            snprintf(what, sizeof what, "%s, arm %s, year %d", sc->outcomes[o].name, sc->arms[arm].name,
                     y + 1);
            compare_value(checks, what, engine_total(data, a, k, y), n_engine, t->sum[y * t->n_outcomes + o],
                          t->square[y * t->n_outcomes + o], n, is_count);
        }
        snprintf(what, sizeof what, "%s, arm %s, all years", sc->outcomes[o].name, sc->arms[arm].name);
        compare_value(checks, what, engine_total(data, a, k, -1), n_engine, t->unit_run_sum[o],
                      t->unit_run_square[o], n, is_count);
    }
}

/* That share of `n`, but at least 100, at which a mean of replicates is nearly normal. */
static int64_t share_of(int64_t n, double share)
{
    const int64_t part = (int64_t)((double)n * share), least = n < 100 ? n : 100;
    return part > least ? part : least;
}

void compare_with_reference(wp_checks *checks, const wp_scenario *scenario, uint64_t seed,
                            int64_t n_reference, double share, const reference_fault *fault)
{
    wp_run_options options = {.has_seed = true, .seed = seed, .threads = 1};
    wp_run_data data;
    if (scenario->n_replicates > 1) {
        options.replicates = (int)share_of(scenario->n_replicates, share);
    } else {
        options.sample = share;
    }
    n_reference = share_of(n_reference, share);
    run_engine(scenario, &options, &data, NULL);
    for (int arm = 0; arm < scenario->n_arms; arm++) {
        reference_options how = {.seed = seed + 77u + (uint64_t)arm, .arm = arm, .n_lineages = n_reference,
                                 .n_replicates = 1};
        reference_totals totals;
        wp_error err = {0};
        if (fault != NULL) { how.fault = *fault; }
        if (scenario->n_replicates > 1) { how.n_replicates = (int)n_reference; }
        wp_status status = reference_run(scenario, &how, &totals, &err);
        if (status != WP_OK) {
            print_error("%s, arm %s: %s\n", scenario->title, scenario->arms[arm].name, err.text);
        }
        assert_int_equal(status, WP_OK);
        check_reference_flows(&totals);
        compare_arm(checks, scenario, &data, arm, &totals);
        reference_totals_free(&totals);
    }
    wp_simulate_free(&data);
}
