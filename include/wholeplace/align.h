/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Align: ratios by year that bring a baseline's events to totals known from elsewhere. */
#ifndef WHOLEPLACE_ALIGN_H
#define WHOLEPLACE_ALIGN_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One year of one aligned parameter. Totals are events of the whole place, the mean over draws and replicates. */
typedef struct wp_aligned_year {
    int year;                  /* of the run, from 1 */
    double wanted;             /* NAN: not known; the ratio is that of the year before, or of the first that is known */
    double before, after;      /* total with all ratios 1, and with those found */
    double ratio;
} wp_aligned_year;

typedef struct wp_aligned_parameter {
    const char *parameter, *outcome, *source; /* of the scenario */
    int n_years;
    wp_aligned_year *years;
} wp_aligned_parameter;

typedef struct wp_alignments {
    int n;
    wp_aligned_parameter *parameters;
    int rounds;                /* simulations of the baseline that it took */
    bool is_met;               /* every total is within a thousandth, or within one event of those simulated */
} wp_alignments;

/* A ratio beyond this, or below its inverse, says that the model is wrong, and mends nothing (Li and O'Donoghue 2014,
   JASSS 17(1):15). */
#define WP_ALIGN_LIMIT 1.5

/* Simulates the baseline, a dozen times at most, and finds the ratios that the scenario's `align` asks for. The same
   lives each time but for what the ratios change; other arms play no part, so their effects stay. `options` (NULL: as
   the scenario says) as for a run. `path`, unless NULL, becomes a scenario file that replaces the aligned parameters:
   `use` it. Errors: WP_ERR_ARGUMENT where the scenario aligns nothing; WP_ERR_EXISTS, before anything is simulated,
   where `path` exists and options->force is not set, or was not made by this program; else as wp_run. Free with
   wp_alignments_free, also after an error. */
wp_status wp_align(const wp_scenario *scenario, const wp_run_options *options, const char *path, wp_alignments *found,
                   wp_error *err);
void wp_alignments_free(wp_alignments *found);

/* A table by year, or one JSON object, with a line's end. */
void wp_alignments_print(const wp_alignments *found, FILE *out);
void wp_alignments_print_json(const wp_alignments *found, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
