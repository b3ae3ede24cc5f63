/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing parameters: one uniform each through the quantile of its distribution, so that adding a
   parameter moves no other. */
#include "model/parameter.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "base/fail.h"
#include "chance/elementary.h"
#include "chance/parameter_quantile.h"
#include "chance/round24.h"
#include "model/distribution_draw.h"
#include "model/draw_uniform.h"
#include "scenario/correlation.h"

enum { MAX_FORMULA_DEPTH = 128 };

/* Does `value` lie in the range of `unit`? */
static bool unit_holds(wp_unit unit, double value)
{
    switch (unit) {
    case WP_UNIT_PROBABILITY:
    case WP_UNIT_PROPORTION:
        return value >= 0.0 && value <= 1.0;
    case WP_UNIT_PER_YEAR:
    case WP_UNIT_HAZARD_RATIO:
    case WP_UNIT_ODDS_RATIO:
    case WP_UNIT_RISK_RATIO:
    case WP_UNIT_DURATION:
    case WP_UNIT_PLACES:
    case WP_UNIT_WEIGHT:
        return value >= 0.0 && isfinite(value);
    case WP_UNIT_NONE:
    case WP_UNIT_GBP:
    case WP_UNIT_OTHER:
        return isfinite(value);
    }
    return false;
}

static wp_status out_of_range(const wp_parameter_set *set, const wp_parameter *p, double value,
                              wp_error *err)
{
    const char *range = p->unit == WP_UNIT_PROBABILITY || p->unit == WP_UNIT_PROPORTION
                            ? "0 to 1"
                            : "a finite number, not below 0 for rates, ratios and durations";
    return wp_fail(err, WP_ERR_MODEL, "parameter '%s' is %.9g in draw %u; it must be %s", p->name,
                   value, set->draw + 1, range);
}

/* ---- Correlated uniforms ----------------------------------------------------------------------
 */

/* Overwrites the uniforms of all parameters and unit values named in a correlation. */
static wp_status correlate(const wp_scenario *s, wp_arena *arena, uint64_t seed, uint32_t draw, double *uniforms,
                           wp_error *err)
{
    wp_status status = WP_OK;
    int n_names = s->n_parameters + s->n_unit_values, n = 0;
    int *member = wp_arena_alloc_array(arena, (size_t)n_names, sizeof *member);
    int *place = wp_arena_alloc_array(arena, (size_t)n_names, sizeof *place);
    double *matrix = NULL, *normal = NULL;
    WP_TRY_ALLOC(member);
    WP_TRY_ALLOC(place);
    for (int c = 0; c < s->n_correlations; c++) {
        place[s->correlations[c].a] = 1;
        place[s->correlations[c].b] = 1;
    }
    for (int p = 0; p < n_names; p++) {
        if (place[p] == 0) { continue; }
        if (p < s->n_parameters && (s->parameters[p].n_counts > 0 || s->parameters[p].n_steps > 0)) {
            status = wp_fail(err, WP_ERR_MODEL,
                             "parameter '%s' is a formula or has counts; it cannot be correlated",
                             s->parameters[p].name);
            goto out;
        }
        place[p] = n;
        member[n++] = p;
    }
    matrix = wp_arena_alloc_array(arena, (size_t)n * (size_t)n, sizeof *matrix);
    normal = wp_arena_alloc_array(arena, (size_t)n, sizeof *normal);
    WP_TRY_ALLOC(matrix);
    WP_TRY_ALLOC(normal);
    for (int i = 0; i < n; i++) { normal[i] = gsl_cdf_ugaussian_Pinv(wp_draw_uniform(s, seed, draw, member[i])); }
    if (wp_correlation_factor(s->correlations, s->n_correlations, place, n, matrix) >= 0) {
        status = wp_fail(err, WP_ERR_MODEL,
                         "the rank correlations of parameters and unit values contradict each "
                         "other: their matrix is not positive definite");
        goto out;
    }
    for (int i = 0; i < n; i++) {
        double x = 0.0;
        for (int k = 0; k <= i; k++) { x += matrix[i * n + k] * normal[k]; }
        double u = gsl_cdf_ugaussian_P(x);
        uniforms[member[i]] = u < 0x1p-53 ? 0x1p-53 : u > 1.0 - 0x1p-53 ? 1.0 - 0x1p-53 : u;
    }
out:
    return status;
}

