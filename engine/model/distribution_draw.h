/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One number from a stated distribution: of parameters and of prices. */
#ifndef WP_MODEL_DISTRIBUTION_DRAW_H
#define WP_MODEL_DISTRIBUTION_DRAW_H

#include "scenario/checked.h"

/* The quantile at `u` of what the scenario states about a number whose value is `mean`, rounded to 24 bits;
   without a distribution, and for counts, whose shares are drawn together, `mean` itself. A uniform between
   stated ends does not ask that `mean` be their middle. Errors as the quantiles of
   chance/parameter_quantile.h. */
wp_status wp_distribution_draw(const wp_distribution *distribution, double mean, double u, double *value,
                               wp_error *err);

#endif
