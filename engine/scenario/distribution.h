/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions: how unsure a parameter or a price is. */
#ifndef WP_SCENARIO_DISTRIBUTION_H
#define WP_SCENARIO_DISTRIBUTION_H

#include "scenario/names.h"

/* Reads `distribution:`: {normal | lognormal | gamma | beta | uniform | pert: {sd | cv | interval95 | low, high,
   value_is, acts_on}}, or the word dirichlet where there are `counts`, or none. Numbers are written in the unit of
   `value` and kept as inside (x `scale`). `mean` is the value it belongs to, as inside, or 1 for a table, whose
   cells it scales together (`is_table`; numbers are then taken as they are). Reports what lies outside the
   distribution's range; false then. NULL: none. */
bool wp_distribution_read(wp_reader *r, const wp_node *at, double scale, double mean, bool is_table,
                          bool has_counts, wp_distribution *distribution);

#endif
