/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities: reading numbers, names, look-ups and conversions into one form. */
#include "scenario/quantity.h"

#include <math.h>
#include <string.h>

#include "scenario/table.h"
#include "scenario/use.h"

enum { MAX_DEPTH = 8 };

/* What one reading needs to know. */
typedef struct place {
    wp_subject_kind of;
    wp_use use;
    const char *what;
    int option_variable;
    int depth;
    wp_unit unit; /* out: of what was read */
} place;

static bool read(wp_reader *r, const wp_node *at, place *p, wp_quantity *q);

wp_quantity wp_quantity_number(double value)
{
    return (wp_quantity){.kind = WP_QUANTITY_NUMBER, .value = value, .parameter = -1, .cell = -1,
                         .look = {.item = -1}};
}

/* A quantity inside another, kept in the scenario. */
static const wp_quantity *read_inner(wp_reader *r, const wp_node *map, const char *key, const place *outer,
                                     wp_use use)
{
    const wp_node *at = wp_node_need(r, map, outer->what, key);
    wp_quantity *inner = wp_reader_alloc(r, 1, sizeof *inner);
    place p = {.of = outer->of, .use = use, .what = key, .option_variable = -1, .depth = outer->depth + 1};
    if (at == NULL || inner == NULL || !read(r, at, &p, inner)) { return NULL; }
    return inner;
}

/* ---- One number, or one name ---------------------------------------------------------------- */

static bool take_number(wp_reader *r, const wp_node *at, place *p, const wp_amount *amount, wp_quantity *q)
{
    const wp_use_rule *rule = wp_use_rule_of(p->use);
    bool bare = amount->unit == WP_UNIT_NONE;
    p->unit = bare ? rule->unit : amount->unit;
    if (p->use == WP_USE_HAZARD && (bare || amount->is_percent)) {
        wp_report_error(r, at, "%s is %s, %s; write '%s per year'", p->what, at->text,
                        bare ? "without a unit" : "a share and no rate",
                        bare ? at->text : wp_reader_format(r, "%.6g", amount->value));
        wp_report_hint(r, "a yearly probability is written  {probability: %s, over: 1 year, competing: none}",
                       at->text);
        return false;
    }
    if (bare && !rule->bare) {
        wp_report_error(r, at, "%s is %s, without a unit; %s is needed", p->what, at->text, rule->needs);
        return false;
    }
    if (!bare && (rule->units >> amount->unit & 1) == 0) {
        wp_report_error(r, at, "%s is '%s'; %s is needed here", p->what, at->text, rule->needs);
        return false;
    }
    *q = wp_quantity_number(amount->value);
    q->pos = at->pos;
    return wp_use_check_value(r, at, p->use, p->what, NULL, amount->value);
}

static bool axes_fit(wp_reader *r, const wp_node *at, const wp_grid *grid, const place *p)
{
    for (int i = 0; i < grid->n_axes; i++) {
        const wp_look *look = &grid->axes[i].look;
        if (look->kind == WP_LOOK_OPTION) {
            if (p->option_variable < 0) {
                wp_report_error(r, at, "'by: option' is only for the weights of 'choose: {levels_of: …}'");
                return false;
            }
        } else if (!wp_look_fits(r, at, look, p->of)) {
            return false;
        }
    }
    return true;
}

/* Checks all that is known of a parameter against its use. */
static bool check_parameter(wp_reader *r, const wp_node *at, place *p, int parameter, bool whole)
{
    const wp_parameter *x = &r->names->parameters[parameter];
    if (x->unit_text == NULL) { return true; } /* its own error was reported */
    p->unit = x->unit;
    if (!wp_use_check_unit(r, at, p->use, p->what, x->name, x->unit, x->value)) { return false; }
    if (!whole) { return true; }
    if (x->n_counts > 0) {
        wp_report_error(r, at, "'%s' holds counts; name one of them, such as '%s.%s'", x->name, x->name,
                        x->count_names[0]);
        return false;
    }
    if (x->grid != NULL) {
        for (int i = 0; i < x->grid->n_cells; i++) {
            if (!wp_use_check_value(r, at, p->use, p->what, x->name, x->grid->values[i])) { return false; }
        }
        return axes_fit(r, at, x->grid, p);
    }
    return wp_use_check_value(r, at, p->use, p->what, x->name, x->value);
}

