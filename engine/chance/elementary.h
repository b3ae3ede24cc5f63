/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logarithm and exponential with the same bits on every machine, and the unit exponential. */
#ifndef WP_CHANCE_ELEMENTARY_H
#define WP_CHANCE_ELEMENTARY_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#include "chance/uniform.h"

/* libm's functions differ in their last bits between machines and versions; what decides an event
   must not. These use + - * / and bit operations only, each of which IEEE 754 fixes to the bit, in
   one written order: so they need FLT_EVAL_METHOD 0, -ffp-contract=off and round to nearest. The
   methods and constants are those of fdlibm, whose notice elementary.c carries; errors are in
   tests/test_chance_elementary.c. */
#if FLT_EVAL_METHOD != 0
#error "wholeplace needs arithmetic in double precision (FLT_EVAL_METHOD 0)"
#endif

static inline uint64_t wp_double_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double wp_double_from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* log(1 + f) + k log 2 + c for 1 + f in [sqrt(1/2), sqrt(2)) and small c: the common part of the
   logarithms. log(1+f) = f - f^2/2 + s (f^2/2 + R), s = f / (2 + f), R a polynomial in s^2. */
static inline double wp_log_core(double f, double k, double c)
{
    double half_square = 0.5 * f * f;
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double even = w * (3.999999999940941908e-01 +
                       w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double odd = z * (6.666666666666735130e-01 +
                      w * (2.857142874366239149e-01 +
                           w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    return s * (half_square + (even + odd)) + (k * 1.90821492927058770002e-10 + c) - half_square +
           f + k * 6.93147180369123816490e-01;
}

/* log(x) for normal x > 0 only; without branches, so that loops over it become vector code. Gives
   the bits of wp_log. */
static inline double wp_log_normal(double x)
{
    /* x = 2^k (1 + f); 0x3fe6a09e is the high word of sqrt(1/2). k, as a whole number in the low
       bits of a double of 2^52, becomes a double by one exact subtraction. */
    uint64_t bits = wp_double_bits(x) + ((uint64_t)(0x3ff00000 - 0x3fe6a09e) << 32);
    double k = wp_double_from_bits(bits >> 52 | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
    bits = (bits & UINT64_C(0x000fffffffffffff)) + ((uint64_t)0x3fe6a09e << 32);
    return wp_log_core(wp_double_from_bits(bits) - 1.0, k, 0.0);
}

/* What wp_log does with zero, subnormals, negatives, infinities and NaN. */
double wp_log_special(double x);

/* Natural logarithm; error below 1 ulp. log(0) = -inf, log(x < 0) and log(NaN) = NaN, log(inf) =
   inf; subnormals are right too. No floating-point exceptions are promised. */
static inline double wp_log(double x)
{
    uint64_t bits = wp_double_bits(x);
    if (bits - ((uint64_t)1 << 52) >= ((uint64_t)0x7fe << 52)) { return wp_log_special(x); }
    return wp_log_normal(x);
}

/* e^x; error below 1 ulp where the result is normal. Overflows to infinity above 709.78, underflows
   to 0 below -745.13. */
double wp_exp(double x);

/* e^x - 1 and log(1 + x), accurate near 0 as well; error below 1 ulp. */
double wp_expm1(double x);
double wp_log1p(double x);

/* x^y for x >= 0, as exp(y log x): the relative error is about (1 + |y log x|) 2^-53, up to 750
   times that at the ends of the range. x^0 = 1; 0^y is 0 or infinity. NaN for x < 0. */
double wp_pow(double x, double y);

/* The unit exponential of one decision, -log of its uniform: 1.1e-16 to 36.74. */
static inline double wp_exponential(wp_key key, uint64_t id, uint32_t purpose, uint32_t occurrence)
{
    return -wp_log_normal(wp_uniform(key, id, purpose, occurrence));
}

#endif
