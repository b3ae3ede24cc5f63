/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borders. The k-th one lies k periods after the start, rounded to a tick: twelfths of a year meet the year. */
#include "simulate/border.h"

#include <math.h>

static const double at_once = 1.0 / 365.25;

static double period_of(double years)
{
    return years > 0.0 ? years : at_once;
}

static wp_tick border(double years, double k)
{
    return (wp_tick)llrint(k * period_of(years) * 0x1p32);
}

bool wp_border_is(double years, wp_tick tick)
{
    const double k = round(wp_years(tick) / period_of(years));
    return k >= 1.0 && border(years, k) == tick;
}

static void bring_forward(wp_tick *next, double years, wp_tick tick)
{
    double k = floor(wp_years(tick) / period_of(years));
    while (border(years, k) <= tick) { k += 1.0; }
    const wp_tick at = border(years, k);
    *next = at < *next ? at : *next;
}

wp_tick wp_border_after(const wp_model *model, wp_tick tick)
{
    wp_tick next = (tick / WP_TICKS_PER_YEAR + 1) * WP_TICKS_PER_YEAR;
    next = next < model->end ? next : model->end;
    for (int p = 0; p < model->n_pools; p++) { bring_forward(&next, model->pools[p].pool->settled, tick); }
    for (int k = 0; k < model->n_indicators; k++) {
        bring_forward(&next, model->indicators[k].indicator->period, tick);
    }
    for (int v = 0; v < model->n_interventions; v++) {
        const wp_intervention *intervention = model->interventions[v].intervention;
        if (intervention->capacity == WP_CAPACITY_NONE) { continue; }
        bring_forward(&next, intervention->settled, tick);
    }
    return next;
}
