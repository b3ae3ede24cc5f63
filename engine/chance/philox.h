/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10, by Random123: 128 random bits as a function of a key and four counter words. */
#ifndef WP_CHANCE_PHILOX_H
#define WP_CHANCE_PHILOX_H

#include <stdint.h>

/* Plain C alone: the header would include all of the processor's intrinsics, half a second a file. */
#define R123_USE_SSE 0
#define R123_USE_X86INTRIN_H 0
#include <Random123/philox.h>

#include "chance/key.h"

/* Four random words for the decision `occurrence` of `purpose` in the life of `id`. Pure: the same
   inputs give the same words everywhere. (Salmon, Moraes, Dror and Shaw 2011, SC11, "Parallel
   random numbers: as easy as 1, 2, 3".) */
static inline void wp_philox(wp_key key, uint64_t id, uint32_t purpose, uint32_t occurrence,
                             uint32_t out[4])
{
    philox4x32_ctr_t counter = {{(uint32_t)id, (uint32_t)(id >> 32), purpose, occurrence}};
    philox4x32_key_t philox_key = {{key.word[0], key.word[1]}};
    philox4x32_ctr_t random = philox4x32_R(10, counter, philox_key);
    out[0] = random.v[0];
    out[1] = random.v[1];
    out[2] = random.v[2];
    out[3] = random.v[3];
}

#endif
