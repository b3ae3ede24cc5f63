/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who belongs to whom in imported microdata, and whether that can be. */
#ifndef WP_POPULATION_IMPORTED_LINKS_H
#define WP_POPULATION_IMPORTED_LINKS_H

#include "population/founding.h"

/* Sorts people by household, then id, so that the order of the file means nothing. */
void wp_imported_sort_people(wp_imported *imported);

/* Sorts households by id, gives each its people, and turns mothers' and partners' ids into places.
   WP_ERR_SCENARIO names file and line: an id twice, a household unknown or empty or of more than
   WP_MAX_FOUNDERS, a link out of the household, a partner who names another, a mother who is a man or
   under 15 at the birth. */
wp_status wp_imported_link(wp_imported *imported, const wp_scenario *scenario, wp_error *err);

#endif
