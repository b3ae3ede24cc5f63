/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts: what a unit value is worth in each year, in one draw. */
#ifndef WP_MONEY_AMOUNT_DRAW_H
#define WP_MONEY_AMOUNT_DRAW_H

#include "model/parameter.h"
#include "scenario/checked.h"

/* Amounts of `value` by year of the run into amounts[n_years], before deflating: a number, a parameter, or a
   look-up by year or date (its mean over the year, or over the instants of a snapshot). `set` holds the
   draw's parameters; `drawn` says whether the value's own distribution is drawn too. `name` is its purpose. */
wp_status wp_amounts_draw(const wp_scenario *scenario, const wp_unit_value *value, const char *name,
                          const wp_parameter_set *set, uint64_t seed, bool drawn, int n_years,
                          double *amounts, wp_error *err);

/* Instants of a snapshot outcome that fall into year `year` (0-based) of the run: at most `n_max` of them
   into times[]; gives how many. */
int wp_snapshot_times(const wp_scenario *scenario, const wp_outcome *outcome, int year, double *times,
                      int n_max);

enum { WP_MAX_SNAPSHOTS = 400 /* a year: more often than daily */ };

#endif
