/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignment: parameters, tables by year of the run, that stand for what brings an outcome to known totals. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/outcome.h"
#include "scenario/reader.h"

static bool is_by_year(const wp_grid *grid)
{
    return grid != NULL && grid->n_axes == 1 && grid->axes[0].look.kind == WP_LOOK_TIME_SINCE_START;
}

/* The parameter must be a ratio of each year, and certain. */
static void check_parameter(wp_reader *r, const wp_node *at, const wp_parameter *x)
{
    if (x->unit != WP_UNIT_HAZARD_RATIO && x->unit != WP_UNIT_ODDS_RATIO && x->unit != WP_UNIT_RISK_RATIO) {
        wp_report_error(r, at, "'%s' is in '%s'; what is aligned is a hazard ratio, odds ratio or risk ratio",
                        x->name, x->unit_text == NULL ? "" : x->unit_text);
    } else if (!is_by_year(x->grid)) {
        wp_report_error(r, at, "'%s' must be a table by year of the run, such as {by: year, values: {1+: 1}}",
                        x->name);
    } else if (x->distribution.kind != WP_DISTRIBUTION_NONE) {
        wp_report_error(r, at, "'%s' has a distribution; what is aligned follows from the totals", x->name);
    }
}

static void read_total(wp_reader *r, const wp_pair *pair, wp_alignment *x)
{
    int first, last;
    double total;
    if (!wp_run_years_read(r, pair->key, "'totals'", &first, &last) ||
        !wp_number_read(r, pair->value, "a total", 0.0, 1e12, &total)) {
        return;
    }
    if (!(total > 0.0)) {
        wp_report_error(r, pair->value, "a total is more than 0: no ratio makes nothing happen");
        return;
    }
    const int n = r->scenario->n_years;
    for (int y = first; y <= (last < n ? last : n); y++) {
        if (!isnan(x->totals[y - 1])) {
            wp_report_error(r, pair->key, "year %d has two totals", y);
            return;
        }
        x->totals[y - 1] = total;
    }
}

static void read_totals(wp_reader *r, const wp_node *at, wp_alignment *x)
{
    const int n = r->scenario->n_years;
    x->totals = wp_reader_alloc(r, (size_t)n, sizeof *x->totals);
    if (at == NULL || x->totals == NULL) { return; }
    for (int y = 0; y < n; y++) { x->totals[y] = NAN; }
    if (at->kind != WP_NODE_MAP || at->n == 0) {
        wp_report_error(r, at, "'totals' are numbers by year of the run, such as {1: 37000, 2-5: 36500}");
        return;
    }
    for (int i = 0; i < at->n; i++) { read_total(r, &at->pairs[i], x); }
}

static void read_one(wp_reader *r, const wp_pair *pair, wp_alignment *x)
{
    static const char *const keys[] = {"outcome", "totals", "source", "grade", NULL};
    const wp_node *at = pair->value;
    *x = (wp_alignment){.parameter = -1, .outcome = -1, .pos = pair->key->pos};
    if (!wp_node_check_keys(r, at, "an alignment", keys)) { return; }
    x->parameter = wp_names_need(r, pair->key, WP_NAME_PARAMETER, pair->key->text);
    if (x->parameter >= 0) { check_parameter(r, pair->key, &r->names->parameters[x->parameter]); }
    const wp_node *outcome = wp_node_need(r, at, "this alignment", "outcome");
    x->outcome = outcome == NULL ? -1 : wp_outcome_need(r, outcome);
    if (x->outcome >= 0 && r->scenario->outcomes[x->outcome].kind != WP_OUTCOME_EVENTS) {
        wp_report_error(r, outcome, "'%s' does not count events, whose hazard or odds could be scaled",
                        r->scenario->outcomes[x->outcome].name);
    }
    read_totals(r, wp_node_need(r, at, "this alignment", "totals"), x);
    x->source = wp_string_read(r, wp_node_need(r, at, "this alignment", "source"), "'source'");
    x->grade = wp_grade_read(r, wp_node_get(at, "grade"));
}

static int by_parameter(const void *left, const void *right)
{
    return ((const wp_alignment *)left)->parameter - ((const wp_alignment *)right)->parameter;
}

void wp_read_align(wp_reader *r)
{
    const wp_node *at = wp_node_get(r->root, "align");
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_MAP || at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "'align' is a mapping from parameters to outcomes and totals, of at most %d",
                        (int)WP_MAX_NAMES);
        return;
    }
    wp_alignment *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < at->n; i++) { read_one(r, &at->pairs[i], &list[i]); }
    qsort(list, (size_t)at->n, sizeof *list, by_parameter);
    r->scenario->alignments = list;
    r->scenario->n_alignments = at->n;
}
