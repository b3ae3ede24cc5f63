/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wrappers of ld --wrap=malloc and its kin. */
#include "failing_alloc.h"

#include <stddef.h>

static long remaining = -1;
static int fired;

void failing_alloc_arm(long n)
{
    remaining = n;
    fired = 0;
}

int failing_alloc_fired(void)
{
    remaining = -1;
    return fired;
}

static int fails_now(void)
{
    if (remaining < 0) { return 0; }
    if (remaining-- > 0) { return 0; }
    fired = 1;
    return 1;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fails_now() ? NULL : __real_aligned_alloc(align, size);
}
