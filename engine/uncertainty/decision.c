/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for a decision, from a result's counts and prices. */
#include "uncertainty/decision.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "simulate/counts.h"
#include "uncertainty/arm_draws.h"
#include "uncertainty/costs.h"
#include "uncertainty/information.h"

static const wp_money_select net_discounted = {.unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX,
                                               .discounted = true};

static size_t n_runs_of(const wp_run_data *data)
{
    return (size_t)data->n_draws * (size_t)data->n_replicates;
}

/* ---- What an arm costs --------------------------------------------------------------------------------- */

static double cost_of(const wp_pricing *pricing, int arm, size_t run, int batch, double *years)
{
    double sum = 0.0;
    memset(years, 0, (size_t)pricing->data->n_years * sizeof *years);
    wp_add_costs(pricing, arm, -1, "GBP", run, batch, years, 1);
    for (int y = 0; y < pricing->data->n_years; y++) { sum += years[y]; }
    return sum;
}

static wp_status cost_interval(wp_arm_decision *decision, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_batches batches = {WP_N_BATCHES, savings->batches, data->founders_by_batch};
    double *years = wp_arena_alloc_array(&decision->arena, (size_t)data->n_years, sizeof *years);
    WP_TRY_ALLOC(years);
    for (size_t run = 0; run < n_runs_of(data); run++) {
        savings->values[run] = cost_of(&savings->pricing, decision->arm, run, -1, years);
        for (int b = 0; b < WP_N_BATCHES; b++) {
            savings->batches[run * WP_N_BATCHES + (size_t)b] =
                cost_of(&savings->pricing, decision->arm, run, b, years);
        }
    }
    WP_TRY(wp_interval_estimate(savings->values, data->n_draws, data->n_replicates, &batches, &decision->cost,
                                err));
out:
    return status;
}

/* ---- One arm ------------------------------------------------------------------------------------------- */

/* Adds years up: each becomes the sum of those up to it. */
static void accumulate(double *values, size_t n_years, size_t n)
{
    for (size_t i = n; i < n_years * n; i++) { values[i] += values[i - n]; }
}

static wp_status find_payback(wp_arm_decision *decision, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    size_t n_years = (size_t)data->n_years, n = n_runs_of(data);
    double *values = wp_arena_alloc_array(&decision->arena, n_years * n, sizeof *values);
    double *batch_values =
        wp_arena_alloc_array(&decision->arena, n_years * n * WP_N_BATCHES, sizeof *batch_values);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(batch_values);
    for (size_t run = 0; run < n; run++) {
        wp_add_costs(&savings->pricing, 0, decision->arm, "GBP", run, -1, values + run, n);
        for (int b = 0; b < WP_N_BATCHES; b++) {
            wp_add_costs(&savings->pricing, 0, decision->arm, "GBP", run, b,
                         batch_values + run * WP_N_BATCHES + (size_t)b, n * WP_N_BATCHES);
        }
    }
    accumulate(values, n_years, n);
    accumulate(batch_values, n_years, n * WP_N_BATCHES);
    const wp_batches batches = {WP_N_BATCHES, batch_values, data->founders_by_batch};
    const wp_payback_sample sample = {data->n_years, data->n_draws, data->n_replicates, values, &batches};
    WP_TRY(wp_payback_init(&decision->payback, &sample, err));
out:
    return status;
}

/* Means of draws, noise and all. */
static void mean_savings(const wp_run_data *data, const double *values, double *means)
{
    for (int d = 0; d < data->n_draws; d++) {
        means[d] = 0.0;
        for (int r = 0; r < data->n_replicates; r++) {
            means[d] += values[d * data->n_replicates + r] / data->n_replicates;
        }
    }
}

static wp_status find_bars(wp_arm_decision *decision, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    double *means = wp_arena_alloc_array(&decision->arena, (size_t)data->n_draws, sizeof *means);
    WP_TRY_ALLOC(means);
    WP_TRY(wp_inputs_of(data, &decision->arena, &decision->inputs, err));
    decision->bars =
        wp_arena_alloc_array(&decision->arena, (size_t)decision->inputs.n, sizeof *decision->bars);
    WP_TRY_ALLOC(decision->bars);
    wp_pricing_savings(&savings->pricing, decision->arm, &net_discounted, savings->values);
    mean_savings(data, savings->values, means);
    WP_TRY(wp_tornado(decision->inputs.values, decision->inputs.n, means, data->n_draws,
                      decision->net.between_variance, decision->bars, &decision->n_bars, err));
out:
    return status;
}

