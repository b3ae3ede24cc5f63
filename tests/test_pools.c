/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queues, pools and indicators in small places whose answers can be worked out by hand; and that it does not
   matter in which blocks and on how many threads people wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "parallel/simulate_run.h"

#define HEAD                                                                                              \
    "wholeplace: 1\ntitle: queue\nclock: {start: 2010-01-01, years: 3}\n"                                 \
    "population: {cohort: {households: 40, members: [{age: 30.5 years}]}}\n"

/* Everyone asks on their own in the first month, one place opens a month. */
static const char *const queue = HEAD
    "person: {states: {ill: {levels: [well, ill], at_start: {well: 1, ill: 0}}},\n"
    "  attributes: {rank: {levels: [low, high], at_start: {low: 0.5, high: 0.5}}}}\n"
    "processes: {falls: {of: person, when: {ill: well}, hazard: 20 per year, then: [{set: {ill: ill}}]}}\n"
    "interventions:\n  clinic:\n    of: person\n    offer: {at: {event: falls}}\n    uptake: 1\n"
    "    capacity: {CAPACITY}\n    queue: {QUEUE}\n    lasts: LASTS\n    changes: {}\n"
    "arms: {baseline: [], clinic: [clinic]}\n"
    "outcomes:\n"
    "  starts: {events: clinic.start}\n  gave_up: {events: clinic.gave_up}\n"
    "  high_starts: {events: clinic.start, when: {rank: high}}\n"
    "  low_starts: {events: clinic.start, when: {rank: low}}\n"
    "  high: {snapshot: {at: [1 year]}, when: {rank: high}}\n"
    "  waiting: {snapshot: {every: 1 year}, when: {clinic: waiting}}\n"
    "  in: {snapshot: {every: 1 month}, when: {clinic: in}}\n"
    "  waited_months: {events: clinic.start, when: {time in ill: 1-100 years}}\n";

typedef struct one_run { wp_scenario *scenario; wp_run_data data; wp_run_report report; } one_run;

static void run_with(one_run *x, const char *text, const char *const *change, const wp_run_options *options)
{
    char made[8192];
    wp_run_options none = {.threads = 1};
    snprintf(made, sizeof made, "%s", text);
    for (int c = 0; change != NULL && change[c] != NULL; c += 2) {
        char *at = strstr(made, change[c]), rest[8192];
        assert_non_null(at);
        snprintf(rest, sizeof rest, "%s", at + strlen(change[c]));
        snprintf(at, sizeof made - (size_t)(at - made), "%s%s", change[c + 1], rest);
    }
    memset(x, 0, sizeof *x);
    x->scenario = read_scenario_text("queue.yaml", made);
    run_engine(x->scenario, options != NULL ? options : &none, &x->data, &x->report);
}

static void free_run(one_run *x)
{
    wp_simulate_free(&x->data);
    wp_scenario_free(x->scenario);
}

static int total(const one_run *x, const char *arm, const char *outcome, int year)
{
    const double doubled =
        engine_total(&x->data, find_arm(&x->data, arm), find_outcome(&x->data, outcome), year);
    return (int)(doubled / 2);
}

static void places_at_one_time_are_never_exceeded_and_fill_again(void **state)
{
    (void)state;
    const char *const change[] = {"{CAPACITY}", "{places: 5, settled: every 1 month}", "{QUEUE}",
                                  "{order: lottery}", "LASTS", "2 months", NULL};
    one_run x;
    run_with(&x, queue, change, NULL);
    /* Stays of two months, begun at borders: five in from one border to the next but one. Ends come last, so at
       a border those who leave still hold their places: five in every third month, then the next. */
    assert_int_equal(total(&x, "clinic", "starts", -1), 40);
    assert_int_equal(total(&x, "clinic", "starts", 0), 5 * 4);
    assert_int_equal(total(&x, "clinic", "in", 0), 5 * 3 * 3 + 5 * 2);
    assert_int_equal(total(&x, "clinic", "waiting", 1), 20);
    assert_int_equal(total(&x, "clinic", "waiting", 2), 5 * 4 - 5 * 4);
    assert_int_equal(total(&x, "baseline", "starts", -1), 0);
    free_run(&x);
}

