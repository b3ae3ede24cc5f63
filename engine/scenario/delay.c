/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delays and multipliers: distributions that lives are drawn from. */
#include "scenario/delay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool parts_of(wp_reader *r, const wp_node *map, wp_subject_kind of, const char *name, wp_use mean_use,
                     wp_quantity *mean, wp_quantity *spread, bool *by_shape)
{
    static const char *const KEYS[] = {"mean", "cv", "shape", NULL};
    const wp_node *at = wp_node_get(map, "mean");
    const wp_node *cv = wp_node_get(map, "cv");
    const wp_node *shape = wp_node_get(map, "shape");
    if (!wp_node_check_keys(r, map, wp_reader_format(r, "'%s'", name), KEYS) && map->kind != WP_NODE_MAP) {
        return false;
    }
    bool lognormal = strcmp(name, "lognormal") == 0;
    *by_shape = shape != NULL;
    if (at == NULL || (cv != NULL) == (shape != NULL) || (lognormal && shape != NULL)) {
        wp_report_error(r, map, "'%s' needs 'mean' and %s", name,
                        lognormal ? "'cv'" : "one of 'cv' and 'shape'");
        return false;
    }
    bool good = wp_quantity_read(r, at, of, mean_use, "'mean'", mean);
    return wp_quantity_read(r, cv != NULL ? cv : shape, of, WP_USE_POSITIVE, cv != NULL ? "'cv'" : "'shape'",
                            spread) &&
           good;
}

static bool read_weibull(wp_reader *r, const wp_node *map, wp_subject_kind of, wp_duration *delay)
{
    static const char *const KEYS[] = {"shape", "scale", NULL};
    if (!wp_node_check_keys(r, map, "'weibull'", KEYS) && map->kind != WP_NODE_MAP) { return false; }
    const wp_node *shape = wp_node_need(r, map, "'weibull'", "shape");
    const wp_node *scale = wp_node_need(r, map, "'weibull'", "scale");
    delay->kind = WP_DURATION_WEIBULL;
    delay->cv_is_shape = true;
    bool good = shape != NULL && wp_quantity_read(r, shape, of, WP_USE_POSITIVE, "'shape'", &delay->cv);
    return scale != NULL && wp_quantity_read(r, scale, of, WP_USE_DURATION, "'scale'", &delay->mean) && good;
}

static bool read_exponential(wp_reader *r, const wp_node *map, wp_subject_kind of, wp_duration *delay)
{
    static const char *const KEYS[] = {"mean", NULL};
    if (!wp_node_check_keys(r, map, "'exponential'", KEYS) && map->kind != WP_NODE_MAP) { return false; }
    const wp_node *mean = wp_node_need(r, map, "'exponential'", "mean");
    delay->kind = WP_DURATION_EXPONENTIAL;
    return mean != NULL && wp_quantity_read(r, mean, of, WP_USE_DURATION, "'mean'", &delay->mean);
}

static bool read_map(wp_reader *r, const wp_node *at, wp_subject_kind of, const char *what,
                     wp_duration *delay)
{
    static const char *const NAMES[] = {"gamma", "lognormal", "weibull", "exponential", "empirical"};
    const char *name = at->n == 1 ? at->pairs[0].key->text : "";
    const wp_node *parts = at->n == 1 ? at->pairs[0].value : NULL;
    int found = -1;
    for (int i = 0; i < 5; i++) { found = strcmp(name, NAMES[i]) == 0 ? i : found; }
    switch (found) {
    case 0: case 1:
        delay->kind = found == 0 ? WP_DURATION_GAMMA : WP_DURATION_LOGNORMAL;
        return parts_of(r, parts, of, name, WP_USE_DURATION, &delay->mean, &delay->cv, &delay->cv_is_shape);
    case 2: return read_weibull(r, parts, of, delay);
    case 3: return read_exponential(r, parts, of, delay);
    case 4:
        delay->kind = WP_DURATION_EMPIRICAL;
        return wp_empirical_read(r, parts, &delay->n_values, &delay->values);
    default: break;
    }
    if (wp_node_get(at, "by") != NULL) {
        return wp_quantity_read(r, at, of, WP_USE_DURATION, what, &delay->mean);
    }
    wp_report_error(
        r, at,
        "%s must be a duration such as '30 days', or one of gamma, lognormal, weibull, exponential, "
        "empirical%s",
        what, wp_report_nearest(r, name, NAMES, 5));
    return false;
}

