/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first pass: collects every name of every section, sorts each kind, and so fixes all indices before
   any of them is used. */
#include <stdlib.h>
#include <string.h>

#include "scenario/factor.h"
#include "scenario/names.h"
#include "scenario/number.h"

enum { ANSWER = -3 }; /* role of an answer's name: any word will do */

/* One name as it is found. */
typedef struct found {
    const char *text;
    const wp_node *key, *node;
    wp_subject_kind of;
    int role;        /* variables: wp_variable_kind; events: option, or -1 */
    int owner;       /* events: process or intervention, or -1 */
    bool of_intervention;
} found;

typedef struct found_list { int n, room; found *list; } found_list;

static const char *const BUILTIN_EVENTS[WP_N_BUILTIN_EVENTS] = {
    "born", "died", "arrived", "moved_out", "moved_home", "couple_formed", "separated",
    "left_without_adults"};

static const wp_subject_kind BUILTIN_OF[WP_N_BUILTIN_EVENTS] = {
    WP_PERSON, WP_PERSON, WP_PERSON, WP_PERSON, WP_PERSON, WP_COUPLE, WP_COUPLE, WP_HOUSEHOLD};

/* Words that mean something else where names stand. */
static const char *const RESERVED[] = {
    "age", "date", "year", "option", "has", "has_no", "is", "is_not", "any_of", "children_at_home", "size",
    "kind", "oldest_age", "younger_age", "number_of", "partner", "mother", "household", "couple", "everyone",
    "otherwise", "none", "start"};

static void add(wp_reader *r, found_list *list, found item)
{
    if (list->n == list->room) {
        int room = list->room * 2 + 32;
        found *larger = wp_reader_scratch(r, (size_t)room, sizeof *larger);
        if (larger == NULL) { return; }
        if (list->n > 0) { memcpy(larger, list->list, (size_t)list->n * sizeof *larger); }
        list->list = larger;
        list->room = room;
    }
    list->list[list->n++] = item;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const found *)a)->text, ((const found *)b)->text);
}

/* Persons' before households', then by name. */
static int by_subject(const void *a, const void *b)
{
    const found *x = a;
    const found *y = b;
    if (x->of != y->of) { return x->of < y->of ? -1 : 1; }
    return strcmp(x->text, y->text);
}

/* Adds the entries of a section; false entries (bad or reserved names) are reported and left out. */
static void add_section(wp_reader *r, found_list *list, const wp_node *section, const char *what,
                        wp_subject_kind of, int role)
{
    if (section == NULL || (section->kind == WP_NODE_SCALAR && section->text[0] == '\0')) { return; }
    if (section->kind != WP_NODE_MAP) {
        wp_report_error(r, section, "expected a list of names, each with its entries (NAME: …)");
        return;
    }
    for (int i = 0; i < section->n; i++) {
        const wp_node *key = section->pairs[i].key;
        if (!wp_name_check(r, key, what)) { continue; }
        bool reserved = false;
        for (size_t k = 0; role != ANSWER && k < sizeof RESERVED / sizeof RESERVED[0]; k++) {
            reserved = reserved || strcmp(key->text, RESERVED[k]) == 0;
        }
        if (reserved) {
            wp_report_error(r, key, "'%s' is a word of the language; choose another name for %s",
                            key->text, what);
            continue;
        }
        if (list->n >= WP_MAX_NAMES) {
            wp_report_error(r, key, "more than %d names of one kind", WP_MAX_NAMES);
            return;
        }
        add(r, list,
            (found){.text = wp_reader_keep(r, key->text),
                    .key = key,
                    .node = section->pairs[i].value,
                    .of = of,
                    .role = role,
                    .owner = -1});
    }
}

/* The indices in order of name, and the arrays for look-up. */
static void publish(wp_reader *r, wp_name_kind kind, const found_list *list)
{
    wp_names *names = r->names;
    size_t n = (size_t)list->n;
    const char **texts = wp_reader_scratch(r, n, sizeof *texts);
    const wp_node **keys = wp_reader_scratch(r, n, sizeof *keys);
    const wp_node **nodes = wp_reader_scratch(r, n, sizeof *nodes);
    int *order = wp_reader_scratch(r, n, sizeof *order);
    if (texts == NULL || keys == NULL || nodes == NULL || order == NULL) { return; }
    found *sorted = wp_reader_scratch(r, n, sizeof *sorted);
    if (sorted == NULL) { return; }
    for (size_t i = 0; i < n; i++) {
        texts[i] = list->list[i].text;
        keys[i] = list->list[i].key;
        nodes[i] = list->list[i].node;
        sorted[i] = list->list[i];
        sorted[i].owner = (int)i;
    }
    if (n > 1) { qsort(sorted, n, sizeof *sorted, by_text); }
    for (size_t i = 0; i < n; i++) { order[i] = sorted[i].owner; }
    names->texts[kind] = texts;
    names->keys[kind] = keys;
    names->nodes[kind] = nodes;
    names->by_name[kind] = order;
    names->n[kind] = list->n;
}

