/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of chance: what a random number is for, so that it never depends on what else is drawn. */
#ifndef WP_CHANCE_KEY_H
#define WP_CHANCE_KEY_H

#include <stdint.h>

/* Philox4x32's 64-bit key. The arm is never part of it: arms share their chance. */
typedef struct {
    uint32_t word[2];
} wp_key;

/* The `draw` of everything that all parameter draws share. */
#define WP_DRAW_SHARED 0xffffffffu

/* Ids made by wp_id_derive have this bit; ids that are given must not. */
#define WP_ID_DERIVED_BIT ((uint64_t)1 << 63)

/* A bijection of 64-bit words in which every input bit flips each output bit with probability
   near one half: the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, "Fast splittable
   pseudorandom number generators"; constants: Stafford's variant 13). mix64(0) = 0. */
static inline uint64_t wp_mix64(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* mix64(mix64(seed) ^ (replicate << 32 | draw)), low word first. Different (replicate, draw) of
   one seed never share a key. */
static inline wp_key wp_key_make(uint64_t seed, uint32_t replicate, uint32_t draw)
{
    uint64_t mixed = wp_mix64(wp_mix64(seed) ^ ((uint64_t)replicate << 32 | draw));
    wp_key key = {{(uint32_t)mixed, (uint32_t)(mixed >> 32)}};
    return key;
}

/* The 32-bit purpose of a draw, from the bytes of "role/name": 64-bit FNV-1a (Fowler, Noll and Vo;
   RFC 9923), mixed by mix64, of which the high word is kept. Independent of the machine's byte
   order. Two names can collide (once in 2^32 pairs): who reads a scenario must check. */
uint32_t wp_purpose(const char *role, const char *name);

/* The id of someone or something that comes into being during the run: a hash of the parent (the
   mother, the stream, the seeker), what for, and its number among the parent's; tagged with
   WP_ID_DERIVED_BIT. It never depends on order. For one parent, different (purpose, number) give
   different ids but for the tag bit: a collision among n derived ids has chance n^2 / 2^64. */
static inline uint64_t wp_id_derive(uint64_t parent, uint32_t purpose, uint32_t number)
{
    /* The odd constant, 2^64 over the golden ratio, keeps parent 0 off the fixed point of mix64. */
    uint64_t mixed = wp_mix64(parent + UINT64_C(0x9e3779b97f4a7c15));
    return wp_mix64(mixed ^ ((uint64_t)purpose << 32 | number)) | WP_ID_DERIVED_BIT;
}

#endif
