/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From YAML's events to nodes with positions. Events rather than libyaml's documents: depth and number of
   nodes can then be bounded while the text is parsed, before hostile nesting costs anything. */
#include "scenario/document.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/alloc.h"
#include "scenario/reader.h"

enum { MAX_DEPTH = 64, MAX_NODES = 200000, MAX_ANCHORS = 4096 };

typedef struct anchor {
    const char *name;
    const wp_node *node; /* NULL while it is being read */
} anchor;

typedef struct parse {
    wp_reader *r;
    int file;
    yaml_parser_t parser;
    yaml_event_t event; /* the present one */
    bool has_event, failed;
    int n_nodes, n_anchors;
    anchor *anchors;
} parse;

/* Things of a map or list that grows. */
typedef struct growing {
    const wp_node **items;
    size_t n, capacity;
} growing;

/* ---- Looking at nodes ---------------------------------------------------------------------- */

const wp_pair *wp_node_pair(const wp_node *map, const char *key)
{
    if (map == NULL || map->kind != WP_NODE_MAP) { return NULL; }
    for (int i = 0; i < map->n; i++) {
        if (strcmp(map->pairs[i].key->text, key) == 0) { return &map->pairs[i]; }
    }
    return NULL;
}

const wp_node *wp_node_get(const wp_node *map, const char *key)
{
    const wp_pair *pair = wp_node_pair(map, key);
    return pair != NULL ? pair->value : NULL;
}

bool wp_node_is(const wp_node *node, const char *text)
{
    return node != NULL && node->kind == WP_NODE_SCALAR && strcmp(node->text, text) == 0;
}

int wp_node_count(const wp_node *node)
{
    if (node == NULL) { return 0; }
    return node->kind == WP_NODE_LIST ? node->n : 1;
}

const wp_node *wp_node_at(const wp_node *node, int i)
{
    return node->kind == WP_NODE_LIST ? node->items[i] : node;
}

bool wp_node_check_keys(wp_reader *r, const wp_node *map, const char *what, const char *const *allowed)
{
    if (map == NULL) { return false; }
    if (map->kind != WP_NODE_MAP) {
        wp_report_error(r, map, "%s must be a mapping, 'key: value'", what);
        return false;
    }
    int n = 0;
    while (allowed[n] != NULL) { n++; }
    for (int i = 0; i < map->n; i++) {
        const wp_node *key = map->pairs[i].key;
        int k = 0;
        while (k < n && strcmp(allowed[k], key->text) != 0) { k++; }
        if (k < n) { continue; }
        const char *nearest = wp_report_nearest(r, key->text, allowed, n);
        wp_report_error(r, key, "unknown name '%s' in %s%s", key->text, what, nearest);
        if (nearest[0] == '\0' && n > 0) {
            char list[400];
            size_t used = 0;
            for (k = 0; k < n && used + strlen(allowed[k]) + 3 < sizeof list; k++) {
                if (k > 0) { list[used++] = ','; list[used++] = ' '; }
                memcpy(list + used, allowed[k], strlen(allowed[k]));
                used += strlen(allowed[k]);
            }
            list[used] = '\0';
            wp_report_hint(r, "known here: %s", list);
        }
    }
    return true;
}

const wp_node *wp_node_need(wp_reader *r, const wp_node *map, const char *what, const char *key)
{
    const wp_node *value = wp_node_get(map, key);
    if (value == NULL && map != NULL) { wp_report_error(r, map, "'%s' is missing in %s", key, what); }
    return value;
}

/* ---- Parsing ------------------------------------------------------------------------------- */

static wp_pos pos_of(const parse *p, yaml_mark_t mark)
{
    return (wp_pos){.file = p->file, .line = (int32_t)mark.line + 1, .column = (int32_t)mark.column + 1};
}

static void fail_at(parse *p, wp_pos pos, const char *text)
{
    if (!p->failed) { wp_report_error_at(p->r, pos, 1, "%s", text); }
    p->failed = true;
}

