/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reporting a failure. */
#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

wp_status wp_fail(wp_error *err, wp_status status, const char *format, ...)
{
    if (err == NULL || err->status != WP_OK) { return status; }
    err->status = status;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        snprintf(err->text, sizeof err->text, "%s", wp_status_sentence(status));
    } else if ((size_t)length >= sizeof err->text) {
        static const char cut[] = " ...";
        memcpy(err->text + sizeof err->text - sizeof cut, cut, sizeof cut);
    }
    return status;
}

const char *wp_status_sentence(wp_status status)
{
    switch (status) {
#define STATUS_CASE(name, number, sentence) \
    case name:                              \
        return sentence;
        WP_STATUS_LIST(STATUS_CASE)
#undef STATUS_CASE
    }
    return "an unknown status";
}
