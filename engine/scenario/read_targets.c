/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets: figures of the model beside what was published. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/read_figure.h"
#include "scenario/read_published.h"
#include "scenario/reader.h"

enum { MAX_IDS = 100 };

/* A fact is reproduced when it is met to this share. */
static const double usual_within = 0.05;

/* ---- What was published ---------------------------------------------------------------------- */

/* One end of what was published, in the unit of the figure. `at` is where a wrong unit is reported: in the
   scenario, also where the number stands in the table of published figures. */
static bool read_end(wp_reader *r, const wp_node *at, const wp_node *number, wp_target *t, double *end)
{
    wp_amount amount;
    if (number == NULL || !wp_published_value_read(r, number, &amount)) { return false; }
    wp_figure_check_unit(r, at == NULL ? number : at, "the published value", &t->figure, &amount);
    *end = wp_figure_amount(r->scenario, &t->figure, &amount);
    t->unit_text = wp_reader_keep(r, amount.unit_text);
    return true;
}

static void read_published(wp_reader *r, const wp_node *at, const wp_node *published, wp_target *t)
{
    const wp_node *low = published, *high = published;
    t->low = -INFINITY;
    t->high = INFINITY;
    if (published->kind == WP_NODE_MAP) {
        if (!wp_published_range_check(r, published)) { return; }
        low = wp_node_get(published, "low");
        high = wp_node_get(published, "high");
    }
    (void)read_end(r, at, low, t, &t->low);
    if (high == low) {
        t->high = t->low;
    } else {
        (void)read_end(r, at, high, t, &t->high);
    }
    if (t->low > t->high) { wp_report_error(r, published, "'low' is above 'high'"); }
}

/* ---- Ids --------------------------------------------------------------------------------------- */

/* The rows of the table that the target is about. Where there is a table, an id must stand in it. */
static const wp_published *read_ids(wp_reader *r, const wp_node *at, wp_target *t)
{
    const wp_scenario *s = r->scenario;
    const wp_published *row = NULL;
    int n = wp_node_count(at);
    if (n > MAX_IDS) {
        wp_report_error(r, at, "a target has at most %d ids", (int)MAX_IDS);
        n = MAX_IDS;
    }
    const char **ids = wp_reader_alloc(r, (size_t)n, sizeof *ids);
    if (ids == NULL) { return NULL; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        const char *id = wp_string_read(r, item, "'id'");
        if (id == NULL) { continue; }
        ids[t->n_ids++] = id;
        t->id = t->id == NULL ? id : wp_reader_format(r, "%s, %s", t->id, id);
        if (s->n_published > 0) { row = wp_published_need(r, item); }
    }
    t->ids = ids;
    return t->n_ids == 1 ? row : NULL;
}

/* ---- One target -------------------------------------------------------------------------------- */

static void read_role(wp_reader *r, const wp_pair *pair, const wp_published *row, wp_target *t)
{
    const wp_node *role = wp_node_get(pair->value, "role");
    bool is_of_table = row != NULL && row->role <= WP_PUBLISHED_CLAIM;
    if (role == NULL && is_of_table) {
        t->is_claim = row->role == WP_PUBLISHED_CLAIM;
        return;
    }
    role = wp_node_need(r, pair->value, "this target", "role");
    t->is_claim = wp_node_is(role, "claim");
    if (role == NULL) { return; }
    if (!t->is_claim && !wp_node_is(role, "baseline fact")) {
        wp_report_error(r, role, "'role' is 'baseline fact' or 'claim'");
    } else if (is_of_table && t->is_claim != (row->role == WP_PUBLISHED_CLAIM)) {
        wp_report_error(r, role, "'%s' is a %s in %s", row->id,
                        row->role == WP_PUBLISHED_CLAIM ? "claim" : "baseline fact",
                        wp_report_place(r, row->pos));
    }
}

