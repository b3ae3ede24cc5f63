/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seed of a statistical test, and the bound that goes with it. */
#ifndef WP_TESTS_TEST_SEED_H
#define WP_TESTS_TEST_SEED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

enum { WP_CHECKS_IN_SUITE = 20000 };

/* Is the seed the one that tests are written with, or has WP_TEST_SEED set another? */
static inline bool wp_test_seed_is_fixed(void)
{
    const char *text = getenv("WP_TEST_SEED");
    return text == NULL || text[0] == '\0';
}

/* `fixed` unless WP_TEST_SEED is a number, which is added to it, or "random". Printed. */
static inline uint64_t wp_test_seed(uint64_t fixed)
{
    uint64_t seed = fixed;
    if (!wp_test_seed_is_fixed()) {
        const char *text = getenv("WP_TEST_SEED");
        struct timespec now = {0};
        const bool is_random = strcmp(text, "random") == 0;
        if (is_random) { timespec_get(&now, TIME_UTC); }
        seed += is_random ? (uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec
                          : strtoull(text, NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    return seed;
}

/* In standard errors. On the fixed seed 4.5 (6.8e-6 a value); else the two-sided bound at which the whole suite of
   at most WP_CHECKS_IN_SUITE values raises a false alarm once in a million (Bonferroni). */
static inline double wp_test_bound(void)
{
    return wp_test_seed_is_fixed() ? 4.5 : gsl_cdf_ugaussian_Qinv(1e-6 / WP_CHECKS_IN_SUITE / 2);
}

#endif
