/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: YAML text as a tree of nodes that know where they stand, and several files as one tree. */
#ifndef WP_SCENARIO_DOCUMENT_H
#define WP_SCENARIO_DOCUMENT_H

#include <stdbool.h>

#include "scenario/checked.h"

typedef struct wp_reader wp_reader;

typedef enum wp_node_kind { WP_NODE_SCALAR, WP_NODE_LIST, WP_NODE_MAP } wp_node_kind;

typedef struct wp_pair {
    const struct wp_node *key;   /* always a scalar */
    const struct wp_node *value; /* never NULL; `key:` with nothing after it is an empty scalar */
} wp_pair;

/* One node. Borrowed from the reader's scratch arena: lives until the reading ends; text that a
   checked scenario keeps must be copied (wp_reader_keep). Keys of a map are unique, `<<` is already
   merged in, aliases are followed; the whole tree has no circle and at most 200,000 nodes on a walk. */
typedef struct wp_node {
    wp_node_kind kind;
    wp_pos pos;
    int width;                          /* characters to underline, at least 1 */
    bool quoted;                        /* scalar in quotes: a text, never a number */
    const char *text;                   /* SCALAR: UTF-8 with an end mark, no zero byte inside; else "" */
    int n;                              /* MAP: pairs; LIST: items */
    const wp_pair *pairs;
    const struct wp_node *const *items;
} wp_node;

/* The value under `key`, or NULL: also for NULL and for nodes that are no maps. */
const wp_node *wp_node_get(const wp_node *map, const char *key);

/* The pair under `key`, or NULL. */
const wp_pair *wp_node_pair(const wp_node *map, const char *key);

/* Is it a scalar with this text? False for NULL. */
bool wp_node_is(const wp_node *node, const char *text);

/* Number of things when one or a list of them may be given: 0 for NULL, n of a list, else 1. */
int wp_node_count(const wp_node *node);

/* The i-th of those. */
const wp_node *wp_node_at(const wp_node *node, int i);

/* Reports each key of `map` that is not among `allowed` (ends with NULL), with the nearest. A node
   that is no map is reported as such (`what`: "a process", "'clock'"). True when it is a map. */
bool wp_node_check_keys(wp_reader *r, const wp_node *map, const char *what,
                        const char *const *allowed);

/* The value under `key`; when missing reports "'key' is missing in WHAT" at `map` and gives NULL. */
const wp_node *wp_node_need(wp_reader *r, const wp_node *map, const char *what, const char *key);

/* Parses one file's text into nodes; `file` is its index. NULL after reporting. */
const wp_node *wp_document_parse(wp_reader *r, int file, const char *text, size_t size);

/* Reads the main file and everything it uses, and joins them: r->root is the whole (a map of sections,
   each joined over all files), r->main the file that was given. `text` NULL: from the disk. In r->root
   `changes` is always a LIST of maps, one a file; `person` and `household` hold joined `attributes` and
   `states`; all other sections are maps of names, or stand in one file only. */
void wp_documents_read(wp_reader *r, const char *path, const char *text, size_t size);

#endif
