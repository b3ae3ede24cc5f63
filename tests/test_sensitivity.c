/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity by simulation: savings that are known functions of their numbers, priced and lived; noise;
   and when lives may be used again. */
#include <stdio.h>
#include <string.h>

#include "assert_close.h"
#include "engine_run.h"
#include "model/model_digest.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "solve/variant.h"
#include <wholeplace/sensitivity.h>

#define G_FUNCTION WP_TESTS_DIR "/sensitivity/g-function.yaml"
#define TAKE_UP WP_TESTS_DIR "/sensitivity/take-up.yaml"

static const wp_sensitivity_input *input_of(const wp_sensitivity *found, const char *name)
{
    for (int k = 0; k < found->n_inputs; k++) {
        if (strcmp(found->inputs[k].name, name) == 0) { return &found->inputs[k]; }
    }
    fail_msg("no input '%s'", name);
    return NULL;
}

static void assert_nothing(const wp_sensitivity *found, const char *name)
{
    const wp_sensitivity_input *input = input_of(found, name);
    assert_true(input->first == 0.0 && input->first_low == 0.0 && input->first_high == 0.0);
    assert_true(input->total == 0.0 && input->total_low == 0.0 && input->total_high == 0.0);
}

static void assert_indices(const wp_sensitivity *found, const char *name, double first, double total,
                           double within)
{
    const wp_sensitivity_input *input = input_of(found, name);
    assert_close(input->first, first, 0.0, within);
    assert_close(input->total, total, 0.0, within);
    assert_true(input->first_low < input->first && input->first < input->first_high);
    assert_true(input->total_low < input->total && input->total < input->total_high);
}

/* ---- What is known ------------------------------------------------------------------------------------- */

enum { N_G = 4 };
static const char *const g_names[N_G] = {"x1", "x2", "x3", "x4"};

/* Sobol's g-function of four numbers: V_i = 1/3 (1 + a_i)^-2 alone, V = prod(1 + V_i) - 1, which it gives. */
static double know_g_function(double first[N_G], double total[N_G])
{
    static const double a[N_G] = {0.0, 1.0, 4.5, 9.0};
    double all = 1.0, alone[N_G];
    for (int i = 0; i < N_G; i++) {
        alone[i] = 1.0 / 3.0 / (1.0 + a[i]) / (1.0 + a[i]);
        all *= 1.0 + alone[i];
    }
    for (int i = 0; i < N_G; i++) {
        first[i] = alone[i] / (all - 1.0);
        total[i] = alone[i] * all / (1.0 + alone[i]) / (all - 1.0);
    }
    return all - 1.0;
}

/* Its price is that of a programme, so that no input but `steps` changes lives, and that one the saving
   does not read. An index of 512 draws has a standard error of 0.05. */
static void a_price_has_the_indices_of_the_g_function(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(G_FUNCTION);
    const wp_sensitivity_options options = {.run = {.draws = 512, .threads = 1}};
    wp_sensitivity found = {0};
    double first[N_G], total[N_G], variance = know_g_function(first, total);
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
    for (int i = 0; i < N_G; i++) {
        assert_indices(&found, g_names[i], first[i], total[i], i == 0 ? 0.2 : 0.1);
        assert_string_equal(found.inputs[i].name, g_names[i]); /* the largest first */
        assert_false(found.inputs[i].changes_lives);
    }
    assert_close(found.sd * found.sd, variance, 0.1, 0.0);
    assert_close(found.mean, -1.0, 0.02, 0.0);
    assert_true(found.noise < 1e-9);
    assert_nothing(&found, "unread");
    assert_nothing(&found, "steps");
    assert_nothing(&found, "step");
    assert_true(input_of(&found, "steps")->changes_lives);
    assert_int_equal(found.n_models, 512 * 9);
    assert_int_equal(found.n_runs, 512 * 3);
    wp_sensitivity_free(&found);
    wp_scenario_free(scenario);
}

/* Of 40 experiments of 64 draws as many intervals hold the index as they say, but for what a bootstrap of
   so few falls short by: 85 % or more. With Sobol points, some of whose pairs of dimensions lie on few
   lines, half did. */
static void intervals_hold_the_index(void **state)
{
    (void)state;
    enum { SEEDS = 40 };
    wp_scenario *scenario = read_scenario(G_FUNCTION);
    double first[N_G], total[N_G];
    int n_held = 0;
    (void)know_g_function(first, total);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const wp_sensitivity_options options = {.run = {.has_seed = true, .seed = seed, .threads = 1}};
        wp_sensitivity found = {0};
        assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
        assert_int_equal(found.n_draws, WP_SENSITIVITY_DRAWS);
        for (int i = 0; i < N_G; i++) {
            const wp_sensitivity_input *input = input_of(&found, g_names[i]);
            n_held += input->first_low <= first[i] && first[i] <= input->first_high;
            n_held += input->total_low <= total[i] && total[i] <= input->total_high;
        }
        wp_sensitivity_free(&found);
    }
    print_message("%d of %d intervals hold the index\n", n_held, 2 * N_G * SEEDS);
    assert_true(n_held > 0.85 * 2 * N_G * SEEDS && n_held < 2 * N_G * SEEDS);
    wp_scenario_free(scenario);
}

