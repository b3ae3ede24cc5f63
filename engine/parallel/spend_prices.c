/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of spend: all unit values of one count together. */
#include "parallel/spend_prices.h"

#include "base/fail.h"
#include "parallel/valuation.h"
#include "scenario/checked.h"

/* Adds up the unit values that are paid `per` a count of each of n items into sums[n][n_years]. */
static wp_status add_up(const wp_int128 **sums, wp_arena *arena, const wp_run_data *data, int draw,
                        wp_per per, int n, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    const size_t n_years = (size_t)data->n_years;
    wp_int128 *made = wp_arena_alloc_array(arena, (size_t)n * n_years, sizeof *made);
    wp_int128 *worth = wp_arena_alloc_array(arena, n_years, sizeof *worth);
    WP_TRY_ALLOC(made);
    WP_TRY_ALLOC(worth);
    for (int u = 0; u < money->n_unit_values; u++) {
        const int item = per == WP_PER_OUTCOME ? money->value_outcome[u] : money->value_intervention[u];
        if (money->value_is_spend[u] == 0 || money->value_per[u] != (int)per || item < 0) { continue; }
        WP_TRY(wp_valuation_price(data, draw, u, false, worth, err));
        for (size_t y = 0; y < n_years; y++) { made[(size_t)item * n_years + y] += worth[y]; }
    }
    *sums = made;
out:
    return status;
}

wp_status wp_spend_prices_make(wp_prices *prices, wp_arena *arena, const wp_run_data *data, int draw,
                               wp_error *err)
{
    wp_status status = WP_OK;
    if (data->n_spend_bins == 0) { return WP_OK; }
    WP_TRY(add_up(&prices->spend_outcomes, arena, data, draw, WP_PER_OUTCOME, data->n_outcomes, err));
    WP_TRY(add_up(&prices->spend_starts, arena, data, draw, WP_PER_START, data->n_interventions, err));
    WP_TRY(add_up(&prices->spend_time_in, arena, data, draw, WP_PER_YEAR_IN, data->n_interventions, err));
out:
    return status;
}
