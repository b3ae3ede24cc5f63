/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals. */
#define _GNU_SOURCE
#include "cli/stop.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"

/* What a handler may read and write. */
static volatile sig_atomic_t was_asked, is_written_now, ends_at_once;

static void stop(int signal_number)
{
    static const char text[] = "\nwholeplace: stopped at once; nothing was written\n";
    (void)signal_number;
    if ((was_asked || ends_at_once) && !is_written_now) {
        const ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
        (void)written;
        _exit(EXIT_STOPPED);
    }
    was_asked = 1;
}

void catch_stop(stop_manner manner)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART}, old;
    ends_at_once = manner == STOP_AT_ONCE;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            sigaction(signals[i], &action, NULL);
        }
    }
}

bool is_stopped(void)
{
    return was_asked != 0;
}

void set_writing(bool is_writing)
{
    is_written_now = is_writing;
}

int say_stopped(void)
{
    fprintf(stderr, "wholeplace: stopped early; nothing was written\n");
    return EXIT_STOPPED;
}
