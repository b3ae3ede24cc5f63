/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section `arms`: which sets of interventions are run. */
#include <stdlib.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/number.h"

enum { MAX_COMBINED = 6 };

/* Arms while they are gathered. */
typedef struct arm_list { wp_arm arms[WP_MAX_ARMS]; const wp_node *at[WP_MAX_ARMS]; int n; } arm_list;

static int intervention_bit(wp_reader *r, const wp_node *at, uint32_t *bits)
{
    int i = wp_names_need(r, at, WP_NAME_INTERVENTION, at->text);
    if (i >= 0) { *bits |= UINT32_C(1) << i; }
    return i;
}

static void add(wp_reader *r, arm_list *list, const wp_node *at, const char *name, uint32_t bits)
{
    for (int i = 0; i < list->n; i++) {
        if (strcmp(list->arms[i].name, name) == 0) {
            wp_report_error(r, at, "arm '%s' is given twice", name);
            return;
        }
    }
    if (list->n == WP_MAX_ARMS) {
        wp_report_error(r, at, "more than %d arms", WP_MAX_ARMS);
        return;
    }
    list->at[list->n] = at;
    list->arms[list->n++] = (wp_arm){wp_reader_keep(r, name), bits};
}

/* All non-empty subsets, each named by its interventions in order of name: a+b. */
static void add_combinations(wp_reader *r, const wp_node *at, arm_list *list)
{
    int bits[MAX_COMBINED];
    int n = 0;
    uint32_t seen = 0;
    if (wp_node_count(at) > MAX_COMBINED || wp_node_count(at) == 0 || at->kind != WP_NODE_LIST) {
        wp_report_error(r, at, "'all_combinations_of' is a list of 1 to %d interventions", MAX_COMBINED);
        return;
    }
    for (int i = 0; i < at->n; i++) {
        int k = intervention_bit(r, at->items[i], &seen);
        bool again = false;
        for (int j = 0; j < n; j++) { again = again || bits[j] == k; }
        if (again) { wp_report_error(r, at->items[i], "'%s' is listed twice", at->items[i]->text); }
        if (k >= 0 && !again) { bits[n++] = k; }
    }
    for (unsigned subset = 1; subset < 1U << n; subset++) {
        uint32_t set = 0;
        const char *name = "";
        for (int j = 0; j < n; j++) { set |= (subset >> j & 1U) != 0 ? UINT32_C(1) << bits[j] : 0; }
        for (int i = 0; i < r->names->n[WP_NAME_INTERVENTION]; i++) {
            if ((set >> i & 1) == 0) { continue; }
            name = wp_reader_format(r, "%s%s%s", name, name[0] == '\0' ? "" : "+",
                                    r->names->interventions[i].name);
        }
        add(r, list, at, name, set);
    }
}

static int by_name(const void *a, const void *b)
{
    const wp_arm *x = a;
    const wp_arm *y = b;
    bool first = strcmp(x->name, "baseline") == 0;
    bool second = strcmp(y->name, "baseline") == 0;
    if (first != second) { return first ? -1 : 1; }
    return strcmp(x->name, y->name);
}

static void read_arm(wp_reader *r, const wp_pair *pair, arm_list *list)
{
    uint32_t bits = 0;
    if (strcmp(pair->key->text, "all_combinations_of") == 0) {
        add_combinations(r, pair->value, list);
        return;
    }
    for (int i = 0; i < wp_node_count(pair->value); i++) {
        (void)intervention_bit(r, wp_node_at(pair->value, i), &bits);
    }
    if (strcmp(pair->key->text, "baseline") == 0) {
        if (bits != 0) {
            wp_report_error(r, pair->value, "'baseline' has no interventions; write 'baseline: []'");
        }
        bits = 0;
    } else if (!wp_name_check(r, pair->key, "an arm")) {
        return;
    }
    add(r, list, pair->key, pair->key->text, bits);
}

void wp_read_arms(wp_reader *r)
{
    const wp_node *arms = wp_node_get(r->root, "arms");
    arm_list *list = wp_reader_scratch(r, 1, sizeof *list);
    if (list == NULL) { return; }
    if (arms == NULL || arms->kind != WP_NODE_MAP) {
        wp_report_error(r, arms, "%s; write 'arms: {baseline: []}'",
                        arms == NULL ? "'arms' is missing"
                                     : "'arms' is a mapping from names to lists of interventions");
        return;
    }
    for (int i = 0; i < arms->n && r->status == WP_OK; i++) { read_arm(r, &arms->pairs[i], list); }
    qsort(list->arms, (size_t)list->n, sizeof list->arms[0], by_name);
    if (list->n == 0 || strcmp(list->arms[0].name, "baseline") != 0) {
        wp_report_error(r, arms, "'baseline' is missing in 'arms'; write 'baseline: []'");
    }
    wp_arm *kept = wp_reader_alloc(r, (size_t)list->n, sizeof *kept);
    if (kept == NULL) { return; }
    if (list->n > 0) { memcpy(kept, list->arms, (size_t)list->n * sizeof *kept); }
    r->scenario->arms = kept;
    r->scenario->n_arms = list->n;
}