/* A delay of no length would happen in the same instant, again and again. */
static bool check_length(wp_reader *r, const wp_node *at, const char *what, const wp_duration *delay)
{
    if (delay->mean.kind != WP_QUANTITY_NUMBER || delay->kind == WP_DURATION_EMPIRICAL ||
        delay->kind == WP_DURATION_FOR_EVER || delay->mean.value > 0.0) {
        return true;
    }
    wp_report_error(r, at, "%s must be longer than nothing", what);
    return false;
}

bool wp_delay_read(wp_reader *r, const wp_node *at, wp_subject_kind of, const char *what, bool for_ever,
                   wp_duration *delay)
{
    *delay = (wp_duration){.kind = WP_DURATION_FIXED, .mean = wp_quantity_number(1.0),
                           .cv = wp_quantity_number(1.0), .pos = at->pos};
    if (wp_node_is(at, "for ever")) {
        delay->kind = WP_DURATION_FOR_EVER;
        delay->mean = wp_quantity_number(INFINITY);
        if (!for_ever) { wp_report_error(r, at, "%s cannot be 'for ever'", what); }
        return for_ever;
    }
    bool good = at->kind == WP_NODE_MAP ? read_map(r, at, of, what, delay)
                                        : wp_quantity_read(r, at, of, WP_USE_DURATION, what, &delay->mean);
    return good && check_length(r, at, what, delay);
}

bool wp_multiplier_read(wp_reader *r, const wp_node *at, wp_multiplier *multiplier)
{
    static const char *const NAMES[] = {"fixed", "gamma", "lognormal"};
    const char *name = at->kind == WP_NODE_MAP && at->n == 1 ? at->pairs[0].key->text : "";
    const wp_node *parts = at->kind == WP_NODE_MAP && at->n == 1 ? at->pairs[0].value : NULL;
    wp_subject_kind place = WP_PLACE; /* drawn at entry: nothing of the subject is known yet */
    multiplier->mean = wp_quantity_number(1.0);
    multiplier->cv = wp_quantity_number(0.0);
    if (at->kind == WP_NODE_SCALAR) {
        multiplier->kind = WP_MULTIPLIER_FIXED;
        return wp_quantity_read(r, at, place, WP_USE_POSITIVE, "'multiplier'", &multiplier->mean);
    }
    if (strcmp(name, "fixed") == 0) {
        const wp_node *mean = parts->kind == WP_NODE_MAP ? wp_node_need(r, parts, "'fixed'", "mean") : parts;
        multiplier->kind = WP_MULTIPLIER_FIXED;
        return mean != NULL &&
               wp_quantity_read(r, mean, place, WP_USE_POSITIVE, "'fixed'", &multiplier->mean);
    }
    if (strcmp(name, "gamma") == 0 || strcmp(name, "lognormal") == 0) {
        multiplier->kind = name[0] == 'g' ? WP_MULTIPLIER_GAMMA : WP_MULTIPLIER_LOGNORMAL;
        return parts_of(r, parts, place, name, WP_USE_POSITIVE, &multiplier->mean, &multiplier->cv,
                        &multiplier->cv_is_shape);
    }
    wp_report_error(r, at, "'multiplier' is {gamma: {mean: 1, cv: 1.2}}, {lognormal: {…}} or {fixed: 1}%s",
                    wp_report_nearest(r, name, NAMES, 3));
    return false;
}
