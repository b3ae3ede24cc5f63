/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long form, from top to bottom. */
#include "report/decision_summary.h"

#include <limits.h>

#include "base/fail.h"
#include "report/decision_print.h"
#include "report/spend_print.h"
#include "report/summary_print.h"
#include "report/words.h"

static wp_status print_arm(FILE *out, wp_savings *savings, int arm, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arm_decision decision = {0};
    char title[WP_TITLE_CHARS];
    WP_TRY(wp_arm_decision_init(&decision, savings, arm, err));
    fprintf(out, "\n%s\n", wp_title_text(savings->data->arms[arm], title));
    wp_print_decision(out, savings->data, &decision);
out:
    wp_arm_decision_free(&decision);
    return status;
}

static wp_status print_choice(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    wp_choice choice = {0};
    WP_TRY(wp_choice_init(&choice, savings, err));
    wp_print_choice(out, savings->data, &choice);
out:
    wp_choice_free(&choice);
    return status;
}

static wp_status print_packages(FILE *out, wp_savings *savings, wp_error *err)
{
    static const wp_money_select select = {
        .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
    wp_status status = WP_OK;
    for (int arm = 1; arm < savings->data->n_arms; arm++) {
        wp_package package;
        bool is_complete = false;
        WP_TRY(wp_package_of(&savings->pricing, arm, &select, &package, &is_complete, err));
        if (is_complete) { wp_print_package(out, savings->data, &package); }
    }
out:
    return status;
}

static wp_status print_spillovers(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    for (int arm = 1; arm < savings->data->n_arms; arm++) {
        WP_TRY(wp_print_spillover_payers(out, savings, arm, err));
    }
out:
    return status;
}

wp_status wp_print_decisions(FILE *out, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    wp_savings savings = {0};
    WP_TRY(wp_savings_init(&savings, data, "GBP", err));
    if (wp_money_has_unit(&data->money, "GBP")) {
        for (int arm = 1; arm < data->n_arms; arm++) { WP_TRY(print_arm(out, &savings, arm, err)); }
        WP_TRY(print_choice(out, &savings, err));
        WP_TRY(print_packages(out, &savings, err));
        WP_TRY(print_spillovers(out, &savings, err));
    }
    WP_TRY(wp_print_acceptability(out, &savings, err));
    if (wp_money_has_unit(&data->money, "GBP")) { WP_TRY(wp_print_frontier(out, &savings, err)); }
    WP_TRY(wp_print_concentration(out, data, err));
    WP_TRY(wp_print_spend(out, data, false, err));
out:
    wp_savings_free(&savings);
    return status;
}
