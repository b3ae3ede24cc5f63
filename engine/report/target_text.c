/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result beside published figures, as plain text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "report/summary_print.h"
#include "report/words.h"

enum { MOST_DECIMALS = 6, MOST_ZEROS = 12, FIGURE_CHARS = 400 };

wp_status wp_target_interval(const wp_run_data *data, int target, wp_interval *interval, wp_error *err)
{
    wp_status status = WP_OK;
    int n = data->n_draws * data->n_replicates;
    double *values = wp_calloc_array((size_t)n, sizeof *values);
    WP_TRY_ALLOC(values);
    for (int i = 0; i < n; i++) { values[i] = data->money.target_values[i * data->money.n_targets + target]; }
    WP_TRY(wp_interval_estimate(values, data->n_draws, data->n_replicates, NULL, interval, err));
out:
    free(values);
    return status;
}

/* The place of the last figure that a number is written with: 10,000 of 750,000, and 0.1 of 2.5. */
static double last_place(double value)
{
    double place = pow(10.0, -MOST_DECIMALS);
    if (value == 0.0 || !isfinite(value)) { return 1.0; }
    for (int i = 0; i < MOST_DECIMALS + MOST_ZEROS; i++) {
        const double next = 10.0 * place, multiple = value / next;
        if (fabs(multiple - round(multiple)) > 1e-9 * fabs(multiple)) { break; }
        place = next;
    }
    return place;
}

/* A figure published to n digits is met to n + 1 at best, whatever the run's own interval supports. */
static double step_for(double low, double high, double half, double mean)
{
    double published = isfinite(low) ? last_place(low) : INFINITY;
    if (isfinite(high)) { published = fmin(published, last_place(high)); }
    /* Where nothing is known of the noise, three figures. */
    const double own = isnan(half) ? wp_round_step(NAN, mean, 0.0) / 10.0 : wp_round_step(half, mean, 0.0);
    return fmax(own, isfinite(published) ? published / 10.0 : 0.0);
}

static void published_text(double low, double high, char text[WP_RANGE_CHARS])
{
    char from[WP_NUMBER_CHARS], to[WP_NUMBER_CHARS];
    wp_number_text(low, fmin(1.0, last_place(low)), from);
    wp_number_text(high, fmin(1.0, last_place(high)), to);
    if (low == high) {
        snprintf(text, WP_RANGE_CHARS, "%s", from);
    } else if (isinf(high)) {
        snprintf(text, WP_RANGE_CHARS, "%s or more", from);
    } else if (isinf(low)) {
        snprintf(text, WP_RANGE_CHARS, "%s or less", to);
    } else {
        snprintf(text, WP_RANGE_CHARS, "%s to %s", from, to);
    }
}

/* How far from the nearest end of what was published: shares in percentage points, all else in per cent of
   it, and what has another sign, or nothing to be a share of, in its own unit. */
static void print_distance(FILE *out, double mean, double low, double high, const char *unit, double step)
{
    char text[WP_NUMBER_CHARS];
    if (mean >= low && mean <= high) {
        fputs(low == high ? ": as published\n" : ": inside\n", out);
        return;
    }
    const double edge = mean < low ? low : high, apart = fabs(mean - edge);
    const char *side = mean < edge ? "below" : "above";
    const bool is_share = strcmp(unit, "%") == 0;
    const double percent = 100.0 * apart / fabs(edge);
    wp_number_text(apart, step, text);
    if (round(apart / step) == 0.0) {
        fputs(": as published\n", out);
    } else if (is_share) {
        fprintf(out, ": %s percentage point%s %s\n", text, strcmp(text, "1") == 0 ? "" : "s", side);
    } else if (edge == 0.0 || mean * edge < 0.0) {
        fprintf(out, ": %s %s %s\n", text, unit, side);
    } else {
        fprintf(out, percent < 1.0 ? ": %.1f %% %s\n" : ": %.0f %% %s\n", percent, side);
    }
}

/* The figure's description with names as words. */
static const char *figure_words(const char *figure, char text[FIGURE_CHARS])
{
    size_t n = 0;
    for (; figure[n] != '\0' && n + 1 < FIGURE_CHARS; n++) { text[n] = figure[n] == '_' ? ' ' : figure[n]; }
    text[n] = '\0';
    return text;
}

static wp_status print_target(FILE *out, const wp_run_data *data, int t, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    char published[WP_RANGE_CHARS], simulated[WP_NUMBER_CHARS], title[WP_TITLE_CHARS], figure[FIGURE_CHARS];
    wp_interval interval;
    WP_TRY(wp_target_interval(data, t, &interval, err));
    const double in_unit = strcmp(money->target_units[t], "%") == 0 ? 100.0 : 1.0;
    const double low = in_unit * money->target_low[t], high = in_unit * money->target_high[t];
    const double mean = in_unit * interval.mean;
    const double step = step_for(low, high, in_unit * wp_half_width(&interval), mean);
    published_text(low, high, published);
    wp_number_text(mean, step, simulated);
    fprintf(out, "  %s: %s\n    simulated %s %s, published %s %s (%s)",
            wp_title_text(money->targets[t], title), figure_words(money->target_figures[t], figure),
            simulated, money->target_units[t], published, money->target_units[t], money->target_ids[t]);
    if (isnan(mean)) {
        fprintf(out, ": this run cannot say\n");
    } else {
        print_distance(out, mean, low, high, money->target_units[t], step);
    }
out:
    return status;
}

wp_status wp_print_targets(FILE *out, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    for (int claim = 0; claim < 2; claim++) {
        bool is_headed = false;
        for (int t = 0; t < data->money.n_targets; t++) {
            if ((data->money.target_is_claim[t] != 0) != (claim == 1)) { continue; }
            if (!is_headed) {
                fputs(claim == 0 ? "\nThe baseline beside published facts\n"
                                 : "\nBeside published claims (nothing was fitted to them)\n",
                      out);
            }
            is_headed = true;
            WP_TRY(print_target(out, data, t, err));
        }
    }
out:
    return status;
}
