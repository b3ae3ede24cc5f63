/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products: conditions, quantities and factors made into tables, in order, and merged. */
#ifndef WP_MODEL_PRODUCT_H
#define WP_MODEL_PRODUCT_H

#include "model/evaluate.h"

/* What the numbers of a table may be. */
typedef enum wp_range {
    WP_RANGE_POSITIVE, /* 0 or more, finite: hazards, ratios, durations, weights; missing cells are
                          0 */
    WP_RANGE_PROBABILITY /* 0 to 1; missing cells are 0 */
} wp_range;

typedef struct wp_draft_table {
    wp_feature_set set;
    uint32_t n;
    double *values; /* [n], each rounded to 24 bits; the first feature varies fastest */
    int average;    /* index in model->averages that fills it: never merged; else -1 */
} wp_draft_table;

enum { WP_MAX_PRODUCT_REALS = 16 };

/* A product under construction. Zeroed: 1, always. While registering it stays so. */
typedef struct wp_draft_product {
    int n, capacity;
    wp_draft_table *tables;
    int n_reals;
    uint16_t reals[WP_MAX_PRODUCT_REALS];
} wp_draft_product;

/* Each multiplies the product for subjects of `kind`. They fail with WP_ERR_LIMIT (a table with
   more than WP_MAX_AXES features or WP_MAX_TABLE entries: process and features are named),
   WP_ERR_MODEL (a value out of range), WP_ERR_MEMORY. */

/* By zeros and ones. A condition of several lines is one table a line; NULL is nothing. */
wp_status wp_product_by_condition(wp_builder *b, int kind, const wp_condition *condition,
                                  wp_draft_product *product);

/* By a quantity; `option_level`: of a choice among levels, else -1. A multiplier becomes a real. */
wp_status wp_product_by_quantity(wp_builder *b, int kind, const wp_quantity *quantity,
                                 wp_range range, int option_level, wp_draft_product *product);

/* By one factor, weighted where an intervention's effect grows and fades, and divided by its mean
   where keep_average_by says so. */
wp_status wp_product_by_factor(wp_builder *b, int kind, const wp_factor *factor,
                               wp_draft_product *product);

/* Merges neighbouring tables while their size stays within WP_MERGE_LIMIT, rounds, and writes the
   product into `out`. Which tables are merged depends on their sizes alone. */
wp_status wp_product_end(wp_builder *b, int kind, const wp_draft_product *product, wp_product *out);

/* The whole of it for one condition. */
wp_status wp_product_of_condition(wp_builder *b, int kind, const wp_condition *condition,
                                  wp_product *out);

/* Axes over a set of features, first feature fastest. WP_ERR_LIMIT when too many. */
wp_status wp_axes_make(wp_builder *b, int kind, const wp_feature_set *set, int *n_axes,
                       wp_table_axis axes[WP_MAX_AXES], uint32_t *n);

/* Sets b->assignment to the classes of entry `index` of axes over `set`. */
void wp_axes_assign(wp_builder *b, int kind, const wp_feature_set *set, uint32_t index);

#endif
