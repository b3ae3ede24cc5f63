/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selecting lineages; drawing the times of arrivals. */
#include "parallel/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/elementary.h"

bool wp_selects(const wp_run_options *options, int64_t number, double order)
{
    if (options->lineage_step > 1 &&
        (number < options->lineage_first ||
         (number - options->lineage_first) % options->lineage_step != 0)) {
        return false;
    }
    return order < options->sample;
}

/* Radical inverse in base 2: the first 1 % of an order is spread evenly and lies inside the first 10 %. */
static double van_der_corput(uint64_t number)
{
    double value = 0.0, part = 0.5;
    for (; number > 0; number >>= 1, part *= 0.5) { value += (number & 1) != 0 ? part : 0.0; }
    return value;
}

wp_status wp_arrivals_init(wp_arrivals *arrivals, const wp_plan *plan, wp_key key,
                           const wp_run_options *options, wp_error *err)
{
    const wp_model *model = plan->model;
    memset(arrivals, 0, sizeof *arrivals);
    for (int s = 0; s < model->n_arrivals; s++) {
        const uint64_t stream = wp_purpose("arrival", model->scenario->arrivals[s].name);
        const double rate = model->arrival_rates[s];
        double waited = 0.0;
        for (uint32_t number = 0; rate > 0.0; number++) {
            waited += wp_exponential(key, stream, plan->purpose_arrival_time, number);
            const double years = waited / rate;
            if (years >= wp_years(model->end)) { break; }
            if (!wp_selects(options, number, van_der_corput(number))) { continue; }
            if (!wp_array_reserve(&arrivals->list, &arrivals->capacity, arrivals->n + 1,
                                  sizeof *arrivals->list)) {
                return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu arrivals", arrivals->n);
            }
            arrivals->list[arrivals->n++] = (wp_arrival_time){(wp_tick)(years * 0x1p32), s, number};
        }
    }
    return WP_OK;
}

void wp_arrivals_free(wp_arrivals *arrivals)
{
    free(arrivals->list);
    memset(arrivals, 0, sizeof *arrivals);
}
