/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace summary RESULT: savings by year and payer, with intervals. */
#include "cli/command.h"

typedef struct options {
    const char *path;
    wp_summary_options summary;
} options;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    if (key == 'd') {
        o->summary.decision = true;
        return 0;
    }
    if (key == 'j') {
        o->summary.json = true;
        return 0;
    }
    if (key == 's') {
        o->summary.spend = true;
        return 0;
    }
    if (key == ARGP_KEY_END && o->summary.spend && (o->summary.json || o->summary.decision)) {
        argp_error(state, "--spend is a table of its own; 'wholeplace export' writes its numbers");
    }
    if (key == ARGP_KEY_END && o->summary.json && o->summary.decision) {
        argp_error(state, "--decision is text; 'wholeplace export' writes its numbers");
    }
    return take_one_argument(key, argument, state, &o->path, "result");
}

int command_summary(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"decision", 'd', NULL, 0,
         "How sure, what the answer hinges on, which arm, what knowing more is worth", 0},
        {"spend", 's', NULL, 0, "What is spent on each person in a year, and how much of it on few, by arm", 0},
        {"json", 'j', NULL, 0, "One JSON object, with unrounded numbers", 0},
        {0}};
    static const struct argp argp = {
        list,
        parse,
        "RESULT",
        "Prints what each arm saves against the baseline: what to decide, in sentences, then who pays, by when, "
        "and how sure, with 95 % intervals.\v"
        "Needs the result alone. Numbers are rounded to what their interval supports; printed parts add to "
        "printed totals.\n\n" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    options o = {0};
    wp_error err = {0};
    parse_options(&argp, argc, argv, &o);
    wp_status status = wp_summary(o.path, &o.summary, stdout, &err);
    if (status != WP_OK) { return report_result_failure(&err, status); }
    return finish_output(EXIT_DONE);
}
