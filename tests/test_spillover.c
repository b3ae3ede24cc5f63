/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a saving is, within families: against theory, against life histories, against the saving as a whole;
   the same however it is computed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "exact_chain.h"
#include "parallel/side_split.h"
#include "parallel/simulate_run.h"
#include "results/result.h"
#include "statistics.h"
#include "uncertainty/spillover.h"

#define EVERYTHING WP_TESTS_DIR "/tallies/everything.yaml"
#define DECLARE "arms:", "report: {saving_by: [household]}\narms:"

static size_t part_of(const wp_run_data *data, int arm, int draw, int replicate)
{
    return ((size_t)arm * (size_t)data->n_draws + (size_t)draw) * (size_t)data->n_replicates +
           (size_t)replicate;
}

static int value_index(const wp_run_data *data, const char *name)
{
    for (int v = 0; v < data->n_values; v++) {
        if (strcmp(data->values[v], name) == 0) { return v; }
    }
    fail_msg("no value '%s'", name);
    return 0;
}

static const int64_t *sides_of(const wp_run_data *data, int arm, int replicate, const char *value)
{
    const size_t row = part_of(data, arm, 0, replicate) * (size_t)data->n_values +
                       (size_t)value_index(data, value);
    return data->side_amounts + row * WP_N_SIDES;
}

static const int64_t *people_of(const wp_run_data *data, int arm, int replicate)
{
    return data->side_people + part_of(data, arm, 0, replicate) * WP_N_SIDES;
}

/* Sides add to what the valuation says is saved, of every value; groups of families to all, of every unit.
   Not of so many families that a sum is no longer exact as a double. */
static void check_sums(const wp_run_data *data)
{
    const size_t n_parts = part_of(data, data->n_arms, 0, 0), n_baseline = part_of(data, 1, 0, 0);
    const size_t n = (size_t)data->n_values, n_units = (size_t)data->n_side_units;
    assert_int_equal(data->n_sides, WP_N_SIDES);
    for (size_t part = 0; part < n_parts; part++) {
        int64_t by_unit[8][WP_N_SIDES] = {{0}};
        for (size_t b = 0; b < WP_N_BATCHES; b++) {
            for (size_t k = 0; k < n_units * WP_N_SIDES; k++) {
                by_unit[k / WP_N_SIDES][k % WP_N_SIDES] +=
                    data->side_batches[(part * WP_N_BATCHES + b) * n_units * WP_N_SIDES + k];
            }
        }
        for (size_t v = 0; v < n; v++) {
            const int64_t *sides = data->side_amounts + (part * n + v) * WP_N_SIDES;
            int64_t sum = 0;
            for (int side = 0; side < WP_N_SIDES; side++) { sum += sides[side]; }
            const double saved = data->value_sum[part % n_baseline * n + v] - data->value_sum[part * n + v];
            assert_true(fabs(data->value_sum[part * n + v]) < 0x1p52 * WP_SIDE_UNIT);
            assert_int_equal(sum, llround(saved / WP_SIDE_UNIT));
            for (size_t u = 0; u < n_units; u++) {
                char name[64];
                snprintf(name, sizeof name, "all %s", data->side_units[u]);
                if (strcmp(data->values[v], name) == 0) {
                    assert_memory_equal(by_unit[u], sides, sizeof by_unit[u]);
                }
            }
        }
    }
}

/* A scenario after replacing pieces of its text: {find, replace, …, NULL}. */
static wp_scenario *read_changed_text(const char *whole, const char *const *changes)
{
    static char text[16384], rest[16384];
    snprintf(text, sizeof text, "%s", whole);
    for (size_t c = 0; changes[c] != NULL; c += 2) {
        char *at = strstr(text, changes[c]);
        assert_non_null(at);
        snprintf(rest, sizeof rest, "%s%s", changes[c + 1], at + strlen(changes[c]));
        memcpy(at, rest, strlen(rest) + 1);
    }
    return read_scenario_text("changed.yaml", text);
}

