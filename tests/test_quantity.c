/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities: numbers, names, look-ups and conversions where numbers are expected, and what is refused there. */
#include "assert_close.h"
#include "scenario_fixture.h"

static const char PARAMETERS[] =
    "person: {states: {health: {levels: [well, ill], at_start: well, time_at_start: zero}}}\n"
    "parameters:\n"
    "  rate: {value: 0.5, unit: per month, source: a paper, grade: A}\n"
    "  p: {value: 12 %, unit: probability, source: a paper, grade: A}\n"
    "  odds: {value: 2, unit: odds ratio, source: a paper, grade: A}\n"
    "  stay: {value: 30, unit: days, distribution: {gamma: {sd: 3}}, source: a paper, grade: A}\n"
    "  from: {counts: {b: 30, a: 10}, distribution: dirichlet, source: a paper, grade: A}\n"
    "  by_health: {by: health, values: {ill: 2, well: 1}, unit: hazard ratio, source: a paper, grade: A}\n"
    "  twice: {formula: \"2 * (odds + 1) ^ 2 - min(odds, 1, 3)\", unit: none}\n";

/* Reads a process with the entry `hazard: TEXT`; the caller frees the scenario. */
static const wp_process *with_hazard(const char *hazard, wp_scenario **s)
{
    char body[FIXTURE_TEXT];
    (void)snprintf(body, sizeof body, "%sprocesses: {p: {of: person, hazard: %s, then: []}}\n", PARAMETERS,
                   hazard);
    *s = fixture_good(body);
    return &(*s)->processes[0];
}

static void bad_hazard(const char *hazard, const char *part)
{
    char body[FIXTURE_TEXT];
    (void)snprintf(body, sizeof body, "%sprocesses: {p: {of: person, hazard: %s, then: []}}\n", PARAMETERS,
                   hazard);
    fixture_bad(body, part);
}

static void rates_are_per_year(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_process *p = with_hazard("0.5 per month", &s);
    assert_int_equal(p->hazard.kind, WP_QUANTITY_NUMBER);
    assert_close(p->hazard.value, 6.0, 1e-12, 0.0);
    wp_scenario_free(s);
    p = with_hazard("rate", &s);
    assert_int_equal(p->hazard.kind, WP_QUANTITY_PARAMETER);
    assert_string_equal(s->parameters[p->hazard.parameter].name, "rate");
    assert_close(s->parameters[p->hazard.parameter].value, 6.0, 1e-12, 0.0);
    wp_scenario_free(s);
}

static void parameters_keep_value_unit_and_spread(void **state)
{
    wp_scenario *s;
    (void)state;
    (void)with_hazard("rate", &s);
    static const char *const NAMES[] = {"by_health", "from", "odds", "p", "rate", "stay", "twice"};
    assert_int_equal(s->n_parameters, 7);
    for (int i = 0; i < 7; i++) { assert_string_equal(s->parameters[i].name, NAMES[i]); }
    assert_close(s->parameters[3].value, 0.12, 1e-12, 0.0);
    assert_close(s->parameters[5].value, 30.0 / 365.25, 1e-12, 0.0);
    assert_close(s->parameters[5].distribution.sd, 3.0 / 365.25, 1e-12, 0.0);
    assert_int_equal(s->parameters[5].distribution.kind, WP_DISTRIBUTION_GAMMA);
    assert_int_equal(s->parameters[1].n_counts, 2);
    assert_string_equal(s->parameters[1].count_names[0], "a");
    assert_close(s->parameters[1].counts[0], 10.0, 0.0, 0.0);
    assert_close(s->parameters[0].grid->values[1], 2.0, 0.0, 0.0);
    assert_int_equal(s->n_formula_rank, 1);
    wp_scenario_free(s);
}

/* The postfix steps give 2 * (2 + 1)^2 - 1 = 17 for odds of 2. */
static void formulas_become_postfix_steps(void **state)
{
    wp_scenario *s;
    double stack[16];
    int n = 0;
    (void)state;
    (void)with_hazard("rate", &s);
    const wp_parameter *x = &s->parameters[6];
    for (int i = 0; i < x->n_steps; i++) {
        const wp_formula_step *step = &x->steps[i];
        if (step->op == WP_FORMULA_NUMBER) { stack[n++] = step->number; continue; }
        if (step->op == WP_FORMULA_PARAMETER) { stack[n++] = s->parameters[step->parameter].value; continue; }
        assert_true(n >= 2);
        double b = stack[--n];
        double a = stack[--n];
        switch (step->op) {
        case WP_FORMULA_ADD: stack[n++] = a + b; break;
        case WP_FORMULA_SUBTRACT: stack[n++] = a - b; break;
        case WP_FORMULA_MULTIPLY: stack[n++] = a * b; break;
        case WP_FORMULA_POWER: stack[n++] = pow(a, b); break;
        case WP_FORMULA_MIN: stack[n++] = fmin(a, b); break;
        default: fail();
        }
    }
    assert_int_equal(n, 1);
    assert_close(stack[0], 17.0, 1e-12, 0.0);
    wp_scenario_free(s);
}

