/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heap arrays whose size cannot overflow. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The bytes of `n` items, at least 1, or 0 when they are too many. */
static size_t array_bytes(size_t n, size_t item_bytes)
{
    if (n == 0 || item_bytes == 0) { return 1; }
    if (n > (size_t)(PTRDIFF_MAX - WP_CACHE_LINE) / item_bytes) { return 0; }
    return n * item_bytes;
}

void *wp_calloc_array(size_t n, size_t item_bytes)
{
    size_t n_bytes = array_bytes(n, item_bytes);
    return n_bytes == 0 ? NULL : calloc(1, n_bytes);
}

void *wp_calloc_array_aligned(size_t n, size_t item_bytes)
{
    size_t n_bytes = array_bytes(n, item_bytes);
    if (n_bytes == 0) { return NULL; }
    n_bytes = (n_bytes + WP_CACHE_LINE - 1) / WP_CACHE_LINE * WP_CACHE_LINE;
    void *items = aligned_alloc(WP_CACHE_LINE, n_bytes);
    if (items != NULL) { memset(items, 0, n_bytes); }
    return items;
}

bool wp_array_reserve(void *items, size_t *capacity, size_t n_wanted, size_t item_bytes)
{
    if (n_wanted <= *capacity) { return true; }
    size_t n = *capacity > SIZE_MAX / 2 ? n_wanted : 2 * *capacity;
    n = n < n_wanted ? n_wanted : n;
    n = n < 8 ? 8 : n;
    size_t n_bytes = array_bytes(n, item_bytes);
    if (n_bytes == 0) { return false; }
    void *old = NULL;
    memcpy(&old, items, sizeof old);
    void *grown = realloc(old, n_bytes);
    if (grown == NULL) { return false; }
    memcpy(items, &grown, sizeof grown);
    *capacity = n;
    return true;
}
