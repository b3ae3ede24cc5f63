/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts times prices. Sums run in one fixed order, so equal results give equal pounds. */
#include "money/pricing.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "scenario/checked.h"
#include "simulate/counts.h"

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

/* Counts of one unit value by year: (double)kept[y * stride] * scale, or fixed[y] * scale, or none. */
typedef struct count_series {
    const int64_t *kept;
    const double *fixed;
    size_t stride;
    double scale;
} count_series;

/* One column of the counts, in the unit of its outcome; -1: none. */
static count_series cell_series(const wp_run_data *data, size_t run, int cell)
{
    const size_t n = (size_t)data->n_cells;
    if (cell < 0) { return (count_series){0}; }
    return (count_series){.kept = data->cells + run * (size_t)data->n_years * n + (size_t)cell,
                          .stride = n,
                          .scale = data->outcome_scale[data->cell_outcome[cell]] * data->weight};
}

static count_series outcome_series(const wp_pricing *pricing, size_t run, int batch, int outcome)
{
    const wp_run_data *data = pricing->data;
    const size_t n = (size_t)data->n_outcomes;
    if (outcome < 0) { return (count_series){0}; }
    if (batch < 0) { return cell_series(data, run, pricing->total_cell[outcome]); }
    const size_t at = (run * WP_N_BATCHES + (size_t)batch) * (size_t)data->n_years * n + (size_t)outcome;
    return (count_series){
        .kept = data->batches + at, .stride = n, .scale = data->outcome_scale[outcome] * data->weight};
}

static count_series programme_series(const wp_run_data *data, int arm, size_t run, int batch, int u)
{
    const wp_money_data *money = &data->money;
    const bool in_all = batch < 0;
    const size_t n_interventions = (size_t)data->n_interventions, n_years = (size_t)data->n_years;
    if (money->value_intervention[u] < 0) { return (count_series){0}; }
    const size_t intervention = (size_t)money->value_intervention[u];
    const size_t of_run = in_all ? run : run * WP_N_BATCHES + (size_t)batch;
    const size_t at = (of_run * n_interventions + intervention) * n_years;
    count_series series = {.stride = 1, .scale = 0.5 * data->weight};
    switch ((wp_per)money->value_per[u]) {
    case WP_PER_OFFER: series.kept = (in_all ? data->offers : data->offers_by_batch) + at; break;
    case WP_PER_START: series.kept = (in_all ? data->starts : data->starts_by_batch) + at; break;
    case WP_PER_YEAR_IN:
        series.kept = (in_all ? data->ticks_in : data->ticks_in_by_batch) + at;
        series.scale = 0x1p-33 * data->weight;
        break;
    case WP_PER_YEAR:
    case WP_PER_PROGRAMME:
        if (money->arm_has[(size_t)arm * n_interventions + intervention] != 0) {
            series.fixed = money->fixed_counts + (size_t)u * n_years;
        }
        series.scale = in_all ? 1.0 : 1.0 / WP_N_BATCHES;
        break;
    case WP_PER_OUTCOME: break;
    }
    return series;
}

static count_series series_of(const wp_pricing *pricing, int arm, int draw, int replicate, int batch, int u)
{
    const wp_run_data *data = pricing->data;
    const size_t run = run_index(data, arm, draw, replicate);
    return data->money.value_per[u] == WP_PER_OUTCOME
               ? outcome_series(pricing, run, batch, data->money.value_outcome[u])
               : programme_series(data, arm, run, batch, u);
}

static double count_in(const count_series *series, int year)
{
    if (series->kept != NULL) { return (double)series->kept[(size_t)year * series->stride] * series->scale; }
    return series->fixed != NULL ? series->fixed[year] * series->scale : 0.0;
}

double wp_pricing_count(const wp_pricing *pricing, int arm, int draw, int replicate, int batch,
                        int unit_value, int year)
{
    const count_series series = series_of(pricing, arm, draw, replicate, batch, unit_value);
    return count_in(&series, year);
}

