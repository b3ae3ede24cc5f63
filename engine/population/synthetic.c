/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The synthetic population: margins to whole numbers, to parts in households, to households. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/text.h"
#include "chance/uniform.h"
#include "population/families.h"
#include "population/founding.h"
#include "population/integerise.h"
#include "population/whole_people.h"

/* Adults that a household of each kind needs, `other` apart. */
static const int adults_of_kind[WP_N_PRIVATE_KINDS] = {1, 2, 2, 1, 0};
static const char *const kind_names[WP_N_HOUSEHOLD_KINDS] = {"single", "couple", "couple_and_children",
                                                             "lone_parent", "other", "institution"};

/* Everything that is needed while the population is made. */
typedef struct maker {
    wp_population *population;
    wp_synthetic *self;
    wp_whole_people people;
    wp_area_people area;       /* the one at work */
    double *kinds;             /* areas x kinds: households, fitted */
    int32_t *n_kinds;          /* the same, whole */
    int32_t *n_types;          /* areas x kinds x extras, whole */
    double people_in_other;
    wp_text text;
} maker;

/* ---- Names and ids ------------------------------------------------------------------------------ */

/* "district=bolton deprivation=most kind=couple": what an id hashes, so that it hangs on nothing else. */
static wp_status write_levels(wp_text *text, const wp_layout *layout, int n, const int *variables,
                              int combination, wp_error *err)
{
    wp_status status = WP_OK;
    for (int k = 0; k < n; k++) {
        const wp_variable *variable = &layout->scenario->variables[variables[k]];
        int level = wp_layout_level(layout, n, variables, combination, k);
        WP_TRY(wp_text_append_format(text, err, "%s=%s ", variable->name, variable->levels[level]));
    }
out:
    return status;
}

static uint64_t hash_text(const wp_text *text)
{
    const char *bytes = wp_text_get(text);
    return (uint64_t)wp_purpose("synthesis type", bytes) << 32 | wp_purpose("synthesis", bytes);
}

/* ---- Households by area and kind ------------------------------------------------------------------ */

static double adults(const maker *make, int area)
{
    double sum = 0.0;
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        sum += i % WP_N_AGES >= WP_ADULT_AGE
                   ? wp_whole_private(&make->people, area, i / WP_N_AGES, i % WP_N_AGES)
                   : 0;
    }
    return sum;
}

/* How many households of each kind the people of an area suggest; `with_parents` receives the adults who
   would live with their parents. */
static void suggest_kinds(const maker *make, int area, double pull[WP_N_PRIVATE_KINDS], double *with_parents)
{
    int female = make->self->layout.female;
    memset(pull, 0, WP_N_PRIVATE_KINDS * sizeof *pull);
    *with_parents = 0.0;
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        int level = i / WP_N_AGES, age = i % WP_N_AGES, sex = level == female ? 0 : 1;
        double n = wp_whole_private(&make->people, area, level, age);
        if (age < WP_ADULT_AGE) {
            pull[WP_KIND_COUPLE_AND_CHILDREN] += n / WP_CHILDREN_PER_FAMILY;
            pull[WP_KIND_LONE_PARENT] += n / WP_CHILDREN_PER_FAMILY;
            continue;
        }
        double at_home = wp_shape_with_parents(sex, age);
        *with_parents += n * at_home;
        pull[WP_KIND_SINGLE] += n * (1.0 - at_home) * wp_shape_alone(sex, age);
        pull[WP_KIND_COUPLE] += n * (1.0 - at_home) * wp_shape_couple(sex, age) / 2.0;
        pull[WP_KIND_OTHER] += n * (1.0 - at_home) * wp_shape_other(sex, age) / WP_PEOPLE_IN_OTHER;
    }
}

static double adults_needed(const maker *make, const double *kinds)
{
    double sum = kinds[WP_KIND_OTHER] * make->people_in_other;
    for (int kind = 0; kind < WP_N_PRIVATE_KINDS; kind++) { sum += adults_of_kind[kind] * kinds[kind]; }
    return sum;
}

/* Sets how many people share a household of kind other: near WP_PEOPLE_IN_OTHER, unless the adults that are
   left would then all, or hardly any, live with their parents. */
