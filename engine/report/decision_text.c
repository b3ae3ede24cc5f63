/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decision figures of one arm, and of the choice between arms, as text. */
#include <math.h>

#include "report/decision_print.h"
#include "report/summary_print.h"
#include "report/words.h"

enum { N_BARS_SHOWN = 10, N_HINGES_SHOWN = 3 };

/* What explains less of the variance is not told from the scatter of some dozens of draws. */
static const double least_share_shown = 0.05;

const char *wp_chance_words(double chance, char text[WP_CHANCE_CHARS])
{
    if (isnan(chance)) {
        snprintf(text, WP_CHANCE_CHARS, "not known");
    } else if (chance < 0.01) {
        snprintf(text, WP_CHANCE_CHARS, "under 1 %%");
    } else if (chance > 0.99) {
        snprintf(text, WP_CHANCE_CHARS, "over 99 %%");
    } else {
        snprintf(text, WP_CHANCE_CHARS, "%.0f %%", 100.0 * chance);
    }
    return text;
}

const char *wp_best_words(double share, int n_draws, int n_options, char text[WP_BEST_CHARS])
{
    char chance[WP_CHANCE_CHARS];
    if (n_options > 2 && n_draws > 1 && n_draws < WP_MIN_PERCENTILE_DRAWS) {
        snprintf(text, WP_BEST_CHARS, "%.3g of %d draws", share * n_draws, n_draws);
    } else {
        snprintf(text, WP_BEST_CHARS, "%s", wp_chance_words(share, chance));
    }
    return text;
}

/* Pounds to two figures of `half`, the half-width that says how well they are known. */
static const char *pounds(double value, double half, char text[WP_NUMBER_CHARS])
{
    wp_number_text(value, wp_round_step(half, value, 1.0), text);
    return text;
}

const char *wp_parameter_words(double value, double low, double high, char text[WP_NUMBER_CHARS])
{
    double range = high - low;
    double step = range > 0.0 ? pow(10.0, floor(log10(range)) - 2.0) : 0.0;
    if (isnan(value)) {
        snprintf(text, WP_NUMBER_CHARS, "nowhere");
    } else {
        wp_number_text(value, step > 0.0 ? step : 1e-6, text);
    }
    return text;
}

/* ---- A few lines --------------------------------------------------------------------------------------- */

static void print_chances(FILE *out, const wp_run_data *data, const wp_payback *payback)
{
    char text[WP_CHANCE_CHARS];
    wp_print_label(out, "Chance that it has saved");
    int n_years = data->n_years - 1;
    for (int after = 5, n = 0; n < n_years; after += after < 10 ? 5 : 10) {
        n = after < n_years ? after : n_years;
        /* What falls on the last day belongs to the last year. */
        int year = n == n_years ? n_years : n - 1;
        fprintf(out, "%s%s after %d year%s", n > 5 && n_years > 5 ? ", " : "",
                wp_chance_words(payback->chance[year], text), n, n == 1 ? "" : "s");
    }
    fprintf(out, "\n");
}

const char *wp_year_words(const wp_run_data *data, int year, char text[WP_YEAR_CHARS])
{
    if (year == WP_NEVER) {
        snprintf(text, 16, "never");
    } else {
        snprintf(text, 16, "%d", data->years[year < data->n_years - 1 ? year : data->n_years - 2]);
    }
    return text;
}

static void print_payback(FILE *out, const wp_run_data *data, const wp_payback *payback)
{
    char text[2][WP_YEAR_CHARS], chance[WP_CHANCE_CHARS];
    wp_print_label(out, "Pays back in");
    if (payback->year == WP_NEVER) {
        fprintf(out, "none of the %d years", data->n_years - 1);
    } else {
        fprintf(out, "%s", wp_year_words(data, payback->year, text[0]));
    }
    if (data->n_draws > 1 && payback->low != payback->high) {
        fprintf(out, " (95 %%: %s to %s)", wp_year_words(data, payback->low, text[0]),
                wp_year_words(data, payback->high, text[1]));
    }
    if (data->n_draws > 1) {
        fprintf(out, "; the chance that it has not by the end is %s",
                wp_chance_words(payback->never, chance));
    }
    fprintf(out, "\n");
}

