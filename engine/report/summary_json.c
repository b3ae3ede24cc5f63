/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A summary as one JSON object: unrounded numbers, null where something is not known. */
#define _GNU_SOURCE /* strtok_r */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/field.h"
#include "report/decision_print.h"
#include "report/headline.h"
#include "report/summary_print.h"
#include "uncertainty/acceptance.h"
#include "uncertainty/comparison.h"
#include "uncertainty/touched.h"

static void key_number(FILE *out, const char *key, double value)
{
    fprintf(out, "\"%s\": ", key);
    wp_field_number(out, value, "null");
}

static void key_text(FILE *out, const char *key, const char *value)
{
    fprintf(out, "\"%s\": ", key);
    wp_field_json(out, value);
}

static void key_interval(FILE *out, const char *key, const wp_interval *interval)
{
    static const char *const methods[] = {"none", "batches", "replicates", "t_over_draws",
                                          "percentiles_over_draws"};
    fprintf(out, "\"%s\": {", key);
    key_number(out, "mean", interval->mean);
    fputs(", ", out);
    key_number(out, "parameter_low", interval->low);
    fputs(", ", out);
    key_number(out, "parameter_high", interval->high);
    fputs(", ", out);
    key_number(out, "noise_half_width", interval->noise);
    fprintf(out, ", \"method\": \"%s\", \"noise_exceeds_variance\": %s}", methods[interval->method],
            interval->is_floored ? "true" : "false");
}

static void key_ratio(FILE *out, const char *key, const wp_ratio *ratio)
{
    fprintf(out, "\"%s\": ", key);
    if (!ratio->is_known) {
        fputs("null", out);
        return;
    }
    fputs("{", out);
    key_number(out, "ratio", ratio->mean);
    fputs(", ", out);
    key_number(out, "low", ratio->low);
    fputs(", ", out);
    key_number(out, "high", ratio->high);
    fputs("}", out);
}

void wp_print_head_json(FILE *out, const wp_run_data *data)
{
    fputs("{", out);
    key_text(out, "title", data->title);
    fputs(",\n ", out);
    key_text(out, "scenario", data->scenario_path);
    fprintf(out,
            ",\n \"seed\": %llu, \"draws\": %d, \"replicates\": %d, \"years\": %d, \"uncertain\": %d, "
            "\"families\": %lld, ",
            (unsigned long long)data->seed, data->n_draws, data->n_replicates, data->n_years - 1,
            data->n_uncertain, (long long)data->n_lineages);
    key_number(out, "weight", data->weight);
    fputs(", ", out);
    key_text(out, "version", data->version);
    fputs(", ", out);
    key_text(out, "caution", data->caution);
    fputs(", ", out);
    key_text(out, "stopped", data->stopped);
    fputs(",\n ", out);
    key_text(out, "price_year", data->money.price_year);
    fputs(", ", out);
    key_text(out, "discounting", data->money.discount_text);
    fputs(",\n \"arms\": [", out);
}

static void row(FILE *out, const wp_saving_row *saving)
{
    key_interval(out, "services", &saving->gross);
    fputs(", ", out);
    key_interval(out, "programme", &saving->programme);
    fputs(", ", out);
    key_interval(out, "net", &saving->net);
    fputs(", ", out);
    key_interval(out, "net_discounted", &saving->net_discounted);
}

static void rows(FILE *out, const char *key, const wp_saving_row *list, int n)
{
    fprintf(out, ",\n   \"%s\": [", key);
    for (int i = 0; i < n; i++) {
        fputs(i > 0 ? ",\n    {" : "\n    {", out);
        key_text(out, "label", list[i].label);
        fputs(", ", out);
        key_text(out, "note", list[i].note);
        fputs(", ", out);
        row(out, &list[i]);
        fputs("}", out);
    }
    fputs("]", out);
}

/* The headline's sentences. */
static wp_status headline(FILE *out, const wp_arm_page *page, wp_error *err)
{
    wp_status status = WP_OK;
    char *sentences = NULL, *place = NULL;
    fputs(",\n   \"headline\": [", out);
    WP_TRY(wp_headline_arm(page, &sentences, err));
    for (char *line = strtok_r(sentences, "\n", &place); line != NULL; line = strtok_r(NULL, "\n", &place)) {
        if (line != sentences) { fputs(",\n    ", out); }
        wp_field_json(out, line);
    }
    fputs("],\n   ", out);
out:
    free(sentences);
    return status;
}

