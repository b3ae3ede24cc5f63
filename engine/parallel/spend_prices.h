/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What counts add to the spend of persons. */
#ifndef WP_PARALLEL_SPEND_PRICES_H
#define WP_PARALLEL_SPEND_PRICES_H

#include "base/arena.h"
#include "results/run_data.h"
#include "simulate/prices.h"

/* Fills the prices' spend from data->money, in one draw, undiscounted; none where no unit value is spend.
   WP_ERR_LIMIT as wp_valuation_price, WP_ERR_MEMORY. */
wp_status wp_spend_prices_make(wp_prices *prices, wp_arena *arena, const wp_run_data *data, int draw,
                               wp_error *err);

#endif
