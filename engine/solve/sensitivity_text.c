/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity as text, JSON and CSV. */
#include <math.h>
#include <string.h>

#include <wholeplace/sensitivity.h>

#include "base/field.h"
#include "base/json.h"
#include "report/rounding.h"
#include "report/words.h"
#include "uncertainty/sobol_indices.h"

enum { NAME_COLUMNS = 34, PAGE_COLUMNS = 96 };

void wp_sensitivity_print_plan(const wp_sensitivity *plan, FILE *out)
{
    const int n_alike = plan->n_models - plan->n_runs;
    fprintf(out, "%d draws x (%d inputs + 2) = %d models: %d simulations", plan->n_draws, plan->n_inputs,
            plan->n_models, plan->n_runs);
    if (n_alike > 0) { fprintf(out, ", and %d where prices alone differ, which take none", n_alike); }
    fputc('\n', out);
}

/* "55.8 (41.0 to 70.1)" in per cent; exactly 0 as such. */
static void print_share(double value, double low, double high, FILE *out)
{
    char text[64];
    if (value == 0.0) {
        snprintf(text, sizeof text, "0");
    } else if (isnan(low)) {
        snprintf(text, sizeof text, "%.1f", 100.0 * value);
    } else {
        snprintf(text, sizeof text, "%.1f (%.1f to %.1f)", 100.0 * value, 100.0 * low, 100.0 * high);
    }
    fprintf(out, " %26s", text);
}

static void print_name(const wp_sensitivity_input *input, FILE *out)
{
    fputs("  ", out);
    wp_print_padded(out, input->name, NAME_COLUMNS);
    if (wp_text_columns(input->name) > NAME_COLUMNS) { fprintf(out, "\n  %*s", NAME_COLUMNS, ""); }
}

static void print_inputs(const wp_sensitivity *plan, FILE *out)
{
    for (int k = 0; k < plan->n_inputs; k++) {
        print_name(&plan->inputs[k], out);
        fputs(plan->inputs[k].changes_lives ? "  by simulation\n" : "  by prices alone\n", out);
    }
}

static void print_figure(const wp_sensitivity *found, FILE *out)
{
    char mean[WP_NUMBER_CHARS], sd[WP_NUMBER_CHARS];
    const double in_unit = strcmp(found->unit, "%") == 0 ? 100.0 : 1.0;
    const double step = wp_round_step(found->sd > 0.0 ? in_unit * found->sd : NAN, in_unit * found->mean, 0.0);
    const char *space = found->unit[0] == '\0' ? "" : " ";
    wp_number_text(in_unit * found->mean, step, mean);
    wp_number_text(in_unit * found->sd, step, sd);
    fprintf(out, "  mean %s%s%s, standard deviation %s%s%s over what is not known\n", mean, space, found->unit, sd,
            space, found->unit);
    if (isnan(found->noise)) {
        fputs("  how much of that is chance cannot be told: simulate two replicates or more\n", out);
    } else if (found->noise >= 0.005) {
        fprintf(out, "  chance added %.0f %% to the variance as simulated; it is taken off\n",
                found->noise < 1.0 ? 100.0 * found->noise / (1.0 - found->noise) : INFINITY);
    }
}

static void print_legend(int n_draws, FILE *out)
{
    fputc('\n', out);
    wp_print_wrapped(
        out,
        "With all others (total Sobol index): what would still be open if everything else was known. "
        "Alone (first-order index): what would no longer be open if this alone was known. What alone "
        "falls short of with all others comes of numbers acting together.",
        2, PAGE_COLUMNS);
    if (n_draws < WP_SOBOL_INTERVAL_ROWS) {
        fprintf(out, "  Of %d draws nothing can be said of how well they tell it: take %d or more (--draws).\n",
                n_draws, (int)WP_SOBOL_INTERVAL_ROWS);
        return;
    }
    wp_print_wrapped(out,
                     "In brackets 95 % intervals of how well so few draws tell it: four times the draws "
                     "(--draws) halve them.",
                     2, PAGE_COLUMNS);
}

void wp_sensitivity_print(const wp_sensitivity *found, FILE *out)
{
    fprintf(out, "What hinges on what: %s\n  ", found->figure);
    wp_sensitivity_print_plan(found, out);
    if (!found->is_found) {
        print_inputs(found, out);
        return;
    }
    print_figure(found, out);
    if (!(found->sd > 0.0)) {
        fputs("  Nothing varies that can be told from chance; more families or replicates would tell.\n",
              out);
        return;
    }
    fputs("\n  ", out);
    wp_print_padded(out, "share of the variance, %", NAME_COLUMNS);
    fprintf(out, " %26s %26s\n", "with all others", "alone");
    for (int k = 0; k < found->n_inputs; k++) {
        const wp_sensitivity_input *input = &found->inputs[k];
        print_name(input, out);
        print_share(input->total, input->total_low, input->total_high, out);
        print_share(input->first, input->first_low, input->first_high, out);
        fputc('\n', out);
    }
    print_legend(found->n_draws, out);
}

void wp_sensitivity_print_json(const wp_sensitivity *found, FILE *out)
{
    wp_json json = {.out = out};
    wp_json_begin(&json, NULL, '{');
    wp_json_text(&json, "figure", found->figure);
    wp_json_text(&json, "unit", found->unit);
    wp_json_whole(&json, "draws", found->n_draws);
    wp_json_whole(&json, "models", found->n_models);
    wp_json_whole(&json, "runs", found->n_runs);
    wp_json_flag(&json, "found", found->is_found);
    wp_json_number(&json, "mean", found->mean);
    wp_json_number(&json, "sd", found->sd);
    wp_json_number(&json, "noise", found->noise);
    wp_json_begin(&json, "inputs", '[');
    for (int k = 0; k < found->n_inputs; k++) {
        const wp_sensitivity_input *input = &found->inputs[k];
        wp_json_line(&json, 2);
        wp_json_begin(&json, NULL, '{');
        wp_json_text(&json, "input", input->name);
        wp_json_whole(&json, "numbers", input->n_numbers);
        wp_json_flag(&json, "changes_lives", input->changes_lives);
        wp_json_number(&json, "total", input->total);
        wp_json_number(&json, "total_low", input->total_low);
        wp_json_number(&json, "total_high", input->total_high);
        wp_json_number(&json, "first", input->first);
        wp_json_number(&json, "first_low", input->first_low);
        wp_json_number(&json, "first_high", input->first_high);
        wp_json_end(&json, '}');
    }
    wp_json_end(&json, ']');
    wp_json_end(&json, '}');
    fputc('\n', out);
}

void wp_sensitivity_print_csv(const wp_sensitivity *found, FILE *out)
{
    fputs("input,numbers,changes_lives,total,total_low,total_high,first,first_low,first_high\n", out);
    for (int k = 0; k < found->n_inputs; k++) {
        const wp_sensitivity_input *input = &found->inputs[k];
        wp_field_csv(out, input->name);
        fprintf(out, ",%d,%s", input->n_numbers, input->changes_lives ? "true" : "false");
        const double numbers[] = {input->total, input->total_low, input->total_high,
                                  input->first, input->first_low, input->first_high};
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            fputc(',', out);
            wp_field_number(out, numbers[i], "");
        }
        fputc('\n', out);
    }
}
