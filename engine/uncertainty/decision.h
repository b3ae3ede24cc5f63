/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a decision needs to know of one arm, and of the choice between all arms. In pounds, discounted, net of
   the programme's own cost, without transfers. */
#ifndef WP_UNCERTAINTY_DECISION_H
#define WP_UNCERTAINTY_DECISION_H

#include "uncertainty/inputs.h"
#include "uncertainty/outlook.h"
#include "uncertainty/pairing.h"
#include "uncertainty/payback.h"
#include "uncertainty/savings.h"
#include "uncertainty/tornado.h"

/* Of one arm. Free with wp_arm_decision_free. */
typedef struct wp_arm_decision {
    int arm;
    wp_interval net, cost;     /* its saving; what it costs itself */
    wp_outlook outlook;        /* what the saving's interval is made of */
    bool has_outturn;
    double outturn_low, outturn_high; /* what will be seen once */
    wp_payback payback;
    bool has_pairing;
    wp_pairing pairing;
    wp_inputs inputs;
    int n_bars;
    wp_tornado_bar *bars;      /* `parameter` is an input */
    wp_arena arena;
} wp_arm_decision;

/* `savings` is of the result, in "GBP". WP_ERR_MEMORY, WP_ERR_NUMERIC. */
wp_status wp_arm_decision_init(wp_arm_decision *decision, wp_savings *savings, int arm, wp_error *err);
void wp_arm_decision_free(wp_arm_decision *decision);

/* Of all arms, the baseline among them with a saving of 0 throughout; noise is removed from all arms
   together. */
typedef struct wp_choice {
    wp_arena arena;
    int n_options, best;       /* arms; the one with the highest mean saving */
    double *shares, *losses;   /* [option] chance of being best (wp_chances_best); mean loss by choosing it */
    double evpi;
    wp_inputs inputs;
    double *evppi, *evppi_se;  /* [input]; 0 with fewer than WP_MIN_CURVE_DRAWS draws */
    int *order;                /* inputs by EVPPI, highest first */
} wp_choice;

/* With one draw nothing is known of chances: shares are NAN, and nothing is worth knowing. */
wp_status wp_choice_init(wp_choice *choice, wp_savings *savings, wp_error *err);
void wp_choice_free(wp_choice *choice);

#endif
