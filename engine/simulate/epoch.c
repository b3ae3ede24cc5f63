/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One epoch of a block: the vector pass over everyone, the exact pass for the lineages in which something is
   due, and person-time for those who slept through it. */
#include "simulate/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "simulate/fork.h"
#include "simulate/smooth.h"

wp_status wp_sim_init(wp_sim *sim, const wp_plan *plan, const wp_population *population, wp_error *err)
{
    memset(sim, 0, sizeof *sim);
    sim->model = plan->model;
    sim->plan = plan;
    sim->population = population;
    return wp_block_init(&sim->block, plan, err);
}

void wp_sim_free(wp_sim *sim)
{
    wp_block_free(&sim->block);
    free(sim->calendars);
    free(sim->clocks);
    free(sim->raised);
    free(sim->decisions);
    free(sim->counted);
    free(sim->scratch_index);
    free(sim->scratch_before);
    free(sim->scratch_after);
    free(sim->meetings);
    memset(sim, 0, sizeof *sim);
}

void wp_sim_fail(wp_sim *sim, wp_status status, const char *format, ...)
{
    if (sim->status != WP_OK) { return; }
    char text[WP_ERROR_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sim->status = wp_fail(&sim->err, status, "%s", text);
}

/* ---- The vector pass over the block ----------------------------------------------------------------------- */

/* Years before and after each person's own birthday in this epoch, none for the dead; and who is due whatever
   their clocks do: a timer, or a birthday that others notice. */
static void split_epoch(wp_sim *sim)
{
    const double whole = wp_years(sim->end - sim->start);
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        wp_columns *columns = &sim->block.columns[kind];
        for (int w = 0; w < WP_CLOCK_WORDS; w++) {
            memset(columns->due + (size_t)w * columns->capacity, 0, columns->n * sizeof *columns->due);
            memset(columns->tallied + (size_t)w * columns->capacity, 0,
                   columns->n * sizeof *columns->tallied);
        }
        for (uint32_t i = 0; i < columns->n; i++) {
            columns->first[i] = wp_sim_is_alive(sim, kind, i) ? whole : 0.0;
            columns->second[i] = 0.0;
            columns->awake[i] = columns->next_timer[i] < sim->end;
        }
    }
    wp_columns *columns = &sim->block.columns[WP_PERSON];
    for (uint32_t i = 0; i < columns->n; i++) {
        const wp_person *person = &sim->block.persons[i];
        if (person->birthday >= sim->end || !person->alive) { continue; }
        columns->first[i] = wp_years(person->birthday - sim->start);
        columns->second[i] = wp_years(sim->end - person->birthday);
        columns->awake[i] |= (uint8_t)wp_sim_others_notice_birthday(sim, i);
    }
}

bool wp_sim_reserve_scratch(wp_sim *sim, uint32_t n)
{
    if (n <= sim->scratch_capacity) { return true; }
    free(sim->scratch_index);
    free(sim->scratch_before);
    free(sim->scratch_after);
    free(sim->meetings);
    sim->scratch_index = wp_calloc_array_aligned(n, sizeof *sim->scratch_index);
    sim->scratch_before = wp_calloc_array_aligned(n, sizeof *sim->scratch_before);
    sim->scratch_after = wp_calloc_array_aligned(n, sizeof *sim->scratch_after);
    sim->meetings = wp_calloc_array(n, sizeof *sim->meetings);
    sim->scratch_capacity = n;
    if (sim->scratch_index != NULL && sim->scratch_before != NULL && sim->scratch_after != NULL &&
        sim->meetings != NULL) {
        return true;
    }
    sim->scratch_capacity = 0;
    wp_sim_fail(sim, WP_ERR_MEMORY, "not enough memory for a block of families");
    return false;
}

/* The same as the vector pass does, for a hazard that varies smoothly within the year. */
static void smooth_pass(wp_sim *sim, wp_subject_kind kind, const wp_vector_job *job,
                        const wp_smooth_hazard *smooth)
{
    for (uint32_t i = 0; i < job->n; i++) {
        const wp_tick turn = sim->start + (wp_tick)(job->first[i] * 0x1p32);
        double left = job->remaining[i];
        const double u0 = wp_smooth_clock(sim, kind, i, smooth, sim->start);
        const double u1 = wp_smooth_clock(sim, kind, i, smooth, turn);
        const double used = job->rate_before[i] == 0.0 || job->first[i] == 0.0
                                ? 0.0
                                : job->rate_before[i] * (wp_smooth_integral(smooth, u1) -
                                                         wp_smooth_integral(smooth, u0));
        bool due = left <= used;
        left -= used;
        if (job->second[i] > 0.0 && job->rate_after[i] != 0.0) {
            const double u2 = wp_smooth_clock(sim, kind, i, smooth, sim->end);
            const double then = job->rate_after[i] * (wp_smooth_integral(smooth, u2) -
                                                      wp_smooth_integral(smooth, u1));
            due |= left <= then;
            left -= then;
        }
        job->later[i] = left;
        job->due[i] |= due ? job->bit : 0;
    }
}

