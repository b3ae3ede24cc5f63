/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures: one number of a result that can be set beside a published one. */
#ifndef WP_MONEY_FIGURE_H
#define WP_MONEY_FIGURE_H

#include "base/text.h"
#include "money/pricing.h"
#include "scenario/checked.h"

/* The figure in each draw and replicate: values[draw][replicate]; NAN where the result cannot say (an arm
   that was not run, a group that is not counted, nothing to divide by). `pricing` is of the same run.
   WP_ERR_MEMORY. */
wp_status wp_figure_values(const wp_scenario *scenario, const wp_figure *figure, const wp_pricing *pricing,
                           double *values, wp_error *err);

/* The index of `name` among `names[n]`, or -1. */
int wp_name_index(char *const *names, int n, const char *name);

#endif
