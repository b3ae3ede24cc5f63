/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting arrays by the table of columns, so that none is forgotten. */
#include "results/trim.h"

#include <string.h>

#include "results/columns.h"

typedef struct cut {
    const wp_run_data *data;
    size_t n_draws, n_replicates, item_bytes;
} cut;

static size_t kept_length(const cut *c, wp_dimension dimension)
{
    if (dimension == WP_DIM_DRAW) { return c->n_draws; }
    if (dimension == WP_DIM_REPLICATE) { return c->n_replicates; }
    return wp_dimension_length(c->data, dimension);
}

/* Moves what is kept of `from` down to `to`, which is never behind it; gives the end of it. */
static char *keep(const cut *c, const wp_dimension *dims, int n_dims, char *to, const char *from)
{
    size_t bytes = c->item_bytes;
    if (n_dims == 0) {
        memmove(to, from, bytes);
        return to + bytes;
    }
    for (int d = 1; d < n_dims; d++) { bytes *= wp_dimension_length(c->data, dims[d]); }
    for (size_t i = 0; i < kept_length(c, dims[0]); i++) {
        to = keep(c, dims + 1, n_dims - 1, to, from + i * bytes);
    }
    return to;
}

static void keep_array(cut *c, wp_type type, const wp_dimension *dims, int n_dims, void *array)
{
    c->item_bytes = wp_type_bytes(type);
    if (array != NULL) { (void)keep(c, dims, n_dims, array, array); }
}

void wp_run_data_trim(wp_run_data *data, int n_draws, int n_replicates)
{
    static const wp_dimension cells[] = {WP_DIM_ARM, WP_DIM_DRAW, WP_DIM_REPLICATE, WP_DIM_YEAR, WP_DIM_CELL};
    static const wp_dimension batches[] = {WP_DIM_ARM,   WP_DIM_DRAW, WP_DIM_REPLICATE,
                                           WP_DIM_BATCH, WP_DIM_YEAR, WP_DIM_OUTCOME};
    static const wp_dimension histograms[] = {WP_DIM_ARM, WP_DIM_DRAW, WP_DIM_REPLICATE, WP_DIM_HISTOGRAM,
                                              WP_DIM_BIN};
    cut c = {.data = data, .n_draws = (size_t)n_draws, .n_replicates = (size_t)n_replicates};
    for (size_t i = 0; i < wp_n_columns; i++) {
        const wp_column *column = &wp_columns[i];
        keep_array(&c, column->type, column->dims, column->n_dims, wp_column_array(data, column));
    }
    keep_array(&c, WP_TYPE_I64, cells, 5, data->cells);
    keep_array(&c, WP_TYPE_I64, batches, 6, data->batches);
    keep_array(&c, WP_TYPE_I64, histograms, 5, data->histograms);
    data->n_draws = n_draws;
    data->n_replicates = n_replicates;
}