static void conversions_keep_their_parts(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_quantity *q = &with_hazard("{probability: from.b, over: 30 days, competing: none}", &s)->hazard;
    assert_int_equal(q->kind, WP_QUANTITY_RATE_OF_PROBABILITY);
    assert_close(q->over, 30.0 / 365.25, 1e-12, 0.0);
    assert_int_equal(q->a->kind, WP_QUANTITY_CELL);
    assert_int_equal(q->a->cell, 1);
    wp_scenario_free(s);
    q = &with_hazard("{weibull: {shape: 2, scale: 4 years}, clock: time in health}", &s)->hazard;
    assert_int_equal(q->kind, WP_QUANTITY_WEIBULL);
    assert_int_equal(q->look.kind, WP_LOOK_TIME_IN);
    assert_false(q->clock_is_when || q->by_rate);
    assert_close(q->b->value, 4.0, 0.0, 0.0);
    wp_scenario_free(s);
    q = &with_hazard("{gompertz: {rate: 3e-5 per year, growth: -0.1 per year}}", &s)->hazard;
    assert_int_equal(q->kind, WP_QUANTITY_GOMPERTZ);
    assert_true(q->clock_is_when);
    assert_close(q->b->value, -0.1, 1e-12, 0.0);
    wp_scenario_free(s);
}

static void tables_are_in_order_of_level_and_band(void **state)
{
    wp_scenario *s;
    (void)state;
    const wp_quantity *q = &with_hazard("{by: [health, age], unit: per month, values: {ill: {50+: 4, 0-49: "
                                        "3}, well: {0-49: 1, 50+: rate}}}",
                                        &s)
                                ->hazard;
    assert_int_equal(q->kind, WP_QUANTITY_TABLE);
    assert_int_equal(q->grid->n_cells, 4);
    assert_close(q->grid->values[0], 12.0, 1e-12, 0.0);
    assert_string_equal(s->parameters[q->grid->cell_parameter[1]].name, "rate");
    assert_close(q->grid->values[2], 36.0, 1e-12, 0.0);
    assert_close(q->grid->values[3], 48.0, 1e-12, 0.0);
    wp_scenario_free(s);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    bad_hazard("0.03", "without a unit");
    bad_hazard("3 %", "write '0.03 per year'");
    bad_hazard("-0.03 per year", "0 or more");
    bad_hazard("p", "hazard 'p' is a probability (0.12); a hazard needs 'per year'");
    bad_hazard("stay", "duration");
    bad_hazard("{probability: from, over: 1 year, competing: none}", "name one of them");
    bad_hazard("rat", "did you mean 'rate'?");
    bad_hazard("rate.a", "is one number");
    bad_hazard("from.c", "has no count 'c'");
    bad_hazard("{probability: 1.2, over: 1 year, competing: none}", "0 to 1");
    bad_hazard("{probability: p, over: 1 year}", "competing");
    bad_hazard("{by: health, values: {well: 1, ill: 2}}", "does not say its unit");
    bad_hazard("{by: health, unit: per year, values: {well: p, ill: 2}}", "whose unit is 'probability'");
    bad_hazard("{by: health, unit: per year, values: {well: by_health, ill: 2}}", "no single number");
    bad_hazard("{hazard: rate, over: 1 year}", "cannot stand here");
    bad_hazard("[1 per year]", "must be a number");
    bad_hazard("{weibull: {shape: -2, scale: 4 years}}", "over 0");
    bad_hazard("{weibull: {shape: 2, scale: 4 years}, clock: date}", "'clock'");
}

static void factors_need_the_ratio_of_their_scale(void **state)
{
    char body[FIXTURE_TEXT];
    (void)state;
    (void)snprintf(body, sizeof body,
                   "%sprocesses: {p: {of: person, hazard: rate, multiply_hazard: [odds], then: []}}\n",
                   PARAMETERS);
    fixture_bad(body, "'odds' is an odds ratio; it can multiply a hazard only with a baseline");
    (void)snprintf(body, sizeof body,
                   "%sprocesses: {p: {of: person, hazard: rate, multiply_hazard: [{odds_ratio: odds, "
                   "baseline: 0.1, over: "
                   "1 year, keep_average_by: age}], then: []}}\n",
                   PARAMETERS);
    wp_scenario *s = fixture_good(body);
    const wp_factor *f = &s->processes[0].factors[0];
    assert_int_equal(f->value.kind, WP_QUANTITY_RATIO_OF_ODDS);
    assert_int_equal(f->n_keep_average_by, 1);
    wp_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rates_are_per_year),
                                       cmocka_unit_test(parameters_keep_value_unit_and_spread),
                                       cmocka_unit_test(formulas_become_postfix_steps),
                                       cmocka_unit_test(conversions_keep_their_parts),
                                       cmocka_unit_test(tables_are_in_order_of_level_and_band),
                                       cmocka_unit_test(what_does_not_fit_is_refused),
                                       cmocka_unit_test(factors_need_the_ratio_of_their_scale)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
