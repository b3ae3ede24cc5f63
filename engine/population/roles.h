/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who plays which part in the households of one area: numbers by part, sex and age. */
#ifndef WP_POPULATION_ROLES_H
#define WP_POPULATION_ROLES_H

#include <stdint.h>

#include <wholeplace/error.h>

#include "chance/key.h"
#include "population/life_shape.h"
#include "scenario/checked.h"

typedef enum wp_role {
    WP_ROLE_ALONE, WP_ROLE_COUPLE, WP_ROLE_PARENT, WP_ROLE_LONE, WP_ROLE_OTHER, WP_ROLE_CHILD, WP_N_ROLES
} wp_role;

/* One area's people in private households, by sex (0 women, 1 men) and completed age. */
typedef struct wp_area_people {
    const char *name;                   /* for messages */
    uint64_t id;                        /* keys the area's draws */
    wp_key key;
    int32_t n[2][WP_N_AGES];
    int64_t households[WP_KIND_INSTITUTION]; /* wanted, by wp_household_kind */
    double adult_children;              /* wanted: about so many adults with their parents */
} wp_area_people;

typedef struct wp_roles {
    int32_t n[WP_N_ROLES][2][WP_N_AGES];
} wp_roles;

/* Allots everyone a part: all under 18 are children at home; each household of a kind has its adults.
   Sums over parts are exactly area->n, sums over ages exactly what the kinds need. Deterministic under
   the area's key. WP_ERR_POPULATION: there are too few adults (or women, or men) for the households. */
wp_status wp_roles_allot(wp_roles *roles, const wp_area_people *area, wp_error *err);

#endif
