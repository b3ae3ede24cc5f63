/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interventions: offers, uptake, stays, and the effects that grow while in and fade afterwards. */
#include "simulate/sim.h"

#include "chance/uniform.h"
#include "simulate/fork.h"
#include "simulate/personal_worth.h"

static bool has_arm(const wp_sim *sim, int intervention)
{
    return (sim->arm >> intervention & 1) != 0;
}

/* Sets a stay's effect to `class`, which holds until the next step from when the stay began or ended. */
void wp_sim_set_effect(wp_sim *sim, int s, uint32_t i, int class)
{
    const wp_effect_shape *shape = &sim->model->shapes[s];
    const wp_intervention_model *iv = &sim->model->interventions[shape->intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const int feature = sim->plan->shape_feature[s];
    const int timer = sim->model->kinds[kind].features[feature].timer;
    wp_sim_set_feature(sim, kind, i, feature, (uint8_t)class);
    if (timer < 0) { return; }
    wp_tick next = WP_TICK_NEVER;
    if (class > 0 && class != shape->n_build) {
        const wp_columns *columns = &sim->block.columns[kind];
        const int since = sim->model->variables[iv->status_variable].since;
        const wp_tick from = columns->since[(size_t)since * columns->capacity + i];
        next = wp_step_end(shape, from, class < shape->n_build ? class : class - shape->n_build);
    }
    wp_sim_set_timer(sim, kind, i, timer, next);
}

/* Offered by the arm, or by an arm for which the lineage stands. */
static bool is_offered(const wp_sim *sim, int intervention)
{
    return ((sim->arm | sim->shadow) >> intervention & 1) != 0;
}

static void count_programme(wp_sim *sim, int what, int intervention, uint32_t i)
{
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    wp_sim_count_programme(sim, what, intervention, i, wp_sim_weight(sim, kind, i));
}

/* ---- Stays ------------------------------------------------------------------------------------------- */

void wp_sim_start_stay(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const wp_columns *columns = &sim->block.columns[kind];
    const uint32_t occasion = columns->offers[(size_t)intervention * columns->capacity + i];
    wp_tick end = WP_TICK_NEVER;
    if (iv->lasts_fixed >= 0) {
        end = sim->now + iv->lasts_fixed;
    } else if (iv->lasts_table != NULL) {
        const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), iv->purpose_lasts, occasion);
        const double years =
            wp_product_at(&iv->lasts_scale, columns, i) * wp_quantile_table_at(iv->lasts_table, u);
        end = sim->now + (wp_tick)(years * 0x1p32);
    }
    wp_sim_set_level(sim, iv->status_variable, i, WP_STATUS_IN);
    if (iv->timer_end >= 0) { wp_sim_set_timer(sim, kind, i, iv->timer_end, end); }
    if (iv->timer_gives_up >= 0) { wp_sim_set_timer(sim, kind, i, iv->timer_gives_up, WP_TICK_NEVER); }
    for (int s = 0; s < sim->model->n_shapes; s++) {
        if (sim->model->shapes[s].intervention == intervention) { wp_sim_set_effect(sim, s, i, 1); }
    }
    count_programme(sim, WP_COUNT_STARTS, intervention, i);
    wp_sim_count_touched(sim);
    wp_sim_mark_enrolled(sim, kind, i);
    wp_sim_calendar(sim, kind, i)->stops = true; /* what ends a stay may hold already */
    wp_sim_act(sim, kind, i, &iv->at_start);
    wp_sim_event(sim, kind, i, iv->intervention->event_start);
}

