/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences at the top of a page. Each comes from figures that stand in its tables. */
#define _GNU_SOURCE /* open_memstream */
#include "report/headline.h"

#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "report/decision_print.h"
#include "report/words.h"
#include "uncertainty/information.h"

/* More noise of the lives than this share of the interval's variance is worth a word. */
static const double noise_to_mention = 0.25;

/* As its interval supports, and no more than three figures, which a sentence bears. */
static double step_of(const wp_interval *interval)
{
    const double own = wp_round_step(wp_half_width(interval), interval->mean, 1.0);
    return fmax(own, wp_round_step(NAN, interval->mean, 1.0) / 10.0);
}

/* ---- How much ------------------------------------------------------------------------------------------ */

/* " (95 %: £1 million to £2 million)", or nothing where it is not known. */
static void say_interval(FILE *out, const wp_interval *interval, double step)
{
    char range[2 * WP_WORDS_CHARS];
    double low, high;
    if (interval->method == WP_INTERVAL_NONE) { return; }
    const bool is_noise = wp_interval_ends(interval, &low, &high);
    wp_range_words(low, high, interval->mean, step, range);
    fprintf(out, " (95 %%%s: %s)", is_noise ? ", chance of the lives alone" : "", range);
}

/* Where not all that is saved falls on public budgets. */
static void say_fiscal(FILE *out, const wp_arm_savings *savings)
{
    char words[WP_WORDS_CHARS];
    const wp_interval *fiscal = &savings->fiscal_discounted;
    const double step = step_of(fiscal);
    if (!savings->has_views) { return; }
    fprintf(out, " On public budgets alone (fiscal) it is %s", wp_saving_words(fiscal->mean, step, words));
    say_interval(out, fiscal, step);
    fputs(".", out);
}

static void say_saving(FILE *out, const wp_arm_page *page)
{
    char title[WP_TITLE_CHARS], net[WP_WORDS_CHARS], spent[WP_WORDS_CHARS], saved[WP_WORDS_CHARS];
    const wp_saving_row *total = &page->savings->total;
    const wp_interval *mean = &total->net_discounted;
    const double step = step_of(mean), amount = round(mean->mean / step);
    const int n_years = page->data->n_years - 1;
    wp_title_text(page->data->arms[page->savings->arm], title);
    wp_pounds_words(mean->mean, step, net);
    if (amount == 0.0) {
        fprintf(out, "%s is expected to save as much as it costs", title);
    } else if (amount > 0.0) {
        fprintf(out, "%s is expected to save %s net", title, net);
    } else {
        fprintf(out, "%s is expected to cost %s more than it saves", title, net);
    }
    fprintf(out, " over %d year%s", n_years, n_years == 1 ? "" : "s");
    say_interval(out, mean, step);
    fputs(", discounted.", out);
    say_fiscal(out, page->savings);
    if (total->programme.mean != 0.0) {
        const bool is_less = total->gross.mean < 0.0;
        fprintf(out, " Before discounting it spends %s and services cost %s %s.",
                wp_pounds_words(total->programme.mean, step_of(&total->programme), spent),
                wp_pounds_words(total->gross.mean, step_of(&total->gross), saved), is_less ? "more" : "less");
    }
    fputc('\n', out);
}

/* What is gained in each other unit, and at what price. */
static void say_gains(FILE *out, const wp_arm_page *page)
{
    const bool has_pounds = wp_money_has_unit(&page->data->money, "GBP");
    char title[WP_TITLE_CHARS] = "It";
    if (!has_pounds) { wp_title_text(page->data->arms[page->savings->arm], title); }
    for (int u = 0; u < page->n_units; u++) {
        const wp_arm_savings *unit = &page->gains[u];
        const wp_interval gained = wp_interval_negated(&unit->total.net_discounted);
        const double step = fmax(wp_round_step(wp_half_width(&gained), gained.mean, 1e-4),
                                 wp_round_step(NAN, gained.mean, 1e-4) / 10.0);
        char number[WP_NUMBER_CHARS], range[WP_RANGE_CHARS], pounds[WP_WORDS_CHARS];
        if (round(gained.mean / step) == 0.0) {
            fprintf(out, "%s neither gains nor loses %s.\n", title, unit->unit);
            continue;
        }
        wp_number_text(fabs(gained.mean), step, number);
        wp_interval_text(&gained, step, range);
        fprintf(out, "%s %s %s %s (95 %%: %s), discounted", title, gained.mean < 0.0 ? "loses" : "gains",
                number, unit->unit, range);
        if (has_pounds && unit->pounds_each.is_known && gained.mean > 0.0) {
            const double each = unit->pounds_each.mean;
            fprintf(out, each < 0.0 ? ", and saves %s for each" : ", at %s net for each",
                    wp_pounds_words(each, wp_round_step(NAN, each, 0.01) / 10.0, pounds));
        }
        fputs(".\n", out);
    }
}

/* ---- How likely, and when ------------------------------------------------------------------------------ */

