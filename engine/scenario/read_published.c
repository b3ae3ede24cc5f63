/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published figures. */
#include "scenario/read_published.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/reader.h"

enum { MAX_ID = 40 };

bool wp_published_value_read(wp_reader *r, const wp_node *at, wp_amount *amount)
{
    const char *why = "";
    if (at->kind == WP_NODE_SCALAR && !at->quoted &&
        wp_amount_parse(at->text, amount, &why) == WP_AMOUNT_OK && isfinite(amount->value)) {
        return true;
    }
    wp_report_error(r, at, "a published figure is a number with its unit, such as '750000 days per year'%s%s",
                    why[0] != '\0' ? ": " : "", why);
    return false;
}

bool wp_published_range_check(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"low", "high", NULL};
    if (!wp_node_check_keys(r, at, "'published'", keys)) { return false; }
    if (wp_node_get(at, "low") != NULL || wp_node_get(at, "high") != NULL) { return true; }
    wp_report_error(r, at, "'published' has a value, or low and high");
    return false;
}

/* ---- Finding ----------------------------------------------------------------------------------- */

static int by_id(const void *left, const void *right)
{
    return strcmp(((const wp_published *)left)->id, ((const wp_published *)right)->id);
}

const wp_published *wp_published_need(wp_reader *r, const wp_node *at)
{
    const wp_scenario *s = r->scenario;
    wp_published key = {.id = at->text};
    const wp_published *row =
        bsearch(&key, s->published, (size_t)s->n_published, sizeof *s->published, by_id);
    if (row != NULL) { return row; }
    const char **ids = wp_reader_scratch(r, (size_t)s->n_published, sizeof *ids);
    for (int i = 0; ids != NULL && i < s->n_published; i++) { ids[i] = s->published[i].id; }
    wp_report_error(r, at, "no published figure has the id '%s'%s", at->text,
                    ids == NULL ? "" : wp_report_nearest(r, at->text, ids, s->n_published));
    wp_report_hint(r, "leave 'id' out, or give the figure a row in 'published'");
    return NULL;
}

const wp_node *wp_published_value_of(wp_reader *r, const wp_published *row)
{
    const wp_node *value = wp_node_get(wp_node_get(wp_node_get(r->root, "published"), row->id), "value");
    return value != NULL && !value->quoted ? value : NULL;
}

/* ---- Reading ----------------------------------------------------------------------------------- */

static const char *const role_words[] = {"baseline fact", "claim", "structural fact", "investment",
                                         "derived figure"};

static void read_role(wp_reader *r, const wp_node *row, wp_published *p)
{
    const wp_node *role = wp_node_need(r, row, "this published figure", "role");
    p->role = WP_PUBLISHED_STRUCTURE;
    for (int i = 0; role != NULL && i < WP_N_PUBLISHED_ROLES; i++) {
        if (wp_node_is(role, role_words[i])) {
            p->role = (wp_published_role)i;
            return;
        }
    }
    if (role == NULL) { return; }
    wp_report_error(r, role,
                    "'role' is baseline fact, claim, structural fact, investment or derived figure, "
                    "not '%s'%s",
                    role->text, wp_report_nearest(r, role->text, role_words, WP_N_PUBLISHED_ROLES));
}

/* A number, a range, or words in quotation marks where no number was given; kept as text. */
static const char *read_value(wp_reader *r, const wp_node *at)
{
    wp_amount amount;
    if (at == NULL) { return ""; }
    if (at->kind == WP_NODE_SCALAR && at->quoted) { return wp_reader_keep(r, at->text); }
    if (at->kind != WP_NODE_MAP) {
        return wp_published_value_read(r, at, &amount) ? wp_reader_keep(r, at->text) : "";
    }
    const wp_node *low = wp_node_get(at, "low"), *high = wp_node_get(at, "high");
    if (!wp_published_range_check(r, at) || (low != NULL && !wp_published_value_read(r, low, &amount)) ||
        (high != NULL && !wp_published_value_read(r, high, &amount))) {
        return "";
    }
    if (high == NULL) { return wp_reader_format(r, "%s or more", low->text); }
    if (low == NULL) { return wp_reader_format(r, "%s or less", high->text); }
    return wp_reader_format(r, "%s to %s", low->text, high->text);
}

static const char *read_text(wp_reader *r, const wp_node *row, const char *key, const char *what)
{
    const wp_node *at = wp_node_get(row, key);
    const char *text = at == NULL ? NULL : wp_string_read(r, at, what);
    return text == NULL ? "" : text;
}

static void check_id(wp_reader *r, const wp_node *key)
{
    size_t n = strlen(key->text);
    bool is_id = n > 0 && n <= MAX_ID;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)key->text[i];
        is_id = is_id && (isalnum(c) || c == '-' || c == '_' || c == '.');
    }
    if (is_id) { return; }
    wp_report_error(r, key, "the id '%s' must be letters, digits, '-', '_' and '.', at most %d", key->text,
                    (int)MAX_ID);
}

static void read_row(wp_reader *r, const wp_pair *pair, wp_published *p)
{
    static const char *const keys[] = {"role",   "place", "says",         "value", "period",
                                       "source", "grade", "not_modelled", NULL};
    const wp_node *row = pair->value;
    *p = (wp_published){.id = wp_reader_keep(r, pair->key->text),
                        .pos = pair->key->pos,
                        .place = "",
                        .says = "",
                        .value = "",
                        .period = ""};
    check_id(r, pair->key);
    if (!wp_node_check_keys(r, row, "a published figure", keys)) { return; }
    read_role(r, row, p);
    (void)wp_node_need(r, row, "this published figure", "says");
    (void)wp_node_need(r, row, "this published figure", "source");
    p->place = read_text(r, row, "place", "'place'");
    p->says = read_text(r, row, "says", "'says'");
    p->value = read_value(r, wp_node_get(row, "value"));
    p->period = read_text(r, row, "period", "'period'");
    p->source = read_text(r, row, "source", "'source'");
    p->grade = wp_grade_read(r, wp_node_get(row, "grade"));
    const wp_node *why = wp_node_get(row, "not_modelled");
    if (why != NULL) { p->not_modelled = wp_string_read(r, why, "'not_modelled'"); }
}

void wp_read_published(wp_reader *r)
{
    const wp_node *at = wp_node_get(r->root, "published");
    if (at == NULL) { return; }
    if (at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "'published' has at most %d rows", (int)WP_MAX_NAMES);
        return;
    }
    wp_published *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < at->n; i++) { read_row(r, &at->pairs[i], &list[i]); }
    qsort(list, (size_t)at->n, sizeof *list, by_id);
    r->scenario->published = list;
    r->scenario->n_published = at->n;
}