void wp_sim_end_stay(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    if (!wp_sim_is_alive(sim, kind, i) ||
        wp_sim_level(sim, iv->status_variable, i) != WP_STATUS_IN) {
        return;
    }
    if (iv->timer_end >= 0) { wp_sim_set_timer(sim, kind, i, iv->timer_end, WP_TICK_NEVER); }
    wp_sim_set_level(sim, iv->status_variable, i, WP_STATUS_PAST);
    if (iv->since_ended >= 0) {
        wp_columns *columns = &sim->block.columns[kind];
        columns->since[(size_t)iv->since_ended * columns->capacity + i] = sim->now + 1; /* 0: never */
    }
    for (int s = 0; s < sim->model->n_shapes; s++) {
        const wp_effect_shape *shape = &sim->model->shapes[s];
        if (shape->intervention != intervention || shape->stays) { continue; }
        wp_sim_set_effect(sim, s, i, shape->n_fade > 0 ? shape->n_build + 1 : 0);
    }
    wp_sim_act(sim, kind, i, &iv->at_end);
    wp_sim_event(sim, kind, i, iv->intervention->event_end);
}

void wp_sim_check_stops(wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    for (int v = 0; v < sim->model->n_interventions; v++) {
        const wp_intervention_model *iv = &sim->model->interventions[v];
        if (iv->has_stops && iv->intervention->of == kind &&
            wp_sim_level(sim, iv->status_variable, i) == WP_STATUS_IN &&
            wp_product_at(&iv->stops_when, &sim->block.columns[kind], i) != 0.0) {
            wp_sim_end_stay(sim, v, i);
        }
    }
}

/* ---- Offers ------------------------------------------------------------------------------------------- */

/* May someone with this history be offered it (again) now? */
static bool is_open_to(const wp_sim *sim, const wp_intervention_model *iv, uint32_t i)
{
    const wp_subject_kind kind = iv->intervention->of;
    const int status = wp_sim_level(sim, iv->status_variable, i);
    if (status == WP_STATUS_NEVER) { return true; }
    if (status != WP_STATUS_PAST || iv->since_ended < 0) { return false; }
    const wp_columns *columns = &sim->block.columns[kind];
    const wp_tick ended = columns->since[(size_t)iv->since_ended * columns->capacity + i] - 1;
    return sim->now - ended >= (wp_tick)(iv->intervention->again_after * 0x1p32);
}

/* Willingness is one number of a subject. Where it does not depend on what the subject is, who refuses once always
   does. */
static bool would_accept(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    const wp_columns *columns = &sim->block.columns[kind];
    const double share = wp_product_at(&iv->uptake, columns, i);
    if (wp_uniform(sim->key, wp_sim_id(sim, kind, i), iv->purpose_uptake, 0) < share) { return true; }
    const bool same_for_all = iv->uptake.n_reals == 0 && iv->uptake.n_tables <= 1 &&
                              (iv->uptake.n_tables == 0 || iv->uptake.tables[0].n == 1);
    if (same_for_all) {
        columns->unwilling[i] |= UINT32_C(1) << intervention;
    }
    return false;
}

static inline bool is_willing(wp_sim *sim, int intervention, wp_subject_kind kind, uint32_t i)
{
    const bool refuses = (sim->block.columns[kind].unwilling[i] >> intervention & 1) != 0;
    return !refuses && would_accept(sim, intervention, i);
}

/* An offer that is made in arms for which the lineage stands, but is not in force for it: nothing comes of it here,
   and those arms leave where something would. */
static inline void take_in(wp_sim *sim, int intervention, wp_subject_kind kind, uint32_t i)
{
    wp_fork_count_offer(sim->fork, intervention, wp_sim_weight(sim, kind, i));
    if (sim->fork->offer_is_heard[intervention] || is_willing(sim, intervention, kind, i)) {
        wp_fork_touch(sim, intervention);
    } else if (sim->block.lineages[sim->lineage].traced) {
        const wp_intervention *iv = sim->model->interventions[intervention].intervention;
        wp_fork_trace(sim, intervention, i, iv->event_offer);
        wp_fork_trace(sim, intervention, i, iv->event_refused);
    }
}

