/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every arm is worth in each draw: what a choice between arms, and an analysis elsewhere, is made of. */
#ifndef WP_UNCERTAINTY_ARM_DRAWS_H
#define WP_UNCERTAINTY_ARM_DRAWS_H

#include "money/pricing.h"

/* Over the whole run, discounted, net of the programme's cost, without transfers; against the baseline, whose
   column is 0. Means over replicates, with the noise of the lives shrunk away from all arms and both units
   together (wp_nested), or, `…_as_simulated`, with it. Free with wp_arm_draws_free. */
typedef struct wp_arm_draws {
    wp_arena arena;
    int n_draws, n_arms;
    double *savings, *savings_as_simulated; /* [draw][arm] pounds saved */
    double *gains, *gains_as_simulated;     /* [draw][arm] of the unit gained; NULL without a unit */
} wp_arm_draws;

/* `unit` as "QALY", or NULL for pounds alone. WP_ERR_MEMORY. */
wp_status wp_arm_draws_init(wp_arm_draws *self, const wp_pricing *pricing, const char *unit, wp_error *err);
void wp_arm_draws_free(wp_arm_draws *self);

/* benefits[draw][arm]: pounds saved, and units gained at `worth` pounds each. */
void wp_arm_draws_benefits(const wp_arm_draws *self, double worth, double *benefits);

#endif
