/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference's people, households and couples: plain structs, one list of each. */
#ifndef WP_TESTS_REFERENCE_WORLD_H
#define WP_TESTS_REFERENCE_WORLD_H

#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

#include "base/ticks.h"
#include "population/population.h"
#include "reference/reference.h"

enum { NEVER_LEVEL = 0, WAITING_LEVEL = 1, IN_LEVEL = 2, PAST_LEVEL = 3 }; /* of an intervention's status */

typedef struct subject { wp_subject_kind kind; int i; } subject;

typedef struct history { int n, capacity; struct { int event; wp_tick at; } *list; } history;

/* What one subject knows of one process. */
typedef struct clock_state {
    bool on;                  /* `when` held at the last look */
    wp_tick on_since;
    wp_tick due;              /* DELAY: WP_TICK_NEVER when not running */
    double factor;            /* DELAY: the factors in force */
} clock_state;

/* What one subject knows of one intervention. */
typedef struct stay {
    double willing;           /* fixed for the subject */
    wp_tick asked, started, ended, due, gives_up;
    int offer;
    double priority, weight_at_end;
} stay;

/* Of persons, households and couples alike. */
typedef struct being {
    bool here;
    int *level;               /* [n_variables]; -1: not drawn (or of another kind of subject) */
    wp_tick *since;           /* [n_variables] */
    double *multiplier;       /* [n_multipliers] */
    clock_state *clocks;      /* [n_processes] */
    stay *stays;              /* [n_interventions] */
    int *counted_year;        /* [n_outcomes]: once_per: last year counted, or -1 */
    history past;
} being;

typedef struct person {
    being being;
    bool companion, counted;
    int household, partner, mother, couple; /* -1: none */
    wp_tick birth;
    struct world
        *last_seen; /* of one who has gone: the world as it was then, where something hangs on that */
} person;

typedef struct household {
    being being;
    bool institution, had_adult;
} household;

typedef struct couple {
    being being;
    int a, b;
    wp_tick since;
} couple;

typedef struct raised { /* something that others may hang on */
    int event;                /* or -1: entered a level of */
    int variable, level;
    subject who;
    int household;            /* where it happened */
    int extra;                /* separated: the other partner */
} raised;

typedef struct request {      /* to a pool */
    struct world *w;
    int pool, stock;
    const wp_effect *ask;
    subject who;
    wp_tick at;
    double lottery;
} request;

typedef struct place place;

typedef struct world {        /* one lineage, or several that a pool couples in continuous time */
    place *place;
    wp_tick now;
    bool before_ends; /* within an instant, before its ends: bands of effect that end now still hold */
    int n_persons, n_households, n_couples, cap_persons, cap_households, cap_couples;
    person *persons;
    household *households;
    couple *couples;
    int n_queue, cap_queue;
    raised *queue;
    double *count;            /* [n_years][n_outcomes] of this world */
    wp_error *err;
    wp_status status;
    int gone;                 /* the person who has gone and for whom what hangs on it is done, or -1 */
    int entering;             /* by which of a variable's entries undrawn levels are drawn */
} world;

struct place {
    const wp_scenario *sc;
    const reference_options *options;
    const wp_population *population;
    gsl_rng *rng;
    uint32_t arm;             /* bits of interventions */
    wp_tick end;
    int n_years;
    int n_worlds, cap_worlds;
    world **worlds;
    int n_requests, cap_requests;
    request *requests;
    /* pools: places handed out so far, and opened */
    double *taken[WP_MAX_LEVELS];  /* [pool][stock] */
    double *lapsed[WP_MAX_LEVELS];
    /* interventions: starts in the present year of the programme (doubled) */
    int64_t quota_used[WP_MAX_INTERVENTIONS];
    int quota_year[WP_MAX_INTERVENTIONS];
    /* indicators: value by level, and the running person-time */
    double indicator[WP_MAX_LEVELS][WP_MAX_LEVELS], share_time[WP_MAX_LEVELS][WP_MAX_LEVELS],
        among_time[WP_MAX_LEVELS][WP_MAX_LEVELS];
    /* keep_average_by: one entry for each factor met */
    int n_means, cap_means;
    struct { const wp_factor *factor; int n; struct { long key; double sum, n; } *cells; int cap; } *means;
    bool averages_ready;
    reference_totals *totals;
};

