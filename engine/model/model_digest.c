/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding up the model's structure and numbers in one fixed order. */
#include "model/model_digest.h"

#include <string.h>

#include "base/digest.h"

static void add_int(wp_sha256 *sha, int64_t value)
{
    wp_sha256_add_u64(sha, (uint64_t)value);
}

static void add_axes(wp_sha256 *sha, int n, const wp_table_axis *axes)
{
    add_int(sha, n);
    for (int a = 0; a < n; a++) {
        wp_sha256_add_u32(sha, axes[a].feature);
        wp_sha256_add_u32(sha, axes[a].stride);
    }
}

static void add_product(wp_sha256 *sha, const wp_product *product)
{
    add_int(sha, product->n_tables);
    for (int t = 0; t < product->n_tables; t++) {
        const wp_table *table = &product->tables[t];
        add_axes(sha, table->n_axes, table->axes);
        for (uint32_t i = 0; i < table->n; i++) {
            wp_sha256_add_double(sha, (double)table->values[i]);
        }
    }
    add_int(sha, product->n_reals);
    for (int r = 0; r < product->n_reals; r++) { wp_sha256_add_u32(sha, product->reals[r]); }
}

static void add_quantile(wp_sha256 *sha, const wp_quantile_table *table)
{
    add_int(sha, table == NULL ? -1 : (int64_t)table->kind);
    if (table == NULL) { return; }
    wp_sha256_add_double(sha, table->shape);
    if (table->kind != WP_QUANTILE_EMPIRICAL) { return; }
    for (size_t i = 0; i < table->n_nodes; i++) {
        wp_sha256_add_double(sha, (double)table->nodes[i]);
    }
}

static void add_look(wp_sha256 *sha, const wp_look *look)
{
    add_int(sha, look->kind);
    add_int(sha, look->whose);
    add_int(sha, look->item);
    wp_sha256_add_double(sha, look->window);
}

static void add_smooth(wp_sha256 *sha, const wp_smooth_hazard *smooth)
{
    add_int(sha, smooth->kind);
    if (smooth->kind == WP_SMOOTH_NONE) { return; }
    wp_sha256_add_double(sha, smooth->shape);
    wp_sha256_add_double(sha, smooth->rate);
    wp_sha256_add_double(sha, smooth->growth);
    add_look(sha, &smooth->clock);
    add_int(sha, smooth->clock_is_when);
}

static void add_kind(wp_sha256 *sha, const wp_kind *kind)
{
    add_int(sha, kind->n_features);
    for (int f = 0; f < kind->n_features; f++) {
        const wp_feature *feature = &kind->features[f];
        add_int(sha, feature->kind);
        add_int(sha, feature->whose);
        add_int(sha, feature->source);
        add_int(sha, feature->n_classes);
        add_int(sha, feature->none);
        add_int(sha, feature->window);
        for (int e = 0; e < feature->n_edges; e++) { add_int(sha, feature->edges[e]); }
    }
    add_int(sha, kind->n_reals);
    for (int r = 0; r < kind->n_reals; r++) {
        wp_sha256_add_u32(sha, kind->reals[r].purpose);
        add_int(sha, kind->reals[r].whose);
        wp_sha256_add_double(sha, kind->reals[r].scale);
        add_quantile(sha, kind->reals[r].table);
    }
}

/* What an effect does; indices are by name, so that they are the same for every order in a file. */
static void add_actions(wp_sha256 *sha, int n, const wp_action *list)
{
    add_int(sha, n);
    for (int i = 0; i < n; i++) {
        const wp_effect *e = list[i].effect;
        add_int(sha, e->kind);
        add_int(sha, e->whose);
        add_int(sha, e->variable);
        add_int(sha, e->how);
        add_int(sha, e->level);
        add_int(sha, e->same_as);
        add_int(sha, e->who);
        add_int(sha, e->group);
        add_int(sha, e->to);
        add_int(sha, e->children);
        add_int(sha, e->pool);
        add_int(sha, e->place_level);
        add_int(sha, e->place_same_as);
        add_int(sha, e->children_go);
        for (int x = 0; x < 2; x++) {
            wp_sha256_add_double(sha, e->join.gap_mean[x]);
            wp_sha256_add_double(sha, e->join.gap_sd[x]);
            wp_sha256_add_double(sha, e->leaver_share[x]);
        }
        wp_sha256_add_double(sha, e->join.share_other_sex);
        if (list[i].when != NULL) { add_product(sha, list[i].when); }
        add_actions(sha, list[i].n_body, list[i].body);
        add_actions(sha, list[i].n_otherwise, list[i].otherwise);
    }
}

