/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace solve: what would have to be true for an arm to save what is wanted. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cli/command.h"

typedef struct options {
    const char *path, *price, *parameter;
    double from, to;
    bool has_range, json;
    wp_solve_target target;
    wp_run_options run;
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

/* Four significant figures: more than the interval supports. */
static void print_value(double value, const char *unknown)
{
    if (isnan(value)) { printf("%s", unknown); } else { printf("%.4g", value); }
}

static void print_solution(const options *o, const wp_solution *s)
{
    const char *name = o->price != NULL ? o->price : o->parameter;
    if (!s->is_found) {
        printf("%s: nowhere in the range that was searched; the mean saving is %.0f GBP at one end and %.0f "
               "GBP at the other, and %.0f GBP is wanted\n",
               name, s->saving_at_from, s->saving_at_to, o->target.saving);
        return;
    }
    printf("%s: %.4g %s makes the mean net saving, discounted, %.0f GBP\n", name, s->value, s->unit,
           o->target.saving);
    printf("  95 %% interval: ");
    print_value(s->low, o->price != NULL ? "0 or less" : "below what was searched");
    printf(" to ");
    print_value(s->high, "above what was searched");
    printf(" (where the saving's interval holds that)\n");
    if (s->n_runs > 0) { printf("  %d runs of the same lives\n", s->n_runs); }
}

static void print_key(const char *key, double value)
{
    printf(", \"%s\": ", key);
    if (isfinite(value)) { printf("%.17g", value); } else { printf("null"); }
}

static void print_json(const wp_solution *s)
{
    printf("{\"found\": %s, \"unit\": \"%s\", \"runs\": %d", s->is_found ? "true" : "false", s->unit,
           s->n_runs);
    print_key("value", s->value);
    print_key("low", s->low);
    print_key("high", s->high);
    print_key("saving_at_from", s->saving_at_from);
    print_key("saving_at_to", s->saving_at_to);
    printf("}\n");
}

static int solve_by_runs(options *o, wp_solution *solution)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    int code = read_scenario(o->path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status =
            wp_solve_parameter(scenario, &o->run, &o->target, o->parameter, o->from, o->to, solution, &err);
        if (status != WP_OK) { code = report_failure(&err, status); }
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}

static int solve_by_prices(const options *o, wp_solution *solution)
{
    wp_error err = {0};
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
    RUN_SIZE_OPTIONS(3, "as the scenario says"),
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
    if (o.json) { print_json(&solution); } else { print_solution(&o, &solution); }
    return finish_output(EXIT_DONE);
}
