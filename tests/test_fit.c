/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares on functions whose minimum is known. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "assert_close.h"
#include "calibrate/fit.h"

/* Rosenbrock's valley: (10 (y - x^2), 1 - x), 0 at (1, 1). */
static wp_status valley(void *of, const double *x, double *residuals, wp_error *err)
{
    int *n = of;
    (void)err;
    (*n)++;
    residuals[0] = 10.0 * (x[1] - x[0] * x[0]);
    residuals[1] = 1.0 - x[0];
    return WP_OK;
}

static void a_minimum_is_found(void **state)
{
    (void)state;
    static const double start[] = {-1.2, 1.0};
    int n = 0;
    wp_fit fit;
    wp_fit_problem problem = {2, 2, valley, &n, start, 1e-3, 1e-6, 100};
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_OK);
    assert_close(fit.x[0], 1.0, 0.0, 1e-4);
    assert_close(fit.x[1], 1.0, 0.0, 2e-4);
    assert_true(fabs(fit.left[0]) < 1e-4 && fabs(fit.left[1]) < 2e-4);
    assert_true(fit.n_steps < 60 && n > fit.n_steps);
    wp_fit_free(&fit);
    /* Too few steps: what is left to go says so. */
    problem.max_steps = 2;
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_OK);
    assert_true(fmax(fabs(fit.left[0]), fabs(fit.left[1])) > 0.1);
    wp_fit_free(&fit);
}

/* A line through (0, 0), (1, 2), (2, 3), (3, 7): slope 2.2, intercept -0.3; counts are whole, so steps of
   1e-4. */
static wp_status stairs(void *of, const double *x, double *residuals, wp_error *err)
{
    static const double y[] = {0.0, 2.0, 3.0, 7.0};
    (void)of;
    (void)err;
    for (int i = 0; i < 4; i++) { residuals[i] = floor(1e4 * (x[0] + x[1] * i)) / 1e4 - y[i]; }
    return WP_OK;
}

static void a_grain_that_is_fine_beside_the_step_does_no_harm(void **state)
{
    (void)state;
    static const double start[] = {5.0, 5.0};
    wp_fit fit;
    const wp_fit_problem problem = {2, 4, stairs, NULL, start, 0.05, 1e-3, 30};
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_OK);
    assert_close(fit.x[0], -0.3, 0.0, 2e-3);
    assert_close(fit.x[1], 2.2, 0.0, 2e-3);
    /* Least squares: for residuals of variance 1, 14 / 20 and 4 / 20. */
    double one[16] = {0}, covariance[4];
    for (int i = 0; i < 4; i++) { one[5 * i] = 1.0; }
    assert_int_equal(wp_fit_covariance(&fit, one, covariance, NULL), WP_OK);
    assert_close(covariance[0], 0.7, 0.0, 1e-2);
    assert_close(covariance[3], 0.2, 0.0, 1e-2);
    assert_close(covariance[1], -0.3, 0.0, 1e-2);
    wp_fit_free(&fit);
}

/* Only the sum of the first two matters. */
static wp_status sum_of_two(void *of, const double *x, double *residuals, wp_error *err)
{
    (void)of;
    (void)err;
    residuals[0] = 3.0 * (x[0] + x[1]) - 6.0;
    residuals[1] = x[2] - 1.0;
    residuals[2] = (x[0] + x[1]) - 2.0;
    return WP_OK;
}

static void what_no_residual_tells_apart_is_found(void **state)
{
    (void)state;
    static const double start[] = {0.0, 0.0, 0.0};
    wp_fit fit;
    wp_fit_problem problem = {3, 3, sum_of_two, NULL, start, 0.05, 1e-3, 0};
    for (int at_end = 0; at_end < 2; at_end++) {
        problem.max_steps = at_end ? 30 : 0;
        assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_OK);
        assert_true(fit.least < 1e-9 && fit.n_steps <= problem.max_steps);
        assert_close(fabs(fit.weakest[0]), sqrt(0.5), 1e-6, 0.0);
        assert_close(fit.weakest[0], -fit.weakest[1], 1e-6, 0.0);
        assert_close(fit.weakest[2], 0.0, 0.0, 1e-6);
        wp_fit_free(&fit);
    }
    double one[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, covariance[9];
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_OK);
    assert_int_equal(wp_fit_covariance(&fit, one, covariance, NULL), WP_OK);
    assert_true(isnan(covariance[0]));
    wp_fit_free(&fit);
}

static wp_status fails(void *of, const double *x, double *residuals, wp_error *err)
{
    int *n = of;
    (void)x;
    (void)err;
    residuals[0] = residuals[1] = *n >= 0 ? 1.0 : (double)NAN;
    return (*n)-- == 1 ? WP_ERR_RUN : WP_OK;
}

static void failures_are_passed_on(void **state)
{
    (void)state;
    static const double start[] = {1.0, 1.0};
    wp_fit fit;
    for (int after = 1; after < 5; after++) {
        int n = after;
        wp_fit_problem problem = {2, 2, fails, &n, start, 0.1, 1e-3, 10};
        assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_ERR_RUN);
        wp_fit_free(&fit);
    }
    int n = -5;
    wp_fit_problem problem = {2, 2, fails, &n, start, 0.1, 1e-3, 10};
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_ERR_NUMERIC);
    wp_fit_free(&fit);
    problem.n_residuals = 1;
    assert_int_equal(wp_fit_init(&fit, &problem, NULL), WP_ERR_ARGUMENT);
    wp_fit_free(&fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minimum_is_found),
        cmocka_unit_test(a_grain_that_is_fine_beside_the_step_does_no_harm),
        cmocka_unit_test(what_no_residual_tells_apart_is_found),
        cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
