/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables by enumeration: every entry is evaluated for its classes, rounded to 24 bits, and
   neighbours are multiplied in double, in order, before the last rounding. */
#include "model/product.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance/round24.h"

/* One entry of a table for the classes in b->assignment. */
typedef wp_status entry_fn(wp_builder *b, int kind, const void *what, double *value);

/* ---- Axes
 * -------------------------------------------------------------------------------------------- */

static wp_status too_large(wp_builder *b, int kind, const wp_feature_set *set)
{
    char list[256] = "";
    size_t length = 0;
    for (int a = 0; a < set->n && length < sizeof list; a++) {
        char name[96];
        wp_feature_name(b, kind, set->features[a], name, sizeof name);
        int written =
            snprintf(list + length, sizeof list - length, "%s%s", a > 0 ? ", " : "", name);
        length += written > 0 ? (size_t)written : 0;
    }
    return wp_builder_fail(b, WP_ERR_LIMIT,
                           "one table looks at too much at once (%s): at most %d things and %d "
                           "combinations",
                           list, WP_MAX_AXES, WP_MAX_TABLE);
}

/* Number of combinations of classes, or 0 when there are more than `limit`, or too many features.
 */
static uint32_t combinations(const wp_builder *b, int kind, const wp_feature_set *set,
                             uint32_t limit)
{
    uint32_t n = 1;
    if (set->n > WP_MAX_AXES) { return 0; }
    for (int a = 0; a < set->n; a++) {
        n *= (uint32_t)b->kinds[kind].features[set->features[a]].feature.n_classes;
        if (n > limit) { return 0; }
    }
    return n;
}

wp_status wp_axes_make(wp_builder *b, int kind, const wp_feature_set *set, int *n_axes,
                       wp_table_axis axes[WP_MAX_AXES], uint32_t *n)
{
    uint32_t stride = 1;
    *n = combinations(b, kind, set, WP_MAX_TABLE);
    if (*n == 0) { return too_large(b, kind, set); }
    *n_axes = set->n;
    for (int a = 0; a < set->n; a++) {
        axes[a] = (wp_table_axis){.feature = set->features[a], .stride = stride};
        stride *= (uint32_t)b->kinds[kind].features[set->features[a]].feature.n_classes;
    }
    return WP_OK;
}

void wp_axes_assign(wp_builder *b, int kind, const wp_feature_set *set, uint32_t index)
{
    for (int a = 0; a < set->n; a++) {
        uint32_t n = (uint32_t)b->kinds[kind].features[set->features[a]].feature.n_classes;
        b->assignment[set->features[a]] = (uint8_t)(index % n);
        index /= n;
    }
}

/* ---- Adding tables
 * ------------------------------------------------------------------------------------- */

/* Appends an empty table over `set` and fills it by `entry`. */
static wp_status table_add(wp_builder *b, int kind, const wp_feature_set *set, entry_fn *entry,
                           const void *what, wp_draft_product *product)
{
    if (product->n == product->capacity) {
        int capacity = product->capacity == 0 ? 8 : 2 * product->capacity;
        wp_draft_table *grown = wp_arena_alloc_array(&b->scratch, (size_t)capacity, sizeof *grown);
        if (grown == NULL) { return wp_builder_no_memory(b); }
        if (product->n > 0) { memcpy(grown, product->tables, (size_t)product->n * sizeof *grown); }
        product->tables = grown;
        product->capacity = capacity;
    }
    wp_draft_table *table = &product->tables[product->n];
    uint32_t n = combinations(b, kind, set, WP_MAX_TABLE);
    if (n == 0) { return too_large(b, kind, set); }
    double *values = wp_arena_alloc_array(&b->scratch, n, sizeof *values);
    if (values == NULL) { return wp_builder_no_memory(b); }
    *table = (wp_draft_table){.set = *set, .n = n, .values = values, .average = -1};
    for (uint32_t i = 0; i < n; i++) {
        wp_axes_assign(b, kind, set, i);
        double value = 1.0;
        wp_status status = entry == NULL ? WP_OK : entry(b, kind, what, &value);
        if (status != WP_OK) { return status; }
        values[i] = wp_round24(value);
    }
    product->n++;
    return WP_OK;
}

/* ---- Conditions
 * ----------------------------------------------------------------------------------------- */

static wp_status condition_entry(wp_builder *b, int kind, const void *what, double *value)
{
    bool holds = false;
    wp_status status = wp_evaluate_condition(b, kind, what, &holds);
    *value = holds ? 1.0 : 0.0;
    return status;
}

