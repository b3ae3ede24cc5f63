/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a simulation adds up: integers by year and cell, for one arm, draw and replicate. Sums of
   integers are exact in any order, so threads and ranks may add in theirs. */
#ifndef WP_SIMULATE_COUNTS_H
#define WP_SIMULATE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include <wholeplace/error.h>

enum {
    WP_N_BATCHES = 32,
    WP_N_BINS = 256,           /* of a histogram: 0, 1, 2 … 254, and 255 or more */
    WP_N_SPEND_BINS = 98       /* of a year's spend: see spend_bin.h */
};

/* What is counted of programmes. */
enum { WP_COUNT_OFFERS, WP_COUNT_STARTS, WP_COUNT_TICKS_IN, WP_N_PROGRAMME_COUNTS };

/* Counts are kept doubled (what belongs to a household where an uncounted companion lives counts one
   half): events in halves, person-time in half ticks. */
typedef struct wp_counts {
    int n_years;               /* years of the run, plus 1: instants at the very end fall in the last */
    int n_cells;               /* of the model */
    int n_totals;              /* outcomes: each has one total for the batches */
    int64_t *cells;            /* [n_years][n_cells] */
    int64_t *batches;          /* [WP_N_BATCHES][n_years][n_totals] */
    uint64_t life[2];          /* life digest: sum mod 2^128, low word first */
    /* Programmes: [n_interventions][n_years]: offers, starts, ends, refused, gave up are events and so
       outcomes' business; these are kept for prices: */
    int n_interventions;
    int64_t *offers, *starts;  /* doubled counts */
    int64_t *ticks_in;         /* doubled ticks enrolled */
    int64_t *
        programme_batches; /* [WP_N_PROGRAMME_COUNTS][WP_N_BATCHES][n_interventions][n_years] the same three */
    int n_histograms;
    int64_t *histograms; /* [n_histograms][WP_N_BINS] doubled subjects with so many events or whole units */
    int n_spend_bins;          /* 0, or WP_N_SPEND_BINS: */
    int64_t *spend_people, *spend_pence; /* [n_years][n_spend_bins] persons with so much spend in that year, and
                                            the sum of it, each person's in whole pence */
    int64_t founders[WP_N_BATCHES]; /* founding lineages of each batch */
    int64_t *touched; /* [n_years] lineages that an intervention first reached in that year: an enrolment
                                  began, or a programme for everyone */
    int n_indicator_ticks;
    int64_t *indicator_ticks; /* [n_indicators][WP_MAX_LEVELS][2] of the indicators' period that is under way:
                                 person-time that meets the share, and all of those among whom */
    /* lineages simulated, person-ticks lived, events: for speed and checks */
    int64_t n_lineages, person_ticks, n_events;
} wp_counts;

wp_status wp_counts_init(wp_counts *counts, int n_years, int n_cells, int n_totals, int n_interventions,
                         wp_error *err);
/* Makes room for `n` histograms; none is legal. */
wp_status wp_counts_add_histograms(wp_counts *counts, int n, wp_error *err);
/* Makes room for indicators' person-time, which is no part of sums: a period's is taken at its end. */
wp_status wp_counts_add_indicators(wp_counts *counts, int n_ticks, wp_error *err);
/* Makes room for the spend of persons by year. */
wp_status wp_counts_keep_spend(wp_counts *counts, wp_error *err);
void wp_counts_free(wp_counts *counts);
void wp_counts_clear(wp_counts *counts);
/* `part` may have no room for programmes; what else there is, has the same sizes in both. */
void wp_counts_add(wp_counts *sum, const wp_counts *part);

/* Counts `amount` offers, starts or ticks enrolled (`what`) of an intervention by a lineage of a batch. */
void wp_counts_add_programme(wp_counts *counts, int what, int intervention, int year, uint32_t batch,
                             int64_t amount);

/* One lineage's counts of one year: where they can be. */
typedef struct wp_counts_slice {
    int year;
    uint32_t batch;            /* the lineage's */
    uint32_t programmes;       /* bits of the interventions of which something was counted */
} wp_counts_slice;

/* Adds `sign` (1 or -1) times that slice of `part` to `sum`: all but programmes, or programmes alone. The
   last one empties `part` of both. */
void wp_counts_add_slice(wp_counts *sum, const wp_counts *part, wp_counts_slice slice, int sign);
void wp_counts_add_slice_programmes(wp_counts *sum, const wp_counts *part, wp_counts_slice slice, int sign);
void wp_counts_clear_slice(wp_counts *part, wp_counts_slice slice);

/* Bytes held. */
size_t wp_counts_bytes(const wp_counts *counts);

#endif
