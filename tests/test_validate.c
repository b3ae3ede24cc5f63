/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is called reproduced, inside and beyond; what a claim needs; and that nothing published is passed
   over. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assert_close.h"
#include "engine_run.h"
#include "report/comparison_text.h"
#include "result_fixture.h"
#include "validate/validation.h"

/* ---- Verdicts -------------------------------------------------------------------------------------- */

/* The fixture's target, 600, 601, … in draws and replicates, with n draws of one replicate: mean 600 + (n
   - 1) / 2. */
static wp_comparison compare(int n, bool is_claim, double low, double high, double within)
{
    wp_run_data data;
    wp_comparison c;
    result_fixture(&data, n, 1, 3, 0);
    data.money.target_is_claim[0] = is_claim;
    data.money.target_low[0] = low;
    data.money.target_high[0] = high;
    data.money.target_within[0] = within;
    assert_int_equal(wp_comparison_of(&data, 0, &c, NULL), WP_OK);
    result_fixture_free(&data);
    return c;
}

static void a_fact_is_reproduced_within_its_tolerance_or_its_own_range(void **state)
{
    (void)state;
    /* Four draws, 600 to 603: mean 601.5, sd 1.29, so t3 (3.18) x 1.29 x sqrt(1.25) = 4.59 on either side. */
    wp_comparison c = compare(4, false, 600, 600, 0.01);
    assert_close(c.interval.mean, 601.5, 1e-12, 0.0);
    assert_close(c.high - c.interval.mean, 4.593, 1e-3, 0.0);
    assert_close(c.ratio, 601.5 / 600.0, 1e-12, 0.0);
    assert_close(c.z, 1.5 / (4.593 / 1.96), 1e-3, 0.0);
    assert_int_equal(c.verdict, WP_VERDICT_REPRODUCED);
    assert_int_equal(compare(4, false, 600, 600, 0.001).verdict, WP_VERDICT_NOT_APART);
    assert_int_equal(compare(4, false, 590, 590, 0.001).verdict, WP_VERDICT_MISSED);
    assert_int_equal(compare(4, false, 590, 590, 0.05).verdict, WP_VERDICT_REPRODUCED);
    /* A range has no tolerance but itself. */
    c = compare(4, false, 580, 602, 0.0);
    assert_int_equal(c.verdict, WP_VERDICT_REPRODUCED);
    assert_true(c.z == 0.0 && c.nearest == c.interval.mean);
    assert_close(c.ratio, 601.5 / 591.0, 1e-12, 0.0);
    assert_int_equal(compare(4, false, 580, 590, 0.5).verdict, WP_VERDICT_MISSED);
    assert_int_equal(compare(4, false, 610, INFINITY, 0.5).verdict, WP_VERDICT_MISSED);
}

static void a_claim_is_judged_by_the_interval_alone(void **state)
{
    (void)state;
    assert_int_equal(compare(4, true, 606, 606, 0.0).verdict, WP_VERDICT_INSIDE);
    assert_int_equal(compare(4, true, 607, 607, 0.5).verdict, WP_VERDICT_MORE_CLAIMED);
    assert_int_equal(compare(4, true, 590, 590, 0.5).verdict, WP_VERDICT_LESS_CLAIMED);
    assert_int_equal(compare(4, true, 590, INFINITY, 0.0).verdict, WP_VERDICT_INSIDE);
    assert_int_equal(compare(4, true, 610, INFINITY, 0.0).verdict, WP_VERDICT_MORE_CLAIMED);
    assert_int_equal(compare(4, true, -INFINITY, 610, 0.0).verdict, WP_VERDICT_INSIDE);
    /* A reduction that is claimed is more the further it is below nothing. */
    assert_int_equal(compare(4, true, -50, -50, 0.0).verdict, WP_VERDICT_MORE_CLAIMED);
    /* One draw, one replicate: nothing is known of an interval, and the mean alone stands for it. */
    wp_comparison c = compare(1, true, 600, 600, 0.0);
    assert_true(isnan(c.low) && isnan(c.z) && c.verdict == WP_VERDICT_INSIDE);
    assert_int_equal(compare(1, true, 600.5, 600.5, 0.0).verdict, WP_VERDICT_MORE_CLAIMED);
}

