/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled parts of scenarios as written: entries, delays, effects of interventions, pools,
   averages, choices; and what must not matter: the order of lines in a file. */
#define _GNU_SOURCE
#include "assert_close.h"
#include "test_model_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include <wholeplace/scenario.h>
#include <wholeplace/show.h>

#include "model/average.h"
#include "model/describe.h"
#include "model/model_digest.h"

#define HEAD                                                              \
    "wholeplace: 1\ntitle: Test\nclock: {start: 2000-01-01, years: 10}\n" \
    "population: {cohort: {households: 10, members: [{age: 40 years}]}}\n"

static wp_scenario *read_text(const char *text)
{
    wp_scenario *scenario = NULL;
    wp_problems problems = {0};
    wp_error err = {0};
    wp_status status =
        wp_scenario_read_text("test.yaml", text, strlen(text), &scenario, &problems, &err);
    for (size_t p = 0; status != WP_OK && p < problems.n; p++) {
        print_error("%d:%d: %s\n", problems.list[p].line, problems.list[p].column,
                    problems.list[p].text);
    }
    wp_problems_free(&problems);
    if (status != WP_OK) { fail_msg("%s", err.text); }
    return scenario;
}

static void compile(wp_model *model, const wp_scenario *scenario)
{
    wp_error err = {0};
    if (wp_model_init(model, scenario, 1, 0, &err) != WP_OK) { fail_msg("%s", err.text); }
}

static int process_named(const wp_model *m, const char *name)
{
    for (int p = 0; p < m->n_processes; p++) {
        if (strcmp(m->processes[p].process->name, name) == 0) { return p; }
    }
    fail_msg("no process %s", name);
    return -1;
}

static const char CARE[] = HEAD
    "person:\n"
    "  attributes:\n"
    "    frailty: {multiplier: {gamma: {mean: 2, cv: 0.5}}}\n"
    "    sex: {levels: [female, male], at_start: {female: 0.25, male: 0.75}}\n"
    "  states:\n"
    "    ill: {levels: [absent, mild, severe], at_birth: absent, at_start: {by: [sex, age], "
    "values: {female: {0-64: {absent: 1}, 65+: {absent: 0.5, mild: 0.3, severe: 0.2}}, male: {0+: "
    "{absent: 0.9, mild: 0.1}}}}}\n"
    "household:\n"
    "  states:\n"
    "    strain: {levels: [low, high], at_start: low}\n"
    "groups: {ill_ones: {ill: [mild, severe]}}\n"
    "parameters:\n"
    "  stay: {by: age, values: {0-64: 10, 65+: 20}, unit: days, source: assumed, grade: A}\n"
    "processes:\n"
    "  falls_ill:\n"
    "    of: person\n"
    "    when: {ill: absent}\n"
    "    hazard: 0.2 per year\n"
    "    multiply_hazard: [{by: frailty}, {when: {household.strain: high}, value: 1.5}, {when: "
    "{household.number_of.ill_ones: 2+}, value: 2}]\n"
    "    choose:\n"
    "      mild: {probability: otherwise, then: [{set: {ill: mild}}]}\n"
    "      severe: {probability: 0.25, multiply_odds: [{when: {age: 65+}, value: 3}], then: [{set: "
    "{ill: severe}}]}\n"
    "  recovers:\n"
    "    of: person\n"
    "    when: {ill: [mild, severe]}\n"
    "    delay: {gamma: {mean: stay, cv: 0.5}}\n"
    "    multiply_delay: [{when: {ill: severe}, value: 4}]\n"
    "    then: [{set: {ill: absent}}]\n"
    "  strain_grows: {of: household, when: {strain: low}, hazard: 0.1 per year, then: [{set: "
    "{strain: high}}]}\n"
    "interventions:\n"
    "  visits:\n"
    "    of: household\n"
    "    offer: {at: {enters: {strain: high}}, reach: 0.5}\n"
    "    uptake: 0.6\n"
    "    lasts: 6 months\n"
    "    stops_when: {strain: low}\n"
    "    changes:\n"
    "      falls_ill: {multiply_hazard: [0.5], after_end: {linear: 6 months}}\n"
    "      recovers: {multiply_delay: [0.8], builds_up: 2 months}\n"
    "arms: {baseline: [], visited: [visits]}\n"
    "outcomes: {ill_years: {time_in: {is: ill_ones}, unit: years}}\n";