static void sort(found_list *list, int (*compare)(const void *, const void *))
{
    if (list->n > 1) { qsort(list->list, (size_t)list->n, sizeof *list->list, compare); }
}

/* Names of several lists that must not meet: reports the later of two equal ones. */
static void check_apart(wp_reader *r, const found_list *const *lists, const char *const *titles, int n)
{
    found_list all = {0};
    for (int k = 0; k < n; k++) {
        for (int i = 0; i < lists[k]->n; i++) {
            found item = lists[k]->list[i];
            item.role = k;
            add(r, &all, item);
        }
    }
    sort(&all, by_text);
    for (int i = 1; i < all.n; i++) {
        const found *a = &all.list[i - 1];
        const found *b = &all.list[i];
        if (strcmp(a->text, b->text) != 0 || a->key == b->key || a->key == NULL || b->key == NULL) {
            continue;
        }
        bool swap = a->key->pos.file > b->key->pos.file ||
                    (a->key->pos.file == b->key->pos.file && a->key->pos.line > b->key->pos.line);
        const found *first = swap ? b : a;
        const found *second = swap ? a : b;
        wp_report_error(r, second->key, "%s '%s' has the name of the %s at %s; they share one list of names",
                        titles[second->role], second->text, titles[first->role],
                        wp_report_place(r, first->key->pos));
    }
}

/* ---- Attributes, states, multipliers, interventions' statuses ------------------------------ */

static const char *const STATUS_LEVELS[] = {"never", "waiting", "in", "past"};

static void collect_levels(wp_reader *r, wp_variable *v, const found *f)
{
    static const char *const NONE[] = {""};
    v->levels = NONE;
    const wp_node *levels = wp_node_need(r, f->node, v->kind == WP_ATTRIBUTE ? "an attribute" : "a state",
                                         "levels");
    if (levels == NULL) { return; }
    if (wp_node_is(levels, "from place")) {
        const wp_node *place = wp_node_get(wp_node_get(wp_node_get(r->root, "place"), "levels"), f->text);
        if (place == NULL) {
            wp_report_error(r, levels,
                            "the levels of '%s' are to come from the place, but 'place: {levels: {%s: "
                            "[…]}}' is not given",
                            f->text, f->text);
            return;
        }
        levels = place;
    }
    if (levels->kind != WP_NODE_LIST || levels->n == 0) {
        wp_report_error(r, levels, "levels of '%s' are a list of words, such as [low, high]", f->text);
        return;
    }
    if (levels->n > WP_MAX_LEVELS) {
        wp_report_error(r, levels, "'%s' has %d levels; at most %d are allowed", f->text, levels->n,
                        WP_MAX_LEVELS);
        return;
    }
    const char **words = wp_reader_alloc(r, (size_t)levels->n, sizeof *words);
    if (words == NULL) { return; }
    int n = 0;
    for (int i = 0; i < levels->n; i++) {
        const wp_node *item = levels->items[i];
        bool good = item->kind == WP_NODE_SCALAR && wp_level_check(r, item);
        if (item->kind != WP_NODE_SCALAR) { wp_report_error(r, item, "a level is one word or number"); }
        for (int k = 0; good && k < n; k++) {
            if (strcmp(words[k], item->text) == 0) {
                wp_report_error(r, item, "level '%s' is given twice", item->text);
                good = false;
            }
        }
        if (good) { words[n++] = wp_reader_keep(r, item->text); }
    }
    v->levels = words;
    v->n_levels = n;
}

