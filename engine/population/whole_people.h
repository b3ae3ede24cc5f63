/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fitted table of persons in whole numbers: by area, sex, single age, and residence. */
#ifndef WP_POPULATION_WHOLE_PEOPLE_H
#define WP_POPULATION_WHOLE_PEOPLE_H

#include "chance/key.h"
#include "population/margins.h"

typedef struct wp_whole_people {
    int n_areas, n_residences, home;
    int32_t *n;          /* areas x sex level x age: everyone */
    int32_t *residents;  /* areas x sex level x age x residence; at `home`: those in private households */
    int64_t n_private;
} wp_whole_people;

/* Rounds the fitted `persons`. Numbers by sex and single age are exact where the fit's are whole; then
   numbers by area and the margins' bands, too (dependent rounding; each cell keeps its expectation). Those
   in institutions are drawn from everyone by systematic sampling. Errors: WP_ERR_MEMORY. */
wp_status wp_whole_people_init(wp_whole_people *self, const wp_layout *layout, const wp_fit_table *persons,
                               wp_key key, wp_error *err);
void wp_whole_people_free(wp_whole_people *self);

static inline int32_t wp_whole_residents(const wp_whole_people *self, int area, int sex_level, int age,
                                         int residence)
{
    return self->residents[((area * 2 + sex_level) * WP_N_AGES + age) * self->n_residences + residence];
}

/* Those in private households. */
static inline int32_t wp_whole_private(const wp_whole_people *self, int area, int sex_level, int age)
{
    return wp_whole_residents(self, area, sex_level, age, self->home);
}

#endif
