/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries: what a run would save, for whom, by when, and how sure one can be, from its result alone. */
#ifndef WHOLEPLACE_SUMMARY_H
#define WHOLEPLACE_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include <wholeplace/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero is the default. */
typedef struct wp_summary_options {
    bool json;                 /* one JSON object instead of tables; numbers are not rounded */
} wp_summary_options;

/* Prints for each arm its saving against the baseline: the whole, by year and by payer, before and after the
   programme's own cost and discounting, with 95 % intervals; what it gains in each other unit, such as QALY, and
   how many net pounds are spent for each; how many events less; and the baseline beside published figures. Numbers are rounded to what their interval supports, and printed parts add to printed
   totals. `options` may be NULL. Errors as wp_result_digest; WP_ERR_FILE when `out` cannot be written. */
wp_status wp_summary(const char *result_path, const wp_summary_options *options, FILE *out, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
