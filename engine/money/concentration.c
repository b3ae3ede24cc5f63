/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lorenz curves from histograms. */
#include "money/concentration.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static void sums_of(const wp_concentration *c, double *people, double *amount)
{
    *people = *amount = 0.0;
    for (int b = 0; b < c->n_bins; b++) {
        *people += c->people[b];
        *amount += c->people[b] * c->amounts[b];
    }
}

double wp_concentration_top(const wp_concentration *c, double share)
{
    double people = 0.0, amount = 0.0, held = 0.0;
    sums_of(c, &people, &amount);
    if (!(amount > 0.0)) { return NAN; }
    double left = share * people;
    for (int b = c->n_bins - 1; b >= 0 && left > 0.0; b--) {
        double taken = fmin(left, c->people[b]);
        held += taken * c->amounts[b];
        left -= taken;
    }
    return held / amount;
}

/* One less twice the area under the curve, a trapezium a bin. */
double wp_concentration_gini(const wp_concentration *c)
{
    double people = 0.0, amount = 0.0, held = 0.0, area = 0.0;
    sums_of(c, &people, &amount);
    if (!(amount > 0.0)) { return NAN; }
    for (int b = 0; b < c->n_bins; b++) {
        double more = c->people[b] * c->amounts[b];
        area += c->people[b] * (2.0 * held + more);
        held += more;
    }
    return 1.0 - area / (people * amount);
}

void wp_concentration_of(const wp_run_data *data, int arm, int h, double total, double *people,
                         double *amounts)
{
    size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates, n_bins = (size_t)data->n_bins;
    bool is_time = strncmp(data->outcome_units[data->histogram_outcome[h]], "person_", 7) == 0;
    double below = 0.0;
    for (size_t b = 0; b < n_bins; b++) {
        int64_t doubled = 0;
        for (size_t run = 0; run < n_runs; run++) {
            size_t at = ((size_t)arm * n_runs + run) * (size_t)data->n_histograms + (size_t)h;
            doubled += data->histograms[at * n_bins + b];
        }
        people[b] = 0.5 * (double)doubled;
        amounts[b] = (double)b + (is_time && b > 0 ? 0.5 : 0.0);
        if (b + 1 < n_bins) { below += people[b] * amounts[b]; }
    }
    size_t last = n_bins - 1;
    if (people[last] > 0.0) { amounts[last] = fmax(amounts[last], (total - below) / people[last]); }
}
