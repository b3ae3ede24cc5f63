/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts by year. */
#include "money/amount_draw.h"

#include <math.h>

#include "base/fail.h"
#include "model/distribution_draw.h"
#include "model/draw_uniform.h"

int wp_snapshot_times(const wp_scenario *scenario, const wp_outcome *outcome, int year, double *times,
                      int n_max)
{
    int n = 0;
    if (outcome->every > 0.0) {
        double k = fmax(0.0, ceil((year - outcome->from) / outcome->every - 1e-9));
        for (double t = outcome->from + k * outcome->every; t < year + 1.0 - 1e-9 && n < n_max;) {
            if (t <= scenario->n_years + 1e-9) { times[n++] = t; }
            k += 1.0;
            t = outcome->from + k * outcome->every;
        }
        return n;
    }
    for (int i = 0; i < outcome->n_at && n < n_max; i++) {
        if (outcome->at[i] >= year && outcome->at[i] < year + 1.0) { times[n++] = outcome->at[i]; }
    }
    return n;
}

static double cell_value(const wp_grid *grid, int cell, const wp_parameter_set *set, double scale)
{
    if (grid->cell_parameter != NULL && grid->cell_parameter[cell] >= 0) {
        return wp_parameter_number(set, grid->cell_parameter[cell], -1) * scale;
    }
    return grid->values[cell] * scale;
}

/* The value at instant t, years since the start. */
static double grid_at(const wp_grid *grid, double t, const wp_parameter_set *set, double scale)
{
    const wp_axis *axis = &grid->axes[0];
    for (int b = 0; b < axis->n_bands; b++) {
        if (t >= axis->bands[b].lo && t < axis->bands[b].hi) {
            double value = cell_value(grid, b, set, scale);
            return isnan(value) && grid->has_otherwise ? grid->otherwise * scale : value;
        }
    }
    return grid->has_otherwise ? grid->otherwise * scale : NAN;
}

/* The mean over [begin, end): bands are constant, so weights are their overlaps. */
static double grid_mean(const wp_grid *grid, double begin, double end, const wp_parameter_set *set,
                        double scale)
{
    const wp_axis *axis = &grid->axes[0];
    double sum = 0.0, covered = 0.0;
    for (int b = 0; b < axis->n_bands; b++) {
        double from = fmax(begin, axis->bands[b].lo), to = fmin(end, axis->bands[b].hi);
        if (to <= from) { continue; }
        sum += (to - from) * grid_at(grid, 0.5 * (from + to), set, scale);
        covered += to - from;
    }
    double open = end - begin - covered;
    if (open > 1e-9) { sum += open * (grid->has_otherwise ? grid->otherwise * scale : NAN); }
    return sum / (end - begin);
}

static bool is_by_time(const wp_grid *grid)
{
    return grid->n_axes == 1 && grid->axes[0].bands != NULL &&
           (grid->axes[0].look.kind == WP_LOOK_TIME_SINCE_START || grid->axes[0].look.kind == WP_LOOK_DATE);
}

static double grid_in_year(const wp_scenario *scenario, const wp_unit_value *value, const wp_grid *grid,
                           int year, const wp_parameter_set *set, double scale)
{
    const wp_outcome *outcome =
        value->per == WP_PER_OUTCOME && value->outcome >= 0 ? &scenario->outcomes[value->outcome] : NULL;
    if (outcome == NULL || outcome->kind != WP_OUTCOME_SNAPSHOT) {
        return year >= scenario->n_years ? grid_at(grid, year, set, scale)
                                         : grid_mean(grid, year, year + 1.0, set, scale);
    }
    double times[WP_MAX_SNAPSHOTS];
    int n = wp_snapshot_times(scenario, outcome, year, times, WP_MAX_SNAPSHOTS);
    double sum = 0.0;
    for (int i = 0; i < n; i++) { sum += grid_at(grid, times[i], set, scale); }
    return n > 0 ? sum / n : 0.0;
}

wp_status wp_amounts_draw(const wp_scenario *scenario, const wp_unit_value *value, const char *name,
                          const wp_parameter_set *set, uint64_t seed, bool drawn, int n_years,
                          double *amounts, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_quantity *amount = &value->amount;
    const wp_grid *grid = amount->kind == WP_QUANTITY_TABLE ? amount->grid : NULL;
    double scale = 1.0, number = NAN;
    if (amount->kind == WP_QUANTITY_NUMBER) { number = amount->value; }
    if (amount->kind == WP_QUANTITY_CELL) {
        number = wp_parameter_number(set, amount->parameter, amount->cell);
    }
    if (amount->kind == WP_QUANTITY_PARAMETER) {
        grid = scenario->parameters[amount->parameter].grid;
        scale = grid == NULL ? 1.0 : set->values[amount->parameter];
        number = grid == NULL ? wp_parameter_number(set, amount->parameter, -1) : NAN;
    }
    if (grid != NULL && !is_by_time(grid)) {
        status = wp_fail(err, WP_ERR_MODEL,
                         "unit value '%s': its amount may be looked up by year or date only", name);
        goto out;
    }
    if (drawn && value->distribution.kind != WP_DISTRIBUTION_NONE) {
        const int index = (int)(value - scenario->unit_values);
        double u = set->value_uniforms[index];
        if (isnan(u)) { u = wp_draw_uniform(scenario, seed, set->draw, scenario->n_parameters + index); }
        WP_TRY(wp_distribution_draw(&value->distribution, grid == NULL ? number : 1.0, u,
                                    grid == NULL ? &number : &scale, err));
        /* A table's own scale, where it is a parameter, stays in force. */
        if (grid != NULL && amount->kind == WP_QUANTITY_PARAMETER) {
            scale *= set->values[amount->parameter];
        }
    }
    for (int y = 0; y < n_years; y++) {
        amounts[y] = grid == NULL ? number : grid_in_year(scenario, value, grid, y, set, scale);
        if (!isfinite(amounts[y])) {
            status = wp_fail(err, WP_ERR_MODEL, "unit value '%s' has no amount in year %d", name, y + 1);
            goto out;
        }
    }
out:
    return status;
}