static void places_build_up_at_borders(void **state)
{
    (void)state;
    const char *const change[] = {"{CAPACITY}", "{places: 12, builds_up: 1 year, settled: every 3 months}",
                                  "{QUEUE}", "{order: longest_waiting}", "LASTS", "for ever", NULL};
    one_run x;
    run_with(&x, queue, change, NULL);
    /* 3 from month 3, 6 from month 6, 9 from month 9; the twelfth at the year's border, where year 2 begins. */
    assert_int_equal(total(&x, "clinic", "starts", 0), 9);
    assert_int_equal(total(&x, "clinic", "in", 0), 3 * 3 + 3 * 6 + 3 * 9);
    assert_int_equal(total(&x, "clinic", "starts", 1), 3);
    assert_int_equal(total(&x, "clinic", "starts", -1), 12);
    free_run(&x);
}

static void starts_per_year_begin_anew_and_lapse(void **state)
{
    (void)state;
    const char *const change[] = {"{CAPACITY}",
                                  "{starts: 7 per year, settled: every 1 month}",
                                  "{QUEUE}",
                                  "{order: lottery}",
                                  "LASTS",
                                  "for ever",
                                  "households: 40",
                                  "households: 100",
                                  NULL};
    one_run x;
    run_with(&x, queue, change, NULL);
    assert_int_equal(total(&x, "clinic", "starts", -1), 3 * 7);
    free_run(&x);
    const char *const late[] = {"{CAPACITY}", "{starts: 7 per year, settled: every 1 month}", "{QUEUE}",
                                "{order: lottery}", "LASTS", "for ever", "at: {event: falls}",
                                "at: {date: 2012-06-01}", NULL};
    run_with(&x, queue, late, NULL);
    assert_int_equal(total(&x, "clinic", "starts", -1), 7); /* what years 1 and 2 did not use has lapsed */
    free_run(&x);
}

static void conditions_and_levels_come_before_waiting_time(void **state)
{
    (void)state;
    static const char *const orders[] = {"{order: [{when: {rank: high}}, longest_waiting]}",
                                         "{order: [{by: rank, first: high}, lottery]}"};
    for (int k = 0; k < 2; k++) {
        const char *const change[] = {
            "{CAPACITY}", "{places: 10, settled: every 1 year}", "{QUEUE}", orders[k], "LASTS", "for ever",
            NULL};
        one_run x;
        run_with(&x, queue, change, NULL);
        const int high = total(&x, "clinic", "high", -1);
        assert_true(high > 10); /* so that none is left for the others */
        assert_int_equal(total(&x, "clinic", "high_starts", -1), 10);
        assert_int_equal(total(&x, "clinic", "low_starts", -1), 0);
        free_run(&x);
    }
}

/* A second wave asks at a date. By waiting time it starts after the first; a lottery mixes the two. */
static const char *const waves = HEAD
    "person: {attributes: {wave: {levels: [early, late], at_start: {early: 0.5, late: 0.5}}}}\n"
    "interventions:\n  clinic:\n    of: person\n"
    "    offer: [{at: {date: 2010-03-01}, when: {wave: late}}, {at: {date: 2010-01-15}, when: {wave: "
    "early}}]\n"
    "    uptake: 1\n    capacity: {places: 10, settled: every 6 months}\n    queue: {QUEUE}\n"
    "    lasts: for ever\n    changes: {}\n"
    "arms: {baseline: [], clinic: [clinic]}\n"
    "outcomes:\n  early: {events: clinic.start, when: {wave: early}}\n"
    "  late: {events: clinic.start, when: {wave: late}}\n"
    "  gave_up: {events: clinic.gave_up}\n"
    "  left: {snapshot: {at: [3 years]}, when: {clinic: waiting}}\n";

static void the_longest_waiting_are_first_and_a_lottery_is_blind(void **state)
{
    (void)state;
    const char *const fifo[] = {"{QUEUE}", "{order: longest_waiting}", NULL};
    const char *const draw[] = {"{QUEUE}", "{order: lottery}", NULL};
    one_run x;
    run_with(&x, waves, fifo, NULL);
    assert_int_equal(total(&x, "clinic", "early", -1), 10);
    assert_int_equal(total(&x, "clinic", "late", -1), 0);
    assert_int_equal(total(&x, "clinic", "left", -1), 30);
    free_run(&x);
    run_with(&x, waves, draw, NULL);
    assert_int_equal(total(&x, "clinic", "early", -1) + total(&x, "clinic", "late", -1), 10);
    assert_true(total(&x, "clinic", "late", -1) > 0); /* ten of one wave alone: one chance in a thousand */
    free_run(&x);
}

