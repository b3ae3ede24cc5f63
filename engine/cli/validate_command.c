/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace validate RESULT|SCENARIO…, validate --all [FOLDER]: the model beside what was published. */
#define _GNU_SOURCE
#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/stop.h"

typedef struct options {
    bool all, is_quiet;
    wp_validation_format format;
    wp_validate_options validate;
    const char *published; /* the table of published figures; NULL: the library's, if there is one */
    char **paths;          /* those that were named, and then those that were found */
    size_t n;
} options;

/* One file that may be a scenario. */
typedef struct candidate {
    wp_scenario *scenario; /* NULL: it cannot be read by itself */
    wp_problems problems;
} candidate;

enum { KEY_ALL = 1000, KEY_CSV, KEY_NO_SOLVE, KEY_PUBLISHED, MAX_DEPTH = 16 };

static const char usual_folder[] = "scenarios/places";

/* ---- Paths ----------------------------------------------------------------------------------------- */

/* False without memory. */
static bool add_path(options *o, const char *path)
{
    char **grown = realloc(o->paths, (o->n + 1) * sizeof *grown);
    char *copy = strdup(path);
    if (grown != NULL) { o->paths = grown; }
    if (grown == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    o->paths[o->n++] = copy;
    return true;
}

static bool ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

static bool is_scenario(const char *path)
{
    return ends_with(path, ".yaml") || ends_with(path, ".yml");
}

/* All scenarios in a folder and the folders in it, in order of name. Gives the exit code. */
static int find_scenarios(options *o, const char *folder, int depth)
{
    struct dirent **entries = NULL;
    int code = EXIT_DONE, n = depth < MAX_DEPTH ? scandir(folder, &entries, NULL, alphasort) : 0;
    if (n < 0) {
        fprintf(stderr, "wholeplace: error: the folder '%s' cannot be read: %s\n", folder, strerror(errno));
        return EXIT_WRONG;
    }
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX];
        struct stat info;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        bool is_hidden = entries[i]->d_name[0] == '.';
        free(entries[i]);
        if (code != EXIT_DONE || is_hidden || length >= (int)sizeof path || stat(path, &info) != 0) {
            continue;
        }
        if (S_ISDIR(info.st_mode)) {
            code = find_scenarios(o, path, depth + 1);
        } else if (is_scenario(path) && !add_path(o, path)) {
            code = report_failure(NULL, WP_ERR_MEMORY);
        }
    }
    free(entries);
    return code;
}

/* The library's table: evidence/published.yaml in the nearest folder named `scenarios` that `folder` is or
   lies in. Into path[PATH_MAX]; false: there is none. */
static bool find_table(const char *folder, char *path)
{
    static const char library[] = "/scenarios", table[] = "/evidence/published.yaml";
    char real[PATH_MAX];
    if (realpath(folder, real) == NULL) { return false; }
    for (size_t n = strlen(real); n > 0; n = (size_t)(strrchr(real, '/') - real)) {
        real[n] = '\0';
        if (!ends_with(real, library)) { continue; }
        return snprintf(path, PATH_MAX, "%s%s", real, table) < PATH_MAX && access(path, F_OK) == 0;
    }
    return false;
}

static int add_table(const options *o, const char *folder, wp_validation *validation)
{
    char found[PATH_MAX];
    const char *path = o->published;
    wp_problems problems = {0};
    wp_error err = {0};
    if (path == NULL && folder != NULL && find_table(folder, found)) { path = found; }
    if (path == NULL) { return EXIT_DONE; }
    wp_status status = wp_validation_add_published(validation, path, &problems, &err);
    int code = report_problems(&problems, true, &err, status);
    wp_problems_free(&problems);
    return code;
}

/* ---- Comparing ------------------------------------------------------------------------------------- */

static bool on_progress(void *user, const wp_progress *progress)
{
    progress_show(user, progress);
    return !is_stopped();
}

static int compare_scenario(options *o, const char *path, const wp_scenario *scenario,
                            wp_validation *validation)
{
    wp_error err = {0};
    progress_line line;
    if (wp_scenario_targets(scenario) == 0) {
        fprintf(stderr, "wholeplace: %s has no targets\n", path);
        return EXIT_DONE;
    }
    if (!o->is_quiet) { fprintf(stderr, "%s\n", path); }
    progress_init(&line, o->is_quiet);
    o->validate.run.progress = on_progress;
    o->validate.run.user = &line;
    wp_status status = wp_validation_add_scenario(validation, scenario, &o->validate, &err);
    progress_end(&line);
    return status == WP_OK ? EXIT_DONE : report_failure(&err, status);
}

static int compare_path(options *o, const char *path, wp_validation *validation)
{
    wp_error err = {0};
    if (!is_scenario(path)) {
        wp_status status = wp_validation_add_result(validation, path, &err);
        return status == WP_OK ? EXIT_DONE : report_result_failure(&err, status);
    }
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    int code = read_scenario(path, true, &scenario, &problems);
    if (code == EXIT_DONE) { code = compare_scenario(o, path, scenario, validation); }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    return code;
}

