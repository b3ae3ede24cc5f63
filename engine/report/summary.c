/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a result. */
#include <wholeplace/summary.h>

#include <string.h>

#include "base/fail.h"
#include "results/result.h"
#include "report/decision_summary.h"
#include "report/summary_print.h"
#include "uncertainty/replicas.h"

/* Is `unit_value` the first in its unit, and is that not pounds? */
static bool begins_a_unit(const wp_money_data *money, int unit_value)
{
    const char *unit = money->value_units[unit_value];
    bool is_new = strcmp(unit, "GBP") != 0;
    for (int u = 0; u < unit_value; u++) { is_new = is_new && strcmp(money->value_units[u], unit) != 0; }
    return is_new;
}

/* What the arm gains in every unit that is not pounds, in order of first use. */
static wp_status print_units(const wp_run_data *data, int arm, bool json, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    wp_savings savings = {0};
    bool is_first = true;
    for (int u = 0; u < data->money.n_unit_values; u++) {
        wp_arm_savings gains;
        if (!begins_a_unit(&data->money, u)) { continue; }
        WP_TRY(wp_savings_init(&savings, data, data->money.value_units[u], err));
        WP_TRY(wp_savings_of_arm(&savings, arm, &gains, err));
        if (json) {
            wp_print_unit_json(out, &gains, is_first);
        } else {
            WP_TRY(wp_print_unit(out, data, &gains, err));
        }
        is_first = false;
        wp_savings_free(&savings);
    }
out:
    wp_savings_free(&savings);
    return status;
}

static wp_status print_arms(const wp_run_data *data, bool json, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    wp_savings savings = {0};
    wp_decision decision = {0};
    for (int arm = 1; arm < data->n_arms; arm++) {
        wp_arm_savings figures;
        WP_TRY(wp_savings_init(&savings, data, "GBP", err));
        WP_TRY(wp_savings_of_arm(&savings, arm, &figures, err));
        WP_TRY(wp_decision_init(&decision, &savings, arm, err));
        if (json) {
            wp_print_arm_json(out, data, &figures, arm == 1);
        } else {
            WP_TRY(wp_print_arm(out, data, &figures, &decision, err));
        }
        WP_TRY(print_units(data, arm, json, out, err));
        if (json) {
            wp_print_arm_end_json(out, data, &decision);
        } else {
            wp_print_outcomes(out, data, &figures);
        }
        wp_decision_free(&decision);
        wp_savings_free(&savings);
    }
out:
    wp_decision_free(&decision);
    wp_savings_free(&savings);
    return status;
}

static wp_status print_all(const wp_run_data *data, const wp_summary_options *options, FILE *out,
                           wp_error *err)
{
    wp_status status = WP_OK;
    if (options->json) { wp_print_head_json(out, data); } else { wp_print_head(out, data); }
    if (data->n_arms == 1 && !options->json) {
        fprintf(out, "\nThere is one arm, the baseline: nothing to compare.\n");
    }
    if (options->decision) { return wp_print_decisions(out, data, err); }
    WP_TRY(print_arms(data, options->json, out, err));
    WP_TRY(options->json ? wp_print_end_json(out, data, err) : wp_print_targets(out, data, err));
out:
    return status;
}

wp_status wp_summary(const char *result_path, const wp_summary_options *options, FILE *out, wp_error *err)
{
    static const wp_summary_options usual = {0};
    wp_status status = WP_OK;
    wp_run_data data = {0};
    if (options == NULL) { options = &usual; }
    if (options->json && options->decision) {
        return wp_fail(err, WP_ERR_ARGUMENT, "a summary is text for a decision, or JSON, and not both");
    }
    WP_TRY(wp_result_read(result_path, &data, err));
    wp_draws_to_replicates(&data);
    WP_TRY(print_all(&data, options, out, err));
    if (ferror(out)) { status = wp_fail(err, WP_ERR_FILE, "the summary cannot be written"); }
out:
    wp_result_free(&data);
    return status;
}
