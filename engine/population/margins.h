/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario's margins as tables to be fitted: one of persons, one of households. */
#ifndef WP_POPULATION_MARGINS_H
#define WP_POPULATION_MARGINS_H

#include "base/arena.h"
#include "population/ipf.h"
#include "population/life_shape.h"
#include "scenario/checked.h"

enum { WP_MAX_AREA_VARIABLES = 3, WP_MAX_EXTRA_VARIABLES = 3, WP_N_PRIVATE_KINDS = WP_KIND_INSTITUTION };

/* Which of the scenario's variables the population gives. An area is a combination of the household's
   variables that persons' margins name (district); extras are those that only households' margins name
   (deprivation). Variables are indices into the scenario's list, or -1. */
typedef struct wp_layout {
    const wp_scenario *scenario;
    int n_area_variables, area_variables[WP_MAX_AREA_VARIABLES], n_areas;
    int n_extra_variables, extra_variables[WP_MAX_EXTRA_VARIABLES], n_extras;
    int sex, female;                 /* variable `sex`; its level `female` */
    int residence, n_residences, home; /* variable `residence`; 1 where no margin names it; level of homes */
    int kind;                        /* household variable named `kind`, or -1 */
} wp_layout;

/* A table and what it shall sum to. Persons: areas x sex level x age x residence; households: areas x
   extras x kind. Row-major. Memory is the arena's. */
typedef struct wp_fit_table {
    int n_dims, sizes[WP_IPF_MAX_DIMS], n_cells;
    double *values;                  /* seed, then fitted */
    int n_margins;
    wp_ipf_margin *margins;
    bool *adjusted;
} wp_fit_table;

/* Finds out what margins name. WP_ERR_POPULATION: a margin looks at what cannot be fitted. */
wp_status wp_layout_init(wp_layout *layout, const wp_scenario *scenario, wp_error *err);

/* The persons' table, its seed, and its margins; `*people` is the total. */
wp_status wp_margins_of_persons(wp_fit_table *table, const wp_layout *layout, wp_arena *arena,
                                double *people, wp_error *err);

/* The households' table and margins, its seed all 1; `*households` is the total. `people` in households:
   used where no margin says how many households there are. `by_area` (may be NULL) receives whether a
   margin names an area. */
wp_status wp_margins_of_households(wp_fit_table *table, const wp_layout *layout, double people,
                                   wp_arena *arena, double *households, bool *by_area, wp_error *err);

/* The level of variable number `which` of n variables in combination `combination`. */
int wp_layout_level(const wp_layout *layout, int n, const int *variables, int combination, int which);

#endif
