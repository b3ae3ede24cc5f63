/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a result. */
#define _GNU_SOURCE /* strtok_r */
#include <wholeplace/summary.h>

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "report/decision_summary.h"
#include "report/headline.h"
#include "report/summary_print.h"
#include "report/spend_print.h"
#include "report/words.h"
#include "results/result.h"
#include "uncertainty/acceptance.h"
#include "uncertainty/replicas.h"

/* ---- Figures ------------------------------------------------------------------------------------------- */

/* Of all arms but the baseline. */
typedef struct all_arms {
    wp_arena arena;
    wp_savings savings; /* in pounds */
    int n, n_units;
    wp_savings *units;       /* in each other unit */
    wp_arm_savings *figures; /* [arm - 1] */
    wp_arm_savings *gains;   /* [arm - 1][unit] */
    wp_spillover *spillovers; /* NULL, or [arm - 1][1 + unit]: in pounds first */
    wp_arm_decision *decisions;  /* [arm - 1] */
} all_arms;

static wp_status take_units(all_arms *all, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    int n = 0;
    for (int u = wp_next_unit(money, -1); u >= 0; u = wp_next_unit(money, u)) { n++; }
    all->units = wp_arena_alloc_array(&all->arena, (size_t)n, sizeof *all->units);
    all->gains = wp_arena_alloc_array(&all->arena, (size_t)n * (size_t)data->n_arms, sizeof *all->gains);
    WP_TRY_ALLOC(all->units);
    WP_TRY_ALLOC(all->gains);
    for (int u = wp_next_unit(money, -1); u >= 0; u = wp_next_unit(money, u)) {
        wp_savings *unit = &all->units[all->n_units++];
        WP_TRY(wp_savings_init(unit, data, money->value_units[u], err));
        for (int a = 0; a < data->n_arms - 1; a++) {
            WP_TRY(wp_savings_of_arm(unit, a + 1, &all->gains[a * n + all->n_units - 1], err));
        }
    }
out:
    return status;
}

static wp_status take_spillovers(all_arms *all, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    const int n = 1 + all->n_units;
    if (data->n_sides == 0) { return WP_OK; }
    all->spillovers =
        wp_arena_alloc_array(&all->arena, (size_t)n * (size_t)data->n_arms, sizeof *all->spillovers);
    WP_TRY_ALLOC(all->spillovers);
    for (int k = 0; k < n * (data->n_arms - 1); k++) {
        wp_savings *savings = k % n == 0 ? &all->savings : &all->units[k % n - 1];
        bool is_kept = false;
        WP_TRY(wp_spillover_of(savings, k / n + 1, &all->spillovers[k], &is_kept, err));
    }
out:
    return status;
}

static wp_status all_arms_init(all_arms *all, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    *all = (all_arms){0};
    wp_arena_init(&all->arena, 0);
    WP_TRY(wp_savings_init(&all->savings, data, "GBP", err));
    all->figures = wp_arena_alloc_array(&all->arena, (size_t)data->n_arms, sizeof *all->figures);
    all->decisions = wp_arena_alloc_array(&all->arena, (size_t)data->n_arms, sizeof *all->decisions);
    WP_TRY_ALLOC(all->figures);
    WP_TRY_ALLOC(all->decisions);
    for (int a = 0; a < data->n_arms - 1; a++) {
        WP_TRY(wp_savings_of_arm(&all->savings, a + 1, &all->figures[a], err));
        all->n = a + 1;
        WP_TRY(wp_arm_decision_init(&all->decisions[a], &all->savings, a + 1, err));
    }
    WP_TRY(take_units(all, data, err));
    WP_TRY(take_spillovers(all, data, err));
out:
    return status;
}

static void all_arms_free(all_arms *all)
{
    for (int a = 0; a < all->n; a++) { wp_arm_decision_free(&all->decisions[a]); }
    for (int u = 0; u < all->n_units; u++) { wp_savings_free(&all->units[u]); }
    wp_savings_free(&all->savings);
    wp_arena_free(&all->arena);
}

static wp_arm_page page_of(const all_arms *all, int a)
{
    const wp_spillover *spillovers = all->spillovers == NULL ? NULL
                                                             : all->spillovers + a * (1 + all->n_units);
    return (wp_arm_page){
        all->savings.data, &all->figures[a], &all->decisions[a], all->n_units, all->gains + a * all->n_units,
        spillovers};
}

/* ---- The page ------------------------------------------------------------------------------------------ */

