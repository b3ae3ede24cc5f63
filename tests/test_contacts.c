/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agencies around a family: each problem draws in its own agency by as much as the file says, and one point of
   contact removes assessments that repeat, and nothing else. On the scenario library: England's 46,000 families. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"

static const char *const with_one_contact[] = {
    "  - ../../interventions/family-key-worker.yaml\n",
    "  - ../../interventions/family-key-worker.yaml\n  - ../../interventions/single-contact.yaml\n",
    "\n# What every family gets",
    "  repeats_in:        {of: household, events: assessed,"
    " when: {single_contact: in, assessed.own in last 12 months: 1+}}\n"
    "  repeats_in_own:    {of: household, events: assessed.own,"
    " when: {single_contact: in, assessed.own in last 12 months: 1+}}\n"
    "  schools_out:       {of: household, events: agency_case.schools,"
    " when: {household.number_of.children_out_of_school: 1+}}\n"
    "  schools_in:        {of: household, events: agency_case.schools,"
    " when: {household.number_of.children_out_of_school: 0}}\n"
    "  services_out:      {of: household, events: agency_case.childrens_services,"
    " when: {household.number_of.children_out_of_school: 1+}}\n"
    "  services_in:       {of: household, events: agency_case.childrens_services,"
    " when: {household.number_of.children_out_of_school: 0}}\n"
    "\n# What every family gets",
    "\narms:\n",
    "\narms:\n  one_contact: [single_contact]\n",
    NULL};

static wp_run_data data;

static int simulate(void **state)
{
    (void)state;
    static const char *const arms[] = {"one_contact"};
    const wp_run_options options = {.draws = 1, .sample = 0.05, .arms = arms, .n_arms = 1};
    wp_scenario *scenario =
        read_changed_scenario(WP_SCENARIOS_DIR "/places/england/families.yaml", with_one_contact);
    run_engine(scenario, &options, &data, NULL);
    wp_scenario_free(scenario);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    wp_simulate_free(&data);
    return 0;
}

static double events(const char *outcome, int arm)
{
    return engine_total(&data, arm, find_outcome(&data, outcome), -1) / 2.0;
}

/* At stated values the contact changes no case: contact_cases is 1. */
static void one_contact_removes_what_repeats_and_nothing_else(void **state)
{
    (void)state;
    static const char *const same[] = {"agency_cases", "families_with_many_problems",
                                       "police_calls_to_families", "in_need_starts"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_true(events(same[i], 0) > 0.0);
        assert_true(events(same[i], 1) == events(same[i], 0));
    }
    const double repeats[2] = {events("duplicate_assessments", 0), events("duplicate_assessments", 1)};
    print_message("%.0f assessments, %.0f of them repeat another\n", events("assessments", 0), repeats[0]);
    assert_true(events("assessments", 0) > repeats[0]);
    assert_true(events("assessments", 0) - repeats[0] == events("assessments", 1) - repeats[1]);
    assert_true(repeats[1] < repeats[0]);

    /* 0.95 assess themselves, times the 0.67 that one contact leaves of it */
    const double n = events("repeats_in", 1), p = 0.95 * 0.67;
    print_message("%.0f repeated occasions with one contact, %.3f of them assessed anew\n", n,
                  events("repeats_in_own", 1) / n);
    assert_true(n > 1000.0);
    assert_within_se(events("repeats_in_own", 1), n * p, sqrt(n * p * (1.0 - p)));
}

/* The odds of schools against children's services are twice as high where a child is out of school, whatever else
   there is: other agencies' odds are in neither. */
static void a_problem_draws_in_its_own_agency(void **state)
{
    (void)state;
    const double a = events("schools_out", 0), b = events("schools_in", 0);
    const double c = events("services_out", 0), d = events("services_in", 0);
    print_message("odds of schools: %.3f where a child is out of school, %.3f elsewhere\n", a / c, b / d);
    assert_true(fmin(fmin(a, b), fmin(c, d)) > 100.0);
    assert_within_se(log(a / c) - log(b / d), log(2.0), sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d));
}

static void each_case_is_some_agencys(void **state)
{
    (void)state;
    static const char *const agencies[] = {"cases_of_schools", "cases_of_health", "cases_of_police",
                                           "cases_of_housing", "cases_of_childrens_services"};
    for (int arm = 0; arm < 2; arm++) {
        double sum = 0.0;
        for (size_t i = 0; i < sizeof agencies / sizeof agencies[0]; i++) { sum += events(agencies[i], arm); }
        assert_true(sum == events("agency_cases", arm));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_contact_removes_what_repeats_and_nothing_else),
        cmocka_unit_test(a_problem_draws_in_its_own_agency),
        cmocka_unit_test(each_case_is_some_agencys),
    };
    return cmocka_run_group_tests(tests, simulate, forget);
}
