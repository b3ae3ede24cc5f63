/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical checks: z-scores against one bound, every value that fails printed, and the seed of a suite.

   On the fixed seed the bound is 4.5 standard errors (6.8e-6 a value). With WP_TEST_SEED=random, or a number,
   it is the two-sided bound at which the whole suite of at most WP_CHECKS_IN_SUITE values raises a false
   alarm once in a million (Bonferroni). The seed is always printed. */
#ifndef WP_TESTS_STATISTICS_H
#define WP_TESTS_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

enum { WP_CHECKS_IN_SUITE = 20000 };

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

/* The seed of this run of the suite: `fixed` unless WP_TEST_SEED says otherwise. Printed once. */
uint64_t wp_test_seed(uint64_t fixed);
bool wp_test_seed_is_fixed(void);

#endif
