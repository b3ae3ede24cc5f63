/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing list of households in the compact form that a synthetic population is kept in: one byte a
   person (age and sex), and where each household begins. */
#ifndef WP_POPULATION_HOMES_H
#define WP_POPULATION_HOMES_H

#include <stddef.h>
#include <stdint.h>

#include <wholeplace/error.h>

/* Members of a household in order: a couple is woman, man; then children, eldest first; a lone parent is
   first. `first` has n_homes + 1 entries once anything was added. */
typedef struct wp_homes {
    uint8_t *people;
    size_t n_people, people_capacity;
    uint32_t *first;
    size_t n_homes, homes_capacity;
} wp_homes;

enum { WP_PACKED_AGE = 0x7f, WP_PACKED_MALE = 0x80 };

static inline uint8_t wp_pack(int sex, int age)
{
    return (uint8_t)(age | (sex == 0 ? 0 : WP_PACKED_MALE));
}

/* Appends a household of `n` members (at least 1). WP_ERR_MEMORY; WP_ERR_LIMIT over 2^32 - 1 people. */
wp_status wp_homes_add(wp_homes *self, int n, const uint8_t *members, wp_error *err);

/* Legal after a failed call, and twice. */
void wp_homes_free(wp_homes *self);

#endif
