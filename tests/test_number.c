/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, units, dates and bands as people write them. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reader_fixture.h"
#include "scenario/number.h"

typedef struct good_amount {
    const char *text;
    double value;
    wp_unit unit;
} good_amount;

static void amounts_keep_their_meaning(void **state)
{
    (void)state;
    static const good_amount good[] = {
        {"0.03 per year", 0.03, WP_UNIT_PER_YEAR},
        {"0.03 per month", 0.36, WP_UNIT_PER_YEAR},
        {"1 per day", 365.25, WP_UNIT_PER_YEAR},
        {"12 %", 0.12, WP_UNIT_PROPORTION},
        {"12%", 0.12, WP_UNIT_PROPORTION},
        {"30 days", 30.0 / 365.25, WP_UNIT_DURATION},
        {"1 day", 1.0 / 365.25, WP_UNIT_DURATION},
        {"3 months", 0.25, WP_UNIT_DURATION},
        {"1 year", 1.0, WP_UNIT_DURATION},
        {"for ever", INFINITY, WP_UNIT_DURATION},
        {"1542 GBP", 1542.0, WP_UNIT_GBP},
        {"0.85 QALY", 0.85, WP_UNIT_OTHER},
        {"1 life-year", 1.0, WP_UNIT_OTHER},
        {"1e6", 1000000.0, WP_UNIT_NONE},
        {"-0.5", -0.5, WP_UNIT_NONE},
        {"3.5 % per year", 0.035, WP_UNIT_PER_YEAR},
        {"86000000 GBP per year", 86e6, WP_UNIT_GBP},
        {"750000 days per year", 750000.0 / 365.25, WP_UNIT_DURATION},
        {"3e-5 per year", 3e-5, WP_UNIT_PER_YEAR},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        wp_amount amount;
        assert_int_equal(wp_amount_parse(good[i].text, &amount, NULL), WP_AMOUNT_OK);
        assert_int_equal(amount.unit, good[i].unit);
        assert_true(amount.value == good[i].value ||
                    fabs(amount.value - good[i].value) < 1e-9 * fabs(good[i].value));
    }
}

static void what_is_no_amount_is_told_from_a_name(void **state)
{
    (void)state;
    static const char *const bad[] = {"1,542 GBP",
                                      "21 per 1000 per year",
                                      "2 weeks",
                                      "0x10",
                                      "12 apples",
                                      "1.5.2",
                                      ("\xC2\xA3"
                                       "1542"),
                                      "1e999",
                                      "5 per week",
                                      "3 %%",
                                      "12months",
                                      "1_000"};
    static const char *const words[] = {"hub_uptake", "nan", "inf", "", "-", "e5", ".", "female"};
    wp_amount amount;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *why = "";
        if (wp_amount_parse(bad[i], &amount, &why) != WP_AMOUNT_BAD) { fail_msg("'%s' is taken", bad[i]); }
        assert_true(why[0] != '\0');
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(wp_amount_parse(words[i], &amount, NULL), WP_AMOUNT_NOT_A_NUMBER);
    }
}

static void a_locale_changes_nothing(void **state)
{
    (void)state;
    wp_amount amount;
    (void)setlocale(LC_ALL, "de_DE.UTF-8");
    assert_int_equal(wp_amount_parse("0.5", &amount, NULL), WP_AMOUNT_OK);
    (void)setlocale(LC_ALL, "C");
    assert_true(amount.value == 0.5);
}

static void dates_are_days(void **state)
{
    (void)state;
    int64_t days = -1;
    assert_true(wp_date_parse("1970-01-01", &days));
    assert_int_equal(days, 0);
    assert_true(wp_date_parse("2000-03-01", &days));
    assert_int_equal(days, 11017);
    assert_true(wp_date_parse("2012-02-29", &days));
    assert_false(wp_date_parse("2011-02-29", &days));
    assert_false(wp_date_parse("1900-02-29", &days));
    assert_true(wp_date_parse("2000-02-29", &days));
    assert_false(wp_date_parse("2011-13-01", &days));
    assert_false(wp_date_parse("2011-1-1", &days));
    assert_false(wp_date_parse("1/4/13", &days));
    assert_false(wp_date_parse("2011-01-01x", &days));
    assert_false(wp_date_parse("2011", &days));
}

static void expect_band(const char *text, wp_band_kind kind, double lo, double hi)
{
    wp_band band;
    int64_t start = 0;
    assert_true(wp_date_parse("2010-01-01", &start));
    if (!wp_band_parse(text, kind, start, &band, NULL)) { fail_msg("'%s' is refused", text); }
    assert_true(fabs(band.lo - lo) < 1e-12);
    assert_true(band.hi == hi || fabs(band.hi - hi) < 1e-12);
}

