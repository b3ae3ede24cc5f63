/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uniform numbers, one for each decision. */
#ifndef WP_CHANCE_UNIFORM_H
#define WP_CHANCE_UNIFORM_H

#include <stdint.h>

#include "chance/philox.h"

/* The uniform of two random words: the odd multiple of 2^-53 given by their upper 52 bits. It is
   (k + 1/2) 2^-52 with k uniform in 0 … 2^52 - 1, exact, never 0 or 1, symmetric about 1/2, and
   1 - u is exact too. (With k of 53 bits, (k + 1/2) 2^-53 needs 54 and would round up to 1.) */
static inline double wp_uniform_from_words(uint32_t high, uint32_t low)
{
    uint64_t bits = (uint64_t)high << 32 | low;
    return (double)(int64_t)(bits >> 11 | 1) * 0x1p-53;
}

/* The uniform in (0, 1) of one decision; 2^-53 to 1 - 2^-53. Consumes that decision's first two
   words. */
static inline double wp_uniform(wp_key key, uint64_t id, uint32_t purpose, uint32_t occurrence)
{
    uint32_t words[4];
    wp_philox(key, id, purpose, occurrence, words);
    return wp_uniform_from_words(words[0], words[1]);
}

#endif
