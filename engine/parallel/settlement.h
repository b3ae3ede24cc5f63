/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settlement of a place: at a border all requests for what is scarce are answered at once, in the order
   that the scenario states, whatever blocks and threads they come from. */
#ifndef WP_PARALLEL_SETTLEMENT_H
#define WP_PARALLEL_SETTLEMENT_H

#include "chance/key.h"
#include "model/model.h"
#include "simulate/block.h"

/* A request in the queue, and where it is. */
typedef struct wp_queued {
    uint32_t block;
    size_t request;
    uint64_t rank, id;
    wp_tick tick;            /* 0 where waiting time does not order */
    double priority;
} wp_queued;

/* A stock of a pool; doubled places. */
typedef struct wp_stock {
    int64_t taken, lapsed;
} wp_stock;

typedef struct wp_settlement {
    const wp_model *model;   /* borrowed */
    wp_key key;
    uint32_t arm;
    double share;            /* of the place's lineages that are simulated; places are as much fewer */
    wp_stock *stocks;        /* [n_pools][WP_MAX_LEVELS] */
    int64_t *starts_year, *starts_used; /* [n_interventions]: programme year, and doubled starts in it */
    int64_t *shares;         /* [n_indicators][WP_MAX_LEVELS]: in 2^-32 */
    wp_queued *queue;
    size_t n_queue, queue_capacity;
} wp_settlement;

wp_status wp_settlement_init(wp_settlement *settlement, const wp_model *model, wp_error *err);
void wp_settlement_free(wp_settlement *settlement);

/* Starts anew: all places as at the beginning of a run. */
void wp_settlement_begin(wp_settlement *settlement, wp_key key, uint32_t arm, double share);

/* Does any pool, or capacity of the arm, have a border at `tick`? */
bool wp_settlement_is_due(const wp_settlement *settlement, wp_tick tick);

/* Answers the requests that the blocks hold ready for `tick` (wp_sim_queue), into the blocks' answers; those
   that are answered leave their blocks. in_use: [n_interventions] doubled subjects enrolled.
   WP_ERR_MEMORY or WP_OK. */
wp_status wp_settlement_settle(wp_settlement *settlement, wp_block *blocks, size_t n_blocks, wp_tick tick,
                               const int64_t *in_use, wp_error *err);

/* Works out the rates that end a period at `tick` (0: the founders') from the person-time `ticks`
   ([n_indicators][WP_MAX_LEVELS][2]), which begins anew at 0. A rate of nobody stays as it was, at first 0.
   Says whether any rate changed. */
bool wp_settlement_rates(wp_settlement *settlement, wp_tick tick, int64_t *ticks);

#endif
