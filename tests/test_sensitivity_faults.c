/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity in which an allocation fails: it says so, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "failing_alloc.h"
#include <wholeplace/sensitivity.h>

/* A saving, of which some is priced again, and a target's figure. */
static void each_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const change[] = {"households: 20000", "households: 4", NULL};
    static const char *const of[] = {"c", "p,mix"};
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/sensitivity/take-up.yaml", change);
    wp_sensitivity_options options = {.of = of, .n_of = 2, .run = {.draws = 2, .threads = 1}};
    for (int way = 0; way < 2; way++) {
        wp_sensitivity whole, found;
        wp_error err = {0};
        int n_failed = 0, fired = 1;
        options.target = way == 0 ? NULL : "enrolled";
        assert_int_equal(wp_sensitivity_find(scenario, &options, &whole, NULL), WP_OK);
        for (long n = 0; fired; n += 1 + n / 16) {
            memset(&err, 0, sizeof err);
            failing_alloc_arm(n);
            const wp_status status = wp_sensitivity_find(scenario, &options, &found, &err);
            fired = failing_alloc_fired();
            if (status == WP_OK) {
                assert_memory_equal(&whole.mean, &found.mean, sizeof whole.mean);
                assert_memory_equal(&whole.inputs[0].total, &found.inputs[0].total, sizeof whole.inputs[0].total);
            } else {
                assert_int_equal(status, WP_ERR_MEMORY);
                assert_int_equal(err.status, WP_ERR_MEMORY);
                n_failed++;
            }
            wp_sensitivity_free(&found);
        }
        assert_true(n_failed > 30);
        wp_sensitivity_free(&whole);
    }
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
