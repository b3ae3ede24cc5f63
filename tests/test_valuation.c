/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lineages are worth where the place couples them: as without coupling where that changes nothing, and
   as the events of each life say where it does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"

static size_t value_index(const wp_run_data *data, const char *name)
{
    for (int v = 0; v < data->n_values; v++) {
        if (strcmp(data->values[v], name) == 0) { return (size_t)v; }
    }
    fail_msg("no value '%s'", name);
    return 0;
}

/* ---- A pool that never binds --------------------------------------------------------------------------------- */

/* Yearly, so that clocks are settled when they are without a pool. */
#define ASKS                                                                                         \
    "processes:\n  asks: {of: person, hazard: 0.2 per year, then: [{ask: {pool: beds, granted: [], " \
    "refused: []}}]}\n"
#define POOL "pools: {beds: {places: 1000000, settled: every 1 year}}\n"

static void a_pool_that_never_binds_leaves_what_families_are_worth(void **state)
{
    (void)state;
    static const char *const coupled[] = {"processes:\n", POOL ASKS, NULL};
    static const char *const alone[] = {
        "processes:\n", "processes:\n  asks: {of: person, hazard: 0.2 per year, then: []}\n", NULL};
    static const wp_run_options ways[] = {{.replicates = 2, .threads = 1}, {.replicates = 2, .threads = 2},
                                          {.replicates = 2, .threads = 3, .block = 5}};
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/tallies/everything.yaml", alone);
    wp_run_data data, other;
    run_engine(scenario, &ways[0], &data, NULL);
    wp_scenario_free(scenario);
    scenario = read_changed_scenario(WP_TESTS_DIR "/tallies/everything.yaml", coupled);
    const size_t n = 2 * 2 * (size_t)data.n_values;
    assert_true(data.n_values > 8);
    assert_true(data.paired_sum_squares[n - (size_t)data.n_values + value_index(&data, "all GBP")] > 0.0);
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        run_engine(scenario, &ways[w], &other, NULL);
        assert_int_equal(other.n_values, data.n_values);
        for (int v = 0; v < data.n_values; v++) { assert_string_equal(other.values[v], data.values[v]); }
        assert_memory_equal(other.value_sum, data.value_sum, n * sizeof(double));
        assert_memory_equal(other.value_sum_squares, data.value_sum_squares, n * sizeof(double));
        assert_memory_equal(other.paired_sum_squares, data.paired_sum_squares, n * sizeof(double));
        wp_simulate_free(&other);
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- A queue that does ------------------------------------------------------------------------------------------ */

enum { N_HOUSEHOLDS = 300, N_ARMS = 2, N_REPLICATES = 3 };

static const double fall_gbp = 1000, start_gbp = 130;

static const char *const queue =
    "wholeplace: 1\ntitle: queue\nclock: {start: 2010-01-01, years: 6}\n"
    "population: {cohort: {households: 300, members: [{age: 30.5 years}, {age: 60.5 years}]}}\n"
    "person: {states: {ill: {levels: [well, ill], at_start: well}}}\n"
    "processes:\n  falls: {of: person, when: {ill: well}, hazard: 0.8 per year, then: [{set: {ill: ill}}]}\n"
    "  recovers: {of: person, when: {ill: ill}, hazard: 2 per year, then: [{set: {ill: well}}]}\n"
    "interventions:\n  clinic:\n    of: person\n    offer: {at: {event: falls}}\n    uptake: 0.9\n"
    "    capacity: {places: 25, settled: every 1 month}\n    queue: {order: longest_waiting}\n"
    "    lasts: 1 year\n    again: 1 day after end\n    changes: {falls: {multiply_hazard: [0.3]}}\n"
    "    unit_values: {visit: {per: start, amount: 130 GBP}}\n"
    "arms: {baseline: [], clinic: [clinic]}\n"
    "outcomes: {falls: {events: falls}, waiting: {snapshot: {every: 1 year}, when: {clinic: waiting}}}\n"
    "unit_values: {a_fall: {per: falls, amount: 1000 GBP}}\n"
    "money: {discount: {GBP: 0 % per year}}\n";

/* Falls and starts of each household, from the life histories. */
typedef struct household { uint64_t id; double worth[N_ARMS][N_REPLICATES]; } household;

static household *household_of(household *list, size_t *n, uint64_t id)
{
    for (size_t k = *n; k-- > 0;) {
        if (list[k].id == id) { return &list[k]; }
    }
    assert_true(*n < N_HOUSEHOLDS);
    list[*n] = (household){.id = id};
    return &list[(*n)++];
}

static size_t worth_by_traces(const wp_run_data *data, household *list)
{
    size_t n = 0;
    for (int64_t row = 0; row < data->n_trace; row++) {
        const char *event = data->events[data->trace_event[row]];
        const double gbp = strcmp(event, "falls") == 0          ? fall_gbp
                           : strcmp(event, "clinic.start") == 0 ? start_gbp
                                                                : 0.0;
        household *mine = household_of(list, &n, data->trace_lineage[row]);
        mine->worth[data->trace_arm[row]][data->trace_replicate[row]] += gbp;
    }
    return n;
}

static void families_that_wait_for_each_other_are_worth_what_their_lives_say(void **state)
{
    (void)state;
    static const wp_run_options ways[] = {
        {.replicates = N_REPLICATES, .trace = N_HOUSEHOLDS, .threads = 1},
        {.replicates = N_REPLICATES, .trace = N_HOUSEHOLDS, .threads = 2, .block = 7}};
    wp_scenario *scenario = read_scenario_text("queue.yaml", queue);
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_data data;
        static household list[N_HOUSEHOLDS];
        run_engine(scenario, &ways[w], &data, NULL);
        memset(list, 0, sizeof list);
        const size_t n = worth_by_traces(&data, list);
        assert_true(n > N_HOUSEHOLDS / 2);
        assert_true(engine_total(&data, 1, find_outcome(&data, "waiting"), -1) > 2 * 100); /* it binds */
        const size_t all = value_index(&data, "all GBP");
        for (int r = 0; r < N_REPLICATES; r++) {
            double sum[N_ARMS] = {0}, squares[N_ARMS] = {0}, paired = 0;
            for (size_t k = 0; k < n; k++) {
                for (int a = 0; a < N_ARMS; a++) {
                    sum[a] += list[k].worth[a][r];
                    squares[a] += pow(list[k].worth[a][r], 2);
                }
                paired += pow(list[k].worth[0][r] - list[k].worth[1][r], 2);
            }
            for (int a = 0; a < N_ARMS; a++) {
                const size_t at = ((size_t)a * N_REPLICATES + (size_t)r) * (size_t)data.n_values + all;
                assert_close(data.value_sum[at], sum[a], 1e-9, 0);
                assert_close(data.value_sum_squares[at], squares[a], 1e-9, 0);
                assert_close(data.paired_sum_squares[at], a == 0 ? 0 : paired, 1e-9, 0);
            }
            /* pairing is what is measured: apart, the arms' variances would add */
            assert_true(paired > 0.0 && paired < squares[0] + squares[1]);
        }
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pool_that_never_binds_leaves_what_families_are_worth),
        cmocka_unit_test(families_that_wait_for_each_other_are_worth_what_their_lives_say),
    };
    return cmocka_run_group_tests_name("test_valuation", tests, NULL, NULL);
}
