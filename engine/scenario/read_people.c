/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections `person`, `household` and `groups`: what people are, and how that begins. */
#include <string.h>

#include "scenario/condition.h"
#include "scenario/delay.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/table.h"

enum { MAX_TESTS = 1000 }; /* of a group, with the groups it is made of written out */

/* Which entries may use which words. */
typedef enum moment { AT_START, AT_BIRTH, AT_ARRIVAL, AT_NEW_HOUSEHOLD } moment;

static const char *const MOMENT_KEYS[] = {"at_start", "at_birth", "at_arrival", "at_new_household"};

static bool same_levels(const wp_variable *a, const wp_variable *b)
{
    if (a->n_levels != b->n_levels) { return false; }
    for (int i = 0; i < a->n_levels; i++) {
        if (strcmp(a->levels[i], b->levels[i]) != 0) { return false; }
    }
    return true;
}

static void read_same_as(wp_reader *r, const wp_node *at, const char *name, int variable, wp_entry *entry)
{
    const wp_variable *v = &r->names->variables[variable];
    int other = wp_names_need(r, at, WP_NAME_VARIABLE, name);
    if (other < 0) { return; }
    const wp_variable *mothers = &r->names->variables[other];
    if (mothers->of != WP_PERSON || v->of != WP_PERSON || !same_levels(v, mothers)) {
        wp_report_error(
            r, at, "'same as mother.%s' needs a person's attribute or state with the same levels as '%s'",
            name, v->name);
        return;
    }
    entry->kind = WP_ENTRY_SAME_AS_MOTHER;
    entry->item = other;
}

static void read_at_least(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_entry *entry)
{
    wp_look *look = wp_reader_alloc(r, 1, sizeof *look);
    if (look == NULL || !wp_look_read(r, at, of, look)) { return; }
    if (wp_look_band_kind(look, at->text) != WP_BAND_WHOLE || wp_look_is_level(look) ||
        look->kind == WP_LOOK_AGE || look->kind == WP_LOOK_MULTIPLIER) {
        wp_report_error(r, at, "'at_least' needs a count, such as children_at_home; '%s' is none", at->text);
        return;
    }
    entry->at_least = look;
}

static void read_entry(wp_reader *r, const wp_node *map, int variable, moment when, wp_entry *entry)
{
    const wp_variable *v = &r->names->variables[variable];
    const wp_node *at = wp_node_get(map, MOMENT_KEYS[when]);
    static const char *const KEYS[] = {"by",       "values", "table", "otherwise",
                                       "at_least", "source", "grade", NULL};
    *entry = (wp_entry){.kind = WP_ENTRY_NONE, .item = -1, .pos = at == NULL ? v->pos : at->pos};
    if (at == NULL || v->n_levels == 0) { return; }
    if (wp_node_is(at, "from population")) {
        entry->kind = WP_ENTRY_FROM_POPULATION;
        if (when != AT_START) { wp_report_error(r, at, "'from population' is for 'at_start' only"); }
        return;
    }
    if (wp_node_is(at, "as before") || wp_node_is(at, "fresh")) {
        entry->kind = wp_node_is(at, "fresh") ? WP_ENTRY_FRESH : WP_ENTRY_AS_BEFORE;
        if (when != AT_NEW_HOUSEHOLD) {
            wp_report_error(r, at, "'%s' is for 'at_new_household' only", at->text);
        }
        return;
    }
    if (at->kind == WP_NODE_SCALAR && strncmp(at->text, "same as mother.", 15) == 0) {
        if (when == AT_BIRTH) {
            read_same_as(r, at, at->text + 15, variable, entry);
        } else {
            wp_report_error(r, at, "'same as mother.…' is for 'at_birth' only");
        }
        return;
    }
    if (wp_node_get(at, "by") != NULL) {
        (void)wp_node_check_keys(r, at, wp_reader_format(r, "'%s'", MOMENT_KEYS[when]), KEYS);
        if (wp_node_get(at, "at_least") != NULL) {
            read_at_least(r, wp_node_get(at, "at_least"), v->of, entry);
        }
    }
    if (wp_table_read_shares(r, at, v->of, variable, &entry->shares)) { entry->kind = WP_ENTRY_SHARES; }
}

