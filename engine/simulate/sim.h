/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One worker's simulation: a block of lineages, the epoch it is in, and the lineage in the exact pass. Not
   shared between threads. All functions here act on lineages of the block; none allocates but for growth.

   A function that fails leaves the failure in `status` and `err` of the simulation, where the first one
   stays; the epoch's loops stop at it. */
#ifndef WP_SIMULATE_SIM_H
#define WP_SIMULATE_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "chance/key.h"
#include "model/model.h"
#include "population/population.h"
#include "simulate/block.h"
#include "simulate/counts.h"
#include "simulate/plan.h"
#include "simulate/trace.h"
#include "simulate/vector_pass.h"

/* A clock that is followed from settling to settling. */
typedef struct wp_held_clock {
    double remaining;        /* hazard left when it was last settled, */
    double rate;             /*   and per year since */
    wp_tick settled;
    wp_tick rings;           /* before the next moment at which it is settled anyway, or never */
} wp_held_clock;

/* A subject of the lineage that is in the exact pass, and when something next happens to it. */
typedef struct wp_calendar {
    wp_subject_kind kind;
    uint32_t index;
    size_t first_clock;      /* its own among the worker's held clocks */
    wp_tick next_timer;      /* timers, and a person's birthday */
    wp_tick next_ring;
    int ring_clock;          /* clock that rings then */
    wp_tick counted_to;      /* person-time is counted up to here, */
    wp_bits apart;           /*   but in these tallies, which are counted up to where `counted` says */
    wp_bits held;            /* clocks that are followed (clocks.h) */
    wp_tick turned;          /* own birthday in this epoch, once it has been; else never */
    wp_bits clocks, delays;  /* what may have changed in this instant */
    bool stops;              /* … a condition that ends a stay too */
    bool timers;             /* … timers were set */
    bool birthday;           /* … a birthday ended the segment of every clock */
    bool asleep; /* nothing is due: all is as the vector pass left it, until something touches it */
} wp_calendar;

/* Something that happened and that others may hang on: an event, or the entering of a level. */
typedef struct wp_raised {
    int event;               /* -1: */
    int variable, level;
    wp_subject_kind kind;
    uint32_t index;
} wp_raised;

/* A process that is due at an instant, decided on what was true just before. */
typedef struct wp_decision {
    double order;
    int process;
    int answer;              /* -1: none */
    wp_subject_kind kind;
    uint32_t index;
    uint64_t id;
} wp_decision;

/* Levels of an intervention's status. */
enum { WP_STATUS_NEVER, WP_STATUS_WAITING, WP_STATUS_IN, WP_STATUS_PAST };

/* What features that look at others may have missed. */
enum {
    WP_STALE_LINKS = 1,   /* who lives with whom: all of it */
    WP_STALE_GROUPS = 2,  /* how many are in a group, ages, the place's rates */
    WP_STALE_COPIES = 4,  /* what is copied from partner, mother, household */
    WP_STALE_ALL = 7
};

/* One who sleeps, and how long of the epoch an outcome's condition is met, before and after the birthday. */
typedef struct wp_meeting {
    uint32_t i;
    int64_t before, after;   /* ticks */
} wp_meeting;

