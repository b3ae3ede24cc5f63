/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of runs that must agree to the last bit: what should not matter does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "statistics.h"

typedef struct one_run { wp_scenario *scenario; wp_run_data data; wp_run_report report; } one_run;

static void run_file(one_run *x, const char *name, const char *const *change, const wp_run_options *options)
{
    char path[512];
    wp_run_options none = {0};
    memset(x, 0, sizeof *x);
    snprintf(path, sizeof path, "%s/%s.yaml", WP_TESTS_DIR, name);
    x->scenario = read_changed_scenario(path, change);
    run_engine(x->scenario, options != NULL ? options : &none, &x->data, &x->report);
}

static void free_run(one_run *x)
{
    wp_simulate_free(&x->data);
    wp_scenario_free(x->scenario);
}

/* Batches of one arm in each run, outcome by outcome (by name), all replicates. */
static void assert_same_lives(const one_run *a, const char *arm_a, const one_run *b, const char *arm_b)
{
    int ia = find_arm(&a->data, arm_a), ib = find_arm(&b->data, arm_b);
    int n = a->data.n_draws * a->data.n_replicates;
    assert_int_equal(n, b->data.n_draws * b->data.n_replicates);
    assert_int_equal(a->data.n_years, b->data.n_years);
    for (int o = 0; o < a->data.n_outcomes; o++) {
        int ob = find_outcome(&b->data, a->data.outcomes[o]);
        for (int64_t k = 0; k < (int64_t)n * 32 * a->data.n_years; k++) {
            int64_t va =
                a->data.batches[((int64_t)ia * n * 32 * a->data.n_years + k) * a->data.n_outcomes + o];
            int64_t vb =
                b->data.batches[((int64_t)ib * n * 32 * b->data.n_years + k) * b->data.n_outcomes + ob];
            if (va != vb) {
                print_error("%s: %s/%s year %d: %lld against %lld\n", a->data.outcomes[o], arm_a, arm_b,
                            (int)(k % a->data.n_years) + 1, (long long)va, (long long)vb);
            }
            assert_true(va == vb);
        }
    }
}

static void assert_same_life_digest(const one_run *a, const char *arm_a, const one_run *b, const char *arm_b)
{
    int n = a->data.n_draws * a->data.n_replicates;
    const uint64_t *la = a->data.life + (size_t)(find_arm(&a->data, arm_a) * n) * 2;
    const uint64_t *lb = b->data.life + (size_t)(find_arm(&b->data, arm_b) * n) * 2;
    assert_memory_equal(la, lb, (size_t)n * 2 * sizeof *la);
}

#define BASE "reference/metamorphic"

/* X1 */
static void an_intervention_without_effect_changes_nothing(void **state)
{
    (void)state;
    static const char *const factor_one[] = {
        "multiply_hazard: [1.5], after_end", "multiply_hazard: [1], after_end",
        "multiply_hazard: [0.7], builds_up", "multiply_hazard: [1], builds_up", NULL};
    static const char *const nobody[] = {"uptake: 0.6", "uptake: 0", "uptake: 0.3", "uptake: 0", NULL};
    static const char *const too_late[] = {"starts: 2012-01-01", "starts: 2032-01-01",
                                           "offer: {at: {every: 1 year}",
                                           "starts: 2031-01-01\n    offer: {at: {every: 1 year}", NULL};
    static const char *const *const changes[] = {factor_one, nobody, too_late};
    for (int i = 0; i < 3; i++) {
        one_run x;
        static const char *const arms[] = {"clinic", "visits", "both"};
        run_file(&x, BASE, changes[i], NULL);
        for (int a = 0; a < 3; a++) {
            assert_same_lives(&x, "baseline", &x, arms[a]);
            assert_same_life_digest(&x, "baseline", &x, arms[a]);
        }
        free_run(&x);
    }
}

static void and_with_its_effect_it_changes_something(void **state)
{
    (void)state;
    one_run x;
    run_file(&x, BASE, NULL, NULL);
    int ill = find_outcome(&x.data, "ill_years");
    assert_true(engine_total(&x.data, find_arm(&x.data, "clinic"), ill, -1) <
                engine_total(&x.data, 0, ill, -1));
    assert_true(engine_total(&x.data, find_arm(&x.data, "visits"), ill, -1) <
                engine_total(&x.data, 0, ill, -1));
    free_run(&x);
}

/* X2 */
static void assert_same_every_way(const char *file, const char *const *change)
{
    static const wp_run_options ways[] = {
        {.threads = 1}, {.threads = 1}, {.threads = 2}, {.threads = 16}, {.threads = 1, .block = 1},
        {.threads = 2, .block = 7}, {.threads = 1, .block = 640}, {.threads = 1, .exact_pass = true},
        {.threads = 1, .simd = WP_SIMD_PORTABLE}};
    one_run first, other;
    run_file(&first, file, change, &ways[0]);
    for (size_t w = 1; w < sizeof ways / sizeof *ways; w++) {
        run_file(&other, file, change, &ways[w]);
        if (strcmp(first.report.digest, other.report.digest) != 0) {
            print_error("%s, way %d\n", file, (int)w);
        }
        assert_string_equal(first.report.digest, other.report.digest);
        assert_string_equal(first.report.life_digest, other.report.life_digest);
        free_run(&other);
    }
    free_run(&first);
}

