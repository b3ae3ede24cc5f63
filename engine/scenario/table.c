/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups as grids. Two passes over the nested values, or over a file's rows: the first finds the bands of
   each axis (the borders that any branch has), the second fills the cells. */
#include "scenario/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/grid.h"
#include "scenario/look.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/reader.h"

/* ---- Axes ---------------------------------------------------------------------------------- */

static bool read_axis(wp_grid_work *w, const wp_node *at)
{
    wp_grid_axis *axis = &w->axes[w->n_axes];
    if (!wp_look_read(w->r, at, w->of, &axis->look)) { return false; }
    if (axis->look.kind == WP_LOOK_MULTIPLIER) {
        wp_report_error(w->r, at, "'%s' is a multiplier, a number without bands; it can only be a factor",
                        at->text);
        return false;
    }
    for (int i = 0; i < w->n_axes; i++) {
        if (wp_look_equal(&w->axes[i].look, &axis->look)) {
            wp_report_error(w->r, at, "'%s' stands twice in 'by'", at->text);
            return false;
        }
    }
    axis->text = at->text;
    axis->is_level = wp_look_is_level(&axis->look) || axis->look.kind == WP_LOOK_OPTION;
    if (axis->is_level) {
        axis->n = wp_look_n_levels(w->r, &axis->look, w->option_variable);
        if (axis->n < 1) { return false; }
    } else {
        axis->band_kind = wp_look_band_kind(&axis->look, at->text);
    }
    w->n_axes++;
    return true;
}

bool wp_grid_work_axes(wp_grid_work *w)
{
    const wp_node *by = wp_node_get(w->at, "by");
    int n = wp_node_count(by);
    if (n == 0) {
        wp_report_error(w->r, w->at, "'by', what the table goes by, is missing");
        return false;
    }
    if (n > WP_MAX_AXES) {
        wp_report_error(w->r, by, "a table goes by at most %d things", (int)WP_MAX_AXES);
        return false;
    }
    bool good = true;
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(by, i);
        if (item->kind != WP_NODE_SCALAR) {
            wp_report_error(w->r, item, "'by' takes a name or a list of names");
            good = false;
        } else if (!read_axis(w, item)) {
            good = false;
        }
    }
    return good;
}

