/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and bands: ages with both ends included, times and shares without their last number. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/number.h"
#include "scenario/reader.h"

#define DAYS_PER_YEAR 365.25

/* ---- Dates --------------------------------------------------------------------------------- */

/* Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
static int64_t days_from(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)text[i])) { return -1; }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* A date at the beginning of `text`; its length is always 10. */
static bool date_at(const char *text, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int i = 0; i < 10; i++) {
        if (text[i] == '\0') { return false; }
    }
    int y = digits(text, 4);
    int m = digits(text + 5, 2);
    int d = digits(text + 8, 2);
    if (text[4] != '-' || text[7] != '-' || y < 1000 || m < 1 || m > 12 || d < 1) { return false; }
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if (d > lengths[m - 1] + (m == 2 && leap)) { return false; }
    *days = days_from(y, m, d);
    return true;
}

bool wp_date_parse(const char *text, int64_t *days)
{
    return date_at(text, days) && text[10] == '\0';
}

bool wp_date_read(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    int64_t days = 0;
    *years = 0.0;
    if (at == NULL) { return false; }
    if (wp_node_is(at, "start")) { return true; }
    if (at->kind != WP_NODE_SCALAR || !wp_date_parse(at->text, &days)) {
        wp_report_error(r, at, "%s must be a date such as 2013-04-01, or 'start'%s%s%s", what,
                        at->kind == WP_NODE_SCALAR ? ", not '" : "",
                        at->kind == WP_NODE_SCALAR ? at->text : "", at->kind == WP_NODE_SCALAR ? "'" : "");
        return false;
    }
    *years = (double)(days - r->start_days) / DAYS_PER_YEAR;
    return true;
}

/* ---- Bands --------------------------------------------------------------------------------- */

static bool refuse(const char **why, const char *sentence)
{
    if (why != NULL) { *why = sentence; }
    return false;
}

/* A whole number at *p, which moves behind it. */
static bool whole_at(const char **p, double *value)
{
    size_t n = 0;
    while (isdigit((unsigned char)(*p)[n])) { n++; }
    if (n == 0 || n > 6) { return false; }
    *value = 0.0;
    for (size_t i = 0; i < n; i++) { *value = *value * 10.0 + ((*p)[i] - '0'); }
    *p += n;
    return true;
}

static bool parse_whole(const char *text, wp_band *band, const char **why)
{
    const char *p = text;
    if (!whole_at(&p, &band->lo)) { return refuse(why, "write 0-4, 85+ or a single number"); }
    if (strcmp(p, "+") == 0) {
        band->hi = INFINITY;
        return true;
    }
    band->hi = band->lo + 1.0;
    if (*p == '\0') { return true; }
    double last = 0.0;
    if (*p != '-') { return refuse(why, "write 0-4, 85+ or a single number"); }
    p++;
    if (!whole_at(&p, &last) || *p != '\0') { return refuse(why, "write 0-4, 85+ or a single number"); }
    if (last < band->lo) { return refuse(why, "the second number is below the first"); }
    band->hi = last + 1.0;
    return true;
}

/* "0-3 months", "24+ months", "0-6 %", "9+ %", "0.06-0.09": numbers and one unit for both. */
static bool parse_measured(const char *text, bool is_share, wp_band *band, const char **why)
{
    const char *form = is_share ? "write 0-6 %, 9+ % or 0-0.06" : "write 0-3 months, or 24+ months";
    size_t n = strspn(text, "0123456789.");
    char low[96];
    char high[96];
    if (n == 0 || n > 30 || strlen(text) > 60) { return refuse(why, form); }
    const char *rest = text + n;
    bool open = *rest == '+';
    if (!open && *rest != '-') { return refuse(why, form); }
    rest++;
    size_t m = open ? 0 : strspn(rest, "0123456789.");
    if (!open && (m == 0 || m > 30)) { return refuse(why, form); }
    (void)snprintf(low, sizeof low, "%.*s%s", (int)n, text, rest + m);
    (void)snprintf(high, sizeof high, "%.*s%s", open ? (int)n : (int)m, open ? text : rest, rest + m);
    wp_amount a;
    wp_amount b;
    if (wp_amount_parse(low, &a, why) != WP_AMOUNT_OK || wp_amount_parse(high, &b, why) != WP_AMOUNT_OK) {
        return refuse(why, form);
    }
    bool fits = is_share ? a.unit == WP_UNIT_NONE || a.unit == WP_UNIT_PROPORTION
                         : a.unit == WP_UNIT_DURATION;
    if (!fits || a.is_per_year) { return refuse(why, form); }
    band->lo = a.value;
    band->hi = open ? INFINITY : b.value;
    if (is_share && (a.value > 1.0 || (!open && b.value > 1.0))) {
        return refuse(why, "a share is at most 1: did you leave out the % sign?");
    }
    if (band->hi <= band->lo) { return refuse(why, "the band is empty: its last number is not included"); }
    return true;
}

