/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Iterative proportional fitting, with bands that are coarser than the table's levels. */
#include "population/ipf.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

enum { MAX_SWEEPS = 5000 };
static const double tolerance = 1e-10;
/* Up to so many people in one of several cells are rounding in the sources, whatever their share. */
static const double least_disagreement = 5.0;

/* A margin at work: the margin cell of each table cell, and sums. */
typedef struct work {
    int32_t *cell_of;   /* per table cell; -1 not constrained */
    int n_cells, n_first;
    double *wanted, *sum, *factor;
} work;

static int band_of(const wp_ipf_margin *margin, int axis, int level)
{
    return margin->bands[axis] == NULL ? level : margin->bands[axis][level];
}

int wp_ipf_cells(const wp_ipf_margin *margin)
{
    int n = 1;
    for (int k = 0; k < margin->n_axes; k++) { n *= margin->n_bands[k]; }
    return n;
}

int wp_ipf_cell(const wp_ipf_margin *margin, int n_dims, const int *sizes, int cell)
{
    int levels[WP_IPF_MAX_DIMS], at = 0;
    for (int dim = n_dims - 1; dim >= 0; dim--) {
        levels[dim] = cell % sizes[dim];
        cell /= sizes[dim];
    }
    for (int k = 0; k < margin->n_axes && at >= 0; k++) {
        int band = band_of(margin, k, levels[margin->axes[k]]);
        at = band < 0 ? -1 : at * margin->n_bands[k] + band;
    }
    return at;
}

static int n_table_cells(int n_dims, const int *sizes)
{
    int n = 1;
    for (int dim = 0; dim < n_dims; dim++) { n *= sizes[dim]; }
    return n;
}

void wp_ipf_sum(const double *table, int n_dims, const int *sizes, const wp_ipf_margin *margin,
                double *sums)
{
    for (int i = 0; i < wp_ipf_cells(margin); i++) { sums[i] = 0.0; }
    for (int cell = 0; cell < n_table_cells(n_dims, sizes); cell++) {
        int at = wp_ipf_cell(margin, n_dims, sizes, cell);
        if (at >= 0) { sums[at] += table[cell]; }
    }
}

static int axis_of_dim(const wp_ipf_margin *margin, int dim)
{
    for (int k = 0; k < margin->n_axes; k++) {
        if (margin->axes[k] == dim) { return k; }
    }
    return -1;
}

static void work_free(work *self)
{
    free(self->cell_of);
    free(self->wanted);
    free(self->sum);
    free(self->factor);
}

static wp_status work_init(work *self, const wp_ipf_margin *margin, int n_dims, const int *sizes,
                           int n_table, wp_error *err)
{
    wp_status status = WP_OK;
    self->n_cells = wp_ipf_cells(margin);
    self->n_first = margin->n_axes > 0 ? margin->n_bands[0] : 1;
    WP_TRY_ALLOC(self->cell_of = wp_calloc_array((size_t)n_table, sizeof *self->cell_of));
    WP_TRY_ALLOC(self->wanted = wp_calloc_array((size_t)self->n_cells, sizeof *self->wanted));
    WP_TRY_ALLOC(self->sum = wp_calloc_array((size_t)self->n_cells, sizeof *self->sum));
    WP_TRY_ALLOC(self->factor = wp_calloc_array((size_t)self->n_cells, sizeof *self->factor));
    memcpy(self->wanted, margin->wanted, (size_t)self->n_cells * sizeof *self->wanted);
    for (int cell = 0; cell < n_table; cell++) {
        self->cell_of[cell] = wp_ipf_cell(margin, n_dims, sizes, cell);
    }
out:
    return status;
}

/* ---- Do two margins agree? ---------------------------------------------------------------------- */

/* The finest bands of one dimension that both margins can be added up to: `coarse_a` and `coarse_b` give,
   for each band of a and b, the coarse band, or -1 where a level is outside one of the two. */
static int coarsen(const wp_ipf_margin *a, int axis_a, const wp_ipf_margin *b, int axis_b, int n_levels,
                   int *parent, int *coarse_a, int *coarse_b)
{
    int n_a = a->n_bands[axis_a], n_b = b->n_bands[axis_b], n = n_a + n_b + 1, n_coarse = 0;
    int outside = n - 1;
    for (int i = 0; i < n; i++) { parent[i] = i; }
    for (int level = 0; level < n_levels; level++) {
        int i = band_of(a, axis_a, level), j = band_of(b, axis_b, level);
        int x = i < 0 ? outside : i, y = j < 0 ? outside : n_a + j;
        while (parent[x] != x) { x = parent[x]; }
        while (parent[y] != y) { y = parent[y]; }
        parent[x < y ? x : y] = x < y ? y : x; /* roots are largest, so `outside` stays a root */
    }
    for (int i = 0; i < n - 1; i++) {
        if (parent[i] == i) { parent[i] = -1 - n_coarse++; }
    }
    for (int i = 0; i < n - 1; i++) {
        int x = i;
        while (parent[x] >= 0 && x != outside) { x = parent[x]; }
        *(i < n_a ? &coarse_a[i] : &coarse_b[i - n_a]) = x == outside ? -1 : -1 - parent[x];
    }
    return n_coarse;
}