typedef struct wp_sim {
    const wp_model *model;
    const wp_plan *plan;
    const wp_population *population;
    wp_key key;
    uint32_t arm;            /* bit i: intervention i is offered */
    uint32_t shadow; /* bit i: it is not, but some arm offers it that the lineage stands for (fork.h) */
    struct wp_fork *fork;    /* NULL, or what several arms share */
    bool exact_only;         /* everyone through the exact pass */
    bool without_clocks;     /* founders are only looked at, not simulated */
    wp_vector_pass *vector_pass;
    wp_counts *counts;       /* where it all is added up */
    wp_counts *const *lineage_counts; /* NULL, or [n_lineages]: where each lineage's is, instead (fork.h) */
    const wp_prices *prices; /* NULL, or what counts are worth to each lineage */
    wp_trace *trace;         /* NULL, or where traced lineages' events go */
    wp_block block;
    const int64_t *indicator_shares; /* [n_indicators][WP_MAX_LEVELS], of each of a fork's arms: in 2^-32;
                                        or NULL: not known yet */

    /* the epoch [start, end) */
    wp_tick start, end, now;
    int year;                /* row of the counts */
    bool closing;            /* the instant at the very end: no clock runs any more */
    int globals_from, globals_to;

    /* the lineage in the exact pass */
    uint32_t lineage;
    wp_calendar *calendars;
    uint32_t n_calendars;
    size_t calendar_capacity;
    size_t clock_capacity;   /* calendars x max_clocks: */
    wp_held_clock *clocks;   /* of the calendars' held clocks */
    size_t tally_capacity;   /* calendars x max_tallies */
    wp_tick *counted;        /* of tallies that are apart: person-time is counted up to here */
    wp_raised *raised;
    const wp_raised *gone;   /* NULL, or the end of a person to whom something is done that hangs on it */
    size_t n_raised, raised_capacity;
    wp_decision *decisions;
    size_t n_decisions, decision_capacity;
    uint32_t scratch_capacity;
    int32_t *scratch_index;  /* of the vector pass */
    double *scratch_before, *scratch_after;
    wp_meeting *meetings;    /* of one outcome, among those who sleep */
    bool left_alone;         /* some household's last adult has gone in this instant */
    uint32_t stale;          /* WP_STALE_…: features that look at others are to be worked out again */

    wp_status status;
    wp_error err;
} wp_sim;

wp_status wp_sim_init(wp_sim *sim, const wp_plan *plan, const wp_population *population, wp_error *err);
void wp_sim_free(wp_sim *sim);

/* Where what lineage l counts is added up. */
static inline wp_counts *wp_sim_counts_of(const wp_sim *sim, uint32_t l)
{
    return sim->lineage_counts == NULL ? sim->counts : sim->lineage_counts[l];
}