static void set_people_in_other(maker *make, const double *total, double n_adults, double with_parents)
{
    make->people_in_other = 0.0;
    double rest = n_adults - adults_needed(make, total), n_other = total[WP_KIND_OTHER];
    double per_home = WP_PEOPLE_IN_OTHER, at_home = rest - per_home * n_other;
    if (n_other > 0.0 && at_home > 1.5 * with_parents) { per_home = (rest - 1.5 * with_parents) / n_other; }
    if (n_other > 0.0 && at_home < 0.6 * with_parents) { per_home = (rest - 0.6 * with_parents) / n_other; }
    make->people_in_other = per_home < 2.05 ? 2.05 : per_home;
}

/* Where no margin says how households are spread over areas: each area gets so many that the same share of
   its would-be grown-up children stays at home. Numbers by kind stay. */
static void balance_areas(maker *make, const double *with_parents, double all_with_parents,
                          const double total[WP_N_PRIVATE_KINDS], double n_adults)
{
    double share = all_with_parents > 0.0 ? (n_adults - adults_needed(make, total)) / all_with_parents : 0.0;
    for (int round = 0; round < 100; round++) {
        double sum[WP_N_PRIVATE_KINDS] = {0};
        for (int area = 0; area < make->self->layout.n_areas; area++) {
            double *kinds = &make->kinds[area * WP_N_PRIVATE_KINDS], needed = adults_needed(make, kinds);
            double wanted = adults(make, area) - share * with_parents[area];
            for (int kind = 0; kind < WP_N_PRIVATE_KINDS; kind++) {
                if (needed > 0.0 && wanted > 0.0) { kinds[kind] *= wanted / needed; }
                sum[kind] += kinds[kind];
            }
        }
        for (int i = 0; i < make->self->layout.n_areas * WP_N_PRIVATE_KINDS; i++) {
            double have = sum[i % WP_N_PRIVATE_KINDS];
            if (have > 0.0) { make->kinds[i] *= total[i % WP_N_PRIVATE_KINDS] / have; }
        }
    }
}

/* Adds the fitted table up to areas x kinds. */
static void sum_kinds(const maker *make, double total[WP_N_PRIVATE_KINDS])
{
    const wp_fit_table *table = &make->self->households;
    int n_extras = make->self->layout.n_extras;
    memset(total, 0, WP_N_PRIVATE_KINDS * sizeof *total);
    memset(make->kinds, 0, (size_t)make->self->layout.n_areas * WP_N_PRIVATE_KINDS * sizeof *make->kinds);
    for (int cell = 0; cell < table->n_cells; cell++) {
        int kind = cell % WP_N_PRIVATE_KINDS, area = cell / WP_N_PRIVATE_KINDS / n_extras;
        make->kinds[area * WP_N_PRIVATE_KINDS + kind] += table->values[cell];
        total[kind] += table->values[cell];
    }
}

static wp_status fit_households(maker *make, wp_error *err)
{
    wp_status status = WP_OK;
    wp_synthetic *self = make->self;
    wp_fit_table *table = &self->households;
    int n_areas = self->layout.n_areas, n_extras = self->layout.n_extras;
    double total[WP_N_PRIVATE_KINDS], n_adults = 0.0, all_with_parents = 0.0, *pull = NULL,
                                      *with_parents = NULL;
    bool by_area = false;
    double n_private = (double)make->people.n_private;
    WP_TRY(wp_margins_of_households(table, &self->layout, n_private, &self->arena, &self->n_private_homes,
                                    &by_area, err));
    WP_TRY_ALLOC(pull = wp_calloc_array((size_t)n_areas * WP_N_PRIVATE_KINDS, sizeof *pull));
    WP_TRY_ALLOC(with_parents = wp_calloc_array((size_t)n_areas, sizeof *with_parents));
    for (int area = 0; area < n_areas; area++) {
        suggest_kinds(make, area, &pull[area * WP_N_PRIVATE_KINDS], &with_parents[area]);
        n_adults += adults(make, area);
        all_with_parents += with_parents[area];
    }
    for (int cell = 0; cell < table->n_cells; cell++) {
        int area = cell / WP_N_PRIVATE_KINDS / n_extras, kind = cell % WP_N_PRIVATE_KINDS;
        double seed = pull[area * WP_N_PRIVATE_KINDS + kind];
        table->values[cell] = seed > 0.0 ? seed : 1e-9; /* nobody who suggests it: only if margins insist */
    }
    WP_TRY(wp_ipf_fit(table->values, table->n_dims, table->sizes, table->n_margins, table->margins,
                      table->adjusted, err));
    sum_kinds(make, total);
    set_people_in_other(make, total, n_adults, all_with_parents);
    if (!by_area && n_areas > 1) {
        memcpy(pull, make->kinds, (size_t)n_areas * WP_N_PRIVATE_KINDS * sizeof *pull);
        balance_areas(make, with_parents, all_with_parents, total, n_adults);
        for (int cell = 0; cell < table->n_cells; cell++) {
            int at = cell / WP_N_PRIVATE_KINDS / n_extras * WP_N_PRIVATE_KINDS + cell % WP_N_PRIVATE_KINDS;
            table->values[cell] *= pull[at] > 0.0 ? make->kinds[at] / pull[at] : 1.0;
        }
    }
out:
    free(pull);
    free(with_parents);
    return status;
}

