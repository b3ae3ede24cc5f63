/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Problems: collecting, cutting to size, sorting. They live in an arena of their own, since they outlast
   a scenario that could not be read. */
#include "scenario/problem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/reader.h"

enum { MAX_KEPT = 200, MAX_TEXT = 600, MAX_EXCERPT = 400, N_PLACES = 4, PLACE_SIZE = 320 };

typedef struct kept_problem {
    wp_pos pos;
    int order; /* of reporting: the last of the keys that sort */
    wp_problem problem;
} kept_problem;

struct wp_problem_store {
    wp_arena arena;
    kept_problem kept[2 * MAX_KEPT];
    int n, n_errors, n_warnings; /* kept */
    int more_errors, more_warnings;
    wp_problem *last;
    char nearest[160];
    char places[N_PLACES][PLACE_SIZE];
    int next_place;
};

wp_problem_store *wp_problem_store_new(void)
{
    return calloc(1, sizeof(wp_problem_store));
}

void wp_problem_store_free(wp_problem_store *store)
{
    if (store == NULL) { return; }
    wp_arena_free(&store->arena);
    free(store);
}

/* Control characters become '?', so that a message stays one line and cannot steer a terminal; a cut
   never splits a character. */
static void tidy(char *text, size_t written, size_t size)
{
    size_t length = strlen(text);
    if (written >= size) {
        size_t cut = size - 4;
        while (cut > 0 && ((unsigned char)text[cut] & 0xC0U) == 0x80U) { cut--; }
        memcpy(text + cut, "...", 4);
        length = cut + 3;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20U || c == 0x7FU) { text[i] = '?'; }
    }
}

/* The line of the file, without its end; "" where there is none. */
static const char *excerpt_of(wp_reader *r, wp_pos pos)
{
    const wp_scenario *s = r->scenario;
    if (pos.line < 1 || pos.file < 0 || pos.file >= s->n_files) { return ""; }
    const char *p = s->files[pos.file].text;
    const char *end = p + s->files[pos.file].size;
    for (int line = 1; line < pos.line && p < end; line++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        if (newline == NULL) { return ""; }
        p = newline + 1;
    }
    const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    size_t length = (size_t)((newline != NULL ? newline : end) - p);
    if (length > 0 && p[length - 1] == '\r') { length--; }
    char line[MAX_EXCERPT];
    size_t n = length < sizeof line ? length : sizeof line - 1;
    memcpy(line, p, n);
    line[n] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (line[i] == '\t' || line[i] == '\0') { line[i] = ' '; }
    }
    tidy(line, length, sizeof line);
    const char *copy = wp_arena_strdup(&r->problems->arena, line);
    return copy != NULL ? copy : "";
}

