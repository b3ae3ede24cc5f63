/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Savings with intervals. */
#include "uncertainty/savings.h"

#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "simulate/counts.h"

double wp_half_width(const wp_interval *interval)
{
    double known = 0.5 * (interval->high - interval->low);
    if (isnan(known)) { return interval->noise; }
    return isnan(interval->noise) ? known : fmax(known, interval->noise);
}

wp_status wp_savings_init(wp_savings *savings, const wp_run_data *data, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    *savings = (wp_savings){.data = data, .unit = unit};
    WP_TRY(wp_pricing_init(&savings->pricing, data, err));
    savings->values = wp_arena_alloc_array(&savings->pricing.arena, n_runs, sizeof *savings->values);
    savings->batches =
        wp_arena_alloc_array(&savings->pricing.arena, n_runs * WP_N_BATCHES, sizeof *savings->batches);
    savings->others =
        wp_arena_alloc_array(&savings->pricing.arena, n_runs * WP_N_BATCHES, sizeof *savings->others);
    WP_TRY_ALLOC(savings->values);
    WP_TRY_ALLOC(savings->batches);
    WP_TRY_ALLOC(savings->others);
out:
    return status;
}

void wp_savings_free(wp_savings *savings)
{
    wp_pricing_free(&savings->pricing);
    *savings = (wp_savings){0};
}

bool wp_needs_batches(const wp_run_data *data)
{
    return data->n_replicates == 1 || (data->n_draws == 1 && data->n_replicates < WP_MIN_T_REPLICATES);
}

wp_status wp_savings_estimate(const wp_savings *savings, wp_interval *interval, wp_error *err)
{
    const wp_run_data *data = savings->data;
    const wp_batches batches = {WP_N_BATCHES, savings->batches, data->founders_by_batch};
    return wp_interval_estimate(savings->values, data->n_draws, data->n_replicates,
                                wp_needs_batches(data) ? &batches : NULL, interval, err);
}

wp_status wp_savings_interval(wp_savings *savings, int arm, const wp_money_select *select,
                              wp_interval *interval, wp_error *err)
{
    const wp_run_data *data = savings->data;
    wp_pricing_savings(&savings->pricing, arm, select, savings->values);
    if (wp_needs_batches(data)) {
        wp_pricing_batch_savings(&savings->pricing, arm, select, savings->batches);
    }
    return wp_savings_estimate(savings, interval, err);
}

static bool is_pounds(const char *unit)
{
    return strcmp(unit, "GBP") == 0;
}

static wp_status fill_row(wp_savings *savings, int arm, wp_money_select select, wp_saving_row *row,
                          wp_error *err)
{
    wp_status status = WP_OK;
    select.unit = savings->unit;
    select.part = WP_PART_GROSS;
    WP_TRY(wp_savings_interval(savings, arm, &select, &row->gross, err));
    select.part = WP_PART_PROGRAMME;
    WP_TRY(wp_savings_interval(savings, arm, &select, &row->programme, err));
    select.part = WP_PART_NET;
    WP_TRY(wp_savings_interval(savings, arm, &select, &row->net, err));
    select.discounted = true;
    WP_TRY(wp_savings_interval(savings, arm, &select, &row->net_discounted, err));
out:
    return status;
}

static bool is_nothing(const wp_saving_row *row)
{
    return row->gross.mean == 0.0 && row->programme.mean == 0.0 && row->net.between_variance == 0.0 &&
           !(row->net.noise > 0.0);
}

static const wp_money_select everything = {.payer = WP_ALL_PAYERS, .first_year = 0, .last_year = INT_MAX};

/* The four intervals of a row, in the order in which they are computed. */
enum { GROSS, PROGRAMME, NET, NET_DISCOUNTED, N_FIGURES };

static wp_interval *figure_of(wp_saving_row *row, int figure)
{
    wp_interval *const figures[N_FIGURES] = {&row->gross, &row->programme, &row->net, &row->net_discounted};
    return figures[figure];
}

