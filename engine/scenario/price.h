/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices: what unit values share with the section `money`. */
#ifndef WP_SCENARIO_PRICE_H
#define WP_SCENARIO_PRICE_H

#include "scenario/document.h"

/* "2012" or "2012/13", kept in the scenario; NULL after reporting, and for NULL. */
const char *wp_price_year_read(wp_reader *r, const wp_node *at);

/* Has the deflator this year? True without a deflator, which is reported by itself. */
bool wp_price_year_is_known(const wp_money *money, const char *year);

/* The index of the payer that the scalar names, or -1 after reporting. */
int wp_payer_need(wp_reader *r, const wp_node *at);

/* Is the value paid for what happens to one person, or for one's time in a programme? Not for what happens to
   a household or couple, nor for an offer or a programme as a whole. */
bool wp_is_of_one_person(const wp_scenario *scenario, const wp_unit_value *value);

/* Reads `unit_values`, those of interventions included ("hub.adviser"), once money is read. */
void wp_read_unit_values(wp_reader *r);

#endif