static void fill_variables(wp_reader *r, const found_list *list)
{
    wp_names *names = r->names;
    names->variables = wp_reader_alloc(r, (size_t)list->n, sizeof *names->variables);
    names->time_at_start_given = wp_reader_scratch(r, (size_t)list->n, sizeof *names->time_at_start_given);
    if (names->variables == NULL) { return; }
    for (int i = 0; i < list->n; i++) {
        const found *f = &list->list[i];
        wp_variable *v = &names->variables[i];
        *v = (wp_variable){.name = f->text,
                           .of = f->of,
                           .kind = (wp_variable_kind)f->role,
                           .intervention = -1,
                           .pos = f->key->pos};
        if (v->kind == WP_STATUS) {
            v->levels = STATUS_LEVELS;
            v->n_levels = 4;
        } else {
            collect_levels(r, v, f);
        }
    }
    r->scenario->n_variables = list->n;
    r->scenario->variables = names->variables;
}

static wp_subject_kind subject_of(wp_reader *r, const wp_node *map, const char *what, bool couple)
{
    static const char *const NAMES[] = {"person", "household", "couple"};
    if (map == NULL || map->kind != WP_NODE_MAP) { return WP_PERSON; }
    const wp_node *of = wp_node_need(r, map, what, "of");
    if (of == NULL) { return WP_PERSON; }
    for (int i = 0; i < (couple ? 3 : 2); i++) {
        if (wp_node_is(of, NAMES[i])) { return (wp_subject_kind)i; }
    }
    wp_report_error(r, of, "'of' is '%s'; it must be person%s%s", of->text, couple ? ", household or couple" :
                    " or household", wp_report_nearest(r, of->text, NAMES, couple ? 3 : 2));
    return WP_PERSON;
}

static void split_attributes(wp_reader *r, const wp_node *section, wp_subject_kind of, found_list *variables,
                             found_list *multipliers)
{
    found_list all = {0};
    add_section(r, &all, section, "an attribute", of, WP_ATTRIBUTE);
    for (int i = 0; i < all.n; i++) {
        bool multiplier = wp_node_get(all.list[i].node, "multiplier") != NULL;
        if (multiplier && wp_node_get(all.list[i].node, "levels") != NULL) {
            wp_report_error(r, all.list[i].key,
                            "attribute '%s' has both 'levels' and 'multiplier'; it is one or "
                            "the other",
                            all.list[i].text);
        }
        add(r, multiplier ? multipliers : variables, all.list[i]);
    }
}

static void fill_multipliers(wp_reader *r, const found_list *list)
{
    wp_names *names = r->names;
    names->multipliers = wp_reader_alloc(r, (size_t)list->n, sizeof *names->multipliers);
    if (names->multipliers == NULL) { return; }
    for (int i = 0; i < list->n; i++) {
        const found *f = &list->list[i];
        names->multipliers[i] = (wp_multiplier){.name = f->text, .of = f->of, .pos = f->key->pos};
    }
    r->scenario->n_multipliers = list->n;
    r->scenario->multipliers = names->multipliers;
}

static void collect_people(wp_reader *r, found_list *interventions, const found_list *indicators)
{
    found_list variables = {0};
    found_list multipliers = {0};
    static const char *const SUBJECTS[] = {"person", "household"};
    for (int of = 0; of < 2; of++) {
        const wp_node *map = wp_node_get(r->root, SUBJECTS[of]);
        split_attributes(r, wp_node_get(map, "attributes"), (wp_subject_kind)of, &variables, &multipliers);
        add_section(r, &variables, wp_node_get(map, "states"), "a state", (wp_subject_kind)of, WP_STATE);
    }
    const found_list *lists[] = {&variables, &multipliers, interventions, indicators};
    static const char *const TITLES[] = {"attribute or state", "multiplier", "intervention", "indicator"};
    check_apart(r, lists, TITLES, 4);
    for (int i = 0; i < interventions->n; i++) {
        found status = interventions->list[i];
        status.role = WP_STATUS;
        add(r, &variables, status);
    }
    sort(&variables, by_subject);
    sort(&multipliers, by_subject);
    fill_variables(r, &variables);
    fill_multipliers(r, &multipliers);
    if (r->status != WP_OK) { return; }
    publish(r, WP_NAME_VARIABLE, &variables);
    publish(r, WP_NAME_MULTIPLIER, &multipliers);
}

/* ---- Processes and events ------------------------------------------------------------------- */