static void results_do_not_depend_on_how_they_are_computed(void **state)
{
    (void)state;
    static const char *const small[] = {"cohort: {households: 15000", "cohort: {households: 300", NULL};
    static const char *const smaller[] = {"cohort: {households: 20000", "cohort: {households: 300", NULL};
    assert_same_every_way(BASE, NULL);
    assert_same_every_way("reference/interventions", small);
    assert_same_every_way("reference/smooth", smaller);
    assert_same_every_way("reference/smooth_by_age", smaller);
    assert_same_every_way("reference/spells", smaller);
    assert_same_every_way("reference/deaths", small);
}

static void coupled_results_do_not_depend_on_how_they_are_computed(void **state)
{
    (void)state;
    static const char *const few[] = {"runs: {replicates: 300}", "runs: {replicates: 3}", NULL};
    assert_same_every_way("reference/queues", few);
    assert_same_every_way("reference/pools", few);
    assert_same_every_way("reference/indicators", few);
    assert_same_every_way("reference/arrivals",
                          (const char *const[]){"runs: {replicates: 400}", "runs: {replicates: 3}", NULL});
}

/* X3 */
static void the_order_of_entries_in_the_file_means_nothing(void **state)
{
    (void)state;
    static const char *const change[] = {
        /* the first process goes last, the first outcome and arm too */
        "  emigrates: {of: household, hazard: 0.02 per year, then: [{move: {who: household, to: "
        "outside}}]}\n",
        "",
        "processes:\n",
        "processes:\n  emigrates: {of: household, hazard: 0.02 per year, then: [{move: {who: household, to: "
        "outside}}]}\n",
        "  falls: {events: falls_ill, by: household.area}\n",
        "",
        "  deaths: {events: died}\n",
        "  deaths: {events: died}\n  falls: {events: falls_ill, by: household.area}\n",
        "arms: {baseline: [], clinic: [clinic], visits: [visits], both: [clinic, visits]}",
        "arms: {both: [visits, clinic], visits: [visits], clinic: [clinic], baseline: []}",
        "[{by: frailty}, {when: {partner.health: ill}, value: 1.7}, {when: {household.area: north}, value: "
        "1.2}]",
        "[{when: {household.area: north}, value: 1.2}, {by: frailty}, {when: {partner.health: ill}, value: "
        "1.7}]",
        NULL};
    one_run a, b;
    run_file(&a, BASE, NULL, NULL);
    run_file(&b, BASE, change, NULL);
    assert_string_equal(a.report.digest, b.report.digest);
    free_run(&a);
    free_run(&b);
}

/* X4 */
static void an_unrelated_process_that_never_happens_changes_nothing(void **state)
{
    (void)state;
    static const char *const change[] = {
        "processes:\n",
        "processes:\n  aaa_never: {of: person, hazard: 0 per year, multiply_hazard: [{by: frailty}], then: "
        "[die]}\n"
        "  zzz_never: {of: household, when: {household.number_of.sick: 3+}, hazard: 0 per year, then: "
        "[{move: {who: household, to: outside}}]}\n",
        NULL};
    static const char *const arms[] = {"baseline", "clinic", "visits", "both"};
    one_run a, b;
    run_file(&a, BASE, NULL, NULL);
    run_file(&b, BASE, change, NULL);
    for (int i = 0; i < 4; i++) {
        assert_same_lives(&a, arms[i], &b, arms[i]);
        assert_same_life_digest(&a, arms[i], &b, arms[i]);
    }
    free_run(&a);
    free_run(&b);
}

static void an_unrelated_process_that_happens_changes_nothing_else(void **state)
{
    (void)state;
    static const char *const change[] = {"processes:\n",
                                         "processes:\n  sneezes: {of: person, hazard: 3 per year, "
                                         "multiply_hazard: [{by: frailty}], then: []}\n",
                                         NULL};
    one_run a, b;
    run_file(&a, BASE, NULL, NULL);
    run_file(&b, BASE, change, NULL);
    assert_same_lives(&a, "baseline", &b, "baseline");
    assert_same_lives(&a, "both", &b, "both");
    free_run(&a);
    free_run(&b);
}

/* X5 */
static void lineages_do_not_depend_on_which_others_are_in_the_run(void **state)
{
    (void)state;
    one_run all;
    run_file(&all, BASE, NULL, NULL);
    int n_arms = all.data.n_arms;
    uint64_t sum[64][2] = {{0}};
    for (int first = 0; first < 10; first++) {
        one_run part;
        run_file(&part, BASE, NULL, &(wp_run_options){.lineage_step = 10, .lineage_first = first});
        assert_int_equal(part.data.n_arms, n_arms);
        assert_int_equal(part.data.n_lineages, 70);
        for (int a = 0; a < n_arms; a++) {
            uint64_t low = sum[a][0] + part.data.life[2 * a];
            sum[a][1] += part.data.life[2 * a + 1] + (low < sum[a][0]);
            sum[a][0] = low;
        }
        free_run(&part);
    }
    for (int a = 0; a < n_arms; a++) {
        assert_true(sum[a][0] == all.data.life[2 * a] && sum[a][1] == all.data.life[2 * a + 1]);
    }
    free_run(&all);
}