static void fail_in_yaml(parse *p)
{
    const yaml_parser_t *y = &p->parser;
    if (y->error == YAML_MEMORY_ERROR) {
        p->r->status = wp_fail(p->r->err, WP_ERR_MEMORY, "not enough memory to parse a scenario");
        p->failed = true;
        return;
    }
    const char *problem = y->problem != NULL ? y->problem : "cannot be read";
    yaml_mark_t mark = y->error == YAML_READER_ERROR ? y->mark : y->problem_mark;
    if (!p->failed) {
        wp_report_error_at(p->r, pos_of(p, mark), 1, "this is not YAML: %s%s%s", problem,
                           y->context != NULL ? " " : "", y->context != NULL ? y->context : "");
        if (strstr(problem, "cannot start any token") != NULL) {
            wp_report_hint(p->r, "indent with spaces, and put quotes around texts with tabs, @ or `");
        } else if (strstr(problem, "mapping values are not allowed") != NULL) {
            wp_report_hint(p->r, "put quotes around a text that has ': ' in it");
        }
    }
    p->failed = true;
}

/* Moves on to the next event; false when there is none. */
static bool next_event(parse *p)
{
    if (p->has_event) { yaml_event_delete(&p->event); }
    p->has_event = false;
    if (p->failed) { return false; }
    if (!yaml_parser_parse(&p->parser, &p->event)) {
        fail_in_yaml(p);
        return false;
    }
    p->has_event = true;
    return true;
}

static wp_node *node_new(parse *p, wp_node_kind kind)
{
    if (++p->n_nodes > MAX_NODES) {
        fail_at(p, pos_of(p, p->event.start_mark), "this file has more than 200,000 values");
        return NULL;
    }
    wp_node *node = wp_reader_scratch(p->r, 1, sizeof *node);
    if (node == NULL) {
        p->failed = true;
        return NULL;
    }
    node->kind = kind;
    node->pos = pos_of(p, p->event.start_mark);
    node->width = 1;
    node->text = "";
    return node;
}

/* Gives the anchor a place; -1 when there is no anchor. */
static int anchor_open(parse *p, const yaml_char_t *name)
{
    if (name == NULL) { return -1; }
    if (p->n_anchors == MAX_ANCHORS) {
        fail_at(p, pos_of(p, p->event.start_mark), "this file has more than 4,096 anchors (&name)");
        return -1;
    }
    if (p->anchors == NULL) {
        p->anchors = wp_reader_scratch(p->r, MAX_ANCHORS, sizeof *p->anchors);
    }
    char *copy = p->anchors != NULL ? wp_arena_strdup(&p->r->scratch, (const char *)name) : NULL;
    if (copy == NULL) {
        p->r->status = wp_fail(p->r->err, WP_ERR_MEMORY, "not enough memory to parse a scenario");
        p->failed = true;
        return -1;
    }
    p->anchors[p->n_anchors].name = copy;
    return p->n_anchors++;
}

static void anchor_close(parse *p, int index, const wp_node *node)
{
    if (index >= 0) { p->anchors[index].node = node; }
}

static const wp_node *read_alias(parse *p)
{
    const char *name = (const char *)p->event.data.alias.anchor;
    wp_pos pos = pos_of(p, p->event.start_mark);
    for (int i = p->n_anchors - 1; i >= 0; i--) {
        if (strcmp(p->anchors[i].name, name) != 0) { continue; }
        if (p->anchors[i].node == NULL) { fail_at(p, pos, "this alias (*) is inside what it stands for"); }
        return p->anchors[i].node;
    }
    if (!p->failed) {
        wp_report_error_at(p->r, pos, 1, "the alias '*%s' has no anchor '&%s' above it", name, name);
    }
    p->failed = true;
    return NULL;
}

static void refuse_tag(parse *p, const yaml_char_t *tag)
{
    if (tag == NULL) { return; }
    wp_report_error_at(p->r, pos_of(p, p->event.start_mark), 1, "tags such as '%s' have no meaning here",
                       (const char *)tag);
    wp_report_hint(p->r, "put quotes around a text, and write numbers without");
}

