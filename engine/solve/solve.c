/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solving by prices and by simulation. */
#include <wholeplace/solve.h>

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/unknown_name.h"
#include "money/figure.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "solve/arm_choice.h"
#include "solve/root.h"
#include "solve/variant.h"
#include "uncertainty/replicas.h"
#include "uncertainty/savings.h"

static const wp_money_select net_discounted = {.unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX,
                                               .discounted = true};

/* Values are found to this share of the range: a simulation is worth no more digits, and prices cost
   nothing. */
static const double tolerance_of_runs = 1e-3, tolerance_of_prices = 1e-12;

static wp_status saving_of(const wp_run_data *data, int arm, wp_interval *saving, wp_error *err)
{
    wp_status status = WP_OK;
    wp_savings savings = {0};
    WP_TRY(wp_savings_init(&savings, data, "GBP", err));
    WP_TRY(wp_savings_interval(&savings, arm, &net_discounted, saving, err));
out:
    wp_savings_free(&savings);
    return status;
}

/* ---- Prices -------------------------------------------------------------------------------------------- */

typedef struct price_search {
    wp_run_data *data;
    int arm, value;
    double *amounts;           /* [draw][year] as in the result */
} price_search;

static double *amounts_of(const wp_run_data *data, int draw, int value)
{
    size_t row = (size_t)draw * (size_t)data->money.n_unit_values + (size_t)value;
    return data->money.amounts + row * (size_t)data->n_years;
}

/* The saving with all amounts of the unit value times `factor`. */
static wp_status saving_at_factor(void *of, double factor, wp_interval *saving, wp_error *err)
{
    price_search *s = of;
    size_t n_years = (size_t)s->data->n_years;
    for (int d = 0; d < s->data->n_draws; d++) {
        double *amounts = amounts_of(s->data, d, s->value);
        for (size_t y = 0; y < n_years; y++) { amounts[y] = factor * s->amounts[(size_t)d * n_years + y]; }
    }
    return saving_of(s->data, s->arm, saving, err);
}

/* Twice as far as the mean's own root, which is linear, and at least to twice the present price; further
   where the interval's ends need it. */
static wp_status search_prices(price_search *s, double wanted, wp_solution *solution, wp_error *err)
{
    wp_status status = WP_OK;
    wp_interval none, whole;
    WP_TRY(saving_at_factor(s, 0.0, &none, err));
    WP_TRY(saving_at_factor(s, 1.0, &whole, err));
    double slope = whole.mean - none.mean, root = slope == 0.0 ? 0.0 : (wanted - none.mean) / slope;
    double limit = fmax(2.0, 2.0 * root);
    for (int i = 0; i < 5; i++) { /* 2 x 4^5: two thousand times the price, and then it is as good as any */
        WP_TRY(wp_solve_root(saving_at_factor, s, 0.0, limit, wanted, tolerance_of_prices, solution, err));
        if (!solution->is_found || !isnan(solution->high)) { break; }
        limit *= 4.0;
    }
out:
    return status;
}

static wp_status find_value(const wp_run_data *data, const char *name, int *value, wp_error *err)
{
    *value = wp_name_index(data->money.unit_values, data->money.n_unit_values, name);
    if (*value < 0) {
        return wp_fail_unknown(err, "unit value", name, (const char *const *)data->money.unit_values,
                               (size_t)data->money.n_unit_values);
    }
    if (strcmp(data->money.value_units[*value], "GBP") == 0) { return WP_OK; }
    return wp_fail(err, WP_ERR_ARGUMENT, "'%s' is in %s, and a saving is in GBP", name,
                   data->money.value_units[*value]);
}

static double mean_price(const wp_run_data *data, int value)
{
    double sum = 0.0;
    for (int d = 0; d < data->n_draws; d++) { sum += amounts_of(data, d, value)[0] / data->n_draws; }
    return sum;
}

wp_status wp_solve_price(const char *result_path, const wp_solve_target *target, const char *name,
                         wp_solution *solution, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    price_search s = {.data = &data};
    *solution = (wp_solution){.value = NAN, .low = NAN, .high = NAN, .unit = "GBP"};
    WP_TRY(wp_result_read(result_path, &data, err));
    wp_draws_to_replicates(&data);
    WP_TRY(wp_arm_choose(&data, target->arm, &s.arm, err));
    WP_TRY(find_value(&data, name, &s.value, err));
    size_t n_years = (size_t)data.n_years;
    s.amounts = wp_calloc_array((size_t)data.n_draws * n_years, sizeof *s.amounts);
    WP_TRY_ALLOC(s.amounts);
    for (int d = 0; d < data.n_draws; d++) {
        memcpy(s.amounts + (size_t)d * n_years, amounts_of(&data, d, s.value), n_years * sizeof *s.amounts);
    }
    double price = mean_price(&data, s.value);
    WP_TRY(search_prices(&s, target->saving, solution, err));
    solution->value *= price;
    solution->low *= price;
    solution->high *= price;
out:
    free(s.amounts);
    wp_result_free(&data);
    return status;
}

/* ---- Simulation ---------------------------------------------------------------------------------------- */

typedef struct run_search {
    wp_variant variant;
    const char *arm;
    int parameter;
} run_search;

static wp_status saving_at_value(void *of, double x, wp_interval *saving, wp_error *err)
{
    wp_status status = WP_OK;
    run_search *s = of;
    wp_run_data data = {0};
    int arm = 0;
    wp_variant_set(&s->variant, s->parameter, x);
    WP_TRY(wp_variant_run(&s->variant, &data, err));
    wp_draws_to_replicates(&data);
    WP_TRY(wp_arm_choose(&data, s->arm, &arm, err));
    WP_TRY(saving_of(&data, arm, saving, err));
out:
    wp_simulate_free(&data);
    return status;
}

wp_status wp_solve_parameter(const wp_scenario *scenario, const wp_run_options *options,
                             const wp_solve_target *target, const char *name, double from, double to,
                             wp_solution *solution, wp_error *err)
{
    wp_status status = WP_OK;
    run_search s = {.arm = target->arm};
    int arm = 0;
    *solution = (wp_solution){.value = NAN, .low = NAN, .high = NAN};
    WP_TRY(wp_variant_init(&s.variant, scenario, options, err));
    if (target->arm != NULL) {
        s.variant.options.arms = &s.arm;
        s.variant.options.n_arms = 1;
    }
    if (!(from != to) || !isfinite(from) || !isfinite(to)) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "a search needs two different ends");
        goto out;
    }
    WP_TRY(wp_arm_choose_in(scenario, target->arm, &arm, err));
    WP_TRY(wp_variant_find(scenario, name, &s.parameter, err));
    snprintf(solution->unit, sizeof solution->unit, "%s", scenario->parameters[s.parameter].unit_text);
    WP_TRY(wp_solve_root(saving_at_value, &s, from, to, target->saving, tolerance_of_runs, solution, err));
    solution->n_runs = s.variant.n_runs;
out:
    wp_variant_free(&s.variant);
    return status;
}
