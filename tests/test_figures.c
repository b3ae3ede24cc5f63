/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a run keep to each other: parts add to wholes, ratios are quotients, arms differ. */
#include <string.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"

typedef struct figures {
    wp_scenario *scenario;
    wp_run_data data;
} figures;

static int begin(void **state)
{
    static figures f;
    f = (figures){.scenario = read_scenario(WP_TESTS_DIR "/targets/figures.yaml")};
    wp_run_options options = {.threads = 2};
    run_engine(f.scenario, &options, &f.data, NULL);
    *state = &f;
    return 0;
}

static int end(void **state)
{
    figures *f = *state;
    wp_simulate_free(&f->data);
    wp_scenario_free(f->scenario);
    return 0;
}

static double value(const figures *f, const char *name, int run)
{
    const wp_money_data *m = &f->data.money;
    for (int t = 0; t < m->n_targets; t++) {
        if (strcmp(m->targets[t], name) == 0) { return m->target_values[run * m->n_targets + t]; }
    }
    fail_msg("no target '%s'", name);
    return 0.0;
}

/* whole = sign * part + other, in every run, with something in each. */
static void assert_sum(const figures *f, const char *whole, double sign, const char *part, const char *other)
{
    for (int run = 0; run < 6; run++) {
        double a = value(f, part, run), b = value(f, other, run);
        assert_true(a != 0.0 && b != 0.0);
        assert_close(value(f, whole, run), sign * a + b, 1e-9, 0.0);
    }
}

static void assert_quotient(const figures *f, const char *ratio, const char *above, const char *below)
{
    for (int run = 0; run < 6; run++) {
        double quotient = value(f, above, run) / value(f, below, run);
        assert_true(quotient > 0.0);
        assert_close(value(f, ratio, run), quotient, 1e-9, 0.0);
    }
}

static void parts_of_a_saving_add_up(void **state)
{
    const figures *f = *state;
    assert_sum(f, "saving", 1.0, "saving_central", "saving_local");
    assert_sum(f, "saving", 1.0, "services", "programme");
    assert_sum(f, "saved_more", 1.0, "more_than_help", "saving");
    assert_quotient(f, "share_central", "saving_central", "saving");
    assert_quotient(f, "return", "services", "cost_help");
    for (int run = 0; run < 6; run++) {
        assert_close(value(f, "programme", run), -value(f, "cost_help", run), 1e-12, 0.0);
        /* A payer is all who are part of it. */
        assert_close(value(f, "saving_nhs", run), value(f, "saving_central", run), 1e-12, 0.0);
        /* 40 % of what care costs less, half of it the council's, less the visits, which are cashed in
           full. */
        assert_true(value(f, "cashable", run) < value(f, "services", run));
        /* A day in illness loses 0.001 QALY and costs 20 pounds: neither is lost in the other's sum. */
        assert_true(value(f, "qaly", run) < 0.0);
    }
}

static void parts_of_a_cost_add_up(void **state)
{
    const figures *f = *state;
    assert_sum(f, "cost", 1.0, "cost_old", "cost_young");
    assert_sum(f, "less_treatment", -1.0, "treatment_help", "cost_treatment");
    assert_quotient(f, "share_old", "cost_old", "cost");
    assert_quotient(f, "per_head_old", "cost_old_a_year", "people_old");
    for (int run = 0; run < 6; run++) {
        assert_close(value(f, "cost_council", run), 0.3 * value(f, "cost_treatment", run), 1e-12, 0.0);
    }
}

static void counts_are_divided(void **state)
{
    const figures *f = *state;
    for (int run = 0; run < 6; run++) {
        /* Shares of two groups that are everyone: p / (1 - p). */
        double p = value(f, "share_of_old", run);
        assert_close(value(f, "ratio_of_old", run), p / (1.0 - p), 1e-9, 0.0);
        assert_close(value(f, "fewer", run),
                     value(f, "less_treatment", run) / value(f, "cost_treatment", run), 1e-9, 0.0);
        assert_true(value(f, "people_old", run) > 2000.0 && value(f, "people_old", run) < 3500.0);
        assert_true(value(f, "days_each", run) > 100.0 && value(f, "days_each", run) < 2000.0);
    }
}

/* Nobody falls ill twice, and a treatment costs everyone the same, so the first 1 % of 6,000 persons have 60 treatments
   of all those of the year, and the first 20 % have all; over four years 1 % of persons x years. */
static void the_costliest_have_their_treatments(void **state)
{
    const figures *f = *state;
    for (int run = 0; run < 6; run++) {
        const double first = value(f, "onsets_first", run), later = value(f, "top_1_later", run);
        assert_true(first > 100.0 && first < 1200.0);
        assert_close(value(f, "top_1", run) * first, 60.0, 1e-9, 0.0);
        assert_close(value(f, "top_20", run), 1.0, 1e-12, 0.0);
        assert_close(value(f, "top_1_less", run), value(f, "top_1", run) - value(f, "top_1_help", run), 1e-12, 0.0);
        assert_true(value(f, "top_1_help", run) > value(f, "top_1", run));
        assert_true(later > 0.01 && later < 1.0 && later != value(f, "top_1", run));
    }
}

/* What a target does not say itself stands in the table of published figures. */
static void a_target_has_the_published_row(void **state)
{
    const figures *f = *state;
    const wp_money_data *m = &f->data.money;
    const wp_scenario *s = f->scenario;
    assert_int_equal(s->n_published, 5);
    assert_string_equal(s->published[2].not_modelled, "no figure is given");
    assert_int_equal(s->published[3].role, WP_PUBLISHED_STRUCTURE);
    for (int t = 0; t < m->n_targets; t++) {
        if (strcmp(m->targets[t], "onsets") == 0) {
            assert_string_equal(m->target_says[t], "people who fall ill in a year");
            assert_string_equal(m->target_sources[t], "made up");
            assert_string_equal(m->target_ids[t], "A-1");
            assert_true(!m->target_is_claim[t] && m->target_low[t] == 450.0 && m->target_high[t] == 450.0);
            assert_true(m->target_within[t] == 0.05);
        }
        if (strcmp(m->targets[t], "saving") == 0) {
            assert_true(m->target_is_claim[t] && m->target_low[t] == 2e6 && isinf(m->target_high[t]));
            assert_string_equal(s->parameters[s->targets[t].parameter].name, "effect");
            assert_true(s->targets[t].from == 0.05 && s->targets[t].to == 0.9);
        }
    }
    assert_true(s->validate.sample == 0.5 && s->validate.draws == 2 && s->validate.replicates == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_saving_add_up),
        cmocka_unit_test(parts_of_a_cost_add_up),
        cmocka_unit_test(counts_are_divided),
        cmocka_unit_test(the_costliest_have_their_treatments),
        cmocka_unit_test(a_target_has_the_published_row),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
