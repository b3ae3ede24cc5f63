/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payback year and chance of saving. */
#include "uncertainty/payback.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "uncertainty/interval.h"

int wp_payback_year(const double *path, int n_years, int stride)
{
    int year = WP_NEVER;
    for (int y = n_years - 1; y >= 0 && path[(size_t)y * (size_t)stride] >= 0.0; y--) { year = y; }
    if (year != 0) { return year; }
    while (year < n_years && path[(size_t)year * (size_t)stride] == 0.0) { year++; }
    return year < n_years ? year : WP_NEVER;
}

double wp_chance_over_zero(const double *draws, int n_draws, int stride)
{
    size_t n = (size_t)n_draws, step = (size_t)stride;
    if (n_draws < 2) { return NAN; }
    if (n_draws < WP_MIN_PERCENTILE_DRAWS) {
        double mean = gsl_stats_mean(draws, step, n), sd = gsl_stats_sd(draws, step, n);
        if (!(sd > 0.0)) { return mean > 0.0 ? 1.0 : mean < 0.0 ? 0.0 : 0.5; }
        return gsl_cdf_tdist_P(mean / (sd * sqrt(1.0 + 1.0 / n_draws)), n_draws - 1.0);
    }
    double over = 0.0;
    for (size_t d = 0; d < n; d++) {
        over += draws[d * step] > 0.0 ? 1.0 : draws[d * step] == 0.0 ? 0.5 : 0.0;
    }
    return over / n_draws;
}

/* One year's draws without noise into paths[draw][year], and its mean into means[year]. */
static wp_status take_year(wp_payback *payback, const wp_payback_sample *s, int year, double *paths,
                           wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_runs = (size_t)s->n_draws * (size_t)s->n_replicates, at = (size_t)year * n_runs;
    wp_nested nested = {0};
    wp_batches batches = {0};
    wp_nested_sample sample = {.n_figures = 1, .n_draws = s->n_draws, .n_replicates = s->n_replicates,
                               .values = s->values + at};
    if (s->batches != NULL) {
        batches = *s->batches;
        batches.values += at * (size_t)batches.n;
        sample.batches = &batches;
    }
    WP_TRY(wp_nested_init(&nested, &sample, err));
    payback->means[year] = nested.mean[0];
    payback->chance[year] = wp_chance_over_zero(nested.draws, s->n_draws, 1);
    for (int d = 0; d < s->n_draws; d++) {
        paths[(size_t)d * (size_t)s->n_years + (size_t)year] = nested.draws[d];
    }
out:
    wp_nested_free(&nested);
    return status;
}

static int by_number(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* With few draws, from the chances, which are by t: the first year from which the chance is never below
   `least`. Years before anything is spent or saved pay nothing back. */
static int year_of_chance(const wp_payback *payback, double least)
{
    int year = WP_NEVER;
    for (int y = payback->n_years - 1; y >= 0 && payback->chance[y] >= least; y--) {
        if (payback->means[y] == 0.0) { break; }
        year = y;
    }
    return year;
}

/* Sorts `years`, in which never is n_years. */
static void over_draws(wp_payback *payback, int *years, int n_draws)
{
    qsort(years, (size_t)n_draws, sizeof *years, by_number);
    int found[3] = {years[(int)floor(0.025 * (n_draws - 1))], years[(n_draws - 1) / 2],
                    years[(int)ceil(0.975 * (n_draws - 1))]};
    for (int i = 0; i < 3; i++) { found[i] = found[i] == payback->n_years ? WP_NEVER : found[i]; }
    payback->low = found[0];
    payback->middle = found[1];
    payback->high = found[2];
}

wp_status wp_payback_init(wp_payback *payback, const wp_payback_sample *sample, wp_error *err)
{
    wp_status status = WP_OK;
    *payback = (wp_payback){.n_years = sample->n_years, .year = WP_NEVER, .low = WP_NEVER, .middle = WP_NEVER,
                            .high = WP_NEVER, .never = NAN};
    wp_arena_init(&payback->arena, 0);
    if (sample->n_years < 1 || sample->n_draws < 1 || sample->n_replicates < 1) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "payback needs a year, a draw and a replicate");
        goto out;
    }
    size_t n_years = (size_t)sample->n_years, n_draws = (size_t)sample->n_draws;
    double *paths = wp_arena_alloc_array(&payback->arena, n_draws * n_years, sizeof *paths);
    int *years = wp_arena_alloc_array(&payback->arena, n_draws, sizeof *years);
    payback->means = wp_arena_alloc_array(&payback->arena, n_years, sizeof *payback->means);
    payback->chance = wp_arena_alloc_array(&payback->arena, n_years, sizeof *payback->chance);
    WP_TRY_ALLOC(paths);
    WP_TRY_ALLOC(payback->means);
    WP_TRY_ALLOC(years);
    WP_TRY_ALLOC(payback->chance);
    for (int y = 0; y < sample->n_years; y++) { WP_TRY(take_year(payback, sample, y, paths, err)); }
    payback->year = wp_payback_year(payback->means, sample->n_years, 1);
    if (sample->n_draws < 2) { goto out; }
    payback->never = 1.0 - payback->chance[sample->n_years - 1];
    if (sample->n_draws < WP_MIN_PERCENTILE_DRAWS) {
        payback->low = year_of_chance(payback, 0.025);
        payback->middle = year_of_chance(payback, 0.5);
        payback->high = year_of_chance(payback, 0.975);
        goto out;
    }
    for (size_t d = 0; d < n_draws; d++) {
        int year = wp_payback_year(paths + d * n_years, sample->n_years, 1);
        years[d] = year == WP_NEVER ? sample->n_years : year;
    }
    over_draws(payback, years, sample->n_draws);
out:
    return status;
}

void wp_payback_free(wp_payback *payback)
{
    wp_arena_free(&payback->arena);
    *payback = (wp_payback){0};
}
