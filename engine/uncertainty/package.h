/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several interventions together: what each saves alone, on top of the others, and as its share of the
   whole. */
#ifndef WP_UNCERTAINTY_PACKAGE_H
#define WP_UNCERTAINTY_PACKAGE_H

#include "money/pricing.h"
#include "uncertainty/interval.h"

enum { WP_MAX_PACKAGE = 6 /* interventions whose combinations an arm list can name */ };

/* Shapley values of `m` players, 1 to WP_MAX_PACKAGE, from the worth of each set of them: worth[1 << m],
   where bit i of the index says that player i is in, and worth[0] is 0. Each player's share is the mean of
   what it adds over all orders of joining (Shapley 1953); shares[m] add to worth of all. */
void wp_shapley(const double *worth, int m, double *shares);

typedef struct wp_package_row {
    int intervention;
    wp_interval alone;         /* saving of the arm with this intervention only */
    wp_interval last_in;       /* what it adds to all the others */
    wp_interval share;         /* Shapley value */
} wp_package_row;

typedef struct wp_package {
    int arm, n;
    wp_package_row rows[WP_MAX_PACKAGE];
    wp_interval together;
    wp_interval interaction;   /* together less each alone: below 0 where they save the same thing */
} wp_package;

/* The package that `arm` is, in money of `select`. False in `is_complete`, with nothing else written, where
   it has fewer than two interventions, more than WP_MAX_PACKAGE, or the result lacks the arm of one of its
   combinations. All figures are combinations of the same coupled lives, draw by draw, so their intervals take
   account of what arms share. WP_ERR_MEMORY. */
wp_status wp_package_of(const wp_pricing *pricing, int arm, const wp_money_select *select,
                        wp_package *package, bool *is_complete, wp_error *err);

#endif
