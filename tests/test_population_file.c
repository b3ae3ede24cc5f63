/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imported microdata: what is written is read again, order means nothing, and each mistake is named with its
   file and line. */
#define _GNU_SOURCE
#include "assert_close.h"

#include <stdio.h>
#include <unistd.h>

#include "failing_alloc.h"
#include "population_fixture.h"

static const char good_persons[] = "id,household,age,sex,mother,partner\n"
                                   "11,1,40,female,,12\n"
                                   "12,1,43.5,male,,11\n"
                                   "13,1,9,female,11,\n"
                                   "21,2,81,female,,\n"
                                   "31,3,30,male,,\n";
static const char good_homes[] = "id,district,institution\n1,a,no\n2,b,yes\n3,\"c\",no\n";

typedef struct files {
    fixture place;
    char folder[64], persons[96], homes[96];
} files;

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void files_init(files *self, const char *persons, const char *homes)
{
    strcpy(self->folder, "/tmp/wholeplace-test-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->persons, sizeof self->persons, "%s/persons.csv", self->folder);
    snprintf(self->homes, sizeof self->homes, "%s/homes.csv", self->folder);
    write_file(self->persons, persons);
    if (homes != NULL) { write_file(self->homes, homes); }
    fixture_init(&self->place, 3);
    self->place.scenario.population.kind = WP_POPULATION_FILE;
    self->place.scenario.population.persons_path = self->persons;
    self->place.scenario.population.households_path = homes != NULL ? self->homes : NULL;
}

static void files_free(files *self)
{
    unlink(self->persons);
    unlink(self->homes);
    rmdir(self->folder);
}

static void assert_reads(const char *persons, const char *homes)
{
    files self;
    wp_population *population = NULL;
    wp_error err = {0};
    files_init(&self, persons, homes);
    wp_status status = wp_population_init(&population, &self.place.scenario, 1, &err);
    files_free(&self);
    if (status != WP_OK) { fail_msg("%s", err.text); }
    wp_population_free(population);
}

static void households_and_links_are_as_in_the_files(void **state)
{
    (void)state;
    files self;
    wp_population *population = NULL;
    wp_founding_household home;
    files_init(&self, good_persons, good_homes);
    assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, NULL), WP_OK);
    assert_int_equal(wp_population_people(population), 5);
    assert_int_equal(wp_population_households(population), 3);
    wp_population_household(population, 0, &home);
    assert_int_equal(home.id, 1);
    assert_int_equal(home.n, 3);
    assert_int_equal(home.levels[FIXTURE_DISTRICT - 2], 0);
    assert_int_equal(home.levels[FIXTURE_DEPRIVATION - 2], WP_LEVEL_DRAWN);
    assert_int_equal(home.members[0].partner, 1);
    assert_int_equal(home.members[1].partner, 0);
    assert_int_equal(home.members[2].mother, 0);
    assert_int_equal(home.members[1].levels[FIXTURE_SEX], 1);
    assert_true(home.members[1].birth == -87 * (WP_TICKS_PER_YEAR / 2)); /* 43.5 is exact */
    assert_int_equal(-home.members[0].birth / WP_TICKS_PER_YEAR, 40);    /* 40 is completed years */
    wp_population_household(population, 1, &home);
    assert_true(home.institution);
    wp_population_household(population, 2, &home);
    assert_int_equal(home.levels[FIXTURE_DISTRICT - 2], 2);
    wp_population_free(population);
    files_free(&self);
}

static void the_order_of_rows_and_columns_means_nothing(void **state)
{
    (void)state;
    static const char persons[] = "sex,partner,id,mother,household,age\n"
                                  "male,,31,,3,30\r\n"
                                  "female,,13,11,1,9\r\n"
                                  "male,11,12,,1,43.5\r\n"
                                  "\r\n"
                                  "female,,21,,2,81\r\n"
                                  "female,12,11,,1,40";
    static const char homes[] = "\xef\xbb\xbfinstitution,id,district\nno,3,c\nyes,2,b\nno,1,a\n";
    uint8_t digests[2][32];
    for (int k = 0; k < 2; k++) {
        files self;
        wp_population *population = NULL;
        files_init(&self, k == 0 ? good_persons : persons, k == 0 ? good_homes : homes);
        assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, NULL), WP_OK);
        wp_population_digest(population, digests[k]);
        wp_population_free(population);
        files_free(&self);
    }
    assert_memory_equal(digests[0], digests[1], 32);
}

