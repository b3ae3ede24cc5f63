/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiling the parts of a model. Every function here is called twice: first while registering,
   when only what is looked at is noted, then to make the tables. */
#ifndef WP_MODEL_COMPILE_H
#define WP_MODEL_COMPILE_H

#include "model/product.h"

/* Shapes of interventions' effects: one for each change, in order. Called once, before all else. */
wp_status wp_compile_shapes(wp_builder *b);

wp_status wp_compile_groups(wp_builder *b);
wp_status wp_compile_variables(wp_builder *b);
wp_status wp_compile_multipliers(wp_builder *b); /* after all that looks at multipliers */
wp_status wp_compile_processes(wp_builder *b);
wp_status wp_compile_interventions(wp_builder *b);
wp_status wp_compile_place(wp_builder *b); /* pools, indicators, arrivals */
wp_status wp_compile_outcomes(wp_builder *b);
wp_status wp_compile_hooks(wp_builder *b);
/* WP_ERR_MODEL where two decisions would read the same random numbers; second pass only. */
wp_status wp_compile_purposes(wp_builder *b);
wp_status wp_compile_dependents(wp_builder *b); /* last, second pass only */

/* Effects, for subjects of `kind`. */
wp_status wp_compile_actions(wp_builder *b, int kind, const wp_effects *effects,
                             wp_actions *actions);

/* A delay: its scale in years as a product, times a standard quantile (`table`; NULL: for ever).
   `fixed` (may be NULL): its ticks when it is one fixed duration, else -1. */
wp_status wp_compile_duration(wp_builder *b, int kind, const wp_duration *duration,
                              wp_product *scale, const wp_quantile_table **table, wp_tick *fixed);

/* The quantiles of a duration's law, for a mean (Weibull: scale) of 1. Second pass only. */
wp_status wp_compile_law(wp_builder *b, const wp_duration *duration, wp_quantile_table *table);

/* How long founders have been in each level of a state in equilibrium (model->spell_tables). */
wp_status wp_compile_spells(wp_builder *b, const wp_variable *variable, wp_variable_model *model);
/* The state in equilibrium whose levels the process ends after its delay, or -1. */
int wp_spell_ended_by(const wp_scenario *scenario, int process);
/* How many tables all states in equilibrium need at most. */
size_t wp_spells_count(const wp_scenario *scenario);

/* The order of a queue of subjects of `kind`. */
wp_status wp_compile_order(wp_builder *b, int kind, int n, const wp_queue_order *order,
                           const wp_product **when, const int **features);

/* A new timer slot of subjects of `kind`. */
int wp_compile_timer(wp_builder *b, int kind);

#endif