/* X6 */
static void an_arm_is_the_same_alone_or_with_others(void **state)
{
    (void)state;
    one_run all;
    run_file(&all, BASE, NULL, NULL);
    static const char *const arms[] = {"clinic", "visits", "both"};
    for (int i = 0; i < 3; i++) {
        one_run alone;
        run_file(&alone, BASE, NULL, &(wp_run_options){.arms = &arms[i], .n_arms = 1});
        assert_int_equal(alone.data.n_arms, 2);
        assert_same_lives(&all, arms[i], &alone, arms[i]);
        assert_same_life_digest(&all, arms[i], &alone, arms[i]);
        free_run(&alone);
    }
    free_run(&all);
}

/* X9, X10 */
static void swapped_labels_and_levels_change_nothing(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "{label: one, age: 40 years, partner: other}", "{label: first, age: 40 years, partner: second}",
        "{label: other, age: 40 years, partner: one}", "{label: second, age: 40 years, partner: first}",
        "households: 150000", "households: 4000", NULL};
    static const char *const levels[] = {"levels: [absent, present]", "levels: [present, absent]",
                                         "households: 150000", "households: 4000", NULL};
    static const char *const plain[] = {"households: 150000", "households: 4000", NULL};
    one_run a, b, c;
    run_file(&a, "exact/e11", plain, NULL);
    run_file(&b, "exact/e11", labels, NULL);
    run_file(&c, "exact/e11", levels, NULL);
    assert_same_lives(&a, "baseline", &b, "baseline");
    assert_same_lives(&a, "baseline", &c, "baseline");
    free_run(&a);
    free_run(&b);
    free_run(&c);
}

/* X11, in counts: parts add to totals. */
static void parts_by_level_add_to_the_total(void **state)
{
    (void)state;
    one_run x;
    static const char *const outcomes[] = {"falls", "stay_days"};
    run_file(&x, BASE, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        int o = find_outcome(&x.data, outcomes[i]), n_parts = 0;
        for (int arm = 0; arm < x.data.n_arms; arm++) {
            for (int y = 0; y < x.data.n_years; y++) {
                int64_t total = 0, parts = 0;
                for (int c = 0; c < x.data.n_cells; c++) {
                    int64_t v = x.data.cells[((int64_t)arm * x.data.n_years + y) * x.data.n_cells + c];
                    if (x.data.cell_outcome[c] != o) { continue; }
                    if (strcmp(x.data.cell_grouping[c], "all") == 0) { total += v; }
                    if (strncmp(x.data.cell_grouping[c], "by", 2) == 0) { parts += v; n_parts++; }
                }
                assert_true(total == parts);
                assert_true((double)total == engine_total(&x.data, arm, o, y));
            }
        }
        assert_true(n_parts > 0);
    }
    free_run(&x);
}

/* X14 */
static void people_are_those_before_and_born_less_died_and_gone(void **state)
{
    (void)state;
    one_run x;
    run_file(&x, BASE, NULL, NULL);
    int people = find_outcome(&x.data, "people"), births = find_outcome(&x.data, "births");
    int deaths = find_outcome(&x.data, "deaths"), gone = find_outcome(&x.data, "gone");
    for (int arm = 0; arm < x.data.n_arms; arm++) {
        assert_true(engine_total(&x.data, arm, people, 0) == 2 * 4 * 700);
        for (int y = 0; y + 1 < x.data.n_years; y++) {
            double now = engine_total(&x.data, arm, people, y),
                   next = engine_total(&x.data, arm, people, y + 1);
            double flow = engine_total(&x.data, arm, births, y) - engine_total(&x.data, arm, deaths, y) -
                          engine_total(&x.data, arm, gone, y);
            assert_true(next == now + flow);
        }
    }
    free_run(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_intervention_without_effect_changes_nothing),
        cmocka_unit_test(and_with_its_effect_it_changes_something),
        cmocka_unit_test(results_do_not_depend_on_how_they_are_computed),
        cmocka_unit_test(coupled_results_do_not_depend_on_how_they_are_computed),
        cmocka_unit_test(the_order_of_entries_in_the_file_means_nothing),
        cmocka_unit_test(an_unrelated_process_that_never_happens_changes_nothing),
        cmocka_unit_test(an_unrelated_process_that_happens_changes_nothing_else),
        cmocka_unit_test(lineages_do_not_depend_on_which_others_are_in_the_run),
        cmocka_unit_test(an_arm_is_the_same_alone_or_with_others),
        cmocka_unit_test(swapped_labels_and_levels_change_nothing),
        cmocka_unit_test(parts_by_level_add_to_the_total),
        cmocka_unit_test(people_are_those_before_and_born_less_died_and_gone),
    };
    return cmocka_run_group_tests_name("test_metamorphic", tests, NULL, NULL);
}