static void who_gives_up_leaves_the_queue(void **state)
{
    (void)state;
    const char *const change[] = {"{QUEUE}", "{order: longest_waiting, gives_up: 5 months}", NULL};
    one_run x;
    run_with(&x, waves, change, NULL);
    const int early = total(&x, "clinic", "early", -1), late = total(&x, "clinic", "late", -1);
    assert_int_equal(early, 0); /* they had left after five months, at mid June: before the first border */
    assert_int_equal(late, 10);
    assert_int_equal(total(&x, "clinic", "gave_up", -1), 30);
    assert_int_equal(total(&x, "clinic", "left", -1), 0);
    free_run(&x);
}

static void the_end_of_a_programme_empties_its_queue(void **state)
{
    (void)state;
    const char *const change[] = {"{QUEUE}", "{order: lottery}", "of: person\n",
                                  "of: person\n    ends: 2011-01-15\n", NULL};
    one_run x;
    run_with(&x, waves, change, NULL);
    assert_int_equal(total(&x, "clinic", "early", -1) + total(&x, "clinic", "late", -1), 10);
    assert_int_equal(total(&x, "clinic", "gave_up", -1), 30);
    assert_int_equal(total(&x, "clinic", "left", -1), 0);
    free_run(&x);
}

/* Everyone turns 66 at the border of year 1: who is asked there is as old as they are then. */
static void a_border_sees_the_birthdays_of_its_instant(void **state)
{
    (void)state;
    const char *const change[] = {"{QUEUE}", "{order: lottery}", "age: 30.5 years", "age: 65 years",
                                  "when: {wave: late}", "when: {age: 0-65}", "when: {wave: early}",
                                  "when: {age: 0-65}", "every 6 months", "every 1 year", NULL};
    one_run x;
    run_with(&x, waves, change, NULL);
    assert_int_equal(total(&x, "clinic", "early", -1) + total(&x, "clinic", "late", -1), 0);
    assert_int_equal(total(&x, "clinic", "left", -1),
                     0); /* no longer offered it, so no longer in the queue */
    free_run(&x);
}

/* ---- Pools --------------------------------------------------------------------------------------------------- */

static const char *const pool = HEAD
    "person: {states: {job: {levels: [out, in], at_start: {out: 1, in: 0}}}}\n"
    "processes:\n  applies: {of: person, when: {job: out}, at: {date: DATE}, then: [{ask: {pool: jobs, "
    "granted: [{set: {job: in}}], refused: []}}]}\n"
    "pools: {jobs: {places: PLACES, settled: every 3 months, order: lottery, unused: UNUSED, refused: "
    "REFUSED}}\n"
    "arms: {baseline: []}\n"
    "outcomes:\n  granted: {events: applies.granted}\n  refused: {events: applies.refused}\n"
    "  in_work: {snapshot: {every: 1 year}, when: {job: in}}\n";

static void a_stock_is_given_once_and_the_rest_are_refused(void **state)
{
    (void)state;
    const char *const change[] = {"DATE", "2010-02-01", "PLACES",    "6", "UNUSED",
                                  "kept", "REFUSED",    "forgotten", NULL};
    one_run x;
    run_with(&x, pool, change, NULL);
    assert_int_equal(total(&x, "baseline", "granted", -1), 6);
    assert_int_equal(total(&x, "baseline", "refused", -1), 34);
    assert_int_equal(total(&x, "baseline", "in_work", 1), 6);
    free_run(&x);
}

