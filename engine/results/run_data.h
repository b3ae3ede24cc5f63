/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a result file holds, in memory: what the run hands to the writer and the reader gives back. */
#ifndef WP_RESULTS_RUN_DATA_H
#define WP_RESULTS_RUN_DATA_H

#include <stdint.h>

#include <wholeplace/error.h>

/* Prices as resolved for each draw, and published targets, so that a summary needs the result alone.
   Filled by wp_money_resolve from the scenario, targets by wp_money_compare (money/resolve.h); nothing of it is part of
   the digest, since prices come after counts. */
typedef struct wp_money_data {
    char *price_year;                           /* "" where nothing is deflated */
    char *discount_text;                        /* rates and conventions, in words */
    uint8_t *arm_has;                           /* [arm][intervention]: 1 when the arm contains it */
    int n_payers;        char **payers, **payer_titles, **payer_tiers; int *payer_part_of;
    int n_unit_values;   char **unit_values;    /* an intervention's: "intervention.name" */
    char **value_units, **value_views, **value_sources, **value_grades; /* "" where not given */
    uint8_t *value_is_spend;                    /* 1 where it is part of spend_pence */
    int *value_per;                             /* wp_per */
    int *value_outcome, *value_intervention;    /* -1 where none */
    double *amounts;     /* [draw][unit_value][year]: per count, in prices of price_year */
    double *discounts;   /* [unit_value][year]: factor at the instants, or of the flow, of the year */
    double *fixed_counts;/* [unit_value][year]: years of the programme, or 1 when it begins; else 0 */
    double *shares;      /* [unit_value][payer] */
    double *cash_shares; /* [unit_value]; NAN where not stated */
    double *cash_after;  /* [unit_value] years */
    double *cash_steps;  /* [unit_value] counts; 0: any amount */
    double *costs_up, *benefits_down;           /* [unit_value] optimism bias of its grade */
    int n_targets;       char **targets, **target_ids, **target_figures, **target_units;
    char **target_says, **target_sources;       /* "" where not given */
    uint8_t *target_is_claim;
    double *target_low, *target_high;
    double *target_within;                      /* share of the value within which a fact is reproduced */
    double *target_values;                      /* [draw][replicate][target]; NAN: cannot be computed */
    void *owner;         /* of what wp_money_resolve and wp_money_compare allocated; else NULL */
} wp_money_data;

/* Arrays are dense, row-major, in the order of the dimensions given. Strings are UTF-8. Whoever filled
   the struct owns the arrays; wp_result_read allocates them and wp_result_free frees them. */
typedef struct wp_run_data {
    /* dimensions and their labels */
    int n_arms;          char **arms;           /* baseline first */
    int n_draws, n_replicates;
    int n_years;         int *years;            /* calendar year in which each year of the run begins;
                                                   one more than the run's years: the last instant */
    int n_outcomes;      char **outcomes;
    char **outcome_units;                       /* "events", "person_days", "person_years", "people", … */
    double *outcome_scale;                      /* doubled integer x scale = value in its unit */
    int *outcome_snapshots;                     /* instants of the run at which a stock is counted, which its
                                                   sums hold; 0: what adds up over time */
    int n_cells;         int *cell_outcome; char **cell_grouping; char **cell_label;
    int n_interventions; char **interventions;
    int n_parameters;    char **parameters;     /* drawn values; tables: their scale */
    int n_uncertain;                            /* parameters and prices with a distribution; 0: draws differ by
                                                   chance alone, as replicates do */
    /* integers, kept doubled */
    int64_t *cells;      /* [arm][draw][replicate][year][cell] */
    int64_t *batches;    /* [arm][draw][replicate][batch][year][outcome] */
    int64_t *offers, *starts, *ticks_in; /* [arm][draw][replicate][intervention][year] */
    int64_t *offers_by_batch, *starts_by_batch,
        *ticks_in_by_batch; /* [arm][draw][replicate][batch][intervention][year] */
    int64_t *
        founders_by_batch; /* [batch] founding lineages, not doubled; the same in every arm, draw and replicate */
    int n_histograms, n_bins; /* outcomes with a histogram; bins of each, 0 where there is none */
    int *histogram_outcome;                     /* [histogram] */
    int64_t *histograms; /* [arm][draw][replicate][histogram][bin] subjects with so many; the last: or more */
    int64_t *
        touched; /* [arm][draw][replicate][year] lineages that an intervention first reached then: an enrolment
                            began, or a programme for everyone */
    int n_spend_bins;    /* 0: the spend of persons is not kept (money.spend_by_person) */
    double *spend_from;  /* [spend_bin] pounds from which on a person's year is in it; the first: nothing, or less */
    int64_t *spend_people;   /* [arm][draw][replicate][year][spend_bin] persons, there at any time of the year */
    int64_t *spend_pence;    /* [arm][draw][replicate][year][spend_bin] what was spent on them in that year */
    uint64_t *life;      /* [arm][draw][replicate][2] */
    double *parameter_values; /* [draw][parameter] */
    uint8_t *model_digests;   /* [draw][32] */
    uint8_t population_digest[32];
    /* worth of lineages (parallel/valuation.h), discounted and unweighted; n_values is 0 where nothing has a price */
    int n_values;        char **values;         /* valuation names */
    double *value_sum, *value_sum_squares;      /* [arm][draw][replicate][value], in the value's unit */
    double *paired_sum_squares;                 /* [arm][draw][replicate][value]: (baseline - arm)^2 */
    /* whose a saving is, within families (results/sides.h): baseline less arm, discounted and unweighted, in
       2^-16 of a hundredth of the value's unit; n_sides is 0 where it is not kept (report.saving_by) */
    int n_sides;
    char **sides;
    int n_side_units;
    char **side_units;     /* units of which the sum of all values is kept by batch too */
    int64_t *side_amounts; /* [arm][draw][replicate][value][side] */
    int64_t *side_batches; /* [arm][draw][replicate][batch][side_unit][side]: of "all UNIT" */
    int64_t *side_people;  /* [arm][draw][replicate][side] counted persons */
    /* traces of life histories: one row an event */
    int64_t n_trace;
    int32_t *trace_arm, *trace_draw, *trace_replicate;
    uint64_t *trace_lineage, *trace_subject;
    int8_t *trace_kind;  /* 0 person, 1 household, 2 couple */
    double *trace_time;  /* years since the start */
    int32_t *trace_event;
    int n_events;        char **events;         /* names of trace_event */
    /* provenance */
    char *title; char *scenario_path; char *scenario_text; /* files as read, joined with headers */
    char *resolved_text;                        /* the scenario as resolved, in words */
    uint64_t seed; double sample; double weight;
    int64_t n_lineages;                         /* simulated in one run of lives: those of the sample */
    int64_t n_people;                           /* founders of the whole place, in the sample or not */
    char *version, *compiler, *flags, *libraries, *simd, *command;
    char *caution;                              /* "", or what the run's options did to the model */
    char *stopped;                              /* "", or why no more draws were added: "The run " is left out */
    char *arms_run;                             /* as forks, or in full: how; not in the digest */
    char *created;                              /* ISO 8601; not in the digest */
    double seconds; int threads;                /* not in the digest */
    wp_money_data money;                        /* filled by wp_money_resolve; not in the digest */
    void *owner;                                /* of what wp_result_read allocated; else NULL */
} wp_run_data;

#endif
