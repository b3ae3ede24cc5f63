/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list `runs.correlations`. */
#include "scenario/correlation.h"

#include <math.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/reader.h"

static const double pi = 3.14159265358979323846;

/* ---- Factor -------------------------------------------------------------------------------------------- */

int wp_correlation_factor(const wp_correlation *list, int n, const int *place, int n_members, double *matrix)
{
    for (int i = 0; i < n_members * n_members; i++) { matrix[i] = i % (n_members + 1) == 0 ? 1.0 : 0.0; }
    for (int c = 0; c < n; c++) {
        int i = place[list[c].a], j = place[list[c].b];
        double r = i == j ? 1.0 : 2.0 * sin(pi * list[c].rank / 6.0);
        matrix[i * n_members + j] = r;
        matrix[j * n_members + i] = r;
    }
    for (int i = 0; i < n_members; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = matrix[i * n_members + j];
            for (int k = 0; k < j; k++) { sum -= matrix[i * n_members + k] * matrix[j * n_members + k]; }
            if (i != j) {
                matrix[i * n_members + j] = sum / matrix[j * n_members + j];
                continue;
            }
            if (!(sum > 1e-12)) { return i; }
            matrix[i * n_members + i] = sqrt(sum);
        }
    }
    return -1;
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

/* The name of number i of a correlation. */
static const char *name_of(const wp_reader *r, int i)
{
    const int n = r->names->n[WP_NAME_PARAMETER];
    return i < n ? r->names->parameters[i].name : r->scenario->unit_values[i - n].name;
}

static int find_unit_value(const wp_reader *r, const char *name)
{
    for (int u = 0; u < r->scenario->n_unit_values; u++) {
        if (strcmp(r->scenario->unit_values[u].name, name) == 0) { return u; }
    }
    return -1;
}

/* A unit value that can be correlated, as an index behind the parameters', or -1 after reporting. */
static int take_unit_value(wp_reader *r, const wp_node *at, int u)
{
    if (r->scenario->unit_values[u].distribution.kind != WP_DISTRIBUTION_NONE) {
        return r->names->n[WP_NAME_PARAMETER] + u;
    }
    wp_report_error(r, at, "unit value '%s' has no distribution, so nothing of it is correlated", at->text);
    return -1;
}

/* The index of a parameter or unit value that can be correlated, or -1 after reporting. */
static int read_member(wp_reader *r, const wp_node *at)
{
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "'between' lists two parameters or unit values by name");
        return -1;
    }
    const int u = find_unit_value(r, at->text), found = wp_names_find(r, WP_NAME_PARAMETER, at->text);
    if (u >= 0 && found >= 0) {
        wp_report_error(r, at, "'%s' is a parameter and a unit value; give one of them another name", at->text);
        return -1;
    }
    if (u >= 0) { return take_unit_value(r, at, u); }
    int p = wp_names_need(r, at, WP_NAME_PARAMETER, at->text);
    if (p < 0) { return -1; }
    const wp_parameter *x = &r->names->parameters[p];
    if (x->n_steps > 0 || x->n_counts > 0) {
        wp_report_error(r, at, "parameter '%s' %s; it cannot be correlated", x->name,
                        x->n_steps > 0 ? "is a formula, which follows others"
                                       : "has counts, which are drawn together");
        return -1;
    }
    if (x->distribution.kind == WP_DISTRIBUTION_NONE) {
        wp_report_error(r, at, "parameter '%s' has no distribution, so nothing of it is correlated", x->name);
        return -1;
    }
    return p;
}

static bool read_rank(wp_reader *r, const wp_node *at, double *rank)
{
    if (!wp_number_read(r, at, "'rank'", -1.0, 1.0, rank)) { return false; }
    if (fabs(*rank) < 1.0) { return true; }
    wp_report_error(r, at, "'rank' is %s; it must lie between -1 and 1", at->text);
    wp_report_hint(r, "use one parameter in both places if they are the same");
    return false;
}

static bool read_one(wp_reader *r, const wp_node *at, wp_correlation *c)
{
    static const char *const keys[] = {"between", "rank", NULL};
    if (!wp_node_check_keys(r, at, "a correlation", keys)) { return false; }
    const wp_node *between = wp_node_need(r, at, "a correlation", "between");
    const wp_node *rank = wp_node_need(r, at, "a correlation", "rank");
    bool good = read_rank(r, rank, &c->rank);
    if (between == NULL) { return false; }
    if (between->kind != WP_NODE_LIST || between->n != 2) {
        wp_report_error(r, between, "'between' lists two parameters or unit values, such as [a, b]");
        return false;
    }
    c->a = read_member(r, between->items[0]);
    c->b = read_member(r, between->items[1]);
    if (c->a < 0 || c->b < 0) { return false; }
    if (c->a == c->b) {
        wp_report_error(r, between->items[1], "'%s' is correlated with itself", between->items[1]->text);
        return false;
    }
    return good;
}

static bool is_listed(const wp_correlation *list, int n, const wp_correlation *c)
{
    for (int i = 0; i < n; i++) {
        if ((list[i].a == c->a && list[i].b == c->b) || (list[i].a == c->b && list[i].b == c->a)) {
            return true;
        }
    }
    return false;
}

/* Can all of them hold together? */
static void check_matrix(wp_reader *r, const wp_node *at, const wp_correlation *list, int n)
{
    int n_numbers = r->names->n[WP_NAME_PARAMETER] + r->scenario->n_unit_values, n_members = 0;
    int *place = wp_reader_scratch(r, (size_t)n_numbers, sizeof *place);
    int *member = wp_reader_scratch(r, (size_t)n_numbers, sizeof *member);
    if (place == NULL || member == NULL) { return; }
    for (int c = 0; c < n; c++) { place[list[c].a] = place[list[c].b] = 1; }
    for (int p = 0; p < n_numbers; p++) {
        if (place[p] == 0) { continue; }
        place[p] = n_members;
        member[n_members++] = p;
    }
    double *matrix = wp_reader_scratch(r, (size_t)n_members * (size_t)n_members, sizeof *matrix);
    if (matrix == NULL) { return; }
    int stuck = wp_correlation_factor(list, n, place, n_members, matrix);
    if (stuck < 0) { return; }
    wp_report_error(
        r, at,
        "these rank correlations cannot hold together: their matrix is not positive definite, as seen "
        "at '%s'",
        name_of(r, member[stuck]));
    wp_report_hint(
        r, "two numbers that both go with a third cannot go strongly against each other; pairs that are "
           "not listed count as 0");
}

void wp_read_correlations(wp_reader *r, const wp_node *at)
{
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_LIST) {
        wp_report_error(r, at, "'correlations' is a list, such as [{between: [a, b], rank: 0.4}]");
        return;
    }
    wp_correlation *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    int n = 0, n_errors = r->n_errors_in_all;
    for (int i = 0; i < at->n; i++) {
        if (!read_one(r, at->items[i], &list[n])) { continue; }
        if (is_listed(list, n, &list[n])) {
            wp_report_error(r, at->items[i], "the correlation of these two is given twice");
            continue;
        }
        n++;
    }
    if (r->n_errors_in_all == n_errors && n > 0) { check_matrix(r, at, list, n); }
    r->scenario->correlations = list;
    r->scenario->n_correlations = n;
}
