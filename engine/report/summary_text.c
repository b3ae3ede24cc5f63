/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A summary as tables of plain text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "report/decision_print.h"
#include "report/rounding.h"
#include "report/summary_print.h"
#include "uncertainty/touched.h"

enum { LABEL_WIDTH = 34 };

/* printf pads by bytes; a title may have characters of several. */
static void print_label(FILE *out, const char *text, int width)
{
    int shown = 0;
    for (const char *c = text; *c != '\0'; c++) { shown += ((unsigned char)*c & 0xC0) != 0x80; }
    fprintf(out, "  %s%*s", text, shown < width ? width - shown : 0, "");
}

static void interval_text(const wp_interval *interval, double step, char text[2 * WP_NUMBER_CHARS + 8])
{
    char low[WP_NUMBER_CHARS], high[WP_NUMBER_CHARS];
    double from = interval->low, to = interval->high;
    bool is_noise_only = interval->is_floored && interval->noise > 0.0;
    if (interval->method == WP_INTERVAL_NONE) {
        snprintf(text, 2 * WP_NUMBER_CHARS + 8, "not known");
        return;
    }
    if (isnan(from) || is_noise_only) {
        from = interval->mean - interval->noise;
        to = interval->mean + interval->noise;
    }
    wp_number_text(from, step, low);
    wp_number_text(to, step, high);
    snprintf(text, 2 * WP_NUMBER_CHARS + 8, "%s to %s%s", low, high, is_noise_only ? " *" : "");
}

static void print_run(FILE *out, const wp_run_data *data)
{
    fprintf(out, "%s\n", data->title == NULL || data->title[0] == '\0' ? "Summary" : data->title);
    fprintf(out, "%s, %d years from %d; seed %llu; %d draw%s of the parameters, %d replicate%s",
            data->scenario_path, data->n_years - 1, data->years[0], (unsigned long long)data->seed,
            data->n_draws, data->n_draws == 1 ? "" : "s", data->n_replicates,
            data->n_replicates == 1 ? "" : "s");
    if (data->weight != 1.0) {
        fprintf(out, "; a sample of households, each counted %g times", data->weight);
    }
    fprintf(out, ".\n");
    if (data->caution != NULL && data->caution[0] != '\0') { fprintf(out, "Caution: %s.\n", data->caution); }
}

void wp_print_head(FILE *out, const wp_run_data *data)
{
    const wp_money_data *money = &data->money;
    print_run(out, data);
    if (money->n_unit_values > 0) {
        fprintf(out, "Pounds%s%s. Discounting: %s.\n", money->price_year[0] == '\0' ? "" : " of ",
                money->price_year, money->discount_text);
        fprintf(out, "A saving is the baseline's cost less the arm's; a minus is a cost. Transfers are left "
                     "out of totals.\n");
    }
    if (data->n_draws > 1) {
        fprintf(out,
                "95 %% interval: what is not known of the parameters (%s over %d draws, noise removed).\n",
                data->n_draws >= WP_MIN_PERCENTILE_DRAWS ? "percentiles" : "t", data->n_draws);
        fprintf(out, "Noise: half of the 95 %% interval of the mean that comes from simulating so few people "
                     "and draws.\n"
                     "*: draws differ by no more than noise does, so this is the noise alone.\n");
    } else {
        fprintf(out,
                "95 %% interval: noise of simulating so few people alone (from %s); there is one draw, with\n"
                "every parameter at its stated value, so what is not known of the parameters is NOT in it.\n",
                data->n_replicates >= WP_MIN_T_REPLICATES ? "replicates" : "32 random groups of households");
    }
}

/* One line of the first table. */
static void print_line(FILE *out, const char *label, const wp_interval *interval, double mean, double step)
{
    char value[WP_NUMBER_CHARS], noise[WP_NUMBER_CHARS], range[2 * WP_NUMBER_CHARS + 8];
    wp_number_text(mean, step, value);
    interval_text(interval, step, range);
    wp_number_text(interval->noise, fmax(1.0, step / 10.0), noise);
    print_label(out, label, LABEL_WIDTH);
    fprintf(out, "%16s   %-32s %s%s\n", value, range, isnan(interval->noise) ? "" : "\xc2\xb1 ", noise);
}

