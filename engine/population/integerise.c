/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Systematic and dependent rounding: unbiased, and exact in their totals. */
#include "population/integerise.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/uniform.h"

/* A sum of fitted numbers counts as whole within this. */
static const double whole_tolerance = 1e-4;
/* A cell is settled within this of 0 or 1. */
static const double settled_tolerance = 1e-9;

void wp_integerise(int64_t n, const double *values, double uniform, int64_t *counts)
{
    double total = 0.0;
    for (int64_t i = 0; i < n; i++) { total += values[i] - floor(values[i]); }
    /* A sum that is whole but for rounding gives exactly that many draws: the last point is at the end. */
    double whole = floor(total + 0.5);
    double scale = fabs(total - whole) < whole_tolerance && total > 0.0 ? whole / total : 1.0;
    double sum = 0.0, draws = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double floored = floor(values[i]);
        sum += (values[i] - floored) * scale;
        double after = i == n - 1 && scale != 1.0 ? whole : floor(sum + 1.0 - uniform);
        if (after < draws) { after = draws; }
        counts[i] = (int64_t)floored + (after > draws ? 1 : 0);
        draws = after > draws ? draws + 1.0 : draws;
    }
}

/* ---- Dependent rounding of a table -------------------------------------------------------------- */

/* Nodes are rows, then columns; edges are the cells that are still fractional. */
typedef struct graph {
    int n_rows, n_cols;
    double *fraction;  /* n_rows x n_cols */
    int *edges;        /* per node a stack of neighbours: rows have n_cols places, columns n_rows */
    int *n_edges;      /* per node */
    int *place;        /* per node: where on the path, or -1 */
    int *path;         /* nodes */
    int n_path;
} graph;

static int *edges_of(const graph *self, int node)
{
    return node < self->n_rows ? &self->edges[(size_t)node * (size_t)self->n_cols]
                               : &self->edges[((size_t)self->n_rows * (size_t)self->n_cols) +
                                              (size_t)(node - self->n_rows) * (size_t)self->n_rows];
}

static double *fraction_of(const graph *self, int a, int b)
{
    int row = a < b ? a : b, col = (a < b ? b : a) - self->n_rows;
    return &self->fraction[(size_t)row * (size_t)self->n_cols + (size_t)col];
}

static void graph_free(graph *self)
{
    free(self->fraction);
    free(self->edges);
    free(self->n_edges);
    free(self->place);
    free(self->path);
}

static wp_status graph_init(graph *self, int n_rows, int n_cols, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_cells = (size_t)n_rows * (size_t)n_cols, n_nodes = (size_t)n_rows + (size_t)n_cols;
    self->n_rows = n_rows;
    self->n_cols = n_cols;
    WP_TRY_ALLOC(self->fraction = wp_calloc_array(n_cells, sizeof *self->fraction));
    WP_TRY_ALLOC(self->edges = wp_calloc_array(2 * n_cells, sizeof *self->edges));
    WP_TRY_ALLOC(self->n_edges = wp_calloc_array(n_nodes, sizeof *self->n_edges));
    WP_TRY_ALLOC(self->place = wp_calloc_array(n_nodes, sizeof *self->place));
    WP_TRY_ALLOC(self->path = wp_calloc_array(n_nodes + 1, sizeof *self->path));
    for (size_t i = 0; i < n_nodes; i++) { self->place[i] = -1; }
out:
    return status;
}

static void edge_add(graph *self, int a, int b)
{
    edges_of(self, a)[self->n_edges[a]++] = b;
    edges_of(self, b)[self->n_edges[b]++] = a;
}

static void edge_drop(graph *self, int a, int b)
{
    for (int side = 0; side < 2; side++) {
        int node = side == 0 ? a : b, other = side == 0 ? b : a, *edges = edges_of(self, node), i = 0;
        while (edges[i] != other) { i++; }
        edges[i] = edges[--self->n_edges[node]];
    }
}

static void path_clear(graph *self)
{
    for (int i = 0; i < self->n_path; i++) { self->place[self->path[i]] = -1; }
    self->n_path = 0;
}

/* Walks from `start` along fractional cells until a node repeats (then returns its place: the cycle is
   the path from there, closed) or there is no way on (returns -1). */
