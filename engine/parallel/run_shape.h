/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's result holds before anything is simulated: room for its numbers, labels, provenance. All of the
   data's memory is its arena's, as it is when the data are read from a file. WP_ERR_MEMORY where there is none. */
#ifndef WP_PARALLEL_RUN_SHAPE_H
#define WP_PARALLEL_RUN_SHAPE_H

#include "parallel/run_state.h"

/* Room for all draws and replicates of the options, zeroed, and everything but counts and worth. */
wp_status wp_run_shape(wp_run_state *run, const wp_model *model, wp_error *err);

/* Room for what lineages are worth. */
wp_status wp_run_shape_worth(wp_run_state *run, const wp_valuation *valuation, wp_error *err);

/* How the arms were simulated; after the run, for it is then known which share no life with the baseline. */
wp_status wp_run_tell_how(wp_run_state *run, wp_error *err);

#endif
