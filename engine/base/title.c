/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as titles. */
#include "base/title.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

const char *wp_title_text(const char *name, char text[WP_TITLE_CHARS])
{
    size_t n = 0;
    const char *c = name;
    for (; *c != '\0' && n + 4 < WP_TITLE_CHARS; c++) {
        if (*c == '.') {
            text[n++] = ':';
            text[n++] = ' ';
        } else if (*c == '+') {
            memcpy(text + n, " + ", 3);
            n += 3;
        } else {
            text[n++] = *c == '_' ? ' ' : *c;
        }
    }
    if (is_inside_character(*c)) { /* what there is of it goes */
        while (n > 0 && is_inside_character(text[n - 1])) { n--; }
        n -= n > 0 ? 1 : 0;
    }
    text[n] = '\0';
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}
