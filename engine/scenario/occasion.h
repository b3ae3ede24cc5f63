/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Occasions: when a schedule or an offer comes, from an `at:` entry. */
#ifndef WP_SCENARIO_OCCASION_H
#define WP_SCENARIO_OCCASION_H

#include "scenario/look.h"

/* Reads {every: 1 year, from: 0 years}, {age: 5 years}, {date: 2014-09-01}, {event: NAME}, or
   {enters: {hospital: in}} of a subject of kind `of`. False after reporting. */
bool wp_occasion_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_occasion *occasion);

#endif
