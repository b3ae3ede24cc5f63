/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions: mappings such as {age: 65+, conditions: [2, 3+], has: partner}. */
#ifndef WP_SCENARIO_CONDITION_H
#define WP_SCENARIO_CONDITION_H

#include "scenario/look.h"

/* Reads the condition at `at` for a subject of kind `of`; all lines of the mapping hold together. NULL or a
   condition that could not be read: NULL, the latter reported. A mapping without lines is reported. */
const wp_condition *wp_condition_read(wp_reader *r, const wp_node *at, wp_subject_kind of);

/* Both at once; either may be NULL (always). */
const wp_condition *wp_condition_both(wp_reader *r, const wp_condition *a, const wp_condition *b);

/* The condition written out canonically ("age: 65+" and so on), kept in the scenario; "" for NULL. */
const char *wp_condition_text(wp_reader *r, const wp_condition *condition);

/* Can both hold for one subject at one time, as far as own levels show? True unless some own variable has
   disjoint sets of levels in the two. NULL is always. */
bool wp_condition_may_both_hold(const wp_reader *r, const wp_condition *a, const wp_condition *b);

/* Calls `visit` for every test in the condition, groups' conditions included. */
void wp_condition_visit(const wp_reader *r, const wp_condition *condition,
                        void (*visit)(void *context, const wp_condition *test), void *context);

#endif
