/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries and exports in which an allocation fails: they say so, and leave nothing behind. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <wholeplace/export.h>
#include <wholeplace/summary.h>

#include "engine_run.h"
#include "failing_alloc.h"

static char folder[] = "/tmp/test_summary_faults_XXXXXX";
static char result[64], tables[64];

/* Two interventions, draws, two units, a histogram, spend, sides of families, and a figure to stop at: something of
   everything that is made of a result. */
static int make_result(void **state)
{
    (void)state;
    static const char *const change[] = {
        "runs: {seed: 1, draws: 64, design: sobol}",
        "runs: {seed: 1, stop_when: {figure: {saving: GBP, arm: prevention}, half_width: 1 GBP, at_most: 20 "
        "draws}, "
        "correlations: [{between: [prevents, prevention.visit], rank: 0.5}]}",
        "money:\n",
        "money:\n  spend_by_person: all\n",
        "arms:",
        "report: {saving_by: [household]}\narms:",
        NULL};
    assert_non_null(mkdtemp(folder));
    snprintf(result, sizeof result, "%s/r.nc", folder);
    snprintf(tables, sizeof tables, "%s/tables", folder);
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/decision/choice.yaml", change);
    const wp_run_options options = {.threads = 1, .sample = 0.3};
    wp_error err = {0};
    assert_int_equal(wp_run(scenario, &options, result, NULL, &err), WP_OK);
    wp_scenario_free(scenario);
    return 0;
}

static int remove_result(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

typedef wp_status made(FILE *out, wp_error *err);

static wp_status page(FILE *out, wp_error *err)
{
    return wp_summary(result, NULL, out, err);
}

static wp_status json(FILE *out, wp_error *err)
{
    return wp_summary(result, &(wp_summary_options){.json = true}, out, err);
}

static wp_status decision(FILE *out, wp_error *err)
{
    return wp_summary(result, &(wp_summary_options){.decision = true}, out, err);
}

static wp_status spend(FILE *out, wp_error *err)
{
    return wp_summary(result, &(wp_summary_options){.spend = true}, out, err);
}

static wp_status export(FILE *out, wp_error *err)
{
    (void)out;
    return wp_export(result, tables, &(wp_export_options){.force = true}, err);
}

/* Does it again and again, each time with another allocation that fails. Every failure is one of memory, and says so. */
static void fail_each_allocation(made *make, int least)
{
    int n_failed = 0, fired = 1;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    for (long n = 0; fired; n += 1 + n / 12) {
        wp_error err = {0};
        failing_alloc_arm(n);
        const wp_status status = make(out, &err);
        fired = failing_alloc_fired();
        if (status == WP_OK) { continue; } /* none failed, or it could do without */
        if (status != WP_ERR_MEMORY) { print_error("allocation %ld: %s\n", n, err.text); }
        assert_int_equal(status, WP_ERR_MEMORY);
        assert_int_equal(err.status, WP_ERR_MEMORY);
        n_failed++;
    }
    failing_alloc_arm(-1);
    fclose(out);
    if (n_failed <= least) { print_error("%d failures\n", n_failed); }
    assert_true(n_failed > least);
}

static void a_page(void **state)
{
    (void)state;
    fail_each_allocation(page, 30);
}

static void one_json_object(void **state)
{
    (void)state;
    fail_each_allocation(json, 30);
}

static void figures_for_a_decision(void **state)
{
    (void)state;
    fail_each_allocation(decision, 30);
}

static void the_spend_of_persons(void **state)
{
    (void)state;
    fail_each_allocation(spend, 12);
}

static void tables_for_others(void **state)
{
    (void)state;
    fail_each_allocation(export, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page),
        cmocka_unit_test(one_json_object),
        cmocka_unit_test(figures_for_a_decision),
        cmocka_unit_test(the_spend_of_persons),
        cmocka_unit_test(tables_for_others),
    };
    return cmocka_run_group_tests_name("test_summary_faults", tests, make_result, remove_result);
}
