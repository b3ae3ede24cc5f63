/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks, levels, bands, conditions and quantities in words. */
#define _POSIX_C_SOURCE 200809L /* gmtime_r */
#include "model/words.h"

#include <math.h>
#include <time.h>

#include "base/fail.h"
#include "scenario/number.h"

#define SAY(...) WP_TRY(wp_text_append_format(text, err, __VA_ARGS__))

static const double days_per_year = 365.25, months_per_year = 12.0;

wp_status wp_words_years(double years, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    double months = years * months_per_year, days = years * days_per_year;
    if (isinf(years)) {
        SAY("for ever");
    } else if (years == floor(years)) {
        SAY("%.10g year%s", years, years == 1.0 ? "" : "s");
    } else if (fabs(months - round(months)) < 1e-9) {
        SAY("%.0f month%s", months, round(months) == 1.0 ? "" : "s");
    } else if (fabs(days - round(days)) < 1e-6) {
        SAY("%.0f day%s", days, round(days) == 1.0 ? "" : "s");
    } else {
        SAY("%.6g years", years);
    }
out:
    return status;
}

static const char *whose_prefix(wp_whose whose)
{
    switch (whose) {
    case WP_PARTNER:
        return "partner.";
    case WP_MOTHER:
        return "mother.";
    case WP_OWN_HOUSEHOLD:
        return "household.";
    case WP_OWN_COUPLE:
        return "couple.";
    case WP_SELF:
        break;
    }
    return "";
}

wp_status wp_words_look(const wp_scenario *s, const wp_look *look, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const char *whose = whose_prefix(look->whose);
    switch (look->kind) {
    case WP_LOOK_VARIABLE:
        SAY("%s%s", whose, s->variables[look->item].name);
        break;
    case WP_LOOK_MULTIPLIER:
        SAY("%s%s", whose, s->multipliers[look->item].name);
        break;
    case WP_LOOK_AGE:
        SAY("%sage", whose);
        break;
    case WP_LOOK_DATE:
        SAY("date");
        break;
    case WP_LOOK_TIME_IN:
        SAY("%stime in %s", whose, s->variables[look->item].name);
        break;
    case WP_LOOK_TIME_SINCE:
        SAY("%stime since %s", whose, s->events[look->item].name);
        break;
    case WP_LOOK_TIME_SINCE_START:
        SAY("time since start");
        break;
    case WP_LOOK_TIME_TOGETHER:
        SAY("time together");
        break;
    case WP_LOOK_RECENT:
        SAY("%s%s in last ", whose, s->events[look->item].name);
        if (look->window * months_per_year == round(look->window * months_per_year)) {
            SAY("%.0f months", look->window * months_per_year);
        } else {
            WP_TRY(wp_words_years(look->window, text, err));
        }
        break;
    case WP_LOOK_NUMBER_OF:
        SAY("%snumber_of.%s", whose, s->groups[look->item].name);
        break;
    case WP_LOOK_SIZE:
        SAY("%ssize", whose);
        break;
    case WP_LOOK_KIND:
        SAY("%skind", whose);
        break;
    case WP_LOOK_OLDEST_AGE:
        SAY("%soldest_age", whose);
        break;
    case WP_LOOK_YOUNGER_AGE:
        SAY("%syounger_age", whose);
        break;
    case WP_LOOK_CHILDREN_AT_HOME:
        SAY("%schildren_at_home", whose);
        break;
    case WP_LOOK_HAS_PARTNER:
        SAY("%shas partner", whose);
        break;
    case WP_LOOK_PARENT_AT_HOME:
        SAY("%shas parent_at_home", whose);
        break;
    case WP_LOOK_CHILD_AT_HOME:
        SAY("%shas child_at_home", whose);
        break;
    case WP_LOOK_INDICATOR:
        SAY("%s", s->indicators[look->item].name);
        break;
    case WP_LOOK_OPTION:
        SAY("option");
        break;
    }
out:
    return status;
}

wp_status wp_words_level(const wp_scenario *s, const wp_look *look, int level, wp_text *text,
                         wp_error *err)
{
    static const char *const kinds[WP_N_HOUSEHOLD_KINDS] = {
        "single", "couple", "couple_and_children", "lone_parent", "other", "institution"};
    wp_status status = WP_OK;
    switch (look->kind) {
    case WP_LOOK_VARIABLE:
        SAY("%s", s->variables[look->item].levels[level]);
        break;
    case WP_LOOK_KIND:
        SAY("%s", kinds[level]);
        break;
    case WP_LOOK_HAS_PARTNER:
    case WP_LOOK_PARENT_AT_HOME:
    case WP_LOOK_CHILD_AT_HOME:
        SAY("%s", level == 1 ? "yes" : "no");
        break;
    default:
        SAY("%d", level);
        break;
    }
out:
    return status;
}

static bool is_time(wp_look_kind kind)
{
    return kind == WP_LOOK_TIME_IN || kind == WP_LOOK_TIME_SINCE ||
           kind == WP_LOOK_TIME_SINCE_START || kind == WP_LOOK_TIME_TOGETHER;
}

