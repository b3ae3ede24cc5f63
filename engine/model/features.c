/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collecting features. A feature is found by what it is (kind, whose, source, window), so asking
   twice gives the same one; edges asked for by anyone are the union's. */
#include "model/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLASSES = 255 };

void wp_feature_set_add(wp_feature_set *set, int feature)
{
    int at = 0;
    while (at < set->n && set->features[at] < feature) { at++; }
    if (at < set->n && set->features[at] == feature) { return; }
    if (set->n > WP_MAX_AXES) { return; }
    for (int i = set->n; i > at; i--) { set->features[i] = set->features[i - 1]; }
    set->features[at] = (uint16_t)feature;
    set->n++;
}

int64_t wp_class_value(wp_class_unit unit, double number)
{
    if (unit == WP_CLASS_TICKS) { return wp_ticks_of_years(number); }
    if (number >= 1e9) { return INT64_MAX; }
    return (int64_t)ceil(number);
}

/* ---- Registering --------------------------------------------------------------------------------
 */

static wp_status grow(wp_builder *b, void *items, size_t *capacity, size_t n, size_t item_bytes)
{
    if (n < *capacity) { return WP_OK; }
    size_t wanted = *capacity == 0 ? 16 : 2 * *capacity;
    void *grown = wp_arena_alloc_array(&b->scratch, wanted, item_bytes);
    if (grown == NULL) { return wp_builder_no_memory(b); }
    void *old = NULL;
    memcpy(&old, items, sizeof old);
    if (n > 0) { memcpy(grown, old, n * item_bytes); }
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return WP_OK;
}

static wp_status edge_add(wp_builder *b, int64_t **edges, size_t *n, size_t *capacity,
                          int64_t value)
{
    size_t at = 0;
    while (at < *n && (*edges)[at] < value) { at++; }
    if (at < *n && (*edges)[at] == value) { return WP_OK; }
    wp_status status = grow(b, edges, capacity, *n, sizeof **edges);
    if (status != WP_OK) { return status; }
    memmove(*edges + at + 1, *edges + at, (*n - at) * sizeof **edges);
    (*edges)[at] = value;
    (*n)++;
    return WP_OK;
}

/* The largest plain value of a feature without edges. */
static int largest_value(const wp_builder *b, const wp_feature *f)
{
    switch (f->kind) {
    case WP_FEATURE_AGE:
        return WP_MAX_AGE;
    case WP_FEATURE_VARIABLE:
        return b->scenario->variables[f->source].n_levels - 1;
    case WP_FEATURE_NUMBER_OF:
    case WP_FEATURE_SIZE:
    case WP_FEATURE_CHILDREN_AT_HOME:
        return WP_MAX_COUNT;
    case WP_FEATURE_RECENT:
        return WP_MAX_RECENT;
    case WP_FEATURE_HOUSEHOLD_KIND:
        return WP_N_HOUSEHOLD_KINDS - 1;
    case WP_FEATURE_EFFECT: {
        const wp_effect_shape *shape = &b->model->shapes[f->source];
        return shape->n_build + shape->n_fade;
    }
    default:
        return 1;
    }
}

static bool is_count(wp_feature_kind kind)
{
    return kind == WP_FEATURE_AGE || kind == WP_FEATURE_NUMBER_OF || kind == WP_FEATURE_SIZE ||
           kind == WP_FEATURE_CHILDREN_AT_HOME || kind == WP_FEATURE_RECENT;
}

static bool is_in_ticks(wp_feature_kind kind)
{
    return kind == WP_FEATURE_TIME_IN || kind == WP_FEATURE_TIME_SINCE ||
           kind == WP_FEATURE_TIME_TOGETHER || kind == WP_FEATURE_RUN_TIME ||
           kind == WP_FEATURE_INDICATOR;
}

static int kind_of_whose(wp_whose whose)
{
    return whose == WP_OWN_HOUSEHOLD ? WP_HOUSEHOLD
           : whose == WP_OWN_COUPLE  ? WP_COUPLE
                                     : WP_PERSON;
}

static bool same_feature(const wp_feature *a, const wp_feature *b)
{
    return a->kind == b->kind && a->whose == b->whose && a->source == b->source &&
           a->window == b->window;
}

