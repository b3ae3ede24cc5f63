/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which children live with a parent of which age: sets of siblings, by the parent's age. */
#ifndef WP_POPULATION_MOTHERS_H
#define WP_POPULATION_MOTHERS_H

#include "population/families.h"

/* Brothers and sisters at home: packed sex and age, eldest first. */
typedef struct wp_siblings {
    uint8_t n;
    uint8_t members[WP_MAX_FAMILY_CHILDREN];
} wp_siblings;

/* For parents[age] (numbers of mothers by completed age; lone fathers count as WP_PARTNER_GAP years
   younger than they are) makes as many sets, in order of age, in `sets[sum of parents]`. Every child of
   `children[sex][age]` is in one set, WP_GAP_MIN to WP_GAP_MAX years younger than its parent. A set is empty
   only if there are too few children of the right ages. Errors as wp_families_make. */
wp_status wp_mothers_match(const wp_area_people *area, const int32_t children[2][WP_N_AGES],
                           const int32_t parents[WP_N_AGES], wp_siblings *sets, wp_error *err);

#endif
