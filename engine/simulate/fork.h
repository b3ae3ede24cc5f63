/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forks: an arm is simulated only where it differs. A lineage stands for every arm whose life it (still)
   lives. Offers that such an arm makes are taken in with the lineage's own pass; where one of them would
   change the life, the lineage is *touched*: the arms that make the offer leave it, and a copy of it as
   it was at the epoch's start (lived again, parallel/forked_piece.c) lives on for them, with the
   intervention in force. So lives are keyed by the set of interventions that have touched them, and
   {A, B} is {A} until B touches.

   Touching sooner than needed is always right, so what is hard to tell touches: an offer or refusal that
   an outcome, a history or a process listens to. A lineage can be copied anywhere and simulated in any
   company: what it has of others, answers and rates of the place, is the same in all its arms, which else
   leave it at the border (fork_border.h). */
#ifndef WP_SIMULATE_FORK_H
#define WP_SIMULATE_FORK_H

#include <stdbool.h>
#include <stdint.h>

#include "simulate/sim.h"
#include "simulate/sinks.h"

/* Whose life a lineage of a block is. */
typedef struct wp_stand {
    uint64_t arms;       /* bits of the arms that it stands for */
    uint32_t in_force;   /* bits of the interventions that have touched it */
    uint32_t offered;    /* these, and all others of its arms */
    uint32_t origin;     /* the lineage's position among those of its piece */
    int sink;            /* where it counts in the epoch under way, or WP_SINK_NONE: apart */
    bool takes_back;     /* lives an epoch again, to take back from `arms` what it counted there */
    uint64_t epoch_arms; /* takes_back: the arms that it stood for then */
} wp_stand;

/* A block of which each lineage has a stand. */
typedef struct wp_fork_block {
    wp_block block;
    wp_stand *stands; /* [lineages] */
    size_t capacity;
} wp_fork_block;

/* Intervention `intervention` touched lineage `lineage`, which stood for `epoch_arms` at the epoch's start:
   `arms` of them left it. */
typedef struct wp_touch {
    uint32_t lineage;
    int intervention;
    uint64_t arms, epoch_arms;
} wp_touch;

/* What a worker's forks share. */
typedef struct wp_fork {
    int n_arms;
    uint32_t sets[WP_MAX_ARMS];                /* interventions of each arm */
    uint64_t with[WP_MAX_INTERVENTIONS];       /* arms that have the intervention */
    bool offer_is_heard[WP_MAX_INTERVENTIONS]; /* by something that can tell an offer or a refusal, but the trace */
    wp_sinks sinks;
    int wide;           /* sink of all arms, or WP_SINK_NONE */
    bool has_dropped;   /* some lineage of the block stands for nobody any more */
    bool replays;       /* lives up to the epoch that is under way: nothing counts */
    wp_stand *stands;   /* of the simulation's block: [lineages] */
    wp_counts **counts; /*   and where each counts in this epoch */
    size_t counts_capacity;
    uint64_t arms;                             /* that the lineage in the exact pass still stands for */
    uint32_t has_offers;                       /* bits of: */
    int64_t offers[WP_MAX_INTERVENTIONS];      /* doubled, made to it so far by interventions not in force */
    wp_touch *touches;                         /* of this epoch so far */
    size_t n_touches, touch_capacity;
    uint64_t *row_arms; /* of each row of the simulation's trace: whose it is */
    size_t n_rows, row_capacity;
} wp_fork;

/* Arms by their interventions. `shape`: counts with the sizes of the run's. */
wp_status wp_fork_init(wp_fork *fork, const wp_plan *plan, int n_arms, const uint32_t *sets,
                       const wp_counts *shape, wp_error *err);
void wp_fork_free(wp_fork *fork);

wp_status wp_fork_block_init(wp_fork_block *self, const wp_plan *plan, int n_values, wp_error *err);
void wp_fork_block_free(wp_fork_block *self);
void wp_fork_block_clear(wp_fork_block *self);

/* Lets every lineage of the block stand for all arms; origins are positions. */
wp_status wp_fork_block_stand(wp_fork_block *self, wp_fork *fork, wp_error *err);
/* Adds a copy of lineage l of `from`, standing for `arms`, to a block that is made if it is all zeros. */
wp_status wp_fork_block_add(wp_fork_block *self, wp_fork *fork, wp_block *from, uint32_t l, uint32_t origin,
                            uint64_t arms, uint32_t in_force, wp_error *err);

/* Lets `arms`, some of those of lineage l of `from` (which may be `self`), leave it for a copy of it in
   `self`. */
wp_status wp_fork_block_leave(wp_fork_block *self, wp_fork *fork, wp_fork_block *from, uint32_t l,
                              uint64_t arms, uint32_t in_force, wp_error *err);
/* An intervention for everyone begins before the next epoch: those arms of lineage l of `from` (which may be
   `self`) that have it leave for a copy of it in `self`. */
wp_status wp_fork_block_split(wp_fork_block *self, wp_fork *fork, wp_fork_block *from, uint32_t l,
                              int intervention, wp_error *err);
/* Lets lineage l, simulated through an epoch again, take back from `arms` what it counted for them there
   before they left it. */
void wp_fork_block_take_back(wp_fork_block *self, uint32_t l, uint64_t arms);

/* Makes the simulation's block that of `of`, and the simulation's fork this one. */
void wp_fork_lend(wp_fork *fork, wp_sim *sim, wp_fork_block *of);
/* Simulates a block through [start, end), or through the run's last instant where end is model->end + 1.
   Touches are added to the fork's. The simulation works with the block in place of its own. */
void wp_fork_epoch(wp_fork *fork, wp_sim *sim, wp_fork_block *of, wp_tick start, wp_tick end);
/* May an intervention touch a lineage of the block in [start, end), other than a programme for everyone? */
bool wp_fork_may_touch(const wp_sim *sim, const wp_fork_block *of, wp_tick start, wp_tick end);
/* What wp_sim_finish_lineages does, for each lineage's arms. */
void wp_fork_finish(wp_fork *fork, wp_sim *sim, wp_fork_block *of);

/* ---- for the passes ---- */

/* Bits of the arms for which lineage l of the simulation's block stands; bit 0 in a run of one. */
uint64_t wp_fork_arms_of(const wp_sim *sim, uint32_t l);

/* The exact pass of a forked run's lineage, for the arms that it stands for. */
void wp_fork_exact(wp_sim *sim, uint32_t l);
/* wp_counts_add_programme for the present lineage's arms. */
void wp_fork_count_programme(wp_sim *sim, int what, int intervention, int64_t amount);
/* An offer that is made in the lineage's arms but not in force for it, of `amount` doubled subjects, is
   counted if none of those who make it leaves. */
static inline void wp_fork_count_offer(wp_fork *fork, int intervention, int64_t amount)
{
    const uint32_t bit = UINT32_C(1) << intervention;
    if ((fork->has_offers & bit) == 0) { fork->offers[intervention] = 0; }
    fork->has_offers |= bit;
    fork->offers[intervention] += amount;
}
/* Notes such an offer's event in the trace of the arms that make it. */
void wp_fork_trace(wp_sim *sim, int intervention, uint32_t i, int event);
/* The intervention begins for the lineage in those of its arms that have it: they leave it. */
void wp_fork_touch(wp_sim *sim, int intervention);

#endif
