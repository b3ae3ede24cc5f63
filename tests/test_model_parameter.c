/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters: stated values, draws by their own key, formulas, counts, correlations, refusals. */
#include "assert_close.h"
#include "test_model_fixture.h"

#include <gsl/gsl_cdf.h>

#include "chance/key.h"
#include "chance/parameter_quantile.h"
#include "chance/uniform.h"
#include "model/parameter.h"

static const double pi = 3.14159265358979323846;

static double uniform_of(const char *name, uint64_t seed, uint32_t draw)
{
    return wp_uniform(wp_key_make(seed, 0, draw), 0, wp_purpose("parameter", name), 0);
}

/* The parameters of one draw; the arena is the caller's to free. */
static wp_status take_of(uint64_t seed, wp_parameter_set *set, wp_arena *arena, const wp_scenario *s,
                         uint32_t draw)
{
    wp_arena_init(arena, 0);
    return wp_parameter_set_init(set, arena, s, seed, draw, true, NULL);
}

static wp_status take(wp_parameter_set *set, wp_arena *arena, const wp_scenario *s, uint32_t draw,
                      bool drawn, wp_error *err)
{
    wp_arena_init(arena, 0);
    return wp_parameter_set_init(set, arena, s, 5, draw, drawn, err);
}

static void undrawn_parameters_take_their_values_and_formulas_follow(void **state)
{
    (void)state;
    /* b = exp(a) - 2 ^ 3 / counts.y, with a = 2.5, counts.y = 3/4 */
    static const char *const answers[] = {"x", "y"};
    static const double counts[] = {1, 3};
    wp_formula_step steps[] = {{.op = WP_FORMULA_PARAMETER, .parameter = 0, .cell = -1},
                               {.op = WP_FORMULA_EXP},
                               {.op = WP_FORMULA_NUMBER, .number = 2},
                               {.op = WP_FORMULA_NUMBER, .number = 3},
                               {.op = WP_FORMULA_POWER},
                               {.op = WP_FORMULA_PARAMETER, .parameter = 2, .cell = 1},
                               {.op = WP_FORMULA_DIVIDE},
                               {.op = WP_FORMULA_SUBTRACT}};
    wp_parameter p[3] = {one_number("a", WP_UNIT_NONE, 2.5), one_number("b", WP_UNIT_NONE, NAN),
                         one_number("c", WP_UNIT_NONE, NAN)};
    p[0].distribution = (wp_distribution){
        .kind = WP_DISTRIBUTION_NORMAL, .sd = 9, .cv = NAN, .interval_low = NAN, .low = NAN};
    p[1].n_steps = COUNT(steps);
    p[1].steps = steps;
    p[2].n_counts = 2;
    p[2].count_names = answers;
    p[2].counts = counts;
    int rank[] = {1};
    wp_scenario s = {.n_parameters = 3, .parameters = p, .n_formula_rank = 1, .formula_rank = rank};
    wp_parameter_set set;
    wp_arena arena;
    wp_error err = {0};
    assert_int_equal(take(&set, &arena, &s, 0, false, &err), WP_OK);
    assert_true(set.values[0] == 2.5);
    assert_true(wp_parameter_number(&set, 2, 1) == 0.75);
    assert_true(set.values[1] == (double)(float)(exp(2.5) - 8.0 / 0.75));
    wp_arena_free(&arena);
}

static void a_draw_depends_on_the_parameters_own_name_alone(void **state)
{
    (void)state;
    wp_distribution normal = {
        .kind = WP_DISTRIBUTION_NORMAL, .sd = 2, .cv = NAN, .low = NAN, .interval_low = NAN};
    wp_parameter p[3] = {one_number("a", WP_UNIT_NONE, 1), one_number("b", WP_UNIT_NONE, 10),
                         one_number("c", WP_UNIT_NONE, 100)};
    for (int i = 0; i < 3; i++) { p[i].distribution = normal; }
    wp_scenario all = {.n_parameters = 3, .parameters = p},
                one = {.n_parameters = 1, .parameters = p + 1};
    wp_parameter_set set, alone;
    wp_arena arena, arena_alone;
    for (uint32_t draw = 0; draw < 50; draw++) {
        assert_int_equal(take(&set, &arena, &all, draw, true, NULL), WP_OK);
        assert_int_equal(take(&alone, &arena_alone, &one, draw, true, NULL), WP_OK);
        double exact = 10.0 + 2.0 * gsl_cdf_ugaussian_Pinv(uniform_of("b", 5, draw));
        assert_close(set.values[1], exact, 1e-7, 0.0);
        assert_true(set.values[1] == alone.values[0]);
        assert_true(set.values[1] == (double)(float)set.values[1]);
        wp_arena_free(&arena);
        wp_arena_free(&arena_alone);
    }
}

