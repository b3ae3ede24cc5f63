/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payback, what an answer hinges on, Sobol indices (case E19), and the efficient frontier (case E23). */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_qrng.h>
#include <stdlib.h>

#include "assert_close.h"
#include "chance/key.h"
#include "chance/normal_quantile.h"
#include "chance/uniform.h"
#include "uncertainty/frontier.h"
#include "uncertainty/payback.h"
#include "uncertainty/sobol_indices.h"
#include "uncertainty/tornado.h"

static double normal(uint64_t id, uint32_t what)
{
    return wp_normal_quantile(wp_uniform(wp_key_make(19, 0, 0), id, what, 0));
}

/* ---- Payback ------------------------------------------------------------------------------------------- */

static void payback_is_when_the_sum_stays_over_zero(void **state)
{
    (void)state;
    static const double dips[] = {-5, 1, -1, 0, 2}, never[] = {1, 2, -1}, always[] = {1, 1, 2},
                        late[] = {0, 0, 1, 0};
    assert_int_equal(wp_payback_year(dips, 5, 1), 3);
    assert_int_equal(wp_payback_year(never, 3, 1), WP_NEVER);
    assert_int_equal(wp_payback_year(always, 3, 1), 0);
    assert_int_equal(wp_payback_year(late, 4, 1), 2);
    assert_int_equal(wp_payback_year(late, 2, 1), WP_NEVER); /* nothing at all */
}

/* Cost 9.5 at first and s a year after, s normal (1, 0.5) by draw: year y is over 0 when s (y + 1) > 9.5. */
static void chance_of_saving_by_year_is_that_of_the_parameters(void **state)
{
    (void)state;
    enum { YEARS = 25, DRAWS = 4000, REPLICATES = 2 };
    double *values = calloc(YEARS * DRAWS * REPLICATES, sizeof *values);
    wp_payback payback = {0};
    wp_payback_sample sample = {
        .n_years = YEARS, .n_draws = DRAWS, .n_replicates = REPLICATES, .values = values};
    assert_non_null(values);
    for (int y = 0; y < YEARS; y++) {
        for (int i = 0; i < DRAWS * REPLICATES; i++) {
            double s = 1.0 + 0.5 * normal((uint64_t)(i / REPLICATES), 1);
            values[y * DRAWS * REPLICATES + i] = (y + 1) * s - 9.5 + 5.0 * normal((uint64_t)i, 2);
        }
    }
    assert_int_equal(wp_payback_init(&payback, &sample, NULL), WP_OK);
    for (int y = 4; y < YEARS; y += 5) {
        double exact = gsl_cdf_ugaussian_P((1.0 - 9.5 / (y + 1)) / 0.5);
        /* The noise that is taken out has variance 12.5 against (y + 1)^2 / 4: its own error blurs early
           years. */
        double between = (y + 1) * (y + 1) / 4.0, blur = 0.2 * (12.5 + between) / between * sqrt(2.0 / DRAWS);
        assert_within_se(payback.chance[y], exact, sqrt(exact * (1.0 - exact) / DRAWS + blur * blur));
    }
    assert_int_equal(payback.year, 9);
    assert_close(payback.never, 1.0 - payback.chance[YEARS - 1], 0.0, 0.02);
    assert_true(payback.low < payback.middle && payback.high == WP_NEVER);
    wp_payback_free(&payback);
    sample.n_draws = 1;
    assert_int_equal(wp_payback_init(&payback, &sample, NULL), WP_OK);
    assert_true(isnan(payback.chance[5]) && isnan(payback.never) && payback.low == WP_NEVER);
    wp_payback_free(&payback);
    free(values);
}

