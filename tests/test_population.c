/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts and synthetic populations: margins are met, every household is possible, ids are unique and hang
   on nothing else. */
#define _GNU_SOURCE
#include "assert_close.h"

#include <stdio.h>

#include <wholeplace/population.h>

#include "failing_alloc.h"
#include "population_fixture.h"

enum { N_AGES = 96, N_BANDS = 3 };

/* Three districts of about 8,000 people each; institutions, deprivation, household kinds. */
typedef struct small_place {
    fixture base;
    wp_band ages[N_AGES], bands[N_BANDS], old[2];
    double sex_age[2 * N_AGES], district_age[3 * N_BANDS], kinds[WP_N_HOUSEHOLD_KINDS], fifths[5], care[4];
    double people;
} small_place;

static void small_place_init(small_place *self)
{
    static const double district_share[3] = {0.5, 0.3, 0.2};
    static const double kinds[] = {0.32, 0.24, 0.26, 0.10, 0.08, NAN}, fifths[] = {0.3, 0.25, 0.2, 0.15, 0.1};
    static const double care[] = {0.98, 0.87, 0.02, 0.13};
    fixture_init(&self->base, 3);
    fixture_single_ages(self->ages, N_AGES);
    self->bands[0] = (wp_band){0, 16};
    self->bands[1] = (wp_band){16, 65};
    self->bands[2] = (wp_band){65, INFINITY};
    self->old[0] = (wp_band){65, 85};
    self->old[1] = (wp_band){85, INFINITY};
    memcpy(self->kinds, kinds, sizeof kinds);
    memcpy(self->fifths, fifths, sizeof fifths);
    memcpy(self->care, care, sizeof care);
    memset(self->district_age, 0, sizeof self->district_age);
    self->people = 0.0;
    for (int i = 0; i < 2 * N_AGES; i++) {
        int age = i % N_AGES;
        self->sex_age[i] = age < 60 ? 160.0 + (age * 7) % 11
                                    : floor(165.0 * exp(-0.0016 * (age - 60) * (age - 60)));
        self->people += self->sex_age[i];
        int band = age < 16 ? 0 : age < 65 ? 1 : 2;
        for (int d = 0; d < 3; d++) {
            self->district_age[d * N_BANDS + band] += self->sex_age[i] * district_share[d];
        }
    }
    for (int band = 0; band < N_BANDS; band++) { /* whole numbers that still add up */
        double *all = self->district_age, sum = 0.0;
        for (int d = 0; d < 3; d++) { sum += all[d * N_BANDS + band]; }
        for (int d = 1; d < 3; d++) { all[d * N_BANDS + band] = floor(all[d * N_BANDS + band]); }
        all[band] = floor(sum + 0.5) - all[N_BANDS + band] - all[2 * N_BANDS + band];
    }
    fixture *base = &self->base;
    int m = fixture_margin(base, WP_PERSON, false, self->sex_age);
    fixture_axis(base, m, fixture_variable(FIXTURE_SEX), 2, NULL);
    fixture_axis(base, m, fixture_age(), N_AGES, self->ages);
    m = fixture_margin(base, WP_PERSON, false, self->district_age);
    fixture_axis(base, m, fixture_variable(FIXTURE_DISTRICT), 3, NULL);
    fixture_axis(base, m, fixture_age(), N_BANDS, self->bands);
    m = fixture_margin(base, WP_PERSON, true, self->care);
    fixture_axis(base, m, fixture_variable(FIXTURE_RESIDENCE), 2, NULL);
    fixture_axis(base, m, fixture_age(), 2, self->old);
    m = fixture_margin(base, WP_HOUSEHOLD, false, self->kinds);
    fixture_axis(base, m, fixture_kind(), WP_N_HOUSEHOLD_KINDS, NULL);
    m = fixture_margin(base, WP_HOUSEHOLD, false, self->fifths);
    fixture_axis(base, m, fixture_variable(FIXTURE_DEPRIVATION), 5, NULL);
    base->scenario.population.households = 11200;
}

static wp_population *make(const small_place *place, uint64_t seed)
{
    wp_population *population = NULL;
    wp_error err = {0};
    if (wp_population_init(&population, &place->base.scenario, seed, &err) != WP_OK) {
        fail_msg("%s", err.text);
    }
    return population;
}

static int age_of(const wp_founder *person)
{
    return (int)(-person->birth / WP_TICKS_PER_YEAR);
}

