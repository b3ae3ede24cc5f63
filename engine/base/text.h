/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: a string that grows, and the nearest name for "did you mean". */
#ifndef WP_BASE_TEXT_H
#define WP_BASE_TEXT_H

#include <stddef.h>

#include <wholeplace/error.h>

/* `bytes` is never NULL after the first append and always ends in a zero byte at `length`. All
   zero is a valid empty text. */
typedef struct wp_text {
    char *bytes;
    size_t length;
    size_t capacity;
} wp_text;

void wp_text_init(wp_text *text);

/* Legal after a failed call, and twice. */
void wp_text_free(wp_text *text);

/* Forgets the content and keeps the memory. */
void wp_text_clear(wp_text *text);

/* The content; "" when empty. Borrowed until the next change. */
const char *wp_text_get(const wp_text *text);

/* Append a string, `length` bytes, one character, or a formatted piece. They fail with
   WP_ERR_MEMORY only, and leave the content as it was. */
wp_status wp_text_append(wp_text *text, const char *piece, wp_error *err);
wp_status wp_text_append_bytes(wp_text *text, const char *piece, size_t length, wp_error *err);
wp_status wp_text_append_char(wp_text *text, char character, wp_error *err);
wp_status wp_text_append_format(wp_text *text, wp_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The number of single-character insertions, deletions, replacements and swaps of neighbours that
   turn `a` into `b` (optimal string alignment; Damerau 1964), bytewise and with ASCII case
   ignored. Texts longer than 64 bytes count as SIZE_MAX apart unless equal. */
size_t wp_text_distance(const char *a, const char *b);

/* The index of the name in `names[n]` nearest to `word`, the first of equals, or `n` when none is
   near enough to be a slip of the pen: at most a third of the word's length, and at least 1.
   Entries may be NULL and are then passed over. */
size_t wp_text_nearest(const char *word, const char *const *names, size_t n);

#endif
