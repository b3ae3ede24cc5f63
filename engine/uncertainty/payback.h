/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By when a saving pays for itself, and how likely it is to have done so by each year. */
#ifndef WP_UNCERTAINTY_PAYBACK_H
#define WP_UNCERTAINTY_PAYBACK_H

#include "uncertainty/nested.h"

/* Net savings, cumulative and discounted, at the end of each year: values[year][draw][replicate], and batches
   of the same (wp_batches, years as its figures) or NULL. */
typedef struct wp_payback_sample {
    int n_years, n_draws, n_replicates;
    const double *values;
    const wp_batches *batches;
} wp_payback_sample;

enum { WP_NEVER = -1 };

/* Years are 0-based indices, or WP_NEVER within the run. With one draw there are no chances: how sure one can
   be comes from not knowing the parameters, never from the spread of paired lives. */
typedef struct wp_payback {
    wp_arena arena;
    int n_years;
    double *means;             /* [year] saved so far */
    double *chance;            /* [year] that it has saved by then, noise removed; NAN with one draw */
    int year;                  /* the first from which the mean is never below 0 again */
    int low, middle, high;     /* the same at 2.5, 50 and 97.5 %: over draws, rounded outwards to whole
                                  ones; with few draws where `chance` is so much */
    double never;              /* chance that it has not saved by the end: 1 less `chance` of the last year */
} wp_payback;

/* Noise is removed from each year by itself. Chances are shares of draws, or with fewer than
   WP_MIN_PERCENTILE_DRAWS of Student's t over draws. WP_ERR_ARGUMENT, WP_ERR_MEMORY. Free in any case. */
wp_status wp_payback_init(wp_payback *payback, const wp_payback_sample *sample, wp_error *err);
void wp_payback_free(wp_payback *payback);

/* First of n_years years from which `path` (stride apart) is never negative again; WP_NEVER where its
   end is. Years at the beginning in which nothing is spent or saved yet pay nothing back. */
int wp_payback_year(const double *path, int n_years, int stride);

/* Chance that a figure is over 0, from draws without noise: a share (halves for zeros) of
   WP_MIN_PERCENTILE_DRAWS draws or more, else Student's t over draws; NAN with one. */
double wp_chance_over_zero(const double *draws, int n_draws, int stride);

#endif