bool wp_grid_axis_border(wp_grid_work *w, wp_grid_axis *axis, double value)
{
    if (axis->borders == NULL) { axis->borders = wp_reader_scratch(w->r, WP_MAX_BORDERS, sizeof(double)); }
    if (axis->borders == NULL) { return false; }
    int lo = 0;
    int hi = axis->n_borders;
    while (lo < hi) {
        int middle = (lo + hi) / 2;
        if (axis->borders[middle] < value) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    if (lo < axis->n_borders && axis->borders[lo] == value) { return true; }
    if (axis->n_borders == WP_MAX_BORDERS) {
        wp_report_error(w->r, w->at, "'%s' has more than %d bands here", axis->text, (int)WP_MAX_BORDERS - 1);
        return false;
    }
    memmove(axis->borders + lo + 1, axis->borders + lo, (size_t)(axis->n_borders - lo) * sizeof(double));
    axis->borders[lo] = value;
    axis->n_borders++;
    return true;
}

void wp_grid_axis_range(const wp_grid_axis *axis, const wp_band *band, int *first, int *last)
{
    *first = 0;
    *last = -1;
    for (int i = 0; i + 1 < axis->n_borders; i++) {
        if (axis->borders[i] == band->lo) { *first = i; }
        if (axis->borders[i + 1] == band->hi) { *last = i; }
    }
}

/* ---- The first pass over nested values ------------------------------------------------------- */

static bool collect(wp_grid_work *w, const wp_node *node, int depth);

/* The keys of one map as bands: their borders go to the axis. */
static bool collect_bands(wp_grid_work *w, const wp_node *node, int depth)
{
    wp_grid_axis *axis = &w->axes[depth];
    const wp_node **keys = wp_reader_scratch(w->r, (size_t)node->n, sizeof *keys);
    wp_band *bands = wp_reader_scratch(w->r, (size_t)node->n, sizeof *bands);
    if (keys == NULL || bands == NULL) { return false; }
    bool good = true;
    int n = 0;
    for (int i = 0; i < node->n; i++) {
        keys[n] = node->pairs[i].key;
        if (!wp_band_read(w->r, keys[n], axis->band_kind, &bands[n])) {
            good = false;
            continue;
        }
        good = wp_grid_axis_border(w, axis, bands[n].lo) && wp_grid_axis_border(w, axis, bands[n].hi) && good;
        n++;
    }
    return wp_bands_check(w->r, keys, bands, n, w->otherwise == NULL) && good;
}

static bool check_levels(wp_grid_work *w, const wp_node *node, int depth)
{
    const wp_grid_axis *axis = &w->axes[depth];
    bool good = true;
    uint64_t seen = 0;
    for (int i = 0; i < node->n; i++) {
        const wp_node *key = node->pairs[i].key;
        int level = wp_look_level(w->r, key, &axis->look, w->option_variable, key->text);
        if (level < 0) {
            good = false;
        } else {
            seen |= UINT64_C(1) << level;
        }
    }
    for (int level = 0; good && w->otherwise == NULL && level < axis->n; level++) {
        if ((seen >> level & 1U) != 0) { continue; }
        if (w->is_margin && axis->look.kind == WP_LOOK_KIND && level == WP_KIND_INSTITUTION) { continue; }
        wp_report_error(w->r, node, "level '%s' of '%s' is missing",
                        wp_look_level_name(w->r, &axis->look, w->option_variable, level), axis->text);
        wp_report_hint(w->r, "give all levels, or 'otherwise: 0' for the rest");
        good = false;
    }
    return good;
}

static bool collect(wp_grid_work *w, const wp_node *node, int depth)
{
    if (depth == w->n_axes) { return true; }
    if (node->kind != WP_NODE_MAP || node->n == 0) {
        wp_report_error(w->r, node, "a mapping with a value for each of '%s' was expected",
                        w->axes[depth].text);
        return false;
    }
    bool good = w->axes[depth].is_level ? check_levels(w, node, depth) : collect_bands(w, node, depth);
    for (int i = 0; i < node->n; i++) { good = collect(w, node->pairs[i].value, depth + 1) && good; }
    return good;
}

/* ---- Cells --------------------------------------------------------------------------------- */

bool wp_grid_work_cells(wp_grid_work *w)
{
    double n = 1.0;
    for (int i = 0; i < w->n_axes; i++) {
        wp_grid_axis *axis = &w->axes[i];
        if (!axis->is_level) { axis->n = axis->n_borders - 1; }
        if (axis->n < 1) { return false; }
        n *= axis->n;
    }
    n *= w->variable >= 0 ? w->n_levels : 1;
    if (n > WP_MAX_CELLS) {
        wp_report_error(w->r, w->at, "this table has more than %d cells", (int)WP_MAX_CELLS);
        return false;
    }
    w->n_cells = (int)n;
    w->values = wp_reader_alloc(w->r, (size_t)w->n_cells, sizeof *w->values);
    w->row_of = wp_reader_scratch(w->r, (size_t)w->n_cells, sizeof *w->row_of);
    if (w->values == NULL || w->row_of == NULL) { return false; }
    for (int i = 0; i < w->n_cells; i++) { w->values[i] = NAN; }
    return true;
}

/* Does the unit that a cell states fit what is expected? */
static bool unit_fits(const wp_cell_rule *rule, const wp_amount *amount)
{
    if (amount->is_per_year) { return false; }
    if (amount->is_percent && amount->unit == WP_UNIT_PROPORTION) {
        return rule->unit == WP_UNIT_PROBABILITY || rule->unit == WP_UNIT_PROPORTION ||
               rule->unit == WP_UNIT_NONE;
    }
    return amount->unit == rule->unit && !(amount->is_percent && amount->unit == WP_UNIT_PER_YEAR);
}

bool wp_cell_number(wp_reader *r, const wp_node *at, const wp_cell_rule *rule, double *value)
{
    wp_amount amount;
    const char *why = "";
    *value = 0.0;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "%s was expected", rule->what);
        return false;
    }
    wp_amount_result result = at->quoted ? WP_AMOUNT_NOT_A_NUMBER : wp_amount_parse(at->text, &amount, &why);
    if (result != WP_AMOUNT_OK) {
        wp_report_error(r, at, "%s: '%s' is no number%s%s", rule->what, at->text, why[0] != '\0' ? ": " : "",
                        why);
        return false;
    }
    if (amount.unit == WP_UNIT_NONE) {
        *value = rule->unit == WP_UNIT_DURATION && rule->scale < 0.01  ? amount.value / 365.25
                 : rule->unit == WP_UNIT_DURATION && rule->scale < 1.0 ? amount.value / 12.0
                                                                       : amount.value * rule->scale;
    } else if (unit_fits(rule, &amount)) {
        *value = amount.value;
    } else {
        wp_report_error(r, at, "%s: '%s' has another unit than is needed here (%s)", rule->what, at->text,
                        wp_unit_name(rule->unit));
        return false;
    }
    if (*value >= rule->lo && *value <= rule->hi) { return true; }
    if (isinf(rule->hi)) {
        wp_report_error(r, at, "%s is %s; it must be %.10g or more", rule->what, at->text, rule->lo);
    } else {
        wp_report_error(r, at, "%s is %s; it must be %.10g to %.10g", rule->what, at->text, rule->lo,
                        rule->hi);
    }
    return false;
}

