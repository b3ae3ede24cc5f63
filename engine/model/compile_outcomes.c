/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes: which subjects count, and into which cells of the counts they fall. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/compile.h"
#include "model/words.h"

/* All maps and cells while they grow. */
typedef struct cell_list {
    size_t n, capacity;
    wp_cell *cells;
} cell_list;

/* One way of dividing an outcome: a cell for each label. */
typedef struct division {
    wp_feature_set set;
    int n_labels;
    const wp_condition *group; /* label 0: who is in it */
    int n_looks;
    const wp_look *looks; /* labels: levels, the first look slowest */
    int n_bands;
    const wp_band *bands; /* labels: bands of `looks[0]` */
} division;

static wp_status cell_add(wp_builder *b, cell_list *list, int outcome, const char *grouping,
                          const char *label)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        wp_cell *grown = wp_arena_alloc_array(b->arena, capacity, sizeof *grown);
        if (grown == NULL) { return wp_builder_no_memory(b); }
        if (list->n > 0) { memcpy(grown, list->cells, list->n * sizeof *grown); }
        list->cells = grown;
        list->capacity = capacity;
    }
    wp_cell cell = {.outcome = outcome,
                    .grouping = wp_arena_strdup(b->arena, grouping),
                    .label = wp_arena_strdup(b->arena, label)};
    if (cell.grouping == NULL || cell.label == NULL) { return wp_builder_no_memory(b); }
    list->cells[list->n++] = cell;
    return WP_OK;
}

/* ---- Which cell
 * -------------------------------------------------------------------------------------- */

/* Number of labels of a look without bands: its levels, or its plain values. */
static int labels_of(const wp_builder *b, int kind, int feature)
{
    const wp_draft_feature *d = &b->kinds[kind].features[feature];
    int n = 0;
    for (int c = 0; c < d->feature.n_classes; c++) { n += d->meanings[c] == WP_CLASS_VALUE; }
    return n;
}

/* Label of the classes in b->assignment, or -1. */
static wp_status label_now(wp_builder *b, int kind, const division *d, int *label)
{
    bool holds = false;
    int feature;
    *label = -1;
    if (d->group != NULL) {
        wp_status status = wp_evaluate_condition(b, kind, d->group, &holds);
        *label = holds ? 0 : -1;
        return status;
    }
    int place = 0;
    for (int l = 0; l < d->n_looks; l++) {
        wp_status status = wp_feature_of_look(b, kind, &d->looks[l], 0, NULL, &feature);
        if (status != WP_OK) { return status; }
        const wp_draft_feature *draft = &b->kinds[kind].features[feature];
        uint8_t class_now = b->assignment[feature];
        if (draft->meanings[class_now] != WP_CLASS_VALUE) { return WP_OK; }
        if (d->n_bands == 0) {
            place = place * labels_of(b, kind, feature) + class_now;
            continue;
        }
        for (int i = 0; i < d->n_bands; i++) {
            int64_t value = draft->values[class_now];
            if (wp_class_value(draft->unit, d->bands[i].lo) <= value &&
                value < wp_class_value(draft->unit, d->bands[i].hi)) {
                *label = i;
            }
        }
        return WP_OK;
    }
    *label = place;
    return WP_OK;
}

static wp_status map_fill(wp_builder *b, int kind, const division *d, int first_cell,
                          wp_cellmap *map)
{
    wp_status status = wp_axes_make(b, kind, &d->set, &map->n_axes, map->axes, &map->n);
    if (status != WP_OK) { return status; }
    int16_t *values = wp_builder_alloc(b, map->n, sizeof *values);
    if (values == NULL) { return wp_builder_no_memory(b); }
    for (uint32_t i = 0; i < map->n; i++) {
        int label = 0;
        wp_axes_assign(b, kind, &d->set, i);
        bool is_total = d->group == NULL && d->n_looks == 0;
        if (!is_total) { status = label_now(b, kind, d, &label); }
        if (status != WP_OK) { return status; }
        values[i] = (int16_t)label;
    }
    map->values = values;
    map->first_cell = first_cell;
    return WP_OK;
}

/* ---- Labels
 * -------------------------------------------------------------------------------------------- */

