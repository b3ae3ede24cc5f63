/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs in memory by several threads at once: the same bytes, and nothing for the thread sanitizer to find. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine_run.h"
#include "parallel/simulate_run.h"

typedef struct digests { char all[65], life[33]; } digests;

static wp_scenario *open_reference(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/reference/%s.yaml", WP_TESTS_DIR, name);
    return read_scenario(path);
}

static digests run_with(const wp_scenario *scenario, const wp_run_options *options)
{
    wp_run_data data;
    wp_run_report report = {0};
    digests d;
    run_engine(scenario, options, &data, &report);
    memcpy(d.all, report.digest, sizeof d.all);
    memcpy(d.life, report.life_digest, sizeof d.life);
    wp_simulate_free(&data);
    return d;
}

/* Small blocks, so that the threads have many jobs to share. */
static void assert_same_for_any_threads(const char *name, double sample, int replicates)
{
    static const int threads[] = {1, 2, 3, 7};
    wp_scenario *scenario = open_reference(name);
    wp_run_options options = {.sample = sample, .replicates = replicates, .block = 5, .trace = 3};
    digests first = {{0}, {0}};
    for (int i = 0; i < 4; i++) {
        options.threads = threads[i];
        digests d = run_with(scenario, &options);
        if (i == 0) { first = d; }
        if (strcmp(first.all, d.all) != 0) { print_error("%s, %d threads\n", name, threads[i]); }
        assert_string_equal(first.all, d.all);
        assert_string_equal(first.life, d.life);
    }
    wp_scenario_free(scenario);
}

static void lineages_on_their_own_are_the_same_for_any_threads(void **state)
{
    (void)state;
    assert_same_for_any_threads("metamorphic", 0.1, 1);
    assert_same_for_any_threads("interventions", 0.01, 2);
    assert_same_for_any_threads("families", 0.02, 1);
    assert_same_for_any_threads("couples", 0.02, 1);
    assert_same_for_any_threads("arrivals", 0.5, 3);
    assert_same_for_any_threads("smooth", 0.01, 2);
}

static void coupled_lineages_are_the_same_for_any_threads(void **state)
{
    (void)state;
    assert_same_for_any_threads("pools", 0.5, 1);
    assert_same_for_any_threads("queues", 0.2, 1);
    assert_same_for_any_threads("indicators", 0.5, 1);
}

/* ---- Progress ------------------------------------------------------------------------------------------------- */

typedef struct listener {
    pthread_t caller;
    double last_done;
    wp_run_stage stage;
    int n_calls, n_elsewhere, n_backwards, stop_at;
} listener;

static bool listen(void *user, const wp_progress *progress)
{
    listener *l = user;
    l->n_calls++;
    l->n_elsewhere += !pthread_equal(l->caller, pthread_self());
    l->n_backwards += progress->done < l->last_done || progress->done > 1.0;
    l->last_done = progress->done;
    l->stage = progress->stage;
    return l->n_calls != l->stop_at;
}

static void progress_is_told_by_the_thread_that_called_and_goes_forward(void **state)
{
    (void)state;
    wp_scenario *scenario = open_reference("metamorphic");
    listener l = {.caller = pthread_self()};
    run_with(scenario,
             &(wp_run_options){.threads = 3, .block = 2, .sample = 0.3, .progress = listen, .user = &l});
    assert_int_equal(l.n_elsewhere, 0);
    assert_int_equal(l.n_backwards, 0);
    assert_true(l.n_calls > 0);
    wp_scenario_free(scenario);
}

/* Means over founders are taken before any life. */
static const char *const averages =
    "wholeplace: 1\ntitle: averages\nclock: {start: 2010-01-01, years: 2}\nruns: {draws: 2}\n"
    "population: {cohort: {households: 1000, members: [{age: 50 years}]}}\n"
    "person: {attributes: {sort: {levels: [a, b], at_start: {a: 0.5, b: 0.5}}}}\n"
    "processes: {dies: {of: person, hazard: 0.1 per year, multiply_hazard: [{by: sort, values: {a: 1, b: 3}, "
    "keep_average_by: age}], then: [die]}}\n"
    "arms: {baseline: []}\noutcomes: {deaths: {events: died}}\n";

