/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The households of one area, made of its people in their parts. */
#ifndef WP_POPULATION_FAMILIES_H
#define WP_POPULATION_FAMILIES_H

#include "population/homes.h"
#include "population/roles.h"

/* Makes homes[kind] for every kind but institutions, from the people that `roles` allots: children go to
   mothers old enough and young enough, eldest first within a family; partners by age; the rest by
   similar age. Everyone is placed exactly once. A parent for whom no child is left becomes a household
   without children (kind couple or single): then the numbers of kinds differ a little from what was
   wanted. `homes` are zeroed, or appended to. WP_ERR_POPULATION: children without any possible mother,
   or more people than households of 16 can hold. */
wp_status wp_families_make(const wp_area_people *area, const wp_roles *roles,
                           wp_homes homes[WP_KIND_INSTITUTION], wp_error *err);

enum { WP_MAX_FAMILY_CHILDREN = 12, WP_MAX_OTHERS = 16 };

#endif