wp_status wp_print_arm_json(FILE *out, const wp_arm_page *page, int is_first, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = page->data;
    const wp_arm_savings *arm = page->savings;
    fputs(is_first ? "\n  {" : ",\n  {", out);
    key_text(out, "arm", data->arms[arm->arm]);
    WP_TRY(headline(out, page, err));
    key_number(out, "share_touched", wp_share_touched(data, arm->arm, data->n_years - 1));
    fputs(",\n   \"total\": {", out);
    row(out, &arm->total);
    fputs("},\n   ", out);
    key_interval(out, "net_with_optimism_bias", &arm->biased);
    fputs(",\n   ", out);
    key_interval(out, "net_discounted_with_optimism_bias", &arm->biased_discounted);
    fputs(",\n   ", out);
    key_interval(out, "net_cashable", &arm->cashable);
    fputs(",\n   ", out);
    key_ratio(out, "benefit_cost_ratio", &arm->benefit_cost);
    rows(out, "by_year", arm->years, arm->n_years);
    rows(out, "by_payer", arm->payers, arm->n_payers);
    rows(out, "by_unit_value", arm->values, arm->n_values);
    fputs(",\n   \"outcomes\": [", out);
    for (int i = 0; i < arm->n_outcomes; i++) {
        const wp_outcome_row *outcome = &arm->outcomes[i];
        fputs(i > 0 ? ",\n    {" : "\n    {", out);
        key_text(out, "outcome", data->outcomes[outcome->outcome]);
        fputs(", ", out);
        key_text(out, "units", data->outcome_units[outcome->outcome]);
        fputs(", ", out);
        key_interval(out, "baseline", &outcome->baseline);
        fputs(", ", out);
        key_interval(out, "arm", &outcome->arm);
        fputs(", ", out);
        key_interval(out, "change", &outcome->change);
        fprintf(out, ", \"mean_over_instants\": %d}", data->outcome_snapshots[outcome->outcome]);
    }
    fputs("],\n   \"other_units\": [", out);
out:
    return status;
}

/* The gain of one line: what is saved, turned. */
static void gains_row(FILE *out, const wp_saving_row *saving)
{
    const wp_interval gained = wp_interval_negated(&saving->net);
    const wp_interval discounted = wp_interval_negated(&saving->net_discounted);
    key_interval(out, "gained", &gained);
    fputs(", ", out);
    key_interval(out, "gained_discounted", &discounted);
}

static void gains_rows(FILE *out, const char *key, const wp_saving_row *list, int n)
{
    fprintf(out, ",\n     \"%s\": [", key);
    for (int i = 0; i < n; i++) {
        fputs(i > 0 ? ",\n      {" : "\n      {", out);
        key_text(out, "label", list[i].label);
        fputs(", ", out);
        gains_row(out, &list[i]);
        fputs("}", out);
    }
    fputs("]", out);
}

void wp_print_unit_json(FILE *out, const wp_arm_savings *gains, int is_first)
{
    fputs(is_first ? "\n    {" : ",\n    {", out);
    key_text(out, "unit", gains->unit);
    fputs(", ", out);
    key_number(out, "baseline", gains->baseline);
    fputs(", ", out);
    key_number(out, "baseline_discounted", gains->baseline_discounted);
    fputs(",\n     ", out);
    gains_row(out, &gains->total);
    fputs(",\n     ", out);
    key_ratio(out, "pounds_for_each", &gains->pounds_each);
    gains_rows(out, "by_year", gains->years, gains->n_years);
    gains_rows(out, "by_unit_value", gains->values, gains->n_values);
    fputs("}", out);
}

void wp_print_arm_end_json(FILE *out, const wp_run_data *data, const wp_decision *decision)
{
    fputs("]", out);
    wp_print_decision_json(out, data, decision);
    fputs("}", out);
}

static void shares(FILE *out, const char *key, const wp_run_data *data, const double *values)
{
    fprintf(out, "\"%s\": {", key);
    for (int a = 0; a < data->n_arms; a++) {
        if (a > 0) { fputs(", ", out); }
        wp_field_json(out, data->arms[a]);
        fputs(": ", out);
        wp_field_number(out, values[a], "null");
    }
    fputs("}", out);
}

