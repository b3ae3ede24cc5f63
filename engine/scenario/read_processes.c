/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections `processes` and `changes`: what can happen, when, and what it does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/change.h"
#include "scenario/condition.h"
#include "scenario/delay.h"
#include "scenario/effect.h"
#include "scenario/factor.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/occasion.h"
#include "scenario/process_checks.h"
#include "scenario/quantity.h"
#include "scenario/walk.h"

/* ---- One process --------------------------------------------------------------------------------- */

static void read_kind(wp_reader *r, const wp_node *map, const wp_node *key, wp_process *p)
{
    const wp_node *hazard = wp_node_get(map, "hazard");
    const wp_node *delay = wp_node_get(map, "delay");
    const wp_node *at = wp_node_get(map, "at");
    int n = (hazard != NULL ? 1 : 0) + (delay != NULL ? 1 : 0) + (at != NULL ? 1 : 0);
    p->kind = WP_PROCESS_HAZARD;
    p->hazard = wp_quantity_number(0.0);
    p->at = (wp_occasion){.event = -1, .variable = -1};
    if (n != 1) {
        wp_report_error(r, key, "process '%s' has %s 'hazard', 'delay' and 'at'; it needs exactly one",
                        p->name, n == 0 ? "none of" : "more than one of");
    }
    if (hazard != NULL) {
        (void)wp_quantity_read(r, hazard, p->of, WP_USE_HAZARD, "hazard", &p->hazard);
    } else if (delay != NULL) {
        p->kind = WP_PROCESS_DELAY;
        (void)wp_delay_read(r, delay, p->of, "delay", false, &p->delay);
        if (p->when == NULL && wp_node_get(map, "when") == NULL) {
            wp_report_error(r, delay,
                            "a delay counts from the moment that 'when' becomes true, so it needs a 'when'");
        }
    } else if (at != NULL) {
        p->kind = WP_PROCESS_SCHEDULE;
        if (wp_occasion_read(r, at, p->of, &p->at) &&
            (p->at.kind == WP_AT_EVENT || p->at.kind == WP_AT_ENTERS)) {
            p->kind = WP_PROCESS_AT_EVENT;
        }
    }
}

static void read_process(wp_reader *r, int i)
{
    static const char *const KEYS[] = {"of",
                                       "when",
                                       "hazard",
                                       "delay",
                                       "at",
                                       "multiply_hazard",
                                       "multiply_delay",
                                       "multiply_odds",
                                       "multiply_probability",
                                       "choose",
                                       "then",
                                       "order",
                                       "about",
                                       "source",
                                       "grade",
                                       NULL};
    wp_process *p = &r->names->processes[i];
    const wp_node *map = r->names->nodes[WP_NAME_PROCESS][i];
    const wp_node *key = r->names->keys[WP_NAME_PROCESS][i];
    const char *title = wp_reader_format(r, "process '%s'", p->name);
    r->names->context = "this process";
    if (!wp_node_check_keys(r, map, title, KEYS) && map->kind != WP_NODE_MAP) { return; }
    p->when = wp_condition_read(r, wp_node_get(map, "when"), p->of);
    read_kind(r, map, key, p);
    wp_factor_place place = p->kind == WP_PROCESS_HAZARD  ? WP_FACTORS_OF_HAZARD
                            : p->kind == WP_PROCESS_DELAY ? WP_FACTORS_OF_DELAY
                                                          : WP_FACTORS_NOWHERE;
    wp_factors_read(r, map, p->of, place, p->name, -1, -1, wp_changes_of_process(r, i));
    wp_choice_read(r, i);
    p->then = wp_effects_read(r, wp_node_get(map, "then"), p->of, i);
    const wp_node *order = wp_node_get(map, "order");
    if (order != NULL) {
        p->has_order = true;
        (void)wp_number_read(r, order, "'order'", -1e9, 1e9, &p->order);
    }
}

/* ---- `changes` of modules ---------------------------------------------------------------------------- */

static void read_changes(wp_reader *r)
{
    const wp_node *changes = wp_node_get(r->root, "changes");
    if (changes == NULL || (changes->kind == WP_NODE_SCALAR && changes->text[0] == '\0')) { return; }
    for (int i = 0; i < wp_node_count(changes); i++) { /* a list when several files have some */
        const wp_node *map = changes->kind == WP_NODE_LIST ? changes->items[i] : changes;
        if (map->kind != WP_NODE_MAP) {
            wp_report_error(r, map, "'changes' is a mapping from processes to what multiplies them");
            continue;
        }
        for (int k = 0; k < map->n; k++) { wp_change_read_one(r, &map->pairs[k]); }
    }
}

static void keep_factors(wp_reader *r, int i)
{
    wp_process *p = &r->names->processes[i];
    wp_factor_list *own = wp_changes_of_process(r, i);
    p->factors = wp_factors_keep(r, own);
    p->n_factors = own->n;
    for (int k = 0; k < p->n_options; k++) {
        wp_factor_list *list = wp_changes_of_option(r, i, k);
        r->names->options[i][k].factors = wp_factors_keep(r, list);
        r->names->options[i][k].n_factors = list->n;
    }
}

void wp_read_processes(wp_reader *r)
{
    int n = r->names->n[WP_NAME_PROCESS];
    for (int i = 0; i < n && r->status == WP_OK; i++) { read_process(r, i); }
    r->names->context = "the process that is changed";
    if (r->status == WP_OK) { read_changes(r); }
    if (r->status == WP_OK) { wp_interventions_read_changes(r); }
    for (int i = 0; i < n && r->status == WP_OK; i++) { keep_factors(r, i); }
    r->names->context = "this";
    if (r->status == WP_OK) { wp_processes_check(r); }
    if (r->status == WP_OK) { wp_walk_finish(r); }
}