static void places_that_open_evenly_wait_or_lapse(void **state)
{
    (void)state;
    /* Asked after two years: eight a year have opened by the border at 2 1/4 years, 18; in a year, 8 are left. */
    const char *const kept[] = {"DATE", "2012-02-01", "PLACES", "8 per year", "UNUSED", "kept", "REFUSED",
                                "forgotten", NULL};
    const char *const lapse[] = {"DATE",       "2012-02-01", "PLACES",
                                 "8 per year", "UNUSED",     "{lapse_after: 1 year}",
                                 "REFUSED",    "forgotten",  NULL};
    const char *const waits[] = {"DATE", "2010-02-01", "PLACES", "8 per year", "UNUSED",
                                 "kept", "REFUSED",    "waits",  NULL};
    one_run x;
    run_with(&x, pool, kept, NULL);
    assert_int_equal(total(&x, "baseline", "granted", -1), 18);
    free_run(&x);
    run_with(&x, pool, lapse, NULL);
    assert_int_equal(total(&x, "baseline", "granted", -1), 8);
    assert_int_equal(total(&x, "baseline", "refused", -1), 32);
    free_run(&x);
    run_with(&x, pool, waits, NULL);
    assert_int_equal(total(&x, "baseline", "granted", 0), 6); /* borders at 3, 6, 9 months */
    assert_int_equal(total(&x, "baseline", "granted", -1), 24);
    assert_int_equal(total(&x, "baseline", "refused", -1), 0);
    free_run(&x);
}

static void a_tenth_of_the_place_has_a_tenth_of_the_places(void **state)
{
    (void)state;
    const char *const change[] = {
        "DATE",      "2010-02-01",     "PLACES",           "250", "UNUSED", "kept", "REFUSED",
        "forgotten", "households: 40", "households: 4000", NULL};
    const wp_run_options options = {.threads = 1, .sample = 0.1};
    one_run x;
    run_with(&x, pool, change, &options);
    assert_int_equal(total(&x, "baseline", "granted", -1), 25);
    free_run(&x);
}

/* ---- Companions -------------------------------------------------------------------------------------------------- */

static const char *const couples = HEAD
    "person:\n  attributes: {sex: {levels: [male, female], at_start: {male: 0.5, female: 0.5}}}\n"
    "  states: {met: {levels: [before, after], at_start: {before: 1, after: 0}, at_arrival: {before: 0, "
    "after: 1}}}\n"
    "processes:\n  pairs: {of: person, when: {has_no: partner}, at: {date: 2010-02-01}, then: [{join: "
    "{partner: "
    "{sex: other, age_gap: {normal: {mean: 0 years, sd: 1 year}}}}}, {set: {met: after}}]}\n"
    "interventions:\n  clinic:\n    of: person\n    offer: {at: {date: 2010-03-01}}\n    uptake: 1\n"
    "    capacity: {places: 10, settled: every 6 months}\n    queue: {order: lottery}\n    lasts: for ever\n"
    "    changes: {}\n"
    "arms: {baseline: [], clinic: [clinic]}\n"
    "outcomes:\n  starts: {events: clinic.start}\n  partner_in: {snapshot: {at: [1 year]}, "
    "when: {partner.clinic: in}}\n  partner_out: {snapshot: {at: [1 year]}, when: {partner.clinic: "
    "waiting}}\n";

static void companions_wait_with_the_others_and_take_no_place(void **state)
{
    (void)state;
    enum { N = 20 };
    const wp_run_options options = {.threads = 1, .replicates = N};
    one_run x;
    run_with(&x, couples, NULL, &options);
    assert_int_equal(total(&x, "clinic", "starts", -1), N * 10);
    /* As many companions as counted people wait, and they start at the same turns of the lottery. */
    const int in = total(&x, "clinic", "partner_in", -1);
    assert_true(in > N * 7 && in < N * 13);
    assert_int_equal(in + total(&x, "clinic", "partner_out", -1), N * 40);
    free_run(&x);
}

/* ---- Indicators ---------------------------------------------------------------------------------------------------- */

/* By district the share is 1 or 0, so that one district's hazard is on and the other's off; those who move see
   the other's at once. */
static const char *const districts = HEAD
    "household: {attributes: {district: {levels: [north, south], at_start: {north: 0.5, south: 0.5}}}}\n"
    "person: {states: {smokes: {levels: [never, now], at_start: {by: household.district, values: {north: "
    "{never: 0, "
    "now: 1}, south: {never: 1, now: 0}}}}, tested: {levels: [no_test, test], at_start: {no_test: 1, test: "
    "0}}}}\n"
    "indicators: {smoking: {share: {smokes: now}, by: household.district, over: last quarter}}\n"
    "processes:\n  tests: {of: person, when: {tested: no_test}, hazard: 100 per year, multiply_hazard: [{by: "
    "smoking, values: {0-0.5: 0, 0.5+: 1}}], then: [{set: {tested: test}}]}\n"
    "  quits: {of: person, when: {smokes: now}, at: {date: 2011-01-01}, then: [{set: {smokes: never}}]}\n"
    "  waits: {of: person, when: {smoking: 0.5+}, delay: 1 month}\n"
    "arms: {baseline: []}\n"
    "outcomes:\n  tests: {events: tests}\n  waits: {events: waits}\n"
    "  north: {snapshot: {at: [0 years]}, when: {household.district: north}}\n";

