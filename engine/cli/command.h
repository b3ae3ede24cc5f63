/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subcommands share: exit codes, messages, and parsing of options. */
#ifndef WP_CLI_COMMAND_H
#define WP_CLI_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include <wholeplace/wholeplace.h>

typedef enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WRONG = 2, EXIT_STOPPED = 3 } exit_code;

/* Part of every --help. */
#define EXIT_CODES_TEXT \
    "Exit status: 0 done, 1 it failed, 2 the command or its input was wrong, 3 stopped early."

/* Each runs one subcommand; argv[0] is "wholeplace NAME". Gives the exit code. */
int command_align(int argc, char **argv);
int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_show(int argc, char **argv);
int command_summary(int argc, char **argv);
int command_export(int argc, char **argv);
int command_sensitivity(int argc, char **argv);
int command_solve(int argc, char **argv);
int command_validate(int argc, char **argv);
int command_calibrate(int argc, char **argv);
int command_digest(int argc, char **argv);

/* Prints "wholeplace: error: …" to stderr and gives the exit code that belongs to the status. */
int report_failure(const wp_error *err, wp_status status);

/* The same for a command whose input is a result: a file that cannot be read is then a wrong input. */
int report_result_failure(const wp_error *err, wp_status status);

/* Prints what reading a file found to stderr, as compilers do; `quiet`: no warnings. EXIT_DONE, or the
   exit code of the status with which it ended. */
int report_problems(const wp_problems *problems, bool quiet, const wp_error *err, wp_status status);

/* Reads a scenario and prints its problems to stderr as compilers do. EXIT_DONE, or the exit code. */
int read_scenario(const char *path, bool quiet, wp_scenario **scenario, wp_problems *problems);

/* Option values; a wrong one ends the process through argp_error (exit 2), naming the option. */
int64_t parse_whole(const struct argp_state *state, const char *option, const char *text, int64_t least,
                    int64_t most);
double parse_share(const struct argp_state *state, const char *option, const char *text);

/* How large a run is: rows of an argp_option list in group `group`, and what takes them. False for other
   keys. */
enum { KEY_SIZE_DRAWS = 2000, KEY_SIZE_REPLICATES, KEY_SIZE_SAMPLE };
#define RUN_SIZE_OPTIONS(group, usual_draws, usual) \
    {"draws", KEY_SIZE_DRAWS, "N", 0, "Draws of the parameters (default: " usual_draws ")", (group)}, \
    {"replicates", KEY_SIZE_REPLICATES, "N", 0, "Replicates of the lives (default: " usual ")", (group)}, \
    {"sample", KEY_SIZE_SAMPLE, "F", 0, \
     "Share of households that is simulated, such as 0.1 or 10% (default: " usual ")", (group)}, \
    {"threads", 't', "N", 0, "Threads (default: OMP_NUM_THREADS, else all cores)", (group)}
bool take_run_size(int key, const char *argument, const struct argp_state *state, wp_run_options *run);

/* argp_parse with this program's conventions: wrong usage ends with EXIT_WRONG. */
void parse_options(const struct argp *argp, int argc, char **argv, void *options);

/* The one positional argument of most subcommands. */
error_t take_one_argument(int key, char *argument, struct argp_state *state, const char **value,
                          const char *what);

/* Flushes stdout; EXIT_FAILED with a message when what was printed did not arrive. */
int finish_output(int code);

#endif