static bool has_pounds(const wp_money_data *money)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (strcmp(money->value_units[u], "GBP") == 0) { return true; }
    }
    return false;
}

static bool has_bias(const wp_money_data *money)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (money->costs_up[u] != 0.0 || money->benefits_down[u] != 0.0) { return true; }
    }
    return false;
}

static bool has_cash(const wp_money_data *money)
{
    for (int u = 0; u < money->n_unit_values; u++) {
        if (!isnan(money->cash_shares[u])) { return true; }
    }
    return false;
}

static void print_totals(FILE *out, const wp_money_data *money, const wp_arm_savings *arm, double step)
{
    const wp_saving_row *total = &arm->total;
    double parts[2] = {total->gross.mean, total->programme.mean}, rounded[2];
    wp_round_parts(parts, 2, total->net.mean, step, rounded);
    print_label(out, "Pounds, all years", LABEL_WIDTH);
    fprintf(out, "%16s   %-32s %s\n", "saving", "95 % interval", "noise");
    print_line(out, "Services", &total->gross, rounded[0], step);
    print_line(out, "The programme's own cost", &total->programme, rounded[1], step);
    print_line(out, "Net saving", &total->net, total->net.mean, step);
    print_line(out, "Net saving, discounted", &total->net_discounted, total->net_discounted.mean, step);
    if (has_bias(money)) {
        print_line(out, "  after optimism bias", &arm->biased_discounted, arm->biased_discounted.mean, step);
    }
    if (has_cash(money)) {
        print_line(out, "Net saving that can be cashed", &arm->cashable, arm->cashable.mean, step);
    }
    const wp_ratio *ratio = &arm->benefit_cost;
    if (ratio->is_known) {
        fprintf(
            out,
            "  Benefit-cost ratio, discounted: %.2f (95 %% interval of the mean, by Fieller: %.2f to %.2f)\n",
            ratio->mean, ratio->low, ratio->high);
    }
}

/* A table whose columns add to the printed totals of the arm. */
static wp_status print_table(FILE *out, const char *title, const wp_saving_row *rows, int n,
                             const wp_saving_row *total, double step, wp_error *err)
{
    wp_status status = WP_OK;
    double whole[2] = {total->gross.mean, total->programme.mean}, totals[2];
    double *columns = wp_calloc_array(6 * (size_t)n, sizeof *columns);
    WP_TRY_ALLOC(columns);
    double *gross = columns + 3 * n, *programme = columns + 4 * n, *discounted = columns + 5 * n;
    for (int i = 0; i < n; i++) {
        columns[i] = rows[i].gross.mean;
        columns[n + i] = rows[i].programme.mean;
        columns[2 * n + i] = rows[i].net_discounted.mean;
    }
    wp_round_parts(whole, 2, total->net.mean, step, totals);
    wp_round_parts(columns, n, totals[0], step, gross);
    wp_round_parts(columns + n, n, totals[1], step, programme);
    wp_round_parts(columns + 2 * n, n, total->net_discounted.mean, step, discounted);
    fprintf(out, "\n");
    print_label(out, title, LABEL_WIDTH);
    fprintf(out, "%14s %14s %14s   %-28s %14s\n", "services", "programme", "net", "95 % interval of net",
            "discounted");
    for (int i = 0; i <= n; i++) {
        bool is_total = i == n;
        char text[4][WP_NUMBER_CHARS], range[2 * WP_NUMBER_CHARS + 8];
        wp_number_text(is_total ? totals[0] : gross[i], step, text[0]);
        wp_number_text(is_total ? totals[1] : programme[i], step, text[1]);
        wp_number_text(is_total ? totals[0] + totals[1] : gross[i] + programme[i], step, text[2]);
        wp_number_text(is_total ? total->net_discounted.mean : discounted[i], step, text[3]);
        interval_text(is_total ? &total->net : &rows[i].net, step, range);
        char label[224];
        if (is_total) {
            snprintf(label, sizeof label, "All");
        } else {
            snprintf(label, sizeof label, "%s%s%s%s", rows[i].label, rows[i].note[0] == '\0' ? "" : " (",
                     rows[i].note, rows[i].note[0] == '\0' ? "" : ")");
        }
        print_label(out, label, LABEL_WIDTH);
        fprintf(out, "%14s %14s %14s   %-28s %14s\n", text[0], text[1], text[2], range, text[3]);
    }
out:
    free(columns);
    return status;
}

