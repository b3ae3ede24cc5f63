/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical checks: z-scores against the bound of test_seed.h, every value that fails printed. */
#ifndef WP_TESTS_STATISTICS_H
#define WP_TESTS_STATISTICS_H

#include <stdbool.h>

#include "test_seed.h"

typedef struct wp_checks {
    const char *suite;
    int n, n_failed, n_skipped;
    double bound, worst;
    char worst_what[200];
    bool quiet;                /* print nothing (a check that must fail) */
} wp_checks;

void wp_checks_init(wp_checks *checks, const char *suite);

/* Is |value - expected| <= bound * se? With se 0 they must be equal. `nearest_wrong` says which mistake would
   give which value; NULL for none. Prints on failure, and returns whether it passed. */
bool wp_check_z(wp_checks *checks, const char *what, double value, double expected, double se,
                const char *nearest_wrong);

/* The same, and always prints value, expected, z, and the smallest error that it would catch. */
bool wp_check_exact(wp_checks *checks, const char *what, double value, double expected, double se,
                    const char *nearest_wrong);

/* One line: how many, how many failed, and the largest z. */
void wp_checks_print(const wp_checks *checks);

#endif
