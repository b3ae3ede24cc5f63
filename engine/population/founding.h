/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of wp_population: one of three sources of founding households. */
#ifndef WP_POPULATION_FOUNDING_H
#define WP_POPULATION_FOUNDING_H

#include "chance/key.h"
#include "population/homes.h"
#include "population/margins.h"
#include "population/population.h"

/* Households of one area, kind, and combination of extras: numbers `begin` … the next type's begin. */
typedef struct wp_home_type {
    int64_t begin;
    uint64_t id;               /* parent of its households' ids */
    int area, extra;
    wp_household_kind kind;
    int residence;             /* level */
} wp_home_type;

typedef struct wp_synthetic {
    wp_arena arena;
    wp_layout layout;
    wp_fit_table persons, households; /* values: as fitted, before they were made whole */
    double n_people, n_private_homes;
    wp_homes homes;            /* in order of type */
    int n_types;
    wp_home_type *types;       /* the arena's; types[n_types].begin = number of homes */
} wp_synthetic;

typedef struct wp_imported_person {
    uint64_t id, household;
    wp_tick birth;
    uint64_t partner_id, mother_id; /* as given; WP_NO_ID where none */
    int partner, mother;       /* place in the household, or -1 */
    int line;                  /* of the file; the first is 1 */
    uint32_t row;              /* of person_levels */
} wp_imported_person;

typedef struct wp_imported_home {
    uint64_t id;
    size_t first;              /* of its people */
    int n, line;
    uint32_t row;              /* of home_levels */
    bool institution;
} wp_imported_home;

#define WP_NO_ID UINT64_MAX

/* Households sorted by id; people by household, then by id. Levels: rows x variables, by row. */
typedef struct wp_imported {
    size_t n_people, people_capacity, n_homes, homes_capacity;
    wp_imported_person *people;
    wp_imported_home *homes;
    uint8_t *person_levels, *home_levels;
    size_t person_levels_capacity, home_levels_capacity;
    int n_person_variables, n_home_variables;
} wp_imported;

struct wp_population {
    const wp_scenario *scenario; /* borrowed */
    wp_key key;
    uint32_t purpose_household, purpose_member, purpose_birthday;
    int64_t n_households, n_people;
    bool has_digest;
    uint8_t digest[32];          /* once it was asked for */
    wp_synthetic synthetic;
    wp_imported imported;
};

/* Each fills its part of a zeroed population, and gives household `index`. */
wp_status wp_cohort_make(wp_population *population, wp_error *err);
void wp_cohort_household(const wp_population *population, int64_t index, wp_founding_household *household);
wp_status wp_synthetic_make(wp_population *population, wp_error *err);
void wp_synthetic_household(const wp_population *population, int64_t index, wp_founding_household *household);
wp_status wp_imported_make(wp_population *population, wp_error *err);
void wp_imported_household(const wp_population *population, int64_t index, wp_founding_household *household);
void wp_imported_free(wp_imported *imported);

/* Number of person variables of a scenario: its list has persons' first. */
int wp_person_variables(const wp_scenario *scenario);

/* The birth of someone of `age` completed years: a keyed part of a year before the birthday. `most`, from
   0 to 1, cuts the part (1: anywhere in the year). */
wp_tick wp_birth_of(const wp_population *population, uint64_t person_id, int age, double most);

#endif
