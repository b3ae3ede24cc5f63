/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding for print: to what an interval supports, with parts that add to their total. */
#ifndef WP_REPORT_ROUNDING_H
#define WP_REPORT_ROUNDING_H

enum { WP_NUMBER_CHARS = 48, WP_RANGE_CHARS = 2 * WP_NUMBER_CHARS + 16 /* two of them */ };

/* The step to which figures are rounded whose 95 % interval has this half-width: two significant figures of
   the half-width, and at least `least`. NAN half-width (nothing is known of it): two figures of `value`. */
double wp_round_step(double half_width, double value, double least);

/* The step of a table whose rows have these half-widths: what half of its rows support, so that small rows
   do not vanish beside large ones; nowhere coarser than `total_step`, that of the table's total, nor a
   hundred times finer. Rows without a half-width (NAN, 0) do not count. Sorts half_widths[n]. */
double wp_table_step(double *half_widths, int n, double total_step);

/* parts[n] rounded to multiples of `step` that add to `total` so rounded (largest remainders). `total`
   must be their sum. */
void wp_round_parts(const double *parts, int n, double total, double step, double *rounded);

/* The value to the step, with commas between thousands: "-1,230,000", "0.35", "not known" for NAN. */
void wp_number_text(double value, double step, char text[WP_NUMBER_CHARS]);

#endif
