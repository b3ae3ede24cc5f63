/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public way to a population. */
#include <wholeplace/population.h>

#include "base/fail.h"
#include "population/population.h"

wp_status wp_population_make(const wp_scenario *scenario, uint64_t seed, wp_population_summary *summary,
                             FILE *report, FILE *persons, FILE *households, wp_error *err)
{
    static const char digits[] = "0123456789abcdef";
    wp_status status = WP_OK;
    wp_population *population = NULL;
    uint8_t digest[32];
    WP_TRY(wp_population_init(&population, scenario, seed, err));
    if (summary != NULL) {
        summary->n_people = wp_population_people(population);
        summary->n_households = wp_population_households(population);
        wp_population_digest(population, digest);
        for (int i = 0; i < 32; i++) {
            summary->digest[2 * i] = digits[digest[i] >> 4];
            summary->digest[2 * i + 1] = digits[digest[i] & 15];
        }
        summary->digest[64] = '\0';
    }
    if (report != NULL) { WP_TRY(wp_population_report(population, report, err)); }
    if (persons != NULL || households != NULL) {
        WP_TRY(wp_population_write(population, persons, households, err));
    }
out:
    wp_population_free(population);
    return status;
}
