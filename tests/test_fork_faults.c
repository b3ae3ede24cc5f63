/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run with forks in which an allocation fails: it says so, or does without, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "failing_alloc.h"
#include "generator/scenario_generator.h"
#include "parallel/simulate_run.h"

enum { N_HOUSEHOLDS = 6, SEED = 3 };

static void a_failed_allocation_is_reported_or_done_without(void **state)
{
    (void)state;
    wp_text text;
    wp_error err = {0};
    wp_text_init(&text);
    assert_int_equal(generate_scenario_with_arms(SEED, N_HOUSEHOLDS, &text, &err), WP_OK);
    wp_scenario *scenario = read_scenario_text("generated.yaml", wp_text_get(&text));
    const wp_run_options options = {.threads = 1, .trace = 2, .block = 4};
    wp_run_data data;
    wp_run_report whole, report;
    run_engine(scenario, &options, &data, &whole);
    wp_simulate_free(&data);
    int n_failed = 0, fired = 1;
    for (long n = 0; fired; n += 1 + n / 16) {
        memset(&data, 0, sizeof data);
        memset(&err, 0, sizeof err);
        failing_alloc_arm(n);
        const wp_status status = wp_simulate(scenario, &options, &data, &report, &err);
        fired = failing_alloc_fired();
        if (status == WP_OK) {
            assert_string_equal(report.digest, whole.digest);
        } else {
            assert_int_equal(status, WP_ERR_MEMORY);
            assert_int_equal(err.status, WP_ERR_MEMORY);
            n_failed++;
        }
        wp_simulate_free(&data);
    }
    assert_true(n_failed > 30);
    wp_scenario_free(scenario);
    wp_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_failed_allocation_is_reported_or_done_without)};
    return cmocka_run_group_tests_name("test_fork_faults", tests, NULL, NULL);
}
