/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress on standard error: one line rewritten on a terminal, a plain line now and then in a log. */
#ifndef WP_CLI_PROGRESS_H
#define WP_CLI_PROGRESS_H

#include <stdbool.h>

#include <wholeplace/run.h>

typedef struct progress_line {
    bool is_quiet, is_terminal;
    int last_tenth;            /* a log gets a line each tenth, … */
    double last_seconds;       /* … and at least every minute */
    bool is_open;              /* the terminal's line has no end yet */
} progress_line;

void progress_init(progress_line *line, bool is_quiet);

/* Shows how far the run is: share, speed, time left. */
void progress_show(progress_line *line, const wp_progress *progress);

/* Ends the terminal's line, so that the next message begins a new one. */
void progress_end(progress_line *line);

/* "12 s", "3 min 20 s", "2 h 05 min" into text[32]. */
void progress_time(double seconds, char text[32]);

#endif