static void few_draws_take_their_chance_from_t(void **state)
{
    (void)state;
    static const double draws[] = {1.0, 2.0, 3.0, 0.0, 4.0}, same[] = {2.0, 2.0};
    double expected = gsl_cdf_tdist_P(2.0 / (sqrt(2.5) * sqrt(1.2)), 4.0);
    assert_close(wp_chance_over_zero(draws, 5, 1), expected, 1e-12, 0.0);
    assert_true(wp_chance_over_zero(same, 2, 1) == 1.0);
    assert_true(isnan(wp_chance_over_zero(same, 1, 1)));
}

/* A path of five draws, whose chances are by t: the years that go with them are too. */
static void few_draws_pay_back_when_their_chances_say(void **state)
{
    (void)state;
    enum { YEARS = 12, DRAWS = 5 };
    double values[YEARS * DRAWS];
    wp_payback payback = {0};
    const wp_payback_sample sample = {.n_years = YEARS, .n_draws = DRAWS, .n_replicates = 1, .values = values};
    for (int y = 0; y < YEARS; y++) {
        for (int d = 0; d < DRAWS; d++) { values[y * DRAWS + d] = (y + 1) * (0.6 + 0.2 * d) - 6.5; }
    }
    assert_int_equal(wp_payback_init(&payback, &sample, NULL), WP_OK);
    /* All five have saved by the last year; t does not conclude that it is certain, and neither does `never`. */
    assert_true(payback.chance[YEARS - 1] > 0.8 && payback.chance[YEARS - 1] < 0.975);
    assert_close(payback.never, 1.0 - payback.chance[YEARS - 1], 1e-12, 0.0);
    assert_int_equal(payback.high, WP_NEVER);
    assert_int_equal(payback.middle, payback.year);
    assert_true(payback.chance[payback.low] >= 0.025 && payback.chance[payback.low - 1] < 0.025);
    wp_payback_free(&payback);
}

/* ---- What an answer hinges on -------------------------------------------------------------------------- */

/* Saving = 3 a - 2 + b^2 - 1 + noise, a and b standard normal, c idle. */
static void a_tornado_orders_by_swing_and_finds_switching_values(void **state)
{
    (void)state;
    enum { DRAWS = 5000 };
    double *values = calloc(4 * DRAWS, sizeof *values), *savings = calloc(DRAWS, sizeof *savings);
    wp_tornado_bar bars[4];
    int n_bars = 0;
    assert_non_null(values);
    assert_non_null(savings);
    for (uint64_t d = 0; d < DRAWS; d++) {
        double a = normal(d, 5), b = normal(d, 6);
        values[4 * d] = 7.0;
        values[4 * d + 1] = b;
        values[4 * d + 2] = a;
        values[4 * d + 3] = normal(d, 7);
        savings[d] = 3.0 * a - 2.0 + b * b - 1.0 + 2.0 * normal(d, 8);
    }
    assert_int_equal(wp_tornado(values, 4, savings, DRAWS, 11.0, bars, &n_bars, NULL), WP_OK);
    assert_int_equal(n_bars, 3); /* the first is a constant */
    assert_int_equal(bars[0].parameter, 2);
    assert_close(bars[0].low, -1.96, 0.0, 0.12);
    assert_close(bars[0].at_high - bars[0].at_low, 3.0 * 2 * 1.96, 0.05, 0.0);
    assert_close(bars[0].switching, 2.0 / 3.0, 0.0, 0.08);
    assert_close(bars[0].share, 9.0 / 11.0, 0.0, 0.06); /* 4.5 SE of a variance's share here */
    assert_close(bars[0].half_width_known, 1.959964 * sqrt(11.0 * (1.0 - bars[0].share)), 1e-6, 0.0);
    /* b's curve is a parabola with its least, -3, in the middle; both ends are near 0.85. */
    for (int i = 1; i < 3; i++) {
        if (bars[i].parameter == 1) {
            assert_close(bars[i].at_low, -3.0 + 3.84, 0.0, 0.6);
            assert_close(fabs(bars[i].switching), sqrt(3.0), 0.0, 0.25);
            assert_close(bars[i].share, 2.0 / 11.0, 0.0, 0.05);
        } else {
            assert_true(bars[i].share < 0.01 && isnan(bars[i].switching));
        }
    }
    assert_int_equal(wp_tornado(values, 4, savings, WP_MIN_CURVE_DRAWS - 1, 11.0, bars, &n_bars, NULL),
                     WP_OK);
    assert_int_equal(n_bars, 0);
    free(values);
    free(savings);
}