static void shares_at_the_start_are_rows_by_what_they_look_at(void **state)
{
    (void)state;
    wp_scenario *s = read_text(CARE);
    wp_model m;
    compile(&m, s);
    int ill = 0;
    while (strcmp(s->variables[ill].name, "ill") != 0) { ill++; }
    const wp_variable_model *v = &m.variables[ill];
    const wp_entry_model *e = &v->at_start;
    assert_int_equal(e->n_levels, 3);
    uint8_t x[16] = {70, 0};
    x[m.variables[ill + 1].feature] = 0; /* sex, female */
    const double *row = e->cumulative + (size_t)wp_axes_index(e->n_axes, e->axes, x, 1) * 3;
    assert_close(row[0], 0.5, 1e-15, 0.0);
    assert_close(row[1], 0.8, 1e-15, 0.0);
    assert_true(row[2] == 1.0);
    x[m.variables[ill + 1].feature] = 1;
    row = e->cumulative + (size_t)wp_axes_index(e->n_axes, e->axes, x, 1) * 3;
    assert_close(row[0], 0.9, 1e-15, 0.0);
    assert_true(m.variables[ill + 1].rank < v->rank); /* sex is read, so it comes first */
    wp_model_free(&m);
    wp_scenario_free(s);
}

static void delays_have_a_scale_and_factors_of_their_own(void **state)
{
    (void)state;
    wp_scenario *s = read_text(CARE);
    wp_model m;
    compile(&m, s);
    const wp_process_model *p = &m.processes[process_named(&m, "recovers")];
    int effect = -1;
    for (int f = 0; f < m.kinds[WP_PERSON].n_features; f++) {
        const wp_feature *copy = &m.kinds[WP_PERSON].features[f];
        if (copy->kind != WP_FEATURE_COPY) { continue; }
        const wp_feature *source = &m.kinds[WP_HOUSEHOLD].features[copy->source];
        if (source->kind == WP_FEATURE_EFFECT && source->source == 1) { effect = f; }
    }
    assert_true(effect > 0);
    uint8_t x[32] = {70};
    x[m.variables[0].feature] = 2; /* ill: severe */
    assert_close(product_at(&p->delay_scale, x), 20.0 / 365.25, 1e-7, 0.0);
    assert_close(product_at(&p->delay_factor, x), 4.0, 1e-7, 0.0);
    /* weights by month: 1/4, 3/4, then 1: 1 - 0.2 w */
    static const double months[] = {1.0, 0.95, 0.85, 0.8};
    for (int c = 0; c < 4; c++) {
        x[effect] = (uint8_t)c;
        assert_close(product_at(&p->delay_factor, x), 4.0 * months[c], 1e-6, 0.0);
    }
    assert_int_equal(p->delay_table->kind, WP_QUANTILE_GAMMA);
    assert_close(p->delay_table->shape, 4.0, 1e-6, 0.0);
    assert_true(p->timer >= 0 && m.kinds[WP_PERSON].n_delays == 1);
    wp_model_free(&m);
    wp_scenario_free(s);
}

static void effects_fade_month_by_month_at_their_mean(void **state)
{
    (void)state;
    wp_scenario *s = read_text(CARE);
    wp_model m;
    compile(&m, s);
    const wp_effect_shape *fades = &m.shapes[0], *builds = &m.shapes[1];
    assert_int_equal(fades->n_build, 1);
    assert_int_equal(fades->n_fade, 6);
    assert_true(fades->weights[0] == 0.0 && fades->weights[1] == 1.0);
    double area = 0.0;
    for (int c = 0; c < 6; c++) {
        assert_close(fades->weights[2 + c], 1.0 - (c + 0.5) / 6.0, 1e-6, 0.0);
        area += fades->weights[2 + c] / 12.0;
    }
    assert_close(area, 0.25, 1e-6, 0.0); /* half of six months */
    assert_int_equal(builds->n_build, 3);
    assert_int_equal(builds->n_fade, 0);
    const wp_intervention_model *v = &m.interventions[0];
    assert_true(v->reach[0] == 0.5 && v->lasts_fixed == WP_TICKS_PER_YEAR / 2 && v->has_stops);
    assert_int_equal(m.n_hooks, 1);
    assert_int_equal(m.hooks[0].intervention, 0);
    assert_true(m.hooks[0].levels == 2 && m.hooks[0].process == -1);
    wp_model_free(&m);
    wp_scenario_free(s);
}

