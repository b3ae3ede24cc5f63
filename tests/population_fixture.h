/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small scenarios with a synthetic population, built in memory: variables sex, residence, district and
   deprivation, and margins added one by one. */
#ifndef WP_TESTS_POPULATION_FIXTURE_H
#define WP_TESTS_POPULATION_FIXTURE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "population/population.h"

enum { FIXTURE_SEX, FIXTURE_RESIDENCE, FIXTURE_DISTRICT, FIXTURE_DEPRIVATION, FIXTURE_N_VARIABLES,
       FIXTURE_MAX_MARGINS = 8, FIXTURE_MAX_DISTRICTS = 16 };

typedef struct fixture {
    wp_scenario scenario;
    wp_variable variables[FIXTURE_N_VARIABLES];
    wp_margin margins[FIXTURE_MAX_MARGINS];
    wp_grid grids[FIXTURE_MAX_MARGINS];
    wp_axis axes[FIXTURE_MAX_MARGINS][3];
    wp_source_file file;
} fixture;

static inline void fixture_init(fixture *self, int n_districts)
{
    static const char *const sexes[] = {"female", "male"}, *const residences[] = {"home", "care_home"},
        *const districts[FIXTURE_MAX_DISTRICTS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"},
        *const fifths[] = {"most", "2", "3", "4", "least"};
    memset(self, 0, sizeof *self);
    self->variables[FIXTURE_SEX] =
        (wp_variable){.name = "sex", .of = WP_PERSON, .n_levels = 2, .levels = sexes};
    self->variables[FIXTURE_RESIDENCE] =
        (wp_variable){.name = "residence", .of = WP_PERSON, .n_levels = 2, .levels = residences};
    self->variables[FIXTURE_DISTRICT] =
        (wp_variable){.name = "district", .of = WP_HOUSEHOLD, .n_levels = n_districts, .levels = districts};
    self->variables[FIXTURE_DEPRIVATION] =
        (wp_variable){.name = "deprivation", .of = WP_HOUSEHOLD, .n_levels = 5, .levels = fifths};
    self->file = (wp_source_file){.path = "place.yaml", .text = "", .size = 0};
    self->scenario.files = &self->file;
    self->scenario.n_files = 1;
    self->scenario.n_variables = FIXTURE_N_VARIABLES;
    self->scenario.variables = self->variables;
    self->scenario.start_date = "2011-04-01";
    self->scenario.population.kind = WP_POPULATION_SYNTHETIC;
    self->scenario.population.margins = self->margins;
    self->scenario.population.people = NAN;
    self->scenario.population.households = NAN;
}

/* Starts a margin; axes follow. Values are borrowed. */
static inline int fixture_margin(fixture *self, wp_subject_kind of, bool as_shares, const double *values)
{
    int k = self->scenario.population.n_margins++;
    self->grids[k] = (wp_grid){.axes = self->axes[k], .n_cells = 1, .values = values};
    self->margins[k] =
        (wp_margin){.of = of, .as_shares = as_shares, .grid = &self->grids[k], .pos = {0, 10 + k, 1}};
    return k;
}

static inline void fixture_axis(fixture *self, int margin, wp_look look, int n_bands, const wp_band *bands)
{
    self->axes[margin][self->grids[margin].n_axes++] =
        (wp_axis){.look = look, .n_bands = n_bands, .bands = bands};
    self->grids[margin].n_cells *= n_bands;
}

static inline wp_look fixture_variable(int variable)
{
    return (wp_look){.kind = WP_LOOK_VARIABLE,
                     .whose = variable < FIXTURE_DISTRICT ? WP_SELF : WP_OWN_HOUSEHOLD, .item = variable};
}

static inline wp_look fixture_age(void)
{
    return (wp_look){.kind = WP_LOOK_AGE};
}

static inline wp_look fixture_kind(void)
{
    return (wp_look){.kind = WP_LOOK_KIND};
}

/* Bands [0, 1), [1, 2), … of single ages. */
static inline void fixture_single_ages(wp_band *bands, int n)
{
    for (int age = 0; age < n; age++) { bands[age] = (wp_band){age, age + 1}; }
}

#endif
