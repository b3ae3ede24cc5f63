/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checked scenario: what the reader makes of YAML files, with every name resolved to an index,
   every unit converted, and every value inside its range. Model, population, results and money read
   it; nobody but the reader writes it. All memory belongs to the scenario's arena.

   Units after reading: rates per year; durations in years (a day is 1/365.25, a month 1/12); shares
   and percentages as numbers from 0 to 1; money in pounds; dates as years since `clock.start`
   (calendar days / 365.25). Indices are -1 where there is none. Arrays are in order of name unless
   it says otherwise: order in a file never means anything. Levels are in the order of the file. */
#ifndef WP_SCENARIO_CHECKED_H
#define WP_SCENARIO_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

#include <wholeplace/scenario.h>

#include "base/arena.h"

typedef struct wp_pos { /* where something stands, for messages: file index, then 1-based */
    int32_t file, line, column;
} wp_pos;

enum {
    WP_MAX_LEVELS = 64,    /* of one attribute or state */
    WP_MAX_AGE = 120,      /* completed years; older people are in the last year */
    WP_MAX_COUNT = 15,     /* counts of members saturate here */
    WP_MAX_RECENT = 7      /* events in last 12 months saturate here */
};

typedef enum wp_subject_kind { WP_PERSON, WP_HOUSEHOLD, WP_COUPLE, WP_PLACE, WP_N_SUBJECT_KINDS } wp_subject_kind;

/* ---- Looking at something ------------------------------------------------------------------ */

/* Of a household, OWN_HOUSEHOLD is the same as SELF (a parameter's table is shared by all who use it). */
typedef enum wp_whose { WP_SELF, WP_PARTNER, WP_MOTHER, WP_OWN_HOUSEHOLD, WP_OWN_COUPLE } wp_whose;

/* Built-in levels of household.kind, in this order. */
typedef enum wp_household_kind {
    WP_KIND_SINGLE, WP_KIND_COUPLE, WP_KIND_COUPLE_AND_CHILDREN, WP_KIND_LONE_PARENT, WP_KIND_OTHER,
    WP_KIND_INSTITUTION, WP_N_HOUSEHOLD_KINDS
} wp_household_kind;

typedef enum wp_look_kind {
    WP_LOOK_VARIABLE,      /* item: variable (attribute, state, or an intervention's status) */
    WP_LOOK_MULTIPLIER,    /* item: multiplier; a real number, only as a factor */
    WP_LOOK_AGE,           /* completed years */
    WP_LOOK_DATE,          /* years since clock.start */
    WP_LOOK_TIME_IN,       /* item: variable; years in its present level */
    WP_LOOK_TIME_SINCE,    /* item: event; years; meets no band before the first such event */
    WP_LOOK_TIME_SINCE_START, /* years */
    WP_LOOK_TIME_TOGETHER, /* years as a couple */
    WP_LOOK_RECENT,        /* item: event; number in the last `window` years, 0 to WP_MAX_RECENT */
    WP_LOOK_NUMBER_OF,     /* item: group; members of the household or couple who are in it */
    WP_LOOK_SIZE, WP_LOOK_KIND, WP_LOOK_OLDEST_AGE, WP_LOOK_YOUNGER_AGE, WP_LOOK_CHILDREN_AT_HOME,
    WP_LOOK_HAS_PARTNER, WP_LOOK_PARENT_AT_HOME, WP_LOOK_CHILD_AT_HOME, /* levels 0 no, 1 yes */
    WP_LOOK_INDICATOR,     /* item: indicator; a share */
    WP_LOOK_OPTION         /* the answer of a `levels_of` choice, in a table of weights */
} wp_look_kind;

typedef struct wp_look {
    wp_look_kind kind;
    wp_whose whose;
    int item;
    double window; /* years, of WP_LOOK_RECENT */
} wp_look;

/* Is what is looked at a level (an index), or a number that bands divide? */
bool wp_look_is_level(const wp_look *look);

/* One band [lo, hi): ages and counts as whole numbers (0-4 is [0, 5)), durations in years, shares.
   hi = INFINITY when open. */
typedef struct wp_band { double lo, hi; } wp_band;

/* ---- Conditions ---------------------------------------------------------------------------- */

typedef enum wp_condition_kind {
    WP_CONDITION_ALWAYS, WP_CONDITION_ALL, WP_CONDITION_ANY, WP_CONDITION_NOT, WP_CONDITION_TEST,
    WP_CONDITION_GROUP     /* item: group */
} wp_condition_kind;

