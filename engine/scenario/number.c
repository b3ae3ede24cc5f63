/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers at their place in a scenario: each function reads one scalar and reports what is wrong. */
#include "scenario/number.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/reader.h"

/* The amount of a plain scalar; false after reporting. */
static bool read_amount(wp_reader *r, const wp_node *at, const char *what, const char *form,
                        wp_amount *amount)
{
    if (at == NULL) { return false; }
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "%s must be %s, not a %s", what, form,
                        at->kind == WP_NODE_MAP ? "mapping" : "list");
        return false;
    }
    if (at->text[0] == '\0') {
        wp_report_error(r, at, "%s has no value; it must be %s", what, form);
        return false;
    }
    const char *why = "";
    wp_amount_result result = at->quoted ? WP_AMOUNT_NOT_A_NUMBER : wp_amount_parse(at->text, amount, &why);
    if (result == WP_AMOUNT_NOT_A_NUMBER) {
        wp_report_error(r, at, "%s must be %s, not '%s'", what, form, at->text);
        if (at->quoted) { wp_report_hint(r, "write numbers without quotes"); }
    } else if (result == WP_AMOUNT_BAD) {
        wp_report_error(r, at, "%s is '%s': %s", what, at->text, why);
    }
    return result == WP_AMOUNT_OK;
}

static bool check_range(wp_reader *r, const wp_node *at, const char *what, double value, double lo, double hi)
{
    if (value >= lo && value <= hi) { return true; }
    if (isinf(hi)) {
        wp_report_error(r, at, "%s is %s; it must be %.10g or more", what, at->text, lo);
    } else {
        wp_report_error(r, at, "%s is %s; it must be %.10g to %.10g", what, at->text, lo, hi);
    }
    return false;
}

bool wp_number_read(wp_reader *r, const wp_node *at, const char *what, double lo, double hi, double *value)
{
    wp_amount amount;
    *value = lo;
    if (!read_amount(r, at, what, "a number", &amount)) { return false; }
    if (amount.unit != WP_UNIT_NONE) {
        wp_report_error(r, at, "%s is '%s'; it must be a bare number", what, at->text);
        return false;
    }
    if (!check_range(r, at, what, amount.value, lo, hi)) { return false; }
    *value = amount.value;
    return true;
}

bool wp_whole_read(wp_reader *r, const wp_node *at, const char *what, int64_t lo, int64_t hi,
                   int64_t *value)
{
    double number = 0.0;
    *value = lo;
    if (!wp_number_read(r, at, what, -0x1p62, 0x1p62, &number)) { return false; }
    if (number != floor(number)) {
        wp_report_error(r, at, "%s is %s; it must be a whole number", what, at->text);
        return false;
    }
    if (number < (double)lo || number > (double)hi) {
        wp_report_error(r, at, "%s is %s; it must be %lld to %lld", what, at->text, (long long)lo,
                        (long long)hi);
        return false;
    }
    *value = (int64_t)number;
    return true;
}

bool wp_share_read(wp_reader *r, const wp_node *at, const char *what, double *value)
{
    wp_amount amount;
    *value = 0.0;
    if (!read_amount(r, at, what, "a share, 0 to 1 or in %", &amount)) { return false; }
    if (amount.unit != WP_UNIT_NONE && amount.unit != WP_UNIT_PROPORTION) {
        wp_report_error(r, at, "%s is '%s'; it must be a share, 0 to 1 or in %%", what, at->text);
        return false;
    }
    if (amount.value >= 0.0 && amount.value <= 1.0) {
        *value = amount.value;
        return true;
    }
    if (!amount.is_percent && amount.value > 1.0 && amount.value <= 100.0) {
        wp_report_error(r, at, "%s is %s; it must be 0 to 1. Did you mean '%s %%'?", what, at->text,
                        at->text);
    } else {
        wp_report_error(r, at, "%s is %s; it must be 0 to 1", what, at->text);
    }
    return false;
}

bool wp_rate_read(wp_reader *r, const wp_node *at, const char *what, double *per_year)
{
    wp_amount amount;
    *per_year = 0.0;
    if (!read_amount(r, at, what, "a rate, such as '0.03 per year'", &amount)) { return false; }
    if (amount.unit != WP_UNIT_PER_YEAR || amount.is_percent) {
        wp_report_error(r, at, "%s is '%s'; it must be a rate, such as '0.03 per year'", what, at->text);
        return false;
    }
    if (!check_range(r, at, what, amount.value, 0.0, INFINITY)) { return false; }
    *per_year = amount.value;
    return true;
}

static bool read_duration(wp_reader *r, const wp_node *at, const char *what, bool for_ever, double *years)
{
    wp_amount amount;
    *years = 0.0;
    const char *form = for_ever ? "a duration, such as '30 days', or 'for ever'"
                                : "a duration, such as '30 days' or '1 year'";
    if (!read_amount(r, at, what, form, &amount)) { return false; }
    if (amount.unit != WP_UNIT_DURATION || amount.is_per_year) {
        wp_report_error(r, at, "%s is '%s'; it must be %s", what, at->text, form);
        return false;
    }
    if (isinf(amount.value) && !for_ever) {
        wp_report_error(r, at, "%s cannot last for ever", what);
        return false;
    }
    if (!(amount.value >= 0.0)) {
        wp_report_error(r, at, "%s is %s; it must be 0 or more", what, at->text);
        return false;
    }
    *years = amount.value;
    return true;
}