/* Looks for `birth`, `join` and `ask` below a node. */
static void scan_effects(wp_reader *r, const wp_node *node, wp_subject_kind of, bool *asks)
{
    wp_names *names = r->names;
    if (node->kind == WP_NODE_LIST) {
        for (int i = 0; i < node->n; i++) { scan_effects(r, node->items[i], of, asks); }
    }
    if (node->kind != WP_NODE_MAP) { return; }
    for (int i = 0; i < node->n; i++) {
        const char *key = node->pairs[i].key->text;
        const wp_node *value = node->pairs[i].value;
        names->has_births = names->has_births || strcmp(key, "birth") == 0;
        names->has_joins = names->has_joins || strcmp(key, "join") == 0;
        names->has_leavers = names->has_leavers || strcmp(key, "separate") == 0 ||
                             wp_node_is(value, "new_household");
        if (strcmp(key, "ask") == 0) {
            *asks = true;
            const wp_node *pool = wp_node_get(value, "pool");
            int index = pool == NULL ? -1 : wp_names_find(r, WP_NAME_POOL, pool->text);
            if (index >= 0 && names->pool_of[index] == WP_N_SUBJECT_KINDS) { names->pool_of[index] = of; }
        }
        scan_effects(r, value, of, asks);
    }
}

/* The answers of one process: names and events are filled in, sorted by name (`levels_of`: by level). */
static void collect_options(wp_reader *r, int p)
{
    wp_names *names = r->names;
    wp_process *process = &names->processes[p];
    const wp_node *choose = wp_node_get(names->nodes[WP_NAME_PROCESS][p], "choose");
    process->levels_of = -1;
    if (choose == NULL || choose->kind != WP_NODE_MAP) { return; }
    found_list options = {0};
    const wp_node *levels_of = wp_node_get(choose, "levels_of");
    if (levels_of != NULL) {
        process->levels_of = wp_names_need(r, levels_of, WP_NAME_VARIABLE, levels_of->text);
        if (process->levels_of < 0) { return; }
        const wp_variable *v = &names->variables[process->levels_of];
        for (int i = 0; i < v->n_levels; i++) {
            add(r, &options, (found){.text = v->levels[i], .key = levels_of, .node = NULL});
        }
    } else {
        add_section(r, &options, choose, "an answer", process->of, ANSWER);
        if (options.n > WP_MAX_LEVELS) {
            wp_report_error(r, choose, "more than %d answers", WP_MAX_LEVELS);
            options.n = WP_MAX_LEVELS;
        }
        sort(&options, by_text);
    }
    wp_option *list = wp_reader_alloc(r, (size_t)options.n, sizeof *list);
    const wp_node **nodes = wp_reader_scratch(r, (size_t)options.n, sizeof *nodes);
    if (list == NULL || nodes == NULL) { return; }
    for (int i = 0; i < options.n; i++) {
        list[i] = (wp_option){.name = options.list[i].text, .event = -1, .pos = options.list[i].key->pos};
        nodes[i] = options.list[i].node;
    }
    names->option_factors[p] = wp_reader_scratch(r, (size_t)options.n, sizeof *names->option_factors[p]);
    names->options[p] = list;
    names->option_nodes[p] = nodes;
    process->options = list;
    process->n_options = options.n;
}

static void collect_processes(wp_reader *r, found_list *list)
{
    wp_names *names = r->names;
    size_t n = (size_t)list->n;
    sort(list, by_text);
    publish(r, WP_NAME_PROCESS, list);
    names->processes = wp_reader_alloc(r, n, sizeof *names->processes);
    names->options = wp_reader_scratch(r, n, sizeof *names->options);
    names->option_nodes = wp_reader_scratch(r, n, sizeof *names->option_nodes);
    names->process_factors = wp_reader_scratch(r, n, sizeof *names->process_factors);
    names->option_factors = wp_reader_scratch(r, n, sizeof *names->option_factors);
    bool *asks = wp_reader_scratch(r, n, sizeof *asks);
    if (r->status != WP_OK) { return; }
    for (int i = 0; i < list->n; i++) {
        const found *f = &list->list[i];
        wp_process *p = &names->processes[i];
        *p = (wp_process){.name = f->text, .event = -1, .levels_of = -1, .pos = f->key->pos};
        p->of = subject_of(r, f->node, "a process", true);
        collect_options(r, i);
        scan_effects(r, f->node, p->of, &asks[i]);
    }
    names->asks = asks;
    r->scenario->n_processes = list->n;
    r->scenario->processes = names->processes;
}

static void add_event(wp_reader *r, found_list *events, const char *owner_name, const char *part, found like)
{
    like.text = part == NULL ? owner_name : wp_reader_format(r, "%s.%s", owner_name, part);
    add(r, events, like);
}

