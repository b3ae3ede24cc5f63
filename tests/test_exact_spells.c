/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact answers of states in equilibrium at the start: how long levels have lasted, how long they last on, and
   that nothing changes with time where a state is left and entered again. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exact_run.h"

typedef double survival(double t);

static double gamma_spell(double t)
{
    return gsl_cdf_gamma_Q(t, 4.0, 1.5 / 4.0);
}

static double weibull_spell(double t)
{
    return exp(-2.0 * pow(t / 4.0, 1.5));
}

static double own_clock_spell(double t)
{
    return exp(-pow(t, 0.7));
}

static double bands_spell(double t)
{
    return exp(-0.3 * fmin(t, 1.0) - 0.9 * fmax(fmin(t, 3.0) - 1.0, 0.0) - 0.2 * fmax(t - 3.0, 0.0));
}

/* Mean 0.5 and cv 1.2. */
static double ward_spell(double t)
{
    const double variance = log(1.0 + 1.2 * 1.2);
    return gsl_cdf_lognormal_Q(t, log(0.5) - variance / 2.0, sqrt(variance));
}

/* Of those whom `looks` happens to, half go on looking. */
static double search_spell(double t)
{
    return exp(-2.0 * fmin(t, 0.5) - 0.8 * fmax(fmin(t, 2.0) - 0.5, 0.0) - 0.3 * fmax(t - 2.0, 0.0));
}

static double call(double t, void *user)
{
    return ((survival *)(uintptr_t)*(uintptr_t *)user)(t);
}

static double integral(survival *s, double from, double to)
{
    uintptr_t which = (uintptr_t)s;
    gsl_function function = {call, &which};
    double result = 0, err = 0;
    const double knots[] = {0.5, 1.0, 2.0, 3.0, 10.0, 30.0, 90.0};
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(2000);
    for (double low = from; low < to;) {
        double high = to, part = 0;
        for (size_t k = 0; k < sizeof knots / sizeof *knots; k++) {
            if (knots[k] > low && knots[k] < high) { high = knots[k]; }
        }
        gsl_integration_qag(&function, low, high, 1e-13, 1e-10, 2000, GSL_INTEG_GAUSS61, space, &part, &err);
        result += part;
        low = high;
    }
    gsl_integration_workspace_free(space);
    return result;
}

/* Share of spells met at the start that have lasted `t`; by symmetry of those that last on for `t`. Of a person
   who has lived `lived` years. */
static double lasts(survival *s, double t, double lived)
{
    return integral(s, t, lived) / integral(s, 0.0, lived);
}

static void check_ways_out(exact_run *x, const char *inside, survival *s)
{
    static const int at[] = {1, 2, 4};
    for (int i = 0; i < 3; i++) { exact_share(x, "baseline", inside, at[i], lasts(s, at[i], 90.0), NULL); }
}

/* Those who have been in for two years, at the start and a year later: what is left must fit what has been. */
static void check_times(exact_run *x, const char *inside_2, survival *s)
{
    exact_share(x, "baseline", inside_2, 0, lasts(s, 2.0, 90.0), NULL);
    exact_share(x, "baseline", inside_2, 1, lasts(s, 2.0, 90.0), "what is left independent of what has been");
}

static void check_spells(exact_run *x)
{
    static const int at[] = {1, 2, 3};
    exact_share(x, "baseline", "gamma_inside", 0, 1.0, NULL);
    for (int i = 0; i < 3; i++) {
        exact_share(x, "baseline", "gamma_inside", at[i], lasts(gamma_spell, at[i], 90.0),
                    "a whole spell from the start");
    }
    check_times(x, "gamma_inside_2", gamma_spell);
    /* m2 / (2 m1), and for the square m3 / (3 m1), in moments of the gamma of shape 4 and scale 0.375 */
    const double scale = 1.5 / 4.0, second = scale * scale * 4 * 5, third = second * scale * 6,
                 mean = second / 3.0;
    exact_check(x, "baseline", "gamma_years", -1, mean, sqrt(third / 4.5 - mean * mean),
                "the mean spell 1.5");
    exact_share(x, "baseline", "month_inside", 0, 0.7, NULL);
    exact_check(x, "baseline", "month_years", -1, 5.0 / 12.0, 10.0 / 12.0 / sqrt(12.0), NULL);
    check_ways_out(x, "weibull_inside", weibull_spell);
    check_times(x, "weibull_inside_2", weibull_spell);
    check_ways_out(x, "own_clock_inside", own_clock_spell);
    check_ways_out(x, "bands_inside", bands_spell);
    check_times(x, "bands_inside_2", bands_spell);
}

