/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON as it is written: the writer knows where a comma is due. */
#ifndef WP_BASE_JSON_H
#define WP_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* All but `out` is the writer's own. */
typedef struct wp_json {
    FILE *out;
    bool follows;    /* the next item has one before it */
    int indent;      /* the next item begins a line, after so many spaces less one; 0: it does not */
} wp_json;

/* The next item begins on a line of its own, `indent` spaces in. */
void wp_json_line(wp_json *json, int indent);

/* Items, each with a key in an object, NULL in a list. `open` is '{' or '[', `close` its fellow. A number that is
   not finite is null. */
void wp_json_begin(wp_json *json, const char *key, char open);
void wp_json_end(wp_json *json, char close);
void wp_json_text(wp_json *json, const char *key, const char *value);
void wp_json_number(wp_json *json, const char *key, double value);
void wp_json_whole(wp_json *json, const char *key, int64_t value);
void wp_json_natural(wp_json *json, const char *key, uint64_t value);
void wp_json_flag(wp_json *json, const char *key, bool value);
void wp_json_null(wp_json *json, const char *key);

#endif
