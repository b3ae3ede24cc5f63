/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding for print, and sums, names and directions in words. */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/uniform.h"
#include "report/rounding.h"
#include "report/words.h"
#include "test_seed.h"

/* ---- Rounding ------------------------------------------------------------------------------------------ */

static void rounded_parts_add_to_the_rounded_total(void **state)
{
    (void)state;
    const wp_key key = wp_key_make(wp_test_seed(20), 0, 0);
    for (uint64_t trial = 0; trial < 500; trial++) {
        double parts[9], rounded[9], total = 0.0, sum = 0.0;
        for (uint32_t i = 0; i < 9; i++) {
            parts[i] = 4000.0 * (wp_uniform(key, trial, 50 + i, 0) - 0.5);
            total += parts[i];
        }
        wp_round_parts(parts, 9, total, 10.0, rounded);
        for (int i = 0; i < 9; i++) {
            sum += rounded[i];
            assert_true(fabs(rounded[i] - parts[i]) < 10.0);
        }
        assert_close(sum, round(total / 10.0) * 10.0, 0.0, 1e-9);
    }
}

static void numbers_have_the_digits_that_their_interval_supports(void **state)
{
    (void)state;
    char text[WP_NUMBER_CHARS];
    wp_number_text(-1234567.0, wp_round_step(48000.0, 0.0, 1.0), text);
    assert_string_equal(text, "-1,235,000");
    wp_number_text(1234567.0, wp_round_step(0.0, 0.0, 1.0), text);
    assert_string_equal(text, "1,234,567");
    wp_number_text(0.12345, wp_round_step(0.031, 0.0, 1e-6), text);
    assert_string_equal(text, "0.123");
    wp_number_text(-0.3, 1.0, text);
    assert_string_equal(text, "0");
    wp_number_text(999.6, 1.0, text);
    assert_string_equal(text, "1,000");
    wp_number_text(NAN, 1.0, text);
    assert_string_equal(text, "not known");
    assert_close(wp_round_step(NAN, 123456.0, 1.0), 10000.0, 0.0, 0.0);
}

/* Small rows of a table are seen beside its large total, which no more than two further figures are printed of. */
static void a_table_is_rounded_to_what_half_of_its_rows_support(void **state)
{
    (void)state;
    double years[] = {900.0, 40e3, 50e3, 60e3, 70e3}, one_sure[] = {2e6, 10.0, 3e6},
           all_sure[] = {5.0, 5.0, 5.0};
    double unknown[] = {NAN, 0.0}, wide[] = {9e6};
    assert_close(wp_table_step(years, 5, 100e3), 1e3, 1e-12, 0.0);
    assert_close(wp_table_step(one_sure, 3, 100e3), 100e3, 1e-12, 0.0);
    assert_close(wp_table_step(all_sure, 3, 100e3), 1e3, 1e-12, 0.0);
    assert_close(wp_table_step(unknown, 2, 100e3), 100e3, 1e-12, 0.0);
    assert_close(wp_table_step(wide, 1, 100e3), 100e3, 1e-12, 0.0);
}

/* ---- Words --------------------------------------------------------------------------------------------- */

static void names_become_titles(void **state)
{
    (void)state;
    char text[WP_TITLE_CHARS], longest[400];
    assert_string_equal(wp_title_text("integrated_care.set_up", text), "Integrated care: set up");
    assert_string_equal(wp_title_text("prevention+reablement", text), "Prevention + reablement");
    assert_string_equal(wp_title_text("", text), "");
    /* Cut before a character of two bytes, not in it. */
    memset(longest, 'a', sizeof longest);
    for (size_t i = 101; i + 2 < sizeof longest; i += 2) { memcpy(longest + i, "\xc3\xa9", 2); }
    longest[sizeof longest - 1] = '\0';
    wp_title_text(longest, text);
    assert_true(strlen(text) < WP_TITLE_CHARS);
    assert_int_equal((int)(strlen(text) - 101) % 2, 0);
}

static void sums_are_said_in_words(void **state)
{
    (void)state;
    char text[WP_WORDS_CHARS];
    assert_string_equal(wp_pounds_words(-1.012e9, 1e8, text), "\xc2\xa3"
                                                              "1.0 billion");
    assert_string_equal(wp_pounds_words(12.34e6, 1e5, text), "\xc2\xa3"
                                                             "12.3 million");
    assert_string_equal(wp_pounds_words(471e3, 1e4, text), "\xc2\xa3"
                                                           "470,000");
    /* What is rounded up to a million is one. */
    assert_string_equal(wp_pounds_words(999999.0, 1e4, text), "\xc2\xa3"
                                                              "1.00 million");
    assert_string_equal(wp_pounds_words(NAN, 1.0, text), "not known");
    assert_string_equal(wp_saving_words(-390e6, 1e7, text), "a cost of \xc2\xa3"
                                                            "390 million");
    assert_string_equal(wp_saving_words(390e6, 1e7, text), "a saving of \xc2\xa3"
                                                           "390 million");
    assert_string_equal(wp_saving_words(-4.0, 10.0, text), "neither a saving nor a cost");
}

static void a_range_says_its_direction_once_or_at_both_ends(void **state)
{
    (void)state;
    char text[2 * WP_WORDS_CHARS];
    wp_range_words(1e6, 2e6, 1.5e6, 1e5, text);
    assert_string_equal(text, "\xc2\xa3"
                              "1.0 million to \xc2\xa3"
                              "2.0 million");
    /* Of a cost, the smaller first. */
    wp_range_words(-2e6, -1e6, -1.5e6, 1e5, text);
    assert_string_equal(text, "\xc2\xa3"
                              "1.0 million to \xc2\xa3"
                              "2.0 million");
    wp_range_words(-2e6, 1e6, -0.5e6, 1e5, text);
    assert_string_equal(text, "from a cost of \xc2\xa3"
                              "2.0 million to a saving of \xc2\xa3"
                              "1.0 million");
}

static void words_are_wrapped_and_padded_by_columns(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    /* Each pound sign has two bytes and one column: eleven columns after the indent. */
    wp_print_wrapped(out, "\xc2\xa3 \xc2\xa3 \xc2\xa3 \xc2\xa3 \xc2\xa3 abc overlongword x", 2, 13);
    wp_print_padded(out, "\xc2\xa3", 4);
    fclose(out);
    assert_string_equal(
        text, "  \xc2\xa3 \xc2\xa3 \xc2\xa3 \xc2\xa3 \xc2\xa3\n  abc\n  overlongword\n  x\n\xc2\xa3   ");
    free(text);
    assert_int_equal(wp_text_columns("\xc2\xa3"
                                     "5"),
                     2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounded_parts_add_to_the_rounded_total),
        cmocka_unit_test(numbers_have_the_digits_that_their_interval_supports),
        cmocka_unit_test(a_table_is_rounded_to_what_half_of_its_rows_support),
        cmocka_unit_test(names_become_titles),
        cmocka_unit_test(sums_are_said_in_words),
        cmocka_unit_test(a_range_says_its_direction_once_or_at_both_ends),
        cmocka_unit_test(words_are_wrapped_and_padded_by_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
