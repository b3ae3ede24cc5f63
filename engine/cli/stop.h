/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being asked to stop: Ctrl-C, and what else ends a process in good order. */
#ifndef WP_CLI_STOP_H
#define WP_CLI_STOP_H

#include <stdbool.h>

typedef enum stop_manner {
    STOP_WHEN_ASKED, /* the first signal sets is_stopped(), for work that asks; the second ends at once */
    STOP_AT_ONCE     /* the first signal ends the process: nothing is written meanwhile */
} stop_manner;

/* From now on SIGINT, SIGTERM and SIGHUP end the command with EXIT_STOPPED and a message; but for signals
   that whoever started it has it ignore (nohup, jobs in a script's background). */
void catch_stop(stop_manner manner);

/* Was it asked to stop? */
bool is_stopped(void);

/* While a result is written nothing stops it: there is a file then that must be whole or gone, and the end
   is near. */
void set_writing(bool is_writing);

/* Says that nothing was written; gives EXIT_STOPPED. */
int say_stopped(void);

#endif
