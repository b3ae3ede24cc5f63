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

typedef struct pair { double first, total; } pair;

/* Both indices of one input over the rows that are listed. */
static pair estimate(const wp_sobol_sample *s, const double *mixed, const int *rows)
{
    double sum = 0.0, squares = 0.0, alone = 0.0, all = 0.0;
    for (int i = 0; i < s->n; i++) { sum += s->a[rows[i]] + s->b[rows[i]]; }
    double mean = sum / (2.0 * s->n);
    for (int i = 0; i < s->n; i++) {
        double a = s->a[rows[i]] - mean, b = s->b[rows[i]] - mean, ab = mixed[rows[i]] - mean;
        squares += a * a + b * b;
        alone += b * (ab - a);
        all += (a - ab) * (a - ab);
    }
    double variance = squares / (2.0 * s->n - 1.0) - s->noise_variance;
    if (!(variance > 0.0)) { return (pair){NAN, NAN}; }
    return (pair){alone / s->n / variance, (0.5 * all / s->n - s->noise_variance) / variance};
}

static void bounds_of(double *values, double *low, double *high)
{
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

wp_status wp_sobol_indices(const wp_sobol_sample *sample, wp_sobol_index *indices, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_inputs = (size_t)(sample->n_inputs > 0 ? sample->n_inputs : 0);
    int *rows = NULL;
    double *firsts = NULL, *totals = NULL;
    if (sample->n < 2) {
        status = wp_fail(err, WP_ERR_ARGUMENT, "Sobol indices need two rows or more, not %d", sample->n);
        goto out;
    }
    rows = wp_calloc_array((size_t)sample->n, sizeof *rows);
    firsts = wp_calloc_array(n_inputs * N_BOOTSTRAPS, sizeof *firsts);
    totals = wp_calloc_array(n_inputs * N_BOOTSTRAPS, sizeof *totals);
    WP_TRY_ALLOC(rows);
    WP_TRY_ALLOC(firsts);
    WP_TRY_ALLOC(totals);
    for (int i = 0; i < sample->n; i++) { rows[i] = i; }
    for (size_t k = 0; k < n_inputs; k++) {
        pair found = estimate(sample, sample->mixed + k * (size_t)sample->n, rows);
        indices[k] = (wp_sobol_index){.first = found.first, .total = found.total};
    }
    for (int i = 0; i < N_BOOTSTRAPS; i++) {
        draw_rows(sample->n, i, rows);
        for (size_t k = 0; k < n_inputs; k++) {
            pair found = estimate(sample, sample->mixed + k * (size_t)sample->n, rows);
            firsts[k * N_BOOTSTRAPS + (size_t)i] = found.first;
            totals[k * N_BOOTSTRAPS + (size_t)i] = found.total;
        }
    }
    for (size_t k = 0; k < n_inputs; k++) {
        bounds_of(firsts + k * N_BOOTSTRAPS, &indices[k].first_low, &indices[k].first_high);
        bounds_of(totals + k * N_BOOTSTRAPS, &indices[k].total_low, &indices[k].total_high);
    }
out:
    free(rows);
    free(firsts);
    free(totals);
    return status;
}
