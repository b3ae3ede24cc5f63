/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The founding population, whatever its source: one way in, one way to ask for a household. */
#include "population/population.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/fail.h"
#include "chance/uniform.h"
#include "population/founding.h"

int wp_person_variables(const wp_scenario *scenario)
{
    int n = 0;
    while (n < scenario->n_variables && scenario->variables[n].of == WP_PERSON) { n++; }
    return n;
}

wp_tick wp_birth_of(const wp_population *population, uint64_t person_id, int age, double most)
{
    double part = wp_uniform(population->key, person_id, population->purpose_birthday, 0) * most;
    return -((wp_tick)age * WP_TICKS_PER_YEAR + (wp_tick)(part * (double)WP_TICKS_PER_YEAR));
}

wp_status wp_population_init(wp_population **population, const wp_scenario *scenario, uint64_t seed,
                             wp_error *err)
{
    wp_status status = WP_OK;
    wp_population *self = NULL;
    *population = NULL;
    WP_TRY_ALLOC(self = wp_calloc_array(1, sizeof *self));
    self->scenario = scenario;
    self->key = wp_key_make(seed, 0, WP_DRAW_SHARED);
    self->purpose_household = wp_purpose("synthesis", "household");
    self->purpose_member = wp_purpose("synthesis", "member");
    self->purpose_birthday = wp_purpose("synthesis", "birthday");
    switch (scenario->population.kind) {
    case WP_POPULATION_COHORT: WP_TRY(wp_cohort_make(self, err)); break;
    case WP_POPULATION_SYNTHETIC: WP_TRY(wp_synthetic_make(self, err)); break;
    case WP_POPULATION_FILE: WP_TRY(wp_imported_make(self, err)); break;
    }
    *population = self;
    self = NULL;
out:
    wp_population_free(self);
    return status;
}

void wp_population_free(wp_population *population)
{
    if (population == NULL) { return; }
    wp_arena_free(&population->synthetic.arena);
    wp_homes_free(&population->synthetic.homes);
    wp_imported_free(&population->imported);
    free(population);
}

int64_t wp_population_households(const wp_population *population)
{
    return population->n_households;
}

int64_t wp_population_people(const wp_population *population)
{
    return population->n_people;
}

/* Van der Corput's sequence: the binary digits of the index mirrored at the point. */
double wp_population_order(int64_t index)
{
    double value = 0.0, weight = 0.5;
    for (uint64_t bits = (uint64_t)index; bits != 0; bits >>= 1, weight *= 0.5) {
        value += (double)(bits & 1) * weight;
    }
    return value;
}

void wp_population_household(const wp_population *population, int64_t index,
                             wp_founding_household *household)
{
    memset(household->levels, WP_LEVEL_DRAWN, sizeof household->levels);
    household->sample_order = wp_population_order(index);
    switch (population->scenario->population.kind) {
    case WP_POPULATION_COHORT: wp_cohort_household(population, index, household); break;
    case WP_POPULATION_SYNTHETIC: wp_synthetic_household(population, index, household); break;
    case WP_POPULATION_FILE: wp_imported_household(population, index, household); break;
    }
}

double wp_population_sample_order(uint64_t household_id)
{
    return (double)(wp_mix64(household_id ^ UINT64_C(0x9e3779b97f4a7c15)) >> 11) * 0x1p-53;
}

static void compute_digest(const wp_population *population, uint8_t digest[32])
{
    wp_sha256 sha;
    wp_founding_household household;
    wp_sha256_init(&sha);
    wp_sha256_add_u64(&sha, (uint64_t)population->n_households);
    for (int64_t index = 0; index < population->n_households; index++) {
        wp_population_household(population, index, &household);
        wp_sha256_add_u64(&sha, household.id);
        wp_sha256_add_double(&sha, household.sample_order);
        wp_sha256_add_u32(&sha, household.institution ? 1 : 0);
        wp_sha256_add_u32(&sha, (uint32_t)household.n);
        wp_sha256_add(&sha, household.levels, sizeof household.levels);
        for (int k = 0; k < household.n; k++) {
            const wp_founder *member = &household.members[k];
            wp_sha256_add_u64(&sha, member->id);
            wp_sha256_add_u64(&sha, (uint64_t)member->birth);
            wp_sha256_add_u32(&sha, (uint32_t)member->partner);
            wp_sha256_add_u32(&sha, (uint32_t)member->mother);
            wp_sha256_add(&sha, member->levels, sizeof member->levels);
        }
    }
    wp_sha256_end(&sha, digest);
}

void wp_population_digest(wp_population *population, uint8_t digest[32])
{
    if (!population->has_digest) { compute_digest(population, population->digest); }
    population->has_digest = true;
    memcpy(digest, population->digest, sizeof population->digest);
}