/* Whole numbers by area and kind (kinds' totals first), then by extras within them. */
static wp_status round_households(maker *make, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_fit_table *table = &make->self->households;
    int n_areas = make->self->layout.n_areas, n_extras = make->self->layout.n_extras;
    size_t n_rows = (size_t)n_areas * WP_N_PRIVATE_KINDS;
    double total[WP_N_PRIVATE_KINDS] = {0}, *values = NULL;
    int64_t whole[WP_N_PRIVATE_KINDS];
    wp_key key = make->population->key;
    for (size_t i = 0; i < n_rows; i++) { total[i % WP_N_PRIVATE_KINDS] += make->kinds[i]; }
    wp_integerise(WP_N_PRIVATE_KINDS, total, wp_uniform(key, 0, wp_purpose("synthesis", "kinds"), 0), whole);
    for (size_t i = 0; i < n_rows; i++) {
        int kind = (int)(i % WP_N_PRIVATE_KINDS);
        if (total[kind] > 0.0) { make->kinds[i] *= (double)whole[kind] / total[kind]; }
    }
    WP_TRY(wp_integerise_table(n_areas, WP_N_PRIVATE_KINDS, make->kinds, key, 0,
                               wp_purpose("synthesis", "areas"), make->n_kinds, err));
    WP_TRY_ALLOC(values = wp_calloc_array(n_rows * (size_t)n_extras, sizeof *values));
    for (size_t row = 0; row < n_rows; row++) {
        double sum = 0.0;
        size_t first = row / WP_N_PRIVATE_KINDS * (size_t)n_extras * WP_N_PRIVATE_KINDS +
                       row % WP_N_PRIVATE_KINDS;
        for (int extra = 0; extra < n_extras; extra++) {
            sum += table->values[first + (size_t)extra * WP_N_PRIVATE_KINDS];
        }
        for (int extra = 0; extra < n_extras; extra++) {
            double value = table->values[first + (size_t)extra * WP_N_PRIVATE_KINDS];
            values[row * (size_t)n_extras + (size_t)extra] = sum > 0.0 ? make->n_kinds[row] * value / sum
                                                                       : 0.0;
        }
    }
    WP_TRY(wp_integerise_table((int)n_rows, n_extras, values, key, 0, wp_purpose("synthesis", "extras"),
                               make->n_types, err));
out:
    free(values);
    return status;
}

/* ---- One area ------------------------------------------------------------------------------------- */

static wp_status name_area(maker *make, int area, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_layout *layout = &make->self->layout;
    wp_text_clear(&make->text);
    WP_TRY(write_levels(&make->text, layout, layout->n_area_variables, layout->area_variables, area, err));
    if (layout->n_area_variables == 0) { WP_TRY(wp_text_append(&make->text, "the place ", err)); }
    make->area.id = hash_text(&make->text);
    WP_TRY_ALLOC(make->area.name =
                     wp_arena_strndup(&make->self->arena, wp_text_get(&make->text), make->text.length - 1));
out:
    return status;
}

static wp_status start_area(maker *make, int area, wp_error *err)
{
    wp_status status = WP_OK;
    wp_area_people *people = &make->area;
    double fitted[WP_N_PRIVATE_KINDS], pull[WP_N_PRIVATE_KINDS], with_parents = 0.0;
    people->key = make->population->key;
    WP_TRY(name_area(make, area, err));
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        int level = i / WP_N_AGES, sex = level == make->self->layout.female ? 0 : 1;
        people->n[sex][i % WP_N_AGES] = wp_whole_private(&make->people, area, level, i % WP_N_AGES);
    }
    for (int kind = 0; kind < WP_N_PRIVATE_KINDS; kind++) {
        people->households[kind] = make->n_kinds[area * WP_N_PRIVATE_KINDS + kind];
        fitted[kind] = (double)people->households[kind];
    }
    suggest_kinds(make, area, pull, &with_parents);
    double left = adults(make, area) - adults_needed(make, fitted);
    people->adult_children = left > 2.0 * with_parents ? 2.0 * with_parents : left;
