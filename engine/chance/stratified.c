/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latin hypercubes and Owen-scrambled Sobol points, one number at a time. */
#include "chance/stratified.h"

#include "chance/key.h"
#include "chance/uniform.h"

static wp_key shared_key(const wp_draw_number *number)
{
    return wp_key_make(number->seed, 0, WP_DRAW_SHARED);
}

/* Random bits of a number that all its draws share. */
static uint32_t shared_bits(const wp_draw_number *number, wp_key key, uint32_t high, uint32_t low)
{
    uint32_t words[4];
    wp_philox(key, (uint64_t)high << 32 | low, number->purpose, number->occurrence, words);
    return words[0];
}

static double inside(double u)
{
    return u < 0x1p-53 ? 0x1p-53 : u > 1.0 - 0x1p-53 ? 1.0 - 0x1p-53 : u;
}

double wp_uniform_independent(const wp_draw_number *number)
{
    return wp_uniform(wp_key_make(number->seed, 0, number->draw), 0, number->purpose, number->occurrence);
}

/* ---- Latin hypercube ----------------------------------------------------------------------------------- */

/* Rounds of a Feistel network; from four on it cannot be told from a random permutation by chance (Luby and
   Rackoff 1988, SIAM Journal on Computing 17:373), and small domains are given two more. */
enum { N_ROUNDS = 6, ROUND_IDS = 0x40000000 };

/* A random permutation of 0 … n - 1: one of the next power of four, walked on until it is inside (Black and
   Rogaway 2002, Ciphers with arbitrary finite domains, CT-RSA, method 2). */
static uint32_t permute(const wp_draw_number *number, uint32_t n)
{
    wp_key key = shared_key(number);
    uint32_t half_bits = 1, at = number->draw;
    while (half_bits < 16 && (uint64_t)1 << (2 * half_bits) < n) { half_bits++; }
    uint32_t mask = (UINT32_C(1) << half_bits) - 1;
    do {
        uint32_t left = at >> half_bits, right = at & mask;
        for (uint32_t round = 0; round < N_ROUNDS; round++) {
            uint32_t mixed = left ^ (shared_bits(number, key, ROUND_IDS + round, right) & mask);
            left = right;
            right = mixed;
        }
        at = left << half_bits | right;
    } while (at >= n);
    return at;
}

double wp_uniform_latin(const wp_draw_number *number, uint32_t n_draws)
{
    return inside((permute(number, n_draws) + wp_uniform_independent(number)) / n_draws);
}

/* ---- Sobol --------------------------------------------------------------------------------------------- */

enum { N_BITS = 32, MAX_DEGREE = 8 };

/* Primitive polynomials over the field of two, their bits as an integer, and first odd numbers m of each
   dimension (Bratley and Fox 1988, ACM Transactions on Mathematical Software 14:88, algorithm 659; the same
   as GSL's). */
static const struct { uint32_t polynomial; uint8_t first[MAX_DEGREE]; } dimensions[WP_SOBOL_DIMENSIONS] = {
    {1, {1}}, {3, {1}}, {7, {1, 1}}, {11, {1, 3, 7}}, {13, {1, 1, 5}}, {19, {1, 3, 1, 1}}, {25, {1, 1, 3,
    7}}, {37, {1, 3, 3, 9, 9}}, {59, {1, 3, 7, 13, 3}}, {47, {1, 1, 5, 11, 27}}, {61, {1, 3, 5, 1, 15}},
    {55, {1, 1, 7, 3, 29}}, {41, {1, 3, 7, 7, 21}}, {67, {1, 1, 1, 9, 23, 37}}, {97, {1, 3, 3, 5, 19, 33}},
    {91, {1, 1, 3, 13, 11, 7}}, {109, {1, 1, 7, 13, 25, 5}}, {103, {1, 3, 5, 11, 7, 11}}, {115, {1, 1, 1, 3,
    13, 39}}, {131, {1, 3, 1, 15, 17, 63, 13}}, {193, {1, 1, 5, 5, 1, 27, 33}}, {137, {1, 3, 3, 3, 25, 17,
    115}}, {145, {1, 1, 3, 15, 29, 15, 41}}, {143, {1, 3, 1, 7, 3, 23, 79}}, {241, {1, 3, 7, 9, 31, 29,
    17}}, {157, {1, 1, 5, 13, 11, 3, 29}}, {185, {1, 3, 1, 9, 5, 21, 119}}, {167, {1, 1, 3, 1, 23, 13, 75}},
    {229, {1, 3, 3, 11, 27, 31, 73}}, {171, {1, 1, 7, 7, 19, 25, 105}}, {213, {1, 3, 5, 5, 21, 9, 7}}, {191,
    {1, 1, 1, 15, 5, 49, 59}}, {253, {1, 1, 1, 1, 1, 33, 65}}, {203, {1, 3, 5, 15, 17, 19, 21}}, {211, {1,
    1, 7, 11, 13, 29, 3}}, {239, {1, 3, 7, 5, 7, 11, 113}}, {247, {1, 1, 5, 3, 15, 19, 61}}, {285, {1, 3, 1,
    1, 9, 27, 89, 7}}, {369, {1, 1, 3, 7, 31, 15, 45, 23}}, {299, {1, 3, 3, 9, 9, 25, 107, 39}},
};