/* One of the four figures, for all years at once. */
static wp_status figure_by_year(wp_savings *savings, const wp_arm_savings *result, int figure,
                                double *values, double *batch_values, wp_error *err)
{
    static const wp_money_part parts[N_FIGURES] = {WP_PART_GROSS, WP_PART_PROGRAMME, WP_PART_NET,
                                                   WP_PART_NET};
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    wp_money_select select = everything;
    select.unit = savings->unit;
    select.part = parts[figure];
    select.discounted = figure == NET_DISCOUNTED;
    wp_pricing_savings_by_year(&savings->pricing, result->arm, &select, values,
                               wp_needs_batches(data) ? batch_values : NULL);
    for (size_t y = 0; y < (size_t)data->n_years; y++) {
        const wp_batches batches = {WP_N_BATCHES, batch_values + y * n_runs * WP_N_BATCHES,
                                    data->founders_by_batch};
        WP_TRY(wp_interval_estimate(values + y * n_runs, data->n_draws, data->n_replicates,
                                    wp_needs_batches(data) ? &batches : NULL,
                                    figure_of(&result->years[y], figure), err));
    }
out:
    return status;
}

static wp_status by_year(wp_savings *savings, wp_arm_savings *result, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const size_t n = (size_t)data->n_years * (size_t)data->n_draws * (size_t)data->n_replicates;
    double *values = wp_calloc_array(n, sizeof *values);
    double *batch_values =
        wp_calloc_array(wp_needs_batches(data) ? n * WP_N_BATCHES : 1, sizeof *batch_values);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(batch_values);
    for (int f = 0; f < N_FIGURES; f++) {
        WP_TRY(figure_by_year(savings, result, f, values, batch_values, err));
    }
    for (int y = 0; y < data->n_years; y++) {
        wp_saving_row *row = &result->years[y];
        row->index = y;
        snprintf(row->label, sizeof row->label, "%d%s", data->years[y],
                 y == data->n_years - 1 ? " (last day)" : "");
        /* The last instant has a year of its own, where something is counted then. */
        if (y < data->n_years - 1 || !is_nothing(row)) { result->n_years = y + 1; }
    }
out:
    free(values);
    free(batch_values);
    return status;
}

static wp_status by_payer(wp_savings *savings, wp_arm_savings *result, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &savings->data->money;
    for (int p = 0; p <= money->n_payers; p++) {
        wp_money_select select = everything;
        select.payer = p < money->n_payers ? p : WP_NO_PAYER;
        wp_saving_row *row = &result->payers[result->n_payers];
        *row = (wp_saving_row){.index = select.payer};
        snprintf(row->label, sizeof row->label, "%s",
                 p < money->n_payers ? money->payer_titles[p] : "Payer not stated");
        snprintf(row->note, sizeof row->note, "%s", p < money->n_payers ? money->payer_tiers[p] : "");
        WP_TRY(fill_row(savings, result->arm, select, row, err));
        if (!is_nothing(row)) { result->n_payers++; }
    }
out:
    return status;
}

static wp_status by_value(wp_savings *savings, wp_arm_savings *result, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &savings->data->money;
    uint8_t *only = wp_arena_alloc_array(&savings->pricing.arena, (size_t)money->n_unit_values, 1);
    WP_TRY_ALLOC(only);
    for (int u = 0; u < money->n_unit_values; u++) {
        if (strcmp(money->value_units[u], savings->unit) != 0 ||
            strcmp(money->value_views[u], "transfer") == 0) {
            continue;
        }
        wp_money_select select = everything;
        select.only = only;
        only[u] = 1;
        wp_saving_row *row = &result->values[result->n_values];
        *row = (wp_saving_row){.index = u};
        snprintf(row->label, sizeof row->label, "%s", money->unit_values[u]);
        snprintf(row->note, sizeof row->note, "%s", money->value_views[u]);
        WP_TRY(fill_row(savings, result->arm, select, row, err));
        only[u] = 0;
        if (!is_nothing(row)) { result->n_values++; }
    }
out:
    return status;
}

/* Total of an outcome in one run, of a stock its mean over its instants; `batch` -1: of all. */
static double outcome_total(const wp_savings *savings, int arm, int run, int batch, int outcome)
{
    const wp_run_data *data = savings->data;
    size_t n_years = (size_t)data->n_years;
    size_t at = (size_t)arm * (size_t)data->n_draws * (size_t)data->n_replicates + (size_t)run;
    int cell = savings->pricing.total_cell[outcome];
    int64_t sum = 0;
    for (size_t y = 0; y < n_years; y++) {
        sum += batch >= 0 ? data->batches[((at * WP_N_BATCHES + (size_t)batch) * n_years + y) *
                                              (size_t)data->n_outcomes +
                                          (size_t)outcome]
                          : data->cells[(at * n_years + y) * (size_t)data->n_cells + (size_t)cell];
    }
    const int n_instants = data->outcome_snapshots[outcome];
    return (double)sum * data->outcome_scale[outcome] * data->weight / (n_instants > 0 ? n_instants : 1);
}