static const wp_node *read_scalar(parse *p)
{
    refuse_tag(p, p->event.data.scalar.tag);
    wp_node *node = node_new(p, WP_NODE_SCALAR);
    if (node == NULL) { return NULL; }
    int index = anchor_open(p, p->event.data.scalar.anchor);
    const char *text = (const char *)p->event.data.scalar.value;
    size_t length = p->event.data.scalar.length;
    if (memchr(text, '\0', length) != NULL) {
        wp_report_error_at(p->r, node->pos, 1, "a zero byte cannot stand in a text");
    }
    node->text = wp_arena_strndup(&p->r->scratch, text, length);
    if (node->text == NULL) {
        p->r->status = wp_fail(p->r->err, WP_ERR_MEMORY, "not enough memory to parse a scenario");
        p->failed = true;
        return NULL;
    }
    node->quoted = p->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    yaml_mark_t start = p->event.start_mark;
    yaml_mark_t end = p->event.end_mark;
    if (end.line == start.line && end.column > start.column) {
        node->width = (int)(end.column - start.column);
    }
    anchor_close(p, index, node);
    return node;
}

static const wp_node *read_node(parse *p, int depth);

static bool push(parse *p, growing *g, const wp_node *node)
{
    if (!wp_array_reserve(&g->items, &g->capacity, g->n + 1, sizeof g->items[0])) {
        p->r->status = wp_fail(p->r->err, WP_ERR_MEMORY, "not enough memory to parse a scenario");
        p->failed = true;
        return false;
    }
    g->items[g->n++] = node;
    return true;
}

static const wp_node *read_list(parse *p, int depth)
{
    refuse_tag(p, p->event.data.sequence_start.tag);
    growing items = {0};
    wp_node *node = node_new(p, WP_NODE_LIST);
    if (node == NULL) { return NULL; }
    int index = anchor_open(p, p->event.data.sequence_start.anchor);
    while (next_event(p) && p->event.type != YAML_SEQUENCE_END_EVENT) {
        const wp_node *item = read_node(p, depth + 1);
        if (item == NULL || !push(p, &items, item)) { break; }
    }
    const wp_node **kept = p->failed ? NULL : wp_reader_scratch(p->r, items.n, sizeof *kept);
    if (kept != NULL) {
        if (items.n > 0) { memcpy(kept, items.items, items.n * sizeof *kept); }
        node->items = kept;
        node->n = (int)items.n;
    }
    free(items.items);
    anchor_close(p, index, node);
    return kept != NULL ? node : NULL;
}

static int by_text(const void *left, const void *right)
{
    const wp_node *a = ((const wp_pair *)left)->key;
    const wp_node *b = ((const wp_pair *)right)->key;
    int order = strcmp(a->text, b->text);
    if (order != 0) { return order; }
    if (a->pos.line != b->pos.line) { return a->pos.line < b->pos.line ? -1 : 1; }
    return a->pos.column < b->pos.column ? -1 : a->pos.column > b->pos.column;
}

/* Reports keys given twice; the first of them holds. `sorted` is room for n pairs. Gives the number of
   pairs left, in the file's order. */
static size_t drop_repeated(parse *p, wp_pair *pairs, size_t n, wp_pair *sorted)
{
    memcpy(sorted, pairs, n * sizeof *pairs);
    qsort(sorted, n, sizeof *sorted, by_text);
    bool any = false;
    for (size_t i = 1; i < n; i++) {
        const wp_node *key = sorted[i].key;
        if (strcmp(key->text, sorted[i - 1].key->text) != 0 || strcmp(key->text, "<<") == 0) { continue; }
        size_t first = i - 1;
        while (first > 0 && strcmp(sorted[first - 1].key->text, key->text) == 0) { first--; }
        wp_report_error(p->r, key, "'%s' was already given on line %d", key->text,
                        (int)sorted[first].key->pos.line);
        any = true;
    }
    if (!any) { return n; }
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        const wp_pair *first = bsearch(&pairs[i], sorted, n, sizeof *sorted, by_text);
        while (first > sorted && strcmp(first[-1].key->text, pairs[i].key->text) == 0) { first--; }
        if (first->key == pairs[i].key || strcmp(pairs[i].key->text, "<<") == 0) { pairs[left++] = pairs[i]; }
    }
    return left;
}