/* Calendar years "2013-2015", "2014+", "2014", or days "2013-04-01+". */
static bool parse_date(const char *text, int64_t start_days, wp_band *band, const char **why)
{
    int64_t days = 0;
    if (date_at(text, &days) && strcmp(text + 10, "+") == 0) {
        band->lo = (double)(days - start_days) / DAYS_PER_YEAR;
        band->hi = INFINITY;
        return true;
    }
    wp_band years;
    if (!parse_whole(text, &years, NULL) || years.lo < 1000.0 || years.lo > 9999.0 ||
        (!isinf(years.hi) && years.hi > 10000.0)) {
        return refuse(why,
                      "write calendar years 2013-2015 (both included), 2014+, or 2013-04-01+ from a day on");
    }
    band->lo = (double)(days_from((int64_t)years.lo, 1, 1) - start_days) / DAYS_PER_YEAR;
    band->hi = isinf(years.hi) ? INFINITY
                               : (double)(days_from((int64_t)years.hi, 1, 1) - start_days) / DAYS_PER_YEAR;
    return true;
}

bool wp_band_parse(const char *text, wp_band_kind kind, int64_t start_days, wp_band *band, const char **why)
{
    *band = (wp_band){0.0, INFINITY};
    switch (kind) {
    case WP_BAND_WHOLE: return parse_whole(text, band, why);
    case WP_BAND_YEARS: return parse_measured(text, false, band, why);
    case WP_BAND_SHARE: return parse_measured(text, true, band, why);
    case WP_BAND_DATE: return parse_date(text, start_days, band, why);
    case WP_BAND_RUN_YEARS: break;
    }
    if (!parse_whole(text, band, why)) { return false; }
    if (band->lo < 1.0) { return refuse(why, "the first year of a run is 1"); }
    band->lo -= 1.0;
    band->hi -= 1.0;
    return true;
}

bool wp_band_read(wp_reader *r, const wp_node *at, wp_band_kind kind, wp_band *band)
{
    const char *why = "";
    *band = (wp_band){0.0, INFINITY};
    if (at == NULL) { return false; }
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "a band such as 0-4 was expected");
        return false;
    }
    if (wp_band_parse(at->text, kind, r->start_days, band, &why)) { return true; }
    wp_report_error(r, at, "'%s' is no band here: %s", at->text, why);
    return false;
}

/* ---- Overlaps and gaps --------------------------------------------------------------------- */

typedef struct placed_band {
    wp_band band;
    const wp_node *node;
} placed_band;

static int by_low(const void *left, const void *right)
{
    const placed_band *a = left;
    const placed_band *b = right;
    if (a->band.lo != b->band.lo) { return a->band.lo < b->band.lo ? -1 : 1; }
    if (a->node->pos.line != b->node->pos.line) { return a->node->pos.line < b->node->pos.line ? -1 : 1; }
    return a->node->pos.column < b->node->pos.column ? -1 : a->node->pos.column > b->node->pos.column;
}

static bool is_whole(const wp_band *band)
{
    return band->lo == floor(band->lo) && (isinf(band->hi) || band->hi == floor(band->hi));
}

/* Are the texts written with a unit, so that the last number is not included? */
static bool has_unit(const char *text)
{
    return text[strspn(text, "0123456789.-+")] != '\0';
}

static void report_overlap(wp_reader *r, const placed_band *a, const placed_band *b)
{
    const char *first = a->node->text;
    const char *second = b->node->text;
    if (has_unit(first) || !is_whole(&a->band) || !is_whole(&b->band)) {
        wp_report_error(r, b->node, "bands '%s' and '%s' overlap", first, second);
        return;
    }
    wp_report_error(r, b->node, "bands '%s' and '%s' share %.10g; ages and counts include both ends", first,
                    second, b->band.lo);
    if (b->band.lo > a->band.lo) { wp_report_hint(r, "write '%.10g-%.10g'", a->band.lo, b->band.lo - 1.0); }
}

static void report_gap(wp_reader *r, const placed_band *a, const placed_band *b)
{
    wp_report_error(r, b->node, "bands '%s' and '%s' leave out what is between them", a->node->text,
                    b->node->text);
    if (has_unit(a->node->text)) {
        wp_report_hint(r, "times end before their last number, so let one band begin where the other ends");
    } else {
        wp_report_hint(r, "write all bands, or 'otherwise: 0' for the rest");
    }
}

bool wp_bands_check(wp_reader *r, const wp_node *const *nodes, const wp_band *bands, int n, bool gaps)
{
    bool good = true;
    placed_band *sorted = wp_reader_scratch(r, (size_t)n, sizeof *sorted);
    if (sorted == NULL) { return false; }
    for (int i = 0; i < n; i++) { sorted[i] = (placed_band){bands[i], nodes[i]}; }
    qsort(sorted, (size_t)n, sizeof *sorted, by_low);
    for (int i = 1; i < n; i++) {
        if (sorted[i].band.lo < sorted[i - 1].band.hi) {
            report_overlap(r, &sorted[i - 1], &sorted[i]);
            good = false;
        } else if (gaps && sorted[i].band.lo > sorted[i - 1].band.hi) {
            report_gap(r, &sorted[i - 1], &sorted[i]);
            good = false;
        }
    }
    return good;
}
