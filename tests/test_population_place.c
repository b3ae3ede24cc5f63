/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greater Manchester from the scenario library: as many people and households as its margins say, and not
   one household that cannot be. */
#define _GNU_SOURCE
#include "assert_close.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wholeplace/population.h>

static void greater_manchester_is_made_to_its_margins(void **state)
{
    (void)state;
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_population_summary summary;
    wp_error err = {0};
    char *text = NULL, *line = NULL, *rest = NULL;
    size_t size = 0;
    int n_margins = 0;
    const char *place = WP_SCENARIOS_DIR "/places/greater-manchester/older-people.yaml";
    if (wp_scenario_read(place, &scenario, &problems, &err) != WP_OK) {
        fail_msg("%s %s", err.text, problems.n > 0 ? problems.list[0].text : "");
    }
    FILE *report = open_memstream(&text, &size);
    assert_non_null(report);
    if (wp_population_make(scenario, 2011, &summary, report, NULL, NULL, &err) != WP_OK) {
        fail_msg("%s", err.text);
    }
    fclose(report);
    assert_int_equal(summary.n_people, 2682528);
    assert_in_range(summary.n_households, 1128066, 1128066 + 30000); /* and institutions' residents */
    assert_non_null(strstr(text, "households that cannot be: 0\n"));
    for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        double wanted, got, worst;
        int n_cells;
        bool persons = strncmp(line, "persons by", 10) == 0;
        if (!persons && strncmp(line, "households by", 13) != 0) { continue; }
        if (sscanf(strchr(line, ')') + 1, "%d %lf %lf %lf", &n_cells, &wanted, &got, &worst) != 4) {
            continue;
        }
        n_margins++;
        assert_true(n_cells > 0);
        assert_true(worst <= (persons ? 1.0 : 1e-3 * 1128066));
    }
    assert_true(n_margins >= 4);
    free(text);
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(greater_manchester_is_made_to_its_margins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