static void vector_pass(wp_sim *sim, wp_subject_kind kind)
{
    wp_columns *columns = &sim->block.columns[kind];
    const wp_kind *model = &sim->model->kinds[kind];
    if (columns->n == 0 || !wp_sim_reserve_scratch(sim, columns->capacity)) { return; }
    for (int c = 0; c < model->n_clocks; c++) {
        const wp_process_model *process = &sim->model->processes[model->clocks[c]];
        const size_t column = (size_t)c * columns->capacity;
        wp_vector_job job = {.n = columns->n,
                             .capacity = columns->capacity,
                             .x = columns->x,
                             .real = columns->real,
                             .rate = &process->rate,
                             .first = columns->first,
                             .second = columns->second,
                             .remaining = columns->remaining + column,
                             .later = columns->later + column,
                             .rate_before = columns->rate + column,
                             .rate_after = columns->older + column,
                             .due = columns->due + (size_t)(c / 64) * columns->capacity,
                             .bit = (uint64_t)1 << (c % 64),
                             .index = sim->scratch_index};
        if (process->smooth.kind == WP_SMOOTH_NONE) {
            sim->vector_pass(&job);
            continue;
        }
        uint64_t *due = job.due;
        job.due = NULL; /* only the factors: what is used comes from the integral */
        sim->vector_pass(&job);
        job.due = due;
        smooth_pass(sim, kind, &job, &process->smooth);
    }
    for (int w = 0; w < (model->n_clocks + 63) / 64; w++) {
        const uint64_t *due = columns->due + (size_t)w * columns->capacity;
        for (uint32_t i = 0; i < columns->n; i++) { columns->awake[i] |= (uint8_t)(due[i] != 0); }
    }
}

/* ---- Who is due ---------------------------------------------------------------------------------------------- */

/* The condition that a schedule or an offer asks of its subjects, and their kind. */
static const wp_product *condition_of(const wp_sim *sim, const wp_global *global, wp_subject_kind *kind)
{
    if (global->role == WP_GLOBAL_SCHEDULE) {
        *kind = sim->model->processes[global->item].of;
        return &sim->model->processes[global->item].when;
    }
    *kind = sim->model->interventions[global->item].intervention->of;
    return &sim->model->interventions[global->item].offer_when[global->second];
}

/* Does a shared instant concern every lineage? At the epoch's start, schedules and offers concern those who
   meet their condition as they are. */
static bool concerns_everyone(const wp_sim *sim, const wp_global *global)
{
    switch (global->role) {
    case WP_GLOBAL_SNAPSHOT:
    case WP_GLOBAL_SCHEDULE: return global->tick != sim->start;
    case WP_GLOBAL_OFFER:
        return ((sim->arm | sim->shadow) >> global->item & 1) != 0 && global->tick != sim->start;
    case WP_GLOBAL_PROGRAMME:
        return (sim->arm >> global->item & 1) != 0 &&
               (global->second != 0 || sim->model->interventions[global->item].intervention->everyone);
    default: return true;
    }
}

static void find_due_at_start(wp_sim *sim, const wp_global *global)
{
    if (global->tick != sim->start ||
        (global->role != WP_GLOBAL_SCHEDULE && global->role != WP_GLOBAL_OFFER) ||
        (global->role == WP_GLOBAL_OFFER && ((sim->arm | sim->shadow) >> global->item & 1) == 0)) {
        return;
    }
    wp_subject_kind kind = WP_PERSON;
    const wp_product *when = condition_of(sim, global, &kind);
    const wp_columns *columns = &sim->block.columns[kind];
    for (uint32_t i = 0; i < columns->n; i++) {
        const bool birthday = kind == WP_PERSON && sim->block.persons[i].birthday == sim->start;
        if (wp_sim_is_alive(sim, kind, i) && (birthday || wp_product_at(when, columns, i) != 0.0)) {
            wp_lineage *lineage = &sim->block.lineages[wp_sim_lineage_of(sim, kind, i)];
            lineage->due = lineage->early = true;
        }
    }
}

/* Those who have a timer or a birthday at the epoch's first instant. */
static void find_early(wp_sim *sim)
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        const wp_subject_kind kind = (wp_subject_kind)k;
        const wp_columns *columns = &sim->block.columns[kind];
        for (uint32_t i = 0; i < columns->n; i++) {
            if (columns->next_timer[i] == sim->start ||
                (kind == WP_PERSON && sim->block.persons[i].alive &&
                 sim->block.persons[i].birthday == sim->start)) {
                sim->block.lineages[wp_sim_lineage_of(sim, kind, i)].early = true;
            }
        }
    }
}

