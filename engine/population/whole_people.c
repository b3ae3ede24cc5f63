/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole people: columns are sexes and single ages, rows are areas, one table for each set of bands. */
#include "population/whole_people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/uniform.h"
#include "population/integerise.h"

enum { N_COLUMNS = 2 * WP_N_AGES };

static double fitted(const wp_layout *layout, const wp_fit_table *persons, int area, int column)
{
    double sum = 0.0;
    for (int r = 0; r < layout->n_residences; r++) {
        sum += persons->values[(area * N_COLUMNS + column) * layout->n_residences + r];
    }
    return sum;
}

/* Do two columns fall into the same bands of every margin that names an area? Then only their rows'
   common sums are known. */
static bool same_bands(const wp_layout *layout, const wp_fit_table *persons, int a, int b)
{
    int sexes = layout->n_area_variables;
    for (int k = 0; k < persons->n_margins; k++) {
        const wp_ipf_margin *margin = &persons->margins[k];
        bool names_area = false;
        for (int axis = 0; axis < margin->n_axes; axis++) {
            names_area = names_area || margin->axes[axis] < sexes;
        }
        for (int axis = 0; axis < margin->n_axes && names_area; axis++) {
            const int *bands = margin->bands[axis];
            if (margin->axes[axis] == sexes && bands[a / WP_N_AGES] != bands[b / WP_N_AGES]) { return false; }
            if (margin->axes[axis] == sexes + 1 && bands[a % WP_N_AGES] != bands[b % WP_N_AGES]) {
                return false;
            }
        }
    }
    return true;
}

/* Whole numbers by sex and age in the whole place: cumulated age by age, so that sums over sex, and over
   any ages, that are whole stay what they are. */
static void round_columns(const wp_layout *layout, const wp_fit_table *persons, wp_key key,
                          int64_t whole[N_COLUMNS])
{
    double values[N_COLUMNS];
    int64_t counts[N_COLUMNS];
    for (int column = 0; column < N_COLUMNS; column++) {
        double sum = 0.0;
        for (int area = 0; area < layout->n_areas; area++) { sum += fitted(layout, persons, area, column); }
        double nearest = floor(sum + 0.5);
        values[column % WP_N_AGES * 2 + column / WP_N_AGES] = fabs(sum - nearest) < 1e-4 ? nearest : sum;
    }
    wp_integerise(N_COLUMNS, values, wp_uniform(key, 0, wp_purpose("synthesis", "sex and age"), 0), counts);
    for (int column = 0; column < N_COLUMNS; column++) {
        whole[column] = counts[column % WP_N_AGES * 2 + column / WP_N_AGES];
    }
}

/* Brings table[rows][columns] to whole column sums while row sums stay in proportion: a few turns of
   proportional fitting, columns last. */
static void scale_table(double *table, int n_rows, int n_columns, const double *row_sum,
                        const double *column_sum)
{
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < n_rows && round > 0; i++) {
            double sum = 0.0;
            for (int j = 0; j < n_columns; j++) { sum += table[i * n_columns + j]; }
            for (int j = 0; j < n_columns && sum > 0.0; j++) { table[i * n_columns + j] *= row_sum[i] / sum; }
        }
        for (int j = 0; j < n_columns; j++) {
            double sum = 0.0;
            for (int i = 0; i < n_rows; i++) { sum += table[i * n_columns + j]; }
            for (int i = 0; i < n_rows && sum > 0.0; i++) { table[i * n_columns + j] *= column_sum[j] / sum; }
        }
    }
}

