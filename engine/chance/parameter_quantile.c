/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameter draws by inverse CDF. Normal and lognormal have the same bits everywhere; gamma and
   beta rest on GSL's incomplete functions and owe theirs to the rounding. */
#include "chance/parameter_quantile.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdbool.h>

#include "base/fail.h"
#include "chance/elementary.h"
#include "chance/normal_quantile.h"
#include "chance/round24.h"
#include "chance/tail_quantile.h"

/* The normal's 97.5 % quantile as the literature rounds it (Briggs, Claxton and Sculpher 2006). */
static const double sd_per_interval95 = 2.0 * 1.96;

void wp_chance_init(void)
{
    gsl_set_error_handler_off();
}

static wp_status check_uniform(double u, wp_error *err)
{
    if (u > 0.0 && u < 1.0) { return WP_OK; }
    return wp_fail(err, WP_ERR_ARGUMENT, "the uniform is %g; it must be between 0 and 1", u);
}

static wp_status check_mean(const char *law, double mean, double low, double high, wp_error *err)
{
    if (mean > low && mean < high) { return WP_OK; }
    return wp_fail(err, WP_ERR_ARGUMENT,
                   "the mean of a %s distribution is %g; it must be above %g "
                   "and below %g",
                   law, mean, low, high);
}

/* first < second, and `mean` between them. */
static wp_status check_ends(const char *law, double mean, wp_spread spread, wp_error *err)
{
    if (!(spread.first < spread.second) || !isfinite(spread.first) || !isfinite(spread.second)) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "the low end of a %s distribution is %g and the high end "
                       "%g; low must be below high",
                       law, spread.first, spread.second);
    }
    if (mean < spread.first || mean > spread.second) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "the mean of a %s distribution is %g; it must lie in "
                       "[%g, %g]",
                       law, mean, spread.first, spread.second);
    }
    return WP_OK;
}

/* The standard deviation that sd, cv or interval95 states. */
static wp_status spread_sd(const char *law, double mean, wp_spread spread, double *sd,
                           wp_error *err)
{
    switch (spread.form) {
    case WP_SPREAD_SD:
        *sd = spread.first;
        break;
    case WP_SPREAD_CV:
        *sd = spread.first * fabs(mean);
        break;
    case WP_SPREAD_INTERVAL95: {
        wp_status status = check_ends(law, mean, spread, err);
        if (status != WP_OK) { return status; }
        *sd = (spread.second - spread.first) / sd_per_interval95;
        break;
    }
    case WP_SPREAD_RANGE:
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "a %s distribution takes sd, cv or interval95, not low "
                       "and high",
                       law);
    }
    if (*sd > 0.0 && isfinite(*sd)) { return WP_OK; }
    return wp_fail(err, WP_ERR_ARGUMENT,
                   "the standard deviation of a %s distribution is %g; it must "
                   "be above 0",
                   law, *sd);
}

/* Rounds to 24 bits, and refuses what is not finite. */
static wp_status give(const char *law, double result, double *value, wp_error *err)
{
    double rounded = (double)wp_round24(result);
    if (!isfinite(rounded)) {
        return wp_fail(err, WP_ERR_NUMERIC, "a draw of a %s distribution is not finite", law);
    }
    *value = rounded;
    return WP_OK;
}

wp_status wp_quantile_normal(double mean, wp_spread spread, double u, double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double sd = 0.0;
    WP_TRY(check_uniform(u, err));
    WP_TRY(check_mean("normal", mean, -INFINITY, INFINITY, err));
    WP_TRY(spread_sd("normal", mean, spread, &sd, err));
    WP_TRY(give("normal", mean + sd * wp_normal_quantile(u), value, err));
out:
    return status;
}

/* The standard deviation of the logarithm. With sd or cv of the variable and its mean m,
   sigma^2 = log(1 + (sd/m)^2); when m is the median, w = exp(sigma^2) solves w (w - 1) = (sd/m)^2.
 */
static wp_status lognormal_sigma(double mean, wp_spread spread, bool at_median, double *sigma,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    if (spread.form == WP_SPREAD_INTERVAL95) {
        WP_TRY(check_ends("lognormal", mean, spread, err));
        if (!(spread.first > 0.0)) {
            status = wp_fail(err, WP_ERR_ARGUMENT,
                             "the low end of a lognormal distribution is %g; "
                             "it must be above 0",
                             spread.first);
            goto out;
        }
        *sigma = (wp_log(spread.second) - wp_log(spread.first)) / sd_per_interval95;
        goto out;
    }
    double sd = 0.0;
    WP_TRY(spread_sd("lognormal", mean, spread, &sd, err));
    double square = (sd / mean) * (sd / mean);
    if (at_median && spread.form == WP_SPREAD_SD) {
        square = 2.0 * square / (1.0 + sqrt(1.0 + 4.0 * square));
    }
    *sigma = sqrt(wp_log1p(square));
out:
    return status;
}

wp_status wp_quantile_lognormal(double mean, wp_spread spread, int at_median, double u,
                                double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double sigma = 0.0;
    WP_TRY(check_uniform(u, err));
    WP_TRY(check_mean("lognormal", mean, 0.0, INFINITY, err));
    WP_TRY(lognormal_sigma(mean, spread, at_median != 0, &sigma, err));
    double location = wp_log(mean) - (at_median != 0 ? 0.0 : 0.5 * sigma * sigma);
    WP_TRY(give("lognormal", wp_exp(location + sigma * wp_normal_quantile(u)), value, err));
out:
    return status;
}

