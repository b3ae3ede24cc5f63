/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A summary as one JSON object: unrounded numbers, null where something is not known. */
#define _GNU_SOURCE /* strtok_r */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/json.h"
#include "report/decision_print.h"
#include "report/headline.h"
#include "report/summary_print.h"
#include "uncertainty/acceptance.h"
#include "uncertainty/comparison.h"
#include "uncertainty/touched.h"

static void key_interval(wp_json *json, const char *key, const wp_interval *interval)
{
    static const char *const methods[] = {"none", "batches", "replicates", "t_over_draws",
                                          "percentiles_over_draws"};
    wp_json_begin(json, key, '{');
    wp_json_number(json, "mean", interval->mean);
    wp_json_number(json, "parameter_low", interval->low);
    wp_json_number(json, "parameter_high", interval->high);
    wp_json_number(json, "noise_half_width", interval->noise);
    wp_json_text(json, "method", methods[interval->method]);
    wp_json_flag(json, "noise_exceeds_variance", interval->is_floored);
    wp_json_end(json, '}');
}

static void key_ratio(wp_json *json, const char *key, const wp_ratio *ratio)
{
    if (!ratio->is_known) {
        wp_json_null(json, key);
        return;
    }
    wp_json_begin(json, key, '{');
    wp_json_number(json, "ratio", ratio->mean);
    wp_json_number(json, "low", ratio->low);
    wp_json_number(json, "high", ratio->high);
    wp_json_end(json, '}');
}

void wp_print_head_json(wp_json *json, const wp_run_data *data)
{
    wp_json_begin(json, NULL, '{');
    wp_json_text(json, "title", data->title);
    wp_json_line(json, 1);
    wp_json_text(json, "scenario", data->scenario_path);
    wp_json_line(json, 1);
    wp_json_natural(json, "seed", data->seed);
    wp_json_whole(json, "draws", data->n_draws);
    wp_json_whole(json, "replicates", data->n_replicates);
    wp_json_whole(json, "years", data->n_years - 1);
    wp_json_whole(json, "uncertain", data->n_uncertain);
    wp_json_whole(json, "families", data->n_lineages);
    wp_json_number(json, "weight", data->weight);
    wp_json_text(json, "version", data->version);
    wp_json_text(json, "caution", data->caution);
    wp_json_text(json, "stopped", data->stopped);
    wp_json_line(json, 1);
    wp_json_text(json, "price_year", data->money.price_year);
    wp_json_text(json, "discounting", data->money.discount_text);
    wp_json_line(json, 1);
    wp_json_begin(json, "arms", '[');
}

static void row(wp_json *json, const wp_saving_row *saving)
{
    key_interval(json, "services", &saving->gross);
    key_interval(json, "programme", &saving->programme);
    key_interval(json, "net", &saving->net);
    key_interval(json, "net_discounted", &saving->net_discounted);
}

