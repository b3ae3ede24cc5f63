/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameter draws: quantiles against GSL, moments by exact integration, refusals. */
#include "assert_close.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

#include "chance/parameter_quantile.h"
#include "chance/tail_quantile.h"
#include "chance/uniform.h"

typedef wp_status quantile_at(wp_spread spread, double u, double *value);

static wp_status normal_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_normal(-3.0, spread, u, value, NULL);
}

static wp_status lognormal_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_lognormal(1.4, spread, 0, u, value, NULL);
}

static wp_status gamma_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_gamma(250.0, spread, u, value, NULL);
}

static wp_status beta_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_beta(0.2, spread, u, value, NULL);
}

static wp_status uniform_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_uniform(5.0, spread, u, value, NULL);
}

static wp_status pert_at(wp_spread spread, double u, double *value)
{
    return wp_quantile_pert(4.0, spread, u, value, NULL);
}

static wp_spread spread_of(wp_spread_form form, double first, double second)
{
    return (wp_spread){.form = form, .first = first, .second = second};
}

/* Mean and sd by the midpoint rule over 20,000 equal steps of u (error of the rule for these laws
   below 1e-4 of the sd). */
static void assert_mean_and_sd(quantile_at *at, wp_spread spread, double mean, double sd)
{
    enum { N = 20000 };
    double sum = 0, square = 0, before = -INFINITY;
    for (size_t i = 0; i < N; i++) {
        double x = 0.0;
        assert_int_equal(at(spread, ((double)i + 0.5) / N, &x), WP_OK);
        assert_true(x >= before);
        assert_true((double)(float)x == x);
        before = x;
        sum += x - mean;
        square += (x - mean) * (x - mean);
    }
    assert_close(sum / N, 0.0, 0.0, 1e-4 * sd);
    assert_close(sqrt(square / N), sd, 1e-3, 0.0);
}

static void draws_have_the_stated_mean_and_sd(void **state)
{
    (void)state;
    assert_mean_and_sd(normal_at, spread_of(WP_SPREAD_SD, 0.5, 0), -3.0, 0.5);
    assert_mean_and_sd(normal_at, spread_of(WP_SPREAD_CV, 0.5, 0), -3.0, 1.5);
    assert_mean_and_sd(normal_at, spread_of(WP_SPREAD_INTERVAL95, -4.96, -1.04), -3.0, 1.0);
    assert_mean_and_sd(lognormal_at, spread_of(WP_SPREAD_SD, 0.7, 0), 1.4, 0.7);
    assert_mean_and_sd(lognormal_at, spread_of(WP_SPREAD_CV, 0.5, 0), 1.4, 0.7);
    assert_mean_and_sd(gamma_at, spread_of(WP_SPREAD_SD, 100.0, 0), 250.0, 100.0);
    assert_mean_and_sd(gamma_at, spread_of(WP_SPREAD_CV, 1.0, 0), 250.0, 250.0);
    assert_mean_and_sd(gamma_at, spread_of(WP_SPREAD_CV, 0.001, 0), 250.0, 0.25);
    assert_mean_and_sd(beta_at, spread_of(WP_SPREAD_SD, 0.1, 0), 0.2, 0.1);
    assert_mean_and_sd(beta_at, spread_of(WP_SPREAD_SD, 0.3, 0), 0.2, 0.3);
    assert_mean_and_sd(beta_at, spread_of(WP_SPREAD_SD, 0.001, 0), 0.2, 0.001);
    assert_mean_and_sd(uniform_at, spread_of(WP_SPREAD_RANGE, 2, 8), 5.0, 6.0 / sqrt(12.0));
    assert_mean_and_sd(uniform_at, spread_of(WP_SPREAD_SD, 1.5, 0), 5.0, 1.5);
    assert_mean_and_sd(uniform_at, spread_of(WP_SPREAD_INTERVAL95, 4.05, 5.95), 5.0,
                       2.0 / sqrt(12.0));
    /* PERT on [1, 9] of mean 4: beta(2.25, 3.75), variance 64 * 2.25 * 3.75 / (36 * 7). */
    assert_mean_and_sd(pert_at, spread_of(WP_SPREAD_RANGE, 1, 9), 4.0,
                       sqrt(64.0 * 2.25 * 3.75 / (36.0 * 7.0)));
}

