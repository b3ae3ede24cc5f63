/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions: reading them, and checking that value and spread are possible together. */
#include "scenario/distribution.h"

#include <math.h>
#include <string.h>

#include "scenario/number.h"

static const char *const NAMES[] = {"none", "normal",  "lognormal", "gamma",
                                    "beta", "uniform", "pert",      "dirichlet"};

enum { N_NAMES = 8 };

static void report_name(wp_reader *r, const wp_node *at, const char *name)
{
    wp_report_error(r, at, "unknown distribution '%s'%s", name, wp_report_nearest(r, name, NAMES, N_NAMES));
    wp_report_hint(r, "known are normal, lognormal, gamma, beta, uniform, pert, and dirichlet with counts");
}

static bool read_interval(wp_reader *r, const wp_node *at, double scale, wp_distribution *d)
{
    if (at->kind != WP_NODE_LIST || at->n != 2) {
        wp_report_error(r, at, "'interval95' is [low, high]");
        return false;
    }
    if (!wp_number_read(r, at->items[0], "'interval95'", -INFINITY, INFINITY, &d->interval_low) ||
        !wp_number_read(r, at->items[1], "'interval95'", -INFINITY, INFINITY, &d->interval_high)) {
        return false;
    }
    if (!(d->interval_low < d->interval_high)) {
        wp_report_error(r, at, "'interval95' goes from %.6g to %.6g; low must be below high", d->interval_low,
                        d->interval_high);
        return false;
    }
    d->interval_low *= scale;
    d->interval_high *= scale;
    return true;
}

/* One of sd, cv, low, high. */
static bool read_part(wp_reader *r, const wp_node *map, const char *key, double lo, double scale,
                      double *value)
{
    const wp_node *at = wp_node_get(map, key);
    if (at == NULL) { return true; }
    if (!wp_number_read(r, at, wp_reader_format(r, "'%s'", key), lo, INFINITY, value)) { return false; }
    *value *= scale;
    return true;
}

static bool read_parts(wp_reader *r, const wp_node *at, double scale, wp_distribution *d)
{
    static const char *const KEYS[] = {"sd", "cv", "interval95", "low", "high", "value_is", "acts_on", NULL};
    const wp_node *interval = wp_node_get(at, "interval95");
    const wp_node *value_is = wp_node_get(at, "value_is");
    const wp_node *acts_on = wp_node_get(at, "acts_on");
    bool good = wp_node_check_keys(r, at, "a distribution", KEYS);
    if (!good && at->kind != WP_NODE_MAP) { return false; }
    good = read_part(r, at, "sd", 0.0, scale, &d->sd) && good;
    good = read_part(r, at, "cv", 0.0, 1.0, &d->cv) && good;
    good = read_part(r, at, "low", -INFINITY, scale, &d->low) && good;
    good = read_part(r, at, "high", -INFINITY, scale, &d->high) && good;
    good = (interval == NULL || read_interval(r, interval, scale, d)) && good;
    if (wp_node_is(value_is, "median")) {
        d->value_is_median = true;
    } else if (value_is != NULL && !wp_node_is(value_is, "mean")) {
        wp_report_error(r, value_is, "'value_is' is '%s'; it must be mean or median", value_is->text);
        good = false;
    }
    if (wp_node_is(acts_on, "contrast")) {
        d->on_contrast = true;
    } else if (acts_on != NULL && !wp_node_is(acts_on, "level")) {
        wp_report_error(r, acts_on, "'acts_on' is '%s'; it must be level or contrast", acts_on->text);
        good = false;
    }
    return good;
}

/* The parts that this kind needs, no fewer and no more. */
static bool check_parts(wp_reader *r, const wp_node *at, const wp_distribution *d, const char *name)
{
    int spreads = (isnan(d->sd) ? 0 : 1) + (isnan(d->cv) ? 0 : 1) + (isnan(d->interval_low) ? 0 : 1);
    bool bounds = !isnan(d->low) || !isnan(d->high);
    if (d->kind == WP_DISTRIBUTION_UNIFORM || d->kind == WP_DISTRIBUTION_PERT) {
        if (isnan(d->low) || isnan(d->high) || spreads > 0) {
            wp_report_error(r, at, "'%s' needs 'low' and 'high', and nothing else", name);
            return false;
        }
        if (!(d->low < d->high)) {
            wp_report_error(r, at, "'low' (%.6g) must be below 'high' (%.6g)", d->low, d->high);
            return false;
        }
        return true;
    }
    if (spreads != 1 || bounds) {
        wp_report_error(r, at, "'%s' needs exactly one of 'sd', 'cv', 'interval95'", name);
        return false;
    }
    return true;
}