static void rows(wp_json *json, const char *key, const wp_saving_row *list, int n)
{
    wp_json_line(json, 3);
    wp_json_begin(json, key, '[');
    for (int i = 0; i < n; i++) {
        wp_json_line(json, 4);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "label", list[i].label);
        wp_json_text(json, "note", list[i].note);
        row(json, &list[i]);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

/* The headline's sentences. */
static wp_status headline(wp_json *json, const wp_arm_page *page, wp_error *err)
{
    wp_status status = WP_OK;
    char *sentences = NULL, *place = NULL;
    wp_json_line(json, 3);
    wp_json_begin(json, "headline", '[');
    WP_TRY(wp_headline_arm(page, &sentences, err));
    for (char *line = strtok_r(sentences, "\n", &place); line != NULL; line = strtok_r(NULL, "\n", &place)) {
        if (line != sentences) { wp_json_line(json, 4); }
        wp_json_text(json, NULL, line);
    }
    wp_json_end(json, ']');
    wp_json_line(json, 3);
out:
    free(sentences);
    return status;
}

/* Whose it is, within families; `sign` -1: what is gained. Left out where it is not kept. */
static void spillover_json(wp_json *json, const wp_run_data *data, const wp_spillover *spillover, double sign,
                           int indent)
{
    if (spillover == NULL || spillover->unit == NULL) { return; }
    wp_json_line(json, indent);
    wp_json_begin(json, "by_household", '[');
    for (int side = 0; side < WP_N_SIDES; side++) {
        const wp_interval *saving = &spillover->sides[side], gained = wp_interval_negated(saving);
        wp_json_line(json, indent + 1);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "side", data->sides[side]);
        wp_json_number(json, "people", spillover->people[side]);
        key_interval(json, sign < 0 ? "gained_discounted" : "net_discounted", sign < 0 ? &gained : saving);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
    const wp_interval turned = wp_interval_negated(&spillover->fixed);
    wp_json_line(json, indent);
    key_interval(json, "of_no_household", sign < 0 ? &turned : &spillover->fixed);
}

wp_status wp_print_arm_json(wp_json *json, const wp_arm_page *page, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = page->data;
    const wp_arm_savings *arm = page->savings;
    wp_json_line(json, 2);
    wp_json_begin(json, NULL, '{');
    wp_json_text(json, "arm", data->arms[arm->arm]);
    WP_TRY(headline(json, page, err));
    wp_json_number(json, "share_touched", wp_share_touched(data, arm->arm, data->n_years - 1));
    wp_json_line(json, 3);
    wp_json_begin(json, "total", '{');
    row(json, &arm->total);
    wp_json_end(json, '}');
    wp_json_line(json, 3);
    key_interval(json, "net_with_optimism_bias", &arm->biased);
    wp_json_line(json, 3);
    key_interval(json, "net_discounted_with_optimism_bias", &arm->biased_discounted);
    wp_json_line(json, 3);
    key_interval(json, "net_cashable", &arm->cashable);
    if (arm->has_views) {
        wp_json_line(json, 3);
        key_interval(json, "net_discounted_fiscal", &arm->fiscal_discounted);
    }
    wp_json_line(json, 3);
    key_ratio(json, "benefit_cost_ratio", &arm->benefit_cost);
    rows(json, "by_year", arm->years, arm->n_years);
    rows(json, "by_payer", arm->payers, arm->n_payers);
    rows(json, "by_unit_value", arm->values, arm->n_values);
    spillover_json(json, data, page->spillovers, 1.0, 3);
    wp_json_line(json, 3);
    wp_json_begin(json, "outcomes", '[');
    for (int i = 0; i < arm->n_outcomes; i++) {
        const wp_outcome_row *outcome = &arm->outcomes[i];
        wp_json_line(json, 4);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "outcome", data->outcomes[outcome->outcome]);
        wp_json_text(json, "units", data->outcome_units[outcome->outcome]);
        key_interval(json, "baseline", &outcome->baseline);
        key_interval(json, "arm", &outcome->arm);
        key_interval(json, "change", &outcome->change);
        wp_json_whole(json, "mean_over_instants", data->outcome_snapshots[outcome->outcome]);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
    wp_json_line(json, 3);
    wp_json_begin(json, "other_units", '[');
out:
    return status;
}

/* The gain of one line: what is saved, turned. */
static void gains_row(wp_json *json, const wp_saving_row *saving)
{
    const wp_interval gained = wp_interval_negated(&saving->net);
    const wp_interval discounted = wp_interval_negated(&saving->net_discounted);
    key_interval(json, "gained", &gained);
    key_interval(json, "gained_discounted", &discounted);
}

static void gains_rows(wp_json *json, const char *key, const wp_saving_row *list, int n)
{
    wp_json_line(json, 5);
    wp_json_begin(json, key, '[');
    for (int i = 0; i < n; i++) {
        wp_json_line(json, 6);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "label", list[i].label);
        gains_row(json, &list[i]);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

void wp_print_unit_json(wp_json *json, const wp_run_data *data, const wp_arm_savings *gains,
                        const wp_spillover *spillover)
{
    wp_json_line(json, 4);
    wp_json_begin(json, NULL, '{');
    wp_json_text(json, "unit", gains->unit);
    wp_json_number(json, "baseline", gains->baseline);
    wp_json_number(json, "baseline_discounted", gains->baseline_discounted);
    wp_json_line(json, 5);
    gains_row(json, &gains->total);
    wp_json_line(json, 5);
    key_ratio(json, "pounds_for_each", &gains->pounds_each);
    gains_rows(json, "by_year", gains->years, gains->n_years);
    gains_rows(json, "by_unit_value", gains->values, gains->n_values);
    spillover_json(json, data, spillover, -1.0, 5);
    wp_json_end(json, '}');
}

void wp_print_arm_end_json(wp_json *json, const wp_run_data *data, const wp_arm_decision *decision)
{
    wp_json_end(json, ']');
    wp_print_decision_json(json, data, decision);
    wp_json_end(json, '}');
}

static void shares(wp_json *json, const char *key, const wp_run_data *data, const double *values)
{
    wp_json_begin(json, key, '{');
    for (int a = 0; a < data->n_arms; a++) { wp_json_number(json, data->arms[a], values[a]); }
    wp_json_end(json, '}');
}

/* What each input is worth knowing, highest first. */
static void worth_knowing(wp_json *json, const wp_choice *choice)
{
    wp_json_line(json, 2);
    wp_json_begin(json, "evppi", '[');
    for (int i = 0; i < choice->inputs.n; i++) {
        const int at = choice->order[i];
        wp_json_line(json, 3);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "name", choice->inputs.names[at]);
        wp_json_number(json, "value", choice->evppi[at]);
        wp_json_number(json, "se", choice->evppi_se[at]);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

static wp_status acceptability(wp_json *json, const wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_acceptance points[WP_N_WORTHS];
    wp_arena arena;
    wp_arena_init(&arena, 0);
    wp_json_line(json, 2);
    wp_json_begin(json, "acceptability", '[');
    for (int u = wp_next_unit(&data->money, -1); u >= 0; u = wp_next_unit(&data->money, u)) {
        WP_TRY(wp_acceptance_of(&savings->pricing, data->money.value_units[u], &arena, points, err));
        for (int w = 0; w < WP_N_WORTHS; w++) {
            wp_json_line(json, 3);
            wp_json_begin(json, NULL, '{');
            wp_json_text(json, "unit", data->money.value_units[u]);
            wp_json_number(json, "worth", points[w].worth);
            wp_json_text(json, "best", data->arms[points[w].best]);
            wp_json_number(json, "evpi", points[w].evpi);
            shares(json, "chance_best", data, points[w].shares);
            wp_json_end(json, '}');
        }
    }
    wp_json_end(json, ']');
out:
    wp_arena_free(&arena);
    return status;
}

/* The choice between all arms; null where there is nothing to choose, or nothing known of chances. */
static wp_status choice_json(wp_json *json, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_choice choice = {0};
    wp_json_end(json, ']');
    wp_json_line(json, 1);
    if (data->n_arms < 2 || data->n_draws < 2 || !wp_money_has_unit(&data->money, "GBP")) {
        wp_json_null(json, "choice");
        return status;
    }
    WP_TRY(wp_choice_init(&choice, savings, err));
    wp_json_begin(json, "choice", '{');
    wp_json_text(json, "best", data->arms[choice.best]);
    wp_json_number(json, "evpi", choice.evpi);
    wp_json_line(json, 2);
    shares(json, "chance_best", data, choice.shares);
    wp_json_line(json, 2);
    shares(json, "mean_loss", data, choice.losses);
    worth_knowing(json, &choice);
    WP_TRY(acceptability(json, savings, err));
    wp_json_end(json, '}');
out:
    wp_choice_free(&choice);
    return status;
}

wp_status wp_print_end_json(wp_json *json, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_money_data *money = &data->money;
    WP_TRY(choice_json(json, savings, err));
    wp_json_line(json, 1);
    wp_json_begin(json, "targets", '[');
    for (int t = 0; t < money->n_targets; t++) {
        wp_comparison comparison;
        WP_TRY(wp_comparison_of(data, t, &comparison, err));
        wp_json_line(json, 2);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "target", money->targets[t]);
        wp_json_text(json, "id", money->target_ids[t]);
        wp_json_text(json, "role", money->target_is_claim[t] ? "claim" : "baseline fact");
        wp_json_text(json, "figure", money->target_figures[t]);
        wp_json_text(json, "unit", money->target_units[t]);
        wp_json_number(json, "published_low", money->target_low[t]);
        wp_json_number(json, "published_high", money->target_high[t]);
        key_interval(json, "simulated", &comparison.interval);
        wp_json_number(json, "ratio", comparison.ratio);
        wp_json_number(json, "z", comparison.z);
        wp_json_text(json, "verdict", wp_verdict_words(comparison.verdict));
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
    wp_json_end(json, '}');
    fputc('\n', json->out);
out:
    return status;
}