static void a_run_that_cannot_say_is_no_verdict(void **state)
{
    (void)state;
    wp_run_data data;
    wp_comparison c;
    result_fixture(&data, 2, 1, 3, 0);
    data.money.target_values[1] = NAN;
    assert_int_equal(wp_comparison_of(&data, 0, &c, NULL), WP_OK);
    assert_int_equal(c.verdict, WP_VERDICT_UNKNOWN);
    result_fixture_free(&data);
}

static void published_numbers_keep_their_digits(void **state)
{
    (void)state;
    wp_comparison_text text;
    wp_comparison c = {.published_low = 0.176,
                       .published_high = 0.176,
                       .nearest = 0.176,
                       .low = 0.10,
                       .high = 0.2034,
                       .interval.mean = 0.1512,
                       .ratio = 0.859,
                       .z = NAN};
    wp_comparison_write(&c, "%", &text);
    assert_string_equal(text.published, "17.6");
    assert_string_equal(text.model, "15.1");
    assert_string_equal(text.interval, "10.0 to 20.3");
    assert_string_equal(text.ratio, "0.86");
    assert_string_equal(text.z, "");
    assert_string_equal(text.distance, "2.5 percentage points below");
    c = (wp_comparison){.published_low = 8e8,
                        .published_high = INFINITY,
                        .nearest = 8e8,
                        .low = NAN,
                        .high = NAN,
                        .interval.mean = 123456789.0,
                        .ratio = 0.154,
                        .z = 0.0};
    wp_comparison_write(&c, "GBP", &text);
    assert_string_equal(text.published, "800,000,000 or more");
    assert_string_equal(text.model, "120,000,000"); /* three figures, but published to a hundred million */
    assert_string_equal(text.interval, "not known");
    assert_string_equal(text.z, "0.00");
    assert_string_equal(text.distance, "85 % below");
}

/* Beside "97 % below" and "39 times what is found", 0 would be another number than the one that is meant. */
static void what_its_interval_rounds_away_has_a_digit_more(void **state)
{
    (void)state;
    wp_comparison_text text;
    wp_comparison c = {.published_low = 19e6,
                       .published_high = INFINITY,
                       .nearest = 19e6,
                       .low = -12e6,
                       .high = 13e6,
                       .interval.mean = 487e3};
    wp_comparison_write(&c, "GBP", &text);
    assert_string_equal(text.model, "500,000");
    assert_string_equal(text.interval, "-12,000,000 to 13,000,000");
    assert_string_equal(text.distance, "97 % below");
    c.interval.mean = 1e-9; /* 0 but for rounding in a sum */
    wp_comparison_write(&c, "GBP", &text);
    assert_string_equal(text.model, "0");
}

/* ---- Scenarios ------------------------------------------------------------------------------------- */

static const char scenario_path[] = WP_TESTS_DIR "/targets/figures.yaml";

enum { MAX_TEXT = 1 << 16 };

static void print_to(const wp_validation *validation, wp_validation_format format, char text[MAX_TEXT])
{
    FILE *out = fmemopen(text, MAX_TEXT, "w");
    assert_non_null(out);
    assert_int_equal(wp_validation_print(validation, format, out, NULL), WP_OK);
    assert_int_equal(fclose(out), 0);
}

static const wp_validation_row *row_of(const wp_validation *validation, const char *target)
{
    for (size_t i = 0; i < validation->n_rows; i++) {
        if (strcmp(validation->rows[i].target, target) == 0) { return &validation->rows[i]; }
    }
    fail_msg("no row for '%s'", target);
    return NULL;
}

