/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles by Newton's method on the logarithm of the nearer tail, kept inside a bracket. (GSL's
   own gsl_cdf_*_Pinv stop at a relative error near 1e-6 and can fail for small shapes.) */
#include "chance/tail_quantile.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#include "base/fail.h"
#include "chance/normal_quantile.h"

enum { ITERATIONS_MAX = 200 };

/* From here on expansions in 1/shape are better than GSL's sums, which need many terms. */
static const double shape_large = 1e4;

/* log of the nearer tail at y, and its slope in y; false when it cannot be computed. */
typedef bool tail_function(const void *law, bool is_upper, double y, double *log_tail,
                           double *slope);

/* y between `low` and `high` with log_tail(y) = target. */
static wp_status solve(tail_function *tail, const void *law, bool is_upper, double target,
                       double low, double high, double start, double *solution, wp_error *err)
{
    double y = start > low && start < high ? start : 0.5 * (low + high);
    for (int i = 0; i < ITERATIONS_MAX; i++) {
        double log_tail, slope;
        if (!tail(law, is_upper, y, &log_tail, &slope)) { break; }
        double excess = log_tail - target;
        if (excess == 0.0) {
            *solution = y;
            return WP_OK;
        }
        if ((excess > 0.0) != is_upper) {
            high = y;
        } else {
            low = y;
        }
        double next = y - excess / slope;
        if (!(next > low && next < high)) { next = 0.5 * (low + high); }
        if (fabs(next - y) <= 1e-14 * (1.0 + fabs(y)) || !(low < next && next < high)) {
            *solution = next;
            return WP_OK;
        }
        y = next;
    }
    return wp_fail(err, WP_ERR_NUMERIC, "a quantile cannot be computed (log tail %.6g)", target);
}

wp_log_odds_point wp_point_from_uniform(double u)
{
    return (wp_log_odds_point){.log_u = log(u), .log_v = log1p(-u)};
}

wp_log_odds_point wp_point_from_logit(double z)
{
    return (wp_log_odds_point){.log_u = -log1p(exp(-z)), .log_v = -log1p(exp(z))};
}

/* The normal quantile of the point, from its nearer tail. */
static double point_normal(wp_log_odds_point point)
{
    if (point.log_u <= point.log_v) { return wp_normal_quantile(exp(point.log_u)); }
    return -wp_normal_quantile(exp(point.log_v));
}

static bool gamma_tail(const void *law, bool is_upper, double y, double *log_tail, double *slope)
{
    double shape = *(const double *)law;
    double x = exp(y);
    gsl_sf_result p;
    int code = is_upper ? gsl_sf_gamma_inc_Q_e(shape, x, &p) : gsl_sf_gamma_inc_P_e(shape, x, &p);
    if (code != GSL_SUCCESS && code != GSL_EUNDRFLW) { return false; }
    double density = exp(shape * y - x - lgamma(shape));
    *log_tail = log(p.val);
    *slope = (is_upper ? -density : density) / p.val;
    return true;
}

/* The Cornish-Fisher expansion of the gamma's quantile (Johnson, Kotz and Balakrishnan 1994, vol.
   1, ch. 18, for chi-squared); the next term is below 1e-12 of x for shapes above 1e4, |z| < 8.3.
 */
static double gamma_large(double shape, double z)
{
    double root = sqrt(shape), z2 = z * z;
    double sum = z * (9.0 * z2 * z2 + 256.0 * z2 - 433.0) / (38880.0 * root * shape);
    sum -= (3.0 * z2 * z2 + 7.0 * z2 - 16.0) / (810.0 * shape);
    sum += z * (z2 - 7.0) / (36.0 * root);
    sum += (z2 - 1.0) / 3.0;
    return shape + (z * root + sum);
}

wp_status wp_gamma_log_quantile(double shape, wp_log_odds_point point, double *log_x, wp_error *err)
{
    if (shape > shape_large) {
        *log_x = log(gamma_large(shape, point_normal(point)));
        return WP_OK;
    }
    /* P(x) = x^a / Gamma(a+1) (1 - x a/(a+1) + O(x^2)): a lower bound, and exact where x is small.
     */
    double bound = (point.log_u + lgamma(shape + 1.0)) / shape;
    if (bound < -25.0) {
        *log_x = bound + exp(bound) / (shape + 1.0);
        return WP_OK;
    }
    /* Laurent and Massart 2000 (Annals of Statistics 28:1302), lemma 1: P(X >= a + sqrt(2 a t) + t)
       <= e^-t. */
    double t = -point.log_v + 1.0;
    double high = log(shape + sqrt(2.0 * shape * t) + t);
    /* The start: Wilson and Hilferty 1931. */
    double root = 1.0 - 1.0 / (9.0 * shape) + point_normal(point) / (3.0 * sqrt(shape));
    double start = root > 0.2 ? log(shape) + 3.0 * log(root) : bound + 1e-3;
    bool is_upper = point.log_u > point.log_v;
    return solve(gamma_tail, &shape, is_upper, is_upper ? point.log_v : point.log_u, bound - 1e-9,
                 high, start, log_x, err);
}

