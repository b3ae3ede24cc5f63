/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name that is not known: a message with those that are. */
#ifndef WP_BASE_UNKNOWN_NAME_H
#define WP_BASE_UNKNOWN_NAME_H

#include <stddef.h>

#include <wholeplace/error.h>

/* Fails with WP_ERR_ARGUMENT and "there is no `what` 'name'; did you mean 'near'? There are a, b, c", as
   many of names[n] as have room. */
wp_status wp_fail_unknown(wp_error *err, const char *what, const char *name, const char *const *names,
                          size_t n);

#endif
