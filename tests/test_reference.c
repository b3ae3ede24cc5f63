/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference against theory, on its own: what the engine is compared with is right where it can be known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_run.h"
#include "reference/compare.h"

typedef struct lone { wp_scenario *scenario; reference_totals totals; wp_checks checks; } lone;

static void begin(lone *x, const char *name, int64_t n)
{
    char path[512];
    wp_error err = {0};
    snprintf(path, sizeof path, "%s/exact/%s.yaml", WP_TESTS_DIR, name);
    x->scenario = read_scenario(path);
    wp_checks_init(&x->checks, name);
    reference_options options = {.seed = wp_test_seed(1), .n_lineages = n};
    wp_status status = reference_run(x->scenario, &options, &x->totals, &err);
    if (status != WP_OK) { print_error("%s\n", err.text); }
    assert_int_equal(status, WP_OK);
    check_reference_flows(&x->totals);
}

static void end(lone *x)
{
    wp_checks_print(&x->checks);
    int n_failed = x->checks.n_failed;
    reference_totals_free(&x->totals);
    wp_scenario_free(x->scenario);
    assert_int_equal(n_failed, 0);
}

/* `scale`: value of a doubled count; the sd of one lineage is the reference's own. */
static void check(lone *x, const char *outcome, int year, double scale, double exact)
{
    int o = 0;
    while (strcmp(x->scenario->outcomes[o].name, outcome) != 0) {
        o++;
        assert_true(o < x->scenario->n_outcomes);
    }
    const reference_totals *t = &x->totals;
    double n = (double)t->n_units;
    double sum = year < 0 ? t->unit_run_sum[o] : t->sum[year * t->n_outcomes + o];
    double square = year < 0 ? t->unit_run_square[o] : t->square[year * t->n_outcomes + o];
    double mean = sum / n * scale, sd = sqrt((square - sum * sum / n) / (n - 1)) * scale;
    wp_check_exact(&x->checks, outcome, mean, exact, sd / sqrt(n), NULL);
}

static const double half = 0.5, years = 0.5 / 4294967296.0;

static void reference_gives_competing_causes(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e2", 50000);
    check(&x, "first", 1, half, .1671706);
    check(&x, "second", 1, half, .1003024);
    check(&x, "third", 5, half, .1138869);
    check(&x, "years_at_risk", -1, years, (1 - exp(-1.85)) / .37);
    end(&x);
}

static void reference_gives_illness_and_death(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e1", 20000);
    check(&x, "years_in_need", -1, years, 2.963714);
    check(&x, "well", 25, half, .5660906);
    check(&x, "in_need", 10, half, .1334631);
    end(&x);
}

static void reference_gives_two_adults(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e11", 20000);
    check(&x, "couples_together", 5, half, .8775109);
    check(&x, "adults_with_it", 5, half, 2 * .1181438);
    check(&x, "both_have_it", 1, half,
          .0051117); /* hardly any apart: see test_exact_chains for the exact figure */
    check(&x, "adults_with_it", 25, half, 2 * .1290036);
    end(&x);
}

static void reference_gives_gompertz_lives(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e6", 8000);
    check(&x, "years_lived", -1, years, 78.798931);
    check(&x, "years_at_65_up", -1, years, .8594632 * 17.818617);
    end(&x);
}

static void reference_gives_mixed_counts(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e13", 30000);
    check(&x, "incidents", -1, half, 10);
    check(&x, "incidents_year_1", -1, half, 0.4);
    double n = (double)x.totals.n_units, mean = x.totals.unit_run_sum[0] / n;
    double variance = (x.totals.unit_run_square[0] / n - mean * mean) / 4;
    wp_check_exact(&x.checks, "variance", variance, 210, 210 * sqrt(14 / n),
                   "Poisson 10"); /* kurtosis 3 + 12 */
    end(&x);
}

static void reference_gives_stays_and_cycles(void **state)
{
    (void)state;
    lone x;
    begin(&x, "e4", 15000);
    check(&x, "hazard_years", -1, years, 3.610981);
    check(&x, "delay_years", -1, years, 3.610981);
    check(&x, "gamma_years", -1, years, 3);
    check(&x, "month_inside", 1, half, .5403601);
    end(&x);
    begin(&x, "p1", 20000);
    check(&x, "cycles_sick", 5, half, .180704);
    check(&x, "cycles_sicker", 30, half, .206529);
    end(&x);
    begin(&x, "e12", 20000);
    check(&x, "further_4", 1, half, .2562605);
    check(&x, "further_0", 1, half, .2401);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_gives_competing_causes),
        cmocka_unit_test(reference_gives_illness_and_death),
        cmocka_unit_test(reference_gives_two_adults),
        cmocka_unit_test(reference_gives_gompertz_lives),
        cmocka_unit_test(reference_gives_mixed_counts),
        cmocka_unit_test(reference_gives_stays_and_cycles),
    };
    return cmocka_run_group_tests_name("test_reference", tests, NULL, NULL);
}
