/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignment: the shifts against known answers, and a baseline brought to its totals. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <wholeplace/align.h>

#include "assert_close.h"
#include "calibrate/shifts.h"
#include "engine_run.h"
#include "failing_alloc.h"
#include "parallel/simulate_run.h"

static const char *const falls = WP_TESTS_DIR "/align/falls.yaml";

/* ---- Shifts -------------------------------------------------------------------------------------------- */

enum { N_GROUPS = 4 };
static const double people[N_GROUPS] = {400, 300, 200, 100}, share[N_GROUPS] = {0.02, 0.05, 0.10, 0.30};

static double shifted(double p, double by_odds)
{
    return 1.0 / (1.0 + exp(-(log(p / (1.0 - p)) + by_odds)));
}

static wp_status expected_by_odds(void *of, const double *shifts, double *totals, wp_error *err)
{
    (void)of;
    (void)err;
    totals[0] = 0.0;
    for (int g = 0; g < N_GROUPS; g++) { totals[0] += people[g] * shifted(share[g], shifts[0]); }
    return WP_OK;
}

static wp_status expected_by_ratio(void *of, const double *shifts, double *totals, wp_error *err)
{
    (void)of;
    (void)err;
    totals[0] = 0.0;
    for (int g = 0; g < N_GROUPS; g++) { totals[0] += people[g] * share[g] * exp(shifts[0]); }
    return WP_OK;
}

static void odds_and_ratios_meet_a_known_total(void **state)
{
    (void)state;
    static const double wanted = 100.0, shares_after[N_GROUPS] = {0.0291531, 0.0718758, 0.1405159, 0.3867285};
    const wp_shifts problem = {.n = 1, .wanted = &wanted, .tolerance = 1e-13, .most_rounds = 30};
    double shift, total;
    int rounds;
    bool is_met;
    wp_error err = {0};
    assert_int_equal(wp_shifts_solve(&problem, expected_by_odds, NULL, &shift, &total, &rounds, &is_met, &err), WP_OK);
    assert_true(is_met && rounds < 10);
    assert_close(shift, 0.3862128274, 1e-9, 0.0);
    for (int g = 0; g < N_GROUPS; g++) { assert_close(shifted(share[g], shift), shares_after[g], 1e-6, 0.0); }
    assert_int_equal(wp_shifts_solve(&problem, expected_by_ratio, NULL, &shift, &total, &rounds, &is_met, &err), WP_OK);
    assert_true(is_met && rounds == 2); /* in logarithms it is a straight line */
    assert_close(exp(shift), 1.3698630, 1e-7, 0.0);
    assert_close(0.30 * exp(shift), 0.4109589, 1e-6, 0.0);
}

/* Each year's events leave fewer people for the next. */
static wp_status chain(void *of, const double *shifts, double *totals, wp_error *err)
{
    double left = *(const double *)of;
    (void)err;
    for (int y = 0; y < 3; y++) {
        totals[y] = left * -expm1(-0.2 * exp(shifts[y]));
        left -= totals[y];
    }
    return WP_OK;
}

static void years_that_depend_on_each_other_are_met_together(void **state)
{
    (void)state;
    double first = 1000.0, shifts[3], totals[3];
    const double wanted[3] = {250.0, NAN, 90.0};
    const wp_shifts problem = {.n = 3, .wanted = wanted, .tolerance = 1e-12, .most_rounds = 40};
    int rounds;
    bool is_met;
    wp_error err = {0};
    assert_int_equal(wp_shifts_solve(&problem, chain, &first, shifts, totals, &rounds, &is_met, &err), WP_OK);
    assert_true(is_met);
    assert_close(exp(shifts[0]), -log(0.75) / 0.2, 1e-10, 0.0);
    assert_true(shifts[1] == 0.0);
    const double left = 750.0 * exp(-0.2);
    assert_close(exp(shifts[2]), -log(1.0 - 90.0 / left) / 0.2, 1e-10, 0.0);
}

static void what_cannot_be_met_is_said(void **state)
{
    (void)state;
    double first = 100.0, shifts[3], totals[3];
    const double wanted[3] = {250.0, NAN, NAN};
    const wp_shifts problem = {.n = 3, .wanted = wanted, .tolerance = 1e-6, .most_rounds = 12};
    int rounds;
    bool is_met;
    wp_error err = {0};
    assert_int_equal(wp_shifts_solve(&problem, chain, &first, shifts, totals, &rounds, &is_met, &err), WP_OK);
    assert_true(!is_met && rounds == 12 && isfinite(shifts[0]));
}

static void a_failed_allocation_is_reported(void **state)
{
    (void)state;
    for (long n = 0, fired = 1; fired; n++) {
        double first = 1000.0, shifts[3], totals[3];
        const double wanted[3] = {250.0, NAN, 90.0};
        const wp_shifts problem = {.n = 3, .wanted = wanted, .tolerance = 1e-6, .most_rounds = 40};
        int rounds;
        bool is_met;
        wp_error err = {0};
        failing_alloc_arm(n);
        wp_status status = wp_shifts_solve(&problem, chain, &first, shifts, totals, &rounds, &is_met, &err);
        fired = failing_alloc_fired();
        assert_int_equal(status, fired ? WP_ERR_MEMORY : WP_OK);
        assert_true(n < 100);
    }
}

