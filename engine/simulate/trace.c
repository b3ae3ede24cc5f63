/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of life histories. */
#include "simulate/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

void wp_trace_free(wp_trace *trace)
{
    free(trace->rows);
    memset(trace, 0, sizeof *trace);
}

static wp_status reserve(wp_trace *trace, size_t n, wp_error *err)
{
    if (!wp_array_reserve(&trace->rows, &trace->capacity, n, sizeof *trace->rows)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu rows of life histories", n);
    }
    return WP_OK;
}

wp_status wp_trace_add(wp_trace *trace, wp_trace_row row, wp_error *err)
{
    wp_status status = reserve(trace, trace->n + 1, err);
    if (status == WP_OK) { trace->rows[trace->n++] = row; }
    return status;
}

wp_status wp_trace_join(wp_trace *trace, const wp_trace *part, wp_error *err)
{
    wp_status status = reserve(trace, trace->n + part->n, err);
    if (status == WP_OK && part->n > 0) {
        memcpy(trace->rows + trace->n, part->rows, part->n * sizeof *part->rows);
        trace->n += part->n;
    }
    return status;
}

static int by_life(const void *a, const void *b)
{
    const wp_trace_row *x = a, *y = b;
    if (x->lineage != y->lineage) { return x->lineage < y->lineage ? -1 : 1; }
    if (x->tick != y->tick) { return x->tick < y->tick ? -1 : 1; }
    if (x->subject != y->subject) { return x->subject < y->subject ? -1 : 1; }
    return (x->event > y->event) - (x->event < y->event);
}

void wp_trace_sort(wp_trace *trace)
{
    if (trace->n > 1) { qsort(trace->rows, trace->n, sizeof *trace->rows, by_life); }
}
