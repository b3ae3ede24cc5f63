/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money: price years, deflator, payers, discounting, optimism bias. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/csv.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/price.h"
#include "scenario/reader.h"

enum { MAX_BANDS = 64 };

/* ---- Price years and the deflator ------------------------------------------------------------ */

static bool four_digits(const char *text)
{
    return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) &&
           isdigit((unsigned char)text[2]) && isdigit((unsigned char)text[3]);
}

static bool is_price_year(const char *text)
{
    if (strlen(text) == 4) { return four_digits(text); }
    if (strlen(text) != 7 || !four_digits(text) || text[4] != '/') { return false; }
    int first = (text[2] - '0') * 10 + (text[3] - '0');
    return isdigit((unsigned char)text[5]) && isdigit((unsigned char)text[6]) &&
           (text[5] - '0') * 10 + (text[6] - '0') == (first + 1) % 100;
}

const char *wp_price_year_read(wp_reader *r, const wp_node *at)
{
    if (at == NULL) { return NULL; }
    if (at->kind == WP_NODE_SCALAR && is_price_year(at->text)) { return wp_reader_keep(r, at->text); }
    wp_report_error(r, at, "a price year is written 2012 or 2012/13");
    return NULL;
}

typedef struct index_of_year {
    const char *year;
    double index;
} index_of_year;

static int by_year(const void *left, const void *right)
{
    return strcmp(((const index_of_year *)left)->year, ((const index_of_year *)right)->year);
}

static void keep_deflator(wp_reader *r, const wp_node *at, index_of_year *list, int n)
{
    wp_money *m = &r->scenario->money;
    const char **years = wp_reader_alloc(r, (size_t)n, sizeof *years);
    double *values = wp_reader_alloc(r, (size_t)n, sizeof *values);
    if (years == NULL || values == NULL || n == 0) { return; }
    qsort(list, (size_t)n, sizeof *list, by_year);
    for (int i = 0; i < n; i++) {
        if (i > 0 && strcmp(list[i].year, list[i - 1].year) == 0) {
            wp_report_error(r, at, "the deflator has the year %s twice", list[i].year);
            return;
        }
        years[i] = list[i].year;
        values[i] = list[i].index;
    }
    m->n_deflator = n;
    m->deflator_year = years;
    m->deflator = values;
}

static void read_deflator_values(wp_reader *r, const wp_node *values)
{
    if (values->kind != WP_NODE_MAP) {
        wp_report_error(r, values, "the deflator's values are written {2011/12: 100, 2012/13: 101.9}");
        return;
    }
    index_of_year *list = wp_reader_scratch(r, (size_t)values->n, sizeof *list);
    if (list == NULL) { return; }
    int n = 0;
    for (int i = 0; i < values->n; i++) {
        list[n].year = wp_price_year_read(r, values->pairs[i].key);
        bool good = wp_number_read(r, values->pairs[i].value, "the deflator", 1e-6, 1e9, &list[n].index);
        n += list[n].year != NULL && good;
    }
    keep_deflator(r, values, list, n);
}

/* The column that `keys: {year: COLUMN}` names; without it `year`, or `period`. */
static int find_year_column(wp_reader *r, const wp_csv *csv, const wp_node *table, const wp_node *year)
{
    static const char *const usual[] = {"year", "period"};
    if (year != NULL) { return wp_csv_column(r, csv, year); }
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < csv->n_columns; i++) {
            if (strcmp(csv->columns[i], usual[k]) == 0) { return i; }
        }
    }
    wp_report_error(r, table, "the file has no column 'year'; say which it is:  keys: {year: COLUMN}");
    return -1;
}