/* The day so many years after the run's start: dates are kept as days over 365.25. */
static void day_after(const wp_scenario *s, double years, char day[16])
{
    struct tm date = {0};
    int64_t start = 0;
    (void)wp_date_parse(s->start_date, &start);
    const time_t seconds = (time_t)(86400 * (start + llround(years * days_per_year)));
    if (gmtime_r(&seconds, &date) == NULL || strftime(day, 16, "%Y-%m-%d", &date) == 0) { day[0] = '\0'; }
}

wp_status wp_words_day(const wp_scenario *s, double years, wp_text *text, wp_error *err)
{
    char day[16];
    day_after(s, years, day);
    return wp_text_append(text, day, err);
}

/* A band of dates, from its first day to its last. */
static wp_status words_dates(const wp_scenario *s, const wp_band *band, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    char day[16];
    day_after(s, band->lo, day);
    SAY("%s", day);
    if (isinf(band->hi)) {
        SAY(" or later");
    } else {
        day_after(s, band->hi - 1.0 / days_per_year, day);
        SAY(" to %s", day);
    }
out:
    return status;
}

wp_status wp_words_band(const wp_scenario *s, const wp_look *look, const wp_band *band, wp_text *text,
                        wp_error *err)
{
    wp_status status = WP_OK;
    if (look->kind == WP_LOOK_DATE) { return words_dates(s, band, text, err); }
    if (is_time(look->kind)) {
        bool in_years = band->lo == floor(band->lo) &&
                        (isinf(band->hi) || band->hi == floor(band->hi));
        double scale = in_years ? 1.0 : months_per_year;
        SAY("%.10g", band->lo * scale);
        if (isinf(band->hi)) {
            SAY("+ %s", in_years ? "years" : "months");
        } else {
            SAY("-%.10g %s", band->hi * scale, in_years ? "years" : "months");
        }
    } else if (look->kind == WP_LOOK_INDICATOR) {
        SAY("%.10g", 100.0 * band->lo);
        if (isinf(band->hi)) {
            SAY("+ %%");
        } else {
            SAY("-%.10g %%", 100.0 * band->hi);
        }
    } else if (isinf(band->hi)) {
        SAY("%.10g+", band->lo);
    } else if (band->hi == band->lo + 1.0) {
        SAY("%.10g", band->lo);
    } else {
        SAY("%.10g-%.10g", band->lo, band->hi - 1.0);
    }
out:
    return status;
}

static wp_status words_test(const wp_scenario *s, const wp_condition *test, wp_text *text,
                            wp_error *err)
{
    wp_status status = WP_OK;
    bool is_first = true;
    WP_TRY(wp_words_look(s, &test->look, text, err));
    SAY(" is ");
    for (int i = 0; i < test->n_bands; i++) {
        SAY("%s", i > 0 ? " or " : "");
        WP_TRY(wp_words_band(s, &test->look, &test->bands[i], text, err));
    }
    for (int l = 0; test->n_bands == 0 && l < WP_MAX_LEVELS; l++) {
        if ((test->levels >> l & 1) == 0) { continue; }
        SAY("%s", is_first ? "" : " or ");
        is_first = false;
        WP_TRY(wp_words_level(s, &test->look, l, text, err));
    }
out:
    return status;
}

wp_status wp_words_condition(const wp_scenario *s, const wp_condition *condition, wp_text *text,
                             wp_error *err)
{
    wp_status status = WP_OK;
    if (condition == NULL) { return wp_text_append(text, "always", err); }
    switch (condition->kind) {
    case WP_CONDITION_ALWAYS:
        SAY("always");
        break;
    case WP_CONDITION_ALL:
    case WP_CONDITION_ANY:
        for (int p = 0; p < condition->n_parts; p++) {
            const wp_condition *part = condition->parts[p];
            bool nested = part->kind == WP_CONDITION_ALL || part->kind == WP_CONDITION_ANY;
            if (p > 0) { SAY("%s", condition->kind == WP_CONDITION_ALL ? " and " : " or "); }
            SAY("%s", nested ? "(" : "");
            WP_TRY(wp_words_condition(s, part, text, err));
            SAY("%s", nested ? ")" : "");
        }
        break;
    case WP_CONDITION_NOT:
        SAY("not (");
        WP_TRY(wp_words_condition(s, condition->parts[0], text, err));
        SAY(")");
        break;
    case WP_CONDITION_TEST:
        WP_TRY(words_test(s, condition, text, err));
        break;
    case WP_CONDITION_GROUP:
        SAY("in group %s", s->groups[condition->group].name);
        break;
    }
out:
    return status;
}