typedef struct wp_condition {
    wp_condition_kind kind;
    int group;
    int n_parts;                        /* ALL, ANY: parts; NOT: one part */
    struct wp_condition *const *parts;
    wp_look look;                       /* TEST: */
    uint64_t levels;                    /*   bit l: level l meets it (looks at levels) */
    int n_bands;                        /*   or any of these bands holds the number */
    const wp_band *bands;
    wp_pos pos;
} wp_condition;

/* ---- Quantities ---------------------------------------------------------------------------- */

typedef enum wp_quantity_kind {
    WP_QUANTITY_NUMBER,        /* value */
    WP_QUANTITY_PARAMETER,     /* parameter; its whole table where it has one */
    WP_QUANTITY_CELL,          /* parameter and cell: one answer of `counts`, or one cell of a table */
    WP_QUANTITY_TABLE,         /* table */
    WP_QUANTITY_MULTIPLIER,    /* look (a multiplier) */
    WP_QUANTITY_RATE_OF_PROBABILITY, /* a: probability over `over` years -> rate; competing hazards */
    WP_QUANTITY_PROBABILITY_OF_RATE, /* a: rate (may be smooth) -> probability over `over` years */
    WP_QUANTITY_RATIO_OF_ODDS,       /* a: odds ratio, b: baseline probability over `over` -> hazard ratio */
    WP_QUANTITY_WEIBULL,       /* a: shape; b: scale in years, or `by_rate` and b: rate of t^shape */
    WP_QUANTITY_GOMPERTZ       /* a: rate at zero, b: growth per year */
} wp_quantity_kind;

/* A look-up: one axis for each `by`; on an axis a level, or a band. `index` of a cell is row-major in
   the axes' order. Cells are quantities' numbers, or parameters by name (cell_parameter >= 0). */
typedef struct wp_axis {
    wp_look look;
    int n_bands;               /* bands of this axis; for levels the number of levels */
    const wp_band *bands;      /* NULL for levels */
} wp_axis;

typedef struct wp_grid {
    int n_axes;
    const wp_axis *axes;
    int n_cells;
    const double *values;           /* NAN where a cell is not given and `otherwise` is absent */
    const int *cell_parameter;      /* NULL, or per cell: parameter that gives it, else -1 */
    bool has_otherwise;
    double otherwise;               /* outside every band */
} wp_grid;

typedef struct wp_quantity {
    wp_quantity_kind kind;
    double value;
    int parameter, cell;
    const wp_grid *grid;
    wp_look look;                       /* MULTIPLIER: what; WEIBULL, GOMPERTZ: the clock (AGE,
                                           TIME_IN, TIME_SINCE, TIME_SINCE_START, or none) */
    bool clock_is_when;                 /* smooth: since `when` last became true */
    bool by_rate;
    double over;                        /* years */
    const struct wp_quantity *a, *b;
    int n_competing;                    /* RATE_OF_PROBABILITY: the processes named (all of them
                                           given as probabilities over the same period) */
    const int *competing;
    wp_pos pos;
} wp_quantity;

typedef enum wp_scale { WP_SCALE_HAZARD, WP_SCALE_ODDS, WP_SCALE_PROBABILITY, WP_SCALE_DELAY } wp_scale;

typedef struct wp_factor {
    wp_scale scale;
    wp_quantity value;
    const wp_condition *when;           /* NULL: always */
    int n_keep_average_by;              /* keep_average_by: divide by its mean among founders of each … */
    const wp_look *keep_average_by;     /* … combination of these */
    const char *name;                   /* what orders factors: "process/file-independent text" */
    int intervention;                   /* -1, or: holds for those who are in it */
    int change;                         /* index into that intervention's changes */
    wp_pos pos;
} wp_factor;

/* ---- Parameters ---------------------------------------------------------------------------- */

typedef enum wp_distribution_kind {
    WP_DISTRIBUTION_NONE, WP_DISTRIBUTION_NORMAL, WP_DISTRIBUTION_LOGNORMAL, WP_DISTRIBUTION_GAMMA,
    WP_DISTRIBUTION_BETA, WP_DISTRIBUTION_UNIFORM, WP_DISTRIBUTION_PERT, WP_DISTRIBUTION_DIRICHLET
} wp_distribution_kind;

typedef struct wp_distribution {
    wp_distribution_kind kind;
    double sd, cv, low, high;           /* NAN where not given */
    double interval_low, interval_high; /* 95 % interval */
    bool value_is_median;
    bool on_contrast;                   /* of a table: each cell to the power of the draw, not times it */
} wp_distribution;

