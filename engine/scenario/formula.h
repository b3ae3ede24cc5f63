/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas of parameters: '+ - * / ^ ( ) exp ln min max', to postfix steps. */
#ifndef WP_SCENARIO_FORMULA_H
#define WP_SCENARIO_FORMULA_H

#include "scenario/names.h"

/* Parses the formula at `at`; steps are the scenario's. Names are parameters (or 'counts.answer'). Reports
   where in the text it fails; false then. */
bool wp_formula_read(wp_reader *r, const wp_node *at, int *n_steps, const wp_formula_step **steps);

#endif
