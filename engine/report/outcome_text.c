/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens more or less in an arm, and what it gains in other units than pounds, as plain text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "report/summary_print.h"
#include "report/words.h"

/* ---- Outcomes ------------------------------------------------------------------------------------------ */

/* "1,200 fewer", "300 more", "none". Time is less, heads and events are fewer. */
static void change_text(double change, double step, const char *units, char text[WP_NUMBER_CHARS + 8])
{
    char number[WP_NUMBER_CHARS];
    const bool is_time = strcmp(units, "person_days") == 0 || strcmp(units, "person_years") == 0;
    const double rounded = round(change / step);
    wp_number_text(fabs(change), step, number);
    if (!isfinite(change)) {
        snprintf(text, WP_NUMBER_CHARS + 8, "not known");
    } else if (rounded == 0.0) {
        snprintf(text, WP_NUMBER_CHARS + 8, "0");
    } else {
        snprintf(text, WP_NUMBER_CHARS + 8, "%s %s", number,
                 rounded > 0.0 ? "more"
                 : is_time     ? "less"
                               : "fewer");
    }
}

/* Where the whole interval lies to one side the side is said once, else at both ends. */
static void change_range(const wp_interval *change, double step, const char *units,
                         char text[WP_RANGE_CHARS + 24])
{
    char low[WP_NUMBER_CHARS + 8], high[WP_NUMBER_CHARS + 8], plain[WP_RANGE_CHARS];
    double from, to;
    if (change->method == WP_INTERVAL_NONE) {
        wp_interval_text(change, step, plain);
        snprintf(text, WP_RANGE_CHARS + 24, "%s", plain);
        return;
    }
    const bool is_noise = wp_interval_ends(change, &from, &to);
    change_text(from, step, units, low);
    change_text(to, step, units, high);
    snprintf(text, WP_RANGE_CHARS + 24, "%s to %s%s", low, high, is_noise && !isnan(change->low) ? " *" : "");
}

static void outcome_label(const wp_run_data *data, int outcome, char label[2 * WP_TITLE_CHARS])
{
    char title[WP_TITLE_CHARS], units[WP_TITLE_CHARS];
    wp_title_text(data->outcomes[outcome], title);
    wp_title_text(data->outcome_units[outcome], units);
    units[0] = data->outcome_units[outcome][0];
    if (data->outcome_snapshots[outcome] > 0) {
        snprintf(label, 2 * WP_TITLE_CHARS, "%s (%.40s at a time)", title, units);
    } else {
        snprintf(label, 2 * WP_TITLE_CHARS, "%s (%.40s)", title, units);
    }
}

/* The arm's title where it fits over its column: its section is headed by it. */
static const char *column_title(const wp_run_data *data, int arm, char title[WP_TITLE_CHARS])
{
    enum { MOST = 16 };
    wp_title_text(data->arms[arm], title);
    return wp_text_columns(title) <= MOST ? title : "with it";
}

/* The longest label has room before its numbers. */
static int label_width(const wp_run_data *data, const wp_arm_savings *arm)
{
    int width = WP_LABEL_WIDTH;
    for (int i = 0; i < arm->n_outcomes; i++) {
        char label[2 * WP_TITLE_CHARS];
        outcome_label(data, arm->outcomes[i].outcome, label);
        const int columns = wp_text_columns(label);
        if (columns > width) { width = columns; }
    }
    return width;
}

void wp_print_outcomes(FILE *out, const wp_run_data *data, const wp_arm_savings *arm)
{
    char arm_title[WP_TITLE_CHARS];
    const int width = label_width(data, arm);
    fputs("\n  ", out);
    wp_print_padded(out, "What happens, all years", width);
    fprintf(out, "%14s %16s %18s   %s\n", "baseline", column_title(data, arm->arm, arm_title), "change",
            "95 % interval of change");
    for (int i = 0; i < arm->n_outcomes; i++) {
        const wp_outcome_row *row = &arm->outcomes[i];
        const char *units = data->outcome_units[row->outcome];
        char label[2 * WP_TITLE_CHARS], baseline[WP_NUMBER_CHARS], text[WP_NUMBER_CHARS],
            change[WP_NUMBER_CHARS + 8], range[WP_RANGE_CHARS + 24];
        const double half = wp_half_width(&row->change);
        const double step =
            wp_round_step(half > 0.0 ? half : wp_half_width(&row->baseline), row->baseline.mean, 1.0);
        outcome_label(data, row->outcome, label);
        wp_number_text(row->baseline.mean, step, baseline);
        wp_number_text(round(row->baseline.mean / step) * step + round(row->change.mean / step) * step, step,
                       text);
        change_text(row->change.mean, step, units, change);
        change_range(&row->change, step, units, range);
        fputs("  ", out);
        wp_print_padded(out, label, width);
        fprintf(out, "%14s %16s %18s   %s\n", baseline, text, change, range);
    }
}

/* ---- Other units --------------------------------------------------------------------------------------- */

