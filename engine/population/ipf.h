/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Iterative proportional fitting: the table nearest to a seed table that has given margins. */
#ifndef WP_POPULATION_IPF_H
#define WP_POPULATION_IPF_H

#include <stdbool.h>

#include <wholeplace/error.h>

enum { WP_IPF_MAX_DIMS = 8 };

/* What a table of `n_dims` dimensions shall sum to over some of its axes. */
typedef struct wp_ipf_margin {
    const char *name;                /* for messages: "persons by sex, age (place.yaml:24)" */
    int n_axes;
    int axes[WP_IPF_MAX_DIMS];       /* dimensions of the table, in the order of `wanted` */
    const int *bands[WP_IPF_MAX_DIMS]; /* per axis: level of the table -> band, -1 outside all (then
                                        not constrained); NULL: each level is a band */
    int n_bands[WP_IPF_MAX_DIMS];    /* per axis: bands, = the table's levels where `bands` is NULL */
    const double *wanted;            /* row-major in the axes' order; >= 0; NAN: not constrained */
    bool shares_of_first;            /* `wanted` says only how the first axis is shared out within each
                                        combination of the others; any scale */
} wp_ipf_margin;

/* Margins that disagree by more than this share are an error. */
#define WP_IPF_MAX_DISAGREEMENT 0.01

/* Fits `table` (row-major, dimensions `sizes`; on entry the seed, >= 0) in place until every margin is
   met to 1e-10 of itself. Cells that are 0 stay 0, and cross-product ratios of the seed are kept
   (Deming and Stephan 1940, Ann Math Stat 11:427). Margins are met in their order: where two disagree by
   less than 1 %, the later one is scaled to the earlier. `adjusted` (may be NULL) receives whether a margin
   was so scaled, one for each. WP_ERR_POPULATION: two margins disagree by more (both are named), or a
   margin wants people where the seed has none, or 5000 sweeps are not enough. */
wp_status wp_ipf_fit(double *table, int n_dims, const int *sizes, int n_margins,
                     const wp_ipf_margin *margins, bool *adjusted, wp_error *err);

/* The margin's cell to which cell `cell` of a table belongs, or -1 outside its bands. */
int wp_ipf_cell(const wp_ipf_margin *margin, int n_dims, const int *sizes, int cell);

/* Number of cells of a margin: the product of its bands. */
int wp_ipf_cells(const wp_ipf_margin *margin);

/* Adds a table up: sums[wp_ipf_cells] = its sums over the cells of a margin. */
void wp_ipf_sum(const double *table, int n_dims, const int *sizes, const wp_ipf_margin *margin,
                double *sums);

#endif
