/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duration quantiles: accuracy over both tails, moments from theory, refusals, faults. */
#include "assert_close.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <stdlib.h>
#include <string.h>

#include "chance/elementary.h"
#include "chance/equilibrium_table.h"
#include "chance/normal_quantile.h"
#include "chance/parameter_quantile.h"
#include "chance/quantile_table.h"
#include "chance/tail_quantile.h"
#include "failing_alloc.h"

static const double shapes[] = {0.06, 0.1, 0.3, 0.5, 1.0, 1.7, 4.0, 30.0, 1000.0, 20000.0, 1e9};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

/* The i-th of n points of (0, 1), equally spaced in the logit from 2^-53 to 1 - 2^-53. */
static double grid_point(size_t i, size_t n)
{
    double z = -36.73 + 73.46 * (double)i / (double)(n - 1);
    double u = z < 0.0 ? exp(z) / (1.0 + exp(z)) : 1.0 / (1.0 + exp(-z));
    return fmin(fmax(u, 0x1p-53), 1.0 - 0x1p-53);
}

/* GSL 2.7's incomplete gamma functions have relative errors near 1e-9 for shapes in the thousands,
   less below. */
static void exact_gamma_quantiles_invert_the_distribution(void **state)
{
    (void)state;
    static const double some[] = {1e-3, 0.06, 0.5, 1.0, 3.0, 40.0, 900.0};
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        for (size_t i = 0; i < 400; i++) {
            double u = grid_point(i, 400), log_x;
            wp_log_odds_point point = wp_point_from_uniform(u);
            assert_int_equal(wp_gamma_log_quantile(some[k], point, &log_x, NULL), WP_OK);
            double x = exp(log_x);
            if (x < 1e-300) { continue; }
            if (u < 0.5) {
                assert_close(gsl_cdf_gamma_P(x, some[k], 1.0), u, 1e-9, 0.0);
            } else {
                assert_close(gsl_cdf_gamma_Q(x, some[k], 1.0), 1.0 - u, 1e-9, 0.0);
            }
        }
    }
}

/* Values of mpmath 1.2 (50 digits; root of the regularised incomplete gamma function). */
static void large_shapes_match_high_precision(void **state)
{
    (void)state;
    static const struct {
        double shape, u, x;
    } cases[] = {
        {12000, 1.1102230246251565e-16, 11122.695346398811861},
        {12000, 1e-07, 11439.092151370095733},
        {12000, 0.3, 11942.314029656267152},
        {12000, 0.975, 12215.648874747532649},
        {12000, 0.9999999999990905, 12788.335707314230539},
        {1e+06, 1.1102230246251565e-16, 991812.58221929980837},
        {1e+06, 1e-07, 994809.3372253464655},
        {1e+06, 0.3, 999475.35791723595892},
        {1e+06, 0.975, 1001960.9109654503602},
        {1e+06, 0.9999999999990905, 1007063.9319602575757},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double log_x;
        wp_log_odds_point point = wp_point_from_uniform(cases[i].u);
        assert_int_equal(wp_gamma_log_quantile(cases[i].shape, point, &log_x, NULL), WP_OK);
        assert_close(exp(log_x), cases[i].x, 1e-10, 0.0);
    }
}

static void gamma_tables_are_within_1e_6(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_SHAPES; k++) {
        wp_quantile_table table;
        double worst = 0, before = 0, shape = (double)(float)shapes[k];
        assert_int_equal(wp_quantile_table_init_gamma(&table, shapes[k], NULL), WP_OK);
        for (size_t i = 0; i < 5000; i++) {
            double u = grid_point(i, 5000), log_x;
            wp_log_odds_point point = wp_point_from_uniform(u);
            assert_int_equal(wp_gamma_log_quantile(shape, point, &log_x, NULL), WP_OK);
            double q = wp_quantile_table_at(&table, u);
            worst = fmax(worst, fabs(q / (exp(log_x) / shape) - 1.0));
            assert_true(q >= before);
            before = q;
        }
        print_message("gamma of shape %g: %zu nodes, error %.2e\n", shapes[k], table.n_nodes,
                      worst);
        assert_true(worst < 1e-6);
        wp_quantile_table_free(&table);
    }
}

