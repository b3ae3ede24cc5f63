/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The progress line. */
#define _GNU_SOURCE
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_COLUMNS = 80, OTHER_COLUMNS = 62, MAX_BAR = 40 };
#define LOG_SECONDS 60.0

void progress_init(progress_line *line, bool is_quiet)
{
    const char *terminal = getenv("TERM");
    bool is_dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;
    *line = (progress_line){
        .is_quiet = is_quiet, .is_terminal = isatty(STDERR_FILENO) && !is_dumb, .last_tenth = -1};
}

void progress_time(double seconds, char text[32])
{
    long s = seconds < 0.0 ? 0 : seconds > 1e7 ? 10000000L : (long)(seconds + 0.5);
    if (s < 60) {
        snprintf(text, 32, "%ld s", s);
    } else if (s < 3600) {
        snprintf(text, 32, "%ld min %02ld s", s / 60, s % 60);
    } else {
        snprintf(text, 32, "%ld h %02ld min", s / 3600, s / 60 % 60);
    }
}

static void speed_text(const wp_progress *progress, char text[48])
{
    double speed = progress->seconds > 0.0 ? progress->person_years / progress->seconds : 0.0;
    if (speed >= 1e6) {
        snprintf(text, 48, "%.1f million person-years/s", speed / 1e6);
    } else {
        snprintf(text, 48, "%.0f person-years/s", speed);
    }
}

static void show_on_terminal(progress_line *line, const wp_progress *progress, const char *speed,
                             const char *left)
{
    struct winsize size;
    bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    int columns = (is_known ? size.ws_col : DEFAULT_COLUMNS) - OTHER_COLUMNS;
    int n = columns > MAX_BAR ? MAX_BAR : columns;
    int full = (int)(n * progress->done);
    fprintf(stderr, "\r\033[K%3.0f %% ", 100.0 * progress->done);
    if (n > 4) {
        fputc('[', stderr);
        for (int i = 0; i < n; i++) { fputc(i < full ? '#' : '-', stderr); }
        fputs("] ", stderr);
    }
    fprintf(stderr, "%s, %s left", speed, left);
    fflush(stderr);
    line->is_open = true;
}

static void show_stage(progress_line *line, const char *what)
{
    fprintf(stderr, "\r\033[K%s", what);
    fflush(stderr);
    line->is_open = true;
}

void progress_show(progress_line *line, const wp_progress *progress)
{
    char speed[48], left[32] = "?";
    if (line->is_quiet || (progress->stage != WP_STAGE_SIMULATING && !line->is_terminal)) { return; }
    if (progress->stage != WP_STAGE_SIMULATING) {
        show_stage(line,
                   progress->stage == WP_STAGE_FOUNDING ? "founding the population" : "writing the result");
        return;
    }
    speed_text(progress, speed);
    if (progress->done >= 0.01) { /* before, the means over founders weigh too much */
        progress_time(progress->seconds * (1.0 - progress->done) / progress->done, left);
    }
    if (line->is_terminal) {
        show_on_terminal(line, progress, speed, left);
        return;
    }
    int tenth = (int)(10.0 * progress->done);
    if (tenth == line->last_tenth && progress->seconds - line->last_seconds < LOG_SECONDS) { return; }
    line->last_tenth = tenth;
    line->last_seconds = progress->seconds;
    fprintf(stderr, "%3.0f %%, draw %d, replicate %d%s%s, %s, %s left\n", 100.0 * progress->done,
            progress->draw + 1, progress->replicate + 1,
            progress->arm != NULL && progress->arm[0] != '\0' ? ", arm " : "",
            progress->arm != NULL ? progress->arm : "", speed, left);
}

void progress_end(progress_line *line)
{
    if (line->is_open) { fputc('\n', stderr); }
    line->is_open = false;
}
