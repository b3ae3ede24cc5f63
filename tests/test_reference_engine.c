/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine against the slow reference, in law: one scenario for each capability of the language, every
   outcome by year and arm. Arguments: the share of the samples (1), and the one scenario to run (all). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "reference/compare.h"

static const struct { const char *name; int n;
} cases[] = {
    {"hazards_by_age", 8000},
    {"frailty", 8000},
    {"families", 4000},
    {"delays", 8000},
    {"schedules", 8000},
    {"hooks", 4000},
    {"deaths", 4000},
    {"births", 3000},
    {"moves", 4000},
    {"couples", 4000},
    {"couples_children_stay", 3000},
    {"couples_children_go", 3000},
    {"times", 8000},
    {"spells", 3000},
    {"smooth", 6000},
    {"smooth_by_age", 4000},
    {"interventions", 3000},
    {"instants", 20000},
    {"orphans", 4000},
    {"arrivals", 300},
    {"queues", 300},
    {"pools", 300},
    {"indicators", 300},
};

static double share = 1.0;
static wp_checks suite;

static void engine_and_reference_have_the_same_law(void **state)
{
    const char *name = *state;
    char path[512];
    int n = 1000;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, name) == 0) { n = cases[i].n; }
    }
    wp_checks checks;
    wp_checks_init(&checks, name);
    snprintf(path, sizeof path, "%s/reference/%s.yaml", WP_TESTS_DIR, name);
    wp_scenario *scenario = read_scenario(path);
    compare_with_reference(&checks, scenario, wp_test_seed(20130401), n, share, NULL);
    wp_scenario_free(scenario);
    wp_checks_print(&checks);
    suite.n += checks.n;
    suite.n_failed += checks.n_failed;
    assert_true(checks.n > 0);
    assert_int_equal(checks.n_failed, 0);
}

int main(int argc, char **argv)
{
    enum { N = sizeof cases / sizeof *cases };
    struct CMUnitTest tests[N];
    size_t n = 0;
    const char *only = argc > 2 ? argv[2] : NULL;
    if (argc > 1) { share = strtod(argv[1], NULL); }
    wp_checks_init(&suite, "all");
    for (size_t i = 0; i < N; i++) {
        if (only != NULL && strcmp(only, cases[i].name) != 0) { continue; }
        tests[n++] = (struct CMUnitTest){.name = cases[i].name,
                                         .test_func = engine_and_reference_have_the_same_law,
                                         .initial_state = (void *)(uintptr_t)cases[i].name};
    }
    return _cmocka_run_group_tests("test_reference_engine", tests, n, NULL, NULL);
}
