/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Occasions: reading `at:` entries. */
#include "scenario/occasion.h"

#include <math.h>
#include <string.h>

static bool read_enters(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_occasion *occasion)
{
    wp_look look;
    if (at->kind != WP_NODE_MAP || at->n != 1) {
        wp_report_error(r, at, "'enters' names one state and its level, such as {hospital: in}");
        return false;
    }
    if (!wp_look_read(r, at->pairs[0].key, of, &look)) { return false; }
    if (look.kind != WP_LOOK_VARIABLE || look.whose != WP_SELF ||
        r->names->variables[look.item].kind == WP_ATTRIBUTE) {
        wp_report_error(r, at->pairs[0].key, "'enters' needs a state of its own; '%s' is none",
                        at->pairs[0].key->text);
        return false;
    }
    occasion->variable = look.item;
    bool good = true;
    for (int i = 0; i < wp_node_count(at->pairs[0].value); i++) {
        const wp_node *item = wp_node_at(at->pairs[0].value, i);
        int level = wp_look_level(r, item, &look, -1, item->text);
        if (level < 0) { good = false; } else { occasion->levels |= UINT64_C(1) << level; }
    }
    return good && occasion->levels != 0;
}

static bool read_every(wp_reader *r, const wp_node *at, wp_occasion *occasion)
{
    const wp_node *from = wp_node_get(at, "from");
    bool good = wp_duration_read(r, wp_node_get(at, "every"), "'every'", &occasion->every);
    if (good && !(occasion->every >= 1.0 / 366.0)) {
        wp_report_error(r, wp_node_get(at, "every"), "'every' must be a day or longer");
        good = false;
    }
    occasion->from = occasion->every;
    if (from != NULL && wp_node_is(from, "start")) {
        occasion->from = 0.0;
    } else if (from != NULL && !wp_duration_read(r, from, "'from'", &occasion->from)) {
        good = false;
    }
    return good;
}

bool wp_occasion_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_occasion *occasion)
{
    static const char *const KEYS[] = {"every", "from", "age", "date", "event", "enters", NULL};
    static const char *const ONE[] = {"every", "age", "date", "event", "enters"};
    *occasion = (wp_occasion){.event = -1, .variable = -1};
    if (!wp_node_check_keys(r, at, "'at'", KEYS)) { return false; }
    int n = 0;
    for (int i = 0; i < 5; i++) { n += wp_node_get(at, ONE[i]) != NULL ? 1 : 0; }
    if (n != 1) {
        wp_report_error(r, at, "'at' needs %s of every, age, date, event, enters",
                        n == 0 ? "one" : "only one");
        return false;
    }
    const wp_node *event = wp_node_get(at, "event");
    if (wp_node_get(at, "every") != NULL) {
        occasion->kind = WP_AT_EVERY;
        return read_every(r, at, occasion);
    }
    if (wp_node_pair(at, "from") != NULL) {
        wp_report_error(r, wp_node_pair(at, "from")->key, "'from' goes with 'every' only");
    }
    if (wp_node_get(at, "age") != NULL) {
        occasion->kind = WP_AT_AGE;
        if (of != WP_PERSON) {
            wp_report_error(r, wp_node_pair(at, "age")->key, "an age belongs to a person, and %s is of a %s",
                            r->names->context, wp_subject_name(of));
            return false;
        }
        return wp_age_read(r, wp_node_get(at, "age"), "'age'", &occasion->age);
    }
    if (wp_node_get(at, "date") != NULL) {
        occasion->kind = WP_AT_DATE;
        return wp_date_read(r, wp_node_get(at, "date"), "'date'", &occasion->date);
    }
    if (event != NULL) {
        occasion->kind = WP_AT_EVENT;
        if (event->kind != WP_NODE_SCALAR) {
            wp_report_error(r, event, "'event' names one event");
            return false;
        }
        occasion->event = wp_names_need(r, event, WP_NAME_EVENT, event->text);
        return occasion->event >= 0;
    }
    occasion->kind = WP_AT_ENTERS;
    return read_enters(r, wp_node_get(at, "enters"), of, occasion);
}