void wp_pricing_counts(const wp_pricing *pricing, int arm, int draw, int replicate, int batch, int unit_value,
                       double *counts)
{
    const count_series series = series_of(pricing, arm, draw, replicate, batch, unit_value);
    for (int y = 0; y < pricing->data->n_years; y++) { counts[y] = count_in(&series, y); }
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
    double late[WP_MAX_PRICED_YEARS];
    double share = isnan(money->cash_shares[u]) ? 0.0 : money->cash_shares[u];
    double steps = money->cash_steps[u];
    int whole = (int)fmin(floor(money->cash_after[u]), WP_MAX_PRICED_YEARS);
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

/* Value of the counts of one unit value, over the years of `select`, whoever pays. */
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
    return sum;
}

/* How many of a unit value's counts the arm saves in each of the years first to last. */
static void count_saved(const wp_pricing *pricing, int arm, int draw, int replicate, int batch, int u,
                        int first, int last, double *counts)
{
    const count_series before = series_of(pricing, 0, draw, replicate, batch, u);
    const count_series after = series_of(pricing, arm, draw, replicate, batch, u);
    for (int y = first; y <= last; y++) { counts[y] = count_in(&before, y) - count_in(&after, y); }
}

/* Lists the unit values of `select` that `arm` may save in; what is common to all draws is found once. */
static int list_parts(const wp_pricing *pricing, int arm, const wp_money_select *select)
{
    const wp_run_data *data = pricing->data;
    int n = 0;
    for (int u = 0; u < data->money.n_unit_values; u++) {
        const double share = payer_share(data, u, select);
        if (!is_selected(data, select, u) || share == 0.0) { continue; }
        pricing->parts[n++] =
            (wp_price_part){.unit_value = u,
                            .share = share,
                            .bias = select->with_bias ? bias_factor(pricing, arm, u) : 1.0,
                            .cashes = select->cashable && !wp_pricing_is_programme(data, u)};
    }
    return n;
}

static double saving_of(const wp_pricing *pricing, int arm, const wp_money_select *select, int n_parts,
                        int draw, int replicate, int batch)
{
    const wp_run_data *data = pricing->data;
    double counts[WP_MAX_PRICED_YEARS];
    double sum = 0.0;
    /* Only what is cashed comes from other years than its own. */
    const int first = select->cashable || select->first_year < 0 ? 0 : select->first_year;
    int last = data->n_years - 1;
    if (!select->cashable && select->last_year < last) { last = select->last_year; }
    for (int k = 0; k < n_parts; k++) {
        const wp_price_part *part = &pricing->parts[k];
        count_saved(pricing, arm, draw, replicate, batch, part->unit_value, first, last, counts);
        if (part->cashes) { cash_counts(&data->money, part->unit_value, data->n_years, batch < 0, counts); }
        sum += value_of(pricing, select, draw, part->unit_value, counts) * part->share * part->bias;
    }
    return sum;
}

void wp_pricing_savings(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values)
{
    const wp_run_data *data = pricing->data;
    const int n = list_parts(pricing, arm, select);
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            values[d * data->n_replicates + r] = saving_of(pricing, arm, select, n, d, r, -1);
        }
    }
}

void wp_pricing_batch_savings(const wp_pricing *pricing, int arm, const wp_money_select *select,
                              double *values)
{
    const wp_run_data *data = pricing->data;
    const int n = list_parts(pricing, arm, select);
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            for (int b = 0; b < WP_N_BATCHES; b++) {
                *values++ = saving_of(pricing, arm, select, n, d, r, b);
            }
        }
    }
}

