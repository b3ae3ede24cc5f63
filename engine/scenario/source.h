/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source files: finding them inside the allowed folders, reading each once, within bounds. */
#ifndef WP_SCENARIO_SOURCE_H
#define WP_SCENARIO_SOURCE_H

#include "scenario/document.h"

enum {
    WP_MAX_SCENARIO_FILES = 64,           /* YAML files of one scenario */
    WP_MAX_TABLE_FILES = 192,             /* CSV files of one scenario */
    WP_MAX_YAML_BYTES = 1 << 20,
    WP_MAX_CSV_BYTES = 16 << 20,
    WP_MAX_ALL_BYTES = 16 << 20           /* YAML files together; CSV files have 4 times that */
};

typedef enum wp_source_kind { WP_SOURCE_YAML, WP_SOURCE_CSV } wp_source_kind;

/* Files by the index that positions use. The text of each is in scenario->files. */
typedef struct wp_sources {
    const char *real[WP_MAX_SCENARIO_FILES + WP_MAX_TABLE_FILES]; /* absolute, links resolved */
    wp_source_kind kind[WP_MAX_SCENARIO_FILES + WP_MAX_TABLE_FILES];
    int n_kind[2];
    int64_t n_bytes[2];
    wp_source_file *files;  /* the scenario's array, open for writing */
    int n_folders;          /* inside which files may lie, absolute */
    const char *folders[2];
} wp_sources;

/* Makes the main file source 0, from the disk or (`text` not NULL) from memory, and fixes the allowed
   folders. WP_ERR_FILE when it cannot be read; a file over 1 MiB is a problem, and so is a result. */
wp_status wp_source_open_main(wp_reader *r, const char *path, const char *text, size_t size);

/* Opens the file that the scalar `at` names, relative to the file in which it stands. Gives its index, the
   same for a file met before, or -1 after reporting. `*is_new` (may be NULL): not met before. */
int wp_source_open(wp_reader *r, const wp_node *at, wp_source_kind kind, bool *is_new);

/* The absolute path of a file that is not read here (a population), or NULL after reporting. */
const char *wp_source_path(wp_reader *r, const wp_node *at);

#endif