/* ---- Sobol indices ------------------------------------------------------------------------------------- */

typedef double figure_fn(const double *u);

static double ishigami(const double *u)
{
    double x[3];
    for (int i = 0; i < 3; i++) { x[i] = M_PI * (2.0 * u[i] - 1.0); }
    return sin(x[0]) + 7.0 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
}

static double g_function(const double *u)
{
    static const double a[] = {0, 1, 4.5, 9, 99, 99};
    double product = 1.0;
    for (int i = 0; i < 6; i++) { product *= (fabs(4.0 * u[i] - 2.0) + a[i]) / (1.0 + a[i]); }
    return product;
}

enum { E19_ROWS = 16384 };

/* The noise of a value is the mean of as many parts' as there are: `own` of each value, and `shared` of the part in all
   rows. */
typedef struct e19_noise { int n_parts; double own, shared; } e19_noise;

static void put_e19(const e19_noise *noise, double value, uint64_t row, uint32_t block, double *parts)
{
    const uint32_t m = (uint32_t)noise->n_parts;
    for (uint32_t p = 0; p < m; p++) {
        parts[p] = value + sqrt((double)m) * (noise->own * normal(row, 30 + block * m + p) +
                                              noise->shared * normal(p, 29));
    }
}

static void e19(figure_fn *figure, int k, e19_noise noise, wp_sobol_index *indices, wp_sobol_figure *whole)
{
    const size_t m = (size_t)noise.n_parts, size = E19_ROWS * m;
    double *f = calloc((size_t)(k + 2) * size, sizeof *f), u[12], mixed[6];
    gsl_qrng *points = gsl_qrng_alloc(gsl_qrng_sobol, 2 * (unsigned)k);
    assert_non_null(f);
    assert_non_null(points);
    for (size_t row = 0; row < E19_ROWS; row++) {
        gsl_qrng_get(points, u);
        put_e19(&noise, figure(u), row, 0, f + row * m);
        put_e19(&noise, figure(u + k), row, 1, f + size + row * m);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) { mixed[j] = j == i ? u[k + j] : u[j]; }
            put_e19(&noise, figure(mixed), row, 2 + (uint32_t)i, f + ((size_t)i + 2) * size + row * m);
        }
    }
    wp_sobol_sample sample = {k, E19_ROWS, noise.n_parts, f, f + size, f + 2 * size};
    assert_int_equal(wp_sobol_indices(&sample, indices, whole, NULL), WP_OK);
    gsl_qrng_free(points);
    free(f);
}

static void ishigami_has_its_indices(void **state)
{
    (void)state;
    static const double first[] = {0.3139052, 0.4424111, 0.0}, total[] = {0.5575889, 0.4424111, 0.2436837};
    wp_sobol_index indices[3];
    wp_sobol_figure whole;
    e19(ishigami, 3, (e19_noise){.n_parts = 1}, indices, &whole);
    assert_close(whole.variance, 13.844588, 0.01, 0.0);
    assert_close(whole.mean, 3.5, 0.01, 0.0);
    assert_true(whole.noise == 0.0);
    for (int i = 0; i < 3; i++) {
        assert_close(indices[i].first, first[i], 0.0, 0.02);
        assert_close(indices[i].total, total[i], 0.0, 0.02);
        assert_true(indices[i].first_low <= first[i] + 0.01 && indices[i].first_high >= first[i] - 0.01);
        assert_true(indices[i].total_low < indices[i].total && indices[i].total < indices[i].total_high);
    }
}