static void print_gain(FILE *out, const char *label, double baseline, const wp_interval *saving, double step)
{
    char text[4][WP_NUMBER_CHARS], range[WP_RANGE_CHARS];
    const wp_interval gained = wp_interval_negated(saving);
    /* The three printed figures add up. */
    const double gain = round(gained.mean / step) * step;
    wp_number_text(baseline, step, text[0]);
    wp_number_text(round(baseline / step) * step + gain, step, text[1]);
    wp_number_text(gain, step, text[2]);
    wp_number_text(gained.noise, step / 10.0, text[3]);
    wp_interval_text(&gained, step, range);
    wp_print_label(out, label);
    fprintf(out, "%14s %16s %14s   %-28s %s%s\n", text[0], text[1], text[2], range,
            isnan(gained.noise) ? "" : "\xc2\xb1 ", text[3]);
}

/* A table of gains whose columns add to the printed totals. */
static wp_status print_gains(FILE *out, const char *title, const wp_saving_row *rows, int n,
                             const wp_saving_row *total, double total_step, wp_error *err)
{
    wp_status status = WP_OK;
    double *columns = wp_calloc_array(4 * (size_t)n + 1, sizeof *columns);
    WP_TRY_ALLOC(columns);
    double *gained = columns + 2 * n, *discounted = columns + 3 * n;
    for (int i = 0; i < n; i++) { columns[i] = wp_half_width(&rows[i].net); }
    const double step = wp_table_step(columns, n, total_step);
    for (int i = 0; i < n; i++) {
        columns[i] = -rows[i].net.mean;
        columns[n + i] = -rows[i].net_discounted.mean;
    }
    wp_round_parts(columns, n, -total->net.mean, step, gained);
    wp_round_parts(columns + n, n, -total->net_discounted.mean, step, discounted);
    fprintf(out, "\n");
    wp_print_label(out, title);
    fprintf(out, "%14s   %-28s %14s\n", "gained", "95 % interval of gained", "discounted");
    for (int i = 0; i <= n; i++) {
        char text[2][WP_NUMBER_CHARS], range[WP_RANGE_CHARS], label[WP_TITLE_CHARS] = "All";
        const wp_interval interval = wp_interval_negated(i == n ? &total->net : &rows[i].net);
        wp_number_text(i == n ? interval.mean : gained[i], step, text[0]);
        wp_number_text(i == n ? -total->net_discounted.mean : discounted[i], step, text[1]);
        wp_interval_text(&interval, step, range);
        wp_print_label(out, i == n ? label : wp_title_text(rows[i].label, label));
        fprintf(out, "%14s   %-28s %14s\n", text[0], range, text[1]);
    }
out:
    free(columns);
    return status;
}

/* Three significant figures of what a unit costs, or of what is saved with it. */
static void print_pounds_each(FILE *out, const wp_run_data *data, const wp_arm_savings *gains)
{
    const wp_ratio *each = &gains->pounds_each;
    char text[3][WP_NUMBER_CHARS], label[64];
    if (!each->is_known || !wp_money_has_unit(&data->money, "GBP")) { return; }
    const bool is_saved = each->mean < 0.0;
    const double step = wp_round_step(0.5 * (each->high - each->low), each->mean, 0.01);
    wp_number_text(fabs(each->mean), step, text[0]);
    wp_number_text(is_saved ? -each->high : each->low, step, text[1]);
    wp_number_text(is_saved ? -each->low : each->high, step, text[2]);
    snprintf(label, sizeof label, "\xc2\xa3 %s for each %.20s gained", is_saved ? "saved net" : "spent net",
             gains->unit);
    wp_print_label(out, label);
    fprintf(out, "%14s   %s to %s   discounted; 95 %% interval of the mean, by Fieller\n", text[0], text[1],
            text[2]);
}

wp_status wp_print_unit(FILE *out, const wp_run_data *data, const wp_arm_savings *gains, wp_error *err)
{
    wp_status status = WP_OK;
    const double half = wp_half_width(&gains->total.net);
    /* Where nothing is gained for certain, four figures of what there is. */
    const double step = half == 0.0 ? wp_round_step(NAN, gains->baseline, 1e-2) / 100.0
                                    : wp_round_step(half, gains->total.net.mean, 1e-4);
    char label[64], title[WP_TITLE_CHARS];
    snprintf(label, sizeof label, "%s, all years", gains->unit);
    fprintf(out, "\n");
    wp_print_label(out, label);
    fprintf(out, "%14s %16s %14s   %-28s %s\n", "baseline", column_title(data, gains->arm, title), "gained", "95 % interval of gained", "noise");
    print_gain(out, "Not discounted", gains->baseline, &gains->total.net, step);
    print_gain(out, "Discounted", gains->baseline_discounted, &gains->total.net_discounted, step);
    print_pounds_each(out, data, gains);
    if (gains->n_values == 0) { goto out; }
    snprintf(label, sizeof label, "%s by year", gains->unit);
    WP_TRY(print_gains(out, label, gains->years, gains->n_years, &gains->total, step, err));
    if (gains->n_values > 1) {
        snprintf(label, sizeof label, "%s by what is valued", gains->unit);
        WP_TRY(print_gains(out, label, gains->values, gains->n_values, &gains->total, step, err));
    }
out:
    return status;
}
