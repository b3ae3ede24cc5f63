/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: how much of an outcome falls on the few who have most of it. */
#ifndef WP_MONEY_CONCENTRATION_H
#define WP_MONEY_CONCENTRATION_H

#include "results/run_data.h"

/* Subjects in order of how much they have, most first. */
typedef struct wp_concentration {
    int n_bins;
    const double *people;      /* [bin] subjects with about amounts[bin] */
    const double *amounts;     /* [bin] mean amount of one of them, rising */
} wp_concentration;

/* Share of all that falls on the top `share` of subjects, 0 to 1: exact at borders of bins, and within one
   bin all have alike, so that it is never too high. NAN where nobody has anything. */
double wp_concentration_top(const wp_concentration *concentration, double share);

/* Gini coefficient, 0 (alike) to 1 (one has all); as exact as the bins. NAN as above. */
double wp_concentration_gini(const wp_concentration *concentration);

/* Histogram number `h` of a result in an arm, all draws and replicates together, into people[n_bins] and
   amounts[n_bins], in the outcome's unit: events are exact, of time whole units are known, and half of one
   more is taken but for the first bin. The last bin, "so many or more", has the mean that brings the sum to
   `total`, that of the outcome in all draws and replicates, unweighted, in its unit. */
void wp_concentration_of(const wp_run_data *data, int arm, int h, double total, double *people,
                         double *amounts);

#endif
