/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log, exp, expm1, log1p, pow: accuracy against long double, special values, and stored bits that
   every compiler must give. */
#include "assert_close.h"

#include <stdbool.h>

#include "base/digest.h"
#include "chance/elementary.h"

enum { N_POINTS = 400000 };

/* The error of `got` in units of the last place of the true value. The reference is libm's long
   double, whose own error is below 0.001 of them where long double has 64 bits or more. */
static double error_ulp(double got, long double exact)
{
    double nearest = (double)exact;
    if (isinf(nearest) || isnan(nearest)) {
        return got == nearest || (isnan(got) && isnan(nearest)) ? 0.0 : INFINITY;
    }
    double ulp = nextafter(fabs(nearest), INFINITY) - fabs(nearest);
    return (double)(fabsl((long double)got - exact) / (long double)ulp);
}

static double max_of(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

/* A number in (-1, 1), and the bits it came from. */
static double point(uint64_t i, uint64_t *bits)
{
    *bits = wp_mix64(i * UINT64_C(0x9e3779b97f4a7c15));
    return ((double)(*bits >> 11) + 0.5) * 0x1p-52 - 1.0;
}

static void log_is_within_1_ulp(void **state)
{
    (void)state;
    double worst = 0;
    for (uint64_t i = 1; i <= N_POINTS; i++) {
        uint64_t bits;
        double t = point(i, &bits);
        double any = wp_double_from_bits(bits >> 1);
        double near_1 = 1.0 + t * wp_exp(-0.6 * (double)(bits & 63));
        double subnormal = wp_double_from_bits(bits >> 12 >> (bits & 31));
        if (!isnan(any)) { worst = max_of(worst, error_ulp(wp_log(any), logl(any))); }
        worst = max_of(worst, error_ulp(wp_log(near_1), logl(near_1)));
        worst = max_of(worst, error_ulp(wp_log(subnormal), logl(subnormal)));
    }
    print_message("largest error of wp_log: %.3f ulp\n", worst);
    assert_true(worst < 1.0);
}

static void exp_is_within_1_ulp(void **state)
{
    (void)state;
    double worst = 0;
    for (uint64_t i = 1; i <= N_POINTS; i++) {
        uint64_t bits;
        double t = point(i, &bits);
        double wide = 746.0 * t, narrow = t * wp_exp(-0.6 * (double)(bits & 63));
        worst = max_of(worst, error_ulp(wp_exp(wide), expl(wide)));
        worst = max_of(worst, error_ulp(wp_exp(narrow), expl(narrow)));
    }
    print_message("largest error of wp_exp: %.3f ulp\n", worst);
    assert_true(worst < 1.0);
}

static void expm1_and_log1p_are_within_1_ulp(void **state)
{
    (void)state;
    double worst = 0, worst_log1p = 0;
    for (uint64_t i = 1; i <= N_POINTS; i++) {
        uint64_t bits;
        double t = point(i, &bits);
        double wide = 709.0 * t, narrow = 4.0 * t * wp_exp(-0.6 * (double)(bits & 63));
        double any = wp_double_from_bits(bits >> 1);
        worst = max_of(worst, error_ulp(wp_expm1(wide), expm1l(wide)));
        worst = max_of(worst, error_ulp(wp_expm1(narrow), expm1l(narrow)));
        worst_log1p = max_of(worst_log1p, error_ulp(wp_log1p(t), log1pl(t)));
        if (narrow > -1.0) {
            worst_log1p = max_of(worst_log1p, error_ulp(wp_log1p(narrow), log1pl(narrow)));
        }
        if (!isnan(any)) {
            worst_log1p = max_of(worst_log1p, error_ulp(wp_log1p(any), log1pl(any)));
        }
    }
    print_message("largest error of wp_expm1: %.3f ulp, wp_log1p: %.3f ulp\n", worst, worst_log1p);
    assert_true(worst < 1.0);
    assert_true(worst_log1p < 1.0);
}

static void pow_is_as_good_as_stated(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= N_POINTS / 4; i++) {
        uint64_t bits;
        double t = point(i, &bits);
        double x = wp_exp(30.0 * t), y = (double)(bits & 1023) / 64.0 - 8.0;
        double allowed = (1.0 + fabs(y * wp_log(x))) * 2.0 * 0x1p-53;
        assert_close(wp_pow(x, y), (double)powl(x, y), allowed + 0x1p-52, 0.0);
    }
    assert_true(wp_pow(0.0, 0.0) == 1.0);
    assert_true(wp_pow(0.0, 2.5) == 0.0);
    assert_true(isinf(wp_pow(0.0, -1.0)));
    assert_true(isnan(wp_pow(-1.0, 0.5)));
    assert_true(wp_pow(1.0, 1e300) == 1.0);
}

