/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitting parameters of a scenario to its facts. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include <wholeplace/validate.h>

#include "base/fail.h"
#include "base/text.h"
#include "calibrate/calibration.h"
#include "calibrate/made_file.h"
#include "calibrate/fit.h"
#include "chance/parameter_quantile.h"
#include "model/distribution_draw.h"
#include "parallel/simulate_run.h"
#include "simulate/counts.h"

/* Derivatives over 5 % on either side: wide beside the grain of some thousand counts, narrow beside how a
   rate bends. Values to 0.2 %: the noise of the lives and what is tolerated are more. */
static const double step = 0.05, tolerance = 2e-3;

/* A combination of parameters that moves no fact by what is tolerated, when it is moved by a factor of e,
   is not told by them. */
static const double least_told = 1.0;

/* ---- Scales ---------------------------------------------------------------------------------------- */

double wp_fitted_move(bool is_share, double value, double by)
{
    if (!is_share) { return value * exp(by); }
    const double odds = value / (1.0 - value) * exp(by);
    return isinf(odds) ? 1.0 : odds / (1.0 + odds);
}

/* How far `value` moves for a small step on its scale. */
static double slope_of(const wp_fitted *f)
{
    return f->is_share ? f->value * (1.0 - f->value) : f->value;
}

/* ---- What is fitted -------------------------------------------------------------------------------- */

static wp_status choose_parameters(wp_calibration *c, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_calibrate_options *o = c->options;
    if (o->n_parameters < 1 || o->n_parameters > WP_MAX_FITTED) {
        return wp_fail(err, WP_ERR_ARGUMENT, "%d parameters to fit; it must be 1 to %d", o->n_parameters,
                       (int)WP_MAX_FITTED);
    }
    c->fitted = wp_arena_alloc_array(&c->arena, (size_t)o->n_parameters, sizeof *c->fitted);
    WP_TRY_ALLOC(c->fitted);
    for (int i = 0; i < o->n_parameters; i++) {
        wp_fitted *f = &c->fitted[c->n_fitted];
        WP_TRY(wp_variant_find(c->scenario, o->parameters[i], &f->index, err));
        f->parameter = &c->scenario->parameters[f->index];
        f->is_share = f->parameter->unit == WP_UNIT_PROBABILITY || f->parameter->unit == WP_UNIT_PROPORTION;
        f->start = f->value = f->parameter->value / f->parameter->unit_scale;
        for (int k = 0; k < c->n_fitted; k++) {
            if (c->fitted[k].index == f->index) {
                return wp_fail(err, WP_ERR_ARGUMENT, "parameter '%s' is named twice", f->parameter->name);
            }
        }
        if (!(f->start > 0.0) || (f->is_share && !(f->start < 1.0))) {
            return wp_fail(err, WP_ERR_ARGUMENT, "parameter '%s' is %g; a fit starts from a value above 0%s",
                           f->parameter->name, f->start, f->is_share ? " and below 1" : "");
        }
        c->n_fitted++;
    }
out:
    return status;
}

/* ---- To what --------------------------------------------------------------------------------------- */

/* Why a fact is nothing to fit to, or NULL. */
static const char *not_fit_for(const wp_target *t)
{
    const double width = t->high - t->low, middle = 0.5 * (t->high + t->low);
    if (!isfinite(width)) { return "has one end open"; }
    if (width == 0.0 && middle == 0.0) { return "is 0, so nothing is tolerated of it"; }
    if (width == 0.0 && t->within == 0.0) { return "tolerates nothing ('within' is 0)"; }
    return t->weight > 0.0 ? NULL : "has no weight";
}

static bool is_asked(const wp_calibrate_options *o, const wp_target *t)
{
    bool asked = o->n_targets == 0;
    for (int i = 0; i < o->n_targets; i++) { asked |= strcmp(o->targets[i], t->name) == 0; }
    return asked;
}

