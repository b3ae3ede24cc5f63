/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delays: drawn durations such as '30 days', {gamma: {mean: stay, cv: 1.4}}, 'for ever'. */
#ifndef WP_SCENARIO_DELAY_H
#define WP_SCENARIO_DELAY_H

#include "scenario/quantity.h"

/* Reads the delay at `at`; `what` names it in messages. With `for_ever` the words 'for ever' are allowed.
   False after reporting. */
bool wp_delay_read(wp_reader *r, const wp_node *at, wp_subject_kind of, const char *what, bool for_ever,
                   wp_duration *delay);

/* Durations, in years and in the file's order, from a CSV file with a column headed days, months or years. */
bool wp_empirical_read(wp_reader *r, const wp_node *at, int *n, const double **values);

/* A distribution of a positive bare number ({gamma: {mean, cv | shape}}, lognormal, fixed), as a person's
   multiplier has it. */
bool wp_multiplier_read(wp_reader *r, const wp_node *at, wp_multiplier *multiplier);

#endif
