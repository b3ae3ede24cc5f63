/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive evaluation of conditions and quantities. Exponentials and logarithms are the engine's
   own, so that the results are the same on every machine. */
#include "model/evaluate.h"

#include <math.h>

#include "chance/elementary.h"
#include "chance/round24.h"

/* ---- Walking
 * -------------------------------------------------------------------------------------- */

wp_status wp_reads_look(wp_builder *b, int kind, const wp_look *look, int n_bands,
                        const wp_band *bands, wp_feature_set *set)
{
    int feature;
    if (look->kind == WP_LOOK_OPTION) { return WP_OK; }
    wp_status status = wp_feature_of_look(b, kind, look, n_bands, bands, &feature);
    if (status == WP_OK && set != NULL) { wp_feature_set_add(set, feature); }
    return status;
}

wp_status wp_reads_condition(wp_builder *b, int kind, const wp_condition *condition,
                             wp_feature_set *set)
{
    wp_status status = WP_OK;
    if (condition == NULL) { return WP_OK; }
    switch (condition->kind) {
    case WP_CONDITION_ALWAYS:
        break;
    case WP_CONDITION_ALL:
    case WP_CONDITION_ANY:
    case WP_CONDITION_NOT:
        for (int p = 0; p < condition->n_parts && status == WP_OK; p++) {
            status = wp_reads_condition(b, kind, condition->parts[p], set);
        }
        break;
    case WP_CONDITION_TEST:
        status =
            wp_reads_look(b, kind, &condition->look, condition->n_bands, condition->bands, set);
        break;
    case WP_CONDITION_GROUP:
        if (kind != WP_PERSON) {
            return wp_builder_fail(b, WP_ERR_MODEL, "only a person can be in a group");
        }
        status = wp_reads_condition(b, kind, b->scenario->groups[condition->group].condition, set);
        break;
    }
    return status;
}

static wp_status walk_grid(wp_builder *b, int kind, const wp_grid *grid, wp_feature_set *set)
{
    wp_status status = WP_OK;
    for (int a = 0; a < grid->n_axes && status == WP_OK; a++) {
        const wp_axis *axis = &grid->axes[a];
        status = wp_reads_look(b, kind, &axis->look, axis->bands == NULL ? 0 : axis->n_bands,
                               axis->bands, set);
    }
    return status;
}

wp_status wp_reads_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                            wp_feature_set *set)
{
    wp_status status = WP_OK;
    const wp_grid *grid = quantity->grid;
    switch (quantity->kind) {
    case WP_QUANTITY_NUMBER:
    case WP_QUANTITY_CELL:
    case WP_QUANTITY_MULTIPLIER:
        return WP_OK;
    case WP_QUANTITY_PARAMETER:
        grid = b->scenario->parameters[quantity->parameter].grid;
        return grid == NULL ? WP_OK : walk_grid(b, kind, grid, set);
    case WP_QUANTITY_TABLE:
        return walk_grid(b, kind, grid, set);
    default:
        break;
    }
    if (quantity->a != NULL) { status = wp_reads_quantity(b, kind, quantity->a, set); }
    if (status == WP_OK && quantity->b != NULL) {
        status = wp_reads_quantity(b, kind, quantity->b, set);
    }
    for (int c = 0; c < quantity->n_competing && status == WP_OK; c++) {
        const wp_quantity *other = &b->scenario->processes[quantity->competing[c]].hazard;
        if (other->kind != WP_QUANTITY_RATE_OF_PROBABILITY || other->a == NULL) {
            return wp_builder_fail(b, WP_ERR_MODEL,
                                   "competes with '%s', whose hazard is not given as a "
                                   "probability",
                                   b->scenario->processes[quantity->competing[c]].name);
        }
        status = wp_reads_quantity(b, kind, other->a, set);
    }
    return status;
}

bool wp_quantity_varies(const wp_builder *b, const wp_quantity *quantity)
{
    const wp_grid *grid = quantity->grid;
    if (quantity->kind == WP_QUANTITY_PARAMETER) {
        grid = b->scenario->parameters[quantity->parameter].grid;
    }
    if (quantity->kind == WP_QUANTITY_MULTIPLIER) { return true; }
    if (quantity->kind == WP_QUANTITY_TABLE || quantity->kind == WP_QUANTITY_PARAMETER) {
        return grid != NULL && grid->n_axes > 0;
    }
    if (quantity->n_competing > 0) { return true; }
    return (quantity->a != NULL && wp_quantity_varies(b, quantity->a)) ||
           (quantity->b != NULL && wp_quantity_varies(b, quantity->b));
}

/* ---- Evaluating
 * ------------------------------------------------------------------------------------ */

static bool in_band(wp_class_unit unit, const wp_band *band, int64_t value)
{
    return wp_class_value(unit, band->lo) <= value && value < wp_class_value(unit, band->hi);
}

