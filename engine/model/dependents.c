/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be looked at again when a feature changes. */
#include "model/compile.h"

/* The features of a product's tables, one by one. */
typedef void mark_fn(wp_dependents *feature, int slot);

static void mark_product(wp_dependents *features, const wp_product *product, mark_fn *mark,
                         int slot)
{
    for (int t = 0; t < product->n_tables; t++) {
        for (int a = 0; a < product->tables[t].n_axes; a++) {
            mark(&features[product->tables[t].axes[a].feature], slot);
        }
    }
}

static void mark_clock(wp_dependents *feature, int slot)
{
    wp_add_bit(&feature->clocks, slot);
}
static void mark_delay(wp_dependents *feature, int slot)
{
    wp_add_bit(&feature->delays, slot);
}

static void mark_tally(wp_dependents *feature, int slot)
{
    wp_add_bit(&feature->tallies, slot < WP_LAST_TALLY ? slot : WP_LAST_TALLY - 1);
}

static void mark_group(wp_dependents *feature, int slot)
{
    (void)slot;
    feature->groups = true;
}

static void mark_stop(wp_dependents *feature, int slot)
{
    (void)slot;
    feature->stops = true;
}

static void mark_processes(const wp_model *m, wp_dependents *of_kind[WP_N_KINDS])
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        for (int c = 0; c < m->kinds[k].n_clocks; c++) {
            const wp_process_model *p = &m->processes[m->kinds[k].clocks[c]];
            mark_product(of_kind[k], &p->rate, mark_clock, c);
            if (p->smooth.clock_is_when) { mark_product(of_kind[k], &p->when, mark_clock, c); }
        }
        for (int d = 0; d < m->kinds[k].n_delays; d++) {
            const wp_process_model *p = &m->processes[m->kinds[k].delays[d]];
            mark_product(of_kind[k], &p->when, mark_delay, d);
            mark_product(of_kind[k], &p->delay_factor, mark_delay, d);
        }
    }
}

static void mark_outcomes(const wp_model *m, wp_dependents *of_kind[WP_N_KINDS])
{
    int n[WP_N_KINDS] = {0};
    for (int o = 0; o < m->n_outcomes; o++) {
        const wp_outcome_model *outcome = &m->outcomes[o];
        wp_dependents *features = of_kind[outcome->outcome->of];
        if (outcome->outcome->kind != WP_OUTCOME_TIME_IN) { continue; }
        const int slot = n[outcome->outcome->of]++;
        mark_product(features, &outcome->when, mark_tally, slot);
        for (int i = 0; i < outcome->n_maps; i++) {
            for (int a = 0; a < outcome->maps[i].n_axes; a++) {
                mark_tally(&features[outcome->maps[i].axes[a].feature], slot);
            }
        }
    }
}

static int kind_of_copy(wp_whose whose)
{
    return whose == WP_OWN_HOUSEHOLD ? WP_HOUSEHOLD
           : whose == WP_OWN_COUPLE  ? WP_COUPLE
                                     : WP_PERSON;
}

void wp_table_mark_ages(const wp_table *table, uint8_t ages[WP_MAX_AGE + 1])
{
    const uint32_t stride = (uint32_t)table->age_stride;
    for (uint32_t i = stride; stride != 0 && i < table->n; i++) {
        const uint32_t age = i / stride % (WP_MAX_AGE + 1);
        if (age > 0 && table->values[i] != table->values[i - stride]) { ages[age] = 1; }
    }
}

/* Ages at which a person can come into a group that is counted, or leave it. */
static void mark_ages_of(wp_model *m, const wp_product *group)
{
    for (int t = 0; t < group->n_tables; t++) { wp_table_mark_ages(&group->tables[t], m->age_edge); }
}

/* Counted groups, copies, and stops. */
static void mark_rest(wp_model *m, wp_dependents *of_kind[WP_N_KINDS])
{
    for (int k = 0; k < WP_N_KINDS; k++) {
        for (int f = 0; f < m->kinds[k].n_features; f++) {
            const wp_feature *feature = &m->kinds[k].features[f];
            if (feature->kind == WP_FEATURE_COPY) {
                of_kind[kind_of_copy(feature->whose)][feature->source].copies = true;
            } else if (feature->kind == WP_FEATURE_NUMBER_OF) {
                mark_product(of_kind[WP_PERSON], &m->groups[feature->source], mark_group, 0);
                mark_ages_of(m, &m->groups[feature->source]);
            }
        }
    }
    for (int v = 0; v < m->n_interventions; v++) {
        const wp_intervention_model *intervention = &m->interventions[v];
        mark_product(of_kind[intervention->intervention->of], &intervention->stops_when, mark_stop,
                     0);
    }
}

wp_status wp_compile_dependents(wp_builder *b)
{
    wp_model *m = b->model;
    wp_dependents *of_kind[WP_N_KINDS] = {NULL};
    for (int k = 0; k < WP_N_KINDS; k++) {
        of_kind[k] = wp_builder_alloc(b, (size_t)m->kinds[k].n_features, sizeof **of_kind);
        if (of_kind[k] == NULL) { return wp_builder_no_memory(b); }
        m->kinds[k].dependents = of_kind[k];
    }
    mark_processes(m, of_kind);
    mark_outcomes(m, of_kind);
    mark_rest(m, of_kind);
    return WP_OK;
}
