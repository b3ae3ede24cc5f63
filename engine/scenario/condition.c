/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions: reading mappings of tests, and asking simple things of them. */
#include "scenario/condition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 16, MAX_PARTS = 128, MAX_VALUES = 256, MAX_VISIT = 4096 };

/* A condition and its canonical text, for sorting. */
typedef struct part { const wp_condition *condition; const char *text; } part;

static const wp_condition *read_map(wp_reader *r, const wp_node *at, wp_subject_kind of, int depth);

static wp_condition *fresh(wp_reader *r, wp_condition_kind kind, wp_pos pos)
{
    wp_condition *c = wp_reader_alloc(r, 1, sizeof *c);
    if (c != NULL) { *c = (wp_condition){.kind = kind, .group = -1, .look = {.item = -1}, .pos = pos}; }
    return c;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const part *)a)->text, ((const part *)b)->text);
}

/* ALL or ANY of the parts, in order of their text; a single part stands for itself. */
static const wp_condition *join(wp_reader *r, wp_condition_kind kind, const wp_condition *const *parts, int n,
                                wp_pos pos)
{
    if (n == 0) { return NULL; }
    if (n == 1) { return parts[0]; }
    part *sorted = wp_reader_scratch(r, (size_t)n, sizeof *sorted);
    const wp_condition **kept = wp_reader_alloc(r, (size_t)n, sizeof *kept);
    wp_condition *c = fresh(r, kind, pos);
    if (sorted == NULL || kept == NULL || c == NULL) { return NULL; }
    for (int i = 0; i < n; i++) { sorted[i] = (part){parts[i], wp_condition_text(r, parts[i])}; }
    qsort(sorted, (size_t)n, sizeof *sorted, by_text);
    for (int i = 0; i < n; i++) { kept[i] = sorted[i].condition; }
    c->n_parts = n;
    c->parts = (struct wp_condition *const *)(const void *)kept;
    return c;
}

static const wp_condition *negate(wp_reader *r, const wp_condition *inner, wp_pos pos)
{
    const wp_condition **kept = wp_reader_alloc(r, 1, sizeof *kept);
    wp_condition *c = fresh(r, WP_CONDITION_NOT, pos);
    if (inner == NULL || kept == NULL || c == NULL) { return NULL; }
    kept[0] = inner;
    c->n_parts = 1;
    c->parts = (struct wp_condition *const *)(const void *)kept;
    return c;
}

/* `conditions: [2, 3+]`, `age: 65+`: any of the values. */
static const wp_condition *read_test(wp_reader *r, const wp_pair *pair, wp_subject_kind of)
{
    wp_look look;
    const wp_node *value = pair->value;
    if (!wp_look_read(r, pair->key, of, &look)) { return NULL; }
    if (look.kind == WP_LOOK_MULTIPLIER || look.kind == WP_LOOK_OPTION) {
        wp_report_error(r, pair->key, "'%s' cannot be a condition: it is %s", pair->key->text,
                        look.kind == WP_LOOK_OPTION ? "for weights" : "a real number, for factors only");
        return NULL;
    }
    int n = wp_node_count(value);
    if (n > MAX_VALUES) {
        wp_report_error(r, value, "more than %d values in one condition", MAX_VALUES);
        return NULL;
    }
    wp_condition *c = fresh(r, WP_CONDITION_TEST, pair->key->pos);
    wp_band *bands = wp_reader_alloc(r, (size_t)n, sizeof *bands);
    const wp_node **nodes = wp_reader_scratch(r, (size_t)n, sizeof *nodes);
    if (c == NULL || bands == NULL || nodes == NULL) { return NULL; }
    c->look = look;
    bool good = n > 0;
    if (n == 0) { wp_report_error(r, value, "'%s' has no values; say which ones meet it", pair->key->text); }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(value, i);
        nodes[i] = item;
        if (item->kind != WP_NODE_SCALAR) {
            wp_report_error(r, item, "'%s' must be a value or a list of values", pair->key->text);
            good = false;
        } else if (wp_look_is_level(&look)) {
            int level = wp_look_level(r, item, &look, -1, item->text);
            if (level >= 0) { c->levels |= UINT64_C(1) << level; } else { good = false; }
        } else if (!wp_band_read(r, item, wp_look_band_kind(&look, pair->key->text), &bands[i])) {
            good = false;
        }
    }
    if (!good) { return NULL; }
    if (!wp_look_is_level(&look)) {
        if (n > 1 && !wp_bands_check(r, nodes, bands, n, false)) { return NULL; }
        c->n_bands = n;
        c->bands = bands;
    }
    return c;
}

