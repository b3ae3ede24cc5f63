/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts in households: grown-up children first, then mothers where the children are, then the rest by
   iterative proportional fitting and dependent rounding. */
#include "population/roles.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "chance/uniform.h"
#include "population/integerise.h"
#include "population/ipf.h"

enum { N_ADULT_AGES = WP_N_AGES - WP_ADULT_AGE, N_ADULT_ROLES = WP_ROLE_CHILD };

static int64_t sum_ages(const int32_t *n, int from)
{
    int64_t sum = 0;
    for (int age = from; age < WP_N_AGES; age++) { sum += n[age]; }
    return sum;
}

/* How many adults live with their parents: near what is wanted, and so that the rest fill the
   households, at least two to a household of kind `other`. */
static wp_status count_adult_children(const wp_area_people *area, int64_t *n_children, wp_error *err)
{
    const int64_t *homes = area->households;
    int64_t adults = sum_ages(area->n[0], WP_ADULT_AGE) + sum_ages(area->n[1], WP_ADULT_AGE);
    int64_t families = homes[WP_KIND_COUPLE_AND_CHILDREN] + homes[WP_KIND_LONE_PARENT];
    int64_t heads = homes[WP_KIND_SINGLE] + homes[WP_KIND_LONE_PARENT] +
                    2 * (homes[WP_KIND_COUPLE] + homes[WP_KIND_COUPLE_AND_CHILDREN]);
    int64_t rest = adults - heads, most = rest - 2 * homes[WP_KIND_OTHER];
    if (most < 0) {
        return wp_fail(err, WP_ERR_POPULATION,
                       "%s has %lld adults, and its households need at least %lld: margins of persons and of "
                       "households do not go together",
                       area->name, (long long)adults, (long long)(adults - most));
    }
    int64_t wanted = (int64_t)floor(area->adult_children + 0.5);
    if (families == 0) { wanted = 0; }
    if (homes[WP_KIND_OTHER] == 0) { wanted = rest; }
    *n_children = wanted < 0 ? 0 : wanted > most ? most : wanted;
    if (*n_children > 0 && families == 0) {
        return wp_fail(err, WP_ERR_POPULATION,
                       "%s has %lld adults more than its households have room for", area->name,
                       (long long)*n_children);
    }
    return WP_OK;
}

/* Adults at home, by sex and age: the shape, scaled to the wanted number, never more than there are. */
static wp_status allot_children(wp_roles *roles, const wp_area_people *area, wp_error *err)
{
    double values[2 * WP_N_AGES] = {0}, cap[2 * WP_N_AGES] = {0}, sum = 0.0;
    int64_t counts[2 * WP_N_AGES], wanted = 0;
    wp_status status = count_adult_children(area, &wanted, err);
    if (status != WP_OK) { return status; }
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        int sex = i / WP_N_AGES, age = i % WP_N_AGES;
        if (age < WP_ADULT_AGE || age > 70) { continue; }
        cap[i] = area->n[sex][age];
        values[i] = cap[i] * wp_shape_with_parents(sex, age);
    }
    for (int round = 0; round < 200; round++) {
        sum = 0.0;
        for (int i = 0; i < 2 * WP_N_AGES; i++) { sum += values[i]; }
        if (sum <= 0.0 || fabs(sum - (double)wanted) < 1e-7) { break; }
        for (int i = 0; i < 2 * WP_N_AGES; i++) {
            double scaled = values[i] * (double)wanted / sum;
            values[i] = scaled < cap[i] ? scaled : cap[i];
        }
    }
    if (fabs(sum - (double)wanted) > 1e-5) {
        return wp_fail(err, WP_ERR_POPULATION, "%s has more adults than its households have room for",
                       area->name);
    }
    double uniform = wp_uniform(area->key, area->id, wp_purpose("synthesis", "adult children"), 0);
    wp_integerise(2 * WP_N_AGES, values, uniform, counts);
    for (int i = 0; i < 2 * WP_N_AGES; i++) {
        int sex = i / WP_N_AGES, age = i % WP_N_AGES;
        roles->n[WP_ROLE_CHILD][sex][age] = age < WP_ADULT_AGE ? area->n[sex][age] : (int32_t)counts[i];
    }
    return WP_OK;
}

/* For women of each age the share that has children at home: each child chooses its mother's age by the
   distribution of ages at birth among the women there are. */
