/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a result. */
#include "money/figure.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "money/concentration.h"
#include "money/person_spend.h"

int wp_name_index(char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) { return i; }
    }
    return -1;
}

static int find_cell(const wp_run_data *data, int outcome, const char *grouping, const char *label)
{
    for (int c = 0; c < data->n_cells; c++) {
        if (data->cell_outcome[c] == outcome && strcmp(data->cell_label[c], label) == 0 &&
            strncmp(data->cell_grouping[c], grouping, strlen(grouping)) == 0) {
            return c;
        }
    }
    return -1;
}

/* The column of the counts that the figure is about, or -1. */
static int figure_cell(const wp_scenario *scenario, const wp_figure *figure, const wp_run_data *data)
{
    const wp_outcome *outcome = &scenario->outcomes[figure->outcome];
    int o = wp_name_index(data->outcomes, data->n_outcomes, outcome->name);
    if (o < 0) { return -1; }
    if (figure->group >= 0) { return find_cell(data, o, "group", scenario->groups[figure->group].name); }
    if (figure->level < 0) { return find_cell(data, o, "all", "all"); }
    if (outcome->n_by < 1 || outcome->by[0].kind != WP_LOOK_VARIABLE) { return -1; }
    return find_cell(data, o, "by", scenario->variables[outcome->by[0].item].levels[figure->level]);
}

/* The outcome that counts exactly the event, for `per event of`. */
static int event_outcome(const wp_scenario *scenario, int event)
{
    for (int o = 0; o < scenario->n_outcomes; o++) {
        const wp_outcome *outcome = &scenario->outcomes[o];
        if (outcome->kind == WP_OUTCOME_EVENTS && outcome->n_events == 1 && outcome->events[0] == event &&
            outcome->condition == NULL && outcome->once_per == 0) {
            return o;
        }
    }
    return -1;
}

static int last_year_of(const wp_figure *figure, const wp_run_data *data)
{
    int last = figure->last_year == INT_MAX ? data->n_years - 1 : figure->last_year - 1;
    return last < data->n_years ? last : data->n_years - 1;
}

static double cell_sum(const wp_run_data *data, int cell, int arm, int draw, int replicate, int first,
                       int last)
{
    int64_t sum = 0;
    size_t run = ((size_t)arm * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates +
                 (size_t)replicate;
    for (int y = first; y <= last; y++) {
        sum += data->cells[(run * (size_t)data->n_years + (size_t)y) * (size_t)data->n_cells + (size_t)cell];
    }
    return (double)sum * data->outcome_scale[data->cell_outcome[cell]] * data->weight;
}

static void outcome_values(const wp_scenario *scenario, const wp_figure *figure, const wp_run_data *data,
                           int arm, double *values)
{
    int cell = figure_cell(scenario, figure, data);
    int first = figure->first_year - 1, last = last_year_of(figure, data);
    for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
        int d = run / data->n_replicates, r = run % data->n_replicates;
        values[run] = cell < 0 ? NAN : cell_sum(data, cell, arm, d, r, first, last);
    }
}

/* ---- Money --------------------------------------------------------------------------------------------- */

enum { MAX_SELECTED = 4096 /* names of one kind, as the reader allows them */ };

/* What a selection points to. */
typedef struct selection {
    wp_money_select select;
    uint8_t only[MAX_SELECTED], payers[MAX_SELECTED];
    int cells[MAX_SELECTED];
    bool is_known; /* false: a group whose counts were not kept */
} selection;

static void select_costs(selection *s, const wp_scenario *scenario, const wp_figure *figure,
                         const wp_run_data *data)
{
    for (int u = 0; u < data->money.n_unit_values && u < MAX_SELECTED; u++) {
        const wp_unit_value *value = &scenario->unit_values[u];
        for (int i = 0; i < figure->n_cost_of; i++) { s->only[u] |= figure->cost_of[i] == u; }
        for (int i = 0; i < figure->n_interventions; i++) {
            s->only[u] |= value->per != WP_PER_OUTCOME && value->intervention == figure->interventions[i];
        }
        if (s->only[u]) { s->select.unit = data->money.value_units[u]; }
        int o = data->money.value_outcome[u];
        if (!s->only[u] || figure->group < 0 || o < 0 || o >= MAX_SELECTED) { continue; }
        s->cells[o] = find_cell(data, o, "group", scenario->groups[figure->group].name);
        s->is_known &= s->cells[o] >= 0;
        s->select.cells = s->cells;
    }
    s->select.only = s->only;
}

static void select_savings(selection *s, const wp_figure *figure)
{
    static const char *const views[] = {"fiscal", "economic", "social", "transfer"};
    static const wp_money_part parts[] = {[WP_FIGURE_NET] = WP_PART_NET,
                                          [WP_FIGURE_SERVICES] = WP_PART_GROSS,
                                          [WP_FIGURE_PROGRAMME] = WP_PART_PROGRAMME};
    bool is_view = false;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        is_view |= strcmp(views[i], figure->saving) == 0;
    }
    if (is_view) {
        s->select.view = figure->saving;
    } else {
        s->select.unit = figure->saving;
    }
    s->select.part = parts[figure->part];
    s->select.cashable = figure->cashable;
}

