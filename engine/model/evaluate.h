/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions and quantities: which features they look at, and what they are for given classes. */
#ifndef WP_MODEL_EVALUATE_H
#define WP_MODEL_EVALUATE_H

#include "model/features.h"

/* Adds all that is looked at to `set` (may be NULL), and while registering makes it. `condition`
   may be NULL. WP_ERR_MODEL for a look that subjects of `kind` do not have. */
wp_status wp_reads_condition(wp_builder *b, int kind, const wp_condition *condition,
                             wp_feature_set *set);
wp_status wp_reads_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                            wp_feature_set *set);
wp_status wp_reads_look(wp_builder *b, int kind, const wp_look *look, int n_bands,
                        const wp_band *bands, wp_feature_set *set);

/* Does the condition hold for the classes in b->assignment? */
wp_status wp_evaluate_condition(wp_builder *b, int kind, const wp_condition *condition,
                                bool *holds);

/* The quantity for the classes in b->assignment; `option_level` where the answer of a choice among
   levels is looked at, else -1. NAN where a look-up has no such cell; `lacks` becomes true where
   nobody is there to look at (value NAN). A multiplier or a hazard that varies smoothly is
   WP_ERR_MODEL. Probabilities that no hazard gives are WP_ERR_MODEL. */
wp_status wp_evaluate_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                               int option_level, double *value, bool *lacks);

/* The share of `level` in a grid whose last axis are levels; NAN where the row is missing. */
wp_status wp_evaluate_share(wp_builder *b, int kind, const wp_grid *shares, int level,
                            double *value);

/* The quantity as one number, rounded to 24 bits: WP_ERR_MODEL when it looks at anything or is
   missing. */
wp_status wp_evaluate_number(wp_builder *b, const wp_quantity *quantity, double *value);

/* Does the quantity look at anything? */
bool wp_quantity_varies(const wp_builder *b, const wp_quantity *quantity);

#endif
