/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a result: the table of columns and the layout of cells, as a netCDF-4 file in memory, which then
   goes to the disk in one piece. */
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
#include "simulate/counts.h"

typedef struct writer {
    wp_h5 h5;
    const wp_run_data *data;
    wp_cell_layout layout;
    wp_h5_dim dims[WP_N_DIMS];
    wp_h5_dim *layout_dims;
    int64_t *gathered;         /* room for the largest variable */
    wp_error *err;
} writer;

static wp_status check_data(const wp_run_data *data, wp_error *err)
{
    if (data->n_arms < 1 || data->n_draws < 1 || data->n_replicates < 1 || data->n_years < 1) {
        return wp_fail(err, WP_ERR_ARGUMENT, "a result needs an arm, a draw, a replicate and a year");
    }
    for (size_t i = 0; i < wp_n_columns; i++) {
        const wp_column *column = &wp_columns[i];
        if (wp_column_array(data, column) == NULL && wp_column_length(data, column) > 0) {
            return wp_fail(err, WP_ERR_ARGUMENT, "the run's data lack '%s'", column->name);
        }
    }
    for (int d = 0; d < WP_N_DIMS; d++) {
        void *labels = NULL;
        memcpy(&labels, (const char *)data + wp_dimensions[d].labels, sizeof labels);
        if (wp_dimensions[d].label != WP_LABEL_NUMBER && labels == NULL &&
            wp_dimension_length(data, (wp_dimension)d) > 0) {
            return wp_fail(err, WP_ERR_ARGUMENT, "the run's data lack the labels of '%s'",
                           wp_dimensions[d].name);
        }
    }
    if ((data->cells == NULL && wp_cells_length(data) > 0) ||
        (data->batches == NULL && wp_batches_length(data) > 0) ||
        (data->histograms == NULL && wp_histograms_length(data) > 0)) {
        return wp_fail(err, WP_ERR_ARGUMENT, "the run's data lack the counts");
    }
    return WP_OK;
}

static void write_attributes(writer *w)
{
    const wp_run_data *data = w->data;
    wp_h5 *h5 = &w->h5;
    char text[4096], hex[WP_SHA256_HEX], life[WP_U128_HEX];
    wp_h5_attribute_text(h5, h5->file, "Conventions", "CF-1.10");
    snprintf(text, sizeof text, "wholeplace %s", data->version == NULL ? "" : data->version);
    wp_h5_attribute_text(h5, h5->file, "source", text);
    snprintf(text, sizeof text, "%s %s", data->created == NULL ? "" : data->created,
             data->command == NULL ? "" : data->command);
    wp_h5_attribute_text(h5, h5->file, "history", text);
    for (size_t i = 0; i < wp_n_scalars; i++) {
        const wp_scalar *scalar = &wp_scalars[i];
        const char *at = (const char *)data + scalar->offset;
        if (scalar->is_text_variable) { continue; }
        if (scalar->type == WP_TYPE_TEXT) {
            const char *value = NULL;
            memcpy(&value, at, sizeof value);
            wp_h5_attribute_text(h5, h5->file, scalar->name, value);
        } else {
            wp_h5_attribute_number(h5, h5->file, scalar->name, scalar->type, at);
        }
    }
    for (int i = 0; i < 32; i++) { snprintf(hex + 2 * i, 3, "%02x", data->population_digest[i]); }
    wp_h5_attribute_text(h5, h5->file, "population_digest", hex);
    wp_run_data_life_digest(data, life);
    wp_h5_attribute_text(h5, h5->file, "life_digest", life);
    wp_run_data_digest(data, hex);
    wp_h5_attribute_text(h5, h5->file, "digest", hex);
    wp_run_data_checksum(data, hex);
    wp_h5_attribute_text(h5, h5->file, "checksum_of_the_rest", hex);
}

/* A dimension's labels: its own, or 0, 1, 2 … */
static void write_dimension(writer *w, int d)
{
    const wp_dimension_spec *spec = &wp_dimensions[d];
    size_t n = wp_dimension_length(w->data, (wp_dimension)d);
    w->dims[d].dataset = H5I_INVALID_HID;
    if (n == 0 || w->h5.status != WP_OK) { return; }
    if (spec->label != WP_LABEL_NUMBER) {
        void *labels = NULL;
        memcpy(&labels, (const char *)w->data + spec->labels, sizeof labels);
        wp_h5_dim_create(&w->h5, &w->dims[d], spec->name, spec->long_name,
                         spec->label == WP_LABEL_INT ? WP_TYPE_I32 : WP_TYPE_TEXT, n, labels);
        return;
    }
    int32_t *numbers = wp_calloc_array(n, sizeof *numbers);
    if (numbers == NULL) {
        w->h5.status = wp_fail(w->err, WP_ERR_MEMORY, "not enough memory for the result");
        return;
    }
    for (size_t i = 0; i < n; i++) { numbers[i] = (int32_t)i; }
    wp_h5_dim_create(&w->h5, &w->dims[d], spec->name, spec->long_name, WP_TYPE_I32, n, numbers);
    free(numbers);
}