static void read_time_at_start(wp_reader *r, const wp_node *map, int variable)
{
    wp_variable *v = &r->names->variables[variable];
    const wp_node *at = wp_node_get(map, "time_at_start");
    v->time_at_start = WP_TIME_ZERO;
    v->time_distribution = (wp_duration){.mean = wp_quantity_number(0.0), .cv = wp_quantity_number(1.0)};
    if (at == NULL) { return; }
    r->names->time_at_start_given[variable] = true;
    if (wp_node_is(at, "equilibrium")) {
        v->time_at_start = WP_TIME_EQUILIBRIUM;
    } else if (!wp_node_is(at, "zero") &&
               wp_delay_read(r, at, v->of, "'time_at_start'", false, &v->time_distribution)) {
        v->time_at_start = WP_TIME_DISTRIBUTION;
    }
}

/* Does the population say this for every founder, as far as its text shows? */
static bool population_gives(const wp_reader *r, const wp_variable *v)
{
    const wp_node *population = wp_node_get(r->root, "population");
    const wp_node *cohort = wp_node_get(population, "cohort");
    const wp_node *margins = wp_node_get(wp_node_get(population, "synthetic"), "margins");
    if (wp_node_get(population, "file") != NULL) { return true; }
    const wp_node *members = wp_node_get(cohort, "members");
    if (cohort != NULL && v->of == WP_HOUSEHOLD) {
        return wp_node_get(cohort, v->name) != NULL ||
               wp_node_get(wp_node_get(cohort, "household"), v->name) != NULL;
    }
    for (int i = 0; cohort != NULL && i < wp_node_count(members); i++) {
        if (wp_node_get(wp_node_at(members, i), v->name) == NULL) { return false; }
    }
    if (cohort != NULL) { return true; }
    for (int i = 0; i < wp_node_count(margins); i++) {
        const wp_node *by = wp_node_get(wp_node_at(margins, i), "by");
        for (int k = 0; k < wp_node_count(by); k++) {
            const char *text = wp_node_at(by, k)->text;
            const char *dot = strrchr(text, '.');
            if (strcmp(dot == NULL ? text : dot + 1, v->name) == 0) { return true; }
        }
    }
    return false;
}

static bool depends_on_age(const wp_entry *entry)
{
    if (entry->kind != WP_ENTRY_SHARES || entry->at_least != NULL) { return true; }
    for (int i = 0; i + 1 < entry->shares->n_axes; i++) {
        if (entry->shares->axes[i].look.kind != WP_LOOK_VARIABLE) { return true; }
    }
    return false;
}

/* With one level there is nothing to say. */
static void fill_only_level(wp_reader *r, int variable)
{
    wp_variable *v = &r->names->variables[variable];
    if (v->n_levels != 1 || v->at_start.kind != WP_ENTRY_NONE) { return; }
    wp_grid *grid = wp_reader_alloc(r, 1, sizeof *grid);
    wp_axis *axis = wp_reader_alloc(r, 1, sizeof *axis);
    double *all = wp_reader_alloc(r, 1, sizeof *all);
    if (grid == NULL || axis == NULL || all == NULL) { return; }
    *axis = (wp_axis){.look = {.kind = WP_LOOK_VARIABLE, .item = variable}, .n_bands = 1};
    *all = 1.0;
    *grid = (wp_grid){.n_axes = 1, .axes = axis, .n_cells = 1, .values = all};
    v->at_start.kind = WP_ENTRY_SHARES;
    v->at_start.shares = grid;
}

static void check_start(wp_reader *r, const wp_node *key, const wp_variable *v, bool bad)
{
    bool open = v->at_start.kind == WP_ENTRY_NONE || v->at_start.kind == WP_ENTRY_FROM_POPULATION;
    if (bad || !open || wp_node_get(r->root, "population") == NULL || population_gives(r, v)) { return; }
    if (v->kind == WP_STATE && v->at_start.kind == WP_ENTRY_NONE) {
        wp_report_error(r, key, "state '%s' has no 'at_start', and the population does not give it", v->name);
        wp_report_hint(r, "write  at_start: %s  (all), or shares, at_start: {%s: 0.8, …}", v->levels[0],
                       v->levels[0]);
    } else {
        wp_report_warning(r, key, "'%s' is to come from the population, but no margin gives it", v->name);
    }
}