/* The draft feature that `look` reads, and its class now. */
static wp_status read_look(wp_builder *b, int kind, const wp_look *look,
                           const wp_draft_feature **feature, int *class_now)
{
    int index;
    wp_status status = wp_feature_of_look(b, kind, look, 0, NULL, &index);
    if (status != WP_OK) { return status; }
    *feature = &b->kinds[kind].features[index];
    *class_now = b->assignment[index];
    return WP_OK;
}

static wp_status evaluate_test(wp_builder *b, int kind, const wp_condition *test, bool *holds)
{
    const wp_draft_feature *feature;
    int class_now;
    *holds = false;
    wp_status status = read_look(b, kind, &test->look, &feature, &class_now);
    if (status != WP_OK || feature->meanings[class_now] != WP_CLASS_VALUE) { return status; }
    int64_t value = feature->values[class_now];
    if (test->n_bands == 0) {
        *holds = value < 64 && (test->levels >> value & 1) != 0;
        return WP_OK;
    }
    for (int i = 0; i < test->n_bands; i++) {
        *holds = *holds || in_band(feature->unit, &test->bands[i], value);
    }
    return WP_OK;
}

wp_status wp_evaluate_condition(wp_builder *b, int kind, const wp_condition *condition, bool *holds)
{
    wp_status status = WP_OK;
    bool part = true;
    *holds = true;
    if (condition == NULL) { return WP_OK; }
    switch (condition->kind) {
    case WP_CONDITION_ALWAYS:
        break;
    case WP_CONDITION_ALL:
        for (int p = 0; p < condition->n_parts && *holds && status == WP_OK; p++) {
            status = wp_evaluate_condition(b, kind, condition->parts[p], holds);
        }
        break;
    case WP_CONDITION_ANY:
        *holds = false;
        for (int p = 0; p < condition->n_parts && !*holds && status == WP_OK; p++) {
            status = wp_evaluate_condition(b, kind, condition->parts[p], holds);
        }
        break;
    case WP_CONDITION_NOT:
        status = wp_evaluate_condition(b, kind, condition->parts[0], &part);
        *holds = !part;
        break;
    case WP_CONDITION_TEST:
        status = evaluate_test(b, kind, condition, holds);
        break;
    case WP_CONDITION_GROUP:
        status =
            wp_evaluate_condition(b, kind, b->scenario->groups[condition->group].condition, holds);
        break;
    }
    return status;
}

/* The place of the present class on an axis, or -1 outside all bands. */
static wp_status place_on_axis(wp_builder *b, int kind, const wp_axis *axis, int option_level,
                               int *place, bool *lacks)
{
    const wp_draft_feature *feature;
    int class_now;
    *place = -1;
    if (axis->look.kind == WP_LOOK_OPTION) {
        *place = option_level;
        return WP_OK;
    }
    wp_status status = read_look(b, kind, &axis->look, &feature, &class_now);
    if (status != WP_OK) { return status; }
    if (feature->meanings[class_now] == WP_CLASS_NO_SUBJECT) { *lacks = true; }
    if (feature->meanings[class_now] != WP_CLASS_VALUE) { return WP_OK; }
    int64_t value = feature->values[class_now];
    if (axis->bands == NULL) {
        *place = value < axis->n_bands ? (int)value : -1;
        return WP_OK;
    }
    for (int i = 0; i < axis->n_bands && *place < 0; i++) {
        if (in_band(feature->unit, &axis->bands[i], value)) { *place = i; }
    }
    return WP_OK;
}

/* `last_place`: the place on the last axis, or -1 to look it up like the others. */
static wp_status evaluate_grid(wp_builder *b, int kind, const wp_grid *grid, int last_place,
                               int option_level, double *value, bool *lacks)
{
    int64_t index = 0;
    bool outside = false;
    for (int a = 0; a < grid->n_axes; a++) {
        int place = last_place;
        if (a < grid->n_axes - 1 || last_place < 0) {
            wp_status status = place_on_axis(b, kind, &grid->axes[a], option_level, &place, lacks);
            if (status != WP_OK) { return status; }
        }
        outside = outside || place < 0;
        index = index * grid->axes[a].n_bands + place;
    }
    *value = NAN;
    if (!outside) {
        int named = grid->cell_parameter == NULL ? -1 : grid->cell_parameter[index];
        *value = named >= 0 ? wp_parameter_number(b->parameters, named, -1) : grid->values[index];
    }
    if (isnan(*value) && grid->has_otherwise) {
        *value = grid->otherwise;
        *lacks = false;
    }
    return WP_OK;
}

static wp_status check_share(wp_builder *b, double share, const char *what)
{
    if (share >= 0.0 && share < 1.0) { return WP_OK; }
    return wp_builder_fail(b, WP_ERR_MODEL, "%s is %.9g; only 0 to below 1 has a hazard", what,
                           share);
}

/* Rate of a probability over a period: -ln(1 - p) / over alone. Competing with others, given as
   cumulative incidences q_j over the same period: H = -ln(1 - sum q), r = H q / sum q, exact where
   hazards are proportional (Putter, Fiocco and Geskus 2007, Stat Med 26:2389). */
