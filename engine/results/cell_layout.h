/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How cells of the counts become variables of a file: one for an outcome's total, and one for each
   outcome and grouping. The names follow from the cells alone, so reader and writer agree without a map. */
#ifndef WP_RESULTS_CELL_LAYOUT_H
#define WP_RESULTS_CELL_LAYOUT_H

#include "base/arena.h"
#include "results/run_data.h"

/* A dimension made of a grouping's labels; shared by all variables with the same labels. */
typedef struct wp_cell_layout_dim {
    const char *name, *grouping;
    int n;
    const char **labels;
} wp_cell_layout_dim;

typedef struct wp_cell_layout_variable {
    const char *name;          /* "falls", "falls_by_age" */
    int outcome;
    const char *grouping;
    int dim;                   /* index of a wp_cell_layout_dim, or -1 for a total */
    int n;                     /* cells: labels, or 1 */
    int *cells;                /* [n] columns of wp_run_data.cells, in order of label */
} wp_cell_layout_variable;

typedef struct wp_cell_layout {
    wp_arena arena;
    int n_dims;
    wp_cell_layout_dim *dims;
    int n_variables;
    wp_cell_layout_variable *variables;
    const char **batch_names;  /* [outcome] "falls_by_batch" */
    const char **histogram_names; /* [histogram] "falls_histogram" */
} wp_cell_layout;

/* Plans the variables of `data` (needs outcomes and the descriptions of cells and histograms only). Texts are borrowed from
   `data`. WP_ERR_ARGUMENT when a cell or histogram names no outcome. Free with wp_cell_layout_free in any case. */
wp_status wp_cell_layout_init(wp_cell_layout *layout, const wp_run_data *data, wp_error *err);
void wp_cell_layout_free(wp_cell_layout *layout);

#endif
