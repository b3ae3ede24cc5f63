/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups in CSV files: rows picked by `where`, axes by `keys`, numbers from one column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/csv.h"
#include "scenario/grid.h"
#include "scenario/look.h"
#include "scenario/reader.h"

enum { MAX_REPORTED = 5 };

/* Where an axis finds its key. */
typedef struct key_columns {
    int first, last;             /* `last` -1: one column */
    const wp_node *listed;       /* `bands` of this axis, or NULL */
    int n_listed;
    wp_band *bands;
    bool *was_found;
} key_columns;

typedef struct file_work {
    wp_grid_work *w;
    const wp_csv *csv;
    const wp_node *names;
    key_columns keys[WP_MAX_AXES];
    bool *picked;
    int n_reported;
} file_work;

static wp_node cell_node(const file_work *f, int row, int column)
{
    return (wp_node){.kind = WP_NODE_SCALAR,
                     .pos = {.file = f->csv->file, .line = f->csv->lines[row], .column = 1},
                     .width = 1,
                     .text = wp_csv_cell(f->csv, row, column)};
}

/* Says no more after a few rows with the same kind of fault. */
static bool may_report(file_work *f)
{
    return f->n_reported++ < MAX_REPORTED;
}

static bool read_columns(file_work *f, const wp_node *keys)
{
    wp_grid_work *w = f->w;
    bool good = true;
    for (int i = 0; i < w->n_axes; i++) {
        const wp_node *key = wp_node_get(keys, w->axes[i].text);
        key_columns *k = &f->keys[i];
        k->last = -1;
        if (key == NULL) {
            wp_report_error(w->r, keys, "'keys' does not say which column '%s' is in", w->axes[i].text);
            good = false;
        } else if (key->kind == WP_NODE_LIST && key->n == 2) {
            k->first = wp_csv_column(w->r, f->csv, key->items[0]);
            k->last = wp_csv_column(w->r, f->csv, key->items[1]);
            good = good && k->first >= 0 && k->last >= 0;
            if (w->axes[i].is_level || w->axes[i].band_kind != WP_BAND_WHOLE) {
                wp_report_error(w->r, key, "two columns, first and last, are for ages and counts only");
                good = false;
            }
        } else {
            k->first = wp_csv_column(w->r, f->csv, key);
            good = good && k->first >= 0;
        }
    }
    for (int i = 0; i < keys->n; i++) {
        int axis = 0;
        while (axis < w->n_axes && strcmp(w->axes[axis].text, keys->pairs[i].key->text) != 0) { axis++; }
        if (axis == w->n_axes) {
            wp_report_error(w->r, keys->pairs[i].key, "'%s' stands in 'keys' and not in 'by'",
                            keys->pairs[i].key->text);
            good = false;
        }
    }
    return good;
}

/* The bands that `bands: {age: [0-15, 16-64]}` picks among rows that overlap. */
static bool read_listed(file_work *f, const wp_node *listed)
{
    wp_grid_work *w = f->w;
    if (listed == NULL) { return true; }
    if (listed->kind != WP_NODE_MAP) {
        wp_report_error(w->r, listed, "'bands' is a mapping, such as {age: [0-15, 16+]}");
        return false;
    }
    bool good = true;
    for (int i = 0; i < listed->n; i++) {
        const wp_node *key = listed->pairs[i].key;
        const wp_node *list = listed->pairs[i].value;
        int axis = 0;
        while (axis < w->n_axes && strcmp(w->axes[axis].text, key->text) != 0) { axis++; }
        if (axis == w->n_axes || w->axes[axis].is_level) {
            wp_report_error(w->r, key, "'%s' is not in 'by', or has no bands", key->text);
            return false;
        }
        key_columns *k = &f->keys[axis];
        int n = wp_node_count(list);
        const wp_node **nodes = wp_reader_scratch(w->r, (size_t)n, sizeof *nodes);
        k->listed = list;
        k->bands = wp_reader_scratch(w->r, (size_t)n, sizeof *k->bands);
        k->was_found = wp_reader_scratch(w->r, (size_t)n, sizeof *k->was_found);
        if (nodes == NULL || k->bands == NULL || k->was_found == NULL) { return false; }
        for (int b = 0; b < n; b++) {
            nodes[b] = wp_node_at(list, b);
            good = wp_band_read(w->r, nodes[b], w->axes[axis].band_kind, &k->bands[b]) && good;
        }
        k->n_listed = n;
        good = good && wp_bands_check(w->r, nodes, k->bands, n, false);
    }
    return good;
}

