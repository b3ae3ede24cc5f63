/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a variance and what would change them. */
#include "uncertainty/outlook.h"

#include <math.h>

#include "chance/normal_quantile.h"

/* The part of the variance at which the noise of people is said to matter no more. */
static const double small_share = 0.01;

void wp_outlook_make(const wp_interval *interval, int n_draws, int n_replicates, wp_outlook *outlook)
{
    bool is_t = n_draws < WP_MIN_PERCENTILE_DRAWS && interval->degrees > 0.0; /* as the interval itself */
    double z = is_t ? wp_t_quantile(interval->degrees) : wp_normal_quantile(0.975);
    double people = interval->within_variance / ((double)n_draws * n_replicates);
    double evidence = n_draws > 1 ? interval->between_variance : NAN;
    double draws = n_draws > 1 ? evidence / n_draws : NAN;
    double known = n_draws > 1 ? evidence + draws : 0.0;
    *outlook = (wp_outlook){.people = people, .draws = draws, .evidence = evidence};
    outlook->half_width = z * sqrt(known + people);
    outlook->with_ten_times_people = z * sqrt(known + people / 10.0);
    outlook->with_ten_times_draws = z * sqrt(evidence + draws / 10.0 + people / 10.0);
    outlook->with_perfect_evidence = n_draws > 1 ? z * sqrt(people) : NAN;
    outlook->people_needed = fmax(1.0, people / (evidence * small_share / (1.0 - small_share)));
}

bool wp_outturn(const wp_interval *saving, const wp_interval *cost, int n_draws, double weight, double *low,
                double *high)
{
    double place = cost->within_variance / weight;
    double parameters = n_draws > 1 ? cost->between_variance : 0.0;
    double variance = place + parameters + saving->mean_variance;
    double half = saving->degrees > 0.0 ? wp_t_quantile(saving->degrees) * sqrt(variance) : NAN;
    *low = saving->mean - half;
    *high = saving->mean + half;
    return !isnan(half);
}

double wp_best_people_for_mean(double k, double setup)
{
    return fmax(1.0, sqrt(setup * k));
}

static double work_per_information(double n, double k, double setup)
{
    return (n + setup) * ((n + k) * (n + k) + k * k / (n - 1.0)) / (n * n);
}

/* Falls to its least and rises after it; the least whole number by halving. */
double wp_best_people_for_variance(double k, double setup)
{
    double low = 2.0, high = 4.0;
    while (high < 1e12 && work_per_information(high, k, setup) < work_per_information(high / 2.0, k, setup)) {
        high *= 2.0;
    }
    while (high - low > 0.5) {
        double middle = floor(0.5 * (low + high));
        if (work_per_information(middle + 1.0, k, setup) < work_per_information(middle, k, setup)) {
            low = middle + 1.0;
        } else {
            high = middle;
        }
    }
    return low;
}