void wp_sim_offer(wp_sim *sim, int intervention, int offer, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    const wp_subject_kind kind = iv->intervention->of;
    wp_columns *columns = &sim->block.columns[kind];
    if (!is_offered(sim, intervention) || sim->now < iv->starts || sim->now >= iv->ends) { return; }
    if (sim->now != sim->start) { (void)wp_sim_calendar(sim, kind, i); }
    if (!wp_sim_is_alive(sim, kind, i) || !is_open_to(sim, iv, i) ||
        wp_product_at(&iv->offer_when[offer], columns, i) == 0.0) {
        return;
    }
    uint16_t *occasion = &columns->offers[(size_t)intervention * columns->capacity + i];
    if (*occasion == UINT16_MAX) {
        wp_sim_fail(sim, WP_ERR_LIMIT, "'%s' was offered more than %d times to one subject",
                    iv->intervention->name, UINT16_MAX);
        return;
    }
    const uint64_t id = wp_sim_id(sim, kind, i);
    const uint32_t occurrence = (*occasion)++;
    if (iv->reach[offer] < 1.0 &&
        wp_uniform(sim->key, id, iv->purpose_reach, occurrence) >= iv->reach[offer]) {
        return;
    }
    if (!has_arm(sim, intervention)) {
        take_in(sim, intervention, kind, i);
        return;
    }
    count_programme(sim, WP_COUNT_OFFERS, intervention, i);
    wp_sim_event(sim, kind, i, iv->intervention->event_offer);
    if (!is_willing(sim, intervention, kind, i)) {
        wp_sim_event(sim, kind, i, iv->intervention->event_refused);
    } else if (iv->intervention->capacity == WP_CAPACITY_NONE) {
        wp_sim_start_stay(sim, intervention, i);
    } else {
        wp_sim_wait(sim, intervention, offer, i);
    }
}

/* ---- Programmes for everyone ----------------------------------------------------------------------------- */

static int programme_class(const wp_sim *sim, const wp_effect_shape *shape)
{
    const wp_intervention_model *iv = &sim->model->interventions[shape->intervention];
    if (!has_arm(sim, shape->intervention) || sim->now < iv->starts) { return 0; }
    if (sim->now < iv->ends || shape->stays) {
        const int64_t steps = wp_steps_ended(shape, iv->starts, sim->now);
        return steps + 1 < shape->n_build ? (int)steps + 1 : shape->n_build;
    }
    const int64_t steps = wp_steps_ended(shape, iv->ends, sim->now);
    return steps < shape->n_fade ? shape->n_build + 1 + (int)steps : 0;
}

void wp_sim_programme_for(wp_sim *sim, int intervention, uint32_t i)
{
    const wp_intervention_model *iv = &sim->model->interventions[intervention];
    if (!iv->intervention->everyone) { return; }
    for (int s = 0; s < sim->model->n_shapes; s++) {
        if (sim->model->shapes[s].intervention != intervention) { continue; }
        const int class = programme_class(sim, &sim->model->shapes[s]);
        if (class > 0) { wp_sim_count_touched(sim); }
        if (class > 0 && sim->now < iv->ends) { wp_sim_mark_enrolled(sim, iv->intervention->of, i); }
        wp_sim_set_feature(sim, iv->intervention->of, i, sim->plan->shape_feature[s], (uint8_t)class);
    }
}

void wp_sim_programme(wp_sim *sim, int intervention)
{
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    for (uint32_t c = 0; c < sim->n_calendars; c++) {
        const wp_calendar *calendar = &sim->calendars[c];
        if (calendar->kind == kind && wp_sim_is_alive(sim, kind, calendar->index)) {
            wp_sim_programme_for(sim, intervention, calendar->index);
        }
    }
}

void wp_sim_close_programme(wp_sim *sim, int intervention)
{
    const wp_subject_kind kind = sim->model->interventions[intervention].intervention->of;
    for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
        const wp_calendar calendar = sim->calendars[c];
        if (calendar.kind != kind) { continue; }
        wp_sim_end_stay(sim, intervention, calendar.index);
        wp_sim_give_up(sim, intervention, calendar.index);
    }
}
