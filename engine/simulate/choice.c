/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing among answers by probability, and what happens when a process happens. */
#include "simulate/sim.h"

#include "chance/elementary.h"
#include "chance/uniform.h"
#include "simulate/smooth.h"

enum { MAX_ANSWERS = WP_MAX_LEVELS };

static double base_probability(const wp_sim *sim, const wp_process_model *process,
                               const wp_answer *answer, uint32_t i)
{
    const wp_columns *columns = &sim->block.columns[process->of];
    const double base = wp_product_at(&answer->base, columns, i);
    if (!answer->base_is_smooth) { return base; }
    const double u = wp_smooth_clock(sim, process->of, i, &answer->smooth, sim->now);
    const double hazard = base * (wp_smooth_integral(&answer->smooth, u) -
                                  wp_smooth_integral(&answer->smooth, u - answer->smooth_over));
    return -wp_expm1(-hazard);
}

/* Odds act on all answers together: weights multiplied, then divided by their sum (language decision 6). */
static void apply_odds(const wp_process_model *process, const wp_columns *columns, uint32_t i, double *p)
{
    bool any = false;
    double rest = 1.0, sum = 0.0;
    for (int a = 0; a < process->n_answers; a++) {
        any |= process->answers[a].has_odds;
        if (!process->answers[a].is_otherwise) { rest -= p[a]; }
    }
    if (!any) { return; }
    for (int a = 0; a < process->n_answers; a++) {
        const wp_answer *answer = &process->answers[a];
        if (answer->is_otherwise) { p[a] = rest; }
        if (answer->has_odds) { p[a] *= wp_product_at(&answer->odds, columns, i); }
        sum += p[a];
    }
    for (int a = 0; a < process->n_answers; a++) { p[a] /= sum; }
}

static void apply_ratios(const wp_process_model *process, const wp_columns *columns, uint32_t i, double *p)
{
    for (int a = 0; a < process->n_answers; a++) {
        const wp_answer *answer = &process->answers[a];
        if (answer->is_otherwise) { continue; }
        if (answer->has_hazard && p[a] > 0.0 && p[a] < 1.0) {
            p[a] = -wp_expm1(wp_product_at(&answer->hazard, columns, i) * wp_log1p(-p[a]));
        }
        if (answer->has_probability) { p[a] *= wp_product_at(&answer->probability, columns, i); }
    }
}

void wp_sim_probabilities(const wp_sim *sim, int process_index, uint32_t i, double *p)
{
    const wp_process_model *process = &sim->model->processes[process_index];
    const wp_columns *columns = &sim->block.columns[process->of];
    double sum = 0.0;
    for (int a = 0; a < process->n_answers; a++) {
        p[a] = process->answers[a].is_otherwise ? 0.0
                                                : base_probability(sim, process, &process->answers[a], i);
        sum += p[a];
    }
    if (process->process->levels_of >= 0) {
        for (int a = 0; a < process->n_answers; a++) { p[a] /= sum; }
    }
    apply_odds(process, columns, i, p);
    apply_ratios(process, columns, i, p);
    double rest = 1.0;
    for (int a = 0; a < process->n_answers; a++) {
        if (process->answers[a].is_otherwise) {
            p[a] = rest > 0.0 ? rest : 0.0;
        } else {
            rest -= p[a];
        }
    }
}

int wp_sim_choose(wp_sim *sim, int process_index, uint32_t i, uint32_t occurrence)
{
    const wp_process_model *process = &sim->model->processes[process_index];
    double p[MAX_ANSWERS];
    if (process->n_answers == 0) { return -1; }
    wp_sim_probabilities(sim, process_index, i, p);
    const uint64_t id = wp_sim_id(sim, process->of, i);
    const double u = wp_uniform(sim->key, id, process->purpose_choose, occurrence);
    double below = 0.0;
    int chosen = -1;
    for (int a = 0; a < process->n_answers; a++) {
        if (process->answers[a].is_otherwise) { continue; }
        below += p[a];
        if (chosen < 0 && u < below) { chosen = a; }
    }
    if (below > 1.0 + 1e-9) {
        wp_sim_fail(sim, WP_ERR_RUN,
                    "the answers of '%s' have probabilities that add up to %.6g for someone; the most is 1",
                    process->process->name, below);
    }
    return chosen >= 0 ? chosen : process->n_answers - 1;
}

void wp_sim_happen(wp_sim *sim, int process_index, uint32_t i, int answer_index)
{
    const wp_process_model *process = &sim->model->processes[process_index];
    wp_columns *columns = &sim->block.columns[process->of];
    const int slot = sim->plan->process_slot[process_index];
    uint16_t *occurrence = &columns->occurrence[(size_t)slot * columns->capacity + i];
    if (*occurrence == UINT16_MAX) {
        wp_sim_fail(sim, WP_ERR_LIMIT, "'%s' happened more than %d times to one subject",
                    process->process->name, UINT16_MAX);
        return;
    }
    ++*occurrence;
    const wp_answer *answer = answer_index < 0 ? NULL : &process->answers[answer_index];
    if (answer != NULL) {
        if (answer->set_level >= 0) {
            wp_sim_set_level(sim, process->process->levels_of, i, (uint8_t)answer->set_level);
        }
        wp_sim_act(sim, process->of, i, &answer->then);
    }
    wp_sim_act(sim, process->of, i, &process->then);
    /* Who they are at the moment of the count: own levels after what happened, before it is history. */
    wp_sim_event(sim, process->of, i, process->event);
    if (answer != NULL && answer->event >= 0) { wp_sim_event(sim, process->of, i, answer->event); }
}