static void add_process(wp_sha256 *sha, const wp_process_model *p)
{
    wp_sha256_add_text(sha, p->process->name);
    add_int(sha, p->process->kind);
    add_int(sha, p->of);
    wp_sha256_add_u32(sha, p->purpose_clock);
    wp_sha256_add_double(sha, p->process->at.every);
    wp_sha256_add_double(sha, p->process->at.from);
    wp_sha256_add_double(sha, p->process->at.age);
    wp_sha256_add_double(sha, p->process->at.date);
    add_product(sha, &p->when);
    add_product(sha, &p->rate);
    add_smooth(sha, &p->smooth);
    add_product(sha, &p->delay_scale);
    add_quantile(sha, p->delay_table);
    add_product(sha, &p->delay_factor);
    add_int(sha, p->n_answers);
    for (int a = 0; a < p->n_answers; a++) {
        const wp_answer *answer = &p->answers[a];
        wp_sha256_add_text(sha, answer->option->name);
        add_product(sha, &answer->base);
        add_smooth(sha, &answer->smooth);
        wp_sha256_add_double(sha, answer->smooth_over);
        add_product(sha, &answer->odds);
        add_product(sha, &answer->hazard);
        add_product(sha, &answer->probability);
        add_actions(sha, answer->then.n, answer->then.list);
    }
    add_actions(sha, p->then.n, p->then.list);
}

static void add_entry(wp_sha256 *sha, const wp_entry_model *entry)
{
    size_t n_rows = 1;
    add_int(sha, entry->kind);
    add_int(sha, entry->kind == WP_ENTRY_SAME_AS_MOTHER ? entry->item : -1);
    add_int(sha, entry->at_least_feature);
    if (entry->cumulative == NULL) { return; }
    add_axes(sha, entry->n_axes, entry->axes);
    add_int(sha, entry->n_rows);
    n_rows = (size_t)entry->n_rows * (size_t)entry->n_levels;
    for (size_t i = 0; i < n_rows; i++) { wp_sha256_add_double(sha, entry->cumulative[i]); }
}

static void add_intervention(wp_sha256 *sha, const wp_intervention_model *v)
{
    wp_sha256_add_text(sha, v->intervention->name);
    add_int(sha, v->starts);
    add_int(sha, v->ends);
    add_product(sha, &v->uptake);
    for (int o = 0; o < v->n_offers; o++) {
        add_product(sha, &v->offer_when[o]);
        wp_sha256_add_double(sha, v->reach[o]);
    }
    add_product(sha, &v->stops_when);
    add_product(sha, &v->lasts_scale);
    add_quantile(sha, v->lasts_table);
    add_int(sha, v->lasts_fixed);
    add_product(sha, &v->gives_up_scale);
    add_quantile(sha, v->gives_up_table);
    /* NAN's bits are no number */
    wp_sha256_add_double(sha, v->capacity >= 0.0 ? v->capacity : -1.0);
    wp_sha256_add_double(sha, v->intervention->settled);
    wp_sha256_add_double(sha, v->intervention->capacity_builds_up);
    for (int i = 0; i < v->n_order; i++) {
        add_int(sha, v->intervention->order[i].key);
        add_product(sha, &v->order_when[i]);
        add_int(sha, v->order_feature[i]);
    }
    add_actions(sha, v->at_start.n, v->at_start.list);
    add_actions(sha, v->at_end.n, v->at_end.list);
}

