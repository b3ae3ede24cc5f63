/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace sensitivity SCENARIO: how much of what is not known of a saving each uncertain number
   explains. */
#include "cli/command.h"

#include <stdlib.h>

#include "cli/progress.h"
#include "cli/stop.h"

typedef struct options {
    const char *path;
    bool json, csv, quiet;
    const char **of;           /* those that were given */
    wp_sensitivity_options sensitivity;
    progress_line line;
} options;

enum { KEY_ARM = 1000, KEY_TARGET, KEY_OF, KEY_DRY, KEY_JSON, KEY_CSV };

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    wp_sensitivity_options *s = &o->sensitivity;
    if (take_run_size(key, argument, state, &s->run)) { return 0; }
    switch (key) {
    case KEY_ARM: s->arm = argument; return 0;
    case KEY_TARGET: s->target = argument; return 0;
    case KEY_OF: o->of[s->n_of++] = argument; return 0;
    case KEY_DRY: s->run.dry_run = true; return 0;
    case KEY_JSON: o->json = true; return 0;
    case KEY_CSV: o->csv = true; return 0;
    case 'q': o->quiet = true; return 0;
    case ARGP_KEY_END:
        if (o->json && o->csv) { argp_error(state, "--json and --csv: one of them at a time"); }
        break;
    default: break;
    }
    return take_one_argument(key, argument, state, &o->path, "scenario");
}

static bool on_progress(void *user, const wp_progress *progress)
{
    options *o = user;
    progress_show(&o->line, progress);
    return !is_stopped();
}

static void on_plan(void *user, const wp_sensitivity *plan)
{
    const options *o = user;
    if (!o->quiet && !o->sensitivity.run.dry_run) { wp_sensitivity_print_plan(plan, stderr); }
}

static int find(options *o, wp_sensitivity *found)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    catch_stop(STOP_WHEN_ASKED);
    progress_init(&o->line, o->quiet);
    o->sensitivity.of = o->of;
    o->sensitivity.planned = on_plan;
    o->sensitivity.run.progress = on_progress;
    o->sensitivity.run.user = o;
    int code = read_scenario(o->path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status = wp_sensitivity_find(scenario, &o->sensitivity, found, &err);
        progress_end(&o->line);
        if (status != WP_OK) { code = report_failure(&err, status); }
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}

static const struct argp_option option_list[] = {
    {"arm", KEY_ARM, "ARM", 0, "Of whose net saving, discounted (default: the only one)", 1},
    {"target", KEY_TARGET, "NAME", 0, "Of the figure of this target instead", 1},
    {"of", KEY_OF, "NAME[,NAME...]", 0,
     "This number is an input, or these together; may be given again. All others are one more input (default: each "
     "number is one)",
     1},
    RUN_SIZE_OPTIONS(2, "64", "as the scenario says"),
    {"dry-run", KEY_DRY, NULL, 0, "Say how many runs it takes, and which inputs change lives", 3},
    {"json", KEY_JSON, NULL, 0, "One JSON object", 4},
    {"csv", KEY_CSV, NULL, 0, "CSV, a row an input", 4},
    {"quiet", 'q', NULL, 0, "No progress", 4},
    {0}};

int command_sensitivity(int argc, char **argv)
{
    static const struct argp argp = {
        option_list,
        parse,
        "SCENARIO",
        "Finds how much of what is not known of an arm's saving hinges on each uncertain number, alone and with all "
        "others: Sobol indices.\v"
        "In each draw the scenario is run with all numbers from two samples, and then once more for each input, with "
        "that one from the other sample: draws x (inputs + 2) runs, of the same lives but for what the numbers "
        "change. Where prices alone differ, nothing is simulated. Correlated numbers are one input, since what one "
        "of them does without the other is not defined. First see --dry-run, take a --sample, and with many numbers "
        "ask for a few (--of): those that `summary --decision` says it hinges on. Fewer than 16 draws give no intervals.\n\n" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    options o = {0};
    wp_sensitivity found = {0};
    o.of = calloc((size_t)argc + 1, sizeof *o.of);
    if (o.of == NULL) { return report_failure(NULL, WP_ERR_MEMORY); }
    parse_options(&argp, argc, argv, &o);
    int code = find(&o, &found);
    if (code == EXIT_DONE) {
        (o.json ? wp_sensitivity_print_json : o.csv ? wp_sensitivity_print_csv : wp_sensitivity_print)(&found, stdout);
        code = finish_output(EXIT_DONE);
    }
    wp_sensitivity_free(&found);
    free(o.of);
    return code;
}
