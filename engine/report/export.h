/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of an export, each written to an open file. */
#ifndef WP_REPORT_EXPORT_H
#define WP_REPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "money/pricing.h"

/* What the tables are made of. */
typedef struct wp_export_source {
    const wp_run_data *data;
    const wp_pricing *pricing;
    const char *effect;        /* unit, or NULL */
    bool with_noise;
} wp_export_source;

typedef wp_status wp_export_table(FILE *out, const wp_export_source *source, wp_error *err);

/* include/wholeplace/export.h says what each holds. WP_ERR_MEMORY. */
wp_export_table wp_export_counts, wp_export_money, wp_export_parameters, wp_export_costs, wp_export_effects,
    wp_export_net_benefit, wp_export_spend, wp_export_household;

#endif
