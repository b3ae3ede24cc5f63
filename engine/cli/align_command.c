/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace align: ratios by year that bring the baseline to totals known from elsewhere. */
#include "cli/command.h"

typedef struct options {
    const char *path, *output;
    bool json;
    wp_run_options run;
} options;

enum { KEY_DRAWS = 1000, KEY_REPLICATES, KEY_SAMPLE, KEY_FORCE, KEY_JSON };

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    switch (key) {
    case 'o': o->output = argument; return 0;
    case KEY_DRAWS: o->run.draws = (int)parse_whole(state, "--draws", argument, 1, 1000000); return 0;
    case KEY_REPLICATES:
        o->run.replicates = (int)parse_whole(state, "--replicates", argument, 1, 1000000);
        return 0;
    case KEY_SAMPLE: o->run.sample = parse_share(state, "--sample", argument); return 0;
    case 't': o->run.threads = (int)parse_whole(state, "--threads", argument, 1, 65536); return 0;
    case KEY_FORCE: o->run.force = true; return 0;
    case KEY_JSON: o->json = true; return 0;
    default: return take_one_argument(key, argument, state, &o->path, "scenario");
    }
}

/* What is wrong with what was found: a ratio that hides a fault of the model, totals that were not met. */
static void warn(const wp_alignments *found)
{
    for (int a = 0; a < found->n; a++) {
        const wp_aligned_parameter *x = &found->parameters[a];
        for (int y = 0; y < x->n_years; y++) {
            const double ratio = x->years[y].ratio;
            if (ratio <= WP_ALIGN_LIMIT && ratio >= 1.0 / WP_ALIGN_LIMIT) { continue; }
            fprintf(stderr, "wholeplace: warning: %s is %.3g in year %d: beyond %g the model is at fault, and a ratio "
                            "does not mend it\n",
                    x->parameter, ratio, x->years[y].year, WP_ALIGN_LIMIT);
            break;
        }
    }
    if (!found->is_met) {
        fprintf(stderr, "wholeplace: warning: after %d simulations some totals are not met; the table says which\n",
                found->rounds);
    }
}

static const struct argp_option option_list[] = {
    {"output", 'o', "FILE", 0, "Scenario file to write; without it, nothing is written", 1},
    {"force", KEY_FORCE, NULL, 0, "Replace a file that exists", 1},
    {"draws", KEY_DRAWS, "N", 0, "Draws of the parameters (default: as the scenario says)", 2},
    {"replicates", KEY_REPLICATES, "N", 0, "Replicates of the lives (default: as the scenario says)", 2},
    {"sample", KEY_SAMPLE, "F", 0, "Share of households that is simulated, such as 0.1 or 10%", 2},
    {"threads", 't', "N", 0, "Threads (default: OMP_NUM_THREADS, else all cores)", 2},
    {"json", KEY_JSON, NULL, 0, "One JSON object", 3},
    {0}};

int command_align(int argc, char **argv)
{
    static const struct argp argp = {
        option_list,
        parse,
        "SCENARIO",
        "Finds, for the scenario's 'align', the ratios by year that bring the baseline's events to known totals.\v"
        "The file written with -o replaces the parameters; let the scenario 'use' it. Every arm then has the same "
        "ratios: what an intervention changes stays changed.\n\n" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    options o = {0};
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_alignments found = {0};
    wp_error err = {0};
    parse_options(&argp, argc, argv, &o);
    int code = read_scenario(o.path, true, &scenario, &problems);
    if (code == EXIT_DONE) {
        wp_status status = wp_align(scenario, &o.run, o.output, &found, &err);
        if (status != WP_OK) { code = report_failure(&err, status); }
    }
    if (code == EXIT_DONE) {
        warn(&found);
        if (o.json) { wp_alignments_print_json(&found, stdout); } else { wp_alignments_print(&found, stdout); }
        code = finish_output(EXIT_DONE);
    }
    wp_alignments_free(&found);
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}
