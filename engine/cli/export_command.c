/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace export RESULT -o FOLDER: CSV files. */
#include "cli/command.h"

typedef struct options {
    const char *path, *folder;
    wp_export_options export;
} options;

enum { KEY_EFFECT = 1000, KEY_WITH_NOISE, KEY_FORCE };

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    switch (key) {
    case 'o': o->folder = argument; return 0;
    case KEY_EFFECT: o->export.effect = argument; return 0;
    case KEY_WITH_NOISE: o->export.with_noise = true; return 0;
    case KEY_FORCE: o->export.force = true; return 0;
    case ARGP_KEY_END:
        if (o->folder == NULL && o->path != NULL) { argp_error(state, "say where to: -o FOLDER"); }
        break;
    default: break;
    }
    return take_one_argument(key, argument, state, &o->path, "result");
}

int command_export(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"output", 'o', "FOLDER", 0, "Where the files go; made if it does not exist", 0},
        {"effect", KEY_EFFECT, "UNIT", 0, "Unit of effects.csv (default: the first that is not GBP)", 0},
        {"with-noise", KEY_WITH_NOISE, NULL, 0,
         "Leave the noise of the lives in costs, effects and net benefits", 0},
        {"force", KEY_FORCE, NULL, 0, "Overwrite files that exist", 0},
        {0}};
    static const struct argp argp = {
        list, parse, "RESULT",
        "Writes a result as CSV: counts.csv, money.csv, parameters.csv, costs.csv, effects.csv and "
        "net_benefit.csv.\v"
        "The first two have one row a number. The others have one row a draw, for R: with effects <- "
        "read.csv(\"effects.csv\") and so on, BCEA::bcea(as.matrix(effects), as.matrix(costs), interventions = "
        "names(costs)); dampack::make_psa_obj(costs, effects, parameters, names(costs)); voi::evppi(net_benefit, "
        "parameters, pars = as.list(names(parameters))). parameters.csv is there where a number is uncertain, "
        "effects.csv where something is valued in another unit than pounds.\n\n" EXIT_CODES_TEXT, NULL, NULL, NULL};
    options o = {0};
    wp_error err = {0};
    parse_options(&argp, argc, argv, &o);
    wp_status status = wp_export(o.path, o.folder, &o.export, &err);
    if (status != WP_OK) { return report_result_failure(&err, status); }
    return finish_output(EXIT_DONE);
}
