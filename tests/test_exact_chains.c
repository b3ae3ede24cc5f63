/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact answers of continuous-time chains, published cohort models and chain binomials. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "exact_chain.h"
#include "exact_run.h"

/* ---- E1, E3: well, in need, out --------------------------------------------------------------------- */

static chain illness(double onset_ratio, double recovery_ratio)
{
    chain c = {.n = 3, .p0 = {1}};
    c.q[0][1] = 0.03 * onset_ratio;
    c.q[1][0] = 0.10 * recovery_ratio;
    c.q[0][2] = 0.01;
    c.q[1][2] = 0.04;
    chain_close(&c);
    return c;
}

static void check_illness_arm(exact_run *x, const char *arm, const chain *c)
{
    static const double in[2][MAX_CHAIN] = {{1}, {0, 1}};
    static const char *const outcomes[2] = {"years_well", "years_in_need"};
    for (int o = 0; o < 2; o++) {
        double mean, sd;
        for (int y = 0; y < 25; y += 6) {
            chain_reward(c, in[o], y, y + 1, 0, &mean, &sd);
            exact_check(x, arm, outcomes[o], y, mean, sd, NULL);
        }
        chain_reward(c, in[o], 0, 25, 0, &mean, &sd);
        exact_check(x, arm, outcomes[o], -1, mean, sd,
                    "monthly steps +0.38 %, yearly +4.5 %, rate as probability +2.5 %");
    }
}

static void illness_and_death_have_the_exact_law_in_each_arm(void **state)
{
    (void)state;
    exact_run x;
    const chain base = illness(1, 1), both = illness(0.7, 1.25);
    const chain prevention = illness(0.7, 1), reablement = illness(1, 1.25);
    static const int at[] = {1, 5, 10, 25};
    exact_begin(&x, "e1", NULL);
    check_illness_arm(&x, "baseline", &base);
    check_illness_arm(&x, "prevention", &prevention);
    check_illness_arm(&x, "reablement", &reablement);
    check_illness_arm(&x, "prevention+reablement", &both);
    for (int i = 0; i < 4; i++) {
        double p[MAX_CHAIN];
        chain_at(&base, at[i], p);
        exact_share(&x, "baseline", "well", at[i], p[0], NULL);
        exact_share(&x, "baseline", "in_need", at[i], p[1], NULL);
    }
    exact_end(&x);
}

/* The saving's noise a person, each replicate one person: clocks give 10,182 GBP where death is one process. (With
   two, one for each level as in e3, lives are paired less closely: 11,460.) Kurtosis about 20: relative error
   sqrt(19 / 4 n). */
static void savings_are_paired_as_closely_as_clocks_can(void **state)
{
    (void)state;
    static const char *const change[] = {
        "households: 200000", "households: 1", "runs: {seed: 1}", "runs: {seed: 1, replicates: 3000}", NULL};
    static const priced care[] = {{"years_well", 500}, {"years_in_need", 12000}};
    exact_run x;
    double sum = 0, square = 0;
    exact_begin(&x, "e1", change);
    x.checks.quiet = false;
    int arm = find_arm(&x.data, "prevention");
    for (int r = 0; r < x.data.n_replicates; r++) {
        double d = 0;
        for (int i = 0; i < 2; i++) {
            int o = find_outcome(&x.data, care[i].outcome);
            for (int y = 0; y < 25; y++) {
                d += care[i].price * pow(1.035, -y - 0.5) * x.data.outcome_scale[o] *
                     (engine_replicate_total(&x.data, 0, r, o, y) -
                      engine_replicate_total(&x.data, arm, r, o, y));
            }
        }
        sum += d;
        square += d * d;
    }
    double sd = sqrt((square - sum * sum / x.n) / (x.n - 1));
    wp_check_exact(&x.checks, "paired sd of the saving", sd, 10182, 10182 * sqrt(19 / (4 * x.n)),
                   "keyed monthly draws 19377, independent 46954");
    wp_check_exact(&x.checks, "saving", sum / x.n, 5694.367, 10182 / sqrt(x.n), "sum of yearly steps +5 %");
    exact_end(&x);
}

