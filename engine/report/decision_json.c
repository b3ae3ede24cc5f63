/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decision figures of one arm as JSON: unrounded, null where something is not known. */
#include <math.h>

#include "report/decision_print.h"

static void list(wp_json *json, const char *name, const double *values, int n)
{
    wp_json_line(json, 4);
    wp_json_begin(json, name, '[');
    for (int i = 0; i < n; i++) { wp_json_number(json, NULL, values[i]); }
    wp_json_end(json, ']');
}

/* The calendar year in which a year of the run begins, or null for never. */
static void year(wp_json *json, const char *name, const wp_run_data *data, int index)
{
    int last = data->n_years - 2;
    wp_json_number(json, name,
                   index == WP_NEVER ? (double)NAN : (double)data->years[index < last ? index : last]);
}

static void bars(wp_json *json, const wp_arm_decision *decision)
{
    wp_json_line(json, 4);
    wp_json_begin(json, "tornado", '[');
    for (int i = 0; i < decision->n_bars; i++) {
        const wp_tornado_bar *bar = &decision->bars[i];
        wp_json_line(json, 5);
        wp_json_begin(json, NULL, '{');
        wp_json_text(json, "name", decision->inputs.names[bar->parameter]);
        wp_json_number(json, "low", bar->low);
        wp_json_number(json, "high", bar->high);
        wp_json_number(json, "saving_at_low", bar->at_low);
        wp_json_number(json, "saving_at_high", bar->at_high);
        wp_json_number(json, "switching_value", bar->switching);
        wp_json_number(json, "share_of_variance", bar->share);
        wp_json_number(json, "half_width_if_known", bar->half_width_known);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

void wp_print_decision_json(wp_json *json, const wp_run_data *data, const wp_arm_decision *decision)
{
    const wp_outlook *outlook = &decision->outlook;
    const wp_payback *payback = &decision->payback;
    wp_json_line(json, 3);
    wp_json_begin(json, "decision", '{');
    wp_json_begin(json, "outturn", '{');
    wp_json_number(json, "low", decision->outturn_low);
    wp_json_number(json, "high", decision->outturn_high);
    wp_json_end(json, '}');
    wp_json_line(json, 4);
    wp_json_begin(json, "variance", '{');
    wp_json_number(json, "evidence", outlook->evidence);
    wp_json_number(json, "people", outlook->people);
    wp_json_number(json, "draws", outlook->draws);
    wp_json_number(json, "half_width", outlook->half_width);
    wp_json_number(json, "half_width_with_ten_times_people", outlook->with_ten_times_people);
    wp_json_number(json, "half_width_with_ten_times_draws", outlook->with_ten_times_draws);
    wp_json_number(json, "half_width_with_perfect_evidence", outlook->with_perfect_evidence);
    wp_json_number(json, "pairing_gain", decision->has_pairing ? decision->pairing.gain : (double)NAN);
    wp_json_end(json, '}');
    wp_json_line(json, 4);
    wp_json_begin(json, "payback", '{');
    wp_json_number(json, "never", payback->never);
    year(json, "mean", data, payback->year);
    year(json, "low", data, payback->low);
    year(json, "median", data, payback->middle);
    year(json, "high", data, payback->high);
    wp_json_end(json, '}');
    list(json, "saved_by_year", payback->means, payback->n_years);
    list(json, "chance_of_saving_by_year", payback->chance, payback->n_years);
    bars(json, decision);
    wp_json_end(json, '}');
}
