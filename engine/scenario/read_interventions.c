/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section `interventions`: who is offered what, how much of it there is, how long it lasts. */
#include <math.h>
#include <string.h>

#include "scenario/change.h"
#include "scenario/condition.h"
#include "scenario/delay.h"
#include "scenario/effect.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/occasion.h"
#include "scenario/quantity.h"
#include "scenario/queue_order.h"

static void read_offer(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_offer *offer)
{
    static const char *const KEYS[] = {"at", "when", "reach", NULL};
    *offer =
        (wp_offer){.at = {.event = -1, .variable = -1}, .reach = wp_quantity_number(1.0), .pos = at->pos};
    if (!wp_node_check_keys(r, at, "an offer", KEYS) && at->kind != WP_NODE_MAP) { return; }
    const wp_node *when = wp_node_need(r, at, "an offer", "at");
    const wp_node *reach = wp_node_get(at, "reach");
    if (when != NULL) { (void)wp_occasion_read(r, when, of, &offer->at); }
    offer->when = wp_condition_read(r, wp_node_get(at, "when"), of);
    if (reach != NULL) { (void)wp_quantity_read(r, reach, of, WP_USE_PROBABILITY, "reach", &offer->reach); }
}

static void read_offers(wp_reader *r, const wp_node *at, wp_intervention *x)
{
    if (at == NULL) { return; }
    if (wp_node_is(at, "everyone")) {
        x->everyone = true;
        return;
    }
    if (at->kind == WP_NODE_SCALAR) {
        wp_report_error(r, at, "'offer' is 'everyone', or {at: …, when: …, reach: …}, or a list of these");
        return;
    }
    int n = wp_node_count(at);
    wp_offer *offers = wp_reader_alloc(r, (size_t)n, sizeof *offers);
    if (offers == NULL) { return; }
    for (int i = 0; i < n; i++) { read_offer(r, wp_node_at(at, i), x->of, &offers[i]); }
    if (n == 0) { wp_report_error(r, at, "'offer' is empty"); }
    x->offers = offers;
    x->n_offers = n;
}

/* "12 months after end", "never". */
static void read_again(wp_reader *r, const wp_node *at, wp_intervention *x)
{
    wp_amount amount;
    x->again_after = INFINITY;
    if (at == NULL || wp_node_is(at, "never")) { return; }
    const char *end = strstr(at->text, " after end");
    const char *text = end == NULL ? "" : wp_reader_format(r, "%.*s", (int)(end - at->text), at->text);
    if (end == NULL || strcmp(end, " after end") != 0 ||
        wp_amount_parse(text, &amount, NULL) != WP_AMOUNT_OK || amount.unit != WP_UNIT_DURATION ||
        !isfinite(amount.value)) {
        wp_report_error(r, at, "'again' is 'never', or a time such as '12 months after end'");
        return;
    }
    x->again_after = amount.value;
}

static void read_capacity(wp_reader *r, const wp_node *at, wp_intervention *x)
{
    static const char *const KEYS[] = {"places", "starts", "builds_up", "settled", NULL};
    x->capacity = WP_CAPACITY_NONE;
    x->capacity_value = wp_quantity_number(0.0);
    if (at == NULL || (!wp_node_check_keys(r, at, "'capacity'", KEYS) && at->kind != WP_NODE_MAP)) { return; }
    const wp_node *places = wp_node_get(at, "places");
    const wp_node *starts = wp_node_get(at, "starts");
    const wp_node *builds_up = wp_node_get(at, "builds_up");
    const wp_node *settled = wp_node_get(at, "settled");
    if ((places != NULL) == (starts != NULL)) {
        wp_report_error(r, at, "'capacity' needs one of 'places' (at one time) and 'starts' (per year)");
        return;
    }
    x->capacity = places != NULL ? WP_CAPACITY_PLACES : WP_CAPACITY_STARTS_PER_YEAR;
    (void)wp_quantity_read(r, places != NULL ? places : starts, WP_PLACE,
                           places != NULL ? WP_USE_PLACES : WP_USE_PLACES_PER_YEAR,
                           places != NULL ? "'places'" : "'starts'", &x->capacity_value);
    if (builds_up != NULL) { (void)wp_duration_read(r, builds_up, "'builds_up'", &x->capacity_builds_up); }
    if (settled != NULL && !wp_node_is(settled, "at once")) {
        (void)wp_every_read(r, settled, "'settled'", &x->settled);
    } else if (settled == NULL && builds_up != NULL) {
        wp_report_error(r, builds_up,
                        "places build up at borders only; say when with 'settled: every 1 month'");
    }
}

static void read_queue(wp_reader *r, const wp_node *at, wp_intervention *x)
{
    static const char *const KEYS[] = {"order", "gives_up", NULL};
    if (at != NULL) { (void)wp_node_check_keys(r, at, "'queue'", KEYS); }
    wp_queue_order_read(r, wp_node_get(at, "order"), x->of, &x->n_order, &x->order);
    const wp_node *gives_up = wp_node_get(at, "gives_up");
    x->gives_up_after = (wp_duration){.kind = WP_DURATION_FOR_EVER, .mean = wp_quantity_number(INFINITY),
                                      .cv = wp_quantity_number(1.0)};
    if (gives_up != NULL) {
        x->gives_up = wp_delay_read(r, gives_up, x->of, "'gives_up'", false, &x->gives_up_after);
    }
}

