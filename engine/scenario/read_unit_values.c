/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unit values: what one unit of an outcome, or of an intervention's work, is worth, and to whom. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/distribution.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/outcome.h"
#include "scenario/price.h"
#include "scenario/read_spend.h"
#include "scenario/quantity.h"
#include "scenario/reader.h"

/* What is being filled, with its node for the checks that come last. */
typedef struct value_list {
    wp_unit_value *list;
    int n;
} value_list;

static const char *const per_words[] = {"offer", "start", "year in", "year", "programme"};
static const wp_per pers[] = {WP_PER_OFFER, WP_PER_START, WP_PER_YEAR_IN, WP_PER_YEAR, WP_PER_PROGRAMME};

static void read_per(wp_reader *r, const wp_node *at, wp_unit_value *v)
{
    v->outcome = -1;
    if (at == NULL) { return; }
    for (int i = 0; v->intervention >= 0 && i < 5; i++) {
        if (wp_node_is(at, per_words[i])) {
            v->per = pers[i];
            return;
        }
    }
    for (int i = 0; v->intervention < 0 && i < 5; i++) {
        if (wp_node_is(at, per_words[i])) {
            wp_report_error(r, at, "'per: %s' is for the unit values of an intervention", at->text);
            return;
        }
    }
    v->per = WP_PER_OUTCOME;
    v->outcome = wp_outcome_need(r, at);
}

/* ---- Who pays ------------------------------------------------------------------------------ */

static void read_paid_by(wp_reader *r, const wp_node *at, wp_unit_value *v)
{
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_MAP || at->n == 0) {
        wp_report_error(r, at, "'paid_by' are shares by payer, such as {nhs: 0.6, council: 0.4}");
        return;
    }
    int *payers = wp_reader_alloc(r, (size_t)at->n, sizeof *payers);
    double *shares = wp_reader_alloc(r, (size_t)at->n, sizeof *shares);
    if (payers == NULL || shares == NULL) { return; }
    double sum = 0.0;
    bool good = true;
    int n = 0;
    for (int i = 0; i < at->n; i++) {
        double share = 0.0;
        good = wp_share_read(r, at->pairs[i].value, "the share", &share) && good;
        int payer = wp_payer_need(r, at->pairs[i].key);
        sum += share;
        if (payer < 0) { continue; }
        int k = n++; /* in order of payer: insertion, for a list of a few */
        for (; k > 0 && payers[k - 1] > payer; k--) {
            payers[k] = payers[k - 1];
            shares[k] = shares[k - 1];
        }
        payers[k] = payer;
        shares[k] = share;
    }
    if (good && fabs(sum - 1.0) > 1e-6) {
        wp_report_error(r, at, "the shares of 'paid_by' sum to %.7g; they must sum to 1", sum);
    }
    v->n_paid_by = n;
    v->payers = payers;
    v->shares = shares;
}

/* "10000 bed_days": a number, and an outcome. */
static void read_steps(wp_reader *r, const wp_node *at, wp_unit_value *v)
{
    if (at == NULL) { return; }
    const char *blank = at->kind == WP_NODE_SCALAR ? strchr(at->text, ' ') : NULL;
    if (blank == NULL) {
        wp_report_error(r, at, "'steps_of' is a number of an outcome, such as '10000 bed_days'");
        return;
    }
    size_t n = (size_t)(blank - at->text);
    char *number = wp_reader_scratch(r, n + 1, 1);
    if (number == NULL) { return; }
    memcpy(number, at->text, n);
    wp_node part = *at;
    part.text = number;
    if (!wp_number_read(r, &part, "'steps_of'", 1e-9, 1e12, &v->cashable_steps)) { return; }
    part.text = blank + 1;
    int outcome = wp_outcome_need(r, &part);
    if (outcome >= 0 && v->per == WP_PER_OUTCOME && v->outcome >= 0 && outcome != v->outcome) {
        wp_report_error(r, at, "'steps_of' counts '%s', and this value is per '%s'", part.text,
                        r->scenario->outcomes[v->outcome].name);
    }
}

