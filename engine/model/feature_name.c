/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a feature is called in messages and descriptions. */
#include <stdio.h>

#include "model/features.h"

static const char *whose_word(wp_whose whose)
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

static void own_name(const wp_scenario *s, const wp_effect_shape *shapes, const wp_feature *f,
                     const char *whose, char *text, size_t size)
{
    switch (f->kind) {
    case WP_FEATURE_AGE:
        snprintf(text, size, "%sage", whose);
        break;
    case WP_FEATURE_VARIABLE:
        snprintf(text, size, "%s%s", whose, s->variables[f->source].name);
        break;
    case WP_FEATURE_COPY:
        snprintf(text, size, "%scopy", whose);
        break;
    case WP_FEATURE_NUMBER_OF:
        snprintf(text, size, "%snumber_of.%s", whose, s->groups[f->source].name);
        break;
    case WP_FEATURE_SIZE:
        snprintf(text, size, "%ssize", whose);
        break;
    case WP_FEATURE_HOUSEHOLD_KIND:
        snprintf(text, size, "%skind", whose);
        break;
    case WP_FEATURE_OLDEST_AGE:
        snprintf(text, size, "%soldest_age", whose);
        break;
    case WP_FEATURE_YOUNGER_AGE:
        snprintf(text, size, "%syounger_age", whose);
        break;
    case WP_FEATURE_CHILDREN_AT_HOME:
        snprintf(text, size, "%schildren_at_home", whose);
        break;
    case WP_FEATURE_HAS_PARTNER:
        snprintf(text, size, "%shas partner", whose);
        break;
    case WP_FEATURE_PARENT_AT_HOME:
        snprintf(text, size, "%shas parent_at_home", whose);
        break;
    case WP_FEATURE_CHILD_AT_HOME:
        snprintf(text, size, "%shas child_at_home", whose);
        break;
    case WP_FEATURE_TIME_IN:
        snprintf(text, size, "%stime in %s", whose, s->variables[f->source].name);
        break;
    case WP_FEATURE_TIME_SINCE:
        snprintf(text, size, "%stime since %s", whose, s->events[f->source].name);
        break;
    case WP_FEATURE_TIME_TOGETHER:
        snprintf(text, size, "time together");
        break;
    case WP_FEATURE_RUN_TIME:
        snprintf(text, size, "time since start");
        break;
    case WP_FEATURE_RECENT:
        snprintf(text, size, "%s%s in last %.3g years", whose, s->events[f->source].name,
                 wp_years(f->window));
        break;
    case WP_FEATURE_EFFECT:
        snprintf(text, size, "%seffect %d of %s", whose, f->source + 1,
                 s->interventions[shapes[f->source].intervention].name);
        break;
    case WP_FEATURE_INDICATOR:
        snprintf(text, size, "%s", s->indicators[f->source].name);
        break;
    }
}

void wp_feature_name(const wp_builder *b, int kind, int feature, char *text, size_t size)
{
    const wp_feature *f = &b->kinds[kind].features[feature].feature;
    const char *whose = "";
    if (f->kind == WP_FEATURE_COPY) {
        int owner = f->whose == WP_OWN_HOUSEHOLD ? WP_HOUSEHOLD
                    : f->whose == WP_OWN_COUPLE  ? WP_COUPLE
                                                 : WP_PERSON;
        whose = whose_word(f->whose);
        f = &b->kinds[owner].features[f->source].feature;
    }
    own_name(b->scenario, b->model->shapes, f, whose, text, size);
}

void wp_model_feature_name(const wp_model *m, int kind, int feature, char *text, size_t size)
{
    const wp_feature *f = &m->kinds[kind].features[feature];
    const char *whose = "";
    if (f->kind == WP_FEATURE_COPY) {
        int owner = f->whose == WP_OWN_HOUSEHOLD ? WP_HOUSEHOLD
                    : f->whose == WP_OWN_COUPLE  ? WP_COUPLE
                                                 : WP_PERSON;
        whose = whose_word(f->whose);
        f = &m->kinds[owner].features[f->source];
    }
    own_name(m->scenario, m->shapes, f, whose, text, size);
}
