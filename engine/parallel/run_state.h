/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that is under way: what all its threads share. */
#ifndef WP_PARALLEL_RUN_STATE_H
#define WP_PARALLEL_RUN_STATE_H

#include "model/model.h"
#include "parallel/selection.h"
#include "parallel/simulate_run.h"
#include "parallel/valuation.h"
#include "simulate/sim.h"

/* A row of a life history, and of which run. */
typedef struct wp_kept_row {
    wp_trace_row row;
    int arm, draw, replicate;
    size_t place;              /* in the order in which rows were kept */
} wp_kept_row;

typedef struct wp_run_state {
    const wp_scenario *scenario;
    wp_run_options options;            /* with every default filled in */
    wp_population *population;
    wp_run_data *data;
    int begin;                         /* draws or replicates before the first look at the figure of runs.stop_when; 0: all
                                          that are asked for are simulated */
    int n_arms;
    int arms[WP_MAX_ARMS];             /* arms of the scenario, baseline first */
    wp_vector_pass *vector_pass;
    const char *simd;
    double started;                    /* seconds */
    wp_run_stage stage;

    /* the draw that is simulated */
    int draw;
    int first_replicate, end_replicate; /* replicates that are simulated now; more may be added (runs.stop_when) */
    const wp_model *model;
    const wp_plan *plan;
    wp_arrivals *arrivals;             /* [n_replicates] */
    wp_valuation *valuation;           /* NULL: nothing is worth anything to a lineage */

    /* shared between threads */
    int64_t n_jobs, n_done;            /* of the draw's replicates, for progress */
    double n_parts_done;               /* draws x replicates before these */
    double person_years;
    wp_tick full_from[WP_MAX_ARMS];    /* when a fork first shared no life with the baseline; 0: never */
    wp_trace *traces;                  /* [n_arms][n_replicates] of this draw */
    wp_status status;
    wp_error err;

    wp_kept_row *rows;                 /* of all draws so far */
    size_t n_rows, row_capacity;
} wp_run_state;

/* Index of (arm, this draw, replicate) in the data's arrays. */
size_t wp_run_part(const wp_run_state *run, int arm, int replicate);

/* Adds what a thread has counted to the data; call it from one thread at a time. */
void wp_run_add(wp_run_state *run, int arm, int replicate, const wp_counts *counts);

/* Makes a worker: its block, counts and key. */
wp_status wp_run_worker_init(const wp_run_state *run, wp_sim *sim, wp_counts *counts, int replicate,
                             wp_error *err);

/* Says how far the run is, if anyone listens, who may stop it; from the first thread only. */
void wp_run_tell(wp_run_state *run, int replicate, const char *arm);

/* The run's failure, which the first thread that fails writes; others see it and end. Thread-safe. */
wp_status wp_run_status(wp_run_state *run);
void wp_run_fail(wp_run_state *run, wp_status failure, const wp_error *err);

extern const char wp_run_stopped_text[];

/* Whether there are places that people wait for: pools, or programmes with a capacity. */
bool wp_run_has_places(const wp_scenario *scenario);

/* How many parameters and prices have a distribution. */
int wp_run_n_uncertain(const wp_scenario *scenario);

/* Whether any pool, capacity or indicator couples lineages. */
bool wp_run_is_coupled(const wp_scenario *scenario);

/* Is a place small enough for one thread? */
bool wp_run_is_small(const wp_run_state *run);

/* Epochs from border to border. */
int64_t wp_run_epochs(const wp_run_state *run);

/* Simulates one draw, all replicates and arms: lineages on their own, or in step where they are coupled;
   each arm in full, or forked from the baseline. */
void wp_run_uncoupled(wp_run_state *run);
void wp_run_forked(wp_run_state *run);
void wp_run_coupled(wp_run_state *run);
void wp_run_coupled_forks(wp_run_state *run);

/* Fills the model's averages over founders (keep_average_by). */
wp_status wp_run_fill_averages(wp_run_state *run, wp_model *model, wp_error *err);

double wp_seconds(void);

#endif
