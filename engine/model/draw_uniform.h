/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one uniform of an uncertain number in a draw, by the scenario's design of draws. */
#ifndef WP_MODEL_DRAW_UNIFORM_H
#define WP_MODEL_DRAW_UNIFORM_H

#include "scenario/checked.h"

/* Of "role/name" ("parameter", or "unit_value" with its full name) in `draw` of scenario->n_draws.
   Independent: key (seed, 0, draw), id 0, that purpose. Latin hypercube: a stratum of its own. Sobol: the
   dimension is its place in the order of role and name among all parameters and unit values with a
   distribution but Dirichlet's, so one that is added moves those after it, and no order of a file matters
   (chance/stratified.h). In (0, 1). */
double wp_draw_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, const char *role,
                       const char *name);

#endif
