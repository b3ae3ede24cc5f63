/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a replicate: as many lineages as make a block, founders first, then arrivals. */
#ifndef WP_PARALLEL_PIECE_H
#define WP_PARALLEL_PIECE_H

#include "parallel/run_state.h"

typedef struct wp_piece {
    int replicate;
    int64_t first, last;     /* founders' numbers, or positions in the replicate's list of arrivals */
    bool arrivals;
} wp_piece;

/* How many pieces a replicate has, and its `number`-th one. */
int64_t wp_pieces_of(const wp_run_state *run, int replicate);
wp_piece wp_piece_at(const wp_run_state *run, int replicate, int64_t number);

/* The same over all replicates, one after the other. */
int64_t wp_pieces_of_run(const wp_run_state *run);
wp_piece wp_piece_of_run(const wp_run_state *run, int64_t number);

/* Fills the simulation's block with the piece's lineages that the run selects, for the simulation's key:
   the same for every arm. Counts its founders by batch, and for indicators: their first rates are the
   founders'. */
void wp_piece_settle(const wp_run_state *run, wp_sim *sim, const wp_piece *piece);

#endif
