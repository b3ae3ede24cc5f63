/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A validation as one table of plain text, and the verdict in words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "report/comparison_text.h"
#include "validate/validation.h"

/* ---- The verdict ----------------------------------------------------------------------------------- */

/* How a claim that is beyond the interval stands to what is found. */
static int claim_text(const wp_validation_row *row, char text[WP_VERDICT_TEXT])
{
    const wp_comparison *c = &row->comparison;
    const double times = c->nearest / c->interval.mean;
    if (!(times > 0.0) || !isfinite(times)) {
        return snprintf(text, WP_VERDICT_TEXT, "%s, of which the model finds nothing",
                        wp_verdict_words(c->verdict));
    }
    return snprintf(text, WP_VERDICT_TEXT,
                    times < 9.5 ? "%s, %.1f times what is found" : "%s, %.0f times what is found",
                    wp_verdict_words(c->verdict), times);
}

static void need_text(const wp_validation_need *need, char *text, size_t room)
{
    if (!need->is_asked) { return; }
    if (need->is_found) {
        snprintf(text, room, "; it needs %s %.3g instead of %.3g", need->parameter, need->value,
                 need->stated);
    } else {
        snprintf(text, room, "; no %s from %.3g to %.3g gives it (stated: %.3g)", need->parameter, need->from,
                 need->to, need->stated);
    }
}

void wp_validation_verdict(const wp_validation_row *row, char text[WP_VERDICT_TEXT])
{
    const wp_comparison *c = &row->comparison;
    wp_comparison_text numbers;
    int n = 0;
    wp_comparison_write(c, row->unit, &numbers);
    switch (c->verdict) {
    case WP_VERDICT_MISSED:
    case WP_VERDICT_NOT_APART:
        snprintf(text, WP_VERDICT_TEXT, "%s: %s", wp_verdict_words(c->verdict), numbers.distance);
        return;
    case WP_VERDICT_MORE_CLAIMED:
        n = claim_text(row, text);
        need_text(&row->need, text + n, (size_t)(WP_VERDICT_TEXT - n));
        return;
    case WP_VERDICT_UNKNOWN:
    case WP_VERDICT_REPRODUCED:
    case WP_VERDICT_INSIDE:
    case WP_VERDICT_LESS_CLAIMED: break;
    }
    snprintf(text, WP_VERDICT_TEXT, "%s", wp_verdict_words(c->verdict));
}

/* ---- The table ------------------------------------------------------------------------------------- */

enum { ID_WIDTH = 12, INDENT = ID_WIDTH + 2 };

static void print_row(FILE *out, const wp_validation *v, const wp_validation_row *row)
{
    const char *says = wp_validation_says(v, row);
    wp_comparison_text text;
    char verdict[WP_VERDICT_TEXT], published[WP_RANGE_CHARS + 64];
    wp_comparison_write(&row->comparison, row->unit, &text);
    wp_validation_verdict(row, verdict);
    snprintf(published, sizeof published, "%s%s%s", text.published, row->unit[0] == '\0' ? "" : " ",
             row->unit);
    fprintf(out, "%-*s  %-5s  %30s %16s  %-32s %6s %6s  %s\n", (int)ID_WIDTH, row->ids,
            row->is_claim ? "claim" : "fact", published, text.model, text.interval, text.ratio, text.z,
            verdict);
    fprintf(out, "%*s%s%s%s: %s\n", (int)INDENT, "", says, says[0] == '\0' ? "" : " | ", row->scenario,
            row->target);
}

/* Published figures, those that cannot be modelled or those that nothing holds: `with_reason`. */
static void print_figures(FILE *out, const wp_validation *v, const size_t *order, bool with_reason)
{
    bool is_headed = false;
    for (size_t i = 0; i < v->n_figures; i++) {
        const wp_validation_figure *f = &v->figures[order[i]];
        if (!wp_validation_is_left_out(v, f) || (f->not_modelled != NULL) != with_reason) { continue; }
        if (!is_headed) {
            fputs(with_reason ? "\nPublished, but not modelled\n" : "\nPublished, and held by no target\n",
                  out);
        }
        is_headed = true;
        fprintf(out, "%-*s  %-5s  %s%s%s%s%s\n", (int)ID_WIDTH, f->id,
                f->role == WP_PUBLISHED_CLAIM ? "claim" : "fact", f->place, f->place[0] == '\0' ? "" : ": ",
                f->says, f->value[0] == '\0' ? "" : ", ", f->value);
        if (with_reason) { fprintf(out, "%*s%s\n", (int)INDENT, "", f->not_modelled); }
    }
}

/* "12 facts, 11 of them reproduced; 7 claims, 2 of them inside the interval". */
static void print_count(FILE *out, const wp_validation *v)
{
    int n[2] = {0, 0}, met[2] = {0, 0};
    for (size_t i = 0; i < v->n_rows; i++) {
        const wp_validation_row *row = &v->rows[i];
        n[row->is_claim]++;
        met[row->is_claim] += row->comparison.verdict == WP_VERDICT_REPRODUCED ||
                              row->comparison.verdict == WP_VERDICT_INSIDE;
    }
    fprintf(out, "\n%d fact%s of the baseline, %d reproduced; %d claim%s, %d inside the interval.\n", n[0],
            n[0] == 1 ? "" : "s", met[0], n[1], n[1] == 1 ? "" : "s", met[1]);
}

static void print_runs(FILE *out, const wp_validation *v)
{
    for (size_t i = 0; i < v->n_runs; i++) {
        const wp_validation_run *run = &v->runs[i];
        fprintf(out, "%s: %s; %.3g %% of families, %d draw%s, %d replicate%s\n", run->scenario, run->title,
                100.0 * run->sample, run->draws, run->draws == 1 ? "" : "s", run->replicates,
                run->replicates == 1 ? "" : "s");
        if (run->caution[0] != '\0') { fprintf(out, "  Caution: %s.\n", run->caution); }
    }
}

wp_status wp_validation_print_table(const wp_validation *v, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    size_t *rows = wp_validation_rows_by_id(v), *figures = wp_validation_figures_by_id(v);
    WP_TRY_ALLOC(rows);
    WP_TRY_ALLOC(figures);
    print_runs(out, v);
    fprintf(out, "\n%-*s  %-5s  %30s %16s  %-32s %6s %6s  %s\n", (int)ID_WIDTH, "id", "role", "published",
            "model", "95 % interval", "ratio", "z", "verdict");
    for (size_t i = 0; i < v->n_rows; i++) { print_row(out, v, &v->rows[rows[i]]); }
    print_figures(out, v, figures, true);
    print_figures(out, v, figures, false);
    print_count(out, v);
out:
    free(rows);
    free(figures);
    return status;
}