/* What the file's word is called in the scenario. */
static const char *renamed(const file_work *f, const char *word)
{
    const wp_node *to = wp_node_get(f->names, word);
    return to != NULL && to->kind == WP_NODE_SCALAR ? to->text : word;
}

/* The level of a row on an axis, or -1 after reporting (a few times). */
static int row_level(file_work *f, int row, int axis)
{
    wp_grid_work *w = f->w;
    wp_node at = cell_node(f, row, f->keys[axis].first);
    const char *word = renamed(f, at.text);
    int n = wp_look_n_levels(w->r, &w->axes[axis].look, w->option_variable);
    for (int level = 0; level < n; level++) {
        if (strcmp(wp_look_level_name(w->r, &w->axes[axis].look, w->option_variable, level), word) == 0) {
            return level;
        }
    }
    if (may_report(f)) {
        wp_report_error(w->r, &at, "'%s' is no level of '%s'", word, w->axes[axis].text);
        wp_report_hint(w->r, "pick rows with 'where', or say what it is called:  names: {\"%s\": LEVEL}",
                       at.text);
    }
    return -1;
}

/* The band of a row on an axis: false after reporting, or with `*skip` where `bands` does not list it. */
static bool row_band(file_work *f, int row, int axis, wp_band *band, bool *skip)
{
    wp_grid_work *w = f->w;
    const key_columns *k = &f->keys[axis];
    wp_node at = cell_node(f, row, k->first);
    const char *why = "";
    bool good = wp_band_parse(renamed(f, at.text), w->axes[axis].band_kind, w->r->start_days, band, &why);
    if (good && k->last >= 0) {
        wp_band last;
        at.text = wp_csv_cell(f->csv, row, k->last);
        good = wp_band_parse(at.text, w->axes[axis].band_kind, w->r->start_days, &last, &why) &&
               last.hi > band->lo;
        band->hi = last.hi;
    }
    if (!good) {
        if (may_report(f)) {
            wp_report_error(w->r, &at, "'%s' is no band of '%s' here: %s", at.text, w->axes[axis].text, why);
        }
        return false;
    }
    if (k->listed == NULL) { return true; }
    for (int b = 0; b < k->n_listed; b++) {
        if (k->bands[b].lo == band->lo &&
            (k->bands[b].hi == band->hi || (isinf(k->bands[b].hi) && band->hi > WP_MAX_AGE))) {
            k->was_found[b] = true;
            *band = k->bands[b];
            return true;
        }
    }
    *skip = true;
    return true;
}

/* First pass: borders of all bands; rows that `bands` leaves out are no longer picked. */
static bool collect_rows(file_work *f)
{
    wp_grid_work *w = f->w;
    bool good = true;
    for (int row = 0; row < f->csv->n_rows; row++) {
        bool skip = false;
        wp_band bands[WP_MAX_AXES];
        for (int i = 0; f->picked[row] && !skip && i < w->n_axes; i++) {
            if (!w->axes[i].is_level) { good = row_band(f, row, i, &bands[i], &skip) && good; }
        }
        f->picked[row] = f->picked[row] && !skip;
        for (int i = 0; good && f->picked[row] && i < w->n_axes; i++) {
            if (w->axes[i].is_level) { continue; }
            good = wp_grid_axis_border(w, &w->axes[i], bands[i].lo) &&
                   wp_grid_axis_border(w, &w->axes[i], bands[i].hi);
            if (!good) { return false; }
        }
    }
    for (int i = 0; i < w->n_axes; i++) {
        for (int b = 0; b < f->keys[i].n_listed; b++) {
            if (f->keys[i].was_found[b]) { continue; }
            wp_report_error(w->r, wp_node_at(f->keys[i].listed, b), "no row of the file has the band '%s'",
                            wp_node_at(f->keys[i].listed, b)->text);
            good = false;
        }
    }
    return good;
}