/* Rounds the columns listed, which share their bands. */
static wp_status round_group(wp_whole_people *self, const wp_layout *layout, const wp_fit_table *persons,
                             const int *columns, int n_columns, const int64_t whole[N_COLUMNS], wp_key key,
                             wp_error *err)
{
    wp_status status = WP_OK;
    int n_rows = self->n_areas;
    double *table = NULL, *row_sum = NULL, column_sum[N_COLUMNS];
    int32_t *counts = NULL;
    WP_TRY_ALLOC(table = wp_calloc_array((size_t)n_rows * (size_t)n_columns, sizeof *table));
    WP_TRY_ALLOC(counts = wp_calloc_array((size_t)n_rows * (size_t)n_columns, sizeof *counts));
    WP_TRY_ALLOC(row_sum = wp_calloc_array((size_t)n_rows, sizeof *row_sum));
    for (int i = 0; i < n_rows; i++) {
        for (int j = 0; j < n_columns; j++) {
            table[i * n_columns + j] = fitted(layout, persons, i, columns[j]);
            row_sum[i] += table[i * n_columns + j];
            column_sum[j] = (double)whole[columns[j]];
        }
    }
    scale_table(table, n_rows, n_columns, row_sum, column_sum);
    WP_TRY(wp_integerise_table(n_rows, n_columns, table, key, (uint64_t)columns[0],
                               wp_purpose("synthesis", "people"), counts, err));
    for (int i = 0; i < n_rows; i++) {
        for (int j = 0; j < n_columns; j++) {
            self->n[i * N_COLUMNS + columns[j]] = counts[i * n_columns + j];
        }
    }
out:
    free(table);
    free(counts);
    free(row_sum);
    return status;
}

/* Those who live in institutions of each kind, the rest at home. */
static wp_status allot_residences(wp_whole_people *self, const wp_layout *layout, const wp_fit_table *persons,
                                  wp_key key, wp_error *err)
{
    wp_status status = WP_OK;
    int n_cells = self->n_areas * N_COLUMNS, n_residences = layout->n_residences;
    double *values = NULL;
    int64_t *counts = NULL;
    WP_TRY_ALLOC(values = wp_calloc_array((size_t)n_cells, sizeof *values));
    WP_TRY_ALLOC(counts = wp_calloc_array((size_t)n_cells, sizeof *counts));
    for (int cell = 0; cell < n_cells; cell++) {
        self->residents[cell * n_residences + self->home] = self->n[cell];
    }
    for (int r = 0; r < n_residences; r++) {
        if (r == self->home) { continue; }
        for (int cell = 0; cell < n_cells; cell++) {
            double all = fitted(layout, persons, cell / N_COLUMNS, cell % N_COLUMNS);
            values[cell] = all > 0.0 ? self->n[cell] * persons->values[cell * n_residences + r] / all : 0.0;
        }
        double uniform = wp_uniform(key, (uint64_t)r, wp_purpose("synthesis", "residence"), 0);
        wp_integerise(n_cells, values, uniform, counts);
        for (int cell = 0; cell < n_cells; cell++) {
            int32_t *home = &self->residents[cell * n_residences + self->home];
            int32_t n = counts[cell] < *home ? (int32_t)counts[cell] : *home;
            self->residents[cell * n_residences + r] = n;
            *home -= n;
        }
    }
    for (int cell = 0; cell < n_cells; cell++) {
        self->n_private += self->residents[cell * n_residences + self->home];
    }
out:
    free(values);
    free(counts);
    return status;
}

wp_status wp_whole_people_init(wp_whole_people *self, const wp_layout *layout, const wp_fit_table *persons,
                               wp_key key, wp_error *err)
{
    wp_status status = WP_OK;
    int64_t whole[N_COLUMNS];
    bool done[N_COLUMNS] = {false};
    memset(self, 0, sizeof *self);
    self->n_areas = layout->n_areas;
    self->n_residences = layout->n_residences;
    self->home = layout->n_residences > 1 ? layout->home : 0;
    size_t n_cells = (size_t)layout->n_areas * N_COLUMNS;
    WP_TRY_ALLOC(self->n = wp_calloc_array(n_cells, sizeof *self->n));
    WP_TRY_ALLOC(
        self->residents = wp_calloc_array(n_cells * (size_t)layout->n_residences, sizeof *self->residents));
    round_columns(layout, persons, key, whole);
    for (int first = 0; first < N_COLUMNS; first++) {
        int columns[N_COLUMNS], n_columns = 0;
        if (done[first]) { continue; }
        for (int column = first; column < N_COLUMNS; column++) {
            if (done[column] || !same_bands(layout, persons, first, column)) { continue; }
            columns[n_columns++] = column;
            done[column] = true;
        }
        WP_TRY(round_group(self, layout, persons, columns, n_columns, whole, key, err));
    }
    WP_TRY(allot_residences(self, layout, persons, key, err));
out:
    return status;
}

void wp_whole_people_free(wp_whole_people *self)
{
    free(self->n);
    free(self->residents);
    memset(self, 0, sizeof *self);
}
