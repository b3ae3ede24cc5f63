/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exponential, expm1 and log1p by the methods and constants of fdlibm 5.3 (e_exp.c, s_expm1.c,
   s_log1p.c, and e_log.c in the header), rewritten; its notice:
     Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
     Permission to use, copy, modify, and distribute this software is freely granted, provided that
     this notice is preserved. */
#include "chance/elementary.h"

static const double ln2_high = 6.93147180369123816490e-01;
static const double ln2_low = 1.90821492927058770002e-10;
static const double per_ln2 = 1.44269504088896338700e+00;

static const uint64_t bits_infinity = UINT64_C(0x7ff0000000000000);
static const uint64_t bits_nan = UINT64_C(0x7ff8000000000000);

/* 2^k for -1022 <= k <= 1023. */
static double two_to(int k)
{
    return wp_double_from_bits((uint64_t)(k + 1023) << 52);
}

/* y 2^k where that overflows or becomes subnormal only once, in the last step. */
static double scale(double y, int k)
{
    if (k > 1023) { return y * 0x1p1023 * two_to(k - 1023); }
    if (k < -1022) { return y * two_to(k + 1000) * 0x1p-1000; }
    return y * two_to(k);
}

/* The whole number nearest to x / log 2, for |x| < 800. */
static int nearest_power(double x)
{
    return (int)(x * per_ln2 + (x < 0.0 ? -0.5 : 0.5));
}

/* log(x 2^-shift) for normal x. */
static double log_shifted(double x, int shift)
{
    uint64_t bits = wp_double_bits(x) + ((uint64_t)(0x3ff00000 - 0x3fe6a09e) << 32);
    int k = (int)(bits >> 52) - 1023 - shift;
    bits = (bits & UINT64_C(0x000fffffffffffff)) + ((uint64_t)0x3fe6a09e << 32);
    return wp_log_core(wp_double_from_bits(bits) - 1.0, k, 0.0);
}

double wp_log_special(double x)
{
    uint64_t bits = wp_double_bits(x);
    if (bits << 1 == 0) { return wp_double_from_bits(bits_infinity | UINT64_C(1) << 63); }
    if (bits == bits_infinity) { return x; }
    if (bits > bits_infinity) { return wp_double_from_bits(bits_nan); }
    /* Subnormal: x = m 2^-1074 with a whole number m, which is normal as a double. Its high part
       of the logarithm, k log 2, is exact to within the rounding of the last sum. */
    return log_shifted((double)(int64_t)bits, 1074);
}

double wp_exp(double x)
{
    if (x != x) { return x; }
    if (x > 709.782712893383973096) { return wp_double_from_bits(bits_infinity); }
    if (x < -745.13321910194110842) { return 0.0; }
    int k = nearest_power(x);
    double high = x - k * ln2_high, low = k * ln2_low;
    double r = high - low;
    double t = r * r;
    /* r - t P(t) approximates r (e^r + 1) / (e^r - 1) - 2: Remez of degree 5 on |r| <= log(2)/2. */
    double c = r -
               t * (1.66666666666666019037e-01 +
                    t * (-2.77777777770155933842e-03 +
                         t * (6.61375632143793436117e-05 +
                              t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    return scale(1.0 + (r * c / (2.0 - c) - low + high), k);
}

/* x = k log 2 + r + c: r with |r| <= log(2)/2 about, c what rounding r lost. */
static int reduce(double x, double *r, double *c)
{
    int k = nearest_power(x);
    double high = x - k * ln2_high, low = k * ln2_low;
    *r = high - low;
    *c = (high - *r) - low;
    return k;
}

/* 2^k (r + 1 - e) - 1, in the order that loses least for this k. */
static double expm1_join(double r, double e, int k)
{
    if (k == -1) { return 0.5 * (r - e) - 0.5; }
    if (k == 1) { return r < -0.25 ? -2.0 * (e - (r + 0.5)) : 1.0 + 2.0 * (r - e); }
    if (k < 0 || k > 56) { return scale(r - e + 1.0, k) - 1.0; }
    if (k < 20) { return (r - e + (1.0 - two_to(-k))) * two_to(k); }
    return (r - (e + two_to(-k)) + 1.0) * two_to(k);
}

double wp_expm1(double x)
{
    if (x != x || (x > -0x1p-54 && x < 0x1p-54)) { return x; }
    if (x > 709.782712893383973096) { return wp_double_from_bits(bits_infinity); }
    if (x < -56.0 * 0.6931471805599453) { return -1.0; }
    double r = x, c = 0.0;
    int k = 0;
    if (x > 0.34657359027997264 || x < -0.34657359027997264) { k = reduce(x, &r, &c); }
    /* (e^r + 1) / (e^r - 1) r/2 as a polynomial in r^2/2, then e^r - 1 - r by it. */
    double half = 0.5 * r;
    double square = r * half;
    double p = 1.0 +
               square * (-3.33333333333331316428e-02 +
                         square * (1.58730158725481460165e-03 +
                                   square * (-7.93650757867487942473e-05 +
                                             square * (4.00821782732936239552e-06 +
                                                       square * -2.01099218183624371326e-07))));
    double t = 3.0 - p * half;
    double e = square * ((p - t) / (6.0 - r * t));
    if (k == 0) { return r - (r * e - square); }
    return expm1_join(r, r * (e - c) - c - square, k);
}

double wp_log1p(double x)
{
    if (x != x || (x > -0x1p-53 && x < 0x1p-53)) { return x; }
    if (x <= -1.0) {
        return wp_double_from_bits(x < -1.0 ? bits_nan : bits_infinity | UINT64_C(1) << 63);
    }
    if (wp_double_bits(x) == bits_infinity) { return x; }
    if (x > -0.2928932188134524 && x < 0.4142135623730950) { return wp_log_core(x, 0.0, 0.0); }
    /* 1 + x = u + lost; log(1 + x) is log(u) + lost / u. */
    double u = 1.0 + x;
    uint64_t bits = wp_double_bits(u) + ((uint64_t)(0x3ff00000 - 0x3fe6a09e) << 32);
    int k = (int)(bits >> 52) - 1023;
    double lost = k >= 54 ? 0.0 : k >= 2 ? 1.0 - (u - x) : x - (u - 1.0);
    bits = (bits & UINT64_C(0x000fffffffffffff)) + ((uint64_t)0x3fe6a09e << 32);
    return wp_log_core(wp_double_from_bits(bits) - 1.0, k, lost / u);
}

double wp_pow(double x, double y)
{
    if (y == 0.0) { return 1.0; }
    return wp_exp(y * wp_log(x));
}
