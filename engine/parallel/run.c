/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run into a result file. */
#define _GNU_SOURCE
#include <unistd.h>

#include "base/fail.h"
#include "parallel/simulate_run.h"
#include "results/result.h"

wp_status wp_run(const wp_scenario *scenario, const wp_run_options *options, const char *result_path,
                 wp_run_report *report, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    if (!options->force && !options->dry_run && access(result_path, F_OK) == 0) {
        return wp_fail(err, WP_ERR_EXISTS, "'%s' exists; choose another name, or give --force to replace it",
                       result_path);
    }
    WP_TRY(wp_simulate(scenario, options, &data, report, err));
    if (!options->dry_run) { WP_TRY(wp_result_write(result_path, &data, options->force, err)); }
out:
    wp_simulate_free(&data);
    return status;
}
