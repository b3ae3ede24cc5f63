/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over everything that processes and interventions look at. */
#ifndef WP_SCENARIO_WALK_H
#define WP_SCENARIO_WALK_H

#include "scenario/names.h"

typedef void wp_look_visit(void *context, const wp_look *look, const wp_band *bands, int n_bands);

/* Calls `visit` for each look in one condition (groups included), or one quantity (parameters' tables and
   formulas included). */
void wp_walk_condition(const wp_reader *r, const wp_condition *condition, wp_look_visit *visit,
                       void *context);
void wp_walk_quantity(const wp_reader *r, const wp_quantity *quantity, wp_look_visit *visit, void *context);

/* The same for a process: its `when`, hazard or delay, factors, answers. */
void wp_walk_process(const wp_reader *r, const wp_process *process, wp_look_visit *visit, void *context);

/* Fills the indicators' classes from the bands in use, and warns of states whose time is looked at while
   nothing says how long founders have been in them. */
void wp_walk_finish(wp_reader *r);

#endif