static void write_dimensions(writer *w)
{
    for (int d = 0; d < WP_N_DIMS; d++) { write_dimension(w, d); }
    for (int d = 0; d < w->layout.n_dims; d++) {
        const wp_cell_layout_dim *dim = &w->layout.dims[d];
        wp_h5_dim_create(&w->h5, &w->layout_dims[d], dim->name, dim->grouping, WP_TYPE_TEXT, (size_t)dim->n,
                         dim->labels);
    }
}

/* One variable of counts: [arm][draw][replicate][year] and the grouping's labels. */
static void write_cells(writer *w, const wp_cell_layout_variable *v)
{
    const wp_run_data *data = w->data;
    size_t n_rows = wp_cells_length(data) / (size_t)data->n_cells;
    for (size_t row = 0; row < n_rows; row++) {
        const int64_t *from = data->cells + row * (size_t)data->n_cells;
        for (int i = 0; i < v->n; i++) { w->gathered[row * (size_t)v->n + (size_t)i] = from[v->cells[i]]; }
    }
    const wp_h5_dim *dims[] = {&w->dims[WP_DIM_ARM], &w->dims[WP_DIM_DRAW], &w->dims[WP_DIM_REPLICATE],
                               &w->dims[WP_DIM_YEAR], v->dim < 0 ? NULL : &w->layout_dims[v->dim]};
    char long_name[512];
    snprintf(long_name, sizeof long_name, v->dim < 0 ? "%s" : "%s %s", data->outcomes[v->outcome],
             strcmp(v->grouping, "group") == 0 ? "by group" : v->grouping);
    wp_h5_variable variable = {.name = v->name,
                               .long_name = long_name,
                               .units = data->outcome_units[v->outcome],
                               .type = WP_TYPE_I64,
                               .scale = data->outcome_scale[v->outcome],
                               .n_dims = v->dim < 0 ? 4 : 5,
                               .dims = dims};
    wp_h5_variable_create(&w->h5, w->h5.file, &variable, w->gathered);
}

static void write_batches(writer *w, int outcome)
{
    const wp_run_data *data = w->data;
    size_t n_rows = wp_batches_length(data) / (size_t)data->n_outcomes;
    for (size_t row = 0; row < n_rows; row++) {
        w->gathered[row] = data->batches[row * (size_t)data->n_outcomes + (size_t)outcome];
    }
    const wp_h5_dim *dims[] = {&w->dims[WP_DIM_ARM], &w->dims[WP_DIM_DRAW], &w->dims[WP_DIM_REPLICATE],
                               &w->dims[WP_DIM_BATCH], &w->dims[WP_DIM_YEAR]};
    char long_name[512];
    snprintf(long_name, sizeof long_name, "%s by random group of lineages", data->outcomes[outcome]);
    wp_h5_variable variable = {.name = w->layout.batch_names[outcome], .long_name = long_name,
                               .units = data->outcome_units[outcome], .type = WP_TYPE_I64,
                               .scale = data->outcome_scale[outcome], .n_dims = 5, .dims = dims};
    wp_h5_variable_create(&w->h5, w->h5.file, &variable, w->gathered);
}

static void write_histogram(writer *w, int h)
{
    const wp_run_data *data = w->data;
    const size_t n_bins = (size_t)data->n_bins, n = (size_t)data->n_histograms;
    const size_t n_runs = wp_histograms_length(data) / (n * n_bins);
    for (size_t run = 0; run < n_runs; run++) {
        memcpy(w->gathered + run * n_bins, data->histograms + (run * n + (size_t)h) * n_bins,
               n_bins * sizeof(int64_t));
    }
    const wp_h5_dim *dims[] = {&w->dims[WP_DIM_ARM], &w->dims[WP_DIM_DRAW], &w->dims[WP_DIM_REPLICATE],
                               &w->dims[WP_DIM_BIN]};
    char long_name[512];
    snprintf(long_name, sizeof long_name, "how many had so many %s",
             data->outcomes[data->histogram_outcome[h]]);
    wp_h5_variable variable = {.name = w->layout.histogram_names[h],
                               .long_name = long_name,
                               .units = "subjects",
                               .type = WP_TYPE_I64,
                               .scale = 0.5,
                               .n_dims = 4,
                               .dims = dims};
    wp_h5_variable_create(&w->h5, w->h5.file, &variable, w->gathered);
}

