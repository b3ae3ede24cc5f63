/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `runs.stop_when`. */
#ifndef WP_SCENARIO_READ_STOP_H
#define WP_SCENARIO_READ_STOP_H

#include "scenario/reader.h"

/* Reads `runs.stop_when`, once outcomes, arms and money are read. NULL is legal. */
void wp_read_stop(wp_reader *r, const wp_node *at);

#endif
