/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spend of persons, from bins that keep their sums. */
#include "uncertainty/spend.h"

#include <math.h>
#include <stddef.h>

#include "uncertainty/concentration.h"

void wp_spend_of(const wp_run_data *data, int arm, int year, double *people, double *amounts)
{
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates,
                 n_bins = (size_t)data->n_spend_bins;
    const int first = year == WP_ALL_YEARS ? 0 : year, last = year == WP_ALL_YEARS ? data->n_years - 2 : year;
    for (size_t b = 0; b < n_bins; b++) {
        int64_t n = 0;
        double pence = 0.0;
        for (size_t run = (size_t)arm * n_runs; run < ((size_t)arm + 1) * n_runs; run++) {
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