void wp_print_outcomes(FILE *out, const wp_run_data *data, const wp_arm_savings *arm)
{
    fprintf(out, "\n");
    print_label(out, "How much less, all years", LABEL_WIDTH);
    fprintf(out, "%16s %16s %14s   %s\n", "baseline", data->arms[arm->arm], "less", "95 % interval of less");
    for (int i = 0; i < arm->n_outcomes; i++) {
        const wp_outcome_row *row = &arm->outcomes[i];
        char label[224], baseline[WP_NUMBER_CHARS], text[WP_NUMBER_CHARS], less[WP_NUMBER_CHARS],
            range[2 * WP_NUMBER_CHARS + 8];
        double half = wp_half_width(&row->less);
        double step =
            wp_round_step(half > 0.0 ? half : wp_half_width(&row->baseline), row->baseline.mean, 1.0);
        double rounded_arm = round(row->baseline.mean / step) * step - round(row->less.mean / step) * step;
        snprintf(label, sizeof label, "%s (%s)", data->outcomes[row->outcome],
                 data->outcome_units[row->outcome]);
        wp_number_text(row->baseline.mean, step, baseline);
        wp_number_text(rounded_arm, step, text);
        wp_number_text(row->less.mean, step, less);
        interval_text(&row->less, step, range);
        print_label(out, label, LABEL_WIDTH);
        fprintf(out, "%16s %16s %14s   %s\n", baseline, text, less, range);
    }
}

static void print_touched(FILE *out, const wp_run_data *data, int arm)
{
    const double all = wp_share_touched(data, arm, data->n_years - 1);
    int half = 0;
    while (wp_share_touched(data, arm, half) < all / 2.0) { half++; }
    fprintf(out, "  An intervention of this arm reached %.1f %% of families", 100.0 * all);
    if (all > 0.0) { fprintf(out, ", half of these by the end of %d", data->years[half]); }
    fputs(".\n", out);
}

wp_status wp_print_arm(FILE *out, const wp_run_data *data, const wp_arm_savings *arm,
                       const wp_decision *decision, wp_error *err)
{
    wp_status status = WP_OK;
    double step = wp_round_step(wp_half_width(&arm->total.net), arm->total.net.mean, 1.0);
    fprintf(out, "\n%s against %s\n", data->arms[arm->arm], data->arms[0]);
    print_touched(out, data, arm->arm);
    if (has_pounds(&data->money)) {
        print_totals(out, &data->money, arm, step);
        wp_print_how_sure(out, data, decision);
        WP_TRY(print_table(out, "By year", arm->years, arm->n_years, &arm->total, step, err));
        WP_TRY(print_table(out, "By payer", arm->payers, arm->n_payers, &arm->total, step, err));
        WP_TRY(print_table(out, "By what is paid for", arm->values, arm->n_values, &arm->total, step, err));
    }
out:
    return status;
}

/* ---- Other units ------------------------------------------------------------------------------------------------ */

static void print_gain(FILE *out, const char *label, double baseline, const wp_interval *saving, double step)
{
    char text[4][WP_NUMBER_CHARS], range[2 * WP_NUMBER_CHARS + 8];
    const wp_interval gained = wp_interval_negated(saving);
    /* The three printed figures add up. */
    const double gain = round(gained.mean / step) * step;
    wp_number_text(baseline, step, text[0]);
    wp_number_text(round(baseline / step) * step + gain, step, text[1]);
    wp_number_text(gain, step, text[2]);
    wp_number_text(gained.noise, step / 10.0, text[3]);
    interval_text(&gained, step, range);
    print_label(out, label, LABEL_WIDTH);
    fprintf(out, "%16s %16s %14s   %-28s %s%s\n", text[0], text[1], text[2], range,
            isnan(gained.noise) ? "" : "\xc2\xb1 ", text[3]);
}