typedef enum wp_unit {
    WP_UNIT_NONE, WP_UNIT_PER_YEAR, WP_UNIT_PROBABILITY, WP_UNIT_PROPORTION, WP_UNIT_HAZARD_RATIO,
    WP_UNIT_ODDS_RATIO, WP_UNIT_RISK_RATIO, WP_UNIT_DURATION /* years inside */, WP_UNIT_PLACES,
    WP_UNIT_WEIGHT, WP_UNIT_GBP, WP_UNIT_OTHER /* QALY, life-year, …: by name */
} wp_unit;

/* A formula in postfix order. */
typedef enum wp_formula_op {
    WP_FORMULA_NUMBER, WP_FORMULA_PARAMETER, WP_FORMULA_ADD, WP_FORMULA_SUBTRACT, WP_FORMULA_MULTIPLY,
    WP_FORMULA_DIVIDE, WP_FORMULA_POWER, WP_FORMULA_NEGATE, WP_FORMULA_EXP, WP_FORMULA_LN,
    WP_FORMULA_MIN, WP_FORMULA_MAX
} wp_formula_op;

typedef struct wp_formula_step { wp_formula_op op; double number; int parameter, cell; } wp_formula_step;

typedef struct wp_parameter {
    const char *name;
    wp_unit unit;
    const char *unit_text;              /* as written: "days", "per year" */
    double unit_scale;                  /* inside = written x this ("days": 1/365.25) */
    double value;                       /* a number; NAN when it is a grid, counts, or formula */
    const wp_grid *grid;                /* or a table */
    int n_counts;                       /* or counts by answer */
    const char *const *count_names;
    const double *counts;
    int n_steps;                        /* or a formula (parameters only earlier in `formula_rank`) */
    const wp_formula_step *steps;
    wp_distribution distribution;
    const char *source;                 /* NULL when not given */
    char grade;                         /* 'A' 'B' 'C', or 0 */
    bool is_replaced;                   /* the file that was read replaces it, whatever those that it uses do */
    wp_pos pos;
} wp_parameter;

/* a and b: parameters, or n_parameters + a unit value. */
typedef struct wp_correlation { int a, b; double rank; } wp_correlation;

/* How draws of the parameters are spread. No file asks for a picked one, which solve/ makes in a copy. */
typedef enum wp_draw_design {
    WP_DESIGN_INDEPENDENT, WP_DESIGN_LATIN_HYPERCUBE, WP_DESIGN_SOBOL, WP_DESIGN_PICKED
} wp_draw_design;

/* One draw of two independent samples of all uncertain numbers, some from the one, the rest from the other. */
typedef struct wp_pick {
    uint32_t row, n_rows;
    const uint8_t *is_other;            /* [n_parameters + n_unit_values]: 1 where it is from the other sample */
} wp_pick;

/* ---- People -------------------------------------------------------------------------------- */

typedef enum wp_variable_kind { WP_ATTRIBUTE, WP_STATE, WP_STATUS /* of an intervention */ } wp_variable_kind;

/* How a level is chosen at entry. */
typedef enum wp_entry_kind {
    WP_ENTRY_NONE,             /* not given: must come from the population, or never happens */
    WP_ENTRY_SHARES,           /* a table of shares: grid whose LAST axis are the levels */
    WP_ENTRY_FROM_POPULATION,
    WP_ENTRY_SAME_AS_MOTHER,   /* item: variable of the mother */
    WP_ENTRY_AS_BEFORE,        /* households: the leaver's old household's level */
    WP_ENTRY_FRESH             /* households: as at_start */
} wp_entry_kind;

typedef struct wp_entry {
    wp_entry_kind kind;
    int item;
    const wp_grid *shares;     /* axes, then one axis of the variable's levels; rows sum to 1 */
    const wp_look *at_least;   /* NULL, or: raise the draw to this count */
    wp_pos pos;
} wp_entry;

typedef enum wp_time_at_start { WP_TIME_ZERO, WP_TIME_EQUILIBRIUM, WP_TIME_DISTRIBUTION } wp_time_at_start;

typedef enum wp_duration_kind {
    WP_DURATION_FIXED, WP_DURATION_EXPONENTIAL, WP_DURATION_GAMMA, WP_DURATION_LOGNORMAL,
    WP_DURATION_WEIBULL, WP_DURATION_EMPIRICAL, WP_DURATION_FOR_EVER
} wp_duration_kind;

