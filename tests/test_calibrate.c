/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters that are known are found again; a claim is refused; what facts do not tell is said. */
#define _GNU_SOURCE /* fmemopen */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wholeplace/calibrate.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"

static const char scenario_path[] = WP_TESTS_DIR "/targets/two-rates.yaml";

enum { MAX_TEXT = 1 << 14 };

typedef struct attempt {
    char folder[64], path[96], report[MAX_TEXT];
    double first_misfit;
    int n_runs;
    wp_error err;
} attempt;

static void tell(void *user, int n_runs, double misfit)
{
    attempt *a = user;
    if (n_runs == 1) { a->first_misfit = misfit; }
    a->n_runs = n_runs;
}

static void begin(attempt *a)
{
    *a = (attempt){0};
    snprintf(a->folder, sizeof a->folder, "/tmp/test_calibrate_%ld", (long)getpid());
    snprintf(a->path, sizeof a->path, "%s/fitted.yaml", a->folder);
    (void)mkdir(a->folder, 0777);
}

static void end(attempt *a)
{
    remove(a->path);
    remove(a->folder);
}

/* Fits and gives the status; names end with NULL. */
static wp_status calibrate(attempt *a, const wp_scenario *scenario, const char *const *parameters,
                           const char *const *targets, wp_calibrate_options options)
{
    FILE *report = fmemopen(a->report, MAX_TEXT, "w");
    assert_non_null(report);
    while (parameters[options.n_parameters] != NULL) { options.n_parameters++; }
    while (targets != NULL && targets[options.n_targets] != NULL) { options.n_targets++; }
    options.parameters = parameters;
    options.targets = targets;
    options.run.threads = 2;
    options.told = tell;
    options.user = a;
    a->err = (wp_error){0};
    wp_status status = wp_calibrate(scenario, &options, a->path, report, &a->err);
    assert_int_equal(fclose(report), 0);
    return status;
}

/* Fitted value and half-widths that the report gives for a parameter. */
static double reported(const attempt *a, const char *name, double *noise, double *in_all)
{
    double stated = 0.0, fitted = 0.0;
    const char *line = strstr(a->report, name);
    assert_non_null(line);
    assert_int_equal(sscanf(line + strlen(name), "%lf %lf %lf %lf", &stated, &fitted, noise, in_all), 4);
    return fitted;
}

static const char *const three[] = {"onset", "death", "severe", NULL};

/* The facts are what theory gives for 0.1, 0.05 and 0.3. Of 4 x 20,000 people p fall ill (0.0929), q die
   (0.0488): a count's relative standard error is sqrt((1 - p) / (n p)), 1.1 % and 1.6 %; 0.3 is a share of
   7,430 onsets. */
static void known_parameters_are_found_within_the_noise(void **state)
{
    (void)state;
    attempt a;
    double noise, in_all;
    begin(&a);
    wp_scenario *scenario = read_scenario(scenario_path);
    assert_int_equal(calibrate(&a, scenario, three, NULL, (wp_calibrate_options){.run.replicates = 4}),
                     WP_OK);
    const double n = 80000.0, p = 0.0928615, q = 0.0487705;
    const double onset = 0.1 * sqrt((1.0 - p) / (n * p)), death = 0.05 * sqrt((1.0 - q) / (n * q));
    const double severe = sqrt(0.3 * 0.7 / (n * p));
    assert_within_se(reported(&a, "\nonset", &noise, &in_all), 0.1, onset);
    /* Noise is told from four replicates: within a factor of three of what it is. */
    assert_true(noise > 1.96 * onset / 3.0 && noise < 1.96 * onset * 3.0);
    /* 2 % are tolerated of onsets, and of deaths, which take some of the people before they fall ill. */
    assert_true(in_all > 0.02 * 0.1 && in_all < 0.1 * 0.04);
    assert_within_se(reported(&a, "\ndeath", &noise, &in_all), 0.05, death);
    assert_within_se(reported(&a, "\nsevere", &noise, &in_all), 0.3, severe);
    assert_close(in_all, 0.02, 0.0, 0.02);
    assert_true(a.n_runs < 60);
    /* What is only looked at is said, and a claim is not even that. */
    assert_non_null(strstr(a.report, "looked at, not fitted to"));
    assert_null(strstr(a.report, "saving"));
    wp_scenario_free(scenario);
    end(&a);
}

