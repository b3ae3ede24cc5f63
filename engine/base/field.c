/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of CSV and JSON. */
#include "base/field.h"

#include <math.h>
#include <string.h>

void wp_field_csv(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') { fputc('"', out); }
        fputc(*c, out);
    }
    fputc('"', out);
}

void wp_field_json(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *c = text == NULL ? "" : text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if ((unsigned char)*c < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*c);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

void wp_field_number(FILE *out, double value, const char *nothing)
{
    if (isfinite(value)) {
        fprintf(out, "%.17g", value);
    } else {
        fputs(nothing, out);
    }
}
