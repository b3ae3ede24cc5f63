/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variance that pairing saved, from sums of squares by lineage. */
#include "uncertainty/pairing.h"

#include <math.h>
#include <string.h>

/* Where [arm][draw][replicate][value] lies. */
static size_t at(const wp_run_data *data, int arm, int run, int value)
{
    size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    return ((size_t)arm * n_runs + (size_t)run) * (size_t)data->n_values + (size_t)value;
}

/* A sum of squares about the mean can fall below zero by rounding alone. */
static double variance(double sum_squares, double sum, double n)
{
    return fmax(0.0, (sum_squares - sum * sum / n) / (n - 1.0));
}

bool wp_pairing_of(const wp_run_data *data, int arm, const char *value, wp_pairing *pairing)
{
    int v = 0, n_runs = data->n_draws * data->n_replicates;
    double n = (double)data->n_lineages, baseline = 0.0, own = 0.0, paired = 0.0;
    while (v < data->n_values && strcmp(data->values[v], value) != 0) { v++; }
    if (v == data->n_values || n < 2.0) { return false; }
    for (int run = 0; run < n_runs; run++) {
        size_t first = at(data, 0, run, v), second = at(data, arm, run, v);
        double sums[2] = {data->value_sum[first], data->value_sum[second]};
        baseline += variance(data->value_sum_squares[first], sums[0], n) / n_runs;
        own += variance(data->value_sum_squares[second], sums[1], n) / n_runs;
        paired += variance(data->paired_sum_squares[second], sums[0] - sums[1], n) / n_runs;
    }
    if (!(baseline + own > 0.0)) { return false; }
    *pairing = (wp_pairing){sqrt(baseline), sqrt(own), sqrt(paired), (baseline + own) / paired};
    return true;
}
