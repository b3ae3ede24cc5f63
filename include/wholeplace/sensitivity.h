/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity: how much of what is not known of a figure each uncertain number explains, alone and with all
   others (Sobol indices), by simulation. */
#ifndef WHOLEPLACE_SENSITIVITY_H
#define WHOLEPLACE_SENSITIVITY_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/run.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Shares of the figure's variance over all that is not known, with 95 % intervals of how well so few draws
   tell them; NAN where they do not. Of fewer than 16 draws no interval is told. */
typedef struct wp_sensitivity_input {
    const char *name;          /* "onset", "onset + relapse" where they are correlated or asked for together */
    int n_numbers;
    bool changes_lives;        /* false: prices alone, which take no simulation */
    double first, first_low, first_high; /* what would go if this alone was known */
    double total, total_low, total_high; /* what would be left if all but this was known */
} wp_sensitivity_input;

typedef struct wp_sensitivity {
    bool is_found;             /* false: what would be simulated, in a dry run or before it begins */
    char figure[256];          /* in words, */
    char unit[32];             /*   and its unit; "%" of a share, which `mean` and `sd` have as 0.2 */
    int n_draws;
    int n_inputs;
    wp_sensitivity_input *inputs; /* the largest total first, once found */
    int n_models;              /* n_draws x (n_inputs + 2) */
    int n_runs;                /* those of them that are simulated; the others have the lives of one that is */
    double mean, sd;           /* of the figure over the draws, noise removed; sd is 0 where nothing varies */
    double noise;              /* variance that was noise, as a share of all; NAN: it cannot be told */
    void *owner;
} wp_sensitivity;

enum { WP_SENSITIVITY_DRAWS = 64 };

/* Zero is the default. */
typedef struct wp_sensitivity_options {
    const char *arm;           /* the figure is its saving: pounds, net, discounted, whole run, without transfers; NULL:
                                  the only arm beside the baseline */
    const char *target;        /* not NULL: the figure of this target of the scenario instead */
    const char *const *of;     /* inputs, "NAME" or "NAME,NAME" for several together; all others are one more */
    int n_of;                  /* 0: each uncertain number is an input, and correlated ones are one */
    wp_run_options run;        /* draws: 2 or more; 0: WP_SENSITIVITY_DRAWS. dry_run: nothing is simulated */
    void (*planned)(void *user, const wp_sensitivity *plan); /* may be NULL: before anything is simulated */
} wp_sensitivity_options;

/* Pick and freeze: in each draw all numbers have values from two independent samples A and B (Latin
   hypercubes, through the quantiles of their distributions), and for each input again those of A but for
   the input's from B. Indices are Saltelli's (2010) and Jansen's (1999), with noise removed and intervals
   as engine/uncertainty/sobol_indices.h has them. All runs have the same lives but for what the numbers
   change, so an input that the figure does not read has indices of exactly 0. Noise of a saving is told
   from random groups of families, or from 10 replicates or more; of a target from replicates. `run.user` is
   `planned`'s as well.

   WP_ERR_ARGUMENT: fewer than 2 draws; an unknown arm, target or number, a number that is not uncertain or
   named twice; both `arm` and `target`; correlated numbers that are asked for apart, whose indices are not
   defined; nothing is uncertain. WP_ERR_NUMERIC where the figure cannot be computed in some draw. Else
   errors as wp_run. Free with wp_sensitivity_free in any case. */
wp_status wp_sensitivity_find(const wp_scenario *scenario, const wp_sensitivity_options *options,
                              wp_sensitivity *found, wp_error *err);
void wp_sensitivity_free(wp_sensitivity *found);

/* How many runs it takes, as one sentence with a line's end. */
void wp_sensitivity_print_plan(const wp_sensitivity *plan, FILE *out);

/* A table, one JSON object, or CSV (RFC 4180 with line feeds; input, numbers, changes_lives, total,
   total_low, total_high, first, first_low, first_high; empty where not known). */
void wp_sensitivity_print(const wp_sensitivity *found, FILE *out);
void wp_sensitivity_print_json(const wp_sensitivity *found, FILE *out);
void wp_sensitivity_print_csv(const wp_sensitivity *found, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
