/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of the vector pass; WP_VECTOR_NAME is the name that this compilation gives it. Plain loops over
   columns that the compiler turns into vector code: no contraction, so every width gives the same bits. */
#include "simulate/vector_pass.h"

#ifndef WP_VECTOR_NAME
#define WP_VECTOR_NAME wp_vector_pass_portable
#endif

/* Tables of up to so many features are looked up in one loop; the index of larger ones is made first. */
enum { FUSED_AXES = 3 };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Adds the axes from `first_axis` on to the index. */
static void find_index(const wp_vector_job *job, const wp_table *table, int first_axis)
{
    const size_t n = job->n;
    int32_t *restrict index = job->index;
#pragma omp simd
    for (size_t i = 0; i < n; i++) { index[i] = 0; }
    for (int a = first_axis; a < table->n_axes; a++) {
        const uint8_t *restrict x = job->x + (size_t)table->axes[a].feature * job->capacity;
        const int32_t stride = (int32_t)table->axes[a].stride;
#pragma omp simd
        for (size_t i = 0; i < n; i++) { index[i] += stride * x[i]; }
    }
}

/* Multiplies both hazards by one table. Every flag and n_axes is constant where this is called: `index` says that
   there are more axes, in job->index; `aged` that age is one; `first` that the hazards begin with this table. */
ALWAYS_INLINE void look_up(const wp_vector_job *job, const wp_table *table, int n_axes, int index, int aged,
                           int first)
{
    const size_t n = job->n;
    const float *restrict values = table->values;
    double *restrict before = job->rate_before, *restrict after = job->rate_after;
    const int32_t *restrict start = job->index;
    const uint8_t *restrict age = job->x; /* a person's feature 0 */
    const uint8_t *x[FUSED_AXES];
    int32_t stride[FUSED_AXES];
    for (int a = 0; a < n_axes; a++) {
        x[a] = job->x + (size_t)table->axes[a].feature * job->capacity;
        stride[a] = (int32_t)table->axes[a].stride;
    }
    const int32_t age_stride = table->age_stride;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        int32_t at = index ? start[i] : 0;
        if (n_axes > 0) { at += stride[0] * x[0][i]; }
        if (n_axes > 1) { at += stride[1] * x[1][i]; }
        if (n_axes > 2) { at += stride[2] * x[2][i]; }
        const double value = (double)values[at];
        const double next = aged ? (double)values[at + (age[i] < WP_MAX_AGE ? age_stride : 0)] : value;
        before[i] = first ? value : before[i] * value;
        after[i] = first ? next : after[i] * next;
    }
}

ALWAYS_INLINE void look_up_axes(const wp_vector_job *job, const wp_table *table, int n_axes, int index,
                                int first)
{
    if (table->age_stride != 0) {
        look_up(job, table, n_axes, index, 1, first);
    } else {
        look_up(job, table, n_axes, index, 0, first);
    }
}

ALWAYS_INLINE void multiply_table(const wp_vector_job *job, const wp_table *table, int first)
{
    switch (table->n_axes) {
    case 0: look_up_axes(job, table, 0, 0, first); break;
    case 1: look_up_axes(job, table, 1, 0, first); break;
    case 2: look_up_axes(job, table, 2, 0, first); break;
    case 3: look_up_axes(job, table, 3, 0, first); break;
    default:
        find_index(job, table, FUSED_AXES);
        look_up_axes(job, table, FUSED_AXES, 1, first);
        break;
    }
}

static void multiply_real(const wp_vector_job *job, const float *restrict real)
{
    const size_t n = job->n;
    double *restrict before = job->rate_before, *restrict after = job->rate_after;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        before[i] *= (double)real[i];
        after[i] *= (double)real[i];
    }
}

static void use_hazard(const wp_vector_job *job)
{
    const size_t n = job->n;
    const double *restrict first = job->first, *restrict second = job->second;
    const double *restrict before = job->rate_before, *restrict after = job->rate_after;
    const double *restrict remaining = job->remaining;
    double *restrict later = job->later;
    uint64_t *restrict due = job->due;
    const uint64_t bit = job->bit;
#pragma omp simd
    for (size_t i = 0; i < n; i++) { /* what is left is zero or less when the clock rings */
        const double left = (remaining[i] - before[i] * first[i]) - after[i] * second[i];
        later[i] = left;
        due[i] |= left <= 0.0 ? bit : 0;
    }
}

void WP_VECTOR_NAME(const wp_vector_job *job)
{
    const wp_product *rate = job->rate;
    if (rate->n_tables == 0) {
        for (size_t i = 0; i < job->n; i++) { job->rate_before[i] = job->rate_after[i] = 1.0; }
    } else {
        multiply_table(job, &rate->tables[0], 1);
    }
    for (int t = 1; t < rate->n_tables; t++) { multiply_table(job, &rate->tables[t], 0); }
    for (int r = 0; r < rate->n_reals; r++) {
        multiply_real(job, job->real + (size_t)rate->reals[r] * job->capacity);
    }
    if (job->due != 0) { use_hazard(job); }
}