/* Finds or, while registering, makes the feature. */
static wp_status feature_ask(wp_builder *b, int kind, wp_feature wanted, int *feature)
{
    wp_draft_kind *list = &b->kinds[kind];
    for (size_t f = 0; f < list->n; f++) {
        if (same_feature(&list->features[f].feature, &wanted)) {
            *feature = (int)f;
            return WP_OK;
        }
    }
    if (!b->registering) {
        return wp_builder_fail(b, WP_ERR_MODEL, "looks at something that was not registered");
    }
    if (list->n >= UINT16_MAX) {
        return wp_builder_fail(b, WP_ERR_LIMIT, "too many things are looked at");
    }
    wp_status status = grow(b, &list->features, &list->capacity, list->n, sizeof *list->features);
    if (status != WP_OK) { return status; }
    wp_draft_feature *d = &list->features[list->n];
    *d = (wp_draft_feature){.feature = wanted, .asked = (int)list->n};
    d->feature.none = -1;
    d->feature.timer = -1;
    d->unit = is_in_ticks(wanted.kind) ? WP_CLASS_TICKS : WP_CLASS_WHOLE;
    d->has_edges = is_in_ticks(wanted.kind) || wanted.kind == WP_FEATURE_OLDEST_AGE ||
                   wanted.kind == WP_FEATURE_YOUNGER_AGE;
    if (wanted.kind == WP_FEATURE_COPY) {
        const wp_draft_feature *source =
            &b->kinds[kind_of_whose(wanted.whose)].features[wanted.source];
        d->collects = is_count(source->feature.kind);
        d->unit = source->unit;
    }
    if (wanted.kind == WP_FEATURE_TIME_IN) { b->variable_since[wanted.source] = 0; }
    if (wanted.kind == WP_FEATURE_TIME_SINCE) { b->event_since[kind][wanted.source] = 0; }
    if (wanted.kind == WP_FEATURE_TIME_TOGETHER) {
        b->event_since[kind][WP_EVENT_COUPLE_FORMED] = 0;
    }
    *feature = (int)list->n++;
    return WP_OK;
}

/* Makes the edges of `bands` edges of the feature; without bands all plain values are told apart.
 */
static wp_status bands_ask(wp_builder *b, int kind, int feature, int n_bands, const wp_band *bands)
{
    wp_status status = WP_OK;
    wp_draft_feature *d = &b->kinds[kind].features[feature];
    bool is_copy = d->feature.kind == WP_FEATURE_COPY;
    wp_draft_feature *source =
        is_copy ? &b->kinds[kind_of_whose(d->feature.whose)].features[d->feature.source] : d;
    wp_draft_feature *asked = d->collects ? d : source;
    int top = source->has_edges ? 0 : largest_value(b, &source->feature);
    if (!asked->has_edges && !asked->collects) { return WP_OK; }
    if (n_bands == 0 && asked->collects) {
        for (int v = 1; v <= top && status == WP_OK; v++) {
            status = edge_add(b, &asked->edges, &asked->n_edges, &asked->capacity, v);
        }
        return status;
    }
    for (int i = 0; i < 2 * n_bands && status == WP_OK; i++) {
        int64_t value = wp_class_value(asked->unit, i % 2 == 0 ? bands[i / 2].lo : bands[i / 2].hi);
        if (value <= 0 || value == INT64_MAX || (asked->collects && value > top)) { continue; }
        if (asked->feature.kind == WP_FEATURE_RUN_TIME) {
            status = edge_add(b, &b->run_edges, &b->n_run_edges, &b->run_edges_capacity, value);
        } else {
            status = edge_add(b, &asked->edges, &asked->n_edges, &asked->capacity, value);
        }
    }
    return status;
}

static void mark_age(wp_builder *b, int64_t age)
{
    if (age > 0 && age <= WP_MAX_AGE + 1) { b->model->age_edge[age] = 1; }
}

static void mark_ages(wp_builder *b, int n_bands, const wp_band *bands)
{
    for (int i = 0; i < n_bands; i++) {
        mark_age(b, wp_class_value(WP_CLASS_WHOLE, bands[i].lo));
        mark_age(b, wp_class_value(WP_CLASS_WHOLE, bands[i].hi));
    }
    for (int a = 1; n_bands == 0 && a <= WP_MAX_AGE; a++) { mark_age(b, a); }
}

/* ---- From looks to features
 * ------------------------------------------------------------------------ */

/* Whose feature a look means, seen from `kind`: what belongs to the household is the household's
   for everyone in it, what is the same for all is one's own. */
