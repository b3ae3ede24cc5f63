/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity: the runs that Sobol indices need. Only the lives of a model that differs are simulated;
   where prices alone differ, the lives of the draw's first run are priced again. */
#include <wholeplace/sensitivity.h>

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/text.h"
#include "base/unknown_name.h"
#include "model/figure_words.h"
#include "model/model_digest.h"
#include "money/pricing.h"
#include "money/resolve.h"
#include "parallel/run_state.h"
#include "simulate/counts.h"
#include "solve/arm_choice.h"
#include "solve/uncertain.h"
#include "solve/variant.h"
#include "uncertainty/nested.h"
#include "uncertainty/sobol_indices.h"

enum { SAMPLE_A = -1, SAMPLE_B = -2 }; /* beside inputs, which are A with that input from B */

typedef struct finder {
    const wp_sensitivity_options *options;
    wp_sensitivity *found;
    wp_variant variant;
    wp_uncertain uncertain;
    const wp_target *target; /* NULL: the saving of an arm */
    const char *arms[WP_MAX_FIGURE_ARMS];     /* that are run, beside the baseline */
    int row;
    uint8_t *is_other; /* [number] the pick */
    uint64_t seed;
    bool reads_lives_alone; /* false: lives add up the figure by the prices of their run, which cannot come later */
    uint8_t lives[WP_SHA256_BYTES]; /* of the row's A */
    bool *changes;                  /* [input] its model differed in some row: looked at no more */
    int n_parts;
    double *values;                    /* [A, B, input …][row][part] */
    double started, person_years, now; /* seconds; before this run; of this run */
} finder;

/* ---- Picks --------------------------------------------------------------------------------------------- */

static void pick(finder *f, int which)
{
    const wp_scenario *s = &f->variant.scenario;
    memset(f->is_other, which == SAMPLE_B, (size_t)(s->n_parameters + s->n_unit_values));
    for (int i = 0; which >= 0 && i < f->uncertain.groups[which].n; i++) {
        f->is_other[f->uncertain.groups[which].members[i]] = 1;
    }
    f->variant.scenario.pick = (wp_pick){(uint32_t)f->row, (uint32_t)f->found->n_draws, f->is_other};
}

static wp_status digest_lives(const finder *f, uint8_t digest[WP_SHA256_BYTES], wp_error *err)
{
    wp_status status = WP_OK;
    wp_model model = {0};
    WP_TRY(wp_model_init(&model, &f->variant.scenario, f->seed, 0, err));
    wp_model_digest_lives(&model, digest);
out:
    wp_model_free(&model);
    return status;
}

/* Has the model with the input from B, which is picked, other lives than A? */
static wp_status look_at_lives(finder *f, int input, bool *differ, wp_error *err)
{
    wp_status status = WP_OK;
    uint8_t digest[WP_SHA256_BYTES];
    *differ = !f->reads_lives_alone || f->changes[input];
    if (*differ || !f->uncertain.groups[input].has_parameter) { return WP_OK; }
    WP_TRY(digest_lives(f, digest, err));
    *differ = memcmp(digest, f->lives, sizeof digest) != 0;
    f->changes[input] = *differ;
out:
    return status;
}

/* ---- Values -------------------------------------------------------------------------------------------- */

static double *values_at(const finder *f, int which)
{
    const size_t block = which == SAMPLE_A ? 0 : which == SAMPLE_B ? 1 : (size_t)which + 2;
    return f->values + (block * (size_t)f->found->n_draws + (size_t)f->row) * (size_t)f->n_parts;
}

/* Batches of one run as parts with the run's value as their mean. What founders there are in all is given,
   so the regression on the batches' sizes is left out of what tells the noise. */
static void spread_batches(const double *batches, const int64_t *sizes, double *parts)
{
    double sum = 0.0, size = 0.0, xx = 0.0, xy = 0.0;
    for (int b = 0; b < WP_N_BATCHES; b++) {
        sum += batches[b];
        size += (double)sizes[b] / WP_N_BATCHES;
    }
    for (int b = 0; b < WP_N_BATCHES; b++) {
        const double x = (double)sizes[b] - size;
        xx += x * x;
        xy += x * batches[b];
    }
    const double slope = xx > 0.0 ? xy / xx : 0.0, degrees = WP_N_BATCHES - (xx > 0.0 ? 2.0 : 1.0);
    for (int b = 0; b < WP_N_BATCHES; b++) {
        const double left = batches[b] - sum / WP_N_BATCHES - slope * ((double)sizes[b] - size);
        parts[b] = sum + WP_N_BATCHES * left * sqrt((WP_N_BATCHES - 1.0) / degrees);
    }
}

