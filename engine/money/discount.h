/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discount factors of a schedule, at an instant and for the flow of a year. */
#ifndef WP_MONEY_DISCOUNT_H
#define WP_MONEY_DISCOUNT_H

#include "scenario/checked.h"

/* Factor at `t` years since the start of the run: (1 + r1)^-min(t, T1) (1 + r2)^-(…) over the schedule's
   bands, counted from `discount->from` (HM Treasury, Green Book, annex 6). A band's rate holds from the end of
   the band before it to its own end, so 0-30 and 31-75 years meet at 30: the 31st year is the first at the
   second rate. Beyond the last band its rate goes on; before `from` the first rate compounds upwards. */
double wp_discount_at(const wp_discount *discount, double t);

/* Factor of the flow of year `year` of the run (0 is the first): at its start, middle or end, or the mean
   over the year (continuous). */
double wp_discount_flow(const wp_discount *discount, int year);

#endif
