/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ways to print a summary. */
#ifndef WP_REPORT_SUMMARY_PRINT_H
#define WP_REPORT_SUMMARY_PRINT_H

#include <stdio.h>

#include "uncertainty/decision.h"

/* Interval of a published figure's simulated value; mean NAN where the result cannot say. */
wp_status wp_target_interval(const wp_run_data *data, int target, wp_interval *interval, wp_error *err);

/* Heads, one arm, and the facts at the end, as plain text. Nothing fails but memory. */
void wp_print_head(FILE *out, const wp_run_data *data);
wp_status wp_print_arm(FILE *out, const wp_run_data *data, const wp_arm_savings *arm,
                       const wp_decision *decision, wp_error *err);
void wp_print_outcomes(FILE *out, const wp_run_data *data, const wp_arm_savings *arm);
wp_status wp_print_targets(FILE *out, const wp_run_data *data, wp_error *err);

/* What an arm gains in a unit that is not pounds, as QALY are gained: the arm less the baseline. */
wp_status wp_print_unit(FILE *out, const wp_run_data *data, const wp_arm_savings *gains, wp_error *err);

/* The same as JSON: everything before the arms, one arm (with a comma before all but the first), its other units,
   its end, and the end. */
void wp_print_head_json(FILE *out, const wp_run_data *data);
void wp_print_arm_json(FILE *out, const wp_run_data *data, const wp_arm_savings *arm, int is_first);
void wp_print_unit_json(FILE *out, const wp_arm_savings *gains, int is_first);
void wp_print_arm_end_json(FILE *out, const wp_run_data *data, const wp_decision *decision);
wp_status wp_print_end_json(FILE *out, const wp_run_data *data, wp_error *err);

#endif
