/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace COMMAND …: finds the subcommand and hands it the rest. */
#define _GNU_SOURCE
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

typedef struct subcommand {
    const char *name, *about;
    int (*run)(int argc, char **argv);
} subcommand;

static const subcommand subcommands[] = {
    {"run", "simulate a scenario into a result file", command_run},
    {"check", "find every problem of a scenario", command_check},
    {"show", "say what is in a scenario, with sources", command_show},
    {"summary", "say what a result's arms save, by year and payer", command_summary},
    {"export", "write a result as CSV, for spreadsheets and R", command_export},
    {"sensitivity", "what a saving hinges on, number by number: Sobol indices, by simulation", command_sensitivity},
    {"solve", "find the price, effect or places at which an arm breaks even", command_solve},
    {"validate", "set a model beside what was published of its place", command_validate},
    {"calibrate", "fit parameters to published facts, never to a claim", command_calibrate},
    {"align", "bring a baseline to totals known from elsewhere", command_align},
    {"digest", "print one line that is the same for equal results", command_digest},
};
enum { N_SUBCOMMANDS = sizeof subcommands / sizeof subcommands[0] };

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: wholeplace COMMAND [OPTION...] ARGUMENT\n\n"
                 "Simulates every resident of a place, with and without ways of organising services\n"
                 "differently, and says what each would save.\n\n");
    for (int i = 0; i < N_SUBCOMMANDS; i++) {
        fprintf(out, "  %-11s %s\n", subcommands[i].name, subcommands[i].about);
    }
    fprintf(out, "\n'wholeplace COMMAND --help' says more. %s\n", EXIT_CODES_TEXT);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = EXIT_WRONG;
    /* A file that grows past the limit of its size is a failed write, which is reported and leaves nothing. */
    signal(SIGXFSZ, SIG_IGN);
    setlocale(LC_CTYPE, "");
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_WRONG;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return finish_output(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("wholeplace %s\n", wp_version());
        return finish_output(EXIT_DONE);
    }
    for (int i = 0; i < N_SUBCOMMANDS; i++) {
        if (strcmp(argv[1], subcommands[i].name) != 0) { continue; }
        char name[32];
        snprintf(name, sizeof name, "wholeplace %s", subcommands[i].name);
        argv[1] = name;
        return subcommands[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "wholeplace: error: '%s' is not a command; 'wholeplace --help' lists them\n", argv[1]);
    return EXIT_WRONG;
}