/* What is not said: as at the start, where that makes sense. */
static void fill_defaults(wp_reader *r, const wp_node *key, wp_variable *v, bool bad)
{
    if (v->of == WP_PERSON && v->at_birth.kind == WP_ENTRY_NONE) {
        if (!depends_on_age(&v->at_start)) {
            v->at_birth = v->at_start;
        } else if (r->names->has_births && !bad) {
            wp_report_error(r, key, "'%s' has no 'at_birth', and its 'at_start' %s; say what newborns are",
                            v->name,
                            v->at_start.kind == WP_ENTRY_SHARES ? "depends on age" : "says nothing of them");
        }
    }
    if (v->at_arrival.kind == WP_ENTRY_NONE) {
        v->at_arrival = v->at_start.kind == WP_ENTRY_SHARES ? v->at_start : v->at_birth;
        if (v->of == WP_PERSON && v->at_start.kind != WP_ENTRY_SHARES && r->names->has_joins && !bad &&
            strcmp(v->name, "sex") != 0) {
            wp_report_warning(r, key,
                              "'%s' has no 'at_arrival', so new partners begin as newborns do ('at_birth')",
                              v->name);
        }
    }
    if (v->of == WP_HOUSEHOLD && v->at_new_household.kind == WP_ENTRY_NONE) {
        v->at_new_household = v->at_start;
        if (v->at_start.kind != WP_ENTRY_SHARES && r->names->has_leavers && !bad) {
            wp_report_error(r, key,
                            "'%s' has no 'at_new_household', and no 'at_start' that would serve; write "
                            "'as before', or a level",
                            v->name);
        }
    }
}

static void read_variable(wp_reader *r, int i)
{
    static const char *const PERSON[] = {"levels", "at_start", "at_birth", "at_arrival", "time_at_start",
                                         "about",  "source",   "grade",    NULL};
    static const char *const HOUSEHOLD[] = {"levels",           "at_start",      "at_arrival",
                                            "at_new_household", "time_at_start", "about",
                                            "source",           "grade",         NULL};
    wp_variable *v = &r->names->variables[i];
    const wp_node *map = r->names->nodes[WP_NAME_VARIABLE][i];
    const wp_node *key = r->names->keys[WP_NAME_VARIABLE][i];
    int before = r->n_errors_in_all;
    if (v->kind == WP_STATUS) { return; }
    r->names->context = v->kind == WP_STATE ? "this state" : "this attribute";
    (void)wp_node_check_keys(r, map, wp_reader_format(r, "'%s'", v->name),
                             v->of == WP_PERSON ? PERSON : HOUSEHOLD);
    read_entry(r, map, i, AT_START, &v->at_start);
    fill_only_level(r, i);
    read_entry(r, map, i, AT_ARRIVAL, &v->at_arrival);
    v->at_birth = (wp_entry){.kind = WP_ENTRY_NONE, .item = -1, .pos = v->pos};
    v->at_new_household = v->at_birth;
    if (v->of == WP_PERSON) {
        read_entry(r, map, i, AT_BIRTH, &v->at_birth);
    } else {
        read_entry(r, map, i, AT_NEW_HOUSEHOLD, &v->at_new_household);
    }
    if (v->kind == WP_STATE) {
        read_time_at_start(r, map, i);
    } else if (wp_node_pair(map, "time_at_start") != NULL) {
        wp_report_error(r, wp_node_pair(map, "time_at_start")->key,
                        "an attribute is for life, so it has no time in it");
    }
    bool bad = r->n_errors_in_all != before || v->n_levels == 0;
    check_start(r, key, v, bad);
    bad = bad || r->n_errors_in_all != before;
    fill_defaults(r, key, v, bad);
}

static void read_multiplier(wp_reader *r, int i)
{
    static const char *const PERSON[] = {"multiplier", "about", "source", "grade", NULL};
    static const char *const HOUSEHOLD[] = {"multiplier", "at_new_household", "about", "source", "grade",
                                            NULL};
    wp_multiplier *m = &r->names->multipliers[i];
    const wp_node *map = r->names->nodes[WP_NAME_MULTIPLIER][i];
    const wp_node *fresh = wp_node_get(map, "at_new_household");
    m->fresh_at_new_household = true;
    r->names->context = "this multiplier";
    (void)wp_node_check_keys(r, map, wp_reader_format(r, "'%s'", m->name),
                             m->of == WP_PERSON ? PERSON : HOUSEHOLD);
    (void)wp_multiplier_read(r, wp_node_get(map, "multiplier"), m);
    if (fresh == NULL || m->of == WP_PERSON) { return; }
    m->fresh_at_new_household = wp_node_is(fresh, "fresh");
    if (!wp_node_is(fresh, "fresh") && !wp_node_is(fresh, "as before")) {
        wp_report_error(r, fresh, "'at_new_household' of a multiplier is 'fresh' or 'as before'");
    }
}

