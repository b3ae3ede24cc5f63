/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Life histories of a run. */
#ifndef WP_PARALLEL_KEPT_ROWS_H
#define WP_PARALLEL_KEPT_ROWS_H

#include "parallel/run_state.h"

/* Orders the traces of the draw and its present replicates and puts them behind those kept before. WP_ERR_MEMORY. */
wp_status wp_kept_rows_add(wp_run_state *run, wp_error *err);

/* Gives all rows to the data, column by column, by draw, arm and replicate. WP_ERR_MEMORY. */
wp_status wp_kept_rows_give(wp_run_state *run, wp_error *err);

#endif