static void an_indicator_is_seen_by_those_of_its_level(void **state)
{
    (void)state;
    one_run x;
    run_with(&x, districts, NULL, NULL);
    const int north = total(&x, "baseline", "north", -1);
    assert_true(north > 5 && north < 35);
    assert_int_equal(total(&x, "baseline", "tests", -1), north);
    /* Each month of year 1, and of the first quarter of year 2, whose rate is still the last quarter's. */
    assert_int_equal(total(&x, "baseline", "waits", 0), 11 * north);
    assert_int_equal(total(&x, "baseline", "waits", 1), 4 * north - north);
    free_run(&x);
}

/* ---- The same bytes -------------------------------------------------------------------------------------------------- */

static void assert_one_digest(const char *name)
{
    static const wp_run_options ways[] = {
        {.threads = 1}, {.threads = 2, .block = 7}, {.threads = 3, .block = 1}, {.threads = 7, .block = 31},
        {.threads = 1, .exact_pass = true}, {.threads = 1, .block = 100000},
        {.threads = 2, .block = 1, .exact_pass = true}, {.threads = 1, .simd = WP_SIMD_PORTABLE}};
    char path[512], first[65] = "";
    snprintf(path, sizeof path, "%s/%s.yaml", WP_TESTS_DIR, name);
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        wp_run_options options = ways[k];
        wp_run_data data;
        wp_run_report report;
        wp_scenario *scenario = read_scenario(path);
        options.replicates = 3;
        run_engine(scenario, &options, &data, &report);
        if (k == 0) { memcpy(first, report.digest, sizeof first); }
        if (strcmp(first, report.digest) != 0) { print_error("%s, way %zu\n", name, k); }
        assert_string_equal(first, report.digest);
        wp_simulate_free(&data);
        wp_scenario_free(scenario);
    }
}

static void blocks_and_threads_and_passes_do_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"reference/queues", "reference/pools", "reference/indicators",
                                        "exact/e14"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) { assert_one_digest(names[k]); }
}

/* One place on all threads together, and not one thread a place. */
static void a_large_place_is_the_same_on_all_threads(void **state)
{
    (void)state;
    char first[65] = "";
    const char *const change[] = {"{CAPACITY}", "{places: 50, settled: every 3 months}", "{QUEUE}",
                                  "{order: [{when: {rank: high}}, longest_waiting]}", "LASTS", "2 months",
                                  "households: 40", "households: 600", NULL};
    for (int threads = 1; threads <= 3; threads++) {
        const wp_run_options options = {.threads = threads, .block = 2};
        one_run x;
        run_with(&x, queue, change, &options);
        if (threads == 1) { memcpy(first, x.report.digest, sizeof first); }
        assert_string_equal(first, x.report.digest);
        free_run(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_at_one_time_are_never_exceeded_and_fill_again),
        cmocka_unit_test(places_build_up_at_borders),
        cmocka_unit_test(starts_per_year_begin_anew_and_lapse),
        cmocka_unit_test(conditions_and_levels_come_before_waiting_time),
        cmocka_unit_test(the_longest_waiting_are_first_and_a_lottery_is_blind),
        cmocka_unit_test(who_gives_up_leaves_the_queue),
        cmocka_unit_test(the_end_of_a_programme_empties_its_queue),
        cmocka_unit_test(a_border_sees_the_birthdays_of_its_instant),
        cmocka_unit_test(a_stock_is_given_once_and_the_rest_are_refused),
        cmocka_unit_test(places_that_open_evenly_wait_or_lapse),
        cmocka_unit_test(a_tenth_of_the_place_has_a_tenth_of_the_places),
        cmocka_unit_test(companions_wait_with_the_others_and_take_no_place),
        cmocka_unit_test(an_indicator_is_seen_by_those_of_its_level),
        cmocka_unit_test(blocks_and_threads_and_passes_do_not_matter),
        cmocka_unit_test(a_large_place_is_the_same_on_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
