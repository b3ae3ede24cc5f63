/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log ratios that bring totals to what is wanted, one for each total. */
#ifndef WP_CALIBRATE_SHIFTS_H
#define WP_CALIBRATE_SHIFTS_H

#include <stdbool.h>

#include <wholeplace/error.h>

/* Totals [n] at shifts [n]. Total i must rise with shift i, and depend on it more than on the others. */
typedef wp_status wp_totals_at(void *of, const double *shifts, double *totals, wp_error *err);

typedef struct wp_shifts {
    int n;
    const double *wanted;      /* [n] more than 0; NAN: none, and the shift stays 0 */
    double tolerance;          /* every total must come within this share of what is wanted */
    double grain;              /* … or within this much of it: less cannot be told apart */
    int most_rounds;           /* calls of the function at most */
} wp_shifts;

/* Finds the shifts by the secant method in logarithms, all at once, beginning with no shift. `shifts` [n] and
   `totals` [n] are those of the last round; `rounds` how many it took; `is_met` whether every total is within the
   tolerance. Proportional odds (Stephensen 2016, Int J Microsim 9(3):89) where a shift moves log odds, and scaling
   where it moves log hazards. */
wp_status wp_shifts_solve(const wp_shifts *problem, wp_totals_at *totals_at, void *of, double *shifts, double *totals,
                          int *rounds, bool *is_met, wp_error *err);

#endif