/* Interval of `factor_baseline` x the baseline's total + `factor_arm` x the arm's. */
static wp_status outcome_interval(wp_savings *savings, int arm, int outcome, double factor_baseline,
                                  double factor_arm, wp_interval *interval, wp_error *err)
{
    const wp_run_data *data = savings->data;
    int n_runs = data->n_draws * data->n_replicates;
    for (int run = 0; run < n_runs; run++) {
        savings->values[run] = factor_baseline * outcome_total(savings, 0, run, -1, outcome) +
                               factor_arm * outcome_total(savings, arm, run, -1, outcome);
        for (int b = 0; wp_needs_batches(data) && b < WP_N_BATCHES; b++) {
            savings->batches[run * WP_N_BATCHES + b] =
                factor_baseline * outcome_total(savings, 0, run, b, outcome) +
                factor_arm * outcome_total(savings, arm, run, b, outcome);
        }
    }
    return wp_savings_estimate(savings, interval, err);
}

static wp_status by_outcome(wp_savings *savings, wp_arm_savings *result, wp_error *err)
{
    wp_status status = WP_OK;
    for (int o = 0; o < savings->data->n_outcomes; o++) {
        if (savings->pricing.total_cell[o] < 0) { continue; }
        wp_outcome_row *row = &result->outcomes[result->n_outcomes++];
        row->outcome = o;
        WP_TRY(outcome_interval(savings, result->arm, o, 1.0, 0.0, &row->baseline, err));
        WP_TRY(outcome_interval(savings, result->arm, o, 0.0, 1.0, &row->arm, err));
        WP_TRY(outcome_interval(savings, result->arm, o, -1.0, 1.0, &row->change, err));
    }
out:
    return status;
}

/* Savings as equal and independent parts whose mean is wanted: draws, or else replicates, or else batches where
   replicates are too few. Gives how many there are; `parts` has room for batches. */
static size_t independent_parts(const wp_savings *savings, int arm, const wp_money_select *select,
                                double *parts)
{
    const wp_run_data *data = savings->data;
    const size_t n_draws = (size_t)data->n_draws, n_replicates = (size_t)data->n_replicates;
    if (data->n_draws == 1 && data->n_replicates < WP_MIN_T_REPLICATES) {
        wp_pricing_batch_savings(&savings->pricing, arm, select, parts);
        for (size_t i = 0; i < n_replicates * WP_N_BATCHES; i++) { parts[i] *= WP_N_BATCHES; }
        return n_replicates * WP_N_BATCHES;
    }
    wp_pricing_savings(&savings->pricing, arm, select, parts);
    if (data->n_draws == 1) { return n_replicates; }
    for (size_t d = 0; d < n_draws; d++) {
        parts[d] = gsl_stats_mean(parts + d * n_replicates, 1, n_replicates);
    }
    return n_draws;
}

/* The saving of `top` over what is spent on `bottom` (its saving, negative): ratio of means, interval by Fieller.
   Only with 10 or more parts, and a bounded interval; else net savings say it better. */
static void saving_over_spending(wp_savings *savings, int arm, const wp_money_select *top,
                                 const wp_money_select *bottom, wp_ratio *ratio)
{
    double *a = savings->batches, *b = savings->others;
    const size_t n = independent_parts(savings, arm, top, a);
    independent_parts(savings, arm, bottom, b);
    *ratio = (wp_ratio){.mean = NAN, .low = NAN, .high = NAN};
    if (n < WP_MIN_T_REPLICATES) { return; }
    for (size_t i = 0; i < n; i++) { b[i] = -b[i]; }
    const double saved = gsl_stats_mean(a, 1, n), spent = gsl_stats_mean(b, 1, n), root = (double)n;
    ratio->is_known = spent > 0.0 && wp_fieller(saved, gsl_stats_variance(a, 1, n) / root, spent,
                                                gsl_stats_variance(b, 1, n) / root,
                                                gsl_stats_covariance(a, 1, b, 1, n) / root,
                                                wp_t_quantile(root - 1.0), &ratio->low, &ratio->high);
    if (ratio->is_known) { ratio->mean = saved / spent; }
}

