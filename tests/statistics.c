/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounds of statistical checks, and what is printed about them. */
#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void wp_checks_init(wp_checks *checks, const char *suite)
{
    memset(checks, 0, sizeof *checks);
    checks->suite = suite;
    checks->bound = wp_test_bound();
}

static double score(double value, double expected, double se)
{
    if (value == expected) { return 0; }
    return se > 0 ? (value - expected) / se : (value > expected ? INFINITY : -INFINITY);
}

bool wp_check_z(wp_checks *checks, const char *what, double value, double expected, double se,
                const char *nearest_wrong)
{
    double z = score(value, expected, se);
    bool passed = fabs(z) <= checks->bound; /* a NaN fails */
    checks->n++;
    if (checks->n == 1 || !(fabs(z) <= checks->worst)) {
        checks->worst = fabs(z);
        snprintf(checks->worst_what, sizeof checks->worst_what, "%s", what);
    }
    if (!passed) {
        checks->n_failed++;
        if (!checks->quiet) {
            print_error("%s: %s is %.9g, expected %.9g, se %.3g, z %.2f%s%s\n", checks->suite, what, value,
                        expected, se, z, nearest_wrong != NULL ? "; nearest wrong answers: " : "",
                        nearest_wrong != NULL ? nearest_wrong : "");
        }
    }
    return passed;
}

bool wp_check_exact(wp_checks *checks, const char *what, double value, double expected, double se,
                    const char *nearest_wrong)
{
    if (!checks->quiet) {
        print_message("  %-44s %15.8g  exact %15.8g  z %6.2f  would catch %.2g (%.3g %%)\n", what, value,
                      expected, score(value, expected, se), checks->bound * se,
                      expected != 0 ? 100 * checks->bound * se / fabs(expected) : 0.0);
    }
    return wp_check_z(checks, what, value, expected, se, nearest_wrong);
}

void wp_checks_print(const wp_checks *checks)
{
    print_message("%s: %d values, %d beyond %.2f se, largest |z| %.2f (%s)%s", checks->suite, checks->n,
                  checks->n_failed, checks->bound, checks->worst, checks->worst_what,
                  checks->n_skipped > 0 ? "" : "\n");
    if (checks->n_skipped > 0) { print_message("; %d too rare to compare\n", checks->n_skipped); }
}
