/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a run: what the simulation looks up all the time, worked out once from a model: who hears
   which event, what each timer slot is for, and the instants that everyone shares. */
#ifndef WP_SIMULATE_PLAN_H
#define WP_SIMULATE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"
#include "simulate/cellsets.h"

typedef enum wp_timer_role {
    WP_TIMER_FEATURE,   /* item: feature whose class changes */
    WP_TIMER_DELAY,     /* item: delay slot that ends */
    WP_TIMER_SCHEDULE,  /* item: process due at an age */
    WP_TIMER_OFFER,     /* item: intervention, second: offer due at an age */
    WP_TIMER_END,       /* item: intervention whose stay ends */
    WP_TIMER_GIVES_UP   /* item: intervention whose queue is left */
} wp_timer_role;

typedef struct wp_timer_plan {
    wp_timer_role role;
    int item, second;
} wp_timer_plan;

/* What the passes look up of a clock, side by side. */
typedef struct wp_clock_plan {
    const wp_product *rate;            /* hazard per year */
    const wp_smooth_hazard *smooth;    /* NULL: piecewise constant */
    uint32_t purpose;                  /* breaks ties */
    int process;                       /* index in the model's list */
} wp_clock_plan;

/* A list of indices. */
typedef struct wp_list {
    int n;
    const int *items;
} wp_list;

typedef struct wp_kind_plan {
    const wp_timer_plan *timers;       /* [n_timers] */
    const wp_dependents *dependents;   /* [n_features]: the model's, and what the run itself needs */
    int n_processes;                   /* processes of this kind, each with an occurrence column */
    const wp_clock_plan *clocks;       /* [n_clocks] */
    wp_bits all_clocks, all_delays;
    wp_list time_outcomes;             /* outcomes of person-time of this kind */
    wp_bits all_tallies;               /* theirs, and the run's own (wp_dependents.tallies) */
    const wp_bits *age_tallies;        /* [WP_MAX_AGE + 1] persons: tallies that reaching this age changes */
    const int *time_in;                /* [n_variables] TIME_IN feature of a variable, or -1 */
    wp_list run_time;                  /* RUN_TIME features */
    wp_list of_links;                  /* features worked out from who lives with whom */
    wp_list of_groups;                 /* features worked out from what members are, and the place's rates */
    wp_list copies;                    /* COPY features */
    wp_bits clocks_of_when;            /* smooth, and counting from when their `when` became true */
    bool has_smooth;                   /* some clock's hazard varies smoothly */
    int n_once;                        /* outcomes that count a subject of this kind once */
    wp_list histograms;                /* outcomes with a histogram over subjects of this kind */
} wp_kind_plan;

/* What happens to everyone at one instant. */
typedef enum wp_global_role {
    WP_GLOBAL_RUN_TIME,   /* classes of date or time since the start */
    WP_GLOBAL_SCHEDULE,   /* item: process that is due for all */
    WP_GLOBAL_OFFER,      /* item: intervention, second: offer */
    WP_GLOBAL_PROGRAMME,  /* item: intervention that starts, steps or ends (offer: everyone) */
    WP_GLOBAL_SNAPSHOT    /* item: outcome */
} wp_global_role;

typedef struct wp_global {
    wp_tick tick;
    wp_global_role role;
    int item, second;
} wp_global;

typedef struct wp_plan {
    wp_arena arena;
    const wp_model *model;             /* borrowed */
    wp_kind_plan kinds[WP_N_KINDS];
    const int *process_slot;           /* [n_processes] occurrence column in its kind */
    const int *delay_slot;             /* [n_processes] index in its kind's delays, or -1 */
    const wp_list *event_outcomes;     /* [n_events] outcomes that count the event */
    const wp_list *event_hooks;        /* [n_events] hooks */
    bool keeps_spend;                  /* of each person in each year */
    int n_personal;      /* unit values of which each person's worth is kept (report.saving_by) */
    const int *personal; /* NULL, or [n_unit_values] which of them it is, or -1 */
    bool follows_the_gone;             /* some person's process hangs on an event that ends the person */
    const wp_list *event_recents[WP_N_KINDS]; /* [n_events] `recents` indices of that kind */
    const wp_list *event_since[WP_N_KINDS];   /* [n_events] TIME_SINCE features of that kind */
    const wp_list *enter_outcomes;     /* [n_variables] */
    const wp_list *enter_hooks;        /* [n_variables] */
    const wp_cellsets *cellsets;       /* [n_outcomes] where each counts */
    const int *once_slot;              /* [n_outcomes] column of `once_per` in its kind, or -1 */
    const int *tally_slot; /* [n_outcomes] column of its histogram in the histogram's kind, or -1 */
    wp_list histograms;                /* outcomes with a histogram */
    const int *histogram_row;          /* [n_outcomes] row of the counts' histograms, or -1 */
    const uint64_t *event_hash;        /* [n_events] of the event's name, for life digests */
    const int *shape_feature;          /* [n_shapes] EFFECT feature in its kind */
    wp_list by_rank[WP_N_KINDS];       /* variables in the order in which entries are drawn */
    int n_globals;
    const wp_global *globals;          /* in order of tick, role, item */
    int max_clocks, max_tallies;       /* of any kind */
    uint32_t purpose_partner_sex, purpose_partner_age, purpose_companion, purpose_child, purpose_leaver,
        purpose_new_household, purpose_birthday, purpose_arrival_time, purpose_arrival_like,
        purpose_arrival, purpose_union, purpose_batch;
} wp_plan;

/* The model is borrowed and must outlive the plan. */
wp_status wp_plan_init(wp_plan *plan, const wp_model *model, wp_error *err);
void wp_plan_free(wp_plan *plan);

/* Whole months of one step. */
static inline int64_t wp_step_months(const wp_effect_shape *shape)
{
    return (shape->month * 12 + WP_TICKS_PER_YEAR / 2) / WP_TICKS_PER_YEAR;
}

/* The instant at which step `k` of an effect that began at `from` ends: twelfths of a year, exact at whole
   years and half years. */
static inline wp_tick wp_step_end(const wp_effect_shape *shape, wp_tick from, int64_t k)
{
    return from + (k * wp_step_months(shape) * WP_TICKS_PER_YEAR + 11) / 12;
}

/* Steps of an effect that began at `from` and have ended at `now`. */
static inline int64_t wp_steps_ended(const wp_effect_shape *shape, wp_tick from, wp_tick now)
{
    return (now - from) * 12 / (wp_step_months(shape) * WP_TICKS_PER_YEAR);
}

/* Whose numbers an outcome's histogram is over. */
wp_subject_kind wp_histogram_kind(const wp_outcome *outcome);

/* Fills the plan's `globals` (globals.c). */
wp_status wp_plan_globals(wp_plan *plan, wp_error *err);
/* First entry of `globals` with tick >= t. */
int wp_plan_globals_from(const wp_plan *plan, wp_tick t);

#endif
