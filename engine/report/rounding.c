/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding for print. */
#include "report/rounding.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

double wp_round_step(double half_width, double value, double least)
{
    double size = isnan(half_width) ? fabs(value) : half_width;
    if (!(size > 0.0) || !isfinite(size)) { return least; }
    return fmax(least, pow(10.0, floor(log10(size)) - 1.0));
}

double wp_table_step(double *half_widths, int n, double total_step)
{
    size_t n_known = 0;
    for (int i = 0; i < n; i++) {
        if (half_widths[i] > 0.0 && isfinite(half_widths[i])) { half_widths[n_known++] = half_widths[i]; }
    }
    if (n_known == 0) { return total_step; }
    gsl_sort(half_widths, 1, n_known);
    return fmin(total_step, wp_round_step(half_widths[n_known / 2], 0.0, total_step / 100.0));
}

/* The part that is farthest from its rounded value in the wished direction: one moved already is past it. */
static int next_part(const double *parts, int n, double step, const double *rounded, double direction)
{
    int best = -1;
    double most = -INFINITY;
    for (int i = 0; i < n; i++) {
        double remainder = direction * (parts[i] / step - rounded[i] / step);
        if (remainder > most) {
            most = remainder;
            best = i;
        }
    }
    return best;
}

void wp_round_parts(const double *parts, int n, double total, double step, double *rounded)
{
    double left = round(total / step);
    for (int i = 0; i < n; i++) {
        double units = round(parts[i] / step);
        rounded[i] = units * step;
        left -= units;
    }
    /* At most half a step a part is missing, so this ends after n / 2 moves or so. */
    for (int move = 0; move < n && fabs(left) >= 0.5; move++) {
        double direction = left > 0.0 ? 1.0 : -1.0;
        int i = next_part(parts, n, step, rounded, direction);
        rounded[i] += direction * step;
        left -= direction;
    }
}

void wp_number_text(double value, double step, char text[WP_NUMBER_CHARS])
{
    char digits[WP_NUMBER_CHARS];
    if (!isfinite(value) || fabs(value) > 1e18) {
        snprintf(text, WP_NUMBER_CHARS, "%s", "not known");
        return;
    }
    int decimals = step >= 1.0 ? 0 : (int)fmin(12.0, ceil(-log10(step) - 1e-9));
    double rounded = round(value / step) * step;
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(rounded));
    size_t whole = strcspn(digits, ".");
    size_t at = 0;
    if (strpbrk(digits, "123456789") != NULL && rounded < 0.0) { text[at++] = '-'; }
    for (size_t i = 0; digits[i] != '\0' && at + 2 < WP_NUMBER_CHARS; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) { text[at++] = ','; }
        text[at++] = digits[i];
    }
    text[at] = '\0';
}