static wp_status check_targets(const wp_calibration *c, wp_error *err)
{
    for (int i = 0; i < c->options->n_targets; i++) {
        const wp_target *found = NULL;
        for (int t = 0; t < c->scenario->n_targets; t++) {
            if (strcmp(c->scenario->targets[t].name, c->options->targets[i]) == 0) {
                found = &c->scenario->targets[t];
            }
        }
        if (found == NULL) {
            return wp_fail(err, WP_ERR_ARGUMENT, "there is no target '%s'", c->options->targets[i]);
        }
        if (found->is_claim) {
            return wp_fail(
                err, WP_ERR_ARGUMENT,
                "target '%s' is a claim: what a programme is said to save is tested, never fitted to",
                found->name);
        }
        if (not_fit_for(found) != NULL) {
            return wp_fail(err, WP_ERR_ARGUMENT, "target '%s' %s", found->name, not_fit_for(found));
        }
    }
    return WP_OK;
}

static wp_status choose_facts(wp_calibration *c, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = c->scenario;
    WP_TRY(check_targets(c, err));
    c->facts = wp_arena_alloc_array(&c->arena, (size_t)s->n_targets, sizeof *c->facts);
    WP_TRY_ALLOC(c->facts);
    for (int t = 0; t < s->n_targets; t++) {
        const wp_target *target = &s->targets[t];
        if (target->is_claim) { continue; }
        const double half = 0.5 * (target->high - target->low), middle = 0.5 * (target->high + target->low);
        wp_fact *fact = &c->facts[c->n_facts++];
        *fact = (wp_fact){.target = target,
                          .index = t,
                          .before = NAN,
                          .after = NAN,
                          .centre = isinf(target->low) ? target->high
                                    : isinf(half)      ? target->low
                                                       : middle,
                          .scale = half > 0.0 ? half : target->within * fabs(middle),
                          .is_fitted = is_asked(c->options, target) && not_fit_for(target) == NULL};
        c->n_used += fact->is_fitted;
    }
    if (c->n_used == 0) {
        status =
            wp_fail(err, WP_ERR_ARGUMENT, "the scenario has no target that is a baseline fact to fit to");
    }
out:
    return status;
}

/* ---- Runs ------------------------------------------------------------------------------------------ */

/* Later years than the facts are of change nothing in earlier ones. */
static void shorten(wp_calibration *c, const wp_figure *figure)
{
    wp_scenario *s = &c->variant.scenario;
    const int last = figure->last_year < c->scenario->n_years ? figure->last_year : c->scenario->n_years;
    if (last > s->n_years) { s->n_years = last; }
    if (figure->over != NULL) { shorten(c, figure->over); }
}

static void add_arm(wp_calibration *c, int arm)
{
    wp_run_options *run = &c->variant.options;
    const char *name = c->scenario->arms[arm < 0 ? 0 : arm].name;
    for (int i = 0; i < run->n_arms; i++) {
        if (strcmp(c->arms[i], name) == 0) { return; }
    }
    c->arms[run->n_arms++] = name;
}

static void add_arms(wp_calibration *c, const wp_figure *figure)
{
    add_arm(c, figure->arm);
    add_arm(c, figure->against);
    if (figure->over != NULL) { add_arms(c, figure->over); }
}

static wp_status prepare_runs(wp_calibration *c, wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(wp_variant_init(&c->variant, c->scenario, &c->options->run, err));
    wp_run_options *run = &c->variant.options;
    const int replicates = run->replicates;
    wp_validation_size(c->scenario, run);
    run->draws = 1;
    run->replicates = replicates == 0 ? WP_CALIBRATE_REPLICATES : replicates;
    if (run->replicates < 2) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "one replicate; noise is told from 2 or more");
        goto out;
    }
    run->arms = c->arms;
    run->n_arms = 0;
    c->variant.scenario.n_years = 1;
    add_arm(c, 0);
    for (int i = 0; i < c->n_facts; i++) {
        add_arms(c, &c->facts[i].target->figure);
        shorten(c, &c->facts[i].target->figure);
    }
