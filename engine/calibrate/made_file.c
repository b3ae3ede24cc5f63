/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* open_memstream */
#include "calibrate/made_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "results/safe_file.h"

wp_status wp_made_file_may_be_put(const char *path, bool force, wp_error *err)
{
    static const char first[] = WP_MADE_FILE_FIRST;
    wp_status status = WP_OK;
    void *bytes = NULL;
    size_t n = 0;
    WP_TRY(wp_file_may_be_put(path, false, force, err));
    if (access(path, F_OK) != 0) { goto out; }
    WP_TRY(wp_file_read(path, &bytes, &n, err));
    if (n < sizeof first - 1 || memcmp(bytes, first, sizeof first - 1) != 0) {
        status = wp_fail(err, WP_ERR_EXISTS, "'%s' is there and was not made by this program: it is kept", path);
    }
out:
    free(bytes);
    return status;
}

wp_status wp_made_file_put(const char *path, bool force, wp_made_file_fn *write, const void *of, wp_error *err)
{
    wp_status status = WP_OK;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    WP_TRY_ALLOC(out);
    status = write(of, out, err);
    if (fclose(out) != 0 && status == WP_OK) {
        status = wp_fail(err, WP_ERR_MEMORY, "not enough memory for '%s'", path);
    }
    if (status == WP_OK) { status = wp_file_replace(path, text, n, false, force, NULL, err); }
out:
    free(text);
    return status;
}
