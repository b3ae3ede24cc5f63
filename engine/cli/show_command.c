/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace show SCENARIO: what is in it, in words, with sources. */
#include "cli/command.h"

#include <wholeplace/show.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return take_one_argument(key, argument, state, state->input, "scenario");
}

int command_show(int argc, char **argv)
{
    static const struct argp argp = {
        NULL,
        parse,
        "SCENARIO",
        "Prints what a scenario says once all its files are read, in words, with sources.\v" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    const char *path = NULL;
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    parse_options(&argp, argc, argv, &path);
    int code = read_scenario(path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status = wp_show(scenario, stdout, &err);
        code = status == WP_OK ? finish_output(EXIT_DONE) : report_failure(&err, status);
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}
