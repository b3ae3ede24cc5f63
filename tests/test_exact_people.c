/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact answers of stays, lifetimes, open populations, mixed Poisson counts, queues, and paired arms. */
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exact_run.h"

typedef double survival(double t, void *user);

typedef struct moment { survival *s; void *user; int power; } moment;

static double moment_integrand(double t, void *user)
{
    const moment *m = user;
    return (m->power == 1 ? 1 : 2 * t) * m->s(t, m->user);
}

static double integrate(double (*f)(double, void *), void *user, double from, double to)
{
    gsl_function function = {f, user};
    double result = 0, err = 0;
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(2000);
    gsl_integration_qag(&function, from, to, 1e-12, 1e-10, 2000, GSL_INTEG_GAUSS61, space, &result, &err);
    gsl_integration_workspace_free(space);
    return result;
}

/* Mean and sd of a lifetime cut off at `to`. */
static void lifetime(survival *s, void *user, double to, double *mean, double *sd)
{
    moment first = {s, user, 1}, second = {s, user, 2};
    *mean = integrate(moment_integrand, &first, 0, to);
    *sd = sqrt(integrate(moment_integrand, &second, 0, to) - *mean * *mean);
}

/* ---- E4 -------------------------------------------------------------------------------------------------- */

static double weibull(double t, void *user)
{
    (void)user;
    return exp(-pow(t / 4, 1.5));
}

static double gamma_stay(double t, void *user)
{
    (void)user;
    return gsl_sf_gamma_inc_Q(4, t * 4 / 3);
}

static void check_weibull(exact_run *x, const char *inside, const char *years)
{
    double mean, sd, a = weibull(1.0 / 12, NULL), b = weibull(11.0 / 12, NULL), sum = a + b;
    exact_check(x, "baseline", inside, 0, sum, sqrt(a * (1 - a) + b * (1 - b) + 2 * b * (1 - a)), NULL);
    exact_share(x, "baseline", inside, 1, weibull(1, NULL),
                "hazard at the month's start instead of its integral");
    exact_share(x, "baseline", inside, 2, weibull(2, NULL), NULL);
    exact_share(x, "baseline", inside, 3, weibull(47.0 / 12, NULL), NULL);
    exact_share(x, "baseline", inside, 4, weibull(4, NULL), NULL);
    exact_share(x, "baseline", inside, 5, weibull(5, NULL), NULL);
    exact_share(x, "baseline", inside, 10, weibull(10, NULL), NULL);
    lifetime(weibull, NULL, 35, &mean, &sd);
    exact_check(x, "baseline", years, -1, mean, sd, "exponential of the same scale 4.0");
}

static void stays_last_as_long_as_their_distributions_say(void **state)
{
    (void)state;
    exact_run x;
    double mean, sd;
    exact_begin(&x, "e4", NULL);
    check_weibull(&x, "hazard_inside", "hazard_years");
    check_weibull(&x, "delay_inside", "delay_years");
    static const int at[] = {1, 3, 6};
    for (int i = 0; i < 3; i++) {
        exact_share(&x, "baseline", "gamma_inside", at[i], gamma_stay(at[i], NULL), NULL);
    }
    lifetime(gamma_stay, NULL, 35, &mean, &sd);
    exact_check(&x, "baseline", "gamma_years", -1, mean, sd, NULL);
    exact_share(&x, "baseline", "month_inside", 1, pow(0.95, 12), NULL);
    exact_check(&x, "baseline", "month_years", -1, 20.0 / 12 * (1 - pow(0.95, 420)), 19.493589 / 12, NULL);
    exact_end(&x);
}

/* ---- E6 -------------------------------------------------------------------------------------------------- */

static double gompertz(double t, void *user)
{
    double age = *(double *)user; /* already reached */
    return exp(-3e-5 / 0.095 * (exp(0.095 * (age + t)) - exp(0.095 * age)));
}

