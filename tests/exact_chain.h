/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact answers of Markov chains in continuous and discrete time, by matrix exponentials (Van Loan 1978,
   IEEE Trans Automatic Control 23:395) and recursion. */
#ifndef WP_TESTS_EXACT_CHAIN_H
#define WP_TESTS_EXACT_CHAIN_H

enum { MAX_CHAIN = 8 };

typedef struct chain {
    int n;
    double q[MAX_CHAIN][MAX_CHAIN];  /* hazards per year; the diagonal is filled by chain_close */
    double p0[MAX_CHAIN];
} chain;

/* Fills the diagonal so that rows sum to zero. */
void chain_close(chain *c);

/* p(t) from p0. */
void chain_at(const chain *c, double t, double p[MAX_CHAIN]);

/* Mean and standard deviation of the reward at rate r[state] a year earned from year `from` to year `to`,
   discounted by e^{-delta u}, u since the start. */
void chain_reward(const chain *c, const double r[MAX_CHAIN], double from, double to, double delta,
                  double *mean, double *sd);

/* p(t + 1) = p(t) P, in place. */
void chain_step(int n, double p[MAX_CHAIN], double transition[MAX_CHAIN][MAX_CHAIN]);

#endif
