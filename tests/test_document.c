/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: nodes and their places, merge keys, limits, several files as one, and memory that fails. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "reader_fixture.h"

static const wp_node *parse(reader_fixture *f, const char *text)
{
    assert_true(reader_fixture_init(f, text));
    return wp_document_parse(&f->r, 0, text, strlen(text));
}

static void nodes_know_where_they_stand(void **state)
{
    (void)state;
    reader_fixture f;
    const wp_node *root = parse(&f, "a: 1\nb:\n  - x\n  - \"y z\"\nc: {d: 12 %}\ne:\n");
    assert_non_null(root);
    assert_int_equal(root->n, 4);
    const wp_node *y = wp_node_at(wp_node_get(root, "b"), 1);
    assert_string_equal(y->text, "y z");
    assert_true(y->quoted);
    assert_int_equal(y->pos.line, 4);
    assert_int_equal(y->pos.column, 5);
    assert_int_equal(y->width, 5);
    const wp_node *d = wp_node_get(wp_node_get(root, "c"), "d");
    assert_true(wp_node_is(d, "12 %"));
    assert_int_equal(d->pos.column, 8);
    assert_int_equal(wp_node_get(root, "e")->kind, WP_NODE_SCALAR);
    assert_null(wp_node_get(root, "f"));
    assert_null(wp_node_get(NULL, "f"));
    reader_fixture_free(&f);
}

static void merge_keys_give_what_is_not_said(void **state)
{
    (void)state;
    reader_fixture f;
    const wp_node *root = parse(&f, "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 5}\n");
    assert_non_null(root);
    const wp_node *c = wp_node_get(root, "c");
    assert_int_equal(c->n, 3);
    assert_true(wp_node_is(wp_node_get(c, "x"), "5"));
    assert_true(wp_node_is(wp_node_get(c, "y"), "2"));
    assert_true(wp_node_is(wp_node_get(c, "z"), "4"));
    assert_int_equal(f.r.n_errors_in_all, 0);
    reader_fixture_free(&f);
}

static void repeated_keys_are_reported_and_the_first_holds(void **state)
{
    (void)state;
    reader_fixture f;
    const wp_node *root = parse(&f, "a: 1\nb: 2\na: 3\n");
    assert_true(wp_node_is(wp_node_get(root, "a"), "1"));
    assert_int_equal(root->n, 2);
    wp_problems problems = reader_fixture_problems(&f);
    assert_int_equal(problems.n_errors, 1);
    assert_int_equal(problems.list[0].line, 3);
    assert_string_equal(problems.list[0].text, "'a' was already given on line 1");
    assert_string_equal(problems.list[0].excerpt, "a: 3");
    wp_problems_free(&problems);
    wp_problems_free(&problems);
    reader_fixture_free(&f);
}

static void expect_refused(const char *text, const char *part)
{
    reader_fixture f;
    assert_null(parse(&f, text));
    wp_problems problems = reader_fixture_problems(&f);
    assert_int_equal(problems.n_errors, 1);
    if (strstr(problems.list[0].text, part) == NULL) {
        fail_msg("'%s' says '%s'", text, problems.list[0].text);
    }
    wp_problems_free(&problems);
    reader_fixture_free(&f);
}

static void hostile_texts_are_refused(void **state)
{
    (void)state;
    char *deep = calloc(1, 200001);
    assert_non_null(deep);
    memset(deep, '[', 200000);
    expect_refused(deep, "64 deep");
    for (int i = 0; i < 200000; i += 2) { memcpy(deep + i, "- ", 2); }
    expect_refused(deep, "64 deep");
    memset(deep, ',', 200000);
    memcpy(deep, "[a", 2);
    for (int i = 2; i < 199998; i += 2) { memcpy(deep + i, ",a", 2); }
    free(deep);
    expect_refused("", "empty");
    expect_refused("# nothing\n", "empty");
    expect_refused("a: &a [*a]\n", "inside what it stands for");
    expect_refused("a: *b\n", "no anchor");
    expect_refused("a: 1\n---\nb: 2\n", "one document");
    expect_refused("? [a, b]\n: c\n", "a name was expected");
    expect_refused("a: [1, 2\n", "not YAML");
    expect_refused("\xFF\xFE", "not YAML");
    expect_refused("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                   "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                   "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
                   "200,000");
}

