/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a result back by the same tables that wrote it; what is read must have the digests that were
   stored with it, so no damage passes. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "results/columns.h"
#include "results/hdf5_file.h"
#include "results/cell_layout.h"
#include "results/result.h"
#include "results/safe_file.h"

enum { MAX_PATH_NAME = 320 };
#define MAX_ITEMS ((size_t)1 << 40)

typedef struct reader {
    wp_h5 h5;
    wp_run_data *data;
    wp_arena *arena;
    wp_cell_layout layout;
    const char *path;
    wp_error *err;
} reader;

static wp_status read_dimension(reader *r, int d)
{
    wp_status status = WP_OK;
    wp_error *err = r->err;
    const wp_dimension_spec *spec = &wp_dimensions[d];
    if (spec->fixed > 0) { return WP_OK; }
    size_t n = wp_h5_length(&r->h5, spec->name);
    WP_TRY(r->h5.status);
    if (n > INT_MAX) {
        return wp_fail(err, WP_ERR_RESULT, "%s: dimension '%s' is too long", r->path, spec->name);
    }
    char *count = (char *)r->data + spec->count;
    int n_int = (int)n;
    int64_t n_long = (int64_t)n;
    if (spec->count_is_int64) {
        memcpy(count, &n_long, sizeof n_long);
    } else {
        memcpy(count, &n_int, sizeof n_int);
    }
    if (spec->label == WP_LABEL_NUMBER) { return WP_OK; }
    wp_type type = spec->label == WP_LABEL_INT ? WP_TYPE_I32 : WP_TYPE_TEXT;
    void *labels = wp_arena_alloc_array(r->arena, n, wp_type_bytes(type));
    WP_TRY_ALLOC(labels);
    if (n > 0) { wp_h5_read(&r->h5, spec->name, type, n, labels, r->arena); }
    memcpy((char *)r->data + spec->labels, &labels, sizeof labels);
    status = r->h5.status;
out:
    return status;
}

static void read_scalars(reader *r)
{
    for (size_t i = 0; i < wp_n_scalars; i++) {
        const wp_scalar *scalar = &wp_scalars[i];
        char *at = (char *)r->data + scalar->offset;
        if (scalar->is_text_variable) {
            char path[MAX_PATH_NAME];
            char *text = NULL;
            snprintf(path, sizeof path, "provenance/%s", scalar->name);
            wp_h5_read(&r->h5, path, WP_TYPE_TEXT, 1, &text, r->arena);
            memcpy(at, &text, sizeof text);
        } else if (scalar->type == WP_TYPE_TEXT) {
            char *text = NULL;
            wp_h5_read_attribute(&r->h5, scalar->name, WP_TYPE_TEXT, &text, r->arena);
            memcpy(at, &text, sizeof text);
        } else {
            wp_h5_read_attribute(&r->h5, scalar->name, scalar->type, at, r->arena);
        }
    }
}

/* The number of items, or a failure when no result can have so many. */
static wp_status checked_length(reader *r, const wp_dimension *dims, int n_dims, size_t *n)
{
    *n = 1;
    for (int d = 0; d < n_dims; d++) {
        size_t length = wp_dimension_length(r->data, dims[d]);
        if (length > 0 && *n > MAX_ITEMS / length) {
            return wp_fail(r->err, WP_ERR_RESULT, "%s: its dimensions are too long", r->path);
        }
        *n *= length;
    }
    return WP_OK;
}

static wp_status read_column(reader *r, const wp_column *column)
{
    wp_status status = WP_OK;
    wp_error *err = r->err;
    size_t n = 0;
    WP_TRY(checked_length(r, column->dims, column->n_dims, &n));
    void *array = wp_arena_alloc_array(r->arena, n, wp_type_bytes(column->type));
    WP_TRY_ALLOC(array);
    memcpy((char *)r->data + column->offset, &array, sizeof array);
    if (n == 0) { return WP_OK; }
    char path[MAX_PATH_NAME];
    snprintf(path, sizeof path, "%s%s%s", column->group, column->group[0] == '\0' ? "" : "/", column->name);
    wp_h5_read(&r->h5, path, column->type, n, array, r->arena);
    status = r->h5.status;
out:
    return status;
}

