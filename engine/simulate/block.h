/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block: some hundred lineages and all that lives in them, in columns by kind of subject, small enough
   for the cache. Positions in a block mean nothing: what happens depends on ids alone. */
#ifndef WP_SIMULATE_BLOCK_H
#define WP_SIMULATE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "simulate/plan.h"
#include "simulate/prices.h"

#define WP_NOBODY UINT32_MAX

enum { WP_CLOCK_WORDS = WP_MAX_SLOTS / 64, WP_N_COLUMNS = 25 };

/* Columns of one kind of subject: column c of subject i is at [c * capacity + i]. Beyond n they are blank:
   zero, timers never, so that a subject who comes need not be wiped. */
typedef struct wp_columns {
    uint32_t n, capacity;
    uint8_t *x;              /* features */
    double *remaining;       /* clocks: hazard still to accumulate until the clock rings */
    uint16_t *occurrence;    /* processes: how often each has happened */
    wp_tick *timer;          /* timers: when each is due */
    wp_tick *since;          /* since slots: when a level began, an event last happened */
    float *real;             /* multipliers */
    wp_tick *recent;         /* recents x WP_MAX_RECENT: latest events, newest first */
    double *delay_factor;    /* delays: factor that the due tick already holds; 0: not running */
    uint16_t *delay_draws;   /* delays: how many were drawn */
    uint16_t *offers;        /* interventions: offers so far */
    uint32_t *unwilling;     /* bits of interventions that the subject is known never to take up */
    uint16_t *counted; /* once_per outcomes: year in which the subject was last counted, from 1; 0: never */
    int64_t *tally;          /* histograms: events, or ticks, so far; -1: came after the outcome's years */
    wp_int128 *spent;        /* what has been spent on them in this year, in 2^-64 pence; where it is kept */
    wp_int128 *worth;        /* personal unit values: what they were worth so far, in 2^-64 of a hundredth */
    uint8_t *enrolled; /* has been in a programme, by themselves or with their home; where worth is kept */
    wp_tick *next_timer;     /* earliest of the timers; never, for the dead */
    /* of the present epoch, by the vector pass: */
    double *later;           /* clocks: remaining at the epoch's end, unless the exact pass says otherwise;
                                swapped with it then */
    double *rate, *older;    /* clocks: hazard per year at the epoch's start, and a year of age later */
    double *first, *second;  /* years before and after the own birthday; 0 for the dead */
    uint64_t *due;           /* clocks that ring, a bit each, in WP_CLOCK_WORDS words */
    uint8_t *awake;          /* went through the exact pass, */
    uint64_t *tallied; /*   which counted these tallies (wp_dependents), a bit each in WP_CLOCK_WORDS words */
} wp_columns;

typedef struct wp_person {
    uint64_t id;
    wp_tick birth, birthday; /* birthday: the next one not yet reached */
    uint32_t lineage, household;
    uint32_t partner, mother, couple;       /* WP_NOBODY where there is none */
    uint32_t next_member, next_in_lineage;
    uint32_t slot;                          /* in the exact pass */
    uint16_t n_births, n_moves, n_unions;
    bool alive, uncounted;
} wp_person;

typedef struct wp_household {
    uint64_t id;
    uint32_t lineage, first_member, next_in_lineage, slot;
    uint16_t n_members, n_uncounted;
    bool alive, institution;
} wp_household;

typedef struct wp_couple {
    uint64_t id;
    uint32_t lineage, household, a, b, next_in_lineage, slot; /* a: lower id */
    bool alive;
} wp_couple;

