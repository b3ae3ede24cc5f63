/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures as a scenario asks for them: one number of a result, and the unit that it has. */
#ifndef WP_SCENARIO_READ_FIGURE_H
#define WP_SCENARIO_READ_FIGURE_H

#include "scenario/number.h"

/* Reads a figure. False after reporting what leaves none; else what is wrong with its parts is reported. */
bool wp_figure_read(wp_reader *r, const wp_node *at, wp_figure *figure);

/* Has the `amount`, which `what` names ("the published value"), the unit of the figure? Reports at `at`
   otherwise. */
void wp_figure_check_unit(wp_reader *r, const wp_node *at, const char *what, const wp_figure *figure,
                          const wp_amount *amount);

/* The amount in the unit of the figure: totals and counts as written, time as the outcome counts it. */
double wp_figure_amount(const wp_scenario *scenario, const wp_figure *figure, const wp_amount *amount);

/* The index of the arm that the scalar names, or -1 after reporting. */
int wp_arm_need(wp_reader *r, const wp_node *at);

#endif