typedef struct projection {
    int n_shared, n_coarse[WP_IPF_MAX_DIMS], n_cells;
    int dims[WP_IPF_MAX_DIMS];
    int *coarse[2][WP_IPF_MAX_DIMS];
    double *sum[2];
} projection;

static void projection_free(projection *self)
{
    for (int side = 0; side < 2; side++) {
        for (int k = 0; k < WP_IPF_MAX_DIMS; k++) { free(self->coarse[side][k]); }
        free(self->sum[side]);
    }
}

/* The common cell of margin cell `cell`, or -1. */
static int project(const projection *self, int side, const wp_ipf_margin *margin, int cell)
{
    int bands[WP_IPF_MAX_DIMS] = {0}, at = 0;
    for (int k = margin->n_axes - 1; k >= 0; k--) {
        bands[k] = cell % margin->n_bands[k];
        cell /= margin->n_bands[k];
    }
    for (int k = 0; k < self->n_shared; k++) {
        int coarse = self->coarse[side][k][bands[axis_of_dim(margin, self->dims[k])]];
        if (coarse < 0) { return -1; }
        at = at * self->n_coarse[k] + coarse;
    }
    return at;
}

/* A margin that leaves levels of an axis out cannot be added up over that axis. */
static bool is_whole_on(const wp_ipf_margin *margin, int axis, const int *sizes)
{
    for (int level = 0; level < sizes[margin->axes[axis]]; level++) {
        if (band_of(margin, axis, level) < 0) { return false; }
    }
    return true;
}

static wp_status projection_init(projection *self, const wp_ipf_margin *const pair[2], const int *sizes,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    int *parent = NULL;
    self->n_cells = 1;
    for (int k = 0; k < pair[0]->n_axes; k++) {
        int dim = pair[0]->axes[k], other = axis_of_dim(pair[1], dim), slot = self->n_shared;
        if (other < 0) { continue; }
        size_t n_a = (size_t)pair[0]->n_bands[k], n_b = (size_t)pair[1]->n_bands[other];
        free(parent);
        WP_TRY_ALLOC(parent = wp_calloc_array(n_a + n_b + 1, sizeof *parent));
        self->n_shared++;
        WP_TRY_ALLOC(self->coarse[0][slot] = wp_calloc_array(n_a, sizeof(int)));
        WP_TRY_ALLOC(self->coarse[1][slot] = wp_calloc_array(n_b, sizeof(int)));
        self->dims[slot] = dim;
        self->n_coarse[slot] = coarsen(pair[0], k, pair[1], other, sizes[dim], parent,
                                       self->coarse[0][slot], self->coarse[1][slot]);
        self->n_cells *= self->n_coarse[slot];
    }
    WP_TRY_ALLOC(self->sum[0] = wp_calloc_array((size_t)self->n_cells, sizeof(double)));
    WP_TRY_ALLOC(self->sum[1] = wp_calloc_array((size_t)self->n_cells, sizeof(double)));
out:
    free(parent);
    return status;
}

static bool comparable(const wp_ipf_margin *a, const wp_ipf_margin *b, const int *sizes)
{
    if (a->shares_of_first || b->shares_of_first) { return false; }
    for (int k = 0; k < a->n_axes; k++) {
        if (axis_of_dim(b, a->axes[k]) < 0 && !is_whole_on(a, k, sizes)) { return false; }
    }
    for (int k = 0; k < b->n_axes; k++) {
        if (axis_of_dim(a, b->axes[k]) < 0 && !is_whole_on(b, k, sizes)) { return false; }
    }
    return true;
}

