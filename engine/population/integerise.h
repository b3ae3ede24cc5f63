/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole numbers of people from fractions of people, each cell rounded up with its fraction as chance. */
#ifndef WP_POPULATION_INTEGERISE_H
#define WP_POPULATION_INTEGERISE_H

#include <stdint.h>

#include <wholeplace/error.h>

#include "chance/key.h"

/* Systematic sampling with probability proportional to size (Madow 1949, Ann Math Stat 20:333) on the
   fractional parts of `values[n]` (>= 0): counts[i] is floor or ceiling of values[i], the ceiling with
   chance exactly its fraction; the sum is the sum's floor or ceiling. One `uniform` in (0, 1). */
void wp_integerise(int64_t n, const double *values, double uniform, int64_t *counts);

/* The same for a table values[n_rows][n_cols], row-major, so that each row's and each column's sum also
   becomes floor or ceiling of what it was, hence stays if it was whole (to within 1e-4). Each cell keeps
   its expectation. Method: dependent rounding on the bipartite graph of fractional cells (Gandhi, Khuller,
   Parthasarathy and Srinivasan 2006, J ACM 53:324). Uniforms are keyed by (id, purpose, step). Fails
   with WP_ERR_MEMORY only. */
wp_status wp_integerise_table(int n_rows, int n_cols, const double *values, wp_key key, uint64_t id,
                              uint32_t purpose, int32_t *counts, wp_error *err);

#endif
