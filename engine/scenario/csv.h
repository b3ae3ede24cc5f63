/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV files as tables of text: RFC 4180, UTF-8, a header row. */
#ifndef WP_SCENARIO_CSV_H
#define WP_SCENARIO_CSV_H

#include "scenario/document.h"

enum { WP_MAX_CSV_ROWS = 1000000, WP_MAX_CSV_COLUMNS = 1024, WP_MAX_CSV_CELLS = 8000000 };

/* A table. Scratch memory of the reader. */
typedef struct wp_csv {
    int file;                 /* its index among the scenario's files */
    int n_columns;
    const char *const *columns;
    int n_rows;               /* without the header */
    const char *const *cells; /* n_rows x n_columns, row-major */
    const int *lines;         /* of each row, 1-based */
    struct wp_csv *next;
} wp_csv;

/* Opens the file that the scalar `at` names, and parses it once. NULL after reporting. */
const wp_csv *wp_csv_open(wp_reader *r, const wp_node *at);

/* The column that the scalar `at` names, or -1 after reporting, with the nearest. */
int wp_csv_column(wp_reader *r, const wp_csv *csv, const wp_node *at);

/* Which rows a `where` picks: a map from column to text (`*` stands for any text), or to a list of such; NULL
   picks all. `picked` has n_rows. The number of them; 0 is reported. */
int wp_csv_pick(wp_reader *r, const wp_csv *csv, const wp_node *table, const wp_node *where, bool *picked);

/* The cell of a row. */
static inline const char *wp_csv_cell(const wp_csv *csv, int row, int column)
{
    return csv->cells[(size_t)row * (size_t)csv->n_columns + (size_t)column];
}

/* Does `text` fit a pattern in which `*` stands for any text? */
bool wp_csv_matches(const char *pattern, const char *text);

#endif
