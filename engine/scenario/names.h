/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: the first pass over all files, which gives every name its index before anything is resolved,
   and the look-up of names afterwards, with the nearest valid name where one is unknown. */
#ifndef WP_SCENARIO_NAMES_H
#define WP_SCENARIO_NAMES_H

#include "scenario/reader.h"

enum { WP_MAX_NAMES = 4096 /* of one kind */ };

typedef enum wp_name_kind {
    WP_NAME_VARIABLE,      /* attributes, states and interventions' statuses */
    WP_NAME_MULTIPLIER, WP_NAME_GROUP, WP_NAME_PARAMETER, WP_NAME_PROCESS, WP_NAME_EVENT, WP_NAME_POOL,
    WP_NAME_INDICATOR, WP_NAME_INTERVENTION, WP_N_NAME_KINDS
} wp_name_kind;

/* What the first pass makes. The arrays are those of the scenario, still open for writing: after it they
   hold names, positions, kinds, subjects, levels, answers' names and events; the sections' functions add
   the rest. `nodes[k][i]` is what stands under the i-th name of kind k (NULL for built-in events and
   for events of others). Indices never change afterwards. */
typedef struct wp_names {
    int n[WP_N_NAME_KINDS];
    const char *const *texts[WP_N_NAME_KINDS]; /* by index */
    const wp_node *const *keys[WP_N_NAME_KINDS];
    const wp_node *const *nodes[WP_N_NAME_KINDS];
    const int *by_name[WP_N_NAME_KINDS];       /* indices in order of name, for searching */
    wp_variable *variables;
    wp_multiplier *multipliers;
    wp_group *groups;
    wp_parameter *parameters;
    wp_process *processes;
    wp_option **options;                       /* of each process, n_options of it */
    const wp_node *const **option_nodes;       /* the maps of the answers; NULL with `levels_of` */
    wp_event *events;
    wp_pool *pools;
    wp_indicator *indicators;
    wp_intervention *interventions;
    struct wp_factor_list *process_factors;    /* gathered while sections are read (change.h) */
    struct wp_factor_list **option_factors;
    const bool *asks;                          /* of each process: has it an `ask`? */
    wp_subject_kind *pool_of;                  /* of each pool: who asks (WP_N_SUBJECT_KINDS: nobody) */
    bool has_births, has_joins;                /* is there a `birth`, a `join`, anywhere? … */
    bool has_leavers;                          /* … or anything that founds a new household? */
    bool *time_at_start_given;                 /* of each variable */
    const char *context;                       /* what is being read, for messages: "this process" */
    const char **unknown;                      /* names already reported as unknown, once each */
    int n_unknown, unknown_room;
} wp_names;

/* The index of `name`, or -1 without a word. Variables: 'sex', an intervention's name for its status. */
int wp_names_find(const wp_reader *r, wp_name_kind kind, const char *name);

/* The same; an unknown name is reported at `at` (once for each name), with the nearest valid one. */
int wp_names_need(wp_reader *r, const wp_node *at, wp_name_kind kind, const char *name);

/* Reports `name` as an unknown `what` ("state") unless it was before; `candidates[n]` are the valid ones. */
void wp_names_unknown(wp_reader *r, const wp_node *at, const char *what, const char *name,
                      const char *const *candidates, int n);

/* The level of a variable by its word, or -1 without a word. */
int wp_names_find_level(const wp_reader *r, int variable, const char *word);

/* The same, reported at `at`: a list of the levels, and the nearest. */
int wp_names_need_level(wp_reader *r, const wp_node *at, int variable, const char *word);

/* A process and perhaps one of its answers, from "incident" or "incident.police": `*option` is -1 for the
   process itself. False after reporting. */
bool wp_names_process_option(wp_reader *r, const wp_node *at, const char *text, int *process,
                             int *option);

/* "person", "household", "couple", "place". */
const char *wp_subject_name(wp_subject_kind of);

#endif
