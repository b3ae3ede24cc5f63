/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replacing a file by rename: temporary name in the same folder, fsync, rename, fsync of the folder. */
#define _GNU_SOURCE
#include "results/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/fail.h"

enum { MAX_TRIES = 100, WRITE_BYTES = 1 << 24 };

static const wp_file_calls system_calls = {write, fsync, rename};

/* Makes a file of a name that is not in use: "result.nc.part-PID-0", … */
static wp_status open_temporary(const char *path, char *name, size_t size, int *fd, wp_error *err)
{
    for (int i = 0; i < MAX_TRIES; i++) {
        int length = snprintf(name, size, "%s.part-%ld-%d", path, (long)getpid(), i);
        if (length < 0 || (size_t)length >= size) {
            return wp_fail(err, WP_ERR_FILE, "%s: the name is too long", path);
        }
        *fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*fd >= 0) { return WP_OK; }
        if (errno != EEXIST) { break; }
    }
    int reason = errno;
    name[0] = '\0';
    return wp_fail(err, WP_ERR_FILE, "%s: cannot be written: %s", path, strerror(reason));
}

static wp_status write_all(const wp_file_calls *calls, const char *path, int fd, const char *bytes, size_t n,
                           wp_error *err)
{
    while (n > 0) {
        ssize_t written = calls->write(fd, bytes, n < WRITE_BYTES ? n : WRITE_BYTES);
        if (written < 0 && errno == EINTR) { continue; }
        if (written <= 0) {
            return wp_fail(err, WP_ERR_FILE, "%s: cannot be written: %s", path,
                           written == 0 ? "nothing was taken" : strerror(errno));
        }
        bytes += written;
        n -= (size_t)written;
    }
    return WP_OK;
}

static void sync_folder(const wp_file_calls *calls, const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) { return; }
    (void)calls->fsync(fd);
    close(fd);
}

/* Does the file begin as HDF5 does, or is it empty? */
static bool may_be_result(const char *path)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char start[sizeof signature];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) { return true; } /* not for us to judge: it is not read */
    ssize_t n = read(fd, start, sizeof start);
    close(fd);
    return n == 0 || (n == (ssize_t)sizeof start && memcmp(start, signature, sizeof start) == 0);
}

wp_status wp_file_may_be_put(const char *path, bool is_result, bool force, wp_error *err)
{
    struct stat info;
    if (path[0] == '\0') { return wp_fail(err, WP_ERR_ARGUMENT, "a file to write has no name"); }
    if (lstat(path, &info) != 0) {
        return errno == ENOENT ? WP_OK : wp_fail(err, WP_ERR_FILE, "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) { return wp_fail(err, WP_ERR_EXISTS, "%s is not a plain file", path); }
    if (!force) { return wp_fail(err, WP_ERR_EXISTS, "%s exists already; --force overwrites it", path); }
    if (is_result && !may_be_result(path)) {
        return wp_fail(err, WP_ERR_EXISTS, "%s is no result; --force replaces results only", path);
    }
    return WP_OK;
}

/* Without `force` the rename itself refuses, where the file system can. */
static wp_status move_into_place(const wp_file_calls *calls, const char *from, const char *path, bool force,
                                 wp_error *err)
{
    int failed = -1;
    if (!force && calls->rename == rename) {
        failed = renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE);
        if (failed == 0) { return WP_OK; }
        if (errno == EEXIST) { return wp_file_may_be_put(path, false, false, err); }
    }
    failed = calls->rename(from, path);
    return failed == 0 ? WP_OK
                       : wp_fail(err, WP_ERR_FILE, "%s: cannot be put in place: %s", path, strerror(errno));
}

static const char seal_word[8] = {'W', 'P', 'S', 'H', 'A', '2', '5', '6'};

void wp_seal_make(const void *bytes, size_t n, uint8_t seal[WP_SEAL_BYTES])
{
    wp_sha256 sha;
    wp_sha256_init(&sha);
    wp_sha256_add(&sha, bytes, n);
    memcpy(seal, seal_word, sizeof seal_word);
    wp_sha256_end(&sha, seal + sizeof seal_word);
}

wp_seal wp_seal_check(const void *bytes, size_t n)
{
    uint8_t seal[WP_SEAL_BYTES];
    if (n < WP_SEAL_BYTES) { return WP_SEAL_NONE; }
    const uint8_t *stored = (const uint8_t *)bytes + n - WP_SEAL_BYTES;
    if (memcmp(stored, seal_word, sizeof seal_word) != 0) { return WP_SEAL_NONE; }
    wp_seal_make(bytes, n - WP_SEAL_BYTES, seal);
    return memcmp(stored, seal, sizeof seal) == 0 ? WP_SEAL_WHOLE : WP_SEAL_BROKEN;
}

wp_status wp_file_replace(const char *path, const void *bytes, size_t n, bool is_sealed, bool force,
                          const wp_file_calls *calls, wp_error *err)
{
    wp_status status = WP_OK;
    char temporary[PATH_MAX] = "";
    int fd = -1;
    calls = calls == NULL ? &system_calls : calls;
    WP_TRY(wp_file_may_be_put(path, is_sealed, force, err));
    WP_TRY(open_temporary(path, temporary, sizeof temporary, &fd, err));
    WP_TRY(write_all(calls, path, fd, bytes, n, err));
    if (is_sealed) {
        uint8_t seal[WP_SEAL_BYTES];
        wp_seal_make(bytes, n, seal);
        WP_TRY(write_all(calls, path, fd, (const char *)seal, sizeof seal, err));
    }
    if (calls->fsync(fd) != 0) {
        status = wp_fail(err, WP_ERR_FILE, "%s: cannot be written: %s", path, strerror(errno));
        goto out;
    }
    int closed = close(fd);
    fd = -1;
    if (closed != 0) {
        status = wp_fail(err, WP_ERR_FILE, "%s: cannot be written: %s", path, strerror(errno));
        goto out;
    }
    WP_TRY(move_into_place(calls, temporary, path, force, err));
    temporary[0] = '\0';
    sync_folder(calls, path);
out:
    if (fd >= 0) { close(fd); }
    if (temporary[0] != '\0') { unlink(temporary); }
    return status;
}

wp_status wp_file_read(const char *path, void **bytes, size_t *n, wp_error *err)
{
    wp_status status = WP_OK;
    struct stat info;
    char *content = NULL;
    size_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = wp_fail(err, WP_ERR_FILE, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(info.st_mode)) {
        status = wp_fail(err, WP_ERR_FILE, "%s is not a plain file", path);
        goto out;
    }
    content = malloc((size_t)info.st_size + 1);
    WP_TRY_ALLOC(content);
    while (length < (size_t)info.st_size) {
        ssize_t got = read(fd, content + length, (size_t)info.st_size - length);
        if (got < 0 && errno == EINTR) { continue; }
        if (got < 0) {
            status = wp_fail(err, WP_ERR_FILE, "%s: %s", path, strerror(errno));
            goto out;
        }
        if (got == 0) { break; }
        length += (size_t)got;
    }
    *bytes = content;
    *n = length;
    content = NULL;
out:
    free(content);
    if (fd >= 0) { close(fd); }
    return status;
}
