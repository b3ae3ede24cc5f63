/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who lives in the place at the start, and who comes later: cohorts, margins, files, arrivals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/condition.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/quantity.h"
#include "scenario/reader.h"
#include "scenario/source.h"
#include "scenario/table.h"

enum { MAX_MEMBERS = 64, MAX_MARGINS = 64 };

/* ---- Cohorts ------------------------------------------------------------------------------- */

/* Variables given in a map beside its own keys: "sex: female". Fills arrays of the scenario. */
typedef struct given {
    int n;
    int *variables;
    int *levels;
} given;

static void read_given(wp_reader *r, const wp_node *map, wp_subject_kind of, const char *const *own_keys,
                       const char *what, given *g)
{
    g->variables = wp_reader_alloc(r, (size_t)map->n, sizeof *g->variables);
    g->levels = wp_reader_alloc(r, (size_t)map->n, sizeof *g->levels);
    if (g->variables == NULL || g->levels == NULL) { return; }
    for (int i = 0; i < map->n; i++) {
        const wp_node *key = map->pairs[i].key;
        const wp_node *value = map->pairs[i].value;
        int k = 0;
        while (own_keys[k] != NULL && strcmp(own_keys[k], key->text) != 0) { k++; }
        if (own_keys[k] != NULL) { continue; }
        int variable = wp_names_find(r, WP_NAME_VARIABLE, key->text);
        if (variable < 0) {
            wp_report_error(r, key, "unknown name '%s' in %s%s", key->text, what,
                            wp_report_nearest(r, key->text, r->names->texts[WP_NAME_VARIABLE],
                                              r->names->n[WP_NAME_VARIABLE]));
            continue;
        }
        const wp_variable *v = &r->names->variables[variable];
        if (v->kind == WP_STATUS || v->of != of) {
            wp_report_error(r, key, "'%s' is %s and cannot be set for %s", key->text,
                            v->kind == WP_STATUS      ? "an intervention"
                            : v->of == WP_HOUSEHOLD ? "of the household"
                                                      : "of a person",
                            what);
            continue;
        }
        if (value->kind != WP_NODE_SCALAR) {
            wp_report_error(r, value, "one level of '%s' was expected", key->text);
            continue;
        }
        int level = wp_names_need_level(r, value, variable, value->text);
        if (level < 0) { continue; }
        g->variables[g->n] = variable;
        g->levels[g->n++] = level;
    }
    for (int i = 1; i < g->n; i++) { /* in order of variable: insertion, for lists of a few */
        for (int k = i; k > 0 && g->variables[k] < g->variables[k - 1]; k--) {
            int variable = g->variables[k];
            int level = g->levels[k];
            g->variables[k] = g->variables[k - 1];
            g->levels[k] = g->levels[k - 1];
            g->variables[k - 1] = variable;
            g->levels[k - 1] = level;
        }
    }
}

static int member_by_label(wp_reader *r, const wp_node *at, const wp_member_start *members, int n)
{
    for (int i = 0; at->kind == WP_NODE_SCALAR && i < n; i++) {
        if (members[i].label != NULL && strcmp(members[i].label, at->text) == 0) { return i; }
    }
    wp_report_error(r, at, "no member of this household has the label '%s'", at->text);
    return -1;
}

/* False when the age is not known. */
static bool read_member(wp_reader *r, const wp_node *at, wp_member_start *m)
{
    static const char *const own[] = {"label", "age", "partner", "mother", NULL};
    given g = {0};
    m->partner = -1;
    m->mother = -1;
    m->pos = at->pos;
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at, "a member is a mapping, such as {age: 40 years, sex: female}");
        return false;
    }
    m->label = wp_string_read(r, wp_node_get(at, "label"), "'label'");
    bool known = wp_age_read(r, wp_node_need(r, at, "this member", "age"), "'age'", &m->age);
    read_given(r, at, WP_PERSON, own, "a member", &g);
    m->n_set = g.n;
    m->variables = g.variables;
    m->levels = g.levels;
    return known;
}

