/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How unequally spend falls on persons, as a table. */
#ifndef WP_REPORT_SPEND_PRINT_H
#define WP_REPORT_SPEND_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "results/run_data.h"

/* For each arm and year: how many people, spend a head, the share of it on the top 1, 5 and 20 %, and what
   was spent on each of the top 1 %, the next 4 %, the next 15 % and the rest. Nothing where spend is not
   kept. `all_years` false: only the first year, the last, and all together. WP_ERR_MEMORY. */
wp_status wp_print_spend(FILE *out, const wp_run_data *data, bool all_years, wp_error *err);

#endif