static void print_parts(FILE *out, const wp_outlook *outlook)
{
    char text[3][WP_WORDS_CHARS];
    const double all = outlook->people + outlook->draws + outlook->evidence;
    if (!(all > 0.0)) { return; }
    wp_print_label(out, "The interval comes from");
    fprintf(out, "%.0f %% evidence, %.0f %% too few people, %.0f %% too few draws (of its variance)\n",
            100.0 * outlook->evidence / all, 100.0 * outlook->people / all, 100.0 * outlook->draws / all);
    /* A figure more than usual, so that small differences are seen. */
    const double step = wp_round_step(outlook->half_width / 10.0, 0.0, 1.0);
    wp_print_label(out, "Half of the interval");
    fprintf(out, "%s; with ten times the people %s; if every uncertain number were known %s\n",
            wp_pounds_words(outlook->half_width, step, text[0]),
            wp_pounds_words(outlook->with_ten_times_people, step, text[1]),
            wp_pounds_words(outlook->with_perfect_evidence, step, text[2]));
}

/* A budget holder sees what is spent, not what would have been: that may go another way than the saving. */
static void print_outturn(FILE *out, const wp_arm_decision *decision)
{
    const double middle = 0.5 * (decision->outturn_low + decision->outturn_high);
    const double half = 0.5 * (decision->outturn_high - decision->outturn_low);
    char range[2 * WP_WORDS_CHARS];
    if (!decision->has_outturn) { return; }
    wp_range_words(decision->outturn_low, decision->outturn_high, middle, wp_round_step(half, middle, 1.0),
                   range);
    const bool is_saving = decision->outturn_low > 0.0, is_cost = decision->outturn_high < 0.0;
    wp_print_label(out, "Seen in the accounts, 95 %");
    fprintf(out, "%s%s\n", is_saving ? "a saving of " : is_cost ? "a cost of " : "", range);
    wp_print_label(out, "");
    fputs("(this forecast of the baseline less what is then spent, which is uncertain for reasons that\n",
          out);
    wp_print_label(out, "");
    fputs("have nothing to do with the arm: no test of the saving above)\n", out);
}

static void print_hinges(FILE *out, const wp_arm_decision *decision)
{
    const double step = wp_round_step(wp_half_width(&decision->net), decision->net.mean, 1.0);
    for (int i = 0; i < decision->n_bars && i < N_HINGES_SHOWN; i++) {
        const wp_tornado_bar *bar = &decision->bars[i];
        if (i > 0 && bar->share < least_share_shown) { continue; }
        char title[WP_TITLE_CHARS], pounds[2][WP_WORDS_CHARS], number[3][WP_NUMBER_CHARS];
        wp_print_label(out, i == 0 ? "Hinges most on" : "");
        fprintf(out, "%s: %s at %s, %s at %s", wp_title_text(decision->inputs.names[bar->parameter], title),
                wp_saving_words(bar->at_low, step, pounds[0]),
                wp_parameter_words(bar->low, bar->low, bar->high, number[0]),
                wp_saving_words(bar->at_high, step, pounds[1]),
                wp_parameter_words(bar->high, bar->low, bar->high, number[1]));
        if (!isnan(bar->switching)) {
            fprintf(out, "; it breaks even at %s",
                    wp_parameter_words(bar->switching, bar->low, bar->high, number[2]));
        }
        fprintf(out, "\n");
    }
}

void wp_print_how_sure(FILE *out, const wp_run_data *data, const wp_arm_decision *decision)
{
    fprintf(out, "\n  How sure (net saving, discounted)\n");
    if (data->n_draws > 1) { print_chances(out, data, &decision->payback); }
    print_payback(out, data, &decision->payback);
    print_parts(out, &decision->outlook);
    print_hinges(out, decision);
    print_outturn(out, decision);
}

/* ---- The long form ------------------------------------------------------------------------------------- */

static void print_years(FILE *out, const wp_run_data *data, const wp_arm_decision *decision)
{
    char text[WP_NUMBER_CHARS], chance[WP_CHANCE_CHARS];
    double half = wp_half_width(&decision->net);
    fprintf(out, "\n");
    wp_print_label(out, "By the end of the year that begins");
    fprintf(out, "%18s %26s\n", "saved so far", "chance that it has saved");
    for (int y = 0; y < data->n_years - 1; y++) {
        /* What falls on the last day belongs to the last year. */
        int at = y == data->n_years - 2 ? y + 1 : y;
        const bool is_begun = decision->payback.means[at] != 0.0;
        fprintf(out, "  %-*d%18s %26s\n", WP_LABEL_WIDTH, data->years[y],
                pounds(decision->payback.means[at], half, text),
                is_begun ? wp_chance_words(decision->payback.chance[at], chance) : "nothing spent yet");
    }
}