static wp_status saving_parts(const finder *f, const wp_run_data *data, double *parts, wp_error *err)
{
    static const wp_money_select net_discounted = {
        .unit = "GBP", .payer = WP_ALL_PAYERS, .last_year = INT_MAX, .discounted = true};
    wp_status status = WP_OK;
    wp_pricing pricing = {0};
    double *batches = NULL;
    WP_TRY(wp_pricing_init(&pricing, data, err));
    if (f->n_parts == data->n_replicates) {
        wp_pricing_savings(&pricing, 1, &net_discounted, parts);
        goto out;
    }
    batches = wp_calloc_array((size_t)f->n_parts, sizeof *batches);
    WP_TRY_ALLOC(batches);
    wp_pricing_batch_savings(&pricing, 1, &net_discounted, batches);
    for (int r = 0; r < data->n_replicates; r++) {
        spread_batches(batches + r * WP_N_BATCHES, data->founders_by_batch, parts + r * WP_N_BATCHES);
    }
out:
    free(batches);
    wp_pricing_free(&pricing);
    return status;
}

/* `data` with its prices. */
static wp_status take_values(const finder *f, const wp_run_data *data, int which, wp_error *err)
{
    wp_status status = WP_OK;
    double *parts = values_at(f, which);
    if (f->target == NULL) {
        WP_TRY(saving_parts(f, data, parts, err));
    } else {
        memcpy(parts, data->money.target_values, (size_t)f->n_parts * sizeof *parts);
    }
    for (int p = 0; p < f->n_parts; p++) {
        if (isfinite(parts[p])) { continue; }
        return wp_fail(err, WP_ERR_NUMERIC,
                       "the figure cannot be computed in draw %d of the sensitivity analysis", f->row + 1);
    }
out:
    return status;
}

/* ---- Runs ---------------------------------------------------------------------------------------------- */

/* Of all runs, as if they were one. */
static bool on_progress(void *user, const wp_progress *progress)
{
    finder *f = user;
    wp_progress all = *progress;
    const double n_done = f->variant.n_runs - 1;
    f->now = progress->person_years;
    all.done = fmin(1.0, (n_done + (progress->stage == WP_STAGE_SIMULATING ? progress->done : 0.0)) /
                             f->found->n_runs);
    if (n_done > 0.0) { all.stage = WP_STAGE_SIMULATING; }
    all.person_years += f->person_years;
    all.seconds = wp_seconds() - f->started;
    all.draw = f->row;
    return f->options->run.progress(f->options->run.user, &all);
}

static wp_status simulate(finder *f, int which, wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    pick(f, which);
    WP_TRY(wp_variant_run(&f->variant, data, err));
    f->person_years += f->now;
    WP_TRY(take_values(f, data, which, err));
out:
    return status;
}

/* A's lives, with the prices that are picked. */
static wp_status price_again(const finder *f, const wp_run_data *lives, int which, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = *lives;
    data.money = (wp_money_data){0};
    WP_TRY(wp_money_resolve(&f->variant.scenario, &data, err));
    WP_TRY(wp_money_compare(&f->variant.scenario, &data, err));
    WP_TRY(take_values(f, &data, which, err));
out:
    wp_money_free(&data);
    return status;
}

static wp_status do_input(finder *f, const wp_run_data *lives, int input, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data data = {0};
    bool differ = false;
    pick(f, input);
    WP_TRY(look_at_lives(f, input, &differ, err));
    if (differ) {
        WP_TRY(simulate(f, input, &data, err));
    } else {
        WP_TRY(price_again(f, lives, input, err));
    }
out:
    wp_simulate_free(&data);
    return status;
}

static wp_status do_row(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_run_data a = {0}, b = {0};
    pick(f, SAMPLE_A);
    WP_TRY(digest_lives(f, f->lives, err));
    WP_TRY(simulate(f, SAMPLE_A, &a, err));
    WP_TRY(simulate(f, SAMPLE_B, &b, err));
    wp_simulate_free(&b); /* only A's lives are priced again */
    for (int k = 0; k < f->uncertain.n; k++) { WP_TRY(do_input(f, &a, k, err)); }
out:
    wp_simulate_free(&a);
    wp_simulate_free(&b);
    return status;
}