/* Partners both ways, mothers older than their children: an impossible household is an error. */
static void link_members(wp_reader *r, const wp_node *list, wp_member_start *members, const bool *age_known,
                         int n)
{
    for (int i = 0; i < n; i++) {
        const wp_node *label = wp_node_get(list->items[i], "label");
        for (int k = 0; k < i; k++) {
            if (members[i].label != NULL && members[k].label != NULL &&
                strcmp(members[i].label, members[k].label) == 0) {
                wp_report_error(r, label, "two members have the label '%s'", members[i].label);
            }
        }
        const wp_node *partner = wp_node_get(list->items[i], "partner");
        const wp_node *mother = wp_node_get(list->items[i], "mother");
        if (partner != NULL) { members[i].partner = member_by_label(r, partner, members, n); }
        if (mother != NULL) { members[i].mother = member_by_label(r, mother, members, n); }
        if (members[i].partner == i || members[i].mother == i) {
            wp_report_error(r, list->items[i], "a member cannot be their own partner or mother");
            members[i].partner = members[i].mother = -1;
        }
        int parent = members[i].mother;
        if (parent >= 0 && age_known[i] && age_known[parent] && members[parent].age <= members[i].age) {
            wp_report_error(r, mother, "a mother is older than her child: %.10g and %.10g years",
                            members[parent].age, members[i].age);
        }
    }
    for (int i = 0; i < n; i++) {
        int other = members[i].partner;
        if (other < 0) { continue; }
        if (members[other].partner < 0) { members[other].partner = i; }
        if (members[other].partner != i) {
            wp_report_error(r, wp_node_get(list->items[i], "partner"),
                            "the partner of '%s' is another member",
                            members[other].label != NULL ? members[other].label : "");
            members[i].partner = -1;
        }
    }
}

static void read_cohort(wp_reader *r, const wp_node *at, bool needs_number, wp_cohort *cohort)
{
    static const char *const own[] = {"households", "members", NULL};
    *cohort = (wp_cohort){.n_households = 1};
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at,
                        "a cohort is a mapping, such as {households: 1000, members: [{age: 40 years}]}");
        return;
    }
    given g = {0};
    read_given(r, at, WP_HOUSEHOLD, own, "a cohort's household", &g);
    cohort->n_set = g.n;
    cohort->variables = g.variables;
    cohort->levels = g.levels;
    const wp_node *households = needs_number ? wp_node_need(r, at, "the cohort", "households")
                                             : wp_node_get(at, "households");
    if (!needs_number && households != NULL) {
        wp_report_error(r, households, "households arrive one by one: 'households' has no meaning here");
        households = NULL;
    }
    (void)(households == NULL ||
           wp_whole_read(r, households, "'households'", 0, 1000000000, &cohort->n_households));
    const wp_node *list = wp_node_need(r, at, "the cohort", "members");
    if (list == NULL) { return; }
    if (list->kind != WP_NODE_LIST) {
        wp_report_error(r, list, "'members' is a list, such as [{age: 40 years}]");
        return;
    }
    if (list->n > MAX_MEMBERS) {
        wp_report_error(r, list, "a household has at most %d members", (int)MAX_MEMBERS);
        return;
    }
    if (list->n == 0 && (cohort->n_households > 0 || !needs_number)) {
        wp_report_error(r, list, "a household has at least one member");
    }
    wp_member_start *members = wp_reader_alloc(r, (size_t)list->n, sizeof *members);
    bool *age_known = wp_reader_scratch(r, (size_t)list->n, sizeof *age_known);
    if (members == NULL || age_known == NULL) { return; }
    for (int i = 0; i < list->n; i++) { age_known[i] = read_member(r, list->items[i], &members[i]); }
    link_members(r, list, members, age_known, list->n);
    cohort->n_members = list->n;
    cohort->members = members;
}

/* ---- Margins ------------------------------------------------------------------------------- */

