/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Partners: who is found, and who leaves. */
#include "scenario/partner.h"

#include <math.h>
#include <string.h>

/* The attribute `sex` with its two levels, or -1 after reporting. */
static int sex_variable(wp_reader *r, const wp_node *at, const char *why)
{
    int sex = wp_names_find(r, WP_NAME_VARIABLE, "sex");
    if (sex < 0 || r->names->variables[sex].of != WP_PERSON || r->names->variables[sex].n_levels != 2) {
        wp_report_error(r, at, "%s needs a person's attribute 'sex' with two levels", why);
        return -1;
    }
    return sex;
}

/* A duration of either sign, in years. */
static bool read_signed(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    wp_amount amount;
    const char *why = NULL;
    if (at->kind != WP_NODE_SCALAR || wp_amount_parse(at->text, &amount, &why) != WP_AMOUNT_OK ||
        amount.unit != WP_UNIT_DURATION || !isfinite(amount.value)) {
        wp_report_error(r, at, "%s must be a duration, such as '2.3 years' or '-2.3 years'", what);
        return false;
    }
    *years = amount.value;
    return true;
}

static bool read_normal(wp_reader *r, const wp_node *at, double *mean, double *sd)
{
    static const char *const OUTER[] = {"normal", NULL};
    static const char *const KEYS[] = {"mean", "sd", NULL};
    if (!wp_node_check_keys(r, at, "an age gap", OUTER)) { return false; }
    const wp_node *normal = wp_node_need(r, at, "an age gap", "normal");
    if (normal == NULL || !wp_node_check_keys(r, normal, "'normal'", KEYS)) { return false; }
    const wp_node *m = wp_node_need(r, normal, "'normal'", "mean");
    const wp_node *s = wp_node_need(r, normal, "'normal'", "sd");
    bool good = m != NULL && read_signed(r, m, "'mean'", mean);
    return s != NULL && wp_duration_read(r, s, "'sd'", sd) && good;
}

static bool read_age_gap(wp_reader *r, const wp_node *at, wp_join *join)
{
    static const char *const KEYS[] = {"by", "values", NULL};
    const wp_node *by = wp_node_get(at, "by");
    join->has_age_gap = true;
    if (by == NULL) {
        bool good = read_normal(r, at, &join->gap_mean[0], &join->gap_sd[0]);
        join->gap_mean[1] = join->gap_mean[0];
        join->gap_sd[1] = join->gap_sd[0];
        return good;
    }
    const wp_node *values = wp_node_need(r, at, "'age_gap'", "values");
    int sex = sex_variable(r, by, "'age_gap'");
    if (sex < 0 || values == NULL || !wp_node_check_keys(r, at, "'age_gap'", KEYS)) { return false; }
    if (!wp_node_is(by, "sex")) {
        wp_report_error(r, by, "an age gap can be 'by: sex' only");
        return false;
    }
    bool good = values->kind == WP_NODE_MAP;
    for (int i = 0; i < values->n; i++) {
        int level = wp_names_need_level(r, values->pairs[i].key, sex, values->pairs[i].key->text);
        if (level < 0) { return false; }
        good = read_normal(r, values->pairs[i].value, &join->gap_mean[level], &join->gap_sd[level]) && good;
    }
    if (values->n != 2) {
        wp_report_error(r, values, "an age gap by sex is needed for both levels");
        return false;
    }
    return good;
}

static bool sums_to_one(wp_reader *r, const wp_node *at, double total)
{
    if (fabs(total - 1.0) <= 1e-6) { return true; }
    wp_report_error(r, at, "the shares add up to %.6g; they must add up to 1", total);
    return false;
}

static bool read_sex(wp_reader *r, const wp_node *at, wp_join *join)
{
    static const char *const KEYS[] = {"other", "same", NULL};
    double other = 0.0;
    double same = 0.0;
    if (sex_variable(r, at, "a partner's sex") < 0) { return false; }
    if (wp_node_is(at, "other") || wp_node_is(at, "same")) {
        join->share_other_sex = wp_node_is(at, "other") ? 1.0 : 0.0;
        return true;
    }
    if (!wp_node_check_keys(r, at, "'sex'", KEYS)) { return false; }
    const wp_node *o = wp_node_get(at, "other");
    const wp_node *s = wp_node_get(at, "same");
    if ((o != NULL && !wp_share_read(r, o, "'other'", &other)) ||
        (s != NULL && !wp_share_read(r, s, "'same'", &same))) {
        return false;
    }
    join->share_other_sex = other;
    return sums_to_one(r, at, other + same);
}

