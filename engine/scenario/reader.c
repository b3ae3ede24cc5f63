/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the reader: what stays with the scenario, and what goes when the reading ends. */
#include "scenario/reader.h"

#include <stdarg.h>
#include <stdio.h>

static void *from(wp_reader *r, wp_arena *arena, size_t n, size_t item_bytes)
{
    void *memory = wp_arena_alloc_array(arena, n, item_bytes);
    if (memory == NULL && r->status == WP_OK) {
        r->status = wp_fail(r->err, WP_ERR_MEMORY, "not enough memory to read the scenario");
    }
    return memory;
}

void *wp_reader_alloc(wp_reader *r, size_t n, size_t item_bytes)
{
    return from(r, &r->scenario->arena, n, item_bytes);
}

void *wp_reader_scratch(wp_reader *r, size_t n, size_t item_bytes)
{
    return from(r, &r->scratch, n, item_bytes);
}

const char *wp_reader_keep(wp_reader *r, const char *text)
{
    const char *copy = wp_arena_strdup(&r->scenario->arena, text);
    if (copy != NULL) { return copy; }
    r->status = wp_fail(r->err, WP_ERR_MEMORY, "not enough memory to read the scenario");
    return "";
}

const char *wp_reader_format(wp_reader *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    const char *result = "";
    char *text = length < 0 ? NULL : wp_reader_alloc(r, (size_t)length + 1, 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
        result = text;
    }
    va_end(again);
    return result;
}
