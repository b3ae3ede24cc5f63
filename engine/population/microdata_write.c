/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The population as CSV microdata, in the form that imported.c reads. */
#include <inttypes.h>
#include <string.h>

#include "base/fail.h"
#include "population/founding.h"

/* Ids lose the mark of derived ids, which ids that are given must not have. */
static uint64_t plain_id(uint64_t id)
{
    return id & ~WP_ID_DERIVED_BIT;
}

static void write_header(FILE *out, const wp_scenario *scenario, wp_subject_kind of)
{
    fputs(of == WP_PERSON ? "id,household,age,mother,partner" : "id,institution", out);
    for (int v = 0; v < scenario->n_variables; v++) {
        const wp_variable *variable = &scenario->variables[v];
        if (variable->of == of && variable->kind != WP_STATUS) { fprintf(out, ",%s", variable->name); }
    }
    fputc('\n', out);
}

static void write_levels(FILE *out, const wp_scenario *scenario, wp_subject_kind of, const uint8_t *levels)
{
    int first = of == WP_PERSON ? 0 : wp_person_variables(scenario);
    for (int v = 0; v < scenario->n_variables; v++) {
        const wp_variable *variable = &scenario->variables[v];
        if (variable->of != of || variable->kind == WP_STATUS) { continue; }
        uint8_t level = levels[v - first];
        fprintf(out, ",%s", level == WP_LEVEL_DRAWN ? "" : variable->levels[level]);
    }
    fputc('\n', out);
}

/* With 32 digits after the point every age is exact (a tick is 2^-32 year), and is read as exact. */
static void write_person(FILE *out, const wp_scenario *scenario, const wp_founding_household *home, int k)
{
    const wp_founder *one = &home->members[k];
    fprintf(out, "%" PRIu64 ",%" PRIu64 ",%.32f,", plain_id(one->id), plain_id(home->id),
            wp_years(-one->birth));
    if (one->mother >= 0) { fprintf(out, "%" PRIu64, plain_id(home->members[one->mother].id)); }
    fputc(',', out);
    if (one->partner >= 0) { fprintf(out, "%" PRIu64, plain_id(home->members[one->partner].id)); }
    write_levels(out, scenario, WP_PERSON, one->levels);
}

wp_status wp_population_write(const wp_population *population, FILE *persons, FILE *households,
                              wp_error *err)
{
    const wp_scenario *scenario = population->scenario;
    wp_founding_household home;
    if (persons != NULL) { write_header(persons, scenario, WP_PERSON); }
    if (households != NULL) { write_header(households, scenario, WP_HOUSEHOLD); }
    for (int64_t index = 0; index < population->n_households; index++) {
        wp_population_household(population, index, &home);
        if (households != NULL) {
            fprintf(households, "%" PRIu64 ",%s", plain_id(home.id), home.institution ? "yes" : "no");
            write_levels(households, scenario, WP_HOUSEHOLD, home.levels);
        }
        for (int k = 0; k < home.n && persons != NULL; k++) { write_person(persons, scenario, &home, k); }
    }
    if ((persons != NULL && ferror(persons)) || (households != NULL && ferror(households))) {
        return wp_fail(err, WP_ERR_FILE, "the microdata cannot be written");
    }
    return WP_OK;
}
