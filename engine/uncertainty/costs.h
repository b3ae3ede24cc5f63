/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an arm itself costs, by year, run and batch. */
#ifndef WP_UNCERTAINTY_COSTS_H
#define WP_UNCERTAINTY_COSTS_H

#include "money/pricing.h"

/* Adds what the arm costs (or yields, of a unit but GBP), less what arm `against` does (-1: nothing), in each
   year to years[y * stride]: discounted, services and programme, without transfers. `run` is draw *
   n_replicates + replicate; `batch` -1: all. Counts are subtracted before they are priced, so arms that do
   not differ differ by 0. */
void wp_add_costs(const wp_pricing *pricing, int arm, int against, const char *unit, size_t run, int batch,
                  double *years, size_t stride);

#endif
