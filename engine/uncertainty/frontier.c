/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Efficient frontier: the lower right hull of costs over effects. */
#include "uncertainty/frontier.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

typedef struct point { double cost, effect; int option; } point;

static int by_cost(const void *a, const void *b)
{
    const point *x = a, *y = b;
    if (x->cost != y->cost) { return x->cost < y->cost ? -1 : 1; }
    if (x->effect != y->effect) { return x->effect > y->effect ? -1 : 1; }
    return (x->option > y->option) - (x->option < y->option);
}

static double ratio(const point *from, const point *to)
{
    return (to->cost - from->cost) / (to->effect - from->effect);
}

/* `points` in order of cost. Those that do no more than a cheaper one are dominated; of the others each may
   unseat those before it whose ratio is not below its own. */
static int find_hull(const point *points, int n, int *hull, wp_standing *standing)
{
    int n_hull = 0;
    for (int i = 0; i < n; i++) {
        if (n_hull > 0 && points[i].effect <= points[hull[n_hull - 1]].effect) {
            standing[i] = WP_DOMINATED;
            continue;
        }
        while (n_hull >= 2 && ratio(&points[hull[n_hull - 2]], &points[hull[n_hull - 1]]) >=
                                  ratio(&points[hull[n_hull - 1]], &points[i])) {
            standing[hull[--n_hull]] = WP_EXTENDED_DOMINATED;
        }
        standing[i] = WP_EFFICIENT;
        hull[n_hull++] = i;
    }
    return n_hull;
}

wp_status wp_frontier(const double *costs, const double *effects, int n, wp_frontier_row *rows, wp_error *err)
{
    wp_status status = WP_OK;
    point *points = wp_calloc_array((size_t)n, sizeof *points);
    int *hull = wp_calloc_array((size_t)n, sizeof *hull);
    wp_standing *standing = wp_calloc_array((size_t)n, sizeof *standing);
    WP_TRY_ALLOC(points);
    WP_TRY_ALLOC(hull);
    WP_TRY_ALLOC(standing);
    for (int i = 0; i < n; i++) { points[i] = (point){costs[i], effects[i], i}; }
    qsort(points, (size_t)n, sizeof *points, by_cost);
    int n_hull = find_hull(points, n, hull, standing), n_rows = 0;
    for (int k = 0; k < n_hull; k++) {
        const point *at = &points[hull[k]], *before = k > 0 ? &points[hull[k - 1]] : NULL;
        rows[n_rows++] = (wp_frontier_row){at->option, WP_EFFICIENT, before ? at->cost - before->cost : NAN,
                                           before ? at->effect - before->effect : NAN,
                                           before ? ratio(before, at) : NAN};
    }
    for (int i = 0; i < n; i++) {
        if (standing[i] == WP_EFFICIENT) { continue; }
        rows[n_rows++] = (wp_frontier_row){points[i].option, standing[i], NAN, NAN, NAN};
    }
out:
    free(points);
    free(hull);
    free(standing);
    return status;
}
