/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lineages that the place couples. */
#include "base/fail.h"
#include "parallel/run_state.h"

bool wp_run_is_coupled(const wp_scenario *scenario)
{
    bool coupled = scenario->n_pools > 0 || scenario->n_indicators > 0;
    for (int v = 0; v < scenario->n_interventions; v++) {
        coupled |= scenario->interventions[v].capacity != WP_CAPACITY_NONE;
    }
    return coupled;
}

void wp_run_coupled(wp_run_state *run)
{
    run->status = wp_fail(&run->err, WP_ERR_RUN, "pools: not yet");
}
