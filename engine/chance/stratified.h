/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uniform numbers for draws of the parameters that cover their range more evenly than chance would. */
#ifndef WP_CHANCE_STRATIFIED_H
#define WP_CHANCE_STRATIFIED_H

#include <stdint.h>

/* What a number of a draw is for. Each depends on its own seed, draw, purpose and occurrence, and on what the
   function says; never on other numbers. All lie in [2^-53, 1 - 2^-53]. */
typedef struct wp_draw_number {
    uint64_t seed;
    uint32_t draw;             /* 0-based */
    uint32_t purpose, occurrence;
} wp_draw_number;

/* As chance has it: key (seed, 0, draw), id 0. The first draws of a longer run are those of a shorter one. */
double wp_uniform_independent(const wp_draw_number *number);

/* One of `n_draws` equal strata for each draw, by a random permutation of this number's own, and a random
   place within (McKay, Beckman and Conover 1979, Technometrics 21:239). Depends on n_draws: other numbers of
   draws are other draws. n_draws > draw. */
double wp_uniform_latin(const wp_draw_number *number, uint32_t n_draws);

/* Point `draw` of Sobol's sequence in dimension `dimension`, scrambled as a whole tree by Owen (1995, in
   Monte Carlo and Quasi-Monte Carlo Methods, Lecture Notes in Statistics 106:299) with this number's own
   random bits, and a random place within the last 2^-32. Dimensions go by forties; each forty after the first
   takes the points in an order of its own that keeps every aligned block of 2^k draws together (Owen 1998,
   ACM Transactions on Modeling and Computer Simulation 8:71), so there may be any number of them. Every 2^k
   draws from the first on are spread evenly. The first draws of a longer run are those of a shorter one. */
double wp_uniform_sobol(const wp_draw_number *number, uint32_t dimension);

enum { WP_SOBOL_DIMENSIONS = 40 };

/* Sobol's own sequence: point `index` in a dimension below WP_SOBOL_DIMENSIONS, times 2^32. */
uint32_t wp_sobol_point(uint32_t index, uint32_t dimension);

#endif