/* The words of label `label` of a division by looks: "most", "65-84", "female, most". */
static wp_status label_words(wp_builder *b, int kind, const division *d, int label, wp_text *text)
{
    wp_status status = WP_OK;
    int left = label, n_rest = d->n_labels;
    wp_text_clear(text);
    if (d->n_bands > 0) { return wp_words_band(b->scenario, &d->looks[0], &d->bands[label], text, b->err); }
    for (int l = 0; l < d->n_looks; l++) {
        int feature;
        WP_TRY(wp_feature_of_look(b, kind, &d->looks[l], 0, NULL, &feature));
        const wp_draft_feature *draft = &b->kinds[kind].features[feature];
        n_rest /= labels_of(b, kind, feature);
        int class_now = left / n_rest;
        left %= n_rest;
        if (l > 0) { WP_TRY(wp_text_append(text, ", ", b->err)); }
        WP_TRY(
            wp_words_level(b->scenario, &d->looks[l], (int)draft->values[class_now], text, b->err));
    }
out:
    return status;
}

static wp_status by_words(wp_builder *b, const wp_look *look, wp_text *text)
{
    wp_text_clear(text);
    wp_status status = wp_text_append(text, "by ", b->err);
    return status == WP_OK ? wp_words_look(b->scenario, look, text, b->err) : status;
}

/* ---- Maps
 * ------------------------------------------------------------------------------------------------
 */

typedef struct outcome_context {
    int index, kind;
    wp_outcome_model *model;
    wp_cellmap *maps;
    cell_list *cells;
} outcome_context;

/* Adds one map and its cells. `label` names a division with one cell; NULL: by its looks. */
static wp_status map_add(wp_builder *b, outcome_context *c, division *d, const char *grouping,
                         const char *label)
{
    wp_status status = WP_OK;
    wp_text words;
    wp_text_init(&words);
    if (d->group != NULL) { WP_TRY(wp_reads_condition(b, c->kind, d->group, &d->set)); }
    d->n_labels = d->n_bands > 0 ? d->n_bands : 1;
    for (int l = 0; l < d->n_looks; l++) {
        WP_TRY(wp_reads_look(b, c->kind, &d->looks[l], d->n_bands, d->bands, &d->set));
        if (b->registering || d->n_bands > 0) { continue; }
        int feature;
        WP_TRY(wp_feature_of_look(b, c->kind, &d->looks[l], 0, NULL, &feature));
        d->n_labels *= labels_of(b, c->kind, feature);
    }
    if (b->registering) { goto out; }
    if (c->cells->n + (size_t)d->n_labels > INT_MAX / 2 || d->n_labels > INT16_MAX) {
        status = wp_builder_fail(b, WP_ERR_LIMIT, "is divided into more than %d cells", INT16_MAX);
        goto out;
    }
    WP_TRY(map_fill(b, c->kind, d, (int)c->cells->n, &c->maps[c->model->n_maps++]));
    for (int l = 0; l < d->n_labels; l++) {
        if (label == NULL) { WP_TRY(label_words(b, c->kind, d, l, &words)); }
        WP_TRY(
            cell_add(b, c->cells, c->index, grouping, label == NULL ? wp_text_get(&words) : label));
    }
out:
    wp_text_free(&words);
    return status;
}

/* Does a subject of `kind` have what the report divides by? What is a person's is not a
 * household's. */
static bool can_divide(const wp_builder *b, int kind, const wp_look *look)
{
    if (kind == WP_PERSON) { return true; }
    bool is_households = look->whose == WP_OWN_HOUSEHOLD;
    if (look->kind == WP_LOOK_VARIABLE && look->whose == WP_SELF) {
        is_households = b->scenario->variables[look->item].of == WP_HOUSEHOLD;
    }
    return is_households;
}

static wp_status add_group_map(wp_builder *b, outcome_context *c, int group)
{
    static const wp_condition always = {.kind = WP_CONDITION_ALWAYS};
    const wp_group *g = &b->scenario->groups[group];
    division d = {.group = g->condition == NULL ? &always : g->condition};
    return map_add(b, c, &d, "group", g->name);
}

/* Does the figure need the outcome counted in the group: by itself, or through a price? */
static bool needs_group(const wp_scenario *s, const wp_figure *figure, int outcome, int group)
{
    bool needs = figure->kind == WP_FIGURE_OUTCOME && figure->outcome == outcome;
    for (int i = 0; figure->kind == WP_FIGURE_COST_OF && i < figure->n_cost_of; i++) {
        const wp_unit_value *value = &s->unit_values[figure->cost_of[i]];
        needs |= value->per == WP_PER_OUTCOME && value->outcome == outcome;
    }
    return (needs && figure->group == group) ||
           (figure->over != NULL && needs_group(s, figure->over, outcome, group));
}

