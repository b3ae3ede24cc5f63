/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is reported, compared with published figures, and varied: report, targets, sweep. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/outcome.h"
#include "scenario/look.h"
#include "scenario/reader.h"

enum { MAX_POINTS = 10000, MAX_BY = 16 };

static bool is_word(const wp_node *at)
{
    return at->kind == WP_NODE_SCALAR;
}

/* The index of an arm, or -1 after reporting. */
static int arm_need(wp_reader *r, const wp_node *at)
{
    const wp_scenario *s = r->scenario;
    for (int i = 0; is_word(at) && i < s->n_arms; i++) {
        if (strcmp(s->arms[i].name, at->text) == 0) { return i; }
    }
    const char *names[WP_MAX_ARMS];
    int n = s->n_arms < WP_MAX_ARMS ? s->n_arms : WP_MAX_ARMS;
    for (int i = 0; i < n; i++) { names[i] = s->arms[i].name; }
    wp_names_unknown(r, at, "arm", at->text, names, n);
    return -1;
}

static int unit_value_find(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_unit_values; i++) {
        if (strcmp(s->unit_values[i].name, name) == 0) { return i; }
    }
    return -1;
}

/* ---- Figures ------------------------------------------------------------------------------- */

static void read_cost_of(wp_reader *r, const wp_node *at, wp_figure *f)
{
    int n = wp_node_count(at);
    int *values = wp_reader_alloc(r, (size_t)n, sizeof *values);
    int *interventions = wp_reader_alloc(r, (size_t)n, sizeof *interventions);
    if (values == NULL || interventions == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        int value = is_word(item) ? unit_value_find(r->scenario, item->text) : -1;
        int intervention = is_word(item) ? wp_names_find(r, WP_NAME_INTERVENTION, item->text) : -1;
        if (value >= 0) {
            values[f->n_cost_of++] = value;
        } else if (intervention >= 0) {
            interventions[f->n_interventions++] = intervention;
        } else {
            const wp_scenario *s = r->scenario;
            const char **names = wp_reader_scratch(r, (size_t)s->n_unit_values, sizeof *names);
            for (int k = 0; names != NULL && k < s->n_unit_values; k++) { names[k] = s->unit_values[k].name; }
            wp_names_unknown(r, item, "unit value or intervention", item->text, names,
                             names != NULL ? s->n_unit_values : 0);
        }
    }
    f->cost_of = values;
    f->interventions = interventions;
}

/* A view, or a unit that something is valued in. */
static void read_saving(wp_reader *r, const wp_node *at, wp_figure *f)
{
    static const char *const views[] = {"fiscal", "economic", "social"};
    const wp_scenario *s = r->scenario;
    for (int i = 0; is_word(at) && i < 3; i++) {
        if (strcmp(at->text, views[i]) == 0) {
            f->saving = views[i];
            return;
        }
    }
    for (int i = 0; is_word(at) && i < s->n_unit_values; i++) {
        const char *unit = s->unit_values[i].unit;
        if (unit != NULL && strcmp(unit, at->text) == 0) {
            f->saving = unit;
            return;
        }
    }
    wp_report_error(r, at, "'saving' is fiscal, economic, social, or a unit of the unit values, not '%s'%s",
                    at->text, wp_report_nearest(r, at->text, views, 3));
}

static void read_as(wp_reader *r, const wp_node *at, wp_figure *f)
{
    static const char *const words[] = {"total", "total per year", "share", "per person"};
    static const char per_event[] = "per event of ";
    if (at == NULL) { return; }
    for (int i = 0; i < 4; i++) {
        if (wp_node_is(at, words[i])) {
            f->as = (wp_figure_as)i;
            return;
        }
    }
    if (is_word(at) && strncmp(at->text, per_event, sizeof per_event - 1) == 0) {
        f->as = WP_AS_PER_EVENT;
        f->per_event = wp_names_need(r, at, WP_NAME_EVENT, at->text + sizeof per_event - 1);
        return;
    }
    wp_report_error(r, at,
                    "'as' is total, total per year, share, per person or 'per event of NAME', not '%s'%s",
                    at->text, wp_report_nearest(r, at->text, words, 4));
}

static void read_level(wp_reader *r, const wp_node *at, wp_figure *f)
{
    if (at == NULL || f->outcome < 0) { return; }
    const wp_outcome *o = &r->scenario->outcomes[f->outcome];
    if (o->n_by != 1) {
        wp_report_error(r, at, "'level' is for an outcome that is counted by one thing; '%s' is not",
                        o->name);
        return;
    }
    f->level = wp_look_level(r, at, &o->by[0], -1, at->text);
}

