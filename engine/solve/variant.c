/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios with other values of parameters. */
#include "solve/variant.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/unknown_name.h"
#include "parallel/simulate_run.h"

wp_status wp_variant_init(wp_variant *variant, const wp_scenario *scenario, const wp_run_options *options,
                          wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)scenario->n_parameters;
    *variant = (wp_variant){.scenario = *scenario};
    variant->scenario.stop.is_given = false; /* as many draws at every point */
    if (options != NULL) { variant->options = *options; }
    variant->parameters = wp_calloc_array(n, sizeof *variant->parameters);
    WP_TRY_ALLOC(variant->parameters);
    if (n > 0) { memcpy(variant->parameters, scenario->parameters, n * sizeof *variant->parameters); }
    variant->scenario.parameters = variant->parameters;
out:
    return status;
}

void wp_variant_free(wp_variant *variant)
{
    wp_population_free(variant->founders);
    free(variant->parameters);
    *variant = (wp_variant){0};
}

/* Of those that can be changed. */
static wp_status unknown_parameter(const wp_scenario *scenario, const char *name, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = 0;
    const char **names = wp_calloc_array((size_t)scenario->n_parameters + 1, sizeof *names);
    WP_TRY_ALLOC(names);
    for (int p = 0; p < scenario->n_parameters; p++) {
        const wp_parameter *x = &scenario->parameters[p];
        if (x->grid == NULL && x->n_counts == 0 && x->n_steps == 0) { names[n++] = x->name; }
    }
    status = wp_fail_unknown(err, "parameter", name, names, n);
out:
    free(names);
    return status;
}

wp_status wp_variant_find(const wp_scenario *scenario, const char *name, int *parameter, wp_error *err)
{
    for (int p = 0; p < scenario->n_parameters; p++) {
        const wp_parameter *x = &scenario->parameters[p];
        if (strcmp(x->name, name) != 0) { continue; }
        *parameter = p;
        if (x->grid == NULL && x->n_counts == 0 && x->n_steps == 0) { return WP_OK; }
        return wp_fail(err, WP_ERR_ARGUMENT, "parameter '%s' is %s; only a single number can be changed",
                       name,
                       x->grid != NULL   ? "a table"
                       : x->n_counts > 0 ? "made of counts"
                                         : "a formula");
    }
    return unknown_parameter(scenario, name, err);
}

void wp_variant_set(wp_variant *variant, int parameter, double value)
{
    variant->parameters[parameter].value = value * variant->parameters[parameter].unit_scale;
    variant->parameters[parameter].distribution.kind = WP_DISTRIBUTION_NONE;
}

wp_status wp_variant_run(wp_variant *variant, wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    variant->n_runs++;
    if (variant->founders == NULL) {
        WP_TRY(wp_simulate_founders(&variant->scenario, &variant->founders, err));
    }
    WP_TRY(wp_simulate_from(variant->founders, &variant->scenario, &variant->options, data, NULL, err));
out:
    return status;
}