/* `needs: {parameter: NAME, between: [FROM, TO]}`: what would have to be other for a claim to hold. */
static void read_needs(wp_reader *r, const wp_node *at, wp_target *t)
{
    static const char *const keys[] = {"parameter", "between", NULL};
    t->parameter = -1;
    if (at == NULL || !wp_node_check_keys(r, at, "'needs'", keys)) { return; }
    const wp_node *name = wp_node_need(r, at, "'needs'", "parameter");
    const wp_node *between = wp_node_need(r, at, "'needs'", "between");
    if (!t->is_claim) { wp_report_error(r, at, "'needs' is of a claim"); }
    if (name == NULL || between == NULL) { return; }
    int parameter = wp_names_need(r, name, WP_NAME_PARAMETER, name->text);
    if (between->kind != WP_NODE_LIST || between->n != 2) {
        wp_report_error(r, between, "'between' is a list of two numbers, such as [0.5, 1.0]");
        return;
    }
    if (!wp_number_read(r, between->items[0], "'between'", -1e300, 1e300, &t->from) ||
        !wp_number_read(r, between->items[1], "'between'", -1e300, 1e300, &t->to)) {
        return;
    }
    if (t->from == t->to) { wp_report_error(r, between, "'between' has two different numbers"); }
    if (parameter < 0) { return; }
    const wp_parameter *p = &r->scenario->parameters[parameter];
    if (p->grid != NULL || p->n_counts > 0 || p->n_steps > 0) {
        wp_report_error(r, name, "parameter '%s' is not a single number, so it cannot be searched for",
                        p->name);
        return;
    }
    t->parameter = parameter;
}

static void read_words(wp_reader *r, const wp_node *at, const wp_published *row, wp_target *t)
{
    const wp_node *about = wp_node_get(at, "about"), *source = wp_node_get(at, "source");
    const wp_node *grade = wp_node_get(at, "grade");
    const char *says = about != NULL ? wp_string_read(r, about, "'about'") : row != NULL ? row->says : NULL;
    const char *from = source != NULL ? wp_string_read(r, source, "'source'")
                       : row != NULL  ? row->source
                                      : NULL;
    t->says = says == NULL ? "" : says;
    t->source = from == NULL ? "" : from;
    t->grade = grade != NULL ? wp_grade_read(r, grade) : row != NULL ? row->grade : 0;
}

static void read_target(wp_reader *r, const wp_pair *pair, wp_target *t)
{
    static const char *const keys[] = {"id",     "role",  "figure", "published", "weight", "within",
                                       "source", "grade", "about",  "needs",     NULL};
    *t = (wp_target){.name = wp_reader_keep(r, pair->key->text),
                     .pos = pair->key->pos,
                     .weight = 1.0,
                     .within = usual_within,
                     .parameter = -1,
                     .unit_text = "",
                     .says = "",
                     .source = "",
                     .figure = {.outcome = -1, .group = -1},
                     .low = NAN,
                     .high = NAN};
    (void)wp_name_check(r, pair->key, "a target");
    if (!wp_node_check_keys(r, pair->value, "a target", keys)) { return; }
    const wp_node *id = wp_node_get(pair->value, "id");
    const wp_published *row = read_ids(r, id, t);
    const wp_node *in_table = row != NULL ? wp_published_value_of(r, row) : NULL;
    read_role(r, pair, row, t);
    read_words(r, pair->value, row, t);
    const wp_node *figure = wp_node_need(r, pair->value, "this target", "figure");
    const wp_node *own = wp_node_get(pair->value, "published");
    if (own == NULL && in_table == NULL) { own = wp_node_need(r, pair->value, "this target", "published"); }
    if (figure != NULL && wp_figure_read(r, figure, &t->figure)) {
        if (own != NULL) {
            read_published(r, NULL, own, t);
        } else if (in_table != NULL) {
            read_published(r, id, in_table, t);
        }
    }
    const wp_node *weight = wp_node_get(pair->value, "weight"), *within = wp_node_get(pair->value, "within");
    if (weight != NULL) { (void)wp_number_read(r, weight, "'weight'", 0.0, 1e6, &t->weight); }
    if (within != NULL) { (void)wp_share_read(r, within, "'within'", &t->within); }
    read_needs(r, wp_node_get(pair->value, "needs"), t);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_target *)left)->name, ((const wp_target *)right)->name);
}

void wp_read_targets(wp_reader *r)
{
    const wp_node *at = wp_node_get(r->root, "targets");
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_MAP || at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "'targets' is a mapping from names to targets, of at most %d",
                        (int)WP_MAX_NAMES);
        return;
    }
    wp_target *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < at->n; i++) { read_target(r, &at->pairs[i], &list[i]); }
    qsort(list, (size_t)at->n, sizeof *list, by_name);
    r->scenario->targets = list;
    r->scenario->n_targets = at->n;
}
