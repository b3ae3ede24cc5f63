/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested analysis of variance: draws outside, replicates (or batches of lineages) inside. */
#include "uncertainty/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

double wp_t_quantile(double degrees)
{
    return gsl_cdf_tdist_Pinv(0.975, degrees);
}

/* Variance of a run's value from its batches: they are alike and independent, and add up to it. What goes with
   their sizes is no noise, since all founders together are given: the regression on size is taken out. */
static double batch_variance(const wp_batches *batches, size_t run, double *degrees)
{
    const int n = batches->n;
    const double *values = batches->values + run * (size_t)n, mean = gsl_stats_mean(values, 1, (size_t)n);
    double size = 0.0, xx = 0.0, xy = 0.0, squares = 0.0;
    for (int b = 0; b < n && batches->sizes != NULL; b++) { size += (double)batches->sizes[b] / n; }
    for (int b = 0; b < n && batches->sizes != NULL; b++) {
        const double x = (double)batches->sizes[b] - size;
        xx += x * x;
        xy += x * (values[b] - mean);
    }
    const double slope = xx > 0.0 ? xy / xx : 0.0;
    for (int b = 0; b < n; b++) {
        const double x = xx > 0.0 ? (double)batches->sizes[b] - size : 0.0;
        squares += pow(values[b] - mean - slope * x, 2);
    }
    const double free = xx > 0.0 ? n - 2 : n - 1;
    *degrees += free;
    return n * squares / free;
}

/* Variance of one replicate of one draw, mean over draws; NAN when it cannot be told. */
static double within_variance(const double *values, int n_draws, int n_replicates, const wp_batches *batches,
                              double *degrees)
{
    double sum = 0.0;
    if (n_replicates >= 2 && (n_draws > 1 || n_replicates >= WP_MIN_T_REPLICATES || batches == NULL)) {
        for (int d = 0; d < n_draws; d++) {
            sum += gsl_stats_variance(values + (size_t)d * (size_t)n_replicates, 1, (size_t)n_replicates);
        }
        *degrees = (double)n_draws * (n_replicates - 1);
        return sum / n_draws;
    }
    if (batches == NULL) { return NAN; }
    size_t n = (size_t)n_draws * (size_t)n_replicates;
    for (size_t i = 0; i < n; i++) { sum += batch_variance(batches, i, degrees); }
    return sum / (double)n;
}

/* Draws' means with the noise of the lives shrunk away, so that their variance is the one between. */
static void over_draws(double *means, int n_draws, double noise_variance, wp_interval *interval)
{
    size_t n = (size_t)n_draws;
    double variance = gsl_stats_variance(means, 1, n);
    double between = variance - (isnan(noise_variance) ? 0.0 : noise_variance);
    interval->is_floored = between < 0.0;
    interval->between_variance = between = fmax(between, 0.0);
    interval->noise = wp_t_quantile(n_draws - 1) * sqrt(variance / n_draws);
    if (n_draws < WP_MIN_PERCENTILE_DRAWS) {
        double half = wp_t_quantile(n_draws - 1) * sqrt(between * (1.0 + 1.0 / n_draws));
        interval->method = WP_INTERVAL_T_DRAWS;
        interval->low = interval->mean - half;
        interval->high = interval->mean + half;
        return;
    }
    double shrink = variance > 0.0 ? sqrt(between / variance) : 0.0;
    for (size_t d = 0; d < n; d++) { means[d] = interval->mean + shrink * (means[d] - interval->mean); }
    gsl_sort(means, 1, n);
    interval->method = WP_INTERVAL_PERCENTILES;
    interval->low = gsl_stats_quantile_from_sorted_data(means, 1, n, 0.025);
    interval->high = gsl_stats_quantile_from_sorted_data(means, 1, n, 0.975);
}

wp_status wp_interval_estimate(const double *values, int n_draws, int n_replicates, const wp_batches *batches,
                               wp_interval *interval, wp_error *err)
{
    wp_status status = WP_OK;
    double *means = NULL;
    double degrees = 0.0;
    *interval = (wp_interval){.low = NAN, .high = NAN, .noise = NAN, .within_variance = NAN};
    if (n_draws < 1 || n_replicates < 1) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "an interval needs a draw and a replicate");
        goto out;
    }
    means = wp_calloc_array((size_t)n_draws, sizeof *means);
    WP_TRY_ALLOC(means);
    for (int d = 0; d < n_draws; d++) {
        means[d] = gsl_stats_mean(values + (size_t)d * (size_t)n_replicates, 1, (size_t)n_replicates);
    }
    interval->mean = gsl_stats_mean(means, 1, (size_t)n_draws);
    interval->within_variance = within_variance(values, n_draws, n_replicates, batches, &degrees);
    if (n_draws > 1) {
        over_draws(means, n_draws, interval->within_variance / n_replicates, interval);
    } else if (!isnan(interval->within_variance)) {
        bool is_by_replicates = n_replicates >= WP_MIN_T_REPLICATES || batches == NULL;
        interval->method = is_by_replicates ? WP_INTERVAL_REPLICATES : WP_INTERVAL_BATCHES;
        interval->noise = wp_t_quantile(degrees) * sqrt(interval->within_variance / n_replicates);
    }
out:
    free(means);
    return status;
}

wp_interval wp_interval_negated(const wp_interval *interval)
{
    wp_interval turned = *interval;
    turned.mean = 0.0 - interval->mean;
    turned.low = 0.0 - interval->high;
    turned.high = 0.0 - interval->low;
    return turned;
}

bool wp_fieller(double a, double variance_a, double b, double variance_b, double covariance, double z, double *low,
                double *high)
{
    double lead = b * b - z * z * variance_b;
    double middle = a * b - z * z * covariance;
    double rest = a * a - z * z * variance_a;
    double discriminant = middle * middle - lead * rest;
    if (!(lead > 0.0) || !(discriminant >= 0.0)) { return false; }
    double root = sqrt(discriminant);
    *low = (middle - root) / lead;
    *high = (middle + root) / lead;
    return true;
}