/* A bootstrap of so few rows is no interval: of 8, 88 % held what they should, and of 2, 56 %. */
static void few_draws_have_no_interval(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(G_FUNCTION);
    for (int draws = 15; draws <= 16; draws++) {
        const wp_sensitivity_options options = {.run = {.draws = draws, .threads = 1}};
        wp_sensitivity found = {0};
        assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
        for (int k = 0; k < found.n_inputs; k++) {
            const wp_sensitivity_input *input = &found.inputs[k];
            assert_true(isfinite(input->first) && isfinite(input->total));
            const bool none = draws == 15;
            assert_true(isnan(input->first_low) == none && isnan(input->first_high) == none);
            assert_true(isnan(input->total_low) == none && isnan(input->total_high) == none);
        }
        wp_sensitivity_free(&found);
    }
    wp_scenario_free(scenario);
}

/* n p c: 300 and 208.33 of 533.33 alone, and 25 by both together. The number of persons is told apart from
   p by no more than sqrt(0.25 / 1000) = 0.016, with the same persons in all runs. */
static void a_number_that_lives_read_has_its_indices(void **state)
{
    (void)state;
    static const char *const of[] = {"p", "c"};
    wp_scenario *scenario = read_scenario(TAKE_UP);
    const wp_sensitivity_options options = {
        .of = of, .n_of = 2, .run = {.draws = 128, .sample = 0.05, .threads = 1}};
    wp_sensitivity found = {0};
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
    assert_int_equal(found.n_inputs, 3);
    assert_int_equal(found.n_runs, 128 * 4);
    assert_indices(&found, "p", 300.0 / 533.333, 325.0 / 533.333, 0.3);
    assert_indices(&found, "c", 208.333 / 533.333, 233.333 / 533.333, 0.3);
    assert_nothing(&found, "all others");
    assert_int_equal(input_of(&found, "all others")->n_numbers, 2);
    assert_true(input_of(&found, "all others")->changes_lives && input_of(&found, "p")->changes_lives);
    assert_close(found.sd, 20000.0 * sqrt(533.333), 0.1, 0.0);
    wp_sensitivity_free(&found);
    wp_scenario_free(scenario);
}

/* Of a target: events of one clock, of which one number decides and none that arms or prices read. */
static void a_target_has_indices_too(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(TAKE_UP);
    const wp_sensitivity_options options = {
        .target = "steps", .run = {.draws = 64, .replicates = 2, .sample = 0.02, .threads = 1}};
    wp_sensitivity found = {0};
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
    assert_string_equal(found.inputs[0].name, "steps");
    assert_string_equal(found.figure, "steps, total");
    const wp_sensitivity_input *steps = &found.inputs[0];
    assert_true(steps->total > 0.7 && steps->total_low < 1.0 && steps->total_high > 1.0);
    assert_true(steps->first > 0.7 && steps->first_low < 1.0 && steps->first_high > 1.0);
    assert_true(found.noise > 0.0 && found.noise < 0.2);
    assert_nothing(&found, "p");
    assert_nothing(&found, "c");
    assert_nothing(&found, "mix");
    wp_sensitivity_free(&found);
    wp_scenario_free(scenario);
}

/* Of 40 persons a saving has a fifth of its variance by chance; over seeds, what is left is the variance
   over the numbers. Told from 32 random groups of one family or two, and from replicates. */
static void chance_is_no_evidence(void **state)
{
    (void)state;
    enum { SEEDS = 24 };
    static const char *const change[] = {"households: 20000", "households: 40", NULL};
    static const char *const of[] = {"p", "c"};
    static const int replicates[] = {1, 10};
    wp_scenario *scenario = read_changed_scenario(TAKE_UP, change);
    for (int way = 0; way < 2; way++) {
        double sum = 0.0, squares = 0.0, noise = 0.0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            const wp_sensitivity_options options = {.of = of,
                                                    .n_of = 2,
                                                    .run = {.draws = 32,
                                                            .replicates = replicates[way],
                                                            .has_seed = true,
                                                            .seed = seed,
                                                            .threads = 1}};
            wp_sensitivity found = {0};
            assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
            sum += found.sd * found.sd / SEEDS;
            squares += found.sd * found.sd * found.sd * found.sd / SEEDS;
            noise += found.noise / SEEDS;
            wp_sensitivity_free(&found);
        }
        assert_within_se(sum, 1600.0 * 533.333, sqrt((squares - sum * sum) / SEEDS));
        assert_true(noise > (way == 0 ? 0.03 : 0.003) && noise < (way == 0 ? 0.25 : 0.04));
    }
    wp_scenario_free(scenario);
}

