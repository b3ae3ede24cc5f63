/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom an arm reaches. */
#ifndef WP_UNCERTAINTY_TOUCHED_H
#define WP_UNCERTAINTY_TOUCHED_H

#include "results/run_data.h"

/* Share of lineages that an intervention of the arm has reached by the end of the year at index `last`. */
double wp_share_touched(const wp_run_data *data, int arm, int last);

#endif