/* The runs are cut after the last year of the facts, and are the whole ones up to there. */
static void runs_are_those_of_the_whole_scenario(void **state)
{
    (void)state;
    attempt a;
    wp_run_data data = {0};
    double sum = 0.0;
    begin(&a);
    wp_scenario *scenario = read_scenario(scenario_path);
    assert_int_equal(calibrate(&a, scenario, three, NULL, (wp_calibrate_options){.run.replicates = 2}),
                     WP_OK);
    assert_non_null(strstr(a.report, "years 1 to 2)"));
    wp_run_options options = {.draws = 1, .replicates = 2, .threads = 2};
    run_engine(scenario, &options, &data, NULL);
    for (int t = 0; t < scenario->n_targets; t++) {
        static const struct {
            const char *name;
            double centre, scale;
        } facts[] = {
            {"onsets", 1857.23, 0.02 * 1857.23}, {"deaths", 975.41, 0.02 * 975.41}, {"share_bad", 0.3, 0.02}};
        for (int i = 0; i < 3; i++) {
            if (strcmp(scenario->targets[t].name, facts[i].name) != 0) { continue; }
            const double *values = data.money.target_values;
            double mean = 0.5 * (values[t] + values[scenario->n_targets + t]);
            sum += pow((mean - facts[i].centre) / facts[i].scale, 2.0) / 3.0;
        }
    }
    assert_close(a.first_misfit, sqrt(sum), 1e-12, 0.0);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
    end(&a);
}

