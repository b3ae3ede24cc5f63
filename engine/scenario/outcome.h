/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes by name, those that every intervention has included. */
#ifndef WP_SCENARIO_OUTCOME_H
#define WP_SCENARIO_OUTCOME_H

#include "scenario/document.h"

/* The index of an outcome, or -1 after reporting, with the nearest. "hub.starts", "hub.waiting" and so on are
   outcomes of intervention `hub` wherever they are named. */
int wp_outcome_need(wp_reader *r, const wp_node *at);

#endif