out:
    return status;
}

/* Covariance of the residuals' means, from replicates. */
static void take_noise(const wp_calibration *c, const wp_run_data *data, wp_calibration_run *run)
{
    const int n = data->n_replicates, n_targets = data->money.n_targets;
    const double *values = data->money.target_values;
    double *noise = run->noise;
    for (int i = 0; i < c->n_facts; i++) {
        for (int k = 0; k < c->n_facts; k++) {
            const wp_fact *x = &c->facts[i], *y = &c->facts[k];
            double sum = 0.0;
            if (!x->is_fitted || !y->is_fitted) { continue; }
            for (int r = 0; r < n; r++) {
                sum += (values[r * n_targets + x->index] - run->means[i]) *
                       (values[r * n_targets + y->index] - run->means[k]);
            }
            *noise++ = sqrt(x->target->weight * y->target->weight) * sum /
                       ((n - 1.0) * n * x->scale * y->scale);
        }
    }
}

static wp_status run_new(wp_calibration *c, const double *x, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    const size_t p = (size_t)c->n_fitted, n = (size_t)c->n_facts, n_used = (size_t)c->n_used;
    wp_calibration_run *run = wp_arena_alloc(&c->arena, sizeof *run);
    double *room = wp_arena_alloc_array(&c->arena, p + n + n_used * n_used, sizeof *room);
    WP_TRY_ALLOC(run);
    WP_TRY_ALLOC(room);
    *run = (wp_calibration_run){.before = c->runs, .x = room, .means = room + p, .noise = room + p + n};
    memcpy(run->x, x, p * sizeof *x);
    WP_TRY(wp_variant_run(&c->variant, &data, err));
    for (int i = 0; i < c->n_facts; i++) {
        for (int r = 0; r < data.n_replicates; r++) {
            run->means[i] += data.money.target_values[r * data.money.n_targets + c->facts[i].index] /
                             data.n_replicates;
        }
    }
    take_noise(c, &data, run);
    c->runs = c->last = run;
out:
    wp_simulate_free(&data);
    return status;
}

static wp_calibration_run *find_run(const wp_calibration *c, const double *x)
{
    for (wp_calibration_run *run = c->runs; run != NULL; run = run->before) {
        if (memcmp(run->x, x, (size_t)c->n_fitted * sizeof *x) == 0) { return run; }
    }
    return NULL;
}

static wp_status residuals_of(const wp_calibration *c, double *residuals, double *misfit, wp_error *err)
{
    double sum = 0.0;
    int at = 0;
    for (int i = 0; i < c->n_facts; i++) {
        const wp_fact *fact = &c->facts[i];
        if (!fact->is_fitted) { continue; }
        residuals[at] = sqrt(fact->target->weight) * (c->last->means[i] - fact->centre) / fact->scale;
        if (!isfinite(residuals[at])) {
            return wp_fail(err, WP_ERR_NUMERIC, "the figure of target '%s' cannot be computed from this run",
                           fact->target->name);
        }
        sum += residuals[at] * residuals[at];
        at++;
    }
    *misfit = sqrt(sum / c->n_used);
    return WP_OK;
}

static wp_status run_at(void *of, const double *x, double *residuals, wp_error *err)
{
    wp_status status = WP_OK;
    wp_calibration *c = of;
    double misfit = 0.0;
    for (int i = 0; i < c->n_fitted; i++) {
        wp_fitted *f = &c->fitted[i];
        f->value = wp_fitted_move(f->is_share, f->start, x[i]);
        wp_variant_set(&c->variant, f->index, f->value);
    }
    c->last = find_run(c, x);
    const bool is_new = c->last == NULL;
    if (is_new) { WP_TRY(run_new(c, x, err)); }
    WP_TRY(residuals_of(c, residuals, &misfit, err));
    if (is_new && c->options->told != NULL) { c->options->told(c->options->user, c->variant.n_runs, misfit); }
out:
    return status;
}

