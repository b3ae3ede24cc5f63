/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts times prices. Sums run in one fixed order, so equal results give equal pounds. */
#include "money/pricing.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "scenario/checked.h"
#include "simulate/counts.h"

enum { N_MAX_YEARS = 256 };

bool wp_pricing_is_programme(const wp_run_data *data, int unit_value)
{
    return data->money.value_per[unit_value] != WP_PER_OUTCOME;
}

bool wp_money_has_unit(const wp_money_data *money, const char *unit)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (strcmp(money->value_units[u], unit) == 0) { return true; }
    }
    return false;
}

bool wp_money_has_cashable(const wp_money_data *money)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (!isnan(money->cash_shares[u])) { return true; }
    }
    return false;
}

static size_t run_index(const wp_run_data *data, int arm, int draw, int replicate)
{
    return ((size_t)arm * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates +
           (size_t)replicate;
}

/* What one column of the counts holds in a year, in the unit of its outcome. */
static double cell_count(const wp_run_data *data, size_t run, int cell, int year)
{
    size_t at = (run * (size_t)data->n_years + (size_t)year) * (size_t)data->n_cells;
    if (cell < 0) { return 0.0; }
    return (double)data->cells[at + (size_t)cell] * data->outcome_scale[data->cell_outcome[cell]] *
           data->weight;
}

static double outcome_count(const wp_pricing *pricing, size_t run, int batch, int outcome, int year)
{
    const wp_run_data *data = pricing->data;
    if (outcome < 0) { return 0.0; }
    if (batch < 0) { return cell_count(data, run, pricing->total_cell[outcome], year); }
    size_t at = (run * WP_N_BATCHES + (size_t)batch) * (size_t)data->n_years + (size_t)year;
    return (double)data->batches[at * (size_t)data->n_outcomes + (size_t)outcome] *
           data->outcome_scale[outcome] * data->weight;
}

static double programme_count(const wp_run_data *data, int arm, size_t run, int batch, int unit_value,
                              int year)
{
    const wp_money_data *money = &data->money;
    const bool in_all = batch < 0;
    const size_t n_interventions = (size_t)data->n_interventions, n_years = (size_t)data->n_years;
    if (money->value_intervention[unit_value] < 0) { return 0.0; }
    const size_t intervention = (size_t)money->value_intervention[unit_value];
    const size_t of_run = in_all ? run : run * WP_N_BATCHES + (size_t)batch;
    const size_t at = (of_run * n_interventions + intervention) * n_years + (size_t)year;
    switch ((wp_per)money->value_per[unit_value]) {
    case WP_PER_OFFER:
        return (double)(in_all ? data->offers : data->offers_by_batch)[at] * 0.5 * data->weight;
    case WP_PER_START:
        return (double)(in_all ? data->starts : data->starts_by_batch)[at] * 0.5 * data->weight;
    case WP_PER_YEAR_IN:
        return (double)(in_all ? data->ticks_in : data->ticks_in_by_batch)[at] * 0x1p-33 * data->weight;
    case WP_PER_YEAR:
    case WP_PER_PROGRAMME:
        if (money->arm_has[(size_t)arm * n_interventions + intervention] == 0) { return 0.0; }
        return money->fixed_counts[(size_t)unit_value * n_years + (size_t)year] / (in_all ? 1 : WP_N_BATCHES);
    case WP_PER_OUTCOME: break;
    }
    return 0.0;
}

double wp_pricing_count(const wp_pricing *pricing, int arm, int draw, int replicate, int batch,
                        int unit_value, int year)
{
    const wp_run_data *data = pricing->data;
    const wp_money_data *money = &data->money;
    size_t run = run_index(data, arm, draw, replicate);
    if (money->value_per[unit_value] == WP_PER_OUTCOME) {
        return outcome_count(pricing, run, batch, money->value_outcome[unit_value], year);
    }
    return programme_count(data, arm, run, batch, unit_value, year);
}

static bool is_selected(const wp_run_data *data, const wp_money_select *select, int u)
{
    bool is_programme = wp_pricing_is_programme(data, u);
    const char *view = data->money.value_views[u];
    if (select->part == WP_PART_GROSS && is_programme) { return false; }
    if (select->part == WP_PART_PROGRAMME && !is_programme) { return false; }
    if (strcmp(data->money.value_units[u], select->unit) != 0) { return false; }
    if (select->only != NULL) { return select->only[u] != 0; }
    return select->view == NULL ? strcmp(view, "transfer") != 0 : strcmp(view, select->view) == 0;
}

static double payer_share(const wp_run_data *data, int u, const wp_money_select *select)
{
    const double *shares = data->money.shares + (size_t)u * (size_t)data->money.n_payers;
    const int payer = select->payer;
    if (select->payers != NULL) {
        double sum = 0.0;
        for (int p = 0; p < data->money.n_payers; p++) { sum += select->payers[p] != 0 ? shares[p] : 0.0; }
        return sum;
    }
    if (payer == WP_ALL_PAYERS) { return 1.0; }
    if (payer >= 0) { return shares[payer]; }
    for (int p = 0; p < data->money.n_payers; p++) {
        if (shares[p] != 0.0) { return 0.0; } /* shares are stated as a whole or not at all */
    }
    return 1.0;
}

/* Counts that are cashed in each year: in whole steps, `after` years later (a fraction of a year is split
   between two years). */
static void cash_counts(const wp_money_data *money, int u, int n_years, bool in_steps, double *counts)
{
    double late[N_MAX_YEARS];
    double share = isnan(money->cash_shares[u]) ? 0.0 : money->cash_shares[u];
    double steps = money->cash_steps[u];
    int whole = (int)fmin(floor(money->cash_after[u]), N_MAX_YEARS);
    double part = money->cash_after[u] - floor(money->cash_after[u]);
    for (int y = 0; y < n_years; y++) {
        if (in_steps && steps > 0.0) { counts[y] = trunc(counts[y] / steps) * steps; }
    }
    for (int y = 0; y < n_years; y++) {
        double now = y - whole >= 0 ? counts[y - whole] : 0.0;
        double before = y - whole - 1 >= 0 ? counts[y - whole - 1] : 0.0;
        late[y] = share * ((1.0 - part) * now + part * before);
    }
    memcpy(counts, late, (size_t)n_years * sizeof *counts);
}

/* Factor by which optimism bias changes a saving of `arm` in unit value `u`. */
static double bias_factor(const wp_pricing *pricing, int arm, int u)
{
    const wp_money_data *money = &pricing->data->money;
    bool is_cost = pricing->is_cost[arm * money->n_unit_values + u] != 0;
    return is_cost ? 1.0 + money->costs_up[u] : 1.0 - money->benefits_down[u];
}

/* Value of the counts of one unit value, over the years of `select`. */
static double value_of(const wp_pricing *pricing, const wp_money_select *select, int draw, int u,
                       const double *counts)
{
    const wp_run_data *data = pricing->data;
    size_t n_years = (size_t)data->n_years;
    const double *amounts = data->money.amounts +
                            ((size_t)draw * (size_t)data->money.n_unit_values + (size_t)u) * n_years;
    const double *discounts = data->money.discounts + (size_t)u * n_years;
    double sum = 0.0;
    for (int y = select->first_year < 0 ? 0 : select->first_year; y <= select->last_year && y < data->n_years;
         y++) {
        sum += counts[y] * amounts[y] * (select->discounted ? discounts[y] : 1.0);
    }
    return sum * payer_share(data, u, select);
}

static double saving_of(const wp_pricing *pricing, int arm, const wp_money_select *select, int draw,
                        int replicate, int batch)
{
    const wp_run_data *data = pricing->data;
    double counts[N_MAX_YEARS];
    double sum = 0.0;
    for (int u = 0; u < data->money.n_unit_values; u++) {
        if (!is_selected(data, select, u) || payer_share(data, u, select) == 0.0) { continue; }
        /* Only what is cashed comes from other years than its own. */
        int first = select->cashable || select->first_year < 0 ? 0 : select->first_year;
        int last = data->n_years - 1;
        if (!select->cashable && select->last_year < last) { last = select->last_year; }
        for (int y = first; y <= last; y++) {
            counts[y] = wp_pricing_count(pricing, 0, draw, replicate, batch, u, y) -
                        wp_pricing_count(pricing, arm, draw, replicate, batch, u, y);
        }
        if (select->cashable && !wp_pricing_is_programme(data, u)) {
            cash_counts(&data->money, u, data->n_years, batch < 0, counts);
        }
        sum += value_of(pricing, select, draw, u, counts) *
               (select->with_bias ? bias_factor(pricing, arm, u) : 1.0);
    }
    return sum;
}

void wp_pricing_savings(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values)
{
    const wp_run_data *data = pricing->data;
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            values[d * data->n_replicates + r] = saving_of(pricing, arm, select, d, r, -1);
        }
    }
}

