/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look-up while it is being read: axes whose bands are still being found, and cells to fill. Shared by the
   tables that stand in a scenario and those in CSV files. */
#ifndef WP_SCENARIO_GRID_H
#define WP_SCENARIO_GRID_H

#include "scenario/number.h"
#include "scenario/table.h"

enum { WP_MAX_AXES = 6, WP_MAX_BORDERS = 4097, WP_MAX_CELLS = 100000 };

typedef struct wp_grid_axis {
    wp_look look;
    const char *text;        /* as written in `by` */
    bool is_level;
    wp_band_kind band_kind;
    int n;                   /* levels, or bands once all borders are known */
    double *borders;         /* ascending */
    int n_borders;
} wp_grid_axis;

typedef struct wp_grid_work {
    wp_reader *r;
    const wp_node *at;
    wp_subject_kind of;
    const wp_cell_rule *rule;
    int option_variable;
    int variable, n_levels;  /* shares of this variable's levels; variable -1: plain numbers */
    const wp_node *otherwise;
    bool is_margin;          /* household.kind need not say `institution` */
    double rest;             /* its number */
    int n_axes;
    wp_grid_axis axes[WP_MAX_AXES];
    int n_cells;
    double *values;
    int *cell_parameter;
    int *row_of;             /* by cell: line of the file that gave it, 0 none */
} wp_grid_work;

/* Reads `by`. */
bool wp_grid_work_axes(wp_grid_work *w);

/* Adds a border of bands; false without memory or with too many. */
bool wp_grid_axis_border(wp_grid_work *w, wp_grid_axis *axis, double value);

/* The axis's bands that `band` covers: first to last; both of its ends must be borders. */
void wp_grid_axis_range(const wp_grid_axis *axis, const wp_band *band, int *first, int *last);

/* Makes the cells, all NAN, once all borders are known. */
bool wp_grid_work_cells(wp_grid_work *w);

/* Fills one cell (of n_levels shares where there is a variable) from a node. */
bool wp_grid_work_cell(wp_grid_work *w, const wp_node *at, int cell);
bool wp_grid_work_shares(wp_grid_work *w, const wp_node *at, double *shares);

/* A cell's number by its rule; false after reporting. */
bool wp_cell_number(wp_reader *r, const wp_node *at, const wp_cell_rule *rule, double *value);

/* Axes' bands and cells from the CSV file that the map `table` describes. */
bool wp_grid_work_file(wp_grid_work *w, const wp_node *table);

#endif