out:
    return status;
}

/* A household's place in its slice: by the head's age and sex, then size, then members. */
typedef struct ranked_home {
    const uint8_t *members;
    uint32_t n;
    uint32_t number;
} ranked_home;

static int compare_homes(const void *a, const void *b)
{
    const ranked_home *x = a, *y = b;
    int by_age = (x->members[0] & WP_PACKED_AGE) - (y->members[0] & WP_PACKED_AGE);
    if (by_age != 0) { return by_age; }
    return x->number < y->number ? -1 : 1;
}

static wp_status add_type(maker *make, wp_home_type type, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_layout *layout = &make->self->layout;
    wp_text_clear(&make->text);
    WP_TRY(wp_text_append_format(&make->text, err, "%s ", make->area.name));
    WP_TRY(write_levels(&make->text, layout, layout->n_extra_variables, layout->extra_variables, type.extra,
                        err));
    WP_TRY(wp_text_append_format(&make->text, err, "kind=%s", kind_names[type.kind]));
    if (type.kind == WP_KIND_INSTITUTION) {
        const char *level = layout->scenario->variables[layout->residence].levels[type.residence];
        WP_TRY(wp_text_append_format(&make->text, err, " residence=%s", level));
    }
    type.id = hash_text(&make->text);
    type.begin = (int64_t)make->self->homes.n_homes;
    make->self->types[make->self->n_types++] = type;
out:
    return status;
}

/* Deals the homes of one area and kind to the combinations of extras by chance, and within each sorts
   them by the head's age, so that the low-discrepancy order of samples is stratified by it. */
static wp_status arrange(maker *make, const wp_homes *homes, wp_home_type type, const int64_t *n_extra,
                         wp_error *err)
{
    wp_status status = WP_OK;
    ranked_home *list = NULL;
    size_t n = homes->n_homes, at = 0;
    uint32_t purpose = wp_purpose("synthesis", kind_names[type.kind]);
    WP_TRY_ALLOC(list = wp_calloc_array(n, sizeof *list));
    for (size_t i = 0; i < n; i++) {
        list[i] = (ranked_home){homes->people + homes->first[i], homes->first[i + 1] - homes->first[i],
                                (uint32_t)i};
    }
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(wp_uniform(make->area.key, make->area.id, purpose, (uint32_t)i) * (double)i);
        ranked_home kept = list[i - 1];
        list[i - 1] = list[j];
        list[j] = kept;
    }
    for (int extra = 0; extra < make->self->layout.n_extras; extra++) {
        size_t count = (size_t)n_extra[extra];
        if (count == 0) { continue; }
        qsort(list + at, count, sizeof *list, compare_homes);
        type.extra = extra;
        WP_TRY(add_type(make, type, err));
        for (size_t i = at; i < at + count; i++) {
            WP_TRY(wp_homes_add(&make->self->homes, (int)list[i].n, list[i].members, err));
        }
        at += count;
    }
out:
    free(list);
    return status;
}

/* How many of `n` homes get each combination of extras: as planned; what families changed falls to the
   commonest. */
static void plan_extras(const maker *make, int area, int kind, int64_t n, int64_t *n_extra)
{
    int n_extras = make->self->layout.n_extras;
    const int32_t *planned = &make->n_types[(area * WP_N_PRIVATE_KINDS + kind) * n_extras];
    int64_t missing = n;
    for (int extra = 0; extra < n_extras; extra++) {
        n_extra[extra] = planned[extra];
        missing -= planned[extra];
    }
    while (missing != 0) {
        int largest = 0;
        for (int extra = 1; extra < n_extras; extra++) {
            largest = n_extra[extra] > n_extra[largest] ? extra : largest;
        }
        int64_t change = missing > -n_extra[largest] ? missing : -n_extra[largest];
        n_extra[largest] += change;
        missing -= change;
    }
}

