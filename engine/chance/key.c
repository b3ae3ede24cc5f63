/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Purposes of chance, hashed from their names. */
#include "chance/key.h"

/* 64-bit FNV-1a's offset basis and prime (RFC 9923, section 5). */
static const uint64_t fnv_offset = UINT64_C(0xcbf29ce484222325);
static const uint64_t fnv_prime = UINT64_C(0x00000100000001b3);

static uint64_t fnv_add(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) { hash = (hash ^ (unsigned char)*text) * fnv_prime; }
    return hash;
}

uint32_t wp_purpose(const char *role, const char *name)
{
    uint64_t hash = fnv_add(fnv_add(fnv_add(fnv_offset, role), "/"), name);
    return (uint32_t)(wp_mix64(hash) >> 32);
}
