/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine against the reference, in law: the same scenario through both, every outcome by year and arm. */
#ifndef WP_TESTS_REFERENCE_COMPARE_H
#define WP_TESTS_REFERENCE_COMPARE_H

#include "reference/reference.h"
#include "statistics.h"

/* Runs every arm of `scenario` through both, with different chance, and checks each outcome's mean per unit,
   by year and over the run, by a two-sample z whose variance is the reference's. Values to which fewer than
   30 units' worth contribute are skipped. `n_reference`: lineages (or replicates, where they are coupled).
   `share`, 0 to 1: of both samples, but for 100 replicates. */
void compare_with_reference(wp_checks *checks, const wp_scenario *scenario, uint64_t seed,
                            int64_t n_reference, double share, const reference_fault *fault);

/* The identity of stocks and flows, and of person-time, in the reference's own totals. */
void check_reference_flows(const reference_totals *totals);

#endif
