/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions: what a mapping of tests becomes, and that the order of its lines means nothing. */
#include "assert_close.h"
#include "scenario_fixture.h"

/* Reads a process with this condition; the caller frees the scenario. */
static const wp_condition *when_of(const char *condition, wp_scenario **s)
{
    char body[FIXTURE_TEXT];
    (void)snprintf(body, sizeof body,
                   "person: {states: {health: {levels: [well, ill, worse], at_start: well}}}\n"
                   "groups: {unwell: {health: [ill, worse]}}\n"
                   "processes: {p: {of: person, when: %s, hazard: 1 per year, then: []}}\n",
                   condition);
    *s = fixture_good(body);
    return (*s)->processes[0].when;
}

static void levels_become_a_set(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_condition *c = when_of("{health: [ill, worse]}", &s);
    assert_int_equal(c->kind, WP_CONDITION_TEST);
    assert_int_equal(c->levels, 6);
    wp_scenario_free(s);
}

static void ages_become_half_open_bands(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_condition *c = when_of("{age: [0-4, 85+]}", &s);
    assert_int_equal(c->n_bands, 2);
    assert_close(c->bands[0].lo, 0.0, 0.0, 0.0);
    assert_close(c->bands[0].hi, 5.0, 0.0, 0.0);
    assert_close(c->bands[1].lo, 85.0, 0.0, 0.0);
    assert_true(isinf(c->bands[1].hi));
    wp_scenario_free(s);
}

static void lines_hold_together_in_any_order(void **state)
{
    wp_scenario *a;
    wp_scenario *b;
    (void)state;
    const wp_condition *x = when_of("{age: 65+, health: ill, has_no: partner}", &a);
    const wp_condition *y = when_of("{has_no: partner, health: ill, age: 65+}", &b);
    assert_int_equal(x->kind, WP_CONDITION_ALL);
    assert_int_equal(x->n_parts, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(x->parts[i]->kind, y->parts[i]->kind);
        assert_int_equal(x->parts[i]->look.kind, y->parts[i]->look.kind);
    }
    wp_scenario_free(a);
    wp_scenario_free(b);
}

static void words_for_links_and_groups_are_read(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_condition *c = when_of("{has: [partner, child_at_home]}", &s);
    assert_int_equal(c->kind, WP_CONDITION_ANY);
    assert_int_equal(c->n_parts, 2);
    wp_scenario_free(s);
    c = when_of("{is_not: unwell}", &s);
    assert_int_equal(c->kind, WP_CONDITION_NOT);
    assert_int_equal(c->parts[0]->kind, WP_CONDITION_GROUP);
    assert_int_equal(c->parts[0]->group, 0);
    wp_scenario_free(s);
    c = when_of("{any_of: [{is: everyone}, {age: 3}]}", &s);
    assert_int_equal(c->kind, WP_CONDITION_ANY);
    wp_scenario_free(s);
}

static void bad_conditions_are_refused(void **state)
{
    wp_scenario *s = NULL;
    wp_problems problems;
    static const char *const BAD[] = {"{}",
                                      "[]",
                                      "{health: sick}",
                                      "{has: friend}",
                                      "{is: nobody}",
                                      "{any_of: {}}",
                                      "{age: 1 year}",
                                      "{age: 9-3}",
                                      "{option: a}",
                                      "{health: {a: b}}"};
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char body[FIXTURE_TEXT];
        (void)snprintf(body, sizeof body,
                       "person: {states: {health: {levels: [well, ill], at_start: well}}}\n"
                       "processes: {p: {of: person, when: %s, hazard: 1 per year, then: []}}\n",
                       BAD[i]);
        assert_int_equal(fixture_read(body, &s, &problems), WP_ERR_SCENARIO);
        assert_int_equal(problems.n_errors, 1);
        wp_problems_free(&problems);
    }
}

/* Groups that double at each step would take 2^40 tests to write out. */
static void groups_cannot_explode(void **state)
{
    char body[FIXTURE_TEXT];
    int n = snprintf(body, sizeof body, "groups:\n  g0: {age: 1}\n");
    (void)state;
    for (int i = 1; i <= 40; i++) {
        n += snprintf(body + n, sizeof body - (size_t)n, "  g%d: {any_of: [{is: g%d}, {is: g%d}]}\n", i,
                      i - 1, i - 1);
    }
    wp_scenario *s = NULL;
    wp_problems problems;
    assert_int_equal(fixture_read(body, &s, &problems), WP_ERR_SCENARIO);
    assert_non_null(strstr(problems.list[0].text, "tests with its groups written out"));
    wp_problems_free(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels_become_a_set),
                                       cmocka_unit_test(ages_become_half_open_bands),
                                       cmocka_unit_test(lines_hold_together_in_any_order),
                                       cmocka_unit_test(words_for_links_and_groups_are_read),
                                       cmocka_unit_test(bad_conditions_are_refused),
                                       cmocka_unit_test(groups_cannot_explode)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
