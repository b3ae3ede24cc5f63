/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts by set of arms. Sets that come often have counts of their own, so that a lineage counts once for
   all of them; what is left when there are many sets is handed out to arms after each lineage's epoch.
   Programmes, which are the larger part of the counts and the smaller part of what happens, count for each
   arm at once. */
#include "simulate/sinks.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/key.h"

/* Beyond those of single arms: as many sets as fit into so many bytes a worker, but within these bounds. Each
   saves a touched lineage's epoch the handing out to its arms; more would leave the second cache. */
enum { MOST_SHARED = 256, FEWEST_SHARED = 8, SHARED_BYTES = 1 << 22 };

static wp_status init_like(wp_counts *counts, const wp_counts *shape, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(
        wp_counts_init(counts, shape->n_years, shape->n_cells, shape->n_totals, shape->n_interventions, err));
    WP_TRY(wp_counts_add_histograms(counts, shape->n_histograms, err));
    WP_TRY(wp_counts_add_indicators(counts, shape->n_indicator_ticks, err));
    if (shape->n_spend_bins > 0) { WP_TRY(wp_counts_keep_spend(counts, err)); }
out:
    return status;
}

static int shared_limit(const wp_counts *shape)
{
    const size_t fit = (size_t)SHARED_BYTES / (wp_counts_bytes(shape) + 1);
    return fit < FEWEST_SHARED ? FEWEST_SHARED : fit > MOST_SHARED ? MOST_SHARED : (int)fit;
}

wp_status wp_sinks_init(wp_sinks *self, int n_arms, const wp_counts *shape, wp_error *err)
{
    wp_status status = WP_OK;
    memset(self, 0, sizeof *self);
    self->shape = *shape;
    self->shape.n_interventions = 0;
    self->n_arms = n_arms;
    self->limit = n_arms + shared_limit(&self->shape);
    self->list = wp_calloc_array((size_t)self->limit, sizeof *self->list);
    WP_TRY_ALLOC(self->list);
    WP_TRY(init_like(&self->apart, shape, err));
    WP_TRY(init_like(&self->nobody, shape, err));
    for (int a = 0; a < n_arms; a++) {
        self->list[a].arms = UINT64_C(1) << a;
        self->n = a + 1;
        WP_TRY(init_like(&self->list[a].counts, shape, err));
    }
out:
    return status;
}

void wp_sinks_free(wp_sinks *self)
{
    for (int k = 0; k < self->n; k++) { wp_counts_free(&self->list[k].counts); }
    wp_counts_free(&self->apart);
    wp_counts_free(&self->nobody);
    free(self->list);
    memset(self, 0, sizeof *self);
}

int wp_sinks_find(wp_sinks *self, uint64_t arms)
{
    int *hint = &self->hints[wp_mix64(arms) % WP_N_SINK_HINTS];
    if (self->list[*hint].arms == arms) { return *hint; }
    for (int k = 0; k < self->n; k++) {
        if (self->list[k].arms == arms) { return *hint = k; }
    }
    if (self->n == self->limit) { return WP_SINK_NONE; }
    wp_counts *made = &self->list[self->n].counts;
    if (init_like(made, &self->shape, NULL) != WP_OK) { /* without memory, as if there were no room */
        wp_counts_free(made);
        return WP_SINK_NONE;
    }
    self->list[self->n].arms = arms;
    return *hint = self->n++;
}

void wp_sinks_add_programme(wp_sinks *self, uint64_t arms, int what, int intervention, int year,
                            uint32_t batch, int64_t amount)
{
    for (; arms != 0; arms &= arms - 1) {
        wp_counts *counts = &self->list[__builtin_ctzll(arms)].counts;
        wp_counts_add_programme(counts, what, intervention, year, batch, amount);
    }
}

static void hand_to_each(wp_sinks *self, uint64_t arms, wp_counts_slice slice, int sign)
{
    for (; arms != 0; arms &= arms - 1) {
        wp_counts_add_slice(&self->list[__builtin_ctzll(arms)].counts, &self->apart, slice, sign);
    }
}

void wp_sinks_hand_out(wp_sinks *self, uint64_t arms, int wide, wp_counts_slice slice, int sign)
{
    const uint64_t others = wide == WP_SINK_NONE ? 0 : self->list[wide].arms & ~arms;
    if (wide != WP_SINK_NONE && __builtin_popcountll(others) + 1 < __builtin_popcountll(arms)) {
        wp_counts_add_slice(&self->list[wide].counts, &self->apart, slice, sign);
        hand_to_each(self, others, slice, -sign); /* who are fewer */
    } else {
        hand_to_each(self, arms, slice, sign);
    }
    for (uint64_t bits = slice.programmes == 0 ? 0 : arms; bits != 0; bits &= bits - 1) {
        wp_counts *counts = &self->list[__builtin_ctzll(bits)].counts;
        wp_counts_add_slice_programmes(counts, &self->apart, slice, sign);
    }
    wp_counts_clear_slice(&self->apart, slice);
}

void wp_sinks_sum(const wp_sinks *self, int a, wp_counts *sum)
{
    wp_counts_clear(sum);
    for (int k = 0; k < self->n; k++) {
        if ((self->list[k].arms >> a & 1) != 0) { wp_counts_add(sum, &self->list[k].counts); }
    }
}

void wp_sinks_add_ticks(const wp_sinks *self, int a, int64_t *ticks)
{
    for (int k = 0; k < self->n; k++) {
        if ((self->list[k].arms >> a & 1) == 0) { continue; }
        for (int i = 0; i < self->shape.n_indicator_ticks; i++) {
            ticks[i] += self->list[k].counts.indicator_ticks[i];
        }
    }
}

void wp_sinks_clear_ticks(wp_sinks *self, int from, int to)
{
    for (int k = 0; k < self->n; k++) {
        memset(self->list[k].counts.indicator_ticks + from, 0, (size_t)(to - from) * sizeof(int64_t));
    }
}

double wp_sinks_person_years(const wp_sinks *self)
{
    double years = 0.0;
    for (int k = 0; k < self->n; k++) {
        int n_arms = 0;
        for (int a = 0; a < self->n_arms; a++) { n_arms += (int)(self->list[k].arms >> a & 1); }
        years += n_arms * (double)self->list[k].counts.person_ticks * 0x1p-33;
    }
    return years;
}

void wp_sinks_clear(wp_sinks *self)
{
    for (int k = 0; k < self->n; k++) { wp_counts_clear(&self->list[k].counts); }
    wp_counts_clear(&self->nobody);
}