static void margins_of_persons_are_met_exactly(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    double sex_age[2 * N_AGES] = {0}, district_age[3 * N_BANDS] = {0}, in_care[2] = {0}, old[2] = {0};
    wp_population *population = make(&place, 5);
    assert_int_equal(wp_population_people(population), (int64_t)place.people);
    for (int64_t i = 0; i < wp_population_households(population); i++) {
        wp_founding_household home;
        wp_population_household(population, i, &home);
        assert_true(home.levels[FIXTURE_DISTRICT - 2] < 3);
        assert_true(home.levels[FIXTURE_DEPRIVATION - 2] < 5);
        for (int k = 0; k < home.n; k++) {
            const wp_founder *one = &home.members[k];
            int age = age_of(one);
            assert_int_equal(one->levels[FIXTURE_RESIDENCE], home.institution ? 1 : 0);
            sex_age[one->levels[FIXTURE_SEX] * N_AGES + age]++;
            district_age[home.levels[FIXTURE_DISTRICT - 2] * N_BANDS + (age < 16 ? 0 : age < 65 ? 1 : 2)]++;
            if (age >= 65) { old[age >= 85]++; }
            if (home.institution) { in_care[age >= 85]++; }
            assert_true(!home.institution || age >= 65);
        }
    }
    for (int i = 0; i < 2 * N_AGES; i++) { assert_close(sex_age[i], place.sex_age[i], 0, 0); }
    for (int i = 0; i < 3 * N_BANDS; i++) { assert_close(district_age[i], place.district_age[i], 0, 1.0); }
    /* One systematic pass over areas, ages and sexes: each band is within the few passes that it spans. */
    for (int i = 0; i < 2; i++) { assert_close(in_care[i], place.care[2 + i] * old[i], 0, 7.0); }
    wp_population_free(population);
}

static void kinds_and_deprivation_are_met_to_a_thousandth(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    wp_population *population = make(&place, 6);
    double kinds[WP_N_HOUSEHOLD_KINDS] = {0}, fifths[5] = {0}, n = 0;
    for (int64_t i = 0; i < wp_population_households(population); i++) {
        wp_founding_household home;
        wp_population_household(population, i, &home);
        if (home.institution) { continue; }
        bool couple = home.members[0].partner == 1,
             child = home.n > 1 && home.members[home.n - 1].mother == 0;
        bool young = home.n > 1 && age_of(&home.members[home.n - 1]) < 18;
        n++;
        fifths[home.levels[FIXTURE_DEPRIVATION - 2]]++;
        if (home.n == 1) {
            kinds[WP_KIND_SINGLE]++;
        } else if (couple) {
            kinds[home.n == 2 ? WP_KIND_COUPLE : WP_KIND_COUPLE_AND_CHILDREN]++;
        } else if (child || young) {
            kinds[WP_KIND_LONE_PARENT]++;
        } else {
            kinds[WP_KIND_OTHER]++; /* lone fathers of grown-up children are seen here too: no link tells */
        }
    }
    assert_close(n, 11200, 0, 0);
    for (int k = 0; k < 5; k++) { assert_close(fifths[k] / n, place.fifths[k], 0, 1e-3); }
    for (int k = 0; k <= WP_KIND_COUPLE_AND_CHILDREN; k++) {
        assert_close(kinds[k] / n, place.kinds[k], 0, 1e-3);
    }
    assert_close((kinds[WP_KIND_LONE_PARENT] + kinds[WP_KIND_OTHER]) / n, 0.18, 0, 1e-3);
    assert_true(kinds[WP_KIND_LONE_PARENT] / n > 0.09);
    wp_population_free(population);
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static void assert_possible(const wp_founding_household *home)
{
    bool adult = home->institution;
    assert_in_range(home->n, 1, WP_MAX_FOUNDERS);
    for (int k = 0; k < home->n; k++) {
        const wp_founder *one = &home->members[k];
        adult = adult || age_of(one) >= 18;
        assert_true(one->birth <= 0 && one->partner < home->n && one->mother < home->n);
        assert_true(one->partner != k && one->mother != k);
        if (one->partner >= 0) {
            assert_int_equal(home->members[one->partner].partner, k);
            assert_true(age_of(one) >= 18);
            assert_int_not_equal(home->members[one->partner].levels[FIXTURE_SEX], one->levels[FIXTURE_SEX]);
        }
        if (one->mother < 0) { continue; }
        const wp_founder *mother = &home->members[one->mother];
        double gap = wp_years(one->birth - mother->birth);
        assert_int_equal(mother->levels[FIXTURE_SEX], 0);
        assert_true(gap >= 15.0 && gap < 50.0);
        for (int other = 0; other < k; other++) { /* twins, or eight months and more apart */
            wp_tick apart = one->birth - home->members[other].birth;
            if (home->members[other].mother == one->mother) {
                assert_true(apart == 0 || wp_years(apart) >= 0.7999);
            }
        }
    }
    assert_true(adult);
}

static void every_household_is_possible_and_every_id_unique(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        wp_population *population = make(&place, seed);
        size_t n = 0,
               most = (size_t)(wp_population_people(population) + wp_population_households(population));
        uint64_t *ids = malloc(most * sizeof *ids);
        assert_non_null(ids);
        for (int64_t i = 0; i < wp_population_households(population); i++) {
            wp_founding_household home;
            wp_population_household(population, i, &home);
            assert_possible(&home);
            ids[n++] = home.id;
            for (int k = 0; k < home.n; k++) { ids[n++] = home.members[k].id; }
        }
        assert_int_equal(n, most);
        qsort(ids, n, sizeof *ids, compare_ids);
        for (size_t i = 1; i < n; i++) { assert_true(ids[i] != ids[i - 1]); }
        free(ids);
        wp_population_free(population);
    }
}