static bool read_margin(wp_reader *r, const wp_node *at, wp_margin *margin)
{
    static const char *const keys[] = {"of",        "by",     "as",    "values", "table",
                                       "otherwise", "source", "grade", NULL};
    static const wp_cell_rule rule = {.what = "a number of people or households, or a share",
                                      .unit = WP_UNIT_NONE,
                                      .scale = 1.0,
                                      .lo = 0.0,
                                      .hi = 1e10};
    if (!wp_node_check_keys(r, at, "a margin", keys)) { return false; }
    margin->pos = at->pos;
    const wp_node *of = wp_node_need(r, at, "the margin", "of");
    const wp_node *as = wp_node_get(at, "as");
    (void)wp_string_read(r, wp_node_get(at, "source"), "'source'");
    (void)wp_grade_read(r, wp_node_get(at, "grade"));
    if (of == NULL) { return false; }
    if (!wp_node_is(of, "person") && !wp_node_is(of, "household")) {
        wp_report_error(r, of, "'of' must be person or household");
        return false;
    }
    margin->of = wp_node_is(of, "household") ? WP_HOUSEHOLD : WP_PERSON;
    if (as != NULL && !wp_node_is(as, "shares")) {
        wp_report_error(r, as, "'as' can only be 'shares'");
        return false;
    }
    if (!wp_table_read_margin(r, at, margin->of, &rule, &margin->grid)) { return false; }
    margin->as_shares = as != NULL;
    return true;
}

static void read_totals(wp_reader *r, const wp_node *at, wp_population_spec *p)
{
    static const char *const keys[] = {"people", "households", NULL};
    const wp_node *people = wp_node_get(at, "people");
    const wp_node *total = wp_node_get(at, "total");
    const wp_node *households = NULL;
    if (total != NULL && wp_node_check_keys(r, total, "'total'", keys)) {
        households = wp_node_get(total, "households");
        if (people != NULL && wp_node_get(total, "people") != NULL) {
            wp_report_error(r, wp_node_get(total, "people"), "'people' is already given on line %d",
                            (int)people->pos.line);
        } else if (people == NULL) {
            people = wp_node_get(total, "people");
        }
    }
    int64_t n = 0;
    if (wp_whole_read(r, people, "'people'", 1, INT64_C(4000000000), &n)) { p->people = (double)n; }
    if (wp_whole_read(r, households, "'households'", 1, 1000000000, &n)) { p->households = (double)n; }
    if (people == NULL && households == NULL) {
        wp_report_error(r, at, "'people', the number of people in the place, is missing");
    }
}

static void read_synthetic(wp_reader *r, const wp_node *at, wp_population_spec *p)
{
    static const char *const keys[] = {"people", "total", "margins", "source", "grade", NULL};
    if (!wp_node_check_keys(r, at, "'synthetic'", keys)) { return; }
    read_totals(r, at, p);
    p->source = wp_string_read(r, wp_node_get(at, "source"), "'source'");
    p->grade = wp_grade_read(r, wp_node_get(at, "grade"));
    const wp_node *list = wp_node_need(r, at, "'synthetic'", "margins");
    if (list == NULL) { return; }
    if (list->kind != WP_NODE_LIST || list->n == 0 || list->n > MAX_MARGINS) {
        wp_report_error(r, list, "'margins' is a list of 1 to %d tables", (int)MAX_MARGINS);
        return;
    }
    wp_margin *margins = wp_reader_alloc(r, (size_t)list->n, sizeof *margins);
    if (margins == NULL) { return; }
    for (int i = 0; i < list->n; i++) {
        if (read_margin(r, list->items[i], &margins[p->n_margins])) { p->n_margins++; }
    }
    p->margins = margins;
}

static void read_file(wp_reader *r, const wp_node *at, wp_population_spec *p)
{
    static const char *const keys[] = {"persons", "households", "source", "grade", NULL};
    if (!wp_node_check_keys(r, at, "'file'", keys)) { return; }
    const wp_node *persons = wp_node_need(r, at, "'file'", "persons");
    const wp_node *households = wp_node_need(r, at, "'file'", "households");
    if (persons != NULL) { p->persons_path = wp_source_path(r, persons); }
    if (households != NULL) { p->households_path = wp_source_path(r, households); }
    p->source = wp_string_read(r, wp_node_get(at, "source"), "'source'");
    p->grade = wp_grade_read(r, wp_node_get(at, "grade"));
}

