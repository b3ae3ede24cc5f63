/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts: N households that are all alike at the start. */
#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "population/founding.h"

/* The parent of all cohorts' ids: mix64(1), so no id that is given. */
static const uint64_t cohort_parent = UINT64_C(0x5692161d100b05e5);

wp_status wp_cohort_make(wp_population *population, wp_error *err)
{
    const wp_cohort *cohort = &population->scenario->population.cohort;
    if (cohort->n_households < 0 || cohort->n_households > UINT32_MAX) {
        return wp_fail(err, WP_ERR_POPULATION, "a cohort has %lld households; it may have 0 to %lld",
                       (long long)cohort->n_households, (long long)UINT32_MAX);
    }
    if (cohort->n_members > WP_MAX_FOUNDERS || (cohort->n_members < 1 && cohort->n_households > 0)) {
        return wp_fail(err, WP_ERR_POPULATION, "a cohort's household has %d members; it must have 1 to %d",
                       cohort->n_members, WP_MAX_FOUNDERS);
    }
    for (int k = 0; k < cohort->n_members; k++) {
        double age = cohort->members[k].age;
        if (!(age >= 0.0 && age < WP_MAX_AGE + 1)) {
            return wp_fail(err, WP_ERR_POPULATION,
                           "member %d of the cohort's household is %g years old; it must "
                           "be 0 to under %d",
                           k + 1, age, WP_MAX_AGE + 1);
        }
    }
    population->n_households = cohort->n_households;
    population->n_people = cohort->n_households * cohort->n_members;
    return WP_OK;
}

void wp_cohort_members(const wp_scenario *scenario, const wp_cohort *cohort,
                       wp_founding_household *household)
{
    const int n_person = wp_person_variables(scenario);
    household->institution = false;
    household->n = cohort->n_members;
    memset(household->levels, WP_LEVEL_DRAWN, sizeof household->levels);
    for (int i = 0; i < cohort->n_set; i++) {
        household->levels[cohort->variables[i] - n_person] = (uint8_t)cohort->levels[i];
    }
    for (int k = 0; k < cohort->n_members; k++) {
        const wp_member_start *start = &cohort->members[k];
        wp_founder *member = &household->members[k];
        member->birth = -(wp_tick)floor(start->age * (double)WP_TICKS_PER_YEAR + 0.5);
        member->partner = start->partner;
        member->mother = start->mother;
        memset(member->levels, WP_LEVEL_DRAWN, sizeof member->levels);
        for (int i = 0; i < start->n_set; i++) {
            member->levels[start->variables[i]] = (uint8_t)start->levels[i];
        }
    }
}

void wp_cohort_household(const wp_population *population, int64_t index, wp_founding_household *household)
{
    wp_cohort_members(population->scenario, &population->scenario->population.cohort, household);
    household->id = wp_id_derive(cohort_parent, wp_purpose("synthesis", "cohort"), (uint32_t)index);
    for (int k = 0; k < household->n; k++) {
        household->members[k].id = wp_id_derive(household->id, population->purpose_member, (uint32_t)k);
    }
}
