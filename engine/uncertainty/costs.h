/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an arm itself costs, by year, run and batch. */
#ifndef WP_UNCERTAINTY_COSTS_H
#define WP_UNCERTAINTY_COSTS_H

#include "money/pricing.h"

/* Adds `sign` times what the arm costs (or yields, of a unit but GBP) in each year to years[y * stride]: discounted,
   services and programme, without transfers. `run` is draw * n_replicates + replicate; `batch` -1: all. */
void wp_add_costs(const wp_pricing *pricing, int arm, const char *unit, size_t run, int batch, double sign,
                  double *years, size_t stride);

#endif
