/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a scenario says of a distribution to its quantile. */
#include "model/distribution_draw.h"

#include <math.h>

#include "chance/parameter_quantile.h"
#include "chance/round24.h"

static wp_spread spread_of(const wp_distribution *d)
{
    if (!isnan(d->sd)) { return (wp_spread){WP_SPREAD_SD, d->sd, 0.0}; }
    if (!isnan(d->cv)) { return (wp_spread){WP_SPREAD_CV, d->cv, 0.0}; }
    if (!isnan(d->interval_low)) {
        return (wp_spread){WP_SPREAD_INTERVAL95, d->interval_low, d->interval_high};
    }
    return (wp_spread){WP_SPREAD_RANGE, d->low, d->high};
}

wp_status wp_distribution_draw(const wp_distribution *distribution, double mean, double u, double *value,
                               wp_error *err)
{
    const wp_distribution *d = distribution;
    wp_spread spread = spread_of(d);
    switch (d->kind) {
    case WP_DISTRIBUTION_NORMAL:
        return wp_quantile_normal(mean, spread, u, value, err);
    case WP_DISTRIBUTION_LOGNORMAL:
        return wp_quantile_lognormal(mean, spread, d->value_is_median, u, value, err);
    case WP_DISTRIBUTION_GAMMA:
        return wp_quantile_gamma(mean, spread, u, value, err);
    case WP_DISTRIBUTION_BETA:
        return wp_quantile_beta(mean, spread, u, value, err);
    case WP_DISTRIBUTION_UNIFORM:
        /* Between stated ends nothing is left to the mean: the value may lie off the middle. */
        if (spread.form == WP_SPREAD_RANGE) { mean = 0.5 * (spread.first + spread.second); }
        return wp_quantile_uniform(mean, spread, u, value, err);
    case WP_DISTRIBUTION_PERT:
        return wp_quantile_pert(mean, spread, u, value, err);
    case WP_DISTRIBUTION_NONE:
    case WP_DISTRIBUTION_DIRICHLET:
        break;
    }
    *value = wp_round24(mean);
    return WP_OK;
}
