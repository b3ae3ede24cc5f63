/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing CSV in place, in a copy of the file: cells are cut out of it, nothing else is allocated. */
#include "scenario/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "scenario/reader.h"
#include "scenario/source.h"

typedef struct cutting {
    wp_reader *r;
    int file;
    char *p, *end;
    int line;
    const char **cells; /* all cells, the header's first; from the heap */
    size_t n_cells, cell_room;
    int *lines;
    size_t n_rows, row_room;
    int n_columns;
    bool failed;
} cutting;

static void fail(cutting *c, int line, const char *text)
{
    if (!c->failed) {
        wp_report_error_at(c->r, (wp_pos){.file = c->file, .line = line, .column = 1}, 1, "%s", text);
    }
    c->failed = true;
}

static void no_memory(cutting *c)
{
    c->r->status = wp_fail(c->r->err, WP_ERR_MEMORY, "not enough memory to read a CSV file");
    c->failed = true;
}

/* One cell from c->p on; leaves c->p at the comma, at the line's end, or at the end of the text. What closes
   the cell is overwritten by an end mark only once it was looked at: `*closing` gives it. */
static const char *cut_cell(cutting *c, char *closing)
{
    char *start = c->p;
    char *to = c->p;
    if (c->p < c->end && *c->p == '"') {
        int first_line = c->line;
        c->p++;
        while (c->p < c->end && (*c->p != '"' || (c->p + 1 < c->end && c->p[1] == '"'))) {
            c->p += *c->p == '"';
            c->line += *c->p == '\n';
            *to++ = *c->p++;
        }
        if (c->p >= c->end) {
            fail(c, first_line, "a quoted cell has no end");
        } else {
            c->p++;
        }
        if (c->p < c->end && *c->p != ',' && *c->p != '\n' && *c->p != '\r') {
            fail(c, c->line, "text stands after a quoted cell");
        }
    } else {
        while (c->p < c->end && *c->p != ',' && *c->p != '\n' && *c->p != '\r') { c->p++; }
        to = c->p;
    }
    *closing = c->p < c->end ? *c->p : '\n';
    if (*closing == '\r' && (c->p + 1 >= c->end || c->p[1] != '\n')) {
        fail(c, c->line, "lines end with LF or CR LF");
    }
    if (c->p < c->end) { c->p += *closing == '\r' ? 2 : 1; }
    *to = '\0'; /* inside the copy: it has room for one byte after its end */
    return start;
}

static bool keep_cell(cutting *c, const char *cell)
{
    if (!wp_array_reserve(&c->cells, &c->cell_room, c->n_cells + 1, sizeof c->cells[0])) {
        no_memory(c);
        return false;
    }
    c->cells[c->n_cells++] = cell;
    return true;
}

/* One row; the header fixes the number of cells. */
static void cut_row(cutting *c)
{
    int line = c->line;
    int n = 0;
    char closing = ',';
    while (closing == ',' && !c->failed) {
        const char *cell = cut_cell(c, &closing);
        if (c->failed || !keep_cell(c, cell)) { return; }
        n++;
        if (n > WP_MAX_CSV_COLUMNS) { fail(c, line, "a row has more than 1,024 cells"); }
    }
    if (c->failed) { return; }
    c->line++;
    if (n == 1 && c->cells[c->n_cells - 1][0] == '\0') { /* an empty line */
        c->n_cells--;
        return;
    }
    if (c->n_columns == 0) {
        c->n_columns = n;
        return;
    }
    if (n != c->n_columns) {
        wp_report_error_at(c->r, (wp_pos){.file = c->file, .line = line, .column = 1}, 1,
                           "this row has %d cells; the header has %d", n, c->n_columns);
        c->failed = true;
        return;
    }
    if (!wp_array_reserve(&c->lines, &c->row_room, c->n_rows + 1, sizeof c->lines[0])) {
        no_memory(c);
        return;
    }
    c->lines[c->n_rows++] = line;
    if (c->n_rows > WP_MAX_CSV_ROWS) { fail(c, line, "a CSV file has at most 1,000,000 rows"); }
    if (c->n_cells > WP_MAX_CSV_CELLS) { fail(c, line, "a CSV file has at most 8,000,000 cells"); }
}

static void check_header(cutting *c)
{
    if (c->failed) { return; }
    if (c->n_columns == 0) {
        fail(c, 1, "this file has no header row");
        return;
    }
    for (int i = 1; i < c->n_columns; i++) {
        for (int k = 0; k < i && c->n_columns <= 256; k++) {
            if (strcmp(c->cells[i], c->cells[k]) == 0) {
                wp_report_error_at(c->r, (wp_pos){.file = c->file, .line = 1, .column = 1}, 1,
                                   "two columns are called '%s'", c->cells[i]);
                c->failed = true;
                return;
            }
        }
    }
}

