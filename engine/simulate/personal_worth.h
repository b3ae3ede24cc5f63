/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each person is worth, and who has been in a programme, where the plan keeps it: so that a saving can
   be split between those who are in a programme and the others in their families. */
#ifndef WP_SIMULATE_PERSONAL_WORTH_H
#define WP_SIMULATE_PERSONAL_WORTH_H

#include "simulate/sim.h"

/* Adds what `amount` kept integers of subject i are worth, by those of the unit values in `values` that are
   of one person. Only where the simulation has prices. */
static inline void wp_sim_add_worth(const wp_sim *sim, const wp_list *values, wp_subject_kind kind,
                                    uint32_t i, int64_t amount)
{
    const wp_columns *columns = &sim->block.columns[WP_PERSON];
    if (sim->plan->n_personal == 0 || kind != WP_PERSON) { return; }
    for (int k = 0; k < values->n; k++) {
        const int u = values->items[k], v = sim->plan->personal[u];
        if (v < 0) { continue; }
        columns->worth[(size_t)v * columns->capacity + i] +=
            sim->prices->worth[(int64_t)u * sim->prices->n_years + sim->year] * amount;
    }
}

/* A subject is in a programme: a person, or with a household all who live there. */
void wp_sim_mark_enrolled(const wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* A person comes to live in a household, and is in the programmes that it is in. */
void wp_sim_mark_with_home(const wp_sim *sim, uint32_t person, uint32_t household);

#endif