/* ---- Which are one input ------------------------------------------------------------------------------- */

static void correlated_numbers_are_one_input(void **state)
{
    (void)state;
    static const char *const change[] = {"runs: {seed: 3, draws: 2}",
                                         "runs: {seed: 3, draws: 2, correlations: [{between: [steps, p], "
                                         "rank: 0.5}, {between: [p, c], rank: 0.3}]}",
                                         "households: 20000", "households: 200", NULL};
    static const char *const apart[] = {"p"}, *const together[] = {"c,p,steps"};
    wp_scenario *scenario = read_changed_scenario(TAKE_UP, change);
    wp_sensitivity_options options = {.run = {.draws = 16, .threads = 1}};
    wp_sensitivity found = {0};
    wp_error err = {0};
    for (int way = 0; way < 2; way++) {
        assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
        assert_int_equal(found.n_inputs, 2);
        const wp_sensitivity_input *group = input_of(&found, "c + p + steps");
        assert_int_equal(group->n_numbers, 3);
        assert_true(group->total > 0.5 && group->total_low < 1.0 && group->total_high > 1.0);
        assert_nothing(&found, way == 0 ? "mix" : "all others");
        wp_sensitivity_free(&found);
        options.of = together;
        options.n_of = 1;
    }
    options.of = apart;
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, &err), WP_ERR_ARGUMENT);
    assert_non_null(strstr(err.text, "'steps' and 'p' are correlated"));
    wp_sensitivity_free(&found);
    wp_scenario_free(scenario);
}

static void assert_refused(const wp_scenario *scenario, const wp_sensitivity_options *options,
                           const char *says)
{
    wp_sensitivity found = {0};
    wp_error err = {0};
    assert_int_equal(wp_sensitivity_find(scenario, options, &found, &err), WP_ERR_ARGUMENT);
    if (strstr(err.text, says) == NULL) { fail_msg("'%s' does not say '%s'", err.text, says); }
    wp_sensitivity_free(&found);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    static const char *const empty[] = {""}, *const half_empty[] = {"p,"};
    static const char *const unknown[] = {"pp"}, *const twice[] = {"p", "c,p"}, *const certain[] = {"place"};
    static const char *const sure[] = {", distribution: {uniform: {low: 0.2, high: 0.8}}",
                                       "",
                                       ", distribution: {uniform: {low: 50, high: 150}}",
                                       "",
                                       ", distribution: {gamma: {cv: 0.3}}",
                                       "",
                                       ", distribution: dirichlet",
                                       "",
                                       NULL};
    static const char *const named[] = {"{place: {per: start, amount: c}}", "{p: {per: start, amount: c}}",
                                        NULL};
    wp_scenario *scenario = read_scenario(TAKE_UP), *certainty = read_changed_scenario(TAKE_UP, sure),
                *again = read_changed_scenario(TAKE_UP, named);
    assert_refused(scenario, &(wp_sensitivity_options){.run = {.draws = 1}}, "two draws or more");
    assert_refused(scenario, &(wp_sensitivity_options){.of = unknown, .n_of = 1}, "did you mean 'p'?");
    assert_refused(scenario, &(wp_sensitivity_options){.of = empty, .n_of = 1}, "an empty name");
    assert_refused(scenario, &(wp_sensitivity_options){.of = half_empty, .n_of = 1},
                   "'p,' has an empty name");
    assert_refused(scenario, &(wp_sensitivity_options){.of = twice, .n_of = 2}, "'p' is named twice");
    assert_refused(again, &(wp_sensitivity_options){.of = certain, .n_of = 1}, "no uncertain number 'place'");
    assert_refused(scenario, &(wp_sensitivity_options){.arm = "schemes"}, "did you mean 'scheme'?");
    assert_refused(scenario, &(wp_sensitivity_options){.target = "step"}, "did you mean 'steps'?");
    assert_refused(scenario, &(wp_sensitivity_options){.arm = "scheme", .target = "steps"},
                   "an arm or a target");
    assert_refused(certainty, &(wp_sensitivity_options){0}, "has a distribution");
    wp_scenario_free(scenario);
    wp_scenario_free(certainty);
    wp_scenario_free(again);
}

/* ---- Before and during --------------------------------------------------------------------------------- */

typedef struct watch {
    int n_plans, n_asked, n_at_plan, runs;
    double done;
} watch;

static void on_plan(void *user, const wp_sensitivity *plan)
{
    watch *w = user;
    w->n_plans++;
    w->n_at_plan = w->n_asked;
    w->runs = plan->n_runs;
    assert_false(plan->is_found);
}

