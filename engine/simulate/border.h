/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borders: the instants at which lineages that the place couples wait for each other. */
#ifndef WP_SIMULATE_BORDER_H
#define WP_SIMULATE_BORDER_H

#include <stdbool.h>

#include "model/model.h"

/* Is `tick` a border of what is settled every `years`? A period of 0, at once, means every day. The start
   of the run is none. */
bool wp_border_is(double years, wp_tick tick);

/* The first border after `tick` of anything in the model: of years, pools, capacities, indicators; at most
   the model's end. The same for every arm. */
wp_tick wp_border_after(const wp_model *model, wp_tick tick);

#endif