/* ---- Against theory ----------------------------------------------------------------------------------- */

/* Two adults who affect each other (E11), a problem that costs 1,000 a year, and a programme for one of them
   that makes onset less likely by six in ten. */
#define PAIR                                                                                                \
    "wholeplace: 1\ntitle: a pair\nclock: {start: 2000-01-01, years: 10}\nruns: {seed: 3}\n"                \
    "population: {cohort: {households: 40000, members: [{label: one, age: 40 years, partner: other}, "      \
    "{label: other, age: 50 years, partner: one}]}}\n"                                                      \
    "person: {states: {problem: {levels: [absent, present], at_start: absent}}}\n"                          \
    "groups: {with_problem: {problem: present}}\n"                                                          \
    "processes:\n"                                                                                          \
    "  onset: {of: person, when: {problem: absent}, hazard: 0.05 per year, multiply_hazard: [{when: "       \
    "{partner.problem: present}, value: 3}], then: [{set: {problem: present}}]}\n"                          \
    "  recovery: {of: person, when: {problem: present}, hazard: 0.40 per year, multiply_hazard: [{when: "   \
    "{partner.problem: present}, value: 0.6}], then: [{set: {problem: absent}}]}\n"                         \
    "  separation: {of: couple, hazard: {by: couple.number_of.with_problem, values: {0: 0.02, 1: 0.06, 2: " \
    "0.12}, unit: per year}, then: [{separate: {leaver: either}}]}\n"                                       \
    "interventions:\n  help: {of: person, offer: {at: {date: start}, when: {age: 40}}, uptake: 1, lasts: "  \
    "for "                                                                                                  \
    "ever, changes: {onset: {multiply_hazard: [0.4]}}}\n"                                                   \
    "arms: {baseline: [], help: [help]}\n"                                                                  \
    "outcomes: {problem_years: {time_in: {problem: present}, unit: years}}\n"                               \
    "unit_values: {problem: {per: problem_years, amount: 1000 GBP}}\n"                                      \
    "money: {discount: {GBP: 0 % per year}}\nreport: {saving_by: [household]}\n"

/* States: 1 if the first has it, 2 if the second, 4 if they are apart. */
static double years_with_it(double onset_of_one, int who)
{
    static const double parts[3] = {0.02, 0.06, 0.12};
    chain c = {.n = 8, .p0 = {1}};
    double with_it[MAX_CHAIN] = {0}, mean = 0, sd = 0;
    for (int s = 0; s < 8; s++) {
        const bool apart = (s & 4) != 0;
        for (int a = 0; a < 2; a++) {
            const int mine = 1 << a, other = 3 - mine;
            const bool affected = !apart && (s & other) != 0;
            const double onset = (a == 0 ? onset_of_one : 1.0) * 0.05 * (affected ? 3 : 1);
            if ((s & mine) == 0) { c.q[s][s | mine] = onset; }
            if ((s & mine) != 0) { c.q[s][s & ~mine] = 0.4 * (affected ? 0.6 : 1); }
        }
        if (!apart) { c.q[s][s | 4] = parts[(s & 1) + (s >> 1 & 1)]; }
        with_it[s] = (s & who) != 0;
    }
    chain_close(&c);
    chain_reward(&c, with_it, 0, 10, 0, &mean, &sd);
    return mean;
}

/* Standard error of a side's mean over families, from the groups. */
static double error_of(const wp_run_data *data, int side)
{
    double sum = 0, square = 0;
    for (size_t b = 0; b < WP_N_BATCHES; b++) {
        const size_t at = (part_of(data, 1, 0, 0) * WP_N_BATCHES + b) * (size_t)data->n_side_units *
                          WP_N_SIDES;
        const double mean = WP_SIDE_UNIT * (double)data->side_batches[at + (size_t)side] /
                            (double)data->founders_by_batch[b];
        sum += mean;
        square += mean * mean;
    }
    return sqrt((square - sum * sum / WP_N_BATCHES) / (WP_N_BATCHES - 1) / WP_N_BATCHES);
}