/* The number of pairs that `<<: value` may bring; reports what is no map. */
static size_t count_merged(parse *p, const wp_node *value)
{
    size_t n = 0;
    for (int i = 0; i < wp_node_count(value); i++) {
        const wp_node *map = wp_node_at(value, i);
        if (map->kind != WP_NODE_MAP) {
            wp_report_error(p->r, map, "'<<' takes a mapping, or a list of mappings");
        } else {
            n += (size_t)map->n;
        }
    }
    return n;
}

/* Adds the pairs of one merged map that are not there yet (YAML's merge keys: what the map itself says
   holds, then the first of the merged). */
static size_t add_merged(const wp_node *map, wp_pair *pairs, size_t n)
{
    if (map->kind != WP_NODE_MAP) { return n; }
    for (int i = 0; i < map->n; i++) {
        size_t k = 0;
        while (k < n && strcmp(pairs[k].key->text, map->pairs[i].key->text) != 0) { k++; }
        if (k == n) { pairs[n++] = map->pairs[i]; }
    }
    return n;
}

/* Turns keys and values in turn into the node's pairs, with `<<` merged. */
static bool finish_map(parse *p, wp_node *node, const growing *items)
{
    size_t n = items->n / 2;
    size_t n_merged = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(items->items[2 * i]->text, "<<") == 0 && !items->items[2 * i]->quoted) {
            n_merged += count_merged(p, items->items[2 * i + 1]);
        }
    }
    p->n_nodes += (int)(n_merged < MAX_NODES ? n_merged : MAX_NODES);
    if (n_merged > 4096 || p->n_nodes > MAX_NODES) {
        fail_at(p, node->pos, "merge keys (<<) bring too many pairs");
        return false;
    }
    wp_pair *pairs = wp_reader_scratch(p->r, n + n_merged, sizeof *pairs);
    wp_pair *sorted = wp_reader_scratch(p->r, n, sizeof *sorted);
    if (pairs == NULL || sorted == NULL) {
        p->failed = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        pairs[i] = (wp_pair){.key = items->items[2 * i], .value = items->items[2 * i + 1]};
    }
    n = drop_repeated(p, pairs, n, sorted);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(pairs[i].key->text, "<<") != 0 || pairs[i].key->quoted) { pairs[kept++] = pairs[i]; }
    }
    for (size_t i = 0; n_merged > 0 && i < items->n / 2; i++) {
        const wp_node *key = items->items[2 * i];
        if (strcmp(key->text, "<<") != 0 || key->quoted) { continue; }
        const wp_node *value = items->items[2 * i + 1];
        for (int k = 0; k < wp_node_count(value); k++) {
            kept = add_merged(wp_node_at(value, k), pairs, kept);
        }
    }
    node->pairs = pairs;
    node->n = (int)kept;
    return true;
}

static const wp_node *read_key(parse *p, int depth)
{
    const wp_node *key = read_node(p, depth);
    if (key != NULL && key->kind != WP_NODE_SCALAR) {
        fail_at(p, key->pos, "a name was expected before ':'");
        return NULL;
    }
    return key;
}

