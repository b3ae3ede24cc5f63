/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decision figures of a run: they agree with each other, and with the savings that a summary prints. */
#include <string.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"
#include "uncertainty/decision.h"

typedef struct made {
    wp_scenario *scenario;
    wp_run_data data;
    wp_savings savings;
} made;

static void make(made *m, int draws, int replicates)
{
    wp_run_options options = {.threads = 2, .draws = draws, .replicates = replicates};
    *m = (made){.scenario = read_scenario(WP_TESTS_DIR "/decision/choice.yaml")};
    run_engine(m->scenario, &options, &m->data, NULL);
    assert_int_equal(wp_savings_init(&m->savings, &m->data, "GBP", NULL), WP_OK);
}

static void end(made *m)
{
    wp_savings_free(&m->savings);
    wp_simulate_free(&m->data);
    wp_scenario_free(m->scenario);
}

static void figures_of_an_arm_agree(void **state)
{
    (void)state;
    made m;
    make(&m, 64, 1);
    int last = m.data.n_years - 1;
    for (int arm = 1; arm < m.data.n_arms; arm++) {
        wp_arm_decision d = {0};
        assert_int_equal(wp_arm_decision_init(&d, &m.savings, arm, NULL), WP_OK);
        assert_close(d.payback.means[last], d.net.mean, 1e-9, 1e-3);
        assert_true(d.has_outturn && d.has_pairing && d.pairing.gain > 2.0);
        assert_true(d.outturn_high - d.outturn_low > 2.0 * d.net.noise);
        assert_true(d.outlook.evidence == d.net.between_variance);
        /* Both effects, the visit's price, and the other visit's, whose amount is a parameter, once. */
        assert_int_equal(d.inputs.n, 4);
        assert_int_equal(d.n_bars, 4);
        assert_true(fabs(d.bars[0].at_high - d.bars[0].at_low) >= fabs(d.bars[1].at_high - d.bars[1].at_low));
        const char *most = d.inputs.names[d.bars[0].parameter];
        assert_string_equal(most, strcmp(m.data.arms[arm], "reablement") == 0 ? "speeds" : "prevents");
        wp_arm_decision_free(&d);
    }
    end(&m);
}

static void the_choice_adds_up(void **state)
{
    (void)state;
    made m;
    wp_choice choice = {0};
    double shares = 0.0;
    make(&m, 64, 2);
    assert_int_equal(wp_choice_init(&choice, &m.savings, NULL), WP_OK);
    assert_int_equal(choice.n_options, 4);
    for (int o = 0; o < 4; o++) {
        shares += choice.shares[o];
        assert_true(choice.losses[o] >= choice.evpi * (1.0 - 1e-9));
    }
    assert_close(shares, 1.0, 1e-12, 0.0);
    assert_close(choice.losses[choice.best], choice.evpi, 1e-9, 0.0);
    for (int i = 0; i < choice.inputs.n; i++) {
        /* One parameter is never worth more than all, but for what curves and noise leave open. */
        assert_true(choice.evppi[i] <= choice.evpi + 4.5 * choice.evppi_se[i]);
        assert_true(i == 0 || choice.evppi[choice.order[i - 1]] >= choice.evppi[choice.order[i]]);
    }
    assert_string_equal(choice.inputs.names[choice.order[0]], "prevents");
    wp_choice_free(&choice);
    end(&m);
}

static void one_draw_knows_nothing_of_chances(void **state)
{
    (void)state;
    made m;
    wp_choice choice = {0};
    wp_arm_decision d = {0};
    make(&m, 1, 1);
    assert_int_equal(wp_choice_init(&choice, &m.savings, NULL), WP_OK);
    assert_true(isnan(choice.shares[0]) && choice.evpi == 0.0 && choice.inputs.n == 0);
    wp_choice_free(&choice);
    assert_int_equal(wp_arm_decision_init(&d, &m.savings, 1, NULL), WP_OK);
    assert_int_equal(d.n_bars, 0);
    assert_true(isnan(d.payback.chance[3]) && isnan(d.outlook.evidence) && d.has_outturn);
    wp_arm_decision_free(&d);
    end(&m);
}