/* The band of an axis written as `text`, or its level; -1 when there is none. */
static int axis_index(wp_reader *r, const wp_axis *axis, const char *text)
{
    if (axis->bands == NULL) {
        for (int i = 0; i < axis->n_bands; i++) {
            if (strcmp(wp_look_level_name(r, &axis->look, -1, i), text) == 0) { return i; }
        }
        return -1;
    }
    wp_band band;
    const char *why = NULL;
    if (!wp_band_parse(text, wp_look_band_kind(&axis->look, ""), r->start_days, &band, &why)) { return -1; }
    for (int i = 0; i < axis->n_bands; i++) {
        bool low = fabs(axis->bands[i].lo - band.lo) < 1e-9;
        bool high = axis->bands[i].hi >= band.hi - 1e-9 && axis->bands[i].hi <= band.hi + 1e-9;
        if (low && (high || (isinf(band.hi) && isinf(axis->bands[i].hi)))) { return i; }
    }
    return -1;
}

/* "from_a.dead": one answer of counts; "table.female.0-4": one cell of a table. */
static bool find_cell(wp_reader *r, const wp_node *at, const wp_parameter *x, const char *cell, int *index)
{
    if (x->n_counts > 0) {
        for (int i = 0; i < x->n_counts; i++) {
            if (strcmp(x->count_names[i], cell) == 0) { *index = i; return true; }
        }
        wp_report_error(r, at, "'%s' has no count '%s'%s", x->name, cell,
                        wp_report_nearest(r, cell, x->count_names, x->n_counts));
        return false;
    }
    if (x->grid == NULL) {
        if (x->unit_text != NULL) {
            wp_report_error(r, at, "'%s' is one number, so there is no '%s.%s'", x->name, x->name, cell);
        }
        return false;
    }
    int row = 0;
    for (int a = 0; a < x->grid->n_axes; a++) {
        const wp_axis *axis = &x->grid->axes[a];
        const char *dot = a + 1 < x->grid->n_axes ? strchr(cell, '.') : NULL;
        const char *word = dot == NULL ? cell : wp_reader_format(r, "%.*s", (int)(dot - cell), cell);
        int i = axis_index(r, axis, word);
        if (i < 0 || (dot == NULL && a + 1 < x->grid->n_axes)) {
            wp_report_error(r, at, "the table '%s' has no cell '%s'", x->name, cell);
            return false;
        }
        row = row * axis->n_bands + i;
        cell = dot == NULL ? "" : dot + 1;
    }
    *index = row;
    return true;
}

static bool take_name(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    const char *text = at->text;
    *q = wp_quantity_number(0.0);
    q->pos = at->pos;
    int parameter = wp_names_find(r, WP_NAME_PARAMETER, text);
    if (parameter >= 0) {
        q->kind = WP_QUANTITY_PARAMETER;
        q->parameter = parameter;
        return check_parameter(r, at, p, parameter, true);
    }
    const char *dot = strchr(text, '.');
    if (dot == NULL || dot == text) {
        wp_names_need(r, at, WP_NAME_PARAMETER, text);
        return false;
    }
    parameter = wp_names_need(r, at, WP_NAME_PARAMETER, wp_reader_format(r, "%.*s", (int)(dot - text), text));
    if (parameter < 0) { return false; }
    q->kind = WP_QUANTITY_CELL;
    q->parameter = parameter;
    return find_cell(r, at, &r->names->parameters[parameter], dot + 1, &q->cell) &&
           check_parameter(r, at, p, parameter, false);
}

static bool take_scalar(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    wp_amount amount;
    const char *why = NULL;
    if (at->text[0] == '\0') {
        wp_report_error(r, at, "%s is empty; %s is needed", p->what, wp_use_rule_of(p->use)->needs);
        return false;
    }
    switch (at->quoted ? WP_AMOUNT_NOT_A_NUMBER : wp_amount_parse(at->text, &amount, &why)) {
    case WP_AMOUNT_OK: return take_number(r, at, p, &amount, q);
    case WP_AMOUNT_BAD:
        wp_report_error(r, at, "%s: %s", p->what, why == NULL ? "this is no number" : why);
        return false;
    default: return take_name(r, at, p, q);
    }
}

