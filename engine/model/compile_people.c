/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People: groups, levels at entry and in which order they are drawn, multipliers. */
#include <math.h>
#include <stdlib.h>

#include "chance/key.h"
#include "chance/round24.h"
#include "model/compile.h"

wp_status wp_compile_groups(wp_builder *b)
{
    wp_status status = WP_OK;
    int n = b->scenario->n_groups;
    wp_product *groups = wp_builder_alloc(b, (size_t)n, sizeof *groups);
    if (groups == NULL) { return wp_builder_no_memory(b); }
    b->section = "group";
    for (int g = 0; g < n; g++) {
        b->name = b->scenario->groups[g].name;
        WP_TRY(wp_product_of_condition(b, WP_PERSON, b->scenario->groups[g].condition, &groups[g]));
    }
    b->model->n_groups = n;
    b->model->groups = groups;
out:
    return status;
}

/* ---- Entry
 * ------------------------------------------------------------------------------------------- */

/* Features of all axes of a grid of shares but the last, which are the levels. */
static wp_status walk_shares(wp_builder *b, int kind, const wp_grid *grid, wp_feature_set *set)
{
    wp_status status = WP_OK;
    for (int a = 0; a < grid->n_axes - 1 && status == WP_OK; a++) {
        const wp_axis *axis = &grid->axes[a];
        status = wp_reads_look(b, kind, &axis->look, axis->bands == NULL ? 0 : axis->n_bands,
                               axis->bands, set);
    }
    return status;
}

/* One row of cumulative shares; zeros where the row is not given. */
static wp_status fill_row(wp_builder *b, int kind, const wp_grid *grid, int n_levels, double *row)
{
    double sum = 0.0;
    for (int l = 0; l < n_levels; l++) {
        double share = NAN;
        wp_status status = wp_evaluate_share(b, kind, grid, l, &share);
        if (status != WP_OK) { return status; }
        sum += isnan(share) ? 0.0 : share;
        row[l] = sum;
    }
    for (int l = 0; l < n_levels && sum > 0.0; l++) { row[l] = row[l] < sum ? row[l] / sum : 1.0; }
    return WP_OK;
}

static wp_status compile_shares(wp_builder *b, int kind, int n_levels, const wp_grid *grid,
                                wp_entry_model *model)
{
    wp_feature_set set = {0};
    uint32_t n_rows = 0;
    wp_status status = walk_shares(b, kind, grid, &set);
    if (status != WP_OK || b->registering) { return status; }
    WP_TRY(wp_axes_make(b, kind, &set, &model->n_axes, model->axes, &n_rows));
    double *rows = wp_builder_alloc(b, (size_t)n_rows * (size_t)n_levels, sizeof *rows);
    if (rows == NULL) { return wp_builder_no_memory(b); }
    for (uint32_t r = 0; r < n_rows; r++) {
        wp_axes_assign(b, kind, &set, r);
        WP_TRY(fill_row(b, kind, grid, n_levels, rows + (size_t)r * (size_t)n_levels));
    }
    model->n_rows = n_rows;
    model->cumulative = rows;
out:
    return status;
}

static wp_status compile_entry(wp_builder *b, const wp_variable *v, const wp_entry *entry,
                               wp_entry_model *model)
{
    wp_status status = WP_OK;
    int kind = (int)v->of;
    *model = (wp_entry_model){
        .kind = entry->kind, .item = entry->item, .n_levels = v->n_levels, .at_least_feature = -1};
    if (entry->kind == WP_ENTRY_SHARES && entry->shares != NULL) {
        WP_TRY(compile_shares(b, kind, v->n_levels, entry->shares, model));
    }
    if (entry->at_least != NULL) {
        WP_TRY(wp_feature_of_look(b, kind, entry->at_least, 0, NULL, &model->at_least_feature));
    }
out:
    return status;
}

/* ---- The order of drawing
 * ------------------------------------------------------------------------------ */

