/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled models against tables computed by hand. */
#include "assert_close.h"
#include "test_model_fixture.h"

static void setup(wp_model *model, const wp_scenario *scenario)
{
    wp_error err = {0};
    if (wp_model_init(model, scenario, 1, 0, &err) != WP_OK) { fail_msg("%s", err.text); }
}

static void rates_are_folded_with_when(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_model m;
    setup(&m, &f.scenario);
    assert_int_equal(m.kinds[WP_PERSON].n_clocks, 4);
    assert_int_equal(m.variables[0].feature, 1);
    for (int p = 0; p < 4; p++) {
        uint8_t well[2] = {40, 0}, in_need[2] = {40, 1};
        bool from_need = p == DEATH_IN_NEED || p == RECOVERY;
        double rate = (double)(float)f.processes[p].hazard.value;
        assert_true(product_at(&m.processes[p].rate, well) == (from_need ? 0.0 : rate));
        assert_true(product_at(&m.processes[p].rate, in_need) == (from_need ? rate : 0.0));
        assert_int_equal(m.processes[p].clock, p);
        assert_int_equal(m.processes[p].rate.n_tables, 1);
        assert_int_equal(m.kinds[WP_PERSON].dependents[1].clocks.word[0] >> p & 1, 1);
    }
    assert_int_equal(m.kinds[WP_PERSON].dependents[0].clocks.word[0], 0);
    assert_true(wp_has_bits(&m.kinds[WP_PERSON].dependents[1].tallies));
    assert_int_equal(m.end, 25 * WP_TICKS_PER_YEAR);
    assert_int_equal(m.epoch, WP_TICKS_PER_YEAR);
    wp_model_free(&m);
    wp_model_free(&m);
}

static void factors_by_age_and_partner_multiply(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_band ages[] = {{0, 65}, {65, INFINITY}};
    double values[] = {1.0, 2.5};
    wp_axis axis = {.look = {.kind = WP_LOOK_AGE}, .n_bands = 2, .bands = ages};
    wp_grid grid = {.n_axes = 1, .axes = &axis, .n_cells = 2, .values = values};
    wp_condition partner_ill = is_level(WP_LOOK_VARIABLE, WP_PARTNER, 0, 1);
    wp_factor factors[] = {{.scale = WP_SCALE_HAZARD,
                            .value = looked_up(&grid),
                            .name = "onset/a",
                            .intervention = -1},
                           {.scale = WP_SCALE_HAZARD,
                            .value = number(3),
                            .when = &partner_ill,
                            .name = "onset/b",
                            .intervention = -1}};
    f.processes[ONSET].n_factors = 2;
    f.processes[ONSET].factors = factors;
    wp_model m;
    setup(&m, &f.scenario);
    int copy = feature_at(&m, WP_PERSON, WP_FEATURE_COPY, WP_PARTNER, 1);
    assert_int_equal(copy, 2);
    const wp_feature *partner = &m.kinds[WP_PERSON].features[copy];
    assert_int_equal(partner->n_classes, 3);
    assert_int_equal(partner->none, 2);
    assert_null(partner->remap);
    const wp_product *rate = &m.processes[ONSET].rate;
    for (int age = 0; age <= WP_MAX_AGE; age++) {
        for (int health = 0; health < 2; health++) {
            for (int with = 0; with < 3; with++) {
                uint8_t x[3] = {(uint8_t)age, (uint8_t)health, (uint8_t)with};
                double exact =
                    health == 1 ? 0.0 : 0.03 * (age < 65 ? 1.0 : 2.5) * (with == 1 ? 3.0 : 1.0);
                assert_close(product_at(rate, x), exact, 2.0 * FLT_EPSILON, 0.0);
            }
        }
    }
    assert_int_equal(rate->n_tables, 1); /* 121 x 2 x 3 is below the limit of merging */
    assert_int_equal(rate->tables[0].age_stride, 1);
    assert_true(m.kinds[WP_PERSON].dependents[1].copies);
    wp_model_free(&m);
}

static void competing_probabilities_become_rates_that_give_them_back(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    static const double q[] = {0.2, 0.1};
    int competing[] = {DEATH_WHEN_WELL, ONSET};
    wp_quantity p[] = {number(q[0]), number(q[1])};
    for (int i = 0; i < 2; i++) {
        f.processes[DEATH_WHEN_WELL + i].hazard =
            (wp_quantity){.kind = WP_QUANTITY_RATE_OF_PROBABILITY,
                          .a = &p[i],
                          .over = 2.0,
                          .n_competing = 2,
                          .competing = competing};
    }
    wp_model m;
    setup(&m, &f.scenario);
    uint8_t x[2] = {30, 0};
    double r0 = product_at(&m.processes[DEATH_WHEN_WELL].rate, x);
    double r1 = product_at(&m.processes[ONSET].rate, x), sum = r0 + r1;
    assert_close(r0 / sum * (1.0 - exp(-2.0 * sum)), q[0], 1e-6, 0.0);
    assert_close(r1 / sum * (1.0 - exp(-2.0 * sum)), q[1], 1e-6, 0.0);
    wp_model_free(&m);
}