static wp_status read_cells(reader *r, int64_t *gathered)
{
    const wp_run_data *data = r->data;
    size_t n_cells = (size_t)data->n_cells;
    size_t n_rows = n_cells == 0 ? 0 : wp_cells_length(data) / n_cells;
    for (int k = 0; k < r->layout.n_variables; k++) {
        const wp_cell_layout_variable *v = &r->layout.variables[k];
        size_t n = (size_t)v->n;
        wp_h5_read(&r->h5, v->name, WP_TYPE_I64, n_rows * n, gathered, r->arena);
        if (r->h5.status != WP_OK) { return r->h5.status; }
        for (size_t row = 0; row < n_rows; row++) {
            for (size_t i = 0; i < n; i++) {
                data->cells[row * n_cells + (size_t)v->cells[i]] = gathered[row * n + i];
            }
        }
    }
    return WP_OK;
}

static wp_status read_batches(reader *r, int64_t *gathered)
{
    const wp_run_data *data = r->data;
    size_t n_outcomes = (size_t)data->n_outcomes;
    size_t n_rows = n_outcomes == 0 ? 0 : wp_batches_length(data) / n_outcomes;
    for (size_t o = 0; o < n_outcomes; o++) {
        wp_h5_read(&r->h5, r->layout.batch_names[o], WP_TYPE_I64, n_rows, gathered, r->arena);
        if (r->h5.status != WP_OK) { return r->h5.status; }
        for (size_t row = 0; row < n_rows; row++) { data->batches[row * n_outcomes + o] = gathered[row]; }
    }
    return WP_OK;
}

static wp_status read_histograms(reader *r, int64_t *gathered)
{
    const wp_run_data *data = r->data;
    const size_t n_bins = (size_t)data->n_bins, n = (size_t)data->n_histograms;
    const size_t n_runs = n * n_bins == 0 ? 0 : wp_histograms_length(data) / (n * n_bins);
    for (size_t h = 0; h < n; h++) {
        wp_h5_read(&r->h5, r->layout.histogram_names[h], WP_TYPE_I64, n_runs * n_bins, gathered, r->arena);
        if (r->h5.status != WP_OK) { return r->h5.status; }
        for (size_t run = 0; run < n_runs; run++) {
            memcpy(data->histograms + (run * n + h) * n_bins, gathered + run * n_bins,
                   n_bins * sizeof(int64_t));
        }
    }
    return WP_OK;
}

static wp_status read_counts(reader *r)
{
    static const wp_dimension cell_dims[] = {WP_DIM_ARM, WP_DIM_DRAW, WP_DIM_REPLICATE, WP_DIM_YEAR,
                                             WP_DIM_CELL};
    static const wp_dimension batch_dims[] = {WP_DIM_ARM,   WP_DIM_DRAW, WP_DIM_REPLICATE,
                                              WP_DIM_BATCH, WP_DIM_YEAR, WP_DIM_OUTCOME};
    static const wp_dimension histogram_dims[] = {WP_DIM_ARM, WP_DIM_DRAW, WP_DIM_REPLICATE, WP_DIM_HISTOGRAM,
                                                  WP_DIM_BIN};
    wp_status status = WP_OK;
    wp_error *err = r->err;
    int64_t *gathered = NULL;
    size_t n_cells = 0, n_batches = 0, n_bins = 0;
    WP_TRY(wp_cell_layout_init(&r->layout, r->data, err));
    WP_TRY(checked_length(r, cell_dims, 5, &n_cells));
    WP_TRY(checked_length(r, batch_dims, 6, &n_batches));
    WP_TRY(checked_length(r, histogram_dims, 5, &n_bins));
    r->data->cells = wp_arena_alloc_array(r->arena, n_cells, sizeof *r->data->cells);
    r->data->batches = wp_arena_alloc_array(r->arena, n_batches, sizeof *r->data->batches);
    r->data->histograms = wp_arena_alloc_array(r->arena, n_bins, sizeof *r->data->histograms);
    size_t n_most = n_cells > n_batches ? n_cells : n_batches;
    gathered = wp_calloc_array(n_most > n_bins ? n_most : n_bins, sizeof *gathered);
    WP_TRY_ALLOC(r->data->cells);
    WP_TRY_ALLOC(r->data->batches);
    WP_TRY_ALLOC(r->data->histograms);
    WP_TRY_ALLOC(gathered);
    WP_TRY(read_cells(r, gathered));
    WP_TRY(read_batches(r, gathered));
    WP_TRY(read_histograms(r, gathered));
out:
    free(gathered);
    return status;
}