static void dates_of_birth_and_a_missing_file_of_households_will_do(void **state)
{
    (void)state;
    files self;
    wp_population *population = NULL;
    wp_founding_household home;
    files_init(&self, "id,household,birth\n1,7,2011-04-01\n2,7,2010-04-01\n3,7,1911-04-02\n", NULL);
    assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, NULL), WP_OK);
    assert_int_equal(wp_population_households(population), 1);
    wp_population_household(population, 0, &home);
    assert_true(home.members[0].birth == 0);
    assert_close(wp_years(-home.members[1].birth), 365 / 365.25, 0, 1e-9);
    assert_close(wp_years(-home.members[2].birth), 36524 / 365.25, 0, 1e-9);
    wp_population_free(population);
    files_free(&self);
    assert_reads(good_persons, NULL);
}

typedef struct mistake {
    const char *persons, *homes; /* NULL: the good file */
    const char *file_and_line, *says;
} mistake;

/* Each starts from the good files and damages one thing. */
static const mistake mistakes[] = {
    {"id,household,age,sexx\n1,1,2,male\n", NULL, "persons.csv:1:", "did you mean 'sex'"},
    {"id,household,sex\n1,1,male\n", NULL, "persons.csv:1:", "'age' and 'birth'"},
    {"id,household,age,age\n1,1,2,2\n", NULL, "persons.csv:1:", "twice"},
    {"", NULL, "persons.csv:1:", "empty"},
    {"id,household,age\n", NULL, "persons.csv:1:", "no people"},
    {"id,household,age\n1,1,2,3\n", NULL, "persons.csv:2:", "4 cells; the header has 3"},
    {"id,household,age\nx,1,2\n", NULL, "persons.csv:2:", "id is 'x'"},
    {"id,household,age\n9223372036854775808,1,2\n", NULL, "persons.csv:2:", "it must be a whole number"},
    {"id,household,age\n1,1,121\n", NULL, "persons.csv:2:", "age is '121'"},
    {"id,household,age\n1,1,-3\n", NULL, "persons.csv:2:", "age is '-3'"},
    {"id,household,age\n1,1,nan\n", NULL, "persons.csv:2:", "age is 'nan'"},
    {"id,household,birth\n1,1,2010-02-29\n", NULL, "persons.csv:2:", "birth is '2010-02-29'"},
    {"id,household,birth\n1,1,2011-04-02\n", NULL, "persons.csv:2:", "before the run's start"},
    {"id,household,age,sex\n1,1,3,boy\n", NULL,
     "persons.csv:2:", "sex is 'boy'; it must be one of: female male"},
    {"id,household,age,sex\n1,1,3,\"male\n", NULL, "persons.csv:2:", "quote"},
    {"id,household,age\n1,1,30\n1,2,30\n2,3,30\n", NULL, "persons.csv:3:", "id 1 is there twice"},
    {"id,household,age\n1,1,30\n2,2,30\n3,4,30\n", NULL, "homes.csv:4:", "nobody lives in household 3"},
    {"id,household,age\n1,1,30\n2,2,30\n3,3,30\n4,4,3\n", NULL, "persons.csv:5:", "household 4 is not in"},
    {"id,household,age\n0,0,30\n1,1,30\n2,2,30\n3,3,30\n", NULL, "persons.csv:2:", "household 0 is not in"},
    {"id,household,age,mother\n1,1,30,\n2,2,3,1\n3,3,30,\n", NULL,
     "persons.csv:3:", "not in the same household"},
    {"id,household,age,mother\n1,1,30,\n2,1,20,1\n3,2,30,\n4,3,30,\n", NULL,
     "persons.csv:3:", "15 to 59 years older"},
    {"id,household,age,mother,sex\n1,1,30,,male\n2,1,2,1,male\n3,2,30,,male\n4,3,30,,male\n", NULL,
     "persons.csv:3:", "who is male"},
    {"id,household,age,partner\n1,1,30,2\n2,1,30,\n3,2,30,\n4,3,30,\n", NULL, "persons.csv:2:", "in turn"},
    {"id,household,age,partner\n1,1,30,1\n3,2,30,\n4,3,30,\n", NULL, "persons.csv:2:", "in turn"},
    {NULL, "id\n1\n2\n3\n3\n", "homes.csv:5:", "household 3 is there twice"},
    {NULL, "id,institution\n1,no\n2,perhaps\n3,no\n", "homes.csv:3:", "it must be yes or no"},
    {NULL, "id,age\n1,no\n", "homes.csv:1:", "no attribute or state of households"},
};