/* Records the first failure. */
void wp_sim_fail(wp_sim *sim, wp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- counting (tally.c, histograms.c, quiet_time.c) ---- */

/* Counts an event that happened to a subject: outcomes, histories, life digest, trace; and raises it for
   those who hang on it. */
void wp_sim_event(wp_sim *sim, wp_subject_kind kind, uint32_t i, int event);
/* Counts the entering of a level, and raises it. */
void wp_sim_entered(wp_sim *sim, wp_subject_kind kind, uint32_t i, int variable, int level);
/* Counts person-time up to now. Before anything changes that all tallies of person-time read. */
void wp_sim_count_time(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* The same in some tallies alone (bits as in wp_dependents.tallies), before a feature changes that only they
   read. */
void wp_sim_count_tallies(wp_sim *sim, wp_calendar *calendar, wp_bits tallies);
/* Counts a subject of the exact pass up to the epoch's end, in the tallies that something has changed; the others
   are left to wp_sim_count_quiet. */
void wp_sim_finish_time(wp_sim *sim, wp_calendar *calendar);
/* The birthday that a sleeping person has had in this epoch. */
void wp_sim_catch_up_birthday(wp_sim *sim, wp_calendar *calendar, wp_tick birthday);
/* Counts everyone in a stock at the epoch's first instant but the lineages to whom more happens then. */
void wp_sim_count_quiet_stock(wp_sim *sim, int outcome);
/* Counts all that nothing has changed in the epoch, in one go, and lets those who slept grow older. */
void wp_sim_count_quiet(wp_sim *sim, wp_subject_kind kind);
/* Counts an offer, a start or ticks enrolled of an intervention by subject i of its kind. */
void wp_sim_count_programme(wp_sim *sim, int what, int intervention, uint32_t i, int64_t amount);
/* Only what that is worth to the lineage. */
void wp_sim_pay_programme(wp_sim *sim, int what, int intervention, int64_t amount);
/* Adds `number` events, or ticks, to the histogram's number of the subject, or of its household. */
void wp_sim_add_to_histogram(wp_sim *sim, int outcome, wp_subject_kind kind, uint32_t i, int64_t number);
/* A subject comes: its histograms' numbers begin. It goes: they are complete, before its links end. */
void wp_sim_begin_tallies(wp_sim *sim, wp_subject_kind kind, uint32_t i);
void wp_sim_end_tallies(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* The run ends for all who are in the lineage. */
void wp_sim_end_lineage_tallies(wp_sim *sim, uint32_t l);
/* Counts the lineage among those that an intervention has reached, once. */
void wp_sim_count_touched(wp_sim *sim);
/* Counts the subject in a stock. */
void wp_sim_count_stock(wp_sim *sim, int outcome, uint32_t i);
/* 2 for a counted subject, 1 for a household or couple with a companion, 0 for a companion. */
int wp_sim_weight(const wp_sim *sim, wp_subject_kind kind, uint32_t i);

/* ---- spend of persons by year, where it is kept (spend.c) ---- */

/* What kept integers of an outcome, or of a programme, cost is spent on those to whom they happen. */
void wp_sim_spend(wp_sim *sim, int outcome, wp_subject_kind kind, uint32_t i, int64_t amount);
void wp_sim_spend_programme(wp_sim *sim, int what, int intervention, uint32_t i, int64_t amount);
/* The year's spend is counted: of one who goes; at a year's end of a lineage that the exact pass counts by itself,
   and of all others. */
void wp_sim_bill_person(wp_sim *sim, uint32_t person);
void wp_sim_bill_lineage(wp_sim *sim);
void wp_sim_bill_all(wp_sim *sim);

/* ---- features (live_features.c) ---- */

void wp_sim_set_feature(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature, uint8_t value);
/* A year older, when the clocks have been settled to the birthday. */
void wp_sim_set_age(wp_sim *sim, wp_calendar *calendar, uint8_t age);
/* Sets a variable's level now; entering a level is raised, the same level again is nothing. */
void wp_sim_set_level(wp_sim *sim, int variable, uint32_t i, uint8_t level);
uint8_t wp_sim_level(const wp_sim *sim, int variable, uint32_t i);
/* Works out what looks at others, for every subject of the lineage, if anything it looks at changed. */
void wp_sim_refresh(wp_sim *sim);
/* Class of `value` by a feature's edges. */
uint8_t wp_feature_class(const wp_feature *feature, int64_t value);
/* Starts the classes of a feature that counts time from `since`. */
void wp_sim_start_time(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature, wp_tick since);
/* A timer of a feature is due: next class of time, an event forgotten, a step of an effect. */
void wp_sim_feature_timer(wp_sim *sim, wp_subject_kind kind, uint32_t i, int feature);
void wp_sim_set_timer(wp_sim *sim, wp_subject_kind kind, uint32_t i, int timer, wp_tick tick);

/* ---- who there is (people.c) ---- */

static inline uint64_t wp_sim_id(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return sim->block.persons[i].id;
    case WP_HOUSEHOLD: return sim->block.households[i].id;
    default: return sim->block.couples[i].id;
    }
}

static inline bool wp_sim_is_alive(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return sim->block.persons[i].alive;
    case WP_HOUSEHOLD: return sim->block.households[i].alive;
    default: return sim->block.couples[i].alive;
    }
}

static inline uint32_t wp_sim_lineage_of(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return sim->block.persons[i].lineage;
    case WP_HOUSEHOLD: return sim->block.households[i].lineage;
    default: return sim->block.couples[i].lineage;
    }
}

static inline uint32_t wp_sim_household_of(const wp_sim *sim, wp_subject_kind kind, uint32_t i)
{
    switch (kind) {
    case WP_PERSON: return sim->block.persons[i].household;
    case WP_HOUSEHOLD: return i;
    default: return sim->block.couples[i].household;
    }
}

