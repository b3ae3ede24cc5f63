/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs of draws: every stratum once, Sobol's own points, even blocks, prefixes. */
#include <gsl/gsl_qrng.h>
#include <stdlib.h>

#include "assert_close.h"
#include "chance/stratified.h"

static wp_draw_number number(uint32_t draw, uint32_t purpose)
{
    return (wp_draw_number){.seed = 11, .draw = draw, .purpose = purpose};
}

static void a_latin_hypercube_has_one_draw_in_each_stratum(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 4, 5, 16, 17, 100, 1000, 4096, 5000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        uint32_t n = sizes[s];
        for (uint32_t purpose = 1; purpose < 4; purpose++) {
            char *seen = calloc(n, 1);
            assert_non_null(seen);
            for (uint32_t d = 0; d < n; d++) {
                wp_draw_number x = number(d, purpose);
                double u = wp_uniform_latin(&x, n);
                assert_true(u > 0.0 && u < 1.0);
                uint32_t stratum = (uint32_t)(u * n);
                assert_true(stratum < n && seen[stratum] == 0);
                seen[stratum] = 1;
            }
            free(seen);
        }
    }
}

/* Two numbers' permutations are unrelated: rank correlation of 4000 has standard error 1 / root 4000. */
static void numbers_of_a_design_are_unrelated(void **state)
{
    (void)state;
    enum { N = 4096 };
    for (int design = 0; design < 2; design++) {
        for (uint32_t pair = 0; pair < 20; pair++) {
            double sum = 0.0;
            for (uint32_t d = 0; d < N; d++) {
                wp_draw_number x = number(d, 100 + pair), y = number(d, 200 + pair);
                double u = design == 0 ? wp_uniform_latin(&x, N) : wp_uniform_sobol(&x, 3 * pair);
                double v = design == 0 ? wp_uniform_latin(&y, N) : wp_uniform_sobol(&y, 3 * pair + 45);
                sum += 12.0 * (u - 0.5) * (v - 0.5) / N;
            }
            assert_within_se(sum, 0.0, 1.0 / sqrt(N));
        }
    }
}

static void points_are_those_of_gsl(void **state)
{
    (void)state;
    gsl_qrng *points = gsl_qrng_alloc(gsl_qrng_sobol, WP_SOBOL_DIMENSIONS);
    double x[WP_SOBOL_DIMENSIONS];
    assert_non_null(points);
    for (uint32_t n = 1; n <= 1u << 15; n++) {
        gsl_qrng_get(points, x);
        /* GSL goes in the order of Gray's code. */
        for (uint32_t d = 0; d < WP_SOBOL_DIMENSIONS; d++) {
            assert_true(x[d] == wp_sobol_point(n ^ n >> 1, d) * 0x1p-32);
        }
    }
    gsl_qrng_free(points);
}

/* Each block of 2^k draws has one in each of 2^k strata, in every dimension, also those after the first
   forty. */
static void scrambled_points_stay_spread(void **state)
{
    (void)state;
    enum { BLOCK = 64 };
    for (uint32_t dimension = 0; dimension < 100; dimension += 7) {
        for (uint32_t block = 0; block < 6; block++) {
            char seen[BLOCK] = {0};
            for (uint32_t d = 0; d < BLOCK; d++) {
                wp_draw_number x = number(block * BLOCK + d, 300 + dimension);
                size_t stratum = (size_t)(wp_uniform_sobol(&x, dimension) * BLOCK);
                assert_true(stratum < BLOCK && seen[stratum % BLOCK] == 0);
                seen[stratum % BLOCK] = 1;
            }
        }
    }
    /* In the first two dimensions also each of 8 x 8 squares. */
    char squares[BLOCK] = {0};
    for (uint32_t d = 0; d < BLOCK; d++) {
        wp_draw_number x = number(d, 500), y = number(d, 501);
        size_t square = (size_t)(wp_uniform_sobol(&x, 0) * 8) * 8 + (size_t)(wp_uniform_sobol(&y, 1) * 8);
        assert_true(square < BLOCK && squares[square % BLOCK] == 0);
        squares[square % BLOCK] = 1;
    }
}

/* The integral of a product over [0, 1]^5: plain chance errs by 1 / root n, scrambled points far less. */
static void even_draws_integrate_better_than_chance(void **state)
{
    (void)state;
    enum { N = 1024 };
    double error[3] = {0};
    for (uint64_t seed = 0; seed < 20; seed++) {
        double sum[3] = {0};
        for (uint32_t d = 0; d < N; d++) {
            double product[3] = {1, 1, 1};
            for (uint32_t i = 0; i < 5; i++) {
                wp_draw_number x = {.seed = seed, .draw = d, .purpose = i};
                product[0] *= 1.0 + 0.5 * (wp_uniform_independent(&x) - 0.5);
                product[1] *= 1.0 + 0.5 * (wp_uniform_latin(&x, N) - 0.5);
                product[2] *= 1.0 + 0.5 * (wp_uniform_sobol(&x, i) - 0.5);
            }
            for (int k = 0; k < 3; k++) { sum[k] += product[k] / N; }
        }
        for (int k = 0; k < 3; k++) { error[k] += (sum[k] - 1.0) * (sum[k] - 1.0) / 20; }
    }
    /* The product's variance: (1 + 1/48)^5 - 1 = 0.1086. A mean of 20 squares errs by a third. */
    assert_within_se(error[0], 0.1086 / N, 0.1086 / N * sqrt(2.0 / 20));
    assert_true(error[1] < 0.3 * error[0]);
    assert_true(error[2] < 0.01 * error[0]);
}

static void only_a_latin_hypercube_depends_on_the_number_of_draws(void **state)
{
    (void)state;
    wp_draw_number x = number(7, 9);
    double first = wp_uniform_latin(&x, 100);
    assert_true(first != wp_uniform_latin(&x, 101));
    assert_true(first == wp_uniform_latin(&x, 100));
    wp_draw_number other = x;
    other.seed = 12;
    assert_true(wp_uniform_sobol(&x, 2) != wp_uniform_sobol(&other, 2));
    assert_true(wp_uniform_latin(&other, 100) != first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_latin_hypercube_has_one_draw_in_each_stratum),
        cmocka_unit_test(numbers_of_a_design_are_unrelated),
        cmocka_unit_test(points_are_those_of_gsl),
        cmocka_unit_test(scrambled_points_stay_spread),
        cmocka_unit_test(even_draws_integrate_better_than_chance),
        cmocka_unit_test(only_a_latin_hypercube_depends_on_the_number_of_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