bool wp_duration_read(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    return read_duration(r, at, what, false, years);
}

bool wp_duration_or_for_ever_read(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    return read_duration(r, at, what, true, years);
}

bool wp_every_read(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    *years = 0.0;
    if (at == NULL) { return false; }
    wp_node rest = *at;
    if (at->kind != WP_NODE_SCALAR || strncmp(at->text, "every ", 6) != 0) {
        wp_report_error(r, at, "%s must be a period, such as 'every 1 month'", what);
        return false;
    }
    rest.text = at->text + 6;
    rest.quoted = false;
    if (!read_duration(r, &rest, what, false, years)) { return false; }
    if (*years > 0.0) { return true; }
    wp_report_error(r, at, "%s must be more than 0", what);
    return false;
}

bool wp_age_read(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    wp_amount amount;
    *years = 0.0;
    if (at != NULL && at->kind == WP_NODE_SCALAR && !at->quoted &&
        wp_amount_parse(at->text, &amount, NULL) == WP_AMOUNT_OK && amount.unit == WP_UNIT_NONE) {
        wp_report_error(r, at, "%s has no unit; write '%s years'", what, at->text);
        return false;
    }
    if (!wp_duration_read(r, at, what, years)) { return false; }
    if (*years < WP_MAX_AGE + 1) { return true; }
    wp_report_error(r, at, "%s is %s; it must be 0 to %d years", what, at->text, (int)WP_MAX_AGE);
    *years = 0.0;
    return false;
}

bool wp_run_years_read(wp_reader *r, const wp_node *at, const char *what, int *first, int *last)
{
    *first = 1;
    *last = INT_MAX;
    if (at == NULL) { return false; }
    wp_band band;
    const char *why = "";
    if (at->kind != WP_NODE_SCALAR || !wp_band_parse(at->text, WP_BAND_RUN_YEARS, 0, &band, &why)) {
        wp_report_error(r, at, "%s must be years of the run, such as 1-5%s%s", what,
                        why[0] != '\0' ? ": " : "", why);
        return false;
    }
    if (band.lo >= r->scenario->n_years + 1 && r->scenario->n_years > 0) {
        wp_report_error(r, at, "%s begin after the run's %d years", what, r->scenario->n_years);
        return false;
    }
    if (isfinite(band.hi) && band.hi > r->scenario->n_years && r->scenario->n_years > 0) {
        wp_report_warning(r, at, "%s end after the run's %d years, and are taken to its end", what,
                          r->scenario->n_years);
    }
    *first = (int)band.lo + 1;
    *last = isinf(band.hi) ? INT_MAX : (int)band.hi;
    return true;
}

bool wp_flag_read(wp_reader *r, const wp_node *at, const char *what, bool *value)
{
    if (at == NULL) { return false; }
    if (wp_node_is(at, "true") || wp_node_is(at, "yes")) { return *value = true, true; }
    if (wp_node_is(at, "false") || wp_node_is(at, "no")) { return *value = false, true; }
    wp_report_error(r, at, "%s must be true or false", what);
    return false;
}

const char *wp_string_read(wp_reader *r, const wp_node *at, const char *what)
{
    if (at == NULL) { return NULL; }
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "%s must be a text", what);
        return NULL;
    }
    if (at->text[0] == '\0') {
        wp_report_error(r, at, "%s has no text", what);
        return NULL;
    }
    if (strlen(at->text) > 4000) {
        wp_report_error(r, at, "%s has more than 4,000 bytes", what);
        return NULL;
    }
    return wp_reader_keep(r, at->text);
}

char wp_grade_read(wp_reader *r, const wp_node *at)
{
    if (at == NULL) { return '\0'; }
    if (wp_node_is(at, "A")) { return 'A'; }
    if (wp_node_is(at, "B")) { return 'B'; }
    if (wp_node_is(at, "C")) { return 'C'; }
    wp_report_error(r, at, "a grade is A (seen), B (recalled) or C (assumed)");
    return '\0';
}

bool wp_name_check(wp_reader *r, const wp_node *at, const char *what)
{
    const char *text = at->text;
    bool good = at->kind == WP_NODE_SCALAR && text[0] >= 'a' && text[0] <= 'z' && strlen(text) <= 100;
    for (const char *p = text; good && *p != '\0'; p++) {
        good = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
    }
    if (!good) {
        wp_report_error(r, at, "'%s' cannot be the name of %s", text, what);
        wp_report_hint(
            r,
            "a name has small letters, digits and _, begins with a letter, and has at most 100 characters");
    }
    return good;
}

bool wp_level_check(wp_reader *r, const wp_node *at)
{
    static const char *const refused[] = {"yes", "no", "on",   "off", "true", "false",
                                          "y",   "n",  "null", "~",   ""};
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "a level must be a word or a number");
        return false;
    }
    char small[8] = "";
    for (size_t i = 0; i + 1 < sizeof small && at->text[i] != '\0'; i++) {
        char c = at->text[i];
        small[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (strcmp(small, refused[i]) != 0 || strlen(at->text) >= sizeof small) { continue; }
        wp_report_error(r, at, "'%s' cannot be a level: YAML programs read it as true, false or nothing",
                        at->text);
        wp_report_hint(r, "write words that say what it is, such as 'present' and 'absent'");
        return false;
    }
    if (strlen(at->text) > 100) {
        wp_report_error(r, at, "a level has at most 100 characters");
        return false;
    }
    return true;
}
