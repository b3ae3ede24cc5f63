/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A validation for other programs: JSON and CSV, numbers unrounded. */
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/field.h"
#include "base/json.h"
#include "validate/validation.h"

wp_status wp_validation_print(const wp_validation *validation, wp_validation_format format, FILE *out,
                              wp_error *err)
{
    wp_status status = WP_OK;
    switch (format) {
    case WP_VALIDATION_TABLE: WP_TRY(wp_validation_print_table(validation, out, err)); break;
    case WP_VALIDATION_JSON: WP_TRY(wp_validation_print_json(validation, out, err)); break;
    case WP_VALIDATION_CSV: WP_TRY(wp_validation_print_csv(validation, out, err)); break;
    }
    if (ferror(out)) { status = wp_fail(err, WP_ERR_FILE, "the comparison cannot be written"); }
out:
    return status;
}

/* ---- JSON ------------------------------------------------------------------------------------------ */

static const char *role_of(bool is_claim)
{
    return is_claim ? "claim" : "baseline fact";
}

static void need_json(wp_json *json, const wp_validation_need *need)
{
    if (!need->is_asked) {
        wp_json_null(json, "needs");
        return;
    }
    wp_json_begin(json, "needs", '{');
    wp_json_text(json, "parameter", need->parameter);
    wp_json_text(json, "unit", need->unit);
    wp_json_number(json, "stated", need->stated);
    wp_json_number(json, "from", need->from);
    wp_json_number(json, "to", need->to);
    wp_json_number(json, "value", need->value);
    wp_json_end(json, '}');
}

static void row_json(wp_json *json, const wp_validation *v, const wp_validation_row *row)
{
    const wp_comparison *c = &row->comparison;
    char verdict[WP_VERDICT_TEXT];
    wp_validation_verdict(row, verdict);
    wp_json_line(json, 2);
    wp_json_begin(json, NULL, '{');
    wp_json_text(json, "id", row->ids);
    wp_json_text(json, "says", wp_validation_says(v, row));
    wp_json_text(json, "role", role_of(row->is_claim));
    wp_json_text(json, "scenario", row->scenario);
    wp_json_text(json, "target", row->target);
    wp_json_text(json, "figure", row->figure);
    wp_json_text(json, "unit", row->unit);
    wp_json_text(json, "source", row->source);
    wp_json_number(json, "published_low", c->published_low);
    wp_json_number(json, "published_high", c->published_high);
    wp_json_number(json, "model", c->interval.mean);
    wp_json_number(json, "low", c->low);
    wp_json_number(json, "high", c->high);
    wp_json_number(json, "noise_half_width", c->interval.noise);
    wp_json_number(json, "ratio", c->ratio);
    wp_json_number(json, "z", c->z);
    need_json(json, &row->need);
    wp_json_text(json, "verdict", wp_verdict_words(c->verdict));
    wp_json_text(json, "in_words", verdict);
    wp_json_end(json, '}');
}

static void run_json(wp_json *json, const wp_validation_run *run)
{
    wp_json_line(json, 2);
    wp_json_begin(json, NULL, '{');
    wp_json_text(json, "scenario", run->scenario);
    wp_json_text(json, "title", run->title);
    wp_json_text(json, "caution", run->caution);
    wp_json_number(json, "sample", run->sample);
    wp_json_number(json, "seconds", run->seconds);
    wp_json_whole(json, "draws", run->draws);
    wp_json_whole(json, "replicates", run->replicates);
    wp_json_whole(json, "targets", run->n_targets);
    wp_json_flag(json, "is_result", run->is_result);
    wp_json_end(json, '}');
}

