/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borders of forks: arms in which a lineage sees other rates of the place, or is answered otherwise, leave
   it. What it is at that instant is at hand, so nothing has to be lived again. */
#ifndef WP_SIMULATE_FORK_BORDER_H
#define WP_SIMULATE_FORK_BORDER_H

#include "simulate/fork.h"

/* Parts the arms of each lineage of `of` by what they see: `alike`[n_arms], bits of the arms that see the
   same as this one does. All but the part of its first arm leave a lineage for copies in `branches`, which
   may be `of`. WP_ERR_MEMORY or WP_OK. */
wp_status wp_fork_block_see(wp_fork_block *branches, wp_fork *fork, wp_fork_block *of, const uint64_t *alike,
                            wp_error *err);

/* What a border does to a block between epochs: its subjects see the place's rates, if `sees`, and its
   requests are made ready, if in_use[n_arms][n_interventions] is not NULL (wp_sim_queue). A failure stays
   in the simulation. */
void wp_fork_meet_border(wp_fork *fork, wp_sim *sim, wp_fork_block *of, wp_tick tick, bool sees,
                         int64_t *in_use);

/* Parts the arms of each lineage by how its requests are answered, and makes answers of them: first for the
   root, with its branches as `branches`, then for these. WP_ERR_MEMORY or WP_OK. */
wp_status wp_fork_block_answer(wp_fork_block *branches, wp_fork *fork, wp_fork_block *of, wp_error *err);

#endif