static void illness_and_death_have_no_step(void **state)
{
    (void)state;
    exact_run x;
    const chain base = illness(1, 1), prevention = illness(0.7, 1);
    exact_begin(&x, "e3", NULL);
    check_illness_arm(&x, "baseline", &base);
    check_illness_arm(&x, "prevention", &prevention);
    exact_end(&x);
}

/* ---- E2 ------------------------------------------------------------------------------------------------ */

static void competing_causes_share_by_their_hazards(void **state)
{
    (void)state;
    exact_run x;
    static const double h[3] = {0.20, 0.12, 0.05}, times[3] = {1.0 / 12, 1, 5};
    static const int year[3] = {0, 1, 5};
    static const char *const causes[3] = {"first", "second", "third"};
    double total = 0.37, q = exp(-5 * total);
    exact_begin(&x, "e2", NULL);
    for (int t = 0; t < 3; t++) {
        for (int j = 0; j < 3; j++) {
            exact_share(
                &x, "baseline", causes[j], year[t], h[j] / total * (1 - exp(-total * times[t])),
                "at 1 year: in sequence .1812692 .0925817 .0354147; each alone .1812692 .1130796 .0487706");
        }
        exact_share(&x, "baseline", "at_risk", year[t], exp(-total * times[t]), NULL);
    }
    double mean = (1 - q) / total, second = 2 * (1 - q * (1 + 5 * total)) / (total * total);
    exact_check(&x, "baseline", "years_at_risk", -1, mean, sqrt(second - mean * mean),
                "a 12-month step 1.81");
    exact_end(&x);
}

/* ---- E11 ----------------------------------------------------------------------------------------------- */

/* State: bit 0 first has it, bit 1 second has it, bit 2 apart. */
static chain two_adults(void)
{
    chain c = {.n = 8, .p0 = {1}};
    static const double separation[3] = {0.02, 0.06, 0.12};
    for (int s = 0; s < 8; s++) {
        bool apart = s & 4;
        for (int who = 0; who < 2; who++) {
            bool has = s >> who & 1, partner = !apart && (s >> (1 - who) & 1);
            c.q[s][s ^ (1 << who)] = has ? 0.40 * (partner ? 0.6 : 1) : 0.05 * (partner ? 3 : 1);
        }
        if (!apart) { c.q[s][s | 4] = separation[(s & 1) + (s >> 1 & 1)]; }
    }
    chain_close(&c);
    return c;
}

static void check_two_adults(exact_run *x)
{
    const chain c = two_adults();
    static const int at[] = {1, 5, 25};
    for (int i = 0; i < 3; i++) {
        double p[MAX_CHAIN], one = 0, both = 0;
        chain_at(&c, at[i], p);
        double together = p[0] + p[1] + p[2] + p[3];
        for (int s = 0; s < 8; s++) {
            one += ((s & 1) + (s >> 1 & 1)) * p[s];
            both += (s & 3) == 3 ? p[s] : 0;
        }
        double second = one + 2 * both; /* of the number with it, 0 to 2 */
        exact_share(x, "baseline", "couples_together", at[i], together, "yearly steps 15 % off");
        exact_check(x, "baseline", "adults_with_it", at[i], one, sqrt(second - one * one),
                    "yearly steps +15.3 %, in sequence +16.2 %; monthly +1.25 %");
        exact_share(x, "baseline", "both_have_it", at[i], p[3], NULL);
    }
}

static void two_adults_who_affect_each_other_have_the_exact_law(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "e11", NULL);
    check_two_adults(&x);
    exact_end(&x);
}

/* ---- E12: chain binomials, by enumeration of generations ------------------------------------------------ */

static void outbreak(int susceptible, int infectious, int cases, double p, double *share)
{
    if (infectious == 0 || susceptible == 0) {
        share[cases] += p;
        return;
    }
    double caught = 1 - pow(0.7, infectious);
    for (int k = 0; k <= susceptible; k++) {
        double ways = 1;
        for (int i = 0; i < k; i++) { ways = ways * (susceptible - i) / (i + 1); }
        outbreak(susceptible - k, k, cases + k, p * ways * pow(caught, k) * pow(1 - caught, susceptible - k),
                 share);
    }
}

