/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario's money as tables. */
#include "money/resolve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "model/draw_uniform.h"
#include "money/amount_draw.h"
#include "money/discount.h"
#include "model/figure_words.h"
#include "money/figure.h"

typedef struct resolver {
    const wp_scenario *scenario;
    wp_run_data *data;
    wp_money_data *money;
    wp_arena *arena;
} resolver;

static char *keep(resolver *r, const char *text)
{
    return wp_arena_strdup(r->arena, text == NULL ? "" : text);
}

#define MAKE(pointer, n)                                                              \
    do {                                                                              \
        (pointer) = wp_arena_alloc_array(r->arena, (n), sizeof *(pointer));           \
        WP_TRY_ALLOC(pointer);                                                        \
    } while (0)

#define KEEP(pointer, text)          \
    do {                             \
        (pointer) = keep(r, (text)); \
        WP_TRY_ALLOC(pointer);       \
    } while (0)

static wp_status resolve_payers(resolver *r, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money *from = &r->scenario->money;
    wp_money_data *to = r->money;
    size_t n = (size_t)from->n_payers;
    MAKE(to->payers, n);
    MAKE(to->payer_titles, n);
    MAKE(to->payer_tiers, n);
    MAKE(to->payer_part_of, n);
    for (int p = 0; p < from->n_payers; p++) {
        const wp_payer *payer = &from->payers[p];
        KEEP(to->payers[p], payer->name);
        KEEP(to->payer_titles[p], payer->title == NULL ? payer->name : payer->title);
        KEEP(to->payer_tiers[p], payer->tier);
        to->payer_part_of[p] = payer->part_of;
    }
    to->n_payers = from->n_payers;
    KEEP(to->price_year, from->price_year);
out:
    return status;
}

static wp_status resolve_arms(resolver *r, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = r->scenario;
    const wp_run_data *data = r->data;
    MAKE(r->money->arm_has, (size_t)data->n_arms * (size_t)data->n_interventions);
    for (int a = 0; a < s->n_arms; a++) {
        int arm = wp_name_index(data->arms, data->n_arms, s->arms[a].name);
        for (int i = 0; arm >= 0 && i < s->n_interventions; i++) {
            int intervention =
                wp_name_index(data->interventions, data->n_interventions, s->interventions[i].name);
            if (intervention < 0) { continue; }
            r->money->arm_has[arm * data->n_interventions + intervention] =
                (s->arms[a].interventions >> i & 1) != 0;
        }
    }
out:
    return status;
}

static const wp_discount *discount_of(const wp_scenario *s, const char *unit)
{
    for (int i = 0; i < s->money.n_discounts; i++) {
        if (strcmp(s->money.discounts[i].unit, unit) == 0) { return &s->money.discounts[i]; }
    }
    return NULL;
}

/* Snapshots by their exact instants, flows as the flow of their year, what is paid once when it is paid. */
static double discount_factor(const wp_scenario *s, const wp_unit_value *value, const wp_discount *discount,
                              int year)
{
    if (value->per == WP_PER_PROGRAMME) {
        return wp_discount_at(discount, fmax(0.0, s->interventions[value->intervention].starts));
    }
    const wp_outcome *outcome = value->per == WP_PER_OUTCOME ? &s->outcomes[value->outcome] : NULL;
    if (outcome == NULL || outcome->kind != WP_OUTCOME_SNAPSHOT) {
        /* What happens at the very last instant has a year of its own, of no length. */
        return year >= s->n_years ? wp_discount_at(discount, s->n_years) : wp_discount_flow(discount, year);
    }
    double times[WP_MAX_SNAPSHOTS];
    int n = wp_snapshot_times(s, outcome, year, times, WP_MAX_SNAPSHOTS);
    double sum = 0.0;
    for (int i = 0; i < n; i++) { sum += wp_discount_at(discount, times[i]); }
    return n > 0 ? sum / n : wp_discount_flow(discount, year);
}

static double fixed_count(const wp_scenario *s, const wp_unit_value *value, int year)
{
    if (value->per != WP_PER_YEAR && value->per != WP_PER_PROGRAMME) { return 0.0; }
    const wp_intervention *i = &s->interventions[value->intervention];
    double starts = fmax(0.0, i->starts);
    if (value->per == WP_PER_PROGRAMME) {
        return year < s->n_years && starts >= year && starts < year + 1.0 ? 1.0 : 0.0;
    }
    double end = fmin(fmin(i->ends, s->n_years), year + 1.0);
    return fmax(0.0, end - fmax(starts, year));
}

/* The deflator's index of a price year; "2012" stands for "2012/13" where only that is given. */
static double deflator_of(const wp_money *money, const char *year)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < money->n_deflator; i++) {
            const char *given = money->deflator_year[i];
            bool is_same = pass == 0 ? strcmp(given, year) == 0 : strncmp(given, year, 4) == 0;
            if (is_same) { return money->deflator[i]; }
        }
    }
    return NAN;
}

