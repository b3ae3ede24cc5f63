/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes and choices: the answers of processes, and what modules and interventions multiply in them. */
#ifndef WP_SCENARIO_CHANGE_H
#define WP_SCENARIO_CHANGE_H

#include "scenario/factor.h"
#include "scenario/names.h"

/* The factors gathered so far for a process, or one of its answers: the process's own, and those that
   modules and interventions add. Never NULL once wp_names_collect has run, unless memory is short. */
wp_factor_list *wp_changes_of_process(wp_reader *r, int process);
wp_factor_list *wp_changes_of_option(wp_reader *r, int process, int option);

/* Reads the `choose` of a process into its answers. */
void wp_choice_read(wp_reader *r, int process);

/* Reads one entry of a top-level `changes`. */
void wp_change_read_one(wp_reader *r, const wp_pair *pair);

/* Reads one entry of the `changes` of an intervention; false after reporting. */
bool wp_change_read_of(wp_reader *r, const wp_pair *pair, int intervention, int index, wp_change *change);

/* Reads the `changes` of all interventions, once the processes' kinds are known. */
void wp_interventions_read_changes(wp_reader *r);

#endif