/* `has: partner`, `has: [partner, child_at_home]` (any of them). */
static const wp_condition *read_has(wp_reader *r, const wp_pair *pair, wp_subject_kind of)
{
    static const char *const WORDS[] = {"partner", "parent_at_home", "child_at_home"};
    static const wp_look_kind KINDS[] = {WP_LOOK_HAS_PARTNER, WP_LOOK_PARENT_AT_HOME, WP_LOOK_CHILD_AT_HOME};
    const wp_condition *parts[3] = {NULL};
    int n = 0;
    if (of != WP_PERSON && of != WP_N_SUBJECT_KINDS) {
        wp_report_error(r, pair->key, "'%s' belongs to a person, and %s is of a %s", pair->key->text,
                        r->names->context, wp_subject_name(of));
        return NULL;
    }
    for (int i = 0; i < wp_node_count(pair->value); i++) {
        const wp_node *item = wp_node_at(pair->value, i);
        int found = -1;
        for (int k = 0; k < 3; k++) { found = wp_node_is(item, WORDS[k]) ? k : found; }
        if (found < 0) {
            wp_report_error(r, item, "'%s: %s'; it must be partner, parent_at_home or child_at_home%s",
                            pair->key->text, item->text, wp_report_nearest(r, item->text, WORDS, 3));
            return NULL;
        }
        wp_condition *c = fresh(r, WP_CONDITION_TEST, pair->key->pos);
        if (c == NULL) { return NULL; }
        if (n == 3) {
            wp_report_error(r, item, "'%s' is said more than once", item->text);
            return NULL;
        }
        c->look = (wp_look){.kind = KINDS[found], .item = -1};
        c->levels = UINT64_C(2);
        parts[n++] = c;
    }
    if (n == 0) { wp_report_error(r, pair->value, "'%s' does not say what", pair->key->text); }
    return join(r, WP_CONDITION_ANY, parts, n, pair->key->pos);
}

static const wp_condition *read_is(wp_reader *r, const wp_pair *pair, wp_subject_kind of)
{
    int n = wp_node_count(pair->value);
    const wp_condition **parts = wp_reader_scratch(r, (size_t)n, sizeof *parts);
    if (of != WP_PERSON && of != WP_N_SUBJECT_KINDS) {
        wp_report_error(r, pair->key,
                        "groups are of persons, and %s is of a %s; write 'household.number_of.GROUP: 1+'",
                        r->names->context, wp_subject_name(of));
        return NULL;
    }
    if (parts == NULL) { return NULL; }
    if (n == 0 || n > MAX_PARTS) {
        wp_report_error(r, pair->value, "'%s' names one group, or a list of up to %d", pair->key->text,
                        MAX_PARTS);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(pair->value, i);
        bool everyone = wp_node_is(item, "everyone");
        int group = everyone ? -1 : wp_names_need(r, item, WP_NAME_GROUP, item->text);
        if (group < 0 && !everyone) { return NULL; }
        wp_condition *c = fresh(r, everyone ? WP_CONDITION_ALWAYS : WP_CONDITION_GROUP, pair->key->pos);
        if (c == NULL) { return NULL; }
        c->group = group;
        parts[i] = c;
    }
    return join(r, WP_CONDITION_ANY, parts, n, pair->key->pos);
}

static const wp_condition *read_any_of(wp_reader *r, const wp_pair *pair, wp_subject_kind of, int depth)
{
    const wp_node *list = pair->value;
    if (list->kind != WP_NODE_LIST || list->n == 0) {
        wp_report_error(r, list, "'any_of' needs a list of conditions, [{…}, {…}]");
        return NULL;
    }
    if (list->n > MAX_PARTS) {
        wp_report_error(r, list, "more than %d conditions in one 'any_of'", MAX_PARTS);
        return NULL;
    }
    const wp_condition **parts = wp_reader_scratch(r, (size_t)list->n, sizeof *parts);
    if (parts == NULL) { return NULL; }
    int n = 0;
    for (int i = 0; i < list->n; i++) {
        const wp_condition *c = read_map(r, list->items[i], of, depth + 1);
        if (c != NULL) { parts[n++] = c; }
    }
    return n < list->n ? NULL : join(r, WP_CONDITION_ANY, parts, n, pair->key->pos);
}