/* A table of gains whose columns add to the printed totals. */
static wp_status print_gains(FILE *out, const char *title, const wp_saving_row *rows, int n,
                             const wp_saving_row *total, double step, wp_error *err)
{
    wp_status status = WP_OK;
    double *columns = wp_calloc_array(4 * (size_t)n + 1, sizeof *columns);
    WP_TRY_ALLOC(columns);
    double *gained = columns + 2 * n, *discounted = columns + 3 * n;
    for (int i = 0; i < n; i++) {
        columns[i] = -rows[i].net.mean;
        columns[n + i] = -rows[i].net_discounted.mean;
    }
    wp_round_parts(columns, n, -total->net.mean, step, gained);
    wp_round_parts(columns + n, n, -total->net_discounted.mean, step, discounted);
    fprintf(out, "\n");
    print_label(out, title, LABEL_WIDTH);
    fprintf(out, "%16s   %-28s %14s\n", "gained", "95 % interval of gained", "discounted");
    for (int i = 0; i <= n; i++) {
        char text[2][WP_NUMBER_CHARS], range[2 * WP_NUMBER_CHARS + 8];
        const wp_interval interval = wp_interval_negated(i == n ? &total->net : &rows[i].net);
        wp_number_text(i == n ? interval.mean : gained[i], step, text[0]);
        wp_number_text(i == n ? -total->net_discounted.mean : discounted[i], step, text[1]);
        interval_text(&interval, step, range);
        print_label(out, i == n ? "All" : rows[i].label, LABEL_WIDTH);
        fprintf(out, "%16s   %-28s %14s\n", text[0], range, text[1]);
    }
out:
    free(columns);
    return status;
}

/* Three significant figures of what a unit costs. */
static void print_pounds_each(FILE *out, const wp_arm_savings *gains)
{
    const wp_ratio *each = &gains->pounds_each;
    char text[3][WP_NUMBER_CHARS];
    if (!each->is_known) { return; }
    const double step = wp_round_step(0.5 * (each->high - each->low), each->mean, 0.01);
    wp_number_text(fabs(each->mean), step, text[0]);
    wp_number_text(each->low, step, text[1]);
    wp_number_text(each->high, step, text[2]);
    fprintf(out,
            "  %s %s for each %s gained, discounted (95 %% interval of the mean, by Fieller: %s to %s)\n",
            each->mean < 0.0 ? "Pounds saved:" : "Pounds spent net:", text[0], gains->unit, text[1], text[2]);
}

wp_status wp_print_unit(FILE *out, const wp_run_data *data, const wp_arm_savings *gains, wp_error *err)
{
    wp_status status = WP_OK;
    const double half = wp_half_width(&gains->total.net);
    /* Where nothing is gained for certain, four figures of what there is. */
    const double step = half == 0.0 ? wp_round_step(NAN, gains->baseline, 1e-2) / 100.0
                                    : wp_round_step(half, gains->total.net.mean, 1e-4);
    char label[64];
    snprintf(label, sizeof label, "%s, all years", gains->unit);
    fprintf(out, "\n");
    print_label(out, label, LABEL_WIDTH);
    fprintf(out, "%16s %16s %14s   %-28s %s\n", data->arms[0], data->arms[gains->arm], "gained",
            "95 % interval of gained", "noise");
    print_gain(out, "Not discounted", gains->baseline, &gains->total.net, step);
    print_gain(out, "Discounted", gains->baseline_discounted, &gains->total.net_discounted, step);
    print_pounds_each(out, gains);
    if (gains->n_values == 0) { goto out; }
    WP_TRY(print_gains(out, "By year", gains->years, gains->n_years, &gains->total, step, err));
    if (gains->n_values > 1) {
        WP_TRY(
            print_gains(out, "By what is valued", gains->values, gains->n_values, &gains->total, step, err));
    }
out:
    return status;
}