static int walk(graph *self, int start)
{
    path_clear(self);
    int node = start, from = -1;
    for (;;) {
        self->place[node] = self->n_path;
        self->path[self->n_path++] = node;
        const int *edges = edges_of(self, node);
        int next = -1;
        for (int i = 0; i < self->n_edges[node] && next < 0; i++) {
            if (edges[i] != from) { next = edges[i]; }
        }
        if (next < 0) { return -1; }
        if (self->place[next] >= 0) {
            int begin = self->place[next];
            self->path[self->n_path] = next; /* closes the cycle; not counted in n_path */
            return begin;
        }
        from = node;
        node = next;
    }
}

/* The only fractional cell of its row or column, whose sum should be whole, ends where it nearly is. */
static bool snap_if_alone(graph *self, int node)
{
    if (self->n_edges[node] != 1) { return false; }
    int other = edges_of(self, node)[0];
    double *fraction = fraction_of(self, node, other);
    double whole = floor(*fraction + 0.5);
    if (fabs(*fraction - whole) > whole_tolerance) { return false; }
    *fraction = whole;
    edge_drop(self, node, other);
    return true;
}

/* Moves weight along path[begin..end] in alternation, up or down with the chances that keep each
   cell's expectation, as far as the first cell that becomes 0 or 1. */
static void round_path(graph *self, int begin, int end, double uniform)
{
    double up = 2.0, down = 2.0;
    for (int i = begin; i < end; i++) {
        double x = *fraction_of(self, self->path[i], self->path[i + 1]);
        double room_up = (i - begin) % 2 == 0 ? 1.0 - x : x, room_down = 1.0 - room_up;
        up = room_up < up ? room_up : up;
        down = room_down < down ? room_down : down;
    }
    double move = uniform * (up + down) < down ? up : -down;
    for (int i = begin; i < end; i++) {
        int a = self->path[i], b = self->path[i + 1];
        double *x = fraction_of(self, a, b);
        *x += (i - begin) % 2 == 0 ? move : -move;
        if (*x < settled_tolerance || *x > 1.0 - settled_tolerance) {
            *x = *x < 0.5 ? 0.0 : 1.0;
            edge_drop(self, a, b);
        }
    }
}

/* Settles every fractional cell that hangs on `start`. */
static void settle(graph *self, int start, wp_key key, uint64_t id, uint32_t purpose, uint32_t *step)
{
    while (self->n_edges[start] > 0) {
        int begin = walk(self, start), end = self->n_path;
        if (begin < 0) { /* from that dead end back: a longest path, or a cycle */
            int dead_end = self->path[self->n_path - 1];
            if (snap_if_alone(self, dead_end)) { continue; }
            begin = walk(self, dead_end);
            end = self->n_path;
            if (begin < 0) {
                if (snap_if_alone(self, self->path[self->n_path - 1])) { continue; }
                begin = 0;
                end = self->n_path - 1;
            }
        }
        round_path(self, begin, end, wp_uniform(key, id, purpose, (*step)++));
    }
}

wp_status wp_integerise_table(int n_rows, int n_cols, const double *values, wp_key key, uint64_t id,
                              uint32_t purpose, int32_t *counts, wp_error *err)
{
    wp_status status = WP_OK;
    graph self = {0};
    uint32_t step = 0;
    WP_TRY(graph_init(&self, n_rows, n_cols, err));
    for (int i = 0; i < n_rows; i++) {
        for (int j = 0; j < n_cols; j++) {
            size_t cell = (size_t)i * (size_t)n_cols + (size_t)j;
            double fraction = values[cell] - floor(values[cell]);
            bool settled = fraction < settled_tolerance || fraction > 1.0 - settled_tolerance;
            self.fraction[cell] = settled ? (fraction < 0.5 ? 0.0 : 1.0) : fraction;
            if (!settled) { edge_add(&self, i, n_rows + j); }
        }
    }
    for (int i = 0; i < n_rows; i++) { settle(&self, i, key, id, purpose, &step); }
    for (size_t cell = 0; cell < (size_t)n_rows * (size_t)n_cols; cell++) {
        counts[cell] = (int32_t)floor(values[cell]) + (int32_t)self.fraction[cell];
    }
out:
    graph_free(&self);
    return status;
}
