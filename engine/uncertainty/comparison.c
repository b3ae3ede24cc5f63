/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a run beside published ones. */
#include "uncertainty/comparison.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

static wp_status estimate(const wp_run_data *data, int target, wp_interval *interval, wp_error *err)
{
    wp_status status = WP_OK;
    int n = data->n_draws * data->n_replicates;
    double *values = wp_calloc_array((size_t)n, sizeof *values);
    WP_TRY_ALLOC(values);
    for (int i = 0; i < n; i++) { values[i] = data->money.target_values[i * data->money.n_targets + target]; }
    WP_TRY(wp_interval_estimate(values, data->n_draws, data->n_replicates, NULL, interval, err));
out:
    free(values);
    return status;
}

static double middle_of(double low, double high)
{
    if (isinf(high)) { return low; }
    return isinf(low) ? high : 0.5 * (low + high);
}

static wp_verdict judge_fact(const wp_comparison *c, double within)
{
    double low = c->published_low, high = c->published_high;
    double slack = low == high ? within * fabs(low) : 0.0;
    if (c->interval.mean >= low - slack && c->interval.mean <= high + slack) { return WP_VERDICT_REPRODUCED; }
    /* Where nothing is known of the interval it reaches nowhere. */
    return c->low <= high && c->high >= low ? WP_VERDICT_NOT_APART : WP_VERDICT_MISSED;
}

static wp_verdict judge_claim(const wp_comparison *c)
{
    double low = isnan(c->low) ? c->interval.mean : c->low,
           high = isnan(c->high) ? c->interval.mean : c->high;
    if (low <= c->published_high && high >= c->published_low) { return WP_VERDICT_INSIDE; }
    bool is_above = c->published_low > high;
    bool is_negative = middle_of(c->published_low, c->published_high) < 0.0;
    return is_above != is_negative ? WP_VERDICT_MORE_CLAIMED : WP_VERDICT_LESS_CLAIMED;
}

wp_status wp_comparison_of(const wp_run_data *data, int target, wp_comparison *c, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    *c = (wp_comparison){.published_low = money->target_low[target],
                         .published_high = money->target_high[target]};
    WP_TRY(estimate(data, target, &c->interval, err));
    (void)wp_interval_ends(&c->interval, &c->low, &c->high);
    double mean = c->interval.mean, width = c->high - c->low;
    double middle = middle_of(c->published_low, c->published_high);
    c->nearest = fmin(fmax(mean, c->published_low), c->published_high);
    c->ratio = middle == 0.0 ? NAN : mean / middle;
    /* An interval's half is 1.96 standard deviations of what it stands for, by t or by percentiles. */
    c->z = width > 0.0 ? (mean - c->nearest) * 2.0 * 1.959963984540054 / width : NAN;
    if (isnan(mean)) {
        c->verdict = WP_VERDICT_UNKNOWN;
    } else {
        c->verdict = money->target_is_claim[target] ? judge_claim(c)
                                                    : judge_fact(c, money->target_within[target]);
    }
out:
    return status;
}

const char *wp_verdict_words(wp_verdict verdict)
{
    switch (verdict) {
    case WP_VERDICT_UNKNOWN: return "the run cannot say";
    case WP_VERDICT_REPRODUCED: return "reproduced";
    case WP_VERDICT_NOT_APART: return "missed, but inside the interval";
    case WP_VERDICT_MISSED: return "missed";
    case WP_VERDICT_INSIDE: return "claim inside the interval";
    case WP_VERDICT_MORE_CLAIMED: return "claim above the interval";
    case WP_VERDICT_LESS_CLAIMED: return "claim below the interval";
    }
    return "";
}
