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

enum { SUM, SQUARES, PAIRED, N_SUMS };

static const double largest_worth = 1e10; /* hundredths a count */

/* ---- Prices -------------------------------------------------------------------------------------------------- */

/* x times 2^64, exact but for what is below 1. x has 24 significant bits. */
static wp_int128 fixed_point(double x)
{
    int exponent = 0;
    const int64_t mantissa = (int64_t)ldexp(frexp(x, &exponent), 24);
    const int shift = exponent - 24 + WP_WORTH_BITS;
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
    int *unit_of = wp_arena_alloc_array(&v->arena, n * (1 + N_VIEWS), sizeof *unit_of);
    v->names = wp_arena_alloc_array(&v->arena, n * (1 + N_VIEWS), sizeof *v->names);
    WP_TRY_ALLOC(parts);
    WP_TRY_ALLOC(unit_of);
    WP_TRY_ALLOC(v->names);
    v->parts = parts;
    v->split.unit_of = unit_of;
    for (size_t k = 0; k < n * (1 + N_VIEWS); k++) { unit_of[k] = -1; }
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
            const int n_before = v->n_values;
            snprintf(name, sizeof name, "%s %s", views[k] == NULL ? "all" : views[k], unit);
            WP_TRY(add_value(v, parts, data, name, 0, unit, views[k], err));
            if (views[k] == NULL && v->n_values > n_before) { unit_of[n_before] = v->split.n_units++; }
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

wp_status wp_valuation_split(wp_valuation *valuation, const wp_run_data *data, const wp_plan *plan,
                             wp_error *err)
{
    wp_status status = WP_OK;
    wp_split_values *split = &valuation->split;
    int *personal = wp_arena_alloc_array(&valuation->arena, (size_t)plan->n_personal, sizeof *personal);
    WP_TRY_ALLOC(personal);
    for (int u = 0; u < valuation->prices.n; u++) {
        if (plan->personal[u] >= 0) { personal[plan->personal[u]] = u; }
    }
    split->n_values = valuation->n_values;
    split->n_unit_values = valuation->prices.n;
    split->parts = valuation->parts;
    split->intervention_of = valuation->intervention_of;
    split->personal = personal;
    split->n_personal = plan->n_personal;
    valuation->n_items = wp_split_layout_of(split).n;
    valuation->items = wp_arena_alloc_array(
        &valuation->arena, (size_t)data->n_arms * (size_t)data->n_replicates * valuation->n_items,
        sizeof *valuation->items);
    WP_TRY_ALLOC(valuation->items);
out:
    return status;
}

void wp_valuation_free(wp_valuation *valuation)
{
    wp_arena_free(&valuation->arena);
    memset(valuation, 0, sizeof *valuation);
}

static void give_split(const wp_valuation *valuation, const int64_t *items, size_t part, wp_run_data *data)
{
    const wp_split_layout layout = wp_split_layout_of(&valuation->split);
    const size_t n_batches = layout.people - layout.batches;
    memcpy(data->side_amounts + part * layout.batches, items, layout.batches * sizeof *items);
    memcpy(data->side_batches + part * n_batches, items + layout.batches, n_batches * sizeof *items);
    memcpy(data->side_people + part * WP_N_SIDES, items + layout.people, WP_N_SIDES * sizeof *items);
}

void wp_valuation_give(const wp_valuation *valuation, int draw, int first, int end, wp_run_data *data)
{
    const size_t n = (size_t)valuation->n_values;
    const double unit = ldexp(0.01, -WP_LINEAGE_BITS);
    for (int a = 0; a < data->n_arms; a++) {
        for (int r = first; r < end; r++) {
            const size_t from = ((size_t)a * (size_t)data->n_replicates + (size_t)r) * N_SUMS * n;
            const size_t part =
                ((size_t)a * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates + (size_t)r;
            const size_t to = part * n;
            if (valuation->n_items > 0) {
                give_split(valuation,
                           valuation->items +
                               ((size_t)a * (size_t)data->n_replicates + (size_t)r) * valuation->n_items,
                           part, data);
            }
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

static wp_status splitter_init(wp_splitter *self, const wp_valuation *valuation, int n_arms, wp_error *err)
{
    wp_status status = WP_OK;
    if (valuation->n_items == 0) { return WP_OK; }
    self->room = wp_calloc_array((size_t)valuation->prices.n * WP_N_SIDES, sizeof *self->room);
    self->items = wp_calloc_array((size_t)n_arms * valuation->n_items, sizeof *self->items);
    WP_TRY_ALLOC(self->room);
    WP_TRY_ALLOC(self->items);
out:
    return status;
}

static void splitter_free(wp_splitter *self)
{
    wp_lifetimes_free(&self->baseline);
    wp_lifetimes_free(&self->arm);
    free(self->room);
    free(self->items);
}

/* Makes `lives` lineage l of the block alone. */
static wp_status take_life(wp_lifetimes *lives, const wp_block *block, uint32_t l, wp_error *err)
{
    wp_lifetimes_clear(lives);
    return wp_lifetimes_add(lives, block, l, err);
}

wp_status wp_block_values_init(wp_block_values *self, const wp_valuation *valuation, wp_error *err)
{
    wp_status status = WP_OK;
    memset(self, 0, sizeof *self);
    if (valuation == NULL) { return WP_OK; }
    self->valuation = valuation;
    self->sums = wp_calloc_array(N_SUMS * (size_t)valuation->n_values, sizeof *self->sums);
    WP_TRY_ALLOC(self->sums);
    WP_TRY(splitter_init(&self->splitter, valuation, 1, err));
out:
    return status;
}

void wp_block_values_free(wp_block_values *self)
{
    splitter_free(&self->splitter);
    free(self->baseline);
    free(self->sums);
    memset(self, 0, sizeof *self);
}

/* Adds what a lineage is worth to value k's part of sums[N_SUMS][n]. */
static void take_worth(wp_int128 *sums, size_t n, size_t k, int64_t worth, int64_t baseline)
{
    const int64_t difference = baseline - worth;
    sums[SUM * n + k] += worth;
    sums[SQUARES * n + k] += (wp_int128)worth * worth;
    sums[PAIRED * n + k] += (wp_int128)difference * difference;
}

/* Keeps the baseline's families, or splits the saving of those of an arm. */
static wp_status split_block(wp_block_values *self, const wp_block *block, bool is_baseline, wp_error *err)
{
    wp_status status = WP_OK;
    wp_splitter *splitter = &self->splitter;
    if (self->valuation->n_items == 0) { return WP_OK; }
    memset(splitter->items, 0, self->valuation->n_items * sizeof *splitter->items);
    if (is_baseline) { wp_lifetimes_clear(&splitter->baseline); }
    for (uint32_t l = 0; l < block->n_lineages; l++) {
        if (is_baseline) {
            WP_TRY(wp_lifetimes_add(&splitter->baseline, block, l, err));
            continue;
        }
        WP_TRY(take_life(&splitter->arm, block, l, err));
        wp_split_family(&self->valuation->split, (wp_family_life){&splitter->baseline, l, UINT32_MAX},
                        (wp_family_life){&splitter->arm, 0, UINT32_MAX}, splitter->room, splitter->items);
    }
out:
    return status;
}

wp_status wp_block_values_take(wp_block_values *self, const wp_block *block, bool is_baseline, wp_error *err)
{
    const wp_valuation *valuation = self->valuation;
    if (valuation == NULL) { return WP_OK; }
    const size_t n = (size_t)valuation->n_values;
    if (!wp_array_reserve(&self->baseline, &self->capacity, block->n_lineages * n, sizeof *self->baseline)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for what each family is worth");
    }
    memset(self->sums, 0, N_SUMS * n * sizeof *self->sums);
    for (size_t l = 0; l < block->n_lineages; l++) {
        const wp_int128 *values = block->values + l * (size_t)block->n_values;
        for (size_t k = 0; k < n; k++) {
            int64_t *baseline = &self->baseline[l * n + k];
            const int64_t worth =
                wp_lineage_worth(&valuation->parts[k], valuation->intervention_of, values, UINT32_MAX);
            if (is_baseline) { *baseline = worth; }
            take_worth(self->sums, n, k, worth, *baseline);
        }
    }
    return split_block(self, block, is_baseline, err);
}

/* Adds an arm's part of a splitter's items, if there are any. */
static void add_items(const wp_valuation *valuation, int n_replicates, int arm, int replicate,
                      const wp_splitter *splitter, size_t from_arm)
{
    const size_t n = valuation->n_items;
    if (n == 0) { return; }
    int64_t *sums = valuation->items + ((size_t)arm * (size_t)n_replicates + (size_t)replicate) * n;
    for (size_t k = 0; k < n; k++) { sums[k] += splitter->items[from_arm * n + k]; }
}

void wp_valuation_add(wp_valuation *valuation, int n_replicates, int arm, int replicate,
                      const wp_block_values *values)
{
    if (valuation == NULL) { return; }
    const size_t n = N_SUMS * (size_t)valuation->n_values;
    wp_int128 *sums = valuation->sums + ((size_t)arm * (size_t)n_replicates + (size_t)replicate) * n;
    for (size_t k = 0; k < n; k++) { sums[k] += values->sums[k]; }
    add_items(valuation, n_replicates, arm, replicate, &values->splitter, 0);
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
    WP_TRY(splitter_init(&self->splitter, valuation, n_arms, err));
out:
    return status;
}

void wp_arm_values_free(wp_arm_values *self)
{
    splitter_free(&self->splitter);
    free(self->baseline);
    free(self->sums);
    memset(self, 0, sizeof *self);
}

/* Splits the saving of each of a lineage's arms. Where it is the baseline's too, nothing differs but offers. */
static wp_status split_lineage(wp_arm_values *self, const wp_block *root, uint32_t origin,
                               const wp_block *block, uint32_t l, uint64_t arms, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_valuation *valuation = self->valuation;
    wp_splitter *splitter = &self->splitter;
    arms &= ~UINT64_C(1);
    if (valuation->n_items == 0 || arms == 0 || (block == root && !valuation->pays_offers)) { return WP_OK; }
    WP_TRY(take_life(&splitter->baseline, root, origin, err));
    WP_TRY(take_life(&splitter->arm, block, l, err));
    for (; arms != 0; arms &= arms - 1) {
        const int a = __builtin_ctzll(arms);
        wp_split_family(&valuation->split, (wp_family_life){&splitter->baseline, 0, self->sets[0]},
                        (wp_family_life){&splitter->arm, 0, self->sets[a]}, splitter->room,
                        splitter->items + (size_t)a * valuation->n_items);
    }
out:
    return status;
}

wp_status wp_arm_values_take(wp_arm_values *self, const wp_block *root, uint32_t origin,
                             const wp_block *block, uint32_t l, uint64_t arms, wp_error *err)
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
        if ((arms & 1) != 0) {
            *baseline = wp_lineage_worth(parts, valuation->intervention_of, values, self->sets[0]);
        }
        int64_t worth = valuation->pays_offers
                            ? 0
                            : wp_lineage_worth(parts, valuation->intervention_of, values, UINT32_MAX);
        for (int a = 0; a < self->n_arms; a++) {
            if ((arms >> a & 1) == 0) { continue; }
            if (valuation->pays_offers) {
                worth = wp_lineage_worth(parts, valuation->intervention_of, values, self->sets[a]);
            }
            take_worth(self->sums + (size_t)a * N_SUMS * n, n, k, worth, *baseline);
        }
    }
    return split_lineage(self, root, origin, block, l, arms, err);
}

void wp_arm_values_give(wp_arm_values *self, wp_valuation *valuation, int n_replicates, int replicate)
{
    if (self->valuation == NULL) { return; }
    const size_t n = N_SUMS * (size_t)valuation->n_values;
    for (size_t a = 0; a < (size_t)self->n_arms; a++) {
        wp_int128 *sums = valuation->sums + (a * (size_t)n_replicates + (size_t)replicate) * n;
        for (size_t k = 0; k < n; k++) { sums[k] += self->sums[a * n + k]; }
        add_items(valuation, n_replicates, (int)a, replicate, &self->splitter, a);
    }
    memset(self->sums, 0, (size_t)self->n_arms * n * sizeof *self->sums);
    if (valuation->n_items > 0) {
        memset(self->splitter.items, 0,
               (size_t)self->n_arms * valuation->n_items * sizeof *self->splitter.items);
    }
}
