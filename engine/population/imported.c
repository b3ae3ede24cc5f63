/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of microdata: persons.csv (id, household, age or birth, mother, partner, and any attribute or state
   by name) and households.csv (id, institution, and any of theirs). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/text.h"
#include "population/founding.h"
#include "population/imported_links.h"
#include "population/life_shape.h"
#include "population/microdata.h"

enum { COLUMN_ID = -1, COLUMN_HOUSEHOLD = -2, COLUMN_AGE = -3, COLUMN_BIRTH = -4, COLUMN_MOTHER = -5,
       COLUMN_PARTNER = -6, COLUMN_INSTITUTION = -7, N_SPECIAL = 7 };

/* One file at work: what each of its columns is, a variable or one of the above. */
typedef struct table {
    wp_microdata data;
    wp_subject_kind of;
    int what[WP_MICRODATA_COLUMNS];
    double start_day;          /* the run's start, days since 1970 */
} table;

static const char *const special_names[N_SPECIAL] = {"id", "household", "age", "birth", "mother", "partner",
                                                     "institution"};

static bool is_special_of(int special, wp_subject_kind of)
{
    return special == COLUMN_ID || (of == WP_HOUSEHOLD) == (special == COLUMN_INSTITUTION);
}

static wp_status find_column(table *self, const wp_scenario *scenario, int column, wp_error *err)
{
    const char *name = self->data.columns[column], *known[N_SPECIAL + 256];
    size_t n_known = 0;
    for (int k = 0; k < N_SPECIAL; k++) {
        if (!is_special_of(-1 - k, self->of)) { continue; }
        if (strcmp(name, special_names[k]) == 0) {
            self->what[column] = -1 - k;
            return WP_OK;
        }
        known[n_known++] = special_names[k];
    }
    for (int v = 0; v < scenario->n_variables; v++) {
        const wp_variable *variable = &scenario->variables[v];
        if (variable->of != self->of || variable->kind == WP_STATUS) { continue; }
        if (strcmp(name, variable->name) == 0) {
            self->what[column] = v;
            return WP_OK;
        }
        if (n_known < N_SPECIAL + 256) { known[n_known++] = variable->name; }
    }
    size_t near = wp_text_nearest(name, known, n_known);
    return wp_fail(err, WP_ERR_SCENARIO, "%s:1: column '%s' is no attribute or state of %s%s%s%s",
                   self->data.path, name, self->of == WP_PERSON ? "persons" : "households",
                   near < n_known ? "; did you mean '" : "", near < n_known ? known[near] : "",
                   near < n_known ? "'?" : "");
}

static int column_of(const table *self, int what)
{
    for (int column = 0; column < self->data.n_columns; column++) {
        if (self->what[column] == what) { return column; }
    }
    return -1;
}

static wp_status open_table(table *self, const wp_scenario *scenario, const char *path, wp_subject_kind of,
                            wp_error *err)
{
    wp_status status = WP_OK;
    self->of = of;
    WP_TRY(wp_microdata_open(&self->data, path, err));
    for (int column = 0; column < self->data.n_columns; column++) {
        WP_TRY(find_column(self, scenario, column, err));
        for (int other = 0; other < column; other++) {
            if (self->what[other] != self->what[column]) { continue; }
            status = wp_fail(err, WP_ERR_SCENARIO, "%s:1: column '%s' is there twice", path,
                             self->data.columns[column]);
            goto out;
        }
    }
    bool is_person = of == WP_PERSON;
    if (column_of(self, COLUMN_ID) < 0 || (is_person && column_of(self, COLUMN_HOUSEHOLD) < 0) ||
        (is_person && (column_of(self, COLUMN_AGE) < 0) == (column_of(self, COLUMN_BIRTH) < 0))) {
        status = wp_fail(err, WP_ERR_SCENARIO, "%s:1: %s", path,
                         is_person ? "persons need the columns 'id', 'household' and one of 'age' and 'birth'"
                                   : "households need the column 'id'");
    }
out:
    return status;
}

/* ---- Cells ---------------------------------------------------------------------------------------------- */

static wp_status bad_cell(const table *self, int column, const char *allowed, wp_error *err)
{
    return wp_fail(err, WP_ERR_SCENARIO, "%s:%d: %s is '%.60s'; it must be %s", self->data.path,
                   self->data.line, self->data.columns[column], self->data.cells[column], allowed);
}

static wp_status read_id(const table *self, int column, bool may_be_empty, uint64_t *id, wp_error *err)
{
    const char *text = self->data.cells[column];
    char *end = NULL;
    *id = WP_NO_ID;
    if (text[0] == '\0' && may_be_empty) { return WP_OK; }
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value >= WP_ID_DERIVED_BIT) {
        return bad_cell(self, column, "a whole number from 0 to 9223372036854775807", err);
    }
    *id = value;
    return WP_OK;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, or NAN. */
