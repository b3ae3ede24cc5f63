/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compiled model: a checked scenario and one draw of its parameters, as tables over features.

   A *subject* is a person, a household or a couple. Each kind of subject carries the same list of
   *features*: one byte each, everything that a hazard, a condition or a count may look at (own levels,
   age, what the partner or the household is, counts over members, classes of time in a state). A
   *product* is what all else is made of: tables indexed by features, and real multipliers, multiplied
   from left to right. So both passes of the year evaluate the same expression in the same order, and a
   condition is a product of zeros and ones.

   Every table entry is rounded to 24 significant bits (chance/round24.h), so that libm's differences
   between machines do not reach a life. The structure (features, tables' axes, slots, cells) is the
   same for every draw; only tables' values differ. */
#ifndef WP_MODEL_MODEL_H
#define WP_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ticks.h"
#include "chance/quantile_table.h"
#include "scenario/checked.h"

#define WP_N_KINDS 3 /* WP_PERSON, WP_HOUSEHOLD, WP_COUPLE */

/* ---- Features ------------------------------------------------------------------------------- */

typedef enum wp_feature_kind {
    WP_FEATURE_AGE,       /* person: completed years, 0 to WP_MAX_AGE; always a person's feature 0 */
    WP_FEATURE_VARIABLE,  /* person, household: level of variable `source` */
    WP_FEATURE_COPY,      /* feature `source` of the subject `whose`, through `remap`; `none` without it */
    WP_FEATURE_NUMBER_OF, /* household, couple: members in group `source`, at most WP_MAX_COUNT */
    WP_FEATURE_SIZE,      /* household: members, at most WP_MAX_COUNT */
    WP_FEATURE_HOUSEHOLD_KIND,   /* household: wp_household_kind */
    WP_FEATURE_OLDEST_AGE,       /* household: class of the oldest member's completed years */
    WP_FEATURE_YOUNGER_AGE,      /* couple: class of the younger partner's completed years */
    WP_FEATURE_CHILDREN_AT_HOME, /* person: own children in the same household; household: members
                                    who live with their mother or mother's partner */
    WP_FEATURE_HAS_PARTNER,
    WP_FEATURE_PARENT_AT_HOME,
    WP_FEATURE_CHILD_AT_HOME, /* person: 0 or 1 */
    WP_FEATURE_TIME_IN,       /* class of time since variable `source` changed; `timer` slot */
    WP_FEATURE_TIME_SINCE,    /* class of time since event `source`; `none` before the first; `timer` */
    WP_FEATURE_TIME_TOGETHER, /* couple: class; `timer` */
    WP_FEATURE_RUN_TIME,      /* class of time since the start, same for all (dates too) */
    WP_FEATURE_RECENT,        /* events `source` in the last `window`, at most WP_MAX_RECENT; `timer` */
    WP_FEATURE_EFFECT,        /* person, household: how far effect shape `source` acts; index into
                                    its weights; `timer`. 0: not at all */
    WP_FEATURE_INDICATOR      /* class of indicator `source` (of own level of its `by`) */
} wp_feature_kind;

typedef struct wp_feature {
    wp_feature_kind kind;
    wp_whose whose;            /* WP_SELF; COPY: of whom */
    int source;                /* see the kind; COPY: feature index in the list of that kind of subject */
    int n_classes;             /* values are 0 … n_classes - 1, `none` included */
    int none;                  /* class of "there is none", or -1 */
    int n_edges;               /* class = number of edges <= value; */
    const int64_t *edges;      /*   ticks, or completed years for ages */
    const uint8_t *remap;      /* COPY: value of the source -> class; NULL: as it is */
    wp_tick window;            /* RECENT */
    int timer;                 /* slot in wp_kind.n_timers, or -1 */
} wp_feature;

/* ---- Tables and products --------------------------------------------------------------------- */

enum { WP_MAX_AXES = 8, WP_MAX_TABLE = 1 << 18, WP_MERGE_LIMIT = 1 << 13 };

typedef struct wp_table_axis { uint16_t feature; uint32_t stride; } wp_table_axis;

typedef struct wp_table {
    int n_axes;
    wp_table_axis axes[WP_MAX_AXES];
    uint32_t n;
    float *values;             /* [n] */
    int32_t age_stride;        /* stride of a person's own AGE axis (feature 0); 0 if there is none */
} wp_table;

/* Sets ages[age] to 1 where some entry of a person's table differs from that of a year before. */
void wp_table_mark_ages(const wp_table *table, uint8_t ages[WP_MAX_AGE + 1]);

/* value = 1 x tables[0] x … x reals[0] x …, in double, from left to right. */
typedef struct wp_product {
    int n_tables;
    wp_table *tables;
    int n_reals;
    const uint16_t *reals;     /* real slots of the subject's kind */
} wp_product;

/* Where a count falls: cell = values[index], -1: nowhere. */
typedef struct wp_cellmap {
    int n_axes;
    wp_table_axis axes[WP_MAX_AXES];
    uint32_t n;
    const int16_t *values;
    int first_cell;            /* added to the value: column in the counts */
} wp_cellmap;

/* ---- Effects ----------------------------------------------------------------------------------- */

typedef struct wp_action {
    const wp_effect *effect;   /* what to do, as the scenario says */
    const wp_product *when;    /* NULL: always; of the subject it is done to */
    int n_body, n_otherwise;
    const struct wp_action *body, *otherwise;
} wp_action;

typedef struct wp_actions { int n; const wp_action *list; } wp_actions;

/* ---- Processes ----------------------------------------------------------------------------------- */

typedef enum wp_smooth { WP_SMOOTH_NONE, WP_SMOOTH_WEIBULL, WP_SMOOTH_GOMPERTZ } wp_smooth;

/* A hazard that varies smoothly: cumulative hazard G(u) of its own clock u (years), times the product.
   Weibull: G = rate u^shape. Gompertz: G = rate (e^{growth u} - 1) / growth. */
typedef struct wp_smooth_hazard {
    wp_smooth kind;
    double shape, rate, growth;
    wp_look clock;             /* AGE, TIME_IN, TIME_SINCE, TIME_SINCE_START … */
    bool clock_is_when;        /* … or since the process's `when` last became true */
    int since;                 /* clock_is_when: since slot of the subject's kind that holds it;
                                  WP_TICK_NEVER while `when` is false */
} wp_smooth_hazard;

typedef struct wp_answer {     /* one option of a choice */
    const wp_option *option;
    int event;
    bool is_otherwise;
    wp_product base;           /* probability (or weight) */
    bool base_is_smooth;       /* base x = 1 - exp(-hazard over the period just past) of: */
    wp_smooth_hazard smooth; double smooth_over;
    bool has_odds, has_hazard, has_probability;
    wp_product odds, hazard, probability; /* products of the factors on each scale */
    wp_actions then;
    int set_level;             /* levels_of: the level, or -1 */
} wp_answer;

typedef struct wp_process_model {
    const wp_process *process;
    int index;                 /* in the scenario's list (order of name) */
    wp_subject_kind of;
    int event;
    uint32_t purpose_clock, purpose_choose, purpose_delay; /* chance/key.h; ties break by purpose_clock */
    int clock;                 /* HAZARD: clock slot of its kind, or -1 */
    int timer;                 /* DELAY, and SCHEDULE by age: timer slot of its kind, or -1 */
    wp_product when;           /* zeros and ones (n_tables 0: always) */
    wp_product rate;           /* HAZARD: per year, `when` included */
    wp_smooth_hazard smooth;   /* HAZARD: kind NONE for piecewise constant */
    wp_product delay_scale;    /* DELAY: years, times the standard quantile */
    const wp_quantile_table *delay_table;
    wp_product delay_factor;   /* DELAY: rescales what remains */
    int spell_variable;        /* DELAY: the state in equilibrium whose levels it ends, or -1 */
    int n_answers;             /* `otherwise` last, the others in order of name */
    const wp_answer *answers;
    wp_actions then;
} wp_process_model;

/* ---- Interventions ------------------------------------------------------------------------------- */

/* How the effect of a change grows and fades: class 0 none; classes 1 … n_build while in (the last one
   full); then n_fade classes after the end. weights[class] w: a ratio r acts as 1 + (r - 1) w. */
typedef struct wp_effect_shape {
    int intervention;
    int n_build, n_fade;
    bool stays;                /* full weight also after the end */
    wp_tick month;             /* 2^32 / 12 */
    const double *weights;     /* [1 + n_build + n_fade] */
} wp_effect_shape;

typedef struct wp_intervention_model {
    const wp_intervention *intervention;
    uint32_t purpose_uptake, purpose_reach, purpose_lasts, purpose_priority, purpose_gives_up;
    int status_variable;
    wp_tick starts, ends;
    int n_offers;
    const wp_product *offer_when;      /* [n_offers] */
    const int *offer_timer;            /* [n_offers] slot for offers at an age, or -1 */
    const double *reach;               /* [n_offers] */
    wp_product uptake;
    wp_product stops_when;             /* n_tables 0 and !has_stops: never */
    bool has_stops;
    wp_product lasts_scale;            /* years */
    const wp_quantile_table *lasts_table; /* NULL: for ever */
    wp_tick lasts_fixed;               /* exact ticks of a fixed stay, else -1 */
    wp_product gives_up_scale; const wp_quantile_table *gives_up_table;
    int timer_end, timer_gives_up;     /* slots of its kind */
    int since_ended; /* since slot: a tick after the last stay's end, 0 without one; -1 where
                                          it is never offered again */
    wp_actions at_start, at_end;
    double capacity;                   /* places, or starts per year; NAN without */
    int n_order; const wp_product *order_when; /* per queue order CONDITION */
    const int *order_feature;          /* [n_order] per queue order LEVEL: the feature, else -1 */
} wp_intervention_model;

typedef struct wp_pool_model {
    const wp_pool *pool;
    uint32_t purpose_priority;
    int n_stocks;                      /* levels of `by`, else 1 */
    const double *places;              /* [n_stocks] a stock, or per year */
    wp_subject_kind of;                /* who asks */
    int n_order; const wp_product *order_when;
    const int *order_feature;          /* [n_order] as an intervention's */
} wp_pool_model;

typedef struct wp_indicator_model {
    const wp_indicator *indicator;
    wp_product share, among;           /* of a person */
    int by_feature, n_by;              /* person's feature of the level, or -1 */
} wp_indicator_model;

/* ---- Entry ------------------------------------------------------------------------------------------ */

/* The level of one variable for one who enters: a row of cumulative shares chosen by features. */
typedef struct wp_entry_model {
    wp_entry_kind kind;
    int item;                          /* SAME_AS_MOTHER */
    int n_axes;
    wp_table_axis axes[WP_MAX_AXES];   /* stride in rows */
    uint32_t n_rows;
    int n_levels;
    const double *cumulative;          /* [rows][n_levels]; a row of zeros where no shares are given */
    int at_least_feature;              /* -1, or */
} wp_entry_model;

typedef struct wp_variable_model {
    const wp_variable *variable;
    int feature;                       /* in its kind's list */
    uint32_t purpose;                  /* entry.<name> */
    int rank;                          /* order in which variables of a kind are drawn */
    wp_entry_model at_start, at_birth, at_arrival, at_new_household;
    int since;                         /* slot: tick at which the level began, or -1 if nobody asks */
    wp_time_at_start time_at_start;
    const wp_quantile_table *time_table; double time_scale; /* DISTRIBUTION */
    const wp_quantile_table **spell_tables; /* EQUILIBRIUM: [n_levels] of the age of a spell that ends by a
                                               delay or smoothly, standard; else NULL */
} wp_variable_model;

typedef struct wp_real_model {
    int multiplier;                    /* index in the scenario */
    wp_whose whose;                    /* SELF; a person or couple may carry its household's */
    uint32_t purpose;
    const wp_quantile_table *table;    /* mean 1; NULL: fixed */
    double scale;
    bool fresh_at_new_household;
} wp_real_model;

/* ---- One kind of subject ------------------------------------------------------------------------------ */

/* What depends on a feature: bit sets over the kind's clocks, delays and outcomes of person-time; outcomes
   from number WP_LAST_TALLY - 1 on share that bit, and WP_LAST_TALLY is for what the run itself counts. */
enum { WP_MAX_SLOTS = 128, WP_LAST_TALLY = WP_MAX_SLOTS - 1 }; /* clocks, and delays, of one kind */
typedef struct wp_bits { uint64_t word[2]; } wp_bits;

static inline bool wp_has_bit(const wp_bits *bits, int k)
{
    return (bits->word[k / 64] >> (k % 64) & 1) != 0;
}

static inline void wp_add_bit(wp_bits *bits, int k)
{
    bits->word[k / 64] |= (uint64_t)1 << (k % 64);
}

static inline bool wp_has_bits(const wp_bits *bits)
{
    return (bits->word[0] | bits->word[1]) != 0;
}

/* Goes through the bits of `bits`, a copy that it empties: for (int k; (k = wp_take_bit(&bits)) >= 0;). */
static inline int wp_take_bit(wp_bits *bits)
{
    for (int w = 0; w < 2; w++) {
        if (bits->word[w] != 0) {
            const int k = __builtin_ctzll(bits->word[w]);
            bits->word[w] &= bits->word[w] - 1;
            return 64 * w + k;
        }
    }
    return -1;
}

typedef struct wp_dependents {
    wp_bits clocks;                    /* clock slots whose rate reads the feature */
    wp_bits delays;                    /* delay processes (by `delays` index) that read it */
    wp_bits tallies;                   /* person-time outcomes that read it, in the order of the kind's own */
    bool groups;                       /* some group reads it (so counts over members may change) */
    bool copies;                       /* some other subject's feature copies it */
    bool stops;                        /* some intervention's stops_when reads it */
} wp_dependents;

typedef struct wp_kind {
    int n_features; const wp_feature *features;
    const wp_dependents *dependents;   /* [n_features] */
    int n_clocks; const int *clocks;   /* [n_clocks] process of each clock slot, in order of name */
    int n_delays; const int *delays;   /* processes of kind DELAY, in order of name */
    int n_timers;                      /* slots for ticks: delays, ages, time features, interventions */
    int n_since;                       /* slots for ticks at which levels, events, couples began; a
                                          couple's slot 0, always there, is when it formed */
    int n_reals; const wp_real_model *reals;
    int n_recents; const int *recents; /* features of kind RECENT (each keeps WP_MAX_RECENT ticks) */
    int *since_event;                  /* [scenario n_events] since slot of the event, or -1 */
} wp_kind;

/* ---- Outcomes -------------------------------------------------------------------------------------------- */

typedef struct wp_outcome_model {
    const wp_outcome *outcome;
    bool has_when;
    wp_product when;                   /* zeros and ones, of the subject */
    int n_maps;                        /* map 0 is the total (no axes, one cell) */
    const wp_cellmap *maps;
    int headline_cell;                 /* cell of the total, for batches */
} wp_outcome_model;

/* What a cell of the counts is, for the result file. */
typedef struct wp_cell {
    int outcome;
    const char *grouping;              /* "all", "group", "by household.deprivation", "by age", "by level" */
    const char *label;                 /* "all", "over_85", "most", "65-84" */
} wp_cell;

/* A process that hangs on event e or on entering a level. */
typedef struct wp_hook {
    int event;
    int variable;
    uint64_t levels;
    int process;
    int intervention, offer;
} wp_hook;

typedef struct wp_average {            /* keep_average_by: filled once from the founders */
    wp_product factor;                 /* whose mean is taken */
    int n_axes; wp_table_axis axes[WP_MAX_AXES];
    uint32_t n;
    wp_table *target;                  /* holds 1/mean; 1 where no founder is */
    int process;
} wp_average;

typedef struct wp_model {
    wp_arena arena;
    const wp_scenario *scenario;       /* borrowed: outlives the model */
    uint32_t draw;
    const double *parameter_values;    /* [n_parameters] number, or the scale of a table (1 undrawn) */
    wp_kind kinds[WP_N_KINDS];
    int n_variables; const wp_variable_model *variables;   /* as the scenario's */
    int n_processes; const wp_process_model *processes;    /* as the scenario's */
    int n_groups; const wp_product *groups;                /* of a person */
    int n_shapes; const wp_effect_shape *shapes;
    int n_interventions; const wp_intervention_model *interventions;
    int n_pools; const wp_pool_model *pools;
    int n_indicators; const wp_indicator_model *indicators;
    int n_arrivals; const double *arrival_rates;           /* per year */
    const wp_product *arrival_founders;                    /* [n_arrivals], of a household: who is copied */
    int n_outcomes; const wp_outcome_model *outcomes;
    int n_cells; const wp_cell *cells;
    int n_hooks; const wp_hook *hooks;                     /* in order of process name */
    int n_averages; wp_average *averages;
    uint8_t age_edge[WP_MAX_AGE + 2];  /* 1: reaching this age can change a counted group, a copy or a
                                          class of another subject, end a stay, or start a delay or a
                                          smooth hazard's own clock */
    int n_run_edges; const wp_tick *run_edges;             /* instants at which RUN_TIME features change */
    int sex_variable;                  /* person variable named `sex` with two levels, or -1 */
    int female_level;                  /* its level `female`, or 0 */
    wp_tick end;                       /* n_years in ticks */
    wp_tick epoch;                     /* a year, or the shortest settlement of a pool or indicator */
    uint8_t digest[32];                /* SHA-256 of all tables and structure */
    int n_quantiles; wp_quantile_table *quantiles; /* owned; others point into it */
} wp_model;

/* Compiles `scenario` with the parameters of `draw` (0-based) under `seed`; with one draw parameters
   take their values and are not drawn. `averages` still hold 1: fill them with wp_model_average. The
   scenario is borrowed. Free with wp_model_free also after a failure. */
wp_status wp_model_init(wp_model *model, const wp_scenario *scenario, uint64_t seed, uint32_t draw,
                        wp_error *err);
void wp_model_free(wp_model *model);

/* Index of a product's table for a subject whose feature bytes are at x[feature * stride]. */
static inline uint32_t wp_axes_index(int n_axes, const wp_table_axis *axes, const uint8_t *x, size_t stride)
{
    uint32_t index = 0;
    for (int a = 0; a < n_axes; a++) {
        index += axes[a].stride * x[axes[a].feature * stride];
    }
    return index;
}

#endif