static wp_whose whose_of(const wp_builder *b, int kind, const wp_look *look)
{
    wp_whose whose = look->whose;
    switch (look->kind) {
    case WP_LOOK_DATE:
    case WP_LOOK_TIME_SINCE_START:
    case WP_LOOK_INDICATOR:
        return WP_SELF;
    case WP_LOOK_VARIABLE:
    case WP_LOOK_TIME_IN:
        if (whose == WP_SELF && b->scenario->variables[look->item].of == WP_HOUSEHOLD) {
            whose = WP_OWN_HOUSEHOLD;
        }
        break;
    case WP_LOOK_TIME_SINCE:
    case WP_LOOK_RECENT:
        if (whose == WP_SELF && b->scenario->events[look->item].of == WP_HOUSEHOLD) {
            whose = WP_OWN_HOUSEHOLD;
        }
        break;
    case WP_LOOK_SIZE:
    case WP_LOOK_KIND:
    case WP_LOOK_OLDEST_AGE:
        if (whose == WP_SELF) { whose = WP_OWN_HOUSEHOLD; }
        break;
    case WP_LOOK_NUMBER_OF:
        if (whose == WP_SELF && kind == WP_PERSON) { whose = WP_OWN_HOUSEHOLD; }
        break;
    case WP_LOOK_YOUNGER_AGE:
    case WP_LOOK_TIME_TOGETHER:
        if (whose == WP_SELF) { whose = WP_OWN_COUPLE; }
        break;
    default:
        break;
    }
    if (kind == WP_HOUSEHOLD && whose == WP_OWN_HOUSEHOLD) { return WP_SELF; }
    if (kind == WP_COUPLE && whose == WP_OWN_COUPLE) { return WP_SELF; }
    return whose;
}

static bool feature_kind_of(wp_look_kind look, wp_feature_kind *kind)
{
    static const struct {
        wp_look_kind look;
        wp_feature_kind kind;
    } pairs[] = {
        {WP_LOOK_VARIABLE, WP_FEATURE_VARIABLE},
        {WP_LOOK_AGE, WP_FEATURE_AGE},
        {WP_LOOK_DATE, WP_FEATURE_RUN_TIME},
        {WP_LOOK_TIME_IN, WP_FEATURE_TIME_IN},
        {WP_LOOK_TIME_SINCE, WP_FEATURE_TIME_SINCE},
        {WP_LOOK_TIME_SINCE_START, WP_FEATURE_RUN_TIME},
        {WP_LOOK_TIME_TOGETHER, WP_FEATURE_TIME_TOGETHER},
        {WP_LOOK_RECENT, WP_FEATURE_RECENT},
        {WP_LOOK_NUMBER_OF, WP_FEATURE_NUMBER_OF},
        {WP_LOOK_SIZE, WP_FEATURE_SIZE},
        {WP_LOOK_KIND, WP_FEATURE_HOUSEHOLD_KIND},
        {WP_LOOK_OLDEST_AGE, WP_FEATURE_OLDEST_AGE},
        {WP_LOOK_YOUNGER_AGE, WP_FEATURE_YOUNGER_AGE},
        {WP_LOOK_CHILDREN_AT_HOME, WP_FEATURE_CHILDREN_AT_HOME},
        {WP_LOOK_HAS_PARTNER, WP_FEATURE_HAS_PARTNER},
        {WP_LOOK_PARENT_AT_HOME, WP_FEATURE_PARENT_AT_HOME},
        {WP_LOOK_CHILD_AT_HOME, WP_FEATURE_CHILD_AT_HOME},
        {WP_LOOK_INDICATOR, WP_FEATURE_INDICATOR},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].look == look) {
            *kind = pairs[i].kind;
            return true;
        }
    }
    return false;
}

/* Can a subject of `kind` have this feature of its own? */
static bool kind_has(const wp_builder *b, int kind, wp_feature_kind feature, int item)
{
    switch (feature) {
    case WP_FEATURE_AGE:
    case WP_FEATURE_HAS_PARTNER:
    case WP_FEATURE_PARENT_AT_HOME:
    case WP_FEATURE_CHILD_AT_HOME:
        return kind == WP_PERSON;
    case WP_FEATURE_VARIABLE:
    case WP_FEATURE_TIME_IN:
        return (int)b->scenario->variables[item].of == kind;
    case WP_FEATURE_NUMBER_OF:
        return kind != WP_PERSON;
    case WP_FEATURE_SIZE:
    case WP_FEATURE_HOUSEHOLD_KIND:
    case WP_FEATURE_OLDEST_AGE:
        return kind == WP_HOUSEHOLD;
    case WP_FEATURE_YOUNGER_AGE:
    case WP_FEATURE_TIME_TOGETHER:
        return kind == WP_COUPLE;
    case WP_FEATURE_CHILDREN_AT_HOME:
        return kind != WP_COUPLE;
    default:
        return true;
    }
}

