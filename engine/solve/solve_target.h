/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would have to be true for a published claim to hold. */
#ifndef WP_SOLVE_SOLVE_TARGET_H
#define WP_SOLVE_SOLVE_TARGET_H

#include <wholeplace/solve.h>

#include "solve/variant.h"

/* The value of the parameter that target `target` of the scenario names (its `needs`) at which the target's
   figure is `wanted`, searched where the target says, to a hundredth of that range. By runs of `variant`, as
   wp_solve_parameter; fewer draws in its options cost less. The variant is left as it was. WP_ERR_ARGUMENT where the
   target names none; else errors as wp_run. */
wp_status wp_solve_target_figure(wp_variant *variant, int target, double wanted, wp_solution *solution,
                                 wp_error *err);

#endif
