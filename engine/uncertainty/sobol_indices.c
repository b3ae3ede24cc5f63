/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobol indices. */
#include "uncertainty/sobol_indices.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/key.h"
#include "chance/uniform.h"

enum { N_BOOTSTRAPS = 400 };

typedef struct pair {
    double first, total;
} pair;

/* Working room, and what is known once for the rows that are looked at. */
typedef struct estimator {
    const wp_sobol_sample *sample;
    int *rows;       /* [n] those that are looked at */
    double *columns; /* [part] means over rows of A and B */
    wp_sobol_figure figure;
} estimator;

static double mean_of(const double *parts, int n)
{
    double sum = 0.0;
    for (int p = 0; p < n; p++) { sum += parts[p]; }
    return sum / n;
}

/* Variance over A and B, with what rows and parts have together as noise. */
static void look_at_figure(estimator *e)
{
    const wp_sobol_sample *s = e->sample;
    const int n = s->n, m = s->n_parts;
    for (int p = 0; p < m; p++) { e->columns[p] = 0.0; }
    for (int i = 0; i < n; i++) {
        const double *a = s->a + (size_t)e->rows[i] * (size_t)m, *b = s->b + (size_t)e->rows[i] * (size_t)m;
        for (int p = 0; p < m; p++) { e->columns[p] += (a[p] + b[p]) / (2.0 * n); }
    }
    const double mean = mean_of(e->columns, m);
    double over_rows = 0.0, together = 0.0;
    for (int i = 0; i < 2 * n; i++) {
        const double *x = (i < n ? s->a : s->b) + (size_t)e->rows[i % n] * (size_t)m;
        const double row = mean_of(x, m);
        over_rows += (row - mean) * (row - mean);
        for (int p = 0; p < m; p++) {
            const double left = x[p] - row - (e->columns[p] - mean);
            together += left * left;
        }
    }
    const double noise = m > 1 ? together / ((2.0 * n - 1.0) * (m - 1.0)) / m : 0.0;
    e->figure = (wp_sobol_figure){mean, over_rows / (2.0 * n - 1.0) - noise, noise};
}

/* Both indices of one input. */
static pair estimate(estimator *e, const double *mixed)
{
    const wp_sobol_sample *s = e->sample;
    const int n = s->n, m = s->n_parts;
    double alone = 0.0, all = 0.0;
    if (!(e->figure.variance > 0.0)) { return (pair){NAN, NAN}; }
    for (int i = 0; i < n; i++) {
        const size_t at = (size_t)e->rows[i] * (size_t)m;
        const double *a = s->a + at, *b = s->b + at, *ab = mixed + at;
        const double level = mean_of(b, m), change = mean_of(ab, m) - mean_of(a, m);
        double squares = 0.0, products = 0.0;
        for (int p = 0; p < m; p++) {
            const double left = ab[p] - a[p] - change;
            squares += left * left;
            products += left * (b[p] - level - (e->columns[p] - e->figure.mean));
        }
        const double of_mean = m > 1 ? 1.0 / ((double)m * (m - 1.0)) : 0.0;
        alone += (level - e->figure.mean) * change - of_mean * products;
        all += change * change - of_mean * squares;
    }
    return (pair){alone / n / e->figure.variance, 0.5 * all / n / e->figure.variance};
}

static void bounds_of(double *values, double *low, double *high)
{
    for (int i = 0; i < N_BOOTSTRAPS; i++) {
        if (isnan(values[i])) {
            *low = *high = NAN;
            return;
        }
    }
    gsl_sort(values, 1, N_BOOTSTRAPS);
    *low = gsl_stats_quantile_from_sorted_data(values, 1, N_BOOTSTRAPS, 0.025);
    *high = gsl_stats_quantile_from_sorted_data(values, 1, N_BOOTSTRAPS, 0.975);
}

/* The same rows for all inputs, so that their intervals can be compared. */
static void draw_rows(int n, int number, int *rows)
{
    wp_key key = wp_key_make(0, 0, WP_DRAW_SHARED);
    uint32_t purpose = wp_purpose("sobol_indices", "bootstrap");
    for (int i = 0; i < n; i++) {
        rows[i] = (int)(wp_uniform(key, (uint64_t)i, purpose, (uint32_t)number) * n);
    }
}

/* Bounds of all inputs, by bootstrap over rows. */
static wp_status find_bounds(estimator *e, wp_sobol_index *indices, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_sobol_sample *sample = e->sample;
    const size_t n_inputs = (size_t)sample->n_inputs, size = (size_t)sample->n * (size_t)sample->n_parts;
    double *firsts = wp_calloc_array(n_inputs * N_BOOTSTRAPS, sizeof *firsts),
           *totals = wp_calloc_array(n_inputs * N_BOOTSTRAPS, sizeof *totals);
    WP_TRY_ALLOC(firsts);
    WP_TRY_ALLOC(totals);
    for (int i = 0; i < N_BOOTSTRAPS; i++) {
        draw_rows(sample->n, i, e->rows);
        look_at_figure(e);
        for (size_t k = 0; k < n_inputs; k++) {
            pair found = estimate(e, sample->mixed + k * size);
            firsts[k * N_BOOTSTRAPS + (size_t)i] = found.first;
            totals[k * N_BOOTSTRAPS + (size_t)i] = found.total;
        }
    }
    for (size_t k = 0; k < n_inputs; k++) {
        bounds_of(firsts + k * N_BOOTSTRAPS, &indices[k].first_low, &indices[k].first_high);
        bounds_of(totals + k * N_BOOTSTRAPS, &indices[k].total_low, &indices[k].total_high);
    }
out:
    free(firsts);
    free(totals);
    return status;
}

wp_status wp_sobol_indices(const wp_sobol_sample *sample, wp_sobol_index *indices, wp_sobol_figure *figure,
                           wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n_inputs = (size_t)(sample->n_inputs > 0 ? sample->n_inputs : 0),
                 size = (size_t)sample->n * (size_t)sample->n_parts;
    estimator e = {.sample = sample};
    if (sample->n < 2 || sample->n_parts < 1) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "Sobol indices need two rows or more, and a part or more, not %d and %d", sample->n,
                         sample->n_parts);
        goto out;
    }
    e.rows = wp_calloc_array((size_t)sample->n, sizeof *e.rows);
    e.columns = wp_calloc_array((size_t)sample->n_parts, sizeof *e.columns);
    WP_TRY_ALLOC(e.rows);
    WP_TRY_ALLOC(e.columns);
    for (int i = 0; i < sample->n; i++) { e.rows[i] = i; }
    look_at_figure(&e);
    if (figure != NULL) { *figure = e.figure; }
    for (size_t k = 0; k < n_inputs; k++) {
        pair found = estimate(&e, sample->mixed + k * size);
        indices[k] = (wp_sobol_index){found.first, NAN, NAN, found.total, NAN, NAN};
    }
    if (sample->n >= WP_SOBOL_INTERVAL_ROWS && n_inputs > 0) { WP_TRY(find_bounds(&e, indices, err)); }
out:
    free(e.rows);
    free(e.columns);
    return status;
}