static bool is_word(const wp_node *at)
{
    wp_amount amount;
    return at->kind == WP_NODE_SCALAR && !at->quoted && at->text[0] >= 'a' && at->text[0] <= 'z' &&
           wp_amount_parse(at->text, &amount, NULL) == WP_AMOUNT_NOT_A_NUMBER;
}

/* A cell by the name of a parameter. */
static bool fill_parameter(wp_grid_work *w, const wp_node *at, int cell)
{
    int parameter = wp_names_need(w->r, at, WP_NAME_PARAMETER, at->text);
    if (parameter < 0) { return false; }
    if (w->cell_parameter == NULL) {
        w->cell_parameter = wp_reader_alloc(w->r, (size_t)w->n_cells, sizeof *w->cell_parameter);
        if (w->cell_parameter == NULL) { return false; }
        for (int i = 0; i < w->n_cells; i++) { w->cell_parameter[i] = -1; }
    }
    w->cell_parameter[cell] = parameter;
    w->values[cell] = 0.0;
    return true;
}

bool wp_grid_work_shares(wp_grid_work *w, const wp_node *at, double *shares)
{
    for (int i = 0; i < w->n_levels; i++) { shares[i] = 0.0; }
    if (at->kind == WP_NODE_SCALAR) {
        int level = wp_names_need_level(w->r, at, w->variable, at->text);
        if (level >= 0) { shares[level] = 1.0; }
        return level >= 0;
    }
    if (at->kind != WP_NODE_MAP || at->n == 0) {
        wp_report_error(w->r, at, "a level, or shares such as {a: 0.8, b: 0.2}, was expected");
        return false;
    }
    bool good = true;
    double sum = 0.0;
    for (int i = 0; i < at->n; i++) {
        int level = wp_names_need_level(w->r, at->pairs[i].key, w->variable, at->pairs[i].key->text);
        double share = 0.0;
        good = wp_share_read(w->r, at->pairs[i].value, "a share", &share) && level >= 0 && good;
        if (level >= 0) { shares[level] = share; }
        sum += share;
    }
    if (!good) { return false; }
    if (fabs(sum - 1.0) > 1e-6) {
        wp_report_error(w->r, at, "these shares sum to %.7g; they must sum to 1", sum);
        return false;
    }
    for (int i = 0; i < w->n_levels; i++) { shares[i] /= sum; }
    return true;
}

