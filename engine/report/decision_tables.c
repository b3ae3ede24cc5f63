/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of the long form that not every result has: several interventions, concentration, other units. */
#include <math.h>

#include "base/fail.h"
#include "report/decision_print.h"
#include "report/summary_print.h"
#include "report/words.h"
#include "simulate/counts.h"
#include "uncertainty/acceptance.h"
#include "money/concentration.h"

/* ---- Several interventions ----------------------------------------------------------------------------- */

static void cell(FILE *out, const wp_interval *interval, double step)
{
    char value[WP_NUMBER_CHARS], noise[WP_NUMBER_CHARS];
    double half = wp_half_width(interval);
    wp_number_text(interval->mean, step, value);
    wp_number_text(half, step, noise);
    fprintf(out, " %16s \xc2\xb1 %-12s", value, isnan(half) ? "?" : noise);
}

void wp_print_package(FILE *out, const wp_run_data *data, const wp_package *package)
{
    /* A figure more than usual: the rows share most of what is not known, so differences are known better. */
    double step =
        fmax(1.0, wp_round_step(wp_half_width(&package->together), package->together.mean, 1.0) / 10.0);
    double parts[WP_MAX_PACKAGE], rounded[WP_MAX_PACKAGE];
    char title[WP_TITLE_CHARS];
    for (int i = 0; i < package->n; i++) { parts[i] = package->rows[i].share.mean; }
    wp_round_parts(parts, package->n, package->together.mean, step, rounded);
    fprintf(out,
            "\nWho saves what in %s (net saving, discounted, with the half-width of its 95 %% interval)\n",
            wp_title_text(data->arms[package->arm], title));
    wp_print_label(out, "");
    fprintf(out, " %-31s %-31s %-31s\n", "           alone", "  on top of the others",
            "  its share (Shapley)");
    for (int i = 0; i < package->n; i++) {
        const wp_package_row *row = &package->rows[i];
        wp_interval share = row->share;
        share.mean = rounded[i];
        wp_print_label(out, wp_title_text(data->interventions[row->intervention], title));
        cell(out, &row->alone, step);
        cell(out, &row->last_in, step);
        cell(out, &share, step);
        fprintf(out, "\n");
    }
    wp_print_label(out, "Together");
    cell(out, &package->together, step);
    fputc('\n', out);
    wp_print_label(out, "Together less each alone");
    cell(out, &package->interaction, step);
    fprintf(out, "\n");
}

/* ---- Concentration ------------------------------------------------------------------------------------- */

/* Of all draws and replicates, unweighted, in the outcome's unit. */
static double outcome_total(const wp_run_data *data, int arm, int outcome)
{
    size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates, n_years = (size_t)data->n_years;
    int64_t sum = 0;
    for (size_t run = 0; run < n_runs * WP_N_BATCHES; run++) {
        for (size_t y = 0; y < n_years; y++) {
            size_t at = ((size_t)arm * n_runs * WP_N_BATCHES + run) * n_years + y;
            sum += data->batches[at * (size_t)data->n_outcomes + (size_t)outcome];
        }
    }
    return (double)sum * data->outcome_scale[outcome];
}

wp_status wp_print_concentration(FILE *out, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arena arena;
    wp_arena_init(&arena, 0);
    double *people = wp_arena_alloc_array(&arena, (size_t)data->n_bins, sizeof *people);
    double *amounts = wp_arena_alloc_array(&arena, (size_t)data->n_bins, sizeof *amounts);
    WP_TRY_ALLOC(people);
    WP_TRY_ALLOC(amounts);
    if (data->n_histograms > 0) {
        fputs("\nOn how few it falls, all years\n", out);
        wp_print_label(out, "share of those who have most");
        fprintf(out, " %12s %12s %12s %8s\n", "top 1 %", "top 5 %", "top 20 %", "Gini");
    }
    for (int h = 0; h < data->n_histograms; h++) {
        for (int arm = 0; arm < data->n_arms; arm++) {
            char label[2 * WP_TITLE_CHARS + 4], titles[2][WP_TITLE_CHARS];
            int outcome = data->histogram_outcome[h];
            wp_concentration_of(data, arm, h, outcome_total(data, arm, outcome), people, amounts);
            wp_concentration c = {data->n_bins, people, amounts};
            if (isnan(wp_concentration_top(&c, 0.01))) { continue; }
            snprintf(label, sizeof label, "%s, %s", wp_title_text(data->outcomes[outcome], titles[0]),
                     wp_title_text(data->arms[arm], titles[1]));
            wp_print_label(out, label);
            fprintf(out, " %10.1f %% %10.1f %% %10.1f %% %8.2f\n", 100.0 * wp_concentration_top(&c, 0.01),
                    100.0 * wp_concentration_top(&c, 0.05), 100.0 * wp_concentration_top(&c, 0.20),
                    wp_concentration_gini(&c));
        }
    }
out:
    wp_arena_free(&arena);
    return status;
}

/* ---- Acceptability ------------------------------------------------------------------------------------- */

static wp_status print_unit(FILE *out, const wp_pricing *pricing, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = pricing->data;
    wp_acceptance rows[WP_N_WORTHS];
    wp_arena arena;
    char text[WP_NUMBER_CHARS], title[WP_TITLE_CHARS];
    wp_arena_init(&arena, 0);
    WP_TRY(wp_acceptance_of(pricing, unit, &arena, rows, err));
    fprintf(out, "\nChance of being best if a %s is worth so many pounds (*: best on the mean)\n", unit);
    wp_print_label(out, "");
    for (int a = 0; a < data->n_arms; a++) { fprintf(out, " %15.15s ", wp_title_text(data->arms[a], title)); }
    fprintf(out, " %18s\n", "worth of knowing");
    for (int w = 0; w < WP_N_WORTHS; w++) {
        wp_number_text(rows[w].worth, 1.0, text);
        wp_print_label(out, text);
        for (int a = 0; a < data->n_arms; a++) {
            fprintf(out, " %13.0f %%%s", 100.0 * rows[w].shares[a], a == rows[w].best ? "*" : " ");
        }
        wp_number_text(rows[w].evpi, wp_round_step(NAN, rows[w].evpi, 1.0), text);
        fprintf(out, " %18s\n", text);
    }
out:
    wp_arena_free(&arena);
    return status;
}

wp_status wp_print_acceptability(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_money_data *money = &data->money;
    if (data->n_draws < 2 || data->n_arms < 2) { return status; }
    for (int u = wp_next_unit(money, -1); u >= 0; u = wp_next_unit(money, u)) {
        WP_TRY(print_unit(out, &savings->pricing, money->value_units[u], err));
    }
out:
    return status;
}
