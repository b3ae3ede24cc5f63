/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of all processes together: circles at one instant, schedules that set the same state, competing
   hazards. */
#ifndef WP_SCENARIO_PROCESS_CHECKS_H
#define WP_SCENARIO_PROCESS_CHECKS_H

#include "scenario/names.h"

void wp_processes_check(wp_reader *r);

#endif
