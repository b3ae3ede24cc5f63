/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One exact case: its scenario run by the engine, and checks of its outcomes against theory. */
#ifndef WP_TESTS_EXACT_RUN_H
#define WP_TESTS_EXACT_RUN_H

#include "engine_run.h"
#include "statistics.h"

typedef struct exact_run {
    wp_scenario *scenario;
    wp_run_data data;
    double n;                  /* founding households, all replicates and draws */
    wp_checks checks;
} exact_run;

/* Reads tests/exact/<name>.yaml and runs it. `change`: a list {find, replace, …, NULL} of pieces of its text to
   replace first (a deliberate mistake), or NULL. */
void exact_begin(exact_run *x, const char *name, const char *const *change);
/* Prints the line of results, frees, and fails the test if a check failed. */
void exact_end(exact_run *x);
/* The same, but the test fails unless a check failed. */
void exact_end_broken(exact_run *x);

/* Mean per founding household of one outcome (in its unit) in one year (0-based; -1 all). */
double exact_mean(const exact_run *x, const char *arm, const char *outcome, int year);

/* Checks that mean; `sd` is that of one household. */
void exact_check(exact_run *x, const char *arm, const char *outcome, int year, double mean, double sd,
                 const char *nearest_wrong);
/* The same for a share p: sd = sqrt(p (1 - p)). */
void exact_share(exact_run *x, const char *arm, const char *outcome, int year, double p,
                 const char *nearest_wrong);

/* A sum over outcomes and years of count x price x discount^-year, mean per household. */
typedef struct priced { const char *outcome; double price; } priced;
double exact_priced(const exact_run *x, const char *arm, const priced *list, int n, double per_year_rate);

/* sd of one household's paired difference of that sum (mid-year), from the 32 batches; where batches are of
   random size its square has the square of the mean difference added. Its own relative error is 1/sqrt(62). */
double exact_paired_sd(const exact_run *x, const char *arm_a, const char *arm_b, const priced *list, int n,
                       double per_year_rate);

#endif