void wp_pricing_batch_savings(const wp_pricing *pricing, int arm, const wp_money_select *select,
                              double *values)
{
    const wp_run_data *data = pricing->data;
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            for (int b = 0; b < WP_N_BATCHES; b++) { *values++ = saving_of(pricing, arm, select, d, r, b); }
        }
    }
}

void wp_pricing_costs(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values)
{
    const wp_run_data *data = pricing->data;
    double counts[N_MAX_YEARS];
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            double sum = 0.0;
            for (int u = 0; u < data->money.n_unit_values; u++) {
                if (!is_selected(data, select, u)) { continue; }
                const int outcome = data->money.value_outcome[u];
                const int cell = select->cells == NULL || outcome < 0 ? -1 : select->cells[outcome];
                for (int y = 0; y < data->n_years; y++) {
                    counts[y] = select->cells == NULL ? wp_pricing_count(pricing, arm, d, r, -1, u, y)
                                                      : cell_count(data, run_index(data, arm, d, r), cell, y);
                }
                sum += value_of(pricing, select, d, u, counts);
            }
            values[d * data->n_replicates + r] = sum;
        }
    }
}

/* A unit value in which the arm saves less than nothing, over all draws and years, is a cost to which optimism
   bias adds; one sign for all draws keeps savings linear in counts. */
