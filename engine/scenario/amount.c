/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One number with its unit, from its text. strtod in the "C" locale, so that a program's locale cannot
   change what a scenario means. */
#define _GNU_SOURCE
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/number.h"

typedef struct unit_word {
    const char *text;
    wp_unit unit;
    double scale;
} unit_word;

#define PER_DAY 365.25
#define PER_MONTH 12.0

/* Units of `unit:` entries. A day is 1/365.25 year, a month 1/12. */
static const unit_word named_units[] = {
    {"per year", WP_UNIT_PER_YEAR, 1.0},
    {"per month", WP_UNIT_PER_YEAR, PER_MONTH},
    {"per day", WP_UNIT_PER_YEAR, PER_DAY},
    {"probability", WP_UNIT_PROBABILITY, 1.0},
    {"proportion", WP_UNIT_PROPORTION, 1.0},
    {"hazard ratio", WP_UNIT_HAZARD_RATIO, 1.0},
    {"odds ratio", WP_UNIT_ODDS_RATIO, 1.0},
    {"risk ratio", WP_UNIT_RISK_RATIO, 1.0},
    {"days", WP_UNIT_DURATION, 1.0 / PER_DAY},
    {"months", WP_UNIT_DURATION, 1.0 / PER_MONTH},
    {"years", WP_UNIT_DURATION, 1.0},
    {"places", WP_UNIT_PLACES, 1.0},
    {"weight", WP_UNIT_WEIGHT, 1.0},
    {"GBP", WP_UNIT_GBP, 1.0},
    {"none", WP_UNIT_NONE, 1.0},
};

/* What may follow a number. */
static const unit_word written_units[] = {
    {"per year", WP_UNIT_PER_YEAR, 1.0},
    {"per month", WP_UNIT_PER_YEAR, PER_MONTH},
    {"per day", WP_UNIT_PER_YEAR, PER_DAY},
    {"day", WP_UNIT_DURATION, 1.0 / PER_DAY},
    {"days", WP_UNIT_DURATION, 1.0 / PER_DAY},
    {"month", WP_UNIT_DURATION, 1.0 / PER_MONTH},
    {"months", WP_UNIT_DURATION, 1.0 / PER_MONTH},
    {"year", WP_UNIT_DURATION, 1.0},
    {"years", WP_UNIT_DURATION, 1.0},
    {"%", WP_UNIT_PROPORTION, 0.01},
    {"% per year", WP_UNIT_PER_YEAR, 0.01},
    {"GBP", WP_UNIT_GBP, 1.0},
    {"places", WP_UNIT_PLACES, 1.0},
};

enum {
    N_NAMED_UNITS = sizeof named_units / sizeof named_units[0],
    N_WRITTEN_UNITS = sizeof written_units / sizeof written_units[0]
};

/* A word such as QALY or life-year: letters and hyphens, with a capital or a hyphen in it. */
static bool is_other_unit(const char *text)
{
    bool marked = false;
    if (!isalpha((unsigned char)text[0])) { return false; }
    for (const char *p = text; *p != '\0'; p++) {
        if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_') { return false; }
        marked = marked || *p == '-' || isupper((unsigned char)*p);
    }
    return marked && strlen(text) <= 40;
}

bool wp_unit_parse(const char *text, wp_unit *unit, double *scale)
{
    for (int i = 0; i < N_NAMED_UNITS; i++) {
        if (strcmp(text, named_units[i].text) == 0) {
            *unit = named_units[i].unit;
            *scale = named_units[i].scale;
            return true;
        }
    }
    *unit = WP_UNIT_OTHER;
    *scale = 1.0;
    return is_other_unit(text);
}

const char *wp_unit_name(wp_unit unit)
{
    switch (unit) {
    case WP_UNIT_NONE: return "a bare number";
    case WP_UNIT_PER_YEAR: return "per year";
    case WP_UNIT_PROBABILITY: return "probability";
    case WP_UNIT_PROPORTION: return "proportion";
    case WP_UNIT_HAZARD_RATIO: return "hazard ratio";
    case WP_UNIT_ODDS_RATIO: return "odds ratio";
    case WP_UNIT_RISK_RATIO: return "risk ratio";
    case WP_UNIT_DURATION: return "years";
    case WP_UNIT_PLACES: return "places";
    case WP_UNIT_WEIGHT: return "weight";
    case WP_UNIT_GBP: return "GBP";
    case WP_UNIT_OTHER: break;
    }
    return "another value";
}

/* Length of the number at the beginning of `text`: sign, digits, point, exponent; 0 when there is none. */
static size_t number_length(const char *text)
{
    size_t i = text[0] == '-' || text[0] == '+';
    size_t first = i;
    while (isdigit((unsigned char)text[i])) { i++; }
    size_t n_digits = i - first;
    if (text[i] == '.') {
        i++;
        size_t fraction = i;
        while (isdigit((unsigned char)text[i])) { i++; }
        n_digits += i - fraction;
    }
    if (n_digits == 0) { return 0; }
    if (text[i] == 'e' || text[i] == 'E') {
        size_t k = i + 1;
        k += text[k] == '-' || text[k] == '+';
        if (isdigit((unsigned char)text[k])) {
            while (isdigit((unsigned char)text[k])) { k++; }
            i = k;
        }
    }
    return i;
}