/* Words of the IPCC for likelihoods (Mastrandrea et al 2010, Guidance note on consistent treatment of
   uncertainties, table 1). */
static const char *likelihood(double chance)
{
    return chance > 0.99    ? "virtually certain"
           : chance > 0.90  ? "very likely"
           : chance > 0.66  ? "likely"
           : chance >= 0.33 ? "about as likely as not"
           : chance >= 0.10 ? "unlikely"
           : chance >= 0.01 ? "very unlikely"
                            : "exceptionally unlikely";
}

static void say_payback(FILE *out, const wp_run_data *data, const wp_payback *payback)
{
    char text[2][WP_YEAR_CHARS];
    if (payback->year == WP_NEVER) {
        fprintf(out, "On the mean it does not pay back within the %d years", data->n_years - 1);
    } else {
        fprintf(out, "On the mean it pays back in %s", wp_year_words(data, payback->year, text[0]));
    }
    if (data->n_draws > 1 && payback->low != payback->high) {
        fprintf(out, " (95 %%: %s to %s)", wp_year_words(data, payback->low, text[0]),
                wp_year_words(data, payback->high, text[1]));
    }
    fputs(".", out);
}

static void say_likelihood(FILE *out, const wp_arm_page *page)
{
    char chance[WP_CHANCE_CHARS];
    const wp_run_data *data = page->data;
    const wp_payback *payback = &page->decision->payback;
    const wp_interval *net = &page->savings->total.net_discounted;
    const double last = payback->chance[data->n_years - 1];
    double low, high;
    const bool is_chance = wp_interval_ends(net, &low, &high);
    if (data->n_draws > 1 && is_chance && low < 0.0 && high > 0.0) {
        char noise[WP_WORDS_CHARS];
        fprintf(out, "Too few people were simulated to tell whether it saves: chance alone may make %s of ",
                wp_pounds_words(net->noise, step_of(net), noise));
        fputs("difference. ", out);
    } else if (data->n_draws > 1) {
        fprintf(out, "It is %s to save: the chance that it has by the end of %d is %s. ", likelihood(last),
                data->years[data->n_years - 2], wp_chance_words(last, chance));
    }
    say_payback(out, data, payback);
    fputc('\n', out);
}

/* ---- Who ----------------------------------------------------------------------------------------------- */

/* Those whose net discounted saving, rounded, is above (or below) zero: "A by £1 million, B perhaps by
   £20,000", where the interval reaches to the other side. */
static int say_payers(FILE *out, const wp_arm_savings *savings, double side, const char *heading)
{
    int n = 0;
    for (int p = 0; p < savings->n_payers; p++) {
        const wp_saving_row *row = &savings->payers[p];
        const double step = step_of(&row->net_discounted);
        char pounds[WP_WORDS_CHARS];
        if (!(side * round(row->net_discounted.mean / step) > 0.0)) { continue; }
        double low, high;
        (void)wp_interval_ends(&row->net_discounted, &low, &high);
        fprintf(out, "%s %s%s by %s", n++ == 0 ? heading : ",", row->label,
                low > 0.0 || high < 0.0 ? "" : " perhaps",
                wp_pounds_words(row->net_discounted.mean, step, pounds));
    }
    if (n > 0) { fputs(". ", out); }
    return n;
}

static void say_who(FILE *out, const wp_arm_page *page)
{
    const wp_arm_savings *savings = page->savings;
    char text[WP_WORDS_CHARS];
    if (page->data->money.n_payers == 0) {
        fputs("The scenario does not say who pays.", out);
    } else {
        const int n = say_payers(out, savings, 1.0, "Better off:");
        if (n == 0) { fputs("Nobody who pays is better off. ", out); }
        say_payers(out, savings, -1.0, "Worse off, spending more than it recovers:");
    }
    if (wp_money_has_cashable(&page->data->money)) {
        fprintf(out, "%sCounting only what can be cashed, before discounting, it is %s.",
                page->data->money.n_payers == 0 ? " " : "",
                wp_saving_words(savings->cashable.mean, step_of(&savings->cashable), text));
    }
    fputc('\n', out);
}

/* ---- What it hinges on, and what this run cannot tell -------------------------------------------------- */

static void say_hinge(FILE *out, const wp_arm_page *page)
{
    const wp_arm_decision *decision = page->decision;
    if (decision->n_bars > 0) {
        const wp_tornado_bar *bar = &decision->bars[0];
        const double step = step_of(&decision->net);
        char title[WP_TITLE_CHARS], at[2][WP_WORDS_CHARS], number[3][WP_NUMBER_CHARS];
        fprintf(out, "It hinges most on %s: at %s it is %s, at %s %s",
                wp_title_text(decision->inputs.names[bar->parameter], title),
                wp_parameter_words(bar->low, bar->low, bar->high, number[0]),
                wp_saving_words(bar->at_low, step, at[0]),
                wp_parameter_words(bar->high, bar->low, bar->high, number[1]),
                wp_saving_words(bar->at_high, step, at[1]));
        if (!isnan(bar->switching)) {
            fprintf(out, "; it breaks even at %s",
                    wp_parameter_words(bar->switching, bar->low, bar->high, number[2]));
        }
        fputs(".\n", out);
    } else if (page->data->n_uncertain == 0) {
        fputs(
            "No number of this scenario is uncertain, so nothing is said here of how good its evidence is.\n",
            out);
    } else if (page->data->n_draws == 1) {
        fputs("Every uncertain number was at its stated value (one draw): how likely it is to save is not "
              "known. "
              "Run with --draws 100.\n",
              out);
    } else if (decision->inputs.n > 0) {
        fprintf(out, "What it hinges on can be told from %d draws or more; this run has %d.\n",
                WP_MIN_CURVE_DRAWS, page->data->n_draws);
    }
}