static void messages_are_one_clean_line(void **state)
{
    (void)state;
    reader_fixture f;
    const wp_node *root = parse(&f, "a: \"x\\e[31m\\ny\"\n");
    wp_report_error(&f.r, wp_node_get(root, "a"), "'%s' is odd", wp_node_get(root, "a")->text);
    wp_report_hint(&f.r, "write '%s'", "b");
    wp_report_error(&f.r, wp_node_get(root, "a"), "'%s' is odd", wp_node_get(root, "a")->text);
    for (int i = 0; i < 450; i++) { wp_report_error_at(&f.r, (wp_pos){0, 1, i + 1}, 1, "error %d", i); }
    wp_problems problems = reader_fixture_problems(&f);
    assert_int_equal(problems.n_errors, 451);
    assert_int_equal(problems.n, 201);
    assert_string_equal(problems.list[problems.n - 1].text, "and 251 more errors");
    int n_odd = 0;
    for (size_t i = 0; i < problems.n; i++) {
        assert_null(strchr(problems.list[i].text, '\n'));
        assert_null(strchr(problems.list[i].text, 27));
        if (strstr(problems.list[i].text, "odd") == NULL) { continue; }
        n_odd++;
        assert_string_equal(problems.list[i].text, "'x?[31m?y' is odd");
        assert_string_equal(problems.list[i].hint, "write 'b'");
    }
    assert_int_equal(n_odd, 1);
    wp_problems_free(&problems);
    reader_fixture_free(&f);
}

/* ---- Several files ------------------------------------------------------------------------- */

static const char whole[] = "wholeplace: 1\ntitle: Whole\nuse: [parts/b.yaml, parts/a.yaml]\n"
                            "clock: {start: 2010-01-01, years: 5}\n"
                            "population: {cohort: {households: 10, members: [{age: 40 years}]}}\n"
                            "replace: {parameters.rate.value: 0.3, parameters.cut.value: 0.5}\n"
                            "arms: {baseline: []}\noutcomes: {deaths: {events: died}}\n";
static const char part_a[] =
    "wholeplace: 1\ntitle: A\nuse: [b.yaml]\nparameters: {cut: {value: 0.9, unit: hazard ratio}}\n"
    "changes: {dies: {multiply_hazard: [cut]}}\n";
static const char part_b[] = "wholeplace: 1\ntitle: B\nparameters: {rate: {value: 0.1, unit: per year}}\n"
                             "processes: {dies: {of: person, hazard: rate, then: [die]}}\n"
                             "changes: {dies: {multiply_hazard: [1.5]}}\n";

static char folder[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    (void)state;
    (void)strcpy(folder, "/tmp/test_document_XXXXXX");
    if (mkdtemp(folder) == NULL) { return -1; }
    char parts[96];
    (void)snprintf(parts, sizeof parts, "mkdir %s/parts", folder);
    if (system(parts) != 0) { return -1; }
    write_file("whole.yaml", whole);
    write_file("parts/a.yaml", part_a);
    write_file("parts/b.yaml", part_b);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"whole.yaml", "parts/a.yaml", "parts/b.yaml", "parts", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (remove(path) != 0) { return -1; }
    }
    return 0;
}

static wp_status read_whole(wp_scenario **scenario, wp_problems *problems)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/whole.yaml", folder);
    return wp_scenario_read(path, scenario, problems, NULL);
}

static void files_are_joined_and_replaced(void **state)
{
    (void)state;
    wp_scenario *s = NULL;
    wp_problems problems = {0};
    assert_int_equal(read_whole(&s, &problems), WP_OK);
    assert_int_equal(problems.n_errors, 0);
    assert_int_equal(s->n_files, 3);
    assert_int_equal(s->n_parameters, 2);
    assert_string_equal(s->parameters[0].name, "cut");
    assert_true(s->parameters[0].value > 0.499 && s->parameters[0].value < 0.501);
    assert_true(s->parameters[1].value > 0.299 && s->parameters[1].value < 0.301);
    assert_int_equal(s->n_processes, 1);
    assert_int_equal(s->processes[0].n_factors, 2);
    assert_int_equal(s->n_years, 5);
    wp_scenario_free(s);
    wp_problems_free(&problems);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    bool fired = true;
    long n = 0;
    for (; fired && n < 100000; n++) {
        wp_scenario *s = NULL;
        wp_problems problems = {0};
        failing_alloc_arm(n);
        wp_status status = read_whole(&s, &problems);
        fired = failing_alloc_fired() != 0;
        if (fired) {
            assert_int_equal(status, WP_ERR_MEMORY);
            assert_null(s);
        } else {
            assert_int_equal(status, WP_OK);
        }
        wp_scenario_free(s);
        wp_problems_free(&problems);
    }
    assert_false(fired);
    assert_true(n > 10);
}

static void a_missing_scenario_is_a_file_error(void **state)
{
    (void)state;
    wp_scenario *s = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    assert_int_equal(wp_scenario_read("/no/such/file.yaml", &s, &problems, &err), WP_ERR_FILE);
    assert_non_null(strstr(err.text, "/no/such/file.yaml"));
    assert_null(s);
    wp_problems_free(&problems);
    memset(&err, 0, sizeof err);
    assert_int_equal(wp_scenario_read("/tmp", &s, &problems, &err), WP_ERR_FILE);
    wp_problems_free(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_where_they_stand),
        cmocka_unit_test(merge_keys_give_what_is_not_said),
        cmocka_unit_test(repeated_keys_are_reported_and_the_first_holds),
        cmocka_unit_test(hostile_texts_are_refused),
        cmocka_unit_test(messages_are_one_clean_line),
        cmocka_unit_test(files_are_joined_and_replaced),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_missing_scenario_is_a_file_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
