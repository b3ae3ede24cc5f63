/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files as one: `use` depth first, sections joined by name, `replace` by dotted path. */
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"
#include "scenario/source.h"

typedef enum section_kind {
    SECTION_OF_FILE, /* each file's own */
    SECTION_SINGLE,  /* in one file only */
    SECTION_NAMES,   /* joined; a name stands in one file */
    SECTION_NESTED,  /* attributes and states, each joined */
    SECTION_ADDED    /* one map a file */
} section_kind;

typedef struct section {
    const char *name;
    section_kind kind;
    const char *one; /* what an entry is called */
} section;

static const section sections[] = {
    {"wholeplace", SECTION_OF_FILE, ""},
    {"title", SECTION_OF_FILE, ""},
    {"about", SECTION_OF_FILE, ""},
    {"use", SECTION_OF_FILE, ""},
    {"replace", SECTION_OF_FILE, ""},
    {"clock", SECTION_SINGLE, ""},
    {"runs", SECTION_SINGLE, ""},
    {"place", SECTION_SINGLE, ""},
    {"population", SECTION_SINGLE, ""},
    {"arms", SECTION_SINGLE, ""},
    {"targets", SECTION_SINGLE, ""},
    {"report", SECTION_SINGLE, ""},
    {"sweep", SECTION_SINGLE, ""},
    {"arrivals", SECTION_NAMES, "stream of arrivals"},
    {"person", SECTION_NESTED, ""},
    {"household", SECTION_NESTED, ""},
    {"groups", SECTION_NAMES, "group"},
    {"parameters", SECTION_NAMES, "parameter"},
    {"processes", SECTION_NAMES, "process"},
    {"changes", SECTION_ADDED, ""},
    {"pools", SECTION_NAMES, "pool"},
    {"indicators", SECTION_NAMES, "indicator"},
    {"interventions", SECTION_NAMES, "intervention"},
    {"outcomes", SECTION_NAMES, "outcome"},
    {"unit_values", SECTION_NAMES, "unit value"},
    {"money", SECTION_NAMES, "entry of money"},
    {"published", SECTION_NAMES, "published figure"},
    {"align", SECTION_NAMES, "alignment"},
};

enum { N_SECTIONS = sizeof sections / sizeof sections[0] };

typedef struct joining {
    wp_reader *r;
    int n;                                    /* files in the order in which their content is added */
    const wp_node *roots[WP_MAX_SCENARIO_FILES];
    const char *names[N_SECTIONS + 1];
} joining;

typedef struct replacement {
    const wp_node *key;
    const wp_node *value;
} replacement;

/* ---- Loading ------------------------------------------------------------------------------- */

static void check_file(joining *j, int file, const wp_node *root)
{
    const wp_node *version = wp_node_get(root, "wholeplace");
    if (!wp_node_check_keys(j->r, root, "a scenario file", j->names)) { return; }
    if (version == NULL) {
        wp_report_error_at(j->r, (wp_pos){.file = file, .line = 1, .column = 1}, 1,
                           "'wholeplace: 1', the version of the language, is missing");
    } else if (!wp_node_is(version, "1")) {
        wp_report_error(j->r, version, "this program reads version 1 of the language");
    }
    if (wp_node_get(root, "title") == NULL) {
        wp_report_error_at(j->r, (wp_pos){.file = file, .line = 1, .column = 1}, 1, "'title' is missing");
    }
}

static const wp_node *load(joining *j, int file)
{
    wp_reader *r = j->r;
    const wp_source_file *source = &r->scenario->files[file];
    const wp_node *root = wp_document_parse(r, file, source->text, (size_t)source->size);
    if (root == NULL || root->kind != WP_NODE_MAP) { r->is_incomplete = true; }
    if (root == NULL || r->status != WP_OK) { return NULL; }
    check_file(j, file, root);
    if (root->kind != WP_NODE_MAP) { return NULL; }
    const wp_node *use = wp_node_get(root, "use");
    for (int i = 0; i < wp_node_count(use); i++) {
        bool is_new = false;
        int used = wp_source_open(r, wp_node_at(use, i), WP_SOURCE_YAML, &is_new);
        if (used < 0) { r->is_incomplete = true; }
        if (used >= 0 && is_new) { (void)load(j, used); }
        if (r->status != WP_OK) { return NULL; }
    }
    j->roots[j->n++] = root;
    return root;
}

