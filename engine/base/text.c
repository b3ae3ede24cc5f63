/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: a string that grows, and the nearest name for "did you mean". */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

enum { WORD_BYTES_MAX = 64 };

void wp_text_init(wp_text *text)
{
    *text = (wp_text){0};
}

void wp_text_free(wp_text *text)
{
    free(text->bytes);
    *text = (wp_text){0};
}

void wp_text_clear(wp_text *text)
{
    text->length = 0;
    if (text->bytes != NULL) { text->bytes[0] = '\0'; }
}

const char *wp_text_get(const wp_text *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

/* Room for `extra` more bytes and the end mark. */
static wp_status reserve(wp_text *text, size_t extra, wp_error *err)
{
    if (extra > PTRDIFF_MAX - text->length - 1 ||
        !wp_array_reserve(&text->bytes, &text->capacity, text->length + extra + 1, 1)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for a text of %zu bytes",
                       text->length);
    }
    return WP_OK;
}

wp_status wp_text_append_bytes(wp_text *text, const char *piece, size_t length, wp_error *err)
{
    wp_status status = reserve(text, length, err);
    if (status != WP_OK) { return status; }
    if (length > 0) { memcpy(text->bytes + text->length, piece, length); }
    text->length += length;
    text->bytes[text->length] = '\0';
    return WP_OK;
}

wp_status wp_text_append(wp_text *text, const char *piece, wp_error *err)
{
    return wp_text_append_bytes(text, piece, strlen(piece), err);
}

wp_status wp_text_append_char(wp_text *text, char character, wp_error *err)
{
    return wp_text_append_bytes(text, &character, 1, err);
}

wp_status wp_text_append_format(wp_text *text, wp_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) { return wp_fail(err, WP_ERR_MEMORY, "a text cannot be formatted"); }
    wp_status status = reserve(text, (size_t)length, err);
    if (status != WP_OK) { return status; }
    va_start(arguments, format);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
    return WP_OK;
}

/* ASCII only, whatever the locale. */
static unsigned char lower(char character)
{
    unsigned char byte = (unsigned char)character;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t wp_text_distance(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > WORD_BYTES_MAX || length_b > WORD_BYTES_MAX) {
        return strcmp(a, b) == 0 ? 0 : SIZE_MAX;
    }
    /* Three rows of the table of distances between beginnings of `a` and of `b`. */
    size_t rows[3][WORD_BYTES_MAX + 1];
    for (size_t j = 0; j <= length_b; j++) { rows[0][j] = j; }
    for (size_t i = 1; i <= length_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            unsigned char x = lower(a[i - 1]), y = lower(b[j - 1]);
            row[j] = smaller(above[j - 1] + (x != y), smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y) {
                row[j] = smaller(row[j], second[j - 2] + 1);
            }
        }
    }
    return rows[length_a % 3][length_b];
}

size_t wp_text_nearest(const char *word, const char *const *names, size_t n)
{
    size_t limit = strlen(word) / 3;
    size_t best = (limit < 1 ? 1 : limit) + 1, best_idx = n;
    for (size_t i = 0; i < n; i++) {
        if (names[i] == NULL) { continue; }
        size_t distance = wp_text_distance(word, names[i]);
        if (distance < best) {
            best = distance;
            best_idx = i;
        }
    }
    return best_idx;
}
