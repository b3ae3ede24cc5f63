/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences about what happens, who does what, and what is counted. */
#include "model/sentences.h"

#include <limits.h>
#include <math.h>

#include "base/fail.h"

#define SAY(...) WP_TRY(wp_text_append_format(text, err, __VA_ARGS__))

const char *wp_sentences_subject(wp_subject_kind of)
{
    static const char *const names[WP_N_SUBJECT_KINDS] = {"a person", "a household", "a couple",
                                                          "the place"};
    return of < WP_N_SUBJECT_KINDS ? names[of] : "something";
}

/* ---- Effects
 * --------------------------------------------------------------------------------------- */

static const char *who_words(wp_who who)
{
    switch (who) {
    case WP_WHO_SELF:
        return "this one";
    case WP_WHO_PARTNER:
        return "the partner";
    case WP_WHO_MOTHER:
        return "the mother";
    case WP_WHO_CHILDREN_AT_HOME:
        return "the children at home";
    case WP_WHO_HOUSEHOLD_MEMBERS:
        return "each member of the household";
    case WP_WHO_FAMILY:
        return "the family";
    case WP_WHO_HOUSEHOLD:
        return "the household";
    }
    return "";
}

static wp_status words_set(const wp_scenario *s, const wp_effect *e, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_variable *v = &s->variables[e->variable];
    const wp_look look = {.kind = WP_LOOK_VARIABLE, .whose = e->whose, .item = e->variable};
    SAY("set ");
    WP_TRY(wp_words_look(s, &look, text, err));
    switch (e->how) {
    case WP_SET_LEVEL:
        SAY(" to %s", v->levels[e->level]);
        break;
    case WP_SET_NEXT:
        SAY(" to the next level");
        break;
    case WP_SET_PREVIOUS:
        SAY(" to the previous level");
        break;
    case WP_SET_AT_LEAST:
        SAY(" to at least %s", v->levels[e->level]);
        break;
    case WP_SET_AT_MOST:
        SAY(" to at most %s", v->levels[e->level]);
        break;
    case WP_SET_SAME_AS:
        SAY(" to the same as %s", s->variables[e->same_as].name);
        break;
    }
out:
    return status;
}

static wp_status words_ask(const wp_scenario *s, const wp_effect *e, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_pool *pool = &s->pools[e->pool];
    SAY("ask for a place of %s", pool->name);
    if (e->place_level >= 0 && pool->by >= 0) {
        SAY(" (%s)", s->variables[pool->by].levels[e->place_level]);
    }
    if (e->body.n > 0) {
        SAY(", when granted: ");
        WP_TRY(wp_sentences_effects(s, &e->body, text, err));
    }
    if (e->otherwise.n > 0) {
        SAY(", when refused: ");
        WP_TRY(wp_sentences_effects(s, &e->otherwise, text, err));
    }
out:
    return status;
}

static wp_status words_effect(const wp_scenario *s, const wp_effect *e, wp_text *text,
                              wp_error *err)
{
    static const char *const to[] = {"a new household", "an institution", "outside the place"};
    static const char *const children[] = {"go with their mother", "stay", "go"};
    wp_status status = WP_OK;
    switch (e->kind) {
    case WP_EFFECT_SET:
        WP_TRY(words_set(s, e, text, err));
        break;
    case WP_EFFECT_FOR:
        SAY("for %s", who_words(e->who));
        if (e->who == WP_WHO_HOUSEHOLD_MEMBERS && e->group >= 0) {
            SAY(" in group %s", s->groups[e->group].name);
        }
        SAY(": ");
        WP_TRY(wp_sentences_effects(s, &e->body, text, err));
        break;
    case WP_EFFECT_BIRTH:
        SAY("%d child%s born", e->children, e->children == 1 ? " is" : "ren are");
        break;
    case WP_EFFECT_DIE:
        SAY("the person dies");
        break;
    case WP_EFFECT_MOVE:
        SAY("%s moves to %s", who_words(e->who), to[e->to]);
        break;
    case WP_EFFECT_JOIN:
        SAY("a partner joins");
        break;
    case WP_EFFECT_SEPARATE:
        SAY("the couple separates, children %s", children[e->children_go]);
        break;
    case WP_EFFECT_ASK:
        WP_TRY(words_ask(s, e, text, err));
        break;
    }
    if (e->when != NULL) {
        SAY(" (if ");
        WP_TRY(wp_words_condition(s, e->when, text, err));
        SAY(")");
    }
out:
    return status;
}