static void multipliers_and_counts_reach_the_person(void **state)
{
    (void)state;
    wp_scenario *s = read_text(CARE);
    wp_model m;
    compile(&m, s);
    const wp_process_model *p = &m.processes[process_named(&m, "falls_ill")];
    assert_int_equal(p->rate.n_reals, 1);
    assert_true(m.kinds[WP_PERSON].reals[p->rate.reals[0]].scale == 2.0);
    int number = feature_at(&m, WP_HOUSEHOLD, WP_FEATURE_NUMBER_OF, WP_SELF, 0);
    /* variables: ill, sex, then the household's: strain, visits */
    int strain = feature_at(&m, WP_HOUSEHOLD, WP_FEATURE_VARIABLE, WP_SELF, 2);
    int many = feature_at(&m, WP_PERSON, WP_FEATURE_COPY, WP_OWN_HOUSEHOLD, number);
    int tense = feature_at(&m, WP_PERSON, WP_FEATURE_COPY, WP_OWN_HOUSEHOLD, strain);
    const wp_feature *copy = &m.kinds[WP_PERSON].features[many];
    assert_int_equal(copy->n_classes, 2); /* below 2, and from 2 on */
    assert_true(copy->remap[1] == 0 && copy->remap[2] == 1 && copy->remap[15] == 1);
    uint8_t x[32] = {30};
    x[many] = 1;
    x[tense] = 1;
    assert_close(product_at(&p->rate, x), 0.2 * 1.5 * 2.0, 1e-6, 0.0);
    assert_true(m.kinds[WP_PERSON].dependents[m.variables[0].feature].groups);
    assert_true(m.kinds[WP_HOUSEHOLD].dependents[strain].copies);
    assert_true(m.kinds[WP_HOUSEHOLD].dependents[strain].stops);
    assert_int_equal(p->n_answers, 2);
    assert_string_equal(p->answers[0].option->name, "severe");
    assert_true(p->answers[1].is_otherwise && p->answers[0].has_odds && !p->answers[0].has_hazard);
    x[0] = 65;
    assert_true(product_at(&p->answers[0].odds, x) == 3.0 &&
                product_at(&p->answers[0].base, x) == 0.25);
    wp_model_free(&m);
    wp_scenario_free(s);
}

static const char LATER[] = HEAD
    "person:\n"
    "  attributes: {sort: {levels: [a, b], at_start: {a: 0.5, b: 0.5}}}\n"
    "  states: {served: {levels: [nothing, it], at_start: nothing}}\n"
    "parameters:\n"
    "  places: {by: sort, values: {a: 3, b: 7}, unit: places, source: assumed, grade: A}\n"
    "pools: {beds: {by: sort, places: places, settled: every 3 months, order: [{when: {age: 80+}}, "
    "{by: sort, first: b}, longest_waiting], refused: waits}}\n"
    "processes:\n"
    "  asks:\n"
    "    of: person\n"
    "    when: {served: nothing}\n"
    "    hazard: {weibull: {shape: 2, scale: 4 years}, clock: age}\n"
    "    multiply_hazard: [{by: age, values: {0-39: 1, 40+: 3}, keep_average_by: sort}]\n"
    "    then: [{ask: {pool: beds, place: same as sort, granted: [{set: {served: it}}]}}]\n"
    "arms: {baseline: []}\n"
    "outcomes: {it: {enters: {served: it}}}\n";

static void pools_and_smooth_hazards_and_averages(void **state)
{
    (void)state;
    wp_scenario *s = read_text(LATER);
    wp_model m;
    compile(&m, s);
    const wp_process_model *p = &m.processes[0];
    assert_int_equal(p->smooth.kind, WP_SMOOTH_WEIBULL);
    assert_true(p->smooth.shape == 2.0 && p->smooth.rate == 1.0 / 16.0);
    assert_int_equal(m.pools[0].n_stocks, 2);
    assert_true(m.pools[0].places[0] == 3.0 && m.pools[0].places[1] == 7.0);
    assert_int_equal(m.pools[0].of, WP_PERSON);
    int sort = feature_at(&m, WP_PERSON, WP_FEATURE_VARIABLE, WP_SELF, 1);
    assert_int_equal(m.pools[0].order_feature[1], sort);
    assert_int_equal(m.pools[0].order_feature[0], -1);
    uint8_t x[16] = {85};
    assert_true(product_at(&m.pools[0].order_when[0], x) == 1.0);
    assert_int_equal(m.epoch, WP_TICKS_PER_YEAR / 4);
    /* founders of sort a: two under 40, one above; of sort b: none */
    assert_int_equal(m.n_averages, 1);
    assert_int_equal(wp_average_kind(&m, 0), WP_PERSON);
    static const uint8_t ages[] = {20, 30, 50};
    double sum[8] = {0};
    int64_t n[8] = {0};
    assert_int_equal(m.averages[0].n, 2);
    for (int i = 0; i < 3; i++) {
        x[0] = ages[i];
        uint32_t cell = wp_average_index(&m, 0, x, 1);
        sum[cell] += wp_average_factor(&m, 0, x, 1);
        n[cell]++;
    }
    assert_close(product_at(&p->rate, x), 3.0, 1e-7, 0.0);
    uint8_t digest[32];
    memcpy(digest, m.digest, 32);
    wp_average_set(&m, 0, sum, n);
    wp_model_digest_compute(&m);
    assert_memory_not_equal(digest, m.digest, 32);
    assert_close(product_at(&p->rate, x), 3.0 * 3.0 / 5.0, 1e-6, 0.0);
    x[sort] = 1;
    assert_close(product_at(&p->rate, x), 3.0, 1e-7, 0.0);
    wp_model_free(&m);
    wp_scenario_free(s);
}

