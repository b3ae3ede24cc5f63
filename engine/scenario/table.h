/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-up tables: `by` with nested `values`, or with a `table` in a CSV file, as a checked grid. */
#ifndef WP_SCENARIO_TABLE_H
#define WP_SCENARIO_TABLE_H

#include "scenario/document.h"

/* What a cell may hold. */
typedef struct wp_cell_rule {
    const char *what;        /* "a hazard ratio", for messages */
    wp_unit unit;            /* what bare numbers are in; WP_UNIT_NONE: only bare numbers and % */
    double scale;            /* inside = written x scale (days: 1/365.25) */
    double lo, hi;           /* allowed, inside units */
    bool parameters;         /* may a cell name a parameter? */
} wp_cell_rule;

/* Reads the look-up at `at`, a map with `by` (one look or a list), `values` or `table`, and perhaps
   `otherwise`; other keys are the caller's to check. Plain names in `by` are those of a subject `of`.
   Axes stand in the order of `by`; bands of an axis are sorted, and are the union over all branches.
   A cell that no branch gives and no `otherwise` covers is an error. `option_variable`: the variable
   whose levels `by: option` has, or -1. False after reporting; memory is the scenario's. */
bool wp_table_read(wp_reader *r, const wp_node *at, wp_subject_kind of, const wp_cell_rule *rule,
                   int option_variable, const wp_grid **grid);

/* The same for a margin of a population, which need not say how many institutions there are: the kind
   `institution` may be left out, and its cells are NAN then. */
bool wp_table_read_margin(wp_reader *r, const wp_node *at, wp_subject_kind of, const wp_cell_rule *rule,
                          const wp_grid **grid);

/* Reads shares of a variable's levels: a single level "well", "{0: 0.8, 1: 0.2}", or a look-up whose
   cells are such maps. The grid's last axis are the levels (look: the variable itself); each row sums to
   1 within 1e-6 and is scaled to it exactly; levels that are not named have share 0. */
bool wp_table_read_shares(wp_reader *r, const wp_node *at, wp_subject_kind of, int variable,
                          const wp_grid **grid);

/* The unit a look-up names itself (`unit:`), or the caller's: fills `rule`'s unit and scale. False
   after reporting an unknown unit. */
bool wp_table_unit(wp_reader *r, const wp_node *at, wp_cell_rule *rule);

#endif
