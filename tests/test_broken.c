/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Broken scenarios: each file of tests/broken says exactly what its neighbour .expected lists, all of it in one
   pass. The environment variable WP_WRITE_EXPECTED writes the lists anew; the change is then reviewed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <wholeplace/scenario.h>

#include "base/text.h"

enum { MIN_SCENARIOS = 50, MAX_PATH = 4096 };

static const char folder[] = WP_TESTS_DIR "/broken";

static int is_scenario(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

/* "file:line:col: severity: text", files relative to the folder. */
static void print_problems(const wp_problems *problems, wp_text *out)
{
    for (size_t i = 0; i < problems->n; i++) {
        const wp_problem *p = &problems->list[i];
        const char *file = p->file;
        if (strncmp(file, folder, sizeof folder - 1) == 0) { file += sizeof folder; }
        const char *severity = p->severity == WP_SEVERITY_ERROR ? "error" : "warning";
        assert_int_equal(wp_text_append_format(out, NULL, "%s:%d:%d: %s: %s\n", file, p->line, p->column,
                                               severity, p->text),
                         WP_OK);
    }
}

static void read_whole(const char *path, wp_text *out)
{
    char block[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL) { return; }
    for (size_t n = fread(block, 1, sizeof block, file); n > 0; n = fread(block, 1, sizeof block, file)) {
        assert_int_equal(wp_text_append_bytes(out, block, n, NULL), WP_OK);
    }
    (void)fclose(file);
}

static void write_whole(const char *path, const wp_text *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(wp_text_get(text), 1, text->length, file), text->length);
    assert_int_equal(fclose(file), 0);
}

/* One broken scenario; true when it says what is expected. */
static int says_what_is_expected(const char *name)
{
    char path[MAX_PATH];
    char expected_path[MAX_PATH];
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_text said = {0};
    wp_text expected = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)snprintf(expected_path, sizeof expected_path, "%s/%.*s.expected", folder, (int)(strlen(name) - 5),
                   name);
    wp_status status = wp_scenario_read(path, &scenario, &problems, NULL);
    /* Some only deserve warnings, and are read. */
    assert_int_equal(status, problems.n_errors > 0 ? WP_ERR_SCENARIO : WP_OK);
    assert_true((scenario == NULL) == (problems.n_errors > 0));
    assert_true(problems.n > 0);
    print_problems(&problems, &said);
    if (getenv("WP_WRITE_EXPECTED") != NULL) { write_whole(expected_path, &said); }
    read_whole(expected_path, &expected);
    int same = strcmp(wp_text_get(&said), wp_text_get(&expected)) == 0;
    if (!same) { print_error("%s says\n%sand not\n%s", name, wp_text_get(&said), wp_text_get(&expected)); }
    wp_text_free(&said);
    wp_text_free(&expected);
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return same;
}

static void broken_scenarios_say_what_is_wrong(void **state)
{
    (void)state;
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_scenario, alphasort);
    int n_wrong = 0;
    for (int i = 0; i < n; i++) {
        n_wrong += !says_what_is_expected(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    assert_true(n >= MIN_SCENARIOS);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(broken_scenarios_say_what_is_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