static void read_discounted(wp_reader *r, const wp_node *at, wp_figure *f)
{
    f->discounted = true;
    if (at == NULL || wp_node_is(at, "discounted") || wp_node_is(at, "as in money")) { return; }
    f->discounted = false;
    if (wp_node_is(at, "no_discount")) { return; }
    wp_report_error(r, at, "'discounted' is 'no_discount', or left out");
}

static bool read_figure(wp_reader *r, const wp_node *at, wp_figure *f)
{
    static const char *const keys[] = {"outcome", "cost_of", "saving", "group", "level",      "arm",
                                       "against", "years",   "as",     "discounted", NULL};
    *f = (wp_figure){.outcome = -1, .group = -1, .level = -1, .against = -1, .per_event = -1, .first_year = 1,
                     .last_year = INT_MAX};
    if (!wp_node_check_keys(r, at, "a figure", keys)) { return false; }
    const wp_node *outcome = wp_node_get(at, "outcome");
    const wp_node *cost = wp_node_get(at, "cost_of");
    const wp_node *saving = wp_node_get(at, "saving");
    const wp_node *group = wp_node_get(at, "group");
    if ((outcome != NULL) + (cost != NULL) + (saving != NULL) != 1) {
        wp_report_error(r, at, "a figure has one of outcome, cost_of and saving");
        return false;
    }
    f->kind = outcome != NULL ? WP_FIGURE_OUTCOME : cost != NULL ? WP_FIGURE_COST_OF : WP_FIGURE_SAVING;
    if (outcome != NULL) { f->outcome = wp_outcome_need(r, outcome); }
    if (cost != NULL) { read_cost_of(r, cost, f); }
    if (saving != NULL) { read_saving(r, saving, f); }
    if (group != NULL && !wp_node_is(group, "everyone")) {
        f->group = wp_names_need(r, group, WP_NAME_GROUP, group->text);
    }
    read_level(r, wp_node_get(at, "level"), f);
    const wp_node *arm = wp_node_get(at, "arm");
    const wp_node *against = wp_node_get(at, "against");
    if (arm != NULL) { f->arm = arm_need(r, arm); }
    if (against != NULL) { f->against = arm_need(r, against); }
    if (saving != NULL && against == NULL) { f->against = 0; }
    if (saving != NULL && arm == NULL) {
        wp_report_error(r, at, "'arm' is missing: a saving is of one arm against another");
    }
    const wp_node *years = wp_node_get(at, "years");
    if (years != NULL) { (void)wp_run_years_read(r, years, "'years'", &f->first_year, &f->last_year); }
    read_as(r, wp_node_get(at, "as"), f);
    read_discounted(r, wp_node_get(at, "discounted"), f);
    return true;
}

/* ---- Targets ------------------------------------------------------------------------------- */

static bool read_published_value(wp_reader *r, const wp_node *at, wp_amount *amount)
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

/* The number in the unit of the figure: totals and counts as written, time as the outcome counts it. */
static double in_figure(const wp_scenario *s, const wp_figure *f, const wp_amount *amount)
{
    bool in_days = f->kind == WP_FIGURE_OUTCOME && f->outcome >= 0 && s->outcomes[f->outcome].in_days;
    return amount->unit == WP_UNIT_DURATION && in_days ? amount->value * 365.25 : amount->value;
}

/* Has the published value the unit that the figure has? */
static void check_unit(wp_reader *r, const wp_node *at, const wp_figure *f, const wp_amount *amount)
{
    bool money = f->kind != WP_FIGURE_OUTCOME;
    bool per_year = amount->is_per_year || (amount->unit == WP_UNIT_PER_YEAR && !amount->is_percent);
    if (money && f->saving != NULL && strcmp(f->saving, "GBP") != 0 && amount->unit == WP_UNIT_OTHER) {
        money = false; /* a saving in QALYs */
    } else if (money && amount->unit != WP_UNIT_GBP) {
        wp_report_error(r, at, "this figure is money; write the published value in GBP");
        return;
    } else if (!money && amount->unit == WP_UNIT_GBP) {
        wp_report_error(r, at, "this figure is a count; the published value cannot be in GBP");
        return;
    }
    if (f->as == WP_AS_TOTAL_PER_YEAR && !per_year) {
        wp_report_error(r, at, "this figure is a 'total per year'; write '%s per year'", at->text);
    } else if (f->as != WP_AS_TOTAL_PER_YEAR && per_year) {
        wp_report_error(r, at,
                        "this figure is not 'total per year', so the published value cannot be per year");
    } else if (f->as == WP_AS_SHARE && amount->unit != WP_UNIT_NONE && amount->unit != WP_UNIT_PROPORTION) {
        wp_report_error(r, at, "this figure is a share; write the published value as such, 0 to 1 or in %%");
    }
}