static void bands_include_what_they_say(void **state)
{
    (void)state;
    expect_band("0-4", WP_BAND_WHOLE, 0.0, 5.0);
    expect_band("85+", WP_BAND_WHOLE, 85.0, INFINITY);
    expect_band("16", WP_BAND_WHOLE, 16.0, 17.0);
    expect_band("0-3 months", WP_BAND_YEARS, 0.0, 0.25);
    expect_band("24+ months", WP_BAND_YEARS, 2.0, INFINITY);
    expect_band("0.5-1.5 years", WP_BAND_YEARS, 0.5, 1.5);
    expect_band("6-9 %", WP_BAND_SHARE, 0.06, 0.09);
    expect_band("9+ %", WP_BAND_SHARE, 0.09, INFINITY);
    expect_band("0.06-0.09", WP_BAND_SHARE, 0.06, 0.09);
    expect_band("1-5", WP_BAND_RUN_YEARS, 0.0, 5.0);
    expect_band("2010", WP_BAND_DATE, 0.0, 365.0 / 365.25);
    expect_band("2011+", WP_BAND_DATE, 365.0 / 365.25, INFINITY);
    expect_band("2010-01-31+", WP_BAND_DATE, 30.0 / 365.25, INFINITY);
}

static void what_is_no_band_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",   "-", "5-4",  "a-b",     "0-4 years",
                                      "4-", "+", "0--4", "1234567", "0-4+"};
    static const char *const bad_times[] = {"0-3", "3-3 months", "0-3 apples", "0-3 months months",
                                            "- months"};
    wp_band band;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *why = "";
        assert_false(wp_band_parse(bad[i], WP_BAND_WHOLE, 0, &band, &why));
        assert_true(why[0] != '\0');
    }
    for (size_t i = 0; i < sizeof bad_times / sizeof bad_times[0]; i++) {
        assert_false(wp_band_parse(bad_times[i], WP_BAND_YEARS, 0, &band, NULL));
    }
    assert_false(wp_band_parse("0-6", WP_BAND_SHARE, 0, &band, NULL));
    assert_false(wp_band_parse("0-5", WP_BAND_RUN_YEARS, 0, &band, NULL));
}

static void readers_report_and_give_a_harmless_value(void **state)
{
    (void)state;
    static const char text[] =
        "{a: 60, b: 30, c: -1 years, d: \"5\", e: [1], f: every 0 days, g: 12 %, h: 40, i: 2.5}";
    reader_fixture f;
    double value = -1.0;
    int64_t whole = -1;
    assert_true(reader_fixture_init(&f, text));
    const wp_node *root = wp_document_parse(&f.r, 0, text, sizeof text - 1);
    assert_false(wp_share_read(&f.r, wp_node_get(root, "a"), "'a'", &value));
    assert_true(value == 0.0);
    assert_false(wp_duration_read(&f.r, wp_node_get(root, "b"), "'b'", &value));
    assert_false(wp_duration_read(&f.r, wp_node_get(root, "c"), "'c'", &value));
    assert_false(wp_number_read(&f.r, wp_node_get(root, "d"), "'d'", 0.0, 9.0, &value));
    assert_false(wp_number_read(&f.r, wp_node_get(root, "e"), "'e'", 0.0, 9.0, &value));
    assert_false(wp_every_read(&f.r, wp_node_get(root, "f"), "'f'", &value));
    assert_false(wp_rate_read(&f.r, wp_node_get(root, "g"), "'g'", &value));
    assert_false(wp_age_read(&f.r, wp_node_get(root, "h"), "'h'", &value));
    assert_false(wp_whole_read(&f.r, wp_node_get(root, "i"), "'i'", 1, 9, &whole));
    assert_int_equal(f.r.n_errors_in_all, 9);
    assert_true(wp_share_read(&f.r, wp_node_get(root, "g"), "'g'", &value));
    assert_true(value == 0.12);
    assert_false(wp_share_read(&f.r, NULL, "'z'", &value));
    assert_int_equal(f.r.n_errors_in_all, 9);
    wp_problems problems = reader_fixture_problems(&f);
    assert_string_equal(problems.list[0].text, "'a' is 60; it must be 0 to 1. Did you mean '60 %'?");
    wp_problems_free(&problems);
    reader_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_keep_their_meaning),
        cmocka_unit_test(what_is_no_amount_is_told_from_a_name),
        cmocka_unit_test(a_locale_changes_nothing),
        cmocka_unit_test(dates_are_days),
        cmocka_unit_test(bands_include_what_they_say),
        cmocka_unit_test(what_is_no_band_is_refused),
        cmocka_unit_test(readers_report_and_give_a_harmless_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