static void intervals_and_medians_are_met(void **state)
{
    (void)state;
    double low = 0, middle = 0, high = 0;
    wp_spread interval = spread_of(WP_SPREAD_INTERVAL95, 1.1, 2.5);
    double median = sqrt(1.1 * 2.5);
    assert_int_equal(wp_quantile_lognormal(median, interval, 1, 0.025, &low, NULL), WP_OK);
    assert_int_equal(wp_quantile_lognormal(median, interval, 1, 0.5, &middle, NULL), WP_OK);
    assert_int_equal(wp_quantile_lognormal(median, interval, 1, 0.975, &high, NULL), WP_OK);
    /* 1.96 for 1.959964 moves the ends by 4e-6 of the log width. */
    assert_close(low, 1.1, 2e-5, 0.0);
    assert_close(middle, median, 1e-7, 0.0);
    assert_close(high, 2.5, 2e-5, 0.0);
    /* sd at the median: w (w - 1) = (sd/m)^2 with w = exp(sigma^2): m = 1, sd^2 = 2 gives w = 2. */
    wp_spread sd = spread_of(WP_SPREAD_SD, sqrt(2.0), 0);
    assert_int_equal(wp_quantile_lognormal(1.0, sd, 1, 0.8413447460685429, &high, NULL), WP_OK);
    assert_close(high, exp(sqrt(log(2.0))), 1e-7, 0.0);
}

/* The ends, where a double cannot hold x or 1 - x, are left out. */
static void assert_beta_inverts(double a, double b, double u)
{
    double x = -1.0;
    wp_log_odds_point point = wp_point_from_uniform(u);
    assert_int_equal(wp_beta_quantile(a, b, point, &x, NULL), WP_OK);
    assert_true(x >= 0.0 && x <= 1.0);
    if (x < 1e-290 || 1.0 - x < 1e-8) { return; }
    if (u < 0.5) {
        assert_close(gsl_cdf_beta_P(x, a, b), u, 1e-6, 0.0);
    } else if (x < 1e-6) {
        assert_close(1.0 - gsl_cdf_beta_P(x, a, b), 1.0 - u, 1e-6, 0.0);
    } else {
        assert_close(gsl_cdf_beta_Q(x, a, b), 1.0 - u, 1e-6, 0.0);
    }
}

static void beta_quantiles_invert_the_distribution(void **state)
{
    (void)state;
    static const double sizes[] = {0.01, 0.1, 0.5, 1.0, 3.0, 20.0, 500.0, 9000.0};
    for (size_t i = 0; i < 64; i++) {
        for (int k = 1; k < 30; k++) {
            assert_beta_inverts(sizes[i / 8], sizes[i % 8], pow(2.0, -k));
            assert_beta_inverts(sizes[i / 8], sizes[i % 8], 1.0 - pow(2.0, -k));
        }
    }
}

/* Both sides of the border at 1e4, where the method changes. */
static void beta_methods_agree_at_their_border(void **state)
{
    (void)state;
    static const double others[] = {1.0, 3.0, 60.0};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 1; k < 40; k++) {
            double u = (double)k / 40.0, before = 0, after = 0;
            wp_log_odds_point point = wp_point_from_uniform(u);
            double a = 1e4, b = 1e4 * others[i];
            assert_int_equal(wp_beta_quantile(a, b, point, &before, NULL), WP_OK);
            a = 1e4 * (1 + 1e-12);
            b = a * others[i];
            assert_int_equal(wp_beta_quantile(a, b, point, &after, NULL), WP_OK);
            assert_close(after, before, 1e-8, 0.0);
        }
    }
}

/* Mean c/s and variance m (1 - m) / (s + 1) of shares, within 4.5 SE of 20,000 keyed draws (the
   fourth moment about that of a normal: 2 var^2). */
static void dirichlet_shares_have_the_moments_of_theory(void **state)
{
    (void)state;
    enum { N = 20000 };
    static const double counts[3] = {12.0, 3.5, 20.0};
    wp_key key = wp_key_make(wp_test_seed(5), 0, 0);
    double sums[3] = {0}, squares[3] = {0}, total = 35.5;
    for (uint32_t i = 0; i < N; i++) {
        double u[3], shares[3];
        for (uint32_t j = 0; j < 3; j++) { u[j] = wp_uniform(key, i, 9, j); }
        assert_int_equal(wp_quantile_dirichlet(counts, 3, u, shares, NULL), WP_OK);
        assert_close(shares[0] + shares[1] + shares[2], 1.0, 0.0, 3 * 0x1p-25);
        for (size_t j = 0; j < 3; j++) {
            double d = shares[j] - counts[j] / total;
            sums[j] += d;
            squares[j] += d * d;
        }
    }
    for (size_t j = 0; j < 3; j++) {
        double mean = counts[j] / total, variance = mean * (1.0 - mean) / (total + 1.0);
        assert_within_se(sums[j] / N, 0.0, sqrt(variance / N));
        assert_within_se(squares[j] / N, variance, variance * sqrt(2.3 / N));
    }
}