static const wp_condition *read_line(wp_reader *r, const wp_pair *pair, wp_subject_kind of, int depth)
{
    const char *key = pair->key->text;
    if (strcmp(key, "has") == 0) { return read_has(r, pair, of); }
    if (strcmp(key, "has_no") == 0) { return negate(r, read_has(r, pair, of), pair->key->pos); }
    if (strcmp(key, "is") == 0) { return read_is(r, pair, of); }
    if (strcmp(key, "is_not") == 0) { return negate(r, read_is(r, pair, of), pair->key->pos); }
    if (strcmp(key, "any_of") == 0) { return read_any_of(r, pair, of, depth); }
    return read_test(r, pair, of);
}

static const wp_condition *read_map(wp_reader *r, const wp_node *at, wp_subject_kind of, int depth)
{
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at, "a condition is a mapping, such as {age: 65+, sex: female}");
        return NULL;
    }
    if (at->n == 0) {
        wp_report_error(r, at, "the condition is empty; leave it out where it always holds");
        return NULL;
    }
    if (depth > MAX_DEPTH || at->n > MAX_PARTS) {
        wp_report_error(r, at, "the condition is too %s", depth > MAX_DEPTH ? "deep" : "long");
        return NULL;
    }
    const wp_condition **parts = wp_reader_scratch(r, (size_t)at->n, sizeof *parts);
    if (parts == NULL) { return NULL; }
    int n = 0;
    for (int i = 0; i < at->n; i++) {
        const wp_condition *c = read_line(r, &at->pairs[i], of, depth);
        if (c != NULL) { parts[n++] = c; }
    }
    return n < at->n ? NULL : join(r, WP_CONDITION_ALL, parts, n, at->pos);
}

const wp_condition *wp_condition_read(wp_reader *r, const wp_node *at, wp_subject_kind of)
{
    return at == NULL ? NULL : read_map(r, at, of, 0);
}

const wp_condition *wp_condition_both(wp_reader *r, const wp_condition *a, const wp_condition *b)
{
    if (a == NULL || b == NULL) { return a == NULL ? b : a; }
    const wp_condition *parts[2] = {a, b};
    return join(r, WP_CONDITION_ALL, parts, 2, a->pos);
}

/* ---- Written out --------------------------------------------------------------------------- */

static const char *test_text(wp_reader *r, const wp_condition *c)
{
    const char *text = wp_reader_format(r, "%s:", wp_look_text(r, &c->look));
    if (wp_look_is_level(&c->look)) {
        int n = wp_look_n_levels(r, &c->look, -1);
        const char *comma = " ";
        for (int i = 0; i < n && i < WP_MAX_LEVELS; i++) {
            if ((c->levels >> i & 1) == 0) { continue; }
            text = wp_reader_format(r, "%s%s%s", text, comma, wp_look_level_name(r, &c->look, -1, i));
            comma = "|";
        }
        return text;
    }
    double from = -INFINITY;
    for (int i = 0; i < c->n_bands; i++) { /* in order of their lower ends */
        int next = -1;
        for (int k = 0; k < c->n_bands; k++) {
            bool later = c->bands[k].lo > from;
            if (later && (next < 0 || c->bands[k].lo < c->bands[next].lo)) { next = k; }
        }
        if (next < 0) { break; }
        from = c->bands[next].lo;
        text = wp_reader_format(r, "%s%s[%.15g,%.15g)", text, i == 0 ? " " : "|", from, c->bands[next].hi);
    }
    return text;
}

const char *wp_condition_text(wp_reader *r, const wp_condition *c)
{
    if (c == NULL) { return ""; }
    switch (c->kind) {
    case WP_CONDITION_ALWAYS: return "is everyone";
    case WP_CONDITION_GROUP: return wp_reader_format(r, "is %s", r->names->groups[c->group].name);
    case WP_CONDITION_NOT: return wp_reader_format(r, "not (%s)", wp_condition_text(r, c->parts[0]));
    case WP_CONDITION_TEST: return test_text(r, c);
    default: break;
    }
    const char *between = c->kind == WP_CONDITION_ANY ? " or " : ", ";
    const char *text = c->kind == WP_CONDITION_ANY ? "(" : "";
    for (int i = 0; i < c->n_parts; i++) {
        text = wp_reader_format(r, "%s%s%s", text, i == 0 ? "" : between, wp_condition_text(r, c->parts[i]));
    }
    return c->kind == WP_CONDITION_ANY ? wp_reader_format(r, "%s)", text) : text;
}

