/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolving prices: a scenario's unit values, payers, deflators and discounting as plain tables for each draw,
   kept in the result, so that money needs the result alone. */
#ifndef WP_MONEY_RESOLVE_H
#define WP_MONEY_RESOLVE_H

#include "results/run_data.h"
#include "scenario/checked.h"

/* Fills data->money from `scenario`, but for targets. `data` must have its dimensions, names and seed; its
   counts are not read, so prices can be had before any life. Arms, outcomes and interventions are matched by
   name, so a run of some arms is right too. A unit value with a distribution
   takes one uniform a draw: key (seed, 0, draw), id 0, purpose "unit_value/name", occurrence 0; with one
   draw its value is used, as with parameters. WP_ERR_MODEL where a price year has no deflator, a unit no
   discounting, or an amount cannot be computed; WP_ERR_MEMORY. Free with wp_money_free in any case. */
wp_status wp_money_resolve(const wp_scenario *scenario, wp_run_data *data, wp_error *err);

/* Adds the published figures with what the run gives for each (NAN where it cannot say). After
   wp_money_resolve, once, and when `data` has all its counts. WP_ERR_MEMORY, WP_ERR_LIMIT. */
wp_status wp_money_compare(const wp_scenario *scenario, wp_run_data *data, wp_error *err);

/* Frees what wp_money_resolve allocated; legal on zeroed data, and twice. */
void wp_money_free(wp_run_data *data);

#endif