typedef struct beta_law {
    double a, b, log_beta;
} beta_law;

/* The lower or the upper tail at x. The upper by the mirror image only where it is small: 1 - x
   loses the digits of a small x. */
static bool beta_tail_at(const beta_law *beta, bool is_upper, double x, double *tail)
{
    gsl_sf_result p;
    int code = gsl_sf_beta_inc_e(beta->a, beta->b, x, &p);
    if (code == GSL_SUCCESS && is_upper && p.val > 0.99999) {
        code = gsl_sf_beta_inc_e(beta->b, beta->a, 1.0 - x, &p);
        *tail = p.val;
    } else {
        *tail = is_upper ? 1.0 - p.val : p.val;
    }
    return code == GSL_SUCCESS || code == GSL_EUNDRFLW;
}

/* y = log x. */
static bool beta_tail(const void *law, bool is_upper, double y, double *log_tail, double *slope)
{
    const beta_law *beta = law;
    double x = exp(y), p;
    if (!beta_tail_at(beta, is_upper, x, &p)) { return false; }
    double density = exp(beta->a * y + (beta->b - 1.0) * log1p(-x) - beta->log_beta);
    *log_tail = log(p);
    *slope = (is_upper ? -density : density) / p;
    return true;
}

/* The Cornish-Fisher expansion of logit X, whose cumulants are those of the difference of two
   log-gammas: polygamma functions, by their asymptotic series (Abramowitz and Stegun 1964, 6.4.11).
 */
static double beta_large(double a, double b, double z)
{
    double mean = log(a / b) - 0.5 / a + 0.5 / b - 1.0 / (12.0 * a * a) + 1.0 / (12.0 * b * b);
    double variance = 1.0 / a + 1.0 / b + 0.5 / (a * a) + 0.5 / (b * b);
    double third = -1.0 / (a * a) + 1.0 / (b * b) - 1.0 / (a * a * a) + 1.0 / (b * b * b);
    double fourth = 2.0 / (a * a * a) + 2.0 / (b * b * b);
    double sd = sqrt(variance), z2 = z * z;
    double skewness = third / (variance * sd), excess = fourth / (variance * variance);
    double w = z + (z2 - 1.0) * skewness / 6.0 + z * (z2 - 3.0) * excess / 24.0 -
               z * (2.0 * z2 - 5.0) * skewness * skewness / 36.0;
    return 1.0 / (1.0 + exp(-(mean + sd * w)));
}

wp_status wp_beta_quantile(double a, double b, wp_log_odds_point point, double *x, wp_error *err)
{
    if (fmin(a, b) > shape_large) {
        *x = beta_large(a, b, point_normal(point));
        return WP_OK;
    }
    /* Above one half, the mirror image, so that what is solved for is the smaller of x and 1 - x.
     */
    gsl_sf_result below_half;
    int code = gsl_sf_beta_inc_e(a, b, 0.5, &below_half);
    if (code != GSL_SUCCESS && code != GSL_EUNDRFLW) {
        return wp_fail(err, WP_ERR_NUMERIC, "a beta distribution (%g, %g) cannot be computed", a,
                       b);
    }
    bool mirrored = log(below_half.val) < point.log_u;
    beta_law law = {.a = mirrored ? b : a, .b = mirrored ? a : b};
    law.log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    double log_lower = mirrored ? point.log_v : point.log_u;
    double log_upper = mirrored ? point.log_u : point.log_v;
    bool is_upper = log_lower > log_upper;
    double log_x = 0.0;
    wp_status status = solve(beta_tail, &law, is_upper, is_upper ? log_upper : log_lower, -700.0,
                             -0.6, log(law.a / (law.a + law.b)), &log_x, err);
    if (status != WP_OK) { return status; }
    double small = log_x < -690.0 ? 0.0 : exp(log_x);
    *x = mirrored ? 1.0 - small : small;
    return WP_OK;
}
