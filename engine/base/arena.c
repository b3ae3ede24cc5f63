/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bump arena over a list of chunks. A piece too large for what is left opens a chunk of its own
   size or of the usual size; what was left is not used again. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES_DEFAULT = 64 * 1024 };

struct wp_arena_chunk {
    struct wp_arena_chunk *older;
    size_t used, size; /* of bytes[] */
    unsigned char bytes[];
};

void wp_arena_init(wp_arena *arena, size_t chunk_bytes)
{
    *arena = (wp_arena){.chunk_bytes = chunk_bytes};
}

void wp_arena_free(wp_arena *arena)
{
    struct wp_arena_chunk *chunk = arena->newest;
    while (chunk != NULL) {
        struct wp_arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    *arena = (wp_arena){.chunk_bytes = arena->chunk_bytes};
}

/* The bytes to skip in `chunk` until its next free byte stands at a multiple of `align`. */
static size_t padding(const struct wp_arena_chunk *chunk, size_t align)
{
    uintptr_t address = (uintptr_t)(chunk->bytes + chunk->used);
    return (size_t)(-address & (align - 1));
}

static bool chunk_fits(const struct wp_arena_chunk *chunk, size_t n_bytes, size_t align)
{
    if (chunk == NULL) { return false; }
    size_t room = chunk->size - chunk->used;
    size_t skipped = padding(chunk, align);
    return skipped <= room && n_bytes <= room - skipped;
}

/* calloc, because fresh pages are zero already and it knows. */
static bool chunk_add(wp_arena *arena, size_t n_bytes)
{
    size_t usual = arena->chunk_bytes == 0 ? CHUNK_BYTES_DEFAULT : arena->chunk_bytes;
    if (n_bytes > PTRDIFF_MAX / 2) { return false; }
    size_t size = n_bytes + WP_CACHE_LINE > usual ? n_bytes + WP_CACHE_LINE : usual;
    if (size > PTRDIFF_MAX / 2) { return false; }
    struct wp_arena_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk == NULL) { return false; }
    chunk->size = size;
    chunk->older = arena->newest;
    arena->newest = chunk;
    return true;
}

void *wp_arena_alloc_aligned(wp_arena *arena, size_t n_bytes, size_t align)
{
    if (align == 0 || (align & (align - 1)) != 0 || align > WP_CACHE_LINE) { return NULL; }
    if (!chunk_fits(arena->newest, n_bytes, align) && !chunk_add(arena, n_bytes)) { return NULL; }
    struct wp_arena_chunk *chunk = arena->newest;
    chunk->used += padding(chunk, align);
    void *piece = chunk->bytes + chunk->used;
    chunk->used += n_bytes;
    arena->used_bytes += n_bytes;
    return piece;
}

void *wp_arena_alloc(wp_arena *arena, size_t n_bytes)
{
    return wp_arena_alloc_aligned(arena, n_bytes, WP_ARENA_ALIGN);
}

void *wp_arena_alloc_array(wp_arena *arena, size_t n, size_t item_bytes)
{
    if (item_bytes != 0 && n > PTRDIFF_MAX / item_bytes) { return NULL; }
    return wp_arena_alloc(arena, n * item_bytes);
}

char *wp_arena_strndup(wp_arena *arena, const char *text, size_t length)
{
    char *copy = length < PTRDIFF_MAX ? wp_arena_alloc_aligned(arena, length + 1, 1) : NULL;
    if (copy == NULL) { return NULL; }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *wp_arena_strdup(wp_arena *arena, const char *text)
{
    return wp_arena_strndup(arena, text, strlen(text));
}