/* The same as CARE's processes and people, written in another order. */
static void order_in_the_file_changes_no_byte_of_the_model(void **state)
{
    (void)state;
    static const char FIRST[] = HEAD
        "person: {states: {a: {levels: [p, q], at_start: p}, b: {levels: [p, q], at_start: {by: a, "
        "values: {p: {p: 0.2, q: 0.8}, q: {p: 1}}}}}}\n"
        "groups: {old: {age: 65+, a: p}, young: {age: 0-20}}\n"
        "processes:\n"
        "  one: {of: person, when: {a: p, b: q, age: 20+}, hazard: 0.1 per year, multiply_hazard: "
        "[{when: {b: p}, value: 3}, 0.7], then: [{set: {a: q}}]}\n"
        "  two: {of: person, when: {is: old, time in a: 1+ years}, hazard: 0.2 per year, then: "
        "[{set: {b: q}}]}\n"
        "arms: {baseline: []}\n"
        "outcomes: {n: {events: one}, t: {time_in: {a: q, b: p}, unit: years}}\n"
        "report: {groups: [old]}\n";
    static const char SECOND[] = HEAD
        "report: {groups: [old]}\n"
        "outcomes: {t: {unit: years, time_in: {b: p, a: q}}, n: {events: one}}\n"
        "arms: {baseline: []}\n"
        "processes:\n"
        "  two: {of: person, hazard: 0.2 per year, when: {time in a: 1+ years, is: old}, then: "
        "[{set: {b: q}}]}\n"
        "  one: {of: person, hazard: 0.1 per year, multiply_hazard: [0.7, {value: 3, when: {b: "
        "p}}], when: {age: 20+, b: q, a: p}, then: [{set: {a: q}}]}\n"
        "groups: {young: {age: 0-20}, old: {a: p, age: 65+}}\n"
        "person: {states: {b: {at_start: {by: a, values: {q: {p: 1}, p: {q: 0.8, p: 0.2}}}, "
        "levels: [p, q]}, a: {levels: [p, q], at_start: p}}}\n";
    uint8_t digests[2][32];
    for (int i = 0; i < 2; i++) {
        wp_scenario *s = read_text(i == 0 ? FIRST : SECOND);
        wp_model m;
        compile(&m, s);
        memcpy(digests[i], m.digest, 32);
        wp_model_free(&m);
        wp_scenario_free(s);
    }
    assert_memory_equal(digests[0], digests[1], 32);
}

static void show_says_what_happens_and_what_has_no_source(void **state)
{
    (void)state;
    char *words = NULL, *rows = NULL, *tables = NULL;
    size_t n_words = 0, n_rows = 0, n_tables = 0;
    wp_scenario *s = read_text(CARE);
    wp_model m;
    compile(&m, s);
    FILE *out = open_memstream(&words, &n_words);
    assert_int_equal(wp_show(s, out, NULL), WP_OK);
    fclose(out);
    out = open_memstream(&rows, &n_rows);
    assert_int_equal(wp_show_parameters(s, out, NULL), WP_OK);
    fclose(out);
    out = open_memstream(&tables, &n_tables);
    assert_int_equal(wp_model_describe(&m, out, NULL), WP_OK);
    fclose(out);
    assert_non_null(
        strstr(words, "strain_grows happens to a household at a rate per year of 0.1, while strain "
                      "is low; then set strain to high."));
    assert_non_null(strstr(words, "lasts 6 months, ends early when strain is low"));
    assert_non_null(
        strstr(words, "stay = table of 2 cells by age (days); source: assumed; grade A"));
    assert_non_null(strstr(words, "Without a source: 0"));
    assert_string_equal(strtok(rows, "\r"), "name,value,unit,distribution,source,grade,file,line");
    assert_non_null(strstr(rows + strlen(rows) + 1, "stay,,days,,assumed,A,"));
    assert_non_null(strstr(tables, "process recovers (person)"));
    free(words);
    free(rows);
    free(tables);
    wp_model_free(&m);
    wp_scenario_free(s);
}