/* Is the value inside the distribution's support, and its spread possible there? */
static bool check_value(wp_reader *r, const wp_node *at, const wp_distribution *d, const char *name,
                        double mean)
{
    double sd = !isnan(d->sd) ? d->sd : d->cv * mean;
    if (isnan(mean)) { return true; }
    if (!isnan(d->low) && !(mean >= d->low && mean <= d->high)) {
        wp_report_error(r, at, "the value %.6g is outside 'low' to 'high' (%.6g to %.6g)", mean, d->low,
                        d->high);
        return false;
    }
    bool positive = d->kind == WP_DISTRIBUTION_LOGNORMAL || d->kind == WP_DISTRIBUTION_GAMMA;
    if (positive && !(mean > 0.0 && !(d->interval_low <= 0.0))) {
        wp_report_error(r, at, "'%s' is for numbers over 0", name);
        return false;
    }
    if (d->kind == WP_DISTRIBUTION_BETA) {
        if (!(mean > 0.0 && mean < 1.0) || d->interval_low < 0.0 || d->interval_high > 1.0) {
            wp_report_error(r, at, "'beta' is for numbers between 0 and 1");
            return false;
        }
        if (sd * sd >= mean * (1.0 - mean)) {
            wp_report_error(r, at, "'sd' %.6g is too large for a beta with mean %.6g; it must be below %.6g",
                            sd, mean, sqrt(mean * (1.0 - mean)));
            return false;
        }
    }
    if (d->interval_low > mean || d->interval_high < mean) {
        wp_report_error(r, at, "the value %.6g is outside its 'interval95' (%.6g to %.6g)", mean,
                        d->interval_low, d->interval_high);
        return false;
    }
    return true;
}

/* The only key of a map, or the word itself. */
static const char *name_of(const wp_node *at)
{
    if (at->kind == WP_NODE_SCALAR) { return at->text; }
    return at->kind == WP_NODE_MAP && at->n == 1 ? at->pairs[0].key->text : NULL;
}

bool wp_distribution_read(wp_reader *r, const wp_node *at, double scale, double mean, bool is_table,
                          bool has_counts, wp_distribution *distribution)
{
    const double none = (double)NAN;
    wp_distribution d = {WP_DISTRIBUTION_NONE, none, none, none, none, none, none, false, false};
    *distribution = d;
    if (at == NULL) { return true; }
    const char *name = name_of(at);
    int kind = -1;
    for (int i = 0; name != NULL && i < N_NAMES; i++) { kind = strcmp(NAMES[i], name) == 0 ? i : kind; }
    if (name == NULL) {
        wp_report_error(r, at, "a distribution is written {NAME: {…}}, such as {gamma: {sd: 0.06}}");
        return false;
    }
    if (kind < 0) {
        report_name(r, at->kind == WP_NODE_MAP ? at->pairs[0].key : at, name);
        return false;
    }
    d.kind = (wp_distribution_kind)kind;
    if (has_counts != (d.kind == WP_DISTRIBUTION_DIRICHLET) && d.kind != WP_DISTRIBUTION_NONE) {
        wp_report_error(
            r, at, has_counts ? "counts have the distribution 'dirichlet'" : "'dirichlet' needs 'counts'");
        return false;
    }
    if (d.kind == WP_DISTRIBUTION_NONE || has_counts) {
        distribution->kind = d.kind;
        return true;
    }
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at, "'%s' does not say how unsure: write {%s: {sd: …}}", name, name);
        return false;
    }
    const wp_node *parts = at->pairs[0].value;
    double as = is_table ? 1.0 : scale;
    if (!read_parts(r, parts, as, &d) || !check_parts(r, parts, &d, name) ||
        !check_value(r, parts, &d, name, is_table ? 1.0 : mean)) {
        return false;
    }
    *distribution = d;
    return true;
}