/* Residents of institutions: each on their own, with the extras of the area's households. */
static wp_status add_residents(maker *make, int area, int residence, int64_t *n_extra, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_layout *layout = &make->self->layout;
    wp_homes homes = {0};
    double *values = NULL, sum = 0.0;
    WP_TRY_ALLOC(values = wp_calloc_array((size_t)layout->n_extras, sizeof *values));
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        int level = i / WP_N_AGES, age = i % WP_N_AGES;
        uint8_t packed = wp_pack(level == layout->female ? 0 : 1, age);
        for (int32_t k = wp_whole_residents(&make->people, area, level, age, residence); k > 0; k--) {
            WP_TRY(wp_homes_add(&homes, 1, &packed, err));
        }
    }
    if (homes.n_homes == 0) { goto out; }
    for (int i = 0; i < layout->n_extras * WP_N_PRIVATE_KINDS; i++) {
        double value = make->self->households.values[area * layout->n_extras * WP_N_PRIVATE_KINDS + i];
        values[i / WP_N_PRIVATE_KINDS] += value;
        sum += value;
    }
    for (int extra = 0; extra < layout->n_extras; extra++) {
        values[extra] = sum > 0.0    ? values[extra] / sum * (double)homes.n_homes
                        : extra == 0 ? (double)homes.n_homes
                                     : 0.0;
    }
    double uniform =
        wp_uniform(make->area.key, make->area.id, wp_purpose("synthesis", "residents"), (uint32_t)residence);
    wp_integerise(layout->n_extras, values, uniform, n_extra);
    wp_home_type type = {.area = area, .kind = WP_KIND_INSTITUTION, .residence = residence};
    WP_TRY(arrange(make, &homes, type, n_extra, err));
out:
    wp_homes_free(&homes);
    free(values);
    return status;
}

static wp_status make_area(maker *make, int area, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_layout *layout = &make->self->layout;
    wp_homes homes[WP_N_PRIVATE_KINDS] = {{0}};
    wp_roles roles;
    int64_t *n_extra = NULL;
    WP_TRY(start_area(make, area, err));
    WP_TRY(wp_roles_allot(&roles, &make->area, err));
    WP_TRY(wp_families_make(&make->area, &roles, homes, err));
    WP_TRY_ALLOC(n_extra = wp_calloc_array((size_t)layout->n_extras, sizeof *n_extra));
    for (int kind = 0; kind < WP_N_PRIVATE_KINDS; kind++) {
        wp_home_type type = {.area = area, .kind = (wp_household_kind)kind, .residence = layout->home};
        plan_extras(make, area, kind, (int64_t)homes[kind].n_homes, n_extra);
        WP_TRY(arrange(make, &homes[kind], type, n_extra, err));
    }
    for (int residence = 0; residence < layout->n_residences; residence++) {
        if (residence == make->people.home) { continue; }
        WP_TRY(add_residents(make, area, residence, n_extra, err));
    }
out:
    for (int kind = 0; kind < WP_N_PRIVATE_KINDS; kind++) { wp_homes_free(&homes[kind]); }
    free(n_extra);
    return status;
}

wp_status wp_synthetic_make(wp_population *population, wp_error *err)
{
    wp_status status = WP_OK;
    wp_synthetic *self = &population->synthetic;
    maker make = {.population = population, .self = self};
    wp_arena_init(&self->arena, 0);
    WP_TRY(wp_layout_init(&self->layout, population->scenario, err));
    WP_TRY(wp_margins_of_persons(&self->persons, &self->layout, &self->arena, &self->n_people, err));
    WP_TRY(wp_ipf_fit(self->persons.values, self->persons.n_dims, self->persons.sizes,
                      self->persons.n_margins, self->persons.margins, self->persons.adjusted, err));
    WP_TRY(wp_whole_people_init(&make.people, &self->layout, &self->persons, population->key, err));
    size_t n_rows = (size_t)self->layout.n_areas * WP_N_PRIVATE_KINDS,
           n_extras = (size_t)self->layout.n_extras;
    WP_TRY_ALLOC(make.kinds = wp_calloc_array(n_rows, sizeof *make.kinds));
    WP_TRY_ALLOC(make.n_kinds = wp_calloc_array(n_rows, sizeof *make.n_kinds));
    WP_TRY_ALLOC(make.n_types = wp_calloc_array(n_rows * n_extras, sizeof *make.n_types));
    WP_TRY(fit_households(&make, err));
    WP_TRY(round_households(&make, err));
    size_t n_kinds = WP_N_PRIVATE_KINDS + (size_t)self->layout.n_residences - 1;
    size_t n_most = (size_t)self->layout.n_areas * n_extras * n_kinds + 1;
    WP_TRY_ALLOC(self->types = wp_arena_alloc_array(&self->arena, n_most, sizeof *self->types));
    for (int area = 0; area < self->layout.n_areas; area++) { WP_TRY(make_area(&make, area, err)); }
    self->types[self->n_types].begin = (int64_t)self->homes.n_homes;
    population->n_households = (int64_t)self->homes.n_homes;
    population->n_people = (int64_t)self->homes.n_people;
out:
    wp_whole_people_free(&make.people);
    wp_text_free(&make.text);
    free(make.kinds);
    free(make.n_kinds);
    free(make.n_types);
    return status;
}