static void check_flows(exact_run *x)
{
    const double in = 0.5 / (0.5 + 1.25),
                 out = integral(search_spell, 0.0, 90.0) / (integral(search_spell, 0.0, 90.0) + 2.5);
    for (int year = 0; year <= 12; year += 3) {
        exact_share(x, "baseline", "in_ward", year, in, NULL);
        exact_share(x, "baseline", "in_ward_3", year, in * lasts(ward_spell, 0.25, 90.0), NULL);
        exact_share(x, "baseline", "out_of_job", year, out, NULL);
        exact_share(x, "baseline", "out_of_job_12", year, out * lasts(search_spell, 1.0, 90.0), NULL);
    }
    /* A cycle's cv is 0.79, so the number in a year varies less than a Poisson number. */
    for (int year = 0; year < 12; year++) {
        exact_check(x, "baseline", "discharges", year, 1.0 / 1.75, sqrt(1.0 / 1.75), NULL);
    }
}

static void spells_met_at_the_start_have_the_equilibrium_law(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "spells", NULL);
    check_spells(&x);
    check_flows(&x);
    exact_share(&x, "baseline", "child_gamma_1", 0, lasts(gamma_spell, 1.0, 2.0),
                "longer than they have lived");
    exact_share(&x, "baseline", "child_weibull_1", 0, lasts(weibull_spell, 1.0, 2.0), NULL);
    exact_share(&x, "baseline", "child_bands_1", 0, lasts(bands_spell, 1.0, 2.0), NULL);
    exact_end(&x);
}

/* A level that never ends may have begun at any time of life. */
static void an_endless_level_began_at_any_time_of_life(void **state)
{
    (void)state;
    static const char *const change[] = {
        "when: {by_gamma: inside}, delay", "when: {by_gamma: outside}, delay",
        "then: [{set: {by_gamma: outside}}]", "then: [{set: {by_gamma: inside}}]", NULL};
    exact_run x;
    exact_begin(&x, "spells", change);
    x.checks.quiet = false;
    exact_share(&x, "baseline", "child_gamma_1", 0, 0.5, NULL);
    exact_share(&x, "baseline", "gamma_inside_2", 0, 88.0 / 90.0, NULL);
    exact_share(&x, "baseline", "gamma_inside", 3, 1.0, NULL);
    exact_end(&x);
}

static void times_of_zero_or_another_law_are_not_equilibrium(void **state)
{
    (void)state;
    static const char *const zero[] = {
        "by_gamma: {levels: [inside, outside], at_start: inside, time_at_start: equilibrium}",
        "by_gamma: {levels: [inside, outside], at_start: inside, time_at_start: zero}", NULL};
    static const char *const other[] = {"gamma: {mean: 1.5 years, cv: 0.5}",
                                        "gamma: {mean: 1.5 years, cv: 0.45}", NULL};
    static const char *const *const changes[] = {zero, other};
    for (int i = 0; i < 2; i++) {
        exact_run x;
        exact_begin(&x, "spells", changes[i]);
        check_spells(&x);
        exact_end_broken(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spells_met_at_the_start_have_the_equilibrium_law),
        cmocka_unit_test(an_endless_level_began_at_any_time_of_life),
        cmocka_unit_test(times_of_zero_or_another_law_are_not_equilibrium),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
