/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws as replicates. */
#include "uncertainty/replicas.h"

int wp_draws_to_replicates(wp_run_data *data)
{
    const int n_draws = data->n_draws;
    if (n_draws < 2 || data->n_uncertain > 0) { return 0; }
    /* Draws lie outside replicates in every array, and what has draws alone is the same in each. */
    data->n_replicates *= n_draws;
    data->n_draws = 1;
    return n_draws;
}
