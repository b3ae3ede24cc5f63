/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Households from parts: who is whose partner, who lives together. */
#include "population/families.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "chance/uniform.h"
#include "population/mothers.h"

/* One person to be sorted: `key` is age with a little noise, in 1/1024 year; `number` breaks ties. */
typedef struct candidate {
    int32_t key, number;
    uint8_t packed;
} candidate;

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->key != y->key) { return x->key < y->key ? -1 : 1; }
    return x->number < y->number ? -1 : 1;
}

/* Age plus noise of about normal shape: four uniforms, standard deviation `sd_years`, at most 3.5 sd. */
static int32_t noisy(const wp_area_people *area, uint32_t purpose, int32_t number, int age, double sd_years)
{
    uint32_t words[4];
    wp_philox(area->key, area->id, purpose, (uint32_t)number, words);
    double sum = ((double)words[0] + words[1] + words[2] + words[3]) * 0x1p-32 - 2.0;
    return (int32_t)((age + sum * 1.7320508075688772 * sd_years) * 1024.0) ;
}

/* Lists n[age] people of one sex, sorted by noisy age plus `shift` years; returns how many. */
static int32_t list_people(candidate *out, const wp_area_people *area, const char *purpose_name, int sex,
                           const int32_t n[WP_N_AGES], int shift, double sd_years)
{
    uint32_t purpose = wp_purpose("synthesis", purpose_name);
    int32_t count = 0;
    for (int age = 0; age < WP_N_AGES; age++) {
        for (int32_t i = 0; i < n[age]; i++) {
            out[count].key = noisy(area, purpose, count, age + shift + 20, sd_years);
            out[count].number = count;
            out[count].packed = wp_pack(sex, age);
            count++;
        }
    }
    qsort(out, (size_t)count, sizeof *out, compare_candidates);
    return count;
}

static int32_t total(const int32_t n[WP_N_AGES])
{
    int32_t sum = 0;
    for (int age = 0; age < WP_N_AGES; age++) { sum += n[age]; }
    return sum;
}

/* Pairs women and men of one part by rank of noisy age: pairs[2k] and pairs[2k + 1] are a couple. Ranks keep
   the gap near WP_PARTNER_GAP; the noise of both gives it a standard deviation of about 4.5 years. */
static wp_status pair_couples(const wp_area_people *area, const int32_t women[WP_N_AGES],
                              const int32_t men[WP_N_AGES], const char *names[2], uint8_t *pairs,
                              wp_error *err)
{
    wp_status status = WP_OK;
    candidate *hers = NULL, *his = NULL;
    int32_t n = total(women);
    WP_TRY_ALLOC(hers = wp_calloc_array((size_t)n, sizeof *hers));
    WP_TRY_ALLOC(his = wp_calloc_array((size_t)total(men), sizeof *his));
    list_people(hers, area, names[0], 0, women, WP_PARTNER_GAP, 3.2);
    list_people(his, area, names[1], 1, men, 0, 3.2);
    for (int32_t k = 0; k < n; k++) {
        pairs[2 * (size_t)k] = hers[k].packed;
        pairs[2 * (size_t)k + 1] = his[k].packed;
    }
out:
    free(hers);
    free(his);
    return status;
}

static wp_status add_family(wp_homes homes[WP_KIND_INSTITUTION], int n_parents, const uint8_t *parents,
                            const wp_siblings *set, wp_error *err)
{
    uint8_t members[2 + WP_MAX_FAMILY_CHILDREN];
    wp_household_kind kind = set->n == 0
                                 ? (n_parents == 1 ? WP_KIND_SINGLE : WP_KIND_COUPLE)
                                 : (n_parents == 1 ? WP_KIND_LONE_PARENT : WP_KIND_COUPLE_AND_CHILDREN);
    memcpy(members, parents, (size_t)n_parents);
    memcpy(members + n_parents, set->members, set->n);
    return wp_homes_add(&homes[kind], n_parents + set->n, members, err);
}