static void add_place(wp_sha256 *sha, const wp_model *m)
{
    for (int p = 0; p < m->n_pools; p++) {
        const wp_pool_model *pool = &m->pools[p];
        wp_sha256_add_text(sha, pool->pool->name);
        wp_sha256_add_double(sha, pool->pool->settled);
        for (int i = 0; i < pool->n_stocks; i++) { wp_sha256_add_double(sha, pool->places[i]); }
        for (int i = 0; i < pool->n_order; i++) {
            add_int(sha, pool->pool->order[i].key);
            add_product(sha, &pool->order_when[i]);
            add_int(sha, pool->order_feature[i]);
        }
    }
    for (int i = 0; i < m->n_indicators; i++) {
        add_product(sha, &m->indicators[i].share);
        add_product(sha, &m->indicators[i].among);
        add_int(sha, m->indicators[i].by_feature);
        wp_sha256_add_double(sha, m->indicators[i].indicator->period);
    }
    for (int a = 0; a < m->n_arrivals; a++) {
        wp_sha256_add_double(sha, m->arrival_rates[a]);
        add_product(sha, &m->arrival_founders[a]);
    }
}

static void add_outcomes(wp_sha256 *sha, const wp_model *m)
{
    for (int o = 0; o < m->n_outcomes; o++) {
        const wp_outcome_model *outcome = &m->outcomes[o];
        wp_sha256_add_text(sha, outcome->outcome->name);
        add_product(sha, &outcome->when);
        for (int i = 0; i < outcome->n_maps; i++) {
            const wp_cellmap *map = &outcome->maps[i];
            add_axes(sha, map->n_axes, map->axes);
            add_int(sha, map->first_cell);
            for (uint32_t v = 0; v < map->n; v++) { add_int(sha, map->values[v]); }
        }
    }
    for (int c = 0; c < m->n_cells; c++) {
        add_int(sha, m->cells[c].outcome);
        wp_sha256_add_text(sha, m->cells[c].grouping);
        wp_sha256_add_text(sha, m->cells[c].label);
    }
}

static void add_shapes(wp_sha256 *sha, const wp_model *m)
{
    for (int s = 0; s < m->n_shapes; s++) {
        const wp_effect_shape *shape = &m->shapes[s];
        add_int(sha, shape->n_build);
        add_int(sha, shape->n_fade);
        add_int(sha, shape->stays);
        add_int(sha, shape->month);
        for (int c = 0; c <= shape->n_build + shape->n_fade; c++) {
            wp_sha256_add_double(sha, shape->weights[c]);
        }
    }
}

static void add_variable(wp_sha256 *sha, const wp_variable_model *variable)
{
    wp_sha256_add_text(sha, variable->variable->name);
    add_int(sha, variable->rank);
    add_entry(sha, &variable->at_start);
    add_entry(sha, &variable->at_birth);
    add_entry(sha, &variable->at_arrival);
    add_entry(sha, &variable->at_new_household);
    add_int(sha, variable->time_at_start);
    add_quantile(sha, variable->time_table);
    wp_sha256_add_double(sha, variable->time_scale);
    for (int l = 0; variable->spell_tables != NULL && l < variable->variable->n_levels; l++) {
        add_quantile(sha, variable->spell_tables[l]);
    }
}

/* All that lives and counts are made of. */
static void add_lives(wp_sha256 *sha, const wp_model *m)
{
    for (int k = 0; k < WP_N_KINDS; k++) { add_kind(sha, &m->kinds[k]); }
    for (int v = 0; v < m->n_variables; v++) { add_variable(sha, &m->variables[v]); }
    for (int g = 0; g < m->n_groups; g++) { add_product(sha, &m->groups[g]); }
    add_shapes(sha, m);
    for (int p = 0; p < m->n_processes; p++) { add_process(sha, &m->processes[p]); }
    for (int v = 0; v < m->n_interventions; v++) { add_intervention(sha, &m->interventions[v]); }
    add_place(sha, m);
    add_outcomes(sha, m);
    add_int(sha, m->end);
    add_int(sha, m->epoch);
}

void wp_model_digest_compute(wp_model *m)
{
    wp_sha256 sha;
    wp_sha256_init(&sha);
    wp_sha256_add_text(&sha, "wholeplace model 1");
    for (int p = 0; p < m->scenario->n_parameters; p++) {
        wp_sha256_add_text(&sha, m->scenario->parameters[p].name);
        wp_sha256_add_double(&sha, m->parameter_values[p]);
    }
    add_lives(&sha, m);
    wp_sha256_end(&sha, m->digest);
}

void wp_model_digest_lives(const wp_model *m, uint8_t digest[WP_SHA256_BYTES])
{
    wp_sha256 sha;
    wp_sha256_init(&sha);
    add_lives(&sha, m);
    wp_sha256_end(&sha, digest);
}
