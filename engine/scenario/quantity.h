/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities: numbers, parameters, look-ups and conversions, wherever a number is expected, with the
   unit that the place of use needs. */
#ifndef WP_SCENARIO_QUANTITY_H
#define WP_SCENARIO_QUANTITY_H

#include "scenario/look.h"

/* What a quantity is used as: which units fit, and which range. */
typedef enum wp_use {
    WP_USE_HAZARD,              /* per year, >= 0; smooth hazards and converted probabilities too */
    WP_USE_PROBABILITY,         /* 0 to 1 */
    WP_USE_WEIGHT,              /* >= 0, of `levels_of` */
    WP_USE_DURATION,            /* years, >= 0 */
    WP_USE_HAZARD_FACTOR,       /* hazard ratio (or risk ratio's unit none), >= 0 */
    WP_USE_ODDS_FACTOR, WP_USE_PROBABILITY_FACTOR, WP_USE_DELAY_FACTOR,
    WP_USE_ODDS_RATIO,          /* under `odds_ratio:` */
    WP_USE_POSITIVE,            /* a bare number > 0: shapes, cv, means of multipliers */
    WP_USE_NUMBER,              /* any bare number */
    WP_USE_PLACES,              /* a number of places, >= 0 */
    WP_USE_PLACES_PER_YEAR,     /* places opened, or starts, per year */
    WP_USE_GROWTH,              /* per year, of either sign */
    WP_USE_RATE_OF_POWER,       /* the rate of t^shape: per year, or a bare number, >= 0 */
    WP_N_USES
} wp_use;

/* Reads the quantity at `at` for a subject of kind `of` (WP_PLACE: only dates, time since start and
   indicators can be looked at). `what` names the place in messages: "hazard", "uptake". Reports and gives
   false where it cannot be read; `*quantity` is then a harmless number. */
bool wp_quantity_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_use use, const char *what,
                      wp_quantity *quantity);

/* The same, where `by: option` looks at the levels of `option_variable`. */
bool wp_quantity_read_weights(wp_reader *r, const wp_node *at, wp_subject_kind of, int option_variable,
                              const char *what, wp_quantity *quantity);

/* A number of places, or of places opened per year: `*per_year` says which. */
bool wp_quantity_read_places(wp_reader *r, const wp_node *at, wp_subject_kind of, const char *what,
                             wp_quantity *quantity, bool *per_year);

/* An amount of money or of another value: "1542 GBP", "0.85 QALY", a parameter, or a look-up (by year) with
   `unit`. `*unit` is "GBP", "QALY", …, kept in the scenario. */
bool wp_quantity_read_amount(wp_reader *r, const wp_node *at, const char *what, wp_quantity *quantity,
                             const char **unit);

/* Are the parameters that cells name single numbers of the table's unit? Reported at `at` otherwise. */
bool wp_quantity_check_cells(wp_reader *r, const wp_node *at, const wp_grid *grid, wp_unit unit);

/* A plain number. */
wp_quantity wp_quantity_number(double value);

/* Written out canonically, kept in the scenario: orders factors whatever file they stand in. */
const char *wp_quantity_text(wp_reader *r, const wp_quantity *quantity);

#endif