static const wp_node *read_map(parse *p, int depth)
{
    refuse_tag(p, p->event.data.mapping_start.tag);
    growing items = {0};
    wp_node *node = node_new(p, WP_NODE_MAP);
    if (node == NULL) { return NULL; }
    bool block = p->event.data.mapping_start.style != YAML_FLOW_MAPPING_STYLE;
    int index = anchor_open(p, p->event.data.mapping_start.anchor);
    while (next_event(p) && p->event.type != YAML_MAPPING_END_EVENT) {
        const wp_node *key = read_key(p, depth + 1);
        if (key == NULL || !push(p, &items, key) || !next_event(p)) { break; }
        const wp_node *value = read_node(p, depth + 1);
        if (value == NULL || !push(p, &items, value)) { break; }
    }
    bool done = !p->failed && finish_map(p, node, &items);
    if (done && block && node->n > 0 && items.items[0]->pos.line == node->pos.line) {
        node->width = items.items[0]->width;
    }
    free(items.items);
    anchor_close(p, index, node);
    return done ? node : NULL;
}

static const wp_node *read_node(parse *p, int depth)
{
    if (depth > MAX_DEPTH) {
        fail_at(p, pos_of(p, p->event.start_mark), "values are nested more than 64 deep");
        return NULL;
    }
    switch (p->event.type) {
    case YAML_ALIAS_EVENT: return read_alias(p);
    case YAML_SCALAR_EVENT: return read_scalar(p);
    case YAML_SEQUENCE_START_EVENT: return read_list(p, depth);
    case YAML_MAPPING_START_EVENT: return read_map(p, depth);
    default: fail_at(p, pos_of(p, p->event.start_mark), "a value was expected"); return NULL;
    }
}

typedef enum walk_end { WALK_DONE, WALK_TOO_LONG, WALK_TOO_DEEP } walk_end;

/* Walks the tree as its readers will, aliases followed, and stops at the limits. */
static walk_end walk(const wp_node *node, int depth, int *n_met)
{
    if (depth > MAX_DEPTH) { return WALK_TOO_DEEP; }
    *n_met += node->kind == WP_NODE_MAP ? node->n + 1 : 1;
    if (*n_met > MAX_NODES) { return WALK_TOO_LONG; }
    walk_end end = WALK_DONE;
    for (int i = 0; i < node->n && end == WALK_DONE; i++) {
        end = walk(node->kind == WP_NODE_MAP ? node->pairs[i].value : node->items[i], depth + 1, n_met);
    }
    return end;
}

static void check_walk(parse *p, const wp_node *root)
{
    int n_met = 0;
    walk_end end = walk(root, 0, &n_met);
    if (end == WALK_TOO_LONG) {
        fail_at(p, root->pos, "with its aliases followed this file has more than 200,000 values");
    } else if (end == WALK_TOO_DEEP) {
        fail_at(p, root->pos, "with its aliases followed this file is nested more than 64 deep");
    }
}

static const wp_node *read_document(parse *p)
{
    const wp_node *root = NULL;
    if (!next_event(p) || !next_event(p)) { return NULL; } /* start of the stream, of a document */
    if (p->event.type == YAML_STREAM_END_EVENT) {
        fail_at(p, (wp_pos){.file = p->file}, "this file is empty");
        return NULL;
    }
    if (!next_event(p)) { return NULL; }
    root = read_node(p, 0);
    if (root == NULL) { return NULL; }
    if (!next_event(p) || !next_event(p)) { return NULL; } /* end of the document */
    if (p->event.type != YAML_STREAM_END_EVENT) {
        fail_at(p, pos_of(p, p->event.start_mark),
                "a scenario file is one document: remove what is below '---'");
    }
    return root;
}

const wp_node *wp_document_parse(wp_reader *r, int file, const char *text, size_t size)
{
    parse p = {.r = r, .file = file};
    if (!yaml_parser_initialize(&p.parser)) {
        r->status = wp_fail(r->err, WP_ERR_MEMORY, "not enough memory to parse a scenario");
        return NULL;
    }
    yaml_parser_set_encoding(&p.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.parser, (const unsigned char *)text, size);
    const wp_node *root = read_document(&p);
    if (root != NULL && !p.failed) { check_walk(&p, root); }
    if (p.has_event) { yaml_event_delete(&p.event); }
    yaml_parser_delete(&p.parser);
    return p.failed ? NULL : root;
}
