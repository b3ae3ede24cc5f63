/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settlement of a place: at a border all requests for what is scarce are answered at once, in the order
   that the scenario states, whatever blocks and threads they come from. Arms whose lives are forks of the
   baseline's are settled side by side: each has places of its own, and a request counts in all arms of its
   lineage. */
#ifndef WP_PARALLEL_SETTLEMENT_H
#define WP_PARALLEL_SETTLEMENT_H

#include "chance/key.h"
#include "model/model.h"
#include "simulate/fork.h"

/* A block at a border, and whose lives its lineages are: NULL, those of the run's one arm. */
typedef struct wp_bordering {
    wp_block *block;
    const wp_stand *stands;
} wp_bordering;

/* A request in the queue. */
typedef struct wp_queued {
    wp_request *request;
    uint64_t arms;           /* bits: in which it is made */
    uint64_t rank, id;
    wp_tick tick;            /* 0 where waiting time does not order */
    double priority;
    size_t number;           /* as it was gathered */
} wp_queued;

/* A stock of a pool; doubled places. */
typedef struct wp_stock {
    int64_t taken, lapsed;
} wp_stock;

typedef struct wp_settlement {
    const wp_model *model;   /* borrowed */
    wp_key key;
    int n_arms;
    const uint32_t *sets;    /* [n_arms] borrowed: bits of each arm's interventions */
    double share;            /* of the place's lineages that are simulated; places are as much fewer */
    wp_stock *stocks;        /* [n_arms][n_pools][WP_MAX_LEVELS] */
    int64_t *starts_year;    /* [n_arms][n_interventions]: programme year, */
    int64_t *starts_used;    /*   and doubled starts in it */
    int64_t *shares;         /* [n_arms][n_indicators][WP_MAX_LEVELS]: in 2^-32 */
    wp_queued *queue;
    size_t n_queue, queue_capacity;
    int64_t *left;           /* [n_arms][WP_MAX_LEVELS] doubled places of what is being settled */
    uint64_t turn;           /* of the request that was answered last */
} wp_settlement;

/* For runs of at most n_arms arms together. */
wp_status wp_settlement_init(wp_settlement *settlement, const wp_model *model, int n_arms, wp_error *err);
void wp_settlement_free(wp_settlement *settlement);

/* Starts anew, with arms of these sets[n_arms] of interventions: all places as at the beginning of a run. */
void wp_settlement_begin(wp_settlement *settlement, wp_key key, int n_arms, const uint32_t *sets,
                         double share);

/* Does any pool, or capacity of an arm, have a border at `tick`? */
bool wp_settlement_is_due(const wp_settlement *settlement, wp_tick tick);

/* Answers the requests that the blocks hold ready for `tick` (wp_sim_queue): marks them with their answers
   (wp_block_take_answers). in_use: [n_arms][n_interventions] doubled subjects enrolled. WP_ERR_MEMORY or
   WP_OK. */
wp_status wp_settlement_settle(wp_settlement *settlement, const wp_bordering *blocks, size_t n_blocks,
                               wp_tick tick, const int64_t *in_use, wp_error *err);

/* Does a period of indicator k end at `tick`? So does, at 0, that of the founders. */
bool wp_settlement_ends_period(const wp_settlement *settlement, int k, wp_tick tick);

/* Works out an arm's rates that end a period at `tick` (0: the founders') from its person-time `ticks`
   ([n_indicators][WP_MAX_LEVELS][2]). A rate of nobody stays as it was, at first 0. Says whether any rate
   changed. */
bool wp_settlement_rates(wp_settlement *settlement, int arm, wp_tick tick, const int64_t *ticks);

/* The arms that see the same as `arm` does, whatever they look at of the place's rates. */
uint64_t wp_settlement_alike(const wp_settlement *settlement, int arm);

#endif
