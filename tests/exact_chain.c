/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markov chains solved exactly, with GSL's matrix exponential. */
#include "exact_chain.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

void chain_close(chain *c)
{
    for (int i = 0; i < c->n; i++) {
        c->q[i][i] = 0;
        for (int j = 0; j < c->n; j++) {
            if (j != i) { c->q[i][i] -= c->q[i][j]; }
        }
    }
}

/* exp of blocks x n; blocks on the diagonal q - delta_b I, diag(r) above it. */
static gsl_matrix *block_exponential(const chain *c, const double *r, const double *delta, int blocks,
                                     double t)
{
    size_t n = (size_t)c->n, size = n * (size_t)blocks;
    gsl_matrix *a = gsl_matrix_calloc(size, size), *e = gsl_matrix_calloc(size, size);
    for (size_t b = 0; b < (size_t)blocks; b++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                gsl_matrix_set(a, b * n + i, b * n + j, t * (c->q[i][j] - (i == j ? delta[b] : 0)));
            }
            if (b + 1 < (size_t)blocks) { gsl_matrix_set(a, b * n + i, (b + 1) * n + i, t * r[i]); }
        }
    }
    gsl_linalg_exponential_ss(a, e, GSL_PREC_DOUBLE);
    gsl_matrix_free(a);
    return e;
}

void chain_at(const chain *c, double t, double p[MAX_CHAIN])
{
    const double none[1] = {0};
    double r[MAX_CHAIN] = {0}, out[MAX_CHAIN] = {0};
    gsl_matrix *e = block_exponential(c, r, none, 1, t);
    for (int j = 0; j < c->n; j++) {
        for (int i = 0; i < c->n; i++) { out[j] += c->p0[i] * gsl_matrix_get(e, (size_t)i, (size_t)j); }
    }
    gsl_matrix_free(e);
    memcpy(p, out, sizeof out);
}

void chain_reward(const chain *c, const double r[MAX_CHAIN], double from, double to, double delta,
                  double *mean, double *sd)
{
    double start[MAX_CHAIN], first = 0, second = 0;
    const double one[2] = {delta, 0}, two[3] = {2 * delta, delta, 0};
    size_t n = (size_t)c->n;
    chain_at(c, from, start);
    gsl_matrix *m1 = block_exponential(c, r, one, 2, to - from);
    gsl_matrix *m2 = block_exponential(c, r, two, 3, to - from);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            first += start[i] * gsl_matrix_get(m1, i, n + j);
            second += 2 * start[i] * gsl_matrix_get(m2, i, 2 * n + j);
        }
    }
    gsl_matrix_free(m1);
    gsl_matrix_free(m2);
    *mean = first * exp(-delta * from);
    *sd = sqrt(second - first * first) * exp(-delta * from);
}

void chain_step(int n, double p[MAX_CHAIN], double transition[MAX_CHAIN][MAX_CHAIN])
{
    double out[MAX_CHAIN] = {0};
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) { out[j] += p[i] * transition[i][j]; }
    }
    memcpy(p, out, sizeof out);
}
