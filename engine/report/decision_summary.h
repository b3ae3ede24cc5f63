/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long form of a summary: figures for a decision. */
#ifndef WP_REPORT_DECISION_SUMMARY_H
#define WP_REPORT_DECISION_SUMMARY_H

#include <stdio.h>

#include "uncertainty/decision.h"

/* Every arm's decision figures, then the choice between arms, several interventions, other units, and
   concentration. WP_ERR_MEMORY, WP_ERR_NUMERIC. */
wp_status wp_print_decisions(FILE *out, const wp_run_data *data, wp_error *err);

#endif
