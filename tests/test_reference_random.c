/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random scenarios through the engine and the reference: every outcome has the same law, whatever the mixture.
   Arguments: how many scenarios, the seed of the first, and the share of the samples (1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine_run.h"
#include "generator/scenario_generator.h"
#include "reference/compare.h"

static int n_scenarios = 2;
static uint64_t first_seed = 1;
static double share = 1.0;

static void random_scenarios_have_the_same_law_in_both(void **state)
{
    (void)state;
    int n_failed = 0, n = 0;
    uint64_t seed = wp_test_seed(first_seed);
    for (int i = 0; i < n_scenarios; i++) {
        wp_text text;
        wp_error err = {0};
        char name[64];
        wp_checks checks;
        snprintf(name, sizeof name, "seed %llu", (unsigned long long)(seed + (uint64_t)i));
        wp_text_init(&text);
        assert_int_equal(generate_scenario(seed + (uint64_t)i, 8000, &text, &err), WP_OK);
        wp_scenario *scenario = read_scenario_text("generated.yaml", wp_text_get(&text));
        wp_checks_init(&checks, name);
        compare_with_reference(&checks, scenario, seed + 1000 + (uint64_t)i, 2000, share, NULL);
        wp_checks_print(&checks);
        if (checks.n_failed > 0) { print_error("%s\n", wp_text_get(&text)); }
        n_failed += checks.n_failed;
        n += checks.n;
        wp_scenario_free(scenario);
        wp_text_free(&text);
    }
    assert_true(n > 50 * n_scenarios);
    assert_int_equal(n_failed, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1) { n_scenarios = atoi(argv[1]); }
    if (argc > 2) { first_seed = strtoull(argv[2], NULL, 10); }
    if (argc > 3) { share = strtod(argv[3], NULL); }
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_scenarios_have_the_same_law_in_both)};
    return cmocka_run_group_tests_name("test_reference_random", tests, NULL, NULL);
}
