/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures: counts, costs and savings, of whom, when, paid by whom, and over what. */
#include "scenario/read_figure.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "scenario/look.h"
#include "scenario/names.h"
#include "scenario/outcome.h"
#include "scenario/price.h"
#include "scenario/reader.h"

static bool is_word(const wp_node *at)
{
    return at->kind == WP_NODE_SCALAR;
}

int wp_arm_need(wp_reader *r, const wp_node *at)
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

/* ---- What ---------------------------------------------------------------------------------- */

static int unit_value_find(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_unit_values; i++) {
        if (strcmp(s->unit_values[i].name, name) == 0) { return i; }
    }
    return -1;
}

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

/* The unit of what `cost_of` adds up: all of it has one. */
static const char *unit_of_costs(const wp_scenario *s, const wp_figure *f, bool *is_mixed)
{
    const char *unit = NULL;
    *is_mixed = false;
    for (int u = 0; u < s->n_unit_values; u++) {
        const wp_unit_value *value = &s->unit_values[u];
        bool counts = false;
        for (int i = 0; i < f->n_cost_of; i++) { counts |= f->cost_of[i] == u; }
        for (int i = 0; i < f->n_interventions; i++) {
            counts |= value->per != WP_PER_OUTCOME && value->intervention == f->interventions[i];
        }
        if (!counts || value->unit == NULL) { continue; }
        *is_mixed |= unit != NULL && strcmp(unit, value->unit) != 0;
        unit = value->unit;
    }
    return unit == NULL ? "GBP" : unit;
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
    f->saving = "GBP";
    wp_report_error(r, at, "'saving' is fiscal, economic, social, or a unit of the unit values, not '%s'%s",
                    at->text, wp_report_nearest(r, at->text, views, 3));
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

/* Counts are kept by group of persons alone, and the cost of a programme belongs to no group. */
static void check_group(wp_reader *r, const wp_node *at, const wp_figure *f)
{
    const wp_scenario *s = r->scenario;
    if (f->kind == WP_FIGURE_SAVING) {
        wp_report_error(r, at, "a saving is of everyone; for a group write cost_of, with arm and against");
        return;
    }
    if (f->kind == WP_FIGURE_OUTCOME && f->outcome >= 0 && s->outcomes[f->outcome].of != WP_PERSON) {
        wp_report_error(r, at, "groups are of persons, and '%s' is not", s->outcomes[f->outcome].name);
    }
    if (f->n_interventions > 0) {
        wp_report_error(r, at, "the cost of an intervention is not counted by group");
    }
    for (int i = 0; i < f->n_cost_of; i++) {
        const wp_unit_value *value = &s->unit_values[f->cost_of[i]];
        if (value->per != WP_PER_OUTCOME) {
            wp_report_error(r, at, "'%s' is the cost of an intervention, which is not counted by group",
                            value->name);
        } else if (value->outcome >= 0 && s->outcomes[value->outcome].of != WP_PERSON) {
            wp_report_error(r, at, "groups are of persons, and '%s' is a price of '%s', which is not",
                            value->name, s->outcomes[value->outcome].name);
        }
    }
}

/* ---- As what ------------------------------------------------------------------------------- */

static const char *const as_words[] = {"total", "total per year", "share", "per person", "mean of years"};
enum { N_AS_WORDS = sizeof as_words / sizeof as_words[0] };

static void read_as(wp_reader *r, const wp_node *at, wp_figure *f)
{
    static const char per_event[] = "per event of ";
    if (at == NULL) { return; }
    for (int i = 0; i < N_AS_WORDS; i++) {
        if (wp_node_is(at, as_words[i])) {
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
                    "'as' is total, total per year, mean of years, share, per person or 'per event of NAME', "
                    "not '%s'%s",
                    at->text, wp_report_nearest(r, at->text, as_words, N_AS_WORDS));
}

static void read_discounted(wp_reader *r, const wp_node *at, wp_figure *f)
{
    f->discounted = true;
    if (at == NULL || wp_node_is(at, "discounted") || wp_node_is(at, "as in money")) { return; }
    f->discounted = false;
    if (wp_node_is(at, "no_discount")) { return; }
    wp_report_error(r, at, "'discounted' is 'no_discount', or left out");
}

static void read_part(wp_reader *r, const wp_node *at, wp_figure *f)
{
    static const char *const words[] = {"net", "services", "programme"};
    if (at == NULL) { return; }
    if (f->kind != WP_FIGURE_SAVING) {
        wp_report_error(r, at, "'part' is of a saving");
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (wp_node_is(at, words[i])) {
            f->part = (wp_figure_part)i;
            return;
        }
    }
    wp_report_error(r, at, "'part' is net, services or programme, not '%s'%s", at->text,
                    wp_report_nearest(r, at->text, words, 3));
}

static void read_cashable(wp_reader *r, const wp_node *at, wp_figure *f)
{
    if (at == NULL) { return; }
    (void)wp_flag_read(r, at, "'cashable'", &f->cashable);
    if (f->kind != WP_FIGURE_SAVING) { wp_report_error(r, at, "'cashable' is of a saving"); }
}

/* ---- Paid by whom -------------------------------------------------------------------------- */

/* Adds a payer and those that are part of it, once each. */
static void add_payer(const wp_money *m, int payer, int *list, int *n)
{
    for (int i = 0; i < *n; i++) {
        if (list[i] == payer) { return; }
    }
    list[(*n)++] = payer;
    for (int p = 0; p < m->n_payers; p++) {
        if (m->payers[p].part_of == payer) { add_payer(m, p, list, n); }
    }
}

static void add_tier(wp_reader *r, const wp_node *at, int *list, int *n)
{
    const wp_money *m = &r->scenario->money;
    const char **tiers = wp_reader_scratch(r, (size_t)m->n_payers, sizeof *tiers);
    int n_before = *n, n_tiers = 0;
    if (tiers == NULL) { return; }
    for (int p = 0; p < m->n_payers; p++) {
        if (m->payers[p].tier == NULL) { continue; }
        tiers[n_tiers++] = m->payers[p].tier;
        if (wp_node_is(at, m->payers[p].tier)) { add_payer(m, p, list, n); }
    }
    if (*n == n_before) {
        wp_report_error(r, at, "no payer is of the tier '%s'%s", at->text,
                        wp_report_nearest(r, at->text, tiers, n_tiers));
    }
}

/* `paid_by: nhs`, a list of payers, or `tier: central`. */
static void read_payers(wp_reader *r, const wp_node *at, wp_figure *f)
{
    const wp_node *paid_by = wp_node_get(at, "paid_by");
    const wp_node *tier = wp_node_get(at, "tier");
    const wp_node *either = paid_by != NULL ? paid_by : tier;
    if (either == NULL) { return; }
    if (f->kind == WP_FIGURE_OUTCOME) { wp_report_error(r, either, "a count is paid by nobody"); }
    if (paid_by != NULL && tier != NULL) {
        wp_report_error(r, tier, "'paid_by' and 'tier' both say who pays; write one of them");
    }
    int *list = wp_reader_alloc(r, (size_t)r->scenario->money.n_payers, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < wp_node_count(paid_by); i++) {
        int payer = wp_payer_need(r, wp_node_at(paid_by, i));
        if (payer >= 0) { add_payer(&r->scenario->money, payer, list, &f->n_payers); }
    }
    for (int i = 0; i < wp_node_count(tier); i++) { add_tier(r, wp_node_at(tier, i), list, &f->n_payers); }
    f->payers = list;
    f->is_by_payer = true;
}

/* ---- The whole ----------------------------------------------------------------------------- */

/* `spend_share_of_top: 20 %`: of everyone, in the years' own pounds, and a share whatever is asked for. */
static void read_top(wp_reader *r, const wp_node *at, const wp_node *top, wp_figure *f)
{
    static const char *const others[] = {"group", "level", "as",   "discounted", "part",
                                         "paid_by", "tier",  "cashable", "over"};
    if (wp_share_read(r, top, "'spend_share_of_top'", &f->top) && !(f->top > 0.0)) {
        wp_report_error(r, top, "'spend_share_of_top' is a share of persons above 0, such as 20 %%");
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const wp_node *other = wp_node_get(at, others[i]);
        if (other == NULL) { continue; }
        wp_report_error(r, other,
                        "'spend_share_of_top' has arm, against and years alone: it is a share of all that was spent on "
                        "everyone in each year, undiscounted");
    }
    if (wp_node_get(wp_node_get(r->root, "money"), "spend_by_person") != NULL) { return; }
    wp_report_error(r, top, "on whom how much is spent is not kept");
    wp_report_hint(r, "write  money: {spend_by_person: fiscal}  or a list of unit values");
}

static const char *const figure_keys[] = {
    "outcome",  "cost_of", "saving", "spend_share_of_top", "group", "level",   "arm",
    "against",  "years",   "as",     "discounted",         "part",  "paid_by", "tier",
    "cashable", "over",    NULL};
enum { N_KINDS = 4 /* of which a figure has one: those that come first */ };

/* Is one of the kinds misspelt? Then that has been said, with what was meant. */
static bool is_misspelt(const wp_node *at)
{
    const size_t n = sizeof figure_keys / sizeof figure_keys[0] - 1;
    for (int i = 0; i < at->n; i++) {
        if (wp_text_nearest(at->pairs[i].key->text, figure_keys, n) < N_KINDS) { return true; }
    }
    return false;
}

static bool read_what(wp_reader *r, const wp_node *at, wp_figure *f)
{
    const wp_node *outcome = wp_node_get(at, "outcome");
    const wp_node *cost = wp_node_get(at, "cost_of");
    const wp_node *saving = wp_node_get(at, "saving");
    const wp_node *top = wp_node_get(at, "spend_share_of_top");
    const wp_node *group = wp_node_get(at, "group");
    const int n = (outcome != NULL) + (cost != NULL) + (saving != NULL) + (top != NULL);
    if (n == 0 && is_misspelt(at)) { return false; }
    if (n != 1) {
        wp_report_error(r, at, "a figure has one of outcome, cost_of, saving and spend_share_of_top");
        return false;
    }
    f->kind = outcome != NULL  ? WP_FIGURE_OUTCOME
              : cost != NULL   ? WP_FIGURE_COST_OF
              : saving != NULL ? WP_FIGURE_SAVING
                               : WP_FIGURE_SPEND_SHARE;
    if (top != NULL) {
        read_top(r, at, top, f);
        return true;
    }
    if (outcome != NULL) { f->outcome = wp_outcome_need(r, outcome); }
    if (saving != NULL) { read_saving(r, saving, f); }
    if (cost != NULL) {
        bool is_mixed = false;
        read_cost_of(r, cost, f);
        (void)unit_of_costs(r->scenario, f, &is_mixed);
        if (is_mixed) { wp_report_error(r, cost, "these are not all in one unit"); }
    }
    if (group != NULL && !wp_node_is(group, "everyone")) {
        f->group = wp_names_need(r, group, WP_NAME_GROUP, group->text);
        if (f->group >= 0) { check_group(r, group, f); }
    }
    read_level(r, wp_node_get(at, "level"), f);
    return true;
}

static void read_arms(wp_reader *r, const wp_node *at, wp_figure *f)
{
    const wp_node *arm = wp_node_get(at, "arm");
    const wp_node *against = wp_node_get(at, "against");
    if (arm != NULL) { f->arm = wp_arm_need(r, arm); }
    if (against != NULL) { f->against = wp_arm_need(r, against); }
    if (f->kind == WP_FIGURE_SAVING && against == NULL) { f->against = 0; }
    if (f->kind == WP_FIGURE_SAVING && arm == NULL && f->arm == 0) {
        wp_report_error(r, at, "'arm' is missing: a saving is of one arm against another");
    }
}

static void read_over(wp_reader *r, const wp_node *at, wp_figure *f);

/* `like`: the figure that this one divides, whose arm and years it has unless it says otherwise. */
static bool read_one(wp_reader *r, const wp_node *at, const wp_figure *like, wp_figure *f)
{
    *f = (wp_figure){.outcome = -1,
                     .group = -1,
                     .level = -1,
                     .against = -1,
                     .per_event = -1,
                     .first_year = 1,
                     .last_year = INT_MAX};
    if (!wp_node_check_keys(r, at, "a figure", figure_keys)) { return false; }
    if (like != NULL) {
        f->arm = like->arm;
        f->first_year = like->first_year;
        f->last_year = like->last_year;
    }
    if (!read_what(r, at, f)) { return false; }
    read_arms(r, at, f);
    const wp_node *years = wp_node_get(at, "years");
    if (years != NULL) { (void)wp_run_years_read(r, years, "'years'", &f->first_year, &f->last_year); }
    if (f->kind == WP_FIGURE_SPEND_SHARE) { return true; }
    read_as(r, wp_node_get(at, "as"), f);
    read_discounted(r, wp_node_get(at, "discounted"), f);
    read_part(r, wp_node_get(at, "part"), f);
    read_cashable(r, wp_node_get(at, "cashable"), f);
    read_payers(r, at, f);
    const wp_node *over = wp_node_get(at, "over");
    if (over != NULL && like != NULL) {
        wp_report_error(r, over, "what a figure is divided by is divided by nothing itself");
    } else if (over != NULL) {
        read_over(r, over, f);
    }
    return true;
}

static void read_over(wp_reader *r, const wp_node *at, wp_figure *f)
{
    wp_figure *over = wp_reader_alloc(r, 1, sizeof *over);
    if (over == NULL || !read_one(r, at, f, over)) { return; }
    f->over = over;
    const wp_figure *parts[] = {f, over};
    for (int i = 0; i < 2; i++) {
        if (parts[i]->kind == WP_FIGURE_SPEND_SHARE) {
            wp_report_error(r, at, "nothing is divided by 'spend_share_of_top', which is a share already");
            return;
        }
        if (parts[i]->as == WP_AS_SHARE || parts[i]->as == WP_AS_PER_PERSON ||
            parts[i]->as == WP_AS_PER_EVENT) {
            wp_report_error(r, at,
                            "with 'over', 'as' is total, total per year or mean of years, above and "
                            "below");
            return;
        }
    }
}

bool wp_figure_read(wp_reader *r, const wp_node *at, wp_figure *figure)
{
    return read_one(r, at, NULL, figure);
}

/* ---- Units --------------------------------------------------------------------------------- */

/* What a figure without its `over` is measured in: "GBP", "QALY", or NULL for a count. */
static const char *value_unit(const wp_scenario *s, const wp_figure *f)
{
    static const char *const views[] = {"fiscal", "economic", "social"};
    bool is_mixed = false;
    if (f->kind == WP_FIGURE_OUTCOME || f->kind == WP_FIGURE_SPEND_SHARE) { return NULL; }
    if (f->kind == WP_FIGURE_COST_OF) { return unit_of_costs(s, f, &is_mixed); }
    for (int i = 0; i < 3; i++) {
        if (f->saving == views[i]) { return "GBP"; }
    }
    return f->saving;
}

double wp_figure_amount(const wp_scenario *scenario, const wp_figure *f, const wp_amount *amount)
{
    bool in_days = f->kind == WP_FIGURE_OUTCOME && f->outcome >= 0 && scenario->outcomes[f->outcome].in_days;
    return amount->unit == WP_UNIT_DURATION && in_days ? amount->value * 365.25 : amount->value;
}

static bool check_value_unit(wp_reader *r, const wp_node *at, const char *what, const char *unit,
                             const wp_amount *amount)
{
    bool is_money = strcmp(unit, "GBP") == 0;
    size_t n = strlen(unit);
    bool is_same = amount->unit == WP_UNIT_OTHER && amount->unit_text != NULL &&
                   strncmp(amount->unit_text, unit, n) == 0 &&
                   (amount->unit_text[n] == '\0' || amount->unit_text[n] == ' ');
    if (is_money && amount->unit != WP_UNIT_GBP) {
        wp_report_error(r, at, "this figure is money; write %s in GBP", what);
    } else if (!is_money && !is_same) {
        wp_report_error(r, at, "this figure is in %s; write %s so", unit, what);
    } else {
        return true;
    }
    return false;
}

void wp_figure_check_unit(wp_reader *r, const wp_node *at, const char *what, const wp_figure *f,
                          const wp_amount *amount)
{
    const char *unit = value_unit(r->scenario, f);
    const char *under = f->over != NULL ? value_unit(r->scenario, f->over) : NULL;
    bool is_share = f->as == WP_AS_SHARE || f->kind == WP_FIGURE_SPEND_SHARE;
    bool is_ratio = unit != NULL && under != NULL && strcmp(unit, under) == 0;
    bool is_plain = amount->unit == WP_UNIT_NONE || amount->unit == WP_UNIT_PROPORTION;
    bool per_year = amount->is_per_year || (amount->unit == WP_UNIT_PER_YEAR && !amount->is_percent);
    bool is_yearly = (f->as == WP_AS_TOTAL_PER_YEAR) !=
                     (f->over != NULL && f->over->as == WP_AS_TOTAL_PER_YEAR);
    if (unit != NULL && !is_share && !is_ratio) {
        if (!check_value_unit(r, at, what, unit, amount)) { return; }
    } else if (f->kind == WP_FIGURE_OUTCOME && amount->unit == WP_UNIT_GBP) {
        wp_report_error(r, at, "this figure is a count; %s cannot be in GBP", what);
        return;
    }
    if (is_yearly && !per_year && !is_ratio) {
        wp_report_error(r, at, "this figure is a 'total per year'; write '%s per year'", at->text);
    } else if (!is_yearly && per_year) {
        wp_report_error(r, at, "this figure is not 'total per year', so %s cannot be per year", what);
    } else if (is_share && !is_plain) {
        wp_report_error(r, at, "this figure is a share; write %s as such, 0 to 1 or in %%", what);
    } else if (is_ratio && !is_plain) {
        wp_report_error(r, at, "this figure is a ratio; write %s as a plain number or in %%", what);
    }
}
