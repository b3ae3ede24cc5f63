/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which arm is meant: the one that is named, or the only one. */
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

#endif