static void read_published(wp_reader *r, const wp_node *at, wp_target *t)
{
    static const char *const keys[] = {"low", "high", NULL};
    wp_amount amount;
    if (at == NULL) { return; }
    t->low = -INFINITY;
    t->high = INFINITY;
    const wp_node *low = at;
    const wp_node *high = at;
    if (at->kind == WP_NODE_MAP) {
        if (!wp_node_check_keys(r, at, "'published'", keys)) { return; }
        low = wp_node_get(at, "low");
        high = wp_node_get(at, "high");
        if (low == NULL && high == NULL) {
            wp_report_error(r, at, "'published' has a value, or low and high");
        }
    }
    if (low != NULL && read_published_value(r, low, &amount)) {
        check_unit(r, low, &t->figure, &amount);
        t->low = in_figure(r->scenario, &t->figure, &amount);
        t->unit_text = wp_reader_keep(r, amount.unit_text);
    }
    if (high != NULL && read_published_value(r, high, &amount)) {
        if (high != low) { check_unit(r, high, &t->figure, &amount); }
        t->high = in_figure(r->scenario, &t->figure, &amount);
        t->unit_text = wp_reader_keep(r, amount.unit_text);
    }
    if (t->low > t->high) { wp_report_error(r, at, "'low' is above 'high'"); }
}

/* One text, or a list of them with commas between. */
static const char *read_id(wp_reader *r, const wp_node *at)
{
    const char *id = NULL;
    for (int i = 0; i < wp_node_count(at) && i < 100; i++) {
        const char *one = wp_string_read(r, wp_node_at(at, i), "'id'");
        if (one != NULL) { id = id == NULL ? one : wp_reader_format(r, "%s, %s", id, one); }
    }
    return id;
}

static void read_target(wp_reader *r, const wp_pair *pair, wp_target *t)
{
    static const char *const keys[] = {"id",     "role",  "figure", "published", "weight",
                                       "source", "grade", "about",  NULL};
    t->name = wp_reader_keep(r, pair->key->text);
    t->pos = pair->key->pos;
    t->weight = 1.0;
    t->unit_text = "";
    (void)wp_name_check(r, pair->key, "a target");
    if (!wp_node_check_keys(r, pair->value, "a target", keys)) { return; }
    t->id = read_id(r, wp_node_get(pair->value, "id"));
    const wp_node *role = wp_node_need(r, pair->value, "this target", "role");
    t->is_claim = wp_node_is(role, "claim");
    if (role != NULL && !t->is_claim && !wp_node_is(role, "baseline fact")) {
        wp_report_error(r, role, "'role' is 'baseline fact' or 'claim'");
    }
    const wp_node *figure = wp_node_need(r, pair->value, "this target", "figure");
    const wp_node *published = wp_node_need(r, pair->value, "this target", "published");
    if (figure != NULL && read_figure(r, figure, &t->figure)) { read_published(r, published, t); }
    (void)(wp_node_get(pair->value, "weight") == NULL ||
           wp_number_read(r, wp_node_get(pair->value, "weight"), "'weight'", 0.0, 1e6, &t->weight));
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_target *)left)->name, ((const wp_target *)right)->name);
}

static void read_targets(wp_reader *r, const wp_node *at)
{
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

static void read_saving_by(wp_reader *r, const wp_node *at, wp_report_spec *spec)
{
    static const char *const words[] = {"payer", "tier", "outcome", "year"};
    int n = wp_node_count(at);
    const char **kept = wp_reader_alloc(r, (size_t)n, sizeof *kept);
    if (kept == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        int k = 0;
        while (k < 4 && !wp_node_is(item, words[k])) { k++; }
        if (k < 4) {
            kept[spec->n_saving_by++] = words[k];
        } else {
            wp_report_error(r, item, "'saving_by' goes by payer, tier, outcome and year, not '%s'%s",
                            item->text, wp_report_nearest(r, item->text, words, 4));
        }
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
    for (int i = 0; i < wp_node_count(arms); i++) { (void)arm_need(r, wp_node_at(arms, i)); }
    for (int i = 0; i < wp_node_count(keep); i++) { (void)wp_outcome_need(r, wp_node_at(keep, i)); }
}

void wp_read_report(wp_reader *r)
{
    read_report_section(r, wp_node_get(r->root, "report"));
    read_targets(r, wp_node_get(r->root, "targets"));
    check_sweep(r, wp_node_get(r->root, "sweep"));
    const wp_node *stop = wp_node_get(wp_node_get(r->root, "runs"), "stop_when");
    const wp_node *figure = wp_node_get(stop, "figure");
    wp_figure unused;
    if (figure != NULL) { (void)read_figure(r, figure, &unused); }
}
