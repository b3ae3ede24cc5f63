/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, Philox and uniforms: published vectors, stored bits, ranges, and uniformity. */
#include "assert_close.h"

#include "chance/key.h"
#include "chance/philox.h"
#include "chance/round24.h"
#include "chance/uniform.h"

static void assert_philox(wp_key key, uint64_t id, uint32_t purpose, uint32_t occurrence,
                          const uint32_t expected[4])
{
    uint32_t words[4];
    wp_philox(key, id, purpose, occurrence, words);
    assert_memory_equal(words, expected, sizeof words);
}

/* Random123 1.14, tests/kat_vectors, "philox4x32 10". */
static void philox_gives_the_published_vectors(void **state)
{
    (void)state;
    assert_philox((wp_key){{0, 0}}, 0, 0, 0,
                  (uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    assert_philox((wp_key){{0xffffffff, 0xffffffff}}, UINT64_MAX, 0xffffffff, 0xffffffff,
                  (uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    assert_philox((wp_key){{0xa4093822, 0x299f31d0}}, UINT64_C(0x85a308d3243f6a88), 0x13198a2e,
                  0x03707344, (uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

/* SplitMix64 seeded 0 gives mix64 of the multiples of 0x9e3779b97f4a7c15: the first three outputs
   of Vigna's splitmix64.c. */
static void mix64_is_the_finaliser_of_splitmix64(void **state)
{
    (void)state;
    const uint64_t gamma = UINT64_C(0x9e3779b97f4a7c15);
    assert_true(wp_mix64(gamma) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(wp_mix64(2 * gamma) == UINT64_C(0x6e789e6aa1b965f4));
    assert_true(wp_mix64(3 * gamma) == UINT64_C(0x06c45d188009454f));
}

/* Results depend on these: they never change. Computed by an independent program. */
static void keys_purposes_and_ids_keep_their_bits(void **state)
{
    (void)state;
    wp_key key = wp_key_make(2024, 3, WP_DRAW_SHARED);
    assert_int_equal(key.word[0], 0xfbb5732f);
    assert_int_equal(key.word[1], 0x44cd1961);
    assert_int_equal(wp_purpose("clock", "admission"), 0x8d25575e);
    assert_true(wp_id_derive(42, 7, 1) == UINT64_C(0xe0aa9e2190d18b0b));
}

static void different_uses_get_different_keys(void **state)
{
    (void)state;
    enum { N = 4096 };
    static uint64_t seen[3 * N];
    for (uint32_t i = 0; i < N; i++) {
        wp_key key = wp_key_make(1, i / 64, i % 64);
        seen[3 * i] = (uint64_t)key.word[1] << 32 | key.word[0];
        seen[3 * i + 1] = wp_id_derive(1000, i / 64, i % 64);
        seen[3 * i + 2] = wp_id_derive(2000 + i, 5, 1);
    }
    for (size_t i = 0; i < 3 * N; i++) {
        for (size_t j = 0; j < i; j++) { assert_true(seen[i] != seen[j]); }
        if (i % 3 != 0) { assert_true((seen[i] & WP_ID_DERIVED_BIT) != 0); }
    }
    assert_int_not_equal(wp_purpose("a", "b/c"), wp_purpose("a", "bc"));
    assert_int_not_equal(wp_purpose("clock", "x"), wp_purpose("delay", "x"));
}

/* Each input bit flips each output bit in half of the cases: over 10,000 inputs the share of flips
   has standard error 0.005. 4,096 shares are tested, so the bound is 6 SE (false alarm 1e-5). It
   would catch a bias of 0.05 for certain. */
static void mix64_avalanches(void **state)
{
    (void)state;
    enum { N = 10000 };
    for (int in = 0; in < 64; in++) {
        int flips[64] = {0};
        for (uint64_t i = 1; i <= N; i++) {
            uint64_t x = i * UINT64_C(0x9e3779b97f4a7c15);
            uint64_t change = wp_mix64(x) ^ wp_mix64(x ^ UINT64_C(1) << in);
            for (int out = 0; out < 64; out++) { flips[out] += (int)(change >> out & 1); }
        }
        for (int out = 0; out < 64; out++) {
            assert_close(flips[out] / (double)N, 0.5, 0.0, 6.0 * 0.005);
        }
    }
}

static void uniforms_are_never_0_or_1(void **state)
{
    (void)state;
    double lowest = wp_uniform_from_words(0, 0);
    double highest = wp_uniform_from_words(0xffffffff, 0xffffffff);
    assert_true(lowest == 0x1p-53);
    assert_true(highest == 1.0 - 0x1p-53);
    assert_true(wp_uniform_from_words(0x80000000, 0) == 0.5 + 0x1p-53);
    assert_true(wp_uniform_from_words(0x7fffffff, 0xffffffff) == 0.5 - 0x1p-53);
}

/* Mean, variance, serial product over neighbours in id, purpose and occurrence, and chi-squared of
   1,024 cells (mean 1,023, sd 45): all within 4.5 SE for 2^20 numbers. A bias of 0.002 in the mean
   would be caught. */
static void uniforms_are_uniform_and_independent(void **state)
{
    (void)state;
    enum { N = 1 << 20, CELLS = 1024 };
    static int cells[CELLS];
    wp_key key = wp_key_make(wp_test_seed(20240101), 0, 0);
    double sum = 0, square = 0, products[3] = {0};
    for (uint32_t i = 0; i < N; i++) {
        double u = wp_uniform(key, i, 17, 2) - 0.5;
        sum += u;
        square += u * u;
        products[0] += u * (wp_uniform(key, i + 1, 17, 2) - 0.5);
        products[1] += u * (wp_uniform(key, i, 18, 2) - 0.5);
        products[2] += u * (wp_uniform(key, i, 17, 3) - 0.5);
        cells[(size_t)((u + 0.5) * CELLS)]++;
    }
    assert_within_se(sum / N, 0.0, sqrt(1.0 / 12 / N));
    assert_within_se(square / N, 1.0 / 12, sqrt(1.0 / 180 / N));
    for (size_t i = 0; i < 3; i++) { assert_within_se(products[i] / N, 0.0, 1.0 / 12 / sqrt(N)); }
    double expected = (double)N / CELLS, chi_squared = 0;
    for (size_t i = 0; i < CELLS; i++) {
        chi_squared += (cells[i] - expected) * (cells[i] - expected) / expected;
    }
    assert_within_se(chi_squared, CELLS - 1.0, sqrt(2.0 * (CELLS - 1)));
}

static void rounding_keeps_24_bits_ties_to_even(void **state)
{
    (void)state;
    assert_true(wp_round24(1.0 + 0x1p-23) == 1.0F + 0x1p-23F);
    assert_true(wp_round24(1.0 + 0x1p-24) == 1.0F);
    assert_true(wp_round24(1.0 + 3 * 0x1p-24) == 1.0F + 0x1p-22F);
    assert_true(wp_round24(1.0 + 0x1p-24 + 0x1p-50) == 1.0F + 0x1p-23F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_vectors),
        cmocka_unit_test(mix64_is_the_finaliser_of_splitmix64),
        cmocka_unit_test(keys_purposes_and_ids_keep_their_bits),
        cmocka_unit_test(different_uses_get_different_keys),
        cmocka_unit_test(mix64_avalanches),
        cmocka_unit_test(uniforms_are_never_0_or_1),
        cmocka_unit_test(uniforms_are_uniform_and_independent),
        cmocka_unit_test(rounding_keeps_24_bits_ties_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
