/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to decide, in a few sentences: for one arm, and for the choice between several. */
#ifndef WP_REPORT_HEADLINE_H
#define WP_REPORT_HEADLINE_H

#include "report/summary_print.h"

/* What the arm is expected to save or cost, how likely it is to save, when it pays back, who gains and who
   pays, what can be cashed, what it hinges on, and what this run cannot tell: lines of sentences in
   pounds. The caller frees `text`; NULL after a failure. WP_ERR_MEMORY. */
wp_status wp_headline_arm(const wp_arm_page *page, char **text, wp_error *err);

/* Which arm is best on the mean, how likely that is, and what knowing more would be worth; "" with one arm
   or one draw. The caller frees `text`. WP_ERR_MEMORY. */
wp_status wp_headline_choice(const wp_run_data *data, const wp_choice *choice, char **text, wp_error *err);

#endif