/* ---- Look-ups and conversions ------------------------------------------------------------------ */

bool wp_quantity_check_cells(wp_reader *r, const wp_node *at, const wp_grid *grid, wp_unit unit)
{
    for (int i = 0; grid->cell_parameter != NULL && i < grid->n_cells; i++) {
        if (grid->cell_parameter[i] < 0) { continue; }
        int index = grid->cell_parameter[i];
        const wp_parameter *x = &r->names->parameters[index];
        const wp_node *node = r->names->nodes[WP_NAME_PARAMETER][index];
        if (wp_node_get(node, "by") != NULL || wp_node_get(node, "counts") != NULL) {
            wp_report_error(r, at, "a cell names '%s', which is no single number", x->name);
            return false;
        }
        if (x->unit_text != NULL && x->unit != unit) {
            wp_report_error(r, at, "a cell names '%s', whose unit is '%s'; the table's is '%s'", x->name,
                            x->unit_text, wp_unit_name(unit));
            return false;
        }
    }
    return true;
}

static bool take_table(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"by", "values", "table", "otherwise", "unit", "value", "when",
                                       "keep_average_by", "source", "grade", NULL};
    const wp_use_rule *use = wp_use_rule_of(p->use);
    wp_cell_rule rule = {p->what, use->unit, 1.0, use->lo, use->hi, true};
    const wp_node *unit = wp_node_get(at, "unit");
    if (!wp_node_check_keys(r, at, "a look-up", KEYS)) { return false; }
    if (wp_node_get(at, "values") == NULL && wp_node_get(at, "table") == NULL) {
        const wp_node *by = wp_node_get(at, "by");
        wp_look look;
        if (by->kind != WP_NODE_SCALAR || !wp_look_read(r, by, p->of, &look)) {
            if (by->kind != WP_NODE_SCALAR) { wp_report_error(r, at, "a look-up needs 'values' or 'table'"); }
            return false;
        }
        if (look.kind != WP_LOOK_MULTIPLIER) {
            wp_report_error(r, by, "'%s' is no multiplier, so the look-up needs 'values' or 'table'",
                            by->text);
            return false;
        }
        q->kind = WP_QUANTITY_MULTIPLIER;
        q->look = look;
        p->unit = use->unit;
        return true;
    }
    if (unit == NULL && use->look_up_unit) {
        wp_report_error(r, at, "%s: the look-up does not say its unit; add 'unit: %s'", p->what,
                        use->unit == WP_UNIT_DURATION ? "days" : "per year");
        return false;
    }
    if (unit != NULL) {
        if (!wp_table_unit(r, at, &rule)) { return false; }
        if (!wp_use_check_unit(r, unit, p->use, p->what, unit->text, rule.unit, (double)NAN)) {
            return false;
        }
    }
    p->unit = rule.unit;
    q->kind = WP_QUANTITY_TABLE;
    return wp_table_read(r, at, p->of, &rule, p->option_variable, &q->grid) &&
           wp_quantity_check_cells(r, at, q->grid, rule.unit);
}

/* The largest number that a quantity can be, as far as it is known before draws; NAN when it is not. */
static double largest(const wp_reader *r, const wp_quantity *q)
{
    const wp_grid *grid = q->grid;
    if (q->kind == WP_QUANTITY_NUMBER) { return q->value; }
    if (q->kind == WP_QUANTITY_PARAMETER) {
        grid = r->names->parameters[q->parameter].grid;
        if (grid == NULL) { return r->names->parameters[q->parameter].value; }
    }
    if (grid == NULL) { return (double)NAN; }
    double most = grid->has_otherwise ? grid->otherwise : -INFINITY;
    for (int i = 0; i < grid->n_cells; i++) {
        if (grid->values[i] > most) { most = grid->values[i]; }
    }
    return most;
}

static bool read_over(wp_reader *r, const wp_node *at, const place *p, wp_quantity *q)
{
    const wp_node *over = wp_node_need(r, at, p->what, "over");
    if (over == NULL || !wp_duration_read(r, over, "'over'", &q->over)) { return false; }
    if (!(q->over > 0.0)) {
        wp_report_error(r, over, "'over' must be longer than nothing");
        return false;
    }
    return true;
}

