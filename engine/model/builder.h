/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The working state of compiling a model, shared by the files that compile one part each. */
#ifndef WP_MODEL_BUILDER_H
#define WP_MODEL_BUILDER_H

#include "base/fail.h"
#include "model/model.h"
#include "model/parameter.h"

/* What a feature's classes stand for. */
typedef enum wp_class_unit {
    WP_CLASS_WHOLE, /* levels, counts, completed years */
    WP_CLASS_TICKS  /* times in ticks; shares times 2^32 */
} wp_class_unit;

typedef enum wp_class_meaning {
    WP_CLASS_VALUE,
    WP_CLASS_NEVER,     /* the event has not happened: meets no band */
    WP_CLASS_NO_SUBJECT /* nobody to look at: a condition is false, a factor 1 */
} wp_class_meaning;

/* A feature while its classes are being collected. */
typedef struct wp_draft_feature {
    wp_feature feature;
    wp_class_unit unit;
    bool has_edges; /* classes between edges; else class = value */
    bool collects;  /* a COPY of plain values: `edges` are asked for through it */
    size_t n_edges, capacity;
    int64_t *edges;    /* ascending, without repetition */
    int64_t *values;   /* [n_classes], once finished: a value in the class */
    uint8_t *meanings; /* [n_classes] wp_class_meaning */
    int asked;         /* index in order of asking, before they are put in order */
} wp_draft_feature;

typedef struct wp_draft_real { /* a multiplier that a subject carries, its own or another's */
    int multiplier;
    wp_whose whose;
} wp_draft_real;

enum { WP_MAX_REALS = 256 };

typedef struct wp_draft_kind {
    int n_reals;
    wp_draft_real reals[WP_MAX_REALS];
    size_t n, capacity;
    wp_draft_feature *features;
    bool time_together; /* somebody asks how long a couple has been one */
    int n_timers;       /* slots given out in this pass */
} wp_draft_kind;

/* Everything is compiled twice by the same functions. In the first pass, `registering`, they only
   name what they look at, so that each feature gets all its classes; in the second they make
   tables. */
typedef struct wp_builder {
    wp_model *model;
    const wp_scenario *scenario;
    const wp_parameter_set *parameters;
    wp_arena *arena; /* the model's in the second pass, `scratch` in the first */
    wp_arena scratch;
    bool registering;
    bool marks_ages;            /* ages looked at now go into model->age_edge */
    const char *section, *name; /* what is being compiled, for messages: "process", "death" */
    wp_draft_kind kinds[WP_N_KINDS];
    size_t n_run_edges, run_edges_capacity;
    int64_t *run_edges; /* of all looks at dates and at time since the start */
    int process;        /* being compiled, or -1: its own probability competes too */
    int n_averages, n_quantiles;
    uint8_t *assignment;          /* [features of the largest kind]: classes of one table entry */
    int *variable_since;          /* [n_variables] slot (first pass: 0, asked for), or -1 */
    int *event_since[WP_N_KINDS]; /* [n_events] the same */
    wp_error *err;
} wp_builder;

/* Zeroed memory that lives as long as the model (in the first pass: as the builder). */
void *wp_builder_alloc(wp_builder *b, size_t n, size_t item_bytes);

/* WP_ERR_MEMORY, said. */
wp_status wp_builder_no_memory(wp_builder *b);

/* Fails with `status` and "process 'death': …". */
wp_status wp_builder_fail(wp_builder *b, wp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Years as ticks, rounded to the nearest; infinity is WP_TICK_NEVER. */
wp_tick wp_ticks_of_years(double years);

#endif
