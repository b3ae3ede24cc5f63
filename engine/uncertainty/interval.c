/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of one figure, and of a ratio. */
#include "uncertainty/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "base/fail.h"

double wp_t_quantile(double degrees)
{
    return gsl_cdf_tdist_Pinv(0.975, degrees);
}

/* The interval over draws whose noise is shrunk away; sorts them. */
static void over_draws(const wp_nested *nested, double *draws, wp_interval *interval)
{
    size_t n = (size_t)nested->n_draws;
    interval->is_floored = nested->is_floored;
    interval->between_variance = nested->between[0];
    interval->degrees = nested->n_draws - 1;
    interval->mean_variance = nested->naive[0] / nested->n_draws;
    if (nested->n_draws < WP_MIN_PERCENTILE_DRAWS) {
        double half = wp_t_quantile(interval->degrees) *
                      sqrt(interval->between_variance * (1.0 + 1.0 / nested->n_draws));
        interval->method = WP_INTERVAL_T_DRAWS;
        interval->low = interval->mean - half;
        interval->high = interval->mean + half;
        return;
    }
    gsl_sort(draws, 1, n);
    interval->method = WP_INTERVAL_PERCENTILES;
    interval->low = gsl_stats_quantile_from_sorted_data(draws, 1, n, 0.025);
    interval->high = gsl_stats_quantile_from_sorted_data(draws, 1, n, 0.975);
}

wp_status wp_interval_estimate(const double *values, int n_draws, int n_replicates, const wp_batches *batches,
                               wp_interval *interval, wp_error *err)
{
    wp_status status = WP_OK;
    wp_nested nested = {0};
    wp_nested_sample sample = {.n_figures = 1, .n_draws = n_draws, .n_replicates = n_replicates,
                               .values = values, .batches = batches};
    *interval = (wp_interval){.low = NAN, .high = NAN, .noise = NAN, .within_variance = NAN,
                              .mean_variance = NAN, .degrees = NAN};
    WP_TRY(wp_nested_init(&nested, &sample, err));
    interval->mean = nested.mean[0];
    interval->within_variance = nested.within[0];
    if (n_draws > 1) {
        over_draws(&nested, nested.draws, interval);
    } else if (!isnan(interval->within_variance)) {
        interval->method = nested.is_by_batches ? WP_INTERVAL_BATCHES : WP_INTERVAL_REPLICATES;
        interval->degrees = nested.degrees;
        interval->mean_variance = wp_nested_noise_variance(&nested, 0);
    }
    if (interval->method != WP_INTERVAL_NONE) {
        interval->noise = wp_t_quantile(interval->degrees) * sqrt(interval->mean_variance);
    }
out:
    wp_nested_free(&nested);
    return status;
}

bool wp_interval_ends(const wp_interval *interval, double *low, double *high)
{
    const bool is_noise = isnan(interval->low) || (interval->is_floored && interval->noise > 0.0);
    *low = is_noise ? interval->mean - interval->noise : interval->low;
    *high = is_noise ? interval->mean + interval->noise : interval->high;
    return is_noise;
}

wp_interval wp_interval_negated(const wp_interval *interval)
{
    wp_interval turned = *interval;
    turned.mean = 0.0 - interval->mean;
    turned.low = 0.0 - interval->high;
    turned.high = 0.0 - interval->low;
    return turned;
}

bool wp_fieller(double a, double variance_a, double b, double variance_b, double covariance, double z,
                double *low, double *high)
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