wp_status wp_sentences_effects(const wp_scenario *s, const wp_effects *effects, wp_text *text,
                               wp_error *err)
{
    wp_status status = WP_OK;
    for (int e = 0; e < effects->n; e++) {
        SAY("%s", e > 0 ? "; " : "");
        WP_TRY(words_effect(s, &effects->list[e], text, err));
    }
out:
    return status;
}

wp_status wp_sentences_occasion(const wp_scenario *s, const wp_occasion *at, wp_text *text,
                                wp_error *err)
{
    wp_status status = WP_OK;
    bool is_first = true;
    switch (at->kind) {
    case WP_AT_EVERY:
        SAY("every ");
        WP_TRY(wp_words_years(at->every, text, err));
        SAY(", first after ");
        WP_TRY(wp_words_years(at->from, text, err));
        break;
    case WP_AT_AGE:
        SAY("at age ");
        WP_TRY(wp_words_years(at->age, text, err));
        break;
    case WP_AT_DATE:
        if (at->date == 0.0) {
            SAY("at the start");
        } else {
            SAY("on ");
            WP_TRY(wp_words_day(s, at->date, text, err));
        }
        break;
    case WP_AT_EVENT:
        SAY("at each %s", s->events[at->event].name);
        break;
    case WP_AT_ENTERS:
        SAY("whenever %s becomes ", s->variables[at->variable].name);
        for (int l = 0; l < s->variables[at->variable].n_levels; l++) {
            if ((at->levels >> l & 1) == 0) { continue; }
            SAY("%s%s", is_first ? "" : " or ", s->variables[at->variable].levels[l]);
            is_first = false;
        }
        break;
    }
out:
    return status;
}

/* ---- Factors and processes
 * --------------------------------------------------------------------------- */

static wp_status words_factor(const wp_scenario *s, const wp_factor *f, bool names_intervention,
                              wp_text *text, wp_error *err)
{
    static const char *const scales[] = {"hazard", "odds", "probability", "time"};
    wp_status status = WP_OK;
    SAY("    %s times ", scales[f->scale]);
    WP_TRY(wp_words_quantity(s, &f->value, text, err));
    if (f->when != NULL) {
        SAY(" if ");
        WP_TRY(wp_words_condition(s, f->when, text, err));
    }
    if (names_intervention && f->intervention >= 0) {
        SAY(" for those in %s", s->interventions[f->intervention].name);
    }
    for (int i = 0; i < f->n_keep_average_by; i++) {
        SAY("%s", i == 0 ? ", divided by its founders' average by " : " and ");
        WP_TRY(wp_words_look(s, &f->keep_average_by[i], text, err));
    }
    SAY("\n");
out:
    return status;
}

static wp_status words_hazard(const wp_scenario *s, const wp_process *p, wp_text *text,
                              wp_error *err)
{
    wp_status status = WP_OK;
    const wp_quantity *q = &p->hazard;
    bool is_smooth = q->kind == WP_QUANTITY_WEIBULL || q->kind == WP_QUANTITY_GOMPERTZ;
    SAY("happens to %s ", wp_sentences_subject(p->of));
    if (q->kind != WP_QUANTITY_RATE_OF_PROBABILITY) {
        SAY("at %s", is_smooth ? "" : "a rate per year of ");
        WP_TRY(wp_words_quantity(s, q, text, err));
        goto out;
    }
    SAY("with a probability of ");
    WP_TRY(wp_words_quantity(s, q->a, text, err));
    SAY(" in ");
    WP_TRY(wp_words_years(q->over, text, err));
    for (int c = 0; c < q->n_competing; c++) {
        SAY("%s%s", c == 0 ? ", competing with " : ", ", s->processes[q->competing[c]].name);
    }
out:
    return status;
}

