/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A validation for other programs: JSON and CSV, numbers unrounded. */
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/field.h"
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

static void key_text(FILE *out, const char *key, const char *value)
{
    fprintf(out, "\"%s\": ", key);
    wp_field_json(out, value);
    fputs(", ", out);
}

static void key_number(FILE *out, const char *key, double value)
{
    fprintf(out, "\"%s\": ", key);
    wp_field_number(out, value, "null");
    fputs(", ", out);
}

static const char *role_of(bool is_claim)
{
    return is_claim ? "claim" : "baseline fact";
}

static void need_json(FILE *out, const wp_validation_need *need)
{
    fputs("\"needs\": ", out);
    if (!need->is_asked) {
        fputs("null, ", out);
        return;
    }
    fputs("{", out);
    key_text(out, "parameter", need->parameter);
    key_text(out, "unit", need->unit);
    key_number(out, "stated", need->stated);
    key_number(out, "from", need->from);
    key_number(out, "to", need->to);
    fputs("\"value\": ", out);
    wp_field_number(out, need->value, "null");
    fputs("}, ", out);
}

static void row_json(FILE *out, const wp_validation *v, const wp_validation_row *row)
{
    const wp_comparison *c = &row->comparison;
    char verdict[WP_VERDICT_TEXT];
    wp_validation_verdict(row, verdict);
    fputs("\n  {", out);
    key_text(out, "id", row->ids);
    key_text(out, "says", wp_validation_says(v, row));
    key_text(out, "role", role_of(row->is_claim));
    key_text(out, "scenario", row->scenario);
    key_text(out, "target", row->target);
    key_text(out, "figure", row->figure);
    key_text(out, "unit", row->unit);
    key_text(out, "source", row->source);
    key_number(out, "published_low", c->published_low);
    key_number(out, "published_high", c->published_high);
    key_number(out, "model", c->interval.mean);
    key_number(out, "low", c->low);
    key_number(out, "high", c->high);
    key_number(out, "noise_half_width", c->interval.noise);
    key_number(out, "ratio", c->ratio);
    key_number(out, "z", c->z);
    need_json(out, &row->need);
    key_text(out, "verdict", wp_verdict_words(c->verdict));
    fputs("\"in_words\": ", out);
    wp_field_json(out, verdict);
    fputs("}", out);
}

static void run_json(FILE *out, const wp_validation_run *run)
{
    fputs("\n  {", out);
    key_text(out, "scenario", run->scenario);
    key_text(out, "title", run->title);
    key_text(out, "caution", run->caution);
    key_number(out, "sample", run->sample);
    key_number(out, "seconds", run->seconds);
    fprintf(out, "\"draws\": %d, \"replicates\": %d, \"targets\": %d, \"is_result\": %s}", run->draws,
            run->replicates, run->n_targets, run->is_result ? "true" : "false");
}

static void figures_json(FILE *out, const wp_validation *v, const size_t *order, bool with_reason)
{
    const char *comma = "";
    fprintf(out, "],\n \"%s\": [", with_reason ? "not_modelled" : "no_target");
    for (size_t i = 0; i < v->n_figures; i++) {
        const wp_validation_figure *f = &v->figures[order[i]];
        if (!wp_validation_is_left_out(v, f) || (f->not_modelled != NULL) != with_reason) { continue; }
        fprintf(out, "%s\n  {", comma);
        comma = ",";
        key_text(out, "id", f->id);
        key_text(out, "role", role_of(f->role == WP_PUBLISHED_CLAIM));
        key_text(out, "place", f->place);
        key_text(out, "says", f->says);
        key_text(out, "published", f->value);
        if (with_reason) { key_text(out, "reason", f->not_modelled); }
        fputs("\"source\": ", out);
        wp_field_json(out, f->source);
        fputs("}", out);
    }
}

wp_status wp_validation_print_json(const wp_validation *v, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    size_t *rows = wp_validation_rows_by_id(v), *figures = wp_validation_figures_by_id(v);
    WP_TRY_ALLOC(rows);
    WP_TRY_ALLOC(figures);
    fputs("{\"runs\": [", out);
    for (size_t i = 0; i < v->n_runs; i++) {
        if (i > 0) { fputs(",", out); }
        run_json(out, &v->runs[i]);
    }
    fputs("],\n \"targets\": [", out);
    for (size_t i = 0; i < v->n_rows; i++) {
        if (i > 0) { fputs(",", out); }
        row_json(out, v, &v->rows[rows[i]]);
    }
    figures_json(out, v, figures, true);
    figures_json(out, v, figures, false);
    fputs("]}\n", out);
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
