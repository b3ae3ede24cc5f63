/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom an arm reaches. */
#include "uncertainty/touched.h"

#include <stddef.h>

double wp_share_touched(const wp_run_data *data, int arm, int last)
{
    const size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates, n_years = (size_t)data->n_years;
    double n = 0.0;
    for (size_t run = 0; run < n_runs; run++) {
        const int64_t *touched = data->touched + ((size_t)arm * n_runs + run) * n_years;
        for (int y = 0; y <= last; y++) { n += (double)touched[y]; }
    }
    return data->n_lineages > 0 ? n / ((double)n_runs * (double)data->n_lineages) : 0.0;
}