/* ---- What can go wrong ----------------------------------------------------------------------------- */

/* Names those that the weakest direction moves. */
static wp_status check_identified(const wp_calibration *c, const wp_fit *fit, wp_error *err)
{
    wp_status status = WP_OK;
    wp_text names;
    int n = 0;
    double first = 0.0;
    if (fit->least >= least_told) { return WP_OK; }
    wp_text_init(&names);
    for (int i = 0; i < c->n_fitted; i++) {
        if (fabs(fit->weakest[i]) < 0.25) { continue; }
        if (n == 0) { first = fit->weakest[i]; }
        WP_TRY(wp_text_append_format(&names, err, "%s%s %s", n++ > 0 ? " with " : "",
                                     c->fitted[i].parameter->name,
                                     fit->weakest[i] * first > 0.0 ? "up" : "down"));
    }
    status =
        wp_fail(err, WP_ERR_NUMERIC,
                n == 1 ? "not identified: the facts hardly depend on it (%s by a factor of 2.7 moves them by "
                         "%.2g of what is tolerated); nothing is written"
                       : "not identified: the facts do not tell these parameters apart (%s, by a factor of "
                         "2.7 in all, moves them by %.2g of what is tolerated); nothing is written",
                wp_text_get(&names), fit->least);
out:
    wp_text_free(&names);
    return status;
}

static wp_status check_converged(const wp_calibration *c, const wp_fit *fit, wp_error *err)
{
    for (int i = 0; i < c->n_fitted; i++) {
        const wp_fitted *f = &c->fitted[i];
        const double grain = 0.25 * f->noise / slope_of(f);
        if (fabs(fit->left[i]) <= fmax(2.0 * tolerance, grain)) { continue; }
        return wp_fail(
            err, WP_ERR_NUMERIC,
            "no convergence after %d steps: '%s' has come to %.4g and would still go on by %.2g %%; more "
            "families or replicates, or another start, may help; nothing is written",
            fit->n_steps, f->parameter->name, f->value, 100.0 * fit->left[i]);
    }
    return WP_OK;
}

static wp_status check_priors(const wp_calibration *c, wp_error *err)
{
    wp_status status = WP_OK;
    for (int i = 0; i < c->n_fitted; i++) {
        const wp_fitted *f = &c->fitted[i];
        const wp_parameter *p = f->parameter;
        double low = 0.0, high = 0.0;
        if (p->distribution.kind == WP_DISTRIBUTION_NONE) { continue; }
        WP_TRY(wp_distribution_draw(&p->distribution, p->value, 0.005, &low, err));
        WP_TRY(wp_distribution_draw(&p->distribution, p->value, 0.995, &high, err));
        low /= p->unit_scale;
        high /= p->unit_scale;
        if (f->value >= low && f->value <= high) { continue; }
        status = wp_fail(
            err, WP_ERR_NUMERIC,
            "outside its prior: the facts want '%s' at %.4g, and its distribution has it from %.4g to "
            "%.4g (99 %%); one of the two is wrong, and nothing is written",
            p->name, f->value, low, high);
        goto out;
    }
out:
    return status;
}

/* ---- All of it ------------------------------------------------------------------------------------- */

/* How unsure the fitted values are: of the lives' noise, and with it of the facts, tolerances as 95 %
   intervals. */
