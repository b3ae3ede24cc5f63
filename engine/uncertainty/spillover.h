/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose an arm's saving is, within families (results/sides.h), with intervals. */
#ifndef WP_UNCERTAINTY_SPILLOVER_H
#define WP_UNCERTAINTY_SPILLOVER_H

#include "results/sides.h"
#include "uncertainty/savings.h"

/* Discounted, of the whole place. */
typedef struct wp_spillover {
    int arm;
    const char *unit;
    wp_interval sides[WP_N_SIDES];
    double people[WP_N_SIDES]; /* persons of each: mean over draws and replicates */
    bool has_fixed;
    wp_interval fixed; /* what programmes cost that belongs to no family: their years, themselves */
    wp_interval total; /* all of these: the arm's net saving */
} wp_spillover;

/* Of `arm` in the unit of `savings`. False in `is_kept`, with nothing else written, where the run did not
   keep it. WP_ERR_MEMORY. */
wp_status wp_spillover_of(wp_savings *savings, int arm, wp_spillover *spillover, bool *is_kept,
                          wp_error *err);

/* What payer `payer`, or WP_NO_PAYER, saves on each side, and last of no family (fixed costs): in pounds, means
   over draws and replicates, discounted, of the whole place. Over all payers they add to the means of
   wp_spillover_of. Where the run kept sides; WP_ERR_MEMORY. */
enum { WP_N_PAYER_SIDES = WP_N_SIDES + 1 };
wp_status wp_spillover_of_payer(wp_savings *savings, int arm, int payer, double means[WP_N_PAYER_SIDES],
                                wp_error *err);

#endif
