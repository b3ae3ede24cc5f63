/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Savings with intervals: what a summary prints, computed once for its tables and its JSON. */
#ifndef WP_UNCERTAINTY_SAVINGS_H
#define WP_UNCERTAINTY_SAVINGS_H

#include "money/pricing.h"
#include "uncertainty/interval.h"

/* One line of a table: its savings undiscounted in two parts, their sum, and discounted. */
typedef struct wp_saving_row {
    char label[128], note[64];
    int index;                 /* year, payer (WP_NO_PAYER), or unit value */
    wp_interval gross, programme, net, net_discounted;
} wp_saving_row;

/* How much of an outcome there is: over all years what adds up, of a stock the mean over the instants at
   which it is counted. `change` is the arm less the baseline. */
typedef struct wp_outcome_row {
    int outcome;
    wp_interval baseline, arm, change;
} wp_outcome_row;

/* A ratio of two means with the interval of Fieller; not known where the denominator may be zero, or where
   there are too few draws to tell. */
typedef struct wp_ratio {
    bool is_known;
    double mean, low, high;
} wp_ratio;

/* Of one unit, and what happens less. */
typedef struct wp_arm_savings {
    int arm;
    const char *unit;
    double baseline, baseline_discounted;  /* what the baseline itself adds up to */
    wp_saving_row total;
    wp_interval biased, biased_discounted; /* net, after optimism bias */
    wp_interval cashable;                  /* net, undiscounted: only what can be cashed */
    bool has_views;                        /* it changes fiscal pounds and others: these are … */
    wp_interval fiscal_discounted;         /* … what falls on public budgets, net */
    wp_ratio benefit_cost;                 /* services over the programme's cost, discounted */
    wp_ratio pounds_each; /* of a unit but GBP: net pounds spent for each gained, discounted */
    int n_years, n_payers, n_values, n_outcomes;
    wp_saving_row *years, *payers, *values; /* of values only those that the arm changes */
    wp_outcome_row *outcomes;
} wp_arm_savings;

/* Working room for one result. */
typedef struct wp_savings {
    wp_pricing pricing;
    const wp_run_data *data;
    const char *unit;
    double *values, *batches;  /* [draw][replicate] and [..][WP_N_BATCHES] */
    double *others;            /* as batches: the other half of a ratio */
} wp_savings;

wp_status wp_savings_init(wp_savings *savings, const wp_run_data *data, const char *unit, wp_error *err);
void wp_savings_free(wp_savings *savings);

/* All of one arm's figures in the unit; a unit but GBP without outcomes. The arrays live until
   wp_savings_free. */
wp_status wp_savings_of_arm(wp_savings *savings, int arm, wp_arm_savings *result, wp_error *err);

/* The interval of one selection of an arm. */
wp_status wp_savings_interval(wp_savings *savings, int arm, const wp_money_select *select,
                              wp_interval *interval, wp_error *err);

/* The interval of what is in `values`, with the noise of what is in `batches` where wp_needs_batches says. */
wp_status wp_savings_estimate(const wp_savings *savings, wp_interval *interval, wp_error *err);

/* Batches tell the noise where replicates are too few to. */
bool wp_needs_batches(const wp_run_data *data);

/* Half-width that print should go by: the larger of not knowing and noise; NAN when neither is known. */
double wp_half_width(const wp_interval *interval);

#endif