static void read_cashable(wp_reader *r, const wp_node *at, wp_unit_value *v)
{
    static const char *const keys[] = {"share", "after", "steps_of", NULL};
    if (at == NULL || !wp_node_check_keys(r, at, "'cashable'", keys)) { return; }
    v->has_cashable =
        wp_share_read(r, wp_node_need(r, at, "'cashable'", "share"), "'share'", &v->cashable_share);
    (void)wp_duration_read(r, wp_node_get(at, "after"), "'after'", &v->cashable_after);
    read_steps(r, wp_node_get(at, "steps_of"), v);
}

/* ---- One value ----------------------------------------------------------------------------- */

static const char *read_word(wp_reader *r, const wp_node *at, const char *what, const char *const *words,
                             int n)
{
    if (at == NULL) { return NULL; }
    for (int i = 0; i < n; i++) {
        if (wp_node_is(at, words[i])) { return words[i]; }
    }
    char list[120] = "";
    for (int i = 0; i < n; i++) {
        if (i > 0) { strcat(list, i + 1 < n ? ", " : " or "); }
        strcat(list, words[i]);
    }
    wp_report_error(r, at, "%s is %s, not '%s'%s", what, list, at->text,
                    wp_report_nearest(r, at->text, words, n));
    return NULL;
}

static void check_price_year(wp_reader *r, const wp_node *map, const wp_node *key, const wp_unit_value *v)
{
    const wp_money *m = &r->scenario->money;
    if (v->unit == NULL || strcmp(v->unit, "GBP") != 0 || m->price_year == NULL) { return; }
    const wp_node *year = wp_node_get(map, "price_year");
    if (year == NULL) {
        wp_report_error(r, key, "'price_year' is missing: money is moved to prices of %s", m->price_year);
        wp_report_hint(r, "write  price_year: %s  where it is in those prices already", m->price_year);
    } else if (v->price_year != NULL && strcmp(v->price_year, m->price_year) != 0 &&
               !wp_price_year_is_known(m, v->price_year)) {
        wp_report_error(r, year, "the deflator has no year %s", v->price_year);
    }
}

static void read_value(wp_reader *r, const wp_node *key, const wp_node *at, wp_unit_value *v)
{
    static const char *const keys[] = {"per",  "amount",   "price_year",   "paid_by", "view",  "kind",
                                       "cashable", "distribution", "source", "grade", "about", NULL};
    static const char *const views[] = {"fiscal", "economic", "social", "transfer"};
    static const char *const kinds[] = {"average", "marginal"};
    v->pos = key->pos;
    v->outcome = -1;
    (void)wp_name_check(r, key, "a unit value");
    if (!wp_node_check_keys(r, at, "a unit value", keys)) { return; }
    r->names->context = "this unit value";
    read_per(r, wp_node_need(r, at, "this unit value", "per"), v);
    const wp_node *amount = wp_node_need(r, at, "this unit value", "amount");
    if (amount != NULL) { (void)wp_quantity_read_amount(r, amount, "'amount'", &v->amount, &v->unit); }
    v->price_year = wp_price_year_read(r, wp_node_get(at, "price_year"));
    check_price_year(r, at, key, v);
    read_paid_by(r, wp_node_get(at, "paid_by"), v);
    v->view = read_word(r, wp_node_get(at, "view"), "'view'", views, 4);
    v->value_kind = read_word(r, wp_node_get(at, "kind"), "'kind'", kinds, 2);
    read_cashable(r, wp_node_get(at, "cashable"), v);
    v->source = wp_string_read(r, wp_node_get(at, "source"), "'source'");
    v->grade = wp_grade_read(r, wp_node_get(at, "grade"));
    bool is_number = v->amount.kind == WP_QUANTITY_NUMBER;
    const wp_node *distribution = wp_node_get(at, "distribution");
    (void)wp_distribution_read(r, distribution, 1.0, is_number ? v->amount.value : 1.0, !is_number, false,
                               &v->distribution);
    if (v->distribution.on_contrast) {
        wp_report_error(r, distribution, "'acts_on: contrast' is for parameters: tables of ratios or weights");
    }
    if (v->value_kind != NULL && strcmp(v->value_kind, "average") == 0 && v->has_cashable &&
        v->cashable_share >= 1.0 && v->view != NULL && strcmp(v->view, "fiscal") == 0) {
        wp_report_warning(
            r, wp_node_get(at, "cashable"),
            "an average cost is rarely saved in full: a share of 1 says that every part of it can be cashed");
    }
}