static void gompertz_lives_have_the_exact_length(void **state)
{
    (void)state;
    exact_run x;
    double mean, sd, birth = 0, old = 65, mean_65, sd_65, s65 = gompertz(65, &birth);
    static const int at[] = {25, 65, 85};
    exact_begin(&x, "e6", NULL);
    lifetime(gompertz, &birth, 130, &mean, &sd);
    wp_check_z(&x.checks, "the integral gives the closed form", mean, 78.798931, 1e-6, NULL);
    exact_check(&x, "baseline", "years_lived", -1, mean, sd,
                "hazard of the exact age all year 79.293807; at x + .5 78.794965");
    for (int i = 0; i < 3; i++) {
        exact_share(&x, "baseline", "alive", at[i], gompertz(at[i], &birth), NULL);
    }
    lifetime(gompertz, &old, 65, &mean_65, &sd_65);
    double m = s65 * mean_65, second = s65 * (sd_65 * sd_65 + mean_65 * mean_65);
    exact_check(&x, "baseline", "years_at_65_up", -1, m, sqrt(second - m * m), NULL);
    exact_end(&x);
}

/* ---- E8: births and deaths ------------------------------------------------------------------------------- */

typedef struct flows { double b, d, i; } flows; /* birth, exit, immigration */
enum { N, VAR_N, BIRTHS, COV_B, VAR_B, EXITS, COV_E, VAR_E, N_MOMENTS };

static void moment_slopes(const flows *f, const double m[N_MOMENTS], double s[N_MOMENTS])
{
    double g = f->b - f->d;
    s[N] = g * m[N] + f->i;
    s[VAR_N] = 2 * g * m[VAR_N] + (f->b + f->d) * m[N] + f->i;
    s[BIRTHS] = f->b * m[N];
    s[COV_B] = g * m[COV_B] + f->b * m[VAR_N] + f->b * m[N];
    s[VAR_B] = f->b * m[N] + 2 * f->b * m[COV_B];
    s[EXITS] = f->d * m[N];
    s[COV_E] = g * m[COV_E] + f->d * m[VAR_N] - f->d * m[N];
    s[VAR_E] = f->d * m[N] + 2 * f->d * m[COV_E];
}

