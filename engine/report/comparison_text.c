/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as text. */
#include "report/comparison_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A published number keeps the digits that it has. */
static void exact_text(double value, char text[WP_NUMBER_CHARS])
{
    double step = 1.0;
    for (int i = 0; i < 6 && fabs(value - round(value / step) * step) > 1e-9 * fabs(value); i++) {
        step /= 10.0;
    }
    wp_number_text(value, step, text);
}

static void published_text(double low, double high, char text[WP_RANGE_CHARS])
{
    char from[WP_NUMBER_CHARS], to[WP_NUMBER_CHARS];
    exact_text(low, from);
    exact_text(high, to);
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
    /* Where nothing is known of the interval, three figures. */
    const double step = isnan(half) || half == 0.0 ? wp_round_step(NAN, mean, 1e-9) / 10.0
                                                   : wp_round_step(half, mean, 1e-9);
    char low[WP_NUMBER_CHARS], high[WP_NUMBER_CHARS];
    published_text(in_unit * c->published_low, in_unit * c->published_high, text->published);
    wp_number_text(mean, step, text->model);
    wp_number_text(in_unit * c->low, step, low);
    wp_number_text(in_unit * c->high, step, high);
    if (isnan(half)) {
        snprintf(text->interval, WP_RANGE_CHARS, "not known");
    } else {
        snprintf(text->interval, WP_RANGE_CHARS, "%s to %s", low, high);
    }
    short_text(c->ratio, text->ratio);
    short_text(c->z, text->z);
}

void wp_comparison_distance(const wp_comparison *c, char text[WP_NUMBER_CHARS])
{
    const double mean = c->interval.mean;
    text[0] = '\0';
    if (isnan(mean) || mean == c->nearest) { return; }
    const char *side = mean < c->nearest ? "below" : "above";
    if (c->nearest == 0.0) {
        snprintf(text, WP_NUMBER_CHARS, "%s", side);
    } else {
        const double apart = 100.0 * fabs(mean / c->nearest - 1.0);
        snprintf(text, WP_NUMBER_CHARS, apart < 9.5 ? "%.1f %% %s" : "%.0f %% %s", apart, side);
    }
}
