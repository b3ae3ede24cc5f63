/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding and reading source files. A path is relative to the file it is written in; where it really leads
   must lie inside the scenario's folder or inside the scenario library. */
#define _GNU_SOURCE
#include "scenario/source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scenario/reader.h"

enum { MAX_FILES = WP_MAX_SCENARIO_FILES + WP_MAX_TABLE_FILES };

static void no_memory(wp_reader *r)
{
    if (r->status == WP_OK) {
        r->status = wp_fail(r->err, WP_ERR_MEMORY, "not enough memory to read the scenario");
    }
}

/* `path` without its last part; "" when it has one part only, "/" at the root. In scratch memory. */
static const char *folder_of(wp_reader *r, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    const char *folder = wp_arena_strndup(&r->scratch, path, n);
    if (folder == NULL) { no_memory(r); }
    return folder;
}

/* The real path, in scratch memory; NULL with errno set. */
static const char *real_of(wp_reader *r, const char *path)
{
    char *real = realpath(path, NULL);
    if (real == NULL) { return NULL; }
    const char *copy = wp_arena_strdup(&r->scratch, real);
    free(real);
    if (copy == NULL) { no_memory(r); }
    return copy;
}

static const char *joined(wp_reader *r, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    size_t m = strlen(name);
    char *path = wp_reader_scratch(r, n + m + 2, 1);
    if (path == NULL) { return NULL; }
    memcpy(path, folder, n);
    if (n > 0 && folder[n - 1] != '/') { path[n++] = '/'; }
    memcpy(path + n, name, m);
    return path;
}

/* Takes "name/.." and "./" out of a path, for display only. */
static void shorten(char *path)
{
    char *hit = NULL;
    while ((hit = strstr(path, "/../")) != NULL) {
        char *start = hit;
        while (start > path && start[-1] != '/') { start--; }
        bool plain = start != hit && !(hit - start == 2 && strncmp(start, "..", 2) == 0) &&
                     !(hit - start == 1 && *start == '.');
        if (!plain) { return; }
        memmove(start, hit + 4, strlen(hit + 4) + 1);
    }
}

static bool is_inside(const char *real, const char *folder)
{
    size_t n = strlen(folder);
    if (strncmp(real, folder, n) != 0) { return false; }
    return n == 1 || real[n] == '/';
}

static bool is_allowed(const wp_sources *s, const char *real)
{
    for (int i = 0; i < s->n_folders; i++) {
        if (is_inside(real, s->folders[i])) { return true; }
    }
    return false;
}

/* The nearest folder above that is named `scenarios`, or NULL. */
static const char *library_above(wp_reader *r, const char *folder)
{
    static const char name[] = "/scenarios";
    size_t n = strlen(folder);
    while (n > 0) {
        size_t m = sizeof name - 1;
        if (n >= m && strncmp(folder + n - m, name, m) == 0) {
            const char *library = wp_arena_strndup(&r->scratch, folder, n);
            if (library == NULL) { no_memory(r); }
            return library;
        }
        while (n > 0 && folder[n - 1] != '/') { n--; }
        while (n > 0 && folder[n - 1] == '/') { n--; }
    }
    return NULL;
}

static bool is_regular(const char *path, int64_t *size)
{
    struct stat info;
    if (stat(path, &info) != 0) { return false; }
    if (!S_ISREG(info.st_mode)) {
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    *size = (int64_t)info.st_size;
    return true;
}

/* The file's bytes in the scenario's arena with an end mark; NULL with errno set (0: out of memory). At
   most `size` bytes are read, also where the file grew meanwhile. */
static char *bytes_of(wp_reader *r, const char *path, int64_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) { return NULL; }
    char *text = wp_reader_alloc(r, (size_t)*size + 1, 1);
    errno = 0;
    if (text != NULL) {
        *size = (int64_t)fread(text, 1, (size_t)*size, file);
        if (ferror(file)) {
            text = NULL;
            errno = EIO;
        }
    }
    (void)fclose(file);
    return text;
}

static int add(wp_reader *r, wp_source_kind kind, const char *shown, const char *real, const char *text,
               int64_t size)
{
    wp_sources *s = r->sources;
    int index = r->scenario->n_files;
    s->files[index] = (wp_source_file){.path = wp_reader_keep(r, shown), .text = text, .size = size};
    s->real[index] = real;
    s->kind[index] = kind;
    s->n_kind[kind]++;
    s->n_bytes[kind] += size;
    r->scenario->n_files++;
    return index;
}

static bool fix_folders(wp_reader *r, const char *path, const char **real_folder)
{
    wp_sources *s = r->sources;
    const char *folder = folder_of(r, path);
    if (folder == NULL) { return false; }
    *real_folder = real_of(r, folder[0] == '\0' ? "." : folder);
    if (*real_folder == NULL) { return r->status == WP_OK; }
    s->folders[s->n_folders++] = *real_folder;
    const char *library = library_above(r, *real_folder);
    if (library != NULL && strcmp(library, *real_folder) != 0) { s->folders[s->n_folders++] = library; }
    return r->status == WP_OK;
}

/* HDF5's signature (HDF5 file format specification 3.0, II.A), with which each result begins. */
static bool is_result(const char *text, int64_t size)
{
    static const char signature[] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    return size >= (int64_t)sizeof signature && memcmp(text, signature, sizeof signature) == 0;
}

