/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which arms are meant: the one that is named, or the only one; those of a figure. */
#ifndef WP_SOLVE_ARM_CHOICE_H
#define WP_SOLVE_ARM_CHOICE_H

#include <wholeplace/error.h>

#include "results/run_data.h"
#include "scenario/checked.h"

/* The index of the arm called `wished`, or with NULL of the only one beside the baseline. WP_ERR_ARGUMENT
   where there is none such, several, or the baseline is meant, against which others save. */
wp_status wp_arm_choose(const wp_run_data *data, const char *wished, int *arm, wp_error *err);

/* The same among the arms of a scenario, so that it is said before anything is simulated. */
wp_status wp_arm_choose_in(const wp_scenario *scenario, const char *wished, int *arm, wp_error *err);

enum { WP_MAX_FIGURE_ARMS = 4 }; /* arm and against, of a figure and of what it is divided by */

/* The names of the arms that a figure needs, for wp_run_options: the baseline is run in any case, and is named where
   the figure needs no other. How many. */
int wp_arms_of_figure(const wp_scenario *scenario, const wp_figure *figure, const char *names[WP_MAX_FIGURE_ARMS]);

#endif