static void find_costs(wp_pricing *pricing)
{
    const wp_run_data *data = pricing->data;
    for (int arm = 1; arm < data->n_arms; arm++) {
        for (int u = 0; u < data->money.n_unit_values; u++) {
            wp_money_select all = {.payer = WP_ALL_PAYERS, .last_year = data->n_years - 1};
            double counts[N_MAX_YEARS];
            double sum = 0.0;
            for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
                int d = run / data->n_replicates, r = run % data->n_replicates;
                for (int y = 0; y < data->n_years; y++) {
                    counts[y] = wp_pricing_count(pricing, 0, d, r, -1, u, y) -
                                wp_pricing_count(pricing, arm, d, r, -1, u, y);
                }
                sum += value_of(pricing, &all, d, u, counts);
            }
            pricing->is_cost[arm * data->money.n_unit_values + u] = sum < 0.0;
        }
    }
}

wp_status wp_pricing_init(wp_pricing *pricing, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    *pricing = (wp_pricing){.data = data};
    wp_arena_init(&pricing->arena, 0);
    if (data->n_years > N_MAX_YEARS) {
        status =
            wp_fail(err, WP_ERR_LIMIT, "%d years; prices are for at most %d", data->n_years, N_MAX_YEARS);
        goto out;
    }
    pricing->total_cell =
        wp_arena_alloc_array(&pricing->arena, (size_t)data->n_outcomes, sizeof *pricing->total_cell);
    pricing->is_cost =
        wp_arena_alloc_array(&pricing->arena, (size_t)data->n_arms * (size_t)data->money.n_unit_values, 1);
    WP_TRY_ALLOC(pricing->total_cell);
    WP_TRY_ALLOC(pricing->is_cost);
    for (int o = 0; o < data->n_outcomes; o++) { pricing->total_cell[o] = -1; }
    for (int c = data->n_cells - 1; c >= 0; c--) {
        if (strcmp(data->cell_grouping[c], "all") == 0) { pricing->total_cell[data->cell_outcome[c]] = c; }
    }
    find_costs(pricing);
out:
    return status;
}

void wp_pricing_free(wp_pricing *pricing)
{
    wp_arena_free(&pricing->arena);
    *pricing = (wp_pricing){0};
}
