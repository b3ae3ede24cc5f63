/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of CSV, split in place. */
#include "population/microdata.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

/* Reads one line without its end into `buffer`; `*more` is false at the end of the file. */
static wp_status read_line(wp_microdata *self, char *buffer, bool *more, wp_error *err)
{
    *more = fgets(buffer, WP_MICRODATA_LINE + 2, self->file) != NULL;
    if (!*more && ferror(self->file)) {
        return wp_fail(err, WP_ERR_FILE, "%s: cannot be read (%s)", self->path, strerror(errno));
    }
    if (!*more) { return WP_OK; }
    self->line++;
    size_t length = strlen(buffer);
    self->n_bytes += (int64_t)length;
    bool whole = length > 0 && buffer[length - 1] == '\n';
    if (!whole && !feof(self->file)) {
        return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: the line is longer than %d bytes, or holds a zero byte",
                       self->path, self->line, WP_MICRODATA_LINE);
    }
    if (self->n_bytes > WP_MICRODATA_BYTES) {
        return wp_fail(err, WP_ERR_LIMIT, "%s:%d: the file is larger than 1 GiB", self->path, self->line);
    }
    while (length > 0 && (buffer[length - 1] == '\n' || buffer[length - 1] == '\r')) {
        buffer[--length] = '\0';
    }
    return WP_OK;
}

/* Splits `line` in place. A cell in quotes may hold commas, and quotes twice. */
static wp_status split(const wp_microdata *self, char *line, char **cells, int *n_cells, wp_error *err)
{
    char *in = line, *out = line;
    *n_cells = 0;
    for (;;) {
        if (*n_cells == WP_MICRODATA_COLUMNS) {
            return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: more than %d columns", self->path, self->line,
                           WP_MICRODATA_COLUMNS);
        }
        cells[(*n_cells)++] = out;
        bool quoted = *in == '"';
        if (quoted) { in++; }
        while (*in != '\0' && (quoted || *in != ',')) {
            if (quoted && *in == '"') {
                if (in[1] != '"') { break; }
                in++;
            }
            *out++ = *in++;
        }
        if (quoted && (*in != '"' || (in[1] != ',' && in[1] != '\0'))) {
            return wp_fail(err, WP_ERR_SCENARIO,
                           "%s:%d: column %d: a quote is not closed before the next comma", self->path,
                           self->line, *n_cells);
        }
        if (quoted) { in++; }
        bool last = *in == '\0';
        in += last ? 0 : 1;
        *out++ = '\0';
        if (last) { return WP_OK; }
    }
}

wp_status wp_microdata_open(wp_microdata *self, const char *path, wp_error *err)
{
    wp_status status = WP_OK;
    bool more = false;
    memset(self, 0, sizeof *self);
    self->path = path;
    WP_TRY_ALLOC(self->header = wp_calloc_array(WP_MICRODATA_LINE + 2, 1));
    WP_TRY_ALLOC(self->row = wp_calloc_array(WP_MICRODATA_LINE + 2, 1));
    self->file = fopen(path, "rb");
    if (self->file == NULL) {
        status = wp_fail(err, WP_ERR_FILE, "%s: cannot be opened (%s)", path, strerror(errno));
        goto out;
    }
    WP_TRY(read_line(self, self->header, &more, err));
    if (!more) {
        status =
            wp_fail(err, WP_ERR_SCENARIO, "%s:1: the file is empty; its first row names the columns", path);
        goto out;
    }
    char *text = strncmp(self->header, "\xef\xbb\xbf", 3) == 0 ? self->header + 3 : self->header;
    WP_TRY(split(self, text, self->columns, &self->n_columns, err));
out:
    return status;
}

wp_status wp_microdata_next(wp_microdata *self, bool *more, wp_error *err)
{
    wp_status status = WP_OK;
    int n_cells = 0;
    do { WP_TRY(read_line(self, self->row, more, err)); } while (*more && self->row[0] == '\0');
    if (!*more) { goto out; }
    WP_TRY(split(self, self->row, self->cells, &n_cells, err));
    if (n_cells != self->n_columns) {
        status = wp_fail(err, WP_ERR_SCENARIO, "%s:%d: %d cells; the header has %d columns", self->path,
                         self->line, n_cells, self->n_columns);
    }
out:
    return status;
}

void wp_microdata_close(wp_microdata *self)
{
    if (self->file != NULL) { fclose(self->file); }
    free(self->header);
    free(self->row);
    memset(self, 0, sizeof *self);
}
