/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A summary as tables of plain text: the run, and one arm's money. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "report/decision_print.h"
#include "report/summary_print.h"
#include "report/words.h"
#include "simulate/counts.h"
#include "uncertainty/touched.h"

void wp_print_label(FILE *out, const char *text)
{
    fputs("  ", out);
    wp_print_padded(out, text, WP_LABEL_WIDTH);
}

void wp_interval_text(const wp_interval *interval, double step, char text[WP_RANGE_CHARS])
{
    char low[WP_NUMBER_CHARS], high[WP_NUMBER_CHARS];
    double from, to;
    if (interval->method == WP_INTERVAL_NONE) {
        snprintf(text, WP_RANGE_CHARS, "not known");
        return;
    }
    const bool is_noise = wp_interval_ends(interval, &from, &to);
    wp_number_text(from, step, low);
    wp_number_text(to, step, high);
    snprintf(text, WP_RANGE_CHARS, "%s to %s%s", low, high, is_noise && !isnan(interval->low) ? " *" : "");
}

/* ---- The run ------------------------------------------------------------------------------------------- */

static void print_run(FILE *out, const wp_run_data *data)
{
    char line[1024], sample[128] = "", families[WP_NUMBER_CHARS];
    wp_number_text((double)data->n_lineages, 1.0, families);
    if (data->weight != 1.0) {
        snprintf(sample, sizeof sample, "; a sample of %s families, each counted %.4g times", families,
                 data->weight);
    }
    fprintf(out, "%s\n", data->title == NULL || data->title[0] == '\0' ? "Summary" : data->title);
    snprintf(line, sizeof line,
             "%.700s: %d year%s from %d; %d draw%s of what is uncertain, %d replicate%s of the lives; seed "
             "%llu%s.",
             data->scenario_path, data->n_years - 1, data->n_years == 2 ? "" : "s", data->years[0],
             data->n_draws, data->n_draws == 1 ? "" : "s", data->n_replicates,
             data->n_replicates == 1 ? "" : "s", (unsigned long long)data->seed, sample);
    wp_print_wrapped(out, line, 0, WP_PAGE_WIDTH);
}

static void print_caution(FILE *out, const char *text)
{
    char line[1024];
    snprintf(line, sizeof line, "Caution: %.900s.", text);
    wp_print_wrapped(out, line, 0, WP_PAGE_WIDTH);
}

static void print_why_it_stopped(FILE *out, const char *text)
{
    char line[1024];
    if (text == NULL || text[0] == '\0') { return; }
    snprintf(line, sizeof line, "The run %.900s.", text);
    wp_print_wrapped(out, line, 0, WP_PAGE_WIDTH);
}

void wp_print_head(FILE *out, const wp_run_data *data)
{
    char text[128];
    print_run(out, data);
    print_why_it_stopped(out, data->stopped);
    if (data->caution != NULL && data->caution[0] != '\0') { print_caution(out, data->caution); }
    if (data->n_lineages < WP_N_BATCHES) {
        snprintf(text, sizeof text,
                 "only %lld %s simulated: too few to tell how much chance there is in this",
                 (long long)data->n_lineages, data->n_lineages == 1 ? "family was" : "families were");
        print_caution(out, text);
    }
}

static void print_note(FILE *out, const char *text)
{
    wp_print_wrapped(out, text, 2, WP_PAGE_WIDTH);
}

/* What the interval of this run is. */
static void note_interval(FILE *out, const wp_run_data *data)
{
    char text[512];
    if (data->n_draws > 1) {
        snprintf(
            text, sizeof text,
            "95 %% interval: what is not known of the uncertain numbers, by %s over %d draws, the noise of "
            "the lives removed. Chances are by the same method.",
            data->n_draws >= WP_MIN_PERCENTILE_DRAWS ? "percentiles" : "Student's t", data->n_draws);
        print_note(out, text);
        print_note(out,
                   "Noise: half of the 95 % interval of the mean that comes from simulating so few people "
                   "and draws.");
        print_note(out, "*: draws differ by no more than noise does, so this is the noise alone.");
        return;
    }
    snprintf(text, sizeof text, "95 %% interval: the noise of simulating so few people alone, from %s. %s",
             data->n_replicates >= WP_MIN_T_REPLICATES ? "replicates" : "32 random groups of families",
             data->n_uncertain > 0
                 ? "There is one draw, with every uncertain number at its stated value: what is not known of "
                   "them is NOT in it."
                 : "No number of the scenario has a distribution: how good its evidence is is NOT in it.");
    print_note(out, text);
}