static void normal_quantiles_match_gsl(void **state)
{
    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        double u = grid_point(i, 20000);
        assert_close(wp_normal_quantile(u), gsl_cdf_ugaussian_Pinv(u), 2e-15, 1e-16);
        assert_true(wp_normal_quantile(u) == -wp_normal_quantile(1.0 - u) || u < 0.5);
    }
    assert_close(wp_normal_quantile(0.975), 1.95996398454005423552, 1e-15, 0.0);
}

static void closed_forms_match_theory(void **state)
{
    (void)state;
    wp_quantile_table weibull, lognormal, exponential, fixed;
    wp_error err = {0};
    assert_int_equal(wp_quantile_table_init_weibull(&weibull, 0.75, &err), WP_OK);
    assert_int_equal(wp_quantile_table_init_lognormal(&lognormal, 1.5, &err), WP_OK);
    assert_int_equal(wp_quantile_table_init_exponential(&exponential, &err), WP_OK);
    assert_int_equal(wp_quantile_table_init_fixed(&fixed, &err), WP_OK);
    double sigma = sqrt(log(1.0 + 1.5 * 1.5));
    for (size_t i = 0; i < 5000; i++) {
        double u = grid_point(i, 5000);
        double e = -log1p(-u);
        assert_close(wp_quantile_table_at(&weibull, u), pow(e, 1.0 / 0.75), 2e-14, 0.0);
        assert_close(wp_quantile_table_at(&lognormal, u),
                     exp(sigma * gsl_cdf_ugaussian_Pinv(u) - sigma * sigma / 2), 2e-14, 0.0);
        assert_close(wp_quantile_table_at(&exponential, u), e, 1e-15, 0.0);
        assert_true(wp_quantile_table_at(&fixed, u) == 1.0);
    }
    assert_close(wp_quantile_table_mean(&weibull), tgamma(1.0 + 1.0 / 0.75), 1e-7, 0.0);
    assert_true(wp_quantile_table_mean(&lognormal) == 1.0);
}

static void empirical_tables_are_the_inverse_step_function(void **state)
{
    (void)state;
    static const double values[] = {9.0, 2.0, 5.0, 2.0};
    wp_quantile_table table;
    assert_int_equal(wp_quantile_table_init_empirical(&table, values, 4, NULL), WP_OK);
    static const double at[] = {0x1p-53, 0.25, 0.5, 0.5 + 0x1p-53, 0.75, 0.7500001, 1 - 0x1p-53};
    static const double expected[] = {2, 2, 2, 5, 5, 9, 9};
    for (size_t i = 0; i < 7; i++) {
        assert_true(wp_quantile_table_at(&table, at[i]) == expected[i]);
    }
    assert_true(wp_quantile_table_mean(&table) == 4.5);
    wp_quantile_table_free(&table);
    wp_quantile_table_free(&table);
    assert_true(wp_quantile_table_at(&table, 0.3) == 1.0);
}

/* Mean and variance of 2^18 keyed draws, within 4.5 SE. Var of the sample variance is
   (mu4 - var^2) / n with mu4 = var^2 (3 + excess kurtosis). */
static void assert_moments(const wp_quantile_table *table, uint32_t purpose, double mean,
                           double variance, double excess)
{
    enum { N = 1 << 18 };
    wp_key key = wp_key_make(wp_test_seed(11), 0, 0);
    double sum = 0, square = 0;
    for (uint32_t i = 0; i < N; i++) {
        double x = wp_quantile_table_at(table, wp_uniform(key, i, purpose, 0)) - mean;
        sum += x;
        square += x * x;
    }
    assert_within_se(sum / N, 0.0, sqrt(variance / N));
    assert_within_se(square / N, variance, variance * sqrt((2.0 + excess) / N));
}