static void figures_json(wp_json *json, const wp_validation *v, const size_t *order, bool with_reason)
{
    wp_json_line(json, 1);
    wp_json_begin(json, with_reason ? "not_modelled" : "no_target", '[');
    for (size_t i = 0; i < v->n_figures; i++) {
        const wp_validation_figure *f = &v->figures[order[i]];
        if (!wp_validation_is_left_out(v, f) || (f->not_modelled != NULL) != with_reason) { continue; }
        wp_json_line(json, 2);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "id", f->id);
        wp_json_text(json, "role", role_of(f->role == WP_PUBLISHED_CLAIM));
        wp_json_text(json, "place", f->place);
        wp_json_text(json, "says", f->says);
        wp_json_text(json, "published", f->value);
        if (with_reason) { wp_json_text(json, "reason", f->not_modelled); }
        wp_json_text(json, "source", f->source);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

wp_status wp_validation_print_json(const wp_validation *v, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    wp_json json = {.out = out};
    size_t *rows = wp_validation_rows_by_id(v), *figures = wp_validation_figures_by_id(v);
    WP_TRY_ALLOC(rows);
    WP_TRY_ALLOC(figures);
    wp_json_begin(&json, NULL, '{');
    wp_json_begin(&json, "runs", '[');
    for (size_t i = 0; i < v->n_runs; i++) { run_json(&json, &v->runs[i]); }
    wp_json_end(&json, ']');
    wp_json_line(&json, 1);
    wp_json_begin(&json, "targets", '[');
    for (size_t i = 0; i < v->n_rows; i++) { row_json(&json, v, &v->rows[rows[i]]); }
    wp_json_end(&json, ']');
    figures_json(&json, v, figures, true);
    figures_json(&json, v, figures, false);
    wp_json_end(&json, '}');
    fputc('\n', out);
out:
    free(rows);
    free(figures);
    return status;
}

/* ---- CSV ------------------------------------------------------------------------------------------- */

static void row_csv(FILE *out, const wp_validation *v, const wp_validation_row *row)
{
    const wp_comparison *c = &row->comparison;
    const char *const texts[] = {
        row->ids, role_of(row->is_claim), wp_validation_says(v, row), row->scenario, row->target, row->figure,
        row->unit};
    const double numbers[] = {
        c->published_low, c->published_high, c->interval.mean, c->low, c->high, c->ratio, c->z};
    char verdict[WP_VERDICT_TEXT];
    wp_validation_verdict(row, verdict);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        wp_field_csv(out, texts[i]);
        fputc(',', out);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        wp_field_number(out, numbers[i], "");
        fputc(',', out);
    }
    wp_field_csv(out, wp_verdict_words(c->verdict));
    fputc(',', out);
    wp_field_csv(out, verdict);
    fputc(',', out);
    wp_field_csv(out, row->need.is_asked ? row->need.parameter : "");
    fputc(',', out);
    wp_field_number(out, row->need.is_found ? row->need.value : (double)NAN, "");
    fputc(',', out);
    wp_field_csv(out, row->source);
    fputc('\n', out);
}

/* What is not compared has no numbers; the reason stands where the words of the verdict are. */
static void figure_csv(FILE *out, const wp_validation_figure *f)
{
    wp_field_csv(out, f->id);
    fprintf(out, ",%s,", role_of(f->role == WP_PUBLISHED_CLAIM));
    wp_field_csv(out, f->says);
    fputs(",,,,,,,,,,,,", out); /* scenario to z */
    fputs(f->not_modelled != NULL ? "not modelled," : "no target,", out);
    wp_field_csv(out, f->not_modelled != NULL ? f->not_modelled : "");
    fputs(",,,", out);
    wp_field_csv(out, f->source);
    fputc('\n', out);
}

wp_status wp_validation_print_csv(const wp_validation *v, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    size_t *rows = wp_validation_rows_by_id(v), *figures = wp_validation_figures_by_id(v);
    WP_TRY_ALLOC(rows);
    WP_TRY_ALLOC(figures);
    fputs("id,role,says,scenario,target,figure,unit,published_low,published_high,model,low,high,ratio,z,"
          "verdict,"
          "in_words,needs_parameter,needs_value,source\n",
          out);
    for (size_t i = 0; i < v->n_rows; i++) { row_csv(out, v, &v->rows[rows[i]]); }
    for (size_t i = 0; i < v->n_figures; i++) {
        if (wp_validation_is_left_out(v, &v->figures[figures[i]])) {
            figure_csv(out, &v->figures[figures[i]]);
        }
    }
out:
    free(rows);
    free(figures);
    return status;
}