/* What each input is worth knowing, highest first. */
static void worth_knowing(FILE *out, const wp_choice *choice)
{
    fputs(",\n  \"evppi\": [", out);
    for (int i = 0; i < choice->inputs.n; i++) {
        const int at = choice->order[i];
        fputs(i > 0 ? ",\n   {" : "\n   {", out);
        key_text(out, "name", choice->inputs.names[at]);
        fputs(", ", out);
        key_number(out, "value", choice->evppi[at]);
        fputs(", ", out);
        key_number(out, "se", choice->evppi_se[at]);
        fputs("}", out);
    }
    fputs("]", out);
}

static wp_status acceptability(FILE *out, const wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_acceptance points[WP_N_WORTHS];
    wp_arena arena;
    bool is_first = true;
    wp_arena_init(&arena, 0);
    fputs(",\n  \"acceptability\": [", out);
    for (int u = wp_next_unit(&data->money, -1); u >= 0; u = wp_next_unit(&data->money, u)) {
        WP_TRY(wp_acceptance_of(&savings->pricing, data->money.value_units[u], &arena, points, err));
        for (int w = 0; w < WP_N_WORTHS; w++) {
            fputs(is_first ? "\n   {" : ",\n   {", out);
            is_first = false;
            key_text(out, "unit", data->money.value_units[u]);
            fputs(", ", out);
            key_number(out, "worth", points[w].worth);
            fputs(", ", out);
            key_text(out, "best", data->arms[points[w].best]);
            fputs(", ", out);
            key_number(out, "evpi", points[w].evpi);
            fputs(", ", out);
            shares(out, "chance_best", data, points[w].shares);
            fputs("}", out);
        }
    }
    fputs("]", out);
out:
    wp_arena_free(&arena);
    return status;
}

/* The choice between all arms; null where there is nothing to choose, or nothing known of chances. */
static wp_status choice_json(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_choice choice = {0};
    fputs("],\n \"choice\": ", out);
    if (data->n_arms < 2 || data->n_draws < 2 || !wp_money_has_unit(&data->money, "GBP")) {
        fputs("null", out);
        return status;
    }
    WP_TRY(wp_choice_init(&choice, savings, err));
    fputs("{", out);
    key_text(out, "best", data->arms[choice.best]);
    fputs(", ", out);
    key_number(out, "evpi", choice.evpi);
    fputs(",\n  ", out);
    shares(out, "chance_best", data, choice.shares);
    fputs(",\n  ", out);
    shares(out, "mean_loss", data, choice.losses);
    worth_knowing(out, &choice);
    WP_TRY(acceptability(out, savings, err));
    fputs("}", out);
out:
    wp_choice_free(&choice);
    return status;
}

wp_status wp_print_end_json(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_money_data *money = &data->money;
    WP_TRY(choice_json(out, savings, err));
    fputs(",\n \"targets\": [", out);
    for (int t = 0; t < money->n_targets; t++) {
        wp_comparison comparison;
        WP_TRY(wp_comparison_of(data, t, &comparison, err));
        fputs(t > 0 ? ",\n  {" : "\n  {", out);
        key_text(out, "target", money->targets[t]);
        fputs(", ", out);
        key_text(out, "id", money->target_ids[t]);
        fprintf(out, ", \"role\": \"%s\", ", money->target_is_claim[t] ? "claim" : "baseline fact");
        key_text(out, "figure", money->target_figures[t]);
        fputs(", ", out);
        key_text(out, "unit", money->target_units[t]);
        fputs(", ", out);
        key_number(out, "published_low", money->target_low[t]);
        fputs(", ", out);
        key_number(out, "published_high", money->target_high[t]);
        fputs(", ", out);
        key_interval(out, "simulated", &comparison.interval);
        fputs(", ", out);
        key_number(out, "ratio", comparison.ratio);
        fputs(", ", out);
        key_number(out, "z", comparison.z);
        fputs(", ", out);
        key_text(out, "verdict", wp_verdict_words(comparison.verdict));
        fputs("}", out);
    }
    fputs("]}\n", out);
out:
    return status;
}
