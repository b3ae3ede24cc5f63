/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of counts, and their sums. */
#include "simulate/counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

static size_t n_cell_items(const wp_counts *counts)
{
    return (size_t)counts->n_years * (size_t)counts->n_cells;
}

static size_t n_batch_items(const wp_counts *counts)
{
    return (size_t)WP_N_BATCHES * (size_t)counts->n_years * (size_t)counts->n_totals;
}

static size_t n_programme_items(const wp_counts *counts)
{
    return (size_t)counts->n_interventions * (size_t)counts->n_years;
}

static size_t n_programme_batch_items(const wp_counts *counts)
{
    return (size_t)WP_N_PROGRAMME_COUNTS * WP_N_BATCHES * n_programme_items(counts);
}

static size_t n_histogram_items(const wp_counts *counts)
{
    return (size_t)counts->n_histograms * WP_N_BINS;
}

static size_t n_spend_items(const wp_counts *counts)
{
    return (size_t)counts->n_years * (size_t)counts->n_spend_bins;
}

wp_status wp_counts_init(wp_counts *counts, int n_years, int n_cells, int n_totals, int n_interventions,
                         wp_error *err)
{
    wp_status status = WP_OK;
    memset(counts, 0, sizeof *counts);
    counts->n_years = n_years;
    counts->n_cells = n_cells;
    counts->n_totals = n_totals;
    counts->n_interventions = n_interventions;
    counts->cells = wp_calloc_array(n_cell_items(counts), sizeof(int64_t));
    counts->batches = wp_calloc_array(n_batch_items(counts), sizeof(int64_t));
    counts->offers = wp_calloc_array(n_programme_items(counts), sizeof(int64_t));
    counts->starts = wp_calloc_array(n_programme_items(counts), sizeof(int64_t));
    counts->ticks_in = wp_calloc_array(n_programme_items(counts), sizeof(int64_t));
    counts->programme_batches = wp_calloc_array(n_programme_batch_items(counts), sizeof(int64_t));
    counts->touched = wp_calloc_array((size_t)n_years, sizeof(int64_t));
    WP_TRY_ALLOC(counts->cells);
    WP_TRY_ALLOC(counts->batches);
    WP_TRY_ALLOC(counts->offers);
    WP_TRY_ALLOC(counts->starts);
    WP_TRY_ALLOC(counts->ticks_in);
    WP_TRY_ALLOC(counts->programme_batches);
    WP_TRY_ALLOC(counts->touched);
out:
    return status;
}

wp_status wp_counts_add_histograms(wp_counts *counts, int n, wp_error *err)
{
    wp_status status = WP_OK;
    counts->histograms = wp_calloc_array((size_t)n * WP_N_BINS, sizeof(int64_t));
    WP_TRY_ALLOC(counts->histograms);
    counts->n_histograms = n;
out:
    return status;
}

wp_status wp_counts_add_indicators(wp_counts *counts, int n_ticks, wp_error *err)
{
    wp_status status = WP_OK;
    counts->indicator_ticks = wp_calloc_array((size_t)n_ticks, sizeof(int64_t));
    WP_TRY_ALLOC(counts->indicator_ticks);
    counts->n_indicator_ticks = n_ticks;
out:
    return status;
}

wp_status wp_counts_keep_spend(wp_counts *counts, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)counts->n_years * WP_N_SPEND_BINS;
    counts->spend_people = wp_calloc_array(n, sizeof(int64_t));
    counts->spend_pence = wp_calloc_array(n, sizeof(int64_t));
    WP_TRY_ALLOC(counts->spend_people);
    WP_TRY_ALLOC(counts->spend_pence);
    counts->n_spend_bins = WP_N_SPEND_BINS;
out:
    return status;
}

void wp_counts_free(wp_counts *counts)
{
    free(counts->cells);
    free(counts->batches);
    free(counts->offers);
    free(counts->starts);
    free(counts->ticks_in);
    free(counts->programme_batches);
    free(counts->touched);
    free(counts->histograms);
    free(counts->indicator_ticks);
    free(counts->spend_people);
    free(counts->spend_pence);
    memset(counts, 0, sizeof *counts);
}