static void a_table_is_scaled_as_a_whole_with_mean_one(void **state)
{
    (void)state;
    wp_band bands[] = {{0, 40}, {40, INFINITY}};
    wp_axis axis = {.look = {.kind = WP_LOOK_AGE}, .n_bands = 2, .bands = bands};
    double cells[] = {0.1, 0.2};
    wp_grid grid = {.n_axes = 1, .axes = &axis, .n_cells = 2, .values = cells};
    wp_parameter p = one_number("t", WP_UNIT_PER_YEAR, NAN);
    p.grid = &grid;
    p.distribution = (wp_distribution){
        .kind = WP_DISTRIBUTION_LOGNORMAL, .sd = NAN, .cv = 0.3, .low = NAN, .interval_low = NAN};
    wp_scenario s = {.n_parameters = 1, .parameters = &p};
    double sum = 0.0;
    enum { N = 4000 };
    const uint64_t seed = wp_test_seed(5);
    for (uint32_t draw = 0; draw < N; draw++) {
        wp_parameter_set set;
        wp_arena arena;
        assert_int_equal(take_of(seed, &set, &arena, &s, draw), WP_OK);
        sum += set.values[0];
        assert_true(wp_parameter_number(&set, 0, 1) == (double)(float)(0.2 * set.values[0]));
        wp_arena_free(&arena);
    }
    /* catches a shift of the mean by 4.5 x 0.3 / sqrt(4000) = 0.021: the median as mean is 0.042
     * off */
    assert_within_se(sum / N, 1.0, 0.3 / sqrt(N));
}

static void contrasts_spread_around_ratios_of_one(void **state)
{
    (void)state;
    wp_band bands[] = {{0, 40}, {40, 60}, {60, INFINITY}};
    wp_axis axis = {.look = {.kind = WP_LOOK_AGE}, .n_bands = 3, .bands = bands};
    double cells[] = {0.0, 1.0, 1.7};
    wp_grid grid = {.n_axes = 1, .axes = &axis, .n_cells = 3, .values = cells};
    wp_parameter p = one_number("t", WP_UNIT_HAZARD_RATIO, NAN);
    p.grid = &grid;
    p.distribution = (wp_distribution){.kind = WP_DISTRIBUTION_LOGNORMAL,
                                       .sd = NAN,
                                       .cv = 0.3,
                                       .low = NAN,
                                       .interval_low = NAN,
                                       .on_contrast = true};
    wp_scenario s = {.n_parameters = 1, .parameters = &p};
    for (uint32_t draw = 0; draw < 50; draw++) {
        wp_parameter_set set;
        wp_arena arena;
        assert_int_equal(take(&set, &arena, &s, draw, true, NULL), WP_OK);
        assert_true(wp_parameter_number(&set, 0, 0) == 0.0);
        assert_true(wp_parameter_number(&set, 0, 1) == 1.0);
        assert_close(wp_parameter_number(&set, 0, 2), pow(1.7, set.values[0]), 1e-7, 0.0);
        wp_arena_free(&arena);
        assert_int_equal(take(&set, &arena, &s, draw, false, NULL), WP_OK); /* as stated, to the bit */
        assert_true(wp_parameter_number(&set, 0, 2) == (double)1.7f);
        wp_arena_free(&arena);
    }
}