static bool read_competing(wp_reader *r, const wp_node *at, wp_quantity *q)
{
    const wp_node *list = wp_node_get(at, "competing");
    if (list == NULL) {
        wp_report_error(r, at,
                        "a hazard from a probability needs 'competing: none', or the processes that compete, "
                        "'competing: [NAME, …]'");
        return false;
    }
    if (wp_node_is(list, "none")) { return true; }
    int n = wp_node_count(list);
    int *competing = wp_reader_alloc(r, (size_t)n, sizeof *competing);
    bool good = competing != NULL;
    for (int i = 0; good && i < n; i++) {
        const wp_node *item = wp_node_at(list, i);
        competing[i] = wp_names_need(r, item, WP_NAME_PROCESS, item->text);
        good = competing[i] >= 0;
    }
    q->competing = competing;
    q->n_competing = good ? n : 0;
    return good;
}

static bool take_probability(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"probability", "over", "competing", NULL};
    bool good = wp_node_check_keys(r, at, p->what, KEYS);
    q->kind = WP_QUANTITY_RATE_OF_PROBABILITY;
    q->a = read_inner(r, at, "probability", p, WP_USE_PROBABILITY);
    good = read_over(r, at, p, q) && good;
    good = read_competing(r, at, q) && good;
    if (q->a == NULL) { return false; }
    if (largest(r, q->a) >= 1.0) {
        wp_report_error(r, wp_node_get(at, "probability"),
                        "a probability of 1 has no hazard; it must be below 1");
        good = false;
    }
    return good;
}

static bool take_rate(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"hazard", "over", NULL};
    bool good = wp_node_check_keys(r, at, p->what, KEYS);
    q->kind = WP_QUANTITY_PROBABILITY_OF_RATE;
    q->a = read_inner(r, at, "hazard", p, WP_USE_HAZARD);
    if (q->a != NULL && q->a->clock_is_when) {
        wp_report_error(
            r, wp_node_get(at, "hazard"),
            "a probability from a hazard that changes with time needs a 'clock', such as 'clock: age'");
        good = false;
    }
    return read_over(r, at, p, q) && good && q->a != NULL;
}

static bool take_odds_ratio(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"odds_ratio", "baseline", "over", "when", "keep_average_by", NULL};
    bool good = wp_node_check_keys(r, at, p->what, KEYS);
    q->kind = WP_QUANTITY_RATIO_OF_ODDS;
    q->a = read_inner(r, at, "odds_ratio", p, WP_USE_ODDS_RATIO);
    q->b = read_inner(r, at, "baseline", p, WP_USE_PROBABILITY);
    good = read_over(r, at, p, q) && good;
    if (q->b != NULL && largest(r, q->b) >= 1.0) {
        wp_report_error(r, wp_node_get(at, "baseline"), "'baseline' must be below 1");
        good = false;
    }
    return good && q->a != NULL && q->b != NULL;
}

static bool read_clock(wp_reader *r, const wp_node *at, const place *p, wp_quantity *q)
{
    const wp_node *clock = wp_node_get(at, "clock");
    q->clock_is_when = clock == NULL;
    if (clock == NULL) { return true; }
    if (!wp_look_read(r, clock, p->of, &q->look)) { return false; }
    wp_look_kind kind = q->look.kind;
    if (kind != WP_LOOK_AGE && kind != WP_LOOK_TIME_IN && kind != WP_LOOK_TIME_SINCE &&
        kind != WP_LOOK_TIME_SINCE_START) {
        wp_report_error(
            r, clock, "'clock' is '%s'; it must be age, time in STATE, time since EVENT, or time since start",
            clock->text);
        return false;
    }
    return true;
}

static bool take_weibull(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"weibull", "clock", NULL};
    static const char *const INNER[] = {"shape", "scale", "rate", NULL};
    const wp_node *inner = wp_node_get(at, "weibull");
    bool good = wp_node_check_keys(r, at, p->what, KEYS);
    q->kind = WP_QUANTITY_WEIBULL;
    good = read_clock(r, at, p, q) && good;
    if (!wp_node_check_keys(r, inner, "'weibull'", INNER)) { return false; }
    q->by_rate = wp_node_get(inner, "rate") != NULL;
    if (q->by_rate == (wp_node_get(inner, "scale") != NULL)) {
        wp_report_error(r, inner, "'weibull' needs 'shape', and one of 'scale' and 'rate'");
        return false;
    }
    q->a = read_inner(r, inner, "shape", p, WP_USE_POSITIVE);
    q->b = q->by_rate ? read_inner(r, inner, "rate", p, WP_USE_RATE_OF_POWER)
                      : read_inner(r, inner, "scale", p, WP_USE_DURATION);
    if (q->b != NULL && !q->by_rate && q->b->kind == WP_QUANTITY_NUMBER && !(q->b->value > 0.0)) {
        wp_report_error(r, wp_node_get(inner, "scale"), "'scale' must be longer than nothing");
        good = false;
    }
    return good && q->a != NULL && q->b != NULL;
}