static wp_validation *validate(const wp_scenario *scenario, const wp_validate_options *options)
{
    wp_validation *validation = NULL;
    assert_int_equal(wp_validation_new(&validation, NULL), WP_OK);
    assert_int_equal(wp_validation_add_scenario(validation, scenario, options, NULL), WP_OK);
    return validation;
}

static void a_scenario_is_run_as_it_says(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(scenario_path);
    wp_run_options size = {.draws = 7};
    wp_validation_size(scenario, &size);
    assert_true(size.draws == 7 && size.replicates == 4 && size.sample == 0.5);
    wp_validation *validation = validate(scenario, NULL);
    assert_int_equal(validation->n_runs, 1);
    assert_true(validation->runs[0].sample == 0.5 && validation->runs[0].draws == 2);
    wp_validation_free(validation);
    wp_scenario_free(scenario);
    /* Where nothing is said: 50,000 people, or all, and at most 4 draws. */
    static const char *const larger[] = {", validate: {sample: 50 %, draws: 2, replicates: 4}",
                                         "",
                                         "households: 3000",
                                         "households: 100000",
                                         "draws: 3",
                                         "draws: 30",
                                         NULL};
    scenario = read_changed_scenario(scenario_path, larger);
    size = (wp_run_options){0};
    wp_validation_size(scenario, &size);
    assert_true(size.sample == 0.25 && size.draws == 4 && size.replicates == 2);
    wp_scenario_free(scenario);
}

/* The claim is made what the saving is at an effect of 0.3, so 0.3 is what it needs. */
static void what_a_claim_needs_is_found(void **state)
{
    (void)state;
    static const char *const stronger[] = {"effect: {value: 0.7", "effect: {value: 0.3", NULL};
    wp_validate_options options = {.run = {.draws = 1, .replicates = 2, .sample = 1.0, .threads = 2}};
    wp_scenario *scenario = read_changed_scenario(scenario_path, stronger);
    wp_validation *validation = validate(scenario, &options);
    char claim[64];
    snprintf(claim, sizeof claim, "{low: %.0f GBP}", row_of(validation, "saving")->comparison.interval.mean);
    wp_validation_free(validation);
    wp_scenario_free(scenario);
    const char *const claimed[] = {"{low: 2000000 GBP}", claim, NULL};
    scenario = read_changed_scenario(scenario_path, claimed);
    validation = validate(scenario, &options);
    const wp_validation_row *row = row_of(validation, "saving");
    assert_int_equal(row->comparison.verdict, WP_VERDICT_MORE_CLAIMED);
    assert_true(row->need.is_asked && row->need.is_found && row->need.stated == 0.7);
    assert_close(row->need.value, 0.3, 0.0, 0.0085);
    assert_string_equal(row->need.parameter, "effect");
    char words[WP_VERDICT_TEXT];
    wp_validation_verdict(row, words);
    assert_non_null(strstr(words, "times what is found; it needs effect 0."));
    assert_non_null(strstr(words, "instead of 0.7"));
    assert_false(row_of(validation, "saving_central")->need.is_asked);
    wp_validation_free(validation);
    options.no_solve = true;
    validation = validate(scenario, &options);
    assert_false(row_of(validation, "saving")->need.is_asked);
    wp_validation_free(validation);
    wp_scenario_free(scenario);
}

