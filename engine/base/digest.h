/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests: SHA-256 of a stream of bytes, and a 128-bit sum that does not depend on order. */
#ifndef WP_BASE_DIGEST_H
#define WP_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

enum { WP_SHA256_BYTES = 32, WP_SHA256_HEX = 65, WP_U128_HEX = 33 };

/* SHA-256 (FIPS 180-4), by nettle. Needs no release. */
typedef struct wp_sha256 {
    struct sha256_ctx context;
} wp_sha256;

void wp_sha256_init(wp_sha256 *sha);
void wp_sha256_add(wp_sha256 *sha, const void *bytes, size_t n_bytes);

/* Numbers are added little endian on every machine, a double by its bit pattern, a text with its
   length first, so that neighbours cannot run into each other. */
void wp_sha256_add_u32(wp_sha256 *sha, uint32_t value);
void wp_sha256_add_u64(wp_sha256 *sha, uint64_t value);
void wp_sha256_add_double(wp_sha256 *sha, double value);
void wp_sha256_add_text(wp_sha256 *sha, const char *text);

/* Writes the digest of all that was added and starts anew. */
void wp_sha256_end(wp_sha256 *sha, uint8_t digest[WP_SHA256_BYTES]);

/* The same as 64 lower-case hexadecimal digits and an end mark. */
void wp_sha256_end_hex(wp_sha256 *sha, char hex[WP_SHA256_HEX]);

/* A sum mod 2^128: commutative and associative, hence the same in any order and any grouping. */
typedef struct wp_u128sum {
    uint64_t low, high;
} wp_u128sum;

static inline void wp_u128sum_add(wp_u128sum *sum, wp_u128sum term)
{
    sum->low += term.low;
    sum->high += term.high + (sum->low < term.low ? 1 : 0);
}

/* Takes away what was added. */
static inline void wp_u128sum_subtract(wp_u128sum *sum, wp_u128sum term)
{
    uint64_t borrow = sum->low < term.low ? 1 : 0;
    sum->low -= term.low;
    sum->high -= term.high + borrow;
}

/* 32 lower-case hexadecimal digits, most significant first, and an end mark. */
void wp_u128sum_hex(wp_u128sum sum, char hex[WP_U128_HEX]);

#endif