static bool take_gompertz(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    static const char *const KEYS[] = {"gompertz", "clock", NULL};
    static const char *const INNER[] = {"rate", "growth", NULL};
    const wp_node *inner = wp_node_get(at, "gompertz");
    bool good = wp_node_check_keys(r, at, p->what, KEYS);
    q->kind = WP_QUANTITY_GOMPERTZ;
    good = read_clock(r, at, p, q) && good;
    if (!wp_node_check_keys(r, inner, "'gompertz'", INNER)) { return false; }
    q->a = read_inner(r, inner, "rate", p, WP_USE_HAZARD);
    q->b = read_inner(r, inner, "growth", p, WP_USE_GROWTH);
    return good && q->a != NULL && q->b != NULL;
}

typedef bool take_map(wp_reader *r, const wp_node *at, place *p, wp_quantity *q);

/* The kinds of mapping, by the key that tells them, and the use that each is for. */
static const struct { const char *key; take_map *take; wp_use use; } MAPS[] = {
    {"probability", take_probability, WP_USE_HAZARD}, {"weibull", take_weibull, WP_USE_HAZARD},
    {"gompertz", take_gompertz, WP_USE_HAZARD},       {"hazard", take_rate, WP_USE_PROBABILITY},
    {"odds_ratio", take_odds_ratio, WP_USE_HAZARD_FACTOR}};

static bool read(wp_reader *r, const wp_node *at, place *p, wp_quantity *q)
{
    *q = wp_quantity_number(0.0);
    q->pos = at->pos;
    p->unit = wp_use_rule_of(p->use)->unit;
    if (p->depth > MAX_DEPTH) {
        wp_report_error(r, at, "%s: too many quantities inside one another", p->what);
        return false;
    }
    if (at->kind == WP_NODE_SCALAR) { return take_scalar(r, at, p, q); }
    if (wp_node_get(at, "by") != NULL) { return take_table(r, at, p, q); }
    for (size_t i = 0; i < sizeof MAPS / sizeof MAPS[0]; i++) {
        if (wp_node_get(at, MAPS[i].key) == NULL) { continue; }
        if (MAPS[i].use == p->use) { return MAPS[i].take(r, at, p, q); }
        wp_report_error(r, at, "{%s: …} cannot stand here: %s needs %s", MAPS[i].key, p->what,
                        wp_use_rule_of(p->use)->needs);
        return false;
    }
    wp_report_error(r, at, "%s must be a number, a parameter's name, or a look-up {by: …, values: …}",
                    p->what);
    return false;
}

static bool finish(bool good, const wp_node *at, wp_quantity *q)
{
    if (!good) {
        *q = wp_quantity_number(0.0);
        q->pos = at->pos;
    }
    return good;
}

bool wp_quantity_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_use use, const char *what,
                      wp_quantity *quantity)
{
    place p = {.of = of, .use = use, .what = what, .option_variable = -1};
    return finish(read(r, at, &p, quantity), at, quantity);
}

bool wp_quantity_read_weights(wp_reader *r, const wp_node *at, wp_subject_kind of, int option_variable,
                              const char *what, wp_quantity *quantity)
{
    place p = {.of = of, .use = WP_USE_WEIGHT, .what = what, .option_variable = option_variable};
    return finish(read(r, at, &p, quantity), at, quantity);
}