/* Moments of the linear birth, death and immigration process at t, by Runge and Kutta's fourth-order rule. */
static void moments(const flows *f, double n0, double t, double m[N_MOMENTS])
{
    const int steps = 4000;
    double h = t / steps, k[4][N_MOMENTS], at[N_MOMENTS];
    memset(m, 0, N_MOMENTS * sizeof *m);
    m[N] = n0;
    for (int s = 0; s < steps; s++) {
        for (int r = 0; r < 4; r++) {
            for (int i = 0; i < N_MOMENTS; i++) {
                at[i] = m[i] + (r == 0 ? 0 : r == 3 ? h : h / 2) * (r == 0 ? 0 : k[r - 1][i]);
            }
            moment_slopes(f, at, k[r]);
        }
        for (int i = 0; i < N_MOMENTS; i++) {
            m[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
        }
    }
}

static double per_replicate(const exact_run *x, const char *outcome, int year)
{
    int o = find_outcome(&x->data, outcome);
    return engine_total(&x->data, 0, o, year) * x->data.outcome_scale[o] / x->data.n_replicates;
}

static void open_populations_have_the_exact_mean(void **state)
{
    (void)state;
    static const int at[] = {1, 5, 10, 25};
    exact_run x;
    double m[N_MOMENTS];
    const flows open = {0.012, 0.029, 25}, empty = {0, 0.05, 25};
    exact_begin(&x, "e8", NULL);
    for (int i = 0; i < 4; i++) {
        char what[64];
        moments(&open, 1000, at[i], m);
        snprintf(what, sizeof what, "people at %d", at[i]);
        wp_check_exact(&x.checks, what, per_replicate(&x, "people", at[i]), m[N],
                       sqrt(m[VAR_N] / x.data.n_replicates), "at 25: yearly steps 1155.43, monthly 1162.30");
    }
    exact_end(&x);
    exact_begin(&x, "e8-from-empty", NULL);
    for (int i = 0; i < 4; i += i == 1 ? 2 : 1) {
        double sum = 0, square = 0, r = x.data.n_replicates;
        char what[64];
        int o = find_outcome(&x.data, "people");
        for (int k = 0; k < x.data.n_replicates; k++) {
            double v = engine_replicate_total(&x.data, 0, k, o, at[i]) / 2;
            sum += v;
            square += v * v;
        }
        moments(&empty, 0, at[i], m);
        snprintf(what, sizeof what, "people at %d, from empty", at[i]);
        wp_check_exact(&x.checks, what, sum / r, m[N], sqrt(m[N] / r), NULL);
        snprintf(what, sizeof what, "variance at %d (Poisson: the mean)", at[i]);
        double v = (square - sum * sum / r) / (r - 1);
        wp_check_exact(&x.checks, what, v, m[N], m[N] * sqrt((2 + 1 / m[N]) / r), NULL);
    }
    exact_end(&x);
}

static void births_and_deaths_have_the_exact_mean(void **state)
{
    (void)state;
    exact_run x;
    double m[N_MOMENTS];
    const flows f = {0.020, 0.012, 0};
    static const int at[] = {5, 10, 25};
    exact_begin(&x, "births-and-deaths", NULL);
    double r = x.data.n_replicates;
    for (int i = 0; i < 3; i++) {
        moments(&f, 10000, at[i], m);
        wp_check_exact(&x.checks, "people", per_replicate(&x, "people", at[i]), m[N], sqrt(m[VAR_N] / r),
                       NULL);
    }
    wp_check_z(&x.checks, "the moments give the closed form", m[VAR_N], 10816.878, 1e-3, NULL);
    wp_check_exact(&x.checks, "births", per_replicate(&x, "births", -1), m[BIRTHS], sqrt(m[VAR_B] / r),
                   "newborns who bear no children 5000");
    wp_check_exact(&x.checks, "deaths", per_replicate(&x, "deaths", -1), m[EXITS], sqrt(m[VAR_E] / r), NULL);
    exact_end(&x);
}

/* Mean numbers by the renewal equation: one founder of exact age 10, trapezoid rule on a fine grid. The
   variance of one founder's descendants, from the second moment of the same branching process, is bounded
   by the batches' own. */
static double batch_se(const exact_run *x, int outcome, int year)
{
    double sum = 0, square = 0;
    const int64_t n = x->data.n_years * (int64_t)x->data.n_outcomes;
    for (int b = 0; b < 32; b++) {
        double v = (double)x->data.batches[b * n + (int64_t)year * x->data.n_outcomes + outcome];
        sum += v;
        square += v * v;
    }
    return sqrt((square - sum * sum / 32) * 32 / 31) * x->data.outcome_scale[outcome];
}

static void stable_population_grows_as_the_renewal_equation_says(void **state)
{
    (void)state;
    exact_run x;
    static const int at[] = {30, 50, 100};
    static const double people[] = {20150.256, 30472.100, 86435.588},
                        young[] = {14223.710, 13974.466, 38880.843};
    exact_begin(&x, "stable-population", NULL);
    for (int i = 0; i < 3; i++) { /* 32 batches: 5.4 of their t are as rare as 4.5 normal ones */
        char what[64];
        snprintf(what, sizeof what, "people at %d", at[i]);
        wp_check_exact(&x.checks, what, per_replicate(&x, "people", at[i]), people[i],
                       1.2 * batch_se(&x, find_outcome(&x.data, "people"), at[i]), NULL);
        snprintf(what, sizeof what, "under 20 at %d", at[i]);
        wp_check_exact(&x.checks, what, per_replicate(&x, "under_20", at[i]), young[i],
                       1.2 * batch_se(&x, find_outcome(&x.data, "under_20"), at[i]), NULL);
    }
    exact_end(&x);
}

/* ---- E13 --------------------------------------------------------------------------------------------------- */

static void incidents_of_unlike_families_are_negative_binomial(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e13", NULL);
    exact_check(&x, "baseline", "incidents_year_1", -1, 0.4, sqrt(0.72), NULL);
    exact_check(&x, "baseline", "incidents_year_2", -1, 0.4, sqrt(0.72), NULL);
    exact_check(&x, "baseline", "incidents_years_12", -1, 0.8, sqrt(0.8 + 0.64 * 2), NULL);
    exact_check(&x, "baseline", "incidents", -1, 10, sqrt(210), NULL);
    for (int y = 5; y < 25; y += 6) { exact_check(&x, "baseline", "incidents", y, 0.4, sqrt(0.72), NULL); }
    /* 32 batches of n/32 families: 31 s^2 / var is about chi-square with 31 degrees, sd 25 % */
    int o = find_outcome(&x.data, "incidents_in_all");
    double sum = 0, square = 0;
    for (int b = 0; b < 32; b++) {
        double v = 0;
        for (int y = 0; y < x.data.n_years; y++) {
            v += (double)x.data.batches[((int64_t)b * x.data.n_years + y) * x.data.n_outcomes + o] / 2;
        }
        sum += v;
        square += v * v;
    }
    double variance = (square - sum * sum / 32) / 31 / (x.n / 32);
    wp_check_exact(&x.checks, "variance a family, from batches", variance, 210, 210 * sqrt(2.0 / 31),
                   "Poisson 10, gamma redrawn yearly 18");
    /* histograms, where the result has them */
    for (int c = 0; c < x.data.n_cells; c++) {
        static const struct { const char *outcome, *label; double p; } none[] = {
            {"incidents_year_1", "0", 0.745356}, {"incidents_in_all", "0", 0.2182179}};
        for (int k = 0; k < 2; k++) {
            if (strcmp(x.data.outcomes[x.data.cell_outcome[c]], none[k].outcome) == 0 &&
                strstr(x.data.cell_grouping[c], "histogram") != NULL &&
                strcmp(x.data.cell_label[c], none[k].label) == 0) {
                double n = 0;
                for (int y = 0; y < x.data.n_years; y++) {
                    n += (double)x.data.cells[(int64_t)y * x.data.n_cells + c] / 2;
                }
                wp_check_exact(&x.checks, none[k].outcome, n / x.n, none[k].p,
                               sqrt(none[k].p * (1 - none[k].p) / x.n), "gamma redrawn yearly .00064");
            }
        }
    }
    exact_end(&x);
}

/* ---- E14, E15 ------------------------------------------------------------------------------------------------ */

static void ten_places_serve_the_smaller_of_ten_and_those_who_come(void **state)
{
    (void)state;
    for (int binomial = 0; binomial < 2; binomial++) {
        exact_run x;
        double mean = 0, second = 0;
        exact_begin(&x, binomial ? "e14-binomial" : "e14", NULL);
        for (unsigned k = 0; k < 200; k++) {
            double p = binomial ? gsl_ran_binomial_pdf(k, 0.03, 400) : gsl_ran_poisson_pdf(k, 12);
            double v = k < 10 ? k : 10;
            mean += p * v;
            second += p * v * v;
        }
        int o = find_outcome(&x.data, "starts");
        double r = x.data.n_replicates,
               got = engine_total(&x.data, find_arm(&x.data, "programme_runs"), o, -1) / 2 / r;
        wp_check_exact(&x.checks, "starts", got, mean, sqrt((second - mean * mean) / r),
                       "the smaller of the mean and ten: 10");
        int w = find_outcome(&x.data, "left_waiting");
        double waiting = engine_total(&x.data, find_arm(&x.data, "programme_runs"), w, -1) / 2 / r;
        wp_check_exact(&x.checks, "still waiting", waiting, 12 - mean, sqrt(12 / r),
                       "places that begin anew at the last border: 0");
        exact_end(&x);
    }
}

static void a_screening_test_finds_as_many_as_it_should(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e15", NULL);
    for (int arm = 0; arm < 2; arm++) {
        const char *name = arm == 0 ? "baseline" : "supported";
        exact_share(&x, name, "in_need", -1, 0.04, NULL);
        exact_share(&x, name, "flagged", -1, 0.076, NULL);
        exact_share(&x, name, "flagged_in_need", -1, 0.028, NULL);
    }
    exact_share(&x, "baseline", "crises", -1, 0.04, NULL);
    exact_share(&x, "supported", "crises", -1, 0.0316, "30 % of all averted: 0.028");
    exact_end(&x);
}

/* ---- E16, E17, E21 ----------------------------------------------------------------------------------------------- */

static void both_arms_see_the_same_chance(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e16", NULL);
    const double alive = exp(-0.1 * 182 / 365.25); /* on 1 July 2000 */
    exact_share(&x, "baseline", "marked", -1, 0.20 * alive, NULL);
    exact_share(&x, "better_odds", "marked", -1, 0.15 * alive, NULL);
    exact_check(&x, "baseline", "years_lived", -1, 10, 10, NULL);
    exact_check(&x, "longer_life", "years_lived", -1, 10 / 0.7, 10 / 0.7, NULL);
    double se = sqrt(0.05 * alive * (1 - 0.05 * alive) / x.n);
    wp_check_exact(&x.checks, "marks averted",
                   exact_mean(&x, "baseline", "marked", -1) - exact_mean(&x, "better_odds", "marked", -1),
                   0.05 * alive, se, "with independent chance the sd would be 2.46 times that");
    wp_check_exact(&x.checks, "years gained",
                   exact_mean(&x, "longer_life", "years_lived", -1) -
                       exact_mean(&x, "baseline", "years_lived", -1),
                   4.2857143, 4.2857143 / sqrt(x.n), "with independent chance the sd would be 17.44");
    static const priced lived[] = {{"years_lived", 1}};
    double sd = 4.2857143 * sqrt(2); /* batches are of random size, and the mean is the sd */
    wp_check_exact(&x.checks, "sd of the years gained, by batch",
                   exact_paired_sd(&x, "longer_life", "baseline", lived, 1, 0), sd, sd / sqrt(62),
                   "independent 17.96");
    assert_true(exact_mean(&x, "better_odds", "years_lived", -1) ==
                exact_mean(&x, "baseline", "years_lived", -1));
    exact_end(&x);
}

static void parameter_draws_and_lives_both_vary_as_they_should(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e17", NULL);
    double draws = x.data.n_draws, sum = 0, square = 0;
    for (int d = 0; d < x.data.n_draws; d++) {
        double v = 0;
        for (int64_t b = 0; b < 32; b++) {
            for (int y = 0; y < x.data.n_years; y++) {
                v += (double)x.data.batches[((d * 32 + b) * x.data.n_years + y) * x.data.n_outcomes];
            }
        }
        v = v / 2 / 200 * 5000;
        sum += v;
        square += v * v;
    }
    wp_check_exact(&x.checks, "mean prize", sum / draws, 1500, sqrt(77970.297 / draws), NULL);
    wp_check_exact(&x.checks, "variance of the draws' means", (square - sum * sum / draws) / (draws - 1),
                   77970.297, 4937.6, "no parameter uncertainty 26250; no noise of lives 51980");
    exact_end(&x);
}

static void somebody_who_never_dies_lives_every_year(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e21", NULL);
    for (int y = 0; y < 125; y++) {
        exact_check(&x, "baseline", "years", y, 1, 0, NULL);
        exact_check(&x, "baseline", "turns_of_year", y, 1, 0, NULL);
    }
    exact_check(&x, "baseline", "turns_of_year", 125, 1, 0, "an instant at the very end that is lost");
    exact_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_last_as_long_as_their_distributions_say),
        cmocka_unit_test(gompertz_lives_have_the_exact_length),
        cmocka_unit_test(open_populations_have_the_exact_mean),
        cmocka_unit_test(births_and_deaths_have_the_exact_mean),
        cmocka_unit_test(stable_population_grows_as_the_renewal_equation_says),
        cmocka_unit_test(incidents_of_unlike_families_are_negative_binomial),
        cmocka_unit_test(ten_places_serve_the_smaller_of_ten_and_those_who_come),
        cmocka_unit_test(a_screening_test_finds_as_many_as_it_should),
        cmocka_unit_test(both_arms_see_the_same_chance),
        cmocka_unit_test(parameter_draws_and_lives_both_vary_as_they_should),
        cmocka_unit_test(somebody_who_never_dies_lives_every_year),
    };
    return cmocka_run_group_tests_name("test_exact_people", tests, NULL, NULL);
}
