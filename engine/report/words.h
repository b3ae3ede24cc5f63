/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain words for names, sums of money and directions. */
#ifndef WP_REPORT_WORDS_H
#define WP_REPORT_WORDS_H

#include <stdio.h>

#include "base/title.h"

enum { WP_WORDS_CHARS = 128 };

/* A sum without its sign, to the step: "£1.1 billion", "£470,000", "£0". Gives `text`. */
const char *wp_pounds_words(double value, double step, char text[WP_WORDS_CHARS]);

/* The same with its direction: "a saving of £470,000", "a cost of £1.1 billion", "neither a saving nor a
   cost". */
const char *wp_saving_words(double value, double step, char text[WP_WORDS_CHARS]);

/* From one to another, low <= high: "£1 million to £2 million" where both have the sign of `mean`, else with
   both directions. */
void wp_range_words(double low, double high, double mean, double step, char text[2 * WP_WORDS_CHARS]);

/* Characters of UTF-8 text as they stand on a line. */
int wp_text_columns(const char *text);

/* `text`, and spaces up to `width` columns. */
void wp_print_padded(FILE *out, const char *text, int width);

/* `text` in lines of at most `width` columns, each after `indent` spaces; words are never cut. */
void wp_print_wrapped(FILE *out, const char *text, int indent, int width);

#endif
