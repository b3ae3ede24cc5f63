/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spend of persons, from bins that keep their sums. */
#include "money/person_spend.h"

#include <math.h>
#include <stddef.h>

#include "money/concentration.h"

/* Of runs numbered through all arms, and years, the first and last included. */
static void add_up(const wp_run_data *data, size_t first_run, size_t end_run, int first, int last, double *people,
                   double *amounts)
{
    const size_t n_bins = (size_t)data->n_spend_bins;
    for (size_t b = 0; b < n_bins; b++) {
        int64_t n = 0;
        double pence = 0.0;
        for (size_t run = first_run; run < end_run; run++) {
            for (int y = first; y <= last; y++) {
                const size_t at = (run * (size_t)data->n_years + (size_t)y) * n_bins + b;
                n += data->spend_people[at];
                pence += (double)data->spend_pence[at];
            }
        }
        people[b] = (double)n;
        amounts[b] = n > 0 ? 0.01 * pence / (double)n : 0.0;
    }
}

void wp_spend_of(const wp_run_data *data, int arm, int year, double *people, double *amounts)
{
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    const int first = year == WP_ALL_YEARS ? 0 : year, last = year == WP_ALL_YEARS ? data->n_years - 2 : year;
    add_up(data, (size_t)arm * n_runs, ((size_t)arm + 1) * n_runs, first, last, people, amounts);
}

void wp_spend_of_run(const wp_run_data *data, int arm, int run, int first_year, int last_year, double *people,
                     double *amounts)
{
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates,
                 at = (size_t)arm * n_runs + (size_t)run;
    const int last = last_year < data->n_years - 1 ? last_year : data->n_years - 2;
    add_up(data, at, at + 1, first_year, last, people, amounts);
}

static double sum_of(const double *people, const double *amounts, int n_bins)
{
    double sum = 0.0;
    for (int b = 0; b < n_bins; b++) { sum += people[b] * amounts[b]; }
    return sum;
}

double wp_spend_on_top(const double *people, const double *amounts, int n_bins, double share)
{
    const wp_concentration c = {n_bins, people, amounts};
    const double top = wp_concentration_top(&c, share);
    return isnan(top) ? 0.0 : top * sum_of(people, amounts, n_bins);
}