/* ---- One parameter
 * -------------------------------------------------------------------------------- */

/* Shares of the answers that were counted; an answer never seen keeps the share 0. */
static wp_status draw_shares(wp_parameter_set *set, wp_arena *arena, int index, uint64_t seed,
                             bool drawn, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_parameter *p = &set->scenario->parameters[index];
    size_t n = (size_t)p->n_counts, n_seen = 0;
    double sum = 0.0;
    double *shares = wp_arena_alloc_array(arena, n, sizeof *shares);
    double *counts = wp_arena_alloc_array(arena, n, sizeof *counts);
    double *uniforms = wp_arena_alloc_array(arena, n, sizeof *uniforms);
    WP_TRY_ALLOC(shares);
    WP_TRY_ALLOC(counts);
    WP_TRY_ALLOC(uniforms);
    set->shares[index] = shares;
    for (size_t i = 0; i < n; i++) {
        sum += p->counts[i];
        if (!(p->counts[i] > 0.0)) { continue; }
        counts[n_seen] = p->counts[i];
        uniforms[n_seen++] = wp_draw_answer_uniform(set->scenario, seed, set->draw, index, (int)i);
    }
    if (!(sum > 0.0)) {
        status = wp_fail(err, WP_ERR_MODEL, "the counts of parameter '%s' are all 0", p->name);
        goto out;
    }
    if (!drawn || p->distribution.kind == WP_DISTRIBUTION_NONE || n_seen < 2) {
        for (size_t i = 0; i < n; i++) { shares[i] = wp_round24(p->counts[i] / sum); }
        goto out;
    }
    WP_TRY(wp_quantile_dirichlet(counts, n_seen, uniforms, counts, err));
    for (size_t i = n; i-- > 0;) { shares[i] = p->counts[i] > 0.0 ? counts[--n_seen] : 0.0; }
out:
    return status;
}

double wp_parameter_cell(const wp_parameter *parameter, double scale, double cell)
{
    if (!parameter->distribution.on_contrast || scale == 1.0) { return wp_round24(cell * scale); }
    return cell > 0.0 ? wp_round24(wp_pow(cell, scale)) : cell;
}

/* All cells of a table, as drawn, in the range of its unit? */
static wp_status check_table(const wp_parameter_set *set, const wp_parameter *p, double scale,
                             wp_error *err)
{
    for (int c = 0; c < p->grid->n_cells; c++) {
        double value = p->grid->values[c];
        if (isnan(value)) { continue; }
        const double drawn = wp_parameter_cell(p, scale, value);
        if (!unit_holds(p->unit, drawn)) { return out_of_range(set, p, drawn, err); }
    }
    return WP_OK;
}

static wp_status draw_parameter(wp_parameter_set *set, wp_arena *arena, int index, double uniform,
                                uint64_t seed, bool drawn, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_parameter *p = &set->scenario->parameters[index];
    double mean = p->grid != NULL ? 1.0 : p->value, value = wp_round24(mean);
    wp_error reason = {0};
    if (p->n_steps > 0) { goto out; }
    if (p->n_counts > 0) {
        set->values[index] = 1.0;
        status = draw_shares(set, arena, index, seed, drawn, err);
        goto out;
    }
    if (drawn && wp_distribution_draw(&p->distribution, mean, uniform, &value, &reason) != WP_OK) {
        status =
            wp_fail(err, WP_ERR_MODEL, "parameter '%s' cannot be drawn: %s", p->name, reason.text);
        goto out;
    }
    set->values[index] = value;
    if (p->grid != NULL) {
        status = check_table(set, p, value, err);
    } else if (!unit_holds(p->unit, value)) {
        status = out_of_range(set, p, value, err);
    }
out:
    return status;
}

/* ---- Formulas
 * ------------------------------------------------------------------------------------- */

