/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assumed figures (grade C): whether their distributions say how little is known of them. */
#include <math.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/reader.h"

/* The least coefficient of variation of an assumption. A ratio or a share is told from 1 by a few per cent,
   which a 95 % interval of 4 % to either side leaves open; of rates, durations and prices nobody knows 10 %. */
static const double least_of_ratios = 0.02, least_of_all_else = 0.05;
/* So that 0.05 as the uniform's ends give it is 0.05. */
static const double slack = 1e-6;

static bool is_uncertain(const wp_parameter *p)
{
    return p->distribution.kind != WP_DISTRIBUTION_NONE || p->n_steps > 0;
}

/* Does a table take a cell from an uncertain parameter? A common factor for all of it may mean nothing, as
   where an average is kept; then the cell that is unsure has a name. */
static bool has_uncertain_cell(const wp_scenario *s, const wp_grid *grid)
{
    for (int i = 0; grid != NULL && grid->cell_parameter != NULL && i < grid->n_cells; i++) {
        int cell = grid->cell_parameter[i];
        if (cell >= 0 && is_uncertain(&s->parameters[cell])) { return true; }
    }
    return false;
}

/* Standard deviation over mean; of a beta and a lognormal between given ends about so. */
static double variation_of(const wp_distribution *d, double mean)
{
    double sd = d->sd;
    if (!isnan(d->cv)) { return d->cv; }
    if (!isnan(d->interval_low)) { sd = (d->interval_high - d->interval_low) / 3.92; }
    if (!isnan(d->low)) {
        sd = d->kind == WP_DISTRIBUTION_UNIFORM ? (d->high - d->low) / sqrt(12.0)
                                                : sqrt((mean - d->low) * (d->high - mean) / 7.0);
    }
    return sd / fabs(mean);
}

static double least_variation(const wp_parameter *p)
{
    if (p->distribution.on_contrast) { return least_of_ratios; } /* a power: what it does to cells is more */
    switch (p->unit) {
    case WP_UNIT_NONE: /* factors of durations, and parts of formulas */
    case WP_UNIT_HAZARD_RATIO:
    case WP_UNIT_ODDS_RATIO:
    case WP_UNIT_RISK_RATIO:
    case WP_UNIT_PROBABILITY:
    case WP_UNIT_PROPORTION: return least_of_ratios;
    case WP_UNIT_PER_YEAR:
    case WP_UNIT_DURATION:
    case WP_UNIT_PLACES:
    case WP_UNIT_WEIGHT:
    case WP_UNIT_GBP:
    case WP_UNIT_OTHER: break;
    }
    return least_of_all_else;
}

static void check_width(wp_reader *r, const char *what, const char *name, const wp_distribution *d,
                        double mean, double least, wp_pos pos)
{
    if (d->kind == WP_DISTRIBUTION_NONE || d->kind == WP_DISTRIBUTION_DIRICHLET || !(fabs(mean) > 0.0)) {
        return;
    }
    const double variation = variation_of(d, mean);
    if (variation >= least - slack) { return; }
    wp_report_warning_at(
        r, pos, (int)strlen(name),
        "%s '%s' is assumed (grade C), and its distribution says that it is known to %.2g %% "
        "(standard deviation over mean)",
        what, name, 100.0 * variation);
    wp_report_hint(r, "make it at least %g %%, or give the grade that its source deserves", 100.0 * least);
}

static void check_parameter(wp_reader *r, int i)
{
    const wp_scenario *s = r->scenario;
    const wp_parameter *p = &s->parameters[i];
    /* One that is written but wrong has its own message. */
    const bool is_written = wp_node_get(r->names->nodes[WP_NAME_PARAMETER][i], "distribution") != NULL;
    if (p->grade != 'C' || p->n_steps > 0) { return; }
    if (!is_written && !has_uncertain_cell(s, p->grid)) {
        wp_report_warning_at(
            r, p->pos, (int)strlen(p->name),
            "parameter '%s' is assumed (grade C) and has no distribution, as if it were certain", p->name);
    }
    check_width(r, "parameter", p->name, &p->distribution, p->grid != NULL ? 1.0 : p->value,
                least_variation(p), p->pos);
}

static void check_unit_value(wp_reader *r, const wp_unit_value *v)
{
    const wp_scenario *s = r->scenario;
    const wp_quantity *amount = &v->amount;
    const bool is_number = amount->kind == WP_QUANTITY_NUMBER;
    const bool is_named = amount->kind == WP_QUANTITY_PARAMETER || amount->kind == WP_QUANTITY_CELL;
    if (v->grade != 'C') { return; }
    if (v->source == NULL) {
        wp_report_warning_at(r, v->pos, 1, "unit value '%s' is assumed (grade C) and says no source",
                             v->name);
    }
    if (v->distribution.kind == WP_DISTRIBUTION_NONE && !has_uncertain_cell(s, amount->grid) &&
        !(is_named && is_uncertain(&s->parameters[amount->parameter]))) {
        wp_report_warning_at(
            r, v->pos, 1,
            "unit value '%s' is assumed (grade C) and has no distribution, as if it were certain", v->name);
    }
    check_width(r, "unit value", v->name, &v->distribution, is_number ? amount->value : 1.0,
                least_of_all_else, v->pos);
}

/* A factor that is divided by its mean, and shares of weights, are what they were when all cells are multiplied
   by one number: then the distribution says nothing. */
static void check_effect(wp_reader *r, const wp_quantity *value, bool is_divided_by_its_mean, bool *said)
{
    if (value->kind != WP_QUANTITY_PARAMETER || !is_divided_by_its_mean) { return; }
    const wp_parameter *p = &r->scenario->parameters[value->parameter];
    const wp_distribution *d = &p->distribution;
    if (p->grade != 'C' || p->grid == NULL || d->kind == WP_DISTRIBUTION_NONE || d->on_contrast ||
        has_uncertain_cell(r->scenario, p->grid) || said[value->parameter]) {
        return;
    }
    said[value->parameter] = true;
    wp_report_warning_at(
        r, p->pos, (int)strlen(p->name),
        "the distribution of parameter '%s' changes nothing: it multiplies all cells, and only "
        "their ratios count",
        p->name);
    wp_report_hint(r,
                   "write 'acts_on: contrast' in it, or give the cells that are unsure names of their own");
}

static void check_factors(wp_reader *r, const wp_factor *factors, int n, bool *said)
{
    for (int f = 0; f < n; f++) {
        const bool is_kept = factors[f].n_keep_average_by > 0 && factors[f].when == NULL;
        check_effect(r, &factors[f].value, is_kept, said);
    }
}

void wp_check_assumed(wp_reader *r)
{
    const wp_scenario *s = r->scenario;
    bool *said = wp_reader_scratch(r, (size_t)s->n_parameters + 1, sizeof *said);
    if (said == NULL) { return; }
    for (int i = 0; i < s->n_parameters; i++) { check_parameter(r, i); }
    for (int i = 0; i < s->n_unit_values; i++) { check_unit_value(r, &s->unit_values[i]); }
    for (int i = 0; i < s->n_processes; i++) {
        const wp_process *p = &s->processes[i];
        check_factors(r, p->factors, p->n_factors, said);
        for (int o = 0; o < p->n_options; o++) {
            check_factors(r, p->options[o].factors, p->options[o].n_factors, said);
            check_effect(r, &p->options[o].probability, p->levels_of >= 0, said);
        }
    }
}
