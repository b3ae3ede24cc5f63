/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is reported, and varied: report, sweep. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/correlation.h"
#include "scenario/look.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/outcome.h"
#include "scenario/price.h"
#include "scenario/read_figure.h"
#include "scenario/read_stop.h"
#include "scenario/reader.h"

enum { MAX_POINTS = 10000, MAX_BY = 16 };

/* ---- Report -------------------------------------------------------------------------------- */

static void read_report_by(wp_reader *r, const wp_node *by, wp_report_spec *spec)
{
    int n = wp_node_count(by);
    if (n > MAX_BY) {
        wp_report_error(r, by, "a report goes by at most %d things", (int)MAX_BY);
        return;
    }
    wp_look *looks = wp_reader_alloc(r, (size_t)n, sizeof *looks);
    if (looks == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(by, i);
        if (!wp_look_read(r, item, WP_PERSON, &looks[spec->n_by])) { continue; }
        if (wp_look_is_level(&looks[spec->n_by])) {
            spec->n_by++;
        } else {
            wp_report_error(r, item, "'%s' has no levels, so nothing can be reported by it", item->text);
        }
    }
    spec->by = looks;
}

static void read_report_ages(wp_reader *r, const wp_node *ages, wp_report_spec *spec)
{
    int n = wp_node_count(ages);
    wp_band *bands = wp_reader_alloc(r, (size_t)n, sizeof *bands);
    const wp_node **nodes = wp_reader_scratch(r, (size_t)n, sizeof *nodes);
    if (bands == NULL || nodes == NULL) { return; }
    for (int i = 0; i < n; i++) {
        nodes[spec->n_ages] = wp_node_at(ages, i);
        if (wp_band_read(r, nodes[spec->n_ages], WP_BAND_WHOLE, &bands[spec->n_ages])) { spec->n_ages++; }
    }
    (void)wp_bands_check(r, nodes, bands, spec->n_ages, false);
    spec->ages = bands;
}

/* A saving goes by the members of households only where something that happens to one of them has a price. */
static void read_by_household(wp_reader *r, const wp_node *item, wp_report_spec *spec)
{
    for (int u = 0; u < r->scenario->n_unit_values && !spec->saving_by_household; u++) {
        spec->saving_by_household = wp_is_of_one_person(r->scenario, &r->scenario->unit_values[u]);
    }
    if (!spec->saving_by_household) {
        wp_report_error(r, item,
                        "nothing that happens to a person has a price, so no saving goes by household");
        wp_report_hint(r, "give a unit value to an outcome of persons, or leave 'household' out");
    }
}

static void read_saving_by(wp_reader *r, const wp_node *at, wp_report_spec *spec)
{
    enum { HOUSEHOLD = 4, N_WORDS };
    static const char *const words[N_WORDS] = {"payer", "tier", "outcome", "year", "household"};
    int n = wp_node_count(at);
    const char **kept = wp_reader_alloc(r, (size_t)n, sizeof *kept);
    if (kept == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        int k = 0;
        while (k < N_WORDS && !wp_node_is(item, words[k])) { k++; }
        if (k < N_WORDS) {
            kept[spec->n_saving_by++] = words[k];
        } else {
            wp_report_error(r, item,
                            "'saving_by' goes by payer, tier, outcome, year and household, not '%s'%s",
                            item->text, wp_report_nearest(r, item->text, words, N_WORDS));
        }
        if (k == HOUSEHOLD) { read_by_household(r, item, spec); }
    }
    spec->saving_by = kept;
}

static void read_report_section(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"outcomes", "groups", "by", "ages", "saving_by", NULL};
    wp_report_spec *spec = &r->scenario->report;
    if (at == NULL || !wp_node_check_keys(r, at, "'report'", keys)) { return; }
    const wp_node *outcomes = wp_node_get(at, "outcomes");
    const wp_node *groups = wp_node_get(at, "groups");
    int *chosen = wp_reader_alloc(r, (size_t)wp_node_count(outcomes), sizeof *chosen);
    int *of_groups = wp_reader_alloc(r, (size_t)wp_node_count(groups), sizeof *of_groups);
    if (chosen == NULL || of_groups == NULL) { return; }
    for (int i = 0; i < wp_node_count(outcomes); i++) {
        int outcome = wp_outcome_need(r, wp_node_at(outcomes, i));
        if (outcome >= 0) { chosen[spec->n_outcomes++] = outcome; }
    }
    for (int i = 0; i < wp_node_count(groups); i++) {
        const wp_node *item = wp_node_at(groups, i);
        int group = wp_names_need(r, item, WP_NAME_GROUP, item->text);
        if (group >= 0) { of_groups[spec->n_groups++] = group; }
    }
    spec->outcomes = chosen;
    spec->groups = of_groups;
    read_report_by(r, wp_node_get(at, "by"), spec);
    read_report_ages(r, wp_node_get(at, "ages"), spec);
    read_saving_by(r, wp_node_get(at, "saving_by"), spec);
}

