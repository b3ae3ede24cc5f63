/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests: SHA-256 by nettle, numbers little endian. */
#include "base/digest.h"

#include <string.h>

static void write_hex(const uint8_t *bytes, size_t n_bytes, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n_bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * n_bytes] = '\0';
}

void wp_sha256_init(wp_sha256 *sha)
{
    sha256_init(&sha->context);
}

void wp_sha256_add(wp_sha256 *sha, const void *bytes, size_t n_bytes)
{
    sha256_update(&sha->context, n_bytes, bytes);
}

void wp_sha256_add_u32(wp_sha256 *sha, uint32_t value)
{
    uint8_t bytes[4];
    for (size_t i = 0; i < sizeof bytes; i++) { bytes[i] = (uint8_t)(value >> (8 * i)); }
    wp_sha256_add(sha, bytes, sizeof bytes);
}

void wp_sha256_add_u64(wp_sha256 *sha, uint64_t value)
{
    wp_sha256_add_u32(sha, (uint32_t)value);
    wp_sha256_add_u32(sha, (uint32_t)(value >> 32));
}

void wp_sha256_add_double(wp_sha256 *sha, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    wp_sha256_add_u64(sha, bits);
}

void wp_sha256_add_text(wp_sha256 *sha, const char *text)
{
    size_t length = strlen(text);
    wp_sha256_add_u64(sha, length);
    wp_sha256_add(sha, text, length);
}

void wp_sha256_end(wp_sha256 *sha, uint8_t digest[WP_SHA256_BYTES])
{
    sha256_digest(&sha->context, WP_SHA256_BYTES, digest);
}

void wp_sha256_end_hex(wp_sha256 *sha, char hex[WP_SHA256_HEX])
{
    uint8_t digest[WP_SHA256_BYTES];
    wp_sha256_end(sha, digest);
    write_hex(digest, sizeof digest, hex);
}

void wp_u128sum_hex(wp_u128sum sum, char hex[WP_U128_HEX])
{
    uint8_t bytes[16];
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(sum.high >> (56 - 8 * i));
        bytes[8 + i] = (uint8_t)(sum.low >> (56 - 8 * i));
    }
    write_hex(bytes, sizeof bytes, hex);
}
