/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves, acceptability and the value of information (case E18). */
#include <stdlib.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/normal_quantile.h"
#include "chance/uniform.h"
#include "uncertainty/information.h"
#include "uncertainty/payback.h"
#include "uncertainty/nested.h"
#include "uncertainty/spline.h"

enum { N = 100000 };

static double normal(uint64_t id, uint32_t what)
{
    return wp_normal_quantile(wp_uniform(wp_key_make(18, 0, 0), id, what, 0));
}

/* E18: benefit p1 - p2 against nothing; p1 normal (1, 1), p2 normal (0, 2). */
static void make_choice(double *p1, double *p2, double *benefits)
{
    for (uint64_t d = 0; d < N; d++) {
        p1[d] = 1.0 + normal(d, 1);
        p2[d] = 2.0 * normal(d, 2);
        benefits[2 * d] = 0.0;
        benefits[2 * d + 1] = p1[d] - p2[d];
    }
}

static void perfect_knowledge_is_worth_what_theory_says(void **state)
{
    (void)state;
    double *p1 = calloc(4 * N, sizeof *p1), *p2 = p1 + N, *benefits = p1 + 2 * N;
    double shares[2], losses[2], value = 0.0, se = 0.0;
    assert_non_null(p1);
    make_choice(p1, p2, benefits);
    /* EVPI is E max(0, -B), of a normal (-1, 2.236) cut at 0: variance 0.927. */
    assert_within_se(wp_evpi(benefits, N, 2), 0.4798107063, sqrt(0.927 / N));
    assert_int_equal(wp_best_option(benefits, N, 2), 1);
    wp_acceptability(benefits, N, 2, shares, losses);
    assert_within_se(shares[1], 0.6726395770, sqrt(0.67264 * 0.32736 / N));
    assert_close(shares[0] + shares[1], 1.0, 1e-12, 0.0);
    assert_close(losses[1], wp_evpi(benefits, N, 2), 1e-12, 0.0);
    /* What the curve leaves open, and the draws' sampling: sd 0.26 and 0.826 of normals (-1, 1), (-1, 2) cut
       at 0. */
    assert_int_equal(wp_evppi(p1, benefits, N, 2, &value, &se, NULL), WP_OK);
    assert_true(se > 0.0 && se < 0.005);
    assert_within_se(value, 0.0833154706, sqrt(se * se + 0.26 * 0.26 / N));
    assert_int_equal(wp_evppi(p2, benefits, N, 2, &value, &se, NULL), WP_OK);
    assert_within_se(value, 0.3955931148, sqrt(se * se + 0.826 * 0.826 / N));
    for (int d = 0; d < N; d++) { p1[d] = d % 2; }
    assert_int_equal(wp_evppi(p1, benefits, N, 2, &value, &se, NULL), WP_OK);
    assert_true(value == 0.0 && se == 0.0);
    free(p1);
}

/* Noise of variance 10 in each of two replicates: 5 in each mean. The naive EVPI is 0.8241241. */
static void noise_is_taken_out_before_the_value_of_information(void **state)
{
    (void)state;
    double *p1 = calloc(8 * N, sizeof *p1), *p2 = p1 + N, *benefits = p1 + 2 * N, *values = p1 + 4 * N;
    double *naive = p1 + 6 * N;
    wp_nested nested = {0};
    wp_nested_sample sample = {.n_figures = 1, .n_draws = N, .n_replicates = 2, .values = values};
    assert_non_null(p1);
    make_choice(p1, p2, benefits);
    for (uint64_t d = 0; d < N; d++) {
        values[2 * d] = benefits[2 * d + 1] + sqrt(10.0) * normal(d, 3);
        values[2 * d + 1] = benefits[2 * d + 1] + sqrt(10.0) * normal(d, 4);
        naive[2 * d + 1] = 0.5 * (values[2 * d] + values[2 * d + 1]);
    }
    assert_int_equal(wp_nested_init(&nested, &sample, NULL), WP_OK);
    for (int d = 0; d < N; d++) { benefits[2 * d + 1] = nested.draws[d]; }
    /* With noise the cut normal has variance 2.26. Without, 0.927; and the variance between is known to 1 %,
       which moves EVPI by 0.361 (the density at 0.447) times 0.011. */
    assert_within_se(wp_evpi(naive, N, 2), 0.8241241, sqrt(2.26 / N));
    assert_within_se(wp_evpi(benefits, N, 2), 0.4798107063, sqrt(0.927 / N + 0.004 * 0.004));
    wp_nested_free(&nested);
    free(p1);
}

/* E18: effect normal (.05, .03), cost normal (900, 700), correlation .4. */
static void acceptability_and_its_curve(void **state)
{
    (void)state;
    static const double worth[] = {0.0, 10e3, 20e3, 30e3, 50e3};
    static const double chance[] = {0.0992714, 0.2665841, 0.5554654, 0.7493685, 0.8771306};
    static const double evpi[] = {NAN, 104.24356, 238.79462, 133.51711, NAN};
    double *benefits = calloc(2 * N, sizeof *benefits);
    assert_non_null(benefits);
    for (int k = 0; k < 5; k++) {
        double shares[2], sd = 0.0;
        for (uint64_t d = 0; d < N; d++) {
            double a = normal(d, 11), b = 0.4 * a + sqrt(1.0 - 0.16) * normal(d, 12);
            benefits[2 * d + 1] = worth[k] * (0.05 + 0.03 * a) - (900.0 + 700.0 * b);
        }
        wp_acceptability(benefits, N, 2, shares, NULL);
        assert_within_se(shares[1], chance[k], sqrt(chance[k] * (1.0 - chance[k]) / N));
        if (isnan(evpi[k])) { continue; }
        /* The benefit's sd bounds that of a part of it. */
        sd = sqrt(worth[k] * worth[k] * 9e-4 + 49e4 - 2.0 * 0.4 * worth[k] * 21.0);
        assert_within_se(wp_evpi(benefits, N, 2), evpi[k], 0.7 * sd / sqrt(N));
    }
    free(benefits);
}

