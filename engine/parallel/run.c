/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run into a result file. */
#define _GNU_SOURCE
#include <stdio.h>

#include "base/fail.h"
#include "base/json.h"
#include "parallel/run_state.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "results/safe_file.h"

/* The last moment at which a run can be stopped. */
static wp_status tell_of_writing(const wp_run_options *options, const wp_run_data *data, wp_error *err)
{
    const wp_progress progress = {.stage = WP_STAGE_WRITING, .done = 1.0, .seconds = data->seconds,
                                  .draw = data->n_draws - 1, .replicate = data->n_replicates - 1, .arm = ""};
    if (options->progress == NULL || options->progress(options->user, &progress)) { return WP_OK; }
    return wp_fail(err, WP_ERR_STOPPED, "%s", wp_run_stopped_text);
}

wp_status wp_run(const wp_scenario *scenario, const wp_run_options *options, const char *result_path,
                 wp_run_report *report, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    if (!options->dry_run) { WP_TRY(wp_file_may_be_put(result_path, true, options->force, err)); }
    WP_TRY(wp_simulate(scenario, options, &data, report, err));
    if (!options->dry_run) { WP_TRY(tell_of_writing(options, &data, err)); }
    if (!options->dry_run) { WP_TRY(wp_result_write(result_path, &data, options->force, err)); }
out:
    wp_simulate_free(&data);
    return status;
}

void wp_run_report_print_json(const wp_run_report *report, const char *result_path, FILE *out)
{
    wp_json json = {.out = out};
    wp_json_begin(&json, NULL, '{');
    if (result_path != NULL) {
        wp_json_text(&json, "result", result_path);
    } else {
        wp_json_null(&json, "result");
    }
    wp_json_number(&json, "seconds", report->seconds);
    wp_json_number(&json, "person_years", report->person_years);
    wp_json_whole(&json, "peak_bytes", report->peak_bytes);
    wp_json_whole(&json, "threads", report->threads);
    wp_json_text(&json, "simd", report->simd == NULL ? "" : report->simd);
    wp_json_text(&json, "stopped", report->stopped);
    wp_json_text(&json, "digest", report->digest);
    wp_json_text(&json, "life_digest", report->life_digest);
    wp_json_end(&json, '}');
    fputc('\n', out);
}
