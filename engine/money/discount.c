/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discount factors. */
#include "money/discount.h"

#include <math.h>

/* The years of [0, t] that lie in band b (negative t: all in the first band). */
static double years_in_band(const wp_discount *discount, int b, double t)
{
    double begin = b == 0 ? 0.0 : discount->bands[b - 1].hi;
    double end = b == discount->n_bands - 1 ? INFINITY : discount->bands[b].hi;
    if (t < 0.0) { return b == 0 ? t : 0.0; }
    return t <= begin ? 0.0 : fmin(t, end) - begin;
}

/* `t` years since the schedule's own beginning. */
static double factor_at(const wp_discount *discount, double t)
{
    double factor = 1.0;
    for (int b = 0; b < discount->n_bands; b++) {
        factor *= pow(1.0 + discount->rates[b], -years_in_band(discount, b, t));
    }
    return factor;
}

double wp_discount_at(const wp_discount *discount, double t)
{
    return factor_at(discount, t - discount->from);
}

/* Integral of the factor over [a, b] within one band of rate `rate`. */
static double integral(const wp_discount *discount, double a, double b, double rate)
{
    double force = log1p(rate);
    double mean = force * (b - a) == 0.0 ? 1.0 : -expm1(-force * (b - a)) / (force * (b - a));
    return factor_at(discount, a) * mean * (b - a);
}

static double mean_over(const wp_discount *discount, double begin, double end)
{
    double sum = 0.0;
    for (int b = 0; b < discount->n_bands; b++) {
        double lo = b == 0 ? -INFINITY : discount->bands[b - 1].hi;
        double hi = b == discount->n_bands - 1 ? INFINITY : discount->bands[b].hi;
        double from = fmax(begin, lo), to = fmin(end, hi);
        if (to > from) { sum += integral(discount, from, to, discount->rates[b]); }
    }
    return sum / (end - begin);
}

double wp_discount_flow(const wp_discount *discount, int year)
{
    double begin = year - discount->from;
    switch (discount->within_year) {
    case WP_WITHIN_START: return factor_at(discount, begin);
    case WP_WITHIN_MIDDLE: return factor_at(discount, begin + 0.5);
    case WP_WITHIN_END: return factor_at(discount, begin + 1.0);
    case WP_WITHIN_CONTINUOUS: break;
    }
    return mean_over(discount, begin, begin + 1.0);
}
