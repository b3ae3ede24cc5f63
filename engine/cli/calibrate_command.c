/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace calibrate SCENARIO --parameters A,B -o FILE.yaml: fits parameters to facts. */
#define _GNU_SOURCE
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/stop.h"

enum { KEY_PARAMETERS = 1000, KEY_TARGETS, KEY_FORCE, MAX_NAMES = 256 };

/* Names with commas between, cut apart. */
typedef struct name_list {
    char *text;
    const char *names[MAX_NAMES];
    int n;
} name_list;

typedef struct options {
    const char *path, *file;
    bool is_quiet, is_terminal;
    name_list parameters, targets;
    wp_calibrate_options calibrate;
} options;

static void parse_names(const struct argp_state *state, const char *option, const char *text, name_list *list)
{
    char *place = NULL;
    free(list->text);
    *list = (name_list){.text = strdup(text)};
    if (list->text == NULL) { argp_failure(state, EXIT_FAILED, 0, "not enough memory"); }
    for (char *name = strtok_r(list->text, ",", &place); name != NULL; name = strtok_r(NULL, ",", &place)) {
        if (list->n == MAX_NAMES) { argp_error(state, "%s: more than %d names", option, (int)MAX_NAMES); }
        list->names[list->n++] = name;
    }
    if (list->n == 0) { argp_error(state, "%s: '%s' names nothing", option, text); }
}

static void check_options(const struct argp_state *state, const options *o)
{
    if (o->path == NULL) { return; }
    if (o->parameters.n == 0) { argp_error(state, "say what to fit: --parameters A,B"); }
    if (o->file == NULL) { argp_error(state, "say where the fitted values go: -o FILE.yaml"); }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    if (take_run_size(key, argument, state, &o->calibrate.run)) { return 0; }
    switch (key) {
    case 'o': o->file = argument; return 0;
    case 'p': parse_names(state, "--parameters", argument, &o->parameters); return 0;
    case KEY_TARGETS: parse_names(state, "--targets", argument, &o->targets); return 0;
    case KEY_FORCE: o->calibrate.force = true; return 0;
    case 'q': o->is_quiet = true; return 0;
    case ARGP_KEY_END: check_options(state, o); break;
    default: break;
    }
    return take_one_argument(key, argument, state, &o->path, "scenario");
}

static void tell(void *user, int n_runs, double misfit)
{
    const options *o = user;
    if (o->is_quiet) { return; }
    fprintf(stderr, "%srun %d: off by %.3g times what is tolerated%s", o->is_terminal ? "\r\033[K" : "  ",
            n_runs, misfit, o->is_terminal ? "" : "\n");
}

static bool on_progress(void *user, const wp_progress *progress)
{
    (void)user;
    (void)progress;
    return !is_stopped();
}

static int calibrate(options *o)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    int code = read_scenario(o->path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_calibrate_options *c = &o->calibrate;
        c->parameters = o->parameters.names;
        c->n_parameters = o->parameters.n;
        c->targets = o->targets.names;
        c->n_targets = o->targets.n;
        c->told = tell;
        c->run.progress = on_progress;
        c->user = o;
        wp_status status = wp_calibrate(scenario, c, o->file, stdout, &err);
        if (o->is_terminal && !o->is_quiet) { fputs("\r\033[K", stderr); }
        code = status == WP_OK ? finish_output(EXIT_DONE) : report_failure(&err, status);
    }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}

static const struct argp_option option_list[] = {
    {"parameters", 'p', "A,B", 0, "The parameters to fit, each a single number", 1},
    {"output", 'o', "FILE", 0, "The YAML file that the fitted values go to, for a scenario's `use`", 1},
    {"targets", KEY_TARGETS, "X,Y", 0, "Fit to these targets (default: all that are baseline facts)", 1},
    {"force", KEY_FORCE, NULL, 0, "Overwrite a file that an earlier calibration wrote", 1},
    {"replicates", KEY_SIZE_REPLICATES, "N", 0, "Replicates of the lives, 2 or more (default: 8)", 2},
    {"sample", KEY_SIZE_SAMPLE, "F", 0,
     "Share of households that is simulated, such as 0.1 or 10% (default: as runs.validate says)", 2},
    {"threads", 't', "N", 0, "Threads (default: OMP_NUM_THREADS, else all cores)", 2},
    {"quiet", 'q', NULL, 0, "No progress", 3},
    {0}};

int command_calibrate(int argc, char **argv)
{
    static const struct argp argp = {option_list,
                                     parse,
                                     "SCENARIO",
                                     "Fits parameters to what was published of a place as it is, and writes "
                                     "them to a file that the scenario "
                                     "uses. It never fits to a claim.\v"
                                     "All runs have the same lives but for what the parameters change. It "
                                     "ends with status 1, and writes nothing, "
                                     "where the facts do not tell the parameters, where the fit does not "
                                     "converge, and where a value leaves its "
                                     "stated distribution; it says which.\n\n" EXIT_CODES_TEXT,
                                     NULL,
                                     NULL,
                                     NULL};
    options o = {.is_terminal = isatty(STDERR_FILENO) == 1};
    parse_options(&argp, argc, argv, &o);
    catch_stop(STOP_WHEN_ASKED);
    int code = calibrate(&o);
    free(o.parameters.text);
    free(o.targets.text);
    return code;
}