static wp_status rate_of_probability(wp_builder *b, int kind, const wp_quantity *quantity,
                                     double *value, bool *lacks)
{
    double share, sum;
    wp_status status = wp_evaluate_quantity(b, kind, quantity->a, -1, &share, lacks);
    if (status != WP_OK || isnan(share)) {
        *value = NAN;
        return status;
    }
    sum = share;
    for (int c = 0; c < quantity->n_competing; c++) {
        int process = quantity->competing[c];
        double other;
        bool other_lacks = false;
        if (process == b->process) { continue; }
        status = wp_evaluate_quantity(b, kind, b->scenario->processes[process].hazard.a, -1, &other,
                                      &other_lacks);
        if (status != WP_OK) { return status; }
        sum += isnan(other) ? 0.0 : other;
    }
    status = check_share(b, share, "a probability");
    if (status == WP_OK) { status = check_share(b, sum, "the sum of competing probabilities"); }
    if (status != WP_OK) { return status; }
    double hazard = -wp_log1p(-sum) / quantity->over;
    *value = sum == share ? hazard : sum > 0.0 ? hazard * share / sum : 0.0;
    return WP_OK;
}

/* Odds ratio at a baseline risk over a period as the ratio of constant hazards that gives the same
   two risks: ln(1 - p1) / ln(1 - p0). */
static wp_status ratio_of_odds(wp_builder *b, int kind, const wp_quantity *quantity, double *value,
                               bool *lacks)
{
    double ratio, base;
    wp_status status = wp_evaluate_quantity(b, kind, quantity->a, -1, &ratio, lacks);
    if (status == WP_OK) { status = wp_evaluate_quantity(b, kind, quantity->b, -1, &base, lacks); }
    *value = NAN;
    if (status != WP_OK || isnan(ratio) || isnan(base)) { return status; }
    status = check_share(b, base, "the baseline of an odds ratio");
    if (status != WP_OK) { return status; }
    if (base == 0.0) {
        *value = ratio;
        return WP_OK;
    }
    /* p1 = o / (1 + o) with o = ratio p0 / (1 - p0), so 1 - p1 = 1 / (1 + o) */
    *value = wp_log1p(ratio * base / (1.0 - base)) / -wp_log1p(-base);
    return WP_OK;
}

wp_status wp_evaluate_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                               int option_level, double *value, bool *lacks)
{
    wp_status status = WP_OK;
    const wp_grid *grid = quantity->grid;
    double scale = 1.0;
    switch (quantity->kind) {
    case WP_QUANTITY_NUMBER:
        *value = quantity->value;
        return WP_OK;
    case WP_QUANTITY_CELL:
        *value = wp_parameter_number(b->parameters, quantity->parameter, quantity->cell);
        return WP_OK;
    case WP_QUANTITY_PARAMETER:
        grid = b->scenario->parameters[quantity->parameter].grid;
        scale = wp_parameter_number(b->parameters, quantity->parameter, -1);
        if (grid == NULL) {
            *value = scale;
            return WP_OK;
        }
        status = evaluate_grid(b, kind, grid, -1, option_level, value, lacks);
        *value = isnan(*value)
                     ? NAN
                     : wp_parameter_cell(&b->scenario->parameters[quantity->parameter], scale, *value);
        return status;
    case WP_QUANTITY_TABLE:
        return evaluate_grid(b, kind, grid, -1, option_level, value, lacks);
    case WP_QUANTITY_RATE_OF_PROBABILITY:
        return rate_of_probability(b, kind, quantity, value, lacks);
    case WP_QUANTITY_PROBABILITY_OF_RATE:
        status = wp_evaluate_quantity(b, kind, quantity->a, -1, value, lacks);
        if (status == WP_OK) { *value = -wp_expm1(-*value * quantity->over); }
        return status;
    case WP_QUANTITY_RATIO_OF_ODDS:
        return ratio_of_odds(b, kind, quantity, value, lacks);
    case WP_QUANTITY_MULTIPLIER:
    case WP_QUANTITY_WEIBULL:
    case WP_QUANTITY_GOMPERTZ:
        break;
    }
    *value = NAN;
    return wp_builder_fail(
        b, WP_ERR_MODEL,
        "a multiplier, or a hazard that varies smoothly, stands where only a number or "
        "a look-up can");
}

wp_status wp_evaluate_share(wp_builder *b, int kind, const wp_grid *shares, int level,
                            double *value)
{
    bool lacks = false;
    return evaluate_grid(b, kind, shares, level, -1, value, &lacks);
}

wp_status wp_evaluate_number(wp_builder *b, const wp_quantity *quantity, double *value)
{
    bool lacks = false;
    if (wp_quantity_varies(b, quantity)) {
        return wp_builder_fail(b, WP_ERR_MODEL, "a number that may not vary looks at something");
    }
    wp_status status = wp_evaluate_quantity(b, WP_PERSON, quantity, -1, value, &lacks);
    if (status != WP_OK) { return status; }
    if (isnan(*value)) { return wp_builder_fail(b, WP_ERR_MODEL, "a number is missing"); }
    *value = wp_round24(*value);
    return WP_OK;
}