static void drawn_shares_add_up_and_keep_their_means(void **state)
{
    (void)state;
    static const char *const answers[] = {"x", "y", "z"};
    static const double counts[] = {12, 0, 4};
    wp_parameter p = one_number("c", WP_UNIT_PROPORTION, NAN);
    p.n_counts = 3;
    p.count_names = answers;
    p.counts = counts;
    p.distribution.kind = WP_DISTRIBUTION_DIRICHLET;
    wp_scenario s = {.n_parameters = 1, .parameters = &p};
    enum { N = 4000 };
    double sum = 0.0;
    const uint64_t seed = wp_test_seed(5);
    for (uint32_t draw = 0; draw < N; draw++) {
        wp_parameter_set set;
        wp_arena arena;
        assert_int_equal(take_of(seed, &set, &arena, &s, draw), WP_OK);
        const double *shares = set.shares[0];
        assert_close(shares[0] + shares[2], 1.0, 1e-6, 0.0);
        assert_true(shares[1] == 0.0);
        sum += shares[0];
        wp_arena_free(&arena);
    }
    assert_within_se(sum / N, 0.75, sqrt(0.75 * 0.25 / 17.0 / N)); /* beta(12, 4) */
}

static double rank_of(const double *values, int n, int index)
{
    int below = 0;
    for (int i = 0; i < n; i++) { below += values[i] < values[index]; }
    return below;
}

static void correlated_parameters_have_the_stated_rank_correlation(void **state)
{
    (void)state;
    enum { N = 3000 };
    static double a[N], b[N];
    wp_parameter p[2] = {one_number("a", WP_UNIT_NONE, 1),
                         one_number("b", WP_UNIT_PROBABILITY, 0.3)};
    p[0].distribution = (wp_distribution){
        .kind = WP_DISTRIBUTION_NORMAL, .sd = 2, .cv = NAN, .low = NAN, .interval_low = NAN};
    p[1].distribution = (wp_distribution){
        .kind = WP_DISTRIBUTION_BETA, .sd = 0.1, .cv = NAN, .low = NAN, .interval_low = NAN};
    wp_correlation r = {.a = 0, .b = 1, .rank = 0.6};
    wp_scenario s = {.n_parameters = 2, .parameters = p, .n_correlations = 1, .correlations = &r};
    const uint64_t seed = wp_test_seed(5);
    for (uint32_t draw = 0; draw < N; draw++) {
        wp_parameter_set set;
        wp_arena arena;
        assert_int_equal(take_of(seed, &set, &arena, &s, draw), WP_OK);
        a[draw] = set.values[0];
        b[draw] = set.values[1];
        if (draw == 0) { /* the first of the two keeps its own uniform */
            assert_close(a[0], 1.0 + 2.0 * gsl_cdf_ugaussian_Pinv(uniform_of("a", seed, 0)), 1e-7,
                         0.0);
        }
        wp_arena_free(&arena);
    }
    double squares = 0.0;
    for (int i = 0; i < N; i++) {
        double d = rank_of(a, N, i) - rank_of(b, N, i);
        squares += d * d;
    }
    double spearman = 1.0 - 6.0 * squares / ((double)N * ((double)N * N - 1.0));
    /* The error of a rank correlation is at most 1.03 / sqrt(n) (1 - rho^2) sqrt(1 + rho^2 / 2)
       (Bonett and Wright 2000); using 0.6 itself as Pearson's correlation gives 0.582, which larger
       n would show. */
    double rho = 0.6, se = 1.03 * (1.0 - rho * rho) * sqrt(1.0 + rho * rho / 2.0) / sqrt(N);
    assert_within_se(spearman, rho, se);
    assert_true(fabs(2.0 * sin(pi * rho / 6.0) - 0.618) < 1e-3);
}