static void odds_ratio_becomes_the_ratio_of_hazards(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_quantity ratio = number(2.3), base = number(0.08);
    wp_factor factor = {
        .scale = WP_SCALE_HAZARD,
        .name = "onset/a",
        .intervention = -1,
        .value = {.kind = WP_QUANTITY_RATIO_OF_ODDS, .a = &ratio, .b = &base, .over = 1.0}};
    f.processes[ONSET].n_factors = 1;
    f.processes[ONSET].factors = &factor;
    wp_model m;
    setup(&m, &f.scenario);
    uint8_t x[2] = {30, 0};
    double odds = 2.3 * 0.08 / 0.92, exact = log(1.0 - odds / (1.0 + odds)) / log(0.92);
    assert_close(product_at(&m.processes[ONSET].rate, x), 0.03 * exact, 3.0 * FLT_EPSILON, 0.0);
    wp_model_free(&m);
}

static void probability_of_one_is_an_error_that_names_the_process(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_quantity p = number(1.0);
    f.processes[ONSET].hazard =
        (wp_quantity){.kind = WP_QUANTITY_RATE_OF_PROBABILITY, .a = &p, .over = 1.0};
    wp_model m;
    wp_error err = {0};
    assert_int_equal(wp_model_init(&m, &f.scenario, 1, 0, &err), WP_ERR_MODEL);
    assert_non_null(strstr(err.text, "process 'onset'"));
    wp_model_free(&m);
}

static void time_classes_are_the_union_of_all_bands(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_band early[] = {{0, 0.25}, {0.25, INFINITY}}, late[] = {{1, INFINITY}};
    double values[] = {2.0, 1.0};
    wp_axis axis = {.look = {.kind = WP_LOOK_TIME_IN, .item = 0}, .n_bands = 2, .bands = early};
    wp_grid grid = {.n_axes = 1, .axes = &axis, .n_cells = 2, .values = values};
    wp_condition long_ago =
        in_bands(WP_LOOK_TIME_SINCE, WP_SELF, WP_N_BUILTIN_EVENTS + ONSET, 1, late);
    wp_condition long_in = in_bands(WP_LOOK_TIME_IN, WP_SELF, 0, 1, late);
    wp_factor factor = {.scale = WP_SCALE_HAZARD,
                        .value = looked_up(&grid),
                        .name = "recovery/a",
                        .intervention = -1};
    f.processes[RECOVERY].n_factors = 1;
    f.processes[RECOVERY].factors = &factor;
    f.processes[ONSET].when = &long_ago;
    f.outcomes[0].condition = &long_in;
    wp_model m;
    setup(&m, &f.scenario);
    int time_in = feature_at(&m, WP_PERSON, WP_FEATURE_TIME_IN, WP_SELF, 0);
    int since =
        feature_at(&m, WP_PERSON, WP_FEATURE_TIME_SINCE, WP_SELF, WP_N_BUILTIN_EVENTS + ONSET);
    const wp_feature *a = &m.kinds[WP_PERSON].features[time_in];
    const wp_feature *b = &m.kinds[WP_PERSON].features[since];
    assert_int_equal(a->n_classes, 3);
    assert_int_equal(a->edges[0], WP_TICKS_PER_YEAR / 4);
    assert_int_equal(a->edges[1], WP_TICKS_PER_YEAR);
    assert_int_equal(b->n_classes, 3);
    assert_int_equal(b->none, 2);
    assert_int_not_equal(a->timer, b->timer);
    assert_int_equal(m.kinds[WP_PERSON].n_timers, 2);
    assert_int_equal(m.kinds[WP_PERSON].n_since, 2);
    assert_int_equal(m.variables[0].since, 0);
    assert_int_equal(m.kinds[WP_PERSON].since_event[WP_N_BUILTIN_EVENTS + ONSET], 1);
    assert_int_equal(m.kinds[WP_PERSON].since_event[WP_EVENT_BORN], -1);
    uint8_t x[8] = {0};
    static const double by_class[] = {0.0, 1.0, 0.0}; /* below a year, above, never */
    for (int c = 0; c < 3; c++) {
        x[since] = (uint8_t)c;
        assert_true(product_at(&m.processes[ONSET].rate, x) == (double)0.03f * by_class[c]);
    }
    x[1] = 1;
    static const double ratio[] = {2.0, 1.0, 1.0};
    for (int c = 0; c < 3; c++) {
        x[time_in] = (uint8_t)c;
        assert_close(product_at(&m.processes[RECOVERY].rate, x), 0.1 * ratio[c], 2e-7, 0.0);
    }
    wp_model_free(&m);
}