static double parse_date(const char *text)
{
    static const int before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') { return NAN; }
    for (int i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) { return NAN; }
    }
    int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1) { return NAN; }
    if (day > length[month - 1] + (leap && month == 2 ? 1 : 0)) { return NAN; }
    int years = year - 1, leap_days = years / 4 - years / 100 + years / 400;
    return years * 365.0 + leap_days + before[month - 1] + (leap && month > 2 ? 1 : 0) + day - 1 - 719162.0;
}

/* A whole number is completed years, and the birthday is drawn; with a decimal point the age is exact. */
static wp_status read_birth(const table *self, const wp_population *population, uint64_t id, wp_tick *birth,
                            wp_error *err)
{
    int column = column_of(self, COLUMN_AGE);
    if (column < 0) {
        column = column_of(self, COLUMN_BIRTH);
        double years = (self->start_day - parse_date(self->data.cells[column])) / 365.25;
        if (!(years >= 0.0 && years < WP_MAX_AGE + 1)) {
            return bad_cell(self, column, "a date such as 1970-12-31, up to 121 years before the run's start",
                            err);
        }
        *birth = -(wp_tick)floor(years * (double)WP_TICKS_PER_YEAR + 0.5);
        return WP_OK;
    }
    const char *text = self->data.cells[column];
    char *end = NULL;
    double age = strtod(text, &end);
    bool plain = strspn(text, "0123456789.") == strlen(text) && text[0] != '\0';
    if (!plain || *end != '\0' || !(age >= 0.0 && age < WP_MAX_AGE + 1)) {
        return bad_cell(self, column, "an age in years from 0 to under 121", err);
    }
    bool exact = strchr(text, '.') != NULL;
    *birth = exact ? -(wp_tick)floor(age * (double)WP_TICKS_PER_YEAR + 0.5)
                   : wp_birth_of(population, id, (int)age, 1.0);
    return WP_OK;
}

/* The levels of a row's variables; an empty cell is left to be drawn. */
static wp_status read_levels(const table *self, const wp_scenario *scenario, int first_variable,
                             uint8_t *levels, wp_error *err)
{
    for (int column = 0; column < self->data.n_columns; column++) {
        const char *text = self->data.cells[column];
        int level = 0, v = self->what[column];
        if (v < 0 || text[0] == '\0') { continue; }
        const wp_variable *variable = &scenario->variables[v];
        while (level < variable->n_levels && strcmp(variable->levels[level], text) != 0) { level++; }
        if (level == variable->n_levels) {
            char allowed[200] = "one of:";
            size_t at = strlen(allowed);
            for (int k = 0; k < variable->n_levels && at + strlen(variable->levels[k]) + 2 < sizeof allowed;
                 k++) {
                allowed[at++] = ' ';
                memcpy(allowed + at, variable->levels[k], strlen(variable->levels[k]) + 1);
                at += strlen(variable->levels[k]);
            }
            return bad_cell(self, column, allowed, err);
        }
        levels[v - first_variable] = (uint8_t)level;
    }
    return WP_OK;
}

/* ---- Files ---------------------------------------------------------------------------------------------- */

static wp_status add_person(wp_imported *self, const table *from, const wp_population *population,
                            wp_error *err)
{
    wp_status status = WP_OK;
    size_t row = self->n_people, width = (size_t)self->n_person_variables;
    int mother = column_of(from, COLUMN_MOTHER), partner = column_of(from, COLUMN_PARTNER);
    wp_imported_person one = {.partner_id = WP_NO_ID, .mother_id = WP_NO_ID, .partner = -1, .mother = -1,
                              .line = from->data.line, .row = (uint32_t)row};
    if (!wp_array_reserve(&self->people, &self->people_capacity, row + 1, sizeof one) ||
        !wp_array_reserve(&self->person_levels, &self->person_levels_capacity, (row + 1) * width, 1)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu people", row + 1);
    }
    memset(self->person_levels + row * width, WP_LEVEL_DRAWN, width);
    WP_TRY(read_id(from, column_of(from, COLUMN_ID), false, &one.id, err));
    WP_TRY(read_id(from, column_of(from, COLUMN_HOUSEHOLD), false, &one.household, err));
    if (mother >= 0) { WP_TRY(read_id(from, mother, true, &one.mother_id, err)); }
    if (partner >= 0) { WP_TRY(read_id(from, partner, true, &one.partner_id, err)); }
    WP_TRY(read_birth(from, population, one.id, &one.birth, err));
    WP_TRY(read_levels(from, population->scenario, 0, self->person_levels + row * width, err));
    self->people[self->n_people++] = one;
out:
    return status;
}