wp_status wp_quantile_gamma(double mean, wp_spread spread, double u, double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double sd = 0.0, log_x = 0.0;
    WP_TRY(check_uniform(u, err));
    WP_TRY(check_mean("gamma", mean, 0.0, INFINITY, err));
    WP_TRY(spread_sd("gamma", mean, spread, &sd, err));
    double shape = (mean / sd) * (mean / sd);
    if (!(shape >= 1e-6 && shape <= 1e9)) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "a gamma distribution of mean %g and standard deviation "
                         "%g has shape %g; it must be 1e-6 to 1e9",
                         mean, sd, shape);
        goto out;
    }
    WP_TRY(wp_gamma_log_quantile(shape, wp_point_from_uniform(u), &log_x, err));
    WP_TRY(give("gamma", mean * exp(log_x - log(shape)), value, err));
out:
    return status;
}

wp_status wp_quantile_beta(double mean, wp_spread spread, double u, double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double sd = 0.0, x = 0.0;
    WP_TRY(check_uniform(u, err));
    WP_TRY(check_mean("beta", mean, 0.0, 1.0, err));
    WP_TRY(spread_sd("beta", mean, spread, &sd, err));
    if (spread.form == WP_SPREAD_INTERVAL95 && (spread.first < 0.0 || spread.second > 1.0)) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "the interval of a beta distribution is [%g, %g]; it "
                         "must lie in [0, 1]",
                         spread.first, spread.second);
        goto out;
    }
    double size = mean * (1.0 - mean) / (sd * sd) - 1.0;
    if (!(size * fmin(mean, 1.0 - mean) >= 1e-6 && size <= 1e9)) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "a beta distribution of mean %g cannot have standard "
                         "deviation %g; it must be below %g",
                         mean, sd, sqrt(mean * (1.0 - mean)));
        goto out;
    }
    WP_TRY(wp_beta_quantile(mean * size, (1.0 - mean) * size, wp_point_from_uniform(u), &x, err));
    WP_TRY(give("beta", x, value, err));
out:
    return status;
}

/* The half width of a uniform distribution, whichever way it is stated. */
static wp_status uniform_half_width(double mean, wp_spread spread, double *half, wp_error *err)
{
    wp_status status = WP_OK;
    if (spread.form == WP_SPREAD_SD || spread.form == WP_SPREAD_CV) {
        double sd = 0.0;
        WP_TRY(spread_sd("uniform", mean, spread, &sd, err));
        *half = sqrt(3.0) * sd;
        goto out;
    }
    WP_TRY(check_ends("uniform", mean, spread, err));
    double width = spread.second - spread.first;
    double centre = spread.first + 0.5 * width;
    if (fabs(mean - centre) > 1e-6 * width) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "the mean of a uniform distribution on [%g, %g] is %g; "
                         "it must be %g",
                         spread.first, spread.second, mean, centre);
        goto out;
    }
    *half = 0.5 * width / (spread.form == WP_SPREAD_INTERVAL95 ? 0.95 : 1.0);
out:
    return status;
}

wp_status wp_quantile_uniform(double mean, wp_spread spread, double u, double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double half = 0.0;
    WP_TRY(check_uniform(u, err));
    WP_TRY(check_mean("uniform", mean, -INFINITY, INFINITY, err));
    WP_TRY(uniform_half_width(mean, spread, &half, err));
    WP_TRY(give("uniform", mean + half * (2.0 * u - 1.0), value, err));
out:
    return status;
}

wp_status wp_quantile_pert(double mean, wp_spread spread, double u, double *value, wp_error *err)
{
    wp_status status = WP_OK;
    double x = 0.0;
    WP_TRY(check_uniform(u, err));
    if (spread.form != WP_SPREAD_RANGE) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "a pert distribution takes low and high");
        goto out;
    }
    WP_TRY(check_ends("pert", mean, spread, err));
    double low = spread.first, width = spread.second - spread.first;
    double place = (mean - low) / width;
    /* The mode, (6 mean - low - high) / 4, as a share of the width; 1e-9 forgives rounding. */
    double mode = 1.5 * place - 0.25;
    if (mode < -1e-9 || mode > 1.0 + 1e-9) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "the mean of a pert distribution on [%g, %g] is %g; it "
                         "must be %g to %g",
                         low, spread.second, mean, low + width / 6.0, low + 5.0 * width / 6.0);
        goto out;
    }
    WP_TRY(wp_beta_quantile(6.0 * place, 6.0 - 6.0 * place, wp_point_from_uniform(u), &x, err));
    WP_TRY(give("pert", low + width * x, value, err));
out:
    return status;
}

wp_status wp_quantile_dirichlet(const double *counts, size_t n, const double *u, double *shares,
                                wp_error *err)
{
    wp_status status = WP_OK;
    if (n < 2) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "a dirichlet distribution needs two options");
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        WP_TRY(check_uniform(u[i], err));
        if (!(counts[i] >= 1e-6 && counts[i] <= 1e9)) {
            status = wp_fail(err, WP_ERR_ARGUMENT,
                             "a count of a dirichlet distribution is %g; it must "
                             "be 1e-6 to 1e9",
                             counts[i]);
            goto out;
        }
    }
    /* In logarithms, relative to the largest, so that tiny counts do not all become 0. */
    double largest = -INFINITY, sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        WP_TRY(wp_gamma_log_quantile(counts[i], wp_point_from_uniform(u[i]), &shares[i], err));
        largest = fmax(largest, shares[i]);
    }
    for (size_t i = 0; i < n; i++) {
        shares[i] = exp(shares[i] - largest);
        sum += shares[i];
    }
    for (size_t i = 0; i < n; i++) { shares[i] = (double)wp_round24(shares[i] / sum); }
out:
    return status;
}
