/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bump arena: many small pieces with one owner and one end of life. */
#ifndef WP_BASE_ARENA_H
#define WP_BASE_ARENA_H

#include <stddef.h>

#include <wholeplace/error.h>

enum { WP_ARENA_ALIGN = 16, WP_CACHE_LINE = 64 };

struct wp_arena_chunk;

/* Memory comes from the system in chunks and goes back in one call. Not for several threads at
   once. All zero bytes is a valid empty arena. */
typedef struct wp_arena {
    struct wp_arena_chunk *newest;
    size_t chunk_bytes;
    size_t used_bytes;
} wp_arena;

/* `chunk_bytes`: the size asked of the system at a time; 0 means 64 KiB. Allocates nothing. */
void wp_arena_init(wp_arena *arena, size_t chunk_bytes);

/* Releases every piece. Legal after a failed use, on an all-zero arena, and twice. */
void wp_arena_free(wp_arena *arena);

/* `n_bytes` of zeroed memory, aligned for any ordinary type, until wp_arena_free. NULL when the
   system has none; a request of 0 bytes gives a valid pointer. */
void *wp_arena_alloc(wp_arena *arena, size_t n_bytes);

/* The same at a multiple of `align` bytes, a power of two up to WP_CACHE_LINE; NULL for any other
   `align`. */
void *wp_arena_alloc_aligned(wp_arena *arena, size_t n_bytes, size_t align);

/* Room for `n` items of `item_bytes`, zeroed; NULL also where the product exceeds size_t. */
void *wp_arena_alloc_array(wp_arena *arena, size_t n, size_t item_bytes);

/* A copy of `text`, or of its first `length` bytes, with an end mark. NULL without memory. */
char *wp_arena_strdup(wp_arena *arena, const char *text);
char *wp_arena_strndup(wp_arena *arena, const char *text, size_t length);

#endif