/* ---- Groups ------------------------------------------------------------------------------------ */

/* Is group `target` reached from the condition? Follows groups and counts of members. */
static bool reaches(const wp_reader *r, const wp_condition *c, int target, bool *seen)
{
    int group = -1;
    if (c == NULL) { return false; }
    if (c->kind == WP_CONDITION_GROUP) { group = c->group; }
    if (c->kind == WP_CONDITION_TEST && c->look.kind == WP_LOOK_NUMBER_OF) { group = c->look.item; }
    if (group == target) { return true; }
    if (group >= 0 && !seen[group]) {
        seen[group] = true;
        if (reaches(r, r->names->groups[group].condition, target, seen)) { return true; }
    }
    for (int i = 0; i < c->n_parts; i++) {
        if (reaches(r, c->parts[i], target, seen)) { return true; }
    }
    return false;
}

/* How many tests a condition has with its groups written out, counts of members included. Circles are gone;
   `known` holds what was found for each group (0: not yet). */
static int expanded_size(const wp_reader *r, const wp_condition *c, int *known)
{
    int group = -1;
    int size = 1;
    if (c == NULL) { return 0; }
    if (c->kind == WP_CONDITION_GROUP) { group = c->group; }
    if (c->kind == WP_CONDITION_TEST && c->look.kind == WP_LOOK_NUMBER_OF) { group = c->look.item; }
    if (group >= 0) {
        if (known[group] == 0) {
            known[group] = 1 + expanded_size(r, r->names->groups[group].condition, known);
        }
        size += known[group];
    }
    for (int i = 0; i < c->n_parts && size <= MAX_TESTS; i++) {
        size += expanded_size(r, c->parts[i], known);
    }
    return size <= MAX_TESTS ? size : MAX_TESTS + 1;
}

static void check_sizes(wp_reader *r, int n)
{
    int *known = wp_reader_scratch(r, (size_t)n, sizeof *known);
    if (known == NULL) { return; }
    for (int i = 0; i < n; i++) {
        if (expanded_size(r, r->names->groups[i].condition, known) <= MAX_TESTS) { continue; }
        wp_report_error(r, r->names->keys[WP_NAME_GROUP][i],
                        "group '%s' has more than %d tests with its groups written "
                        "out",
                        r->names->groups[i].name, MAX_TESTS);
        r->names->groups[i].condition = NULL;
    }
}

static void read_groups(wp_reader *r)
{
    int n = r->names->n[WP_NAME_GROUP];
    r->names->context = "this group";
    for (int i = 0; i < n && r->status == WP_OK; i++) {
        r->names->groups[i].condition = wp_condition_read(r, r->names->nodes[WP_NAME_GROUP][i], WP_PERSON);
    }
    bool *circular = wp_reader_scratch(r, (size_t)n, sizeof *circular);
    bool *seen = wp_reader_scratch(r, (size_t)n, sizeof *seen);
    if (circular == NULL || seen == NULL) { return; }
    for (int i = 0; i < n; i++) {
        memset(seen, 0, (size_t)n * sizeof *seen);
        circular[i] = reaches(r, r->names->groups[i].condition, i, seen);
    }
    for (int i = 0; i < n; i++) {
        if (!circular[i]) { continue; }
        wp_report_error(r, r->names->keys[WP_NAME_GROUP][i],
                        "group '%s' goes in a circle: it is made of itself", r->names->groups[i].name);
        r->names->groups[i].condition = NULL;
    }
    check_sizes(r, n);
}

void wp_read_people(wp_reader *r)
{
    static const char *const KEYS[] = {"attributes", "states", NULL};
    static const char *const SUBJECTS[] = {"person", "household"};
    for (int i = 0; i < 2; i++) {
        const wp_node *map = wp_node_get(r->root, SUBJECTS[i]);
        if (map != NULL) { (void)wp_node_check_keys(r, map, wp_reader_format(r, "'%s'", SUBJECTS[i]), KEYS); }
    }
    read_groups(r);
    for (int i = 0; i < r->names->n[WP_NAME_VARIABLE] && r->status == WP_OK; i++) { read_variable(r, i); }
    for (int i = 0; i < r->names->n[WP_NAME_MULTIPLIER] && r->status == WP_OK; i++) { read_multiplier(r, i); }
    r->names->context = "this";
}
