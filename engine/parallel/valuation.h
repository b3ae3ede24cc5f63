/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worth by lineage: sums, sums of squares, and of squares of paired differences, so that the noise of a saving
   between coupled arms is known exactly. Totals by batch cannot show it: it is the pairing that makes it small.
   Where pools or indicators couple lineages, these sums are as exact, but lineages are not independent (one's
   place is another's wait): the noise of the place's saving is then that between replicates. */
#ifndef WP_PARALLEL_VALUATION_H
#define WP_PARALLEL_VALUATION_H

#include <stdbool.h>

#include "base/arena.h"
#include "parallel/side_split.h"
#include "results/run_data.h"
#include "simulate/block.h"
#include "simulate/prices.h"

/* One draw of a run. Each *value* is a sum of unit values: every unit value that is paid for what happens to a
   lineage (named as it is; not a programme's fixed costs, which are nobody's), all of one unit but transfers
   ("all GBP"), and all of one view ("fiscal GBP"). Discounted as the unit values are; payers, optimism bias
   and cashing do not apply, nor does the weight of a sample. */
typedef struct wp_valuation {
    wp_arena arena;
    wp_prices prices;
    int n_values;
    const wp_list *parts;      /* [n_values] rows of prices */
    char **names;              /* [n_values] the arena's */
    wp_int128 *sums;           /* [arm][replicate][3][n_values] */
    const int *intervention_of; /* [prices.n] that a unit value is paid for, or -1 */
    bool pays_offers;          /* some unit value is paid for an offer */
    wp_split_values split;     /* what is split among the sides of families: */
    size_t n_items;            /* 0: nothing is; else as wp_split_layout_of says */
    int64_t *items;            /* [arm][replicate][n_items] */
} wp_valuation;

/* Of draw `draw`, from data->money and the data's names. WP_ERR_LIMIT where a count is worth more than a
   hundred million; WP_ERR_MEMORY. Free in any case. */
wp_status wp_valuation_init(wp_valuation *valuation, const wp_run_data *data, int draw, wp_error *err);
void wp_valuation_free(wp_valuation *valuation);

/* Makes it split savings among the sides of families, by the plan's personal unit values. WP_ERR_MEMORY or
   WP_OK. */
wp_status wp_valuation_split(wp_valuation *valuation, const wp_run_data *data, const wp_plan *plan,
                             wp_error *err);

/* What one kept integer of unit value u is worth in each year, in 2^-64 of a hundredth, into worth[n_years]; 0 where
   it belongs to no lineage. WP_ERR_LIMIT as above. */
wp_status wp_valuation_price(const wp_run_data *data, int draw, int u, bool discounted, wp_int128 *worth,
                             wp_error *err);

/* Writes the draw's sums of replicates first to end - 1 into the data, in whole units: pounds, QALYs; and its
   splits. */
void wp_valuation_give(const wp_valuation *valuation, int draw, int first, int end, wp_run_data *data);

/* Working room of splits, where there are any. */
typedef struct wp_splitter {
    wp_lifetimes baseline, arm;
    wp_int128 *room; /* [unit values][WP_N_SIDES] */
    int64_t *items;  /* [n_arms][n_items] */
} wp_splitter;

/* What one block of lineages was worth in the baseline, and the sums of the arm that was taken last. */
typedef struct wp_block_values {
    const wp_valuation *valuation;  /* borrowed */
    int64_t *baseline;              /* [lineage][value], in 2^-16 of a hundredth */
    size_t capacity;
    wp_int128 *sums;                /* [3][n_values] */
    wp_splitter splitter;           /* of one arm; its baseline is the whole block's */
} wp_block_values;

/* `valuation` NULL: nothing is kept. */
wp_status wp_block_values_init(wp_block_values *self, const wp_valuation *valuation, wp_error *err);
void wp_block_values_free(wp_block_values *self);

/* Takes a block at its run's end: the baseline first, then the same lineages in each other arm. */
wp_status wp_block_values_take(wp_block_values *self, const wp_block *block, bool is_baseline, wp_error *err);

/* Adds the sums taken last to those of an arm and replicate; call it from one thread at a time. */
void wp_valuation_add(wp_valuation *valuation, int n_replicates, int arm, int replicate,
                      const wp_block_values *values);

/* The same for several arms at once: what lineages of the baseline are worth, and sums by arm that are kept until
   they are given. Lineages that stand for the baseline are taken before others of their piece. */
typedef struct wp_arm_values {
    const wp_valuation *valuation;  /* borrowed */
    int n_arms;
    const uint32_t *sets;           /* [n_arms] borrowed: bits of each arm's interventions */
    int64_t *baseline;              /* [origin][value], in 2^-16 of a hundredth */
    size_t capacity;
    wp_int128 *sums;                /* [n_arms][3][n_values] */
    wp_splitter splitter;
} wp_arm_values;

wp_status wp_arm_values_init(wp_arm_values *self, const wp_valuation *valuation, int n_arms,
                             const uint32_t *sets, wp_error *err);
void wp_arm_values_free(wp_arm_values *self);

/* Takes a lineage at its run's end for each of the `arms` that it stands for, arm 0 being the baseline. What was
   paid for offers belongs to those of them that make these offers. `root`: the block in which lineage `origin`
   is that of the baseline. */
wp_status wp_arm_values_take(wp_arm_values *self, const wp_block *root, uint32_t origin,
                             const wp_block *block, uint32_t l, uint64_t arms, wp_error *err);

/* Adds the sums to those of the arms in one replicate, and empties them; call it from one thread at a time. */
void wp_arm_values_give(wp_arm_values *self, wp_valuation *valuation, int n_replicates, int replicate);

#endif
