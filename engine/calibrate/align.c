/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligning a baseline, and the file that keeps what was found. */
#define _GNU_SOURCE /* open_memstream */
#include <wholeplace/align.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/field.h"
#include "base/version.h"
#include "calibrate/made_file.h"
#include "calibrate/shifts.h"
#include "parallel/simulate_run.h"
#include "simulate/counts.h"
#include "solve/variant.h"

enum { MOST_ROUNDS = 16 };
static const double tolerance = 1e-3;

/* A scenario whose aligned parameters are tables of our own, one value a year. */
typedef struct search {
    const wp_scenario *scenario;
    wp_variant variant;
    wp_grid *grids;            /* [n_alignments] */
    wp_axis *axes;             /* [n_alignments] */
    wp_band *bands;            /* [n_years] */
    double *ratios, *wanted, *shifts, *totals, *before; /* [n_alignments][n_years] */
    const char *baseline;
} search;

static void search_free(search *s)
{
    wp_variant_free(&s->variant);
    free(s->grids);
    free(s->axes);
    free(s->bands);
    free(s->ratios);
    free(s->wanted);
    free(s->shifts);
    free(s->totals);
    free(s->before);
}

static wp_status search_alloc(search *s, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)s->scenario->n_alignments, years = (size_t)s->scenario->n_years;
    s->grids = wp_calloc_array(n, sizeof *s->grids);
    s->axes = wp_calloc_array(n, sizeof *s->axes);
    s->bands = wp_calloc_array(years, sizeof *s->bands);
    double **const arrays[] = {&s->ratios, &s->wanted, &s->shifts, &s->totals, &s->before};
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        *arrays[a] = wp_calloc_array(n * years, sizeof(double));
        WP_TRY_ALLOC(*arrays[a]);
    }
    WP_TRY_ALLOC(s->grids);
    WP_TRY_ALLOC(s->axes);
    WP_TRY_ALLOC(s->bands);
out:
    return status;
}

static wp_status search_init(search *s, const wp_scenario *scenario, const wp_run_options *options, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t years = (size_t)scenario->n_years;
    *s = (search){.scenario = scenario, .baseline = "baseline"};
    WP_TRY(wp_variant_init(&s->variant, scenario, options, err));
    s->variant.options.arms = &s->baseline;
    s->variant.options.n_arms = 1;
    WP_TRY(search_alloc(s, err));
    for (size_t y = 0; y < years; y++) {
        s->bands[y] = (wp_band){(double)y, y + 1 < years ? (double)(y + 1) : INFINITY};
    }
    for (size_t a = 0; a < (size_t)scenario->n_alignments; a++) {
        const wp_alignment *alignment = &scenario->alignments[a];
        s->axes[a] = (wp_axis){.look = scenario->parameters[alignment->parameter].grid->axes[0].look,
                               .n_bands = (int)years,
                               .bands = s->bands};
        s->grids[a] = (wp_grid){.n_axes = 1, .axes = &s->axes[a], .n_cells = (int)years,
                                .values = s->ratios + a * years};
        s->variant.parameters[alignment->parameter].grid = &s->grids[a];
        memcpy(s->wanted + a * years, alignment->totals, years * sizeof *s->wanted);
    }
out:
    return status;
}

/* Ratios from shifts: a year without a total has that of the year before, or of the first that has one. */
static void fill_ratios(const search *s, const double *shifts)
{
    const size_t years = (size_t)s->scenario->n_years;
    for (size_t a = 0; a < (size_t)s->scenario->n_alignments; a++) {
        const double *wanted = s->wanted + a * years;
        size_t from = 0;
        while (from + 1 < years && isnan(wanted[from])) { from++; }
        for (size_t y = 0; y < years; y++) {
            if (y > from && !isnan(wanted[y])) { from = y; }
            s->ratios[a * years + y] = exp(shifts[a * years + from]);
        }
    }
}

/* Events of the outcome in a year, all groups, the mean over draws and replicates. */
static double total_of(const wp_run_data *data, int outcome, int year)
{
    const int runs = data->n_draws * data->n_replicates;
    const size_t n_outcomes = (size_t)data->n_outcomes, n_years = (size_t)data->n_years;
    double sum = 0.0;
    for (int run = 0; run < runs; run++) {
        for (int b = 0; b < WP_N_BATCHES; b++) {
            const size_t row = ((size_t)run * WP_N_BATCHES + (size_t)b) * n_years + (size_t)year;
            sum += (double)data->batches[row * n_outcomes + (size_t)outcome];
        }
    }
    return sum * data->outcome_scale[outcome] * data->weight / runs;
}

static wp_status simulate(void *of, const double *shifts, double *totals, wp_error *err)
{
    wp_status status = WP_OK;
    search *s = of;
    wp_run_data data = {0};
    const int years = s->scenario->n_years;
    fill_ratios(s, shifts);
    WP_TRY(wp_variant_run(&s->variant, &data, err));
    for (int a = 0; a < s->scenario->n_alignments; a++) {
        for (int y = 0; y < years; y++) {
            const int o = s->scenario->alignments[a].outcome;
            totals[a * years + y] = total_of(&data, o, y);
            if (s->variant.n_runs == 1) { s->before[a * years + y] = totals[a * years + y]; }
        }
    }
out:
    wp_simulate_free(&data);
    return status;
}

