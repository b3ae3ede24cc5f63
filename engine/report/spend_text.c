/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of spend. */
#include "report/spend_print.h"

#include "base/arena.h"
#include "base/fail.h"
#include "report/rounding.h"
#include "money/person_spend.h"

enum { N_TOPS = 3, LABEL_WIDTH = 34 };
static const double tops[N_TOPS] = {0.01, 0.05, 0.20};

static double sum_of(const double *people, const double *amounts, int n_bins)
{
    double sum = 0.0;
    for (int b = 0; b < n_bins; b++) { sum += people[b] * (amounts == NULL ? 1.0 : amounts[b]); }
    return sum;
}

/* Means per head of the tiers between the tops, and of the rest. */
static void print_row(FILE *out, const wp_run_data *data, const char *label, const double *people,
                      const double *amounts)
{
    const int n_bins = data->n_spend_bins;
    const double n = sum_of(people, NULL, n_bins), all = sum_of(people, amounts, n_bins);
    const double runs = (double)data->n_draws * (double)data->n_replicates;
    char text[WP_NUMBER_CHARS];
    if (!(n > 0.0)) { return; }
    wp_number_text(n / runs * data->weight, 1.0, text);
    fprintf(out, "  %-*s %12s", LABEL_WIDTH, label, text);
    wp_number_text(all / n, 1.0, text);
    fprintf(out, " %9s", text);
    for (int t = 0; t < N_TOPS; t++) {
        fprintf(out, " %7.1f %%",
                all > 0.0 ? 100.0 * wp_spend_on_top(people, amounts, n_bins, tops[t]) / all : 0.0);
    }
    for (int t = 0; t <= N_TOPS; t++) {
        const double above = t == 0 ? 0.0 : tops[t - 1], upto = t < N_TOPS ? tops[t] : 1.0;
        const double spent = wp_spend_on_top(people, amounts, n_bins, upto) -
                             (t == 0 ? 0.0 : wp_spend_on_top(people, amounts, n_bins, above));
        wp_number_text(spent / (n * (upto - above)), 1.0, text);
        fprintf(out, " %9s", text);
    }
    fprintf(out, "\n");
}

static void print_arm(FILE *out, const wp_run_data *data, int arm, bool all_years, double *people,
                      double *amounts)
{
    char label[128];
    const int n = data->n_years - 1; /* the last instant is no year */
    fprintf(out, "  %s\n", data->arms[arm]);
    for (int y = 0; y < n; y++) {
        if (!all_years && y > 0 && y < n - 1) { continue; }
        wp_spend_of(data, arm, y, people, amounts);
        snprintf(label, sizeof label, "  %d", data->years[y]);
        print_row(out, data, label, people, amounts);
    }
    wp_spend_of(data, arm, WP_ALL_YEARS, people, amounts);
    print_row(out, data, "  all years, persons x years", people, amounts);
}

wp_status wp_print_spend(FILE *out, const wp_run_data *data, bool all_years, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arena arena;
    if (data->n_spend_bins == 0) { return WP_OK; }
    wp_arena_init(&arena, 0);
    double *people = wp_arena_alloc_array(&arena, (size_t)data->n_spend_bins, sizeof *people);
    double *amounts = wp_arena_alloc_array(&arena, (size_t)data->n_spend_bins, sizeof *amounts);
    WP_TRY_ALLOC(people);
    WP_TRY_ALLOC(amounts);
    fprintf(out, "\nSpend of persons in a year, pounds undiscounted:");
    for (int u = 0, n = 0; u < data->money.n_unit_values; u++) {
        if (data->money.value_is_spend[u] != 0) {
            fprintf(out, "%s%s", n++ == 0 ? " " : ", ", data->money.unit_values[u]);
        }
    }
    fprintf(out, "\n  %-*s %12s %9s %29s %9s %9s %9s %9s\n", LABEL_WIDTH, "", "people", "each",
            "share of the top 1, 5, 20 %", "top 1 %", "next 4 %", "next 15 %", "others");
    for (int arm = 0; arm < data->n_arms; arm++) { print_arm(out, data, arm, all_years, people, amounts); }
out:
    wp_arena_free(&arena);
    return status;
}