static bool is_known(const wp_problem_store *store, wp_pos pos, const char *text)
{
    for (int i = 0; i < store->n; i++) {
        const kept_problem *k = &store->kept[i];
        if (k->pos.file == pos.file && k->pos.line == pos.line && k->pos.column == pos.column &&
            strcmp(k->problem.text, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_full(wp_problem_store *store, wp_severity severity)
{
    bool error = severity == WP_SEVERITY_ERROR;
    if ((error ? store->n_errors : store->n_warnings) < MAX_KEPT) { return false; }
    if (error) {
        store->more_errors++;
    } else {
        store->more_warnings++;
    }
    return true;
}

static void report(wp_reader *r, wp_severity severity, wp_pos pos, int width, const char *format,
                   va_list arguments)
{
    wp_problem_store *store = r->problems;
    char text[MAX_TEXT];
    int written = vsnprintf(text, sizeof text, format, arguments);
    tidy(text, written < 0 ? 0 : (size_t)written, sizeof text);
    store->last = NULL;
    if (is_known(store, pos, text)) { return; }
    if (severity == WP_SEVERITY_ERROR) { r->n_errors_in_all++; }
    if (is_full(store, severity)) { return; }
    const char *copy = wp_arena_strdup(&store->arena, text);
    const char *file = "";
    if (pos.file >= 0 && pos.file < r->scenario->n_files) {
        file = wp_arena_strdup(&store->arena, r->scenario->files[pos.file].path);
    }
    if (copy == NULL || file == NULL) {
        r->status = wp_fail(r->err, WP_ERR_MEMORY, "not enough memory for the list of problems");
        return;
    }
    kept_problem *k = &store->kept[store->n];
    k->pos = pos;
    k->order = store->n;
    k->problem = (wp_problem){.severity = severity,
                              .file = file,
                              .line = pos.line,
                              .column = pos.column,
                              .width = width < 1 ? 1 : width,
                              .text = copy,
                              .excerpt = excerpt_of(r, pos),
                              .hint = ""};
    store->n++;
    store->n_errors += severity == WP_SEVERITY_ERROR;
    store->n_warnings += severity == WP_SEVERITY_WARNING;
    store->last = &k->problem;
}

void wp_report_error(wp_reader *r, const wp_node *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    wp_pos whole = {0};
    report(r, WP_SEVERITY_ERROR, at != NULL ? at->pos : whole, at != NULL ? at->width : 1, format,
           arguments);
    va_end(arguments);
}

void wp_report_warning(wp_reader *r, const wp_node *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    wp_pos whole = {0};
    report(r, WP_SEVERITY_WARNING, at != NULL ? at->pos : whole, at != NULL ? at->width : 1, format,
           arguments);
    va_end(arguments);
}

void wp_report_error_at(wp_reader *r, wp_pos pos, int width, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(r, WP_SEVERITY_ERROR, pos, width, format, arguments);
    va_end(arguments);
}

void wp_report_warning_at(wp_reader *r, wp_pos pos, int width, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(r, WP_SEVERITY_WARNING, pos, width, format, arguments);
    va_end(arguments);
}

void wp_report_hint(wp_reader *r, const char *format, ...)
{
    if (r->problems->last == NULL) { return; }
    va_list arguments;
    va_start(arguments, format);
    char text[MAX_TEXT];
    int written = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tidy(text, written < 0 ? 0 : (size_t)written, sizeof text);
    const char *copy = wp_arena_strdup(&r->problems->arena, text);
    if (copy != NULL) { r->problems->last->hint = copy; }
}

const char *wp_report_nearest(wp_reader *r, const char *word, const char *const *names, int n)
{
    char *buffer = r->problems->nearest;
    buffer[0] = '\0';
    size_t best = n > 0 ? wp_text_nearest(word, names, (size_t)n) : 0;
    if (n > 0 && best < (size_t)n) {
        (void)snprintf(buffer, sizeof r->problems->nearest, "; did you mean '%s'?", names[best]);
    }
    return buffer;
}

const char *wp_report_place(wp_reader *r, wp_pos pos)
{
    wp_problem_store *store = r->problems;
    char *buffer = store->places[store->next_place];
    store->next_place = (store->next_place + 1) % N_PLACES;
    const char *path = "";
    if (pos.file >= 0 && pos.file < r->scenario->n_files) { path = r->scenario->files[pos.file].path; }
    const char *slash = strrchr(path, '/');
    (void)snprintf(buffer, PLACE_SIZE, "%.300s:%d", slash != NULL ? slash + 1 : path, (int)pos.line);
    return buffer;
}

static int by_place(const void *left, const void *right)
{
    const kept_problem *a = left;
    const kept_problem *b = right;
    if (a->pos.file != b->pos.file) { return a->pos.file < b->pos.file ? -1 : 1; }
    if (a->pos.line != b->pos.line) { return a->pos.line < b->pos.line ? -1 : 1; }
    if (a->pos.column != b->pos.column) { return a->pos.column < b->pos.column ? -1 : 1; }
    return a->order < b->order ? -1 : a->order > b->order;
}

static const char *and_more(wp_problem_store *store)
{
    char text[80];
    if (store->more_errors > 0) {
        (void)snprintf(text, sizeof text, "and %d more errors", store->more_errors);
    } else {
        (void)snprintf(text, sizeof text, "and %d more warnings", store->more_warnings);
    }
    return wp_arena_strdup(&store->arena, text);
}

wp_status wp_problems_take(wp_reader *r, wp_problems *problems, wp_error *err)
{
    wp_status status = WP_OK;
    wp_problem_store *store = r->problems;
    bool more = store->more_errors > 0 || store->more_warnings > 0;
    qsort(store->kept, (size_t)store->n, sizeof store->kept[0], by_place);
    wp_problem *list =
        wp_arena_alloc_array(&store->arena, (size_t)store->n + 1, sizeof *list);
    WP_TRY_ALLOC(list);
    size_t n = 0;
    for (int i = 0; i < store->n; i++) { list[n++] = store->kept[i].problem; }
    if (more) {
        const char *text = and_more(store);
        WP_TRY_ALLOC(text);
        wp_severity severity = store->more_errors > 0 ? WP_SEVERITY_ERROR : WP_SEVERITY_WARNING;
        list[n++] = (wp_problem){.severity = severity, .file = "", .width = 1, .text = text,
                                 .excerpt = "", .hint = ""};
    }
    problems->n = n;
    problems->n_errors = (size_t)(store->n_errors + store->more_errors);
    problems->n_warnings = (size_t)(store->n_warnings + store->more_warnings);
    problems->list = list;
    problems->owner = store;
    r->problems = NULL;
out:
    return status;
}

void wp_problems_free(wp_problems *problems)
{
    if (problems == NULL) { return; }
    wp_problem_store_free(problems->owner);
    *problems = (wp_problems){0};
}
