/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures in words. */
#include "model/figure_words.h"

#include <limits.h>

#include "base/fail.h"

static wp_status describe_what(const wp_scenario *scenario, const wp_figure *figure, wp_text *text,
                               wp_error *err)
{
    wp_status status = WP_OK;
    switch (figure->kind) {
    case WP_FIGURE_OUTCOME:
        WP_TRY(wp_text_append(text, scenario->outcomes[figure->outcome].name, err));
        if (figure->group >= 0) {
            WP_TRY(wp_text_append_format(text, err, " of %s", scenario->groups[figure->group].name));
        }
        if (figure->level >= 0 && scenario->outcomes[figure->outcome].n_by > 0) {
            const wp_look *by = &scenario->outcomes[figure->outcome].by[0];
            if (by->kind == WP_LOOK_VARIABLE) {
                WP_TRY(wp_text_append_format(text, err, " (%s)",
                                             scenario->variables[by->item].levels[figure->level]));
            }
        }
        break;
    case WP_FIGURE_COST_OF:
        WP_TRY(wp_text_append(text, "cost of", err));
        for (int i = 0; i < figure->n_cost_of; i++) {
            WP_TRY(wp_text_append_format(text, err, "%s %s", i > 0 ? "," : "",
                                         scenario->unit_values[figure->cost_of[i]].name));
        }
        for (int i = 0; i < figure->n_interventions; i++) {
            WP_TRY(wp_text_append_format(text, err, "%s %s", figure->n_cost_of + i > 0 ? "," : "",
                                         scenario->interventions[figure->interventions[i]].name));
        }
        if (figure->group >= 0) {
            WP_TRY(wp_text_append_format(text, err, " of %s", scenario->groups[figure->group].name));
        }
        break;
    case WP_FIGURE_SAVING: WP_TRY(wp_text_append_format(text, err, "%s saving", figure->saving)); break;
    case WP_FIGURE_SPEND_SHARE:
        WP_TRY(wp_text_append_format(text, err, "share of spend on the costliest %g %% of persons in a year",
                                     100.0 * figure->top));
        break;
    }
out:
    return status;
}

/* Which part of it: "what central payers pay" is said by the payers' names. */
static wp_status describe_payers(const wp_scenario *scenario, const wp_figure *figure, wp_text *text,
                                 wp_error *err)
{
    static const char *const parts[] = {"", ", services alone", ", the programme's own cost"};
    wp_status status = WP_OK;
    WP_TRY(wp_text_append(text, parts[figure->part], err));
    if (figure->cashable) { WP_TRY(wp_text_append(text, ", what can be cashed", err)); }
    for (int i = 0; i < figure->n_payers; i++) {
        WP_TRY(wp_text_append_format(text, err, "%s %s", i == 0 ? ", paid by" : " and",
                                     scenario->money.payers[figure->payers[i]].name));
    }
out:
    return status;
}

static wp_status describe_plain(const wp_scenario *scenario, const wp_figure *figure, wp_text *text,
                                wp_error *err)
{
    static const char *const as[] = {"total",      "total per year", "share",
                                     "per person", "mean of years",  "per event"};
    wp_status status = WP_OK;
    WP_TRY(describe_what(scenario, figure, text, err));
    WP_TRY(describe_payers(scenario, figure, text, err));
    if (figure->arm > 0) {
        WP_TRY(wp_text_append_format(text, err, ", %s", scenario->arms[figure->arm].name));
    }
    if (figure->against >= 0) {
        WP_TRY(wp_text_append_format(text, err, " against %s", scenario->arms[figure->against].name));
    }
    if (figure->kind != WP_FIGURE_SPEND_SHARE) {
        WP_TRY(wp_text_append_format(text, err, ", %s", as[figure->as]));
    }
    if (figure->as == WP_AS_PER_EVENT && figure->per_event >= 0) {
        WP_TRY(wp_text_append_format(text, err, " of %s", scenario->events[figure->per_event].name));
    }
    if (figure->last_year != INT_MAX || figure->first_year > 1) {
        int last = figure->last_year < scenario->n_years ? figure->last_year : scenario->n_years;
        if (figure->first_year == last) {
            WP_TRY(wp_text_append_format(text, err, ", year %d", last));
        } else {
            WP_TRY(wp_text_append_format(text, err, ", years %d to %d", figure->first_year, last));
        }
    }
    if (figure->kind == WP_FIGURE_COST_OF || figure->kind == WP_FIGURE_SAVING) {
        WP_TRY(wp_text_append(text, figure->discounted ? ", discounted" : ", not discounted", err));
    }
out:
    return status;
}

wp_status wp_figure_describe(const wp_scenario *scenario, const wp_figure *figure, wp_text *text,
                             wp_error *err)
{
    wp_status status = WP_OK;
    WP_TRY(describe_plain(scenario, figure, text, err));
    if (figure->over != NULL) {
        WP_TRY(wp_text_append(text, "; over ", err));
        WP_TRY(describe_plain(scenario, figure->over, text, err));
    }
out:
    return status;
}