static void shape_mothers(const wp_roles *roles, int32_t left[2][WP_N_AGES], double share[WP_N_AGES])
{
    double births[WP_N_AGES] = {0};
    for (int age = 0; age < WP_N_AGES; age++) {
        double children = roles->n[WP_ROLE_CHILD][0][age] + roles->n[WP_ROLE_CHILD][1][age], sum = 0.0;
        for (int gap = WP_GAP_MIN; gap <= WP_GAP_MAX && age + gap < WP_N_AGES; gap++) {
            if (age + gap >= WP_ADULT_AGE) { sum += wp_shape_birth(gap) * left[0][age + gap]; }
        }
        for (int gap = WP_GAP_MIN; gap <= WP_GAP_MAX && age + gap < WP_N_AGES && sum > 0.0; gap++) {
            if (age + gap < WP_ADULT_AGE) { continue; }
            births[age + gap] += children * wp_shape_birth(gap) * left[0][age + gap] / sum;
        }
    }
    for (int age = 0; age < WP_N_AGES; age++) {
        double per_family = left[0][age] > 0 ? births[age] / (left[0][age] * WP_CHILDREN_PER_FAMILY) : 0.0;
        share[age] = per_family / (1.0 + 0.15 * per_family); /* at most about one */
        share[age] = share[age] > 0.95 ? 0.95 : share[age];
    }
}

/* Shares of men who are partners of the women of `role`: their ages and the gap. */
static void shape_partners(const int32_t women[WP_N_AGES], const int32_t men[WP_N_AGES],
                           double share[WP_N_AGES])
{
    for (int age = 0; age < WP_N_AGES; age++) { share[age] = 0.0; }
    for (int her = WP_ADULT_AGE; her < WP_N_AGES; her++) {
        double sum = 0.0;
        for (int his = WP_ADULT_AGE; his < WP_N_AGES; his++) { sum += wp_shape_gap(his - her) * men[his]; }
        for (int his = WP_ADULT_AGE; his < WP_N_AGES && sum > 0.0; his++) {
            share[his] += women[her] * wp_shape_gap(his - her) / sum;
        }
    }
}

/* How many of each sex play each adult part; 0 women, 1 men. */
static wp_status count_roles(const wp_area_people *area, int32_t left[2][WP_N_AGES],
                             double need[2][N_ADULT_ROLES], wp_error *err)
{
    const int64_t *homes = area->households;
    double rest[2], pull[2][2] = {{0}};
    double lone_mothers = floor(WP_LONE_MOTHER_SHARE * (double)homes[WP_KIND_LONE_PARENT] + 0.5);
    for (int sex = 0; sex < 2; sex++) {
        need[sex][WP_ROLE_COUPLE] = (double)homes[WP_KIND_COUPLE];
        need[sex][WP_ROLE_PARENT] = (double)homes[WP_KIND_COUPLE_AND_CHILDREN];
        need[sex][WP_ROLE_LONE] = sex == 0 ? lone_mothers : (double)homes[WP_KIND_LONE_PARENT] - lone_mothers;
        rest[sex] = (double)sum_ages(left[sex], WP_ADULT_AGE) - need[sex][WP_ROLE_COUPLE] -
                    need[sex][WP_ROLE_PARENT] - need[sex][WP_ROLE_LONE];
        if (rest[sex] < 0.0) {
            return wp_fail(err, WP_ERR_POPULATION, "%s has %.0f %s too few for its couples and lone parents",
                           area->name, -rest[sex], sex == 0 ? "women" : "men");
        }
        for (int age = WP_ADULT_AGE; age < WP_N_AGES; age++) {
            pull[sex][0] += left[sex][age] * wp_shape_alone(sex, age);
            pull[sex][1] += left[sex][age] * wp_shape_other(sex, age);
        }
    }
    double n_alone = (double)homes[WP_KIND_SINGLE], n_other = rest[0] + rest[1] - n_alone;
    for (int round = 0; round < 100; round++) { /* two by two: alone or other, women or men */
        for (int part = 0; part < 2; part++) {
            double sum = pull[0][part] + pull[1][part], wanted = part == 0 ? n_alone : n_other;
            for (int sex = 0; sex < 2 && sum > 0.0; sex++) { pull[sex][part] *= wanted / sum; }
        }
        for (int sex = 0; sex < 2; sex++) {
            double sum = pull[sex][0] + pull[sex][1];
            for (int part = 0; part < 2 && sum > 0.0; part++) { pull[sex][part] *= rest[sex] / sum; }
        }
    }
    double women = floor(pull[0][0] + 0.5), least = n_alone - rest[1];
    women = women < least ? least : women;
    women = women < 0.0 ? 0.0 : women > n_alone ? n_alone : women;
    women = women > rest[0] ? rest[0] : women;
    need[0][WP_ROLE_ALONE] = women;
    need[1][WP_ROLE_ALONE] = n_alone - women;
    for (int sex = 0; sex < 2; sex++) { need[sex][WP_ROLE_OTHER] = rest[sex] - need[sex][WP_ROLE_ALONE]; }
    return WP_OK;
}

