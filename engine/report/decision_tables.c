/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of the long form that not every result has: several interventions, concentration, other units. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "simulate/counts.h"
#include "uncertainty/concentration.h"
#include "report/decision_print.h"
#include "uncertainty/information.h"
#include "report/rounding.h"

enum { LABEL_WIDTH = 34 };

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
    for (int i = 0; i < package->n; i++) { parts[i] = package->rows[i].share.mean; }
    wp_round_parts(parts, package->n, package->together.mean, step, rounded);
    fprintf(out,
            "\nWho saves what in %s (net saving, discounted, with the half-width of its 95 %% interval)\n",
            data->arms[package->arm]);
    fprintf(out, "  %-*s %-31s %-31s %-31s\n", LABEL_WIDTH, "", "           alone", "  on top of the others",
            "  its share (Shapley)");
    for (int i = 0; i < package->n; i++) {
        const wp_package_row *row = &package->rows[i];
        wp_interval share = row->share;
        share.mean = rounded[i];
        fprintf(out, "  %-*s", LABEL_WIDTH, data->interventions[row->intervention]);
        cell(out, &row->alone, step);
        cell(out, &row->last_in, step);
        cell(out, &share, step);
        fprintf(out, "\n");
    }
    fprintf(out, "  %-*s", LABEL_WIDTH, "Together");
    cell(out, &package->together, step);
    fprintf(out, "\n  %-*s", LABEL_WIDTH, "Together less each alone");
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
        fprintf(out, "\nOn how few it falls, all years\n  %-*s %12s %12s %12s %8s\n", LABEL_WIDTH,
                "share of those who have most", "top 1 %", "top 5 %", "top 20 %", "Gini");
    }
    for (int h = 0; h < data->n_histograms; h++) {
        for (int arm = 0; arm < data->n_arms; arm++) {
            char label[128];
            int outcome = data->histogram_outcome[h];
            wp_concentration_of(data, arm, h, outcome_total(data, arm, outcome), people, amounts);
            wp_concentration c = {data->n_bins, people, amounts};
            if (isnan(wp_concentration_top(&c, 0.01))) { continue; }
            snprintf(label, sizeof label, "%s, %s", data->outcomes[outcome], data->arms[arm]);
            fprintf(out, "  %-*s %10.1f %% %10.1f %% %10.1f %% %8.2f\n", LABEL_WIDTH, label,
                    100.0 * wp_concentration_top(&c, 0.01), 100.0 * wp_concentration_top(&c, 0.05),
                    100.0 * wp_concentration_top(&c, 0.20), wp_concentration_gini(&c));
        }
    }
out:
    wp_arena_free(&arena);
    return status;
}

/* ---- Acceptability ------------------------------------------------------------------------------------- */

/* What a unit might be worth: NICE's threshold of 20,000 to 30,000 a QALY and the Green Book's 70,000 among
   them. */
static const double worths[] = {0.0, 10e3, 20e3, 30e3, 50e3, 70e3};
enum { N_WORTHS = sizeof worths / sizeof worths[0] };

/* Pounds saved and units gained of each arm, as figures [2 * arm], [2 * arm + 1] in the order of
   wp_nested_sample. */
static wp_status price_arms(wp_savings *savings, const char *unit, wp_arena *arena, wp_nested *nested,
                            wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    size_t n = (size_t)data->n_draws * (size_t)data->n_replicates, n_figures = 2 * ((size_t)data->n_arms - 1);
    double *values = wp_arena_alloc_array(arena, n_figures * n, sizeof *values);
    double *batch_values = wp_arena_alloc_array(arena, n_figures * n * WP_N_BATCHES, sizeof *batch_values);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(batch_values);
    for (size_t f = 0; f < n_figures; f++) {
        wp_money_select select = {.unit = f % 2 == 0 ? "GBP" : unit,
                                  .payer = WP_ALL_PAYERS,
                                  .last_year = INT_MAX,
                                  .discounted = true};
        wp_pricing_savings(&savings->pricing, (int)(f / 2) + 1, &select, values + f * n);
        wp_pricing_batch_savings(&savings->pricing, (int)(f / 2) + 1, &select,
                                 batch_values + f * n * WP_N_BATCHES);
    }
    const wp_batches batches = {WP_N_BATCHES, batch_values, data->founders_by_batch};
    const wp_nested_sample sample = {(int)n_figures, data->n_draws, data->n_replicates, values, &batches};
    WP_TRY(wp_nested_init(nested, &sample, err));
out:
    return status;
}

static void print_worth(FILE *out, const wp_run_data *data, const wp_nested *nested, double worth,
                        double *benefits, double *shares)
{
    size_t n_options = (size_t)data->n_arms;
    char text[WP_NUMBER_CHARS];
    for (size_t d = 0; d < (size_t)data->n_draws; d++) {
        for (size_t a = 1; a < n_options; a++) {
            const double *figures = nested->draws + d * (size_t)nested->n_figures + 2 * (a - 1);
            /* A saving of units is a loss of them. */
            benefits[d * n_options + a] = figures[0] - worth * figures[1];
        }
    }
    wp_acceptability(benefits, data->n_draws, data->n_arms, shares, NULL);
    int best = wp_best_option(benefits, data->n_draws, data->n_arms);
    wp_number_text(worth, 1.0, text);
    fprintf(out, "  %-*s", LABEL_WIDTH, text);
    for (int o = 0; o < data->n_arms; o++) {
        fprintf(out, " %13.0f %%%s", 100.0 * shares[o], o == best ? "*" : " ");
    }
    wp_number_text(wp_evpi(benefits, data->n_draws, data->n_arms),
                   wp_round_step(NAN, wp_evpi(benefits, data->n_draws, data->n_arms), 1.0), text);
    fprintf(out, " %18s\n", text);
}

static wp_status print_unit(FILE *out, wp_savings *savings, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_nested nested = {0};
    wp_arena arena;
    wp_arena_init(&arena, 0);
    double *benefits =
        wp_arena_alloc_array(&arena, (size_t)data->n_draws * (size_t)data->n_arms, sizeof *benefits);
    double *shares = wp_arena_alloc_array(&arena, (size_t)data->n_arms, sizeof *shares);
    WP_TRY_ALLOC(benefits);
    WP_TRY_ALLOC(shares);
    WP_TRY(price_arms(savings, unit, &arena, &nested, err));
    fprintf(out, "\nChance of being best if a %s is worth so many pounds (*: best on the mean)\n  %-*s", unit,
            LABEL_WIDTH, "");
    for (int o = 0; o < data->n_arms; o++) { fprintf(out, " %15s ", data->arms[o]); }
    fprintf(out, " %18s\n", "worth of knowing");
    for (int w = 0; w < N_WORTHS; w++) { print_worth(out, data, &nested, worths[w], benefits, shares); }
out:
    wp_nested_free(&nested);
    wp_arena_free(&arena);
    return status;
}

wp_status wp_print_acceptability(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    const wp_money_data *money = &data->money;
    for (int u = 0; u < money->n_unit_values && data->n_draws > 1 && data->n_arms > 1; u++) {
        bool is_new = strcmp(money->value_units[u], "GBP") != 0;
        for (int v = 0; v < u; v++) {
            is_new = is_new && strcmp(money->value_units[v], money->value_units[u]) != 0;
        }
        if (is_new) { WP_TRY(print_unit(out, savings, money->value_units[u], err)); }
    }
out:
    return status;
}
