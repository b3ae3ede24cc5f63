/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests of a run's data, taken over the table of columns, so that nothing can be forgotten in one place. */
#include <string.h>

#include "results/columns.h"
#include "results/result.h"

/* Items go in by value, so that the digest is the same on machines of any byte order. */
static void add_array(wp_sha256 *sha, wp_type type, const void *array, size_t n)
{
    wp_sha256_add_u64(sha, n);
    for (size_t i = 0; i < n; i++) {
        switch (type) {
        case WP_TYPE_I64: wp_sha256_add_u64(sha, (uint64_t)((const int64_t *)array)[i]); break;
        case WP_TYPE_U64: wp_sha256_add_u64(sha, ((const uint64_t *)array)[i]); break;
        case WP_TYPE_F64: wp_sha256_add_double(sha, ((const double *)array)[i]); break;
        case WP_TYPE_I32: wp_sha256_add_u32(sha, (uint32_t)((const int32_t *)array)[i]); break;
        case WP_TYPE_U8:
        case WP_TYPE_I8: wp_sha256_add(sha, (const uint8_t *)array + i, 1); break;
        case WP_TYPE_TEXT: {
            const char *text = ((char *const *)array)[i];
            wp_sha256_add_text(sha, text == NULL ? "" : text);
            break;
        }
        }
    }
}

static void add_dimensions(wp_sha256 *sha, const wp_run_data *data, bool in_digest)
{
    for (int d = 0; d < WP_N_DIMS; d++) {
        bool is_money = d == WP_DIM_PAYER || d == WP_DIM_UNIT_VALUE || d == WP_DIM_TARGET;
        if (is_money == in_digest) { continue; }
        const wp_dimension_spec *spec = &wp_dimensions[d];
        size_t n = wp_dimension_length(data, (wp_dimension)d);
        if (wp_dimension_is_optional((wp_dimension)d) && n == 0) { continue; }
        wp_sha256_add_text(sha, spec->name);
        wp_sha256_add_u64(sha, n);
        if (spec->label == WP_LABEL_NUMBER || n == 0) { continue; }
        void *labels = NULL;
        memcpy(&labels, (const char *)data + spec->labels, sizeof labels);
        add_array(sha, spec->label == WP_LABEL_INT ? WP_TYPE_I32 : WP_TYPE_TEXT, labels, n);
    }
}

static void add_scalars(wp_sha256 *sha, const wp_run_data *data, bool in_digest)
{
    for (size_t i = 0; i < wp_n_scalars; i++) {
        const wp_scalar *scalar = &wp_scalars[i];
        if (scalar->in_digest != in_digest) { continue; }
        wp_sha256_add_text(sha, scalar->name);
        add_array(sha, scalar->type, (const char *)data + scalar->offset, 1);
    }
}

/* A column without an array (NULL) counts as empty. */
static void add_columns(wp_sha256 *sha, const wp_run_data *data, bool in_digest)
{
    for (size_t i = 0; i < wp_n_columns; i++) {
        const wp_column *column = &wp_columns[i];
        if (column->in_digest != in_digest) { continue; }
        const void *array = wp_column_array(data, column);
        if (wp_column_is_optional(column) && wp_column_length(data, column) == 0) { continue; }
        wp_sha256_add_text(sha, column->name);
        add_array(sha, column->type, array, array == NULL ? 0 : wp_column_length(data, column));
    }
}

void wp_run_data_digest(const wp_run_data *data, char hex[WP_SHA256_HEX])
{
    wp_sha256 sha;
    wp_sha256_init(&sha);
    wp_sha256_add_text(&sha, "wholeplace result 1");
    add_dimensions(&sha, data, true);
    add_scalars(&sha, data, true);
    wp_sha256_add(&sha, data->population_digest, sizeof data->population_digest);
    add_columns(&sha, data, true);
    add_array(&sha, WP_TYPE_I64, data->cells, wp_cells_length(data));
    add_array(&sha, WP_TYPE_I64, data->batches, wp_batches_length(data));
    if (wp_histograms_length(data) > 0) {
        add_array(&sha, WP_TYPE_I64, data->histograms, wp_histograms_length(data));
    }
    wp_sha256_end_hex(&sha, hex);
}

void wp_run_data_checksum(const wp_run_data *data, char hex[WP_SHA256_HEX])
{
    wp_sha256 sha;
    wp_sha256_init(&sha);
    wp_sha256_add_text(&sha, "wholeplace provenance and money 1");
    add_dimensions(&sha, data, false);
    add_scalars(&sha, data, false);
    add_columns(&sha, data, false);
    wp_sha256_end_hex(&sha, hex);
}

void wp_run_data_life_digest(const wp_run_data *data, char hex[WP_U128_HEX])
{
    wp_u128sum sum = {0};
    size_t n = wp_dimension_length(data, WP_DIM_ARM) * wp_dimension_length(data, WP_DIM_DRAW) *
               wp_dimension_length(data, WP_DIM_REPLICATE);
    for (size_t i = 0; data->life != NULL && i < n; i++) {
        wp_u128sum term = {data->life[2 * i], data->life[2 * i + 1]};
        wp_u128sum_add(&sum, term);
    }
    wp_u128sum_hex(sum, hex);
}
