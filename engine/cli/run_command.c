/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace run SCENARIO -o RESULT: simulates all arms into one result file. */
#define _GNU_SOURCE
#include "cli/command.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/stop.h"

typedef struct options {
    const char *path, *result;
    bool quiet, json;
    wp_run_options run;
    char *arm_list;            /* names cut apart by zero bytes */
    const char *arms[64];
    progress_line line;
} options;

enum {
    KEY_DRAWS = 256,
    KEY_REPLICATES,
    KEY_SEED,
    KEY_SAMPLE,
    KEY_LINEAGES,
    KEY_ARMS,
    KEY_EXACT,
    KEY_BLOCK,
    KEY_TRACE,
    KEY_FORCE,
    KEY_DRY,
    KEY_FULL
};

/* With fewer, the random groups by which noise is told are not all there. */
enum { FEW_FAMILIES = 32 };

static bool on_progress(void *user, const wp_progress *progress)
{
    options *o = user;
    if (is_stopped()) { return false; }
    set_writing(progress->stage == WP_STAGE_WRITING);
    progress_show(&o->line, progress);
    return true;
}

static void parse_seed(const struct argp_state *state, const char *text, wp_run_options *run)
{
    char *end = NULL;
    errno = 0;
    run->seed = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || strchr(text, '-') != NULL) {
        argp_error(state, "--seed: '%s' is not a whole number from 0 to 18446744073709551615", text);
    }
    run->has_seed = true;
}

/* "1/10": every tenth household, from the first; "3/10": from the third. */
static void parse_lineages(const struct argp_state *state, char *text, wp_run_options *run)
{
    char *slash = strchr(text, '/');
    if (slash == NULL) {
        argp_error(state,
                   "--lineages: '%s' is not K/N, such as 1/10 for every tenth household from the first",
                   text);
    }
    *slash = '\0';
    run->lineage_step = parse_whole(state, "--lineages", slash + 1, 1, INT_MAX);
    run->lineage_first = parse_whole(state, "--lineages", text, 1, run->lineage_step) - 1;
    *slash = '/';
}

static void parse_arms(const struct argp_state *state, const char *text, options *o)
{
    o->run.n_arms = 0;
    free(o->arm_list);
    o->arm_list = strdup(text);
    char *place = NULL;
    for (char *name = o->arm_list == NULL ? NULL : strtok_r(o->arm_list, ",", &place); name != NULL;
         name = strtok_r(NULL, ",", &place)) {
        if (o->run.n_arms == 64) { argp_error(state, "--arms: more than 64 arms"); }
        o->arms[o->run.n_arms++] = name;
    }
    if (o->run.n_arms == 0) { argp_error(state, "--arms: name an arm"); }
    o->run.arms = o->arms;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    switch (key) {
    case 'o': o->result = argument; return 0;
    case 't': o->run.threads = (int)parse_whole(state, "--threads", argument, 1, 65536); return 0;
    case 'q': o->quiet = true; return 0;
    case 'j': o->json = true; return 0;
    case KEY_DRAWS: o->run.draws = (int)parse_whole(state, "--draws", argument, 1, 1000000); return 0;
    case KEY_REPLICATES:
        o->run.replicates = (int)parse_whole(state, "--replicates", argument, 1, 1000000);
        return 0;
    case KEY_SEED: parse_seed(state, argument, &o->run); return 0;
    case KEY_SAMPLE: o->run.sample = parse_share(state, "--sample", argument); return 0;
    case KEY_LINEAGES: parse_lineages(state, argument, &o->run); return 0;
    case KEY_ARMS: parse_arms(state, argument, o); return 0;
    case KEY_FULL: o->run.full_arms = true; return 0;
    case KEY_EXACT: o->run.exact_pass = true; return 0;
    case KEY_BLOCK: o->run.block = (int)parse_whole(state, "--block", argument, 1, 1 << 24); return 0;
    case KEY_TRACE: o->run.trace = (int)parse_whole(state, "--trace", argument, 0, 1000000); return 0;
    case KEY_FORCE: o->run.force = true; return 0;
    case KEY_DRY: o->run.dry_run = true; return 0;
    case ARGP_KEY_END:
        if (o->path != NULL && o->result == NULL && !o->run.dry_run) {
            argp_error(state, "say where the result goes: -o RESULT");
        }
        break;
    default: break;
    }
    return take_one_argument(key, argument, state, &o->path, "scenario");
}