bool wp_grid_work_cell(wp_grid_work *w, const wp_node *at, int cell)
{
    if (w->variable >= 0) {
        return wp_grid_work_shares(w, at, w->values + (size_t)cell * (size_t)w->n_levels);
    }
    if (w->rule->parameters && is_word(at)) { return fill_parameter(w, at, cell); }
    return wp_cell_number(w->r, at, w->rule, &w->values[cell]);
}

static bool fill(wp_grid_work *w, const wp_node *node, int depth, int base)
{
    if (depth == w->n_axes) { return wp_grid_work_cell(w, node, base); }
    const wp_grid_axis *axis = &w->axes[depth];
    bool good = true;
    for (int i = 0; i < node->n && w->r->status == WP_OK; i++) {
        const wp_node *key = node->pairs[i].key;
        int first = 0;
        int last = 0;
        wp_band band;
        if (axis->is_level) {
            first = last = wp_look_level(w->r, key, &axis->look, w->option_variable, key->text);
        } else {
            (void)wp_band_parse(key->text, axis->band_kind, w->r->start_days, &band, NULL);
            wp_grid_axis_range(axis, &band, &first, &last);
        }
        for (int k = first; k <= last; k++) {
            good = fill(w, node->pairs[i].value, depth + 1, base * axis->n + k) && good;
        }
    }
    return good;
}

/* What `otherwise` says, into the cells that nothing gave. */
static bool fill_rest(wp_grid_work *w)
{
    if (w->otherwise == NULL) { return true; }
    if (w->variable >= 0) {
        double shares[WP_MAX_LEVELS];
        if (!wp_grid_work_shares(w, w->otherwise, shares)) { return false; }
        for (int i = 0; i < w->n_cells; i++) {
            if (isnan(w->values[i])) { w->values[i] = shares[i % w->n_levels]; }
        }
        return true;
    }
    if (!wp_cell_number(w->r, w->otherwise, w->rule, &w->rest)) { return false; }
    for (int i = 0; i < w->n_cells; i++) {
        if (isnan(w->values[i])) { w->values[i] = w->rest; }
    }
    return true;
}

/* ---- The whole ----------------------------------------------------------------------------- */

static wp_axis checked_axis(wp_grid_work *w, const wp_grid_axis *axis)
{
    wp_axis made = {.look = axis->look, .n_bands = axis->n, .bands = NULL};
    if (axis->is_level) { return made; }
    wp_band *bands = wp_reader_alloc(w->r, (size_t)axis->n, sizeof *bands);
    for (int i = 0; bands != NULL && i < axis->n; i++) {
        bands[i] = (wp_band){axis->borders[i], axis->borders[i + 1]};
    }
    made.bands = bands;
    return made;
}

static const wp_grid *finish(wp_grid_work *w)
{
    wp_grid *grid = wp_reader_alloc(w->r, 1, sizeof *grid);
    int n_axes = w->n_axes + (w->variable >= 0);
    wp_axis *axes = wp_reader_alloc(w->r, (size_t)n_axes, sizeof *axes);
    if (grid == NULL || axes == NULL) { return NULL; }
    for (int i = 0; i < w->n_axes; i++) { axes[i] = checked_axis(w, &w->axes[i]); }
    if (w->variable >= 0) {
        axes[w->n_axes] = (wp_axis){.look = {.kind = WP_LOOK_VARIABLE, .whose = WP_SELF, .item = w->variable},
                                    .n_bands = w->n_levels};
    }
    *grid = (wp_grid){.n_axes = n_axes,
                      .axes = axes,
                      .n_cells = w->n_cells,
                      .values = w->values,
                      .cell_parameter = w->cell_parameter,
                      .has_otherwise = w->otherwise != NULL && w->variable < 0,
                      .otherwise = w->rest};
    return w->r->status == WP_OK ? grid : NULL;
}

