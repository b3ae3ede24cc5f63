/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws between which nothing but chance differs. */
#ifndef WP_UNCERTAINTY_REPLICAS_H
#define WP_UNCERTAINTY_REPLICAS_H

#include "results/run_data.h"

/* Where no parameter and no price has a distribution, draws are replicates of the lives: makes them so in
   `data` (one draw, as many replicates as there were runs), for otherwise their spread would pass for a
   lack of evidence. Gives how many draws there were, or 0 where nothing was changed. */
int wp_draws_to_replicates(wp_run_data *data);

#endif
