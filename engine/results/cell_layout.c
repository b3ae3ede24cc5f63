/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and dimensions of the variables that hold counts. */
#include "results/cell_layout.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "results/columns.h"

enum { MAX_NAME = 200 };

/* Letters, digits and underscores only, so that `ds.name` works in every reader. */
static void clean_name(char *name)
{
    for (char *c = name; *c != '\0'; c++) {
        bool is_word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (!is_word) { *c = '_'; }
    }
}

static bool name_is_taken(const wp_cell_layout *layout, const char *name, int n_batch_names)
{
    for (int d = 0; d < WP_N_DIMS; d++) {
        if (strcmp(wp_dimensions[d].name, name) == 0) { return true; }
    }
    for (size_t i = 0; i < wp_n_columns; i++) {
        if (wp_columns[i].group[0] == '\0' && strcmp(wp_columns[i].name, name) == 0) { return true; }
    }
    static const char *const groups[] = {"provenance", "layout", "traces", "money", "targets"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (strcmp(groups[i], name) == 0) { return true; }
    }
    for (int d = 0; d < layout->n_dims; d++) {
        if (strcmp(layout->dims[d].name, name) == 0) { return true; }
    }
    for (int v = 0; v < layout->n_variables; v++) {
        if (strcmp(layout->variables[v].name, name) == 0) { return true; }
    }
    for (int o = 0; o < n_batch_names; o++) {
        if (strcmp(layout->batch_names[o], name) == 0) { return true; }
    }
    return false;
}

/* The name, or the name with as many underscores as make it unlike all others. */
static const char *free_name(wp_cell_layout *layout, const char *wanted, int n_batch_names)
{
    char name[MAX_NAME + 64];
    snprintf(name, MAX_NAME, "%s", wanted);
    clean_name(name);
    for (size_t length = strlen(name);
         name_is_taken(layout, name, n_batch_names) && length < sizeof name - 1;) {
        name[length++] = '_';
        name[length] = '\0';
    }
    return wp_arena_strdup(&layout->arena, name);
}

static bool same_labels(const wp_cell_layout_dim *dim, const wp_run_data *data,
                        const wp_cell_layout_variable *v)
{
    if (dim->n != v->n || strcmp(dim->grouping, v->grouping) != 0) { return false; }
    for (int i = 0; i < v->n; i++) {
        if (strcmp(dim->labels[i], data->cell_label[v->cells[i]]) != 0) { return false; }
    }
    return true;
}

static const char *grouping_word(const char *grouping)
{
    return strncmp(grouping, "by ", 3) == 0 ? grouping + 3 : grouping;
}

/* Finds or makes the dimension of a variable's labels. */
static wp_status find_dim(wp_cell_layout *layout, const wp_run_data *data, wp_cell_layout_variable *v,
                          wp_error *err)
{
    wp_status status = WP_OK;
    bool is_word_taken = false;
    for (int d = 0; d < layout->n_dims; d++) {
        if (same_labels(&layout->dims[d], data, v)) {
            v->dim = d;
            return WP_OK;
        }
        is_word_taken |= strcmp(layout->dims[d].grouping, v->grouping) == 0;
    }
    char name[MAX_NAME];
    if (is_word_taken) {
        snprintf(name, sizeof name, "%s_%s", data->outcomes[v->outcome], grouping_word(v->grouping));
    } else {
        snprintf(name, sizeof name, "%s", grouping_word(v->grouping));
    }
    wp_cell_layout_dim dim = {.n = v->n, .grouping = v->grouping};
    dim.name = free_name(layout, name, 0);
    dim.labels = wp_arena_alloc_array(&layout->arena, (size_t)v->n, sizeof *dim.labels);
    WP_TRY_ALLOC(dim.name);
    WP_TRY_ALLOC(dim.labels);
    for (int i = 0; i < v->n; i++) { dim.labels[i] = data->cell_label[v->cells[i]]; }
    v->dim = layout->n_dims;
    layout->dims[layout->n_dims++] = dim;
out:
    return status;
}

