/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <inttypes.h>

#include "base/field.h"

void wp_json_line(wp_json *json, int indent)
{
    json->indent = indent + 1;
}

static void begin_item(wp_json *json, const char *key)
{
    if (json->follows) { fputc(',', json->out); }
    if (json->indent > 0) {
        fprintf(json->out, "\n%*s", json->indent - 1, "");
    } else if (json->follows) {
        fputc(' ', json->out);
    }
    json->indent = 0;
    json->follows = true;
    if (key == NULL) { return; }
    wp_field_json(json->out, key);
    fputs(": ", json->out);
}

void wp_json_begin(wp_json *json, const char *key, char open)
{
    begin_item(json, key);
    fputc(open, json->out);
    json->follows = false;
}

void wp_json_end(wp_json *json, char close)
{
    fputc(close, json->out);
    json->follows = true;
}

void wp_json_text(wp_json *json, const char *key, const char *value)
{
    begin_item(json, key);
    wp_field_json(json->out, value);
}

void wp_json_number(wp_json *json, const char *key, double value)
{
    begin_item(json, key);
    wp_field_number(json->out, value, "null");
}

void wp_json_whole(wp_json *json, const char *key, int64_t value)
{
    begin_item(json, key);
    fprintf(json->out, "%" PRId64, value);
}

void wp_json_natural(wp_json *json, const char *key, uint64_t value)
{
    begin_item(json, key);
    fprintf(json->out, "%" PRIu64, value);
}

void wp_json_flag(wp_json *json, const char *key, bool value)
{
    begin_item(json, key);
    fputs(value ? "true" : "false", json->out);
}

void wp_json_null(wp_json *json, const char *key)
{
    begin_item(json, key);
    fputs("null", json->out);
}