/* ---- One household ----------------------------------------------------------------------------------- */

static const wp_home_type *find_type(const wp_synthetic *self, int64_t index)
{
    int low = 0, high = self->n_types;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (self->types[middle].begin <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &self->types[low];
}

static void give_home_levels(const wp_layout *layout, const wp_home_type *type, wp_founding_household *home)
{
    int n_person = wp_person_variables(layout->scenario);
    for (int k = 0; k < layout->n_area_variables; k++) {
        home->levels[layout->area_variables[k] - n_person] = (uint8_t)wp_layout_level(
            layout, layout->n_area_variables, layout->area_variables, type->area, k);
    }
    for (int k = 0; k < layout->n_extra_variables; k++) {
        home->levels[layout->extra_variables[k] - n_person] = (uint8_t)wp_layout_level(
            layout, layout->n_extra_variables, layout->extra_variables, type->extra, k);
    }
    for (int level = 0; layout->kind >= 0 && level < layout->scenario->variables[layout->kind].n_levels;
         level++) {
        if (strcmp(layout->scenario->variables[layout->kind].levels[level], kind_names[type->kind]) == 0) {
            home->levels[layout->kind - n_person] = (uint8_t)level;
        }
    }
}

/* Brothers and sisters: of one age twins, born together; otherwise at least 0.8 years apart. */
static wp_tick birth_after(const wp_population *population, uint64_t id, int age, wp_tick elder,
                           int elder_age)
{
    if (age == elder_age) { return elder; }
    double room = wp_years(-elder) - 0.8 - age;
    return wp_birth_of(population, id, age, room < 1.0 ? room : 1.0);
}

void wp_synthetic_household(const wp_population *population, int64_t index, wp_founding_household *household)
{
    const wp_synthetic *self = &population->synthetic;
    const wp_layout *layout = &self->layout;
    const wp_home_type *type = find_type(self, index);
    const uint8_t *packed = self->homes.people + self->homes.first[index];
    int n_parents = type->kind == WP_KIND_COUPLE || type->kind == WP_KIND_COUPLE_AND_CHILDREN ? 2 : 1;
    bool has_children = type->kind == WP_KIND_COUPLE_AND_CHILDREN || type->kind == WP_KIND_LONE_PARENT;
    household->id = wp_id_derive(type->id, population->purpose_household, (uint32_t)(index - type->begin));
    household->institution = type->kind == WP_KIND_INSTITUTION;
    household->n = (int)(self->homes.first[index + 1] - self->homes.first[index]);
    give_home_levels(layout, type, household);
    for (int k = 0; k < household->n; k++) {
        wp_founder *member = &household->members[k];
        int age = packed[k] & WP_PACKED_AGE;
        bool is_man = (packed[k] & WP_PACKED_MALE) != 0, is_child = has_children && k >= n_parents;
        bool is_younger = is_child && k > n_parents;
        member->id = wp_id_derive(household->id, population->purpose_member, (uint32_t)k);
        member->partner = n_parents == 2 && k < 2 ? 1 - k : -1;
        member->mother = is_child && (packed[0] & WP_PACKED_MALE) == 0 ? 0 : -1;
        member->birth = is_younger ? birth_after(population, member->id, age, household->members[k - 1].birth,
                                                 packed[k - 1] & WP_PACKED_AGE)
                                   : wp_birth_of(population, member->id, age, 1.0);
        memset(member->levels, WP_LEVEL_DRAWN, sizeof member->levels);
        if (layout->sex >= 0) {
            member->levels[layout->sex] = (uint8_t)(is_man ? 1 - layout->female : layout->female);
        }
        if (layout->n_residences > 1) { member->levels[layout->residence] = (uint8_t)type->residence; }
    }
}