/* With `offer: everyone` there is no enrolment, so nothing that belongs to one. */
static void check_everyone(wp_reader *r, const wp_node *map)
{
    static const char *const NOT[] = {"uptake", "again",      "capacity", "queue",
                                      "lasts",  "stops_when", "at_start", "at_end"};
    for (size_t i = 0; i < sizeof NOT / sizeof NOT[0]; i++) {
        const wp_pair *pair = wp_node_pair(map, NOT[i]);
        if (pair != NULL) {
            wp_report_error(r, pair->key,
                            "'%s' cannot stand with 'offer: everyone', where nobody is enrolled", NOT[i]);
        }
    }
}

static void read_dates(wp_reader *r, const wp_node *map, wp_intervention *x)
{
    const wp_node *starts = wp_node_get(map, "starts");
    const wp_node *ends = wp_node_get(map, "ends");
    x->starts = 0.0;
    x->ends = INFINITY;
    if (starts != NULL) { (void)wp_date_read(r, starts, "'starts'", &x->starts); }
    if (ends != NULL && !wp_node_is(ends, "never")) { (void)wp_date_read(r, ends, "'ends'", &x->ends); }
    if (ends != NULL && !(x->ends > x->starts)) {
        wp_report_error(r, ends, "the programme ends before it starts");
    }
    if (x->starts >= (double)r->scenario->n_years && r->scenario->n_years > 0) {
        wp_report_warning(r, starts, "'%s' starts after the run's last year, so it changes nothing", x->name);
    }
}

static void read_enrolment(wp_reader *r, const wp_node *map, const char *title, wp_intervention *x)
{
    const wp_node *uptake = wp_node_need(r, map, title, "uptake");
    const wp_node *lasts = wp_node_need(r, map, title, "lasts");
    if (uptake != NULL) {
        (void)wp_quantity_read(r, uptake, x->of, WP_USE_PROBABILITY, "uptake", &x->uptake);
    }
    if (lasts != NULL) { (void)wp_delay_read(r, lasts, x->of, "'lasts'", true, &x->lasts); }
    if (wp_node_get(map, "queue") != NULL && wp_node_get(map, "capacity") == NULL) {
        wp_report_error(r, wp_node_pair(map, "queue")->key,
                        "'queue' needs a 'capacity'; without one everybody starts at once");
    }
}

static void read_intervention(wp_reader *r, int i)
{
    static const char *const KEYS[] = {"of",       "starts",      "ends",  "offer",      "uptake",   "again",
                                       "capacity", "queue",       "lasts", "stops_when", "at_start", "at_end",
                                       "changes",  "unit_values", "about", "source",     "grade",    NULL};
    wp_intervention *x = &r->names->interventions[i];
    const wp_node *map = r->names->nodes[WP_NAME_INTERVENTION][i];
    const char *title = wp_reader_format(r, "intervention '%s'", x->name);
    x->uptake = wp_quantity_number(1.0);
    x->lasts = (wp_duration){.kind = WP_DURATION_FOR_EVER, .mean = wp_quantity_number(INFINITY),
                             .cv = wp_quantity_number(1.0)};
    if (!wp_node_check_keys(r, map, title, KEYS) && map->kind != WP_NODE_MAP) { return; }
    read_dates(r, map, x);
    read_offers(r, wp_node_need(r, map, title, "offer"), x);
    if (x->everyone) {
        check_everyone(r, map);
    } else if (wp_node_get(map, "offer") != NULL) {
        read_enrolment(r, map, title, x);
    }
    read_again(r, wp_node_get(map, "again"), x);
    read_capacity(r, wp_node_get(map, "capacity"), x);
    read_queue(r, wp_node_get(map, "queue"), x);
    x->stops_when = wp_condition_read(r, wp_node_get(map, "stops_when"), x->of);
    x->at_start = wp_effects_read(r, wp_node_get(map, "at_start"), x->of, -1);
    x->at_end = wp_effects_read(r, wp_node_get(map, "at_end"), x->of, -1);
    if (wp_node_pair(map, "changes") == NULL) {
        wp_report_error(r, r->names->keys[WP_NAME_INTERVENTION][i],
                        "intervention '%s' has no 'changes'; write 'changes: {}' if it changes no process",
                        x->name);
    }
}

void wp_interventions_read_changes(wp_reader *r)
{
    for (int i = 0; i < r->names->n[WP_NAME_INTERVENTION] && r->status == WP_OK; i++) {
        wp_intervention *x = &r->names->interventions[i];
        const wp_node *changes = wp_node_get(r->names->nodes[WP_NAME_INTERVENTION][i], "changes");
        if (changes == NULL || (changes->kind == WP_NODE_SCALAR && changes->text[0] == '\0')) { continue; }
        if (changes->kind != WP_NODE_MAP) {
            wp_report_error(r, changes,
                            "'changes' is a mapping from processes to what multiplies them, or {}");
            continue;
        }
        wp_change *list = wp_reader_alloc(r, (size_t)changes->n, sizeof *list);
        if (list == NULL) { return; }
        int n = 0;
        for (int k = 0; k < changes->n; k++) {
            if (wp_change_read_of(r, &changes->pairs[k], i, n, &list[n])) { n++; }
        }
        x->changes = list;
        x->n_changes = n;
    }
}

void wp_read_interventions(wp_reader *r)
{
    r->names->context = "this intervention";
    for (int i = 0; i < r->names->n[WP_NAME_INTERVENTION] && r->status == WP_OK; i++) {
        read_intervention(r, i);
    }
    r->names->context = "this";
}
