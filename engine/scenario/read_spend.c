/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `money.spend_by_person`: the prices that are added up for each person and year. */
#include "scenario/read_spend.h"

#include <string.h>

#include "scenario/names.h"

static bool is_pounds(const wp_unit_value *v)
{
    return v->unit != NULL && strcmp(v->unit, "GBP") == 0;
}

/* A view: all pounds of it but what belongs to nobody. */
static int take_view(wp_reader *r, const wp_node *at, wp_unit_value *values)
{
    const bool all = wp_node_is(at, "all");
    int n = 0;
    for (int u = 0; u < r->scenario->n_unit_values; u++) {
        wp_unit_value *v = &values[u];
        if (!is_pounds(v) || !wp_is_of_persons(v)) { continue; }
        const char *view = v->view == NULL ? "" : v->view;
        v->is_spend = all ? strcmp(view, "transfer") != 0 : strcmp(view, at->text) == 0;
        n += v->is_spend ? 1 : 0;
    }
    return n;
}

static int take_name(wp_reader *r, const wp_node *at, wp_unit_value *values)
{
    const int n = r->scenario->n_unit_values;
    const char **names = wp_reader_scratch(r, (size_t)n, sizeof *names);
    if (names == NULL) { return 0; }
    for (int u = 0; u < n; u++) {
        wp_unit_value *v = &values[u];
        names[u] = v->name;
        if (!wp_node_is(at, v->name)) { continue; }
        if (!is_pounds(v)) {
            wp_report_error(r, at, "'%s' is worth %s; spend is in GBP", v->name, v->unit);
        } else if (!wp_is_of_persons(v)) {
            wp_report_error(r, at,
                            "'%s' is paid for a programme as a whole, or for an offer, and not for a person",
                            v->name);
        } else {
            v->is_spend = true;
        }
        return 1;
    }
    wp_names_unknown(r, at, "unit value", at->text, names, n);
    return 1; /* said already */
}

bool wp_is_of_persons(const wp_unit_value *value)
{
    return value->per == WP_PER_OUTCOME || value->per == WP_PER_START || value->per == WP_PER_YEAR_IN;
}

void wp_read_spend(wp_reader *r, const wp_node *at, wp_unit_value *values)
{
    int n = 0;
    if (at == NULL) { return; }
    if (at->kind == WP_NODE_LIST) {
        for (int i = 0; i < at->n; i++) {
            if (at->items[i]->kind == WP_NODE_SCALAR) { n += take_name(r, at->items[i], values); }
        }
    } else if (wp_node_is(at, "fiscal") || wp_node_is(at, "economic") || wp_node_is(at, "social") ||
               wp_node_is(at, "all")) {
        n = take_view(r, at, values);
    } else {
        wp_report_error(r, at,
                        "'spend_by_person' is fiscal, economic, social, all, or a list of unit values");
        return;
    }
    if (n == 0) {
        wp_report_error(r, at,
                        "no unit value in GBP that is paid for what happens to persons is among these");
    }
    r->scenario->money.keeps_spend = n > 0;
}