static wp_status add_parts(wp_builder *b, int kind, const wp_condition *condition,
                           wp_draft_product *product)
{
    wp_status status = WP_OK;
    if (condition == NULL || condition->kind == WP_CONDITION_ALWAYS) { return WP_OK; }
    if (condition->kind == WP_CONDITION_GROUP && kind == WP_PERSON) {
        return add_parts(b, kind, b->scenario->groups[condition->group].condition, product);
    }
    if (condition->kind == WP_CONDITION_ALL) {
        for (int p = 0; p < condition->n_parts && status == WP_OK; p++) {
            status = add_parts(b, kind, condition->parts[p], product);
        }
        return status;
    }
    wp_feature_set set = {0};
    status = wp_reads_condition(b, kind, condition, &set);
    if (status != WP_OK || b->registering) { return status; }
    return table_add(b, kind, &set, condition_entry, condition, product);
}

static int compare_sets(const void *left, const void *right)
{
    const wp_feature_set *a = &((const wp_draft_table *)left)->set;
    const wp_feature_set *b = &((const wp_draft_table *)right)->set;
    for (int i = 0; i < a->n && i < b->n; i++) {
        if (a->features[i] != b->features[i]) { return a->features[i] < b->features[i] ? -1 : 1; }
    }
    return a->n - b->n;
}

/* The lines are put in order of what they look at, so that the order in the file decides nothing.
   Zeros and ones multiply exactly in any order. */
wp_status wp_product_by_condition(wp_builder *b, int kind, const wp_condition *condition,
                                  wp_draft_product *product)
{
    int first = product->n;
    wp_status status = add_parts(b, kind, condition, product);
    if (status == WP_OK && product->n > first) {
        qsort(product->tables + first, (size_t)(product->n - first), sizeof *product->tables,
              compare_sets);
    }
    return status;
}

/* ---- Quantities
 * ------------------------------------------------------------------------------------------ */

typedef struct quantity_context {
    const wp_quantity *quantity;
    wp_range range;
    int option_level;
} quantity_context;

static wp_status quantity_entry(wp_builder *b, int kind, const void *what, double *value)
{
    const quantity_context *context = what;
    bool lacks = false;
    wp_status status =
        wp_evaluate_quantity(b, kind, context->quantity, context->option_level, value, &lacks);
    if (status != WP_OK) { return status; }
    if (isnan(*value)) { *value = 0.0; }
    if (*value < 0.0 || !isfinite(*value)) {
        return wp_builder_fail(b, WP_ERR_MODEL, "a value is %.9g; it must be 0 or more", *value);
    }
    if (context->range == WP_RANGE_PROBABILITY && wp_round24(*value) > 1.0f) {
        return wp_builder_fail(b, WP_ERR_MODEL, "a probability is %.9g; it must be 0 to 1", *value);
    }
    return WP_OK;
}

/* The slot of the multiplier that `look` means for subjects of `kind`. */
static wp_status real_ask(wp_builder *b, int kind, const wp_look *look, uint16_t *slot)
{
    const wp_multiplier *multiplier = &b->scenario->multipliers[look->item];
    wp_draft_kind *list = &b->kinds[kind];
    wp_whose whose = (int)multiplier->of == kind ? WP_SELF : WP_OWN_HOUSEHOLD;
    bool is_reached = look->whose == WP_SELF || look->whose == WP_OWN_HOUSEHOLD;
    if (!is_reached || (whose == WP_OWN_HOUSEHOLD && multiplier->of != WP_HOUSEHOLD)) {
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "multiplier '%s' is neither the subject's own nor its household's",
                               multiplier->name);
    }
    for (int r = 0; r < list->n_reals; r++) {
        if (list->reals[r].multiplier == look->item && list->reals[r].whose == whose) {
            *slot = (uint16_t)r;
            return WP_OK;
        }
    }
    if (list->n_reals == WP_MAX_REALS) {
        return wp_builder_fail(b, WP_ERR_LIMIT, "more than %d multipliers are in use",
                               WP_MAX_REALS);
    }
    *slot = (uint16_t)list->n_reals;
    list->reals[list->n_reals++] = (wp_draft_real){.multiplier = look->item, .whose = whose};
    return WP_OK;
}