/* Rows of a file, one a year. */
static void read_deflator_table(wp_reader *r, const wp_node *table)
{
    static const char *const keys[] = {"file", "where", "keys", "value", NULL};
    static const char *const key_names[] = {"year", NULL};
    if (!wp_node_check_keys(r, table, "'table'", keys)) { return; }
    const wp_node *file = wp_node_need(r, table, "'table'", "file");
    const wp_node *value = wp_node_need(r, table, "'table'", "value");
    const wp_node *key_map = wp_node_get(table, "keys");
    if (file == NULL || value == NULL) { return; }
    if (key_map != NULL && !wp_node_check_keys(r, key_map, "'keys'", key_names)) { return; }
    const wp_csv *csv = wp_csv_open(r, file);
    if (csv == NULL) { return; }
    int year_column = find_year_column(r, csv, table, wp_node_get(key_map, "year"));
    int value_column = wp_csv_column(r, csv, value);
    bool *picked = wp_reader_scratch(r, (size_t)csv->n_rows, sizeof *picked);
    index_of_year *list = wp_reader_scratch(r, (size_t)csv->n_rows, sizeof *list);
    if (year_column < 0 || value_column < 0 || picked == NULL || list == NULL) { return; }
    if (wp_csv_pick(r, csv, table, wp_node_get(table, "where"), picked) == 0) { return; }
    int n = 0;
    for (int i = 0; i < csv->n_rows; i++) {
        if (!picked[i]) { continue; }
        wp_node at = {.kind = WP_NODE_SCALAR,
                      .pos = {.file = csv->file, .line = csv->lines[i], .column = 1},
                      .width = 1};
        at.text = wp_csv_cell(csv, i, year_column);
        list[n].year = wp_price_year_read(r, &at);
        at.text = wp_csv_cell(csv, i, value_column);
        bool good = wp_number_read(r, &at, "the deflator", 1e-6, 1e9, &list[n].index);
        n += list[n].year != NULL && good;
    }
    keep_deflator(r, table, list, n);
}

static void read_deflator(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"values", "table", "source", "grade", NULL};
    if (at == NULL || !wp_node_check_keys(r, at, "'deflator'", keys)) { return; }
    const wp_node *values = wp_node_get(at, "values");
    const wp_node *table = wp_node_get(at, "table");
    if ((values == NULL) == (table == NULL)) {
        wp_report_error(r, at, "a deflator has 'values' or 'table', one of the two");
    } else if (values != NULL) {
        read_deflator_values(r, values);
    } else {
        read_deflator_table(r, table);
    }
}

/* ---- Payers -------------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_payer *)left)->name, ((const wp_payer *)right)->name);
}

static int payer_index(const wp_money *m, const char *name)
{
    wp_payer key = {.name = name};
    const wp_payer *found =
        m->n_payers > 0 ? bsearch(&key, m->payers, (size_t)m->n_payers, sizeof key, by_name) : NULL;
    return found != NULL ? (int)(found - m->payers) : -1;
}

int wp_payer_need(wp_reader *r, const wp_node *at)
{
    const wp_money *m = &r->scenario->money;
    int index = at->kind == WP_NODE_SCALAR ? payer_index(m, at->text) : -1;
    if (index >= 0) { return index; }
    const char **names = wp_reader_scratch(r, (size_t)m->n_payers, sizeof *names);
    for (int i = 0; names != NULL && i < m->n_payers; i++) { names[i] = m->payers[i].name; }
    wp_names_unknown(r, at, "payer", at->text, names, names != NULL ? m->n_payers : 0);
    if (m->n_payers == 0) {
        wp_report_hint(r, "payers are listed in  money: {payers: {council: {tier: local}}}");
    }
    return -1;
}

/* A payer that is part of one that is part of it, through however many. */
static bool is_circle(const wp_payer *payers, int n, int first)
{
    int at = first;
    for (int steps = 0; steps <= n && at >= 0; steps++) {
        at = payers[at].part_of;
        if (at == first) { return true; }
    }
    return false;
}

static void read_payers(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"tier", "part_of", "title", NULL};
    wp_money *m = &r->scenario->money;
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_MAP || at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "'payers' is a mapping from names to what they are, of at most %d",
                        (int)WP_MAX_NAMES);
        return;
    }
    wp_payer *payers = wp_reader_alloc(r, (size_t)at->n, sizeof *payers);
    if (payers == NULL) { return; }
    for (int i = 0; i < at->n; i++) {
        const wp_node *map = at->pairs[i].value;
        payers[i] = (wp_payer){.name = wp_reader_keep(r, at->pairs[i].key->text), .part_of = -1};
        (void)wp_name_check(r, at->pairs[i].key, "a payer");
        if (!wp_node_check_keys(r, map, "a payer", keys)) { continue; }
        payers[i].title = wp_string_read(r, wp_node_get(map, "title"), "'title'");
        payers[i].tier = wp_string_read(r, wp_node_get(map, "tier"), "'tier'");
    }
    qsort(payers, (size_t)at->n, sizeof *payers, by_name);
    m->payers = payers;
    m->n_payers = at->n;
    for (int i = 0; i < at->n; i++) {
        const wp_node *part_of = wp_node_get(at->pairs[i].value, "part_of");
        int index = payer_index(m, at->pairs[i].key->text);
        if (part_of == NULL || index < 0) { continue; }
        payers[index].part_of = wp_payer_need(r, part_of);
        if (is_circle(payers, m->n_payers, index)) {
            wp_report_error(r, part_of, "'%s' would be a part of itself", payers[index].name);
            payers[index].part_of = -1;
        }
    }
}