static wp_status deflate(const wp_scenario *s, const wp_unit_value *value, double *factor, wp_error *err)
{
    *factor = 1.0;
    if (s->money.price_year == NULL || value->price_year == NULL || strcmp(value->unit, "GBP") != 0 ||
        strcmp(s->money.price_year, value->price_year) == 0) {
        return WP_OK;
    }
    double to = deflator_of(&s->money, s->money.price_year), from = deflator_of(&s->money, value->price_year);
    if (!(to > 0.0) || !(from > 0.0)) {
        return wp_fail(err, WP_ERR_MODEL, "unit value '%s': the deflator has no index for %s", value->name,
                       to > 0.0 ? value->price_year : s->money.price_year);
    }
    *factor = to / from;
    return WP_OK;
}

static wp_status make_value_arrays(resolver *r, wp_error *err)
{
    wp_status status = WP_OK;
    wp_money_data *m = r->money;
    size_t n = (size_t)r->scenario->n_unit_values, n_years = (size_t)r->data->n_years;
    MAKE(m->unit_values, n);
    MAKE(m->value_units, n);
    MAKE(m->value_views, n);
    MAKE(m->value_sources, n);
    MAKE(m->value_grades, n);
    MAKE(m->value_is_spend, n);
    MAKE(m->value_per, n);
    MAKE(m->value_outcome, n);
    MAKE(m->value_intervention, n);
    MAKE(m->amounts, (size_t)r->data->n_draws * n * n_years);
    MAKE(m->discounts, n * n_years);
    MAKE(m->fixed_counts, n * n_years);
    MAKE(m->shares, n * (size_t)m->n_payers);
    MAKE(m->cash_shares, n);
    MAKE(m->cash_after, n);
    MAKE(m->cash_steps, n);
    MAKE(m->costs_up, n);
    MAKE(m->benefits_down, n);
    m->n_unit_values = r->scenario->n_unit_values;
out:
    return status;
}

/* Names, kind, shares and bias of one unit value. */
static wp_status describe_value(resolver *r, int u, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = r->scenario;
    const wp_unit_value *value = &s->unit_values[u];
    wp_money_data *m = r->money;
    bool is_programme = value->per != WP_PER_OUTCOME;
    char name[512], grade[2] = {value->grade, '\0'};
    /* The reader may name an intervention's values in full already. */
    if (is_programme && strchr(value->name, '.') == NULL) {
        snprintf(name, sizeof name, "%s.%s", s->interventions[value->intervention].name, value->name);
    } else {
        snprintf(name, sizeof name, "%s", value->name);
    }
    KEEP(m->unit_values[u], name);
    KEEP(m->value_units[u], value->unit);
    KEEP(m->value_views[u], value->view);
    KEEP(m->value_sources[u], value->source);
    KEEP(m->value_grades[u], grade);
    m->value_per[u] = (int)value->per;
    m->value_is_spend[u] = value->is_spend;
    m->value_outcome[u] = is_programme ? -1
                                       : wp_name_index(r->data->outcomes, r->data->n_outcomes,
                                                       s->outcomes[value->outcome].name);
    m->value_intervention[u] = is_programme ? wp_name_index(r->data->interventions, r->data->n_interventions,
                                                            s->interventions[value->intervention].name) : -1;
    for (int p = 0; p < value->n_paid_by; p++) {
        m->shares[u * m->n_payers + value->payers[p]] += value->shares[p];
    }
    m->cash_shares[u] = value->has_cashable ? value->cashable_share : NAN;
    m->cash_after[u] = value->has_cashable ? value->cashable_after : 0.0;
    m->cash_steps[u] = value->has_cashable && value->cashable_steps > 0.0 ? value->cashable_steps : 0.0;
    /* No grade is no evidence: the worst one's bias. */
    int row = value->grade >= 'A' && value->grade <= 'C' ? value->grade - 'A' : 2;
    m->costs_up[u] = s->money.bias_costs_up[row];
    m->benefits_down[u] = s->money.bias_benefits_down[row];
out:
    return status;
}

static wp_status resolve_values(resolver *r, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = r->scenario;
    int n_years = r->data->n_years;
    WP_TRY(make_value_arrays(r, err));
    for (int u = 0; u < s->n_unit_values; u++) {
        const wp_unit_value *value = &s->unit_values[u];
        WP_TRY(describe_value(r, u, err));
        const wp_discount *discount = discount_of(s, value->unit);
        if (discount == NULL) {
            status = wp_fail(err, WP_ERR_MODEL,
                             "unit value '%s': money.discount does not say how %s is discounted", value->name,
                             value->unit);
            goto out;
        }
        for (int y = 0; y < n_years; y++) {
            r->money->discounts[u * n_years + y] = discount_factor(s, value, discount, y);
            r->money->fixed_counts[u * n_years + y] = fixed_count(s, value, y);
        }
    }
out:
    return status;
}

