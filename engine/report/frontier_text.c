/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one more unit (a QALY) costs, arm by arm along the efficient frontier. */
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>

#include "base/fail.h"
#include "report/decision_print.h"
#include "uncertainty/acceptance.h"
#include "uncertainty/frontier.h"

enum { LABEL_WIDTH = 34 };

static const char *standing_words(wp_standing standing)
{
    switch (standing) {
    case WP_DOMINATED: return "another arm costs no more and gains no less";
    case WP_EXTENDED_DOMINATED: return "a mixture of two others does";
    default: return "";
    }
}

/* Mean of what each arm costs more (its sign turned, saves less) than the baseline, discounted, in one unit. */
static void find_more(wp_savings *savings, const char *unit, double *more)
{
    const wp_run_data *data = savings->data;
    const wp_money_select select = {
        .unit = unit, .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
    more[0] = 0.0;
    for (int a = 1; a < data->n_arms; a++) {
        wp_pricing_savings(&savings->pricing, a, &select, savings->values);
        more[a] = -gsl_stats_mean(savings->values, 1, (size_t)data->n_draws * (size_t)data->n_replicates);
    }
}

static void print_row(FILE *out, const wp_run_data *data, const wp_frontier_row *row, double cost,
                      double effect)
{
    char costs[WP_NUMBER_CHARS], effects[WP_NUMBER_CHARS], ratio[WP_NUMBER_CHARS] = "";
    wp_number_text(cost, wp_round_step(NAN, cost, 1.0), costs);
    wp_number_text(effect, wp_round_step(NAN, effect, 0.01), effects);
    if (!isnan(row->ratio)) { wp_number_text(row->ratio, wp_round_step(NAN, row->ratio, 1.0), ratio); }
    fprintf(out, "  %-*s %16s %14s %16s  %s\n", LABEL_WIDTH, data->arms[row->option], costs, effects, ratio,
            standing_words(row->standing));
}

static wp_status print_unit(FILE *out, wp_savings *savings, const char *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = savings->data;
    wp_arena arena;
    wp_arena_init(&arena, 0);
    const size_t n = (size_t)data->n_arms;
    double *costs = wp_arena_alloc_array(&arena, n, sizeof *costs);
    double *effects = wp_arena_alloc_array(&arena, n, sizeof *effects);
    wp_frontier_row *rows = wp_arena_alloc_array(&arena, n, sizeof *rows);
    WP_TRY_ALLOC(costs);
    WP_TRY_ALLOC(effects);
    WP_TRY_ALLOC(rows);
    find_more(savings, "GBP", costs);
    find_more(savings, unit, effects);
    WP_TRY(wp_frontier(costs, effects, data->n_arms, rows, err));
    fprintf(out,
            "\nWhat one more %s costs, from the cheapest arm on (means, discounted, against the baseline)\n",
            unit);
    fprintf(out, "  %-*s %16s %14s %16s\n", LABEL_WIDTH, "", "net cost", unit, "pounds for one");
    for (size_t i = 0; i < n; i++) {
        print_row(out, data, &rows[i], costs[rows[i].option], effects[rows[i].option]);
    }
out:
    wp_arena_free(&arena);
    return status;
}

wp_status wp_print_frontier(FILE *out, wp_savings *savings, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &savings->data->money;
    for (int u = wp_next_unit(money, -1); u >= 0 && savings->data->n_arms > 1; u = wp_next_unit(money, u)) {
        WP_TRY(print_unit(out, savings, money->value_units[u], err));
    }
out:
    return status;
}
