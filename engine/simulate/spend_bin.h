/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of spend, a quarter of an octave wide, so that few of them reach from a pound to ten millions. Each
   keeps the sum of what is in it, so nothing but the order within a bin is lost. */
#ifndef WP_SIMULATE_SPEND_BIN_H
#define WP_SIMULATE_SPEND_BIN_H

#include <math.h>
#include <stdint.h>

#include "simulate/counts.h"

enum { WP_FIRST_SPEND_OCTAVE = 7 /* 2^7 pence, above a pound */ };

/* Bin of a year's spend in pence: 0 nothing (or less), 1 below 1.28 pounds, then four to each doubling; the
   last: so much or more. */
static inline int wp_spend_bin(int64_t pence)
{
    if (pence <= 0) { return 0; }
    if (pence < 1 << WP_FIRST_SPEND_OCTAVE) { return 1; }
    const int octave = 63 - __builtin_clzll((uint64_t)pence);
    const int bin = 2 + 4 * (octave - WP_FIRST_SPEND_OCTAVE) + (int)(pence >> (octave - 2) & 3);
    return bin < WP_N_SPEND_BINS ? bin : WP_N_SPEND_BINS - 1;
}

/* The lowest number of pence in a bin from 1 on. */
static inline double wp_spend_bin_from(int bin)
{
    if (bin < 2) { return 1.0; }
    return ldexp(4.0 + (bin - 2) % 4, WP_FIRST_SPEND_OCTAVE - 2 + (bin - 2) / 4);
}

#endif
