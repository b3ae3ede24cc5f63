/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weibull: G(u) = rate u^shape. Gompertz: G(u) = rate (e^(growth u) - 1) / growth. */
#include "simulate/smooth.h"

#include <math.h>

#include "chance/elementary.h"

double wp_smooth_clock(const wp_sim *sim, wp_subject_kind kind, uint32_t i,
                       const wp_smooth_hazard *hazard, wp_tick now)
{
    const wp_columns *columns = &sim->block.columns[kind];
    wp_tick since = 0;
    if (hazard->clock_is_when) {
        since = columns->since[(size_t)hazard->since * columns->capacity + i];
    } else {
        switch (hazard->clock.kind) {
        case WP_LOOK_AGE: since = sim->block.persons[i].birth; break;
        case WP_LOOK_TIME_IN:
            since = columns->since[(size_t)sim->model->variables[hazard->clock.item].since *
                                       columns->capacity + i];
            break;
        case WP_LOOK_TIME_SINCE:
            since = columns->since[(size_t)sim->model->kinds[kind].since_event[hazard->clock.item] *
                                       columns->capacity + i];
            break;
        case WP_LOOK_TIME_TOGETHER: since = columns->since[i]; break;
        default: break;
        }
    }
    return wp_years(now - since);
}

/* A clock that has not started is far below zero, where nothing accumulates. */
double wp_smooth_integral(const wp_smooth_hazard *hazard, double u)
{
    if (u <= 0.0) { return 0.0; }
    if (hazard->kind == WP_SMOOTH_WEIBULL) { return hazard->rate * wp_pow(u, hazard->shape); }
    if (hazard->growth == 0.0) { return hazard->rate * u; }
    return hazard->rate * wp_expm1(hazard->growth * u) / hazard->growth;
}

double wp_smooth_inverse(const wp_smooth_hazard *hazard, double cumulative)
{
    const double scaled = cumulative / hazard->rate;
    if (hazard->kind == WP_SMOOTH_WEIBULL) { return wp_pow(scaled, 1.0 / hazard->shape); }
    if (hazard->growth == 0.0) { return scaled; }
    const double grown = scaled * hazard->growth;
    return grown <= -1.0 ? INFINITY : wp_log1p(grown) / hazard->growth;
}