/* ---- All of them --------------------------------------------------------------------------- */

static int count(const wp_node *map)
{
    return map != NULL && map->kind == WP_NODE_MAP ? map->n : 0;
}

static void add_all(wp_reader *r, value_list *values, const wp_node *map, int intervention)
{
    if (map != NULL && map->kind != WP_NODE_MAP) {
        wp_report_error(r, map, "'unit_values' is a mapping from names to values");
        return;
    }
    for (int i = 0; i < count(map); i++) {
        wp_unit_value *v = &values->list[values->n++];
        const char *name = map->pairs[i].key->text;
        v->intervention = intervention;
        v->name =
            intervention < 0
                ? wp_reader_keep(r, name)
                : wp_reader_format(r, "%s.%s", r->names->texts[WP_NAME_INTERVENTION][intervention], name);
        read_value(r, map->pairs[i].key, map->pairs[i].value, v);
        if (r->status != WP_OK) { return; }
    }
}

bool wp_is_of_one_person(const wp_scenario *scenario, const wp_unit_value *value)
{
    switch (value->per) {
    case WP_PER_OUTCOME: return value->outcome >= 0 && scenario->outcomes[value->outcome].of == WP_PERSON;
    case WP_PER_START:
    case WP_PER_YEAR_IN:
        return value->intervention >= 0 && scenario->interventions[value->intervention].of == WP_PERSON;
    default: return false;
    }
}

static bool is_discounted(const wp_money *m, const char *unit)
{
    for (int i = 0; i < m->n_discounts; i++) {
        if (strcmp(m->discounts[i].unit, unit) == 0) { return true; }
    }
    return false;
}

/* Each unit in use has a discount rate, 0 % allowed; said once for each. */
static void check_discounts(wp_reader *r, const value_list *values)
{
    for (int i = 0; i < values->n; i++) {
        const wp_unit_value *v = &values->list[i];
        if (v->unit == NULL || v->unit[0] == '\0' || is_discounted(&r->scenario->money, v->unit)) {
            continue;
        }
        int k = 0;
        while (k < i && (values->list[k].unit == NULL || strcmp(values->list[k].unit, v->unit) != 0)) { k++; }
        if (k < i) { continue; }
        wp_report_error_at(r, v->pos, 1, "'%s' has no discount rate", v->unit);
        wp_report_hint(r, "write  money: {discount: {%s: 3.5 %% per year}},  or 0 %% per year", v->unit);
    }
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_unit_value *)left)->name, ((const wp_unit_value *)right)->name);
}

void wp_read_unit_values(wp_reader *r)
{
    const wp_node *own = wp_node_get(r->root, "unit_values");
    int n_interventions = r->names->n[WP_NAME_INTERVENTION];
    int n = count(own);
    for (int i = 0; i < n_interventions; i++) {
        n += count(wp_node_get(r->names->nodes[WP_NAME_INTERVENTION][i], "unit_values"));
    }
    if (n > WP_MAX_NAMES) {
        wp_report_error(r, own, "more than %d unit values", (int)WP_MAX_NAMES);
        return;
    }
    value_list values = {.list = wp_reader_alloc(r, (size_t)n, sizeof *values.list)};
    if (values.list == NULL) { return; }
    add_all(r, &values, own, -1);
    for (int i = 0; i < n_interventions && r->status == WP_OK; i++) {
        add_all(r, &values, wp_node_get(r->names->nodes[WP_NAME_INTERVENTION][i], "unit_values"), i);
    }
    check_discounts(r, &values);
    qsort(values.list, (size_t)values.n, sizeof *values.list, by_name);
    r->scenario->unit_values = values.list;
    r->scenario->n_unit_values = values.n;
    wp_read_spend(r, wp_node_get(wp_node_get(r->root, "money"), "spend_by_person"), values.list);
}
