/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has been in a programme. */
#include "simulate/personal_worth.h"

void wp_sim_mark_enrolled(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    uint8_t *enrolled = sim->block.columns[WP_PERSON].enrolled;
    if (sim->plan->n_personal == 0) { return; }
    if (kind == WP_PERSON) {
        enrolled[i] = 1;
        return;
    }
    for (uint32_t p = sim->block.households[i].first_member; p != WP_NOBODY;
         p = sim->block.persons[p].next_member) {
        enrolled[p] = 1;
    }
}

/* A programme for everyone has nobody enrolled; it is there from its start to its end. */
static bool is_in(const wp_sim *sim, int intervention, uint32_t household)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    if (iv->intervention->of != WP_HOUSEHOLD || (sim->arm >> intervention & 1) == 0) { return false; }
    if (iv->intervention->everyone) { return sim->now >= iv->starts && sim->now < iv->ends; }
    return wp_sim_level(sim, iv->status_variable, household) == WP_STATUS_IN;
}

void wp_sim_mark_with_home(const wp_sim *sim, uint32_t person, uint32_t household)
{
    if (sim->plan->n_personal == 0) { return; }
    for (int v = 0; v < sim->model->n_interventions; v++) {
        if (is_in(sim, v, household)) { sim->block.columns[WP_PERSON].enrolled[person] = 1; }
    }
}
