/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two decisions must never read the same random number: their purposes, 32-bit hashes of their
   names, are compared once. */
#include <stdlib.h>

#include "model/compile.h"

typedef struct purpose {
    uint32_t hash;
    const char *role, *name;
} purpose;

static int compare_purposes(const void *left, const void *right)
{
    uint32_t a = ((const purpose *)left)->hash, b = ((const purpose *)right)->hash;
    return (a > b) - (a < b);
}

/* Writes all purposes of the model into list[]. */
static size_t collect(const wp_model *m, purpose *list)
{
    size_t n = 0;
    for (int p = 0; p < m->n_processes; p++) {
        const wp_process_model *process = &m->processes[p];
        const char *name = process->process->name;
        list[n++] = (purpose){process->purpose_clock, "clock", name};
        list[n++] = (purpose){process->purpose_choose, "choose", name};
        list[n++] = (purpose){process->purpose_delay, "delay", name};
    }
    for (int v = 0; v < m->n_variables; v++) {
        list[n++] = (purpose){m->variables[v].purpose, "entry", m->variables[v].variable->name};
    }
    for (int v = 0; v < m->n_interventions; v++) {
        const wp_intervention_model *x = &m->interventions[v];
        const char *name = x->intervention->name;
        list[n++] = (purpose){x->purpose_uptake, "uptake", name};
        list[n++] = (purpose){x->purpose_reach, "reach", name};
        list[n++] = (purpose){x->purpose_lasts, "lasts", name};
        list[n++] = (purpose){x->purpose_priority, "priority", name};
        list[n++] = (purpose){x->purpose_gives_up, "gives_up", name};
    }
    for (int p = 0; p < m->n_pools; p++) {
        list[n++] = (purpose){m->pools[p].purpose_priority, "pool", m->pools[p].pool->name};
    }
    for (int k = 0; k < WP_N_KINDS; k++) {
        for (int r = 0; r < m->kinds[k].n_reals; r++) {
            const wp_real_model *real = &m->kinds[k].reals[r];
            if (real->whose != WP_SELF) { continue; }
            list[n++] =
                (purpose){real->purpose, "entry", m->scenario->multipliers[real->multiplier].name};
        }
    }
    return n;
}

wp_status wp_compile_purposes(wp_builder *b)
{
    const wp_model *m = b->model;
    size_t most = (size_t)(3 * m->n_processes + m->n_variables + 5 * m->n_interventions +
                           m->n_pools + b->scenario->n_multipliers);
    purpose *list = wp_arena_alloc_array(&b->scratch, most, sizeof *list);
    if (list == NULL) { return wp_builder_no_memory(b); }
    size_t n = collect(m, list);
    if (n > 0) { qsort(list, n, sizeof *list, compare_purposes); }
    for (size_t i = 1; i < n; i++) {
        if (list[i].hash != list[i - 1].hash) { continue; }
        return wp_fail(b->err, WP_ERR_MODEL,
                       "'%s/%s' and '%s/%s' would share their random numbers (one chance in "
                       "four thousand million); give one of them another name",
                       list[i - 1].role, list[i - 1].name, list[i].role, list[i].name);
    }
    return WP_OK;
}