/* Adds one run's savings, or a batch's, to those of each year, `stride` apart. */
static void add_years(const wp_pricing *pricing, int arm, const wp_money_select *select, int n_parts,
                      int draw, int replicate, int batch, double *values, size_t stride)
{
    const wp_run_data *data = pricing->data;
    const size_t n_years = (size_t)data->n_years;
    double counts[WP_MAX_PRICED_YEARS];
    for (size_t y = 0; y < n_years; y++) { values[y * stride] = 0.0; }
    for (int k = 0; k < n_parts; k++) {
        const wp_price_part *part = &pricing->parts[k];
        const size_t u = (size_t)part->unit_value;
        const double *amounts = data->money.amounts +
                                ((size_t)draw * (size_t)data->money.n_unit_values + u) * n_years;
        const double *discounts = data->money.discounts + u * n_years;
        count_saved(pricing, arm, draw, replicate, batch, (int)u, 0, data->n_years - 1, counts);
        for (size_t y = 0; y < n_years; y++) {
            const double value = counts[y] * amounts[y] * (select->discounted ? discounts[y] : 1.0);
            values[y * stride] += value * part->share * part->bias;
        }
    }
}

void wp_pricing_savings_by_year(const wp_pricing *pricing, int arm, const wp_money_select *select,
                                double *values, double *batch_values)
{
    const wp_run_data *data = pricing->data;
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    const int n = list_parts(pricing, arm, select);
    for (size_t run = 0; run < n_runs; run++) {
        const int d = (int)(run / (size_t)data->n_replicates), r = (int)(run % (size_t)data->n_replicates);
        add_years(pricing, arm, select, n, d, r, -1, values + run, n_runs);
        for (int b = 0; b < WP_N_BATCHES && batch_values != NULL; b++) {
            add_years(pricing, arm, select, n, d, r, b, batch_values + run * WP_N_BATCHES + (size_t)b,
                      n_runs * WP_N_BATCHES);
        }
    }
}

/* The counts of a unit value by year, of all subjects or of the group that is selected. */
static void count_costs(const wp_pricing *pricing, int arm, int draw, int replicate, int u,
                        const wp_money_select *select, double *counts)
{
    const wp_run_data *data = pricing->data;
    const int outcome = data->money.value_outcome[u];
    if (select->cells == NULL) {
        wp_pricing_counts(pricing, arm, draw, replicate, -1, u, counts);
        return;
    }
    const count_series series =
        cell_series(data, run_index(data, arm, draw, replicate), outcome < 0 ? -1 : select->cells[outcome]);
    for (int y = 0; y < data->n_years; y++) { counts[y] = count_in(&series, y); }
}

void wp_pricing_costs(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values)
{
    const wp_run_data *data = pricing->data;
    double counts[WP_MAX_PRICED_YEARS];
    for (int d = 0; d < data->n_draws; d++) {
        for (int r = 0; r < data->n_replicates; r++) {
            double sum = 0.0;
            for (int u = 0; u < data->money.n_unit_values; u++) {
                if (!is_selected(data, select, u)) { continue; }
                count_costs(pricing, arm, d, r, u, select, counts);
                sum += value_of(pricing, select, d, u, counts) * payer_share(data, u, select);
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
            double counts[WP_MAX_PRICED_YEARS];
            double sum = 0.0;
            for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
                int d = run / data->n_replicates, r = run % data->n_replicates;
                count_saved(pricing, arm, d, r, -1, u, 0, data->n_years - 1, counts);
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
    if (data->n_years > WP_MAX_PRICED_YEARS) {
        status = wp_fail(err, WP_ERR_LIMIT, "%d years; prices are for at most %d", data->n_years,
                         WP_MAX_PRICED_YEARS);
        goto out;
    }
    pricing->total_cell =
        wp_arena_alloc_array(&pricing->arena, (size_t)data->n_outcomes, sizeof *pricing->total_cell);
    pricing->is_cost =
        wp_arena_alloc_array(&pricing->arena, (size_t)data->n_arms * (size_t)data->money.n_unit_values, 1);
    WP_TRY_ALLOC(pricing->total_cell);
    pricing->parts =
        wp_arena_alloc_array(&pricing->arena, (size_t)data->money.n_unit_values, sizeof *pricing->parts);
    WP_TRY_ALLOC(pricing->is_cost);
    WP_TRY_ALLOC(pricing->parts);
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
