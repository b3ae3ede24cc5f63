/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fewer draws or replicates than there was room for. */
#ifndef WP_RESULTS_TRIM_H
#define WP_RESULTS_TRIM_H

#include "results/run_data.h"

/* Leaves the first draws and replicates of all arrays, in place; the data then are as if there had been room for no
   more. Rows of traces are left as they are. */
void wp_run_data_trim(wp_run_data *data, int n_draws, int n_replicates);

#endif