/* ---- Joining ------------------------------------------------------------------------------- */

/* The value of `name` in one file's map, where it is a map; reports what is none. */
static const wp_node *part(wp_reader *r, const wp_node *map, const char *name)
{
    const wp_pair *pair = wp_node_pair(map, name);
    if (pair == NULL) { return NULL; }
    if (pair->value->kind == WP_NODE_MAP) { return pair->value; }
    wp_report_error(r, pair->value->text[0] == '\0' ? pair->key : pair->value,
                    "'%s' must be a mapping, 'name: …'", name);
    return NULL;
}

static wp_node *map_new(wp_reader *r, const wp_node *like, int n, wp_pair **pairs)
{
    wp_node *map = wp_reader_scratch(r, 1, sizeof *map);
    *pairs = wp_reader_scratch(r, (size_t)n, sizeof **pairs);
    if (map == NULL || *pairs == NULL) { return NULL; }
    *map =
        (wp_node){.kind = WP_NODE_MAP, .pos = like->pos, .width = like->width, .text = "", .pairs = *pairs};
    return map;
}

static void report_twice(wp_reader *r, const char *one, const wp_pair *again, const wp_pair *first)
{
    wp_report_error(r, again->key, "%s '%s' is already in %s", one, again->key->text,
                    wp_report_place(r, first->key->pos));
    if (strcmp(one, "parameter") == 0) {
        wp_report_hint(r, "to change it:  replace: {parameters.%s.value: …}", again->key->text);
    } else {
        wp_report_hint(r, "a name stands in one file; to change it, use 'replace' or 'changes'");
    }
}

static int by_key(const void *left, const void *right)
{
    const wp_pair *const *a = left;
    const wp_pair *const *b = right;
    int order = strcmp((*a)->key->text, (*b)->key->text);
    if (order != 0) { return order; }
    return *a < *b ? -1 : *a > *b; /* both point into one array, in the order of the files */
}

/* Joins maps from several files; a name that stands in two of them is reported, and the first holds. */
static const wp_node *join_maps(wp_reader *r, const wp_node *const *maps, int n_maps, const char *one)
{
    int n = 0;
    for (int i = 0; i < n_maps; i++) { n += maps[i]->n; }
    wp_pair *pairs = NULL;
    if (n_maps == 1) { return maps[0]; }
    wp_node *joined = map_new(r, maps[0], n, &pairs);
    wp_pair *all = wp_reader_scratch(r, (size_t)n, sizeof *all);
    const wp_pair **sorted = wp_reader_scratch(r, (size_t)n, sizeof *sorted);
    if (joined == NULL || all == NULL || sorted == NULL) { return maps[0]; }
    n = 0;
    for (int i = 0; i < n_maps; i++) {
        for (int k = 0; k < maps[i]->n; k++) { all[n++] = maps[i]->pairs[k]; }
    }
    for (int i = 0; i < n; i++) { sorted[i] = &all[i]; }
    qsort(sorted, (size_t)n, sizeof *sorted, by_key);
    for (int i = 1; i < n; i++) {
        if (strcmp(sorted[i]->key->text, sorted[i - 1]->key->text) != 0) { continue; }
        report_twice(r, one, sorted[i], sorted[i - 1]);
        sorted[i] = sorted[i - 1];
    }
    for (int i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) { pairs[joined->n++] = *sorted[i]; }
    }
    return joined;
}

static const wp_node *join_names(joining *j, const char *outer, const char *name, const char *one)
{
    const wp_node *maps[WP_MAX_SCENARIO_FILES];
    int n = 0;
    for (int i = 0; i < j->n; i++) {
        const wp_node *root = j->roots[i];
        if (outer != NULL) {
            root = wp_node_get(root, outer);
            if (root == NULL || root->kind != WP_NODE_MAP) { continue; }
        }
        const wp_node *map = part(j->r, root, name);
        if (map != NULL) { maps[n++] = map; }
    }
    return n > 0 ? join_maps(j->r, maps, n, one) : NULL;
}