static void find_due(wp_sim *sim)
{
    wp_block *block = &sim->block;
    bool everyone = sim->exact_only, early = sim->exact_only || sim->closing;
    for (int g = sim->globals_from; g < sim->globals_to; g++) {
        const bool concerns = concerns_everyone(sim, &sim->plan->globals[g]);
        everyone |= concerns;
        early |= concerns && sim->plan->globals[g].tick == sim->start;
    }
    for (uint32_t l = 0; l < block->n_lineages; l++) {
        const bool whole = block->lineages[l].answered || block->lineages[l].apart;
        block->lineages[l].due = everyone || whole;
        block->lineages[l].early = early || whole;
    }
    find_early(sim);
    for (int g = sim->globals_from; g < sim->globals_to; g++) {
        find_due_at_start(sim, &sim->plan->globals[g]);
    }
    for (int kind = 0; kind < WP_N_KINDS; kind++) {
        const uint8_t *awake = block->columns[kind].awake;
        for (uint32_t i = 0; i < block->columns[kind].n; i++) {
            if (awake[i] != 0) {
                block->lineages[wp_sim_lineage_of(sim, (wp_subject_kind)kind, i)].due = true;
            }
        }
    }
    for (uint32_t l = 0; l < block->n_lineages; l++) {
        block->lineages[l].early = block->lineages[l].early && block->lineages[l].due;
    }
}

/* ---- The epoch's first instant, for those for whom nothing is due --------------------------------------------- */

static void quiet_stocks(wp_sim *sim)
{
    wp_columns *persons = &sim->block.columns[WP_PERSON];
    for (uint32_t p = 0; p < persons->n; p++) {
        const wp_person *person = &sim->block.persons[p];
        if (person->birthday == sim->start && person->alive && !sim->block.lineages[person->lineage].due) {
            wp_sim_grow_older(sim, p);
            persons->first[p] = persons->second[p]; /* the whole epoch at that age */
            persons->second[p] = 0.0;
        }
    }
    for (int g = sim->globals_from; g < sim->globals_to; g++) {
        const wp_global *global = &sim->plan->globals[g];
        if (global->role == WP_GLOBAL_SNAPSHOT && global->tick == sim->start) {
            wp_sim_count_quiet_stock(sim, global->item);
        }
    }
}

/* ---- The epoch ----------------------------------------------------------------------------------------------------- */

static void pass_exactly(wp_sim *sim, uint32_t l)
{
    if (sim->fork != NULL) {
        wp_fork_exact(sim, l);
    } else {
        wp_sim_exact(sim, l);
    }
}

static void run_epoch(wp_sim *sim)
{
    sim->year = (int)(sim->start / WP_TICKS_PER_YEAR);
    sim->globals_from = wp_plan_globals_from(sim->plan, sim->start);
    sim->globals_to = wp_plan_globals_from(sim->plan, sim->end);
    split_epoch(sim);
    for (int kind = 0; kind < WP_N_KINDS && !sim->closing; kind++) {
        vector_pass(sim, (wp_subject_kind)kind);
    }
    if (sim->status != WP_OK) { return; }
    find_due(sim);
    quiet_stocks(sim);
    const uint32_t n = sim->block.n_lineages;
    for (uint32_t l = 0; l < n && sim->status == WP_OK; l++) {
        wp_lineage *lineage = &sim->block.lineages[l];
        if (!lineage->entered) {
            if (lineage->enters < sim->end && !sim->closing) { pass_exactly(sim, l); }
        } else if (lineage->due) {
            pass_exactly(sim, l);
        }
        sim->block.lineages[l].answered = false;
    }
    sim->block.n_answers = 0;
    if (sim->status != WP_OK) { return; }
    for (int kind = 0; kind < WP_N_KINDS && !sim->closing; kind++) {
        wp_sim_count_quiet(sim, (wp_subject_kind)kind);
        wp_columns *columns = &sim->block.columns[kind];
        double *later = columns->later;
        columns->later = columns->remaining;
        columns->remaining = later;
    }
    wp_sim_bill_all(sim);
}

void wp_sim_epoch(wp_sim *sim, wp_tick start, wp_tick end)
{
    wp_block_compact(&sim->block);
    sim->start = start;
    sim->end = end;
    sim->closing = false;
    run_epoch(sim);
}

void wp_sim_close(wp_sim *sim)
{
    sim->start = sim->model->end;
    sim->end = sim->model->end + 1;
    sim->closing = true;
    run_epoch(sim);
}

void wp_sim_finish_lineage(wp_sim *sim, uint32_t l)
{
    wp_counts *counts = sim->counts;
    const wp_lineage *lineage = &sim->block.lineages[l];
    const uint64_t low = wp_mix64(lineage->id ^ wp_mix64(lineage->hash));
    const uint64_t high = wp_mix64(low + lineage->hash);
    wp_sim_end_lineage_tallies(sim, l);
    counts->life[0] += low;
    counts->life[1] += high + (counts->life[0] < low ? 1 : 0);
    counts->n_lineages++;
    counts->n_events += lineage->n_events;
}

void wp_sim_finish_lineages(wp_sim *sim)
{
    for (uint32_t l = 0; l < sim->block.n_lineages; l++) { wp_sim_finish_lineage(sim, l); }
}
