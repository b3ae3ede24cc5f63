/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Empirical delays: a CSV file with one column of observed durations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/csv.h"
#include "scenario/delay.h"

/* The only column, or the one that is named after a unit of time. */
static int duration_column(const wp_csv *csv, double *scale)
{
    for (int c = 0; c < csv->n_columns; c++) {
        wp_unit unit;
        if (wp_unit_parse(csv->columns[c], &unit, scale) && unit == WP_UNIT_DURATION) { return c; }
    }
    return -1;
}

bool wp_empirical_read(wp_reader *r, const wp_node *at, int *n, const double **values)
{
    double scale = 1.0;
    *n = 0;
    *values = NULL;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "'empirical' names a CSV file");
        return false;
    }
    const wp_csv *csv = wp_csv_open(r, at);
    if (csv == NULL) { return false; }
    int column = duration_column(csv, &scale);
    if (column < 0 || csv->n_rows == 0) {
        wp_report_error(r, at, "'%s' %s", at->text,
                        column < 0 ? "has no column headed days, months or years" : "has no rows");
        return false;
    }
    double *list = wp_reader_alloc(r, (size_t)csv->n_rows, sizeof *list);
    if (list == NULL) { return false; }
    for (int i = 0; i < csv->n_rows; i++) {
        const char *text = wp_csv_cell(csv, i, column);
        char *end = NULL;
        double value = strtod(text, &end);
        if (end == text || *end != '\0' || !isfinite(value) || !(value > 0.0)) {
            wp_report_error_at(r, (wp_pos){csv->file, csv->lines[i], 1}, 1, "'%s' is no duration over 0",
                               text);
            return false;
        }
        list[i] = value * scale;
    }
    *n = csv->n_rows;
    *values = list;
    return true;
}