static int source_of(const wp_look *look, wp_feature_kind kind)
{
    switch (kind) {
    case WP_FEATURE_VARIABLE:
    case WP_FEATURE_TIME_IN:
    case WP_FEATURE_TIME_SINCE:
    case WP_FEATURE_RECENT:
    case WP_FEATURE_NUMBER_OF:
    case WP_FEATURE_INDICATOR:
        return look->item;
    default:
        return 0;
    }
}

wp_status wp_feature_of_look(wp_builder *b, int kind, const wp_look *look, int n_bands,
                             const wp_band *bands, int *feature)
{
    wp_status status = WP_OK;
    wp_feature_kind wanted_kind = WP_FEATURE_AGE;
    wp_whose whose = whose_of(b, kind, look);
    int owner = whose == WP_SELF ? kind : kind_of_whose(whose);
    if (!feature_kind_of(look->kind, &wanted_kind) ||
        !kind_has(b, owner, wanted_kind, look->item) ||
        (kind != WP_PERSON &&
         (whose == WP_PARTNER || whose == WP_MOTHER || whose == WP_OWN_COUPLE))) {
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "looks at something that its subject does not have");
    }
    wp_feature wanted = {.kind = wanted_kind, .source = source_of(look, wanted_kind)};
    if (wanted_kind == WP_FEATURE_RECENT) { wanted.window = wp_ticks_of_years(look->window); }
    status = feature_ask(b, owner, wanted, feature);
    if (status == WP_OK && whose != WP_SELF) {
        wanted = (wp_feature){.kind = WP_FEATURE_COPY, .whose = whose, .source = *feature};
        status = feature_ask(b, kind, wanted, feature);
    }
    if (status != WP_OK || !b->registering) { return status; }
    if (wanted.kind == WP_FEATURE_AGE && b->marks_ages) { mark_ages(b, n_bands, bands); }
    return bands_ask(b, kind, *feature, n_bands, bands);
}

wp_status wp_feature_of_effect(wp_builder *b, int kind, int shape, int *feature)
{
    const wp_intervention *v = &b->scenario->interventions[b->model->shapes[shape].intervention];
    int owner = v->everyone ? (kind == WP_COUPLE ? WP_HOUSEHOLD : kind) : (int)v->of;
    if (owner != kind && (owner != WP_HOUSEHOLD || kind == WP_HOUSEHOLD)) {
        return wp_builder_fail(b, WP_ERR_MODEL,
                               "intervention '%s' is of a person and cannot change it", v->name);
    }
    wp_feature wanted = {.kind = WP_FEATURE_EFFECT, .source = shape};
    wp_status status = feature_ask(b, owner, wanted, feature);
    if (status != WP_OK || owner == kind) { return status; }
    wanted = (wp_feature){.kind = WP_FEATURE_COPY, .whose = WP_OWN_HOUSEHOLD, .source = *feature};
    return feature_ask(b, kind, wanted, feature);
}

wp_status wp_features_init(wp_builder *b)
{
    wp_status status = WP_OK;
    int feature;
    WP_TRY(feature_ask(b, WP_PERSON, (wp_feature){.kind = WP_FEATURE_AGE}, &feature));
    for (int v = 0; v < b->scenario->n_variables; v++) {
        wp_feature wanted = {.kind = WP_FEATURE_VARIABLE, .source = v};
        WP_TRY(feature_ask(b, (int)b->scenario->variables[v].of, wanted, &feature));
    }
out:
    return status;
}

int wp_feature_since_variable(wp_builder *b, int variable)
{
    if (b->registering) { b->variable_since[variable] = 0; }
    return b->variable_since[variable];
}

int wp_feature_since_event(wp_builder *b, int kind, int event)
{
    if (b->registering) { b->event_since[kind][event] = 0; }
    return b->event_since[kind][event];
}

/* ---- Finishing
 * ------------------------------------------------------------------------------------- */

static int compare_features(const void *left, const void *right)
{
    const wp_feature *a = &((const wp_draft_feature *)left)->feature;
    const wp_feature *b = &((const wp_draft_feature *)right)->feature;
    bool a_copy = a->kind == WP_FEATURE_COPY, b_copy = b->kind == WP_FEATURE_COPY;
    if (a_copy != b_copy) { return a_copy ? 1 : -1; }
    if (a->kind != b->kind) { return a->kind < b->kind ? -1 : 1; }
    if (a->whose != b->whose) { return a->whose < b->whose ? -1 : 1; }
    if (a->source != b->source) { return a->source < b->source ? -1 : 1; }
    return a->window < b->window ? -1 : a->window > b->window;
}

