/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Households, one byte a person. */
#include "population/homes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"

wp_status wp_homes_add(wp_homes *self, int n, const uint8_t *members, wp_error *err)
{
    size_t n_people = self->n_people + (size_t)n;
    if (n_people > UINT32_MAX) {
        return wp_fail(err, WP_ERR_LIMIT, "a synthetic population holds at most 4,294,967,295 people");
    }
    if (!wp_array_reserve(&self->people, &self->people_capacity, n_people, sizeof *self->people) ||
        !wp_array_reserve(&self->first, &self->homes_capacity, self->n_homes + 2, sizeof *self->first)) {
        return wp_fail(err, WP_ERR_MEMORY, "not enough memory for %zu people", n_people);
    }
    memcpy(self->people + self->n_people, members, (size_t)n);
    self->first[self->n_homes] = (uint32_t)self->n_people;
    self->n_people = n_people;
    self->first[++self->n_homes] = (uint32_t)n_people;
    return WP_OK;
}

void wp_homes_free(wp_homes *self)
{
    free(self->people);
    free(self->first);
    memset(self, 0, sizeof *self);
}