static bool read_nested(wp_grid_work *w, const wp_node *values)
{
    return collect(w, values, 0) && wp_grid_work_cells(w) && fill(w, values, 0, 0);
}

/* With `otherwise`, shares hold for every number: the bands are widened to all of them. */
static bool widen(wp_grid_work *w)
{
    for (int i = 0; w->variable >= 0 && w->otherwise != NULL && i < w->n_axes; i++) {
        if (w->axes[i].is_level) { continue; }
        if (!wp_grid_axis_border(w, &w->axes[i], w->axes[i].band_kind == WP_BAND_DATE ? -INFINITY : 0.0) ||
            !wp_grid_axis_border(w, &w->axes[i], INFINITY)) {
            return false;
        }
    }
    return true;
}

static bool read_look_up(wp_grid_work *w, const wp_grid **grid)
{
    const wp_node *values = wp_node_get(w->at, "values");
    const wp_node *table = wp_node_get(w->at, "table");
    if (!wp_grid_work_axes(w) || !widen(w)) { return false; }
    if ((values == NULL) == (table == NULL)) {
        wp_report_error(w->r, w->at, values == NULL ? "'values' or 'table' is missing in this look-up"
                                                    : "a look-up has 'values' or 'table', not both");
        return false;
    }
    bool good = values != NULL ? read_nested(w, values) : wp_grid_work_file(w, table);
    if (!good || !fill_rest(w)) { return false; }
    *grid = finish(w);
    return *grid != NULL;
}

bool wp_table_read(wp_reader *r, const wp_node *at, wp_subject_kind of, const wp_cell_rule *rule,
                   int option_variable, const wp_grid **grid)
{
    wp_grid_work w = {.r = r, .at = at, .of = of, .rule = rule, .option_variable = option_variable,
                      .variable = -1, .otherwise = wp_node_get(at, "otherwise")};
    *grid = NULL;
    return read_look_up(&w, grid);
}

bool wp_table_read_margin(wp_reader *r, const wp_node *at, wp_subject_kind of, const wp_cell_rule *rule,
                          const wp_grid **grid)
{
    wp_grid_work w = {.r = r, .at = at, .of = of, .rule = rule, .option_variable = -1, .variable = -1,
                      .is_margin = true, .otherwise = wp_node_get(at, "otherwise")};
    *grid = NULL;
    return read_look_up(&w, grid);
}

bool wp_table_read_shares(wp_reader *r, const wp_node *at, wp_subject_kind of, int variable,
                          const wp_grid **grid)
{
    static const wp_cell_rule rule = {
        .what = "a share", .unit = WP_UNIT_PROPORTION, .scale = 1.0, .lo = 0.0, .hi = 1.0};
    wp_grid_work w = {.r = r, .at = at, .of = of, .rule = &rule, .option_variable = -1, .variable = variable,
                      .n_levels = r->names->variables[variable].n_levels};
    *grid = NULL;
    if (wp_node_get(at, "by") != NULL) {
        w.otherwise = wp_node_get(at, "otherwise");
        return read_look_up(&w, grid);
    }
    if (!wp_grid_work_cells(&w) || !wp_grid_work_shares(&w, at, w.values)) { return false; }
    *grid = finish(&w);
    return *grid != NULL;
}

bool wp_table_unit(wp_reader *r, const wp_node *at, wp_cell_rule *rule)
{
    const wp_node *unit = wp_node_get(at, "unit");
    if (unit == NULL) { return true; }
    if (unit->kind == WP_NODE_SCALAR && wp_unit_parse(unit->text, &rule->unit, &rule->scale)) { return true; }
    wp_report_error(r, unit, "unit '%s' is not known", unit->text);
    return false;
}
