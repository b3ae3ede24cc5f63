/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario library: each programme of each place can be read, and what is assumed in it is as unsure as
   an assumption is. */
#define _GNU_SOURCE
#include "assert_close.h"

#include <glob.h>
#include <string.h>

#include <wholeplace/scenario.h>

#include "scenario/checked.h"

enum { MIN_PROGRAMMES = 15 };

/* What `check` says of an assumed number that is held to be known, or whose distribution changes nothing. */
static int assumed_as_if_known(const wp_problems *problems)
{
    int n = 0;
    for (size_t i = 0; i < problems->n; i++) {
        const wp_problem *p = &problems->list[i];
        if (strstr(p->text, "is assumed (grade C)") == NULL &&
            strstr(p->text, "only their ratios count") == NULL) {
            continue;
        }
        print_error("%s:%d: %s\n", p->file, p->line, p->text);
        n++;
    }
    return n;
}

/* Does `programme` use the file? */
static bool uses(const wp_scenario *programme, const char *path)
{
    for (int f = 1; wp_scenario_file(programme, f) != NULL; f++) {
        const char *used = strstr(wp_scenario_file(programme, f), "places/");
        if (used != NULL && strcmp(used, strstr(path, "places/")) == 0) { return true; }
    }
    return false;
}

static void programmes_are_read_and_their_assumptions_are_unsure(void **state)
{
    (void)state;
    glob_t found;
    wp_scenario *programmes[64] = {NULL};
    int n_programmes = 0, n_wrong = 0;
    assert_int_equal(glob(WP_SCENARIOS_DIR "/places/*/*.yaml", 0, NULL, &found), 0);
    assert_in_range(found.gl_pathc, MIN_PROGRAMMES, 64);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        wp_problems problems = {0};
        wp_scenario *scenario = NULL;
        if (wp_scenario_read(found.gl_pathv[i], &scenario, &problems, NULL) == WP_OK) {
            programmes[n_programmes++] = scenario;
            n_wrong += assumed_as_if_known(&problems);
        }
        wp_problems_free(&problems);
    }
    for (size_t i = 0; i < found.gl_pathc; i++) { /* what cannot be read by itself is a piece of what can */
        wp_scenario *scenario = NULL;
        wp_problems problems = {0};
        bool is_right = wp_scenario_read(found.gl_pathv[i], &scenario, &problems, NULL) == WP_OK;
        for (int k = 0; k < n_programmes && !is_right; k++) {
            is_right = uses(programmes[k], found.gl_pathv[i]);
        }
        if (!is_right) { fail_msg("%s: %s", found.gl_pathv[i], problems.n > 0 ? problems.list[0].text : ""); }
        wp_scenario_free(scenario);
        wp_problems_free(&problems);
    }
    assert_true(n_programmes >= MIN_PROGRAMMES);
    assert_int_equal(n_wrong, 0);
    for (int k = 0; k < n_programmes; k++) { wp_scenario_free(programmes[k]); }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programmes_are_read_and_their_assumptions_are_unsure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