static void collect_events(wp_reader *r, const found_list *processes, const found_list *interventions)
{
    static const char *const OF_INTERVENTION[] = {"offer", "start", "end", "refused", "gave_up"};
    wp_names *names = r->names;
    found_list events = {0};
    for (int p = 0; p < processes->n; p++) {
        const wp_process *process = &names->processes[p];
        found like = {.key = processes->list[p].key, .of = process->of, .role = -1, .owner = p};
        add_event(r, &events, process->name, NULL, like);
        for (int i = 0; i < process->n_options; i++) {
            like.role = i;
            add_event(r, &events, process->name, process->options[i].name, like);
        }
        like.role = -2;
        if (names->asks[p]) {
            add_event(r, &events, process->name, "granted", like);
            add_event(r, &events, process->name, "refused", like);
        }
    }
    for (int k = 0; k < interventions->n; k++) {
        found like = {.key = interventions->list[k].key,
                      .of = interventions->list[k].of,
                      .role = -1,
                      .owner = k,
                      .of_intervention = true};
        for (int i = 0; i < 5; i++) {
            add_event(r, &events, interventions->list[k].text, OF_INTERVENTION[i], like);
        }
    }
    sort(&events, by_text);
    found_list all = {0};
    for (int i = 0; i < WP_N_BUILTIN_EVENTS; i++) {
        add(r, &all, (found){.text = BUILTIN_EVENTS[i], .of = BUILTIN_OF[i], .role = -1, .owner = -1});
    }
    for (int i = 0; i < events.n; i++) {
        if (i > 0 && strcmp(events.list[i].text, events.list[i - 1].text) == 0) {
            wp_report_error(r, events.list[i].key,
                            "the event '%s' would have two meanings; choose another name",
                            events.list[i].text);
        }
        add(r, &all, events.list[i]);
    }
    names->events = wp_reader_alloc(r, (size_t)all.n, sizeof *names->events);
    if (names->events == NULL) { return; }
    for (int i = 0; i < all.n; i++) {
        const found *f = &all.list[i];
        bool process = f->owner >= 0 && !f->of_intervention;
        names->events[i] = (wp_event){.name = f->text, .of = f->of, .process = process ? f->owner : -1,
                                      .option = process && f->role >= 0 ? f->role : -1,
                                      .intervention = f->of_intervention ? f->owner : -1};
        if (process && f->role == -1) { names->processes[f->owner].event = i; }
        if (process && f->role >= 0) { names->options[f->owner][f->role].event = i; }
    }
    r->scenario->n_events = all.n;
    r->scenario->events = names->events;
    publish(r, WP_NAME_EVENT, &all);
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void collect_groups(wp_reader *r)
{
    found_list list = {0};
    add_section(r, &list, wp_node_get(r->root, "groups"), "a group", WP_PERSON, 0);
    sort(&list, by_text);
    publish(r, WP_NAME_GROUP, &list);
    r->names->groups = wp_reader_alloc(r, (size_t)list.n, sizeof *r->names->groups);
    if (r->names->groups == NULL) { return; }
    for (int i = 0; i < list.n; i++) {
        r->names->groups[i] = (wp_group){.name = list.list[i].text, .pos = list.list[i].key->pos};
    }
    r->scenario->n_groups = list.n;
    r->scenario->groups = r->names->groups;
}

static void collect_parameters(wp_reader *r)
{
    found_list list = {0};
    add_section(r, &list, wp_node_get(r->root, "parameters"), "a parameter", WP_PERSON, 0);
    sort(&list, by_text);
    publish(r, WP_NAME_PARAMETER, &list);
    r->names->parameters = wp_reader_alloc(r, (size_t)list.n, sizeof *r->names->parameters);
    if (r->names->parameters == NULL) { return; }
    for (int i = 0; i < list.n; i++) {
        r->names->parameters[i] = (wp_parameter){.name = list.list[i].text, .pos = list.list[i].key->pos};
    }
    r->scenario->n_parameters = list.n;
    r->scenario->parameters = r->names->parameters;
}

static void collect_pools(wp_reader *r)
{
    found_list list = {0};
    add_section(r, &list, wp_node_get(r->root, "pools"), "a pool", WP_PERSON, 0);
    sort(&list, by_text);
    publish(r, WP_NAME_POOL, &list);
    r->names->pools = wp_reader_alloc(r, (size_t)list.n, sizeof *r->names->pools);
    r->names->pool_of = wp_reader_scratch(r, (size_t)list.n, sizeof *r->names->pool_of);
    if (r->status != WP_OK) { return; }
    for (int i = 0; i < list.n; i++) {
        r->names->pools[i] = (wp_pool){.name = list.list[i].text, .by = -1, .event_granted = -1,
                                       .event_refused = -1, .pos = list.list[i].key->pos};
        r->names->pool_of[i] = WP_N_SUBJECT_KINDS;
    }
    r->scenario->n_pools = list.n;
    r->scenario->pools = r->names->pools;
}

static void collect_indicators(wp_reader *r, found_list *list)
{
    add_section(r, list, wp_node_get(r->root, "indicators"), "an indicator", WP_PERSON, 0);
    sort(list, by_text);
    publish(r, WP_NAME_INDICATOR, list);
    r->names->indicators = wp_reader_alloc(r, (size_t)list->n, sizeof *r->names->indicators);
    if (r->names->indicators == NULL) { return; }
    for (int i = 0; i < list->n; i++) {
        r->names->indicators[i] = (wp_indicator){.name = list->list[i].text, .by = -1,
                                                 .pos = list->list[i].key->pos};
    }
    r->scenario->n_indicators = list->n;
    r->scenario->indicators = r->names->indicators;
}

static void collect_interventions(wp_reader *r, found_list *list)
{
    add_section(r, list, wp_node_get(r->root, "interventions"), "an intervention", WP_PERSON, 0);
    if (list->n > WP_MAX_INTERVENTIONS) {
        wp_report_error(r, list->list[WP_MAX_INTERVENTIONS].key, "more than %d interventions",
                        WP_MAX_INTERVENTIONS);
        list->n = WP_MAX_INTERVENTIONS;
    }
    sort(list, by_text);
    publish(r, WP_NAME_INTERVENTION, list);
    r->names->interventions = wp_reader_alloc(r, (size_t)list->n, sizeof *r->names->interventions);
    if (r->names->interventions == NULL) { return; }
    for (int i = 0; i < list->n; i++) {
        found *f = &list->list[i];
        f->of = subject_of(r, f->node, "an intervention", false);
        r->names->interventions[i] = (wp_intervention){.name = f->text, .of = f->of, .pos = f->key->pos};
    }
    r->scenario->n_interventions = list->n;
    r->scenario->interventions = r->names->interventions;
}

/* What an intervention's index in each table is, once all are sorted. */
static void link_interventions(wp_reader *r)
{
    wp_names *names = r->names;
    for (int i = 0; i < names->n[WP_NAME_INTERVENTION]; i++) {
        wp_intervention *x = &names->interventions[i];
        x->status = wp_names_find(r, WP_NAME_VARIABLE, x->name);
        if (x->status >= 0 && names->variables[x->status].kind == WP_STATUS) {
            names->variables[x->status].intervention = i;
        }
        x->event_offer = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.offer", x->name));
        x->event_start = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.start", x->name));
        x->event_end = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.end", x->name));
        x->event_refused = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.refused", x->name));
        x->event_gave_up = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.gave_up", x->name));
    }
}

void wp_names_collect(wp_reader *r)
{
    r->names = wp_reader_scratch(r, 1, sizeof *r->names);
    if (r->names == NULL) { return; }
    r->names->context = "this";
    found_list interventions = {0};
    found_list indicators = {0};
    found_list processes = {0};
    collect_indicators(r, &indicators);
    collect_interventions(r, &interventions);
    if (r->status == WP_OK) { collect_people(r, &interventions, &indicators); }
    if (r->status == WP_OK) { collect_groups(r); }
    if (r->status == WP_OK) { collect_parameters(r); }
    if (r->status == WP_OK) { collect_pools(r); }
    if (r->status != WP_OK) { return; }
    add_section(r, &processes, wp_node_get(r->root, "processes"), "a process", WP_PERSON, 0);
    for (int i = 0; i < processes.n; i++) {
        for (int k = 0; k < WP_N_BUILTIN_EVENTS; k++) {
            if (strcmp(processes.list[i].text, BUILTIN_EVENTS[k]) == 0) {
                wp_report_error(r, processes.list[i].key,
                                "'%s' is a built-in event; choose another name for this "
                                "process",
                                processes.list[i].text);
            }
        }
    }
    collect_processes(r, &processes);
    for (int i = 0; r->status == WP_OK && i < interventions.n; i++) {
        bool asks = false;
        scan_effects(r, interventions.list[i].node, interventions.list[i].of, &asks);
    }
    if (r->status == WP_OK) { collect_events(r, &processes, &interventions); }
    if (r->status == WP_OK) { link_interventions(r); }
}
