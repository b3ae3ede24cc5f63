/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap arrays whose size cannot overflow. */
#ifndef WP_BASE_ALLOC_H
#define WP_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* `n` zeroed items of `item_bytes`, for free(). NULL when the product exceeds PTRDIFF_MAX or
   memory is short; n = 0 gives a valid pointer, so NULL always means failure. */
void *wp_calloc_array(size_t n, size_t item_bytes);

/* The same at a multiple of WP_CACHE_LINE bytes, for arrays that vector code reads; for free(). */
void *wp_calloc_array_aligned(size_t n, size_t item_bytes);

/* Makes room for at least `n_wanted` items in `*items` (of `*capacity` items), at least doubling
   it so that appending stays linear. New room is not zeroed. False, with everything unchanged,
   when memory is short. `items` is the address of the caller's pointer. */
bool wp_array_reserve(void *items, size_t *capacity, size_t n_wanted, size_t item_bytes);

#endif
