/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks: every phrase of the language means what it says, and belongs to whom it says. */
#include "assert_close.h"
#include "scenario_fixture.h"

static const char PEOPLE[] =
    "person:\n"
    "  attributes: {risk: {multiplier: {gamma: {mean: 1, cv: 1}}}}\n"
    "  states: {health: {levels: [well, ill], at_start: well, time_at_start: zero}}\n"
    "household:\n"
    "  states: {abuse: {levels: [absent, present], at_start: absent, time_at_start: zero}}\n"
    "groups: {unwell: {health: ill}}\n";

/* The look that a condition `line: value` of a process `of` has, and its first band (may be NULL). */
static wp_look look_of(const char *of, const char *line, wp_band *band)
{
    char body[FIXTURE_TEXT];
    (void)snprintf(body, sizeof body, "%sprocesses:\n  onset: {of: person, hazard: 1 per year, then: []}\n"
                   "  fall: {of: household, hazard: 1 per year, then: []}\n"
                   "  looks: {of: %s, when: {%s}, hazard: 1 per year, then: []}\n", PEOPLE, of, line);
    wp_scenario *s = fixture_good(body);
    const wp_condition *when = s->processes[fixture_process(s, "looks")].when;
    assert_int_equal(when->kind, WP_CONDITION_TEST);
    wp_look look = when->look;
    if (band != NULL && when->n_bands > 0) { *band = when->bands[0]; }
    wp_scenario_free(s);
    return look;
}

static void bad_look(const char *of, const char *line, const char *part)
{
    char body[FIXTURE_TEXT];
    (void)snprintf(body, sizeof body, "%sprocesses:\n  fall: {of: household, hazard: 1 per year, then: []}\n"
                   "  looks: {of: %s, when: {%s}, hazard: 1 per year, then: []}\n", PEOPLE, of, line);
    fixture_bad(body, part);
}

static void plain_names_belong_to_the_subject(void **state)
{
    (void)state;
    wp_look look = look_of("person", "health: ill", NULL);
    assert_int_equal(look.kind, WP_LOOK_VARIABLE);
    assert_int_equal(look.whose, WP_SELF);
    look = look_of("household", "abuse: present", NULL);
    assert_int_equal(look.whose, WP_SELF);
    look = look_of("household", "size: 1", NULL);
    assert_int_equal(look.kind, WP_LOOK_SIZE);
}

static void dotted_names_say_whose(void **state)
{
    (void)state;
    assert_int_equal(look_of("person", "partner.health: ill", NULL).whose, WP_PARTNER);
    assert_int_equal(look_of("person", "mother.age: 30-39", NULL).whose, WP_MOTHER);
    assert_int_equal(look_of("person", "household.abuse: present", NULL).whose, WP_OWN_HOUSEHOLD);
    wp_look look = look_of("couple", "couple.number_of.unwell: 2", NULL);
    assert_int_equal(look.kind, WP_LOOK_NUMBER_OF);
    assert_int_equal(look.whose, WP_OWN_COUPLE);
    look = look_of("couple", "household.kind: couple", NULL);
    assert_int_equal(look.kind, WP_LOOK_KIND);
    assert_int_equal(look_of("person", "household.number_of.everyone: 1", NULL).kind, WP_LOOK_SIZE);
}

static void times_and_events_are_read(void **state)
{
    (void)state;
    wp_band band = {-1.0, -1.0};
    wp_look look = look_of("person", "onset in last 12 months: 1+", &band);
    assert_close(band.lo, 1.0, 0.0, 0.0);
    assert_true(isinf(band.hi));
    assert_int_equal(look.kind, WP_LOOK_RECENT);
    assert_close(look.window, 1.0, 1e-12, 0.0);
    look = look_of("person", "household.fall in last 6 months: 2", NULL);
    assert_int_equal(look.whose, WP_OWN_HOUSEHOLD);
    assert_close(look.window, 0.5, 1e-12, 0.0);
    assert_int_equal(look_of("person", "time since onset: 0-3 months", &band).kind, WP_LOOK_TIME_SINCE);
    assert_close(band.lo, 0.0, 0.0, 0.0);
    assert_close(band.hi, 0.25, 1e-12, 0.0);
    assert_int_equal(look_of("household", "time in abuse: 0-1 years", NULL).kind, WP_LOOK_TIME_IN);
    assert_int_equal(look_of("person", "time in household.abuse: 0-1 years", NULL).whose, WP_OWN_HOUSEHOLD);
    assert_int_equal(look_of("person", "time since start: 1+ years", NULL).kind, WP_LOOK_TIME_SINCE_START);
    assert_int_equal(look_of("couple", "time together: 1+ years", NULL).kind, WP_LOOK_TIME_TOGETHER);
    assert_int_equal(look_of("person", "date: 2003+", NULL).kind, WP_LOOK_DATE);
}

static void somebody_elses_things_are_refused(void **state)
{
    (void)state;
    bad_look("person", "abuse: present", "write 'household.abuse'");
    bad_look("household", "health: ill", "belongs to a person");
    bad_look("person", "couple.younger_age: 16+", "needs 'of: couple'");
    bad_look("household", "partner.health: ill", "cannot be seen here");
    bad_look("person", "fall in last 12 months: 1+", "write 'household.fall in last 12 months'");
    bad_look("person", "time since fall: 0-1 years", "write 'time since household.fall'");
    bad_look("household", "time together: 1+ years", "belongs to a couple");
    bad_look("person", "fall in last 25 months: 1+", "24 months");
    bad_look("person", "risk: 1", "real number");
    bad_look("person", "helth: ill", "did you mean 'health'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_names_belong_to_the_subject), cmocka_unit_test(dotted_names_say_whose),
        cmocka_unit_test(times_and_events_are_read), cmocka_unit_test(somebody_elses_things_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
