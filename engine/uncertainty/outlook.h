/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an interval is made of, what would narrow it, and what a budget holder will see instead. */
#ifndef WP_UNCERTAINTY_OUTLOOK_H
#define WP_UNCERTAINTY_OUTLOOK_H

#include "uncertainty/interval.h"

/* Variance of the mean saving as a forecast of the expected one, in three parts, and the half-widths of its
   95 % interval if one of them were different. NAN where it cannot be told (one draw: nothing is known of
   evidence). */
typedef struct wp_outlook {
    double people, draws, evidence;     /* variances: too few people, too few draws, parameters not known */
    double half_width;                  /* now: 1.96 times the root of all three */
    double with_ten_times_people, with_ten_times_draws;
    double with_perfect_evidence;       /* every parameter known: the noise of people alone */
    double people_needed;               /* how many times as many people make their part a hundredth of the
                                           variance, a tenth of the width; 1 where that is so already */
} wp_outlook;

void wp_outlook_make(const wp_interval *interval, int n_draws, int n_replicates, wp_outlook *outlook);

/* 95 % interval of what will be seen once: the baseline as forecast less what the arm turns out to cost.
   `saving` and `cost` are the intervals of the arm's saving and of its own cost; `weight` is how many people
   a simulated one stands for, so the noise of one real place is that of a run over `weight`. Its variance is
   that of one place's cost, with one draw of the parameters, and of the mean saving's estimate; it does not
   depend on how the arms are paired, as the spread of paired savings would. False, and NAN, where noise
   cannot be told. */
bool wp_outturn(const wp_interval *saving, const wp_interval *cost, int n_draws, double weight, double *low,
                double *high);

/* How many people a draw should have for a given amount of computing, when one person's variance within a
   draw is `k` times that between draws, and a draw's setting up costs as much as `setup` people: for the mean
   sqrt(setup k), for the variance between draws the least of (n + setup) ((n + k)^2 + k^2 / (n - 1)) / n^2
   (O'Hagan, Stevenson and Madan 2007, section 4). k > 0. */
double wp_best_people_for_mean(double k, double setup);
double wp_best_people_for_variance(double k, double setup);

#endif
