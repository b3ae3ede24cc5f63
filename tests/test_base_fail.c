/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: the first failure is kept, long sentences are cut, every status has a sentence. */
#include "assert_close.h"

#include <string.h>

#include "base/fail.h"
#include "base/unknown_name.h"
#include "base/ticks.h"
#include "base/version.h"

static void first_failure_is_kept(void **state)
{
    (void)state;
    wp_error err = {0};
    assert_int_equal(wp_fail(&err, WP_ERR_LIMIT, "%d doors", 3), WP_ERR_LIMIT);
    assert_int_equal(wp_fail(&err, WP_ERR_FILE, "later"), WP_ERR_FILE);
    assert_int_equal(err.status, WP_ERR_LIMIT);
    assert_string_equal(err.text, "3 doors");
    assert_int_equal(wp_fail(NULL, WP_ERR_FILE, "nobody listens"), WP_ERR_FILE);
}

static void long_sentences_are_cut_and_say_so(void **state)
{
    (void)state;
    wp_error err = {0};
    char longer[2 * WP_ERROR_TEXT];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    wp_fail(&err, WP_ERR_LIMIT, "%s", longer);
    assert_int_equal(strlen(err.text), WP_ERROR_TEXT - 1);
    assert_string_equal(err.text + WP_ERROR_TEXT - 6, "x ...");
}

static void every_status_has_its_own_sentence(void **state)
{
    (void)state;
    for (int a = WP_OK; a <= WP_ERR_STOPPED; a++) {
        assert_true(strlen(wp_status_sentence((wp_status)a)) > 0);
        for (int b = WP_OK; b < a; b++) {
            assert_string_not_equal(wp_status_sentence((wp_status)a),
                                    wp_status_sentence((wp_status)b));
        }
    }
    assert_string_equal(wp_status_sentence((wp_status)999), "an unknown status");
}

static wp_status leaves(wp_status given, void *pointer, int *reached, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(given);
    *reached = 1;
    WP_TRY_ALLOC(pointer);
    *reached = 2;
out:
    return status;
}

static void try_leaves_by_out(void **state)
{
    (void)state;
    int reached = 0;
    wp_error err = {0};
    assert_int_equal(leaves(WP_ERR_FILE, &reached, &reached, &err), WP_ERR_FILE);
    assert_int_equal(reached, 0);
    assert_int_equal(leaves(WP_OK, NULL, &reached, &err), WP_ERR_MEMORY);
    assert_int_equal(reached, 1);
    assert_string_equal(err.text, "not enough memory (leaves)");
    assert_int_equal(leaves(WP_OK, &reached, &reached, NULL), WP_OK);
    assert_int_equal(reached, 2);
}

static void an_unknown_name_is_told_the_known_ones(void **state)
{
    (void)state;
    static const char *const names[] = {"baseline", "safer_homes", "hub"};
    static const char *many[60];
    wp_error err = {0};
    assert_int_equal(wp_fail_unknown(&err, "arm", "safe_homes", names, 3), WP_ERR_ARGUMENT);
    assert_string_equal(err.text, "there is no arm 'safe_homes'; did you mean 'safer_homes'? There are: baseline, "
                                  "safer_homes, hub");
    err = (wp_error){0};
    (void)wp_fail_unknown(&err, "arm", "x", names, 0);
    assert_string_equal(err.text, "there is no arm 'x'; there are: none");
    err = (wp_error){0};
    for (size_t i = 0; i < 60; i++) { many[i] = "a_name_of_some_length"; }
    (void)wp_fail_unknown(&err, "parameter", "x", many, 60);
    assert_non_null(strstr(err.text, "a_name_of_some_length, …"));
}

static void a_year_of_ticks_is_one_year(void **state)
{
    (void)state;
    assert_true(wp_years(WP_TICKS_PER_YEAR) == 1.0);
    assert_true(wp_years(25 * WP_TICKS_PER_YEAR + 1) == 25.0 + 0x1p-32);
}

static void version_says_what_was_built(void **state)
{
    (void)state;
    assert_string_equal(wp_version_text(), "0.1.0");
    assert_non_null(strstr(wp_version_compiler_flags(), "-ffp-contract=off"));
    size_t length = strspn(wp_version_revision(), "0123456789abcdef");
    assert_true(length == 40 || strcmp(wp_version_revision(), "unknown") == 0);
    assert_true(strlen(wp_version_compiler()) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_failure_is_kept),
        cmocka_unit_test(long_sentences_are_cut_and_say_so),
        cmocka_unit_test(every_status_has_its_own_sentence),
        cmocka_unit_test(try_leaves_by_out),
        cmocka_unit_test(an_unknown_name_is_told_the_known_ones),
        cmocka_unit_test(a_year_of_ticks_is_one_year),
        cmocka_unit_test(version_says_what_was_built),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