/* Own features in order of what they are; then copies, by whose and by the source's new place. */
static wp_status put_in_order(wp_builder *b)
{
    int *moved[WP_N_KINDS] = {NULL};
    for (int k = 0; k < WP_N_KINDS; k++) {
        wp_draft_kind *list = &b->kinds[k];
        moved[k] = wp_arena_alloc_array(&b->scratch, list->n, sizeof **moved);
        if (moved[k] == NULL) { return wp_builder_no_memory(b); }
        if (list->n > 0) {
            qsort(list->features, list->n, sizeof *list->features, compare_features);
        }
        for (size_t f = 0; f < list->n; f++) { moved[k][list->features[f].asked] = (int)f; }
    }
    for (int k = 0; k < WP_N_KINDS; k++) {
        wp_draft_kind *list = &b->kinds[k];
        for (size_t f = 0; f < list->n; f++) {
            wp_feature *feature = &list->features[f].feature;
            if (feature->kind != WP_FEATURE_COPY) { continue; }
            feature->source = moved[kind_of_whose(feature->whose)][feature->source];
        }
        if (list->n > 0) {
            qsort(list->features, list->n, sizeof *list->features, compare_features);
        }
    }
    return WP_OK;
}

static void too_many_classes(wp_builder *b, int kind, int feature)
{
    char name[128];
    wp_feature_name(b, kind, feature, name, sizeof name);
    wp_fail(b->err, WP_ERR_LIMIT, "'%s' is divided into more than %d classes", name, MAX_CLASSES);
}

/* Allocates values and meanings of d->feature.n_classes classes. */
static wp_status classes_alloc(wp_builder *b, wp_draft_feature *d, int kind, int feature)
{
    if (d->feature.n_classes > MAX_CLASSES) {
        too_many_classes(b, kind, feature);
        return WP_ERR_LIMIT;
    }
    d->values = wp_arena_alloc_array(&b->scratch, (size_t)d->feature.n_classes, sizeof *d->values);
    d->meanings = wp_arena_alloc_array(&b->scratch, (size_t)d->feature.n_classes, 1);
    return d->values == NULL || d->meanings == NULL ? wp_builder_no_memory(b) : WP_OK;
}

static wp_status finish_own(wp_builder *b, int kind, int index)
{
    wp_draft_feature *d = &b->kinds[kind].features[index];
    wp_feature *f = &d->feature;
    if (f->kind == WP_FEATURE_RUN_TIME) {
        d->edges = b->run_edges;
        d->n_edges = b->n_run_edges;
    }
    bool has_never = f->kind == WP_FEATURE_TIME_SINCE;
    int n_values = d->has_edges ? (int)d->n_edges + 1 : largest_value(b, f) + 1;
    f->n_classes = n_values + has_never;
    wp_status status = classes_alloc(b, d, kind, index);
    if (status != WP_OK) { return status; }
    for (int c = 0; c < n_values; c++) {
        d->values[c] = !d->has_edges ? c : c == 0 ? 0 : d->edges[c - 1];
    }
    if (has_never) {
        f->none = n_values;
        d->meanings[n_values] = WP_CLASS_NEVER;
    }
    if (d->has_edges && d->n_edges > 0) {
        int64_t *edges = wp_arena_alloc_array(&b->model->arena, d->n_edges, sizeof *edges);
        if (edges == NULL) { return wp_builder_no_memory(b); }
        memcpy(edges, d->edges, d->n_edges * sizeof *edges);
        f->edges = edges;
        f->n_edges = (int)d->n_edges;
    }
    if (f->kind == WP_FEATURE_OLDEST_AGE || f->kind == WP_FEATURE_YOUNGER_AGE) {
        for (size_t e = 0; e < d->n_edges; e++) { mark_age(b, d->edges[e]); }
    }
    if (f->kind == WP_FEATURE_TIME_IN || f->kind == WP_FEATURE_TIME_SINCE ||
        f->kind == WP_FEATURE_TIME_TOGETHER || f->kind == WP_FEATURE_RECENT ||
        f->kind == WP_FEATURE_EFFECT) {
        f->timer = b->model->kinds[kind].n_timers++;
    }
    return WP_OK;
}

