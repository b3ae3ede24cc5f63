/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as text. */
#include "report/comparison_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DECIMALS = 6, MOST_ZEROS = 12 };

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
    /* Where nothing is known of the noise, or nothing is unsure, three figures. */
    const double own = half > 0.0 ? wp_round_step(half, mean, 0.0) : wp_round_step(NAN, mean, 1e-9) / 10.0;
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

/* Shares in percentage points, all else in per cent of the nearest end, and what has another sign, or
   nothing to be a share of, in its own unit. */
static void distance_text(const wp_comparison *c, const char *unit, double step, double mean, double edge,
                          char out[WP_RANGE_CHARS])
{
    char text[WP_NUMBER_CHARS];
    const double apart = fabs(mean - edge), percent = 100.0 * apart / fabs(edge);
    const char *side = mean < edge ? "below" : "above";
    const bool is_inside = c->interval.mean == c->nearest && c->published_low != c->published_high;
    wp_number_text(apart, step, text);
    if (isnan(mean)) {
        out[0] = '\0';
    } else if (is_inside) {
        snprintf(out, WP_RANGE_CHARS, "inside");
    } else if (round(apart / step) == 0.0) {
        snprintf(out, WP_RANGE_CHARS, "as published");
    } else if (strcmp(unit, "%") == 0) {
        snprintf(out, WP_RANGE_CHARS, "%s percentage point%s %s", text, strcmp(text, "1") == 0 ? "" : "s",
                 side);
    } else if (edge == 0.0 || mean * edge < 0.0) {
        snprintf(out, WP_RANGE_CHARS, "%s %.40s %s", text, unit, side);
    } else {
        snprintf(out, WP_RANGE_CHARS, percent < 1.0 ? "%.1f %% %s" : "%.0f %% %s", percent, side);
    }
}

/* A factor needs no more than three figures. */
static void short_text(double value, char text[WP_NUMBER_CHARS])
{
    if (isfinite(value)) {
        snprintf(text, WP_NUMBER_CHARS, fabs(value) < 99.5 ? "%.2f" : "%.0f", value);
    } else {
        text[0] = '\0';
    }
}

void wp_comparison_write(const wp_comparison *c, const char *unit, wp_comparison_text *text)
{
    const double in_unit = strcmp(unit, "%") == 0 ? 100.0 : 1.0;
    const double mean = in_unit * c->interval.mean, half = 0.5 * in_unit * (c->high - c->low);
    const double published[] = {in_unit * c->published_low, in_unit * c->published_high};
    const double step = step_for(published[0], published[1], half, mean);
    char low[WP_NUMBER_CHARS], high[WP_NUMBER_CHARS];
    published_text(published[0], published[1], text->published);
    wp_number_text(mean, round(mean / step) == 0.0 ? step / 10.0 : step, text->model);
    wp_number_text(in_unit * c->low, step, low);
    wp_number_text(in_unit * c->high, step, high);
    if (isnan(half)) {
        snprintf(text->interval, WP_RANGE_CHARS, "not known");
    } else {
        snprintf(text->interval, WP_RANGE_CHARS, "%s to %s", low, high);
    }
    short_text(c->ratio, text->ratio);
    short_text(c->z, text->z);
    distance_text(c, unit, step, mean, in_unit * c->nearest, text->distance);
}