static void money_values(const wp_scenario *scenario, const wp_figure *figure, const wp_pricing *pricing,
                         int arm, double *values)
{
    const wp_run_data *data = pricing->data;
    selection s = {.is_known = true,
                   .select = {.unit = "GBP",
                              .payer = WP_ALL_PAYERS,
                              .part = WP_PART_NET,
                              .first_year = figure->first_year - 1,
                              .last_year = last_year_of(figure, data),
                              .discounted = figure->discounted}};
    if (figure->is_by_payer) {
        for (int i = 0; i < figure->n_payers; i++) { s.payers[figure->payers[i]] = 1; }
        s.select.payers = s.payers;
    }
    if (figure->kind == WP_FIGURE_SAVING) {
        select_savings(&s, figure);
        wp_pricing_savings(pricing, arm, &s.select, values);
        return;
    }
    select_costs(&s, scenario, figure, data);
    wp_pricing_costs(pricing, arm, &s.select, values);
    for (int run = 0; !s.is_known && run < data->n_draws * data->n_replicates; run++) { values[run] = NAN; }
}

/* ---- Concentration -------------------------------------------------------------------------------------- */

/* NAN where nothing was spent, or the run did not keep it. */
static wp_status spend_shares(const wp_figure *figure, const wp_run_data *data, int arm, double *values,
                              wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n_bins = (size_t)data->n_spend_bins;
    double *people = wp_calloc_array(2 * n_bins, sizeof *people);
    WP_TRY_ALLOC(people);
    const wp_concentration spend = {data->n_spend_bins, people, people + n_bins};
    for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
        wp_spend_of_run(data, arm, run, figure->first_year - 1, last_year_of(figure, data), people, people + n_bins);
        values[run] = wp_concentration_top(&spend, figure->top);
    }
out:
    free(people);
    return status;
}

/* ---- One figure ------------------------------------------------------------------------------------ */

/* Divides by what the figure is per. */
static void scale_values(const wp_scenario *scenario, const wp_figure *figure, const wp_run_data *data,
                         int arm, double *values)
{
    int first = figure->first_year - 1, last = last_year_of(figure, data);
    int last_whole = last < data->n_years - 1 ? last : data->n_years - 2;
    int denominator = -1;
    if (figure->as == WP_AS_PER_EVENT || figure->as == WP_AS_SHARE) {
        int o = figure->as == WP_AS_SHARE ? figure->outcome : event_outcome(scenario, figure->per_event);
        o = o < 0 ? -1 : wp_name_index(data->outcomes, data->n_outcomes, scenario->outcomes[o].name);
        denominator = o < 0 ? -1 : find_cell(data, o, "all", "all");
    }
    for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
        int d = run / data->n_replicates, r = run % data->n_replicates;
        double by = 1.0;
        switch (figure->as) {
        case WP_AS_TOTAL: break;
        case WP_AS_TOTAL_PER_YEAR:
        case WP_AS_MEAN_OF_YEARS: by = last_whole - first + 1; break;
        case WP_AS_PER_PERSON: by = (double)data->n_people; break;
        case WP_AS_SHARE:
        case WP_AS_PER_EVENT:
            by = denominator < 0 ? NAN : cell_sum(data, denominator, arm, d, r, first, last);
            break;
        }
        values[run] = by == 0.0 ? NAN : values[run] / by;
    }
}

static int arm_of(const wp_scenario *scenario, const wp_run_data *data, int arm)
{
    return arm < 0 ? -1 : wp_name_index(data->arms, data->n_arms, scenario->arms[arm].name);
}

/* Values of one arm, not yet divided. A saving is against the baseline. */
static wp_status values_in_arm(const wp_scenario *scenario, const wp_figure *figure, const wp_pricing *pricing,
                               int arm, double *values, wp_error *err)
{
    switch (figure->kind) {
    case WP_FIGURE_OUTCOME: outcome_values(scenario, figure, pricing->data, arm, values); break;
    case WP_FIGURE_COST_OF:
    case WP_FIGURE_SAVING: money_values(scenario, figure, pricing, arm, values); break;
    case WP_FIGURE_SPEND_SHARE: return spend_shares(figure, pricing->data, arm, values, err);
    }
    return WP_OK;
}

/* A figure without its `over`; `others` has room for as many values. */
static wp_status plain_values(const wp_scenario *scenario, const wp_figure *figure, const wp_pricing *pricing,
                              double *values, double *others, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = pricing->data;
    const int n = data->n_draws * data->n_replicates;
    int arm = arm_of(scenario, data, figure->arm < 0 ? 0 : figure->arm);
    int against = arm_of(scenario, data, figure->against);
    /* Against the baseline a saving is what it is; the saving of the baseline is nothing. */
    bool has_other = figure->against >= 0 && !(figure->kind == WP_FIGURE_SAVING && against == 0);
    if (arm < 0 || (has_other && against < 0) || figure->first_year - 1 > last_year_of(figure, data)) {
        for (int run = 0; run < n; run++) { values[run] = NAN; }
        goto out;
    }
    WP_TRY(values_in_arm(scenario, figure, pricing, arm, values, err));
    if (has_other) {
        WP_TRY(values_in_arm(scenario, figure, pricing, against, others, err));
        for (int run = 0; run < n; run++) { values[run] -= others[run]; }
    }
    scale_values(scenario, figure, data, arm, values);
out:
    return status;
}

wp_status wp_figure_values(const wp_scenario *scenario, const wp_figure *figure, const wp_pricing *pricing,
                           double *values, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)pricing->data->n_draws * (size_t)pricing->data->n_replicates;
    double *others = wp_calloc_array(2 * n, sizeof *others);
    WP_TRY_ALLOC(others);
    WP_TRY(plain_values(scenario, figure, pricing, values, others, err));
    if (figure->over == NULL) { goto out; }
    WP_TRY(plain_values(scenario, figure->over, pricing, others, others + n, err));
    for (size_t run = 0; run < n; run++) {
        values[run] = others[run] == 0.0 ? NAN : values[run] / others[run];
    }
out:
    free(others);
    return status;
}