static wp_status fill_errors(wp_calibration *c, const wp_fit *fit, wp_error *err)
{
    static const double half_width = 1.959963984540054;
    wp_status status = WP_OK;
    const size_t n = (size_t)c->n_used, p = (size_t)c->n_fitted;
    double *all = wp_arena_alloc_array(&c->arena, n * n, sizeof *all);
    double *of_noise = wp_arena_alloc_array(&c->arena, 2 * p * p, sizeof *of_noise);
    WP_TRY_ALLOC(all);
    WP_TRY_ALLOC(of_noise);
    double *of_all = of_noise + p * p;
    memcpy(all, c->last->noise, n * n * sizeof *all);
    for (size_t i = 0, k = 0; i < (size_t)c->n_facts; i++) {
        if (!c->facts[i].is_fitted) { continue; }
        all[k * n + k] += c->facts[i].target->weight / (half_width * half_width);
        k++;
    }
    WP_TRY(wp_fit_covariance(fit, c->last->noise, of_noise, err));
    WP_TRY(wp_fit_covariance(fit, all, of_all, err));
    for (size_t i = 0; i < p; i++) {
        c->fitted[i].noise = slope_of(&c->fitted[i]) * sqrt(fmax(0.0, of_noise[i * p + i]));
        c->fitted[i].unsure = slope_of(&c->fitted[i]) * sqrt(fmax(0.0, of_all[i * p + i]));
    }
out:
    return status;
}

static wp_status fit_parameters(wp_calibration *c, wp_error *err)
{
    wp_status status = WP_OK;
    wp_fit fit = {0};
    double *residuals = wp_arena_alloc_array(&c->arena, (size_t)c->n_used, sizeof *residuals);
    double *start = wp_arena_alloc_array(&c->arena, (size_t)c->n_fitted, sizeof *start);
    wp_fit_problem problem = {.n_unknowns = c->n_fitted,
                              .n_residuals = c->n_used,
                              .residuals = run_at,
                              .of = c,
                              .start = start,
                              .step = step,
                              .tolerance = tolerance};
    WP_TRY_ALLOC(residuals);
    WP_TRY_ALLOC(start);
    if (c->n_used < c->n_fitted) {
        status = wp_fail(err, WP_ERR_NUMERIC,
                         "not identified: %d fact%s cannot tell %d parameters; nothing is "
                         "written",
                         c->n_used, c->n_used == 1 ? "" : "s", c->n_fitted);
        goto out;
    }
    WP_TRY(run_at(c, start, residuals, err));
    for (int i = 0; i < c->n_facts; i++) { c->facts[i].before = c->last->means[i]; }
    /* Before any step: with parameters that nothing tells it would wander. */
    WP_TRY(wp_fit_init(&fit, &problem, err));
    WP_TRY(check_identified(c, &fit, err));
    wp_fit_free(&fit);
    problem.max_steps = WP_FIT_USUAL_STEPS;
    WP_TRY(wp_fit_init(&fit, &problem, err));
    WP_TRY(check_identified(c, &fit, err));
    WP_TRY(run_at(c, fit.x, residuals, err));
    for (int i = 0; i < c->n_facts; i++) { c->facts[i].after = c->last->means[i]; }
    WP_TRY(fill_errors(c, &fit, err));
    WP_TRY(check_converged(c, &fit, err));
    WP_TRY(check_priors(c, err));
out:
    wp_fit_free(&fit);
    return status;
}

wp_status wp_calibrate(const wp_scenario *scenario, const wp_calibrate_options *options, const char *path,
                       FILE *report, wp_error *err)
{
    wp_status status = WP_OK;
    wp_calibration c = {.scenario = scenario, .options = options};
    wp_chance_init();
    wp_arena_init(&c.arena, 0);
    WP_TRY(wp_made_file_may_be_put(path, options->force, err));
    WP_TRY(choose_parameters(&c, err));
    WP_TRY(choose_facts(&c, err));
    WP_TRY(prepare_runs(&c, err));
    WP_TRY(fit_parameters(&c, err));
    WP_TRY(wp_fitted_file_write(&c, path, err));
    wp_calibration_report(&c, report, "");
    if (ferror(report)) { status = wp_fail(err, WP_ERR_FILE, "the report cannot be written"); }
out:
    wp_variant_free(&c.variant);
    wp_arena_free(&c.arena);
    return status;
}
