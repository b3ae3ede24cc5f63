/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rank correlations of parameters: whether they can hold together, and the factor that makes them. */
#ifndef WP_SCENARIO_CORRELATION_H
#define WP_SCENARIO_CORRELATION_H

#include "scenario/document.h"

/* The lower Cholesky factor of the normal scores' correlations into matrix[n_members][n_members]: Pearson's 2
   sin(pi rank / 6) for a rank correlation, 0 for pairs that are not listed. place[index] is the member,
   where it has one. Gives -1, or the member at which the matrix proves not to be positive definite. */
int wp_correlation_factor(const wp_correlation *list, int n, const int *place, int n_members, double *matrix);

/* Reads `runs.correlations`, once parameters and unit values are read. NULL is legal. */
void wp_read_correlations(wp_reader *r, const wp_node *at);

#endif
