/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiling with the n-th allocation failing, n = 0, 1, 2 … until success. */
#include "assert_close.h"
#include "test_model_fixture.h"

#include <stdlib.h>

#include "failing_alloc.h"

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_distribution gamma = {
        .kind = WP_DISTRIBUTION_GAMMA, .sd = 0.01, .cv = NAN, .low = NAN, .interval_low = NAN};
    wp_parameter p = one_number("rate", WP_UNIT_PER_YEAR, 0.1);
    p.distribution = gamma;
    wp_condition partner_ill = is_level(WP_LOOK_VARIABLE, WP_PARTNER, 0, 1);
    wp_look by = {.kind = WP_LOOK_AGE};
    wp_factor factor = {.scale = WP_SCALE_HAZARD,
                        .value = number(3),
                        .when = &partner_ill,
                        .name = "onset/b",
                        .intervention = -1,
                        .n_keep_average_by = 1,
                        .keep_average_by = &by};
    wp_multiplier m[] = {{.name = "frailty",
                          .of = WP_PERSON,
                          .kind = WP_MULTIPLIER_GAMMA,
                          .mean = number(1),
                          .cv = number(0.5)}};
    wp_process *onset = &f.processes[ONSET], *recovery = &f.processes[RECOVERY];
    onset->hazard = named(0);
    onset->n_factors = 1;
    onset->factors = &factor;
    recovery->kind = WP_PROCESS_DELAY;
    recovery->delay =
        (wp_duration){.kind = WP_DURATION_GAMMA, .mean = number(0.1), .cv = number(1.4)};
    f.scenario.n_parameters = 1;
    f.scenario.parameters = &p;
    f.scenario.n_multipliers = 1;
    f.scenario.multipliers = m;
    f.scenario.n_draws = 2;
    int groups[] = {0};
    f.scenario.report = (wp_report_spec){.n_groups = 1, .groups = groups, .n_by = 1, .by = &by};
    long n = 0;
    for (;; n++) {
        wp_model model;
        wp_error err = {0};
        failing_alloc_arm(n);
        wp_status status = wp_model_init(&model, &f.scenario, 1, 1, &err);
        int fired = failing_alloc_fired();
        assert_int_equal(status, fired ? WP_ERR_MEMORY : WP_OK);
        if (fired) { assert_int_equal(err.status, WP_ERR_MEMORY); }
        wp_model_free(&model);
        if (!fired) { break; }
    }
    assert_true(n >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
