/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's working state, shared by the functions that read one section each. */
#ifndef WP_SCENARIO_READER_H
#define WP_SCENARIO_READER_H

#include <wholeplace/scenario.h>

#include "base/fail.h"
#include "scenario/checked.h"
#include "scenario/document.h"
#include "scenario/problem.h"

struct wp_names;

struct wp_reader {
    wp_scenario *scenario;      /* under construction; its arena holds everything that stays */
    wp_arena scratch;           /* nodes and working memory, freed when the reading ends */
    wp_status status;           /* WP_OK, or the first failure that is not about the text */
    wp_error *err;
    const wp_node *root;        /* all files joined; never NULL once documents are read */
    const wp_node *main;        /* the file that was given */
    struct wp_names *names;     /* tables of names, made by the first pass */
    wp_problem_store *problems;
    bool is_incomplete;         /* a used file is missing or cannot be parsed: names would be unknown */
    int64_t start_days;         /* of clock.start, from 1970-01-01 */
    struct wp_sources *sources; /* the files by index, and where files may lie */
    struct wp_csv *csv;         /* tables that were parsed, the newest first */
    int n_errors_in_all;        /* also those not kept: compare before and after a step */
};

/* Zeroed memory for `n` items: `_alloc` in the scenario, `_scratch` until the reading ends. NULL sets
   r->status; a caller that gets NULL returns at once. */
void *wp_reader_alloc(wp_reader *r, size_t n, size_t item_bytes);
void *wp_reader_scratch(wp_reader *r, size_t n, size_t item_bytes);

/* A copy of `text` in the scenario; "" (never NULL) when memory is short, with r->status set. */
const char *wp_reader_keep(wp_reader *r, const char *text);
/* A formatted text in the scenario; the same. */
const char *wp_reader_format(wp_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sections. Each reports into r and never returns early because of a problem. In the order of
   reading: */
void wp_read_clock(wp_reader *r);          /* clock, title, about, wholeplace          read_run.c */
void wp_names_collect(wp_reader *r);       /* first pass: every name                      names.c */
void wp_read_parameters(wp_reader *r);     /* parameters                        read_parameters.c */
void wp_read_people(wp_reader *r);         /* person, household, groups             read_people.c */
void wp_read_pools(wp_reader *r);          /* pools, indicators                      read_place.c */
void wp_read_interventions(wp_reader *r);  /* interventions                 read_interventions.c */
void wp_read_arms(wp_reader *r);           /* arms                                  read_arms.c */
void wp_read_processes(wp_reader *r);      /* processes, changes, arrivals' hazards
                                              are left to wp_read_arrivals       read_processes.c */
void wp_read_runs(wp_reader *r);           /* runs (correlation.c), place              read_run.c */
void wp_read_population(wp_reader *r);     /* population                        read_population.c */
void wp_read_arrivals(wp_reader *r);       /* arrivals                          read_population.c */
void wp_read_outcomes(wp_reader *r);       /* outcomes                            read_outcomes.c */
void wp_read_money(wp_reader *r);          /* unit_values (interventions' too), money read_money.c */
void wp_read_published(wp_reader *r);      /* published                         read_published.c */
void wp_read_targets(wp_reader *r);        /* targets                             read_targets.c */
void wp_read_align(wp_reader *r);          /* align                                 read_align.c */
void wp_read_report(wp_reader *r);         /* report, sweep                        read_report.c */
void wp_check_assumed(wp_reader *r);       /* grade C: how unsure; warnings             assumed.c */
void wp_check_whole(wp_reader *r);         /* what is seen only in the whole: warnings   whole.c */

#endif