static wp_status words_pace(const wp_scenario *s, const wp_process *p, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    switch (p->kind) {
    case WP_PROCESS_HAZARD:
        WP_TRY(words_hazard(s, p, text, err));
        break;
    case WP_PROCESS_DELAY:
        SAY("happens to %s after ", wp_sentences_subject(p->of));
        WP_TRY(wp_words_duration(s, &p->delay, text, err));
        break;
    case WP_PROCESS_SCHEDULE:
    case WP_PROCESS_AT_EVENT:
        SAY("happens to %s ", wp_sentences_subject(p->of));
        WP_TRY(wp_sentences_occasion(s, &p->at, text, err));
        break;
    }
    if (p->when != NULL) {
        SAY(", while ");
        WP_TRY(wp_words_condition(s, p->when, text, err));
    }
out:
    return status;
}

static wp_status words_option(const wp_scenario *s, const wp_process *p, const wp_option *o,
                              wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    SAY("    answer %s: %s ", o->name, p->levels_of >= 0 ? "weight" : "probability");
    if (o->is_otherwise) {
        SAY("what is left");
    } else {
        WP_TRY(wp_words_quantity(s, &o->probability, text, err));
    }
    if (o->then.n > 0) {
        SAY(", then ");
        WP_TRY(wp_sentences_effects(s, &o->then, text, err));
    }
    SAY("\n");
    for (int f = 0; f < o->n_factors; f++) {
        SAY("    ");
        WP_TRY(words_factor(s, &o->factors[f], true, text, err));
    }
out:
    return status;
}

wp_status wp_sentences_process(const wp_scenario *s, const wp_process *p, wp_text *text,
                               wp_error *err)
{
    wp_status status = WP_OK;
    SAY("  %s ", p->name);
    WP_TRY(words_pace(s, p, text, err));
    if (p->then.n > 0) {
        SAY("; then ");
        WP_TRY(wp_sentences_effects(s, &p->then, text, err));
    }
    SAY(".\n");
    for (int f = 0; f < p->n_factors; f++) {
        WP_TRY(words_factor(s, &p->factors[f], true, text, err));
    }
    for (int o = 0; o < p->n_options; o++) {
        WP_TRY(words_option(s, p, &p->options[o], text, err));
    }
out:
    return status;
}

/* ---- Interventions
 * --------------------------------------------------------------------------------------- */

static wp_status words_enrolment(const wp_scenario *s, const wp_intervention *v, wp_text *text,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    for (int o = 0; o < v->n_offers; o++) {
        SAY("    offered ");
        WP_TRY(wp_sentences_occasion(s, &v->offers[o].at, text, err));
        if (v->offers[o].when != NULL) {
            SAY(" if ");
            WP_TRY(wp_words_condition(s, v->offers[o].when, text, err));
        }
        SAY(", reaching a share of ");
        WP_TRY(wp_words_quantity(s, &v->offers[o].reach, text, err));
        SAY("\n");
    }
    SAY("    taken up by a share of ");
    WP_TRY(wp_words_quantity(s, &v->uptake, text, err));
    SAY("; lasts ");
    WP_TRY(wp_words_duration(s, &v->lasts, text, err));
    if (v->stops_when != NULL) {
        SAY(", ends early when ");
        WP_TRY(wp_words_condition(s, v->stops_when, text, err));
    }
    SAY("\n");
    if (v->capacity == WP_CAPACITY_NONE) { goto out; }
    SAY("    capacity: ");
    WP_TRY(wp_words_quantity(s, &v->capacity_value, text, err));
    SAY(v->capacity == WP_CAPACITY_PLACES ? " places" : " starts a year");
    if (v->capacity_builds_up > 0.0) {
        SAY(", built up over ");
        WP_TRY(wp_words_years(v->capacity_builds_up, text, err));
    }
    SAY("\n");
out:
    return status;
}

