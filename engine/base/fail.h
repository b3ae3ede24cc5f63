/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reporting a failure: how engine code fills a wp_error and leaves by its one exit label. */
#ifndef WP_BASE_FAIL_H
#define WP_BASE_FAIL_H

#include <wholeplace/error.h>

/* Writes `status` and the formatted sentence into `err` (may be NULL) unless it already holds a
   failure. Returns `status`, so that callers can write `return wp_fail(err, …)`. */
wp_status wp_fail(wp_error *err, wp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* In a function with a local `status` and a label `out:`: leave when a call fails. */
#define WP_TRY(call)                       \
    do {                                   \
        status = (call);                   \
        if (status != WP_OK) { goto out; } \
    } while (0)

/* The same for an allocation that gave NULL. */
#define WP_TRY_ALLOC(pointer)                                                         \
    do {                                                                              \
        if ((pointer) == NULL) {                                                      \
            status = wp_fail(err, WP_ERR_MEMORY, "not enough memory (%s)", __func__); \
            goto out;                                                                 \
        }                                                                             \
    } while (0)

#endif
