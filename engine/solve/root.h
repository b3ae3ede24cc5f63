/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value at which an interval's mean, and each of its ends, is what is wanted. */
#ifndef WP_SOLVE_ROOT_H
#define WP_SOLVE_ROOT_H

#include <wholeplace/solve.h>

#include "uncertainty/interval.h"

/* The saving at x. */
typedef wp_status wp_saving_at(void *of, double x, wp_interval *saving, wp_error *err);

/* Fills value, low, high and savings at the ends of `solution` by Brent's method on [from, to], to
   `tolerance` of the range. Values in hand are used before another is asked for: the function may cost a
   simulation. */
wp_status wp_solve_root(wp_saving_at *saving_at, void *of, double from, double to, double wanted,
                        double tolerance, wp_solution *solution, wp_error *err);

#endif
