/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of the vector pass; WP_VECTOR_NAME is the name that this compilation gives it. Plain loops over
   columns that the compiler turns into vector code: no contraction, so every width gives the same bits. */
#include "simulate/vector_pass.h"

#ifndef WP_VECTOR_NAME
#define WP_VECTOR_NAME wp_vector_pass_portable
#endif

static void find_index(const wp_vector_job *job, const wp_table *table)
{
    uint32_t *restrict index = job->index;
    for (int a = 0; a < table->n_axes; a++) {
        const uint8_t *restrict x = job->x + (size_t)table->axes[a].feature * job->capacity;
        const uint32_t stride = table->axes[a].stride;
        if (a == 0) {
            for (size_t i = 0; i < job->n; i++) { index[i] = stride * x[i]; }
        } else {
            for (size_t i = 0; i < job->n; i++) { index[i] += stride * x[i]; }
        }
    }
}

/* Multiplies both hazards by one table; it is the first factor when `first`. */
static void multiply_table(const wp_vector_job *job, const wp_table *table, int first)
{
    const float *restrict values = table->values;
    const uint32_t *restrict index = job->index;
    double *restrict before = job->rate_before, *restrict after = job->rate_after;
    if (table->n_axes == 0) {
        const double value = (double)values[0];
        for (size_t i = 0; i < job->n; i++) {
            before[i] = first ? value : before[i] * value;
            after[i] = first ? value : after[i] * value;
        }
        return;
    }
    find_index(job, table);
    if (table->age_stride == 0) {
        if (first) {
            for (size_t i = 0; i < job->n; i++) { before[i] = after[i] = (double)values[index[i]]; }
        } else {
            for (size_t i = 0; i < job->n; i++) {
                const double value = (double)values[index[i]];
                before[i] *= value;
                after[i] *= value;
            }
        }
        return;
    }
    const uint8_t *restrict age = job->x; /* a person's feature 0 */
    const uint32_t stride = (uint32_t)table->age_stride;
    for (size_t i = 0; i < job->n; i++) {
        const uint32_t older = index[i] + (age[i] < WP_MAX_AGE ? stride : 0);
        const double value = (double)values[index[i]], next = (double)values[older];
        before[i] = first ? value : before[i] * value;
        after[i] = first ? next : after[i] * next;
    }
}

static void multiply_real(const wp_vector_job *job, const float *restrict real)
{
    double *restrict before = job->rate_before, *restrict after = job->rate_after;
    for (size_t i = 0; i < job->n; i++) {
        before[i] *= (double)real[i];
        after[i] *= (double)real[i];
    }
}

static void use_hazard(const wp_vector_job *job)
{
    const double *restrict first = job->first, *restrict second = job->second;
    const double *restrict before = job->rate_before, *restrict after = job->rate_after;
    const double *restrict remaining = job->remaining;
    double *restrict later = job->later;
    uint64_t *restrict due = job->due;
    const uint64_t bit = job->bit;
    for (size_t i = 0; i < job->n; i++) { /* each difference is at most zero when the clock rings */
        const double left = remaining[i] - before[i] * first[i];
        later[i] = left - after[i] * second[i];
        due[i] |= later[i] <= 0.0 ? bit : 0;
    }
}

void WP_VECTOR_NAME(const wp_vector_job *job)
{
    const wp_product *rate = job->rate;
    if (rate->n_tables == 0) {
        for (size_t i = 0; i < job->n; i++) { job->rate_before[i] = job->rate_after[i] = 1.0; }
    }
    for (int t = 0; t < rate->n_tables; t++) { multiply_table(job, &rate->tables[t], t == 0); }
    for (int r = 0; r < rate->n_reals; r++) {
        multiply_real(job, job->real + (size_t)rate->reals[r] * job->capacity);
    }
    if (job->due != 0) { use_hazard(job); }
}
