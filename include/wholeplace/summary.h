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
    bool decision; /* figures for a decision instead of tables by year and payer; not with `json` */
    bool spend; /* how unequally spend falls on persons, by arm and year; not with the others */
    bool json;                 /* one JSON object instead of tables; numbers are not rounded */
} wp_summary_options;

/* Prints a page. At the top what to decide, in sentences: for each arm what it is expected to save or cost, how
   likely it is to save, when it pays back, who gains and who pays, what it hinges on. Then for each arm tables: what
   is spent and saved, by payer, how sure, by year and by what is paid for, before and after the programme's own cost
   and discounting, with 95 % intervals; what it gains in each other unit, such as QALY, and how many net pounds are
   spent for each; what happens more or less often (a stock is its mean over the instants at which it is counted);
   and the baseline beside published figures. Names are printed as titles. With `decision`: by when each arm saves
   and with what chance, what its interval is made of and what it hinges on, which arm to choose and what knowing more
   would be worth, what each of several interventions saves, and on how few an outcome falls; parameters under their
   names. With `spend`: for each arm and year what is spent on a person, and on the few on whom most is.
   Numbers are rounded to what their interval supports, and printed parts add to printed totals. Draws of a
   scenario in which nothing is uncertain are taken as replicates. `options` may be NULL. WP_ERR_ARGUMENT for
   two of `decision`, `spend` and `json`, and for `spend` where the run did not keep it; else
   errors as wp_result_digest; WP_ERR_FILE when `out` cannot be written. */
wp_status wp_summary(const char *result_path, const wp_summary_options *options, FILE *out, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