static const struct argp_option option_list[] = {
    {"output", 'o', "RESULT", 0, "The file that the result goes to", 1},
    {"force", KEY_FORCE, NULL, 0, "Overwrite a result that exists", 1},
    {"dry-run", KEY_DRY, NULL, 0, "Do everything but simulate and write", 1},
    {"draws", KEY_DRAWS, "N", 0, "Draws of the parameters (default: as the scenario says)", 2},
    {"replicates", KEY_REPLICATES, "N", 0, "Replicates of the lives (default: as the scenario says)", 2},
    {"seed", KEY_SEED, "S", 0, "Seed (default: as the scenario says)", 2},
    {"sample", KEY_SAMPLE, "F", 0, "Share of households that is simulated, such as 0.1 or 10%", 2},
    {"lineages", KEY_LINEAGES, "K/N", 0, "Every N-th household from the K-th: 1/10 is every tenth", 2},
    {"arms", KEY_ARMS, "A,B", 0, "These arms, and the baseline (default: all)", 2},
    {"trace", KEY_TRACE, "N", 0, "Keep the complete life histories of N households", 2},
    {"threads", 't', "N", 0, "Threads (default: OMP_NUM_THREADS, else all cores)", 3},
    {"full-arms", KEY_FULL, NULL, 0,
     "Simulate every household in every arm, not only where an arm changes its life; "
     "the result is the same",
     3},
    {"exact-pass", KEY_EXACT, NULL, 0, "Take everyone through the exact pass; the result is the same", 3},
    {"block", KEY_BLOCK, "N", 0, "Households in a block; the result is the same", 3},
    {"quiet", 'q', NULL, 0, "No progress, no warnings, no report", 4},
    {"json", 'j', NULL, 0, "Report as one JSON object on standard output", 4},
    {0}};

static const struct argp run_argp = {
    option_list,
    parse,
    "SCENARIO",
    "Simulates all arms of a scenario for every draw and replicate, into one result file.\v"
    "The result is written under another name and renamed at the end: nothing half-written stays. "
    "WHOLEPLACE_SIMD=portable, avx2 or avx512 chooses the instruction set; the result is the "
    "same.\n\n" EXIT_CODES_TEXT,
    NULL,
    NULL,
    NULL};

static void print_report(const options *o, const wp_run_report *report)
{
    char time[32];
    double speed = report->seconds > 0.0 ? report->person_years / report->seconds : 0.0;
    if (o->json) {
        wp_run_report_print_json(report, o->run.dry_run ? NULL : o->result, stdout);
        return;
    }
    if (o->quiet) { return; }
    progress_time(report->seconds, time);
    if (o->run.dry_run) {
        printf("Nothing was simulated or written (--dry-run); everything before that works.\n");
        return;
    }
    printf("%s\n", o->result);
    printf("  %.4g person-years in %s: %.3g million a second, %d thread%s, %s, at most %.3g MB\n",
           report->person_years, time, speed / 1e6, report->threads, report->threads == 1 ? "" : "s",
           report->simd == NULL ? "" : report->simd, (double)report->peak_bytes / 1e6);
    if (report->stopped[0] != '\0') { printf("  it %s\n", report->stopped); }
    printf("  digest %s\n", report->digest);
}

/* The command line as it was typed, for the result's provenance. */
static char *join_command(int argc, char **argv)
{
    size_t n = 1;
    for (int i = 0; i < argc; i++) { n += strlen(argv[i]) + 1; }
    char *text = calloc(n, 1);
    for (int i = 0; text != NULL && i < argc; i++) {
        if (i > 0) { strcat(text, " "); }
        strcat(text, argv[i]);
    }
    return text;
}

static int run_scenario(options *o, const wp_scenario *scenario)
{
    wp_run_report report = {0};
    wp_error err = {0};
    char caution[WP_ERROR_TEXT];
    if (is_stopped()) { return say_stopped(); }
    if (!o->quiet && wp_run_caution(scenario, &o->run, caution) != NULL) {
        fprintf(stderr, "wholeplace: warning: %s\n", caution);
    }
    progress_init(&o->line, o->quiet);
    o->run.progress = on_progress;
    o->run.user = o;
    wp_status status = wp_run(scenario, &o->run, o->result == NULL ? "" : o->result, &report, &err);
    progress_end(&o->line);
    if (status != WP_OK) { return report_failure(&err, status); }
    if (!o->quiet && !o->run.dry_run && report.lineages < FEW_FAMILIES) {
        fprintf(stderr, "wholeplace: warning: only %lld %s simulated: too few to tell chance from effect\n",
                (long long)report.lineages, report.lineages == 1 ? "family was" : "families were");
    }
    print_report(o, &report);
    return finish_output(EXIT_DONE);
}

/* What would stop the result from being written is found before hours of simulating; the run itself checks
   again. */
static int check_result_path(const options *o)
{
    if (o->result == NULL || o->run.dry_run) { return EXIT_DONE; }
    char folder[PATH_MAX];
    int length = snprintf(folder, sizeof folder, "%s", o->result);
    if (length < 0 || (size_t)length >= sizeof folder || access(dirname(folder), W_OK) != 0) {
        fprintf(stderr, "wholeplace: error: %s cannot be written: %s\n", o->result, strerror(errno));
        return EXIT_WRONG;
    }
    return EXIT_DONE;
}

int command_run(int argc, char **argv)
{
    options o = {0};
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    char *command = join_command(argc, argv); /* before argp puts options first */
    o.run.command = command;
    parse_options(&run_argp, argc, argv, &o);
    catch_stop(STOP_WHEN_ASKED);
    int code = check_result_path(&o);
    if (code == EXIT_DONE) { code = read_scenario(o.path, o.quiet, &scenario, &problems); }
    if (code == EXIT_DONE) { code = run_scenario(&o, scenario); }
    wp_scenario_free(scenario);
    wp_problems_free(&problems);
    free(o.arm_list);
    free(command);
    return code;
}