static void the_g_function_has_its_indices(void **state)
{
    (void)state;
    static const double first[] = {0.7163425, 0.1790856, 0.0236807, 0.0071634, 0.0000716, 0.0000716};
    static const double total[] = {0.7872569, 0.2422329, 0.0343218, 0.0104619, 0.0001050, 0.0001050};
    wp_sobol_index indices[6];
    e19(g_function, 6, (e19_noise){.n_parts = 1}, indices, NULL);
    for (int i = 0; i < 6; i++) {
        assert_close(indices[i].first, first[i], 0.0, 0.02);
        assert_close(indices[i].total, total[i], 0.0, 0.02);
    }
}

/* Noise of sd 2 in each value would add 0.29 to each total index, and divide all by 1.29. What all rows share, were it
   taken for noise too, would be more than all variance. */
static void noise_of_the_lives_leaves_indices_alone(void **state)
{
    (void)state;
    static const double first[] = {0.3139052, 0.4424111, 0.0}, total[] = {0.5575889, 0.4424111, 0.2436837};
    wp_sobol_index indices[3];
    wp_sobol_figure whole;
    e19(ishigami, 3, (e19_noise){.n_parts = 3, .own = 2.0, .shared = 30.0}, indices, &whole);
    assert_close(whole.noise, 4.0, 0.02, 0.0);
    assert_close(whole.variance, 13.844588, 0.02, 0.0);
    for (int i = 0; i < 3; i++) {
        assert_close(indices[i].first, first[i], 0.0, 0.05);
        assert_close(indices[i].total, total[i], 0.0, 0.05);
    }
    wp_sobol_sample one_row = {.n_inputs = 3, .n = 1};
    assert_int_equal(wp_sobol_indices(&one_row, indices, NULL, NULL), WP_ERR_ARGUMENT);
    one_row = (wp_sobol_sample){.n_inputs = 3, .n = 4};
    assert_int_equal(wp_sobol_indices(&one_row, indices, NULL, NULL), WP_ERR_ARGUMENT);
}

/* ---- The frontier -------------------------------------------------------------------------------------- */

static void options_stand_on_the_frontier_or_off_it(void **state)
{
    (void)state;
    /* A to E and usual care (case E23): usual care, B 5000, D 12500, E 20000; C by extension; A dominated. */
    enum { A, B, C, D, E, USUAL };
    static const double costs[] = {12000, 10000, 25000, 35000, 55000, 5000}, effects[] = {1.5, 2, 3, 4, 5, 1};
    static const int order[] = {USUAL, B, D, E, A, C};
    static const double ratios[] = {5000, 12500, 20000};
    wp_frontier_row rows[6];
    assert_int_equal(wp_frontier(costs, effects, 6, rows, NULL), WP_OK);
    for (int i = 0; i < 6; i++) { assert_int_equal(rows[i].option, order[i]); }
    for (int i = 0; i < 3; i++) { assert_close(rows[i + 1].ratio, ratios[i], 1e-9, 0.0); }
    assert_true(isnan(rows[0].ratio) && isnan(rows[4].ratio));
    assert_int_equal(rows[3].standing, WP_EFFICIENT);
    assert_int_equal(rows[4].standing, WP_DOMINATED);
    assert_int_equal(rows[5].standing, WP_EXTENDED_DOMINATED);
}

/* Screening for HIV (Paltiel et al. 2006, Annals of Internal Medicine 145:797; case E23): costs, months of life. */
static void screening_for_hiv_has_its_published_ratios(void **state)
{
    (void)state;
    enum { NONE, ONCE, EVERY_5, EVERY_3, YEARLY };
    static const double costs[] = {26000, 27000, 28020, 28440, 29440};
    static const double months[] = {277.25, 277.57, 277.78, 277.83, 277.76};
    static const double ratios[] = {37500, 58285.714285714, 100800};
    double years[5];
    wp_frontier_row rows[5];
    for (int i = 0; i < 5; i++) { years[i] = months[i] / 12; }
    assert_int_equal(wp_frontier(costs, years, 5, rows, NULL), WP_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(rows[i].option, i);
        assert_int_equal(rows[i].standing, WP_EFFICIENT);
    }
    for (int i = 0; i < 3; i++) { assert_close(rows[i + 1].ratio, ratios[i], 1e-9, 0.0); }
    assert_int_equal(rows[4].option, YEARLY);
    assert_int_equal(rows[4].standing, WP_DOMINATED);
}

