/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Partners: the entries of `join` and of `separate`. */
#ifndef WP_SCENARIO_PARTNER_H
#define WP_SCENARIO_PARTNER_H

#include "scenario/look.h"

/* Reads {partner: {sex, age_gap, like_me}} at `at`. False after reporting. */
bool wp_partner_read(wp_reader *r, const wp_node *at, wp_join *join);

/* Reads {leaver, children} at `at` into the effect's entries. False after reporting. */
bool wp_separation_read(wp_reader *r, const wp_node *at, wp_effect *effect);

#endif
