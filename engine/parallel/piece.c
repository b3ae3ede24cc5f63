/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a replicate. */
#include "parallel/piece.h"

static int64_t blocks_of(int64_t n, int64_t block)
{
    return (n + block - 1) / block;
}

/* Households to look at so that about `block` of them are kept. */
static int64_t founders_in_piece(const wp_run_state *run)
{
    const double kept = run->options.sample / (double)run->options.lineage_step;
    const int64_t n_founders = wp_population_households(run->population);
    const double n = (double)run->options.block / kept;
    return n < (double)n_founders ? (int64_t)n : n_founders + 1;
}

int64_t wp_pieces_of(const wp_run_state *run, int replicate)
{
    return blocks_of(wp_population_households(run->population), founders_in_piece(run)) +
           blocks_of((int64_t)run->arrivals[replicate].n, run->options.block);
}

wp_piece wp_piece_at(const wp_run_state *run, int replicate, int64_t number)
{
    const int64_t n_founders = wp_population_households(run->population);
    const int64_t founding = blocks_of(n_founders, founders_in_piece(run));
    const bool arrivals = number >= founding;
    const int64_t block = arrivals ? run->options.block : founders_in_piece(run);
    const int64_t n = arrivals ? (int64_t)run->arrivals[replicate].n : n_founders;
    const int64_t first = (arrivals ? number - founding : number) * block;
    return (wp_piece){replicate, first, first + block < n ? first + block : n, arrivals};
}

int64_t wp_pieces_of_run(const wp_run_state *run)
{
    int64_t n = 0;
    for (int r = run->first_replicate; r < run->end_replicate; r++) { n += wp_pieces_of(run, r); }
    return n;
}

wp_piece wp_piece_of_run(const wp_run_state *run, int64_t number)
{
    int replicate = run->first_replicate;
    while (number >= wp_pieces_of(run, replicate)) { number -= wp_pieces_of(run, replicate++); }
    return wp_piece_at(run, replicate, number);
}

void wp_piece_settle(const wp_run_state *run, wp_sim *sim, const wp_piece *piece)
{
    const uint32_t arm = sim->arm;
    sim->arm = 0;
    wp_block_clear(&sim->block);
    for (int64_t k = piece->first; k < piece->last && sim->status == WP_OK; k++) {
        if (piece->arrivals) {
            const wp_arrival_time *arrival = &run->arrivals[piece->replicate].list[k];
            wp_sim_expect(sim, arrival->stream, arrival->number, arrival->tick);
            continue;
        }
        wp_founding_household household;
        if (!wp_selects(&run->options, k, wp_population_order(k))) { continue; }
        wp_population_household(run->population, k, &household);
        wp_sim_found(sim, &household, k);
        if (sim->status == WP_OK) {
            wp_lineage *lineage = &sim->block.lineages[sim->lineage];
            lineage->traced = k < run->options.trace;
            sim->counts->founders[lineage->batch]++;
        }
    }
    sim->arm = arm;
    for (uint32_t p = 0; p < sim->block.columns[WP_PERSON].n && sim->model->n_indicators > 0; p++) {
        wp_sim_count_indicators(sim, p, 1);
    }
}