wp_status wp_source_open_main(wp_reader *r, const char *path, const char *text, size_t size)
{
    r->sources = wp_reader_scratch(r, 1, sizeof *r->sources);
    wp_source_file *files = wp_reader_alloc(r, MAX_FILES, sizeof *files);
    if (r->sources == NULL || files == NULL) { return r->status; }
    r->sources->files = files;
    r->scenario->files = files;
    const char *folder = NULL;
    if (!fix_folders(r, path, &folder)) { return r->status; }
    const char *slash = strrchr(path, '/');
    const char *real = joined(r, folder != NULL ? folder : "", slash != NULL ? slash + 1 : path);
    if (real == NULL) { return r->status; }
    int64_t n = (int64_t)size;
    errno = 0;
    if (text == NULL && !is_regular(path, &n)) {
        return wp_fail(r->err, WP_ERR_FILE, "'%s' cannot be read: %s", path, strerror(errno));
    }
    const bool too_big = n > WP_MAX_YAML_BYTES;
    int64_t kept = too_big ? WP_MAX_YAML_BYTES : n;
    char *copy = NULL;
    if (text == NULL) {
        copy = bytes_of(r, path, &kept);
        if (copy == NULL && r->status == WP_OK) {
            return wp_fail(r->err, WP_ERR_FILE, "'%s' cannot be read: %s", path, strerror(errno));
        }
    } else {
        copy = wp_reader_alloc(r, (size_t)kept + 1, 1);
        if (copy != NULL && kept > 0) { memcpy(copy, text, (size_t)kept); }
    }
    if (copy == NULL) { return r->status; }
    (void)add(r, WP_SOURCE_YAML, path, real, copy, kept);
    if (is_result(copy, kept)) {
        wp_report_error(r, NULL, "this is a result, and no scenario; name the scenario that it is a run of");
    } else if (too_big) {
        wp_report_error(r, NULL, "this file has %lld bytes; a scenario file has at most 1 MiB", (long long)n);
    }
    return r->status;
}

/* Where the scalar leads: absolute and allowed, or NULL after reporting. */
static const char *resolve(wp_reader *r, const wp_node *at)
{
    if (at->kind != WP_NODE_SCALAR || at->text[0] == '\0') {
        wp_report_error(r, at, "the name of a file was expected");
        return NULL;
    }
    if (at->text[0] == '/' || strlen(at->text) > 1000) {
        wp_report_error(r, at, "'%s': the name of a file is relative to the file it is written in", at->text);
        return NULL;
    }
    const char *folder = folder_of(r, r->sources->real[at->pos.file]);
    const char *path = folder != NULL ? joined(r, folder, at->text) : NULL;
    if (path == NULL) { return NULL; }
    errno = 0;
    const char *real = real_of(r, path);
    int reason = errno;
    if (r->status != WP_OK) { return NULL; }
    if (real == NULL && reason == ENOMEM) {
        no_memory(r);
    } else if (real == NULL) {
        wp_report_error(r, at, "there is no file '%s' beside this one", at->text);
    } else if (!is_allowed(r->sources, real)) {
        wp_report_error(r, at, "'%s' lies outside the scenario's folder and the scenario library", at->text);
        real = NULL;
    }
    return real;
}

static bool has_room(wp_reader *r, const wp_node *at, wp_source_kind kind, int64_t size)
{
    const wp_sources *s = r->sources;
    bool yaml = kind == WP_SOURCE_YAML;
    int64_t most = yaml ? WP_MAX_YAML_BYTES : WP_MAX_CSV_BYTES;
    int64_t most_in_all = yaml ? WP_MAX_ALL_BYTES : 4 * (int64_t)WP_MAX_ALL_BYTES;
    int n_most = yaml ? WP_MAX_SCENARIO_FILES : WP_MAX_TABLE_FILES;
    if (size > most) {
        wp_report_error(r, at, "'%s' has more than %lld MiB", at->text, (long long)(most >> 20));
        return false;
    }
    if (s->n_kind[kind] >= n_most) {
        wp_report_error(r, at, "this scenario has more than %d files of this kind", n_most);
        return false;
    }
    if (s->n_bytes[kind] + size > most_in_all) {
        wp_report_error(r, at, "the files of this scenario have more than %lld MiB in all",
                        (long long)(most_in_all >> 20));
        return false;
    }
    return true;
}

int wp_source_open(wp_reader *r, const wp_node *at, wp_source_kind kind, bool *is_new)
{
    wp_sources *s = r->sources;
    if (is_new != NULL) { *is_new = false; }
    const char *real = resolve(r, at);
    if (real == NULL) { return -1; }
    for (int i = 0; i < r->scenario->n_files; i++) {
        if (s->kind[i] == kind && strcmp(s->real[i], real) == 0) { return i; }
    }
    int64_t size = 0;
    errno = 0;
    if (!is_regular(real, &size)) {
        wp_report_error(r, at, "'%s' cannot be read: %s", at->text, strerror(errno));
        return -1;
    }
    if (!has_room(r, at, kind, size)) { return -1; }
    char *text = bytes_of(r, real, &size);
    if (text == NULL) {
        if (r->status == WP_OK) {
            wp_report_error(r, at, "'%s' cannot be read: %s", at->text, strerror(errno));
        }
        return -1;
    }
    const char *folder = folder_of(r, s->files[at->pos.file].path);
    const char *shown = folder != NULL ? joined(r, folder, at->text) : NULL;
    char *tidy = shown != NULL ? wp_arena_strdup(&r->scratch, shown) : NULL;
    if (tidy == NULL) {
        no_memory(r);
        return -1;
    }
    shorten(tidy);
    if (is_new != NULL) { *is_new = true; }
    return add(r, kind, tidy, real, text, size);
}

const char *wp_source_path(wp_reader *r, const wp_node *at)
{
    const char *real = resolve(r, at);
    int64_t size = 0;
    if (real == NULL) { return NULL; }
    if (!is_regular(real, &size)) {
        wp_report_error(r, at, "'%s' is not a file", at->text);
        return NULL;
    }
    return wp_reader_keep(r, real);
}
