/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections `pools` and `indicators`: what couples households through the place. */
#include <math.h>
#include <string.h>

#include "scenario/condition.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/quantity.h"
#include "scenario/queue_order.h"

static void read_unused(wp_reader *r, const wp_node *at, wp_pool *pool)
{
    static const char *const KEYS[] = {"lapse_after", NULL};
    pool->unused_kept = true;
    pool->lapse_after = INFINITY;
    if (at == NULL || wp_node_is(at, "kept")) { return; }
    if (at->kind != WP_NODE_MAP) {
        wp_report_error(r, at, "'unused' is 'kept' or {lapse_after: 1 year}");
        return;
    }
    const wp_node *after =
        wp_node_check_keys(r, at, "'unused'", KEYS) ? wp_node_need(r, at, "'unused'", "lapse_after") : NULL;
    if (after != NULL && wp_duration_read(r, after, "'lapse_after'", &pool->lapse_after)) {
        pool->unused_kept = false;
    }
}

static void read_refused(wp_reader *r, const wp_node *at, wp_pool *pool)
{
    static const char *const WORDS[] = {"forgotten", "waits"};
    pool->refused_waits = at != NULL && wp_node_is(at, "waits");
    if (at != NULL && !pool->refused_waits && !wp_node_is(at, "forgotten")) {
        wp_report_error(r, at, "'refused' is '%s'; it must be forgotten or waits%s", at->text,
                        wp_report_nearest(r, at->text, WORDS, 2));
    }
}

static void read_pool(wp_reader *r, int i)
{
    static const char *const KEYS[] = {"places",  "by",    "settled", "order", "unused",
                                       "refused", "about", "source",  "grade", NULL};
    wp_pool *pool = &r->names->pools[i];
    const wp_node *map = r->names->nodes[WP_NAME_POOL][i];
    wp_subject_kind of = r->names->pool_of[i] == WP_N_SUBJECT_KINDS ? WP_PERSON : r->names->pool_of[i];
    const char *title = wp_reader_format(r, "pool '%s'", pool->name);
    pool->places = wp_quantity_number(0.0);
    if (!wp_node_check_keys(r, map, title, KEYS) && map->kind != WP_NODE_MAP) { return; }
    const wp_node *by = wp_node_get(map, "by");
    const wp_node *places = wp_node_need(r, map, title, "places");
    const wp_node *settled = wp_node_need(r, map, title, "settled");
    if (by != NULL) { pool->by = wp_names_need(r, by, WP_NAME_VARIABLE, by->text); }
    /* The stocks are looked up by the pool's own `by` alone, whoever asks. */
    wp_subject_kind table_of = pool->by >= 0 ? r->names->variables[pool->by].of : WP_PLACE;
    if (places != NULL) {
        (void)wp_quantity_read_places(r, places, table_of, "'places'", &pool->places, &pool->per_year);
    }
    if (wp_node_is(settled, "at once")) {
        pool->settled = 0.0;
    } else {
        (void)wp_every_read(r, settled, "'settled'", &pool->settled);
    }
    wp_queue_order_read(r, wp_node_get(map, "order"), of, &pool->n_order, &pool->order);
    read_unused(r, wp_node_get(map, "unused"), pool);
    read_refused(r, wp_node_get(map, "refused"), pool);
    if (r->names->pool_of[i] == WP_N_SUBJECT_KINDS) {
        wp_report_warning(r, r->names->keys[WP_NAME_POOL][i], "nobody asks for a place in pool '%s'",
                          pool->name);
    }
}

void wp_read_pools(wp_reader *r)
{
    r->names->context = "this pool";
    for (int i = 0; i < r->names->n[WP_NAME_POOL] && r->status == WP_OK; i++) { read_pool(r, i); }
    r->names->context = "this indicator";
    for (int i = 0; i < r->names->n[WP_NAME_INDICATOR] && r->status == WP_OK; i++) {
        static const char *const KEYS[] = {"share", "among", "by", "over", "about", "source", "grade", NULL};
        wp_indicator *x = &r->names->indicators[i];
        const wp_node *map = r->names->nodes[WP_NAME_INDICATOR][i];
        const char *title = wp_reader_format(r, "indicator '%s'", x->name);
        if (!wp_node_check_keys(r, map, title, KEYS) && map->kind != WP_NODE_MAP) { continue; }
        const wp_node *by = wp_node_get(map, "by");
        const wp_node *over = wp_node_need(r, map, title, "over");
        x->share = wp_condition_read(r, wp_node_need(r, map, title, "share"), WP_PERSON);
        x->among = wp_condition_read(r, wp_node_get(map, "among"), WP_PERSON);
        wp_look look = {.item = -1};
        if (by != NULL && wp_look_read(r, by, WP_PERSON, &look)) {
            bool household = look.whose == WP_OWN_HOUSEHOLD;
            if (look.kind != WP_LOOK_VARIABLE || (look.whose != WP_SELF && !household)) {
                wp_report_error(r, by,
                                "'by' needs an attribute or state of the person or household; '%s' is none",
                                by->text);
            } else {
                x->by = look.item;
                x->by_of = household ? WP_HOUSEHOLD : WP_PERSON;
            }
        }
        x->period = 1.0;
        if (over != NULL && wp_node_is(over, "last quarter")) {
            x->period = 0.25;
        } else if (over != NULL && !wp_node_is(over, "last year")) {
            wp_report_error(r, over, "'over' is '%s'; it must be 'last year' or 'last quarter'", over->text);
        }
    }
    r->names->context = "this";
}