static uint32_t degree_of(uint32_t polynomial)
{
    uint32_t degree = 0;
    while (polynomial >> (degree + 1) != 0) { degree++; }
    return degree;
}

/* directions[bit]: m of that bit as a binary fraction, by the polynomial's recurrence. */
static void fill_directions(uint32_t dimension, uint32_t n, uint32_t directions[N_BITS])
{
    uint32_t polynomial = dimensions[dimension].polynomial, degree = degree_of(polynomial);
    for (uint32_t c = 0; c < n; c++) {
        if (degree == 0) { /* van der Corput's sequence: every m is 1 */
            directions[c] = UINT32_C(1) << (N_BITS - 1 - c);
        } else if (c < degree) {
            directions[c] = (uint32_t)dimensions[dimension].first[c] << (N_BITS - 1 - c);
        } else {
            directions[c] = directions[c - degree] ^ directions[c - degree] >> degree;
            for (uint32_t k = 1; k < degree; k++) {
                if ((polynomial >> (degree - k) & 1u) != 0) { directions[c] ^= directions[c - k]; }
            }
        }
    }
}

uint32_t wp_sobol_point(uint32_t index, uint32_t dimension)
{
    uint32_t directions[N_BITS], point = 0, n = 0;
    while (n < N_BITS && index >> n != 0) { n++; }
    fill_directions(dimension, n, directions);
    for (uint32_t c = 0; c < n; c++) { point ^= (index >> c & 1u) != 0 ? directions[c] : 0; }
    return point;
}

/* Owen's nested uniform scrambling of 32 bits: each bit is flipped or not by a random bit of its own for
   every value of the bits above it. `what` tells several scramblings of one number apart. */
static uint32_t scramble(const wp_draw_number *number, wp_key key, uint32_t what, uint32_t value)
{
    uint32_t result = 0;
    for (uint32_t level = 0; level < N_BITS; level++) {
        uint32_t shift = N_BITS - 1 - level, above = level == 0 ? 0 : value >> (shift + 1);
        uint32_t flip = shared_bits(number, key, what + level, above) >> 31;
        result |= ((value >> shift & 1u) ^ flip) << shift;
    }
    return result;
}

double wp_uniform_sobol(const wp_draw_number *number, uint32_t dimension)
{
    enum { VALUES = 0x50000000 };
    wp_key key = shared_key(number);
    uint32_t forty = dimension / WP_SOBOL_DIMENSIONS, index = number->draw;
    if (forty > 0) { /* one order for all dimensions of a forty, so no number's own purpose */
        wp_draw_number order = {number->seed, number->draw, wp_purpose("design", "order of forty"), forty};
        index = scramble(&order, key, 0, index);
    }
    uint32_t value = scramble(number, key, VALUES, wp_sobol_point(index, dimension % WP_SOBOL_DIMENSIONS));
    return inside((value + wp_uniform_independent(number)) * 0x1p-32);
}
