/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of fit: what each margin wanted, what the population has, and tables that were not fitted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "population/founding.h"

/* Households by size, 1 to 7 and more: Census 2011, England, table QS406EW (recalled). */
static const double england_sizes[7] = {0.302, 0.342, 0.156, 0.130, 0.047, 0.017, 0.007};

/* The population counted again from its households, in the fit's two tables. */
typedef struct tally {
    double *persons, *households;
    int64_t sizes[7], impossible, institutions;
} tally;

static int combination(const wp_layout *layout, int n, const int *variables, const uint8_t *levels)
{
    int at = 0, n_person = wp_person_variables(layout->scenario);
    for (int k = 0; k < n; k++) {
        at = at * layout->scenario->variables[variables[k]].n_levels + levels[variables[k] - n_person];
    }
    return at;
}

static int age_of(const wp_founder *person)
{
    int64_t age = -person->birth / WP_TICKS_PER_YEAR;
    return age < WP_MAX_AGE ? (int)age : WP_MAX_AGE;
}

/* Can such a household be: links within it and mutual, mothers 15 to under 51 years older? */
static bool is_possible(const wp_founding_household *home)
{
    bool adult = home->institution;
    for (int k = 0; k < home->n; k++) {
        const wp_founder *one = &home->members[k];
        adult = adult || age_of(one) >= WP_ADULT_AGE;
        if (one->partner == k || one->mother == k || one->partner >= home->n || one->mother >= home->n) {
            return false;
        }
        if (one->partner >= 0 && home->members[one->partner].partner != k) { return false; }
        if (one->mother < 0) { continue; }
        double gap = wp_years(one->birth - home->members[one->mother].birth);
        if (gap < 15.0 || gap > WP_GAP_MAX + 2) { return false; }
    }
    return adult;
}

static void count_household(tally *self, const wp_synthetic *made, const wp_founding_household *home,
                            wp_household_kind kind)
{
    const wp_layout *layout = &made->layout;
    int area = combination(layout, layout->n_area_variables, layout->area_variables, home->levels);
    int extra = combination(layout, layout->n_extra_variables, layout->extra_variables, home->levels);
    self->impossible += is_possible(home) ? 0 : 1;
    if (kind == WP_KIND_INSTITUTION) {
        self->institutions++;
    } else {
        self->households[(area * layout->n_extras + extra) * WP_N_PRIVATE_KINDS + (int)kind] += 1.0;
        self->sizes[home->n < 7 ? home->n - 1 : 6]++;
    }
    for (int k = 0; k < home->n; k++) {
        const wp_founder *one = &home->members[k];
        int sex = layout->sex >= 0 ? one->levels[layout->sex] : 0;
        int residence = layout->n_residences > 1 ? one->levels[layout->residence] : 0;
        int cell = ((area * 2 + sex) * WP_N_AGES + age_of(one)) * layout->n_residences + residence;
        self->persons[cell] += 1.0;
    }
}

/* What a margin wants in numbers: shares of its first axis are applied to what the others have. */
static void write_margin(FILE *out, const wp_fit_table *table, int which, const double *counted, double *got,
                         double *wanted)
{
    const wp_ipf_margin *margin = &table->margins[which];
    int n = wp_ipf_cells(margin), n_known = 0;
    double sum_wanted = 0.0, sum_got = 0.0, squares = 0.0, worst = 0.0;
    wp_ipf_sum(counted, table->n_dims, table->sizes, margin, got);
    memcpy(wanted, margin->wanted, (size_t)n * sizeof *wanted);
    for (int cell = 0, stride = n / (margin->n_axes > 0 ? margin->n_bands[0] : 1);
         margin->shares_of_first && cell < n; cell++) {
        double shares = 0.0, have = 0.0;
        for (int i = cell % stride; i < n; i += stride) {
            shares += isnan(margin->wanted[i]) ? 0.0 : margin->wanted[i];
            have += isnan(margin->wanted[i]) ? 0.0 : got[i];
        }
        wanted[cell] = shares > 0.0 ? margin->wanted[cell] / shares * have : NAN;
    }
    for (int cell = 0; cell < n; cell++) {
        if (isnan(wanted[cell])) { continue; }
        double error = fabs(got[cell] - wanted[cell]);
        n_known++;
        sum_wanted += wanted[cell];
        sum_got += got[cell];
        squares += error * error;
        worst = error > worst ? error : worst;
    }
    double srmse = n_known > 0 && sum_wanted > 0.0 ? sqrt(squares / n_known) / (sum_wanted / n_known) : 0.0;
    const char *origin = margin->shares_of_first  ? "shares from elsewhere"
                         : table->adjusted[which] ? "scaled"
                                                  : "local";
    fprintf(out, "%-62s %6d %12.1f %12.0f %10.2f %9.2e  %s\n", margin->name, n_known, sum_wanted, sum_got,
            worst, srmse, origin);
}

static wp_status write_table(FILE *out, const wp_fit_table *table, const double *counted, wp_error *err)
{
    wp_status status = WP_OK;
    double *got = NULL, *wanted = NULL;
    for (int k = 0; k < table->n_margins; k++) {
        size_t n = (size_t)wp_ipf_cells(&table->margins[k]);
        WP_TRY_ALLOC(got = wp_calloc_array(n, sizeof *got));
        WP_TRY_ALLOC(wanted = wp_calloc_array(n, sizeof *wanted));
        write_margin(out, table, k, counted, got, wanted);
        free(got);
        free(wanted);
        got = wanted = NULL;
    }
out:
    free(got);
    free(wanted);
    return status;
}

static wp_status report_synthetic(const wp_population *population, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_synthetic *made = &population->synthetic;
    tally counted = {0};
    wp_founding_household home;
    WP_TRY_ALLOC(counted.persons = wp_calloc_array((size_t)made->persons.n_cells, sizeof(double)));
    WP_TRY_ALLOC(counted.households = wp_calloc_array((size_t)made->households.n_cells, sizeof(double)));
    for (int type = 0; type < made->n_types; type++) {
        for (int64_t index = made->types[type].begin; index < made->types[type + 1].begin; index++) {
            wp_population_household(population, index, &home);
            count_household(&counted, made, &home, made->types[type].kind);
        }
    }
    fprintf(out, "%-62s %6s %12s %12s %10s %9s\n", "margin", "cells", "wanted", "got", "max error", "SRMSE");
    WP_TRY(write_table(out, &made->persons, counted.persons, err));
    WP_TRY(write_table(out, &made->households, counted.households, err));
    fprintf(out, "\nnot fitted: households by size, against England 2011 (QS406EW, recalled)\n");
    double n_private = (double)(population->n_households - counted.institutions);
    for (int k = 0; k < 7; k++) {
        fprintf(out, "  %d%s  here %5.1f %%   England %5.1f %%\n", k + 1, k == 6 ? "+" : " ",
                100.0 * (double)counted.sizes[k] / n_private, 100.0 * england_sizes[k]);
    }
    fprintf(out, "\nhouseholds that cannot be: %lld\n", (long long)counted.impossible);
out:
    free(counted.persons);
    free(counted.households);
    return status;
}

wp_status wp_population_report(const wp_population *population, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    fprintf(out, "%lld people in %lld households, institutions' residents counted one by one\n",
            (long long)population->n_people, (long long)population->n_households);
    if (population->scenario->population.kind == WP_POPULATION_SYNTHETIC) {
        status = report_synthetic(population, out, err);
    }
    if (status == WP_OK && ferror(out)) {
        status = wp_fail(err, WP_ERR_FILE, "the report of fit cannot be written");
    }
    return status;
}
