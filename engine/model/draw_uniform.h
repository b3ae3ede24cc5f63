/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The uniform numbers of an uncertain number in a draw, by the scenario's design of draws. */
#ifndef WP_MODEL_DRAW_UNIFORM_H
#define WP_MODEL_DRAW_UNIFORM_H

#include "scenario/checked.h"

/* Are numbers drawn in a run of so many draws? In a single one they take their stated values, unless it is
   picked. */
bool wp_is_drawn(const wp_scenario *scenario, int n_draws);

/* A *number* is a parameter's index, or n_parameters + a unit value's: its name, and its distribution, of
   kind WP_DISTRIBUTION_NONE where it is certain. */
const char *wp_number_name(const wp_scenario *scenario, int number);
const wp_distribution *wp_number_distribution(const wp_scenario *scenario, int number);

/* Of `number` in `draw` of scenario->n_draws; in (0, 1).
   Independent: key (seed, 0, draw), id 0, purpose "parameter/name" or "unit_value/name" (its full name).
   Latin hypercube: a stratum of its own. Sobol: the dimension is its place in the order of role and name
   among all parameters and unit values with a distribution but Dirichlet's, so one that is added moves
   those after it, and no order of a file matters (chance/stratified.h). Picked: `draw` says nothing; a
   stratum of the pick's row, in a Latin hypercube of its own for each of the two samples. */
double wp_draw_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, int number);

/* Of one answer of a parameter's counts: independent, whatever the design, with the answer as occurrence. */
double wp_draw_answer_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, int parameter,
                              int answer);

#endif