/* Two uniform parameters in 64 draws: one in each 64th, in both designs; b has no say in a. */
static void designs_put_one_draw_in_each_stratum(void **state)
{
    (void)state;
    enum { N = 64 };
    static const wp_draw_design designs[] = {WP_DESIGN_LATIN_HYPERCUBE, WP_DESIGN_SOBOL};
    wp_distribution uniform = {
        .kind = WP_DISTRIBUTION_UNIFORM, .low = 0, .high = 1, .sd = NAN, .cv = NAN, .interval_low = NAN};
    wp_parameter p[2] = {one_number("a", WP_UNIT_NONE, 0.5), one_number("b", WP_UNIT_NONE, 0.5)};
    p[0].distribution = p[1].distribution = uniform;
    for (int k = 0; k < 2; k++) {
        wp_scenario s = {.n_draws = N, .draw_design = designs[k], .n_parameters = 2, .parameters = p};
        char seen[2][N] = {{0}};
        for (uint32_t draw = 0; draw < N; draw++) {
            wp_parameter_set set;
            wp_arena arena;
            assert_int_equal(take(&set, &arena, &s, draw, true, NULL), WP_OK);
            double both[2] = {set.values[0], set.values[1]};
            wp_arena_free(&arena);
            for (int i = 0; i < 2; i++) {
                size_t stratum = (size_t)(both[i] * N);
                assert_true(stratum < N && seen[i][stratum % N] == 0);
                seen[i][stratum % N] = 1;
            }
            s.n_parameters = 1;
            assert_int_equal(take(&set, &arena, &s, draw, true, NULL), WP_OK);
            assert_true(set.values[0] == both[0]);
            wp_arena_free(&arena);
            s.n_parameters = 2;
        }
    }
}

static void contradicting_correlations_are_refused(void **state)
{
    (void)state;
    wp_parameter p[3] = {one_number("a", WP_UNIT_NONE, 1), one_number("b", WP_UNIT_NONE, 1),
                         one_number("c", WP_UNIT_NONE, 1)};
    wp_correlation r[] = {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}};
    wp_scenario s = {.n_parameters = 3, .parameters = p, .n_correlations = 3, .correlations = r};
    wp_parameter_set set;
    wp_arena arena;
    wp_error err = {0};
    assert_int_equal(take(&set, &arena, &s, 0, true, &err), WP_ERR_MODEL);
    assert_non_null(strstr(err.text, "not positive definite"));
    wp_arena_free(&arena);
}

static void values_outside_their_unit_name_parameter_and_draw(void **state)
{
    (void)state;
    wp_parameter p = one_number("share", WP_UNIT_PROBABILITY, 0.5);
    p.distribution = (wp_distribution){
        .kind = WP_DISTRIBUTION_NORMAL, .sd = 40, .cv = NAN, .low = NAN, .interval_low = NAN};
    wp_scenario s = {.n_parameters = 1, .parameters = &p};
    int n_refused = 0;
    for (uint32_t draw = 0; draw < 20; draw++) {
        wp_parameter_set set;
        wp_arena arena;
        wp_error err = {0};
        char where[32];
        snprintf(where, sizeof where, "draw %u", draw + 1);
        double exact = 0.5 + 40.0 * gsl_cdf_ugaussian_Pinv(uniform_of("share", 5, draw));
        wp_status status = take(&set, &arena, &s, draw, true, &err);
        assert_int_equal(status, exact >= 0.0 && exact <= 1.0 ? WP_OK : WP_ERR_MODEL);
        if (status != WP_OK) {
            assert_non_null(strstr(err.text, "'share'"));
            assert_non_null(strstr(err.text, where));
            n_refused++;
        }
        wp_arena_free(&arena);
    }
    assert_true(n_refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undrawn_parameters_take_their_values_and_formulas_follow),
        cmocka_unit_test(a_draw_depends_on_the_parameters_own_name_alone),
        cmocka_unit_test(a_table_is_scaled_as_a_whole_with_mean_one),
        cmocka_unit_test(contrasts_spread_around_ratios_of_one),
        cmocka_unit_test(drawn_shares_add_up_and_keep_their_means),
        cmocka_unit_test(correlated_parameters_have_the_stated_rank_correlation),
        cmocka_unit_test(designs_put_one_draw_in_each_stratum),
        cmocka_unit_test(contradicting_correlations_are_refused),
        cmocka_unit_test(values_outside_their_unit_name_parameter_and_draw),
    };
    wp_chance_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
