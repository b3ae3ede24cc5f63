/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section `parameters`: numbers, tables, counts and formulas, and how unsure they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/quantity.h"
#include "scenario/table.h"

static void unit_range(wp_unit unit, double *lo, double *hi)
{
    bool share = unit == WP_UNIT_PROBABILITY || unit == WP_UNIT_PROPORTION;
    bool any = unit == WP_UNIT_NONE || unit == WP_UNIT_GBP || unit == WP_UNIT_OTHER;
    *lo = any ? -INFINITY : 0.0;
    *hi = share ? 1.0 : INFINITY;
}

/* Units first, of all, so that a cell or formula may name a parameter further down. */
static void read_unit(wp_reader *r, const wp_node *node, wp_parameter *x)
{
    const wp_node *unit = wp_node_get(node, "unit");
    x->value = (double)NAN;
    x->unit_scale = 1.0;
    if (unit == NULL && wp_node_get(node, "counts") != NULL) {
        x->unit = WP_UNIT_PROPORTION;
        x->unit_text = "proportion";
        return;
    }
    if (unit == NULL) {
        if (node->kind == WP_NODE_MAP) {
            wp_report_error(r, node, "parameter '%s' has no 'unit'", x->name);
            wp_report_hint(
                r, "units: per year, probability, proportion, hazard ratio, odds ratio, risk ratio, days, "
                   "months, years, places, weight, GBP, none");
        }
        return;
    }
    static const char *const UNITS[] = {
        "per year",   "per month",  "per day", "probability", "proportion", "hazard ratio",
        "odds ratio", "risk ratio", "days",    "months",      "years",      "places",
        "weight",     "GBP",        "QALY",    "life-year",   "none"};
    int n_units = (int)(sizeof UNITS / sizeof UNITS[0]);
    const char *nearest = unit->kind == WP_NODE_SCALAR ? wp_report_nearest(r, unit->text, UNITS, n_units)
                                                       : "";
    bool known = unit->kind == WP_NODE_SCALAR && wp_unit_parse(unit->text, &x->unit, &x->unit_scale);
    for (int i = 0; known && x->unit == WP_UNIT_OTHER && nearest[0] != '\0';
         i++) { /* a slip, or QALY itself? */
        if (i == n_units) {
            known = false;
        } else if (wp_node_is(unit, UNITS[i])) {
            break;
        }
    }
    if (known) {
        x->unit_text = wp_reader_keep(r, unit->text);
    } else {
        const char *per = unit->kind == WP_NODE_SCALAR ? strstr(unit->text, "per 1") : NULL;
        double many = per == NULL ? 0.0 : strtod(per + 4, NULL);
        if (many > 1.0) {
            wp_report_error(r, unit,
                            "unit '%s' is not known; divide by %.15g and write 'per year' (21 becomes %.15g)",
                            unit->text, many, 21.0 / many);
        } else {
            wp_report_error(r, unit, "unit '%s' is not known%s", unit->text, nearest);
        }
    }
}

/* A single value: bare in the parameter's unit, or with a unit of the same kind. */
static void read_value(wp_reader *r, const wp_node *at, wp_parameter *x)
{
    wp_amount amount;
    const char *why = NULL;
    double lo;
    double hi;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "'value' is one number; a table is written 'by' and 'values'");
        return;
    }
    wp_amount_result result = wp_amount_parse(at->text, &amount, &why);
    if (result != WP_AMOUNT_OK) {
        wp_report_error(r, at, "'value' is '%s', and must be a number%s%s", at->text, why == NULL ? "" : ": ",
                        why == NULL ? "; one that follows others is a 'formula'" : why);
        return;
    }
    if (x->unit_text == NULL) { return; }
    bool bare = amount.unit == WP_UNIT_NONE;
    bool percent = amount.is_percent && (x->unit == WP_UNIT_PROBABILITY || x->unit == WP_UNIT_PROPORTION ||
                                         x->unit == WP_UNIT_HAZARD_RATIO || x->unit == WP_UNIT_ODDS_RATIO ||
                                         x->unit == WP_UNIT_RISK_RATIO || x->unit == WP_UNIT_NONE);
    bool other = x->unit == WP_UNIT_OTHER && strcmp(amount.unit_text, x->unit_text) != 0;
    if (!bare && !percent && (amount.unit != x->unit || other)) {
        wp_report_error(r, at, "'value' is '%s', but the unit is '%s'", at->text, x->unit_text);
        return;
    }
    double value = bare ? amount.value * x->unit_scale : amount.value;
    unit_range(x->unit, &lo, &hi);
    if (!(value >= lo && value <= hi) || !isfinite(value)) {
        if (hi <= 1.0 && value > 1.0 && value <= 100.0) {
            wp_report_error(r, at, "'value' is %s; a %s must be 0 to 1. Did you mean '%s %%'?", at->text,
                            x->unit_text, at->text);
        } else {
            wp_report_error(r, at, "'value' is %s; it must be %s", at->text,
                            hi <= 1.0 ? "0 to 1" : "0 or more");
        }
        return;
    }
    x->value = value;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const wp_pair *const *)a)->key->text, (*(const wp_pair *const *)b)->key->text);
}

