/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-up tables: nested values, files, shares; what is left out, and what overlaps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <wholeplace/scenario.h>

#include "scenario/checked.h"
#include "scenario/csv.h"

static const char start[] =
    "wholeplace: 1\ntitle: Tables\nclock: {start: 2010-01-01, years: 5}\n"
    "population: {cohort: {households: 10, members: [{age: 40 years}]}}\narms: {baseline: []}\n"
    "outcomes: {deaths: {events: died}}\n"
    "person:\n  attributes: {sex: {levels: [female, male], at_start: {female: 0.25, male: 75 %}}}\n"
    "  states: {health: {levels: [well, ill, gone], at_birth: well, at_start: {by: [sex, age], "
    "values: {female: {0-15: {well: 1}, 16-64: {well: 0.5, ill: 0.5}}, male: {0-39: well}}, otherwise: "
    "ill}}}\n"
    "processes: {dies: {of: person, hazard: rate, then: [die]}}\nparameters:\n";

/* Reads the parameters in `lines`; the problems are the caller's to free. */
static wp_scenario *read_with(const char *lines, wp_problems *problems)
{
    char text[8192];
    wp_scenario *scenario = NULL;
    int n = snprintf(text, sizeof text, "%s%s", start, lines);
    assert_true(n > 0 && n < (int)sizeof text);
    *problems = (wp_problems){0};
    (void)wp_scenario_read_text(WP_TESTS_DIR "/tables/text.yaml", text, (size_t)n, &scenario, problems, NULL);
    for (size_t i = 0; scenario == NULL && i < problems->n; i++) {
        print_message("%d:%d: %s\n", problems->list[i].line, problems->list[i].column,
                      problems->list[i].text);
    }
    return scenario;
}

static const wp_grid *grid_of(const wp_scenario *s, const char *name)
{
    for (int i = 0; i < s->n_parameters; i++) {
        if (strcmp(s->parameters[i].name, name) == 0) { return s->parameters[i].grid; }
    }
    return NULL;
}

static int near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static void bands_are_the_union_over_branches(void **state)
{
    (void)state;
    wp_problems problems;
    wp_scenario *s =
        read_with("  rate: {unit: per month, by: [sex, age], values: {female: {0-9: 1, 10-19: 2}, "
                  "male: {0-4: 3, 5-19: 4}}, otherwise: 5}\n",
                  &problems);
    assert_non_null(s);
    const wp_grid *g = grid_of(s, "rate");
    assert_int_equal(g->n_axes, 2);
    assert_int_equal(g->axes[0].n_bands, 2);
    assert_null(g->axes[0].bands);
    assert_int_equal(g->axes[1].n_bands, 3);
    assert_true(g->axes[1].bands[1].lo == 5.0 && g->axes[1].bands[1].hi == 10.0);
    static const double expected[] = {12, 12, 24, 36, 48, 48};
    for (int i = 0; i < 6; i++) { assert_true(near(g->values[i], expected[i])); }
    assert_true(g->has_otherwise && near(g->otherwise, 60.0));
    wp_scenario_free(s);
    wp_problems_free(&problems);
}

static void shares_have_the_levels_as_last_axis(void **state)
{
    (void)state;
    wp_problems problems;
    wp_scenario *s = read_with("  rate: {value: 1, unit: per year}\n", &problems);
    assert_non_null(s);
    assert_int_equal(s->n_variables, 2);
    const wp_variable *health = &s->variables[0];
    const wp_grid *g = health->at_start.shares;
    assert_int_equal(g->n_axes, 3);
    assert_int_equal(g->axes[2].n_bands, 3);
    int n_ages = g->axes[1].n_bands;
    assert_true(g->axes[1].bands[0].lo == 0.0 && isinf(g->axes[1].bands[n_ages - 1].hi));
    for (int row = 0; row < g->n_cells / 3; row++) {
        assert_true(near(g->values[3 * row] + g->values[3 * row + 1] + g->values[3 * row + 2], 1.0));
    }
    assert_true(near(g->values[3 * (n_ages - 1) + 1], 1.0)); /* a woman of 65: otherwise ill */
    const wp_grid *sex = s->variables[1].at_start.shares;
    assert_int_equal(sex->n_axes, 1);
    assert_true(near(sex->values[0], 0.25) && near(sex->values[1], 0.75));
    wp_scenario_free(s);
    wp_problems_free(&problems);
}

