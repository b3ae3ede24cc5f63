/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of queues: who is served first, of pools and of interventions. */
#ifndef WP_SCENARIO_QUEUE_ORDER_H
#define WP_SCENARIO_QUEUE_ORDER_H

#include "scenario/condition.h"

/* Reads `lottery`, `longest_waiting`, or a list of these, of {when: condition} and of {by: X, first: level};
   NULL: longest_waiting. The array is kept in the scenario. */
void wp_queue_order_read(wp_reader *r, const wp_node *at, wp_subject_kind of, int *n,
                         const wp_queue_order **order);

#endif