/* ---- Sweep --------------------------------------------------------------------------------- */

/* `parameters.NAME.value` and the like; the parameter must exist. */
static void check_path(wp_reader *r, const wp_node *at)
{
    static const char start[] = "parameters.";
    char name[128];
    const char *rest = at->text + sizeof start - 1;
    size_t n = strncmp(at->text, start, sizeof start - 1) == 0 ? strcspn(rest, ".") : 0;
    if (n == 0 || n >= sizeof name) {
        wp_report_error(r, at, "'%s' is no parameter; write parameters.NAME.value", at->text);
        return;
    }
    memcpy(name, rest, n);
    name[n] = '\0';
    (void)wp_names_need(r, at, WP_NAME_PARAMETER, name);
}

/* The number of values of one path, or 1 after reporting. */
static int64_t check_vary(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"from", "to", "steps", NULL};
    if (at->kind != WP_NODE_MAP) {
        if (wp_node_count(at) == 0) { wp_report_error(r, at, "a list of values was expected"); }
        return wp_node_count(at) > 0 ? wp_node_count(at) : 1;
    }
    int64_t steps = 1;
    double from = 0.0;
    double to = 0.0;
    if (!wp_node_check_keys(r, at, "a path that varies", keys)) { return 1; }
    (void)wp_number_read(r, wp_node_need(r, at, "a path that varies", "from"), "'from'", -1e300, 1e300,
                         &from);
    (void)wp_number_read(r, wp_node_need(r, at, "a path that varies", "to"), "'to'", -1e300, 1e300, &to);
    (void)wp_whole_read(r, wp_node_need(r, at, "a path that varies", "steps"), "'steps'", 2, MAX_POINTS,
                        &steps);
    return steps;
}

static void check_sweep(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"design", "vary", "fixed", "arms", "keep", "points", NULL};
    static const char *const designs[] = {"all_combinations", "one_at_a_time", "latin_hypercube", "sobol"};
    if (at == NULL || !wp_node_check_keys(r, at, "'sweep'", keys)) { return; }
    const wp_node *design = wp_node_need(r, at, "'sweep'", "design");
    const wp_node *vary = wp_node_need(r, at, "'sweep'", "vary");
    const wp_node *fixed = wp_node_get(at, "fixed");
    int k = 0;
    while (k < 4 && !wp_node_is(design, designs[k])) { k++; }
    if (design != NULL && k == 4) {
        wp_report_error(r, design, "the design '%s' is not known%s", design->text,
                        wp_report_nearest(r, design->text, designs, 4));
    }
    double n_points = 1.0;
    for (int i = 0; vary != NULL && vary->kind == WP_NODE_MAP && i < vary->n; i++) {
        check_path(r, vary->pairs[i].key);
        n_points = k == 0 ? n_points * (double)check_vary(r, vary->pairs[i].value)
                          : n_points + (double)check_vary(r, vary->pairs[i].value);
    }
    if (vary != NULL && (vary->kind != WP_NODE_MAP || vary->n == 0)) {
        wp_report_error(r, vary, "'vary' is a mapping from parameters to values");
    }
    if (n_points > MAX_POINTS) {
        wp_report_error(r, vary, "this sweep has %.10g points; at most %d are allowed", n_points,
                        (int)MAX_POINTS);
    }
    for (int i = 0; fixed != NULL && fixed->kind == WP_NODE_MAP && i < fixed->n; i++) {
        check_path(r, fixed->pairs[i].key);
    }
    const wp_node *arms = wp_node_get(at, "arms");
    const wp_node *keep = wp_node_get(at, "keep");
    for (int i = 0; i < wp_node_count(arms); i++) { (void)wp_arm_need(r, wp_node_at(arms, i)); }
    for (int i = 0; i < wp_node_count(keep); i++) { (void)wp_outcome_need(r, wp_node_at(keep, i)); }
}

void wp_read_report(wp_reader *r)
{
    read_report_section(r, wp_node_get(r->root, "report"));
    check_sweep(r, wp_node_get(r->root, "sweep"));
    wp_read_correlations(r, wp_node_get(wp_node_get(r->root, "runs"), "correlations"));
    wp_read_stop(r, wp_node_get(wp_node_get(r->root, "runs"), "stop_when"));
}
