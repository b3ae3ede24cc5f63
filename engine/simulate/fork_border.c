/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borders of forks. */
#include "simulate/fork_border.h"

#include "base/fail.h"

static uint64_t first_of(uint64_t arms)
{
    return arms & (~arms + 1);
}

wp_status wp_fork_block_see(wp_fork_block *branches, wp_fork *fork, wp_fork_block *of, const uint64_t *alike,
                            wp_error *err)
{
    wp_status status = WP_OK;
    const uint32_t n = of->block.n_lineages;
    for (uint32_t l = 0; l < n; l++) {
        const uint64_t arms = of->stands[l].arms;
        if (arms == 0) { continue; }
        uint64_t others = arms & ~alike[__builtin_ctzll(arms)];
        while (others != 0) {
            const uint64_t leave = others & alike[__builtin_ctzll(others)];
            WP_TRY(wp_fork_block_leave(branches, fork, of, l, leave, of->stands[l].in_force, err));
            others &= ~leave;
        }
    }
out:
    return status;
}

void wp_fork_meet_border(wp_fork *fork, wp_sim *sim, wp_fork_block *of, wp_tick tick, bool sees,
                         int64_t *in_use)
{
    const wp_block own = sim->block;
    if (of->block.n_lineages == 0 || sim->status != WP_OK) { return; }
    wp_fork_lend(fork, sim, of);
    if (sees) { wp_sim_see_indicators(sim); }
    if (in_use != NULL) { wp_sim_queue(sim, tick, sees, in_use); }
    of->block = sim->block;
    sim->block = own;
    sim->fork = NULL;
}

/* If only some of the lineage's arms are in the mask, those that its first arm is not with leave. */
static wp_status part(wp_fork_block *branches, wp_fork *fork, wp_fork_block *of, uint32_t l, uint64_t mask,
                      wp_error *err)
{
    const wp_stand *stand = &of->stands[l];
    const uint64_t in = stand->arms & mask, out = stand->arms & ~mask;
    if (in == 0 || out == 0) { return WP_OK; }
    const uint64_t leave = (in & first_of(stand->arms)) != 0 ? out : in;
    return wp_fork_block_leave(branches, fork, of, l, leave, stand->in_force, err);
}

wp_status wp_fork_block_answer(wp_fork_block *branches, wp_fork *fork, wp_fork_block *of, wp_error *err)
{
    wp_status status = WP_OK;
    if (of->block.plan == NULL) { return WP_OK; } /* no branches yet */
    /* Copies ask the same, behind those that they are copied from. A request is answered in all of its arms, or in
       those in which it is granted: so it is enough to part these. */
    for (size_t k = 0; k < of->block.n_requests; k++) {
        const wp_request *request = &of->block.requests[k];
        WP_TRY(part(branches, fork, of, request->lineage, request->granted, err));
    }
    for (size_t k = 0; k < of->block.n_requests; k++) {
        wp_request *request = &of->block.requests[k];
        const uint64_t arms = of->stands[request->lineage].arms;
        request->answered &= arms;
        request->granted &= arms;
    }
    WP_TRY(wp_block_take_answers(&of->block, err));
out:
    return status;
}