/* Does the text, or the unit of what it names, say "per year"? */
static bool says_per_year(wp_reader *r, const wp_node *at)
{
    wp_amount amount;
    double scale;
    wp_unit unit = WP_UNIT_NONE;
    const wp_node *named = wp_node_get(at, "unit");
    if (at->kind != WP_NODE_SCALAR) {
        return named != NULL && wp_unit_parse(named->text, &unit, &scale) && unit == WP_UNIT_PER_YEAR;
    }
    if (wp_amount_parse(at->text, &amount, NULL) == WP_AMOUNT_OK) { return amount.unit == WP_UNIT_PER_YEAR; }
    const char *dot = strchr(at->text, '.');
    int parameter = wp_names_find(r, WP_NAME_PARAMETER,
                                  dot == NULL ? at->text
                                              : wp_reader_format(r, "%.*s", (int)(dot - at->text), at->text));
    return parameter >= 0 && r->names->parameters[parameter].unit == WP_UNIT_PER_YEAR;
}

bool wp_quantity_read_places(wp_reader *r, const wp_node *at, wp_subject_kind of, const char *what,
                             wp_quantity *quantity, bool *per_year)
{
    *per_year = says_per_year(r, at);
    return wp_quantity_read(r, at, of, *per_year ? WP_USE_PLACES_PER_YEAR : WP_USE_PLACES, what, quantity);
}

/* ---- Amounts ------------------------------------------------------------------------------------ */

static bool amount_table(wp_reader *r, const wp_node *at, const char *what, wp_quantity *q, const char **unit)
{
    static const char *const KEYS[] = {"by", "values", "table", "otherwise", "unit", NULL};
    const wp_node *named = wp_node_need(r, at, what, "unit");
    wp_cell_rule rule = {what, WP_UNIT_NONE, 1.0, -INFINITY, INFINITY, true};
    if (!wp_node_check_keys(r, at, what, KEYS) || named == NULL || !wp_table_unit(r, at, &rule)) {
        return false;
    }
    if (rule.unit != WP_UNIT_GBP && rule.unit != WP_UNIT_OTHER) {
        wp_report_error(r, named, "%s needs a unit of value, such as GBP or QALY; '%s' is none", what,
                        named->text);
        return false;
    }
    *unit = wp_reader_keep(r, named->text);
    q->kind = WP_QUANTITY_TABLE;
    return wp_table_read(r, at, WP_N_SUBJECT_KINDS, &rule, -1, &q->grid);
}

static bool amount_name(wp_reader *r, const wp_node *at, const char *what, wp_quantity *q, const char **unit)
{
    q->parameter = wp_names_need(r, at, WP_NAME_PARAMETER, at->text);
    if (q->parameter < 0) { return false; }
    const wp_parameter *x = &r->names->parameters[q->parameter];
    q->kind = WP_QUANTITY_PARAMETER;
    if (x->unit_text == NULL) { return false; }
    if (x->unit != WP_UNIT_GBP && x->unit != WP_UNIT_OTHER) {
        wp_report_error(r, at, "%s '%s' has the unit '%s'; a unit of value is needed, such as GBP or QALY",
                        what, x->name, x->unit_text);
        return false;
    }
    *unit = x->unit_text;
    return true;
}

bool wp_quantity_read_amount(wp_reader *r, const wp_node *at, const char *what, wp_quantity *quantity,
                             const char **unit)
{
    wp_amount amount;
    const char *why = NULL;
    *unit = "";
    *quantity = wp_quantity_number(0.0);
    quantity->pos = at->pos;
    if (at->kind == WP_NODE_MAP) { return finish(amount_table(r, at, what, quantity, unit), at, quantity); }
    if (at->kind == WP_NODE_LIST) {
        wp_report_error(r, at, "%s is one amount, such as '1542 GBP'", what);
        return false;
    }
    wp_amount_result result = wp_amount_parse(at->text, &amount, &why);
    if (result == WP_AMOUNT_NOT_A_NUMBER) {
        return finish(amount_name(r, at, what, quantity, unit), at, quantity);
    }
    if (result == WP_AMOUNT_BAD) {
        wp_report_error(r, at, "%s: %s", what, why == NULL ? "this is no amount" : why);
        return false;
    }
    if (amount.unit != WP_UNIT_GBP && amount.unit != WP_UNIT_OTHER) {
        wp_report_error(r, at, "%s is '%s'; it needs a unit of value, such as '1542 GBP' or '0.85 QALY'",
                        what, at->text);
        return false;
    }
    quantity->value = amount.value;
    *unit = wp_reader_keep(r, amount.unit_text);
    return true;
}
