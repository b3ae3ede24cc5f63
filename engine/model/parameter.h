/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of all parameters in one draw. */
#ifndef WP_MODEL_PARAMETER_H
#define WP_MODEL_PARAMETER_H

#include "base/arena.h"
#include "scenario/checked.h"

/* Read-only once made. Memory belongs to the arena that was given. */
typedef struct wp_parameter_set {
    const wp_scenario *scenario; /* borrowed */
    uint32_t draw;
    double *values;  /* [n_parameters]: the number; of a table its scale (or power); of counts 1 */
    double *value_uniforms; /* [n_unit_values]: of those that are correlated with another number, else NAN */
    double **shares; /* [n_parameters]: of counts the shares [n_counts], else NULL */
} wp_parameter_set;

/* The parameters of `draw` (0-based). With `drawn` false each takes its stated value; else each
   with a distribution takes one uniform of its own, and counts one for each answer (model/draw_uniform.h).
   Rank correlations become a Gaussian copula with Pearson correlation 2 sin(pi rank / 6) (Pearson 1907; Kruskal 1958, JASA 53:814,
   eq. 5.14). Formulas follow. All values are rounded to 24 bits. WP_ERR_MODEL names parameter and
   draw where a value leaves its unit's range or cannot be drawn; WP_ERR_MEMORY. */
wp_status wp_parameter_set_init(wp_parameter_set *set, wp_arena *arena, const wp_scenario *scenario,
                                uint64_t seed, uint32_t draw, bool drawn, wp_error *err);

/* One number: the parameter's own (cell -1), or the cell of its counts or table. NAN for a cell of
   a table that the scenario leaves open. */
double wp_parameter_number(const wp_parameter_set *set, int parameter, int cell);

/* A table's cell in a draw in which the table's number is `scale`: times it, or, where the distribution is of
   contrasts, to the power of it (a ratio of 1 stays 1, and an average that is kept does not undo it). */
double wp_parameter_cell(const wp_parameter *parameter, double scale, double cell);

#endif