/* Each line of `text` by itself, wrapped. */
static void print_lines(FILE *out, char *text)
{
    char *place = NULL;
    for (char *line = strtok_r(text, "\n", &place); line != NULL; line = strtok_r(NULL, "\n", &place)) {
        wp_print_wrapped(out, line, 2, WP_PAGE_WIDTH);
    }
}

static wp_status print_headlines(FILE *out, all_arms *all, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = all->savings.data;
    wp_choice choice = {0};
    char *text = NULL;
    fputs("\nWhat to decide\n", out);
    if (data->n_arms > 2 && data->n_draws > 1 && wp_money_has_unit(&data->money, "GBP")) {
        WP_TRY(wp_choice_init(&choice, &all->savings, err));
        WP_TRY(wp_headline_choice(data, &choice, &text, err));
        print_lines(out, text);
    }
    for (int a = 0; a < all->n; a++) {
        const wp_arm_page page = page_of(all, a);
        free(text);
        WP_TRY(wp_headline_arm(&page, &text, err));
        if (a > 0 || data->n_arms > 2) { fputc('\n', out); }
        print_lines(out, text);
    }
out:
    free(text);
    wp_choice_free(&choice);
    return status;
}

static wp_status print_page(const wp_run_data *data, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    all_arms all = {0};
    wp_print_head(out, data);
    if (data->n_arms == 1) { fprintf(out, "\nThere is one arm, the baseline: nothing to compare.\n"); }
    WP_TRY(all_arms_init(&all, data, err));
    if (data->n_arms > 1 && data->money.n_unit_values > 0) { WP_TRY(print_headlines(out, &all, err)); }
    for (int a = 0; a < all.n; a++) {
        const wp_arm_page page = page_of(&all, a);
        WP_TRY(wp_print_arm(out, &page, err));
        for (int u = 0; u < page.n_units; u++) {
            WP_TRY(wp_print_unit(out, data, &page.gains[u], err));
            if (page.spillovers != NULL) {
                wp_print_spillover(out, &page.spillovers[1 + u], 1.0, page.gains[u].unit);
            }
        }
        wp_print_outcomes(out, data, &all.figures[a]);
    }
    WP_TRY(wp_print_targets(out, data, err));
    if (data->n_arms > 1) { wp_print_notes(out, data); }
out:
    all_arms_free(&all);
    return status;
}

static wp_status print_json(const wp_run_data *data, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    all_arms all = {0};
    wp_json json = {.out = out};
    wp_print_head_json(&json, data);
    WP_TRY(all_arms_init(&all, data, err));
    for (int a = 0; a < all.n; a++) {
        const wp_arm_page page = page_of(&all, a);
        WP_TRY(wp_print_arm_json(&json, &page, err));
        for (int u = 0; u < page.n_units; u++) {
            const wp_spillover *spillover = page.spillovers == NULL ? NULL : &page.spillovers[1 + u];
            wp_print_unit_json(&json, data, &page.gains[u], spillover);
        }
        wp_print_arm_end_json(&json, data, &all.decisions[a]);
    }
    WP_TRY(wp_print_end_json(&json, &all.savings, err));
out:
    all_arms_free(&all);
    return status;
}

static wp_status print_spend(FILE *out, const wp_run_data *data, wp_error *err)
{
    if (data->n_spend_bins == 0) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "the spend of persons was not kept; write  money: {spend_by_person: fiscal}  and run it again");
    }
    return wp_print_spend(out, data, true, err);
}

wp_status wp_summary(const char *result_path, const wp_summary_options *options, FILE *out, wp_error *err)
{
    static const wp_summary_options usual = {0};
    wp_status status = WP_OK;
    wp_run_data data = {0};
    if (options == NULL) { options = &usual; }
    if ((options->json ? 1 : 0) + (options->decision ? 1 : 0) + (options->spend ? 1 : 0) > 1) {
        return wp_fail(err, WP_ERR_ARGUMENT, "a summary is text for a decision, the spend of persons, or JSON");
    }
    WP_TRY(wp_result_read(result_path, &data, err));
    wp_draws_to_replicates(&data);
    if (options->json) {
        WP_TRY(print_json(&data, out, err));
    } else if (options->decision) {
        wp_print_head(out, &data);
        WP_TRY(wp_print_decisions(out, &data, err));
    } else if (options->spend) {
        wp_print_head(out, &data);
        WP_TRY(print_spend(out, &data, err));
    } else {
        WP_TRY(print_page(&data, out, err));
    }
    if (ferror(out)) { status = wp_fail(err, WP_ERR_FILE, "the summary cannot be written"); }
out:
    wp_result_free(&data);
    return status;
}