/* Treatment of C. difficile (Rajasingham et al. 2020, Clinical Infectious Diseases 70:754; case E23, means of dampack's
   psa_cdiff): eleven strategies, six on the frontier. */
static void treatment_of_c_difficile_has_its_published_ratios(void **state)
{
    (void)state;
    static const struct { int strategy; double cost, effect; } list[] = {
        {3, 57336.0059896538, 12.9399639202408},  {4, 57887.481549326, 12.9970657153765},
        {13, 58018.6252420203, 13.0650412387992}, {20, 58634.2026441398, 13.1100568867995},
        {27, 57541.2526373815, 13.0140640696275}, {31, 57934.0743411241, 13.0966257932217},
        {33, 57642.2587507842, 13.0389116321918}, {37, 58081.7947984323, 13.1029711156978},
        {39, 57814.6470919581, 13.0462790163185}, {43, 58072.1137208494, 13.11285766912},
        {44, 58665.7823044647, 13.1283328397025}};
    enum { N = sizeof list / sizeof list[0] };
    static const int order[N] = {3, 27, 33, 31, 43, 44, 39, 4, 13, 37, 20};
    static const double ratios[] = {2769.85470915263, 4065.03105249231, 5056.2216470406, 8504.2160616553,
                                    38362.6519947134};
    double costs[N], effects[N];
    wp_frontier_row rows[N];
    for (int i = 0; i < N; i++) {
        costs[i] = list[i].cost;
        effects[i] = list[i].effect;
    }
    assert_int_equal(wp_frontier(costs, effects, N, rows, NULL), WP_OK);
    for (int i = 0; i < N; i++) { assert_int_equal(list[rows[i].option].strategy, order[i]); }
    for (int i = 0; i < 5; i++) { assert_close(rows[i + 1].ratio, ratios[i], 1e-9, 0.0); }
    for (int i = 0; i < N; i++) {
        assert_int_equal(rows[i].standing, i < 6 ? WP_EFFICIENT : i == 6 ? WP_EXTENDED_DOMINATED : WP_DOMINATED);
    }
}

static void equal_options_are_told_apart_by_order(void **state)
{
    (void)state;
    static const double costs[] = {10, 10, 5}, effects[] = {2, 2, 2};
    wp_frontier_row rows[3];
    assert_int_equal(wp_frontier(costs, effects, 3, rows, NULL), WP_OK);
    assert_int_equal(rows[0].option, 2);
    assert_int_equal(rows[1].option, 0);
    assert_int_equal(rows[2].option, 1);
    assert_int_equal(rows[1].standing, WP_DOMINATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payback_is_when_the_sum_stays_over_zero),
        cmocka_unit_test(chance_of_saving_by_year_is_that_of_the_parameters),
        cmocka_unit_test(few_draws_take_their_chance_from_t),
        cmocka_unit_test(few_draws_pay_back_when_their_chances_say),
        cmocka_unit_test(a_tornado_orders_by_swing_and_finds_switching_values),
        cmocka_unit_test(ishigami_has_its_indices),
        cmocka_unit_test(the_g_function_has_its_indices),
        cmocka_unit_test(noise_of_the_lives_leaves_indices_alone),
        cmocka_unit_test(options_stand_on_the_frontier_or_off_it),
        cmocka_unit_test(screening_for_hiv_has_its_published_ratios),
        cmocka_unit_test(treatment_of_c_difficile_has_its_published_ratios),
        cmocka_unit_test(equal_options_are_told_apart_by_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