static double to_double(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = c != (locale_t)0 ? strtod_l(text, NULL, c) : NAN;
    if (c != (locale_t)0) { freelocale(c); }
    return value;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static wp_amount_result refuse(const char **why, const char *sentence)
{
    if (why != NULL) { *why = sentence; }
    return WP_AMOUNT_BAD;
}

/* What is wrong with text after a number that is no unit. */
static wp_amount_result refuse_rest(const char *rest, const char **why)
{
    if (*rest == ',') { return refuse(why, "a comma cannot stand in a number: write 1542, or 0.5"); }
    if (begins(rest, "per 1000") || begins(rest, "per 1,000") || begins(rest, "per 100") ||
        begins(rest, "per thousand")) {
        return refuse(why, "divide by the base (1000) and write 'per year'");
    }
    if (begins(rest, "per week")) {
        return refuse(why, "weeks are no unit: multiply by 52.18 and write 'per year'");
    }
    if (begins(rest, "per ")) { return refuse(why, "a rate is 'per year', 'per month' or 'per day'"); }
    if (begins(rest, "week")) { return refuse(why, "weeks are no unit: write '14 days' for two of them"); }
    if (begins(rest, "\xC2\xA3") || strcmp(rest, "pounds") == 0) {
        return refuse(why, "write money as '1542 GBP'");
    }
    return refuse(why, "units are 'per year' (month, day), '%', 'days', 'months', 'years', 'GBP', or words "
                       "such as 'QALY' and 'life-year'");
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ') { p++; }
    return p;
}

/* "GBP per year", "days per year": a unit over time. Text after the unit's word, or NULL. */
static bool is_over_time(const char *rest, wp_amount *amount)
{
    static const char tail[] = " per year";
    size_t length = strlen(rest);
    if (length <= sizeof tail - 1 || strcmp(rest + length - (sizeof tail - 1), tail) != 0) { return false; }
    size_t n = length - (sizeof tail - 1);
    char word[48];
    if (n >= sizeof word) { return false; }
    memcpy(word, rest, n);
    word[n] = '\0';
    wp_unit unit = WP_UNIT_OTHER;
    double scale = 1.0;
    if (strcmp(word, "%") == 0 || begins(word, "per ") || !wp_unit_parse(word, &unit, &scale)) {
        return false;
    }
    amount->unit = unit;
    amount->scale = scale;
    amount->is_per_year = true;
    return true;
}

static bool find_unit(const char *rest, wp_amount *amount)
{
    if (*rest == '\0') { return true; }
    for (int i = 0; i < N_WRITTEN_UNITS; i++) {
        if (strcmp(rest, written_units[i].text) != 0) { continue; }
        amount->unit = written_units[i].unit;
        amount->scale = written_units[i].scale;
        amount->is_percent = rest[0] == '%';
        return true;
    }
    if (is_over_time(rest, amount)) { return true; }
    amount->unit = WP_UNIT_OTHER;
    return is_other_unit(rest);
}

wp_amount_result wp_amount_parse(const char *text, wp_amount *amount, const char **why)
{
    *amount = (wp_amount){.scale = 1.0, .unit = WP_UNIT_NONE, .unit_text = ""};
    if (strcmp(text, "for ever") == 0) {
        amount->value = INFINITY;
        amount->unit = WP_UNIT_DURATION;
        amount->unit_text = text;
        return WP_AMOUNT_OK;
    }
    if (begins(text, "\xC2\xA3")) { return refuse(why, "write money as '1542 GBP'"); }
    size_t length = number_length(text);
    if (length == 0) { return WP_AMOUNT_NOT_A_NUMBER; }
    if (length > 60) { return refuse(why, "a number has at most 60 characters"); }
    if (isalpha((unsigned char)text[length]) || text[length] == '_') {
        return isalpha((unsigned char)text[0])
                   ? WP_AMOUNT_NOT_A_NUMBER
                   : refuse(why, "a blank must stand between a number and its unit");
    }
    char digits[64];
    memcpy(digits, text, length);
    digits[length] = '\0';
    double written = to_double(digits);
    if (!isfinite(written)) { return refuse(why, "this number is too large"); }
    const char *rest = skip_blanks(text + length);
    if (text[length] == ',' || !find_unit(rest, amount)) { return refuse_rest(rest, why); }
    amount->unit_text = rest;
    amount->value = amount->is_percent            ? written / 100.0
                    : amount->unit == WP_UNIT_DURATION && amount->scale < 0.01 ? written / PER_DAY
                    : amount->unit == WP_UNIT_DURATION && amount->scale < 1.0  ? written / PER_MONTH
                                                                               : written * amount->scale;
    return WP_AMOUNT_OK;
}