/* ---- A baseline ------------------------------------------------------------------------------------------ */

static double events(const wp_run_data *data, const char *arm, const char *outcome, int year)
{
    const int a = arm == NULL ? 0 : find_arm(data, arm), o = find_outcome(data, outcome);
    return engine_total(data, a, o, year) / 2.0;
}

/* A folder with the scenario and, beside it, what was found, which it uses. */
typedef struct aligned_place {
    char folder[64], scenario[96], ratios[96];
} aligned_place;

static void make_place(aligned_place *place, const wp_scenario *scenario)
{
    snprintf(place->folder, sizeof place->folder, "%s", "/tmp/wholeplace-align-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->scenario, sizeof place->scenario, "%s/falls.yaml", place->folder);
    snprintf(place->ratios, sizeof place->ratios, "%s/ratios.yaml", place->folder);
    const char *text = scenario->files[0].text, *clock = strstr(text, "\nclock:");
    assert_non_null(clock);
    FILE *file = fopen(place->scenario, "w");
    assert_non_null(file);
    fprintf(file, "%.*s\nuse: [ratios.yaml]%s", (int)(clock - text), text, clock);
    assert_int_equal(fclose(file), 0);
}

static void remove_place(const aligned_place *place)
{
    unlink(place->scenario);
    unlink(place->ratios);
    rmdir(place->folder);
}

static void ratios_are_found_and_known_years_fill_the_others(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(falls);
    wp_alignments found = {0};
    wp_error err = {0};
    assert_int_equal(wp_align(scenario, NULL, NULL, &found, &err), WP_OK);
    assert_true(found.is_met && found.n == 2);
    const wp_aligned_parameter *hazard = &found.parameters[0];
    assert_string_equal(hazard->parameter, "falls_by_year");
    assert_true(hazard->years[2].ratio == hazard->years[1].ratio && isnan(hazard->years[2].wanted));
    assert_true(found.parameters[1].years[0].ratio == found.parameters[1].years[1].ratio);
    /* 4,000 x 0.1 falls a year, within five standard deviations */
    assert_close(hazard->years[0].ratio, 460.0 / 400.0, 5.0 / sqrt(400.0), 0.0);
    wp_alignments_free(&found);
    wp_scenario_free(scenario);
}

static void a_baseline_meets_its_totals_and_arms_keep_their_effect(void **state)
{
    (void)state;
    static const double wanted[4] = {460.0, 360.0, NAN, 500.0};
    wp_scenario *scenario = read_scenario(falls);
    aligned_place place;
    wp_alignments found = {0};
    wp_error err = {0};
    make_place(&place, scenario);
    const wp_run_options forced = {.force = true};
    assert_int_equal(wp_align(scenario, NULL, place.scenario, &found, &err), WP_ERR_EXISTS);
    assert_int_equal(wp_align(scenario, &forced, place.scenario, &found, &err), WP_ERR_EXISTS); /* not of our making */
    assert_int_equal(wp_align(scenario, NULL, place.ratios, &found, &err), WP_OK);
    wp_alignments_free(&found);
    assert_int_equal(wp_align(scenario, NULL, place.ratios, &found, &err), WP_ERR_EXISTS);
    assert_int_equal(wp_align(scenario, &forced, place.ratios, &found, &err), WP_OK);
    wp_scenario *aligned = read_scenario(place.scenario);
    remove_place(&place);
    wp_run_data data = {0};
    const wp_run_options as_written = {0};
    run_engine(aligned, &as_written, &data, NULL);
    double in_arm = 0.0, in_baseline = 0.0;
    for (int y = 0; y < 4; y++) {
        const double falls_then = events(&data, NULL, "falls", y);
        if (!isnan(wanted[y])) { assert_close(falls_then, wanted[y], 0.0, 2.0); }
        if (y > 0) { assert_close(events(&data, NULL, "found", y), 1200.0, 0.0, 2.0); }
        in_arm += events(&data, "rails", "falls", y);
        in_baseline += falls_then;
    }
    /* half of about 1,700, not brought to the totals: five standard deviations */
    assert_close(in_arm / in_baseline, 0.5, 0.0, 5.0 * sqrt(850.0) / 1700.0);
    wp_simulate_free(&data);
    wp_scenario_free(aligned);
    wp_alignments_free(&found);
    wp_scenario_free(scenario);
}

static void nothing_to_align_is_an_error(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(WP_TESTS_DIR "/exact/e2.yaml");
    wp_alignments found = {0};
    wp_error err = {0};
    assert_int_equal(wp_align(scenario, NULL, NULL, &found, &err), WP_ERR_ARGUMENT);
    wp_alignments_free(&found);
    wp_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odds_and_ratios_meet_a_known_total),
        cmocka_unit_test(years_that_depend_on_each_other_are_met_together),
        cmocka_unit_test(what_cannot_be_met_is_said),
        cmocka_unit_test(a_failed_allocation_is_reported),
        cmocka_unit_test(ratios_are_found_and_known_years_fill_the_others),
        cmocka_unit_test(a_baseline_meets_its_totals_and_arms_keep_their_effect),
        cmocka_unit_test(nothing_to_align_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