/* Stopped at the first call, the second, …, until none is left: nothing is written but by the run that ends. */
static void stops_wherever_it_is_asked_to(wp_scenario *scenario, const wp_run_options *options)
{
    char folder[] = "/tmp/test_threads_XXXXXX", path[64];
    wp_status status = WP_ERR_STOPPED;
    int n = 0, stages = 0;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/result.nc", folder);
    for (int at = 1; status == WP_ERR_STOPPED; at++) {
        listener l = {.caller = pthread_self(), .stop_at = at};
        wp_run_options asked = *options;
        wp_error err = {0};
        asked.progress = listen;
        asked.user = &l;
        status = wp_run(scenario, &asked, path, NULL, &err);
        stages |= 1 << l.stage;
        if (status == WP_OK) { continue; }
        assert_int_equal(status, WP_ERR_STOPPED);
        assert_non_null(strstr(err.text, "nothing was written"));
        assert_int_equal(rmdir(folder), 0); /* it is empty */
        assert_int_equal(mkdir(folder, 0700), 0);
        n++;
    }
    assert_int_equal(status, WP_OK);
    assert_true(n >= 5);
    assert_int_equal(stages, 1 << WP_STAGE_FOUNDING | 1 << WP_STAGE_SIMULATING | 1 << WP_STAGE_WRITING);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    wp_scenario_free(scenario);
}

static void a_run_stops_where_it_is_asked_to_and_leaves_nothing(void **state)
{
    (void)state;
    stops_wherever_it_is_asked_to(open_reference("metamorphic"),
                                  &(wp_run_options){.threads = 2, .block = 200});
    stops_wherever_it_is_asked_to(open_reference("pools"), &(wp_run_options){.threads = 2, .replicates = 1});
    stops_wherever_it_is_asked_to(read_scenario_text("averages.yaml", averages),
                                  &(wp_run_options){.threads = 1, .block = 200});
}

/* ---- Several runs at a time ----------------------------------------------------------------------------------- */

typedef struct own_run {
    const wp_scenario *scenario;
    wp_run_options options;
    wp_run_report report;
    wp_status status;
} own_run;

/* No assertion here: cmocka's jump out of a failed one must stay in the first thread. */
static void *simulate(void *argument)
{
    own_run *own = argument;
    wp_run_data data = {0};
    own->status = wp_simulate(own->scenario, &own->options, &data, &own->report, NULL);
    wp_simulate_free(&data);
    return NULL;
}

static void runs_at_the_same_time_do_not_disturb_each_other(void **state)
{
    (void)state;
    wp_scenario *families = open_reference("families"), *interventions = open_reference("interventions");
    own_run runs[3] = {
        {.scenario = families, .options = {.threads = 2, .sample = 0.02, .block = 5}},
        {.scenario = interventions, .options = {.threads = 2, .sample = 0.01, .block = 5}},
        {.scenario = families, .options = {.threads = 1, .sample = 0.02, .has_seed = true, .seed = 7}}};
    digests alone[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) { alone[i] = run_with(runs[i].scenario, &runs[i].options); }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, simulate, &runs[i]), 0);
    }
    for (int i = 0; i < 3; i++) { assert_int_equal(pthread_join(threads[i], NULL), 0); }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(runs[i].status, WP_OK);
        assert_string_equal(runs[i].report.digest, alone[i].all);
    }
    assert_string_not_equal(alone[0].all, alone[2].all);
    wp_scenario_free(families);
    wp_scenario_free(interventions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lineages_on_their_own_are_the_same_for_any_threads),
        cmocka_unit_test(coupled_lineages_are_the_same_for_any_threads),
        cmocka_unit_test(progress_is_told_by_the_thread_that_called_and_goes_forward),
        cmocka_unit_test(a_run_stops_where_it_is_asked_to_and_leaves_nothing),
        cmocka_unit_test(runs_at_the_same_time_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests_name("test_threads", tests, NULL, NULL);
}