static void what_the_other_of_two_gains_is_what_theory_says(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario_text("pair.yaml", PAIR);
    wp_run_options options = {.threads = 2};
    wp_run_data data;
    wp_checks checks;
    wp_checks_init(&checks, "two adults, one helped");
    options.has_seed = !wp_test_seed_is_fixed();
    options.seed = wp_test_seed(3);
    run_engine(scenario, &options, &data, NULL);
    check_sums(&data);
    const int64_t *sides = sides_of(&data, 1, 0, "all GBP"), *people = people_of(&data, 1, 0);
    const double n = 40000;
    const double own = 1000 * (years_with_it(1, 1) - years_with_it(0.4, 1));
    const double other = 1000 * (years_with_it(1, 2) - years_with_it(0.4, 2));
    wp_check_exact(&checks, "own", WP_SIDE_UNIT * (double)sides[WP_SIDE_OWN] / n, own,
                   error_of(&data, WP_SIDE_OWN), "both together");
    wp_check_exact(&checks, "others", WP_SIDE_UNIT * (double)sides[WP_SIDE_OTHERS] / n, other,
                   error_of(&data, WP_SIDE_OTHERS), "0: nobody else is affected");
    assert_true(other > 0.05 * own);
    for (int side = WP_SIDE_HOME; side < WP_N_SIDES; side++) {
        assert_int_equal(sides[side], 0);
        assert_int_equal(people[side], 0);
    }
    assert_int_equal(people[WP_SIDE_OWN], 40000);
    assert_int_equal(people[WP_SIDE_OTHERS], 40000);
    wp_checks_print(&checks);
    assert_int_equal(checks.n_failed, 0);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* Who does not bear upon each other: the whole saving is own, to the last unit. */
static void those_who_do_not_affect_each_other_gain_nothing_from_each_other(void **state)
{
    (void)state;
    static const char *const changes[] = {"value: 3}", "value: 1}", "value: 0.6}", "value: 1}", NULL};
    wp_scenario *scenario = read_changed_text(PAIR, changes);
    wp_run_data data;
    run_engine(scenario, &(wp_run_options){.threads = 2, .sample = 0.2}, &data, NULL);
    check_sums(&data);
    const int64_t *sides = sides_of(&data, 1, 0, "all GBP");
    assert_true(sides[WP_SIDE_OWN] > 0);
    for (int side = WP_SIDE_OTHERS; side < WP_N_SIDES; side++) { assert_int_equal(sides[side], 0); }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- Against life histories ---------------------------------------------------------------------------- */

/* Families who bear upon each other, in a place with a queue and a rate, and each by itself. An illness costs
   1,000, a start 130, a quarrel of a home 70, an offer 5, a wake 2,000. */
#define SIDES WP_TESTS_DIR "/tallies/sides.yaml"
static const char *const by_itself[] = {
    "indicators: {illness: {share: {ill: ill}, over: last year}}\n",
    "",
    "      - {by: illness, values: {0-0.12: 0.7, 0.12-0.15: 0.8, 0.15-0.18: 0.9, 0.18-0.21: 1, 0.21+: "
    "1.1}}\n",
    "",
    "    capacity: {places: 60, settled: every 1 month}\n    queue: {order: longest_waiting}\n",
    "",
    NULL};

enum { MOST_LIVES = 40000 };

/* One person in one replicate, in the two arms. */
typedef struct life {
    uint64_t id, lineage;
    int64_t pounds[2];
    bool is_born[2], enrolled;
} life;

static int by_lineage(const void *left, const void *right)
{
    const life *a = left, *b = right;
    if (a->lineage != b->lineage) { return a->lineage < b->lineage ? -1 : 1; }
    return a->id < b->id ? -1 : a->id > b->id;
}

static life *find_life(life *lives, size_t *n, uint64_t lineage, uint64_t id)
{
    for (size_t k = 0; k < *n; k++) {
        if (lives[k].id == id) { return &lives[k]; }
    }
    assert_true(*n < MOST_LIVES);
    lives[*n] = (life){.id = id, .lineage = lineage};
    return &lives[(*n)++];
}

static int64_t price_of(const char *event)
{
    static const struct {
        const char *event;
        int64_t pounds;
    } prices[] = {
        {"falls_ill", 1000}, {"quarrel", 70}, {"remembered", 2000}, {"care.start", 130}, {"care.offer", 5}};
    for (size_t k = 0; k < sizeof prices / sizeof prices[0]; k++) {
        if (strcmp(event, prices[k].event) == 0) { return prices[k].pounds; }
    }
    return 0;
}

/* Persons of the traces of one replicate, by lineage; what falls on homes, and offers, is added to the last
   one's. */
static size_t read_lives(const wp_run_data *data, int replicate, life *lives, int64_t home[2])
{
    size_t n = 0;
    home[0] = home[1] = 0;
    for (int64_t row = 0; row < data->n_trace; row++) {
        const char *event = data->events[data->trace_event[row]];
        const int arm = data->trace_arm[row];
        if (data->trace_replicate[row] != replicate) { continue; }
        if (data->trace_kind[row] != 0 || strcmp(event, "care.offer") == 0) {
            home[arm] += price_of(event);
            continue;
        }
        life *mine = find_life(lives, &n, data->trace_lineage[row], data->trace_subject[row]);
        mine->pounds[arm] += price_of(event);
        mine->is_born[arm] |= strcmp(event, "born") == 0;
        mine->enrolled |= strcmp(event, "care.start") == 0;
    }
    qsort(lives, n, sizeof *lives, by_lineage);
    return n;
}

static void split_lives(const life *lives, size_t n, int64_t pounds[WP_N_SIDES])
{
    for (size_t first = 0, end = 0; first < n; first = end) {
        bool is_reached = false;
        for (end = first; end < n && lives[end].lineage == lives[first].lineage; end++) {
            is_reached |= lives[end].enrolled;
        }
        for (size_t k = first; k < end; k++) {
            const int side = lives[k].is_born[0] != lives[k].is_born[1] ? WP_SIDE_ONE_ARM
                             : lives[k].enrolled                        ? WP_SIDE_OWN
                             : is_reached                               ? WP_SIDE_OTHERS
                                                                        : WP_SIDE_ELSEWHERE;
            pounds[side] += lives[k].pounds[0] - lives[k].pounds[1];
        }
    }
}

static void check_against_lives(bool full_arms, int block, bool is_place)
{
    enum { N_REPLICATES = 2 };
    bool has_any[WP_N_SIDES] = {false};
    wp_scenario *scenario = read_changed_scenario(SIDES, is_place ? NULL : by_itself);
    wp_run_data data;
    life *lives = calloc(MOST_LIVES, sizeof *lives);
    const wp_run_options options = {
        .replicates = N_REPLICATES, .trace = 400, .threads = 2, .block = block, .full_arms = full_arms};
    assert_non_null(lives);
    run_engine(scenario, &options, &data, NULL);
    check_sums(&data);
    for (int r = 0; r < N_REPLICATES; r++) {
        int64_t home[2], pounds[WP_N_SIDES] = {0};
        const size_t n = read_lives(&data, r, lives, home);
        split_lives(lives, n, pounds);
        pounds[WP_SIDE_HOME] = home[0] - home[1];
        for (int side = 0; side < WP_N_SIDES; side++) {
            assert_int_equal(sides_of(&data, 1, r, "all GBP")[side], pounds[side] * 100 * 65536);
            has_any[side] |= pounds[side] != 0;
            assert_int_equal(sides_of(&data, 0, r, "all GBP")[side], 0);
            assert_int_equal(people_of(&data, 0, r)[side], 0);
        }
    }
    for (int side = 0; side < WP_N_SIDES; side++) {
        assert_int_equal(has_any[side], side != WP_SIDE_ELSEWHERE || is_place);
    }
    free(lives);
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

static void sides_are_what_the_events_of_each_life_say(void **state)
{
    (void)state;
    for (int way = 0; way < 8; way++) { /* large blocks forget their dead now and then */
        check_against_lives((way & 1) != 0, (way & 2) != 0 ? 9 : 400, (way & 4) != 0);
    }
}

/* ---- Who is in a programme -------------------------------------------------------------------------------
   */

/* A pair of 60; their child of 30, with a baby; one moves out in 2011, another in 2013, one is born in 2012
   and one in 2015. Something costs each of them a pound a year in 2014 alone. */
#define HOME                                                                                               \
    "wholeplace: 1\ntitle: a home\nclock: {start: 2010-01-01, years: 8}\n"                                 \
    "population: {cohort: {households: 7, members: [{label: a, age: 60.2 years, partner: b}, {label: b, "  \
    "age: 61.2 "                                                                                           \
    "years, partner: a}, {label: c, age: 30.2 years, mother: a}, {age: 40.2 years, mother: a}, {age: 0.5 " \
    "years, "                                                                                              \
    "mother: c}]}}\n"                                                                                      \
    "processes:\n"                                                                                         \
    "  goes: {of: person, at: {date: 2011-01-01}, when: {age: 41}, then: [{move: {who: self, to: "         \
    "new_household}}]}\n"                                                                                  \
    "  goes_too: {of: person, at: {date: 2013-01-01}, when: {age: 64}, then: [{move: {who: self, to: "     \
    "new_household}}]}\n"                                                                                  \
    "  second: {of: person, at: {date: 2012-07-01}, when: {age: 32}, then: [{birth: {children: 1}}]}\n"    \
    "  third: {of: person, at: {date: 2015-07-01}, when: {age: 35}, then: [{birth: {children: 1}}]}\n"     \
    "interventions:\n  worker: {of: household, offer: {at: {date: 2012-01-01}, when: {household.size: "    \
    "3+}}, uptake: "                                                                                       \
    "1, lasts: 2 years, changes: {dull: {multiply_hazard: [2]}}}\n"                                        \
    "  taxes: {of: household, starts: 2012-01-01, ends: 2014-01-01, offer: everyone, changes: {dull: "     \
    "{multiply_hazard: [2]}}}\n"                                                                           \
    "  ads: {of: person, starts: 2012-01-01, ends: 2014-01-01, offer: everyone, changes: {dull_too: "      \
    "{multiply_hazard: [2]}}}\n"                                                                           \
    "arms: {baseline: [], worker: [worker], taxes: [taxes], ads: [ads]}\n"                                 \
    "outcomes: {years: {time_in: {age: 0+}, unit: years}}\nunit_values: {year: {per: years, amount: 1 "    \
    "GBP}}\n"                                                                                              \
    "money: {discount: {GBP: 0 % per year}}\nreport: {saving_by: [household]}\n"

static void who_lives_in_a_home_is_in_its_programmes(void **state)
{
    (void)state;
    /* Of a family's seven: the eldest child left before, the last came when all was over. */
    static const struct {
        const char *arm;
        int64_t own, others;
    } arms[] = {{"worker", 5, 2}, {"taxes", 6, 1}, {"ads", 6, 1}};
    static const char *const changes[] = {
        "interventions:",
        "  dull: {of: household, hazard: 0.1 per year, then: []}\n"
        "  dull_too: {of: person, hazard: 0.1 per year, then: []}\ninterventions:",
        NULL};
    wp_scenario *scenario = read_changed_text(HOME, changes);
    static const wp_run_options ways[] = {{.threads = 1}, {.threads = 1, .full_arms = true, .block = 2}};
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_data data;
        run_engine(scenario, &ways[w], &data, NULL);
        for (size_t k = 0; k < sizeof arms / sizeof arms[0]; k++) {
            const int64_t *people = people_of(&data, find_arm(&data, arms[k].arm), 0);
            assert_int_equal(people[WP_SIDE_OWN], 7 * arms[k].own);
            assert_int_equal(people[WP_SIDE_OTHERS], 7 * arms[k].others);
            assert_int_equal(people[WP_SIDE_ONE_ARM], 0);
            assert_int_equal(people[WP_SIDE_ELSEWHERE], 0);
        }
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

/* ---- Figures ---------------------------------------------------------------------------------------------
   */

static const char *const paid[] = {
    "changes: {onset: {multiply_hazard: [0.4]}}",
    "changes: {onset: {multiply_hazard: [0.4]}}, unit_values: {visit: {per: start, amount: 150 GBP}, letter: "
    "{per: "
    "offer, amount: 2 GBP, paid_by: {council: 1}}, office: {per: year, amount: 9000 GBP, paid_by: {nhs: 1}}, "
    "room: "
    "{per: programme, amount: 500 GBP}}",
    "amount: 1000 GBP}",
    "amount: 1000 GBP, paid_by: {nhs: 0.7, council: 0.3}}, well: {per: problem_years, amount: -0.2 QALY}",
    "{discount: {GBP: 0 % per year}}",
    "{payers: {nhs: {tier: central}, council: {tier: local}}, discount: {GBP: 3.5 % per year, QALY: 1.5 % "
    "per year}}",
    NULL};

/* Sides and fixed costs add to the net saving that counts and prices give, payers to sides; in any other unit
   too. */
static void figures_add_to_the_net_saving(void **state)
{
    (void)state;
    static const char *const units[] = {"GBP", "QALY"};
    wp_scenario *scenario = read_changed_text(PAIR, paid);
    wp_run_data data;
    run_engine(scenario, &(wp_run_options){.threads = 2, .sample = 0.1, .replicates = 3}, &data, NULL);
    check_sums(&data);
    for (int u = 0; u < 2; u++) {
        wp_savings savings = {0};
        wp_spillover spillover;
        bool is_kept = false;
        double sum = 0, by_payer[WP_N_PAYER_SIDES] = {0}, means[WP_N_PAYER_SIDES];
        assert_int_equal(wp_savings_init(&savings, &data, units[u], NULL), WP_OK);
        assert_int_equal(wp_spillover_of(&savings, 1, &spillover, &is_kept, NULL), WP_OK);
        assert_true(is_kept);
        for (int side = 0; side < WP_N_SIDES; side++) { sum += spillover.sides[side].mean; }
        assert_close(sum + spillover.fixed.mean, spillover.total.mean, 1e-6, 0);
        assert_true(u == 0 ? spillover.sides[WP_SIDE_OTHERS].mean > 0
                           : spillover.sides[WP_SIDE_OTHERS].mean < 0);
        assert_true(spillover.sides[WP_SIDE_OTHERS].noise > 0);
        assert_close(spillover.people[WP_SIDE_OWN], 40000, 0.01, 0); /* weighted */
        assert_int_equal(spillover.has_fixed, u == 0);
        for (int p = -1; p < data.money.n_payers && u == 0; p++) {
            const int payer = p < 0 ? WP_NO_PAYER : p;
            assert_int_equal(wp_spillover_of_payer(&savings, 1, payer, means, NULL), WP_OK);
            for (int side = 0; side < WP_N_PAYER_SIDES; side++) { by_payer[side] += means[side]; }
        }
        for (int side = 0; side < WP_N_SIDES && u == 0; side++) {
            assert_close(by_payer[side], spillover.sides[side].mean, 1e-6, 1e-6);
        }
        if (u == 0) { assert_close(by_payer[WP_N_SIDES], spillover.fixed.mean, 1e-9, 0); }
        wp_savings_free(&savings);
    }
    wp_simulate_free(&data);
    wp_scenario_free(scenario);
}

/* ---- The same bytes --------------------------------------------------------------------------------------
   */

static const char *const homes_too[] = {
    DECLARE, "unit_values:\n  a_fall",
    "unit_values:\n  a_quarrel: {per: quarrels, amount: 210.35 GBP}\n  a_fall", NULL};

/* Nobody bears upon anybody in these lives, so what is not own is offers. */
static void sides_are_the_same_however_they_are_computed(void **state)
{
    (void)state;
    static const wp_run_options ways[] = {
        {.threads = 1},
        {.threads = 2, .block = 7},
        {.threads = 1, .exact_pass = true},
        {.threads = 2, .full_arms = true},
        {.threads = 1, .full_arms = true, .block = 100, .exact_pass = true}};
    wp_scenario *scenario = read_changed_scenario(EVERYTHING, homes_too);
    wp_run_report first = {0};
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        wp_run_options options = ways[w];
        wp_run_report report;
        wp_run_data data;
        options.sample = 0.3;
        options.replicates = 2;
        run_engine(scenario, &options, &data, &report);
        if (w == 0) { first = report; }
        assert_string_equal(first.digest, report.digest);
        check_sums(&data);
        const int64_t *sides = sides_of(&data, 1, 1, "all GBP");
        assert_true(sides[WP_SIDE_OWN] > 0 && sides[WP_SIDE_HOME] < 0);
        assert_int_equal(sides[WP_SIDE_HOME], sides_of(&data, 1, 1, "rails.visit")[WP_SIDE_HOME]);
        assert_int_equal(sides[WP_SIDE_OTHERS], 0);
        assert_int_equal(sides[WP_SIDE_ONE_ARM], 0);
        assert_int_equal(sides[WP_SIDE_ELSEWHERE], 0);
        data.side_amounts[part_of(&data, 1, 0, 1) * (size_t)data.n_values * WP_N_SIDES]++;
        char changed[WP_SHA256_HEX]; /* … of which the digest says something */
        wp_run_data_digest(&data, changed);
        assert_string_not_equal(changed, report.digest);
        wp_simulate_free(&data);
    }
    wp_scenario_free(scenario);
}

/* What is not asked for is not there, and changes nothing that is. */
static void lives_are_the_same_with_and_without(void **state)
{
    (void)state;
    wp_scenario *with = read_changed_scenario(EVERYTHING, homes_too);
    wp_scenario *without = read_changed_scenario(EVERYTHING, homes_too + 2);
    const wp_run_options options = {.threads = 1, .sample = 0.2};
    wp_run_data a, b;
    run_engine(with, &options, &a, NULL);
    run_engine(without, &options, &b, NULL);
    const size_t n_runs = part_of(&a, 2, 0, 0), n_years = (size_t)a.n_years;
    assert_int_equal(a.n_sides, WP_N_SIDES);
    assert_int_equal(b.n_sides, 0);
    assert_memory_equal(a.life, b.life, n_runs * 2 * sizeof *a.life);
    assert_memory_equal(a.cells, b.cells, n_runs * n_years * (size_t)a.n_cells * sizeof *a.cells);
    assert_memory_equal(a.value_sum, b.value_sum, n_runs * (size_t)a.n_values * sizeof *a.value_sum);
    wp_simulate_free(&a);
    wp_simulate_free(&b);
    wp_scenario_free(with);
    wp_scenario_free(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_other_of_two_gains_is_what_theory_says),
        cmocka_unit_test(those_who_do_not_affect_each_other_gain_nothing_from_each_other),
        cmocka_unit_test(sides_are_what_the_events_of_each_life_say),
        cmocka_unit_test(who_lives_in_a_home_is_in_its_programmes),
        cmocka_unit_test(figures_add_to_the_net_saving),
        cmocka_unit_test(sides_are_the_same_however_they_are_computed),
        cmocka_unit_test(lives_are_the_same_with_and_without),
    };
    return cmocka_run_group_tests_name("test_spillover", tests, NULL, NULL);
}
