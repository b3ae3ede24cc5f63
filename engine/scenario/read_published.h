/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of published figures: what was said, by whom, of which place, whoever models it. */
#ifndef WP_SCENARIO_READ_PUBLISHED_H
#define WP_SCENARIO_READ_PUBLISHED_H

#include "scenario/number.h"

/* A published number with its unit. False after reporting. */
bool wp_published_value_read(wp_reader *r, const wp_node *at, wp_amount *amount);

/* Is the map a range, {low, high} or one of them? False after reporting. */
bool wp_published_range_check(wp_reader *r, const wp_node *at);

/* The row whose id the scalar names, or NULL after reporting. */
const wp_published *wp_published_need(wp_reader *r, const wp_node *at);

/* The row's value as written: a number or a range; NULL where it has none, or in words only. */
const wp_node *wp_published_value_of(wp_reader *r, const wp_published *row);

/* Reads a file for its table of published figures alone, as wp_scenario_read reads a scenario: what comes
   has `published` and `files`, and is freed with wp_scenario_free. */
wp_status wp_published_table_read(const char *path, wp_scenario **table, wp_problems *problems,
                                  wp_error *err);

#endif
