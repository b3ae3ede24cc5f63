/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmocka 1.1.5 compares no doubles: one assertion for two, one for a statistical bound. */
#ifndef WP_TESTS_ASSERT_CLOSE_H
#define WP_TESTS_ASSERT_CLOSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "test_seed.h"

/* |a - b| <= abs + rel * |b|; equal infinities are close, a NaN never is. */
static inline void assert_close_at(double a, double b, double rel, double abs, const char *file,
                                   int line)
{
    if (a == b || fabs(a - b) <= abs + rel * fabs(b)) { return; }
    print_error("%.17g is not close to %.17g (off by %.3g; allowed rel %.3g, abs %.3g)\n", a, b,
                a - b, rel, abs);
    _fail(file, line);
}
#define assert_close(a, b, rel, abs) assert_close_at(a, b, rel, abs, __FILE__, __LINE__)

/* A Monte Carlo estimate within the bound's standard errors of the exact value: 4.5 on the fixed seed. */
#define assert_within_se(estimate, exact, se) \
    assert_close_at(estimate, exact, 0.0, wp_test_bound() * (se), __FILE__, __LINE__)

#endif
