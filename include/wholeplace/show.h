/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a scenario, in words for a policy analyst. */
#ifndef WHOLEPLACE_SHOW_H
#define WHOLEPLACE_SHOW_H

#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the scenario to `out` as plain text: time and people, states, every process as a sentence,
   interventions (those in no arm are said to be so) and arms, outcomes and prices, what was published and
   what of the model stands beside it, every parameter with value, unit, distribution, source and grade, and at the end the parameters and prices that have no source. Nothing is drawn
   or computed. WP_ERR_MEMORY; WP_ERR_FILE when writing fails. */
wp_status wp_show(const wp_scenario *scenario, FILE *out, wp_error *err);

/* Writes the parameters as CSV (RFC 4180; header:
   name,value,unit,distribution,source,grade,file,line), one row each, in order of name. Values are
   in the unit as written; a table's or a count's value is empty. Same failures. */
wp_status wp_show_parameters(const wp_scenario *scenario, FILE *out, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