static void read_counts(wp_reader *r, const wp_node *at, wp_parameter *x)
{
    if (at->kind != WP_NODE_MAP || at->n < 2) {
        wp_report_error(r, at, "'counts' are numbers by option, such as {a: 1251, b: 350}");
        return;
    }
    size_t n = (size_t)at->n;
    const wp_pair **sorted = wp_reader_scratch(r, n, sizeof *sorted);
    const char **names = wp_reader_alloc(r, n, sizeof *names);
    double *counts = wp_reader_alloc(r, n, sizeof *counts);
    if (sorted == NULL || names == NULL || counts == NULL) { return; }
    double total = 0.0;
    for (size_t i = 0; i < n; i++) { sorted[i] = &at->pairs[i]; }
    qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t i = 0; i < n; i++) {
        names[i] = wp_reader_keep(r, sorted[i]->key->text);
        wp_number_read(r, sorted[i]->value, "a count", 0.0, 1e15, &counts[i]);
        total += counts[i];
    }
    if (!(total > 0.0)) { wp_report_error(r, at, "the counts are all 0"); }
    x->n_counts = (int)n;
    x->count_names = names;
    x->counts = counts;
}

/* The variable whose levels are the `option` of a table of weights: that of the process which uses it. */
static int option_variable(const wp_reader *r, const char *parameter)
{
    const wp_names *names = r->names;
    for (int p = 0; p < names->n[WP_NAME_PROCESS]; p++) {
        const wp_node *choose = wp_node_get(names->nodes[WP_NAME_PROCESS][p], "choose");
        if (names->processes[p].levels_of >= 0 && wp_node_is(wp_node_get(choose, "weights"), parameter)) {
            return names->processes[p].levels_of;
        }
    }
    return -1;
}

static void read_table(wp_reader *r, const wp_node *node, wp_parameter *x)
{
    wp_cell_rule rule = {wp_reader_format(r, "'%s'", x->name), x->unit, x->unit_scale, 0.0, 0.0, true};
    if (x->unit_text == NULL) { return; }
    unit_range(x->unit, &rule.lo, &rule.hi);
    if (wp_table_read(r, node, WP_N_SUBJECT_KINDS, &rule, option_variable(r, x->name), &x->grid)) {
        (void)wp_quantity_check_cells(r, node, x->grid, x->unit);
    }
}

static void read_sort(wp_reader *r, const wp_node *node, wp_parameter *x)
{
    static const char *const ONE[] = {"value", "values", "table", "counts", "formula"};
    int n = 0;
    for (int i = 0; i < 5; i++) { n += wp_node_get(node, ONE[i]) != NULL ? 1 : 0; }
    if (n != 1) {
        wp_report_error(r, node,
                        "parameter '%s' has %s 'value', 'values', 'table', 'counts', 'formula'; it needs one",
                        x->name, n == 0 ? "none of" : "several of");
        return;
    }
    const wp_node *by = wp_node_get(node, "by");
    const wp_node *formula = wp_node_get(node, "formula");
    const wp_node *value = wp_node_get(node, "value");
    const wp_node *counts = wp_node_get(node, "counts");
    if (by != NULL && (value != NULL || counts != NULL || formula != NULL)) {
        wp_report_error(r, by, "'by' goes with 'values' or 'table'");
    } else if (value != NULL) {
        read_value(r, value, x);
    } else if (counts != NULL) {
        if (x->counts == NULL) { read_counts(r, counts, x); }
    } else if (formula != NULL) {
        (void)wp_formula_read(r, formula, &x->n_steps, &x->steps);
        if (wp_node_get(node, "distribution") != NULL) {
            wp_report_error(r, wp_node_pair(node, "distribution")->key,
                            "a formula has no distribution of its own; it follows its parameters");
        }
    } else if (by == NULL) {
        wp_report_error(r, node, "parameter '%s' has 'values', but no 'by' that says of what", x->name);
    } else {
        read_table(r, node, x);
    }
}

