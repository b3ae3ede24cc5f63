/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures for a decision as plain text. */
#ifndef WP_REPORT_DECISION_PRINT_H
#define WP_REPORT_DECISION_PRINT_H

#include <stdio.h>

#include "base/json.h"
#include "report/rounding.h"
#include "uncertainty/decision.h"
#include "uncertainty/package.h"

enum { WP_CHANCE_CHARS = 16, WP_YEAR_CHARS = 16, WP_BEST_CHARS = 40 };

/* A share of draws says no more than a whole per cent, and never that something is certain: "66 %", "under
   1 %". */
const char *wp_chance_words(double chance, char text[WP_CHANCE_CHARS]);

/* The chance that an option is the best of `n_options`: as above; of three or more and with few draws,
   which tell no chance, "3 of 5 draws". */
const char *wp_best_words(double share, int n_draws, int n_options, char text[WP_BEST_CHARS]);

/* The calendar year of a payback: "2019", "never". */
const char *wp_year_words(const wp_run_data *data, int year, char text[WP_YEAR_CHARS]);

/* A parameter to three figures of its range; "nowhere" for NAN. */
const char *wp_parameter_words(double value, double low, double high, char text[WP_NUMBER_CHARS]);

/* A few lines for the page of an arm: by when it saves, how sure, what will be seen, what it hinges on. */
void wp_print_how_sure(FILE *out, const wp_run_data *data, const wp_arm_decision *decision);

/* The long form of one arm, and of the choice between all. */
void wp_print_decision(FILE *out, const wp_run_data *data, const wp_arm_decision *decision);
void wp_print_choice(FILE *out, const wp_run_data *data, const wp_choice *choice);

/* One arm's figures as a member "decision" of an open JSON object. Years count from the first. */
void wp_print_decision_json(wp_json *json, const wp_run_data *data, const wp_arm_decision *decision);

/* Several interventions of an arm, alone and together. */
void wp_print_package(FILE *out, const wp_run_data *data, const wp_package *package);

/* For each histogram of the result, the share of the outcome on the top 1, 5 and 20 % of subjects, by arm. */
wp_status wp_print_concentration(FILE *out, const wp_run_data *data, wp_error *err);

/* The chance that each arm is the best, if a unit (a QALY) is worth so many pounds; for every unit but
   GBP. */
wp_status wp_print_acceptability(FILE *out, wp_savings *savings, wp_error *err);

/* For every unit but GBP: which arms are on the efficient frontier, and what one more unit costs by going on to the
   next of them. WP_ERR_MEMORY. */
wp_status wp_print_frontier(FILE *out, wp_savings *savings, wp_error *err);

#endif