static wp_status real_add(wp_builder *b, int kind, const wp_look *look, wp_draft_product *product)
{
    uint16_t slot = 0;
    wp_status status = real_ask(b, kind, look, &slot);
    if (status != WP_OK || b->registering) { return status; }
    if (product->n_reals == WP_MAX_PRODUCT_REALS) {
        return wp_builder_fail(b, WP_ERR_LIMIT, "more than %d multipliers act at once",
                               WP_MAX_PRODUCT_REALS);
    }
    product->reals[product->n_reals++] = slot;
    return WP_OK;
}

wp_status wp_product_by_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                                 wp_range range, int option_level, wp_draft_product *product)
{
    wp_feature_set set = {0};
    quantity_context context = {quantity, range, option_level};
    if (quantity->kind == WP_QUANTITY_MULTIPLIER) {
        return real_add(b, kind, &quantity->look, product);
    }
    wp_status status = wp_reads_quantity(b, kind, quantity, &set);
    if (status != WP_OK || b->registering) { return status; }
    return table_add(b, kind, &set, quantity_entry, &context, product);
}

/* ---- Factors
 * -----------------------------------------------------------------------------------------------
 */

typedef struct factor_context {
    const wp_factor *factor;
    int effect; /* feature that says how far it acts, or -1 */
    const double *weights;
} factor_context;

static wp_status factor_entry(wp_builder *b, int kind, const void *what, double *value)
{
    const factor_context *context = what;
    const wp_factor *factor = context->factor;
    bool holds = true, lacks = false;
    *value = 1.0;
    wp_status status = wp_evaluate_condition(b, kind, factor->when, &holds);
    if (status != WP_OK || !holds) { return status; }
    status = wp_evaluate_quantity(b, kind, &factor->value, -1, value, &lacks);
    if (status != WP_OK) { return status; }
    if (isnan(*value)) { *value = 1.0; }
    if (context->effect >= 0) {
        double weight = context->weights[b->assignment[context->effect]];
        *value = 1.0 + (wp_round24(*value) - 1.0) * weight;
    }
    if (*value >= 0.0 && isfinite(*value)) { return WP_OK; }
    return wp_builder_fail(b, WP_ERR_MODEL, "factor '%s' is %.9g; it must be 0 or more",
                           factor->name, *value);
}

static int shape_of(const wp_builder *b, const wp_factor *factor)
{
    int shape = 0;
    for (int i = 0; i < factor->intervention; i++) {
        shape += b->scenario->interventions[i].n_changes;
    }
    return shape + factor->change;
}

static wp_status average_add(wp_builder *b, int kind, const wp_factor *factor,
                             const wp_draft_table *table, wp_draft_product *product)
{
    wp_feature_set set = {0};
    wp_status status = WP_OK;
    for (int i = 0; i < factor->n_keep_average_by && status == WP_OK; i++) {
        status = wp_reads_look(b, kind, &factor->keep_average_by[i], 0, NULL, &set);
    }
    if (status != WP_OK || b->registering) { return status; }
    wp_draft_table alone_table = *table;
    wp_draft_product alone = {.n = 1, .capacity = 1, .tables = &alone_table};
    wp_average *average = &b->model->averages[b->n_averages];
    status = wp_product_end(b, kind, &alone, &average->factor);
    if (status == WP_OK) { status = table_add(b, kind, &set, NULL, NULL, product); }
    if (status != WP_OK) { return status; }
    average->process = b->process;
    product->tables[product->n - 1].average = b->n_averages++;
    return wp_axes_make(b, kind, &set, &average->n_axes, average->axes, &average->n);
}

wp_status wp_product_by_factor(wp_builder *b, int kind, const wp_factor *factor,
                               wp_draft_product *product)
{
    wp_feature_set set = {0};
    factor_context context = {.factor = factor, .effect = -1};
    wp_status status = WP_OK;
    if (factor->value.kind == WP_QUANTITY_MULTIPLIER) {
        if (factor->when == NULL && factor->intervention < 0 && factor->n_keep_average_by == 0) {
            return real_add(b, kind, &factor->value.look, product);
        }
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "factor '%s': a multiplier acts always, without 'when', "
                               "'keep_average_by' or an intervention",
                               factor->name);
    }
    WP_TRY(wp_reads_quantity(b, kind, &factor->value, &set));
    WP_TRY(wp_reads_condition(b, kind, factor->when, &set));
    if (factor->intervention >= 0) {
        int shape = shape_of(b, factor);
        WP_TRY(wp_feature_of_effect(b, kind, shape, &context.effect));
        wp_feature_set_add(&set, context.effect);
        context.weights = b->model->shapes[shape].weights;
    }
    if (!b->registering) { WP_TRY(table_add(b, kind, &set, factor_entry, &context, product)); }
    if (factor->n_keep_average_by > 0) {
        const wp_draft_table *table = b->registering ? NULL : &product->tables[product->n - 1];
        WP_TRY(average_add(b, kind, factor, table, product));
    }
