/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of how long a spell has lasted in equilibrium, for the levels of a state that end by a delay or by a
   Weibull hazard. (Levels that end by plain hazards need none: simulate/spells.c works them out.) */
#include "chance/equilibrium_table.h"
#include "model/compile.h"

size_t wp_spells_count(const wp_scenario *scenario)
{
    size_t n = 0;
    for (int v = 0; v < scenario->n_variables; v++) {
        if (scenario->variables[v].spells != NULL) { n += (size_t)scenario->variables[v].n_levels; }
    }
    return n;
}

int wp_spell_ended_by(const wp_scenario *scenario, int process)
{
    for (int v = 0; v < scenario->n_variables; v++) {
        const wp_variable *variable = &scenario->variables[v];
        for (int l = 0; variable->spells != NULL && l < variable->n_levels; l++) {
            const wp_spell *spell = &variable->spells[l];
            if (spell->kind == WP_SPELL_DELAY && spell->exits[0].process == process) { return v; }
        }
    }
    return -1;
}

/* The law of whole spells: the delay's, or the Weibull hazard's of scale 1. */
static wp_status law_of_spell(wp_builder *b, const wp_spell *spell, wp_quantile_table *law)
{
    double shape = 1.0;
    const wp_process *process = &b->scenario->processes[spell->exits[0].process];
    if (spell->kind == WP_SPELL_DELAY) { return wp_compile_law(b, &process->delay, law); }
    wp_status status = wp_evaluate_number(b, process->hazard.a, &shape);
    return status != WP_OK ? status : wp_quantile_table_init_weibull(law, shape, b->err);
}

wp_status wp_compile_spells(wp_builder *b, const wp_variable *variable, wp_variable_model *model)
{
    wp_status status = WP_OK;
    wp_quantile_table law = {0};
    (void)wp_feature_since_variable(b, (int)(variable - b->scenario->variables));
    if (b->registering) { return WP_OK; }
    const wp_quantile_table **tables = wp_builder_alloc(b, (size_t)variable->n_levels, sizeof *tables);
    if (tables == NULL) { return wp_builder_no_memory(b); }
    for (int l = 0; l < variable->n_levels; l++) {
        const wp_spell *spell = &variable->spells[l];
        if (spell->kind != WP_SPELL_DELAY && spell->kind != WP_SPELL_SMOOTH) { continue; }
        wp_quantile_table *own = &b->model->quantiles[b->model->n_quantiles];
        WP_TRY(law_of_spell(b, spell, &law));
        WP_TRY(wp_quantile_table_init_equilibrium(own, &law, b->err));
        b->model->n_quantiles++;
        tables[l] = own;
        wp_quantile_table_free(&law);
    }
    model->spell_tables = tables;
out:
    wp_quantile_table_free(&law);
    return status;
}