/* Fits parts by age for one sex from `seed` and rounds them: rows parts, columns ages. */
static wp_status fit_sex(wp_roles *roles, const wp_area_people *area, int sex,
                         const int32_t left[WP_N_AGES], const double need[N_ADULT_ROLES],
                         double *seed, wp_error *err)
{
    static const int sizes[2] = {N_ADULT_ROLES, N_ADULT_AGES};
    double by_age[N_ADULT_AGES];
    int32_t counts[N_ADULT_ROLES * N_ADULT_AGES];
    for (int age = 0; age < N_ADULT_AGES; age++) { by_age[age] = left[age + WP_ADULT_AGE]; }
    const wp_ipf_margin margins[2] = {
        {.name = "adults by age", .n_axes = 1, .axes = {1}, .n_bands = {N_ADULT_AGES}, .wanted = by_age},
        {.name = "adults by part in a household", .n_axes = 1, .axes = {0}, .n_bands = {N_ADULT_ROLES},
         .wanted = need}};
    wp_status status = wp_ipf_fit(seed, 2, sizes, 2, margins, NULL, err);
    if (status != WP_OK) { return status; }
    uint32_t purpose = wp_purpose("synthesis", sex == 0 ? "women" : "men");
    status =
        wp_integerise_table(N_ADULT_ROLES, N_ADULT_AGES, seed, area->key, area->id, purpose, counts, err);
    for (int i = 0; i < N_ADULT_ROLES * N_ADULT_AGES && status == WP_OK; i++) {
        roles->n[i / N_ADULT_AGES][sex][i % N_ADULT_AGES + WP_ADULT_AGE] = counts[i];
    }
    return status;
}

static void seed_sex(double *seed, int sex, const int32_t left[WP_N_AGES], const double parent[WP_N_AGES],
                     const double lone[WP_N_AGES], const double couple[WP_N_AGES])
{
    for (int age = WP_ADULT_AGE; age < WP_N_AGES; age++) {
        double n = left[age], free = 1.0 - parent[age] - lone[age];
        free = free < 0.03 ? 0.03 : free;
        double *at = &seed[age - WP_ADULT_AGE];
        at[WP_ROLE_ALONE * N_ADULT_AGES] = n * free * wp_shape_alone(sex, age);
        at[WP_ROLE_COUPLE * N_ADULT_AGES] = n * couple[age] * (sex == 0 ? free : 1.0);
        at[WP_ROLE_PARENT * N_ADULT_AGES] = n * parent[age];
        at[WP_ROLE_LONE * N_ADULT_AGES] = n * lone[age];
        at[WP_ROLE_OTHER * N_ADULT_AGES] = n * free * wp_shape_other(sex, age);
    }
}

wp_status wp_roles_allot(wp_roles *roles, const wp_area_people *area, wp_error *err)
{
    wp_status status = WP_OK;
    int32_t left[2][WP_N_AGES];
    double need[2][N_ADULT_ROLES], seed[N_ADULT_ROLES * N_ADULT_AGES];
    double mothers[WP_N_AGES], parent[WP_N_AGES] = {0}, lone[WP_N_AGES] = {0}, couple[WP_N_AGES];
    memset(roles, 0, sizeof *roles);
    WP_TRY(allot_children(roles, area, err));
    for (int sex = 0; sex < 2; sex++) {
        for (int age = 0; age < WP_N_AGES; age++) {
            left[sex][age] = area->n[sex][age] - roles->n[WP_ROLE_CHILD][sex][age];
        }
    }
    WP_TRY(count_roles(area, left, need, err));
    shape_mothers(roles, left, mothers);
    for (int age = 0; age < WP_N_AGES; age++) {
        lone[age] = mothers[age] * wp_shape_lone(age);
        parent[age] = mothers[age] - lone[age];
        couple[age] = wp_shape_couple(0, age);
    }
    seed_sex(seed, 0, left[0], parent, lone, couple);
    WP_TRY(fit_sex(roles, area, 0, left[0], need[0], seed, err));
    shape_partners(roles->n[WP_ROLE_PARENT][0], left[1], parent);
    shape_partners(roles->n[WP_ROLE_COUPLE][0], left[1], couple);
    for (int age = 0; age < WP_N_AGES; age++) {
        int her = age - WP_PARTNER_GAP; /* a lone father stands for a mother two years younger */
        lone[age] = her >= WP_ADULT_AGE ? mothers[her] * (1.0 - WP_LONE_MOTHER_SHARE) * wp_shape_lone(her)
                                        : 0.0;
    }
    seed_sex(seed, 1, left[1], parent, lone, couple);
    WP_TRY(fit_sex(roles, area, 1, left[1], need[1], seed, err));
out:
    return status;
}