static void tiny_and_huge_counts_give_shares(void **state)
{
    (void)state;
    static const double tiny[2] = {1e-4, 1e-4}, huge[2] = {3e6, 1e6}, u[2] = {0.3, 0.4};
    double shares[2];
    assert_int_equal(wp_quantile_dirichlet(tiny, 2, u, shares, NULL), WP_OK);
    assert_close(shares[0] + shares[1], 1.0, 1e-7, 0.0);
    assert_int_equal(wp_quantile_dirichlet(huge, 2, u, shares, NULL), WP_OK);
    assert_close(shares[0], 0.75, 2e-3, 0.0);
}

static void assert_refused(wp_status status, wp_error *err, const char *part)
{
    assert_int_equal(status, WP_ERR_ARGUMENT);
    if (strstr(err->text, part) == NULL) { fail_msg("'%s' does not say '%s'", err->text, part); }
    *err = (wp_error){0};
}

static void impossible_distributions_are_refused(void **state)
{
    (void)state;
    wp_error err = {0};
    double x = 77.0;
    wp_spread sd = spread_of(WP_SPREAD_SD, 0.5, 0), range = spread_of(WP_SPREAD_RANGE, 2, 1);
    wp_spread off = spread_of(WP_SPREAD_INTERVAL95, 2, 3), nan = spread_of(WP_SPREAD_SD, NAN, 0);
    assert_refused(wp_quantile_normal(0, sd, 0.0, &x, &err), &err, "uniform is 0");
    assert_refused(wp_quantile_normal(0, sd, 1.0, &x, &err), &err, "uniform is 1");
    assert_refused(wp_quantile_normal(NAN, sd, 0.5, &x, &err), &err, "mean of a normal");
    assert_refused(wp_quantile_normal(0, range, 0.5, &x, &err), &err, "takes sd, cv or interval95");
    assert_refused(wp_quantile_normal(0, nan, 0.5, &x, &err), &err, "above 0");
    assert_refused(wp_quantile_normal(1, off, 0.5, &x, &err), &err, "must lie in [2, 3]");
    assert_refused(wp_quantile_lognormal(-1, sd, 0, 0.5, &x, &err), &err, "above 0");
    assert_refused(
        wp_quantile_lognormal(1, spread_of(WP_SPREAD_INTERVAL95, 0, 2), 0, 0.5, &x, &err), &err,
        "low end of a lognormal");
    assert_refused(wp_quantile_gamma(0, sd, 0.5, &x, &err), &err, "mean of a gamma");
    assert_refused(wp_quantile_gamma(1e-9, sd, 0.5, &x, &err), &err, "has shape");
    assert_refused(wp_quantile_beta(1.0, sd, 0.5, &x, &err), &err, "below 1");
    assert_refused(wp_quantile_beta(0.5, sd, 0.5, &x, &err), &err, "must be below 0.5");
    assert_refused(wp_quantile_beta(0.5, spread_of(WP_SPREAD_INTERVAL95, -0.1, 0.9), 0.5, &x, &err),
                   &err, "must lie in [0, 1]");
    assert_refused(wp_quantile_uniform(1.5, range, 0.5, &x, &err), &err, "low must be below high");
    assert_refused(wp_quantile_uniform(1.2, spread_of(WP_SPREAD_RANGE, 1, 2), 0.5, &x, &err), &err,
                   "it must be 1.5");
    assert_refused(wp_quantile_pert(1.5, sd, 0.5, &x, &err), &err, "takes low and high");
    assert_refused(wp_quantile_pert(1.05, spread_of(WP_SPREAD_RANGE, 1, 2), 0.5, &x, &err), &err,
                   "it must be 1.16667 to 1.83333");
    assert_refused(wp_quantile_dirichlet((double[]){1}, 1, (double[]){0.5}, &x, &err), &err, "two");
    assert_refused(
        wp_quantile_dirichlet((double[]){1, 0}, 2, (double[]){0.5, 0.5}, (double[2]){0}, &err),
        &err, "a count");
    assert_true(x == 77.0);
}

static int setup(void **state)
{
    (void)state;
    wp_chance_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_stated_mean_and_sd),
        cmocka_unit_test(intervals_and_medians_are_met),
        cmocka_unit_test(beta_quantiles_invert_the_distribution),
        cmocka_unit_test(beta_methods_agree_at_their_border),
        cmocka_unit_test(dirichlet_shares_have_the_moments_of_theory),
        cmocka_unit_test(tiny_and_huge_counts_give_shares),
        cmocka_unit_test(impossible_distributions_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
