/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: integer ticks of 2^-32 year, counted from the start of the run. */
#ifndef WP_BASE_TICKS_H
#define WP_BASE_TICKS_H

#include <stdint.h>

typedef int64_t wp_tick;

#define WP_TICKS_PER_YEAR ((wp_tick)1 << 32)
#define WP_TICK_NEVER INT64_MAX
#define WP_YEARS_PER_TICK 0x1p-32

/* Exact for |ticks| < 2^53. Unit: years. */
static inline double wp_years(wp_tick ticks)
{
    return (double)ticks * WP_YEARS_PER_TICK;
}

#endif
