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
        wp_decision d = {0};
        assert_int_equal(wp_decision_init(&d, &m.savings, arm, NULL), WP_OK);
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
        wp_decision_free(&d);
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
    wp_decision d = {0};
    make(&m, 1, 1);
    assert_int_equal(wp_choice_init(&choice, &m.savings, NULL), WP_OK);
    assert_true(isnan(choice.shares[0]) && choice.evpi == 0.0 && choice.inputs.n == 0);
    wp_choice_free(&choice);
    assert_int_equal(wp_decision_init(&d, &m.savings, 1, NULL), WP_OK);
    assert_int_equal(d.n_bars, 0);
    assert_true(isnan(d.payback.chance[3]) && isnan(d.outlook.evidence) && d.has_outturn);
    wp_decision_free(&d);
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_an_arm_agree),
        cmocka_unit_test(the_choice_adds_up),
        cmocka_unit_test(one_draw_knows_nothing_of_chances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
