/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uses: the table of what fits where, and the messages of those that do not. */
#include "scenario/use.h"

#include <math.h>

#define BIT(unit) (UINT32_C(1) << (unit))
#define RATIO (BIT(WP_UNIT_NONE) | BIT(WP_UNIT_PROPORTION))

static const wp_use_rule RULES[WP_N_USES] = {
    [WP_USE_HAZARD] = {BIT(WP_UNIT_PER_YEAR), WP_UNIT_PER_YEAR, false, true, 0.0, INFINITY, "'per year'"},
    [WP_USE_PROBABILITY] = {BIT(WP_UNIT_PROBABILITY) | BIT(WP_UNIT_PROPORTION), WP_UNIT_PROBABILITY, true,
                            false, 0.0, 1.0, "a probability"},
    [WP_USE_WEIGHT] = {RATIO | BIT(WP_UNIT_WEIGHT) | BIT(WP_UNIT_PROBABILITY), WP_UNIT_WEIGHT, true, false,
                       0.0, INFINITY, "a weight"},
    [WP_USE_DURATION] = {BIT(WP_UNIT_DURATION), WP_UNIT_DURATION, false, true, 0.0, INFINITY,
                         "a duration, such as '30 days'"},
    [WP_USE_HAZARD_FACTOR] = {RATIO | BIT(WP_UNIT_HAZARD_RATIO), WP_UNIT_HAZARD_RATIO, true, false, 0.0,
                              INFINITY, "a hazard ratio"},
    [WP_USE_ODDS_FACTOR] = {RATIO | BIT(WP_UNIT_ODDS_RATIO), WP_UNIT_ODDS_RATIO, true, false, 0.0, INFINITY,
                            "an odds ratio"},
    [WP_USE_PROBABILITY_FACTOR] = {RATIO | BIT(WP_UNIT_RISK_RATIO), WP_UNIT_RISK_RATIO, true, false, 0.0,
                                   INFINITY, "a risk ratio"},
    [WP_USE_DELAY_FACTOR] = {RATIO, WP_UNIT_NONE, true, false, 0.0, INFINITY, "a plain ratio ('unit: none')"},
    [WP_USE_ODDS_RATIO] = {RATIO | BIT(WP_UNIT_ODDS_RATIO), WP_UNIT_ODDS_RATIO, true, false, 0.0, INFINITY,
                           "an odds ratio"},
    [WP_USE_POSITIVE] = {RATIO, WP_UNIT_NONE, true, false, 0x1p-1000, INFINITY, "a plain number over 0"},
    [WP_USE_NUMBER] = {RATIO, WP_UNIT_NONE, true, false, -INFINITY, INFINITY, "a plain number"},
    [WP_USE_PLACES] = {BIT(WP_UNIT_NONE) | BIT(WP_UNIT_PLACES), WP_UNIT_PLACES, true, false, 0.0, 1e12,
                       "a number of places"},
    [WP_USE_PLACES_PER_YEAR] = {BIT(WP_UNIT_PER_YEAR), WP_UNIT_PER_YEAR, false, true, 0.0, 1e12,
                                "'per year'"},
    [WP_USE_GROWTH] = {BIT(WP_UNIT_PER_YEAR), WP_UNIT_PER_YEAR, false, true, -INFINITY, INFINITY,
                       "'per year'"},
    [WP_USE_RATE_OF_POWER] = {BIT(WP_UNIT_PER_YEAR) | BIT(WP_UNIT_NONE), WP_UNIT_NONE, true, false, 0.0,
                              INFINITY, "a rate"}};

const wp_use_rule *wp_use_rule_of(wp_use use)
{
    return &RULES[use];
}

bool wp_use_check_value(wp_reader *r, const wp_node *at, wp_use use, const char *what, const char *name,
                        double value)
{
    const wp_use_rule *rule = &RULES[use];
    if (isnan(value) || (value >= rule->lo && value <= rule->hi && isfinite(value))) { return true; }
    const char *label = name == NULL ? what : wp_reader_format(r, "%s '%s'", what, name);
    if (use == WP_USE_PROBABILITY && value > 1.0 && value <= 100.0 && name == NULL) {
        wp_report_error(r, at, "%s is %.6g; it must be 0 to 1. Did you mean '%.6g %%'?", label, value, value);
    } else if (use == WP_USE_PROBABILITY) {
        wp_report_error(r, at, "%s is %.6g; it must be 0 to 1", label, value);
    } else if (use == WP_USE_POSITIVE) {
        wp_report_error(r, at, "%s is %.6g; it must be over 0", label, value);
    } else if (value < rule->lo) {
        wp_report_error(r, at, "%s is %.6g; it must be %.6g or more", label, value, rule->lo);
    } else {
        wp_report_error(r, at, "%s is %.6g; that is too large", label, value);
    }
    return false;
}

bool wp_use_check_unit(wp_reader *r, const wp_node *at, wp_use use, const char *what, const char *name,
                       wp_unit unit, double value)
{
    const wp_use_rule *rule = &RULES[use];
    if ((rule->units & BIT(unit)) != 0) { return true; }
    const char *number = isnan(value) ? "" : wp_reader_format(r, " (%.6g)", value);
    const char *title = unit == WP_UNIT_DURATION ? "duration" : wp_unit_name(unit);
    const char *article = unit == WP_UNIT_ODDS_RATIO ? "an" : "a";
    const uint32_t plain = BIT(WP_UNIT_PER_YEAR) | BIT(WP_UNIT_NONE) | BIT(WP_UNIT_GBP) | BIT(WP_UNIT_OTHER) |
                           BIT(WP_UNIT_PLACES);
    if (use == WP_USE_HAZARD && (unit == WP_UNIT_PROBABILITY || unit == WP_UNIT_PROPORTION)) {
        wp_report_error(r, at, "%s '%s' is a probability%s; a hazard needs 'per year'", what, name, number);
        wp_report_hint(r, "write  hazard: {probability: %s, over: 1 year, competing: none}", name);
    } else if (use == WP_USE_HAZARD_FACTOR && unit == WP_UNIT_ODDS_RATIO) {
        wp_report_error(r, at, "'%s' is an odds ratio; it can multiply a hazard only with a baseline", name);
        wp_report_hint(r, "write  {odds_ratio: %s, baseline: 0.08, over: 1 year}", name);
    } else if (use == WP_USE_PROBABILITY && unit == WP_UNIT_PER_YEAR) {
        wp_report_error(r, at, "%s '%s' is a rate per year%s; a probability is needed", what, name, number);
        wp_report_hint(r, "write  {hazard: %s, over: 1 year}", name);
    } else if ((plain & BIT(unit)) != 0) {
        wp_report_error(r, at, "%s '%s' has the unit '%s'; %s is needed here", what, name, title,
                        rule->needs);
    } else {
        wp_report_error(r, at, "%s '%s' is %s %s; %s is needed here", what, name, article, title,
                        rule->needs);
    }
    return false;
}