/* Looks at the world at its present instant; `next` falls to the earliest later instant at which
   something looked at could change with time alone. */
typedef struct eye { world *w; wp_tick next; int option; } eye;

typedef struct seen {
    bool none, is_level;
    int level;
    bool is_time;
    double number;
    wp_tick ticks, zero;
} seen;

/* look.c */
subject subject_of(wp_subject_kind kind, int i);
being *being_of(world *w, subject s);
int household_of(world *w, subject s);
wp_tick ticks_of(double years);
int year_of(const world *w, wp_tick at);
wp_tick birthday_after(const person *p, wp_tick now);
int age_of(const person *p, wp_tick now);
bool is_child_of(const world *w, int child, int parent);
seen look_at(eye *e, subject s, const wp_look *look);
bool holds(eye *e, subject s, const wp_condition *condition);
int band_of(eye *e, const seen *v, const wp_band *bands, int n);

/* quantity.c */
double quantity(eye *e, subject s, const wp_quantity *q);
double grid_value(eye *e, subject s, const wp_grid *grid, bool *none);
double factors(eye *e, subject s, const wp_factor *list, int n, wp_scale scale);
double parameter_value(const wp_scenario *sc, int parameter);
bool is_smooth(const wp_quantity *q);
double cumulative(eye *e, subject s, const wp_quantity *q, wp_tick since_when, double later);
double random_duration(eye *e, subject s, const wp_duration *d);
wp_tick later_by(wp_tick at, double years);
void note_founder_means(place *pl, world *w);

/* entry.c */
int new_person(world *w);
int new_household(world *w);
int new_couple(world *w, int a, int b);
void end_couple(world *w, int c);
void draw_level(world *w, subject s, int variable, const wp_entry *entry, int mother, int before);
void draw_all_levels(world *w, subject s, int mother, int before, int how);
enum { AT_START, AT_BIRTH, AT_ARRIVAL, AT_NEW_HOUSEHOLD };
void draw_multipliers(world *w, subject s, int before);
void found(world *w, const wp_founding_household *h, int how);
void found_cohort(world *w, const wp_cohort *c, int how);
world *new_world(place *pl);
void free_world(world *w);
double uniform(world *w);
world *picture_of(const world *w);
void free_picture(world *w);
world *view_of(world *w, subject s);
bool is_there(world *w, subject s);
void fail(world *w, const char *text);

/* spell.c */
double equilibrium_years(world *w, subject s, int variable);
int spell_ended_by(world *w, subject s, const wp_process *p);

/* effect.c */
void apply(world *w, subject s, const wp_effects *effects);
void set_level(world *w, subject s, int variable, int level);
void note_adults(world *w);
void check_adults(world *w);
void leave_run(world *w, int i);

/* event.c */
int weight_of(world *w, subject s);
void count_event(world *w, subject s, int event);
void remember(world *w, subject s, int event);
void raise_event(world *w, subject s, int event, int other);
void answer_probabilities(world *w, subject s, const wp_process *p, double *probability);
int decide(world *w, subject s, const wp_process *p); /* the answer chosen; -1: no choice */
void happen(world *w, subject s, const wp_process *p, int answer);
void run_hooks(world *w);
void accrue(world *w, wp_tick until);
void count_snapshots(world *w);

/* intervention.c */
void offer(world *w, subject s, int intervention, int offer_idx);
void start_stay(world *w, subject s, int intervention);
void end_stay(world *w, subject s, int intervention);
void settle(place *pl, wp_tick at);
void drop_from_queue(world *w, subject s, int intervention);
double effect_weight(eye *e, subject s, const wp_factor *f);
bool runs(const place *pl, int intervention, wp_tick at, bool before_ends);

/* advance.c */
void advance(world *w, wp_tick until);
void instant(world *w);
wp_tick next_occasion(eye *e, subject s, const wp_occasion *at);
bool occurs_now(world *w, subject s, const wp_occasion *at);

/* verify.c */
wp_status reference_verify(const world *w, wp_error *err);

#endif