static void check_outbreaks(exact_run *x, int size)
{
    static const char *const names[] = {"further_0", "further_1", "further_2", "further_3", "further_4"};
    double share[8] = {0}, mean = 0, second = 0;
    outbreak(size - 1, 1, 0, 1, share);
    for (int k = 0; k < size; k++) {
        exact_share(x, "baseline", names[k], 1, share[k],
                    "members who see each other half updated: more large outbreaks");
        mean += k * share[k];
        second += k * k * share[k];
    }
    exact_check(x, "baseline", "further_cases", -1, mean, sqrt(second - mean * mean), NULL);
}

static void households_of_three_to_five_follow_the_chain_binomial(void **state)
{
    (void)state;
    static const char *const files[] = {"e12-of-3", "e12-of-4", "e12"};
    for (int i = 0; i < 3; i++) {
        exact_run x;
        exact_begin(&x, files[i], NULL);
        check_outbreaks(&x, 3 + i);
        exact_end(&x);
    }
}

/* ---- P1, P3, P6, P7 --------------------------------------------------------------------------------------- */

static double with_ratio(double p, double ratio)
{
    return 1 - pow(1 - p, ratio);
}

static void priced_check(exact_run *x, const char *what, const char *arm, const priced *list, int n,
                         double rate, double exact, double sd, const char *wrong)
{
    wp_check_exact(&x->checks, what, exact_priced(x, arm, list, n, rate), exact, sd / sqrt(x->n), wrong);
}

static void check_sick_sicker(exact_run *x)
{
    const double d = 0.005;
    double P[MAX_CHAIN][MAX_CHAIN] = {
        {1 - d - 0.15, 0.15, 0, d},
        {0.5, 1 - 0.5 - 0.105 - with_ratio(d, 3), 0.105, with_ratio(d, 3)},
        {0, 0, 1 - with_ratio(d, 10), with_ratio(d, 10)},
        {0, 0, 0, 1}};
    static const priced cost[] = {{"cycles_healthy", 2000}, {"cycles_sick", 4000}, {"cycles_sicker", 15000}};
    static const priced qaly[] = {{"cycles_healthy", 1}, {"cycles_sick", 0.75}, {"cycles_sicker", 0.5}};
    static const priced treated[] = {{"cycles_healthy", 2000}, {"cycles_sick_treated", 4000},
                                     {"cycles_sicker", 15000}, {"cycles_on_treatment", 12000}};
    static const priced better[] = {
        {"cycles_healthy", 1}, {"cycles_sick_treated", 0.95}, {"cycles_sicker", 0.5}};
    double p[MAX_CHAIN] = {1};
    for (int t = 0; t <= 30; t++) {
        if (t == 1 || t == 5 || t == 10 || t == 30) {
            exact_share(x, "baseline", "cycles_healthy", t, p[0], NULL);
            exact_share(x, "baseline", "cycles_sick", t, p[1], NULL);
            exact_share(x, "baseline", "cycles_sicker", t, p[2], NULL);
            exact_share(x, "treated", "cycles_sick_treated", t, p[1], NULL);
        }
        chain_step(4, p, P);
    }
    const char *wrong = "ratio on the probability 75643.8, 15.8261; first time not counted 73976.1, 14.8388";
    priced_check(x, "cost, none", "baseline", cost, 3, 0.03, 75976.149, 57903.07, wrong);
    priced_check(x, "QALY, none", "baseline", qaly, 3, 0.03, 15.838848, 4.948906, wrong);
    priced_check(x, "cost, treated", "treated", treated, 4, 0.03, 141623.028, 108371.27, NULL);
    priced_check(x, "QALY, treated", "treated", better, 3, 0.03, 16.400406, 5.097816, NULL);
    /* the treated live the same lives */
    double same = exact_priced(x, "treated", treated, 4, 0.03) - exact_priced(x, "baseline", cost, 3, 0.03);
    wp_check_exact(&x->checks, "cost, treated less none, same lives", same, 65646.879, 51857.09 / sqrt(x->n),
                   "with independent chance the sd would be 122870");
}

