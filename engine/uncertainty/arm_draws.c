/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws of all arms. */
#include "uncertainty/arm_draws.h"

#include <gsl/gsl_statistics_double.h>
#include <limits.h>

#include "base/fail.h"
#include "simulate/counts.h"
#include "uncertainty/nested.h"

/* Savings of figure f (arm f / n_units + 1, the unit's in turn) in the order of wp_nested_sample. */
static void price_figures(const wp_pricing *pricing, const char *const units[2], size_t n_units,
                          double *values, double *batch_values)
{
    const wp_run_data *data = pricing->data;
    const size_t n = (size_t)data->n_draws * (size_t)data->n_replicates;
    for (size_t f = 0; f < n_units * ((size_t)data->n_arms - 1); f++) {
        const wp_money_select select = {
            .unit = units[f % n_units], .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
        wp_pricing_savings(pricing, (int)(f / n_units) + 1, &select, values + f * n);
        wp_pricing_batch_savings(pricing, (int)(f / n_units) + 1, &select,
                                 batch_values + f * n * WP_N_BATCHES);
    }
}

static wp_status fill(wp_arm_draws *self, const wp_pricing *pricing, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = pricing->data;
    const char *const units[2] = {"GBP", unit};
    const size_t n_units = unit == NULL ? 1 : 2, n_arms = (size_t)data->n_arms,
                 n_figures = n_units * (n_arms - 1), n_replicates = (size_t)data->n_replicates,
                 n = (size_t)data->n_draws * n_replicates;
    wp_nested nested = {0};
    double *values = wp_arena_alloc_array(&self->arena, n_figures * n, sizeof *values);
    double *batch_values =
        wp_arena_alloc_array(&self->arena, n_figures * n * WP_N_BATCHES, sizeof *batch_values);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(batch_values);
    price_figures(pricing, units, n_units, values, batch_values);
    const wp_batches batches = {WP_N_BATCHES, batch_values, data->founders_by_batch};
    const wp_nested_sample sample = {(int)n_figures, data->n_draws, data->n_replicates, values, &batches};
    WP_TRY(wp_nested_init(&nested, &sample, err));
    for (size_t f = 0; f < n_figures; f++) {
        /* A saving of units is a loss of them. */
        const double sign = f % n_units == 0 ? 1.0 : -1.0;
        double *shrunk = f % n_units == 0 ? self->savings : self->gains;
        double *simulated = f % n_units == 0 ? self->savings_as_simulated : self->gains_as_simulated;
        for (size_t d = 0; d < (size_t)data->n_draws; d++) {
            const size_t at = d * n_arms + f / n_units + 1;
            shrunk[at] = sign * nested.draws[d * n_figures + f];
            simulated[at] = sign * gsl_stats_mean(values + f * n + d * n_replicates, 1, n_replicates);
        }
    }
out:
    wp_nested_free(&nested);
    return status;
}

wp_status wp_arm_draws_init(wp_arm_draws *self, const wp_pricing *pricing, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = pricing->data;
    const size_t n = (size_t)data->n_draws * (size_t)data->n_arms;
    *self = (wp_arm_draws){.n_draws = data->n_draws, .n_arms = data->n_arms};
    wp_arena_init(&self->arena, 0);
    self->savings = wp_arena_alloc_array(&self->arena, n, sizeof *self->savings);
    self->savings_as_simulated = wp_arena_alloc_array(&self->arena, n, sizeof *self->savings_as_simulated);
    WP_TRY_ALLOC(self->savings);
    WP_TRY_ALLOC(self->savings_as_simulated);
    if (unit != NULL) {
        self->gains = wp_arena_alloc_array(&self->arena, n, sizeof *self->gains);
        self->gains_as_simulated = wp_arena_alloc_array(&self->arena, n, sizeof *self->gains_as_simulated);
        WP_TRY_ALLOC(self->gains);
        WP_TRY_ALLOC(self->gains_as_simulated);
    }
    if (data->n_arms > 1) { WP_TRY(fill(self, pricing, unit, err)); }
out:
    return status;
}

void wp_arm_draws_free(wp_arm_draws *self)
{
    wp_arena_free(&self->arena);
    *self = (wp_arm_draws){0};
}

void wp_arm_draws_benefits(const wp_arm_draws *self, double worth, double *benefits)
{
    for (size_t i = 0; i < (size_t)self->n_draws * (size_t)self->n_arms; i++) {
        benefits[i] = self->savings[i] + (self->gains == NULL ? 0.0 : worth * self->gains[i]);
    }
}
