/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors: reading the lists under multiply_…, and naming each by what it says, not where it stands. */
#include "scenario/factor.h"

#include <stdlib.h>
#include <string.h>

static const struct { const char *key; wp_scale scale; wp_use use; } SCALES[] = {
    {"multiply_hazard", WP_SCALE_HAZARD, WP_USE_HAZARD_FACTOR},
    {"multiply_odds", WP_SCALE_ODDS, WP_USE_ODDS_FACTOR},
    {"multiply_probability", WP_SCALE_PROBABILITY, WP_USE_PROBABILITY_FACTOR},
    {"multiply_delay", WP_SCALE_DELAY, WP_USE_DELAY_FACTOR}};

enum { N_SCALES = 4, MAX_KEEP = 4 };

void wp_factors_add(wp_reader *r, wp_factor_list *list, const wp_factor *factor)
{
    if (list->n == list->room) {
        int room = list->room * 2 + 8;
        wp_factor *larger = wp_reader_scratch(r, (size_t)room, sizeof *larger);
        if (larger == NULL) { return; }
        if (list->n > 0) { memcpy(larger, list->list, (size_t)list->n * sizeof *larger); }
        list->list = larger;
        list->room = room;
    }
    list->list[list->n++] = *factor;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const wp_factor *)a)->name, ((const wp_factor *)b)->name);
}

const wp_factor *wp_factors_keep(wp_reader *r, const wp_factor_list *list)
{
    wp_factor *kept = wp_reader_alloc(r, (size_t)list->n, sizeof *kept);
    if (kept == NULL || list->n == 0) { return kept; }
    memcpy(kept, list->list, (size_t)list->n * sizeof *kept);
    qsort(kept, (size_t)list->n, sizeof *kept, by_name);
    return kept;
}

static bool scale_fits(wp_scale scale, wp_factor_place place)
{
    switch (place) {
    case WP_FACTORS_OF_HAZARD: return scale == WP_SCALE_HAZARD;
    case WP_FACTORS_OF_DELAY: return scale == WP_SCALE_DELAY;
    case WP_FACTORS_OF_OPTION: return scale != WP_SCALE_DELAY;
    default: return false;
    }
}

static void report_scale(wp_reader *r, const wp_node *at, const char *key, wp_factor_place place)
{
    static const char *const PLACES[] = {
        "a hazard; write 'multiply_hazard'", "a delay; write 'multiply_delay'",
        "an answer; write 'multiply_odds', 'multiply_hazard' or 'multiply_probability'",
        "a process at set times, which has no hazard or delay; multiply one of its answers"};
    wp_report_error(r, at, "'%s' does not fit %s", key, PLACES[place]);
    if (strcmp(key, "multiply_odds") == 0 && place == WP_FACTORS_OF_HAZARD) {
        wp_report_hint(
            r, "an odds ratio becomes a hazard ratio with  multiply_hazard: [{odds_ratio: …, baseline: 0.08, "
               "over: 1 year}]");
    }
}

/* `keep_average_by: age` or a list of looks. */
static bool read_keep(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_factor *factor)
{
    int n = wp_node_count(at);
    if (n == 0) { return true; }
    if (n > MAX_KEEP) {
        wp_report_error(r, at, "'keep_average_by' takes at most %d", MAX_KEEP);
        return false;
    }
    wp_look *looks = wp_reader_alloc(r, (size_t)n, sizeof *looks);
    if (looks == NULL) { return false; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        if (!wp_look_read(r, item, of, &looks[i])) { return false; }
        if (!wp_look_is_level(&looks[i]) && looks[i].kind != WP_LOOK_AGE) {
            wp_report_error(r, item, "'keep_average_by' takes 'age' and things with levels; '%s' is neither",
                            item->text);
            return false;
        }
    }
    factor->n_keep_average_by = n;
    factor->keep_average_by = looks;
    return true;
}

static bool read_value(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_use use, wp_quantity *value)
{
    static const char *const KEYS[] = {"value", "when", "keep_average_by", NULL};
    const wp_node *inner = wp_node_get(at, "value");
    bool whole = at->kind != WP_NODE_MAP || wp_node_get(at, "by") != NULL ||
                 wp_node_get(at, "odds_ratio") != NULL;
    if (whole) {
        if (inner != NULL) { wp_report_error(r, inner, "'value' cannot stand beside 'by' or 'odds_ratio'"); }
        return wp_quantity_read(r, at, of, use, "a factor", value) && inner == NULL;
    }
    bool good = wp_node_check_keys(r, at, "a factor", KEYS);
    if (inner == NULL) {
        if (good) { wp_report_error(r, at, "the factor has no 'value'"); }
        return false;
    }
    return wp_quantity_read(r, inner, of, use, "a factor", value) && good;
}

static const char *factor_name(wp_reader *r, const char *owner, const wp_factor *f)
{
    const char *name = wp_reader_format(r, "%s/%s", owner, wp_quantity_text(r, &f->value));
    if (f->when != NULL) { name = wp_reader_format(r, "%s when %s", name, wp_condition_text(r, f->when)); }
    for (int i = 0; i < f->n_keep_average_by; i++) {
        name = wp_reader_format(r, "%s%s %s", name, i == 0 ? " keep average by" : ",",
                                wp_look_text(r, &f->keep_average_by[i]));
    }
    return name;
}

/* What a subject carries from its entry on acts on it always. */
static bool check_multiplier(wp_reader *r, const wp_node *at, const wp_factor *f)
{
    if (f->value.kind != WP_QUANTITY_MULTIPLIER) { return true; }
    const char *with = f->when != NULL              ? "'when'"
                       : f->n_keep_average_by > 0 ? "'keep_average_by'"
                       : f->intervention >= 0     ? "an intervention"
                                                  : NULL;
    if (with == NULL) { return true; }
    wp_report_error(r, at, "a multiplier acts always, and not with %s", with);
    if (f->when != NULL) { wp_report_hint(r, "make it two processes, of which one has the multiplier"); }
    return false;
}

static void read_one(wp_reader *r, const wp_node *at, wp_subject_kind of, int scale, const char *owner,
                     int intervention, int change, wp_factor_list *list)
{
    wp_factor f = {
        .scale = SCALES[scale].scale, .intervention = intervention, .change = change, .pos = at->pos};
    bool good = read_value(r, at, of, SCALES[scale].use, &f.value);
    const wp_node *when = wp_node_get(at, "when");
    if (when != NULL) {
        f.when = wp_condition_read(r, when, of);
        good = f.when != NULL && good;
    }
    good = read_keep(r, wp_node_get(at, "keep_average_by"), of, &f) && good;
    if (!good || !check_multiplier(r, at, &f)) { return; }
    f.name = factor_name(r, owner, &f);
    wp_factors_add(r, list, &f);
}

void wp_factors_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_factor_place place,
                     const char *owner, int intervention, int change, wp_factor_list *list)
{
    for (int s = 0; s < N_SCALES; s++) {
        const wp_pair *pair = wp_node_pair(at, SCALES[s].key);
        if (pair == NULL) { continue; }
        if (!scale_fits(SCALES[s].scale, place)) {
            report_scale(r, pair->key, SCALES[s].key, place);
            continue;
        }
        for (int i = 0; i < wp_node_count(pair->value); i++) {
            read_one(r, wp_node_at(pair->value, i), of, s, owner, intervention, change, list);
        }
    }
}
