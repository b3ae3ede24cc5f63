/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors: the lists under multiply_hazard, multiply_odds, multiply_probability and multiply_delay. */
#ifndef WP_SCENARIO_FACTOR_H
#define WP_SCENARIO_FACTOR_H

#include "scenario/condition.h"
#include "scenario/quantity.h"

/* A list of factors that grows while files are joined, in the reader's scratch memory. */
typedef struct wp_factor_list { /* gathered by process and answer in wp_names */
    int n, room;
    wp_factor *list;
} wp_factor_list;

/* Which scales fit the place. */
typedef enum wp_factor_place {
    WP_FACTORS_OF_HAZARD, WP_FACTORS_OF_DELAY, WP_FACTORS_OF_OPTION, WP_FACTORS_NOWHERE
} wp_factor_place;

/* Appends the factors under all multiply_… keys of the map `at`. `owner` begins their names ("incident",
   "incident.police", "hub/incident"). A key on another scale than `place` has is reported. */
void wp_factors_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_factor_place place,
                     const char *owner, int intervention, int change, wp_factor_list *list);

/* Appends one factor. */
void wp_factors_add(wp_reader *r, wp_factor_list *list, const wp_factor *factor);

/* The list in order of name, kept in the scenario; equal names (the same factor twice) stay both. */
const wp_factor *wp_factors_keep(wp_reader *r, const wp_factor_list *list);

#endif