/* Does the file that is read say `replace: {parameters.NAME: …}`, or a part of it? */
static bool is_replaced(const wp_reader *r, const char *name)
{
    static const char start[] = "parameters.";
    const wp_node *map = wp_node_get(r->main, "replace");
    const size_t n = strlen(name), m = sizeof start - 1;
    for (int i = 0; map != NULL && map->kind == WP_NODE_MAP && i < map->n; i++) {
        const char *path = map->pairs[i].key->text;
        if (strncmp(path, start, m) == 0 && strncmp(path + m, name, n) == 0 &&
            (path[m + n] == '\0' || path[m + n] == '.')) {
            return true;
        }
    }
    return false;
}

/* Ratios spread or come closer with the power; of rates it would mean nothing. */
static void check_contrast(wp_reader *r, const wp_node *node, const wp_parameter *x)
{
    const bool is_ratio = x->unit == WP_UNIT_HAZARD_RATIO || x->unit == WP_UNIT_ODDS_RATIO ||
                          x->unit == WP_UNIT_RISK_RATIO || x->unit == WP_UNIT_WEIGHT;
    if (!x->distribution.on_contrast || (x->grid != NULL && is_ratio)) { return; }
    wp_report_error(r, wp_node_get(node, "distribution"),
                    "'acts_on: contrast' is for a table of ratios or weights");
}

static void read_one(wp_reader *r, int i)
{
    static const char *const KEYS[] = {"value",     "unit",   "by",      "values",       "table",
                                       "otherwise", "counts", "formula", "distribution", "source",
                                       "grade",     "about",  NULL};
    wp_parameter *x = &r->names->parameters[i];
    const wp_node *node = r->names->nodes[WP_NAME_PARAMETER][i];
    if (!wp_node_check_keys(r, node, wp_reader_format(r, "parameter '%s'", x->name), KEYS) &&
        node->kind != WP_NODE_MAP) {
        return;
    }
    read_sort(r, node, x);
    if (wp_node_get(node, "formula") == NULL) {
        (void)wp_distribution_read(r, wp_node_get(node, "distribution"), x->unit_scale, x->value,
                                   x->grid != NULL, x->n_counts > 0, &x->distribution);
        check_contrast(r, node, x);
    }
    const wp_node *source = wp_node_get(node, "source");
    x->source = source == NULL ? NULL : wp_string_read(r, source, "'source'");
    x->grade = wp_grade_read(r, wp_node_get(node, "grade"));
    x->is_replaced = is_replaced(r, x->name);
}

/* ---- The order of formulas -------------------------------------------------------------------- */

typedef struct ranking { wp_reader *r; int *state; /* 0 new, 1 open, 2 done */ int *rank; int n; } ranking;

/* Puts a formula after all that it reads; depth first. False when a circle was named. */
static bool rank(ranking *k, int i, int depth)
{
    const wp_parameter *x = &k->r->names->parameters[i];
    if (k->state[i] == 2 || x->n_steps == 0) { return true; }
    const wp_node *at = wp_node_get(k->r->names->nodes[WP_NAME_PARAMETER][i], "formula");
    if (k->state[i] == 1) {
        wp_report_error(k->r, at, "the formula of '%s' goes in a circle: it needs itself", x->name);
        return false;
    }
    if (depth > 200) {
        wp_report_error(k->r, at, "formulas hang on one another more than 200 deep");
        return false;
    }
    k->state[i] = 1;
    bool good = true;
    for (int s = 0; good && s < x->n_steps; s++) {
        if (x->steps[s].op == WP_FORMULA_PARAMETER) { good = rank(k, x->steps[s].parameter, depth + 1); }
    }
    k->state[i] = 2;
    k->rank[k->n++] = i;
    return good;
}

static void rank_formulas(wp_reader *r)
{
    size_t n = (size_t)r->names->n[WP_NAME_PARAMETER];
    ranking k = {.r = r};
    k.state = wp_reader_scratch(r, n, sizeof *k.state);
    k.rank = wp_reader_alloc(r, n, sizeof *k.rank);
    if (k.state == NULL || k.rank == NULL) { return; }
    for (size_t i = 0; i < n; i++) { (void)rank(&k, (int)i, 0); }
    r->scenario->formula_rank = k.rank;
    r->scenario->n_formula_rank = k.n;
}

void wp_read_parameters(wp_reader *r)
{
    int n = r->names->n[WP_NAME_PARAMETER];
    r->names->context = "this parameter";
    for (int i = 0; i < n && r->status == WP_OK; i++) {
        const wp_node *node = r->names->nodes[WP_NAME_PARAMETER][i];
        const wp_node *counts = wp_node_get(node, "counts");
        wp_parameter *x = &r->names->parameters[i];
        read_unit(r, node, x);
        if (counts != NULL) { read_counts(r, counts, x); }
    }
    for (int i = 0; i < n && r->status == WP_OK; i++) { read_one(r, i); }
    if (r->status == WP_OK) { rank_formulas(r); }
    r->names->context = "this";
}
