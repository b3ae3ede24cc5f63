/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for what is scarce: waiting for an intervention's places, and requests to pools, which are answered
   at the next border of settlement. */
#include "simulate/sim.h"

#include "base/alloc.h"
#include "chance/uniform.h"

void wp_sim_wait(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const wp_columns *columns = &sim->block.columns[kind];
    wp_sim_set_level(sim, iv->status_variable, i, WP_STATUS_WAITING);
    if (iv->timer_gives_up < 0 || iv->gives_up_table == NULL) { return; }
    const uint32_t occasion = columns->offers[(size_t)intervention * columns->capacity + i];
    const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), iv->purpose_gives_up, occasion);
    const double years = wp_product_at(&iv->gives_up_scale, columns, i) *
                         wp_quantile_table_at(iv->gives_up_table, u);
    wp_sim_set_timer(sim, kind, i, iv->timer_gives_up,
                     years < 1e6 ? sim->now + (wp_tick)(years * 0x1p32 + 0.5) : WP_TICK_NEVER);
}

static void stop_waiting(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    if (iv->timer_gives_up >= 0) {
        wp_sim_set_timer(sim, iv->intervention->of, i, iv->timer_gives_up, WP_TICK_NEVER);
    }
    /* Nobody who leaves a queue has ever been in: they may be offered it again. */
    wp_sim_set_level(sim, iv->status_variable, i, WP_STATUS_NEVER);
}

void wp_sim_give_up(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    if (wp_sim_level(sim, iv->status_variable, i) != WP_STATUS_WAITING) { return; }
    stop_waiting(sim, intervention, i);
    wp_sim_event(sim, iv->intervention->of, i, iv->intervention->event_gave_up);
}

void wp_sim_ask(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_action *action)
{
    wp_block *block = &sim->block;
    const wp_effect *effect = action->effect;
    int stock = effect->place_level;
    if (effect->place_same_as >= 0) {
        stock = effect->level_map[wp_sim_level(sim, effect->place_same_as, i)];
    }
    if (!wp_array_reserve(&block->requests, &block->request_capacity, block->n_requests + 1,
                          sizeof *block->requests)) {
        wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for requests to '%s'",
                    sim->model->pools[effect->pool].pool->name);
        return;
    }
    const wp_pool_model *pool = &sim->model->pools[effect->pool];
    wp_request *request = &block->requests[block->n_requests++];
    *request = (wp_request){.pool = effect->pool,
                            .stock = stock < 0 ? 0 : stock,
                            .kind = kind,
                            .lineage = sim->lineage,
                            .id = wp_sim_id(sim, kind, i),
                            .tick = sim->now,
                            .action = action,
                            .counted = wp_sim_weight(sim, kind, i) > 0};
    request->priority = wp_uniform(sim->key, request->id, pool->purpose_priority,
                                   (uint32_t)(wp_mix64((uint64_t)sim->now) & UINT32_MAX));
}

static uint32_t find_subject(const wp_sim *sim, wp_subject_kind kind, uint64_t id)
{
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_calendar *calendar = &sim->calendars[c];
        if (calendar->kind == kind && wp_sim_is_alive(sim, kind, calendar->index) &&
            wp_sim_id(sim, kind, calendar->index) == id) {
            return calendar->index;
        }
    }
    return WP_NOBODY;
}

void wp_sim_answer(wp_sim *sim)
{
    const wp_block *block = &sim->block;
    for (size_t k = 0; k < block->n_answers && sim->status == WP_OK; k++) {
        const wp_answered answer = block->answers[k];
        if (answer.lineage != sim->lineage) { continue; }
        const uint32_t i = find_subject(sim, answer.kind, answer.id);
        if (i == WP_NOBODY) { continue; }
        if (answer.intervention >= 0) {
            const wp_intervention_model *iv = &sim->model->interventions[answer.intervention];
            if (wp_sim_level(sim, iv->status_variable, i) != WP_STATUS_WAITING) { continue; }
            if (answer.granted) {
                wp_sim_start_stay(sim, answer.intervention, i);
            } else {
                stop_waiting(sim, answer.intervention, i);
                wp_sim_event(sim, answer.kind, i, iv->intervention->event_refused);
            }
            continue;
        }
        const wp_pool *pool = sim->model->pools[answer.pool].pool;
        const wp_actions granted = {answer.action->n_body, answer.action->body};
        const wp_actions refused = {answer.action->n_otherwise, answer.action->otherwise};
        wp_sim_act(sim, answer.kind, i, answer.granted ? &granted : &refused);
        wp_sim_event(sim, answer.kind, i, answer.granted ? pool->event_granted : pool->event_refused);
    }
}