static void say_noise(FILE *out, const wp_arm_page *page)
{
    const wp_outlook *outlook = &page->decision->outlook;
    const wp_interval *net = &page->savings->total.net_discounted;
    char pounds[2][WP_WORDS_CHARS];
    const bool is_sample = page->data->weight > 1.0;
    const double wide = outlook->half_width, narrow = outlook->with_ten_times_people;
    double share = outlook->people / (outlook->people + outlook->draws + outlook->evidence);
    if (page->data->n_draws == 1) { share = net->noise > fabs(net->mean) ? 1.0 : 0.0; }
    if (!(share > noise_to_mention)) { return; }
    fprintf(out,
            "Much of that interval is chance, from simulating so few %s: with ten times as many (%s) its "
            "half-width of %s would be %s.\n",
            is_sample ? "families" : "lives", is_sample ? "a larger --sample" : "--replicates",
            wp_pounds_words(wide, wp_round_step(wide / 10.0, 0.0, 1.0), pounds[0]),
            wp_pounds_words(narrow, wp_round_step(narrow / 10.0, 0.0, 1.0), pounds[1]));
}

/* What others in their families gain by those who are in a programme, where it can be told from nothing. */
static void say_family(FILE *out, const wp_arm_page *page)
{
    char own[WP_WORDS_CHARS], others[WP_WORDS_CHARS];
    if (page->spillovers == NULL || page->spillovers->unit == NULL) { return; }
    const wp_interval *of_own = &page->spillovers->sides[WP_SIDE_OWN];
    const wp_interval *of_others = &page->spillovers->sides[WP_SIDE_OTHERS];
    if (!(fabs(of_others->mean) > wp_half_width(of_others))) { return; }
    fprintf(out, "Those in the programme account for %s of that, others in their families for %s",
            wp_saving_words(of_own->mean, step_of(of_own), own),
            wp_saving_words(of_others->mean, step_of(of_others), others));
    say_interval(out, of_others, step_of(of_others));
    fputs(".\n", out);
}

static void say_choice(FILE *out, const wp_run_data *data, const wp_choice *choice)
{
    char title[WP_TITLE_CHARS], best[WP_BEST_CHARS], pounds[WP_WORDS_CHARS];
    if (data->n_draws < 2 || data->n_arms < 3) { return; }
    const bool is_few = data->n_draws < WP_MIN_PERCENTILE_DRAWS;
    fprintf(out, "Of %d ways%s %s is best on the mean; %s %s.", choice->n_options,
            choice->best == 0 ? "" : ", the baseline among them,",
            choice->best == 0 ? "the baseline itself" : wp_title_text(data->arms[choice->best], title),
            is_few ? "it is best in" : "the chance that it is best is",
            wp_best_words(choice->shares[choice->best], data->n_draws, choice->n_options, best));
    if (choice->evpi > 0.0) {
        fprintf(out, " To know every uncertain number before choosing would be worth %s.",
                wp_pounds_words(choice->evpi, wp_round_step(NAN, choice->evpi, 1.0), pounds));
    }
    fputc('\n', out);
}

/* Ends what is written into memory. */
static wp_status finish(FILE *out, char **text, wp_error *err)
{
    if (fclose(out) == 0) { return WP_OK; }
    free(*text);
    *text = NULL;
    return wp_fail(err, WP_ERR_MEMORY, "not enough memory for the headline");
}

wp_status wp_headline_arm(const wp_arm_page *page, char **text, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = 0;
    *text = NULL;
    FILE *out = open_memstream(text, &n);
    WP_TRY_ALLOC(out);
    if (wp_money_has_unit(&page->data->money, "GBP")) {
        say_saving(out, page);
        say_likelihood(out, page);
        say_who(out, page);
        say_family(out, page);
        say_gains(out, page);
        say_hinge(out, page);
        say_noise(out, page);
    } else {
        say_gains(out, page);
    }
    status = finish(out, text, err);
out:
    return status;
}

wp_status wp_headline_choice(const wp_run_data *data, const wp_choice *choice, char **text, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = 0;
    *text = NULL;
    FILE *out = open_memstream(text, &n);
    WP_TRY_ALLOC(out);
    say_choice(out, data, choice);
    status = finish(out, text, err);
out:
    return status;
}
