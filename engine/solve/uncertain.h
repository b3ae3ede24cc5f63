/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The uncertain numbers of a scenario, in groups that can vary without each other. */
#ifndef WP_SOLVE_UNCERTAIN_H
#define WP_SOLVE_UNCERTAIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "scenario/checked.h"

/* Numbers that vary together: a parameter's index, or n_parameters + a unit value's. */
typedef struct wp_uncertain_group {
    const char *name; /* "onset", "onset + relapse", "all others" */
    int n;
    int *members;       /* rising */
    bool has_parameter; /* lives may depend on it; else it is of prices alone */
} wp_uncertain_group;

/* Memory is the arena's. */
typedef struct wp_uncertain {
    wp_arena arena;
    int n;
    wp_uncertain_group *groups;
} wp_uncertain;

/* All numbers that have a distribution. Without `wished` each is a group, and those that are correlated are
   one; else each text of wished[n_wished], "NAME" or "NAME,NAME", is one, and what is not named is a last
   one, "all others". WP_ERR_ARGUMENT where nothing is uncertain, a name is unknown, not uncertain or named
   twice, and where numbers that are correlated would be in different groups: what one of them does without
   the other is not defined. WP_ERR_MEMORY. Free in any case. */
wp_status wp_uncertain_init(wp_uncertain *uncertain, const wp_scenario *scenario, const char *const *wished,
                            int n_wished, wp_error *err);
void wp_uncertain_free(wp_uncertain *uncertain);

#endif