static bool read_like_me(wp_reader *r, const wp_node *at, wp_join *join)
{
    int n = wp_node_count(at);
    wp_look *looks = wp_reader_alloc(r, (size_t)n, sizeof *looks);
    if (looks == NULL) { return false; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        if (!wp_look_read(r, item, WP_PERSON, &looks[i])) { return false; }
        bool own = looks[i].whose == WP_SELF || looks[i].whose == WP_OWN_HOUSEHOLD;
        if (looks[i].kind != WP_LOOK_VARIABLE || !own ||
            r->names->variables[looks[i].item].kind == WP_STATUS) {
            wp_report_error(r, item,
                            "'like_me' lists attributes and states of oneself or the household; '%s' is none",
                            item->text);
            return false;
        }
    }
    join->n_like_me = n;
    join->like_me = looks;
    return true;
}

bool wp_partner_read(wp_reader *r, const wp_node *at, wp_join *join)
{
    static const char *const OUTER[] = {"partner", NULL};
    static const char *const KEYS[] = {"sex", "age_gap", "like_me", NULL};
    *join = (wp_join){.share_other_sex = 1.0};
    if (!wp_node_check_keys(r, at, "'join'", OUTER)) { return false; }
    const wp_node *partner = wp_node_need(r, at, "'join'", "partner");
    if (partner == NULL || !wp_node_check_keys(r, partner, "'partner'", KEYS)) { return false; }
    const wp_node *sex = wp_node_get(partner, "sex");
    const wp_node *gap = wp_node_get(partner, "age_gap");
    const wp_node *like = wp_node_get(partner, "like_me");
    bool good = sex == NULL || read_sex(r, sex, join);
    good = (gap == NULL || read_age_gap(r, gap, join)) && good;
    return (like == NULL || read_like_me(r, like, join)) && good;
}

static bool read_leaver(wp_reader *r, const wp_node *at, wp_effect *effect)
{
    double total = 0.0;
    if (wp_node_is(at, "either")) { return true; }
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at, "'leaver' is 'either', or shares by sex, such as {female: 0.35, male: 0.65}");
        return false;
    }
    int sex = sex_variable(r, at, "'leaver' by sex");
    if (sex < 0) { return false; }
    effect->leaver_share[0] = 0.0;
    effect->leaver_share[1] = 0.0;
    for (int i = 0; i < at->n; i++) {
        int level = wp_names_need_level(r, at->pairs[i].key, sex, at->pairs[i].key->text);
        if (level < 0 || !wp_share_read(r, at->pairs[i].value, "'leaver'", &effect->leaver_share[level])) {
            return false;
        }
        total += effect->leaver_share[level];
    }
    return sums_to_one(r, at, total);
}

bool wp_separation_read(wp_reader *r, const wp_node *at, wp_effect *effect)
{
    static const char *const KEYS[] = {"leaver", "children", NULL};
    static const char *const CHILDREN[] = {"with_mother", "stay", "go"};
    effect->leaver_share[0] = (double)NAN;
    effect->leaver_share[1] = (double)NAN;
    effect->children_go = WP_CHILDREN_WITH_MOTHER;
    if (!wp_node_check_keys(r, at, "'separate'", KEYS)) { return false; }
    const wp_node *leaver = wp_node_need(r, at, "'separate'", "leaver");
    const wp_node *children = wp_node_get(at, "children");
    bool good = leaver != NULL && read_leaver(r, leaver, effect);
    if (children == NULL) { return good; }
    for (int i = 0; i < 3; i++) {
        if (wp_node_is(children, CHILDREN[i])) {
            effect->children_go = (wp_children_go)i;
            return good;
        }
    }
    wp_report_error(r, children, "'children' is '%s'; it must be with_mother, stay or go%s", children->text,
                    wp_report_nearest(r, children->text, CHILDREN, 3));
    return false;
}
