/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uses: which units and which range each place of use allows, and what is said of others. */
#ifndef WP_SCENARIO_USE_H
#define WP_SCENARIO_USE_H

#include "scenario/quantity.h"

/* What a use allows. `unit` is that of bare numbers in its look-ups; `needs` is how a message calls it. */
typedef struct wp_use_rule {
    uint32_t units;            /* bit u: wp_unit u fits */
    wp_unit unit;
    bool bare;                 /* may a number stand without a unit? */
    bool look_up_unit;         /* must a look-up say its unit? */
    double lo, hi;
    const char *needs;
} wp_use_rule;

const wp_use_rule *wp_use_rule_of(wp_use use);

/* Is a number inside the range of the use? Reported at `at` otherwise, with error 2 of the ten (a
   percentage without its sign). `name` is a parameter's name, or NULL. */
bool wp_use_check_value(wp_reader *r, const wp_node *at, wp_use use, const char *what, const char *name,
                        double value);

/* Does the unit of a parameter (or look-up) called `name` fit the use? Reported otherwise, with what to
   write instead where that is known. `value` is its number, NAN where it has none. */
bool wp_use_check_unit(wp_reader *r, const wp_node *at, wp_use use, const char *what, const char *name,
                       wp_unit unit, double value);

#endif
