/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long founders have been in the levels of states in equilibrium, and what is left of their delays. */
#ifndef WP_SIMULATE_SPELLS_H
#define WP_SIMULATE_SPELLS_H

#include "simulate/sim.h"

/* Sets how long every subject of the present lineage, which has just been founded, has been in each of its levels
   of states in equilibrium, and the features of that time. One uniform for each state: purpose of its entry,
   occurrence 1, as a distribution given as time_at_start takes. Each looks at all else as it is at the start, with
   no time in any state in equilibrium. */
void wp_sim_begin_spells(wp_sim *sim);

/* Years that are left of a founder's delay that ends a level in equilibrium: given that it lasts longer than the
   level has, by the delay's own uniform `u`. `scale`: what the standard quantiles are multiplied by. */
double wp_sim_rest_of_spell(const wp_sim *sim, const wp_process_model *process, uint32_t i, double scale,
                            double u);

#endif
