/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subcommands share. */
#include "cli/command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int report_failure(const wp_error *err, wp_status status)
{
    const char *text = err != NULL && err->text[0] != '\0' ? err->text : wp_status_sentence(status);
    fprintf(stderr, "wholeplace: %s%s\n", status == WP_ERR_STOPPED ? "" : "error: ", text);
    switch (status) {
    case WP_OK: return EXIT_DONE;
    case WP_ERR_STOPPED: return EXIT_STOPPED;
    case WP_ERR_ARGUMENT:
    case WP_ERR_EXISTS:
    case WP_ERR_SCENARIO:
    case WP_ERR_MODEL:
    case WP_ERR_RESULT:
    case WP_ERR_POPULATION: return EXIT_WRONG;
    case WP_ERR_MEMORY:
    case WP_ERR_FILE:
    case WP_ERR_LIMIT:
    case WP_ERR_RUN:
    case WP_ERR_NUMERIC: break;
    }
    return EXIT_FAILED;
}

int report_result_failure(const wp_error *err, wp_status status)
{
    int code = report_failure(err, status);
    return status == WP_ERR_FILE && !ferror(stdout) ? EXIT_WRONG : code;
}

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static const char *next_character(const char *at)
{
    do { at++; } while (is_inside_character(*at));
    return at;
}

/* The excerpt with its caret line: tabs are kept, and a character of several bytes has one column, so that
   the caret stands under its word. Of a long line what is around the word is shown, cut at "…". */
static void print_excerpt(const wp_problem *problem)
{
    enum { MOST_COLUMNS = 100, COLUMNS_BEFORE = 50 };
    int n_columns = 0, first = 1;
    for (const char *c = problem->excerpt; *c != '\0'; c = next_character(c)) { n_columns++; }
    if (n_columns > MOST_COLUMNS && problem->column > COLUMNS_BEFORE) {
        first = problem->column - COLUMNS_BEFORE;
        if (first > n_columns - MOST_COLUMNS + 1) { first = n_columns - MOST_COLUMNS + 1; }
    }
    const char *from = problem->excerpt;
    for (int column = 1; column < first; column++) { from = next_character(from); }
    const char *to = from;
    for (int i = 0; i < MOST_COLUMNS && *to != '\0'; i++) { to = next_character(to); }
    fprintf(stderr, "    %s%.*s%s\n    %s", first > 1 ? "…" : "", (int)(to - from), from, *to != '\0' ? "…" : "",
            first > 1 ? " " : "");
    for (int column = first; column < problem->column && *from != '\0'; column++) {
        fputc(*from == '\t' ? '\t' : ' ', stderr);
        from = next_character(from);
    }
    fputc('^', stderr);
    const int most = first + MOST_COLUMNS - problem->column;
    for (int i = 1; i < problem->width && i < most; i++) { fputc('~', stderr); }
    fputc('\n', stderr);
}

static void print_problem(const wp_problem *problem)
{
    const char *severity = problem->severity == WP_SEVERITY_ERROR ? "error" : "warning";
    if (problem->line > 0) {
        fprintf(stderr, "%s:%d:%d: %s: %s\n", problem->file, problem->line, problem->column, severity,
                problem->text);
    } else {
        fprintf(stderr, "%s: %s: %s\n", problem->file, severity, problem->text);
    }
    if (problem->excerpt[0] != '\0' && problem->column > 0) { print_excerpt(problem); }
    if (problem->hint[0] != '\0') { fprintf(stderr, "    hint: %s\n", problem->hint); }
}

int report_problems(const wp_problems *problems, bool quiet, const wp_error *err, wp_status status)
{
    for (size_t i = 0; i < problems->n; i++) {
        bool is_error = problems->list[i].severity == WP_SEVERITY_ERROR;
        if (is_error || !quiet) { print_problem(&problems->list[i]); }
    }
    if (status == WP_OK) { return EXIT_DONE; }
    if (problems->n_errors > 0) {
        fprintf(stderr, "%zu error%s, %zu warning%s\n", problems->n_errors,
                problems->n_errors == 1 ? "" : "s", problems->n_warnings,
                problems->n_warnings == 1 ? "" : "s");
        return EXIT_WRONG;
    }
    /* A scenario that cannot be read is a wrong input, a lack of memory is not. */
    int code = report_failure(err, status);
    return status == WP_ERR_FILE || status == WP_ERR_LIMIT ? EXIT_WRONG : code;
}

int read_scenario(const char *path, bool quiet, wp_scenario **scenario, wp_problems *problems)
{
    wp_error err = {0};
    wp_status status = wp_scenario_read(path, scenario, problems, &err);
    return report_problems(problems, quiet, &err, status);
}

int64_t parse_whole(const struct argp_state *state, const char *option, const char *text, int64_t least,
                    int64_t most)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < least || value > most) {
        argp_error(state, "%s: '%s' is not a whole number from %lld to %lld", option, text, (long long)least,
                   (long long)most);
    }
    return value;
}

double parse_share(const struct argp_state *state, const char *option, const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end != text && strcmp(end, "%") == 0) {
        value /= 100.0;
        end++;
    }
    if (end == text || *end != '\0' || !(value > 0.0) || !(value <= 1.0)) {
        argp_error(state, "%s: '%s' is not a share above 0 and at most 1", option, text);
    }
    return value;
}

bool take_run_size(int key, const char *argument, const struct argp_state *state, wp_run_options *run)
{
    switch (key) {
    case KEY_SIZE_DRAWS: run->draws = (int)parse_whole(state, "--draws", argument, 1, 1000000); return true;
    case KEY_SIZE_REPLICATES:
        run->replicates = (int)parse_whole(state, "--replicates", argument, 1, 1000000);
        return true;
    case KEY_SIZE_SAMPLE: run->sample = parse_share(state, "--sample", argument); return true;
    case 't': run->threads = (int)parse_whole(state, "--threads", argument, 1, 65536); return true;
    default: return false;
    }
}

void parse_options(const struct argp *argp, int argc, char **argv, void *options)
{
    argp_err_exit_status = EXIT_WRONG;
    error_t failed = argp_parse(argp, argc, argv, 0, NULL, options);
    if (failed != 0) { exit(EXIT_WRONG); }
}

error_t take_one_argument(int key, char *argument, struct argp_state *state, const char **value,
                          const char *what)
{
    switch (key) {
    case ARGP_KEY_ARG:
        if (*value != NULL) { argp_error(state, "one %s at a time: '%s' is one too many", what, argument); }
        *value = argument;
        return 0;
    case ARGP_KEY_END:
        if (*value == NULL) { argp_error(state, "name a %s", what); }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

int finish_output(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) { return code; }
    fprintf(stderr, "wholeplace: error: what was printed could not be written: %s\n", strerror(errno));
    return code == EXIT_DONE ? EXIT_FAILED : code;
}
