/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sides of a saving as figures. */
#include "uncertainty/spillover.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "scenario/checked.h"
#include "simulate/counts.h"

static size_t part_of(const wp_run_data *data, int arm, size_t run)
{
    return (size_t)arm * (size_t)data->n_draws * (size_t)data->n_replicates + run;
}

/* The valuation that is all there is of the unit, and its place among the units that are kept by batch; false
   where there is none. */
static bool find_unit(const wp_run_data *data, const char *name, size_t *value, size_t *unit)
{
    bool is_there = false;
    char all[256];
    snprintf(all, sizeof all, "all %s", name);
    for (int v = 0; v < data->n_values && data->n_sides == WP_N_SIDES; v++) {
        if (strcmp(data->values[v], all) == 0) { *value = (size_t)v; }
    }
    for (int u = 0; u < data->n_side_units; u++) {
        if (strcmp(data->side_units[u], name) != 0) { continue; }
        *unit = (size_t)u;
        is_there = true;
    }
    return is_there;
}

static wp_status estimate_side(wp_savings *savings, int arm, size_t side, size_t value, size_t unit,
                               wp_interval *interval, wp_error *err)
{
    const wp_run_data *data = savings->data;
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates,
                 n_units = (size_t)data->n_side_units;
    const double scale = WP_SIDE_UNIT * data->weight;
    for (size_t run = 0; run < n_runs; run++) {
        const size_t part = part_of(data, arm, run);
        savings->values[run] =
            scale * (double)data->side_amounts[(part * (size_t)data->n_values + value) * WP_N_SIDES + side];
        for (size_t b = 0; b < WP_N_BATCHES; b++) {
            const size_t at = ((part * WP_N_BATCHES + b) * n_units + unit) * WP_N_SIDES + side;
            savings->batches[run * WP_N_BATCHES + b] = scale * (double)data->side_batches[at];
        }
    }
    return wp_savings_estimate(savings, interval, err);
}

static double people_of(const wp_run_data *data, int arm, size_t side)
{
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    double sum = 0.0;
    for (size_t run = 0; run < n_runs; run++) {
        sum += (double)data->side_people[part_of(data, arm, run) * WP_N_SIDES + side];
    }
    return sum / (double)n_runs * data->weight;
}

static wp_money_select all_of(const wp_savings *savings)
{
    return (wp_money_select){
        .unit = savings->unit, .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
}

/* Marks what a programme costs whoever is in it; is there any such cost in the unit? */
static wp_status mark_fixed(wp_savings *savings, const uint8_t **fixed, bool *any, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &savings->data->money;
    uint8_t *only = wp_arena_alloc_array(&savings->pricing.arena, (size_t)money->n_unit_values, 1);
    WP_TRY_ALLOC(only);
    for (int u = 0; u < money->n_unit_values; u++) {
        const int per = money->value_per[u];
        only[u] = (per == WP_PER_YEAR || per == WP_PER_PROGRAMME) &&
                  strcmp(money->value_views[u], "transfer") != 0;
        *any |= only[u] != 0 && strcmp(money->value_units[u], savings->unit) == 0;
    }
    *fixed = only;
out:
    return status;
}

static wp_status estimate_fixed(wp_savings *savings, int arm, wp_spillover *spillover, wp_error *err)
{
    wp_status status = WP_OK;
    wp_money_select select = all_of(savings);
    WP_TRY(mark_fixed(savings, &select.only, &spillover->has_fixed, err));
    WP_TRY(wp_savings_interval(savings, arm, &select, &spillover->fixed, err));
out:
    return status;
}

wp_status wp_spillover_of(wp_savings *savings, int arm, wp_spillover *spillover, bool *is_kept, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_money_select all = all_of(savings);
    size_t value = 0, unit = 0;
    *is_kept = find_unit(data, savings->unit, &value, &unit);
    if (!*is_kept) { return WP_OK; }
    *spillover = (wp_spillover){.arm = arm, .unit = savings->unit};
    for (size_t side = 0; side < WP_N_SIDES; side++) {
        spillover->people[side] = people_of(data, arm, side);
        WP_TRY(estimate_side(savings, arm, side, value, unit, &spillover->sides[side], err));
    }
    WP_TRY(estimate_fixed(savings, arm, spillover, err));
    WP_TRY(wp_savings_interval(savings, arm, &all, &spillover->total, err));
out:
    return status;
}

/* ---- Payers ------------------------------------------------------------------------------------------ */

/* A unit value of pounds that is no transfer, by the name of a valuation; -1: the valuation is none. */
static int find_unit_value(const wp_money_data *money, const char *name)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (strcmp(money->unit_values[u], name) == 0 && strcmp(money->value_units[u], "GBP") == 0 &&
            strcmp(money->value_views[u], "transfer") != 0) {
            return u;
        }
    }
    return -1;
}

static double share_of(const wp_money_data *money, int u, int payer)
{
    const double *shares = money->shares + (size_t)u * (size_t)money->n_payers;
    if (payer >= 0) { return shares[payer]; }
    for (int p = 0; p < money->n_payers; p++) {
        if (shares[p] != 0.0) { return 0.0; } /* stated as a whole or not at all */
    }
    return 1.0;
}

wp_status wp_spillover_of_payer(wp_savings *savings, int arm, int payer, double means[WP_N_PAYER_SIDES],
                                wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    wp_money_select select = all_of(savings);
    bool any = false;
    for (int side = 0; side < WP_N_PAYER_SIDES; side++) { means[side] = 0.0; }
    for (int v = 0; v < data->n_values; v++) {
        const int u = find_unit_value(&data->money, data->values[v]);
        const double share = u < 0 ? 0.0 : share_of(&data->money, u, payer);
        for (size_t run = 0; run < n_runs && share != 0.0; run++) {
            const int64_t *sides = data->side_amounts +
                                   (part_of(data, arm, run) * (size_t)data->n_values + (size_t)v) *
                                       WP_N_SIDES;
            for (int side = 0; side < WP_N_SIDES; side++) {
                means[side] += share * WP_SIDE_UNIT * data->weight * (double)sides[side] / (double)n_runs;
            }
        }
    }
    WP_TRY(mark_fixed(savings, &select.only, &any, err));
    select.payer = payer;
    wp_pricing_savings(&savings->pricing, arm, &select, savings->values);
    for (size_t run = 0; run < n_runs; run++) { means[WP_N_SIDES] += savings->values[run] / (double)n_runs; }
out:
    return status;
}
