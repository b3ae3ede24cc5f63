/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace check SCENARIO: all problems at once, the size of the result, and what has no source. */
#include "cli/command.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return take_one_argument(key, argument, state, state->input, "scenario");
}

static void print_size(const wp_result_size *size)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double bytes = size->bytes;
    int unit = 0;
    while (bytes >= 1000.0 && unit < 4) {
        bytes /= 1000.0;
        unit++;
    }
    printf(
        "The result will hold %d arm%s x %d draw%s x %d replicate%s x %d years x %d counts: %.3g %s before "
        "compression.\n",
        size->n_arms, size->n_arms == 1 ? "" : "s", size->n_draws, size->n_draws == 1 ? "" : "s",
        size->n_replicates, size->n_replicates == 1 ? "" : "s", size->n_years, size->n_cells, bytes,
        units[unit]);
}

int command_check(int argc, char **argv)
{
    static const struct argp argp = {
        NULL, parse, "SCENARIO",
        "Reads a scenario and all that it uses, and reports every problem in one pass.\v"
        "Problems go to standard error as FILE:LINE:COLUMN: error: …; then the size of the result and the "
        "figures without a source go to standard output.\n\n" EXIT_CODES_TEXT, NULL, NULL, NULL};
    const char *path = NULL;
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_result_size size;
    wp_error err = {0};
    parse_options(&argp, argc, argv, &path);
    int code = read_scenario(path, false, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status = wp_result_size_of(scenario, &size, &err);
        if (status == WP_OK) {
            printf("%s: no errors, %zu warning%s\n", path, problems.n_warnings,
                   problems.n_warnings == 1 ? "" : "s");
            print_size(&size);
            status = wp_sources_print(scenario, stdout, &err);
        }
        code = status == WP_OK ? finish_output(EXIT_DONE) : report_failure(&err, status);
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}
