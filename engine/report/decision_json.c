/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decision figures of one arm as JSON: unrounded, null where something is not known. */
#include <math.h>

#include "base/field.h"
#include "report/decision_print.h"

static void key(FILE *out, const char *name, double value)
{
    fprintf(out, ", \"%s\": ", name);
    wp_field_number(out, value, "null");
}

static void list(FILE *out, const char *name, const double *values, int n)
{
    fprintf(out, ",\n    \"%s\": [", name);
    for (int i = 0; i < n; i++) {
        if (i > 0) { fputs(", ", out); }
        wp_field_number(out, values[i], "null");
    }
    fputs("]", out);
}

/* The calendar year in which a year of the run begins, or null for never. */
static void year(FILE *out, const char *name, const wp_run_data *data, int index)
{
    int last = data->n_years - 2;
    key(out, name, index == WP_NEVER ? (double)NAN : (double)data->years[index < last ? index : last]);
}

/* Names of parameters and prices are letters, digits, '_', '.' and '+': nothing to escape. */
static void bars(FILE *out, const wp_decision *decision)
{
    fputs(",\n    \"tornado\": [", out);
    for (int i = 0; i < decision->n_bars; i++) {
        const wp_tornado_bar *bar = &decision->bars[i];
        fprintf(out, "%s{\"name\": \"%s\"", i > 0 ? ",\n     " : "\n     ",
                decision->inputs.names[bar->parameter]);
        key(out, "low", bar->low);
        key(out, "high", bar->high);
        key(out, "saving_at_low", bar->at_low);
        key(out, "saving_at_high", bar->at_high);
        key(out, "switching_value", bar->switching);
        key(out, "share_of_variance", bar->share);
        key(out, "half_width_if_known", bar->half_width_known);
        fputs("}", out);
    }
    fputs("]", out);
}

void wp_print_decision_json(FILE *out, const wp_run_data *data, const wp_decision *decision)
{
    const wp_outlook *outlook = &decision->outlook;
    const wp_payback *payback = &decision->payback;
    fputs(",\n   \"decision\": {\"outturn\": {\"low\": ", out);
    wp_field_number(out, decision->outturn_low, "null");
    key(out, "high", decision->outturn_high);
    fputs("},\n    \"variance\": {\"evidence\": ", out);
    wp_field_number(out, outlook->evidence, "null");
    key(out, "people", outlook->people);
    key(out, "draws", outlook->draws);
    key(out, "half_width", outlook->half_width);
    key(out, "half_width_with_ten_times_people", outlook->with_ten_times_people);
    key(out, "half_width_with_ten_times_draws", outlook->with_ten_times_draws);
    key(out, "half_width_with_perfect_evidence", outlook->with_perfect_evidence);
    key(out, "pairing_gain", decision->has_pairing ? decision->pairing.gain : NAN);
    fputs("},\n    \"payback\": {\"never\": ", out);
    wp_field_number(out, payback->never, "null");
    year(out, "mean", data, payback->year);
    year(out, "low", data, payback->low);
    year(out, "median", data, payback->middle);
    year(out, "high", data, payback->high);
    fputs("}", out);
    list(out, "saved_by_year", payback->means, payback->n_years);
    list(out, "chance_of_saving_by_year", payback->chance, payback->n_years);
    bars(out, decision);
    fputs("}", out);
}
