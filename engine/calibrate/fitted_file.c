/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitted parameters as a file that scenarios use, and the report. */
#define _GNU_SOURCE /* open_memstream */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/field.h"
#include "base/version.h"
#include "calibrate/calibration.h"
#include "calibrate/made_file.h"

/* ---- The report -------------------------------------------------------------------------------------------- */

static const char *unit_of(const wp_fact *fact, double *in_unit)
{
    const bool is_percent = strcmp(fact->target->unit_text, "%") == 0;
    *in_unit = is_percent ? 100.0 : 1.0;
    return fact->target->unit_text;
}

static void print_run(const wp_calibration *c, FILE *out, const char *start)
{
    const wp_run_options *run = &c->variant.options;
    fprintf(
        out,
        "%s%s: %d fact%s, %d runs of the same lives (%.4g %% of families, %d replicates, seed %llu, years 1 "
        "to %d)\n",
        start, wp_scenario_file(c->scenario, 0), c->n_used, c->n_used == 1 ? "" : "s", c->variant.n_runs,
        100.0 * run->sample, run->replicates,
        (unsigned long long)(run->has_seed ? run->seed : c->scenario->seed), c->variant.scenario.n_years);
}

void wp_calibration_report(const wp_calibration *c, FILE *out, const char *start)
{
    print_run(c, out, start);
    fprintf(out, "%s%-32s %12s %12s %12s %12s  %s\n", start, "parameter", "stated", "fitted", "+- noise",
            "+- in all", "unit");
    for (int i = 0; i < c->n_fitted; i++) {
        const wp_fitted *f = &c->fitted[i];
        fprintf(out, "%s%-32s %12.5g %12.5g %12.2g %12.2g  %s%s\n", start, f->parameter->name, f->start,
                f->value, 1.96 * f->noise, 1.96 * f->unsure, f->parameter->unit_text,
                f->parameter->is_replaced
                    ? "  (the scenario replaces it itself: take that out to use the file)"
                    : "");
    }
    fprintf(out, "%s%-32s %12s %12s %12s %12s  %s\n", start, "fact", "published", "before", "after", "off by",
            "unit");
    for (int i = 0; i < c->n_facts; i++) {
        const wp_fact *f = &c->facts[i];
        double in_unit = 1.0;
        const char *unit = unit_of(f, &in_unit);
        fprintf(out, "%s%-32s %12.6g %12.6g %12.6g %10.2f %%  %s%s\n", start, f->target->name,
                in_unit * f->centre, in_unit * f->before, in_unit * f->after,
                100.0 * (f->after / f->centre - 1.0), unit,
                f->is_fitted ? "" : "  (looked at, not fitted to)");
    }
}

/* ---- The file -------------------------------------------------------------------------------------- */

/* A bound of the stated distribution, moved as its value was. */
static double moved(const wp_fitted *f, double bound)
{
    const double odds = f->is_share ? f->value / (1.0 - f->value) * (1.0 - f->start) / f->start : 0.0;
    const double by = log(f->is_share ? odds : f->value / f->start);
    return wp_fitted_move(f->is_share, bound / f->parameter->unit_scale, by);
}

static void write_distribution(const wp_fitted *f, FILE *out)
{
    static const char *const names[] = {"none", "normal", "lognormal", "gamma", "beta", "uniform", "pert"};
    const wp_distribution *d = &f->parameter->distribution;
    const double scale = f->is_share ? f->value * (1.0 - f->value) / (f->start * (1.0 - f->start))
                                     : f->value / f->start;
    if (d->kind == WP_DISTRIBUTION_NONE || d->kind == WP_DISTRIBUTION_DIRICHLET) {
        fprintf(out,
                f->is_share ? "    distribution: {beta: {sd: %.6g}}\n"
                            : "    distribution: {lognormal: {cv: %.6g}}\n",
                f->is_share ? f->unsure : f->unsure / f->value);
        return;
    }
    fprintf(out, "    distribution: {%s: {", names[d->kind]);
    if (!isnan(d->sd)) {
        fprintf(out, "sd: %.9g", d->sd / f->parameter->unit_scale * scale);
    } else if (!isnan(d->cv)) {
        fprintf(out, "cv: %.9g", d->cv);
    } else if (!isnan(d->interval_low)) {
        fprintf(out, "interval95: [%.9g, %.9g]", moved(f, d->interval_low), moved(f, d->interval_high));
    } else {
        fprintf(out, "low: %.9g, high: %.9g", moved(f, d->low), moved(f, d->high));
    }
    fprintf(out, "%s}}\n", d->value_is_median ? ", value_is: median" : "");
}

/* Where the number is from: the facts, the run, and what stood there before. */
static wp_status write_source(const wp_calibration *c, const wp_fitted *f, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    char *text = NULL;
    size_t n = 0;
    const wp_run_options *run = &c->variant.options;
    FILE *words = open_memstream(&text, &n);
    WP_TRY_ALLOC(words);
    fprintf(words, "Fitted by wholeplace calibrate %s (%s) to ", wp_version_text(), wp_version_revision());
    const char *comma = "";
    for (int i = 0; i < c->n_facts; i++) {
        const wp_fact *fact = &c->facts[i];
        double in_unit = 1.0;
        const char *unit = unit_of(fact, &in_unit);
        if (!fact->is_fitted) { continue; }
        const char *id = fact->target->id;
        fprintf(words, "%s%s%s%s%s (%.6g%s%s, fitted %.6g)", comma, fact->target->name,
                id == NULL ? "" : " [", id == NULL ? "" : id, id == NULL ? "" : "]", in_unit * fact->centre,
                unit[0] == '\0' ? "" : " ", unit, in_unit * fact->after);
        comma = ", ";
    }
    fprintf(
        words,
        "; %s, seed %llu, %.4g %% of families, %d replicates, years 1 to %d; noise of the lives +- %.2g; "
        "before: %.6g%s%s",
        wp_scenario_file(c->scenario, 0), (unsigned long long)(run->has_seed ? run->seed : c->scenario->seed),
        100.0 * run->sample, run->replicates, c->variant.scenario.n_years, 1.96 * f->noise, f->start,
        f->parameter->source == NULL ? "" : ", ", f->parameter->source == NULL ? "" : f->parameter->source);
    if (fclose(words) != 0) {
        status = wp_fail(err, WP_ERR_MEMORY, "not enough memory for the fitted file");
        goto out;
    }
    fputs("    source: ", out);
    wp_field_json(out, text); /* a string of JSON is one of YAML */
    fputc('\n', out);
out:
    free(text);
    return status;
}

static wp_status write_yaml(const void *of, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_calibration *c = of;
    fputs(WP_MADE_FILE_FIRST "calibrate. Do not edit: fit again. To use it, name it under 'use'.\n#\n", out);
    wp_calibration_report(c, out, "# ");
    fputs("wholeplace: 1\ntitle: ", out);
    wp_field_json(out, "Parameters fitted to published facts");
    fputs("\nreplace:\n", out);
    for (int i = 0; i < c->n_fitted; i++) {
        const wp_fitted *f = &c->fitted[i];
        fprintf(out, "  parameters.%s:\n    value: %.9g\n    unit: %s\n", f->parameter->name, f->value,
                f->parameter->unit_text);
        write_distribution(f, out);
        WP_TRY(write_source(c, f, out, err));
        /* Not seen in any source, but worked out: the lowest grade. */
        fputs("    grade: C\n", out);
    }
out:
    return status;
}

wp_status wp_fitted_file_write(const wp_calibration *calibration, const char *path, wp_error *err)
{
    return wp_made_file_put(path, true, write_yaml, calibration, err);
}