static bool entry_reads(const wp_entry *entry, int variable)
{
    if (entry->kind != WP_ENTRY_SHARES || entry->shares == NULL) { return false; }
    for (int a = 0; a < entry->shares->n_axes - 1; a++) {
        const wp_look *look = &entry->shares->axes[a].look;
        if (look->kind == WP_LOOK_VARIABLE && look->item == variable && look->whose == WP_SELF) {
            return true;
        }
    }
    return false;
}

static bool variable_reads(const wp_variable *v, int other)
{
    return entry_reads(&v->at_start, other) || entry_reads(&v->at_birth, other) ||
           entry_reads(&v->at_arrival, other) || entry_reads(&v->at_new_household, other);
}

/* Is every variable that `v` reads drawn already? */
static bool is_ready(const wp_scenario *s, const wp_variable_model *models, int v)
{
    for (int o = 0; o < s->n_variables; o++) {
        bool same_kind = s->variables[o].of == s->variables[v].of;
        if (o != v && same_kind && models[o].rank < 0 && variable_reads(&s->variables[v], o)) {
            return false;
        }
    }
    return true;
}

/* Attributes before states, each by name, but nothing before what it reads. */
static wp_status rank_variables(wp_builder *b, wp_variable_model *models)
{
    const wp_scenario *s = b->scenario;
    int next[WP_N_KINDS] = {0};
    for (int v = 0; v < s->n_variables; v++) { models[v].rank = -1; }
    for (int placed = 0; placed < s->n_variables; placed++) {
        int chosen = -1;
        for (int wanted = WP_ATTRIBUTE; wanted <= WP_STATUS && chosen < 0; wanted++) {
            for (int v = 0; v < s->n_variables && chosen < 0; v++) {
                bool is_open = models[v].rank < 0 && (int)s->variables[v].kind == wanted;
                if (is_open && is_ready(s, models, v)) { chosen = v; }
            }
        }
        for (int v = 0; v < s->n_variables && chosen < 0; v++) {
            if (models[v].rank >= 0) { continue; }
            b->section = "variable";
            b->name = s->variables[v].name;
            return wp_builder_fail(b, WP_ERR_MODEL,
                                   "its level at entry depends on itself through others");
        }
        models[chosen].rank = next[s->variables[chosen].of]++;
    }
    return WP_OK;
}

/* ---- Variables
 * ------------------------------------------------------------------------------------------ */

static wp_status compile_variable(wp_builder *b, int index, int feature, wp_variable_model *model)
{
    wp_status status = WP_OK;
    const wp_variable *v = &b->scenario->variables[index];
    const wp_entry *fresh = &v->at_start;
    wp_product scale = {0};
    b->section = "variable";
    b->name = v->name;
    *model = (wp_variable_model){.variable = v,
                                 .feature = feature,
                                 .purpose = wp_purpose("entry", v->name),
                                 .time_at_start = v->time_at_start,
                                 .time_scale = 1.0};
    WP_TRY(compile_entry(b, v, &v->at_start, &model->at_start));
    WP_TRY(compile_entry(b, v, &v->at_birth, &model->at_birth));
    WP_TRY(compile_entry(b, v, &v->at_arrival, &model->at_arrival));
    WP_TRY(compile_entry(b, v,
                         v->at_new_household.kind == WP_ENTRY_FRESH ? fresh : &v->at_new_household,
                         &model->at_new_household));
    if (v->time_at_start == WP_TIME_DISTRIBUTION) {
        const wp_duration *d = &v->time_distribution;
        WP_TRY(wp_compile_duration(b, (int)v->of, d, &scale, &model->time_table, NULL));
        bool has_scale = d->kind != WP_DURATION_EMPIRICAL && d->kind != WP_DURATION_FOR_EVER;
        if (has_scale) { WP_TRY(wp_evaluate_number(b, &d->mean, &model->time_scale)); }
    }
    if (v->time_at_start == WP_TIME_EQUILIBRIUM) { WP_TRY(wp_compile_spells(b, v, model)); }
    model->since = b->variable_since[index];
out:
    return status;
}