/* A delay: mean (years) and coefficient of variation, or Weibull's shape and scale. */
typedef struct wp_duration {
    wp_duration_kind kind;
    wp_quantity mean;          /* FIXED: the duration; WEIBULL: the scale */
    wp_quantity cv;            /* GAMMA, LOGNORMAL: cv; WEIBULL: shape. `gamma_by_shape`: cv = 1/sqrt */
    bool cv_is_shape;
    int n_values;              /* EMPIRICAL: durations in years */
    const double *values;
    wp_pos pos;
} wp_duration;

/* What ends a spell in one level of a state in equilibrium: hazards; one delay; one Weibull hazard of the time in
   the level; nothing. */
typedef enum wp_spell_kind { WP_SPELL_HAZARDS, WP_SPELL_DELAY, WP_SPELL_SMOOTH, WP_SPELL_ENDLESS } wp_spell_kind;

typedef struct wp_exit {
    int process;
    uint64_t answers;          /* bit o: option o leaves the level; all bits: whatever the answer */
} wp_exit;

typedef struct wp_spell { wp_spell_kind kind; int n_exits; const wp_exit *exits; } wp_spell;

typedef struct wp_variable {
    const char *name;
    wp_subject_kind of;        /* WP_PERSON or WP_HOUSEHOLD */
    wp_variable_kind kind;
    int n_levels;
    const char *const *levels;
    wp_entry at_start, at_birth, at_arrival, at_new_household;
    wp_time_at_start time_at_start;
    wp_duration time_distribution;
    const wp_spell *spells;    /* EQUILIBRIUM: [n_levels]; else NULL */
    int intervention;          /* WP_STATUS: which; levels never, waiting, in, past */
    wp_pos pos;
} wp_variable;

typedef enum wp_multiplier_kind { WP_MULTIPLIER_FIXED, WP_MULTIPLIER_GAMMA, WP_MULTIPLIER_LOGNORMAL } wp_multiplier_kind;

typedef struct wp_multiplier {
    const char *name;
    wp_subject_kind of;
    wp_multiplier_kind kind;
    wp_quantity mean, cv;      /* or shape */
    bool cv_is_shape;
    bool fresh_at_new_household; /* else as before */
    wp_pos pos;
} wp_multiplier;

typedef struct wp_group { const char *name; const wp_condition *condition; wp_pos pos; } wp_group;

/* ---- Effects ------------------------------------------------------------------------------- */

typedef enum wp_effect_kind {
    WP_EFFECT_SET, WP_EFFECT_FOR, WP_EFFECT_BIRTH, WP_EFFECT_DIE, WP_EFFECT_MOVE, WP_EFFECT_JOIN,
    WP_EFFECT_SEPARATE, WP_EFFECT_ASK
} wp_effect_kind;

typedef enum wp_set_how {
    WP_SET_LEVEL, WP_SET_NEXT, WP_SET_PREVIOUS, WP_SET_AT_LEAST, WP_SET_AT_MOST, WP_SET_SAME_AS
} wp_set_how;

typedef enum wp_who {
    WP_WHO_SELF, WP_WHO_PARTNER, WP_WHO_MOTHER, WP_WHO_CHILDREN_AT_HOME, WP_WHO_HOUSEHOLD_MEMBERS /* of `group`; -1 everyone */,
    WP_WHO_FAMILY, WP_WHO_HOUSEHOLD
} wp_who;

typedef enum wp_move_to { WP_TO_NEW_HOUSEHOLD, WP_TO_INSTITUTION, WP_TO_OUTSIDE } wp_move_to;
typedef enum wp_children_go { WP_CHILDREN_WITH_MOTHER, WP_CHILDREN_STAY, WP_CHILDREN_GO } wp_children_go;

typedef struct wp_effects { int n; const struct wp_effect *list; } wp_effects; /* in the file's order */

/* A partner to be drawn. Sex is by the variable named `sex` with two levels. */
typedef struct wp_join {
    double share_other_sex;        /* 1 - share of the same sex; 1 where no `sex` is asked */
    bool has_age_gap;
    /* age gap = partner's age minus seeker's, normal: mean and sd in years, by the seeker's sex level */
    double gap_mean[2], gap_sd[2];
    int n_like_me;
    const wp_look *like_me;        /* variables of self or own household that are copied */
} wp_join;

