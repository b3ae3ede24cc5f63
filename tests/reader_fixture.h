/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader around a text, for tests of its parts. */
#ifndef WP_TESTS_READER_FIXTURE_H
#define WP_TESTS_READER_FIXTURE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

typedef struct reader_fixture {
    wp_reader r;
    wp_scenario scenario;
    wp_source_file file;
    wp_error err;
} reader_fixture;

/* Readies the reader for one file, whose text is borrowed. False without memory. */
static inline bool reader_fixture_init(reader_fixture *f, const char *text)
{
    memset(f, 0, sizeof *f);
    f->file = (wp_source_file){.path = "test.yaml", .text = text, .size = (int64_t)strlen(text)};
    f->scenario.files = &f->file;
    f->scenario.n_files = 1;
    f->r.scenario = &f->scenario;
    f->r.err = &f->err;
    f->r.problems = wp_problem_store_new();
    return f->r.problems != NULL;
}

static inline void reader_fixture_free(reader_fixture *f)
{
    wp_problem_store_free(f->r.problems);
    wp_arena_free(&f->r.scratch);
    wp_arena_free(&f->scenario.arena);
    memset(f, 0, sizeof *f);
}

/* Moves the problems out of the reader. */
static inline wp_problems reader_fixture_problems(reader_fixture *f)
{
    wp_problems problems = {0};
    (void)wp_problems_take(&f->r, &problems, &f->err);
    return problems;
}

#endif
