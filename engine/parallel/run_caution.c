/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's options do that its user may not expect. */
#include <stdio.h>

#include "parallel/run_state.h"

int wp_run_n_uncertain(const wp_scenario *scenario)
{
    int n = 0;
    for (int p = 0; p < scenario->n_parameters; p++) {
        const wp_parameter *parameter = &scenario->parameters[p];
        n += parameter->distribution.kind != WP_DISTRIBUTION_NONE || parameter->n_counts > 0;
    }
    for (int u = 0; u < scenario->n_unit_values; u++) {
        n += scenario->unit_values[u].distribution.kind != WP_DISTRIBUTION_NONE;
    }
    return n;
}

const char *wp_run_caution(const wp_scenario *scenario, const wp_run_options *options,
                           char text[WP_ERROR_TEXT])
{
    const double sample = options->sample > 0.0 ? options->sample : scenario->sample;
    const double share = options->lineage_step > 1 ? sample / (double)options->lineage_step : sample;
    const int n_draws = options->draws > 0 ? options->draws : scenario->n_draws;
    int n = 0;
    if (share < 1.0 && wp_run_has_places(scenario)) {
        n += snprintf(text, WP_ERROR_TEXT,
                      "capacities are scaled by the sample: each pool and programme has %g times its places, "
                      "and small numbers of places queue unlike the whole place's",
                      share);
    }
    if (n_draws > 1 && wp_run_n_uncertain(scenario) == 0) {
        n += snprintf(text + n, (size_t)(WP_ERROR_TEXT - n),
                      "%sno parameter and no price of this scenario has a distribution: its %d draws are "
                      "replicates of the same lives, and say nothing of how good the evidence is",
                      n > 0 ? "; " : "", n_draws);
    }
    return n > 0 ? text : NULL;
}