/* Dates as days, arms with what they are made of, and what was published: a fact, a claim that is a range, a
   share, and what is aligned. */
static void show_says_when_in_which_arm_and_what_was_published(void **state)
{
    (void)state;
    static const char TEXT[] =
        "wholeplace: 1\ntitle: t\nclock: {start: 2011-04-01, years: 6}\n"
        "population: {cohort: {households: 10, members: [{age: 40 years}]}}\n"
        "person: {states: {health: {levels: [well, ill], at_start: well}}}\n"
        "processes: {onset: {of: person, when: {health: well}, hazard: 0.1 per year, multiply_hazard: "
        "[by_year], then: [{set: {health: ill}}]}}\n"
        "parameters: {by_year: {by: year, values: {1+: 1}, unit: hazard ratio, source: made up}}\n"
        "interventions:\n"
        "  early_help: {of: person, starts: 2015-04-01, ends: 2016-04-01, offer: {at: {date: 2015-06-01}}, "
        "uptake: 0.5, lasts: 1 year, changes: {onset: {multiply_hazard: [0.5]}}}\n"
        "  later_help: {of: person, offer: {at: {date: start}}, uptake: 0.5, lasts: 1 year, "
        "changes: {}}\n"
        "  home_visit: {of: person, offer: {at: {date: start}}, uptake: 0.5, lasts: 1 year, "
        "changes: {}}\n"
        "arms: {baseline: [], with_help: [home_visit, early_help]}\n"
        "outcomes: {onsets: {events: onset}, ill: {time_in: {health: ill}, unit: years}}\n"
        "targets:\n"
        "  fewer: {id: A-1, role: claim, source: a paper, grade: B, about: fewer fall ill, figure: {outcome: "
        "onsets, arm: with_help, years: 1-2}, published: {low: 5}}\n"
        "  share_ill: {role: baseline fact, figure: {outcome: ill, as: share}, published: {low: 10 %, "
        "high: 12.5 %}}\n"
        "align: {by_year: {outcome: onsets, totals: {1: 5, 3-4: 6}, source: a count}}\n";
    char *words = NULL;
    size_t n_words = 0;
    wp_scenario *s = read_text(TEXT);
    FILE *out = open_memstream(&words, &n_words);
    assert_int_equal(wp_show(s, out, NULL), WP_OK);
    fclose(out);
    static const char *const said[] = {
        "  early_help, for a person, starts on 2015-04-01, ends on 2016-04-01.\n    offered on 2015-06-01",
        "  later_help, for a person, starts with the run; in no arm.\n",
        "  home_visit, for a person, starts with the run.\n",
        "  Baseline (baseline): no intervention\n  With help (with_help): early_help, home_visit\n",
        ("\nWhat was published\n  fewer, a claim (A-1): 5 or more; source: a paper; grade B\n"
         "    beside: onsets, with_help, total, years 1 to 2\n    fewer fall ill\n"),
        "  share_ill, a fact of the baseline: 10 to 12.5 %; source: none\n    beside: ill, share\n",
        "  onsets, by year: by_year aligns it to totals of 3 years; source: a count\n"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strstr(words, said[i]) == NULL) { fail_msg("'%s' is not said in\n%s", said[i], words); }
    }
    free(words);
    wp_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_at_the_start_are_rows_by_what_they_look_at),
        cmocka_unit_test(delays_have_a_scale_and_factors_of_their_own),
        cmocka_unit_test(effects_fade_month_by_month_at_their_mean),
        cmocka_unit_test(multipliers_and_counts_reach_the_person),
        cmocka_unit_test(pools_and_smooth_hazards_and_averages),
        cmocka_unit_test(order_in_the_file_changes_no_byte_of_the_model),
        cmocka_unit_test(show_says_what_happens_and_what_has_no_source),
        cmocka_unit_test(show_says_when_in_which_arm_and_what_was_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