/* Scales what `later` wants to what `earlier` wants, in every cell that both can be added up to. */
static wp_status harmonise(const wp_ipf_margin *earlier, const work *first, const wp_ipf_margin *later,
                           work *second, const int *sizes, bool *adjusted, wp_error *err)
{
    wp_status status = WP_OK;
    projection common = {0};
    const wp_ipf_margin *const pair[2] = {earlier, later};
    const work *const works[2] = {first, second};
    if (!comparable(earlier, later, sizes)) { return WP_OK; }
    WP_TRY(projection_init(&common, pair, sizes, err));
    for (int side = 0; side < 2; side++) {
        for (int cell = 0; cell < works[side]->n_cells; cell++) {
            int at = project(&common, side, pair[side], cell);
            if (at >= 0) { common.sum[side][at] += works[side]->wanted[cell]; }
        }
    }
    for (int cell = 0; cell < second->n_cells; cell++) {
        int at = project(&common, 1, later, cell);
        double a = at < 0 ? NAN : common.sum[0][at], b = at < 0 ? NAN : common.sum[1][at];
        if (!(fabs(a - b) > 1e-12 * a)) { continue; } /* equal, or not known */
        double larger = a > b ? a : b;
        bool near_zero = common.n_cells > 1 && fabs(a - b) <= least_disagreement;
        if (fabs(a - b) > WP_IPF_MAX_DISAGREEMENT * larger && !near_zero) {
            status = wp_fail(err, WP_ERR_POPULATION,
                             "margins disagree by more than 1 %%: %s has %.10g where %s has %.10g",
                             earlier->name, a, later->name, b);
            goto out;
        }
        if (b > 0.0) {
            second->wanted[cell] *= a / b;
            *adjusted = true;
        }
    }
out:
    projection_free(&common);
    return status;
}

/* ---- The sweeps --------------------------------------------------------------------------------- */

/* Turns shares of the first axis into what is wanted now: sums over the first axis are left alone. */
static double wanted_now(const work *self, bool shares, int cell)
{
    if (!shares) { return self->wanted[cell]; }
    int stride = self->n_cells / self->n_first;
    double shares_sum = 0.0, have = 0.0;
    for (int i = cell % stride; i < self->n_cells; i += stride) {
        if (isnan(self->wanted[i])) { continue; }
        shares_sum += self->wanted[i];
        have += self->sum[i];
    }
    return shares_sum > 0.0 ? self->wanted[cell] / shares_sum * have : NAN;
}

/* One adjustment of the table to one margin; the largest relative error before it goes to `worst`. */
static wp_status adjust(work *self, const wp_ipf_margin *margin, double *table, int n_table, double *worst,
                        wp_error *err)
{
    memset(self->sum, 0, (size_t)self->n_cells * sizeof *self->sum);
    for (int i = 0; i < n_table; i++) {
        if (self->cell_of[i] >= 0) { self->sum[self->cell_of[i]] += table[i]; }
    }
    for (int cell = 0; cell < self->n_cells; cell++) {
        double wanted = wanted_now(self, margin->shares_of_first, cell);
        self->factor[cell] = 1.0;
        if (isnan(wanted) || wanted == self->sum[cell]) { continue; }
        if (self->sum[cell] <= 0.0) {
            return wp_fail(err, WP_ERR_POPULATION,
                           "%s wants %.10g in cell %d, where nobody can be by the other margins",
                           margin->name, wanted, cell + 1);
        }
        double error = wanted > 0.0 ? fabs(self->sum[cell] - wanted) / wanted : 1.0;
        if (error > *worst) { *worst = error; }
        self->factor[cell] = wanted / self->sum[cell];
    }
    for (int i = 0; i < n_table; i++) {
        if (self->cell_of[i] >= 0) { table[i] *= self->factor[self->cell_of[i]]; }
    }
    return WP_OK;
}

wp_status wp_ipf_fit(double *table, int n_dims, const int *sizes, int n_margins,
                     const wp_ipf_margin *margins, bool *adjusted, wp_error *err)
{
    wp_status status = WP_OK;
    work *works = NULL;
    int n_table = n_table_cells(n_dims, sizes);
    double worst = INFINITY;
    WP_TRY_ALLOC(works = wp_calloc_array((size_t)n_margins, sizeof *works));
    for (int k = 0; k < n_margins; k++) {
        bool changed = false;
        WP_TRY(work_init(&works[k], &margins[k], n_dims, sizes, n_table, err));
        for (int j = 0; j < k; j++) {
            WP_TRY(harmonise(&margins[j], &works[j], &margins[k], &works[k], sizes, &changed, err));
        }
        if (adjusted != NULL) { adjusted[k] = changed; }
    }
    for (int sweep = 0; sweep < MAX_SWEEPS && worst > tolerance; sweep++) {
        worst = 0.0;
        for (int k = 0; k < n_margins; k++) {
            WP_TRY(adjust(&works[k], &margins[k], table, n_table, &worst, err));
        }
    }
    if (worst > tolerance) {
        const char *name = n_margins > 0 ? margins[n_margins - 1].name : "";
        status = wp_fail(err, WP_ERR_POPULATION,
                         "the margins cannot all be met (off by %.3g after %d sweeps); last of them %s",
                         worst, MAX_SWEEPS, name);
    }
out:
    for (int k = 0; works != NULL && k < n_margins; k++) { work_free(&works[k]); }
    free(works);
    return status;
}