/* Fills all cells of a row from axis `axis` on. */
static bool fill_row(file_work *f, int row, double value, const int *first, const int *last, int axis,
                     int base)
{
    wp_grid_work *w = f->w;
    if (axis == w->n_axes) {
        if (w->row_of[base] != 0) {
            wp_node at = cell_node(f, row, 0);
            if (may_report(f)) {
                wp_report_error(w->r, &at, "this row overlaps with that on line %d", w->row_of[base]);
                wp_report_hint(w->r, "pick rows with 'where', or bands with 'bands'");
            }
            return false;
        }
        w->row_of[base] = f->csv->lines[row];
        w->values[base] = value;
        return true;
    }
    for (int i = first[axis]; i <= last[axis]; i++) {
        if (!fill_row(f, row, value, first, last, axis + 1, base * w->axes[axis].n + i)) { return false; }
    }
    return true;
}

static bool fill_rows(file_work *f, int value_column)
{
    wp_grid_work *w = f->w;
    bool good = true;
    for (int row = 0; row < f->csv->n_rows && w->r->status == WP_OK; row++) {
        if (!f->picked[row]) { continue; }
        int first[WP_MAX_AXES];
        int last[WP_MAX_AXES];
        bool skip = false;
        bool known = true;
        for (int i = 0; i < w->n_axes; i++) {
            wp_band band;
            if (w->axes[i].is_level) {
                first[i] = last[i] = row_level(f, row, i);
                known = known && first[i] >= 0;
            } else {
                known = row_band(f, row, i, &band, &skip) && known;
                if (known) { wp_grid_axis_range(&w->axes[i], &band, &first[i], &last[i]); }
            }
        }
        wp_node at = cell_node(f, row, value_column);
        double value = 0.0;
        good = known && wp_cell_number(w->r, &at, w->rule, &value) &&
               fill_row(f, row, value, first, last, 0, 0) && good;
    }
    return good;
}

/* A level that no row gives, or a gap between bands: reported once for the table. */
static bool check_filled(const file_work *f, const wp_node *table)
{
    wp_grid_work *w = f->w;
    for (int i = 0; w->otherwise == NULL && i < w->n_cells; i++) {
        if (!isnan(w->values[i])) { continue; }
        int rest = i;
        const char *text = "";
        for (int axis = w->n_axes - 1; axis >= 0; axis--) {
            const wp_grid_axis *a = &w->axes[axis];
            int k = rest % a->n;
            rest /= a->n;
            const char *comma = text[0] != '\0' ? ", " : "";
            text = a->is_level ? wp_reader_format(w->r, "%s %s%s%s", a->text,
                                                  wp_look_level_name(w->r, &a->look, w->option_variable, k),
                                                  comma, text)
                               : wp_reader_format(w->r, "%s %.10g%s%s", a->text, a->borders[k], comma, text);
        }
        wp_report_error(w->r, table, "no row of the file gives %s", text);
        wp_report_hint(w->r, "pick other rows, or say 'otherwise: 0' for the rest");
        return false;
    }
    return true;
}

bool wp_grid_work_file(wp_grid_work *w, const wp_node *table)
{
    static const char *const allowed[] = {"file", "where", "keys", "value", "names", "bands", NULL};
    file_work f = {.w = w, .names = wp_node_get(table, "names")};
    if (!wp_node_check_keys(w->r, table, "'table'", allowed)) { return false; }
    if (w->variable >= 0) {
        wp_report_error(w->r, table, "shares of levels stand in 'values', not in a file");
        return false;
    }
    const wp_node *file = wp_node_need(w->r, table, "'table'", "file");
    const wp_node *keys = wp_node_need(w->r, table, "'table'", "keys");
    const wp_node *value = wp_node_need(w->r, table, "'table'", "value");
    if (file == NULL || keys == NULL || value == NULL) { return false; }
    if (keys->kind != WP_NODE_MAP) {
        wp_report_error(w->r, keys, "'keys' is a mapping from what the table goes by to columns");
        return false;
    }
    f.csv = wp_csv_open(w->r, file);
    if (f.csv == NULL) { return false; }
    int value_column = wp_csv_column(w->r, f.csv, value);
    f.picked = wp_reader_scratch(w->r, (size_t)f.csv->n_rows, sizeof *f.picked);
    bool good = f.picked != NULL && read_columns(&f, keys) && read_listed(&f, wp_node_get(table, "bands"));
    if (!good || value_column < 0) { return false; }
    if (wp_csv_pick(w->r, f.csv, table, wp_node_get(table, "where"), f.picked) == 0) { return false; }
    return collect_rows(&f) && wp_grid_work_cells(w) && fill_rows(&f, value_column) &&
           check_filled(&f, table);
}