typedef struct wp_effect {
    wp_effect_kind kind;
    const wp_condition *when;      /* NULL: always */
    /* SET */
    wp_whose whose;                /* SELF, PARTNER, OWN_HOUSEHOLD */
    int variable;
    wp_set_how how;
    int level;                     /* LEVEL, AT_LEAST, AT_MOST */
    int same_as;                   /* SAME_AS: variable of the same subject, levels of same name */
    const int *level_map;          /* SAME_AS: level of `same_as` -> level of `variable`, or -1 */
    /* FOR, MOVE */
    wp_who who;
    int group;
    wp_effects body;               /* FOR: effects on each; ASK: when granted */
    wp_effects otherwise;          /* ASK: when refused */
    wp_move_to to;
    int children;                  /* BIRTH: how many */
    wp_join join;
    double leaver_share[2];        /* SEPARATE: share by level of sex who leaves; NAN: either, 0.5 */
    wp_children_go children_go;
    int pool;                      /* ASK */
    int place_level;               /* ASK: level of the pool's `by`, or -1: … */
    int place_same_as;             /*   … the level of this variable of the asker, mapped by level_map */
    int event_granted, event_refused; /* ASK: events PROCESS.granted and PROCESS.refused */
    wp_pos pos;
} wp_effect;

/* ---- Processes ----------------------------------------------------------------------------- */

typedef enum wp_process_kind { WP_PROCESS_HAZARD, WP_PROCESS_DELAY, WP_PROCESS_SCHEDULE, WP_PROCESS_AT_EVENT } wp_process_kind;

/* When a schedule, or an offer, comes. */
typedef enum wp_when_kind { WP_AT_EVERY, WP_AT_AGE, WP_AT_DATE, WP_AT_EVENT, WP_AT_ENTERS } wp_when_kind;

typedef struct wp_occasion {
    wp_when_kind kind;
    double every, from;            /* EVERY: years; `from` is the first time, after clock.start */
    double age;                    /* AGE: exact age in years */
    double date;                   /* DATE: years since clock.start (0 is `start`) */
    int event;                     /* EVENT */
    int variable;                  /* ENTERS: a level of … */
    uint64_t levels;               /*   … in this set */
} wp_occasion;

typedef struct wp_option {
    const char *name;              /* "dies" */
    int event;                     /* event process.option */
    bool is_otherwise;
    wp_quantity probability;       /* or weight, with `levels_of` */
    int n_factors;
    const wp_factor *factors;      /* on odds, hazard, probability; in order of name */
    wp_effects then;
    wp_pos pos;
} wp_option;

typedef struct wp_process {
    const char *name;
    int event;                     /* its own event */
    wp_subject_kind of;
    const wp_condition *when;      /* NULL: always */
    wp_process_kind kind;
    wp_quantity hazard;            /* HAZARD: per year */
    wp_duration delay;             /* DELAY */
    wp_occasion at;                /* SCHEDULE, AT_EVENT */
    int n_factors;
    const wp_factor *factors;      /* on its own scale, those of `changes` and interventions included; in
                                      order of name */
    int n_options;                 /* 0: no choice */
    const wp_option *options;      /* in order of name (`levels_of`: of level); `otherwise` anywhere */
    int levels_of;                 /* variable that a `levels_of` choice sets, or -1 */
    wp_effects then;
    bool has_order; double order;
    bool is_arrival;               /* of the place: a stream of households */
    wp_pos pos;
} wp_process;

/* Events by index. Built-in ones come first, in this order. */
typedef enum wp_builtin_event {
    WP_EVENT_BORN, WP_EVENT_DIED, WP_EVENT_ARRIVED, WP_EVENT_MOVED_OUT, WP_EVENT_MOVED_HOME,
    WP_EVENT_COUPLE_FORMED, WP_EVENT_SEPARATED, WP_EVENT_LEFT_WITHOUT_ADULTS, WP_N_BUILTIN_EVENTS
} wp_builtin_event;

typedef struct wp_event {
    const char *name;              /* "died", "incident", "incident.police", "hub.start" */
    wp_subject_kind of;
    int process, option;           /* or -1 */
    int intervention;              /* or -1 */
    bool ends_person;              /* of a person, who is always gone after it */
} wp_event;

/* ---- Place: arrivals, pools, indicators ------------------------------------------------------ */

typedef struct wp_member_start {   /* a member of a cohort's household */
    const char *label;
    double age;                    /* exact age in years at the start */
    int partner, mother;           /* index in the household, or -1 */
    int n_set;                     /* attributes and states given */
    const int *variables;
    const int *levels;
    wp_pos pos;
} wp_member_start;