typedef struct wp_lineage {
    uint64_t id;
    int64_t number;          /* founding household's or arrival's number */
    uint32_t first[WP_N_KINDS];
    uint32_t n_alive;        /* persons */
    uint32_t batch;
    uint32_t first_departed; /* in the block's list of them; WP_NOBODY: none */
    uint64_t hash;           /* sum of hashes of all events so far */
    int64_t n_events;
    int stream;              /* arrivals: which stream, */
    wp_tick enters;          /*   and when */
    bool due;                /* something happens in this epoch, */
    bool early;              /*   and at its first instant already, beside stocks */
    bool entered, traced, answered;
    bool apart;              /* all of it goes through the exact pass, to be counted by itself (fork.h) */
    bool billed;             /* what was spent in this year has been counted (spend.c) */
    bool touched;            /* an intervention has reached it: an enrolment, or a programme for everyone */
} wp_lineage;

/* A request for a place of a pool or an intervention, until the border at which it is answered. */
typedef struct wp_request {
    int pool, stock;         /* pool -1: of an */
    int intervention, offer; /*   intervention, and by which offer */
    uint32_t occasion;       /*   and how many offers there had been then */
    wp_subject_kind kind;
    uint32_t lineage;
    uint64_t id;
    wp_tick tick;            /* since when */
    double priority;         /* of a lottery, and between equals */
    const wp_action *action; /* pool: the effect that asks */
    bool ready;              /* is to be answered at this border; as it is seen there: */
    bool refused;            /*   no longer meets what the offer asks for */
    int weight;              /*   doubled places that it takes; a companion takes none */
    uint64_t rank;           /*   lower is earlier */
    uint64_t answered;       /* bits of the arms in which it is answered at this border (of one: bit 0), */
    uint64_t granted;        /*   and of those in which it is granted; */
    uint64_t turn;           /*   after those with a lesser one */
} wp_request;

typedef enum wp_answer_kind { WP_GRANTED, WP_REFUSED, WP_DROPPED } wp_answer_kind;

/* An answer, given at the first instant of the next epoch. */
typedef struct wp_answered {
    int pool;                /* or -1: */
    int intervention;
    wp_subject_kind kind;
    uint32_t lineage;
    uint64_t id;
    const wp_action *action;
    wp_answer_kind answer;
} wp_answered;

/* A counted person who has died or moved away, and whom the columns have forgotten (departed.c). */
typedef struct wp_departed {
    uint64_t id;
    uint32_t next; /* of the lineage's list */
    bool enrolled;
} wp_departed;

typedef struct wp_block {
    const wp_plan *plan;     /* borrowed */
    wp_columns columns[WP_N_KINDS];
    wp_person *persons;
    wp_household *households;
    wp_couple *couples;
    wp_lineage *lineages;
    uint32_t n_lineages, lineage_capacity;
    uint32_t n_dead[WP_N_KINDS];
    wp_request *requests;
    size_t n_requests, request_capacity;
    wp_answered *answers;
    size_t n_answers, answer_capacity;
    int n_values;            /* unit values that are kept for each lineage; set before lineages are added */
    wp_int128 *values;       /* [lineage_capacity][n_values] worth so far, in 2^-64 of a hundredth */
    wp_departed *departed;   /* who is no longer in the columns, where worth is kept by person */
    uint32_t n_departed;
    size_t departed_capacity;
    wp_int128 *departed_worth; /* [departed_capacity][plan->n_personal] */
} wp_block;

wp_status wp_block_init(wp_block *block, const wp_plan *plan, wp_error *err);
void wp_block_free(wp_block *block);

/* Empties the block, keeping its memory. */
void wp_block_clear(wp_block *block);

/* Adds one subject or lineage, with blank columns, and gives its position. Positions stay valid until
   wp_block_compact; pointers into columns do not survive this call. */
wp_status wp_block_add(wp_block *block, wp_subject_kind kind, uint32_t *position, wp_error *err);
wp_status wp_block_add_lineage(wp_block *block, uint32_t *position, wp_error *err);

/* Makes `to`, a block of the same plan, equal to `from` as it is between epochs, with requests and answers:
   lineages that have just been founded are the same in every arm. What they are worth is copied where both
   keep it. */