static void cells_count_groups_ages_and_levels(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    int groups[] = {0};
    wp_look by = {.kind = WP_LOOK_VARIABLE, .item = 0};
    wp_band ages[] = {{0, 18}, {18, 65}, {65, INFINITY}};
    f.scenario.report = (wp_report_spec){
        .n_groups = 1, .groups = groups, .n_by = 1, .by = &by, .n_ages = 3, .ages = ages};
    f.outcomes[0].n_by = 1;
    f.outcomes[0].by = &by;
    wp_model m;
    setup(&m, &f.scenario);
    assert_int_equal(m.n_cells, (1 + 1 + 2 + 3) * 2 + 2);
    const wp_outcome_model *o = &m.outcomes[0];
    assert_int_equal(o->n_maps, 5);
    static const char *const labels[] = {"all",  "needy", "well", "in_need",
                                         "0-17", "18-64", "65+",  "well"};
    static const char *const groupings[] = {"all",    "group",  "by health", "by health",
                                            "by age", "by age", "by age",    "by level"};
    for (int c = 0; c < 8; c++) {
        assert_string_equal(m.cells[c].label, labels[c]);
        assert_string_equal(m.cells[c].grouping, groupings[c]);
        assert_int_equal(m.cells[c].outcome, 0);
    }
    uint8_t x[2] = {70, 1};
    static const int expected[] = {0, 0, 1, 2, 1};
    for (int i = 0; i < 5; i++) {
        const wp_cellmap *map = &o->maps[i];
        assert_int_equal(map->values[wp_axes_index(map->n_axes, map->axes, x, 1)], expected[i]);
    }
    x[1] = 0;
    assert_int_equal(o->maps[1].values[wp_axes_index(o->maps[1].n_axes, o->maps[1].axes, x, 1)],
                     -1);
    assert_int_equal(o->maps[4].first_cell, 7);
    assert_true(m.age_edge[18] == 0 && m.age_edge[65] == 0); /* nobody else notices */
    assert_true(o->has_when);
    assert_int_equal(m.outcomes[1].headline_cell, 9);
    wp_model_free(&m);
}

static void order_of_lines_in_a_condition_changes_nothing(void **state)
{
    (void)state;
    uint8_t digests[2][32];
    for (int swapped = 0; swapped < 2; swapped++) {
        illness f;
        illness_init(&f);
        wp_band old[] = {{65, INFINITY}}, lately[] = {{0, 0.5}};
        wp_condition lines[] = {in_bands(WP_LOOK_AGE, WP_SELF, 0, 1, old),
                                in_bands(WP_LOOK_TIME_IN, WP_SELF, 0, 1, lately),
                                is_level(WP_LOOK_HAS_PARTNER, WP_SELF, 0, 1),
                                is_level(WP_LOOK_VARIABLE, WP_PARTNER, 0, 0)};
        wp_condition *parts[4];
        for (int i = 0; i < 4; i++) { parts[i] = &lines[swapped ? 3 - i : i]; }
        wp_condition all = {.kind = WP_CONDITION_ALL, .n_parts = 4, .parts = parts};
        f.processes[RECOVERY].when = &all;
        wp_model m;
        setup(&m, &f.scenario);
        memcpy(digests[swapped], m.digest, 32);
        wp_model_free(&m);
    }
    assert_memory_equal(digests[0], digests[1], 32);
}

static void digest_changes_with_one_number(void **state)
{
    (void)state;
    illness f;
    wp_model m;
    uint8_t digest[32];
    illness_init(&f);
    setup(&m, &f.scenario);
    memcpy(digest, m.digest, 32);
    wp_model_free(&m);
    f.processes[RECOVERY].hazard.value *= 1.000001;
    setup(&m, &f.scenario);
    assert_memory_not_equal(digest, m.digest, 32);
    wp_model_free(&m);
}

static void large_tables_are_refused_by_name(void **state)
{
    (void)state;
    illness f;
    illness_init(&f);
    wp_condition tests[9], *parts[9];
    for (int i = 0; i < 9; i++) {
        tests[i] = (wp_condition){
            .kind = WP_CONDITION_TEST,
            .levels = 1,
            .look = {.kind = WP_LOOK_RECENT, .whose = WP_SELF, .item = i, .window = 1.0}};
        parts[i] = &tests[i];
    }
    wp_condition any = {.kind = WP_CONDITION_ANY, .n_parts = 9, .parts = parts};
    f.processes[ONSET].when = &any;
    wp_model m;
    wp_error err = {0};
    assert_int_equal(wp_model_init(&m, &f.scenario, 1, 0, &err), WP_ERR_LIMIT);
    assert_non_null(strstr(err.text, "process 'onset'"));
    assert_non_null(strstr(err.text, "born in last 1 years"));
    wp_model_free(&m);
    any.kind = WP_CONDITION_ALL; /* line by line it is small */
    setup(&m, &f.scenario);
    assert_true(m.processes[ONSET].rate.n_tables > 1);
    wp_model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_folded_with_when),
        cmocka_unit_test(factors_by_age_and_partner_multiply),
        cmocka_unit_test(competing_probabilities_become_rates_that_give_them_back),
        cmocka_unit_test(odds_ratio_becomes_the_ratio_of_hazards),
        cmocka_unit_test(probability_of_one_is_an_error_that_names_the_process),
        cmocka_unit_test(time_classes_are_the_union_of_all_bands),
        cmocka_unit_test(cells_count_groups_ages_and_levels),
        cmocka_unit_test(order_of_lines_in_a_condition_changes_nothing),
        cmocka_unit_test(digest_changes_with_one_number),
        cmocka_unit_test(large_tables_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