static void write_column(writer *w, hid_t at, const wp_column *column)
{
    const wp_h5_dim *dims[WP_MAX_COLUMN_DIMS] = {NULL};
    if (wp_column_length(w->data, column) == 0) { return; }
    for (int d = 0; d < column->n_dims; d++) { dims[d] = &w->dims[column->dims[d]]; }
    wp_h5_variable variable = {.name = column->name,
                               .long_name = column->long_name,
                               .units = column->units,
                               .type = column->type,
                               .scale = column->scale,
                               .n_dims = column->n_dims,
                               .dims = dims};
    wp_h5_variable_create(&w->h5, at, &variable, wp_column_array(w->data, column));
}

/* Columns stand together by group, so each group is opened once. */
static void write_columns(writer *w)
{
    for (size_t first = 0; first < wp_n_columns;) {
        const char *name = wp_columns[first].group;
        hid_t at = name[0] == '\0' ? w->h5.file : wp_h5_group_create(&w->h5, name);
        size_t i = first;
        for (; i < wp_n_columns && strcmp(wp_columns[i].group, name) == 0; i++) {
            write_column(w, at, &wp_columns[i]);
        }
        if (strcmp(name, "provenance") == 0) {
            for (size_t s = 0; s < wp_n_scalars; s++) {
                if (!wp_scalars[s].is_text_variable) { continue; }
                const char *text = NULL;
                memcpy(&text, (const char *)w->data + wp_scalars[s].offset, sizeof text);
                text = text == NULL ? "" : text;
                wp_h5_variable variable = {.name = wp_scalars[s].name, .type = WP_TYPE_TEXT};
                wp_h5_variable_create(&w->h5, at, &variable, &text);
            }
        }
        if (name[0] != '\0') { wp_h5_group_close(&w->h5, at); }
        first = i;
    }
}

static size_t largest_variable(const writer *w)
{
    const wp_run_data *data = w->data;
    size_t n = data->n_outcomes > 0 ? wp_batches_length(data) / (size_t)data->n_outcomes : 0;
    for (int v = 0; v < w->layout.n_variables; v++) {
        size_t m = wp_cells_length(data) / (size_t)data->n_cells * (size_t)w->layout.variables[v].n;
        n = m > n ? m : n;
    }
    size_t m = data->n_histograms > 0 ? wp_histograms_length(data) / (size_t)data->n_histograms : 0;
    return m > n ? m : n;
}

static wp_status build(writer *w, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(wp_cell_layout_init(&w->layout, w->data, err));
    w->layout_dims = wp_calloc_array((size_t)w->layout.n_dims, sizeof *w->layout_dims);
    w->gathered = wp_calloc_array(largest_variable(w), sizeof *w->gathered);
    WP_TRY_ALLOC(w->layout_dims);
    WP_TRY_ALLOC(w->gathered);
    wp_h5_create(&w->h5, err);
    write_attributes(w);
    write_dimensions(w);
    for (int v = 0; v < w->layout.n_variables; v++) { write_cells(w, &w->layout.variables[v]); }
    for (int o = 0; o < w->data->n_outcomes; o++) { write_batches(w, o); }
    for (int h = 0; h < w->data->n_histograms; h++) { write_histogram(w, h); }
    write_columns(w);
    for (int d = 0; d < WP_N_DIMS; d++) { wp_h5_dim_close(&w->h5, &w->dims[d]); }
    for (int d = 0; d < w->layout.n_dims; d++) { wp_h5_dim_close(&w->h5, &w->layout_dims[d]); }
    status = w->h5.status;
out:
    return status;
}

wp_status wp_result_write(const char *path, const wp_run_data *data, bool force, wp_error *err)
{
    wp_status status = WP_OK;
    writer w = {.data = data, .err = err};
    void *bytes = NULL;
    size_t n = 0;
    WP_TRY(check_data(data, err));
    WP_TRY(build(&w, err));
    wp_h5_image(&w.h5, &bytes, &n);
    WP_TRY(w.h5.status);
    WP_TRY(wp_file_replace(path, bytes, n, true, force, NULL, err));
out:
    wp_h5_close(&w.h5);
    wp_cell_layout_free(&w.layout);
    free(w.layout_dims);
    free(w.gathered);
    free(bytes);
    return status;
}