static void draws_have_the_moments_of_theory(void **state)
{
    (void)state;
    wp_quantile_table table;
    static const double some[] = {0.5, 1.0, 2.5, 50.0, 20000.0};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(wp_quantile_table_init_gamma(&table, some[i], NULL), WP_OK);
        assert_moments(&table, (uint32_t)i, 1.0, 1.0 / some[i], 6.0 / some[i]);
        wp_quantile_table_free(&table);
    }
    /* Lognormal of cv 0.5: w = 1 + cv^2, excess = w^4 + 2 w^3 + 3 w^2 - 6. */
    double w = 1.25;
    assert_int_equal(wp_quantile_table_init_lognormal(&table, 0.5, NULL), WP_OK);
    assert_moments(&table, 20, 1.0, 0.25, w * w * w * w + 2 * w * w * w + 3 * w * w - 6);
    const double pi = 3.14159265358979323846;
    /* Weibull of shape 2 (Rayleigh): mean sqrt(pi)/2, variance 1 - pi/4, excess 0.2451. */
    assert_int_equal(wp_quantile_table_init_weibull(&table, 2.0, NULL), WP_OK);
    assert_moments(&table, 21, sqrt(pi) / 2, 1 - pi / 4, 0.2451);
    assert_int_equal(wp_quantile_table_init_exponential(&table, NULL), WP_OK);
    assert_moments(&table, 22, 1.0, 1.0, 6.0);
}

static void impossible_shapes_are_refused(void **state)
{
    (void)state;
    wp_quantile_table table;
    wp_error err = {0};
    const double values[] = {1.0, NAN}, negative[] = {-1.0};
    assert_int_equal(wp_quantile_table_init_gamma(&table, 0.0, &err), WP_ERR_ARGUMENT);
    assert_string_equal(err.text,
                        "the shape of a gamma distribution is 0; it must be 0.06 to 1e+09");
    assert_null(table.nodes);
    assert_int_equal(wp_quantile_table_init_gamma(&table, NAN, NULL), WP_ERR_ARGUMENT);
    assert_int_equal(wp_quantile_table_init_weibull(&table, -1.0, NULL), WP_ERR_ARGUMENT);
    assert_int_equal(wp_quantile_table_init_lognormal(&table, INFINITY, NULL), WP_ERR_ARGUMENT);
    assert_int_equal(wp_quantile_table_init_empirical(&table, values, 0, NULL), WP_ERR_ARGUMENT);
    assert_int_equal(wp_quantile_table_init_empirical(&table, values, 2, NULL), WP_ERR_ARGUMENT);
    assert_int_equal(wp_quantile_table_init_empirical(&table, negative, 1, NULL), WP_ERR_ARGUMENT);
    assert_null(table.nodes);
    wp_quantile_table_free(&table);
}

static wp_status make_any(int kind, wp_quantile_table *table, wp_error *err)
{
    static const double values[] = {3.0, 1.0};
    if (kind == 0) { return wp_quantile_table_init_gamma(table, 0.5, err); }
    return wp_quantile_table_init_empirical(table, values, 2, err);
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const bool is_equilibrium = i >= 2;
        wp_quantile_table spell = {0};
        long n = 0;
        if (is_equilibrium) { assert_int_equal(make_any(i % 2, &spell, NULL), WP_OK); }
        for (wp_status status = WP_ERR_MEMORY; status != WP_OK; n++) {
            wp_quantile_table table;
            wp_error err = {0};
            failing_alloc_arm(n);
            status = is_equilibrium ? wp_quantile_table_init_equilibrium(&table, &spell, &err)
                                    : make_any(i, &table, &err);
            assert_int_equal(failing_alloc_fired(), status != WP_OK);
            assert_int_equal(err.status, status);
            assert_int_equal(status == WP_OK, table.nodes != NULL);
            wp_quantile_table_free(&table);
            assert_true(n < 50);
        }
        assert_true(n >= 2);
        wp_quantile_table_free(&spell);
    }
}

static int setup(void **state)
{
    (void)state;
    wp_chance_init();
    return 0;
}

/* The age of a spell in equilibrium, against the integral of the survival: S by GSL, the integral from the
   partial moments. Means by m2 / (2 m1). */
static void equilibrium_ages_invert_the_integral_of_the_survival(void **state)
{
    (void)state;
    static const double some[] = {0.06, 0.3, 1.0, 4.0, 200.0};
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        wp_quantile_table spell, age;
        assert_int_equal(wp_quantile_table_init_gamma(&spell, some[k], NULL), WP_OK);
        assert_int_equal(wp_quantile_table_init_equilibrium(&age, &spell, NULL), WP_OK);
        for (size_t i = 0; i < 200; i++) {
            const double u = grid_point(i, 200), t = wp_quantile_table_at(&age, u), y = some[k] * t;
            const double below = t * gsl_sf_gamma_inc_Q(some[k], y) + gsl_sf_gamma_inc_P(some[k] + 1.0, y);
            assert_close(below, u, 3e-6, 0.0);
        }
        assert_close(wp_quantile_table_mean(&age), 0.5 + 0.5 / some[k], 1e-6, 0.0);
        wp_quantile_table_free(&spell);
        wp_quantile_table_free(&age);
    }
}

