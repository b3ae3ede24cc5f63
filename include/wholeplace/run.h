/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs: simulating all arms of a scenario for every draw and replicate, into one result file. */
#ifndef WHOLEPLACE_RUN_H
#define WHOLEPLACE_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wp_simd { WP_SIMD_BEST, WP_SIMD_PORTABLE, WP_SIMD_AVX2, WP_SIMD_AVX512 } wp_simd;

typedef enum wp_run_stage {
    WP_STAGE_FOUNDING,         /* the population, and what has to be known of all of it before lives begin */
    WP_STAGE_SIMULATING,
    WP_STAGE_WRITING           /* told once, when nothing is written yet */
} wp_run_stage;

/* How far a run is. */
typedef struct wp_progress {
    wp_run_stage stage;
    double done;               /* share, 0 to 1 */
    double person_years;       /* simulated so far, all arms */
    double seconds;            /* since the start */
    int draw, replicate;       /* working on, 0-based */
    const char *arm;           /* "" when several at once */
} wp_progress;

/* Called from the thread that called wp_run, a few times a second. Whether to go on: after false the run ends with
   WP_ERR_STOPPED as soon as all threads are through their piece of work, and nothing is written. What is being
   written is not stopped: that takes seconds, and then the result is whole. */
typedef bool wp_progress_fn(void *user, const wp_progress *progress);

/* Zero means: as the scenario says, or the default. */
typedef struct wp_run_options {
    int threads;               /* 0: OMP_NUM_THREADS, else all cores */
    int draws, replicates;     /* what is given here is what is simulated, whatever runs.stop_when says of it */
    bool has_seed; uint64_t seed;
    double sample;             /* share of lineages, in (0, 1] */
    int64_t lineage_step;      /* every n-th household (0, 1: all), from lineage_first */
    int64_t lineage_first;
    const char *const *arms; int n_arms; /* names; baseline is always run */
    bool full_arms;            /* simulate every lineage in every arm, not only where an arm differs */
    bool exact_pass;           /* force the exact pass for everyone */
    int block;                 /* lineages a block; 0: default */
    wp_simd simd;              /* BEST: WHOLEPLACE_SIMD, else the widest that this machine has */
    int trace;                 /* complete life histories of so many lineages */
    bool force;                /* overwrite a result that exists */
    bool dry_run;              /* everything but simulating and writing */
    const char *command;       /* for provenance, may be NULL */
    wp_progress_fn *progress; void *user;
} wp_run_options;

/* What a run did. Not part of what is compared between runs. */
typedef struct wp_run_report {
    double seconds, person_years;
    int64_t lineages;          /* families simulated in one run of lives: those of the sample */
    int64_t peak_bytes;        /* resident */
    int threads;
    const char *simd;          /* static string */
    char digest[65];           /* as `wholeplace digest` prints it */
    char life_digest[33];
    char stopped[512];         /* "", or why no more draws or replicates were added (runs.stop_when) */
} wp_run_report;

/* Prints a report as one JSON object and a line's end: result (`result_path`; null for NULL), seconds, person_years,
   peak_bytes, threads, simd, stopped, digest, life_digest. */
void wp_run_report_print_json(const wp_run_report *report, const char *result_path, FILE *out);

/* What a run with these options does to the model that its user may not expect, as one sentence into text, which
   it returns; NULL where there is nothing to say. In a sample, places of pools and programmes are as much fewer
   as families are, and small numbers of places queue unlike large ones. Several draws of a scenario in which no
   parameter and no price has a distribution are replicates of its lives, and say nothing of evidence. */
const char *wp_run_caution(const wp_scenario *scenario, const wp_run_options *options,
                           char text[WP_ERROR_TEXT]);

/* Simulates `scenario` and writes `result_path` (created under another name and renamed at the end, so
   that nothing half-written stays). WP_ERR_EXISTS when it exists and !force; WP_ERR_STOPPED when the progress
   function said so. */
wp_status wp_run(const wp_scenario *scenario, const wp_run_options *options, const char *result_path,
                 wp_run_report *report, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
