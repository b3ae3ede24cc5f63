/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hazards that vary smoothly: Weibull and Gompertz, integrated and inverted exactly. */
#ifndef WP_SIMULATE_SMOOTH_H
#define WP_SIMULATE_SMOOTH_H

#include "simulate/sim.h"

/* The hazard's own clock at instant `now`, in years: age, time in a level, time since an event or since
   the start; 0 before it starts. */
double wp_smooth_clock(const wp_sim *sim, wp_subject_kind kind, uint32_t i,
                       const wp_smooth_hazard *hazard, wp_tick now);
/* Cumulative hazard G at clock `u`; 0 for u <= 0. */
double wp_smooth_integral(const wp_smooth_hazard *hazard, double u);
/* The clock at which the cumulative hazard reaches `cumulative`; infinity if it never does. */
double wp_smooth_inverse(const wp_smooth_hazard *hazard, double cumulative);

#endif