static wp_status words_change(const wp_scenario *s, const wp_change *c, wp_text *text,
                              wp_error *err)
{
    wp_status status = WP_OK;
    const wp_process *p = &s->processes[c->process];
    SAY("    changes %s%s%s", p->name, c->option >= 0 ? "." : "",
        c->option >= 0 ? p->options[c->option].name : "");
    if (c->builds_up > 0.0) {
        SAY(", building up over ");
        WP_TRY(wp_words_years(c->builds_up, text, err));
    }
    switch (c->after_end) {
    case WP_AFTER_STOPS:
        break;
    case WP_AFTER_STAYS:
        SAY(", staying after the end");
        break;
    case WP_AFTER_HALF_LIFE:
        SAY(", fading after the end with a half-life of ");
        WP_TRY(wp_words_years(c->fade, text, err));
        break;
    case WP_AFTER_LINEAR:
        SAY(", fading evenly after the end over ");
        WP_TRY(wp_words_years(c->fade, text, err));
        break;
    }
    SAY(":\n");
    for (int f = 0; f < c->n_factors; f++) {
        SAY("  ");
        WP_TRY(words_factor(s, &c->factors[f], false, text, err));
    }
out:
    return status;
}

static bool is_in_an_arm(const wp_scenario *s, int index)
{
    for (int a = 0; a < s->n_arms; a++) {
        if ((s->arms[a].interventions >> index & 1) != 0) { return true; }
    }
    return false;
}

wp_status wp_sentences_intervention(const wp_scenario *s, const wp_intervention *v, wp_text *text,
                                    wp_error *err)
{
    wp_status status = WP_OK;
    SAY("  %s, for %s, ", v->name, wp_sentences_subject(v->of));
    if (v->starts > 0.0) {
        SAY("starts on ");
        WP_TRY(wp_words_day(s, v->starts, text, err));
    } else {
        SAY("starts with the run");
    }
    if (isfinite(v->ends)) {
        SAY(", ends on ");
        WP_TRY(wp_words_day(s, v->ends, text, err));
    }
    SAY("%s%s.\n", v->everyone ? ", holds for everyone" : "",
        is_in_an_arm(s, (int)(v - s->interventions)) ? "" : "; in no arm");
    if (!v->everyone) { WP_TRY(words_enrolment(s, v, text, err)); }
    if (v->at_start.n > 0) {
        SAY("    at the start of a stay: ");
        WP_TRY(wp_sentences_effects(s, &v->at_start, text, err));
        SAY("\n");
    }
    if (v->at_end.n > 0) {
        SAY("    at its end: ");
        WP_TRY(wp_sentences_effects(s, &v->at_end, text, err));
        SAY("\n");
    }
    for (int c = 0; c < v->n_changes; c++) { WP_TRY(words_change(s, &v->changes[c], text, err)); }
out:
    return status;
}

/* ---- Outcomes
 * ------------------------------------------------------------------------------------------------
 */

wp_status wp_sentences_outcome(const wp_scenario *s, const wp_outcome *o, wp_text *text,
                               wp_error *err)
{
    wp_status status = WP_OK;
    SAY("  %s: ", o->name);
    switch (o->kind) {
    case WP_OUTCOME_EVENTS:
        SAY("the number of");
        for (int e = 0; e < o->n_events; e++) {
            SAY("%s %s", e > 0 ? " and" : "", s->events[o->events[e]].name);
        }
        break;
    case WP_OUTCOME_ENTERS:
        SAY("how often %s becomes one of its counted levels", s->variables[o->variable].name);
        break;
    case WP_OUTCOME_TIME_IN:
        SAY("the %s lived by %s", o->in_days ? "days" : "years", wp_sentences_subject(o->of));
        break;
    case WP_OUTCOME_SNAPSHOT:
        SAY("how many at an instant, of %s", wp_sentences_subject(o->of));
        break;
    }
    if (o->condition != NULL && o->condition->kind != WP_CONDITION_ALWAYS) {
        SAY(", while ");
        WP_TRY(wp_words_condition(s, o->condition, text, err));
    }
    if (o->first_year > 1 || (o->last_year > 0 && o->last_year < INT_MAX)) {
        SAY(", in years %d to %d", o->first_year, o->last_year);
    }
    if (o->once_per > 0) { SAY(", once per %s", o->once_per == 1 ? "year" : "run"); }
    for (int i = 0; i < o->n_by; i++) {
        SAY(i == 0 ? ", by " : " and ");
        WP_TRY(wp_words_look(s, &o->by[i], text, err));
    }
    SAY("\n");
out:
    return status;
}
