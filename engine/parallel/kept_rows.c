/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of life histories, from threads' traces to the data. */
#include "parallel/kept_rows.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

wp_status wp_kept_rows_add(wp_run_state *run, wp_error *err)
{
    wp_status status = WP_OK;
    for (int arm = 0; arm < run->n_arms; arm++) {
        for (int r = run->first_replicate; r < run->end_replicate; r++) {
            wp_trace *trace = &run->traces[arm * run->options.replicates + r];
            wp_trace_sort(trace);
            for (size_t k = 0; k < trace->n; k++) {
                const wp_kept_row row = {trace->rows[k], arm, run->draw, r, run->n_rows};
                if (!wp_array_reserve(&run->rows, &run->row_capacity, run->n_rows + 1, sizeof row)) {
                    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for the life histories");
                }
                run->rows[run->n_rows++] = row;
            }
        }
    }
    return status;
}

static int by_run(const void *left, const void *right)
{
    const wp_kept_row *a = left, *b = right;
    if (a->draw != b->draw) { return a->draw < b->draw ? -1 : 1; }
    if (a->arm != b->arm) { return a->arm < b->arm ? -1 : 1; }
    if (a->replicate != b->replicate) { return a->replicate < b->replicate ? -1 : 1; }
    return a->place < b->place ? -1 : a->place > b->place;
}

wp_status wp_kept_rows_give(wp_run_state *run, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data *data = run->data;
    const size_t n = run->n_rows;
    if (n > 0) { qsort(run->rows, n, sizeof *run->rows, by_run); } /* replicates may have been added */
    data->trace_arm = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_arm);
    data->trace_draw = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_draw);
    data->trace_replicate = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_replicate);
    data->trace_lineage = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_lineage);
    data->trace_subject = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_subject);
    data->trace_kind = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_kind);
    data->trace_time = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_time);
    data->trace_event = wp_arena_alloc_array(data->owner, n, sizeof *data->trace_event);
    WP_TRY_ALLOC(data->trace_arm);
    WP_TRY_ALLOC(data->trace_draw);
    WP_TRY_ALLOC(data->trace_replicate);
    WP_TRY_ALLOC(data->trace_lineage);
    WP_TRY_ALLOC(data->trace_subject);
    WP_TRY_ALLOC(data->trace_kind);
    WP_TRY_ALLOC(data->trace_time);
    WP_TRY_ALLOC(data->trace_event);
    for (size_t k = 0; k < n; k++) {
        const wp_kept_row *row = &run->rows[k];
        data->trace_arm[k] = row->arm;
        data->trace_draw[k] = row->draw;
        data->trace_replicate[k] = row->replicate;
        data->trace_lineage[k] = row->row.lineage;
        data->trace_subject[k] = row->row.subject;
        data->trace_kind[k] = row->row.kind;
        data->trace_time[k] = wp_years(row->row.tick);
        data->trace_event[k] = row->row.event;
    }
    data->n_trace = (int64_t)n;
out:
    return status;
}