/* Only a margin says where people live: without one, at_start draws it, as every other state. */
static void a_residence_without_a_margin_is_drawn_at_the_start(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    enum { CARE_MARGIN = 2 };
    wp_population_spec *spec = &place.base.scenario.population;
    spec->n_margins--;
    for (int m = CARE_MARGIN; m < spec->n_margins; m++) { place.base.margins[m] = place.base.margins[m + 1]; }
    wp_population *population = make(&place, 1);
    for (int64_t i = 0; i < wp_population_households(population); i++) {
        wp_founding_household home;
        wp_population_household(population, i, &home);
        for (int k = 0; k < home.n; k++) {
            assert_int_equal(home.members[k].levels[FIXTURE_RESIDENCE], WP_LEVEL_DRAWN);
            assert_int_not_equal(home.members[k].levels[FIXTURE_SEX], WP_LEVEL_DRAWN);
        }
    }
    wp_population_free(population);
}

static void the_same_seed_gives_the_same_population_and_another_another(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    wp_population *a = make(&place, 1), *b = make(&place, 1), *c = make(&place, 2);
    uint8_t digests[3][32];
    wp_population_digest(a, digests[0]);
    wp_population_digest(b, digests[1]);
    wp_population_digest(c, digests[2]);
    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
    wp_founding_household first, second; /* ids are names of places in the population, not chance */
    wp_population_household(a, 100, &first);
    wp_population_household(c, 100, &second);
    assert_true(first.id == second.id);
    wp_population_free(a);
    wp_population_free(b);
    wp_population_free(c);
}

static void a_small_sample_is_inside_a_larger_one_and_alike(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    wp_population *population = make(&place, 3);
    double n[2] = {0}, people[2] = {0}, all = (double)wp_population_households(population);
    for (int64_t i = 0; i < wp_population_households(population); i++) {
        wp_founding_household home;
        wp_population_household(population, i, &home);
        assert_true(home.sample_order >= 0.0 && home.sample_order < 1.0);
        for (int k = 0; k < 2; k++) {
            bool in = home.sample_order < (k == 0 ? 0.01 : 0.1);
            n[k] += in;
            people[k] += in ? home.n : 0;
        }
    }
    /* The sequence's discrepancy is below (log2 N + 1) / N: 15 households of 11,000. */
    assert_close(n[0], 0.01 * all, 0, 15);
    assert_close(n[1], 0.1 * all, 0, 15);
    assert_close(people[1] * 10, (double)wp_population_people(population), 0.05, 0);
    wp_population_free(population);
}

static void margins_that_disagree_are_named_with_their_lines(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    for (int i = 0; i < 3 * N_BANDS; i++) { place.district_age[i] *= 1.02; }
    wp_population *population = NULL;
    wp_error err = {0};
    assert_int_equal(wp_population_init(&population, &place.base.scenario, 1, &err), WP_ERR_POPULATION);
    assert_null(population);
    assert_non_null(strstr(err.text, "persons by sex, age (place.yaml:10)"));
    assert_non_null(strstr(err.text, "persons by district, age (place.yaml:11)"));
}

