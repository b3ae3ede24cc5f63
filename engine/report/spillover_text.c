/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a saving is, within families, as a table. */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "report/summary_print.h"
#include "report/words.h"

enum { N_ROWS = WP_N_SIDES + 1 /* and what is no family's */ };

static const char *const labels[N_ROWS] = {
    [WP_SIDE_OWN] = "Who is in a programme",
    [WP_SIDE_OTHERS] = "Others of their families",
    [WP_SIDE_HOME] = "Homes and couples as a whole, offers",
    [WP_SIDE_ONE_ARM] = "Who is born in one of the two alone",
    [WP_SIDE_ELSEWHERE] = "Families that no programme reaches",
    [WP_N_SIDES] = "Fixed costs of programmes, nobody's",
};

/* A line: a side, or what is no family's. */
typedef struct side_line {
    const char *label;
    double people;
    wp_interval interval;
} side_line;

/* In units of `size`; of a unit but pounds as gained. */
static wp_interval scaled(const wp_spillover *spillover, const wp_interval *saving, double size)
{
    wp_interval interval = strcmp(spillover->unit, "GBP") == 0 ? *saving : wp_interval_negated(saving);
    interval.mean /= size;
    interval.low /= size;
    interval.high /= size;
    interval.noise /= size;
    return interval;
}

/* Those lines in which there is something. */
static int take_lines(const wp_spillover *spillover, double size, side_line lines[N_ROWS])
{
    int n = 0;
    for (int k = 0; k < N_ROWS; k++) {
        const wp_interval *saving = k < WP_N_SIDES ? &spillover->sides[k] : &spillover->fixed;
        const double people = k < WP_N_SIDES ? spillover->people[k] : 0.0;
        if (people == 0.0 && saving->mean == 0.0 && !(wp_half_width(saving) > 0.0)) { continue; }
        lines[n++] = (side_line){labels[k], people, scaled(spillover, saving, size)};
    }
    return n;
}

/* `least`: what each has is printed to no finer step. */
static void print_line(FILE *out, const side_line *line, double rounded, double step, double size,
                       double least)
{
    char people[WP_NUMBER_CHARS] = "", amount[WP_NUMBER_CHARS], each[WP_NUMBER_CHARS] = "";
    char range[WP_RANGE_CHARS];
    if (line->people > 0.0) {
        const double mean = line->interval.mean * size / line->people;
        const double half = wp_half_width(&line->interval) * size / line->people;
        wp_number_text(line->people, 1.0, people);
        wp_number_text(mean, wp_round_step(half, mean, least), each);
    }
    wp_number_text(rounded, step, amount);
    wp_interval_text(&line->interval, step, range);
    wp_print_label(out, line->label);
    fprintf(out, "%12s %14s   ", people, amount);
    if (each[0] == '\0') {
        fprintf(out, "%s\n", range);
    } else {
        fprintf(out, "%-28s %10s\n", range, each);
    }
}

void wp_print_spillover(FILE *out, const wp_spillover *spillover, double size, const char *name)
{
    side_line lines[N_ROWS];
    double means[N_ROWS], rounded[N_ROWS], halves[N_ROWS];
    char title[64];
    if (spillover->unit == NULL) { return; }
    const int n = take_lines(spillover, size, lines);
    const side_line all = {"All", 0.0, scaled(spillover, &spillover->total, size)};
    const double least = strcmp(spillover->unit, "GBP") == 0 ? 1.0 : 1e-4;
    for (int k = 0; k < n; k++) {
        means[k] = lines[k].interval.mean;
        halves[k] = wp_half_width(&lines[k].interval);
    }
    const double step = wp_table_step(
        halves, n, wp_round_step(wp_half_width(&all.interval), all.interval.mean, least / size));
    wp_round_parts(means, n, all.interval.mean, step, rounded);
    snprintf(title, sizeof title, "Who in the family gains, %s", name);
    fprintf(out, "\n");
    wp_print_label(out, title);
    fprintf(out, "%12s %14s   %-28s %10s\n", "people", "discounted", "95 % interval", "each");
    for (int k = 0; k < n; k++) { print_line(out, &lines[k], rounded[k], step, size, least); }
    print_line(out, &all, all.interval.mean, step, size, least);
}

/* ---- Payers ------------------------------------------------------------------------------------------ */

/* Columns of the table: what members have jointly is one of them. */
enum { OWN, OTHERS, JOINT, ELSEWHERE, FIXED, N_COLUMNS };

static const int column_of[WP_N_PAYER_SIDES] = {
    [WP_SIDE_OWN] = OWN,       [WP_SIDE_OTHERS] = OTHERS,       [WP_SIDE_HOME] = JOINT,
    [WP_SIDE_ONE_ARM] = JOINT, [WP_SIDE_ELSEWHERE] = ELSEWHERE, [WP_N_SIDES] = FIXED,
};

/* A row whose printed figures add to its printed sum, in units of `size`; they are added to those of all. */
static void print_payer(FILE *out, const char *label, const double *cells, double step, double size,
                        double *all)
{
    double sum = 0.0;
    char text[WP_NUMBER_CHARS];
    wp_print_label(out, label);
    for (int c = 0; c < N_COLUMNS; c++) {
        const double rounded = round(cells[c] / step) * step;
        wp_number_text(rounded / size, step / size, text);
        fprintf(out, " %13s", text);
        sum += rounded;
        if (all != NULL) { all[c] += rounded; }
    }
    wp_number_text(sum / size, step / size, text);
    fprintf(out, " %13s\n", text);
}

static wp_status print_payers(FILE *out, wp_savings *savings, int arm, double step, double size,
                              wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &savings->data->money;
    double all[N_COLUMNS] = {0};
    for (int p = 0; p <= money->n_payers; p++) {
        const char *title = p < money->n_payers ? money->payer_titles[p] : "Payer not stated";
        double means[WP_N_PAYER_SIDES], cells[N_COLUMNS] = {0};
        bool any = false;
        WP_TRY(wp_spillover_of_payer(savings, arm, p < money->n_payers ? p : WP_NO_PAYER, means, err));
        for (int side = 0; side < WP_N_PAYER_SIDES; side++) {
            cells[column_of[side]] += means[side];
            any |= means[side] != 0.0;
        }
        if (any) { print_payer(out, title, cells, step, size, all); }
    }
    print_payer(out, "All", all, step, size, NULL);
out:
    return status;
}

wp_status wp_print_spillover_payers(FILE *out, wp_savings *savings, int arm, wp_error *err)
{
    wp_status status = WP_OK;
    wp_spillover spillover = {0};
    bool is_kept = false;
    char title[WP_TITLE_CHARS];
    WP_TRY(wp_spillover_of(savings, arm, &spillover, &is_kept, err));
    if (!is_kept || savings->data->money.n_payers == 0) { goto out; }
    const wp_interval *total = &spillover.total;
    /* A figure more than usual, as of packages: the cells share most of what is not known. */
    const double step = fmax(1.0, wp_round_step(wp_half_width(total), total->mean, 1.0) / 10.0);
    const bool in_millions = fabs(total->mean) >= 1e8;
    fprintf(out, "\nWho pays for whom in the family in %s (net saving, discounted, \xc2\xa3%s)\n",
            wp_title_text(savings->data->arms[arm], title), in_millions ? " million" : "");
    wp_print_label(out, "");
    fprintf(out, " %13s %13s %13s %13s %13s %13s\n", "in programme", "others", "jointly", "not reached",
            "fixed costs", "all");
    WP_TRY(print_payers(out, savings, arm, step, in_millions ? 1e6 : 1.0, err));
out:
    return status;
}
