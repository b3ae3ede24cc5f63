/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links of imported people: looked up in their own household, and checked. */
#include "population/imported_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

static int compare_people(const void *a, const void *b)
{
    const wp_imported_person *x = a, *y = b;
    if (x->household != y->household) { return x->household < y->household ? -1 : 1; }
    return x->id < y->id ? -1 : x->id > y->id ? 1 : 0;
}

static int compare_homes(const void *a, const void *b)
{
    const wp_imported_home *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id ? 1 : 0;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

void wp_imported_sort_people(wp_imported *imported)
{
    if (imported->n_people > 0) {
        qsort(imported->people, imported->n_people, sizeof *imported->people, compare_people);
    }
}

static wp_status check_unique(const wp_imported *self, const wp_scenario *scenario, wp_error *err)
{
    wp_status status = WP_OK;
    uint64_t *ids = wp_calloc_array(self->n_people, sizeof *ids);
    WP_TRY_ALLOC(ids);
    for (size_t i = 0; i < self->n_people; i++) { ids[i] = self->people[i].id; }
    qsort(ids, self->n_people, sizeof *ids, compare_ids);
    for (size_t i = 1; i < self->n_people; i++) {
        if (ids[i] != ids[i - 1]) { continue; }
        int line = 0; /* the last line that has it */
        for (size_t k = 0; k < self->n_people; k++) {
            if (self->people[k].id == ids[i] && self->people[k].line > line) { line = self->people[k].line; }
        }
        status = wp_fail(err, WP_ERR_SCENARIO, "%s:%d: id %llu is there twice; each person has their own",
                         scenario->population.persons_path, line, (unsigned long long)ids[i]);
        goto out;
    }
out:
    free(ids);
    return status;
}

static int place_in(const wp_imported *self, const wp_imported_home *home, uint64_t id)
{
    for (int k = 0; k < home->n; k++) {
        if (self->people[home->first + (size_t)k].id == id) { return k; }
    }
    return -1;
}

static wp_status bad_link(const wp_scenario *scenario, const wp_imported_person *one, const char *link,
                          uint64_t id, const char *what, wp_error *err)
{
    return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: %s of %llu is %llu, %s", scenario->population.persons_path,
                   one->line, link, (unsigned long long)one->id, (unsigned long long)id, what);
}

static bool is_man(const wp_imported *self, const wp_scenario *scenario, const wp_imported_person *one)
{
    for (int v = 0; v < self->n_person_variables; v++) {
        uint8_t level = self->person_levels[one->row * (size_t)self->n_person_variables + (size_t)v];
        if (strcmp(scenario->variables[v].name, "sex") == 0 && level != WP_LEVEL_DRAWN) {
            return strcmp(scenario->variables[v].levels[level], "male") == 0;
        }
    }
    return false;
}

static wp_status link_home(wp_imported *self, const wp_imported_home *home, const wp_scenario *scenario,
                           wp_error *err)
{
    static const char *const elsewhere =
        "who is not in the same household; leave it empty for someone elsewhere";
    for (int k = 0; k < home->n; k++) {
        wp_imported_person *one = &self->people[home->first + (size_t)k];
        if (one->partner_id != WP_NO_ID) {
            one->partner = place_in(self, home, one->partner_id);
            if (one->partner < 0) {
                return bad_link(scenario, one, "partner", one->partner_id, elsewhere, err);
            }
            const wp_imported_person *other = &self->people[home->first + (size_t)one->partner];
            if (other == one || other->partner_id != one->id) {
                return bad_link(scenario, one, "partner", one->partner_id,
                                "whose partner must be the same in turn", err);
            }
        }
        if (one->mother_id == WP_NO_ID) { continue; }
        one->mother = place_in(self, home, one->mother_id);
        if (one->mother < 0) { return bad_link(scenario, one, "mother", one->mother_id, elsewhere, err); }
        const wp_imported_person *mother = &self->people[home->first + (size_t)one->mother];
        double gap = wp_years(one->birth - mother->birth);
        /* Ages in completed years leave a year of doubt, which must not make a true household an error. */
        if (gap < 14.0 || gap > 60.0) {
            return bad_link(scenario, one, "mother", one->mother_id, "who must be 15 to 59 years older", err);
        }
        if (is_man(self, scenario, mother)) {
            return bad_link(scenario, one, "mother", one->mother_id, "who is male", err);
        }
    }
    return WP_OK;
}

/* The people of each household, in one pass over both sorted lists. */
static wp_status assign_people(wp_imported *self, const wp_scenario *scenario, wp_error *err)
{
    size_t at = 0;
    const wp_population_spec *spec = &scenario->population;
    for (size_t i = 0; i < self->n_homes; i++) {
        wp_imported_home *home = &self->homes[i];
        if (i > 0 && home->id == self->homes[i - 1].id) {
            return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: household %llu is there twice",
                           spec->households_path, home->line, (unsigned long long)home->id);
        }
        home->first = at;
        while (at < self->n_people && self->people[at].household == home->id) { at++; }
        size_t n = at - home->first;
        if (n > WP_MAX_FOUNDERS) {
            return wp_fail(err, WP_ERR_LIMIT, "%s:%d: household %llu has %zu people; at most %d are allowed",
                           spec->persons_path, self->people[home->first].line, (unsigned long long)home->id,
                           n, WP_MAX_FOUNDERS);
        }
        home->n = (int)n;
        bool strays = at < self->n_people && self->people[at].household < home->id;
        if (n == 0 && !strays) {
            return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: nobody lives in household %llu",
                           spec->households_path, home->line, (unsigned long long)home->id);
        }
        if (strays) { break; }
    }
    if (at < self->n_people) {
        return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: household %llu is not in %s", spec->persons_path,
                       self->people[at].line, (unsigned long long)self->people[at].household,
                       spec->households_path);
    }
    return WP_OK;
}

wp_status wp_imported_link(wp_imported *imported, const wp_scenario *scenario, wp_error *err)
{
    wp_status status = WP_OK;
    if (imported->n_people == 0) {
        status =
            wp_fail(err, WP_ERR_SCENARIO, "%s:1: there are no people", scenario->population.persons_path);
        goto out;
    }
    WP_TRY(check_unique(imported, scenario, err));
    if (imported->n_homes > 0) {
        qsort(imported->homes, imported->n_homes, sizeof *imported->homes, compare_homes);
    }
    WP_TRY(assign_people(imported, scenario, err));
    for (size_t i = 0; i < imported->n_homes; i++) {
        WP_TRY(link_home(imported, &imported->homes[i], scenario, err));
    }
out:
    return status;
}
