/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Complete life histories of some lineages, one row an event. */
#ifndef WP_SIMULATE_TRACE_H
#define WP_SIMULATE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ticks.h"
#include "scenario/checked.h"

typedef struct wp_trace_row {
    uint64_t lineage, subject;
    wp_tick tick;
    int32_t event;
    int8_t kind;             /* wp_subject_kind */
} wp_trace_row;

typedef struct wp_trace {
    wp_trace_row *rows;
    size_t n, capacity;
} wp_trace;

void wp_trace_free(wp_trace *trace);
/* WP_ERR_MEMORY or WP_OK. */
wp_status wp_trace_add(wp_trace *trace, wp_trace_row row, wp_error *err);
/* Appends `part`'s rows. */
wp_status wp_trace_join(wp_trace *trace, const wp_trace *part, wp_error *err);
/* Orders rows by lineage, tick, subject, event: the same for any number of threads. */
void wp_trace_sort(wp_trace *trace);

#endif