static bool is_reported(const wp_scenario *s, int group)
{
    for (int g = 0; g < s->report.n_groups; g++) {
        if (s->report.groups[g] == group) { return true; }
    }
    return false;
}

/* Groups of targets, and of the figure at which a run stops, that the report does not count already. */
static wp_status add_target_maps(wp_builder *b, outcome_context *c)
{
    const wp_scenario *s = b->scenario;
    for (int g = 0; g < s->n_groups && c->kind == WP_PERSON; g++) {
        bool is_needed = s->stop.is_given && needs_group(s, &s->stop.figure, c->index, g);
        for (int t = 0; t < s->n_targets; t++) {
            is_needed |= needs_group(s, &s->targets[t].figure, c->index, g);
        }
        if (!is_needed || is_reported(s, g)) { continue; }
        wp_status status = add_group_map(b, c, g);
        if (status != WP_OK) { return status; }
    }
    return WP_OK;
}

static wp_status add_report_maps(wp_builder *b, outcome_context *c)
{
    wp_status status = WP_OK;
    const wp_report_spec *report = &b->scenario->report;
    const wp_look age = {.kind = WP_LOOK_AGE, .whose = WP_SELF};
    wp_text grouping;
    wp_text_init(&grouping);
    for (int g = 0; g < report->n_groups && c->kind == WP_PERSON; g++) {
        WP_TRY(add_group_map(b, c, report->groups[g]));
    }
    WP_TRY(add_target_maps(b, c));
    for (int i = 0; i < report->n_by; i++) {
        if (!can_divide(b, c->kind, &report->by[i])) { continue; }
        division d = {.n_looks = 1, .looks = &report->by[i]};
        WP_TRY(by_words(b, &report->by[i], &grouping));
        WP_TRY(map_add(b, c, &d, wp_text_get(&grouping), NULL));
    }
    if (report->n_ages > 0 && c->kind == WP_PERSON) {
        division d = {
            .n_looks = 1, .looks = &age, .n_bands = report->n_ages, .bands = report->ages};
        WP_TRY(map_add(b, c, &d, "by age", NULL));
    }
out:
    wp_text_free(&grouping);
    return status;
}

static wp_status compile_outcome(wp_builder *b, int index, cell_list *cells,
                                 wp_outcome_model *model)
{
    wp_status status = WP_OK;
    const wp_outcome *outcome = &b->scenario->outcomes[index];
    const wp_report_spec *report = &b->scenario->report;
    division total = {0};
    outcome_context c = {.index = index, .kind = (int)outcome->of, .model = model, .cells = cells};
    b->section = "outcome";
    b->name = outcome->name;
    *model = (wp_outcome_model){.outcome = outcome, .headline_cell = (int)cells->n};
    if (c.kind >= WP_N_KINDS) {
        return wp_builder_fail(b, WP_ERR_MODEL, "must be of a person, a household or a couple");
    }
    c.maps = wp_builder_alloc(
        b, (size_t)(3 + report->n_groups + report->n_by + 2 * b->scenario->n_targets + 2), sizeof *c.maps);
    if (c.maps == NULL) { return wp_builder_no_memory(b); }
    model->maps = c.maps;
    model->has_when = outcome->condition != NULL && outcome->condition->kind != WP_CONDITION_ALWAYS;
    WP_TRY(wp_product_of_condition(b, c.kind, outcome->condition, &model->when));
    WP_TRY(map_add(b, &c, &total, "all", "all"));
    WP_TRY(add_report_maps(b, &c));
    if (outcome->n_by > 0) {
        division own = {.n_looks = outcome->n_by, .looks = outcome->by};
        WP_TRY(map_add(b, &c, &own, "by level", NULL));
    }
out:
    return status;
}

wp_status wp_compile_outcomes(wp_builder *b)
{
    wp_status status = WP_OK;
    int n = b->scenario->n_outcomes;
    cell_list cells = {0};
    wp_outcome_model *models = wp_builder_alloc(b, (size_t)n, sizeof *models);
    if (models == NULL) { return wp_builder_no_memory(b); }
    for (int o = 0; o < n; o++) { WP_TRY(compile_outcome(b, o, &cells, &models[o])); }
    b->model->n_outcomes = n;
    b->model->outcomes = models;
    b->model->n_cells = (int)cells.n;
    b->model->cells = cells.cells;
out:
    return status;
}
