/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a CSV file of microdata, one at a time: RFC 4180 within one line, UTF-8, a header row. */
#ifndef WP_POPULATION_MICRODATA_H
#define WP_POPULATION_MICRODATA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <wholeplace/error.h>

enum { WP_MICRODATA_COLUMNS = 256, WP_MICRODATA_LINE = 65536 };

/* No file over 1 GiB, no line over 64 KiB. */
#define WP_MICRODATA_BYTES ((int64_t)1 << 30)

typedef struct wp_microdata {
    const char *path;           /* borrowed */
    FILE *file;
    int line;                   /* of the row last read; the header is 1 */
    int n_columns;
    int64_t n_bytes;
    char *columns[WP_MICRODATA_COLUMNS], *cells[WP_MICRODATA_COLUMNS]; /* into the two buffers */
    char *header, *row;
} wp_microdata;

/* Opens the file and reads its header. Errors name file and line. */
wp_status wp_microdata_open(wp_microdata *self, const char *path, wp_error *err);

/* Reads the next row into `cells`, valid until the next call; `*more` is false at the end. Empty lines are
   passed over. */
wp_status wp_microdata_next(wp_microdata *self, bool *more, wp_error *err);

/* Legal after a failed open, and twice. */
void wp_microdata_close(wp_microdata *self);

#endif
