/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worth of lineages in integers, so that sums are the same in any order: a count's worth has 24 significant
   bits (so that libm's differences between machines do not reach it), times 2^-64 of a hundredth of a unit; a
   lineage's is rounded to 2^-16 of a hundredth before it is squared. 2^25 lineages of 343 million pounds
   each do not overflow a sum of squares. */
#include "parallel/valuation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/round24.h"
#include "parallel/spend_prices.h"
#include "scenario/checked.h"

enum { WORTH_BITS = 64, LINEAGE_BITS = 16 };
enum { SUM, SQUARES, PAIRED, N_SUMS };

static const double largest_worth = 1e10; /* hundredths a count */

/* ---- Prices -------------------------------------------------------------------------------------------------- */

/* x times 2^64, exact but for what is below 1. x has 24 significant bits. */
static wp_int128 fixed_point(double x)
{
    int exponent = 0;
    const int64_t mantissa = (int64_t)ldexp(frexp(x, &exponent), 24);
    const int shift = exponent - 24 + WORTH_BITS;
    if (shift >= 0) { return (wp_int128)mantissa * ((wp_int128)1 << shift); }
    return shift > -24 ? mantissa / ((int64_t)1 << -shift) : 0;
}

/* Unit of one kept integer of what unit value u is per; 0 where that belongs to no lineage. */
static double kept_scale(const wp_run_data *data, int u)
{
    const wp_money_data *money = &data->money;
    switch ((wp_per)money->value_per[u]) {
    case WP_PER_OUTCOME:
        return money->value_outcome[u] < 0 ? 0.0 : data->outcome_scale[money->value_outcome[u]];
    case WP_PER_OFFER:
    case WP_PER_START: return 0.5;
    case WP_PER_YEAR_IN: return 0x1p-33;
    default: return 0.0;
    }
}

wp_status wp_valuation_price(const wp_run_data *data, int draw, int u, bool discounted, wp_int128 *worth,
                             wp_error *err)
{
    const wp_money_data *money = &data->money;
    const size_t n_years = (size_t)data->n_years, n = (size_t)money->n_unit_values;
    const double scale = kept_scale(data, u);
    for (size_t y = 0; y < n_years; y++) {
        const double amount = money->amounts[((size_t)draw * n + (size_t)u) * n_years + y];
        const double discount = discounted ? money->discounts[(size_t)u * n_years + y] : 1.0;
        const double hundredths = 100.0 * amount * discount;
        if (!(fabs(hundredths) < largest_worth)) {
            return wp_fail(err, WP_ERR_LIMIT, "unit value '%s' is %g %s; at most %g can be kept by family",
                           money->unit_values[u], amount, money->value_units[u], largest_worth / 100.0);
        }
        worth[y] = fixed_point((double)wp_round24(hundredths * scale));
    }
    return WP_OK;
}

/* Is unit value u paid for count `item` of sort `per`? */
static bool is_paid_for(const wp_money_data *money, int u, wp_per per, int item)
{
    if (money->value_per[u] != (int)per) { return false; }
    return (per == WP_PER_OUTCOME ? money->value_outcome[u] : money->value_intervention[u]) == item;
}

static wp_status list_payments(wp_valuation *v, const wp_run_data *data, wp_per per, int n,
                               const wp_list **lists, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    wp_list *made = wp_arena_alloc_array(&v->arena, (size_t)n, sizeof *made);
    int *items = wp_arena_alloc_array(&v->arena, (size_t)money->n_unit_values, sizeof *items);
    WP_TRY_ALLOC(made);
    WP_TRY_ALLOC(items);
    for (int i = 0; i < n; i++) { /* each unit value is in one list at most */
        made[i].items = items;
        for (int u = 0; u < money->n_unit_values; u++) {
            if (is_paid_for(money, u, per, i)) { items[made[i].n++] = u; }
        }
        items += made[i].n;
    }
    *lists = made;
out:
    return status;
}

static wp_status make_prices(wp_valuation *v, const wp_run_data *data, int draw, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)data->money.n_unit_values, n_years = (size_t)data->n_years;
    wp_int128 *worth = wp_arena_alloc_array(&v->arena, n * n_years, sizeof *worth);
    WP_TRY_ALLOC(worth);
    for (size_t u = 0; u < n; u++) { WP_TRY(wp_valuation_price(data, draw, (int)u, true, worth + u * n_years, err)); }
    v->prices = (wp_prices){.n = (int)n, .n_years = data->n_years, .worth = worth};
    WP_TRY(list_payments(v, data, WP_PER_OUTCOME, data->n_outcomes, &v->prices.outcomes, err));
    WP_TRY(list_payments(v, data, WP_PER_OFFER, data->n_interventions, &v->prices.offers, err));
    WP_TRY(list_payments(v, data, WP_PER_START, data->n_interventions, &v->prices.starts, err));
    int *intervention_of = wp_arena_alloc_array(&v->arena, n, sizeof *intervention_of);
    WP_TRY_ALLOC(intervention_of);
    for (size_t u = 0; u < n; u++) {
        const wp_per per = (wp_per)data->money.value_per[u];
        intervention_of[u] = per == WP_PER_OUTCOME ? -1 : data->money.value_intervention[u];
        v->pays_offers |= per == WP_PER_OFFER;
    }
    v->intervention_of = intervention_of;
    WP_TRY(wp_spend_prices_make(&v->prices, &v->arena, data, draw, err));
    WP_TRY(list_payments(v, data, WP_PER_YEAR_IN, data->n_interventions, &v->prices.time_in, err));
out:
    return status;
}