static wp_status words_grid(const wp_scenario *s, const wp_grid *grid, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    SAY("a table by ");
    for (int a = 0; a < grid->n_axes; a++) {
        SAY("%s", a == 0 ? "" : a == grid->n_axes - 1 ? " and " : ", ");
        WP_TRY(wp_words_look(s, &grid->axes[a].look, text, err));
    }
    if (grid->n_cells > 8 || grid->n_axes != 1) { goto out; }
    for (int c = 0; c < grid->n_cells; c++) {
        int named = grid->cell_parameter == NULL ? -1 : grid->cell_parameter[c];
        SAY("%s", c == 0 ? " (" : ", ");
        if (grid->axes[0].bands != NULL) {
            WP_TRY(wp_words_band(s, &grid->axes[0].look, &grid->axes[0].bands[c], text, err));
        } else {
            WP_TRY(wp_words_level(s, &grid->axes[0].look, c, text, err));
        }
        if (named >= 0) {
            SAY(": %s", s->parameters[named].name);
        } else {
            SAY(": %.10g", grid->values[c]);
        }
    }
    if (grid->has_otherwise) { SAY(", otherwise %.10g", grid->otherwise); }
    SAY(")");
out:
    return status;
}

static wp_status words_cell(const wp_scenario *s, const wp_quantity *q, wp_text *text,
                            wp_error *err)
{
    wp_status status = WP_OK;
    const wp_parameter *p = &s->parameters[q->parameter];
    if (q->cell >= 0 && q->cell < p->n_counts) {
        SAY("%s.%s", p->name, p->count_names[q->cell]);
    } else {
        SAY("cell %d of %s", q->cell + 1, p->name);
    }
out:
    return status;
}

wp_status wp_words_quantity(const wp_scenario *s, const wp_quantity *q, wp_text *text,
                            wp_error *err)
{
    wp_status status = WP_OK;
    switch (q->kind) {
    case WP_QUANTITY_NUMBER:
        SAY("%.10g", q->value);
        return status;
    case WP_QUANTITY_PARAMETER:
        SAY("%s", s->parameters[q->parameter].name);
        return status;
    case WP_QUANTITY_CELL:
        return words_cell(s, q, text, err);
    case WP_QUANTITY_TABLE:
        return words_grid(s, q->grid, text, err);
    case WP_QUANTITY_MULTIPLIER:
        return wp_words_look(s, &q->look, text, err);
    case WP_QUANTITY_RATE_OF_PROBABILITY:
        SAY("the rate of a probability of ");
        break;
    case WP_QUANTITY_PROBABILITY_OF_RATE:
        SAY("that of a rate of ");
        break;
    case WP_QUANTITY_RATIO_OF_ODDS:
        SAY("the hazard ratio of an odds ratio of ");
        break;
    case WP_QUANTITY_WEIBULL:
        SAY("a Weibull hazard of shape ");
        break;
    case WP_QUANTITY_GOMPERTZ:
        SAY("a Gompertz hazard of rate ");
        break;
    }
    if (q->a != NULL) { WP_TRY(wp_words_quantity(s, q->a, text, err)); }
    if (q->b != NULL) {
        SAY("%s", q->kind == WP_QUANTITY_WEIBULL
                      ? (q->by_rate ? " and rate " : " and scale (years) ")
                  : q->kind == WP_QUANTITY_GOMPERTZ ? " and growth "
                                                    : " at a baseline of ");
        WP_TRY(wp_words_quantity(s, q->b, text, err));
    }
    if (q->kind == WP_QUANTITY_WEIBULL || q->kind == WP_QUANTITY_GOMPERTZ) {
        SAY(" in ");
        if (q->clock_is_when) {
            SAY("the time since it became possible");
        } else {
            WP_TRY(wp_words_look(s, &q->look, text, err));
        }
        goto out;
    }
    SAY(" over ");
    WP_TRY(wp_words_years(q->over, text, err));
    for (int c = 0; c < q->n_competing; c++) {
        SAY("%s%s", c == 0 ? ", competing with " : ", ", s->processes[q->competing[c]].name);
    }
out:
    return status;
}

wp_status wp_words_duration(const wp_scenario *s, const wp_duration *d, wp_text *text,
                            wp_error *err)
{
    static const char *const names[] = {"fixed", "an exponential", "a gamma", "a lognormal",
                                        "a Weibull"};
    wp_status status = WP_OK;
    if (d->kind == WP_DURATION_FOR_EVER) { return wp_text_append(text, "for ever", err); }
    if (d->kind == WP_DURATION_EMPIRICAL) {
        SAY("a time drawn from %d observed ones", d->n_values);
        goto out;
    }
    if (d->kind == WP_DURATION_FIXED) {
        if (d->mean.kind == WP_QUANTITY_NUMBER) { return wp_words_years(d->mean.value, text, err); }
        WP_TRY(wp_words_quantity(s, &d->mean, text, err));
        goto out;
    }
    SAY("a time drawn from %s distribution with %s ", names[d->kind],
        d->kind == WP_DURATION_WEIBULL ? "scale" : "mean");
    if (d->mean.kind == WP_QUANTITY_NUMBER) {
        WP_TRY(wp_words_years(d->mean.value, text, err));
    } else {
        WP_TRY(wp_words_quantity(s, &d->mean, text, err));
    }
    if (d->kind == WP_DURATION_EXPONENTIAL) { goto out; }
    SAY(" and %s ",
        d->kind == WP_DURATION_WEIBULL || d->cv_is_shape ? "shape" : "coefficient of variation");
    WP_TRY(wp_words_quantity(s, &d->cv, text, err));
out:
    return status;
}