void wp_counts_clear(wp_counts *counts)
{
    memset(counts->cells, 0, n_cell_items(counts) * sizeof(int64_t));
    memset(counts->batches, 0, n_batch_items(counts) * sizeof(int64_t));
    memset(counts->offers, 0, n_programme_items(counts) * sizeof(int64_t));
    memset(counts->starts, 0, n_programme_items(counts) * sizeof(int64_t));
    memset(counts->ticks_in, 0, n_programme_items(counts) * sizeof(int64_t));
    memset(counts->programme_batches, 0, n_programme_batch_items(counts) * sizeof(int64_t));
    memset(counts->touched, 0, (size_t)counts->n_years * sizeof(int64_t));
    if (counts->n_histograms > 0) {
        memset(counts->histograms, 0, n_histogram_items(counts) * sizeof(int64_t));
    }
    if (counts->n_indicator_ticks > 0) {
        memset(counts->indicator_ticks, 0, (size_t)counts->n_indicator_ticks * sizeof(int64_t));
    }
    if (counts->n_spend_bins > 0) {
        memset(counts->spend_people, 0, n_spend_items(counts) * sizeof(int64_t));
        memset(counts->spend_pence, 0, n_spend_items(counts) * sizeof(int64_t));
    }
    memset(counts->founders, 0, sizeof counts->founders);
    counts->life[0] = counts->life[1] = 0;
    counts->n_lineages = counts->person_ticks = counts->n_events = 0;
}

static void add(int64_t *sum, const int64_t *part, size_t n)
{
    for (size_t i = 0; i < n; i++) { sum[i] += part[i]; }
}

void wp_counts_add(wp_counts *sum, const wp_counts *part)
{
    add(sum->cells, part->cells, n_cell_items(sum));
    add(sum->batches, part->batches, n_batch_items(sum));
    add(sum->offers, part->offers, n_programme_items(part));
    add(sum->starts, part->starts, n_programme_items(part));
    add(sum->ticks_in, part->ticks_in, n_programme_items(part));
    add(sum->programme_batches, part->programme_batches, n_programme_batch_items(part));
    add(sum->histograms, part->histograms, n_histogram_items(sum));
    add(sum->spend_people, part->spend_people, n_spend_items(sum));
    add(sum->spend_pence, part->spend_pence, n_spend_items(sum));
    add(sum->founders, part->founders, WP_N_BATCHES);
    add(sum->touched, part->touched, (size_t)sum->n_years);
    sum->life[0] += part->life[0];
    sum->life[1] += part->life[1] + (sum->life[0] < part->life[0] ? 1 : 0);
    sum->n_lineages += part->n_lineages;
    sum->person_ticks += part->person_ticks;
    sum->n_events += part->n_events;
}

void wp_counts_add_programme(wp_counts *counts, int what, int intervention, int year, uint32_t batch,
                             int64_t amount)
{
    int64_t *const totals[WP_N_PROGRAMME_COUNTS] = {counts->offers, counts->starts, counts->ticks_in};
    const int64_t at = (int64_t)intervention * counts->n_years + year;
    const int64_t row = (int64_t)what * WP_N_BATCHES + batch;
    totals[what][at] += amount;
    counts->programme_batches[row * counts->n_interventions * counts->n_years + at] += amount;
}

/* ---- One lineage and year ------------------------------------------------------------------------------- */

/* Items side by side. */
typedef struct stretch { int64_t *items; size_t n; } stretch;

enum { N_STRETCHES = 7 };

static void find_stretches(const wp_counts *counts, wp_counts_slice slice, stretch out[N_STRETCHES])
{
    const size_t year = (size_t)slice.year, row = (size_t)slice.batch * (size_t)counts->n_years + year;
    out[0] = (stretch){counts->cells + year * (size_t)counts->n_cells, (size_t)counts->n_cells};
    out[1] = (stretch){counts->batches + row * (size_t)counts->n_totals, (size_t)counts->n_totals};
    out[2] = (stretch){counts->histograms, n_histogram_items(counts)};
    out[3] = (stretch){counts->touched + year, 1};
    out[4] = (stretch){counts->indicator_ticks, (size_t)counts->n_indicator_ticks};
    const size_t n_bins = (size_t)counts->n_spend_bins;
    out[5] = out[6] = (stretch){NULL, 0};
    if (n_bins > 0) {
        out[5] = (stretch){counts->spend_people + year * n_bins, n_bins};
        out[6] = (stretch){counts->spend_pence + year * n_bins, n_bins};
    }
}

