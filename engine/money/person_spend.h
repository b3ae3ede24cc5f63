/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How unequally spend falls on persons, by arm and year. */
#ifndef WP_MONEY_PERSON_SPEND_H
#define WP_MONEY_PERSON_SPEND_H

#include "results/run_data.h"

enum { WP_ALL_YEARS = -1 };

/* Persons and the mean of what was spent on each of them, in pounds and undiscounted, into
   people[n_spend_bins] and amounts[n_spend_bins], least first; all draws and replicates together, unweighted.
   Of one year of the run (0-based), or WP_ALL_YEARS: each person once for each year. */
void wp_spend_of(const wp_run_data *data, int arm, int year, double *people, double *amounts);

/* The same of one run (draw x n_replicates + replicate) and of years first_year to last_year, each person once for
   each; what happens at the last instant is no year's. */
void wp_spend_of_run(const wp_run_data *data, int arm, int run, int first_year, int last_year, double *people,
                     double *amounts);

/* Pounds spent in all on the top `share` of persons, and on how many persons that is, of what wp_spend_of
   gives; as wp_concentration_top, it is exact at borders of bins and never too high. */
double wp_spend_on_top(const double *people, const double *amounts, int n_bins, double share);

#endif
