/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace solve: what would have to be true for an arm to save what is wanted. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/stop.h"

typedef struct options {
    const char *path, *price, *parameter;
    double from, to;
    bool has_range, json;
    wp_solve_target target;
    wp_run_options run;
    progress_line line;
} options;

enum { KEY_PRICE = 1000, KEY_PARAMETER, KEY_BETWEEN, KEY_ARM, KEY_SAVING, KEY_JSON };

static double parse_number(const struct argp_state *state, const char *option, const char *text, char **end)
{
    errno = 0;
    double value = strtod(text, end);
    if (*end == text || errno != 0 || !isfinite(value)) {
        argp_error(state, "%s: '%s' is not a number", option, text);
    }
    return value;
}

static void parse_between(const struct argp_state *state, char *text, options *o)
{
    char *end = NULL;
    o->from = parse_number(state, "--between", text, &end);
    if (*end != ',') { argp_error(state, "--between: '%s' is not two numbers, such as 0.5,1.2", text); }
    o->to = parse_number(state, "--between", end + 1, &end);
    if (*end != '\0' || o->from == o->to) {
        argp_error(state, "--between: '%s' is not two different numbers", text);
    }
    o->has_range = true;
}

static void check_options(const struct argp_state *state, const options *o)
{
    if (o->path == NULL) { return; }
    if ((o->price == NULL) == (o->parameter == NULL)) {
        argp_error(state, "say what to solve for: --price UNIT_VALUE of a result, or --parameter NAME of a "
                          "scenario");
    }
    if (o->parameter != NULL && !o->has_range) {
        argp_error(state, "say where to search: --between FROM,TO");
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    char *end = NULL;
    if (take_run_size(key, argument, state, &o->run)) { return 0; }
    switch (key) {
    case KEY_PRICE: o->price = argument; return 0;
    case KEY_PARAMETER: o->parameter = argument; return 0;
    case KEY_BETWEEN: parse_between(state, argument, o); return 0;
    case KEY_ARM: o->target.arm = argument; return 0;
    case KEY_SAVING:
        o->target.saving = parse_number(state, "--saving", argument, &end);
        if (*end != '\0') { argp_error(state, "--saving: '%s' is not a number of pounds", argument); }
        return 0;
    case KEY_JSON: o->json = true; return 0;
    case ARGP_KEY_END: check_options(state, o); break;
    default: break;
    }
    return take_one_argument(key, argument, state, &o->path, o->parameter != NULL ? "scenario" : "result");
}

/* Has the file the eight bytes that HDF5 files begin with? */
static bool is_result(const char *path)
{
    static const char signature[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    char bytes[sizeof signature] = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) { return false; }
    const size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return n == sizeof bytes && memcmp(bytes, signature, sizeof bytes) == 0;
}

static bool on_progress(void *user, const wp_progress *progress)
{
    options *o = user;
    if (o->line.is_terminal) { progress_show(&o->line, progress); }
    return !is_stopped();
}

static int solve_by_runs(options *o, wp_solution *solution)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    if (is_result(o->path)) {
        fprintf(stderr, "wholeplace: error: %s is a result; a parameter is solved for by running its scenario: name "
                        "that (for a price a result is enough: --price)\n", o->path);
        return EXIT_WRONG;
    }
    catch_stop(STOP_WHEN_ASKED);
    progress_init(&o->line, false);
    o->run.progress = on_progress;
    o->run.user = o;
    int code = read_scenario(o->path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status =
            wp_solve_parameter(scenario, &o->run, &o->target, o->parameter, o->from, o->to, solution, &err);
        progress_end(&o->line);
        if (status != WP_OK) { code = report_failure(&err, status); }
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}

static int solve_by_prices(const options *o, wp_solution *solution)
{
    wp_error err = {0};
    catch_stop(STOP_AT_ONCE);
    wp_status status = wp_solve_price(o->path, &o->target, o->price, solution, &err);
    return status == WP_OK ? EXIT_DONE : report_result_failure(&err, status);
}

static const struct argp_option option_list[] = {
    {"price", KEY_PRICE, "UNIT_VALUE", 0, "Solve for a price, from a result: no simulation", 1},
    {"parameter", KEY_PARAMETER, "NAME", 0,
     "Solve for a parameter of a scenario (an effect, a number of places), by simulation", 1},
    {"between", KEY_BETWEEN, "FROM,TO", 0, "Where to search for the parameter, in its own unit", 1},
    {"saving", KEY_SAVING, "GBP", 0, "What is wanted, such as what somebody claims (default: break-even)", 2},
    {"arm", KEY_ARM, "ARM", 0, "Of which arm (default: the only one)", 2},
    RUN_SIZE_OPTIONS(3, "as the scenario says", "as the scenario says"),
    {"json", KEY_JSON, NULL, 0, "One JSON object", 4},
    {0}};

int command_solve(int argc, char **argv)
{
    static const struct argp argp = {
        option_list,
        parse,
        "RESULT|SCENARIO",
        "Finds the price, or the parameter, at which an arm's net saving, discounted, is what is wanted.\v"
        "--price needs a result and changes prices alone. --parameter needs a scenario and runs it a dozen "
        "times or two, each with the same lives but for what the parameter changes.\n\n" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    options o = {0};
    wp_solution solution = {0};
    parse_options(&argp, argc, argv, &o);
    int code = o.price != NULL ? solve_by_prices(&o, &solution) : solve_by_runs(&o, &solution);
    if (code != EXIT_DONE) { return code; }
    const char *name = o.price != NULL ? o.price : o.parameter;
    if (o.json) {
        wp_solution_print_json(&solution, stdout);
    } else {
        wp_solution_print(&solution, name, &o.target, stdout);
    }
    return finish_output(EXIT_DONE);
}
