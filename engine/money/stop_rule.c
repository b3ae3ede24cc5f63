/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stopping at a wanted half-width. */
#include "money/stop_rule.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/round24.h"
#include "model/figure_words.h"
#include "money/figure.h"

enum { STEP = 10 };

void wp_known_of(const double *values, int n, double wanted, wp_known *known)
{
    const double sd = gsl_stats_sd(values, 1, (size_t)n), t = gsl_cdf_tdist_Pinv(0.975, n - 1.0);
    *known = (wp_known){.n = n,
                        .mean = gsl_stats_mean(values, 1, (size_t)n),
                        .half_width = t * sd / sqrt((double)n),
                        .n_needed = ceil(pow(t * sd / wanted, 2.0))};
    known->is_met = wp_round24(known->half_width) <= wp_round24(wanted);
}

/* Values of the first n draws or replicates: means over the others. */
static void take_means(const wp_stop_spec *stop, const wp_run_data *data, const double *values, int n,
                       double *means)
{
    const int n_draws = stop->by_replicates ? data->n_draws : n;
    const int n_replicates = stop->by_replicates ? n : data->n_replicates;
    const double of = stop->by_replicates ? n_draws : n_replicates;
    for (int i = 0; i < n; i++) { means[i] = 0.0; }
    for (int d = 0; d < n_draws; d++) {
        for (int r = 0; r < n_replicates; r++) {
            means[stop->by_replicates ? r : d] += values[d * data->n_replicates + r] / of;
        }
    }
}

wp_status wp_stop_check(const wp_scenario *scenario, const wp_run_data *data, int n, wp_known *known,
                        wp_error *err)
{
    wp_status status = WP_OK;
    wp_pricing pricing = {0};
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    double *values = wp_calloc_array(n_runs, sizeof *values);
    double *means = wp_calloc_array((size_t)n, sizeof *means);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(means);
    WP_TRY(wp_pricing_init(&pricing, data, err));
    WP_TRY(wp_figure_values(scenario, &scenario->stop.figure, &pricing, values, err));
    take_means(&scenario->stop, data, values, n, means);
    wp_known_of(means, n, scenario->stop.half_width, known);
    if (isnan(known->half_width)) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "runs.stop_when: this run cannot say what its figure is");
    }
out:
    wp_pricing_free(&pricing);
    free(values);
    free(means);
    return status;
}

static bool is_sobol(const wp_scenario *scenario)
{
    return scenario->draw_design == WP_DESIGN_SOBOL && !scenario->stop.by_replicates;
}

static int at_most(const wp_scenario *scenario, int n)
{
    return n < scenario->stop.at_most ? n : scenario->stop.at_most;
}

int wp_stop_begin(const wp_scenario *scenario)
{
    const int asked = scenario->stop.by_replicates ? scenario->n_replicates : scenario->n_draws;
    int n = asked > WP_FEWEST_TO_STOP ? asked : WP_FEWEST_TO_STOP;
    if (is_sobol(scenario)) {
        int power = 1;
        while (power < n) { power *= 2; }
        n = power;
    }
    return at_most(scenario, n);
}

int wp_stop_next(const wp_scenario *scenario, int n)
{
    return at_most(scenario, is_sobol(scenario) ? 2 * n : n + STEP);
}

bool wp_stop_now(const wp_scenario *scenario, const wp_known *before, const wp_known *now)
{
    return now->is_met && (before->is_met || is_sobol(scenario));
}

enum { FIGURE_CHARS = 40 };

/* To so many significant figures, without an exponent where it is 1 or more. */
static const char *figures_text(double value, int figures, char text[FIGURE_CHARS])
{
    const double step = value >= 1.0 ? pow(10.0, floor(log10(value)) - figures + 1.0) : 0.0;
    if (step >= 1.0) {
        snprintf(text, FIGURE_CHARS, "%.0f", round(value / step) * step);
    } else {
        snprintf(text, FIGURE_CHARS, "%.*g", figures, value);
    }
    return text;
}

wp_status wp_stop_describe(const wp_scenario *scenario, const wp_known *known, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_stop_spec *stop = &scenario->stop;
    const char *what = stop->by_replicates ? "replicates" : "draws";
    const double in_unit = strcmp(stop->unit_text, "%") == 0 ? 100.0 : 1.0;
    char is[FIGURE_CHARS], wanted[FIGURE_CHARS];
    if (known->is_met) {
        WP_TRY(wp_text_append_format(text, err, "stopped after %d of at most %d %s: the half-width of ",
                                     known->n, stop->at_most, what));
    } else {
        WP_TRY(wp_text_append_format(
            text, err, "went on for all %d %s and does NOT know what was wanted: the half-width of ",
            known->n, what));
    }
    WP_TRY(wp_figure_describe(scenario, &stop->figure, text, err));
    WP_TRY(wp_text_append_format(text, err, " is %s%s%s, and %s was wanted",
                                 figures_text(in_unit * known->half_width, 3, is),
                                 stop->unit_text[0] == '\0' ? "" : " ", stop->unit_text,
                                 figures_text(in_unit * stop->half_width, 3, wanted)));
    if (!known->is_met) {
        WP_TRY(wp_text_append_format(text, err, "; about %s %s would be needed",
                                     figures_text(known->n_needed, 2, is), what));
    }
out:
    return status;
}