/* ---- Discounting --------------------------------------------------------------------------- */

static bool read_discount_rate(wp_reader *r, const wp_node *at, double *per_year)
{
    wp_amount amount;
    *per_year = 0.0;
    if (at->kind != WP_NODE_SCALAR || at->quoted ||
        wp_amount_parse(at->text, &amount, NULL) != WP_AMOUNT_OK || amount.unit != WP_UNIT_PER_YEAR) {
        wp_report_error(r, at, "a discount rate is written '3.5 %% per year'");
        return false;
    }
    if (amount.value < 0.0 || amount.value > 0.5) {
        wp_report_error(r, at, "the discount rate is %s; it must be 0 to 50 %% per year", at->text);
        return false;
    }
    *per_year = amount.value;
    return true;
}

static bool read_within_year(wp_reader *r, const wp_node *at, wp_within_year *within)
{
    static const char *const words[] = {"start", "middle", "end", "continuous"};
    if (at == NULL) { return true; }
    for (int i = 0; i < 4; i++) {
        if (wp_node_is(at, words[i])) {
            *within = (wp_within_year)i;
            return true;
        }
    }
    wp_report_error(r, at, "'within_year' is start, middle, end or continuous, not '%s'%s", at->text,
                    wp_report_nearest(r, at->text, words, 4));
    return false;
}

/* Bands of years: "0-30 years, 31-75 years, 76+ years" as the Green Book's table writes them (the rate of
   31-75 is that of the years from the end of year 30 on), or "0-30 years, 30-75 years". */
static void read_schedule(wp_reader *r, const wp_node *at, wp_discount *d)
{
    if (at->kind != WP_NODE_MAP || at->n == 0 || at->n > MAX_BANDS) {
        wp_report_error(r, at,
                        "a schedule is written {0-30 years: 3.5 %% per year, 30+ years: 3 %% per year}");
        return;
    }
    wp_band *bands = wp_reader_alloc(r, (size_t)at->n, sizeof *bands);
    double *rates = wp_reader_alloc(r, (size_t)at->n, sizeof *rates);
    if (bands == NULL || rates == NULL) { return; }
    for (int i = 0; i < at->n; i++) {
        if (!wp_band_read(r, at->pairs[i].key, WP_BAND_YEARS, &bands[i]) ||
            !read_discount_rate(r, at->pairs[i].value, &rates[i])) {
            return;
        }
        double before = i > 0 ? bands[i - 1].hi : 0.0;
        if (i > 0 && bands[i].lo == before + 1.0) { bands[i].lo = before; }
        if (bands[i].lo != before) {
            wp_report_error(r, at->pairs[i].key, "the schedule must go on from year %.10g without a gap",
                            before);
            return;
        }
    }
    if (!isinf(bands[at->n - 1].hi)) {
        wp_report_error(r, at->pairs[at->n - 1].key,
                        "the last band of a schedule is open, such as '75+ years'");
        return;
    }
    d->n_bands = at->n;
    d->bands = bands;
    d->rates = rates;
}

static void read_discount(wp_reader *r, const wp_pair *pair, wp_discount *d)
{
    static const char *const keys[] = {"schedule", "from", "within_year", "dated", "source", "grade", NULL};
    d->unit = wp_reader_keep(r, pair->key->text);
    if (pair->value->kind == WP_NODE_MAP) {
        if (!wp_node_check_keys(r, pair->value, "a discount", keys)) { return; }
        const wp_node *schedule = wp_node_need(r, pair->value, "this discount", "schedule");
        if (schedule != NULL) { read_schedule(r, schedule, d); }
        (void)wp_date_read(r, wp_node_get(pair->value, "from"), "'from'", &d->from);
        (void)read_within_year(r, wp_node_get(pair->value, "within_year"), &d->within_year);
        d->source = wp_string_read(r, wp_node_get(pair->value, "source"), "'source'");
        (void)wp_string_read(r, wp_node_get(pair->value, "dated"), "'dated'");
        (void)wp_grade_read(r, wp_node_get(pair->value, "grade"));
        return;
    }
    wp_band *band = wp_reader_alloc(r, 1, sizeof *band);
    double *rate = wp_reader_alloc(r, 1, sizeof *rate);
    if (band == NULL || rate == NULL || !read_discount_rate(r, pair->value, rate)) { return; }
    *band = (wp_band){0.0, INFINITY};
    d->n_bands = 1;
    d->bands = band;
    d->rates = rate;
}