static int unit_value(const wp_run_data *data, const char *name)
{
    for (int u = 0; u < data->money.n_unit_values; u++) {
        if (strcmp(data->money.unit_values[u], name) == 0) { return u; }
    }
    fail_msg("no unit value '%s'", name);
    return -1;
}

static int rank_of(const double *values, int n, double x)
{
    int below = 0;
    for (int i = 0; i < n; i++) { below += values[i] < x; }
    return below;
}

/* Spearman's rank correlation. */
static double spearman(const double *a, const double *b, int n)
{
    double squares = 0.0;
    for (int i = 0; i < n; i++) { squares += pow(rank_of(a, n, a[i]) - rank_of(b, n, b[i]), 2.0); }
    return 1.0 - 6.0 * squares / ((double)n * ((double)n * n - 1.0));
}

/* A price goes with an effect, and with another price; who is named first keeps its draws, and so does every number that
   is not named. Lives are not needed for it. */
static void prices_are_correlated_by_rank(void **state)
{
    (void)state;
    enum { N = 1500 };
    static double effect[N], price[N], care[N];
    static const char *const plain[] = {"design: sobol", "design: independent",
                                        "amount: 12000 GBP", "amount: 12000 GBP, distribution: {gamma: {cv: 0.3}}",
                                        NULL};
    static const char *const named[] = {
        "design: sobol",
        "design: independent, correlations: [{between: [prevents, prevention.visit], rank: 0.6}, {between: [care_in_need, "
        "prevention.visit], rank: -0.4}]",
        "amount: 12000 GBP", "amount: 12000 GBP, distribution: {gamma: {cv: 0.3}}", NULL};
    wp_run_options options = {.threads = 1, .draws = N, .dry_run = true};
    wp_run_data alone, data;
    wp_scenario *scenario = read_changed_scenario(WP_TESTS_DIR "/decision/choice.yaml", plain);
    run_engine(scenario, &options, &alone, NULL);
    wp_scenario_free(scenario);
    scenario = read_changed_scenario(WP_TESTS_DIR "/decision/choice.yaml", named);
    run_engine(scenario, &options, &data, NULL);
    wp_scenario_free(scenario);
    const int visit = unit_value(&data, "prevention.visit"), in_need = unit_value(&data, "care_in_need");
    int prevents = 0;
    while (strcmp(data.parameters[prevents], "prevents") != 0) { prevents++; }
    const size_t n = (size_t)data.n_parameters, row = (size_t)data.money.n_unit_values * (size_t)data.n_years;
    for (int d = 0; d < N; d++) {
        effect[d] = data.parameter_values[(size_t)d * n + (size_t)prevents];
        price[d] = data.money.amounts[(size_t)d * row + (size_t)visit * (size_t)data.n_years];
        care[d] = data.money.amounts[(size_t)d * row + (size_t)in_need * (size_t)data.n_years];
    }
    /* Bonett and Wright 2000, Psychometrika 65:23 */
    const double se6 = 1.03 * (1 - 0.36) * sqrt(1 + 0.36 / 2) / sqrt(N);
    const double se4 = 1.03 * (1 - 0.16) * sqrt(1 + 0.16 / 2) / sqrt(N), se0 = 1.03 / sqrt(N);
    assert_within_se(spearman(effect, price, N), 0.6, se6);
    assert_within_se(spearman(care, price, N), -0.4, se4);
    assert_within_se(spearman(care, effect, N), 0.0, se0);
    assert_memory_equal(data.parameter_values, alone.parameter_values, N * n * sizeof(double));
    int n_other = 0;
    for (int d = 0; d < N; d++) {
        n_other += price[d] != alone.money.amounts[(size_t)d * row + (size_t)visit * (size_t)data.n_years];
    }
    assert_true(n_other == N);
    wp_simulate_free(&alone);
    wp_simulate_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_an_arm_agree),
        cmocka_unit_test(the_choice_adds_up),
        cmocka_unit_test(prices_are_correlated_by_rank),
        cmocka_unit_test(one_draw_knows_nothing_of_chances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