/* Moves what was cut into the reader's memory. */
static wp_csv *keep(cutting *c)
{
    wp_csv *csv = wp_reader_scratch(c->r, 1, sizeof *csv);
    const char **cells = wp_reader_scratch(c->r, c->n_cells, sizeof *cells);
    int *lines = wp_reader_scratch(c->r, c->n_rows, sizeof *lines);
    if (csv == NULL || cells == NULL || lines == NULL) { return NULL; }
    memcpy(cells, c->cells, c->n_cells * sizeof *cells);
    if (c->n_rows > 0) { memcpy(lines, c->lines, c->n_rows * sizeof *lines); }
    *csv = (wp_csv){.file = c->file,
                    .n_columns = c->n_columns,
                    .columns = cells,
                    .n_rows = (int)c->n_rows,
                    .cells = cells + c->n_columns,
                    .lines = lines,
                    .next = c->r->csv};
    c->r->csv = csv;
    return csv;
}

static wp_csv *parse(wp_reader *r, int file)
{
    const wp_source_file *source = &r->scenario->files[file];
    size_t size = (size_t)source->size;
    char *copy = wp_reader_scratch(r, size + 1, 1);
    if (copy == NULL) { return NULL; }
    memcpy(copy, source->text, size);
    cutting c = {.r = r, .file = file, .p = copy, .end = copy + size, .line = 1};
    if (memchr(copy, '\0', size) != NULL) { fail(&c, 1, "a CSV file cannot hold zero bytes"); }
    if (size >= 3 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0) { c.p += 3; }
    while (c.p < c.end && !c.failed) { cut_row(&c); }
    check_header(&c);
    wp_csv *csv = c.failed ? NULL : keep(&c);
    free(c.cells);
    free(c.lines);
    return csv;
}

const wp_csv *wp_csv_open(wp_reader *r, const wp_node *at)
{
    bool is_new = false;
    int file = wp_source_open(r, at, WP_SOURCE_CSV, &is_new);
    if (file < 0) { return NULL; }
    if (is_new) { return parse(r, file); }
    for (const wp_csv *csv = r->csv; csv != NULL; csv = csv->next) {
        if (csv->file == file) { return csv; }
    }
    return NULL; /* it was new once, and could not be parsed: reported then */
}

int wp_csv_column(wp_reader *r, const wp_csv *csv, const wp_node *at)
{
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "the name of a column was expected");
        return -1;
    }
    for (int i = 0; i < csv->n_columns; i++) {
        if (strcmp(csv->columns[i], at->text) == 0) { return i; }
    }
    wp_report_error(r, at, "the file has no column '%s'%s", at->text,
                    wp_report_nearest(r, at->text, csv->columns, csv->n_columns));
    return -1;
}

bool wp_csv_matches(const char *pattern, const char *text)
{
    const char *star = NULL;
    const char *again = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*') { pattern++; }
    return *pattern == '\0';
}

static bool matches_any(const wp_node *patterns, const char *text)
{
    for (int i = 0; i < wp_node_count(patterns); i++) {
        if (wp_csv_matches(wp_node_at(patterns, i)->text, text)) { return true; }
    }
    return false;
}

int wp_csv_pick(wp_reader *r, const wp_csv *csv, const wp_node *table, const wp_node *where, bool *picked)
{
    int n = csv->n_rows;
    for (int i = 0; i < n; i++) { picked[i] = true; }
    if (where != NULL && where->kind != WP_NODE_MAP) {
        wp_report_error(r, where, "'where' must be a mapping from columns to texts");
        return 0;
    }
    for (int k = 0; where != NULL && k < where->n; k++) {
        int column = wp_csv_column(r, csv, where->pairs[k].key);
        if (column < 0) { return 0; }
        n = 0;
        for (int i = 0; i < csv->n_rows; i++) {
            picked[i] = picked[i] && matches_any(where->pairs[k].value, wp_csv_cell(csv, i, column));
            n += picked[i];
        }
        if (n == 0) {
            wp_report_error(r, where->pairs[k].key, "no row of the file has this '%s'%s",
                            where->pairs[k].key->text, k > 0 ? " beside what stands before it" : "");
            return 0;
        }
    }
    if (n == 0) { wp_report_error(r, table, "the file has no rows"); }
    return n;
}
