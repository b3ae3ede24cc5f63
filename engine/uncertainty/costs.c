/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs of an arm. */
#include "uncertainty/costs.h"

#include <string.h>

static bool is_counted(const wp_money_data *money, const char *unit, int u)
{
    return strcmp(money->value_units[u], unit) == 0 && strcmp(money->value_views[u], "transfer") != 0;
}

void wp_add_costs(const wp_pricing *pricing, int arm, int against, const char *unit, size_t run, int batch,
                  double *years, size_t stride)
{
    const wp_run_data *data = pricing->data;
    const wp_money_data *money = &data->money;
    int draw = (int)(run / (size_t)data->n_replicates), replicate = (int)(run % (size_t)data->n_replicates);
    size_t n_years = (size_t)data->n_years;
    for (int u = 0; u < money->n_unit_values; u++) {
        if (!is_counted(money, unit, u)) { continue; }
        const double *amounts = money->amounts +
                                ((size_t)draw * (size_t)money->n_unit_values + (size_t)u) * n_years;
        const double *discounts = money->discounts + (size_t)u * n_years;
        double counts[WP_MAX_PRICED_YEARS], others[WP_MAX_PRICED_YEARS] = {0.0};
        wp_pricing_counts(pricing, arm, draw, replicate, batch, u, counts);
        if (against >= 0) { wp_pricing_counts(pricing, against, draw, replicate, batch, u, others); }
        for (size_t y = 0; y < n_years; y++) {
            years[y * stride] += (counts[y] - others[y]) * amounts[y] * discounts[y];
        }
    }
}
