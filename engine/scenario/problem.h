/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Problems: what the reader says about a scenario's text, each at its place, all in one pass. */
#ifndef WP_SCENARIO_PROBLEM_H
#define WP_SCENARIO_PROBLEM_H

#include <wholeplace/scenario.h>

#include "scenario/document.h"

/* Reports a problem at a node (NULL: the scenario as a whole). One line, no full stop, British plain
   English: what it was, what is allowed, the nearest valid name. The file, line and column, "error:" and
   the excerpt are added. At most 200 errors and 200 warnings are kept, then "and N more". The same
   sentence at the same place is kept once. */
void wp_report_error(wp_reader *r, const wp_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void wp_report_warning(wp_reader *r, const wp_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same at a bare position, `width` characters wide. */
void wp_report_error_at(wp_reader *r, wp_pos pos, int width, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void wp_report_warning_at(wp_reader *r, wp_pos pos, int width, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What to write instead, for the problem reported last. */
void wp_report_hint(wp_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "; did you mean 'NAME'?" for the nearest of `names[n]`, or "" — in a buffer of the reader's, good until
   the next call: wp_report_error(r, at, "unknown name '%s'%s", word, wp_report_nearest(r, …)). */
const char *wp_report_nearest(wp_reader *r, const char *word, const char *const *names, int n);

/* "file.yaml:12" of a position, for messages that show a second place; good until four more calls. */
const char *wp_report_place(wp_reader *r, wp_pos pos);

typedef struct wp_problem_store wp_problem_store;

/* An empty list; NULL without memory. Free with the other, unless it was handed over. */
wp_problem_store *wp_problem_store_new(void);
void wp_problem_store_free(wp_problem_store *store);

/* Sorts what was reported and hands it over; the reader's list is empty afterwards. */
wp_status wp_problems_take(wp_reader *r, wp_problems *problems, wp_error *err);

#endif
