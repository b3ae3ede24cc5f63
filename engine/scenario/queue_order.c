/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of queues: reading `order`. */
#include "scenario/queue_order.h"

#include <string.h>

static bool read_key(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_queue_order *key)
{
    static const char *const WORDS[] = {"lottery", "longest_waiting"};
    static const char *const KEYS[] = {"when", "by", "first", NULL};
    *key = (wp_queue_order){.look = {.item = -1}};
    if (at->kind == WP_NODE_SCALAR) {
        for (int i = 0; i < 2; i++) {
            if (wp_node_is(at, WORDS[i])) {
                key->key = (wp_order_key)i;
                return true;
            }
        }
        wp_report_error(
            r, at, "'order' is '%s'; it must be lottery, longest_waiting, {when: …} or {by: …, first: …}%s",
            at->text, wp_report_nearest(r, at->text, WORDS, 2));
        return false;
    }
    if (!wp_node_check_keys(r, at, "'order'", KEYS)) { return false; }
    const wp_node *when = wp_node_get(at, "when");
    const wp_node *by = wp_node_get(at, "by");
    if ((when != NULL) == (by != NULL)) {
        wp_report_error(r, at, "an entry of 'order' is {when: condition}, or {by: X, first: level}");
        return false;
    }
    if (when != NULL) {
        key->key = WP_ORDER_CONDITION;
        key->when = wp_condition_read(r, when, of);
        return key->when != NULL;
    }
    const wp_node *first = wp_node_need(r, at, "'order'", "first");
    key->key = WP_ORDER_LEVEL;
    if (first == NULL || !wp_look_read(r, by, of, &key->look)) { return false; }
    if (!wp_look_is_level(&key->look) || key->look.kind == WP_LOOK_OPTION) {
        wp_report_error(r, by, "'by' in an order needs something with levels; '%s' has none", by->text);
        return false;
    }
    key->first_level = wp_look_level(r, first, &key->look, -1, first->text);
    return key->first_level >= 0;
}

void wp_queue_order_read(wp_reader *r, const wp_node *at, wp_subject_kind of, int *n,
                         const wp_queue_order **order)
{
    int count = at == NULL ? 1 : wp_node_count(at);
    wp_queue_order *list = wp_reader_alloc(r, (size_t)count, sizeof *list);
    *n = 0;
    *order = list;
    if (list == NULL) { return; }
    if (at == NULL) {
        list[(*n)++] = (wp_queue_order){.key = WP_ORDER_LONGEST_WAITING, .look = {.item = -1}};
    }
    for (int i = 0; at != NULL && i < count; i++) {
        const wp_node *item = wp_node_at(at, i);
        if (!read_key(r, item, of, &list[*n])) { continue; }
        if (list[*n].key <= WP_ORDER_LONGEST_WAITING && i + 1 < count) {
            wp_report_error(r, item, "'%s' decides all, so nothing can come after it in 'order'", item->text);
        }
        (*n)++;
    }
}