static bool stop_at_half(void *user, const wp_progress *progress)
{
    watch *w = user;
    w->n_asked++;
    assert_true(progress->done >= 0.0 && progress->done <= 1.0);
    w->done = progress->done;
    return progress->done < 0.5;
}

static void it_says_how_many_runs_and_can_be_stopped(void **state)
{
    (void)state;
    static const char *const change[] = {"households: 20000", "households: 40", NULL};
    wp_scenario *scenario = read_changed_scenario(TAKE_UP, change);
    watch w = {0};
    wp_sensitivity_options options = {
        .planned = on_plan,
        .run = {.draws = 8, .threads = 1, .dry_run = true, .progress = stop_at_half, .user = &w}};
    wp_sensitivity found = {0};
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_OK);
    assert_true(w.n_plans == 1 && w.n_asked == 0 && w.runs == 8 * 5 && found.n_models == 8 * 6);
    assert_true(!found.is_found && isnan(found.inputs[0].total) && isnan(found.mean));
    wp_sensitivity_free(&found);
    options.run.dry_run = false;
    assert_int_equal(wp_sensitivity_find(scenario, &options, &found, NULL), WP_ERR_STOPPED);
    assert_true(w.n_plans == 2 && w.n_at_plan == 0 && w.n_asked > 8);
    assert_true(w.done >= 0.5 && w.done < 0.6);
    wp_sensitivity_free(&found);
    wp_scenario_free(scenario);
}

/* ---- When lives may be used again ---------------------------------------------------------------------- */

static void digest_of(const wp_variant *variant, uint8_t digest[WP_SHA256_BYTES])
{
    wp_model model = {0};
    assert_int_equal(wp_model_init(&model, &variant->scenario, variant->scenario.seed, 0, NULL), WP_OK);
    wp_model_digest_lives(&model, digest);
    wp_model_free(&model);
}

static void lives_of(wp_variant *variant, char life[WP_U128_HEX])
{
    wp_run_data data = {0};
    assert_int_equal(wp_variant_run(variant, &data, NULL), WP_OK);
    wp_run_data_life_digest(&data, life);
    wp_simulate_free(&data);
}

/* Each number of a scenario a third lower, by itself: where the model's digest of lives stays, no life is
   another. Adds the numbers by which it stays and changes. */
static void lower_each_number(const char *path, int *n_same, int *n_other)
{
    wp_scenario *scenario = read_scenario(path);
    const wp_run_options options = {.draws = 1, .replicates = 1, .sample = 0.001, .threads = 1};
    wp_variant variant;
    char life[WP_U128_HEX], life_now[WP_U128_HEX];
    uint8_t digest[WP_SHA256_BYTES], digest_now[WP_SHA256_BYTES];
    assert_int_equal(wp_variant_init(&variant, scenario, &options, NULL), WP_OK);
    variant.scenario.n_draws = 1;
    digest_of(&variant, digest);
    lives_of(&variant, life);
    for (int p = 0; p < scenario->n_parameters; p++) {
        const wp_parameter *x = &scenario->parameters[p];
        if (x->grid != NULL || x->n_counts > 0 || x->n_steps > 0) { continue; }
        wp_variant_set(&variant, p, 0.67 * x->value / x->unit_scale);
        digest_of(&variant, digest_now);
        const bool is_same = memcmp(digest, digest_now, sizeof digest) == 0;
        if (is_same) {
            lives_of(&variant, life_now);
            if (strcmp(life, life_now) != 0) { fail_msg("%s: '%s' changes lives alone", path, x->name); }
        }
        variant.parameters[p] = *x;
        *n_same += is_same;
        *n_other += !is_same;
    }
    wp_variant_free(&variant);
    wp_scenario_free(scenario);
}

static void lives_that_differ_have_models_that_differ(void **state)
{
    (void)state;
    static const char *const places[] = {"/places/west-cheshire/domestic-abuse.yaml",
                                         "/places/lewisham/total-place.yaml"};
    int n_same = 0, n_other = 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s%s", WP_SCENARIOS_DIR, places[i]);
        lower_each_number(path, &n_same, &n_other);
    }
    print_message("%d numbers change lives, %d do not\n", n_other, n_same);
    assert_true(n_other > 50 && n_same > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_has_the_indices_of_the_g_function),
        cmocka_unit_test(intervals_hold_the_index),
        cmocka_unit_test(few_draws_have_no_interval),
        cmocka_unit_test(a_number_that_lives_read_has_its_indices),
        cmocka_unit_test(a_target_has_indices_too),
        cmocka_unit_test(chance_is_no_evidence),
        cmocka_unit_test(correlated_numbers_are_one_input),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(it_says_how_many_runs_and_can_be_stopped),
        cmocka_unit_test(lives_that_differ_have_models_that_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