/* Deals the sets of siblings of one parent's age to couples, lone mothers and lone fathers by chance:
   swaps a random set of those left to the front. */
static const wp_siblings *next_set(wp_siblings *sets, int32_t n_left, const wp_area_people *area,
                                   uint32_t number)
{
    double u = wp_uniform(area->key, area->id, wp_purpose("synthesis", "whose children"), number);
    int32_t k = (int32_t)(u * n_left);
    wp_siblings chosen = sets[k];
    sets[k] = sets[0];
    sets[0] = chosen;
    return &sets[0];
}

/* Couples, stably sorted by the woman's age, so that a family finds its parents in one pass. */
static void sort_by_woman(const uint8_t *pairs, int32_t n, uint8_t *sorted)
{
    int32_t begin[WP_N_AGES + 1] = {0};
    for (int32_t k = 0; k < n; k++) { begin[(pairs[2 * (size_t)k] & WP_PACKED_AGE) + 1]++; }
    for (int age = 0; age < WP_N_AGES; age++) { begin[age + 1] += begin[age]; }
    for (int32_t k = 0; k < n; k++) {
        size_t to = (size_t)begin[pairs[2 * (size_t)k] & WP_PACKED_AGE]++;
        sorted[2 * to] = pairs[2 * (size_t)k];
        sorted[2 * to + 1] = pairs[2 * (size_t)k + 1];
    }
}

static wp_status make_families(const wp_area_people *area, const wp_roles *roles,
                               wp_homes homes[WP_KIND_INSTITUTION], wp_error *err)
{
    wp_status status = WP_OK;
    const int32_t *mothers = roles->n[WP_ROLE_PARENT][0], *lone = roles->n[WP_ROLE_LONE][0],
                  *lone_fathers = roles->n[WP_ROLE_LONE][1];
    static const char *names[2] = {"mothers' ages", "fathers' ages"};
    int32_t parents[WP_N_AGES], n_couples = total(mothers);
    size_t n_sets = (size_t)n_couples + (size_t)total(lone) + (size_t)total(lone_fathers);
    wp_siblings *sets = NULL, *set = NULL;
    uint8_t *pairs = NULL, *sorted = NULL, *pair = NULL;
    uint32_t number = 0;
    WP_TRY_ALLOC(sets = wp_calloc_array(n_sets, sizeof *sets));
    WP_TRY_ALLOC(pairs = wp_calloc_array(2 * (size_t)n_couples, sizeof *pairs));
    WP_TRY_ALLOC(sorted = wp_calloc_array(2 * (size_t)n_couples, sizeof *sorted));
    WP_TRY(pair_couples(area, mothers, roles->n[WP_ROLE_PARENT][1], names, pairs, err));
    sort_by_woman(pairs, n_couples, sorted);
    for (int age = 0; age < WP_N_AGES; age++) {
        int father = age + WP_PARTNER_GAP;
        parents[age] = mothers[age] + lone[age] + (father < WP_N_AGES ? lone_fathers[father] : 0);
    }
    WP_TRY(wp_mothers_match(area, roles->n[WP_ROLE_CHILD], parents, sets, err));
    set = sets;
    pair = sorted;
    for (int age = 0; age < WP_N_AGES; age++) {
        for (int32_t i = 0; i < parents[age]; i++, set++) {
            const wp_siblings *children = next_set(set, parents[age] - i, area, number++);
            uint8_t alone = i < mothers[age] + lone[age] ? wp_pack(0, age) : wp_pack(1, age + WP_PARTNER_GAP);
            bool is_couple = i < mothers[age];
            WP_TRY(add_family(homes, is_couple ? 2 : 1, is_couple ? pair : &alone, children, err));
            pair += is_couple ? 2 : 0;
        }
    }
out:
    free(sets);
    free(pairs);
    free(sorted);
    return status;
}

