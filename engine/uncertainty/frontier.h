/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of several options are worth their cost: the efficient frontier of costs and effects. */
#ifndef WP_UNCERTAINTY_FRONTIER_H
#define WP_UNCERTAINTY_FRONTIER_H

#include <wholeplace/error.h>

typedef enum wp_standing {
    WP_EFFICIENT,              /* on the frontier */
    WP_DOMINATED,              /* another costs no more and does no less */
    WP_EXTENDED_DOMINATED      /* a mixture of two others does */
} wp_standing;

typedef struct wp_frontier_row {
    int option;
    wp_standing standing;
    double added_cost, added_effect; /* over the frontier's row before it; NAN off it and in its first */
    double ratio;              /* their quotient: what one more unit costs by choosing this; NAN as above */
} wp_frontier_row;

/* rows[n]: the frontier from the cheapest option on, then what is dominated, each in order of cost (of equals
   the more effective first, then as listed). Ratios along the frontier rise. WP_ERR_MEMORY. */
wp_status wp_frontier(const double *costs, const double *effects, int n, wp_frontier_row *rows,
                      wp_error *err);

#endif