/* ---- Published figures ------------------------------------------------------------------------------------------- */

wp_status wp_target_interval(const wp_run_data *data, int target, wp_interval *interval, wp_error *err)
{
    wp_status status = WP_OK;
    int n = data->n_draws * data->n_replicates;
    double *values = wp_calloc_array((size_t)n, sizeof *values);
    WP_TRY_ALLOC(values);
    for (int i = 0; i < n; i++) { values[i] = data->money.target_values[i * data->money.n_targets + target]; }
    WP_TRY(wp_interval_estimate(values, data->n_draws, data->n_replicates, NULL, interval, err));
out:
    free(values);
    return status;
}

static void published_text(double low, double high, char text[2 * WP_NUMBER_CHARS + 16])
{
    char from[WP_NUMBER_CHARS], to[WP_NUMBER_CHARS];
    bool is_fraction = fabs(low) < 10.0 && low != floor(low);
    wp_number_text(low, is_fraction ? 1e-4 : 1.0, from);
    wp_number_text(high, is_fraction ? 1e-4 : 1.0, to);
    if (low == high) {
        snprintf(text, 2 * WP_NUMBER_CHARS + 16, "%s", from);
    } else if (isinf(high)) {
        snprintf(text, 2 * WP_NUMBER_CHARS + 16, "%s or more", from);
    } else if (isinf(low)) {
        snprintf(text, 2 * WP_NUMBER_CHARS + 16, "%s or less", to);
    } else {
        snprintf(text, 2 * WP_NUMBER_CHARS + 16, "%s to %s", from, to);
    }
}

static wp_status print_target(FILE *out, const wp_run_data *data, int t, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    char published[2 * WP_NUMBER_CHARS + 16], simulated[WP_NUMBER_CHARS];
    wp_interval interval;
    WP_TRY(wp_target_interval(data, t, &interval, err));
    double in_unit = strcmp(money->target_units[t], "%") == 0 ? 100.0 : 1.0;
    double low = in_unit * money->target_low[t], high = in_unit * money->target_high[t];
    double half = in_unit * wp_half_width(&interval);
    interval.mean *= in_unit;
    double least = fabs(interval.mean) < 10.0 ? 1e-4 : 1.0;
    /* Where nothing is known of the noise, three figures. */
    double step = isnan(half) ? fmax(least, wp_round_step(NAN, interval.mean, 0.0) / 10.0)
                              : wp_round_step(half, interval.mean, least);
    published_text(low, high, published);
    wp_number_text(interval.mean, step, simulated);
    fprintf(out, "  %s: %s\n    simulated %s %s, published %s %s (%s)", money->targets[t],
            money->target_figures[t], simulated, money->target_units[t], published, money->target_units[t],
            money->target_ids[t]);
    if (isnan(interval.mean)) {
        fprintf(out, ": this run cannot say\n");
    } else if (interval.mean >= low && interval.mean <= high) {
        fprintf(out, ": inside\n");
    } else {
        double edge = interval.mean < low ? low : high;
        const char *side = interval.mean < edge ? "below" : "above";
        if (edge != 0.0) {
            fprintf(out, ": %.0f %% %s\n", 100.0 * fabs(interval.mean / edge - 1.0), side);
        } else {
            fprintf(out, ": %s\n", side);
        }
    }
out:
    return status;
}

wp_status wp_print_targets(FILE *out, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    for (int claim = 0; claim < 2; claim++) {
        bool is_headed = false;
        for (int t = 0; t < data->money.n_targets; t++) {
            if ((data->money.target_is_claim[t] != 0) != (claim == 1)) { continue; }
            if (!is_headed) {
                fputs(claim == 0 ? "\nThe baseline beside published facts\n"
                                 : "\nBeside published claims (nothing was fitted to them)\n", out);
            }
            is_headed = true;
            WP_TRY(print_target(out, data, t, err));
        }
    }
out:
    return status;
}
