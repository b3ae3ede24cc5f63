/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files that the program makes, for scenarios to use. */
#ifndef WP_CALIBRATE_MADE_FILE_H
#define WP_CALIBRATE_MADE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>

/* How each begins, the command's name behind it: by it `force` knows what it may overwrite. */
#define WP_MADE_FILE_FIRST "# Made by wholeplace "

/* Is `path` free, or such a file, to be overwritten by `force`? WP_ERR_EXISTS, WP_ERR_FILE. */
wp_status wp_made_file_may_be_put(const char *path, bool force, wp_error *err);

/* Writes the file's text, WP_MADE_FILE_FIRST before all else. */
typedef wp_status wp_made_file_fn(const void *of, FILE *out, wp_error *err);

/* Makes the file, whole or not at all. WP_ERR_EXISTS, WP_ERR_MEMORY, WP_ERR_FILE, or what `write` says. */
wp_status wp_made_file_put(const char *path, bool force, wp_made_file_fn *write, const void *of, wp_error *err);

#endif
