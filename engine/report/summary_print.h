/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ways to print a summary, and what their parts share. */
#ifndef WP_REPORT_SUMMARY_PRINT_H
#define WP_REPORT_SUMMARY_PRINT_H

#include <stdio.h>

#include "base/json.h"
#include "report/rounding.h"
#include "uncertainty/decision.h"
#include "uncertainty/spillover.h"

enum { WP_LABEL_WIDTH = 38, WP_PAGE_WIDTH = 110 };

/* All that a page says of one arm against the baseline. */
typedef struct wp_arm_page {
    const wp_run_data *data;
    const wp_arm_savings *savings; /* in pounds */
    const wp_arm_decision *decision;
    int n_units;
    const wp_arm_savings *gains; /* in each other unit, as savings: negative where something is gained */
    const wp_spillover *spillovers; /* NULL: not kept; else [1 + n_units]: in pounds, and in each other unit
                                       (unit NULL: nothing of it is kept) */
} wp_arm_page;

/* "-1,200 to 300", to the step; the noise alone, with a star, where draws differ by no more than noise does;
   "not known". */
void wp_interval_text(const wp_interval *interval, double step, char text[WP_RANGE_CHARS]);

/* A row's label: two spaces, the text, and spaces up to WP_LABEL_WIDTH. */
void wp_print_label(FILE *out, const char *text);

/* The parts of a page as plain text, from top to bottom. Nothing fails but memory. */
void wp_print_head(FILE *out, const wp_run_data *data);
void wp_print_notes(FILE *out, const wp_run_data *data);
wp_status wp_print_arm(FILE *out, const wp_arm_page *page, wp_error *err);
void wp_print_outcomes(FILE *out, const wp_run_data *data, const wp_arm_savings *arm);
wp_status wp_print_targets(FILE *out, const wp_run_data *data, wp_error *err);

/* What an arm gains in a unit that is not pounds, as QALY are gained: the arm less the baseline. */
wp_status wp_print_unit(FILE *out, const wp_run_data *data, const wp_arm_savings *gains, wp_error *err);

/* Whose the saving is, within families, amounts in `size` of the unit, such as millions, which is called `name`;
   of a unit but pounds what is gained, the saving turned. */
void wp_print_spillover(FILE *out, const wp_spillover *spillover, double size, const char *name);

/* Which payers gain on whom, of one arm, as a table of the long form: members jointly are homes, and births in one
   of the two alone. Nothing where the run kept no sides, or has no payers. WP_ERR_MEMORY. */
wp_status wp_print_spillover_payers(FILE *out, wp_savings *savings, int arm, wp_error *err);

/* The same as JSON: everything before the arms, one arm, its other units, its end, and the end. */
void wp_print_head_json(wp_json *json, const wp_run_data *data);
wp_status wp_print_arm_json(wp_json *json, const wp_arm_page *page, wp_error *err);
void wp_print_unit_json(wp_json *json, const wp_run_data *data, const wp_arm_savings *gains,
                        const wp_spillover *spillover);
void wp_print_arm_end_json(wp_json *json, const wp_run_data *data, const wp_arm_decision *decision);
wp_status wp_print_end_json(wp_json *json, wp_savings *savings, wp_error *err);

#endif
