/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests: published vectors of SHA-256, and the sum that no order changes. */
#include "assert_close.h"

#include <string.h>

#include "base/digest.h"

static void assert_digest(const char *text, size_t repeats, const char *expected)
{
    wp_sha256 sha;
    char hex[WP_SHA256_HEX];
    wp_sha256_init(&sha);
    for (size_t i = 0; i < repeats; i++) { wp_sha256_add(&sha, text, strlen(text)); }
    wp_sha256_end_hex(&sha, hex);
    assert_string_equal(hex, expected);
}

/* NIST, Secure Hash Standard examples: one block, two blocks, a million letters; and nothing. */
static void sha256_gives_the_published_vectors(void **state)
{
    (void)state;
    assert_digest("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_digest("a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void ending_starts_anew(void **state)
{
    (void)state;
    wp_sha256 sha;
    uint8_t first[WP_SHA256_BYTES], second[WP_SHA256_BYTES];
    wp_sha256_init(&sha);
    wp_sha256_add_text(&sha, "twice");
    wp_sha256_end(&sha, first);
    wp_sha256_add_text(&sha, "twice");
    wp_sha256_end(&sha, second);
    assert_memory_equal(first, second, sizeof first);
}

static void numbers_are_little_endian(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {4, 3, 2, 1,    8,    7, 6, 5, 4, 3, 2, 1, 0, 0,   0,
                                    0, 0, 0, 0xf0, 0x3f, 2, 0, 0, 0, 0, 0, 0, 0, 'h', 'i'};
    wp_sha256 sha;
    uint8_t by_number[WP_SHA256_BYTES], by_bytes[WP_SHA256_BYTES];
    wp_sha256_init(&sha);
    wp_sha256_add_u32(&sha, 0x01020304);
    wp_sha256_add_u64(&sha, UINT64_C(0x0102030405060708));
    wp_sha256_add_double(&sha, 1.0);
    wp_sha256_add_text(&sha, "hi");
    wp_sha256_end(&sha, by_number);
    wp_sha256_add(&sha, bytes, sizeof bytes);
    wp_sha256_end(&sha, by_bytes);
    assert_memory_equal(by_number, by_bytes, sizeof by_bytes);
}

static void sums_carry_and_come_back(void **state)
{
    (void)state;
    wp_u128sum sum = {UINT64_MAX, 0}, one = {1, 0};
    char hex[WP_U128_HEX];
    wp_u128sum_add(&sum, one);
    wp_u128sum_hex(sum, hex);
    assert_string_equal(hex, "00000000000000010000000000000000");
    wp_u128sum_subtract(&sum, one);
    wp_u128sum_hex(sum, hex);
    assert_string_equal(hex, "0000000000000000ffffffffffffffff");
    sum = (wp_u128sum){0};
    wp_u128sum_subtract(&sum, one);
    wp_u128sum_add(&sum, (wp_u128sum){0x0123456789abcdef, 0xfedcba9876543210});
    wp_u128sum_hex(sum, hex);
    assert_string_equal(hex, "fedcba98765432100123456789abcdee");
}

static void sums_do_not_depend_on_order(void **state)
{
    (void)state;
    wp_u128sum forward = {0}, backward = {0}, term = {UINT64_C(0x9e3779b97f4a7c15), 7};
    wp_u128sum terms[50];
    for (size_t i = 0; i < 50; i++) {
        term.low = term.low * UINT64_C(6364136223846793005) + 1;
        term.high = term.high * UINT64_C(2862933555777941757) + term.low;
        terms[i] = term;
    }
    for (size_t i = 0; i < 50; i++) {
        wp_u128sum_add(&forward, terms[i]);
        wp_u128sum_add(&backward, terms[49 - i]);
    }
    assert_true(forward.low == backward.low && forward.high == backward.high);
    for (size_t i = 0; i < 50; i++) { wp_u128sum_subtract(&forward, terms[i * 7 % 50]); }
    assert_true(forward.low == 0 && forward.high == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_vectors),
        cmocka_unit_test(ending_starts_anew),
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(sums_carry_and_come_back),
        cmocka_unit_test(sums_do_not_depend_on_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