static void ties_are_shared(void **state)
{
    (void)state;
    static const double benefits[] = {0, 0, -1, 0, 2, 2, 0, -1, -3, 0, 1, 0};
    double shares[3], losses[3];
    wp_acceptability(benefits, 4, 3, shares, losses);
    assert_close(shares[0], (0.5 + 0.0 + 1.0 + 0.0) / 4.0, 1e-12, 0.0);
    assert_close(shares[1], (0.5 + 0.5 + 0.0 + 1.0) / 4.0, 1e-12, 0.0);
    assert_close(losses[0], 0.75, 1e-12, 0.0);
    assert_int_equal(wp_best_option(benefits, 4, 3), 1);
    assert_close(wp_evpi(benefits, 4, 3), 0.25, 1e-12, 0.0);
}

static void a_curve_finds_a_sine_and_leaves_a_line_straight(void **state)
{
    (void)state;
    enum { POINTS = 2000 };
    double x[POINTS], wave[POINTS], line[POINTS], weights[WP_SPLINE_KNOTS], sum = 0.0;
    wp_spline_basis basis = {0};
    wp_spline_fit fit;
    for (uint64_t i = 0; i < POINTS; i++) {
        x[i] = 6.0 * wp_uniform(wp_key_make(1, 0, 0), i, 7, 0);
        wave[i] = sin(x[i]) + 0.2 * normal(i, 21);
        line[i] = 3.0 - 2.0 * x[i];
    }
    assert_int_equal(wp_spline_basis_init(&basis, x, POINTS, NULL), WP_OK);
    assert_int_equal(basis.n_knots, WP_SPLINE_KNOTS);
    wp_spline_weights(&basis, 2.2, weights);
    for (size_t k = 0; k < basis.n_knots; k++) { sum += weights[k]; }
    assert_close(sum, 1.0, 1e-12, 0.0);
    assert_int_equal(wp_spline_fit_make(&basis, wave, 1, &fit, NULL), WP_OK);
    assert_within_se(fit.residual_variance, 0.04, 0.04 * sqrt(2.0 / POINTS));
    assert_close(wp_spline_at(&basis, fit.values, 1.57), 1.0, 0.0, 0.05);
    assert_close(wp_spline_at(&basis, fit.values, 4.71), -1.0, 0.0, 0.05);
    assert_true(fit.degrees > 4.0 && fit.explained > 0.9);
    assert_int_equal(wp_spline_fit_make(&basis, line, 1, &fit, NULL), WP_OK);
    assert_close(fit.explained, 1.0, 1e-9, 0.0);
    for (double at = 0.1; at < 5.9; at += 0.3) {
        assert_close(wp_spline_at(&basis, fit.values, at), 3.0 - 2.0 * at, 0.0, 1e-6);
    }
    wp_spline_basis_free(&basis);
    assert_int_equal(wp_spline_basis_init(&basis, x, 4, NULL), WP_ERR_ARGUMENT);
    wp_spline_basis_free(&basis);
}

/* Two options, few draws: the chance is the one that a saving has; with many, and of three, shares of draws. */
static void a_chance_of_being_best_is_that_of_saving(void **state)
{
    (void)state;
    static const double few[] = {0, 1, 0, 2, 0, 3, 0, -0.5, 0, 4}, three[] = {0, 1, 2, 0, 3, 2, 0, -1, -2, 0, 5, 5};
    double many[2 * 40], shares[3];
    wp_chances_best(few, 5, 2, shares);
    assert_true(shares[1] == wp_chance_over_zero(few + 1, 5, 2) && shares[1] > 0.8 && shares[1] < 0.95);
    assert_close(shares[0] + shares[1], 1.0, 1e-15, 0.0);
    wp_chances_best(three, 4, 3, shares);
    assert_close(shares[0], 0.25, 1e-15, 0.0);
    assert_close(shares[1], 0.375, 1e-15, 0.0);
    for (int d = 0; d < 40; d++) {
        many[2 * d] = 0.0;
        many[2 * d + 1] = d < 10 ? -1.0 : 1.0;
    }
    wp_chances_best(many, 40, 2, shares);
    assert_close(shares[1], 0.75, 1e-15, 0.0);
    wp_chances_best(many, 1, 2, shares);
    assert_true(isnan(shares[0]) && isnan(shares[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(perfect_knowledge_is_worth_what_theory_says),
        cmocka_unit_test(noise_is_taken_out_before_the_value_of_information),
        cmocka_unit_test(acceptability_and_its_curve),
        cmocka_unit_test(ties_are_shared),
        cmocka_unit_test(a_curve_finds_a_sine_and_leaves_a_line_straight),
        cmocka_unit_test(a_chance_of_being_best_is_that_of_saving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