/* ---- The figure ---------------------------------------------------------------------------------------- */

/* Of the scenario's targets the one that is asked for stays. */
static wp_status choose_target(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_scenario *s = &f->variant.scenario;
    const char **names = wp_calloc_array((size_t)s->n_targets, sizeof *names);
    WP_TRY_ALLOC(names);
    for (int t = 0; t < s->n_targets; t++) {
        names[t] = s->targets[t].name;
        if (strcmp(names[t], f->options->target) == 0) { f->target = &s->targets[t]; }
    }
    if (f->target == NULL) {
        status = wp_fail_unknown(err, "target", f->options->target, names, (size_t)s->n_targets);
        goto out;
    }
    s->targets = f->target;
    s->n_targets = 1;
    f->variant.options.n_arms = wp_arms_of_figure(s, &f->target->figure, f->arms);
out:
    free(names);
    return status;
}

static wp_status choose_figure(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_scenario *s = &f->variant.scenario;
    wp_sensitivity *found = f->found;
    wp_text text;
    int arm = 0;
    wp_text_init(&text);
    f->reads_lives_alone = true;
    f->variant.options.arms = f->arms;
    f->variant.options.n_arms = 0;
    if (f->options->target == NULL) {
        WP_TRY(wp_arm_choose_in(s, f->options->arm, &arm, err));
        f->arms[f->variant.options.n_arms++] = s->arms[arm].name;
        s->n_targets = 0;
        snprintf(found->unit, sizeof found->unit, "GBP");
        WP_TRY(wp_text_append_format(&text, err, "net saving of %s, discounted", s->arms[arm].name));
    } else if (f->options->arm != NULL) {
        status =
            wp_fail(err, WP_ERR_ARGUMENT, "a target is of the arms that it names: give an arm or a target");
        goto out;
    } else {
        WP_TRY(choose_target(f, err));
        f->reads_lives_alone = f->target->figure.kind != WP_FIGURE_SPEND_SHARE;
        snprintf(found->unit, sizeof found->unit, "%s", f->target->unit_text);
        WP_TRY(wp_figure_describe(s, &f->target->figure, &text, err));
    }
    snprintf(found->figure, sizeof found->figure, "%s", wp_text_get(&text));
out:
    wp_text_free(&text);
    return status;
}

/* ---- The whole ----------------------------------------------------------------------------------------- */

static wp_status choose_size(finder *f, wp_error *err)
{
    wp_run_options *run = &f->variant.options;
    const int n = f->options->run.draws == 0 ? WP_SENSITIVITY_DRAWS : f->options->run.draws;
    const int n_replicates = run->replicates > 0 ? run->replicates : f->variant.scenario.n_replicates;
    if (n < 2) { return wp_fail(err, WP_ERR_ARGUMENT, "shares of a variance need two draws or more"); }
    f->found->n_draws = n;
    run->draws = 1;
    f->variant.scenario.n_draws = 1;
    f->variant.scenario.draw_design = WP_DESIGN_PICKED;
    f->seed = run->has_seed ? run->seed : f->variant.scenario.seed;
    const bool by_batches = f->target == NULL && n_replicates < WP_MIN_T_REPLICATES;
    f->n_parts = by_batches ? n_replicates * WP_N_BATCHES : n_replicates;
    if (run->progress != NULL) {
        run->progress = on_progress;
        run->user = f;
    }
    return WP_OK;
}

static wp_status make_room(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_sensitivity *found = f->found;
    const size_t n = (size_t)f->uncertain.n;
    const wp_scenario *s = &f->variant.scenario;
    wp_arena *arena = &f->uncertain.arena;
    f->is_other =
        wp_arena_alloc_array(arena, (size_t)(s->n_parameters + s->n_unit_values), sizeof *f->is_other);
    f->changes = wp_arena_alloc_array(arena, n, sizeof *f->changes);
    f->values =
        wp_arena_alloc_array(arena, (n + 2) * (size_t)found->n_draws * (size_t)f->n_parts, sizeof(double));
    found->owner = wp_calloc_array(1, sizeof(wp_arena));
    WP_TRY_ALLOC(f->is_other);
    WP_TRY_ALLOC(f->changes);
    WP_TRY_ALLOC(f->values);
    WP_TRY_ALLOC(found->owner);
    wp_arena_init(found->owner, 0);
    found->inputs = wp_arena_alloc_array(found->owner, n, sizeof *found->inputs);
    WP_TRY_ALLOC(found->inputs);
    for (size_t k = 0; k < n; k++) {
        const wp_uncertain_group *group = &f->uncertain.groups[k];
        found->inputs[k] = (wp_sensitivity_input){
            wp_arena_strdup(found->owner, group->name), group->n, false, NAN, NAN, NAN, NAN, NAN, NAN};
        WP_TRY_ALLOC(found->inputs[k].name);
    }
    found->n_inputs = (int)n;
out:
    return status;
}