void wp_read_population(wp_reader *r)
{
    static const char *const keys[] = {"cohort", "synthetic", "file", NULL};
    wp_population_spec *p = &r->scenario->population;
    p->people = NAN;
    p->households = NAN;
    p->cohort.n_households = 1;
    const wp_node *at = wp_node_get(r->root, "population");
    if (at == NULL) {
        wp_report_error(r, NULL, "section 'population' is missing");
        wp_report_hint(r, "write  population: {cohort: {households: 1000, members: [{age: 40 years}]}}");
        return;
    }
    p->pos = at->pos;
    if (!wp_node_check_keys(r, at, "'population'", keys)) { return; }
    if (at->n != 1) {
        wp_report_error(r, at, "a population has one of cohort, synthetic and file");
        return;
    }
    const wp_node *value = at->pairs[0].value;
    if (wp_node_is(at->pairs[0].key, "cohort")) {
        p->kind = WP_POPULATION_COHORT;
        read_cohort(r, value, true, &p->cohort);
    } else if (wp_node_is(at->pairs[0].key, "synthetic")) {
        p->kind = WP_POPULATION_SYNTHETIC;
        read_synthetic(r, value, p);
    } else if (wp_node_is(at->pairs[0].key, "file")) {
        p->kind = WP_POPULATION_FILE;
        read_file(r, value, p);
    }
}

/* ---- Arrivals ------------------------------------------------------------------------------ */

static void read_like(wp_reader *r, const wp_node *like, wp_arrival *a)
{
    static const char *const keys[] = {"founders", NULL};
    a->like_founders = true;
    if (wp_node_is(like, "founders")) { return; }
    if (!wp_node_check_keys(r, like, "'like'", keys)) { return; }
    a->founders = wp_condition_read(r, wp_node_need(r, like, "'like'", "founders"), WP_HOUSEHOLD);
}

static void read_arrival(wp_reader *r, const wp_pair *pair, wp_arrival *a)
{
    static const char *const keys[] = {"hazard", "cohort", "like", NULL};
    a->name = wp_reader_keep(r, pair->key->text);
    a->pos = pair->key->pos;
    (void)wp_name_check(r, pair->key, "a stream of arrivals");
    if (!wp_node_check_keys(r, pair->value, "a stream of arrivals", keys)) { return; }
    const wp_node *hazard = wp_node_need(r, pair->value, "this stream of arrivals", "hazard");
    const wp_node *cohort = wp_node_get(pair->value, "cohort");
    const wp_node *like = wp_node_get(pair->value, "like");
    if (hazard != NULL) { (void)wp_quantity_read(r, hazard, WP_PLACE, WP_USE_HAZARD, "hazard", &a->hazard); }
    if ((cohort == NULL) == (like == NULL)) {
        wp_report_error(r, pair->key, "arrivals have 'cohort' or 'like', one of the two");
        return;
    }
    if (cohort != NULL) {
        read_cohort(r, cohort, false, &a->cohort);
    } else {
        read_like(r, like, a);
    }
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_arrival *)left)->name, ((const wp_arrival *)right)->name);
}

void wp_read_arrivals(wp_reader *r)
{
    const wp_node *at = wp_node_get(r->root, "arrivals");
    if (at == NULL || at->kind != WP_NODE_MAP) { return; }
    if (at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "more than %d streams of arrivals", (int)WP_MAX_NAMES);
        return;
    }
    wp_arrival *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < at->n; i++) { read_arrival(r, &at->pairs[i], &list[i]); }
    qsort(list, (size_t)at->n, sizeof *list, by_name);
    r->scenario->arrivals = list;
    r->scenario->n_arrivals = at->n;
}
