/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario read from a text in a test: a small frame around the lines that the test is about. */
#ifndef WP_TESTS_SCENARIO_FIXTURE_H
#define WP_TESTS_SCENARIO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <wholeplace/scenario.h>

#include "scenario/checked.h"

enum { FIXTURE_TEXT = 16384 };

static const char FIXTURE_FRAME[] = "wholeplace: 1\n"
                                    "title: A test\n"
                                    "clock: {start: 2000-01-01, years: 10}\n"
                                    "population: {cohort: {households: 10, members: [{age: 40 years}]}}\n";

/* Reads the frame and `body`; `arms` is written unless the body has some. The status is given back. */
static inline wp_status fixture_read(const char *body, wp_scenario **scenario, wp_problems *problems)
{
    char text[FIXTURE_TEXT];
    const char *arms = strstr(body, "\narms:") == NULL ? "arms: {baseline: []}\n" : "";
    int n = snprintf(text, sizeof text, "%s%s%s", FIXTURE_FRAME, arms, body);
    assert_true(n > 0 && n < (int)sizeof text);
    *problems = (wp_problems){0};
    return wp_scenario_read_text("test.yaml", text, (size_t)n, scenario, problems, NULL);
}

/* A scenario that must be good; free it with wp_scenario_free. */
static inline wp_scenario *fixture_good(const char *body)
{
    wp_scenario *scenario = NULL;
    wp_problems problems;
    wp_status status = fixture_read(body, &scenario, &problems);
    for (size_t i = 0; i < problems.n && status != WP_OK; i++) {
        print_error("%s:%d:%d: %s\n", problems.list[i].file, problems.list[i].line, problems.list[i].column,
                    problems.list[i].text);
    }
    wp_problems_free(&problems);
    assert_int_equal(status, WP_OK);
    return scenario;
}

/* A scenario that must have exactly one error, and one that holds `part`. */
static inline void fixture_bad(const char *body, const char *part)
{
    wp_scenario *scenario = NULL;
    wp_problems problems;
    wp_status status = fixture_read(body, &scenario, &problems);
    size_t n_with_part = 0;
    for (size_t i = 0; i < problems.n; i++) {
        bool error = problems.list[i].severity == WP_SEVERITY_ERROR;
        bool with_part = error && strstr(problems.list[i].text, part) != NULL;
        n_with_part += with_part ? 1 : 0;
        if (error && !with_part) {
            print_error("%d:%d: '%s', but expected '%s'\n", problems.list[i].line, problems.list[i].column,
                        problems.list[i].text, part);
        }
    }
    size_t n_errors = problems.n_errors;
    wp_problems_free(&problems);
    assert_int_equal(status, WP_ERR_SCENARIO);
    assert_null(scenario);
    assert_int_equal(n_errors, 1);
    assert_int_equal(n_with_part, 1);
}

/* Things by name, -1 where there are none. */
static inline int fixture_process(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_processes; i++) {
        if (strcmp(s->processes[i].name, name) == 0) { return i; }
    }
    return -1;
}

static inline int fixture_event(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_events; i++) {
        if (strcmp(s->events[i].name, name) == 0) { return i; }
    }
    return -1;
}

static inline int fixture_variable(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_variables; i++) {
        if (strcmp(s->variables[i].name, name) == 0) { return i; }
    }
    return -1;
}

#endif