static void find_ratios(wp_savings *savings, wp_arm_savings *result)
{
    wp_money_select top = everything, bottom = everything;
    top.unit = bottom.unit = savings->unit;
    top.discounted = bottom.discounted = true;
    top.part = WP_PART_GROSS;
    bottom.part = WP_PART_PROGRAMME;
    saving_over_spending(savings, result->arm, &top, &bottom, &result->benefit_cost);
    result->pounds_each = (wp_ratio){.mean = NAN, .low = NAN, .high = NAN};
    if (is_pounds(savings->unit)) { return; }
    /* A negative saving of pounds over a negative saving of the unit: both signs are turned. */
    top.part = bottom.part = WP_PART_NET;
    top.unit = "GBP";
    saving_over_spending(savings, result->arm, &top, &bottom, &result->pounds_each);
    wp_ratio *each = &result->pounds_each;
    *each = (wp_ratio){each->is_known, -each->mean, -each->high, -each->low};
}

static double cost_of_baseline(wp_savings *savings, bool discounted)
{
    wp_money_select select = everything;
    select.unit = savings->unit;
    select.discounted = discounted;
    wp_pricing_costs(&savings->pricing, 0, &select, savings->values);
    return gsl_stats_mean(savings->values, 1,
                          (size_t)savings->data->n_draws * (size_t)savings->data->n_replicates);
}

/* Is what the arm changes of view `view` there, or (`is_other`) anything of another? */
static bool has_view(const wp_arm_savings *arm, const char *view, bool is_other)
{
    for (int i = 0; i < arm->n_values; i++) {
        const bool is_it = strcmp(arm->values[i].note, view) == 0;
        if (is_it != is_other && arm->values[i].note[0] != '\0') { return true; }
    }
    return false;
}

/* What of the saving is fiscal, where not all of it is. */
static wp_status by_view(wp_savings *savings, wp_arm_savings *result, wp_error *err)
{
    wp_money_select select = everything;
    result->has_views = is_pounds(savings->unit) && has_view(result, "fiscal", false) &&
                        has_view(result, "fiscal", true);
    if (!result->has_views) { return WP_OK; }
    select.unit = savings->unit;
    select.view = "fiscal";
    select.discounted = true;
    return wp_savings_interval(savings, result->arm, &select, &result->fiscal_discounted, err);
}

wp_status wp_savings_of_arm(wp_savings *savings, int arm, wp_arm_savings *result, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arena *arena = &savings->pricing.arena;
    const wp_run_data *data = savings->data;
    *result = (wp_arm_savings){.arm = arm, .unit = savings->unit};
    result->years = wp_arena_alloc_array(arena, (size_t)data->n_years, sizeof *result->years);
    result->payers = wp_arena_alloc_array(arena, (size_t)data->money.n_payers + 1, sizeof *result->payers);
    result->values =
        wp_arena_alloc_array(arena, (size_t)data->money.n_unit_values + 1, sizeof *result->values);
    result->outcomes = wp_arena_alloc_array(arena, (size_t)data->n_outcomes, sizeof *result->outcomes);
    WP_TRY_ALLOC(result->years);
    WP_TRY_ALLOC(result->payers);
    WP_TRY_ALLOC(result->values);
    WP_TRY_ALLOC(result->outcomes);
    WP_TRY(fill_row(savings, arm, everything, &result->total, err));
    wp_money_select select = everything;
    select.unit = savings->unit;
    select.with_bias = true;
    WP_TRY(wp_savings_interval(savings, arm, &select, &result->biased, err));
    select.discounted = true;
    WP_TRY(wp_savings_interval(savings, arm, &select, &result->biased_discounted, err));
    select = everything;
    select.unit = savings->unit;
    select.cashable = true;
    WP_TRY(wp_savings_interval(savings, arm, &select, &result->cashable, err));
    WP_TRY(by_year(savings, result, err));
    WP_TRY(by_payer(savings, result, err));
    WP_TRY(by_value(savings, result, err));
    WP_TRY(by_view(savings, result, err));
    if (is_pounds(savings->unit)) { WP_TRY(by_outcome(savings, result, err)); }
    result->baseline = cost_of_baseline(savings, false);
    result->baseline_discounted = cost_of_baseline(savings, true);
    find_ratios(savings, result);
out:
    return status;
}
