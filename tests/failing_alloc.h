/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the n-th allocation fail, in tests declared with FAULTS (their link wraps malloc, calloc,
   realloc and aligned_alloc). Not for several threads. */
#ifndef WP_TESTS_FAILING_ALLOC_H
#define WP_TESTS_FAILING_ALLOC_H

/* The allocation number `n` from now (0 is the next one) fails, once; a negative n: none does. */
void failing_alloc_arm(long n);

/* Whether it has failed since. Disarms. */
int failing_alloc_fired(void);

#endif