static wp_status check_digests(reader *r)
{
    wp_status status = WP_OK;
    char *population = NULL, *digest = NULL, *checksum = NULL;
    char hex[WP_SHA256_HEX];
    wp_h5_read_attribute(&r->h5, "population_digest", WP_TYPE_TEXT, &population, r->arena);
    wp_h5_read_attribute(&r->h5, "digest", WP_TYPE_TEXT, &digest, r->arena);
    wp_h5_read_attribute(&r->h5, "checksum_of_the_rest", WP_TYPE_TEXT, &checksum, r->arena);
    WP_TRY(r->h5.status);
    for (size_t i = 0; i < 32 && strlen(population) == 64; i++) {
        char pair[3] = {population[2 * i], population[2 * i + 1], '\0'};
        r->data->population_digest[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    wp_run_data_digest(r->data, hex);
    if (strcmp(hex, digest) != 0) {
        return wp_fail(
            r->err, WP_ERR_RESULT,
            "%s: its counts do not have the digest that was stored with them: it is damaged or was changed",
            r->path);
    }
    wp_run_data_checksum(r->data, hex);
    if (strcmp(hex, checksum) != 0) {
        return wp_fail(r->err, WP_ERR_RESULT,
                       "%s: its prices or provenance do not have the checksum that was stored with them: it "
                       "is damaged or was changed",
                       r->path);
    }
out:
    return status;
}

/* What HDF5 says starts with the file's name; the rest of the sentence is its own. */
static void name_the_file(reader *r, wp_status status)
{
    if (r->err == NULL || status == WP_OK || strncmp(r->err->text, r->path, strlen(r->path)) == 0) { return; }
    char text[WP_ERROR_TEXT];
    snprintf(text, sizeof text, "%s", r->err->text);
    snprintf(r->err->text, sizeof r->err->text, "%.200s: %.270s", r->path, text);
}

static wp_status read_all(reader *r)
{
    wp_status status = WP_OK;
    char *source = NULL;
    WP_TRY(r->h5.status);
    wp_h5_read_attribute(&r->h5, "source", WP_TYPE_TEXT, &source, r->arena);
    if (r->h5.status == WP_ERR_MEMORY) { return r->h5.status; }
    if (r->h5.status != WP_OK || strncmp(source, "wholeplace ", 11) != 0) {
        if (r->err != NULL) { r->err->status = WP_OK; }
        return wp_fail(r->err, WP_ERR_RESULT, "%s: is HDF5, but no result of wholeplace", r->path);
    }
    read_scalars(r);
    WP_TRY(r->h5.status);
    for (int d = 0; d < WP_N_DIMS; d++) { WP_TRY(read_dimension(r, d)); }
    for (size_t i = 0; i < wp_n_columns; i++) { WP_TRY(read_column(r, &wp_columns[i])); }
    WP_TRY(read_counts(r));
    WP_TRY(check_digests(r));
out:
    return status;
}

wp_status wp_result_read(const char *path, wp_run_data *data, wp_error *err)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    wp_status status = WP_OK;
    wp_error local = {0};
    reader r = {.data = data, .path = path, .err = err == NULL ? &local : err};
    void *bytes = NULL;
    size_t n = 0;
    WP_TRY(wp_file_read(path, &bytes, &n, r.err));
    if (n < sizeof signature || memcmp(bytes, signature, sizeof signature) != 0) {
        status = wp_fail(r.err, WP_ERR_RESULT, "%s: is no result file (not HDF5)", path);
        goto out;
    }
    const wp_seal seal = wp_seal_check(bytes, n);
    if (seal == WP_SEAL_BROKEN) {
        status =
            wp_fail(r.err, WP_ERR_RESULT, "%s: is damaged: its bytes are not those that were written", path);
        goto out;
    }
    const size_t size = wp_h5_size(bytes, n);
    if (seal == WP_SEAL_NONE && size > 0 && n > size) {
        status = wp_fail(r.err, WP_ERR_RESULT, "%s: is damaged: what follows its content is no whole seal", path);
        goto out;
    }
    r.arena = calloc(1, sizeof *r.arena);
    WP_TRY_ALLOC(r.arena);
    wp_arena_init(r.arena, 0);
    data->owner = r.arena;
    wp_h5_open(&r.h5, bytes, n, r.err);
    free(bytes);
    bytes = NULL;
    WP_TRY(read_all(&r));
out:
    wp_h5_close(&r.h5);
    wp_cell_layout_free(&r.layout);
    free(bytes);
    name_the_file(&r, status);
    return status;
}

void wp_result_free(wp_run_data *data)
{
    if (data->owner != NULL) {
        wp_arena_free(data->owner);
        free(data->owner);
    }
    *data = (wp_run_data){0};
}
