/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the choice between arms depends on what a unit (a QALY) is worth. */
#ifndef WP_UNCERTAINTY_ACCEPTANCE_H
#define WP_UNCERTAINTY_ACCEPTANCE_H

#include "money/pricing.h"

enum { WP_N_WORTHS = 5 };

/* At one worth of the unit. */
typedef struct wp_acceptance {
    double worth;   /* pounds a unit */
    double evpi;    /* what knowing every uncertain number would be worth */
    int best;       /* arm with the highest mean net benefit */
    double *shares; /* [arm] chance that it has the highest */
} wp_acceptance;

/* One point of the acceptability curve and frontier for each of WP_N_WORTHS worths into rows[]; the noise
   of the lives is removed from pounds and units of all arms together. Shares belong to the arena.
   WP_ERR_MEMORY. */
wp_status wp_acceptance_of(const wp_pricing *pricing, const char *unit, wp_arena *arena,
                           wp_acceptance rows[WP_N_WORTHS], wp_error *err);

/* The units but GBP, in order of first use: the index of the unit value with the first after that at
   `after` (-1: the first of all), or -1 when there is no other. */
int wp_next_unit(const wp_money_data *money, int after);

#endif