static void sick_sicker_gives_the_published_cost_and_quality(void **state)
{
    (void)state;
    exact_run x;
    exact_begin(&x, "p1", NULL);
    check_sick_sicker(&x);
    for (int y = 0; y <= 30; y++) { /* and not only on average */
        assert_true(exact_mean(&x, "treated", "cycles_sick_treated", y) ==
                    exact_mean(&x, "baseline", "cycles_sick", y));
        assert_true(exact_mean(&x, "treated", "cycles_sicker", y) ==
                    exact_mean(&x, "baseline", "cycles_sicker", y));
    }
    exact_end(&x);
}

static double after(double rate)
{
    return 1 - exp(-rate);
}

static void cohort_model_of_four_strategies_gives_its_trace(void **state)
{
    (void)state;
    exact_run x;
    static const char *const arms[] = {"baseline", "a", "b", "a+b"};
    exact_begin(&x, "p3", NULL);
    for (int arm = 0; arm < 4; arm++) {
        double worsens = after(0.105 * (arm >= 2 ? 0.6 : 1)), d1 = after(0.002), d2 = after(0.006),
               d3 = after(0.02);
        double P[MAX_CHAIN][MAX_CHAIN] = {
            {(1 - d1) * (1 - after(0.15)), (1 - d1) * after(0.15), 0, d1},
            {(1 - d2) * after(0.5), (1 - d2) * (1 - after(0.5) - worsens), (1 - d2) * worsens, d2},
            {0, 0, 1 - d3, d3},
            {0, 0, 0, 1}};
        double p[MAX_CHAIN] = {1};
        for (int t = 0; t <= 75; t++) {
            if (t == 1 || t == 10 || t == 25 || t == 75) {
                exact_share(&x, arms[arm], "cycles_healthy", t, p[0], NULL);
                exact_share(&x, arms[arm], "cycles_sick", t, p[1],
                            "death and moves in one draw: worsens more");
                exact_share(&x, arms[arm], "cycles_sicker", t, p[2], NULL);
            }
            chain_step(4, p, P);
        }
    }
    exact_end(&x);
}

static void combination_therapy_stops_after_two_cycles(void **state)
{
    (void)state;
    exact_run x;
    static const double count[3][4] = {{1251, 350, 116, 17}, {0, 731, 512, 15}, {0, 0, 1312, 437}};
    static const priced mono[] = {
        {"cycles_in_a", 2756}, {"cycles_in_b", 3052}, {"cycles_in_c", 9007}, {"cycles_alive", 2278}};
    static const priced comb[] = {{"cycles_in_a", 2756},
                                  {"cycles_in_b", 3052},
                                  {"cycles_in_c", 9007},
                                  {"cycles_alive", 2278},
                                  {"cycles_combined", 2086.5}};
    static const priced life[] = {{"cycles_alive", 1}};
    static const char *const wrong = "effect never stops 79846.4, 13.878; in 3 cycles 53485.9, 9.40117";
    exact_begin(&x, "p6", NULL);
    for (int arm = 0; arm < 2; arm++) {
        double p[MAX_CHAIN] = {1};
        const char *name = arm == 0 ? "baseline" : "combination_therapy";
        for (int t = 1; t <= 20; t++) {
            double P[MAX_CHAIN][MAX_CHAIN] = {{0}};
            double m = arm == 1 && t <= 2 ? 0.509 : 1;
            for (int i = 0; i < 3; i++) {
                double total = count[i][0] + count[i][1] + count[i][2] + count[i][3], off = 0;
                for (int j = 0; j < 4; j++) {
                    if (j != i) { off += P[i][j] = m * count[i][j] / total; }
                }
                P[i][i] = 1 - off;
            }
            P[3][3] = 1;
            chain_step(4, p, P);
            if (t == 1 || t == 2 || t == 3 || t == 5 || t == 20) {
                exact_share(&x, name, "cycles_in_a", t, p[0], wrong);
                exact_share(&x, name, "cycles_in_b", t, p[1], wrong);
                exact_share(&x, name, "cycles_in_c", t, p[2], wrong);
            }
        }
    }
    priced_check(&x, "cost, mono", "baseline", mono, 4, 0.06, 44663.4535637, 22152.27, NULL);
    priced_check(&x, "cost, combination", "combination_therapy", comb, 5, 0.06, 50601.6513312, 20914.62,
                 wrong);
    priced_check(&x, "life-years, mono", "baseline", life, 1, 0, 7.9912066, 4.692182,
                 "time 0 counted 8.99121");
    priced_check(&x, "life-years, combination", "combination_therapy", life, 1, 0, 8.9373889, 4.666057,
                 wrong);
    exact_end(&x);
}