static double apply(wp_formula_op op, double a, double b)
{
    switch (op) {
    case WP_FORMULA_ADD:
        return a + b;
    case WP_FORMULA_SUBTRACT:
        return a - b;
    case WP_FORMULA_MULTIPLY:
        return a * b;
    case WP_FORMULA_DIVIDE:
        return a / b;
    case WP_FORMULA_POWER:
        return wp_pow(a, b);
    case WP_FORMULA_MIN:
        return a < b ? a : b;
    case WP_FORMULA_MAX:
        return a > b ? a : b;
    case WP_FORMULA_NEGATE:
        return -a;
    case WP_FORMULA_EXP:
        return wp_exp(a);
    case WP_FORMULA_LN:
        return wp_log(a);
    case WP_FORMULA_NUMBER:
    case WP_FORMULA_PARAMETER:
        break;
    }
    return NAN;
}

static wp_status compute_formula(wp_parameter_set *set, int index, wp_error *err)
{
    const wp_parameter *p = &set->scenario->parameters[index];
    double stack[MAX_FORMULA_DEPTH];
    int depth = 0;
    for (int i = 0; i < p->n_steps; i++) {
        const wp_formula_step *step = &p->steps[i];
        bool is_leaf = step->op == WP_FORMULA_NUMBER || step->op == WP_FORMULA_PARAMETER;
        bool is_unary = step->op == WP_FORMULA_NEGATE || step->op == WP_FORMULA_EXP ||
                        step->op == WP_FORMULA_LN;
        int taken = is_leaf ? 0 : is_unary ? 1 : 2;
        if (depth < taken || (is_leaf && depth == MAX_FORMULA_DEPTH)) {
            return wp_fail(err, WP_ERR_LIMIT, "the formula of parameter '%s' is nested too deeply",
                           p->name);
        }
        double result;
        if (step->op == WP_FORMULA_NUMBER) {
            result = step->number;
        } else if (is_leaf) {
            result = wp_parameter_number(set, step->parameter, step->cell);
        } else {
            result = apply(step->op, stack[depth - taken], stack[depth - 1]);
        }
        depth += 1 - taken;
        stack[depth - 1] = result;
    }
    set->values[index] = depth == 1 ? wp_round24(stack[0]) : NAN;
    if (!unit_holds(p->unit, set->values[index])) {
        return out_of_range(set, p, set->values[index], err);
    }
    return WP_OK;
}

double wp_parameter_number(const wp_parameter_set *set, int parameter, int cell)
{
    const wp_parameter *p = &set->scenario->parameters[parameter];
    if (set->shares[parameter] != NULL && cell >= 0) { return set->shares[parameter][cell]; }
    if (p->grid == NULL || cell < 0) { return set->values[parameter]; }
    int named = p->grid->cell_parameter == NULL ? -1 : p->grid->cell_parameter[cell];
    double value = named >= 0 ? wp_parameter_number(set, named, -1) : p->grid->values[cell];
    return isnan(value) ? NAN : wp_parameter_cell(p, set->values[parameter], value);
}

wp_status wp_parameter_set_init(wp_parameter_set *set, wp_arena *arena, const wp_scenario *scenario,
                                uint64_t seed, uint32_t draw, bool drawn, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = (size_t)scenario->n_parameters, n_values = (size_t)scenario->n_unit_values;
    double *uniforms = wp_arena_alloc_array(arena, n + n_values, sizeof *uniforms);
    *set = (wp_parameter_set){.scenario = scenario, .draw = draw};
    set->values = wp_arena_alloc_array(arena, n, sizeof *set->values);
    set->shares = wp_arena_alloc_array(arena, n, sizeof *set->shares);
    WP_TRY_ALLOC(uniforms);
    WP_TRY_ALLOC(set->values);
    WP_TRY_ALLOC(set->shares);
    set->value_uniforms = uniforms + n;
    for (size_t u = 0; u < n_values; u++) { set->value_uniforms[u] = NAN; }
    for (size_t p = 0; p < n; p++) {
        uniforms[p] = drawn ? wp_draw_uniform(scenario, seed, draw, (int)p) : 0.5;
    }
    if (drawn && scenario->n_correlations > 0) {
        WP_TRY(correlate(scenario, arena, seed, draw, uniforms, err));
    }
    for (size_t p = 0; p < n; p++) {
        WP_TRY(draw_parameter(set, arena, (int)p, uniforms[p], seed, drawn, err));
    }
    for (int f = 0; f < scenario->n_formula_rank; f++) {
        WP_TRY(compute_formula(set, scenario->formula_rank[f], err));
    }
out:
    return status;
}