/* Collects the cells of one outcome and grouping, beginning at `first`, and marks them as done. */
static wp_status add_variable(wp_cell_layout *layout, const wp_run_data *data, int first, bool *done,
                              wp_error *err)
{
    wp_status status = WP_OK;
    wp_cell_layout_variable v = {
        .outcome = data->cell_outcome[first], .grouping = data->cell_grouping[first], .dim = -1};
    v.cells = wp_arena_alloc_array(&layout->arena, (size_t)(data->n_cells - first), sizeof *v.cells);
    WP_TRY_ALLOC(v.cells);
    for (int c = first; c < data->n_cells; c++) {
        if (!done[c] && data->cell_outcome[c] == v.outcome &&
            strcmp(data->cell_grouping[c], v.grouping) == 0) {
            done[c] = true;
            v.cells[v.n++] = c;
        }
    }
    char name[MAX_NAME];
    const char *outcome = data->outcomes[v.outcome];
    bool is_total = strcmp(v.grouping, "all") == 0 && v.n == 1;
    if (is_total) {
        snprintf(name, sizeof name, "%s", outcome);
    } else {
        snprintf(name, sizeof name, "%s_by_%s", outcome, grouping_word(v.grouping));
        WP_TRY(find_dim(layout, data, &v, err));
    }
    v.name = free_name(layout, name, 0);
    WP_TRY_ALLOC(v.name);
    layout->variables[layout->n_variables++] = v;
out:
    return status;
}

static wp_status name_histograms(wp_cell_layout *layout, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    layout->histogram_names = wp_arena_alloc_array(&layout->arena, (size_t)data->n_histograms,
                                                   sizeof *layout->histogram_names);
    WP_TRY_ALLOC(layout->histogram_names);
    for (int h = 0; h < data->n_histograms; h++) {
        const int o = data->histogram_outcome[h];
        char name[MAX_NAME];
        if (o < 0 || o >= data->n_outcomes) {
            status = wp_fail(err, WP_ERR_ARGUMENT, "histogram %d belongs to no outcome (%d)", h, o);
            goto out;
        }
        snprintf(name, sizeof name, "%s_histogram", data->outcomes[o]);
        layout->histogram_names[h] = free_name(layout, name, data->n_outcomes);
        WP_TRY_ALLOC(layout->histogram_names[h]);
    }
out:
    return status;
}

wp_status wp_cell_layout_init(wp_cell_layout *layout, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    *layout = (wp_cell_layout){0};
    wp_arena_init(&layout->arena, 0);
    size_t n = (size_t)data->n_cells;
    bool *done = wp_arena_alloc_array(&layout->arena, n, sizeof *done);
    layout->dims = wp_arena_alloc_array(&layout->arena, n, sizeof *layout->dims);
    layout->variables = wp_arena_alloc_array(&layout->arena, n, sizeof *layout->variables);
    layout->batch_names = wp_arena_alloc_array(&layout->arena, (size_t)data->n_outcomes,
                                               sizeof *layout->batch_names);
    WP_TRY_ALLOC(done);
    WP_TRY_ALLOC(layout->dims);
    WP_TRY_ALLOC(layout->variables);
    WP_TRY_ALLOC(layout->batch_names);
    for (int c = 0; c < data->n_cells; c++) {
        if (data->cell_outcome[c] < 0 || data->cell_outcome[c] >= data->n_outcomes) {
            status =
                wp_fail(err, WP_ERR_ARGUMENT, "cell %d belongs to no outcome (%d)", c, data->cell_outcome[c]);
            goto out;
        }
    }
    for (int c = 0; c < data->n_cells; c++) {
        if (!done[c]) { WP_TRY(add_variable(layout, data, c, done, err)); }
    }
    for (int o = 0; o < data->n_outcomes; o++) {
        char name[MAX_NAME];
        snprintf(name, sizeof name, "%s_by_batch", data->outcomes[o]);
        layout->batch_names[o] = free_name(layout, name, o);
        WP_TRY_ALLOC(layout->batch_names[o]);
    }
    WP_TRY(name_histograms(layout, data, err));
out:
    return status;
}

void wp_cell_layout_free(wp_cell_layout *layout)
{
    wp_arena_free(&layout->arena);
    *layout = (wp_cell_layout){0};
}
