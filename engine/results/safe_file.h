/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: written so that either the old or the new one is there, never half of one, and sealed so
   that a changed byte is found before anything parses them. */
#ifndef WP_RESULTS_SAFE_FILE_H
#define WP_RESULTS_SAFE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <wholeplace/error.h>

/* The system calls that can fail while a file is written; tests put failing ones here. */
typedef struct wp_file_calls {
    ssize_t (*write)(int fd, const void *bytes, size_t n);
    int (*fsync)(int fd);
    int (*rename)(const char *from, const char *to);
} wp_file_calls;

/* May a file be put at `path`? WP_ERR_EXISTS when there is one and !force, or when it is to be a result (HDF5) and
   what is there is none: force replaces results, never a scenario by mistake; or when it is no plain file.
   WP_ERR_ARGUMENT when `path` is empty. */
wp_status wp_file_may_be_put(const char *path, bool is_result, bool force, wp_error *err);

/* Writes `n` bytes (and their seal) to a new file in the folder of `path`, syncs it, renames it to `path` and syncs the
   folder. `calls` NULL: the system's. WP_ERR_EXISTS when `path` exists and !force; WP_ERR_FILE with the
   system's reason, and then neither `path` has changed nor a temporary file is left. (When only the last
   sync of the folder fails, the new file is in place and the call succeeds: some file systems have none.) */
wp_status wp_file_replace(const char *path, const void *bytes, size_t n, bool is_sealed, bool force,
                          const wp_file_calls *calls, wp_error *err);

/* Reads a whole regular file into `*bytes` (for free()). WP_ERR_FILE when it cannot be read. */
wp_status wp_file_read(const char *path, void **bytes, size_t *n, wp_error *err);

/* A seal: 40 bytes behind the end of a file's content, a word and the content's SHA-256. HDF5 passes over
   what lies behind its own end of file, and drops it when another program changes the file. */
enum { WP_SEAL_BYTES = 40 };
typedef enum wp_seal { WP_SEAL_NONE, WP_SEAL_WHOLE, WP_SEAL_BROKEN } wp_seal;

/* Writes the seal of `bytes[n]` into `seal`. */
void wp_seal_make(const void *bytes, size_t n, uint8_t seal[WP_SEAL_BYTES]);
/* Is a file's content, `n` bytes with the seal if it has one, what was sealed? */
wp_seal wp_seal_check(const void *bytes, size_t n);

#endif