static void files_are_read_by_rows_that_are_picked(void **state)
{
    (void)state;
    wp_problems problems;
    wp_scenario *s =
        read_with("  rate: {unit: per year, by: [sex, age], table: {file: rates.csv, where: {place: A}, "
                  "keys: {sex: sex, age: [from, to]}, names: {Women: female, Men: male}, "
                  "bands: {age: [0-64, 65+]}, value: rate}}\n",
                  &problems);
    assert_non_null(s);
    const wp_grid *g = grid_of(s, "rate");
    assert_int_equal(g->n_cells, 4);
    assert_true(isinf(g->axes[1].bands[1].hi));
    for (int i = 0; i < 4; i++) { assert_true(near(g->values[i], 0.1 * (i + 1))); }
    assert_int_equal(s->n_files, 2);
    wp_scenario_free(s);
    wp_problems_free(&problems);
}

static void expect_error(const char *lines, const char *part)
{
    wp_problems problems;
    assert_null(read_with(lines, &problems));
    size_t n = 0;
    for (size_t i = 0; i < problems.n; i++) { n += strstr(problems.list[i].text, part) != NULL; }
    if (n != 1) { fail_msg("'%s' is said %zu times", part, n); }
    wp_problems_free(&problems);
}

static void faulty_tables_say_why(void **state)
{
    (void)state;
    expect_error("  rate: {unit: per year, by: sex, values: {female: 1}}\n",
                 "level 'male' of 'sex' is missing");
    expect_error("  rate: {unit: per year, by: age, values: {0-9: 1, 9-12: 2}}\n", "share 9");
    expect_error("  rate: {unit: per year, by: age, values: {0-9: 1, 12-14: 2}}\n", "leave out");
    expect_error("  rate: {unit: per year, by: age, values: {0-9: -1}}\n", "-1");
    expect_error("  rate: {unit: per year, by: [sex, sex], values: {}}\n", "twice");
    expect_error("  rate: {unit: per year, by: age, values: {0+: 1}, table: {file: rates.csv}}\n",
                 "it needs one");
    expect_error("  rate: {unit: per year, by: age, table: {file: no.csv, keys: {age: from}, value: rate}}\n",
                 "no file");
    expect_error("  rate: {unit: per year, by: age, table: {file: ../../CMakeLists.txt, keys: {age: from}, "
                 "value: rate}}\n",
                 "outside");
    expect_error("  rate: {unit: per year, by: [sex, age], table: {file: rates.csv, where: {place: A}, "
                 "keys: {sex: sex, age: [from, to]}, names: {Women: female, Men: male}, value: rate}}\n",
                 "overlaps with that on line 2");
    expect_error("  rate: {unit: per year, by: [sex, age], table: {file: rates.csv, where: {place: B}, "
                 "keys: {sex: sex, age: [from, to]}, names: {Women: female, Men: male}, value: rate}}\n",
                 "no row of the file gives sex male");
    expect_error("  rate: {unit: per year, by: age, table: {file: rates.csv, where: {place: A, sex: Men}, "
                 "keys: {age: [from, to]}, bands: {age: [0-64, 70+]}, value: rate}}\n",
                 "'70+'");
}

static void patterns_match_any_text_for_a_star(void **state)
{
    (void)state;
    assert_true(wp_csv_matches("qx*", "qx: probability"));
    assert_true(wp_csv_matches("* (GM district)", "Bolton (GM district)"));
    assert_true(wp_csv_matches("*", ""));
    assert_true(wp_csv_matches("a*b*c", "aXbYbZc"));
    assert_false(wp_csv_matches("a*b*c", "aXbYbZ"));
    assert_false(wp_csv_matches("abc", "abcd"));
    assert_false(wp_csv_matches("abcd", "abc"));
    assert_true(wp_csv_matches("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_are_the_union_over_branches),
        cmocka_unit_test(shares_have_the_levels_as_last_axis),
        cmocka_unit_test(files_are_read_by_rows_that_are_picked),
        cmocka_unit_test(faulty_tables_say_why),
        cmocka_unit_test(patterns_match_any_text_for_a_star),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