static wp_status finish_copy(wp_builder *b, int kind, int index)
{
    wp_draft_feature *d = &b->kinds[kind].features[index];
    wp_feature *f = &d->feature;
    const wp_draft_feature *source = &b->kinds[kind_of_whose(f->whose)].features[f->source];
    int n_values = d->collects ? (int)d->n_edges + 1 : source->feature.n_classes;
    bool can_lack = f->whose != WP_OWN_HOUSEHOLD;
    f->n_classes = n_values + can_lack;
    wp_status status = classes_alloc(b, d, kind, index);
    if (status != WP_OK) { return status; }
    if (can_lack) {
        f->none = n_values;
        d->meanings[n_values] = WP_CLASS_NO_SUBJECT;
    }
    for (int c = 0; c < n_values; c++) {
        d->values[c] = !d->collects ? source->values[c] : c == 0 ? 0 : d->edges[c - 1];
        d->meanings[c] = d->collects ? (uint8_t)WP_CLASS_VALUE : source->meanings[c];
    }
    if (!d->collects) { return WP_OK; }
    uint8_t *remap = wp_arena_alloc_array(&b->model->arena, (size_t)source->feature.n_classes, 1);
    if (remap == NULL) { return wp_builder_no_memory(b); }
    for (int c = 0; c < source->feature.n_classes; c++) {
        while (remap[c] < d->n_edges && d->edges[remap[c]] <= source->values[c]) { remap[c]++; }
    }
    f->remap = remap;
    if (source->feature.kind == WP_FEATURE_AGE) {
        for (size_t e = 0; e < d->n_edges; e++) { mark_age(b, d->edges[e]); }
    }
    return WP_OK;
}

/* Slots for instants: levels' in order of the variables, then events'. */
static void finish_since(wp_builder *b)
{
    const wp_scenario *s = b->scenario;
    for (int v = 0; v < s->n_variables; v++) {
        if (b->variable_since[v] < 0) { continue; }
        b->variable_since[v] = b->model->kinds[s->variables[v].of].n_since++;
    }
    for (int k = 0; k < WP_N_KINDS; k++) {
        for (int e = 0; e < s->n_events; e++) {
            if (b->event_since[k][e] < 0) { continue; }
            b->event_since[k][e] = b->model->kinds[k].n_since++;
        }
    }
}

/* Hands the finished features to the model. */
static wp_status publish(wp_builder *b, int kind)
{
    wp_kind *k = &b->model->kinds[kind];
    const wp_draft_kind *list = &b->kinds[kind];
    wp_feature *features = wp_arena_alloc_array(&b->model->arena, list->n, sizeof *features);
    int *recents = wp_arena_alloc_array(&b->model->arena, list->n, sizeof *recents);
    if (features == NULL || recents == NULL) { return wp_builder_no_memory(b); }
    for (size_t f = 0; f < list->n; f++) {
        features[f] = list->features[f].feature;
        if (features[f].kind == WP_FEATURE_RECENT) { recents[k->n_recents++] = (int)f; }
    }
    k->n_features = (int)list->n;
    k->features = features;
    k->recents = recents;
    k->since_event = b->event_since[kind];
    return WP_OK;
}

wp_status wp_features_finish(wp_builder *b)
{
    wp_status status = WP_OK;
    size_t largest = 1;
    WP_TRY(put_in_order(b));
    for (int k = 0; k < WP_N_KINDS; k++) {
        b->model->kinds[k].n_timers = b->kinds[k].n_timers;
        largest = b->kinds[k].n > largest ? b->kinds[k].n : largest;
        for (size_t f = 0; f < b->kinds[k].n; f++) {
            if (b->kinds[k].features[f].feature.kind == WP_FEATURE_COPY) { break; }
            WP_TRY(finish_own(b, k, (int)f));
        }
    }
    for (int k = 0; k < WP_N_KINDS; k++) {
        for (size_t f = 0; f < b->kinds[k].n; f++) {
            if (b->kinds[k].features[f].feature.kind != WP_FEATURE_COPY) { continue; }
            WP_TRY(finish_copy(b, k, (int)f));
        }
    }
    finish_since(b);
    for (int k = 0; k < WP_N_KINDS; k++) { WP_TRY(publish(b, k)); }
    b->assignment = wp_arena_alloc_array(&b->scratch, largest, 1);
    if (b->assignment == NULL) { status = wp_builder_no_memory(b); }
out:
    return status;
}
