/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result as a folder of CSV files. */
#define _GNU_SOURCE /* open_memstream, mkdir */
#include <wholeplace/export.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "report/export.h"
#include "results/result.h"
#include "results/safe_file.h"
#include "uncertainty/inputs.h"
#include "uncertainty/replicas.h"

static wp_status choose_effect(const wp_money_data *money, const char *wished, const char **effect,
                               wp_error *err)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        const char *unit = money->value_units[u];
        if (wished == NULL ? strcmp(unit, "GBP") != 0 : strcmp(unit, wished) == 0) {
            *effect = unit;
            return WP_OK;
        }
    }
    return wished == NULL ? WP_OK
                          : wp_fail(err, WP_ERR_ARGUMENT, "nothing in this result is valued in '%s'", wished);
}

static wp_status make_folder(const char *folder, wp_error *err)
{
    struct stat found;
    if (mkdir(folder, 0777) == 0) { return WP_OK; }
    if (errno == EEXIST && stat(folder, &found) == 0 && S_ISDIR(found.st_mode)) { return WP_OK; }
    return wp_fail(err, WP_ERR_FILE, "the folder '%s' cannot be made: %s", folder, strerror(errno));
}

/* Made in memory first, so that a file is there whole or not at all. */
static wp_status write_table(const char *folder, const char *name, wp_export_table *table, bool force,
                             const wp_export_source *source, wp_error *err)
{
    wp_status status = WP_OK;
    char path[4096], *bytes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&bytes, &n);
    WP_TRY_ALLOC(out);
    status = table(out, source, err);
    if (fclose(out) != 0 && status == WP_OK) {
        status = wp_fail(err, WP_ERR_MEMORY, "not enough memory for '%s'", name);
    }
    if (status != WP_OK) { goto out; }
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "the folder's name is too long");
        goto out;
    }
    WP_TRY(wp_file_replace(path, bytes, n, false, force, NULL, err));
out:
    free(bytes);
    return status;
}

/* A table that this result has not: what an earlier export left of it would be taken for this one's. */
static wp_status leave_out(const char *folder, const char *name, bool force, wp_error *err)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return wp_fail(err, WP_ERR_ARGUMENT, "the folder's name is too long");
    }
    if (access(path, F_OK) != 0) { return WP_OK; }
    if (!force) {
        return wp_fail(err, WP_ERR_EXISTS, "%s exists already, and this result has no such table", path);
    }
    if (remove(path) == 0) { return WP_OK; }
    return wp_fail(err, WP_ERR_FILE, "%s cannot be removed: %s", path, strerror(errno));
}

static wp_status count_inputs(const wp_run_data *data, int *n, wp_error *err)
{
    wp_status status = WP_OK;
    wp_inputs inputs = {0};
    wp_arena arena;
    wp_arena_init(&arena, 0);
    WP_TRY(wp_inputs_of(data, &arena, &inputs, err));
    *n = inputs.n;
out:
    wp_arena_free(&arena);
    return status;
}

wp_status wp_export(const char *result_path, const char *folder, const wp_export_options *options,
                    wp_error *err)
{
    static const wp_export_options usual = {0};
    wp_status status = WP_OK;
    wp_run_data data = {0};
    wp_pricing pricing = {0};
    wp_export_source source = {.data = &data, .pricing = &pricing};
    int n_inputs = 0;
    if (options == NULL) { options = &usual; }
    source.with_noise = options->with_noise;
    WP_TRY(wp_result_read(result_path, &data, err));
    wp_draws_to_replicates(&data);
    WP_TRY(choose_effect(&data.money, options->effect, &source.effect, err));
    WP_TRY(wp_pricing_init(&pricing, &data, err));
    WP_TRY(count_inputs(&data, &n_inputs, err));
    WP_TRY(make_folder(folder, err));
    const struct {
        const char *name;
        wp_export_table *table;
        bool is_there;
    } files[] = {{"counts.csv", wp_export_counts, true},
                 {"money.csv", wp_export_money, true},
                 {"parameters.csv", wp_export_parameters, n_inputs > 0},
                 {"costs.csv", wp_export_costs, true},
                 {"effects.csv", wp_export_effects, source.effect != NULL},
                 {"net_benefit.csv", wp_export_net_benefit, true},
                 {"spend.csv", wp_export_spend, data.n_spend_bins > 0},
                 {"household.csv", wp_export_household, data.n_sides > 0}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i].is_there) {
            WP_TRY(write_table(folder, files[i].name, files[i].table, options->force, &source, err));
        } else {
            WP_TRY(leave_out(folder, files[i].name, options->force, err));
        }
    }
out:
    wp_pricing_free(&pricing);
    wp_result_free(&data);
    return status;
}