void wp_print_notes(FILE *out, const wp_run_data *data)
{
    const wp_money_data *money = &data->money;
    char text[1024];
    fputs("\nHow to read this page\n", out);
    if (data->n_draws > 1 && money->n_payers > 0) {
        print_note(out, "Perhaps: the 95 % interval reaches to the other side of nothing.");
    }
    if (money->n_unit_values > 0) {
        print_note(out,
                   "A saving is what the baseline costs less what the arm costs; a minus is a cost. Net is "
                   "services and programme together. Transfers are left out of totals.");
        snprintf(text, sizeof text, "Pounds%s%s. Discounting: %.800s.",
                 money->price_year[0] == '\0' ? "" : " of ", money->price_year, money->discount_text);
        print_note(out, text);
    }
    if (data->n_sides > 0) {
        print_note(
            out, "Who in the family gains: each person is set beside the same person in the baseline. In a "
                 "programme "
                 "is who was enrolled at any time, alone or with the home; others of their families are all "
                 "else in the families that it reaches.");
    }
    note_interval(out, data);
    print_note(out, "Each table is rounded to what half of its rows support; printed parts add to printed "
                    "totals.");
}

/* ---- The table of totals ------------------------------------------------------------------------------- */

/* What amounts are printed in. */
typedef struct money_unit {
    double size;
    const char *name;
} money_unit;

static money_unit unit_for(const wp_saving_row *total)
{
    const double most =
        fmax(fabs(total->gross.mean), fmax(fabs(total->programme.mean), fabs(total->net.mean)));
    return most >= 1e8 ? (money_unit){1e6, "\xc2\xa3 million"} : (money_unit){1.0, "\xc2\xa3"};
}

static void amount_text(double value, double step, const money_unit *unit, char text[WP_NUMBER_CHARS])
{
    wp_number_text(value / unit->size, step / unit->size, text);
}

static void range_text(const wp_interval *interval, double step, const money_unit *unit,
                       char text[WP_RANGE_CHARS])
{
    wp_interval scaled = *interval;
    scaled.mean /= unit->size;
    scaled.low /= unit->size;
    scaled.high /= unit->size;
    scaled.noise /= unit->size;
    wp_interval_text(&scaled, step / unit->size, text);
}

static void print_line(FILE *out, const char *label, const wp_interval *interval, double mean, double step,
                       const money_unit *unit)
{
    char value[WP_NUMBER_CHARS], noise[WP_NUMBER_CHARS], range[WP_RANGE_CHARS];
    amount_text(mean, step, unit, value);
    range_text(interval, step, unit, range);
    amount_text(interval->noise, fmax(1.0, step / 10.0), unit, noise);
    wp_print_label(out, label);
    fprintf(out, "%14s   %-28s %s%s\n", value, range, isnan(interval->noise) ? "" : "\xc2\xb1 ", noise);
}

static bool has_bias(const wp_money_data *money)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (money->costs_up[u] != 0.0 || money->benefits_down[u] != 0.0) { return true; }
    }
    return false;
}

static void print_ratio(FILE *out, const wp_ratio *ratio)
{
    if (!ratio->is_known) { return; }
    wp_print_label(out, "Saved in services for each \xc2\xa3 spent");
    fprintf(out, "%14.2f   %.2f to %.2f   discounted; 95 %% interval of the mean, by Fieller\n", ratio->mean,
            ratio->low, ratio->high);
}

/* Both parts of the net saving to a step at which neither has to be moved off its nearest multiple for them to add up:
   a figure more than the intervals support, where it must be, so that no other table says otherwise. Gives the
   step. */
static double round_totals(const wp_saving_row *total, double step, double rounded[2])
{
    const double parts[2] = {total->gross.mean, total->programme.mean};
    for (int i = 0;; i++) {
        wp_round_parts(parts, 2, total->net.mean, step, rounded);
        const bool is_nearest =
            fabs(rounded[0] - parts[0]) <= 0.5 * step && fabs(rounded[1] - parts[1]) <= 0.5 * step;
        if (is_nearest || i == 2) { return step; }
        step /= 10.0;
    }
}