static const wp_node *join_nested(joining *j, const char *name)
{
    static const char *const parts[] = {"attributes", "states", NULL};
    const wp_node *first = NULL;
    for (int i = 0; i < j->n; i++) {
        const wp_node *map = part(j->r, j->roots[i], name);
        if (map == NULL) { continue; }
        (void)wp_node_check_keys(j->r, map, name, parts);
        if (first == NULL) { first = map; }
    }
    wp_pair *pairs = NULL;
    wp_node *joined = first != NULL ? map_new(j->r, first, 2, &pairs) : NULL;
    if (joined == NULL) { return NULL; }
    for (int k = 0; parts[k] != NULL; k++) {
        const wp_node *value = join_names(j, name, parts[k], k == 0 ? "attribute" : "state");
        wp_node *key = wp_reader_scratch(j->r, 1, sizeof *key);
        if (value == NULL || key == NULL) { continue; }
        *key = (wp_node){.kind = WP_NODE_SCALAR, .pos = value->pos, .width = 1, .text = parts[k]};
        pairs[joined->n++] = (wp_pair){.key = key, .value = value};
    }
    return joined;
}

/* `changes` add up: a list of what the files say. */
static const wp_node *join_added(joining *j, const char *name)
{
    wp_node *list = wp_reader_scratch(j->r, 1, sizeof *list);
    const wp_node **items = wp_reader_scratch(j->r, (size_t)j->n, sizeof *items);
    if (list == NULL || items == NULL) { return NULL; }
    *list = (wp_node){.kind = WP_NODE_LIST, .width = 1, .text = "", .items = items};
    for (int i = 0; i < j->n; i++) {
        const wp_node *map = part(j->r, j->roots[i], name);
        if (map != NULL) { items[list->n++] = map; }
    }
    if (list->n > 0) { list->pos = items[0]->pos; }
    return list->n > 0 ? list : NULL;
}

static const wp_node *join_single(joining *j, const char *name)
{
    const wp_pair *first = NULL;
    for (int i = 0; i < j->n; i++) {
        const wp_pair *pair = wp_node_pair(j->roots[i], name);
        if (pair == NULL) { continue; }
        if (first != NULL) {
            wp_report_error(j->r, pair->key, "section '%s' is already in %s; it stands in one file", name,
                            wp_report_place(j->r, first->key->pos));
        } else {
            first = pair;
        }
    }
    return first != NULL ? first->value : NULL;
}

static const wp_node *join_section(joining *j, const section *s)
{
    switch (s->kind) {
    case SECTION_OF_FILE: return wp_node_get(j->r->main, s->name);
    case SECTION_SINGLE: return join_single(j, s->name);
    case SECTION_NAMES: return join_names(j, NULL, s->name, s->one);
    case SECTION_NESTED: return join_nested(j, s->name);
    case SECTION_ADDED: return join_added(j, s->name);
    }
    return NULL;
}

static const wp_node *join_all(joining *j)
{
    wp_node nowhere = {.pos = {.line = 1, .column = 1}, .width = 1};
    wp_pair *pairs = NULL;
    wp_node *root = map_new(j->r, j->r->main != NULL ? j->r->main : &nowhere, N_SECTIONS, &pairs);
    for (int i = 0; root != NULL && i < N_SECTIONS && j->r->main != NULL; i++) {
        const wp_node *value = join_section(j, &sections[i]);
        wp_node *key = wp_reader_scratch(j->r, 1, sizeof *key);
        if (value == NULL || key == NULL) { continue; }
        *key = (wp_node){.kind = WP_NODE_SCALAR, .pos = value->pos, .width = 1, .text = sections[i].name};
        pairs[root->n++] = (wp_pair){.key = key, .value = value};
    }
    return root;
}

/* ---- Replacing ----------------------------------------------------------------------------- */

/* The pair whose key is the longest beginning of `path` that ends at a dot or at its end; -1 if none. Names
   with dots of their own ("household.deprivation") are found that way. */
