/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects: the lines under `then`, `do`, `granted`, `at_start`: what an event does. */
#ifndef WP_SCENARIO_EFFECT_H
#define WP_SCENARIO_EFFECT_H

#include "scenario/condition.h"

/* Reads the list of effects at `at` (NULL: none) on a subject of kind `of`. `process` is the process they
   belong to, whose .granted and .refused answers an `ask` raises, or -1 where `ask` is not allowed. */
wp_effects wp_effects_read(wp_reader *r, const wp_node *at, wp_subject_kind of, int process);

/* Does a line of the list itself set this variable of `whose`? */
bool wp_effects_set(const wp_effects *effects, wp_whose whose, int variable);

#endif
