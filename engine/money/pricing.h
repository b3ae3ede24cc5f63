/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pricing: counts of a run times its resolved prices, as savings of an arm against the baseline. */
#ifndef WP_MONEY_PRICING_H
#define WP_MONEY_PRICING_H

#include <stdbool.h>

#include "base/arena.h"
#include "results/run_data.h"

typedef enum wp_money_part {
    WP_PART_NET,               /* both */
    WP_PART_GROSS,             /* what outcomes cost less */
    WP_PART_PROGRAMME          /* what interventions cost: negative savings */
} wp_money_part;

enum { WP_MAX_PRICED_YEARS = 256 };

enum { WP_ALL_PAYERS = -1, WP_NO_PAYER = -2 /* the share for which no payer is stated */ };

/* Which unit values and years are added up, and how. */
typedef struct wp_money_select {
    const char *unit;          /* "GBP" */
    const char *view;          /* NULL: all but transfers */
    const uint8_t *only;       /* NULL, or [unit_value]: 1 for those that count (then `view` is ignored) */
    int payer;                 /* index, WP_ALL_PAYERS or WP_NO_PAYER */
    const uint8_t *payers;     /* NULL, or [payer]: 1 for those whose shares count, whatever `payer` is */
    const int *cells;          /* NULL: all subjects; else [outcome] column of a group's counts, or -1:
                                  nobody. Costs only, of outcomes only */
    wp_money_part part;
    int first_year, last_year; /* 0-based, both included; clipped to the run */
    bool discounted;
    bool with_bias;            /* optimism bias: benefits down, costs up, by grade */
    bool cashable;             /* only what can be cashed, when it can be; programme costs in full */
} wp_money_select;

/* One unit value in what is added up. */
typedef struct wp_price_part {
    int unit_value;
    double share, bias;        /* the payer's share; factor of optimism bias */
    bool cashes;               /* only what can be cashed of it counts */
} wp_price_part;

/* Borrowed data and what was looked up in them once. For one thread. */
typedef struct wp_pricing {
    wp_arena arena;
    const wp_run_data *data;
    int *total_cell;           /* [outcome] column of its total, or -1 */
    uint8_t *is_cost;          /* [arm][unit_value] 1 when the arm's saving in it is negative on the whole */
    wp_price_part *parts;      /* [unit_value] working room of a call */
} wp_pricing;

/* `data` must outlive it. Free with wp_pricing_free in any case. */
wp_status wp_pricing_init(wp_pricing *pricing, const wp_run_data *data, wp_error *err);
void wp_pricing_free(wp_pricing *pricing);

/* Number of counts of a unit value in a year (0-based): weighted to the whole place, in the unit that the
   amount is per. `batch` -1: all; else that batch alone (of fixed costs, which are nobody's, an equal
   part). */
double wp_pricing_count(const wp_pricing *pricing, int arm, int draw, int replicate, int batch,
                        int unit_value, int year);

/* The same of all years, into counts[n_years]: a few times faster for each. */
void wp_pricing_counts(const wp_pricing *pricing, int arm, int draw, int replicate, int batch, int unit_value,
                       double *counts);

/* Saving of `arm` against the baseline (baseline less arm) in each draw and replicate: values[draw][replicate],
   in the unit of `select`. */
void wp_pricing_savings(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values);

/* The same by batch: values[draw][replicate][WP_N_BATCHES], which add up to it, but that stepwise cashing is
   taken as gradual. */
void wp_pricing_batch_savings(const wp_pricing *pricing, int arm, const wp_money_select *select,
                              double *values);

/* Both for each year by itself, whatever years are selected: values[year][draw][replicate], and, unless NULL,
   batch_values[year][draw][replicate][WP_N_BATCHES]. Not for what is cashed, which comes from other years. */
void wp_pricing_savings_by_year(const wp_pricing *pricing, int arm, const wp_money_select *select,
                                double *values, double *batch_values);

/* What `arm` itself costs, not a difference: values[draw][replicate]. Bias and cashing do not apply. */
void wp_pricing_costs(const wp_pricing *pricing, int arm, const wp_money_select *select, double *values);

/* Is the unit value a cost of an intervention? */
bool wp_pricing_is_programme(const wp_run_data *data, int unit_value);

/* Is anything valued in the unit ("GBP"), and does anything say how much of it can be cashed? */
bool wp_money_has_unit(const wp_money_data *money, const char *unit);
bool wp_money_has_cashable(const wp_money_data *money);

#endif
