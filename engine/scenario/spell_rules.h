/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the levels of a state with `time_at_start: equilibrium` end. */
#ifndef WP_SCENARIO_SPELL_RULES_H
#define WP_SCENARIO_SPELL_RULES_H

#include "scenario/names.h"

/* Fills wp_variable.spells of every state with `time_at_start: equilibrium`. Reports ways out whose equilibrium
   has no form here, and warns of changes that it leaves out. Once all processes are read. */
void wp_spells_find(wp_reader *r);

#endif