out:
    return status;
}

/* ---- Ending
 * --------------------------------------------------------------------------------------------------
 */

/* Tries to multiply `next` into `merged`: false where that would be too large. */
static wp_status merge(wp_builder *b, int kind, wp_draft_table *merged, const wp_draft_table *next,
                       bool *is_done)
{
    wp_draft_table both = {.set = merged->set, .average = -1};
    *is_done = false;
    if (merged->average >= 0 || next->average >= 0) { return WP_OK; }
    for (int a = 0; a < next->set.n; a++) { wp_feature_set_add(&both.set, next->set.features[a]); }
    both.n = combinations(b, kind, &both.set, WP_MERGE_LIMIT);
    if (both.n == 0) { return WP_OK; }
    both.values = wp_arena_alloc_array(&b->scratch, both.n, sizeof *both.values);
    if (both.values == NULL) { return wp_builder_no_memory(b); }
    for (uint32_t i = 0; i < both.n; i++) {
        uint32_t left = 0, right = 0, left_stride = 1, right_stride = 1;
        wp_axes_assign(b, kind, &both.set, i);
        for (int a = 0; a < merged->set.n; a++) {
            uint16_t f = merged->set.features[a];
            left += left_stride * b->assignment[f];
            left_stride *= (uint32_t)b->kinds[kind].features[f].feature.n_classes;
        }
        for (int a = 0; a < next->set.n; a++) {
            uint16_t f = next->set.features[a];
            right += right_stride * b->assignment[f];
            right_stride *= (uint32_t)b->kinds[kind].features[f].feature.n_classes;
        }
        both.values[i] = merged->values[left] * next->values[right];
    }
    *merged = both;
    *is_done = true;
    return WP_OK;
}

static wp_status publish(wp_builder *b, int kind, const wp_draft_table *draft, wp_table *table)
{
    wp_status status = wp_axes_make(b, kind, &draft->set, &table->n_axes, table->axes, &table->n);
    if (status != WP_OK) { return status; }
    table->values = wp_builder_alloc(b, table->n, sizeof *table->values);
    if (table->values == NULL) { return wp_builder_no_memory(b); }
    for (uint32_t i = 0; i < table->n; i++) { table->values[i] = wp_round24(draft->values[i]); }
    if (kind == WP_PERSON && table->n_axes > 0 && table->axes[0].feature == 0) {
        table->age_stride = (int32_t)table->axes[0].stride;
    }
    if (draft->average >= 0) { b->model->averages[draft->average].target = table; }
    return WP_OK;
}

wp_status wp_product_end(wp_builder *b, int kind, const wp_draft_product *product, wp_product *out)
{
    wp_status status = WP_OK;
    int n = 0;
    *out = (wp_product){0};
    if (b->registering || (product->n == 0 && product->n_reals == 0)) { return WP_OK; }
    wp_draft_table *merged = wp_arena_alloc_array(&b->scratch, (size_t)product->n, sizeof *merged);
    wp_table *tables = NULL;
    uint16_t *reals = NULL;
    if (merged == NULL) { return wp_builder_no_memory(b); }
    for (int t = 0; t < product->n; t++) {
        bool is_done = false;
        if (n > 0) { WP_TRY(merge(b, kind, &merged[n - 1], &product->tables[t], &is_done)); }
        if (!is_done) { merged[n++] = product->tables[t]; }
    }
    tables = wp_builder_alloc(b, (size_t)n, sizeof *tables);
    reals = wp_builder_alloc(b, (size_t)product->n_reals, sizeof *reals);
    if (tables == NULL || reals == NULL) { return wp_builder_no_memory(b); }
    for (int t = 0; t < n; t++) { WP_TRY(publish(b, kind, &merged[t], &tables[t])); }
    for (int r = 0; r < product->n_reals; r++) { reals[r] = product->reals[r]; }
    *out =
        (wp_product){.n_tables = n, .tables = tables, .n_reals = product->n_reals, .reals = reals};
out:
    return status;
}

wp_status wp_product_of_condition(wp_builder *b, int kind, const wp_condition *condition,
                                  wp_product *out)
{
    wp_draft_product product = {0};
    wp_status status = wp_product_by_condition(b, kind, condition, &product);
    return status == WP_OK ? wp_product_end(b, kind, &product, out) : status;
}
