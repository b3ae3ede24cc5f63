/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: reading YAML files into a checked scenario, with every problem found in one pass. */
#ifndef WHOLEPLACE_SCENARIO_H
#define WHOLEPLACE_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include <wholeplace/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wp_scenario wp_scenario;

typedef enum wp_severity { WP_SEVERITY_ERROR, WP_SEVERITY_WARNING } wp_severity;

/* One problem of a scenario's text. Strings are borrowed from the wp_problems. */
typedef struct wp_problem {
    wp_severity severity;
    const char *file;    /* as the user would name it */
    int line, column;    /* 1-based; 0 where a problem belongs to a whole file */
    int width;           /* characters underlined */
    const char *text;    /* one line: what it was, what is allowed, the nearest valid name */
    const char *excerpt; /* the line of the file, or "" */
    const char *hint;    /* what to write instead, or "" */
} wp_problem;

typedef struct wp_problems {
    size_t n, n_errors, n_warnings;
    const wp_problem *list; /* in order of file, line, column */
    void *owner;
} wp_problems;

/* Frees the inside; legal on a zeroed struct, and twice. */
void wp_problems_free(wp_problems *problems);

/* Reads the scenario at `path` and all that it uses. Files named by `use` and by tables must lie inside
   the folder of the scenario, or inside the scenario library: the nearest folder above `path` that is
   named `scenarios`, where there is one. On success `*scenario` is the caller's to free with
   wp_scenario_free and `problems` holds warnings only. With errors in the text: WP_ERR_SCENARIO,
   `*scenario` is NULL, and `problems` holds them all. `problems` must be zeroed; free it in any case.
   Thread-safe. */
wp_status wp_scenario_read(const char *path, wp_scenario **scenario, wp_problems *problems,
                           wp_error *err);

/* The same from memory: `text` of `size` bytes stands for a file at `path` (which need not exist).
   What it uses is looked up beside `path`. */
wp_status wp_scenario_read_text(const char *path, const char *text, size_t size,
                                wp_scenario **scenario, wp_problems *problems, wp_error *err);

/* The path of the scenario's `index`-th file as messages name it: 0 is the one that was read, then those
   that it uses and its tables; NULL beyond the last. Lives as long as the scenario. */
const char *wp_scenario_file(const wp_scenario *scenario, int index);

/* Frees a scenario; NULL is legal. */
void wp_scenario_free(wp_scenario *scenario);

#ifdef __cplusplus
}
#endif
#endif
