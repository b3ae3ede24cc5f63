/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uncertain numbers of a result. */
#include "uncertainty/inputs.h"

#include <math.h>
#include <stdbool.h>

#include "base/fail.h"

static double parameter_at(const wp_run_data *data, int draw, int parameter)
{
    return data->parameter_values[(size_t)draw * (size_t)data->n_parameters + (size_t)parameter];
}

static double amount_at(const wp_run_data *data, int draw, int value, int year)
{
    size_t row = (size_t)draw * (size_t)data->money.n_unit_values + (size_t)value;
    return data->money.amounts[row * (size_t)data->n_years + (size_t)year];
}

static bool parameter_varies(const wp_run_data *data, int parameter)
{
    for (int d = 1; d < data->n_draws; d++) {
        if (parameter_at(data, d, parameter) != parameter_at(data, 0, parameter)) { return true; }
    }
    return false;
}

/* The first year in which a unit value's amount differs between draws, or -1. */
static int year_that_varies(const wp_run_data *data, int value)
{
    for (int y = 0; y < data->n_years; y++) {
        for (int d = 1; d < data->n_draws; d++) {
            if (amount_at(data, d, value, y) != amount_at(data, 0, value, y)) { return y; }
        }
    }
    return -1;
}

/* Is the amount some multiple of a parameter, the same in all draws (but for the rounding of either)? */
static bool follows_a_parameter(const wp_run_data *data, int value, int year)
{
    for (int p = 0; p < data->n_parameters; p++) {
        double first = parameter_at(data, 0, p);
        bool same = first != 0.0 && parameter_varies(data, p);
        for (int d = 1; d < data->n_draws && same; d++) {
            double expected = amount_at(data, 0, value, year) * parameter_at(data, d, p) / first;
            same = fabs(amount_at(data, d, value, year) - expected) <= 1e-6 * fabs(expected);
        }
        if (same) { return true; }
    }
    return false;
}

wp_status wp_inputs_of(const wp_run_data *data, wp_arena *arena, wp_inputs *inputs, wp_error *err)
{
    wp_status status = WP_OK;
    size_t most = (size_t)data->n_parameters + (size_t)data->money.n_unit_values;
    *inputs = (wp_inputs){0};
    inputs->names = wp_arena_alloc_array(arena, most, sizeof *inputs->names);
    int *from = wp_arena_alloc_array(arena, most, sizeof *from),
        *years = wp_arena_alloc_array(arena, most, sizeof *years);
    WP_TRY_ALLOC(inputs->names);
    WP_TRY_ALLOC(from);
    WP_TRY_ALLOC(years);
    for (int p = 0; p < data->n_parameters; p++) {
        if (!parameter_varies(data, p)) { continue; }
        inputs->names[inputs->n] = data->parameters[p];
        years[inputs->n] = -1;
        from[inputs->n++] = p;
    }
    for (int u = 0; u < data->money.n_unit_values; u++) {
        int year = year_that_varies(data, u);
        if (year < 0 || follows_a_parameter(data, u, year)) { continue; }
        inputs->names[inputs->n] = data->money.unit_values[u];
        years[inputs->n] = year;
        from[inputs->n++] = u;
    }
    size_t n = (size_t)inputs->n;
    inputs->values = wp_arena_alloc_array(arena, (size_t)data->n_draws * n, sizeof *inputs->values);
    WP_TRY_ALLOC(inputs->values);
    for (int d = 0; d < data->n_draws; d++) {
        for (size_t i = 0; i < n; i++) {
            inputs->values[(size_t)d * n + i] = years[i] < 0 ? parameter_at(data, d, from[i])
                                                             : amount_at(data, d, from[i], years[i]);
        }
    }
out:
    return status;
}