static void special_values_are_right(void **state)
{
    (void)state;
    assert_true(wp_log(1.0) == 0.0);
    assert_true(wp_log(0.0) == -INFINITY && wp_log(-0.0) == -INFINITY);
    assert_true(wp_log(INFINITY) == INFINITY);
    assert_true(isnan(wp_log(-1.0)) && isnan(wp_log(NAN)) && isnan(wp_log(-INFINITY)));
    assert_close(wp_log(0x1p-1074), -744.44007192138126231, 1e-15, 0);
    assert_close(wp_log(0x1.fffffffffffffp1023), 709.78271289338397, 1e-15, 0);
    assert_true(wp_exp(0.0) == 1.0 && wp_exp(-0.0) == 1.0);
    assert_true(wp_exp(INFINITY) == INFINITY && wp_exp(-INFINITY) == 0.0 && isnan(wp_exp(NAN)));
    assert_true(wp_exp(710.0) == INFINITY && wp_exp(-746.0) == 0.0);
    assert_true(wp_exp(-745.0) == 0x1p-1074);
    assert_true(isfinite(wp_exp(709.782712893383973)));
    assert_true(wp_expm1(0.0) == 0.0 && wp_expm1(-INFINITY) == -1.0 && wp_expm1(1e-300) == 1e-300);
    assert_true(wp_expm1(INFINITY) == INFINITY && isnan(wp_expm1(NAN)));
    assert_true(wp_log1p(0.0) == 0.0 && wp_log1p(-1.0) == -INFINITY && wp_log1p(1e-300) == 1e-300);
    assert_true(wp_log1p(INFINITY) == INFINITY && isnan(wp_log1p(-2.0)) && isnan(wp_log1p(NAN)));
}

static void the_loop_form_of_log_gives_the_same_bits(void **state)
{
    (void)state;
    enum { N = 4096 };
    static double x[N], y[N];
    for (uint64_t i = 0; i < N; i++) {
        uint64_t bits;
        point(i + 1, &bits);
        x[i] = wp_uniform_from_words((uint32_t)(bits >> 32), (uint32_t)bits);
    }
    for (size_t i = 0; i < N; i++) { y[i] = wp_log_normal(x[i]); }
    for (size_t i = 0; i < N; i++) {
        volatile double alone = x[i];
        assert_true(wp_double_bits(y[i]) == wp_double_bits(wp_log(alone)));
    }
}

/* Not decreasing across borders of the reduction, where a jump would show. */
static void log_and_exp_increase(void **state)
{
    (void)state;
    double before = wp_log(0.7), before_exp = wp_exp(0.34);
    for (uint64_t i = 1; i < 200000; i++) {
        double log_now = wp_log(0.7 + (double)i * 1e-7), exp_now = wp_exp(0.34 + (double)i * 1e-7);
        assert_true(log_now >= before && exp_now >= before_exp);
        before = log_now;
        before_exp = exp_now;
    }
}

/* The same bits with gcc, clang, any instruction set, with and without sanitizers. */
static void bits_are_the_same_everywhere(void **state)
{
    (void)state;
    wp_sha256 sha;
    char hex[WP_SHA256_HEX];
    wp_sha256_init(&sha);
    for (uint64_t i = 1; i <= 100000; i++) {
        uint64_t bits;
        double t = point(i, &bits);
        wp_sha256_add_double(&sha, wp_log(wp_double_from_bits(bits >> 2)));
        wp_sha256_add_double(&sha, wp_exp(746.0 * t));
        wp_sha256_add_double(&sha, wp_expm1(3.0 * t));
        wp_sha256_add_double(&sha, wp_log1p(t));
        wp_sha256_add_double(&sha, wp_pow(1.0 + t, 3.7));
    }
    wp_sha256_end_hex(&sha, hex);
    assert_string_equal(hex, "3ef90a913b9b930b97ebfc6c1e7fb01ba84ddb5585526eaa4e10895046d685bf");
}

/* Mean 1 and variance 1 (the fourth moment of E - 1 is 9), and P(E > 3) = e^-3, within 4.5 SE of
   2^20 numbers: an error of 0.5 % in the rate would be caught. */
static void exponentials_have_mean_1(void **state)
{
    (void)state;
    enum { N = 1 << 20 };
    wp_key key = wp_key_make(wp_test_seed(7), 0, 0);
    double sum = 0, square = 0, above = 0;
    for (uint32_t i = 0; i < N; i++) {
        double e = wp_exponential(key, i, 5, 0);
        assert_true(e > 0.0 && e < 36.75);
        sum += e - 1.0;
        square += (e - 1.0) * (e - 1.0);
        above += e > 3.0;
    }
    double tail = exp(-3.0);
    assert_within_se(sum / N, 0.0, sqrt(1.0 / N));
    assert_within_se(square / N, 1.0, sqrt(8.0 / N));
    assert_within_se(above / N, tail, sqrt(tail * (1.0 - tail) / N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_is_within_1_ulp),
        cmocka_unit_test(exp_is_within_1_ulp),
        cmocka_unit_test(expm1_and_log1p_are_within_1_ulp),
        cmocka_unit_test(pow_is_as_good_as_stated),
        cmocka_unit_test(special_values_are_right),
        cmocka_unit_test(the_loop_form_of_log_gives_the_same_bits),
        cmocka_unit_test(log_and_exp_increase),
        cmocka_unit_test(bits_are_the_same_everywhere),
        cmocka_unit_test(exponentials_have_mean_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