wp_status wp_block_copy(wp_block *to, const wp_block *from, wp_error *err);

/* Takes back the subjects that were added last, so that `n` remain. Nothing else may know of them. */
void wp_block_take_back(wp_block *block, wp_subject_kind kind, uint32_t n);

/* Gives back spare room; short of memory, it is kept. */
void wp_block_trim(wp_block *block);

/* Columns of the present epoch, which resting blocks do without and borrow when they are roused: a
   worker's, one set for each block that it has in hand at once. All zero at first. */
typedef struct wp_spare_columns {
    void *data[WP_N_KINDS][WP_N_COLUMNS];
    uint32_t capacity[WP_N_KINDS];
    uint32_t lent[WP_N_KINDS]; /* capacity of the block that has them, or 0 */
} wp_spare_columns;

void wp_spare_columns_free(wp_spare_columns *self);

/* A block that rests gives up the columns of the present epoch; until it is roused, they may not be looked
   at, and nobody added. Only what rests is roused. */
void wp_block_rest(wp_block *block, wp_spare_columns *spare);
wp_status wp_block_rouse(wp_block *block, wp_spare_columns *spare, wp_error *err);

/* Adds a copy of lineage l of a block of the same plan, or of `to` itself, between epochs: its living
   subjects with all that they carry, what it asks and was answered, and what it is worth. Marks places of
   subjects of `from` in their `slot`. */
wp_status wp_block_copy_lineage(wp_block *to, wp_block *from, uint32_t l, uint32_t *position, wp_error *err);

/* Leaves nobody of lineage l, between epochs: what is left of it costs nothing. */
void wp_block_drop_lineage(wp_block *block, uint32_t l);

/* Adds the requests and answers of `from` to those of `to`: all of them, or those of its lineage l, which
   is lineage `position` of `to`. `to` may be `from` in the second. WP_ERR_MEMORY or WP_OK. */
wp_status wp_block_copy_asked(wp_block *to, const wp_block *from, wp_error *err);
wp_status wp_block_copy_asked_by(wp_block *to, const wp_block *from, uint32_t l, uint32_t position,
                                 wp_error *err);

/* Makes answers of the requests that are answered at a border, each alike in all the arms of its lineage,
   in their turns; these requests leave the block. WP_ERR_MEMORY or WP_OK. */
wp_status wp_block_take_answers(wp_block *block, wp_error *err);

/* What is kept of persons who leave the columns, where the plan keeps worth by person; else these do nothing.
   All of the dead, before they are squeezed out, false without memory; a whole block's; lineage l's of `from`, who
   become those of lineage `position` of `to`, with its dead, who are not copied else. `to` may be `from`. */
bool wp_block_remember_dead(wp_block *block);
wp_status wp_block_copy_departed(wp_block *to, const wp_block *from, wp_error *err);
wp_status wp_block_copy_departed_of(wp_block *to, const wp_block *from, uint32_t l, uint32_t position,
                                    wp_error *err);

/* Drops the dead when they are many. Positions change; order among the living does not. */
void wp_block_compact(wp_block *block);

static inline uint8_t *wp_feature_at(const wp_columns *columns, int feature, uint32_t i)
{
    return &columns->x[(size_t)feature * columns->capacity + i];
}

/* Value of a product for subject i. Both passes multiply in this order; a zero stays zero. */
static inline double wp_product_at(const wp_product *product, const wp_columns *columns, uint32_t i)
{
    double value = 1.0;
    for (int t = 0; t < product->n_tables; t++) {
        const wp_table *table = &product->tables[t];
        value *= (double)table->values[wp_axes_index(table->n_axes, table->axes, columns->x + i,
                                                     columns->capacity)];
        if (value == 0.0) { return 0.0; }
    }
    for (int r = 0; r < product->n_reals; r++) {
        value *= (double)columns->real[(size_t)product->reals[r] * columns->capacity + i];
    }
    return value;
}

#endif
