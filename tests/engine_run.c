/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading scenarios and running the engine in memory, for tests. */
#include "engine_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parallel/simulate_run.h"

static wp_scenario *checked(wp_status status, wp_scenario *scenario, wp_problems *problems,
                            const wp_error *err, const char *path)
{
    if (status != WP_OK) {
        print_error("%s: %s\n", path, err->text);
        for (size_t i = 0; i < problems->n; i++) {
            const wp_problem *p = &problems->list[i];
            print_error("%s:%d:%d: %s %s\n", p->file, p->line, p->column, p->text, p->hint);
        }
    }
    wp_problems_free(problems);
    assert_int_equal(status, WP_OK);
    return scenario;
}

wp_scenario *read_scenario(const char *path)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    wp_status status = wp_scenario_read(path, &scenario, &problems, &err);
    return checked(status, scenario, &problems, &err, path);
}

wp_scenario *read_scenario_text(const char *path, const char *text)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    wp_status status = wp_scenario_read_text(path, text, strlen(text), &scenario, &problems, &err);
    return checked(status, scenario, &problems, &err, path);
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1 << 16, 1);
    assert_non_null(text);
    size_t n = fread(text, 1, (1 << 16) - 1, file);
    assert_true(n > 0);
    fclose(file);
    return text;
}

static char *replaced(char *text, const char *find, const char *with)
{
    char *at = strstr(text, find);
    if (at == NULL) { print_error("no '%s' to replace\n", find); }
    assert_non_null(at);
    size_t before = (size_t)(at - text), n = strlen(text) + strlen(with) + 1;
    char *out = calloc(n, 1);
    assert_non_null(out);
    memcpy(out, text, before);
    strcat(out, with);
    strcat(out, at + strlen(find));
    free(text);
    return out;
}

wp_scenario *read_changed_scenario(const char *path, const char *const *change)
{
    char *text = read_text(path);
    for (int i = 0; change != NULL && change[i] != NULL; i += 2) {
        text = replaced(text, change[i], change[i + 1]);
    }
    wp_scenario *scenario = read_scenario_text(path, text);
    free(text);
    return scenario;
}

void run_engine(const wp_scenario *scenario, const wp_run_options *options, wp_run_data *data,
                wp_run_report *report)
{
    wp_run_report own = {0};
    wp_error err = {0};
    memset(data, 0, sizeof *data);
    wp_status status = wp_simulate(scenario, options, data, report != NULL ? report : &own, &err);
    if (status != WP_OK) { print_error("%s: %s\n", scenario->title, err.text); }
    assert_int_equal(status, WP_OK);
}

int find_outcome(const wp_run_data *data, const char *name)
{
    for (int o = 0; o < data->n_outcomes; o++) {
        if (strcmp(data->outcomes[o], name) == 0) { return o; }
    }
    print_error("no outcome '%s'\n", name);
    fail();
    return -1;
}

int find_arm(const wp_run_data *data, const char *name)
{
    for (int a = 0; a < data->n_arms; a++) {
        if (strcmp(data->arms[a], name) == 0) { return a; }
    }
    print_error("no arm '%s'\n", name);
    fail();
    return -1;
}

static double of_replicate(const wp_run_data *data, int arm, int draw, int replicate, int outcome, int year)
{
    int64_t sum = 0;
    int64_t block = ((int64_t)arm * data->n_draws + draw) * data->n_replicates + replicate;
    const int64_t n_batches = 32;
    for (int64_t b = 0; b < n_batches; b++) {
        const int64_t *batch =
            data->batches + (block * n_batches + b) * data->n_years * (int64_t)data->n_outcomes;
        for (int y = 0; y < data->n_years; y++) {
            if (year < 0 || y == year) { sum += batch[(int64_t)y * data->n_outcomes + outcome]; }
        }
    }
    return (double)sum;
}

double engine_replicate_total(const wp_run_data *data, int arm, int replicate, int outcome, int year)
{
    return of_replicate(data, arm, 0, replicate, outcome, year);
}

double engine_total(const wp_run_data *data, int arm, int outcome, int year)
{
    double sum = 0;
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) { sum += of_replicate(data, arm, d, r, outcome, year); }
    }
    return sum;
}
