/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: growing strings, and the nearest name. */
#include "assert_close.h"

#include <string.h>

#include "base/text.h"
#include "failing_alloc.h"

static void a_text_grows(void **state)
{
    (void)state;
    wp_text text;
    wp_text_init(&text);
    assert_string_equal(wp_text_get(&text), "");
    assert_int_equal(wp_text_append(&text, "rate", NULL), WP_OK);
    assert_int_equal(wp_text_append_char(&text, ' ', NULL), WP_OK);
    assert_int_equal(wp_text_append_format(&text, NULL, "%d/%s", 12, "year"), WP_OK);
    assert_int_equal(wp_text_append_bytes(&text, "xyz", 2, NULL), WP_OK);
    assert_string_equal(wp_text_get(&text), "rate 12/yearxy");
    assert_int_equal(text.length, strlen("rate 12/yearxy"));
    for (int i = 0; i < 1000; i++) { assert_int_equal(wp_text_append(&text, "abc", NULL), WP_OK); }
    assert_int_equal(strlen(wp_text_get(&text)), 14 + 3000);
    wp_text_clear(&text);
    assert_string_equal(wp_text_get(&text), "");
    wp_text_free(&text);
    wp_text_free(&text);
}

static void a_failed_append_changes_nothing(void **state)
{
    (void)state;
    wp_text text = {0};
    wp_error err = {0};
    char piece[200];
    memset(piece, 'p', sizeof piece - 1);
    piece[sizeof piece - 1] = '\0';
    assert_int_equal(wp_text_append(&text, "kept", &err), WP_OK);
    failing_alloc_arm(0);
    assert_int_equal(wp_text_append(&text, piece, &err), WP_ERR_MEMORY);
    assert_true(failing_alloc_fired());
    failing_alloc_arm(0);
    assert_int_equal(wp_text_append_format(&text, &err, "%s", piece), WP_ERR_MEMORY);
    assert_true(failing_alloc_fired());
    assert_int_equal(err.status, WP_ERR_MEMORY);
    assert_string_equal(wp_text_get(&text), "kept");
    wp_text_free(&text);
}

static void distance_counts_slips(void **state)
{
    (void)state;
    assert_int_equal(wp_text_distance("draws", "draws"), 0);
    assert_int_equal(wp_text_distance("drawz", "draws"), 1);
    assert_int_equal(wp_text_distance("darws", "draws"), 1);
    assert_int_equal(wp_text_distance("Draws", "draws"), 0);
    assert_int_equal(wp_text_distance("", "draws"), 5);
    assert_int_equal(wp_text_distance("draws", ""), 5);
    assert_int_equal(wp_text_distance("kitten", "sitting"), 3);
    /* Optimal string alignment edits no substring twice. */
    assert_int_equal(wp_text_distance("ca", "abc"), 3);
}

static void distance_is_symmetric_and_bounded(void **state)
{
    (void)state;
    static const char *const words[] = {"hazard", "hazards", "has", "delay", "", "d", "yaled"};
    for (size_t i = 0; i < 7; i++) {
        for (size_t j = 0; j < 7; j++) {
            size_t there = wp_text_distance(words[i], words[j]);
            size_t a = strlen(words[i]), b = strlen(words[j]);
            assert_int_equal(there, wp_text_distance(words[j], words[i]));
            assert_in_range(there, a > b ? a - b : b - a, a > b ? a : b);
        }
    }
}

static void long_words_are_far_apart(void **state)
{
    (void)state;
    char a[70], b[70];
    memset(a, 'a', 69);
    a[69] = '\0';
    memcpy(b, a, sizeof b);
    assert_int_equal(wp_text_distance(a, b), 0);
    b[0] = 'b';
    assert_true(wp_text_distance(a, b) == SIZE_MAX);
    a[64] = b[64] = '\0';
    assert_int_equal(wp_text_distance(a, b), 1);
}

static void the_nearest_name_is_a_slip_away(void **state)
{
    (void)state;
    static const char *const names[] = {"replicates", NULL, "draws", "seed", "draw"};
    assert_int_equal(wp_text_nearest("drawz", names, 5), 2);
    assert_int_equal(wp_text_nearest("sead", names, 5), 3);
    assert_int_equal(wp_text_nearest("replcate", names, 5), 0);
    assert_int_equal(wp_text_nearest("horizon", names, 5), 5);
    assert_int_equal(wp_text_nearest("", names, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows),
        cmocka_unit_test(a_failed_append_changes_nothing),
        cmocka_unit_test(distance_counts_slips),
        cmocka_unit_test(distance_is_symmetric_and_bounded),
        cmocka_unit_test(long_words_are_far_apart),
        cmocka_unit_test(the_nearest_name_is_a_slip_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