typedef struct wp_cohort {
    int64_t n_households;
    int n_members;
    const wp_member_start *members;
    int n_set;                     /* attributes and states of the household */
    const int *variables;
    const int *levels;
} wp_cohort;

typedef struct wp_arrival {
    const char *name;
    wp_quantity hazard;            /* per year, for the whole place */
    bool like_founders;
    const wp_condition *founders;  /* like_founders: of the household; NULL any */
    wp_cohort cohort;              /* else */
    wp_pos pos;
} wp_arrival;

typedef enum wp_order_key { WP_ORDER_LOTTERY, WP_ORDER_LONGEST_WAITING, WP_ORDER_CONDITION, WP_ORDER_LEVEL } wp_order_key;

typedef struct wp_queue_order {
    wp_order_key key;
    const wp_condition *when;      /* CONDITION: those who meet it first */
    wp_look look; int first_level; /* LEVEL: by level, counted cyclically from first_level */
} wp_queue_order;

typedef struct wp_pool {
    const char *name;
    int by;                        /* variable whose levels have separate stocks, or -1 */
    wp_quantity places;            /* a stock, or with `per_year` opened evenly */
    bool per_year;
    double settled;                /* years between borders; 0 at once */
    int n_order; const wp_queue_order *order;
    bool unused_kept; double lapse_after; /* years; INFINITY with kept */
    bool refused_waits;
    int event_granted, event_refused;
    wp_pos pos;
} wp_pool;

typedef struct wp_indicator {
    const char *name;
    const wp_condition *share, *among;
    int by;                        /* variable, or -1 */
    wp_subject_kind by_of;
    double period;                 /* years */
    int n_classes; const wp_band *classes; /* union of the bands in use */
    wp_pos pos;
} wp_indicator;

/* ---- Interventions and arms ------------------------------------------------------------------ */

typedef enum wp_after_end { WP_AFTER_STOPS, WP_AFTER_STAYS, WP_AFTER_HALF_LIFE, WP_AFTER_LINEAR } wp_after_end;

typedef struct wp_change {         /* what an intervention does to one process, option or delay */
    int process, option;           /* option -1: the process itself */
    int n_factors;                 /* (the same factors stand in the process's own list too) */
    const wp_factor *factors;
    wp_after_end after_end;
    double fade;                   /* years: half-life, or length of the linear fade */
    double builds_up;              /* years, 0: at once */
} wp_change;

typedef struct wp_offer {
    wp_occasion at;
    const wp_condition *when;
    wp_quantity reach;             /* 1 where not given */
    wp_pos pos;
} wp_offer;

typedef enum wp_capacity_kind { WP_CAPACITY_NONE, WP_CAPACITY_PLACES, WP_CAPACITY_STARTS_PER_YEAR } wp_capacity_kind;

typedef struct wp_intervention {
    const char *name;
    wp_subject_kind of;            /* person or household */
    int status;                    /* variable */
    double starts, ends;           /* years since clock.start; INFINITY */
    bool everyone;                 /* no enrolment */
    int n_offers; const wp_offer *offers;
    wp_quantity uptake;
    double again_after;            /* years after the end; INFINITY: never */
    wp_capacity_kind capacity;
    wp_quantity capacity_value;
    double capacity_builds_up, settled;
    int n_order; const wp_queue_order *order;
    bool gives_up; wp_duration gives_up_after;
    wp_duration lasts;
    const wp_condition *stops_when;
    wp_effects at_start, at_end;
    int n_changes; const wp_change *changes;
    int event_offer, event_start, event_end, event_refused, event_gave_up;
    wp_pos pos;
} wp_intervention;

enum { WP_MAX_INTERVENTIONS = 32, WP_MAX_ARMS = 64 };

typedef struct wp_arm { const char *name; uint32_t interventions; /* bit i */ } wp_arm; /* [0] is baseline */

/* ---- What is counted, and money -------------------------------------------------------------- */

typedef enum wp_outcome_kind { WP_OUTCOME_EVENTS, WP_OUTCOME_ENTERS, WP_OUTCOME_TIME_IN, WP_OUTCOME_SNAPSHOT } wp_outcome_kind;