static wp_status add_home(wp_imported *self, const table *from, uint64_t id, const wp_scenario *scenario,
                          wp_error *err)
{
    wp_status status = WP_OK;
    size_t row = self->n_homes, width = (size_t)self->n_home_variables;
    int column = from == NULL ? -1 : column_of(from, COLUMN_INSTITUTION);
    wp_imported_home one = {.id = id, .line = from == NULL ? 0 : from->data.line, .row = (uint32_t)row};
    if (!wp_array_reserve(&self->homes, &self->homes_capacity, row + 1, sizeof one) ||
        !wp_array_reserve(&self->home_levels, &self->home_levels_capacity, (row + 1) * width, 1)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu households", row + 1);
    }
    memset(self->home_levels + row * width, WP_LEVEL_DRAWN, width);
    if (column >= 0) {
        const char *text = from->data.cells[column];
        one.institution = strcmp(text, "yes") == 0;
        if (!one.institution && strcmp(text, "no") != 0) { WP_TRY(bad_cell(from, column, "yes or no", err)); }
    }
    if (from != NULL) {
        WP_TRY(read_id(from, column_of(from, COLUMN_ID), false, &one.id, err));
        WP_TRY(read_levels(from, scenario, self->n_person_variables, self->home_levels + row * width, err));
    }
    self->homes[self->n_homes++] = one;
out:
    return status;
}

static wp_status read_persons(wp_imported *self, const wp_population *population, wp_error *err)
{
    wp_status status = WP_OK;
    bool more = true;
    const char *start = population->scenario->start_date;
    table *persons = wp_calloc_array(1, sizeof *persons);
    WP_TRY_ALLOC(persons);
    persons->start_day = start == NULL ? NAN : parse_date(start);
    WP_TRY(open_table(persons, population->scenario, population->scenario->population.persons_path, WP_PERSON,
                      err));
    for (;;) {
        WP_TRY(wp_microdata_next(&persons->data, &more, err));
        if (!more) { break; }
        WP_TRY(add_person(self, persons, population, err));
    }
out:
    if (persons != NULL) { wp_microdata_close(&persons->data); }
    free(persons);
    return status;
}

/* From the file, or, where the scenario names none, one for each household that persons name. */
static wp_status read_homes(wp_imported *self, const wp_population *population, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_scenario *scenario = population->scenario;
    bool more = true;
    table *homes = NULL;
    if (scenario->population.households_path == NULL) {
        for (size_t i = 0; i < self->n_people; i++) {
            uint64_t id = self->people[i].household;
            if (i == 0 || self->people[i - 1].household != id) {
                WP_TRY(add_home(self, NULL, id, scenario, err));
            }
        }
        goto out;
    }
    WP_TRY_ALLOC(homes = wp_calloc_array(1, sizeof *homes));
    WP_TRY(open_table(homes, scenario, scenario->population.households_path, WP_HOUSEHOLD, err));
    for (;;) {
        WP_TRY(wp_microdata_next(&homes->data, &more, err));
        if (!more) { break; }
        WP_TRY(add_home(self, homes, 0, scenario, err));
    }
out:
    if (homes != NULL) { wp_microdata_close(&homes->data); }
    free(homes);
    return status;
}

wp_status wp_imported_make(wp_population *population, wp_error *err)
{
    wp_status status = WP_OK;
    wp_imported *self = &population->imported;
    self->n_person_variables = wp_person_variables(population->scenario);
    self->n_home_variables = population->scenario->n_variables - self->n_person_variables;
    WP_TRY(read_persons(self, population, err));
    wp_imported_sort_people(self);
    WP_TRY(read_homes(self, population, err));
    WP_TRY(wp_imported_link(self, population->scenario, err));
    population->n_people = (int64_t)self->n_people;
    population->n_households = (int64_t)self->n_homes;
out:
    return status;
}

void wp_imported_household(const wp_population *population, int64_t index, wp_founding_household *household)
{
    const wp_imported *self = &population->imported;
    const wp_imported_home *home = &self->homes[index];
    size_t n_person = (size_t)self->n_person_variables, n_home = (size_t)self->n_home_variables;
    household->id = home->id;
    household->institution = home->institution;
    household->n = home->n;
    memcpy(household->levels, self->home_levels + home->row * n_home, n_home);
    for (int k = 0; k < home->n; k++) {
        const wp_imported_person *one = &self->people[home->first + (size_t)k];
        wp_founder *member = &household->members[k];
        *member =
            (wp_founder){.id = one->id, .birth = one->birth, .partner = one->partner, .mother = one->mother};
        memset(member->levels, WP_LEVEL_DRAWN, sizeof member->levels);
        memcpy(member->levels, self->person_levels + one->row * n_person, n_person);
    }
}

void wp_imported_free(wp_imported *imported)
{
    free(imported->people);
    free(imported->homes);
    free(imported->person_levels);
    free(imported->home_levels);
    memset(imported, 0, sizeof *imported);
}