/* Alive, or the one who has gone and to whom something is done that hangs on it. */
bool wp_sim_is_there(const wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* New subjects in the present lineage; WP_NOBODY after a failure. */
uint32_t wp_sim_add_household(wp_sim *sim, uint64_t id, bool institution);
uint32_t wp_sim_add_person(wp_sim *sim, uint64_t id, uint32_t household, wp_tick birth, bool uncounted);
uint32_t wp_sim_add_couple(wp_sim *sim, uint32_t a, uint32_t b, wp_tick since);
void wp_sim_end_couple(wp_sim *sim, uint32_t couple);
/* Takes a person out of their household, which ends with its last member. */
void wp_sim_leave_household(wp_sim *sim, uint32_t person);
void wp_sim_enter_household(wp_sim *sim, uint32_t person, uint32_t household);
/* Ends a person's links and presence. */
void wp_sim_remove_person(wp_sim *sim, uint32_t person);
int wp_sim_age(const wp_sim *sim, uint32_t person);

/* ---- entering (entry.c) ---- */

typedef enum wp_entry_way {
    WP_ENTER_FOUNDER,
    WP_ENTER_BORN,
    WP_ENTER_ARRIVED,
    WP_ENTER_NEW_HOUSEHOLD
} wp_entry_way;

/* Draws attributes, states and multipliers. `given`: levels by variable of its kind (index as in
   wp_founder and wp_founding_household), WP_LEVEL_DRAWN where they are to be drawn; NULL: all drawn.
   `before`: household that `as before` copies from, or WP_NOBODY. */
void wp_sim_enter(wp_sim *sim, wp_subject_kind kind, uint32_t i, wp_entry_way way, const uint8_t *given,
                  uint32_t before);
/* Adds a founding household as a lineage, at time 0; `number` is its place in canonical order. */
void wp_sim_found(wp_sim *sim, const wp_founding_household *household, int64_t number);
/* Gives a person or couple the multipliers of their household. */
void wp_sim_copy_reals(wp_sim *sim, uint32_t person);
/* Adds arrival `number` of a stream as a lineage that enters at `tick`. */
void wp_sim_expect(wp_sim *sim, int stream, int64_t number, wp_tick tick);
/* Lets the present lineage arrive now. */
void wp_sim_arrive(wp_sim *sim);
/* Starts clocks and timers of a subject that has just entered. */
void wp_sim_start_clocks(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* The same for a couple that has just formed, with the features that every couple has. */
void wp_sim_start_couple(wp_sim *sim, uint32_t couple);

/* ---- choosing and doing (choice.c, effects.c) ---- */

/* Probabilities of the process's answers for subject i as it is, p[n_answers]: the last, `otherwise`, has the
   rest. They may add to more than 1. */
void wp_sim_probabilities(const wp_sim *sim, int process, uint32_t i, double *p);
/* Answer that subject i gives when the process happens for the `occurrence`-th time; -1 without options. */
int wp_sim_choose(wp_sim *sim, int process, uint32_t i, uint32_t occurrence);
/* Does what the process does, counts it, and raises its events. */
void wp_sim_happen(wp_sim *sim, int process, uint32_t i, int answer);
void wp_sim_act(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_actions *actions);
/* Children left without an adult, whom nothing has moved, go to an institution together. */
void wp_sim_look_after_children(wp_sim *sim);

/* ---- interventions (enrol.c) ---- */

void wp_sim_offer(wp_sim *sim, int intervention, int offer, uint32_t i);
void wp_sim_start_stay(wp_sim *sim, int intervention, uint32_t i);
void wp_sim_end_stay(wp_sim *sim, int intervention, uint32_t i);
/* Sets the class of effect shape `s` for one who is or was in. */
void wp_sim_set_effect(wp_sim *sim, int s, uint32_t i, int class);
void wp_sim_check_stops(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* Sets the EFFECT features that an `offer: everyone` moves, for one subject or for all of the lineage. */
void wp_sim_programme_for(wp_sim *sim, int intervention, uint32_t i);
void wp_sim_programme(wp_sim *sim, int intervention);
/* Ends all stays: the programme is over. */
void wp_sim_close_programme(wp_sim *sim, int intervention);

/* ---- indicators (indicators.c) ---- */

/* Counts `ticks` of a person as it is now, among those of whom an indicator is a share. */
void wp_sim_count_indicators(wp_sim *sim, uint32_t person, int64_t ticks);
/* Class of the place's rate for a subject. */
uint8_t wp_sim_indicator_class(const wp_sim *sim, wp_subject_kind kind, const wp_feature *feature,
                               uint32_t i);
/* The block's subjects see new rates from the next epoch's start on. */
void wp_sim_see_indicators(wp_sim *sim);

/* ---- pools (requests.c) ---- */

/* Waits for a place in an intervention, taken up by one of its offers. */
void wp_sim_wait(wp_sim *sim, int intervention, int offer, uint32_t i);
/* Leaves the queue of an intervention. */
void wp_sim_give_up(wp_sim *sim, int intervention, uint32_t i);
/* Asks a pool for a place. */
void wp_sim_ask(wp_sim *sim, wp_subject_kind kind, uint32_t i, const wp_action *action);
/* Gives the present lineage the answers that wait for it, and lets it see the place's new rates. */
void wp_sim_answer(wp_sim *sim);
/* Makes the block's requests ready that are answered at the border `tick`, between epochs: how each is
   ranked and what it weighs, as everyone will be after birthdays and edges of bands at that instant. Drops
   those whose subject is gone or has left the queue. Adds the doubled numbers of subjects enrolled to
   in_use[n_interventions], of each of a fork's arms. `sees` says that the place's rates have changed at
   this border. */
void wp_sim_queue(wp_sim *sim, wp_tick tick, bool sees, int64_t *in_use);

/* ---- the passes (exact_pass.c, epoch.c) ---- */

/* A subject that entered during the exact pass gets its calendar. */
void wp_sim_join_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* The calendar of a subject that is about to change, or whose age is about to be read: wakes it. */
wp_calendar *wp_sim_calendar(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* Wakes every subject of the lineage. */
void wp_sim_wake_all(wp_sim *sim);
/* Brings the hazard that a subject's smooth clocks have used up to date, before their own time starts anew. */
void wp_sim_settle_smooth(wp_sim *sim, wp_subject_kind kind, uint32_t i);
/* Settles what the instant changed: clocks whose hazard differs, delays, stays that stop. */
void wp_sim_settle_instant(wp_sim *sim);
/* Does all that is due at this instant, phase by phase (language decision 1); `global` is the next of the
   plan's shared instants and is moved on. */
void wp_sim_instant(wp_sim *sim, int *global);
/* Does what hangs on the events raised so far, level by level, until none is left. */
void wp_sim_cascade(wp_sim *sim);
/* A year older. */
void wp_sim_have_birthday(wp_sim *sim, uint32_t person);
/* Uses up a person's hazards to this moment, before a birthday changes them. */
void wp_sim_settle_birthday(wp_sim *sim, uint32_t person);
/* Can a person's next birthday change a group, a count, a class of someone else? */
static inline bool wp_sim_others_notice_birthday(const wp_sim *sim, uint32_t person)
{
    const int age = *wp_feature_at(&sim->block.columns[WP_PERSON], 0, person) + 1;
    return sim->model->age_edge[age <= WP_MAX_AGE ? age : WP_MAX_AGE + 1] != 0;
}

/* A birthday in whose year nothing is due: age, and the date of the next one. */
void wp_sim_grow_older(wp_sim *sim, uint32_t person);
/* Simulates lineage l from sim->start, or from its arrival within the epoch, to sim->end, event by event. */
void wp_sim_exact(wp_sim *sim, uint32_t l);
/* Makes room for `n` subjects in the worker's scratch; false after a failure. */
bool wp_sim_reserve_scratch(wp_sim *sim, uint32_t n);
/* Simulates the whole block through one epoch. */
void wp_sim_epoch(wp_sim *sim, wp_tick start, wp_tick end);
/* The instant at the end of the run. */
void wp_sim_close(wp_sim *sim);
/* The run ends for a lineage: its histograms' numbers are complete, its life digest is added to the counts. */
void wp_sim_finish_lineage(wp_sim *sim, uint32_t l);
/* The same for all of the block. */
void wp_sim_finish_lineages(wp_sim *sim);

#endif