typedef struct wp_outcome {
    const char *name;
    wp_outcome_kind kind;
    wp_subject_kind of;
    int n_events; const int *events;
    int variable; uint64_t levels;       /* ENTERS */
    const wp_condition *condition;       /* TIME_IN: the state; all kinds: `when` joined by ALL */
    bool in_days;                        /* TIME_IN: unit days (else years) */
    double every, from;                  /* SNAPSHOT: years; every 0: … */
    int n_at; const double *at;          /*   … at these times */
    int first_year, last_year;           /* 1-based, last INT_MAX */
    int n_by; const wp_look *by;         /* one count a level */
    int once_per;                        /* 0 no, 1 year, 2 run */
    bool histogram; bool histogram_per_household;
    bool headline;                       /* default true */
    wp_pos pos;
} wp_outcome;

typedef enum wp_per { WP_PER_OUTCOME, WP_PER_OFFER, WP_PER_START, WP_PER_YEAR_IN, WP_PER_YEAR, WP_PER_PROGRAMME } wp_per;

typedef struct wp_unit_value {
    const char *name;
    wp_per per;
    int outcome;                         /* PER_OUTCOME */
    int intervention;                    /* else */
    const char *unit;                    /* "GBP", "QALY", "life-year", … */
    wp_quantity amount;                  /* may be by year */
    const char *price_year;              /* NULL; "2012/13" or "2012" */
    int n_paid_by; const int *payers; const double *shares;
    const char *view;                    /* fiscal, economic, social, transfer; NULL */
    const char *value_kind;              /* average, marginal; NULL */
    bool has_cashable; double cashable_share, cashable_after, cashable_steps;
    wp_distribution distribution;
    const char *source; char grade;
    bool is_spend;                       /* added up for each person and year (money.spend_by_person) */
    wp_pos pos;
} wp_unit_value;

typedef struct wp_payer { const char *name, *title, *tier; int part_of; } wp_payer;

typedef enum wp_within_year { WP_WITHIN_START, WP_WITHIN_MIDDLE, WP_WITHIN_END, WP_WITHIN_CONTINUOUS } wp_within_year;

typedef struct wp_discount {
    const char *unit;
    int n_bands; const wp_band *bands; const double *rates; /* per year, by years since `from` */
    double from;                                            /* years since clock.start */
    wp_within_year within_year;
    const char *source;
} wp_discount;

typedef struct wp_money {
    const char *price_year;              /* NULL: no deflating */
    int n_deflator; const char *const *deflator_year; const double *deflator;
    int n_payers; const wp_payer *payers;
    int n_discounts; const wp_discount *discounts;
    double bias_costs_up[3], bias_benefits_down[3]; /* grades A, B, C */
    bool keeps_spend;                    /* some unit value is_spend */
} wp_money;

typedef enum wp_figure_kind {
    WP_FIGURE_OUTCOME, WP_FIGURE_COST_OF, WP_FIGURE_SAVING, WP_FIGURE_SPEND_SHARE
} wp_figure_kind;
typedef enum wp_figure_as {
    WP_AS_TOTAL, WP_AS_TOTAL_PER_YEAR, WP_AS_SHARE, WP_AS_PER_PERSON, WP_AS_MEAN_OF_YEARS, WP_AS_PER_EVENT
} wp_figure_as;
typedef enum wp_figure_part { WP_FIGURE_NET, WP_FIGURE_SERVICES, WP_FIGURE_PROGRAMME } wp_figure_part;

typedef struct wp_figure {
    wp_figure_kind kind;
    int outcome, group, level;
    int n_cost_of; const int *cost_of;            /* unit values */
    int n_interventions; const int *interventions;/* … and whole interventions */
    const char *saving;                           /* view or unit */
    double top;                                   /* SPEND_SHARE: what falls on this share of persons, most first */
    wp_figure_part part; bool cashable;           /* of a saving */
    bool is_by_payer;                             /* only what falls on these: */
    int n_payers; const int *payers;
    int arm, against;
    int first_year, last_year;
    wp_figure_as as; int per_event;
    bool discounted;
    const struct wp_figure *over;                 /* NULL, or what it is divided by */
} wp_figure;

/* `runs.stop_when`: draws, or replicates, are added until a figure is known to `half_width`. */
enum { WP_FEWEST_TO_STOP = 20 /* with fewer, an interval at which one stops holds too rarely */ };
typedef struct wp_stop_spec {
    bool is_given;
    wp_figure figure;
    double half_width; const char *unit_text;
    int at_most;
    bool by_replicates;                           /* else by draws */
} wp_stop_spec;