/* ---- Values: sums of unit values ---------------------------------------------------------------------------------- */

/* Adds the value `name` of the unit values of `unit` (NULL: of `only`) with `view` (NULL: all but transfers),
   unless it has none. */
static wp_status add_value(wp_valuation *v, wp_list *parts, const wp_run_data *data, const char *name,
                           int only, const char *unit, const char *view, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    int *items = wp_arena_alloc_array(&v->arena, (size_t)money->n_unit_values, sizeof *items);
    int n = 0;
    WP_TRY_ALLOC(items);
    for (int u = 0; u < money->n_unit_values; u++) {
        const bool is_in = unit == NULL ? u == only
                           : strcmp(money->value_units[u], unit) != 0 ? false
                           : view == NULL ? strcmp(money->value_views[u], "transfer") != 0
                                          : strcmp(money->value_views[u], view) == 0;
        if (is_in && kept_scale(data, u) != 0.0) { items[n++] = u; }
    }
    if (n == 0) { goto out; }
    parts[v->n_values] = (wp_list){n, items};
    v->names[v->n_values] = wp_arena_strdup(&v->arena, name);
    WP_TRY_ALLOC(v->names[v->n_values]);
    v->n_values++;
out:
    return status;
}

static wp_status make_values(wp_valuation *v, const wp_run_data *data, wp_error *err)
{
    static const char *const views[] = {NULL, "fiscal", "economic", "social", "transfer"};
    enum { N_VIEWS = sizeof views / sizeof views[0] };
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    const size_t n = (size_t)money->n_unit_values;
    wp_list *parts = wp_arena_alloc_array(&v->arena, n * (1 + N_VIEWS), sizeof *parts);
    v->names = wp_arena_alloc_array(&v->arena, n * (1 + N_VIEWS), sizeof *v->names);
    WP_TRY_ALLOC(parts);
    WP_TRY_ALLOC(v->names);
    v->parts = parts;
    for (int u = 0; u < money->n_unit_values; u++) {
        WP_TRY(add_value(v, parts, data, money->unit_values[u], u, NULL, NULL, err));
    }
    for (int u = 0; u < money->n_unit_values; u++) {
        const char *unit = money->value_units[u];
        bool is_known = false;
        for (int before = 0; before < u; before++) {
            is_known |= strcmp(money->value_units[before], unit) == 0;
        }
        for (int k = 0; k < N_VIEWS && !is_known; k++) {
            char name[256];
            snprintf(name, sizeof name, "%s %s", views[k] == NULL ? "all" : views[k], unit);
            WP_TRY(add_value(v, parts, data, name, 0, unit, views[k], err));
        }
    }
out:
    return status;
}