static void more_households_than_adults_is_an_error(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    place.base.scenario.population.households = 25000;
    wp_population *population = NULL;
    wp_error err = {0};
    assert_int_equal(wp_population_init(&population, &place.base.scenario, 1, &err), WP_ERR_POPULATION);
    assert_null(population);
    assert_true(err.text[0] != '\0');
}

static void the_report_says_that_nothing_is_impossible(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    wp_population_summary summary;
    assert_int_equal(wp_population_make(&place.base.scenario, 1, &summary, out, NULL, NULL, NULL), WP_OK);
    fclose(out);
    assert_int_equal(summary.n_people, (int64_t)place.people);
    assert_int_equal(strlen(summary.digest), 64);
    assert_non_null(strstr(text, "households that cannot be: 0\n"));
    assert_non_null(strstr(text, "persons by sex, age (place.yaml:10)"));
    free(text);
}

static void a_cohort_is_alike_and_as_the_scenario_says(void **state)
{
    (void)state;
    fixture place;
    const int sex = FIXTURE_SEX, district = FIXTURE_DISTRICT, one = 1, zero = 0, two = 2;
    const wp_member_start members[3] = {{.label = "a",
                                         .age = 40.25,
                                         .partner = 1,
                                         .mother = -1,
                                         .n_set = 1,
                                         .variables = &sex,
                                         .levels = &zero},
                                        {.label = "b",
                                         .age = 42.0,
                                         .partner = 0,
                                         .mother = -1,
                                         .n_set = 1,
                                         .variables = &sex,
                                         .levels = &one},
                                        {.label = "c", .age = 3.5, .partner = -1, .mother = 0}};
    fixture_init(&place, 3);
    place.scenario.population.kind = WP_POPULATION_COHORT;
    place.scenario.population.cohort = (wp_cohort){.n_households = 1000, .n_members = 3, .members = members,
                                                   .n_set = 1, .variables = &district, .levels = &two};
    wp_population *population = NULL;
    assert_int_equal(wp_population_init(&population, &place.scenario, 1, NULL), WP_OK);
    assert_int_equal(wp_population_people(population), 3000);
    wp_founding_household first, last;
    wp_population_household(population, 0, &first);
    wp_population_household(population, 999, &last);
    assert_true(first.id != last.id && first.members[0].id != last.members[0].id);
    assert_int_equal(last.n, 3);
    assert_true(last.members[0].birth == -(wp_tick)(161 * (WP_TICKS_PER_YEAR / 4)));
    assert_true(last.members[2].birth == -(wp_tick)(7 * (WP_TICKS_PER_YEAR / 2)));
    assert_int_equal(last.members[2].mother, 0);
    assert_int_equal(last.members[0].partner, 1);
    assert_int_equal(last.members[1].levels[FIXTURE_SEX], 1);
    assert_int_equal(last.members[2].levels[FIXTURE_SEX], WP_LEVEL_DRAWN);
    assert_int_equal(last.levels[FIXTURE_DISTRICT - 2], 2);
    assert_int_equal(last.levels[FIXTURE_DEPRIVATION - 2], WP_LEVEL_DRAWN);
    wp_population_free(population);
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    small_place place;
    small_place_init(&place);
    for (long n = 0, fired = 1; fired; n++) {
        wp_population *population = NULL;
        wp_error err = {0};
        failing_alloc_arm(n);
        wp_status status = wp_population_init(&population, &place.base.scenario, 1, &err);
        fired = failing_alloc_fired();
        assert_int_equal(status, fired ? WP_ERR_MEMORY : WP_OK);
        assert_true((population == NULL) == (fired != 0));
        wp_population_free(population);
        assert_true(n < 5000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(margins_of_persons_are_met_exactly),
        cmocka_unit_test(kinds_and_deprivation_are_met_to_a_thousandth),
        cmocka_unit_test(every_household_is_possible_and_every_id_unique),
        cmocka_unit_test(a_residence_without_a_margin_is_drawn_at_the_start),
        cmocka_unit_test(the_same_seed_gives_the_same_population_and_another_another),
        cmocka_unit_test(a_small_sample_is_inside_a_larger_one_and_alike),
        cmocka_unit_test(margins_that_disagree_are_named_with_their_lines),
        cmocka_unit_test(more_households_than_adults_is_an_error),
        cmocka_unit_test(the_report_says_that_nothing_is_impossible),
        cmocka_unit_test(a_cohort_is_alike_and_as_the_scenario_says),
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