static void print_bars(FILE *out, const wp_run_data *data, const wp_arm_decision *decision)
{
    double half = wp_half_width(&decision->net);
    int n = decision->n_bars < N_BARS_SHOWN ? decision->n_bars : N_BARS_SHOWN;
    if (decision->n_bars == 0) {
        if (decision->inputs.n > 0) {
            fprintf(out, "\n  What it hinges on can be told from %d draws or more; this run has %d.\n",
                    WP_MIN_CURVE_DRAWS, data->n_draws);
        }
        return;
    }
    fprintf(out, "\n  What it hinges on: each number at the 2.5 and 97.5 percentiles of its draws, the "
                 "others as drawn\n");
    wp_print_label(out, "");
    fprintf(out, "%10s %10s %16s %16s %12s %9s %16s\n", "low", "high", "saving at low", "at high", "0 at",
            "of", "if known,");
    wp_print_label(out, "");
    fprintf(out, "%10s %10s %16s %16s %12s %9s %16s\n", "", "", "", "", "", "variance", "half-width");
    for (int i = 0; i < n; i++) {
        const wp_tornado_bar *bar = &decision->bars[i];
        char text[6][WP_NUMBER_CHARS];
        fprintf(out, "  %-*s%10s %10s %16s %16s %12s %7.0f %% %16s\n", WP_LABEL_WIDTH,
                decision->inputs.names[bar->parameter],
                wp_parameter_words(bar->low, bar->low, bar->high, text[0]),
                wp_parameter_words(bar->high, bar->low, bar->high, text[1]),
                pounds(bar->at_low, half, text[2]), pounds(bar->at_high, half, text[3]),
                wp_parameter_words(bar->switching, bar->low, bar->high, text[4]), 100.0 * bar->share,
                pounds(bar->half_width_known, half, text[5]));
    }
    if (decision->n_bars > n) { fprintf(out, "  and %d more that move it less\n", decision->n_bars - n); }
}

void wp_print_decision(FILE *out, const wp_run_data *data, const wp_arm_decision *decision)
{
    char text[WP_NUMBER_CHARS];
    const wp_outlook *outlook = &decision->outlook;
    wp_print_how_sure(out, data, decision);
    if (outlook->people_needed > 1.0 && isfinite(outlook->people_needed)) {
        wp_print_label(out, "For people to matter no more");
        wp_number_text(ceil(outlook->people_needed), 1.0, text);
        fprintf(out, "%s times the people (a larger sample or more replicates): 1 %% of the variance\n",
                text);
    }
    if (decision->has_pairing && isfinite(decision->pairing.gain)) {
        wp_print_label(out, "Pairing the arms");
        fprintf(out, "makes the saving as exact as %.1f times the people in separate runs would\n",
                decision->pairing.gain);
    }
    print_years(out, data, decision);
    print_bars(out, data, decision);
}

/* ---- The choice ---------------------------------------------------------------------------------------- */

static void print_options(FILE *out, const wp_run_data *data, const wp_choice *choice)
{
    char text[WP_NUMBER_CHARS], best[WP_BEST_CHARS], title[WP_TITLE_CHARS];
    fprintf(out, "\nWhich arm (net saving, discounted)\n");
    wp_print_label(out, "");
    fprintf(out, "%26s %26s\n", "chance that it is best", "mean loss by choosing it");
    for (int o = 0; o < choice->n_options; o++) {
        wp_print_label(out, wp_title_text(data->arms[o], title));
        fprintf(out, "%26s %26s%s\n",
                wp_best_words(choice->shares[o], data->n_draws, choice->n_options, best),
                pounds(choice->losses[o], NAN, text), o == choice->best ? "  best on the mean" : "");
    }
}

void wp_print_choice(FILE *out, const wp_run_data *data, const wp_choice *choice)
{
    char text[2][WP_NUMBER_CHARS];
    if (data->n_draws < 2 || data->n_arms < 2) { return; }
    print_options(out, data, choice);
    fprintf(out, "\nWhat it is worth to know before choosing\n");
    wp_print_label(out, "Every parameter");
    fprintf(out, "%26s\n", pounds(choice->evpi, NAN, text[0]));
    for (int i = 0; i < choice->inputs.n && i < N_BARS_SHOWN && data->n_draws >= WP_MIN_CURVE_DRAWS; i++) {
        int at = choice->order[i];
        /* Less than a hundredth of all is not told from nothing. */
        if (!(choice->evppi[at] > 0.01 * choice->evpi)) { break; }
        fprintf(out, "  %-*s%26s   \xc2\xb1 %s\n", WP_LABEL_WIDTH, choice->inputs.names[at],
                pounds(choice->evppi[at], NAN, text[0]), pounds(1.96 * choice->evppi_se[at], NAN, text[1]));
    }
}