wp_status wp_compile_variables(wp_builder *b)
{
    wp_status status = WP_OK;
    const wp_scenario *s = b->scenario;
    int next[WP_N_KINDS] = {1, 0, 0}; /* a person's feature 0 is AGE */
    wp_variable_model *models = wp_builder_alloc(b, (size_t)s->n_variables, sizeof *models);
    if (models == NULL) { return wp_builder_no_memory(b); }
    for (int v = 0; v < s->n_variables; v++) {
        WP_TRY(compile_variable(b, v, next[s->variables[v].of]++, &models[v]));
    }
    if (b->registering) { goto out; }
    WP_TRY(rank_variables(b, models));
    b->model->n_variables = s->n_variables;
    b->model->variables = models;
out:
    return status;
}

/* ---- Multipliers
 * ----------------------------------------------------------------------------------------- */

static wp_status compile_real(wp_builder *b, const wp_draft_real *draft, wp_real_model *model)
{
    wp_status status = WP_OK;
    const wp_multiplier *m = &b->scenario->multipliers[draft->multiplier];
    wp_quantile_table *table = &b->model->quantiles[b->model->n_quantiles];
    double spread = 0.0;
    b->section = "multiplier";
    b->name = m->name;
    *model = (wp_real_model){.multiplier = draft->multiplier,
                             .whose = draft->whose,
                             .purpose = wp_purpose("entry", m->name),
                             .fresh_at_new_household = m->fresh_at_new_household};
    WP_TRY(wp_evaluate_number(b, &m->mean, &model->scale));
    if (m->kind == WP_MULTIPLIER_FIXED) { goto out; }
    WP_TRY(wp_evaluate_number(b, &m->cv, &spread));
    if (m->kind == WP_MULTIPLIER_LOGNORMAL) {
        WP_TRY(wp_quantile_table_init_lognormal(table, spread, b->err));
    } else {
        double shape = m->cv_is_shape ? spread : 1.0 / (spread * spread);
        WP_TRY(wp_quantile_table_init_gamma(table, shape, b->err));
    }
    b->model->n_quantiles++;
    model->table = table;
out:
    return status;
}

static int compare_reals(const void *left, const void *right)
{
    const wp_draft_real *a = left, *b = right;
    if (a->whose != b->whose) { return a->whose < b->whose ? -1 : 1; }
    return (a->multiplier > b->multiplier) - (a->multiplier < b->multiplier);
}

/* Own multipliers are carried whether used or not, so that using one more moves no slot. */
wp_status wp_compile_multipliers(wp_builder *b)
{
    wp_status status = WP_OK;
    const wp_scenario *s = b->scenario;
    for (int k = 0; k < WP_N_KINDS; k++) {
        wp_draft_kind *list = &b->kinds[k];
        for (int m = 0; b->registering && m < s->n_multipliers; m++) {
            bool is_listed = (int)s->multipliers[m].of != k;
            for (int r = 0; r < list->n_reals && !is_listed; r++) {
                is_listed = list->reals[r].multiplier == m && list->reals[r].whose == WP_SELF;
            }
            if (is_listed) { continue; }
            if (list->n_reals == WP_MAX_REALS) {
                b->section = "multiplier";
                b->name = s->multipliers[m].name;
                return wp_builder_fail(b, WP_ERR_LIMIT, "more than %d multipliers", WP_MAX_REALS);
            }
            list->reals[list->n_reals++] = (wp_draft_real){.multiplier = m, .whose = WP_SELF};
        }
        if (b->registering) {
            qsort(list->reals, (size_t)list->n_reals, sizeof *list->reals, compare_reals);
            continue;
        }
        wp_real_model *reals = wp_builder_alloc(b, (size_t)list->n_reals, sizeof *reals);
        if (reals == NULL) { return wp_builder_no_memory(b); }
        for (int r = 0; r < list->n_reals; r++) {
            WP_TRY(compile_real(b, &list->reals[r], &reals[r]));
        }
        b->model->kinds[k].n_reals = list->n_reals;
        b->model->kinds[k].reals = reals;
    }
out:
    return status;
}
