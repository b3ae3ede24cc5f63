/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people write them: with units, per cent signs, dates, ages and bands. */
#ifndef WP_SCENARIO_NUMBER_H
#define WP_SCENARIO_NUMBER_H

#include "scenario/document.h"

/* A number and its unit, parsed from one scalar. */
typedef struct wp_amount {
    double value;          /* as inside: rates per year, durations in years, shares 0 to 1 */
    double scale;          /* inside = written x scale */
    wp_unit unit;          /* NONE for a bare number, PROPORTION for "12 %", PER_YEAR, DURATION, GBP, OTHER */
    bool is_percent;
    bool is_per_year;      /* "GBP per year", "days per year": a unit over time */
    const char *unit_text; /* "", "%", "per month", "days", "GBP", "QALY": into the node's text */
} wp_amount;

typedef enum wp_amount_result {
    WP_AMOUNT_OK, WP_AMOUNT_NOT_A_NUMBER /* a word: perhaps a name */, WP_AMOUNT_BAD /* `why` says it */
} wp_amount_result;

/* Parses "0.03 per year", "12 %", "30 days", "3 months", "1542 GBP", "1 life-year", "3.5 % per year",
   "60000000 GBP per year", "1e6", "for ever" (a duration, INFINITY). `why` (may be NULL) is one sentence:
   thousands separators, "per 1000 per year", an unknown unit, out of range. Needs no reader. */
wp_amount_result wp_amount_parse(const char *text, wp_amount *amount, const char **why);

/* The unit of a `unit:` entry: "per year", "probability", "hazard ratio", "days", … `scale`: inside =
   written x scale. False when not known. "QALY", "life-year" and other capitals-or-hyphen words: OTHER. */
bool wp_unit_parse(const char *text, wp_unit *unit, double *scale);

/* How a unit is called in messages: "per year", "hazard ratio". Never NULL. */
const char *wp_unit_name(wp_unit unit);

/* Each of these reads one scalar, reports at it what is wrong (`what` names it: "'uptake'"), and gives
   false and a harmless value (lo, or 0) then. NULL nodes give false without a word. */
bool wp_number_read(wp_reader *r, const wp_node *at, const char *what, double lo, double hi, double *value);
bool wp_whole_read(wp_reader *r, const wp_node *at, const char *what, int64_t lo, int64_t hi,
                   int64_t *value);
bool wp_share_read(wp_reader *r, const wp_node *at, const char *what, double *value);   /* 0 to 1, or % */
bool wp_rate_read(wp_reader *r, const wp_node *at, const char *what, double *per_year); /* >= 0 */
bool wp_duration_read(wp_reader *r, const wp_node *at, const char *what, double *years); /* >= 0, finite */
bool wp_duration_or_for_ever_read(wp_reader *r, const wp_node *at, const char *what, double *years);
/* "every 1 month": the years between. */
bool wp_every_read(wp_reader *r, const wp_node *at, const char *what, double *years);
/* A date, or `start`: years since clock.start (calendar days / 365.25; may be negative). */
bool wp_date_read(wp_reader *r, const wp_node *at, const char *what, double *years);
/* "1-5", "3", "6+": years of the run, 1-based, both included; INT_MAX when open. Those that begin after the
   run are an error, those that end after it a warning. */
bool wp_run_years_read(wp_reader *r, const wp_node *at, const char *what, int *first, int *last);
/* An `age: 40 years`: a duration, or a bare number with an error that says how to write it. */
bool wp_age_read(wp_reader *r, const wp_node *at, const char *what, double *years);
/* true or false: YAML's words are read here and nowhere else. */
bool wp_flag_read(wp_reader *r, const wp_node *at, const char *what, bool *value);
/* Text of any kind, kept in the scenario. NULL on error. */
const char *wp_string_read(wp_reader *r, const wp_node *at, const char *what);
/* A grade: 'A', 'B', 'C'; 0 and a report otherwise; 0 for NULL. */
char wp_grade_read(wp_reader *r, const wp_node *at);

/* Is this a name (a-z, 0-9, _; a letter first)? Reports at `at` otherwise. */
bool wp_name_check(wp_reader *r, const wp_node *at, const char *what);
/* Is this a level's word? Not yes/no/on/off/true/false/~/null unless quoted … never: an error with a hint. */
bool wp_level_check(wp_reader *r, const wp_node *at);

/* Days from 1970-01-01 of a proleptic Gregorian date; false when there is no such day. */
bool wp_date_parse(const char *text, int64_t *days);

typedef enum wp_band_kind {
    WP_BAND_WHOLE,     /* ages and counts: "0-4" is [0, 5), "85+" is [85, inf), "16" is [16, 17) */
    WP_BAND_YEARS,     /* durations: "0-3 months" is [0, 0.25), "24+ months" */
    WP_BAND_SHARE,     /* "0-6 %" is [0, 0.06), "9+ %", "0.06-0.09" */
    WP_BAND_DATE,      /* "2013-2015" calendar years, both included; "2014+"; "2013-04-01+" from a day on */
    WP_BAND_RUN_YEARS  /* years of the run "1-5" is [0, 5) years since the start */
} wp_band_kind;

/* One band. False and `why` (a sentence) otherwise. `start_days`: of clock.start, for dates. */
bool wp_band_parse(const char *text, wp_band_kind kind, int64_t start_days, wp_band *band,
                   const char **why);

/* The same from a node, reported: for conditions and `ages`. */
bool wp_band_read(wp_reader *r, const wp_node *at, wp_band_kind kind, wp_band *band);

/* Checks bands (of the same axis, any order) for overlap and, with `gaps`, for gaps between the first
   and the last; reports error 4 of the ten at nodes[i]. */
bool wp_bands_check(wp_reader *r, const wp_node *const *nodes, const wp_band *bands, int n, bool gaps);

#endif
