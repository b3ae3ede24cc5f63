/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `money.spend_by_person`. */
#ifndef WP_SCENARIO_READ_SPEND_H
#define WP_SCENARIO_READ_SPEND_H

#include "scenario/reader.h"

/* Marks those of values[scenario->n_unit_values] that make up the spend of each person and year; NULL is
   legal. Reports what is unknown, not in pounds, or paid for nobody in particular. */
void wp_read_spend(wp_reader *r, const wp_node *at, wp_unit_value *values);

/* Is it paid for what happens to somebody: an outcome, a start, time in a programme? Who is offered something
   may never know it. */
bool wp_is_of_persons(const wp_unit_value *value);

#endif
