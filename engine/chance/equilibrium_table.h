/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a spell has lasted when one looks at it at any time. */
#ifndef WP_CHANCE_EQUILIBRIUM_TABLE_H
#define WP_CHANCE_EQUILIBRIUM_TABLE_H

#include "chance/quantile_table.h"

/* The law of the age of a spell in equilibrium (and of what is left of it) where whole spells have the law of
   `spell`: density S(t) / mean, with S the survival of `spell`, in the same unit (the backward recurrence time;
   Cox 1962, Renewal Theory, section 5.2). `spell` is of a kind that quantile_table.h makes, and is not kept.
   Calls GSL: wp_chance_init comes first. Takes 1 to 100 ms. Its quantiles have a relative error below 1e-6, as the
   gamma's. Fails with WP_ERR_ARGUMENT where all empirical values are 0, WP_ERR_MEMORY, WP_ERR_NUMERIC; `table`
   is all zero then. */
wp_status wp_quantile_table_init_equilibrium(wp_quantile_table *table, const wp_quantile_table *spell,
                                             wp_error *err);

#endif