static void hip_prostheses_are_revised_at_the_published_rate(void **state)
{
    (void)state;
    exact_run x;
    static const struct {
        int age;
        double p;
    } table[] = {{35, .00099}, {45, .0026}, {55, .0067}, {65, .0193}, {75, .0535}, {85, .1548}};
    static const priced quality[] = {
        {"cycles_well_after_primary", .85}, {"cycles_revision", .30}, {"cycles_well_after_revision", .75}};
    static const priced costs[] = {{"cycles_revision", 5294}};
    exact_begin(&x, "p7", NULL);
    for (int arm = 0; arm < 2; arm++) {
        const char *name = arm == 0 ? "baseline" : "new";
        double p[MAX_CHAIN] = {1}, g = exp(.3740968),
               l = exp(-5.490935 - .0367022 * 60) * (arm == 1 ? exp(-1.344474) : 1);
        for (int k = 1; k <= 60; k++) {
            double mr = 0, rv = 1 - exp(l * (pow(k - 1, g) - pow(k, g)));
            for (int i = 0; i < 6; i++) { mr = table[i].age <= 60 + k ? table[i].p : mr; }
            double P[MAX_CHAIN][MAX_CHAIN] = {
                {0, .98, 0, 0, .02}, {0, 1 - rv - mr, rv, 0, mr}, {0, 0, 0, 1 - .02 - mr, .02 + mr},
                {0, 0, .04, 1 - .04 - mr, mr}, {0, 0, 0, 0, 1}};
            chain_step(5, p, P);
            if (k == 1 || k == 8 || k == 25 || k == 60) {
                exact_share(&x, name, "cycles_well_after_primary", k, p[1],
                            "death looked up at the age before: more alive");
                exact_share(&x, name, "cycles_revision", k, p[2],
                            "hazard by the year ahead instead of the year past");
                exact_share(&x, name, "cycles_well_after_revision", k, p[3], NULL);
            }
        }
    }
    priced_check(&x, "QALY, standard", "baseline", quality, 3, 0.015, 14.6531896, 6.145878, NULL);
    priced_check(&x, "QALY, new", "new", quality, 3, 0.015, 14.69770986, 6.170120, NULL);
    priced_check(&x, "revisions, standard", "baseline", costs, 1, 0.06, 512.434658 - 394, 682.394, NULL);
    priced_check(&x, "revisions, new", "new", costs, 1, 0.06, 610.311818 - 579, 353.833, NULL);
    exact_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(illness_and_death_have_the_exact_law_in_each_arm),
        cmocka_unit_test(savings_are_paired_as_closely_as_clocks_can),
        cmocka_unit_test(illness_and_death_have_no_step),
        cmocka_unit_test(competing_causes_share_by_their_hazards),
        cmocka_unit_test(two_adults_who_affect_each_other_have_the_exact_law),
        cmocka_unit_test(households_of_three_to_five_follow_the_chain_binomial),
        cmocka_unit_test(sick_sicker_gives_the_published_cost_and_quality),
        cmocka_unit_test(cohort_model_of_four_strategies_gives_its_trace),
        cmocka_unit_test(combination_therapy_stops_after_two_cycles),
        cmocka_unit_test(hip_prostheses_are_revised_at_the_published_rate),
    };
    return cmocka_run_group_tests_name("test_exact_chains", tests, NULL, NULL);
}