/* A scenario that uses the file has its values, moved distributions among them, and meets the facts. */
static void a_scenario_uses_the_file(void **state)
{
    (void)state;
    attempt a;
    wp_run_data data = {0};
    char text[512], path[128], copy[128], bytes[MAX_TEXT];
    begin(&a);
    wp_scenario *scenario = read_scenario(scenario_path);
    assert_int_equal(calibrate(&a, scenario, three, NULL, (wp_calibrate_options){.run.replicates = 2}),
                     WP_OK);
    wp_scenario_free(scenario);
    snprintf(path, sizeof path, "%s/main.yaml", a.folder);
    snprintf(copy, sizeof copy, "%s/two-rates.yaml", a.folder);
    snprintf(text, sizeof text, "wholeplace: 1\ntitle: Fitted\nuse: [two-rates.yaml, fitted.yaml]\n");
    FILE *from = fopen(scenario_path, "r"), *to = fopen(copy, "w");
    assert_true(from != NULL && to != NULL);
    size_t n = fread(bytes, 1, sizeof bytes, from);
    assert_true(n > 0 && n < sizeof bytes && fwrite(bytes, 1, n, to) == n);
    fclose(from);
    fclose(to);
    scenario = read_scenario_text(path, text);
    for (int i = 0; i < scenario->n_parameters; i++) {
        const wp_parameter *p = &scenario->parameters[i];
        if (strcmp(p->name, "onset") == 0) {
            assert_close(p->value, 0.1, 0.05, 0.0);
            assert_int_equal(p->distribution.kind, WP_DISTRIBUTION_LOGNORMAL);
            assert_true(p->distribution.cv > 0.005 && p->distribution.cv < 0.05);
            assert_true(p->grade == 'C' && strstr(p->source, "before: 0.16, made up") != NULL);
            assert_non_null(strstr(p->source, "onsets [T-1] (1857.23, fitted 18"));
        }
        if (strcmp(p->name, "death") == 0) { assert_close(p->distribution.cv, 0.3, 1e-12, 0.0); }
        if (strcmp(p->name, "severe") == 0) { /* sd 0.1 at 0.5 is 0.084 at 0.3, on the scale of log odds */
            assert_close(p->distribution.sd, 0.084, 0.03, 0.0);
        }
    }
    wp_run_options options = {.draws = 1, .replicates = 2, .threads = 2};
    run_engine(scenario, &options, &data, NULL);
    for (int t = 0; t < scenario->n_targets; t++) {
        const wp_target *target = &scenario->targets[t];
        if (target->is_claim || target->low != target->high || target->weight == 0.0) { continue; }
        const double *values = data.money.target_values;
        assert_close(0.5 * (values[t] + values[scenario->n_targets + t]), target->low, 1e-3, 0.0);
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
    remove(copy);
    end(&a);
}

static void refuses(const wp_scenario *scenario, const char *const *parameters, const char *const *targets,
                    wp_status expected, const char *words)
{
    attempt a;
    begin(&a);
    assert_int_equal(calibrate(&a, scenario, parameters, targets,
                               (wp_calibrate_options){.run = {.replicates = 2, .sample = 0.2}}),
                     expected);
    if (strstr(a.err.text, words) == NULL) { print_error("'%s' does not say '%s'\n", a.err.text, words); }
    assert_non_null(strstr(a.err.text, words));
    assert_int_not_equal(access(a.path, F_OK), 0); /* nothing is written */
    end(&a);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_claim_is_refused(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(scenario_path);
    refuses(scenario, NAMES("onset"), NAMES("saving"), WP_ERR_ARGUMENT,
            "is a claim: what a programme is said to");
    refuses(scenario, NAMES("onset"), NAMES("onsets", "saving"), WP_ERR_ARGUMENT, "never fitted to");
    refuses(scenario, NAMES("onset"), NAMES("nothing"), WP_ERR_ARGUMENT, "no target 'nothing'");
    refuses(scenario, NAMES("onset"), NAMES("open"), WP_ERR_ARGUMENT, "one end open");
    refuses(scenario, NAMES("onset"), NAMES("later"), WP_ERR_ARGUMENT, "no weight");
    refuses(scenario, NAMES("table"), NULL, WP_ERR_ARGUMENT, "is a table");
    refuses(scenario, NAMES("onsets"), NULL, WP_ERR_ARGUMENT, "no parameter 'onsets'");
    refuses(scenario, NAMES("onset", "onset"), NULL, WP_ERR_ARGUMENT, "named twice");
    wp_scenario_free(scenario);
}

static void what_facts_do_not_tell_is_said(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(scenario_path);
    refuses(scenario, NAMES("one", "other"), NULL, WP_ERR_NUMERIC,
            "do not tell these parameters apart (one up with "
            "other down");
    refuses(scenario, NAMES("death", "one", "other"), NULL, WP_ERR_NUMERIC, "(one up with other down");
    refuses(scenario, NAMES("idle"), NULL, WP_ERR_NUMERIC, "hardly depend on it (idle up");
    /* An effect of a programme shows in no fact of the baseline. */
    refuses(scenario, NAMES("effect"), NULL, WP_ERR_NUMERIC, "not identified");
    refuses(scenario, NAMES("onset", "death"), NAMES("deaths"), WP_ERR_NUMERIC,
            "1 fact cannot tell 2 parameters");
    refuses(scenario, NAMES("narrow"), NAMES("onsets"), WP_ERR_NUMERIC,
            "outside its prior: the facts want 'narrow'");
    wp_scenario_free(scenario);
    /* Two facts at odds over one parameter: the best is between them, and is found. */
    static const char *const at_odds[] = {
        "  deaths: {role",
        "  more_deaths: {role: baseline fact, figure: {outcome: deaths, years: 1-1}, published: "
        "1200, within: 2 %}\n  deaths: {role",
        NULL};
    attempt a;
    double noise, in_all;
    begin(&a);
    scenario = read_changed_scenario(scenario_path, at_odds);
    assert_int_equal(calibrate(&a, scenario, NAMES("death"), NAMES("deaths", "more_deaths"),
                               (wp_calibrate_options){.run.replicates = 2}),
                     WP_OK);
    const double fitted = reported(&a, "\ndeath", &noise, &in_all);
    assert_true(fitted > 0.052 && fitted < 0.060);
    wp_scenario_free(scenario);
    end(&a);
}

static void only_a_fitted_file_is_overwritten(void **state)
{
    (void)state;
    attempt a;
    begin(&a);
    wp_scenario *scenario = read_scenario(scenario_path);
    wp_calibrate_options options = {.run = {.replicates = 2, .sample = 0.2}};
    FILE *other = fopen(a.path, "w");
    assert_non_null(other);
    fputs("wholeplace: 1\n", other);
    fclose(other);
    assert_int_equal(calibrate(&a, scenario, NAMES("onset"), NAMES("onsets"), options), WP_ERR_EXISTS);
    options.force = true;
    assert_int_equal(calibrate(&a, scenario, NAMES("onset"), NAMES("onsets"), options), WP_ERR_EXISTS);
    assert_non_null(strstr(a.err.text, "is kept"));
    remove(a.path);
    assert_int_equal(calibrate(&a, scenario, NAMES("onset"), NAMES("onsets"), options), WP_OK);
    assert_int_equal(calibrate(&a, scenario, NAMES("onset"), NAMES("onsets"), options), WP_OK);
    options.force = false;
    assert_int_equal(calibrate(&a, scenario, NAMES("onset"), NAMES("onsets"), options), WP_ERR_EXISTS);
    wp_scenario_free(scenario);
    end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_parameters_are_found_within_the_noise),
        cmocka_unit_test(runs_are_those_of_the_whole_scenario),
        cmocka_unit_test(a_scenario_uses_the_file),
        cmocka_unit_test(a_claim_is_refused),
        cmocka_unit_test(what_facts_do_not_tell_is_said),
        cmocka_unit_test(only_a_fitted_file_is_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