static wp_status report(const search *s, wp_alignments *found, wp_error *err)
{
    wp_status status = WP_OK;
    const int years = s->scenario->n_years;
    found->parameters = wp_calloc_array((size_t)s->scenario->n_alignments, sizeof *found->parameters);
    WP_TRY_ALLOC(found->parameters);
    found->n = s->scenario->n_alignments;
    for (int a = 0; a < found->n; a++) {
        const wp_alignment *alignment = &s->scenario->alignments[a];
        wp_aligned_parameter *made = &found->parameters[a];
        *made = (wp_aligned_parameter){.parameter = s->scenario->parameters[alignment->parameter].name,
                                       .outcome = s->scenario->outcomes[alignment->outcome].name,
                                       .source = alignment->source,
                                       .n_years = years,
                                       .years = wp_calloc_array((size_t)years, sizeof *made->years)};
        WP_TRY_ALLOC(made->years);
        for (int y = 0; y < years; y++) {
            const int k = a * years + y;
            made->years[y] = (wp_aligned_year){y + 1, s->wanted[k], s->before[k], s->totals[k], s->ratios[k]};
        }
    }
out:
    return status;
}

/* ---- The file ------------------------------------------------------------------------------------------ */

/* The parameter's grade is that of the totals, from which it follows. */
static void write_parameter(FILE *out, const wp_aligned_parameter *made, const char *unit, char grade,
                            const char *source)
{
    fprintf(out, "  parameters.%s:\n    by: year\n    unit: %s\n    values: {", made->parameter, unit);
    for (int y = 0; y < made->n_years; y++) {
        const bool is_last = y + 1 == made->n_years;
        fprintf(out, "%s%d%s: %.6g", y == 0 ? "" : y % 8 == 0 ? ",\n             " : ", ", y + 1, is_last ? "+" : "",
                made->years[y].ratio);
    }
    fputs("}\n    source: ", out);
    wp_field_json(out, source); /* a string of JSON is one of YAML */
    fputc('\n', out);
    if (grade != 0) { fprintf(out, "    grade: %c\n", grade); }
}

typedef struct aligned_file {
    const wp_alignments *found;
    const wp_scenario *scenario;
    const wp_run_options *run;
} aligned_file;

static wp_status write_yaml(const void *of, FILE *out, wp_error *err)
{
    const aligned_file *file = of;
    const wp_alignments *found = file->found;
    const wp_scenario *scenario = file->scenario;
    const wp_run_options *run = file->run;
    const double sample = run->sample > 0.0 ? run->sample : scenario->sample;
    const int draws = run->draws > 0 ? run->draws : scenario->n_draws;
    fputs(WP_MADE_FILE_FIRST "align. Do not edit: align again. To use it, name it under 'use'.\n"
                             "wholeplace: 1\ntitle: Ratios that bring a baseline to totals by year\nreplace:\n",
          out);
    for (int a = 0; a < found->n; a++) {
        const wp_aligned_parameter *made = &found->parameters[a];
        const wp_alignment *alignment = &scenario->alignments[a];
        char *source = NULL;
        size_t n = 0;
        FILE *words = open_memstream(&source, &n);
        if (words == NULL) { return wp_fail(err, WP_ERR_MEMORY, "not enough memory for the aligned file"); }
        fprintf(words, "Aligned by wholeplace align %s (%s): the baseline's %s to totals by year of %s; %s, seed %llu, "
                       "%.4g %% of families, %d draw%s",
                wp_version_text(), wp_version_revision(), made->outcome, made->source, wp_scenario_file(scenario, 0),
                (unsigned long long)(run->has_seed ? run->seed : scenario->seed), 100.0 * sample, draws,
                draws == 1 ? "" : "s");
        const bool is_whole = fclose(words) == 0;
        if (is_whole) {
            write_parameter(out, made, scenario->parameters[alignment->parameter].unit_text, alignment->grade, source);
        }
        free(source);
        if (!is_whole) { return wp_fail(err, WP_ERR_MEMORY, "not enough memory for the aligned file"); }
    }
    return WP_OK;
}

/* ---- The whole ----------------------------------------------------------------------------------------- */

wp_status wp_align(const wp_scenario *scenario, const wp_run_options *options, const char *path, wp_alignments *found,
                   wp_error *err)
{
    wp_status status = WP_OK;
    search s = {0};
    *found = (wp_alignments){0};
    if (scenario->n_alignments == 0) {
        return wp_fail(err, WP_ERR_ARGUMENT, "the scenario aligns nothing: it has no 'align'");
    }
    WP_TRY(search_init(&s, scenario, options, err));
    if (path != NULL) { WP_TRY(wp_made_file_may_be_put(path, s.variant.options.force, err)); }
    const wp_run_options *run = &s.variant.options;
    const double sample = run->sample > 0.0 ? run->sample : scenario->sample;
    const int draws = run->draws > 0 ? run->draws : scenario->n_draws;
    const int replicates = run->replicates > 0 ? run->replicates : scenario->n_replicates;
    const wp_shifts problem = {.n = scenario->n_alignments * scenario->n_years,
                               .wanted = s.wanted,
                               .tolerance = tolerance,
                               .grain = 1.0 / (sample * draws * replicates),
                               .most_rounds = MOST_ROUNDS};
    WP_TRY(wp_shifts_solve(&problem, simulate, &s, s.shifts, s.totals, &found->rounds, &found->is_met, err));
    WP_TRY(report(&s, found, err));
    if (path != NULL) {
        const aligned_file file = {found, scenario, run};
        WP_TRY(wp_made_file_put(path, run->force, write_yaml, &file, err));
    }
out:
    search_free(&s);
    return status;
}

void wp_alignments_free(wp_alignments *found)
{
    for (int a = 0; a < found->n; a++) { free(found->parameters[a].years); }
    free(found->parameters);
    *found = (wp_alignments){0};
}