static void print_totals(FILE *out, const wp_money_data *money, const wp_arm_savings *arm,
                         const money_unit *unit)
{
    const wp_saving_row *total = &arm->total;
    double halves[] = {wp_half_width(&total->gross), wp_half_width(&total->programme),
                       wp_half_width(&total->net), wp_half_width(&total->net_discounted)};
    double rounded[2];
    const double step = round_totals(
        total, wp_table_step(halves, 4, wp_round_step(wp_half_width(&total->net), total->net.mean, 1.0)),
        rounded);
    fprintf(out, "\n");
    wp_print_label(out, "What is spent, what is saved, all years");
    fprintf(out, "%14s   %-28s %s\n", unit->name, "95 % interval", "noise");
    print_line(out, "Saved in services", &total->gross, rounded[0], step, unit);
    print_line(out, "Spent on the programme", &total->programme, rounded[1], step, unit);
    print_line(out, "Net saving", &total->net, total->net.mean, step, unit);
    if (wp_money_has_cashable(money)) {
        print_line(out, "  counting only what can be cashed", &arm->cashable, arm->cashable.mean, step, unit);
    }
    print_line(out, "Net saving, discounted", &total->net_discounted, total->net_discounted.mean, step, unit);
    if (has_bias(money)) {
        print_line(out, "  after optimism bias", &arm->biased_discounted, arm->biased_discounted.mean, step,
                   unit);
    }
    if (arm->has_views) {
        print_line(out, "  fiscal alone: on public budgets", &arm->fiscal_discounted,
                   arm->fiscal_discounted.mean, step, unit);
    }
    print_ratio(out, &arm->benefit_cost);
}

/* ---- Tables that add up -------------------------------------------------------------------------------- */

typedef struct sum_table {
    const char *title;
    const wp_saving_row *rows;
    int n;
    const wp_saving_row *total;
    bool has_notes;  /* a row's note stands in brackets after its label */
    bool is_running; /* rows come one after the other: what is saved so far */
} sum_table;

static void row_label(const sum_table *table, int i, char label[WP_TITLE_CHARS + 72])
{
    char title[WP_TITLE_CHARS];
    const wp_saving_row *row = &table->rows[i];
    const bool has_note = table->has_notes && row->note[0] != '\0';
    snprintf(label, WP_TITLE_CHARS + 72, "%s%s%s%s", wp_title_text(row->label, title), has_note ? " (" : "",
             has_note ? row->note : "", has_note ? ")" : "");
}

/* The longest label has room before its numbers. */
static int label_width(const sum_table *table)
{
    int width = WP_LABEL_WIDTH;
    for (int i = 0; i < table->n; i++) {
        char label[WP_TITLE_CHARS + 72];
        row_label(table, i, label);
        const int columns = wp_text_columns(label);
        if (columns > width) { width = columns; }
    }
    return width;
}

/* Rounded columns [3][n] and the totals of the first two. */
static void round_columns(const sum_table *table, double step, double *work, double *columns,
                          double totals[2])
{
    const int n = table->n;
    const double whole[2] = {table->total->gross.mean, table->total->programme.mean};
    for (int i = 0; i < n; i++) {
        work[i] = table->rows[i].gross.mean;
        work[n + i] = table->rows[i].programme.mean;
        work[2 * n + i] = table->rows[i].net_discounted.mean;
    }
    wp_round_parts(whole, 2, table->total->net.mean, step, totals);
    wp_round_parts(work, n, totals[0], step, columns);
    wp_round_parts(work + n, n, totals[1], step, columns + n);
    wp_round_parts(work + 2 * n, n, table->total->net_discounted.mean, step, columns + 2 * n);
}

static double step_of(const sum_table *table, double *work)
{
    const wp_interval *net = &table->total->net;
    for (int i = 0; i < table->n; i++) { work[i] = wp_half_width(&table->rows[i].net); }
    return wp_table_step(work, table->n, wp_round_step(wp_half_width(net), net->mean, 1.0));
}

