/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums in words, and words on a line. */
#include "report/words.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "report/rounding.h"

#define POUND "\xc2\xa3"

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

const char *wp_pounds_words(double value, double step, char text[WP_WORDS_CHARS])
{
    static const struct {
        double size;
        const char *name;
    } scales[] = {{1e9, " billion"}, {1e6, " million"}, {1.0, ""}};
    const double rounded = round(fabs(value) / step) * step;
    size_t s = 0;
    char number[WP_NUMBER_CHARS];
    while (s < 2 && rounded < scales[s].size) { s++; }
    wp_number_text(fabs(value) / scales[s].size, step / scales[s].size, number);
    snprintf(text, WP_WORDS_CHARS, "%s%s%s", isfinite(value) ? POUND : "", number,
             isfinite(value) ? scales[s].name : "");
    return text;
}

const char *wp_saving_words(double value, double step, char text[WP_WORDS_CHARS])
{
    char pounds[WP_WORDS_CHARS];
    const double rounded = round(value / step);
    if (rounded == 0.0) {
        snprintf(text, WP_WORDS_CHARS, "neither a saving nor a cost");
    } else {
        snprintf(text, WP_WORDS_CHARS, "a %s of %.100s", rounded > 0.0 ? "saving" : "cost",
                 wp_pounds_words(value, step, pounds));
    }
    return text;
}

void wp_range_words(double low, double high, double mean, double step, char text[2 * WP_WORDS_CHARS])
{
    char from[WP_WORDS_CHARS], to[WP_WORDS_CHARS];
    const double first = round(low / step), last = round(high / step);
    if (first >= 0.0 && last > 0.0 && mean > 0.0) {
        snprintf(text, 2 * WP_WORDS_CHARS, "%s to %s", wp_pounds_words(low, step, from),
                 wp_pounds_words(high, step, to));
    } else if (first < 0.0 && last <= 0.0 && mean < 0.0) {
        snprintf(text, 2 * WP_WORDS_CHARS, "%s to %s", wp_pounds_words(high, step, to),
                 wp_pounds_words(low, step, from));
    } else {
        snprintf(text, 2 * WP_WORDS_CHARS, "from %s to %s", wp_saving_words(low, step, from),
                 wp_saving_words(high, step, to));
    }
}

int wp_text_columns(const char *text)
{
    int n = 0;
    for (const char *c = text; *c != '\0'; c++) { n += !is_inside_character(*c); }
    return n;
}

void wp_print_padded(FILE *out, const char *text, int width)
{
    const int shown = wp_text_columns(text);
    fprintf(out, "%s%*s", text, shown < width ? width - shown : 0, "");
}

void wp_print_wrapped(FILE *out, const char *text, int indent, int width)
{
    int column = 0;
    while (*text != '\0') {
        const size_t n = strcspn(text, " ");
        int shown = 0;
        for (size_t i = 0; i < n; i++) { shown += !is_inside_character(text[i]); }
        if (column > 0 && column + 1 + shown > width) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0) {
            fprintf(out, "%*s", indent, "");
            column = indent;
        } else if (shown > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, n, out);
        column += shown;
        text += n + strspn(text + n, " ");
    }
    if (column > 0) { fputc('\n', out); }
}
