/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which vector pass this machine runs. */
#include "simulate/vector_pass.h"

wp_vector_pass *wp_vector_pass_choose(wp_simd simd, const char **name)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int avx2 = __builtin_cpu_supports("avx2");
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (avx512 && (simd == WP_SIMD_AVX512 || simd == WP_SIMD_BEST)) {
        *name = "avx512";
        return wp_vector_pass_avx512;
    }
    if (avx2 && (simd == WP_SIMD_AVX2 || simd == WP_SIMD_BEST)) {
        *name = "avx2";
        return wp_vector_pass_avx2;
    }
#endif
    if (simd == WP_SIMD_PORTABLE || simd == WP_SIMD_BEST) {
        *name = "portable";
        return wp_vector_pass_portable;
    }
    return 0;
}