static void nothing_published_is_passed_over(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(scenario_path);
    wp_validate_options options = {.no_solve = true, .run = {.sample = 0.1, .threads = 2}};
    wp_validation *validation = validate(scenario, &options);
    assert_int_equal(wp_validation_add_scenario(validation, scenario, &options, NULL), WP_OK);
    assert_int_equal(validation->n_rows, 2 * scenario->n_targets);
    assert_int_equal(validation->n_figures, 5);
    static char text[MAX_TEXT];
    print_to(validation, WP_VALIDATION_TABLE, text);
    const char *left = strstr(text, "Published, but not modelled"), *none = strstr(text, "held by no target");
    assert_non_null(left);
    assert_non_null(none);
    assert_true(strstr(left, "A-3") != NULL && strstr(left, "no figure is given") != NULL);
    assert_true(strstr(none, "A-5") != NULL && strstr(none, "A-4") == NULL && strstr(none, "A-1") == NULL);
    print_to(validation, WP_VALIDATION_JSON, text);
    assert_non_null(strstr(text, "\"not_modelled\": [\n  {\"id\": \"A-3\""));
    assert_non_null(strstr(text, "\"no_target\": [\n  {\"id\": \"A-5\""));
    assert_non_null(strstr(text, "\"published_high\": null"));
    print_to(validation, WP_VALIDATION_CSV, text);
    size_t n_lines = 0, n_commas = 0, n_head = 0;
    bool is_quoted = false;
    for (const char *c = text; *c != '\0'; c++) {
        is_quoted ^= *c == '"';
        n_commas += *c == ',' && !is_quoted;
        if (*c != '\n') { continue; }
        if (n_lines++ == 0) { n_head = n_commas; }
        assert_int_equal(n_commas, n_head);
        n_commas = 0;
    }
    assert_int_equal(n_lines, 1 + 2 * scenario->n_targets + 2);
    wp_validation_free(validation);
    wp_scenario_free(scenario);
}

static void a_result_gives_what_its_scenario_gives(void **state)
{
    (void)state;
    wp_scenario *scenario = read_scenario(scenario_path);
    wp_validate_options options = {
        .no_solve = true, .run = {.sample = 0.2, .draws = 2, .replicates = 2, .threads = 2, .force = true}};
    wp_validation *validation = validate(scenario, &options);
    char path[64];
    snprintf(path, sizeof path, "/tmp/test_validate_%ld.nc", (long)getpid());
    assert_int_equal(wp_run(scenario, &options.run, path, NULL, NULL), WP_OK);
    assert_int_equal(wp_validation_add_result(validation, path, NULL), WP_OK);
    const size_t n = (size_t)scenario->n_targets;
    for (size_t i = 0; i < n; i++) {
        const wp_validation_row *a = &validation->rows[i], *b = &validation->rows[n + i];
        assert_string_equal(a->target, b->target);
        assert_string_equal(a->ids, b->ids);
        assert_int_equal(a->comparison.verdict, b->comparison.verdict);
        assert_true(a->comparison.interval.mean == b->comparison.interval.mean);
    }
    remove(path);
    assert_int_equal(wp_validation_add_result(validation, path, NULL), WP_ERR_FILE);
    wp_validation_free(validation);
    wp_scenario_free(scenario);
}

/* "S1-9" before "S1-10", and what has no id last. */
static void rows_are_in_order_of_id(void **state)
{
    (void)state;
    static const char *const ids[] = {"", "S1-10", "S1-9", "S0-2", "S1-9b"};
    static const char *const expected[] = {"S0-2", "S1-9", "S1-9b", "S1-10", ""};
    wp_validation_row rows[5];
    for (int i = 0; i < 5; i++) { rows[i] = (wp_validation_row){.ids = ids[i], .scenario = ""}; }
    wp_validation validation = {.n_rows = 5, .rows = rows};
    size_t *order = wp_validation_rows_by_id(&validation);
    assert_non_null(order);
    for (int i = 0; i < 5; i++) { assert_string_equal(ids[order[i]], expected[i]); }
    free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_reproduced_within_its_tolerance_or_its_own_range),
        cmocka_unit_test(a_claim_is_judged_by_the_interval_alone),
        cmocka_unit_test(a_run_that_cannot_say_is_no_verdict),
        cmocka_unit_test(published_numbers_keep_their_digits),
        cmocka_unit_test(what_its_interval_rounds_away_has_a_digit_more),
        cmocka_unit_test(a_scenario_is_run_as_it_says),
        cmocka_unit_test(what_a_claim_needs_is_found),
        cmocka_unit_test(nothing_published_is_passed_over),
        cmocka_unit_test(a_result_gives_what_its_scenario_gives),
        cmocka_unit_test(rows_are_in_order_of_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