/* The first draw tells which inputs change lives. */
static wp_status plan(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_sensitivity *found = f->found;
    int n_runs = 2;
    pick(f, SAMPLE_A);
    WP_TRY(digest_lives(f, f->lives, err));
    for (int k = 0; k < f->uncertain.n; k++) {
        bool differ = false;
        pick(f, k);
        WP_TRY(look_at_lives(f, k, &differ, err));
        found->inputs[k].changes_lives = differ;
        n_runs += differ;
    }
    found->n_models = found->n_draws * (f->uncertain.n + 2);
    found->n_runs = found->n_draws * n_runs;
    if (f->options->planned != NULL) { f->options->planned(f->options->run.user, found); }
out:
    return status;
}

static int by_total(const void *a, const void *b)
{
    const wp_sensitivity_input *x = a, *y = b;
    return (x->total < y->total) - (x->total > y->total);
}

static wp_status estimate(finder *f, wp_error *err)
{
    wp_status status = WP_OK;
    wp_sensitivity *found = f->found;
    const size_t block = (size_t)found->n_draws * (size_t)f->n_parts;
    const wp_sobol_sample sample = {f->uncertain.n, found->n_draws,    f->n_parts,
                                    f->values,      f->values + block, f->values + 2 * block};
    wp_sobol_figure figure;
    wp_sobol_index *indices = wp_calloc_array((size_t)f->uncertain.n, sizeof *indices);
    WP_TRY_ALLOC(indices);
    WP_TRY(wp_sobol_indices(&sample, indices, &figure, err));
    for (int k = 0; k < f->uncertain.n; k++) {
        const wp_sobol_index *from = &indices[k];
        wp_sensitivity_input *to = &found->inputs[k];
        to->changes_lives |= f->changes[k];
        to->first = from->first;
        to->first_low = from->first_low;
        to->first_high = from->first_high;
        to->total = from->total;
        to->total_low = from->total_low;
        to->total_high = from->total_high;
    }
    const double all = figure.variance + figure.noise;
    found->mean = figure.mean;
    found->sd = figure.variance > 0.0 ? sqrt(figure.variance) : 0.0;
    found->noise = f->n_parts < 2 ? NAN : all > 0.0 ? fmin(1.0, figure.noise / all) : 0.0;
    found->n_runs = f->variant.n_runs;
    found->is_found = true;
    if (found->sd > 0.0) { qsort(found->inputs, (size_t)found->n_inputs, sizeof *found->inputs, by_total); }
out:
    free(indices);
    return status;
}

wp_status wp_sensitivity_find(const wp_scenario *scenario, const wp_sensitivity_options *options,
                              wp_sensitivity *found, wp_error *err)
{
    wp_status status = WP_OK;
    finder f = {.options = options, .found = found, .started = wp_seconds()};
    *found = (wp_sensitivity){.mean = NAN, .sd = NAN, .noise = NAN};
    WP_TRY(wp_variant_init(&f.variant, scenario, &options->run, err));
    WP_TRY(choose_figure(&f, err));
    WP_TRY(choose_size(&f, err));
    WP_TRY(wp_uncertain_init(&f.uncertain, scenario, options->of, options->n_of, err));
    WP_TRY(make_room(&f, err));
    WP_TRY(plan(&f, err));
    if (options->run.dry_run) { goto out; }
    for (f.row = 0; f.row < found->n_draws; f.row++) { WP_TRY(do_row(&f, err)); }
    WP_TRY(estimate(&f, err));
out:
    wp_uncertain_free(&f.uncertain);
    wp_variant_free(&f.variant);
    return status;
}

void wp_sensitivity_free(wp_sensitivity *found)
{
    if (found->owner != NULL) { wp_arena_free(found->owner); }
    free(found->owner);
    *found = (wp_sensitivity){0};
}
