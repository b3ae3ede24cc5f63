/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of a replicate in all arms at once: the lineages of the baseline once, and the lives that an arm
   touches from the touch on. */
#ifndef WP_PARALLEL_FORKED_PIECE_H
#define WP_PARALLEL_FORKED_PIECE_H

#include "parallel/piece.h"
#include "simulate/fork.h"

/* One thread's work. What it counts stays with it until it is given to the run. */
typedef struct wp_forker {
    wp_run_state *run; /* borrowed */
    wp_sim sim;
    wp_counts counts; /* sizes, and an arm's sum */
    wp_trace trace;
    wp_fork fork;
    wp_block founders;  /* the piece as it was founded */
    wp_fork_block root; /* all of it, with nothing in force */
    wp_block kept;      /*   and as it was at `kept_at`, an epoch's start; 0: as the founders */
    wp_tick kept_at;
    int64_t n_again;        /* lineages' epochs that were lived again since then */
    wp_fork_block branches; /* lives that some intervention has touched, or a programme for everyone */
    wp_fork_block again;    /* lives up to the epoch of a touch */
    wp_fork_block fresh;    /* branches of branches in the epoch that is under way */
    struct wp_branching *branchings; /* of the epoch */
    size_t branching_capacity;
    wp_arm_values values;
    double years_told; /* person-years that the run knows of */
} wp_forker;

/* WP_ERR_MEMORY or WP_OK; free in any case. */
wp_status wp_forker_init(wp_forker *self, wp_run_state *run, wp_error *err);
void wp_forker_free(wp_forker *self);

/* Simulates a piece in all arms. A failure stays in the simulation. */
void wp_forker_simulate(wp_forker *self, const wp_piece *piece);

/* Tells the run, for progress, what was done since the last time; call it from one thread at a time. */
void wp_forker_tell(wp_forker *self);

/* Gives the run what was counted since the last time, all of it of one replicate; call it from one thread at
   a time. WP_ERR_MEMORY or WP_OK. */
wp_status wp_forker_give(wp_forker *self, int replicate, wp_error *err);

#endif