static int by_unit(const void *left, const void *right)
{
    return strcmp(((const wp_discount *)left)->unit, ((const wp_discount *)right)->unit);
}

static void read_discounts(wp_reader *r, const wp_node *at)
{
    wp_money *m = &r->scenario->money;
    if (at == NULL) { return; }
    if (at->kind != WP_NODE_MAP || at->n > WP_MAX_NAMES) {
        wp_report_error(r, at, "'discount' is written {GBP: 3.5 %% per year, within_year: middle}");
        return;
    }
    wp_within_year within = WP_WITHIN_MIDDLE;
    (void)read_within_year(r, wp_node_get(at, "within_year"), &within);
    wp_discount *list = wp_reader_alloc(r, (size_t)at->n, sizeof *list);
    if (list == NULL) { return; }
    for (int i = 0; i < at->n; i++) {
        const wp_pair *pair = &at->pairs[i];
        wp_unit unit;
        double scale;
        if (wp_node_is(pair->key, "within_year")) { continue; }
        if (!wp_unit_parse(pair->key->text, &unit, &scale) ||
            (unit != WP_UNIT_GBP && unit != WP_UNIT_OTHER)) {
            wp_report_error(r, pair->key, "'%s' is no unit of value; write GBP, QALY, life-year",
                            pair->key->text);
            continue;
        }
        list[m->n_discounts].within_year = within;
        read_discount(r, pair, &list[m->n_discounts++]);
    }
    qsort(list, (size_t)m->n_discounts, sizeof *list, by_unit);
    m->discounts = list;
}

/* ---- Optimism bias ------------------------------------------------------------------------- */

static void read_grades(wp_reader *r, const wp_node *at, const char *what, double *by_grade)
{
    static const char *const grades[] = {"A", "B", "C", NULL};
    if (at == NULL || !wp_node_check_keys(r, at, what, grades)) { return; }
    for (int i = 0; i < 3; i++) {
        const wp_node *value = wp_node_need(r, at, what, grades[i]);
        (void)wp_share_read(r, value, what, &by_grade[i]);
    }
}

static void read_bias(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"costs_up", "benefits_down", "source", "grade", NULL};
    if (at == NULL || !wp_node_check_keys(r, at, "'optimism_bias'", keys)) { return; }
    read_grades(r, wp_node_get(at, "costs_up"), "'costs_up'", r->scenario->money.bias_costs_up);
    read_grades(r, wp_node_get(at, "benefits_down"), "'benefits_down'",
                r->scenario->money.bias_benefits_down);
    (void)wp_string_read(r, wp_node_get(at, "source"), "'source'");
    (void)wp_grade_read(r, wp_node_get(at, "grade"));
}

static void check_base_year(wp_reader *r, const wp_node *at, const wp_node *deflator)
{
    wp_money *m = &r->scenario->money;
    if (m->price_year == NULL) { return; }
    if (deflator == NULL) {
        wp_report_error(r, at, "'price_year' needs a 'deflator' that moves prices to it");
    }
    if (!wp_price_year_is_known(m, m->price_year)) {
        wp_report_error(r, at, "the deflator has no year %s", m->price_year);
    }
}

bool wp_price_year_is_known(const wp_money *m, const char *year)
{
    if (m->n_deflator == 0) { return true; } /* none, or a faulty one: said once, elsewhere */
    for (int i = 0; i < m->n_deflator; i++) {
        if (strcmp(m->deflator_year[i], year) == 0) { return true; }
    }
    return false;
}

void wp_read_money(wp_reader *r)
{
    static const char *const keys[] = {"price_year", "deflator", "discount", "optimism_bias", "payers",
                                       "spend_by_person", NULL};
    const wp_node *at = wp_node_get(r->root, "money");
    if (at != NULL && wp_node_check_keys(r, at, "'money'", keys)) {
        const wp_node *year = wp_node_get(at, "price_year");
        r->scenario->money.price_year = wp_price_year_read(r, year);
        read_deflator(r, wp_node_get(at, "deflator"));
        read_payers(r, wp_node_get(at, "payers"));
        read_discounts(r, wp_node_get(at, "discount"));
        read_bias(r, wp_node_get(at, "optimism_bias"));
        check_base_year(r, year, wp_node_get(at, "deflator"));
    }
    wp_read_unit_values(r);
}