wp_status wp_arm_decision_init(wp_arm_decision *decision, wp_savings *savings, int arm, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    *decision = (wp_arm_decision){.arm = arm};
    wp_arena_init(&decision->arena, 0);
    WP_TRY(wp_savings_interval(savings, arm, &net_discounted, &decision->net, err));
    WP_TRY(cost_interval(decision, savings, err));
    wp_outlook_make(&decision->net, data->n_draws, data->n_replicates, &decision->outlook);
    decision->has_outturn = wp_outturn(&decision->net, &decision->cost, data->n_draws, data->weight,
                                       &decision->outturn_low, &decision->outturn_high);
    decision->has_pairing = wp_pairing_of(data, arm, "all GBP", &decision->pairing);
    WP_TRY(find_payback(decision, savings, err));
    WP_TRY(find_bars(decision, savings, err));
out:
    return status;
}

void wp_arm_decision_free(wp_arm_decision *decision)
{
    wp_payback_free(&decision->payback);
    wp_arena_free(&decision->arena);
    *decision = (wp_arm_decision){0};
}

/* ---- All arms ------------------------------------------------------------------------------------------ */

/* Highest first; of equals the first input. Inputs are few. */
static void put_in_order(wp_choice *choice)
{
    for (int i = 0; i < choice->inputs.n; i++) {
        int at = i;
        while (at > 0 && choice->evppi[choice->order[at - 1]] < choice->evppi[i]) {
            choice->order[at] = choice->order[at - 1];
            at--;
        }
        choice->order[at] = i;
    }
}

static wp_status find_evppi(wp_choice *choice, int n_draws, const double *noisy, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = (size_t)choice->inputs.n;
    double *x = wp_arena_alloc_array(&choice->arena, (size_t)n_draws, sizeof *x);
    WP_TRY_ALLOC(x);
    for (size_t i = 0; i < n && n_draws >= WP_MIN_CURVE_DRAWS; i++) {
        for (size_t d = 0; d < (size_t)n_draws; d++) { x[d] = choice->inputs.values[d * n + i]; }
        WP_TRY(wp_evppi(x, noisy, n_draws, choice->n_options, &choice->evppi[i], &choice->evppi_se[i], err));
    }
    put_in_order(choice);
out:
    return status;
}

wp_status wp_choice_init(wp_choice *choice, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    size_t n_options = (size_t)data->n_arms;
    wp_arm_draws draws = {0};
    *choice = (wp_choice){.n_options = data->n_arms};
    wp_arena_init(&choice->arena, 0);
    WP_TRY(wp_inputs_of(data, &choice->arena, &choice->inputs, err));
    choice->shares = wp_arena_alloc_array(&choice->arena, n_options, sizeof *choice->shares);
    choice->losses = wp_arena_alloc_array(&choice->arena, n_options, sizeof *choice->losses);
    choice->evppi = wp_arena_alloc_array(&choice->arena, (size_t)choice->inputs.n, sizeof *choice->evppi);
    choice->evppi_se =
        wp_arena_alloc_array(&choice->arena, (size_t)choice->inputs.n, sizeof *choice->evppi_se);
    choice->order = wp_arena_alloc_array(&choice->arena, (size_t)choice->inputs.n, sizeof *choice->order);
    WP_TRY_ALLOC(choice->shares);
    WP_TRY_ALLOC(choice->losses);
    WP_TRY_ALLOC(choice->evppi);
    WP_TRY_ALLOC(choice->evppi_se);
    WP_TRY_ALLOC(choice->order);
    WP_TRY(wp_arm_draws_init(&draws, &savings->pricing, NULL, err));
    choice->best = wp_best_option(draws.savings, data->n_draws, data->n_arms);
    choice->evpi = wp_evpi(draws.savings, data->n_draws, data->n_arms);
    wp_acceptability(draws.savings, data->n_draws, data->n_arms, NULL, choice->losses);
    wp_chances_best(draws.savings, data->n_draws, data->n_arms, choice->shares);
    WP_TRY(find_evppi(choice, data->n_draws, draws.savings_as_simulated, err));
out:
    wp_arm_draws_free(&draws);
    return status;
}

void wp_choice_free(wp_choice *choice)
{
    wp_arena_free(&choice->arena);
    *choice = (wp_choice){0};
}