/* A row of the table of published figures: what was said, whoever models it. */
typedef enum wp_published_role {
    WP_PUBLISHED_FACT, WP_PUBLISHED_CLAIM, WP_PUBLISHED_STRUCTURE, WP_PUBLISHED_INVESTMENT, WP_PUBLISHED_DERIVED,
    WP_N_PUBLISHED_ROLES
} wp_published_role;

typedef struct wp_published {
    const char *id;
    wp_published_role role;
    const char *place, *says, *value, *period;    /* "" where not given */
    const char *source; char grade;               /* NULL, 0 */
    const char *not_modelled;                     /* NULL, or why no scenario can have it */
    wp_pos pos;
} wp_published;

typedef struct wp_target {
    const char *name, *id;                        /* id: all of them, with commas between; NULL */
    int n_ids; const char *const *ids;
    const char *says, *source;                    /* "" where not given */
    char grade;
    bool is_claim;
    wp_figure figure;
    double low, high;                             /* equal for one value; INFINITY: open */
    const char *unit_text; double weight;
    double within;                                /* share of the value within which a fact is reproduced */
    int parameter;                                /* -1, or what would have to be other for a claim to hold … */
    double from, to;                              /* … searched between these, in its own unit */
    wp_pos pos;
} wp_target;

/* What brings an outcome of the baseline to totals that are known from elsewhere. */
typedef struct wp_alignment {
    int parameter;                                /* a ratio by year of the run */
    int outcome;                                  /* counts events */
    double *totals;                               /* [n_years] events of the whole place; NAN: not known */
    const char *source; char grade;
    wp_pos pos;
} wp_alignment;

/* ---- Population ------------------------------------------------------------------------------ */

typedef enum wp_population_kind { WP_POPULATION_COHORT, WP_POPULATION_SYNTHETIC, WP_POPULATION_FILE } wp_population_kind;

typedef struct wp_margin {
    wp_subject_kind of;                  /* person or household */
    bool as_shares;
    const wp_grid *grid;                 /* numbers of people or households, or shares */
    wp_pos pos;
} wp_margin;

typedef struct wp_population_spec {
    wp_population_kind kind;
    wp_cohort cohort;
    double people, households;           /* SYNTHETIC: totals; NAN where not given */
    int n_margins; const wp_margin *margins;
    const char *persons_path, *households_path;   /* FILE: resolved paths */
    const char *source; char grade;
    wp_pos pos;
} wp_population_spec;

/* ---- The whole ------------------------------------------------------------------------------- */

typedef struct wp_report_spec {
    int n_outcomes; const int *outcomes;          /* empty: all */
    int n_groups; const int *groups;
    int n_by; const wp_look *by;
    int n_ages; const wp_band *ages;
    int n_saving_by; const char *const *saving_by;
    bool saving_by_household; /* one of them: what persons are worth is kept, each by itself */
} wp_report_spec;

typedef struct wp_source_file { const char *path; const char *text; int64_t size; } wp_source_file;

struct wp_scenario {
    wp_arena arena;
    const char *title, *about;
    int n_files; const wp_source_file *files;     /* as read, for provenance and messages */
    const char *start_date; double start_calendar_year; /* 2011-04-01; 2011.2464 */
    int n_years;
    uint64_t seed; int n_draws, n_replicates; double sample;
    struct { int draws, replicates; double sample; } validate; /* how it is run to be compared; 0: not said */
    wp_draw_design draw_design;
    wp_pick pick;                                 /* PICKED only */
    wp_stop_spec stop;
    int n_correlations; const wp_correlation *correlations;
    const char *place_title;
    wp_population_spec population;
    int n_variables; const wp_variable *variables;        /* persons' first, then households' */
    int n_multipliers; const wp_multiplier *multipliers;
    int n_groups; const wp_group *groups;
    int n_parameters; const wp_parameter *parameters;
    int n_formula_rank; const int *formula_rank;          /* formulas in an order that works */
    int n_events; const wp_event *events;
    int n_processes; const wp_process *processes;
    int n_arrivals; const wp_arrival *arrivals;
    int n_pools; const wp_pool *pools;
    int n_indicators; const wp_indicator *indicators;
    int n_interventions; const wp_intervention *interventions;
    int n_arms; const wp_arm *arms;                       /* baseline first, then by name */
    int n_outcomes; const wp_outcome *outcomes;
    int n_unit_values; const wp_unit_value *unit_values;
    wp_money money;
    int n_published; const wp_published *published;       /* in order of id */
    int n_targets; const wp_target *targets;
    int n_alignments; const wp_alignment *alignments;     /* in order of parameter */
    wp_report_spec report;
};

#endif