/* ---- Questions ------------------------------------------------------------------------------ */

/* The levels of `look` that the condition leaves open, as far as its own tests joined by ALL show. */
static uint64_t open_levels(const wp_reader *r, const wp_condition *c, const wp_look *look, int depth)
{
    if (c == NULL || depth > MAX_DEPTH) { return UINT64_MAX; }
    uint64_t open = UINT64_MAX;
    if (c->kind == WP_CONDITION_TEST && wp_look_is_level(&c->look) && wp_look_equal(&c->look, look)) {
        open = c->levels;
    } else if (c->kind == WP_CONDITION_ALL) {
        for (int i = 0; i < c->n_parts; i++) { open &= open_levels(r, c->parts[i], look, depth + 1); }
    } else if (c->kind == WP_CONDITION_ANY) {
        open = 0;
        for (int i = 0; i < c->n_parts; i++) { open |= open_levels(r, c->parts[i], look, depth + 1); }
    } else if (c->kind == WP_CONDITION_GROUP) {
        open = open_levels(r, r->names->groups[c->group].condition, look, depth + 1);
    }
    return open;
}

/* Can the bands of a number meet in the two? */
static bool bands_meet(const wp_condition *a, const wp_condition *b)
{
    for (int i = 0; i < a->n_bands; i++) {
        for (int k = 0; k < b->n_bands; k++) {
            if (a->bands[i].lo < b->bands[k].hi && b->bands[k].lo < a->bands[i].hi) { return true; }
        }
    }
    return false;
}

static bool clash(const wp_reader *r, const wp_condition *test, const wp_condition *other, int depth)
{
    if (other == NULL || depth > MAX_DEPTH) { return false; }
    if (wp_look_is_level(&test->look)) {
        return (test->levels & open_levels(r, other, &test->look, depth)) == 0;
    }
    if (other->kind == WP_CONDITION_TEST) {
        return wp_look_equal(&test->look, &other->look) && !bands_meet(test, other);
    }
    if (other->kind == WP_CONDITION_ALL) {
        for (int i = 0; i < other->n_parts; i++) {
            if (clash(r, test, other->parts[i], depth + 1)) { return true; }
        }
    }
    if (other->kind == WP_CONDITION_GROUP) {
        return clash(r, test, r->names->groups[other->group].condition, depth + 1);
    }
    return false;
}

static bool may_both(const wp_reader *r, const wp_condition *a, const wp_condition *b, int depth)
{
    if (a == NULL || b == NULL || depth > MAX_DEPTH) { return true; }
    if (a->kind == WP_CONDITION_TEST) { return !clash(r, a, b, depth); }
    if (a->kind == WP_CONDITION_GROUP) {
        return may_both(r, r->names->groups[a->group].condition, b, depth + 1);
    }
    if (a->kind == WP_CONDITION_ALL) {
        for (int i = 0; i < a->n_parts; i++) {
            if (!may_both(r, a->parts[i], b, depth + 1)) { return false; }
        }
    }
    if (a->kind == WP_CONDITION_ANY) {
        for (int i = 0; i < a->n_parts; i++) {
            if (may_both(r, a->parts[i], b, depth + 1)) { return true; }
        }
        return false;
    }
    return true;
}

bool wp_condition_may_both_hold(const wp_reader *r, const wp_condition *a, const wp_condition *b)
{
    return may_both(r, a, b, 0) && may_both(r, b, a, 0);
}

static void visit_deep(const wp_reader *r, const wp_condition *c, void (*visit)(void *, const wp_condition *),
                       void *context, int depth)
{
    if (c == NULL || depth > MAX_VISIT) { return; }
    if (c->kind == WP_CONDITION_TEST) { visit(context, c); }
    if (c->kind == WP_CONDITION_GROUP) {
        visit_deep(r, r->names->groups[c->group].condition, visit, context, depth + 1);
    }
    for (int i = 0; i < c->n_parts; i++) { visit_deep(r, c->parts[i], visit, context, depth + 1); }
}

void wp_condition_visit(const wp_reader *r, const wp_condition *condition,
                        void (*visit)(void *context, const wp_condition *test), void *context)
{
    visit_deep(r, condition, visit, context, 0);
}