static void each_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof mistakes / sizeof mistakes[0]; k++) {
        const mistake *one = &mistakes[k];
        files self;
        wp_population *population = NULL;
        wp_error err = {0};
        files_init(&self, one->persons != NULL ? one->persons : good_persons,
                   one->homes != NULL ? one->homes : good_homes);
        assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, &err), WP_ERR_SCENARIO);
        assert_null(population);
        if (strstr(err.text, one->file_and_line) == NULL || strstr(err.text, one->says) == NULL) {
            fail_msg("mistake %zu: '%s' should hold '%s' and '%s'", k, err.text, one->file_and_line,
                     one->says);
        }
        files_free(&self);
    }
}

static void a_file_that_is_not_there_and_a_line_too_long_are_errors(void **state)
{
    (void)state;
    files self;
    wp_population *population = NULL;
    wp_error err = {0};
    char *line = malloc(70000);
    assert_non_null(line);
    memset(line, 'a', 69999);
    line[69999] = '\0';
    files_init(&self, line, NULL);
    assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, &err), WP_ERR_SCENARIO);
    assert_non_null(strstr(err.text, "longer than 65536"));
    unlink(self.persons);
    err = (wp_error){0};
    assert_int_equal(wp_population_init(&population, &self.place.scenario, 1, &err), WP_ERR_FILE);
    assert_non_null(strstr(err.text, "persons.csv"));
    free(line);
    files_free(&self);
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    static const double ages[4] = {200, 400, 300, 100}, kinds[6] = {0.3, 0.25, 0.26, 0.1, 0.09, NAN};
    static const wp_band bands[4] = {{0, 18}, {18, 45}, {45, 70}, {70, INFINITY}};
    fixture place;
    files self;
    wp_population *made = NULL, *read = NULL;
    wp_error err = {0};
    fixture_init(&place, 3);
    int m = fixture_margin(&place, WP_PERSON, false, ages);
    fixture_axis(&place, m, fixture_age(), 4, bands);
    m = fixture_margin(&place, WP_HOUSEHOLD, false, kinds);
    fixture_axis(&place, m, fixture_kind(), 6, NULL);
    if (wp_population_init(&made, &place.scenario, 1, &err) != WP_OK) { fail_msg("%s", err.text); }
    assert_int_equal(wp_population_people(made), 1000);
    files_init(&self, "", "");
    FILE *persons = fopen(self.persons, "wb"), *homes = fopen(self.homes, "wb");
    assert_int_equal(wp_population_write(made, persons, homes, NULL), WP_OK);
    fclose(persons);
    fclose(homes);
    if (wp_population_init(&read, &self.place.scenario, 1, &err) != WP_OK) { fail_msg("%s", err.text); }
    assert_int_equal(wp_population_people(read), 1000);
    assert_int_equal(wp_population_households(read), wp_population_households(made));
    uint64_t sums[2][4] = {{0}};
    for (int side = 0; side < 2; side++) {
        const wp_population *population = side == 0 ? made : read;
        for (int64_t i = 0; i < wp_population_households(population); i++) {
            wp_founding_household home;
            wp_population_household(population, i, &home);
            for (int k = 0; k < home.n; k++) {
                const wp_founder *one = &home.members[k];
                uint64_t plain = one->id & ~((uint64_t)1 << 63);
                sums[side][0] += plain * (uint64_t)-one->birth;
                sums[side][1] += plain ^ (one->mother >= 0 ? home.members[one->mother].id << 1 : 7);
                sums[side][2] += plain ^ (one->partner >= 0 ? home.members[one->partner].id << 1 : 9);
                sums[side][3] += plain * (1u + one->levels[FIXTURE_SEX]) ^ (home.id << 1);
            }
        }
    }
    assert_memory_equal(sums[0], sums[1], sizeof sums[0]);
    wp_population_free(made);
    wp_population_free(read);
    files_free(&self);
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    files self;
    files_init(&self, good_persons, good_homes);
    for (long n = 0, fired = 1; fired; n++) {
        wp_population *population = NULL;
        wp_error err = {0};
        failing_alloc_arm(n);
        wp_status status = wp_population_init(&population, &self.place.scenario, 1, &err);
        fired = failing_alloc_fired();
        assert_true(status == (fired ? WP_ERR_MEMORY : WP_OK));
        wp_population_free(population);
        assert_true(n < 1000);
    }
    files_free(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(households_and_links_are_as_in_the_files),
        cmocka_unit_test(the_order_of_rows_and_columns_means_nothing),
        cmocka_unit_test(dates_of_birth_and_a_missing_file_of_households_will_do),
        cmocka_unit_test(each_mistake_is_named_with_its_line),
        cmocka_unit_test(a_file_that_is_not_there_and_a_line_too_long_are_errors),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
