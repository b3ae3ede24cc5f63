/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acceptability by worth. */
#include "uncertainty/acceptance.h"

#include <string.h>

#include "base/fail.h"
#include "uncertainty/arm_draws.h"
#include "uncertainty/information.h"

/* NICE's threshold of 20,000 to 30,000 a QALY and the Green Book's 70,000 are among them. */
static const double worths[WP_N_WORTHS] = {10e3, 20e3, 30e3, 50e3, 70e3};

wp_status wp_acceptance_of(const wp_pricing *pricing, const char *unit, wp_arena *arena,
                           wp_acceptance rows[WP_N_WORTHS], wp_error *err)
{
    wp_status status = WP_OK;
    const int n_draws = pricing->data->n_draws, n_arms = pricing->data->n_arms;
    wp_arm_draws draws = {0};
    double *benefits = wp_arena_alloc_array(arena, (size_t)n_draws * (size_t)n_arms, sizeof *benefits);
    WP_TRY_ALLOC(benefits);
    WP_TRY(wp_arm_draws_init(&draws, pricing, unit, err));
    for (int w = 0; w < WP_N_WORTHS; w++) {
        rows[w] = (wp_acceptance){.worth = worths[w],
                                  .shares = wp_arena_alloc_array(arena, (size_t)n_arms, sizeof(double))};
        WP_TRY_ALLOC(rows[w].shares);
        wp_arm_draws_benefits(&draws, worths[w], benefits);
        wp_chances_best(benefits, n_draws, n_arms, rows[w].shares);
        rows[w].best = wp_best_option(benefits, n_draws, n_arms);
        rows[w].evpi = wp_evpi(benefits, n_draws, n_arms);
    }
out:
    wp_arm_draws_free(&draws);
    return status;
}

int wp_next_unit(const wp_money_data *money, int after)
{
    for (int u = after + 1; u < money->n_unit_values; u++) {
        bool is_new = strcmp(money->value_units[u], "GBP") != 0;
        for (int v = 0; v < u; v++) {
            is_new = is_new && strcmp(money->value_units[v], money->value_units[u]) != 0;
        }
        if (is_new) { return u; }
    }
    return -1;
}
