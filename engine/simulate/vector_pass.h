/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vector pass: one clock of all subjects of a block through one epoch, as if nothing rang; and who it
   rings for. One body, compiled for each instruction set; all give the same bits. */
#ifndef WP_SIMULATE_VECTOR_PASS_H
#define WP_SIMULATE_VECTOR_PASS_H

#include <stddef.h>
#include <stdint.h>

#include <wholeplace/run.h>

#include "model/model.h"

/* One clock's columns. All arrays have n items but x and real, whose columns are `capacity` apart. */
typedef struct wp_vector_job {
    size_t n, capacity;
    const uint8_t *x;
    const float *real;
    const wp_product *rate;      /* hazard per year */
    const double *first, *second;/* years before and after the own birthday */
    const double *remaining;     /* hazard left until it rings */
    double *later;               /* out: left at the epoch's end; where it rings, zero or less */
    double *rate_before;         /* out: hazard before the birthday, */
    double *rate_after;          /*   and after it, a year older */
    uint64_t *due;               /* in, out: `bit` is set where it rings */
    uint64_t bit;
    int32_t *index;              /* scratch, [n]: signed, as gathers take them */
} wp_vector_job;

/* The whole job; with due NULL the two hazards alone, and `first` … `later` are not looked at. */
typedef void wp_vector_pass(const wp_vector_job *job);

wp_vector_pass wp_vector_pass_portable;
#if defined(__x86_64__)
wp_vector_pass wp_vector_pass_avx2, wp_vector_pass_avx512;
#endif

/* The pass for `simd`, or the widest that this machine has; NULL when it has not what is asked for.
   `name` becomes "portable", "avx2" or "avx512". */
wp_vector_pass *wp_vector_pass_choose(wp_simd simd, const char **name);

#endif