static wp_status make_couples(const wp_area_people *area, const wp_roles *roles, wp_homes *homes,
                              wp_error *err)
{
    wp_status status = WP_OK;
    static const char *names[2] = {"wives' ages", "husbands' ages"};
    const int32_t *women = roles->n[WP_ROLE_COUPLE][0];
    uint8_t *pairs = NULL;
    int32_t n = total(women);
    WP_TRY_ALLOC(pairs = wp_calloc_array(2 * (size_t)n, sizeof *pairs));
    WP_TRY(pair_couples(area, women, roles->n[WP_ROLE_COUPLE][1], names, pairs, err));
    for (int32_t k = 0; k < n; k++) { WP_TRY(wp_homes_add(homes, 2, &pairs[2 * (size_t)k], err)); }
out:
    free(pairs);
    return status;
}

/* People who live with others of similar age: sorted by noisy age, cut into households of two or more. */
static wp_status make_others(const wp_area_people *area, const wp_roles *roles, wp_homes *homes,
                             wp_error *err)
{
    wp_status status = WP_OK;
    candidate *people = NULL;
    uint8_t *sizes = NULL;
    int32_t n_women = total(roles->n[WP_ROLE_OTHER][0]), n = n_women + total(roles->n[WP_ROLE_OTHER][1]);
    int64_t n_homes = area->households[WP_KIND_OTHER];
    if (n == 0 && n_homes == 0) { return WP_OK; }
    if (n < 2 * n_homes || n > WP_MAX_OTHERS * n_homes) {
        return wp_fail(err, WP_ERR_POPULATION,
                       "%s has %d people for %lld households of kind other: two to %d each", area->name,
                       (int)n, (long long)n_homes, WP_MAX_OTHERS);
    }
    WP_TRY_ALLOC(people = wp_calloc_array((size_t)n, sizeof *people));
    WP_TRY_ALLOC(sizes = wp_calloc_array((size_t)n_homes, sizeof *sizes));
    list_people(people, area, "other women", 0, roles->n[WP_ROLE_OTHER][0], 0, 5.0);
    list_people(people + n_women, area, "other men", 1, roles->n[WP_ROLE_OTHER][1], 0, 5.0);
    for (int32_t i = n_women; i < n; i++) { people[i].number += n_women; }
    qsort(people, (size_t)n, sizeof *people, compare_candidates);
    memset(sizes, 2, (size_t)n_homes);
    for (int64_t extra = 0; extra < n - 2 * n_homes; extra++) {
        double u = wp_uniform(area->key, area->id, wp_purpose("synthesis", "others"), (uint32_t)extra);
        int64_t k = (int64_t)(u * (double)n_homes);
        while (sizes[k] == WP_MAX_OTHERS) { k = (k + 1) % n_homes; }
        sizes[k]++;
    }
    for (int64_t k = 0, at = 0; k < n_homes; at += sizes[k++]) {
        uint8_t members[WP_MAX_OTHERS];
        for (int i = 0; i < sizes[k]; i++) { members[i] = people[at + i].packed; }
        WP_TRY(wp_homes_add(homes, sizes[k], members, err));
    }
out:
    free(people);
    free(sizes);
    return status;
}

wp_status wp_families_make(const wp_area_people *area, const wp_roles *roles,
                           wp_homes homes[WP_KIND_INSTITUTION], wp_error *err)
{
    wp_status status = WP_OK;
    for (int sex = 0; sex < 2; sex++) {
        for (int age = 0; age < WP_N_AGES; age++) {
            uint8_t packed = wp_pack(sex, age);
            for (int32_t i = 0; i < roles->n[WP_ROLE_ALONE][sex][age]; i++) {
                WP_TRY(wp_homes_add(&homes[WP_KIND_SINGLE], 1, &packed, err));
            }
        }
    }
    WP_TRY(make_couples(area, roles, &homes[WP_KIND_COUPLE], err));
    WP_TRY(make_families(area, roles, homes, err));
    WP_TRY(make_others(area, roles, &homes[WP_KIND_OTHER], err));
out:
    return status;
}