/* An intervention's totals in the slice's year, and those of its batch. */
static void find_programme(const wp_counts *counts, wp_counts_slice slice, size_t intervention,
                           int64_t *out[2 * WP_N_PROGRAMME_COUNTS])
{
    const size_t n_years = (size_t)counts->n_years, n = (size_t)counts->n_interventions;
    int64_t *const totals[WP_N_PROGRAMME_COUNTS] = {counts->offers, counts->starts, counts->ticks_in};
    const size_t at = intervention * n_years + (size_t)slice.year;
    for (size_t what = 0; what < WP_N_PROGRAMME_COUNTS; what++) {
        out[2 * what] = totals[what] + at;
        out[2 * what + 1] = counts->programme_batches + (what * WP_N_BATCHES + slice.batch) * n * n_years +
                            at;
    }
}

void wp_counts_add_slice(wp_counts *sum, const wp_counts *part, wp_counts_slice slice, int sign)
{
    stretch to[N_STRETCHES], from[N_STRETCHES];
    find_stretches(sum, slice, to);
    find_stretches(part, slice, from);
    for (int k = 0; k < N_STRETCHES; k++) {
        for (size_t i = 0; i < to[k].n; i++) { to[k].items[i] += sign * from[k].items[i]; }
    }
    sum->n_lineages += sign * part->n_lineages;
    sum->person_ticks += sign * part->person_ticks;
    sum->n_events += sign * part->n_events;
    if (sign > 0) {
        sum->life[0] += part->life[0];
        sum->life[1] += part->life[1] + (sum->life[0] < part->life[0] ? 1 : 0);
    } else {
        sum->life[1] -= part->life[1] + (sum->life[0] < part->life[0] ? 1 : 0);
        sum->life[0] -= part->life[0];
    }
}

void wp_counts_add_slice_programmes(wp_counts *sum, const wp_counts *part, wp_counts_slice slice, int sign)
{
    for (int v = 0; v < sum->n_interventions && slice.programmes >> v != 0; v++) {
        int64_t *mine[2 * WP_N_PROGRAMME_COUNTS], *theirs[2 * WP_N_PROGRAMME_COUNTS];
        if ((slice.programmes >> v & 1) == 0) { continue; }
        find_programme(sum, slice, (size_t)v, mine);
        find_programme(part, slice, (size_t)v, theirs);
        for (int k = 0; k < 2 * WP_N_PROGRAMME_COUNTS; k++) { *mine[k] += sign * *theirs[k]; }
    }
}

void wp_counts_clear_slice(wp_counts *part, wp_counts_slice slice)
{
    stretch of[N_STRETCHES];
    find_stretches(part, slice, of);
    for (int k = 0; k < N_STRETCHES; k++) {
        if (of[k].n > 0) { memset(of[k].items, 0, of[k].n * sizeof *of[k].items); }
    }
    for (int v = 0; v < part->n_interventions && slice.programmes >> v != 0; v++) {
        int64_t *items[2 * WP_N_PROGRAMME_COUNTS];
        if ((slice.programmes >> v & 1) == 0) { continue; }
        find_programme(part, slice, (size_t)v, items);
        for (int k = 0; k < 2 * WP_N_PROGRAMME_COUNTS; k++) { *items[k] = 0; }
    }
    part->n_lineages = part->person_ticks = part->n_events = 0;
    part->life[0] = part->life[1] = 0;
}

size_t wp_counts_bytes(const wp_counts *counts)
{
    const size_t items = n_cell_items(counts) + n_batch_items(counts) + 3 * n_programme_items(counts) +
                         n_programme_batch_items(counts) + n_histogram_items(counts) +
                         2 * n_spend_items(counts) + (size_t)counts->n_years + (size_t)counts->n_indicator_ticks;
    return items * sizeof(int64_t);
}