/* Is `path` a piece of one of the scenarios that could be read? */
static bool is_piece(const options *o, const candidate *list, const char *path)
{
    char real[PATH_MAX], other[PATH_MAX];
    if (realpath(path, real) == NULL) { return false; }
    for (size_t i = 0; i < o->n; i++) {
        for (int f = 1; list[i].scenario != NULL && wp_scenario_file(list[i].scenario, f) != NULL; f++) {
            if (realpath(wp_scenario_file(list[i].scenario, f), other) != NULL && strcmp(real, other) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* A file that cannot be read by itself is fine where a scenario uses it; all others must be right before
   anything is run. */
static int compare_all(options *o, wp_validation *validation)
{
    int code = EXIT_DONE;
    candidate *list = calloc(o->n + 1, sizeof *list);
    if (list == NULL) { return report_failure(NULL, WP_ERR_MEMORY); }
    for (size_t i = 0; i < o->n; i++) {
        (void)wp_scenario_read(o->paths[i], &list[i].scenario, &list[i].problems, NULL);
    }
    for (size_t i = 0; i < o->n; i++) {
        if (list[i].scenario != NULL || is_piece(o, list, o->paths[i])) { continue; }
        wp_problems_free(&list[i].problems);
        list[i].problems = (wp_problems){0};
        code = read_scenario(o->paths[i], true, &list[i].scenario, &list[i].problems);
    }
    for (size_t i = 0; i < o->n && code == EXIT_DONE; i++) {
        if (list[i].scenario != NULL && wp_scenario_targets(list[i].scenario) > 0) {
            code = is_stopped() ? say_stopped() : compare_scenario(o, o->paths[i], list[i].scenario, validation);
        }
    }
    for (size_t i = 0; i < o->n; i++) {
        wp_scenario_free(list[i].scenario);
        wp_problems_free(&list[i].problems);
    }
    free(list);
    return code;
}

/* ---- The command ----------------------------------------------------------------------------------- */

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    if (take_run_size(key, argument, state, &o->validate.run)) { return 0; }
    switch (key) {
    case KEY_ALL: o->all = true; return 0;
    case 'j': o->format = WP_VALIDATION_JSON; return 0;
    case KEY_CSV: o->format = WP_VALIDATION_CSV; return 0;
    case KEY_NO_SOLVE: o->validate.no_solve = true; return 0;
    case KEY_PUBLISHED: o->published = argument; return 0;
    case 'q': o->is_quiet = true; return 0;
    case ARGP_KEY_ARG:
        if (!add_path(o, argument)) { argp_failure(state, EXIT_FAILED, ENOMEM, "%s", argument); }
        return 0;
    case ARGP_KEY_END:
        if (!o->all && o->n == 0) { argp_error(state, "name a result or a scenario, or write --all"); }
        if (o->all && o->n > 1) { argp_error(state, "--all takes one folder"); }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_list[] = {
    {"all", KEY_ALL, NULL, 0, "Every scenario in FOLDER and the folders in it (default: scenarios/places)",
     1},
    {"published", KEY_PUBLISHED, "FILE", 0,
     "The table of published figures, of which all facts and claims are accounted for (default with --all: "
     "evidence/published.yaml of the scenario library)",
     1},
    RUN_SIZE_OPTIONS(2, "as the scenario's runs.validate says", "as the scenario's runs.validate says"),
    {"no-solve", KEY_NO_SOLVE, NULL, 0, "Do not look for what a claim would need: fewer runs", 2},
    {"json", 'j', NULL, 0, "One JSON object, with unrounded numbers", 3},
    {"csv", KEY_CSV, NULL, 0, "One row a figure, with unrounded numbers", 3},
    {"quiet", 'q', NULL, 0, "No progress", 3},
    {0}};

static int validate(options *o, wp_validation *validation)
{
    int code = EXIT_DONE;
    wp_error err = {0};
    if (o->all) {
        char *folder = o->n > 0 ? o->paths[--o->n] : strdup(usual_folder);
        code = folder == NULL ? report_failure(NULL, WP_ERR_MEMORY) : find_scenarios(o, folder, 0);
        if (code == EXIT_DONE) { code = add_table(o, folder, validation); }
        free(folder);
        if (code == EXIT_DONE) { code = compare_all(o, validation); }
    }
    if (!o->all) { code = add_table(o, NULL, validation); }
    for (size_t i = 0; i < o->n && !o->all && code == EXIT_DONE; i++) {
        code = is_stopped() ? say_stopped() : compare_path(o, o->paths[i], validation);
    }
    if (code != EXIT_DONE) { return code; }
    wp_status status = wp_validation_print(validation, o->format, stdout, &err);
    return status == WP_OK ? finish_output(EXIT_DONE) : report_failure(&err, status);
}

int command_validate(int argc, char **argv)
{
    static const struct argp argp = {
        option_list,
        parse,
        "RESULT|SCENARIO...\n--all [FOLDER]",
        "Sets a model beside what was published: for each target of a result, or of a scenario (a name that "
        "ends "
        "in .yaml), the published value, the model's with its 95 % interval, and the verdict.\v"
        "A scenario is run in memory, at the size that its runs.validate says, and nothing is written. A "
        "fact that "
        "is missed or a claim that is not met is a finding, not a failure: the exit status is 0. It is 2 "
        "where a "
        "file cannot be read, and then nothing is compared.\n\n" EXIT_CODES_TEXT,
        NULL,
        NULL,
        NULL};
    options o = {0};
    wp_error err = {0};
    wp_validation *validation = NULL;
    parse_options(&argp, argc, argv, &o);
    catch_stop(STOP_WHEN_ASKED);
    wp_status status = wp_validation_new(&validation, &err);
    int code = status == WP_OK ? validate(&o, validation) : report_failure(&err, status);
    wp_validation_free(validation);
    for (size_t i = 0; i < o.n; i++) { free(o.paths[i]); }
    free(o.paths);
    return code;
}