static int step(const wp_node *map, const char *path, size_t *length)
{
    int best = -1;
    *length = 0;
    for (int i = 0; map->kind == WP_NODE_MAP && i < map->n; i++) {
        size_t n = strlen(map->pairs[i].key->text);
        if (n <= *length || strncmp(path, map->pairs[i].key->text, n) != 0) { continue; }
        if (path[n] != '.' && path[n] != '\0') { continue; }
        best = i;
        *length = n;
    }
    return best;
}

static void report_no_path(wp_reader *r, const replacement *change, const wp_node *map, const char *rest)
{
    char word[128];
    size_t n = strcspn(rest, ".");
    if (n >= sizeof word) { n = sizeof word - 1; }
    memcpy(word, rest, n);
    word[n] = '\0';
    const char **keys = wp_reader_scratch(r, (size_t)map->n, sizeof *keys);
    int n_keys = map->kind == WP_NODE_MAP && keys != NULL ? map->n : 0;
    for (int i = 0; i < n_keys; i++) { keys[i] = map->pairs[i].key->text; }
    wp_report_error(r, change->key, "there is no '%s' to replace: '%s' is not known%s", change->key->text,
                    word, wp_report_nearest(r, word, keys, n_keys));
}

/* The tree with one value changed: the maps on the way are copied, all else is shared. */
static const wp_node *replaced(wp_reader *r, const wp_node *node, const char *rest, const replacement *change)
{
    if (*rest == '\0') {
        if (node->pos.file == change->key->pos.file) {
            wp_report_error(r, change->key, "'%s' is written in this very file: change it there",
                            change->key->text);
        }
        return change->value;
    }
    size_t length = 0;
    int index = step(node, rest, &length);
    if (index < 0) {
        report_no_path(r, change, node, rest);
        return node;
    }
    rest += length;
    const wp_node *value = replaced(r, node->pairs[index].value, rest + (*rest == '.'), change);
    if (value == node->pairs[index].value) { return node; }
    wp_pair *pairs = NULL;
    wp_node *copy = map_new(r, node, node->n, &pairs);
    if (copy == NULL) { return node; }
    memcpy(pairs, node->pairs, (size_t)node->n * sizeof *pairs);
    pairs[index].value = value;
    copy->n = node->n;
    return copy;
}

/* Is the path already replaced by an earlier file? Only the scenario that is run may do it again. */
static bool is_replaced_before(joining *j, int file, const wp_pair *pair)
{
    for (int i = 0; i < file && file < j->n - 1; i++) {
        const wp_pair *before = wp_node_pair(wp_node_get(j->roots[i], "replace"), pair->key->text);
        if (before == NULL) { continue; }
        wp_report_error(j->r, pair->key, "'%s' is already replaced in %s", pair->key->text,
                        wp_report_place(j->r, before->key->pos));
        return true;
    }
    return false;
}

static void replace_all(joining *j)
{
    wp_reader *r = j->r;
    for (int i = 0; i < j->n && r->root != NULL; i++) {
        const wp_node *map = part(r, j->roots[i], "replace");
        for (int k = 0; map != NULL && k < map->n; k++) {
            replacement change = {map->pairs[k].key, map->pairs[k].value};
            if (strlen(change.key->text) == 0 || is_replaced_before(j, i, &map->pairs[k])) { continue; }
            r->root = replaced(r, r->root, change.key->text, &change);
        }
    }
}

void wp_documents_read(wp_reader *r, const char *path, const char *text, size_t size)
{
    wp_status status = wp_source_open_main(r, path, text, size);
    if (status != WP_OK) {
        r->status = status;
        return;
    }
    joining *j = wp_reader_scratch(r, 1, sizeof *j);
    if (j == NULL) { return; }
    j->r = r;
    for (int i = 0; i < N_SECTIONS; i++) { j->names[i] = sections[i].name; }
    if (r->n_errors_in_all == 0) { r->main = load(j, 0); }
    if (r->status != WP_OK) { return; }
    r->root = join_all(j);
    replace_all(j);
}