/* A table whose columns add to the totals printed under them. */
static wp_status print_table(FILE *out, const sum_table *table, const money_unit *unit, wp_error *err)
{
    wp_status status = WP_OK;
    const int n = table->n;
    double totals[2], so_far = 0.0;
    double *columns = wp_calloc_array(6 * (size_t)n + 1, sizeof *columns);
    WP_TRY_ALLOC(columns);
    const double step = step_of(table, columns + 3 * n);
    round_columns(table, step, columns + 3 * n, columns, totals);
    const int width = label_width(table);
    fputs("\n  ", out);
    wp_print_padded(out, table->title, width);
    fprintf(out, "%12s %12s %12s   %-28s %12s%s\n", "services", "programme", "net", "95 % interval of net",
            "discounted", table->is_running ? "       so far" : "");
    for (int i = 0; i <= n; i++) {
        const bool is_total = i == n;
        const double gross = is_total ? totals[0] : columns[i],
                     programme = is_total ? totals[1] : columns[n + i];
        const double discounted = is_total ? table->total->net_discounted.mean : columns[2 * n + i];
        char text[5][WP_NUMBER_CHARS], range[WP_RANGE_CHARS], label[WP_TITLE_CHARS + 72] = "All";
        amount_text(gross, step, unit, text[0]);
        amount_text(programme, step, unit, text[1]);
        amount_text(gross + programme, step, unit, text[2]);
        amount_text(discounted, step, unit, text[3]);
        range_text(is_total ? &table->total->net : &table->rows[i].net, step, unit, range);
        if (!is_total) { row_label(table, i, label); }
        so_far += is_total ? 0.0 : discounted;
        amount_text(so_far, step, unit, text[4]);
        fputs("  ", out);
        wp_print_padded(out, label, width);
        fprintf(out, "%12s %12s %12s   %-28s %12s", text[0], text[1], text[2], range, text[3]);
        if (table->is_running && !is_total) { fprintf(out, " %12s", text[4]); }
        fputc('\n', out);
    }
out:
    free(columns);
    return status;
}

/* Do the rows' notes tell them apart? */
static bool notes_differ(const wp_saving_row *rows, int n)
{
    for (int i = 1; i < n; i++) {
        if (strcmp(rows[i].note, rows[0].note) != 0) { return true; }
    }
    return false;
}

/* ---- One arm ------------------------------------------------------------------------------------------- */

static void print_touched(FILE *out, const wp_run_data *data, int arm)
{
    const double all = wp_share_touched(data, arm, data->n_years - 1);
    int half = 0;
    while (half < data->n_years - 1 && wp_share_touched(data, arm, half) < all / 2) { half++; }
    fprintf(out, "  It reaches %.1f %% of families", 100.0 * all);
    if (all > 0.0) { fprintf(out, ", half of these by the end of %d", data->years[half]); }
    fputs(".\n", out);
}

wp_status wp_print_arm(FILE *out, const wp_arm_page *page, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = page->data;
    const wp_arm_savings *arm = page->savings;
    char title[WP_TITLE_CHARS], heading[128];
    fprintf(out, "\n%s\n", wp_title_text(data->arms[arm->arm], title));
    print_touched(out, data, arm->arm);
    if (wp_money_has_unit(&data->money, "GBP")) {
        const money_unit unit = unit_for(&arm->total);
        const bool views_differ = notes_differ(arm->values, arm->n_values);
        print_totals(out, &data->money, arm, &unit);
        snprintf(heading, sizeof heading, "Who pays, who gains, %s", unit.name);
        const sum_table payers = {heading, arm->payers, arm->n_payers, &arm->total, true, false};
        if (data->money.n_payers > 0) { WP_TRY(print_table(out, &payers, &unit, err)); }
        if (page->spillovers != NULL) { wp_print_spillover(out, page->spillovers, unit.size, unit.name); }
        wp_print_how_sure(out, data, page->decision);
        snprintf(heading, sizeof heading, "By year, %s", unit.name);
        const sum_table years = {heading, arm->years, arm->n_years, &arm->total, false, true};
        WP_TRY(print_table(out, &years, &unit, err));
        snprintf(heading, sizeof heading, "By what is paid for, %s", unit.name);
        const sum_table values = {heading, arm->values, arm->n_values, &arm->total, views_differ, false};
        WP_TRY(print_table(out, &values, &unit, err));
    }
out:
    return status;
}
