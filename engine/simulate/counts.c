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
    WP_TRY_ALLOC(counts->cells);
    WP_TRY_ALLOC(counts->batches);
    WP_TRY_ALLOC(counts->offers);
    WP_TRY_ALLOC(counts->starts);
    WP_TRY_ALLOC(counts->ticks_in);
    WP_TRY_ALLOC(counts->programme_batches);
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

void wp_counts_free(wp_counts *counts)
{
    free(counts->cells);
    free(counts->batches);
    free(counts->offers);
    free(counts->starts);
    free(counts->ticks_in);
    free(counts->programme_batches);
    free(counts->histograms);
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
    if (counts->n_histograms > 0) {
        memset(counts->histograms, 0, n_histogram_items(counts) * sizeof(int64_t));
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
    add(sum->offers, part->offers, n_programme_items(sum));
    add(sum->starts, part->starts, n_programme_items(sum));
    add(sum->ticks_in, part->ticks_in, n_programme_items(sum));
    add(sum->programme_batches, part->programme_batches, n_programme_batch_items(sum));
    add(sum->histograms, part->histograms, n_histogram_items(sum));
    add(sum->founders, part->founders, WP_N_BATCHES);
    sum->life[0] += part->life[0];
    sum->life[1] += part->life[1] + (sum->life[0] < part->life[0] ? 1 : 0);
    sum->n_lineages += part->n_lineages;
    sum->person_ticks += part->person_ticks;
    sum->n_events += part->n_events;
}