static double mean_of_grid(const wp_quantile_table *table)
{
    enum { N = 400000 };
    double sum = 0.0;
    for (int i = 0; i < N; i++) { sum += wp_quantile_table_at(table, (i + 0.5) / N); }
    return sum / N;
}

static void equilibrium_ages_have_their_mean_in_every_law(void **state)
{
    (void)state;
    static const double values[] = {3.0, 1.0, 1.0, 7.0, 0.0};
    wp_quantile_table spells[7], age;
    assert_int_equal(wp_quantile_table_init_lognormal(&spells[0], 0.3, NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_lognormal(&spells[1], 1.2, NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_weibull(&spells[2], 0.7, NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_weibull(&spells[3], 60.0, NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_exponential(&spells[4], NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_fixed(&spells[5], NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_empirical(&spells[6], values, 5, NULL), WP_OK);
    /* m2 / (2 m1) */
    const double means[7] = {0.5 * (1.0 + 0.3 * 0.3), 0.5 * (1.0 + 1.2 * 1.2),
                             0.5 * exp(lgamma(1.0 + 2.0 / 0.7) - lgamma(1.0 + 1.0 / 0.7)),
                             0.5 * exp(lgamma(1.0 + 2.0 / 60.0) - lgamma(1.0 + 1.0 / 60.0)), 1.0, 0.5,
                             60.0 / 24.0};
    for (int k = 0; k < 7; k++) {
        assert_int_equal(wp_quantile_table_init_equilibrium(&age, &spells[k], NULL), WP_OK);
        assert_close(wp_quantile_table_mean(&age), means[k], 1e-6, 0.0);
        assert_close(mean_of_grid(&age), means[k], 2e-4, 0.0);
        wp_quantile_table_free(&age);
        wp_quantile_table_free(&spells[k]);
    }
    assert_int_equal(wp_quantile_table_init_empirical(&spells[6], &values[4], 1, NULL), WP_OK);
    assert_int_equal(wp_quantile_table_init_equilibrium(&age, &spells[6], NULL), WP_ERR_ARGUMENT);
    wp_quantile_table_free(&spells[6]);
}

static void shares_invert_quantiles(void **state)
{
    (void)state;
    wp_quantile_table table;
    assert_int_equal(wp_quantile_table_init_gamma(&table, 0.7, NULL), WP_OK);
    for (size_t i = 0; i < 100; i++) {
        const double u = 0.005 + 0.0099 * (double)i;
        assert_close(wp_quantile_table_share(&table, wp_quantile_table_at(&table, u)), u, 1e-12, 0.0);
    }
    assert_true(wp_quantile_table_share(&table, -1.0) == 0.0);
    assert_true(wp_quantile_table_share(&table, 1e9) == 1.0);
    wp_quantile_table_free(&table);
    assert_int_equal(wp_quantile_table_init_fixed(&table, NULL), WP_OK);
    assert_true(wp_quantile_table_share(&table, 0.999) == 0.0);
    assert_true(wp_quantile_table_share(&table, 1.0) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equilibrium_ages_invert_the_integral_of_the_survival),
        cmocka_unit_test(equilibrium_ages_have_their_mean_in_every_law),
        cmocka_unit_test(shares_invert_quantiles),
        cmocka_unit_test(exact_gamma_quantiles_invert_the_distribution),
        cmocka_unit_test(large_shapes_match_high_precision),
        cmocka_unit_test(gamma_tables_are_within_1e_6),
        cmocka_unit_test(normal_quantiles_match_gsl),
        cmocka_unit_test(closed_forms_match_theory),
        cmocka_unit_test(empirical_tables_are_the_inverse_step_function),
        cmocka_unit_test(draws_have_the_moments_of_theory),
        cmocka_unit_test(impossible_shapes_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