/* Amounts of every unit value in one draw. */
static wp_status resolve_draw(resolver *r, int draw, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = r->scenario;
    const bool drawn = wp_is_drawn(s, r->data->n_draws);
    int n_years = r->data->n_years;
    wp_parameter_set set = {0};
    wp_arena scratch;
    wp_arena_init(&scratch, 0);
    WP_TRY(wp_parameter_set_init(&set, &scratch, s, r->data->seed, (uint32_t)draw, drawn, err));
    for (int u = 0; u < s->n_unit_values; u++) {
        double *amounts = r->money->amounts +
                          ((size_t)draw * (size_t)s->n_unit_values + (size_t)u) * (size_t)n_years;
        double factor = 1.0;
        WP_TRY(wp_amounts_draw(s, &s->unit_values[u], r->money->unit_values[u], &set, r->data->seed, drawn,
                               n_years, amounts, err));
        WP_TRY(deflate(s, &s->unit_values[u], &factor, err));
        for (int y = 0; y < n_years; y++) { amounts[y] *= factor; }
    }
out:
    wp_arena_free(&scratch);
    return status;
}

static wp_status describe_discounting(resolver *r, wp_error *err)
{
    static const char *const within[] = {"start of the year", "middle of the year", "end of the year",
                                         "continuous"};
    wp_status status = WP_OK;
    wp_text text;
    wp_text_init(&text);
    for (int i = 0; i < r->scenario->money.n_discounts; i++) {
        const wp_discount *d = &r->scenario->money.discounts[i];
        WP_TRY(wp_text_append_format(&text, err, "%s%s: ", i > 0 ? "; " : "", d->unit));
        for (int b = 0; b < d->n_bands; b++) {
            WP_TRY(wp_text_append_format(&text, err, "%s%g %% a year", b > 0 ? ", then " : "",
                                         100.0 * d->rates[b]));
            if (b < d->n_bands - 1) {
                WP_TRY(wp_text_append_format(&text, err, " to year %g", d->bands[b].hi));
            }
        }
        WP_TRY(wp_text_append_format(&text, err, " (%s)", within[d->within_year]));
    }
    KEEP(r->money->discount_text, wp_text_get(&text));
out:
    wp_text_free(&text);
    return status;
}

static wp_status resolve_targets(resolver *r, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *s = r->scenario;
    wp_money_data *m = r->money;
    size_t n = (size_t)s->n_targets, n_runs = (size_t)r->data->n_draws * (size_t)r->data->n_replicates;
    wp_pricing pricing = {0};
    wp_text text;
    wp_text_init(&text);
    MAKE(m->targets, n);
    MAKE(m->target_ids, n);
    MAKE(m->target_says, n);
    MAKE(m->target_sources, n);
    MAKE(m->target_within, n);
    MAKE(m->target_figures, n);
    MAKE(m->target_units, n);
    MAKE(m->target_is_claim, n);
    MAKE(m->target_low, n);
    MAKE(m->target_high, n);
    MAKE(m->target_values, n_runs * n);
    if (n == 0) { goto out; }
    double *values = NULL;
    MAKE(values, n_runs);
    WP_TRY(wp_pricing_init(&pricing, r->data, err));
    for (size_t t = 0; t < n; t++) {
        const wp_target *target = &s->targets[t];
        wp_text_clear(&text);
        WP_TRY(wp_figure_describe(s, &target->figure, &text, err));
        KEEP(m->targets[t], target->name);
        KEEP(m->target_ids[t], target->id);
        KEEP(m->target_says[t], target->says);
        KEEP(m->target_sources[t], target->source);
        KEEP(m->target_figures[t], wp_text_get(&text));
        KEEP(m->target_units[t], target->unit_text);
        m->target_within[t] = target->within;
        m->target_is_claim[t] = target->is_claim;
        m->target_low[t] = target->low;
        m->target_high[t] = target->high;
        WP_TRY(wp_figure_values(s, &target->figure, &pricing, values, err));
        for (size_t i = 0; i < n_runs; i++) { m->target_values[i * n + t] = values[i]; }
    }
    m->n_targets = s->n_targets;
out:
    wp_text_free(&text);
    wp_pricing_free(&pricing);
    return status;
}

wp_status wp_money_resolve(const wp_scenario *scenario, wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    wp_money_free(data);
    resolver resolving = {.scenario = scenario, .data = data, .money = &data->money};
    resolver *r = &resolving;
    r->arena = calloc(1, sizeof *r->arena);
    WP_TRY_ALLOC(r->arena);
    wp_arena_init(r->arena, 0);
    data->money.owner = r->arena;
    WP_TRY(resolve_payers(r, err));
    WP_TRY(resolve_arms(r, err));
    WP_TRY(resolve_values(r, err));
    for (int d = 0; d < data->n_draws; d++) { WP_TRY(resolve_draw(r, d, err)); }
    WP_TRY(describe_discounting(r, err));
out:
    return status;
}

wp_status wp_money_compare(const wp_scenario *scenario, wp_run_data *data, wp_error *err)
{
    resolver resolving = {
        .scenario = scenario, .data = data, .money = &data->money, .arena = data->money.owner};
    return resolve_targets(&resolving, err);
}

void wp_money_free(wp_run_data *data)
{
    if (data->money.owner != NULL) {
        wp_arena_free(data->money.owner);
        free(data->money.owner);
        data->money = (wp_money_data){0};
    }
}
