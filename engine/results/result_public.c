/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public questions about results: digests of a file, the size of a run to come, sources that lack. */
#include <wholeplace/wholeplace.h>

#include "base/fail.h"
#include "base/version.h"
#include "model/model.h"
#include "results/result.h"
#include "results/sides.h"
#include "simulate/counts.h"

_Static_assert((int)WP_DIGEST_CHARS == (int)WP_SHA256_HEX, "digest");
_Static_assert((int)WP_LIFE_DIGEST_CHARS == (int)WP_U128_HEX, "life digest");

const char *wp_version(void)
{
    return wp_version_text();
}

wp_status wp_result_digest(const char *path, char digest[WP_DIGEST_CHARS],
                           char life_digest[WP_LIFE_DIGEST_CHARS], wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    WP_TRY(wp_result_read(path, &data, err));
    if (digest != NULL) { wp_run_data_digest(&data, digest); }
    if (life_digest != NULL) { wp_run_data_life_digest(&data, life_digest); }
out:
    wp_result_free(&data);
    return status;
}

static int n_histograms(const wp_scenario *scenario)
{
    int n = 0;
    for (int o = 0; o < scenario->n_outcomes; o++) { n += scenario->outcomes[o].histogram ? 1 : 0; }
    return n;
}

/* Numbers of one run that are kept by side: each unit value and a few sums, and a unit or two by batch. */
static double by_side(const wp_scenario *scenario)
{
    if (!scenario->report.saving_by_household) { return 0.0; }
    return WP_N_SIDES * (1.0 + scenario->n_unit_values + 2.0 * WP_N_BATCHES);
}

wp_status wp_result_size_of(const wp_scenario *scenario, wp_result_size *size, wp_error *err)
{
    wp_status status = WP_OK;
    wp_model model = {0};
    WP_TRY(wp_model_init(&model, scenario, scenario->seed, 0, err));
    *size = (wp_result_size){.n_arms = scenario->n_arms, .n_draws = scenario->n_draws,
                             .n_replicates = scenario->n_replicates, .n_years = scenario->n_years,
                             .n_cells = model.n_cells};
    if (scenario->stop.is_given && scenario->stop.by_replicates) { size->n_replicates = scenario->stop.at_most; }
    if (scenario->stop.is_given && !scenario->stop.by_replicates) { size->n_draws = scenario->stop.at_most; }
    double runs = (double)size->n_arms * size->n_draws * size->n_replicates;
    double a_year = model.n_cells + (double)WP_N_BATCHES * scenario->n_outcomes +
                    3.0 * (1 + WP_N_BATCHES) * scenario->n_interventions +
                    (scenario->money.keeps_spend ? 2.0 * WP_N_SPEND_BINS : 0.0);
    size->bytes =
        8.0 * runs *
        ((scenario->n_years + 1) * a_year + (double)WP_N_BINS * n_histograms(scenario) + by_side(scenario));
out:
    wp_model_free(&model);
    return status;
}

static bool lacks(const char *source)
{
    return source == NULL || source[0] == '\0';
}

static void print_line(FILE *out, const char *what, const char *name, char grade)
{
    if (grade != 0) {
        fprintf(out, "  %-10s %s (grade %c)\n", what, name, grade);
    } else {
        fprintf(out, "  %-10s %s\n", what, name);
    }
}

wp_status wp_sources_print(const wp_scenario *scenario, FILE *out, wp_error *err)
{
    int n = 0, n_all = scenario->n_parameters + scenario->n_unit_values + 1;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && n == 0) {
            fprintf(out, "Every parameter, unit value and the population has a source.\n");
        }
        if (pass == 1 && n > 0) { fprintf(out, "Without a source: %d of %d\n", n, n_all); }
        n = 0;
        for (int p = 0; p < scenario->n_parameters; p++) {
            const wp_parameter *parameter = &scenario->parameters[p];
            /* A formula follows from parameters that have their own sources. */
            if (!lacks(parameter->source) || parameter->n_steps > 0) { continue; }
            n++;
            if (pass == 1) { print_line(out, "parameter", parameter->name, parameter->grade); }
        }
        for (int u = 0; u < scenario->n_unit_values; u++) {
            if (!lacks(scenario->unit_values[u].source)) { continue; }
            n++;
            if (pass == 1) {
                print_line(out, "unit value", scenario->unit_values[u].name, scenario->unit_values[u].grade);
            }
        }
        if (lacks(scenario->population.source)) {
            n++;
            if (pass == 1) { print_line(out, "population", "", scenario->population.grade); }
        }
    }
    return ferror(out) ? wp_fail(err, WP_ERR_FILE, "the list of sources cannot be written") : WP_OK;
}