wp_status wp_valuation_init(wp_valuation *valuation, const wp_run_data *data, int draw, wp_error *err)
{
    wp_status status = WP_OK;
    memset(valuation, 0, sizeof *valuation);
    wp_arena_init(&valuation->arena, 0);
    WP_TRY(make_prices(valuation, data, draw, err));
    WP_TRY(make_values(valuation, data, err));
    valuation->sums = wp_arena_alloc_array(
        &valuation->arena,
        (size_t)data->n_arms * (size_t)data->n_replicates * N_SUMS * (size_t)valuation->n_values,
        sizeof *valuation->sums);
    WP_TRY_ALLOC(valuation->sums);
out:
    return status;
}

void wp_valuation_free(wp_valuation *valuation)
{
    wp_arena_free(&valuation->arena);
    memset(valuation, 0, sizeof *valuation);
}

void wp_valuation_give(const wp_valuation *valuation, int draw, int first, int end, wp_run_data *data)
{
    const size_t n = (size_t)valuation->n_values;
    const double unit = ldexp(0.01, -LINEAGE_BITS);
    for (int a = 0; a < data->n_arms; a++) {
        for (int r = first; r < end; r++) {
            const size_t from = ((size_t)a * (size_t)data->n_replicates + (size_t)r) * N_SUMS * n;
            const size_t to =
                (((size_t)a * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates +
                 (size_t)r) *
                n;
            for (size_t k = 0; k < n; k++) {
                const wp_int128 *sums = valuation->sums + from + k;
                data->value_sum[to + k] = (double)sums[SUM * n] * unit;
                data->value_sum_squares[to + k] = (double)sums[SQUARES * n] * unit * unit;
                data->paired_sum_squares[to + k] = (double)sums[PAIRED * n] * unit * unit;
            }
        }
    }
}

/* ---- Blocks ------------------------------------------------------------------------------------------------------- */

wp_status wp_block_values_init(wp_block_values *self, const wp_valuation *valuation, wp_error *err)
{
    wp_status status = WP_OK;
    memset(self, 0, sizeof *self);
    if (valuation == NULL) { return WP_OK; }
    self->valuation = valuation;
    self->sums = wp_calloc_array(N_SUMS * (size_t)valuation->n_values, sizeof *self->sums);
    WP_TRY_ALLOC(self->sums);
out:
    return status;
}

void wp_block_values_free(wp_block_values *self)
{
    free(self->baseline);
    free(self->sums);
    memset(self, 0, sizeof *self);
}

/* Worth of a lineage in one value, rounded to the nearest; without unit values of interventions that are not in
   `set`. */
static int64_t worth_of(const wp_valuation *valuation, const wp_list *parts, const wp_int128 *values,
                        uint32_t set)
{
    const int shift = WORTH_BITS - LINEAGE_BITS;
    wp_int128 sum = 0;
    for (int k = 0; k < parts->n; k++) {
        const int u = parts->items[k], v = valuation->intervention_of[u];
        if (v < 0 || (set >> v & 1) != 0) { sum += values[u]; }
    }
    const wp_int128 half = (wp_int128)1 << (shift - 1), one = (wp_int128)1 << shift;
    return (int64_t)((sum >= 0 ? sum + half : sum - half) / one);
}

/* Adds what a lineage is worth to value k's part of sums[N_SUMS][n]. */
static void take_worth(wp_int128 *sums, size_t n, size_t k, int64_t worth, int64_t baseline)
{
    const int64_t difference = baseline - worth;
    sums[SUM * n + k] += worth;
    sums[SQUARES * n + k] += (wp_int128)worth * worth;
    sums[PAIRED * n + k] += (wp_int128)difference * difference;
}

wp_status wp_block_values_take(wp_block_values *self, const wp_block *block, bool is_baseline, wp_error *err)
{
    if (self->valuation == NULL) { return WP_OK; }
    const size_t n = (size_t)self->valuation->n_values;
    if (!wp_array_reserve(&self->baseline, &self->capacity, block->n_lineages * n, sizeof *self->baseline)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for what each family is worth");
    }
    memset(self->sums, 0, N_SUMS * n * sizeof *self->sums);
    for (size_t l = 0; l < block->n_lineages; l++) {
        const wp_int128 *values = block->values + l * (size_t)block->n_values;
        for (size_t k = 0; k < n; k++) {
            int64_t *baseline = &self->baseline[l * n + k];
            const int64_t worth = worth_of(self->valuation, &self->valuation->parts[k], values, UINT32_MAX);
            if (is_baseline) { *baseline = worth; }
            take_worth(self->sums, n, k, worth, *baseline);
        }
    }
    return WP_OK;
}

void wp_valuation_add(wp_valuation *valuation, int n_replicates, int arm, int replicate,
                      const wp_block_values *values)
{
    if (valuation == NULL) { return; }
    const size_t n = N_SUMS * (size_t)valuation->n_values;
    wp_int128 *sums = valuation->sums + ((size_t)arm * (size_t)n_replicates + (size_t)replicate) * n;
    for (size_t k = 0; k < n; k++) { sums[k] += values->sums[k]; }
}

/* ---- Several arms at once ----------------------------------------------------------------------------------------- */

wp_status wp_arm_values_init(wp_arm_values *self, const wp_valuation *valuation, int n_arms,
                             const uint32_t *sets, wp_error *err)
{
    wp_status status = WP_OK;
    memset(self, 0, sizeof *self);
    if (valuation == NULL) { return WP_OK; }
    self->valuation = valuation;
    self->n_arms = n_arms;
    self->sets = sets;
    self->sums = wp_calloc_array((size_t)n_arms * N_SUMS * (size_t)valuation->n_values, sizeof *self->sums);
    WP_TRY_ALLOC(self->sums);
out:
    return status;
}

void wp_arm_values_free(wp_arm_values *self)
{
    free(self->baseline);
    free(self->sums);
    memset(self, 0, sizeof *self);
}

wp_status wp_arm_values_take(wp_arm_values *self, const wp_block *block, uint32_t l, uint32_t origin,
                             uint64_t arms, wp_error *err)
{
    const wp_valuation *valuation = self->valuation;
    if (valuation == NULL) { return WP_OK; }
    const size_t n = (size_t)valuation->n_values;
    const wp_int128 *values = block->values + (size_t)l * (size_t)block->n_values;
    if (!wp_array_reserve(&self->baseline, &self->capacity, ((size_t)origin + 1) * n,
                          sizeof *self->baseline)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for what each family is worth");
    }
    for (size_t k = 0; k < n; k++) {
        int64_t *baseline = &self->baseline[(size_t)origin * n + k];
        const wp_list *parts = &valuation->parts[k];
        if ((arms & 1) != 0) { *baseline = worth_of(valuation, parts, values, self->sets[0]); }
        int64_t worth = valuation->pays_offers ? 0 : worth_of(valuation, parts, values, UINT32_MAX);
        for (int a = 0; a < self->n_arms; a++) {
            if ((arms >> a & 1) == 0) { continue; }
            if (valuation->pays_offers) { worth = worth_of(valuation, parts, values, self->sets[a]); }
            take_worth(self->sums + (size_t)a * N_SUMS * n, n, k, worth, *baseline);
        }
    }
    return WP_OK;
}

void wp_arm_values_give(wp_arm_values *self, wp_valuation *valuation, int n_replicates, int replicate)
{
    if (self->valuation == NULL) { return; }
    const size_t n = N_SUMS * (size_t)valuation->n_values;
    for (size_t a = 0; a < (size_t)self->n_arms; a++) {
        wp_int128 *sums = valuation->sums + (a * (size_t)n_replicates + (size_t)replicate) * n;
        for (size_t k = 0; k < n; k++) { sums[k] += self->sums[a * n + k]; }
    }
    memset(self->sums, 0, (size_t)self->n_arms * n * sizeof *self->sums);
}
