/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: pieces are aligned, zero, apart, and a failure at any allocation leaves nothing behind.
 */
#include "assert_close.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "failing_alloc.h"

static void pieces_are_aligned_zero_and_apart(void **state)
{
    (void)state;
    wp_arena arena;
    wp_arena_init(&arena, 1000);
    unsigned char *pieces[300];
    for (size_t i = 0; i < 300; i++) {
        size_t align = (size_t)1 << (i % 7);
        pieces[i] = wp_arena_alloc_aligned(&arena, i, align);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % align, 0);
        for (size_t j = 0; j < i; j++) { assert_int_equal(pieces[i][j], 0); }
        memset(pieces[i], (int)(i % 251) + 1, i);
    }
    for (size_t i = 0; i < 300; i++) {
        for (size_t j = 0; j < i; j++) { assert_int_equal(pieces[i][j], i % 251 + 1); }
    }
    assert_int_equal(arena.used_bytes, 299 * 300 / 2);
    wp_arena_free(&arena);
    wp_arena_free(&arena);
    assert_non_null(wp_arena_alloc(&arena, 10));
    wp_arena_free(&arena);
}

static void a_piece_larger_than_a_chunk_fits(void **state)
{
    (void)state;
    wp_arena arena = {0};
    unsigned char *piece = wp_arena_alloc_aligned(&arena, 1 << 20, WP_CACHE_LINE);
    assert_non_null(piece);
    assert_int_equal((uintptr_t)piece % WP_CACHE_LINE, 0);
    piece[(1 << 20) - 1] = 1;
    assert_non_null(wp_arena_alloc(&arena, 0));
    wp_arena_free(&arena);
}

static void impossible_requests_give_null(void **state)
{
    (void)state;
    wp_arena arena = {0};
    assert_null(wp_arena_alloc(&arena, SIZE_MAX));
    assert_null(wp_arena_alloc(&arena, SIZE_MAX / 2));
    assert_null(wp_arena_alloc_array(&arena, SIZE_MAX / 4, 8));
    assert_null(wp_arena_alloc_aligned(&arena, 8, 3));
    assert_null(wp_arena_alloc_aligned(&arena, 8, 128));
    assert_null(wp_arena_alloc_aligned(&arena, 8, 0));
    assert_null(wp_arena_strndup(&arena, "x", SIZE_MAX));
    assert_null(wp_calloc_array(SIZE_MAX / 4, 8));
    assert_null(wp_calloc_array_aligned(SIZE_MAX / 4, 8));
    wp_arena_free(&arena);
}

static void texts_are_copied(void **state)
{
    (void)state;
    wp_arena arena = {0};
    char word[] = "hazard";
    char *copy = wp_arena_strdup(&arena, word), *part = wp_arena_strndup(&arena, word, 3);
    word[0] = 'X';
    assert_string_equal(copy, "hazard");
    assert_string_equal(part, "haz");
    wp_arena_free(&arena);
}

static void heap_arrays_are_zero_and_aligned(void **state)
{
    (void)state;
    uint64_t *array = wp_calloc_array(7, sizeof *array);
    float *aligned = wp_calloc_array_aligned(33, sizeof *aligned);
    void *empty = wp_calloc_array(0, 8);
    assert_non_null(array);
    assert_non_null(aligned);
    assert_non_null(empty);
    assert_int_equal((uintptr_t)aligned % WP_CACHE_LINE, 0);
    for (size_t i = 0; i < 7; i++) { assert_int_equal(array[i], 0); }
    for (size_t i = 0; i < 33; i++) { assert_true(aligned[i] == 0.0F); }
    free(array);
    free(aligned);
    free(empty);
}

static void reserving_keeps_the_items(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(wp_array_reserve(&items, &capacity, (size_t)i + 1, sizeof *items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++) { assert_int_equal(items[i], i); }
    assert_in_range(capacity, 1000, 2000);
    assert_false(wp_array_reserve(&items, &capacity, SIZE_MAX / 2, sizeof *items));
    assert_int_equal(items[999], 999);
    free(items);
}

/* Several pieces in several chunks, and arrays; false when one was not to be had. */
static bool use_memory(wp_arena *arena, void **array, void **aligned, size_t *capacity)
{
    for (size_t i = 0; i < 5; i++) {
        if (wp_arena_alloc(arena, 800) == NULL) { return false; }
    }
    if (wp_arena_strdup(arena, "name") == NULL) { return false; }
    *aligned = wp_calloc_array_aligned(10, 8);
    return *aligned != NULL && wp_array_reserve(array, capacity, 10, 8) &&
           wp_array_reserve(array, capacity, 1000, 8);
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    long n = 0;
    for (bool done = false; !done; n++) {
        wp_arena arena;
        wp_arena_init(&arena, 1000);
        void *array = NULL, *aligned = NULL;
        size_t capacity = 0;
        failing_alloc_arm(n);
        done = use_memory(&arena, &array, &aligned, &capacity);
        assert_int_equal(failing_alloc_fired(), !done);
        wp_arena_free(&arena);
        free(array);
        free(aligned);
        assert_true(n < 100);
    }
    assert_int_equal(n, 5 + 3 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zero_and_apart),
        cmocka_unit_test(a_piece_larger_than_a_chunk_fits),
        cmocka_unit_test(impossible_requests_give_null),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(heap_arrays_are_zero_and_aligned),
        cmocka_unit_test(reserving_keeps_the_items),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
