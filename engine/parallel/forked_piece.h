/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of a replicate in all arms at once: the lineages of the baseline once, and the lives that an arm
   touches from the touch on. */
#ifndef WP_PARALLEL_FORKED_PIECE_H
#define WP_PARALLEL_FORKED_PIECE_H

#include "parallel/piece.h"
#include "simulate/fork.h"

/* The lineages of a piece, in all arms. */
typedef struct wp_fork_piece {
    wp_fork_block root;     /* all of it, with nothing in force */
    wp_fork_block branches; /* lives that arms have of their own: touched by an intervention or a programme for
                               everyone, or, where the place couples lineages, by what it gave or showed */
} wp_fork_piece;

void wp_fork_piece_free(wp_fork_piece *self);

/* One thread's work. What it counts stays with it until it is given to the run. */
typedef struct wp_forker {
    wp_run_state *run; /* borrowed */
    wp_sim sim;
    wp_counts counts; /* sizes, and an arm's sum */
    wp_trace trace;
    wp_fork fork;
    bool in_step;        /* pieces go from border to border; else each by itself through all years */
    wp_fork_piece piece; /* where each goes by itself: the present one, */
    wp_block founders;   /*   and as it was founded; */
    wp_block kept;       /* the root as it was at `kept_at`, an epoch's start; 0: as the founders.
                            In step: the block that lives an epoch, as it was at its start */
    wp_tick kept_at;
    int64_t n_again;        /* lineages' epochs that were lived again since then */
    wp_fork_block again;    /* lives up to the epoch of a touch */
    wp_fork_block fresh;    /* branches of branches in the epoch that is under way */
    struct wp_branching *branchings; /* of the epoch */
    size_t branching_capacity;
    wp_arm_values values;
    double years_told; /* person-years that the run knows of */
} wp_forker;

/* `in_step` as there. WP_ERR_MEMORY or WP_OK; free in any case. */
wp_status wp_forker_init(wp_forker *self, wp_run_state *run, bool in_step, wp_error *err);
void wp_forker_free(wp_forker *self);

/* Simulates a piece in all arms. A failure stays in the simulation, here and below. */
void wp_forker_simulate(wp_forker *self, const wp_piece *piece);

/* The same step by step: founds a piece; lets it live from `start` to `end`, or through the run's last
   instant where that is the start; ends it. */
void wp_forker_found(wp_forker *self, wp_fork_piece *of, const wp_piece *piece);
void wp_forker_live(wp_forker *self, wp_fork_piece *of, wp_tick start, wp_tick end);
void wp_forker_finish(wp_forker *self, wp_fork_piece *of);

/* Tells the run, for progress, what was done since the last time; call it from one thread at a time. */
void wp_forker_tell(wp_forker *self);

/* Gives the run what was counted since the last time, all of it of one replicate; call it from one thread at
   a time. WP_ERR_MEMORY or WP_OK. */
wp_status wp_forker_give(wp_forker *self, int replicate, wp_error *err);

#endif
